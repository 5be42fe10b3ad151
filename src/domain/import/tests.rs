#![expect(clippy::unwrap_used, reason = "a test may fail")]

use proptest::prelude::*;

use super::limits::MAX_LINE;
use super::*;
use crate::domain::lint::Context;

/// Returns the context of a distribution that serves two hosts, with a host of another distribution.
pub(super) fn shop() -> Context {
    Context {
        hosts: ["www.shop.example", "*.cdn.shop.example"].map(str::to_owned).into(),
        other_hosts: [("static.shop.example".to_owned(), "E1ABCDEF2GHIJK".to_owned())].into(),
        default_root_object: Some("index.html".to_owned()),
        ..Context::default()
    }
}

/// Returns the rows as `text · origin`, and the sentences about what was skipped.
pub(super) fn told(import: &Import) -> (Vec<String>, Vec<String>) {
    let rows = import.rows.iter().map(|row| format!("{} · {}", row.text, row.origin));
    (rows.collect(), import.left_out.iter().map(LeftOut::sentence).collect())
}

fn texts(import: &Import) -> Vec<&str> {
    import.rows.iter().map(|row| row.text.as_str()).collect()
}

#[test]
fn a_list_stays_as_it_is_with_its_comments() {
    let written = [
        "/a",
        "",
        "# a note",
        "#tag",
        "  /b ",
        "images/*.jpg",
        "/é",
        "www.shop.example/x",
    ];
    for end in ["\n", "\r\n", "\r"] {
        let mut bytes = written.join(end);
        assert_eq!(texts(&text(bytes.as_bytes(), "l.txt", &shop()).unwrap()), written);
        bytes.push_str(end);
        assert_eq!(texts(&text(bytes.as_bytes(), "l.txt", &shop()).unwrap()), written);
        let marked = format!("\u{feff}{bytes}");
        assert_eq!(texts(&text(marked.as_bytes(), "l.txt", &shop()).unwrap()), written);
    }
    assert!(texts(&text(b"", "l.txt", &shop()).unwrap()).is_empty());
}

#[test]
fn what_windows_writes_is_read() {
    let wide = |order: fn(u16) -> [u8; 2]| {
        "\u{feff}/é\r\n/b\r\n"
            .encode_utf16()
            .flat_map(order)
            .collect::<Vec<_>>()
    };
    for mut bytes in [wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
        assert_eq!(texts(&text(&bytes, "l.txt", &shop()).unwrap()), ["/é", "/b"]);
        bytes.push(0xd8);
        assert_eq!(texts(&text(&bytes, "l.txt", &shop()).unwrap()).len(), 3);
    }
}

#[test]
fn addresses_of_this_distribution_become_paths_and_others_are_counted() {
    let list = "# pages\n/as-is\nimages/*.jpg\nhttps://www.shop.example/a b?x=1#top\nhttps://eu.cdn.shop.example\n\
                https://other.example/1\nhttps://other.example/2\nhttps://static.shop.example/s.css\n\
                s3://bucket/key\nhttp://a b/\nHTTPS://WWW.SHOP.EXAMPLE/a b?x=1\n";
    let (rows, left_out) = told(&text(list.as_bytes(), "urls.txt", &shop()).unwrap());
    assert_eq!(
        rows,
        [
            "# pages · urls.txt line 1",
            "/as-is · urls.txt line 2",
            "images/*.jpg · urls.txt line 3",
            "/a b?x=1 · urls.txt line 4",
            "/ · urls.txt line 5",
        ]
    );
    assert_eq!(
        left_out,
        [
            "2 URLs on other.example, which is not a host of this distribution (first: line 6)",
            "1 URL on static.shop.example, which belongs to E1ABCDEF2GHIJK (line 8)",
            "1 URL with s3; CloudFront serves only http and https (line 9)",
            "1 URL without a valid host (line 10)",
            "1 repeats an earlier one (line 11)",
        ]
    );
}

#[test]
fn of_other_text_only_what_is_a_path_or_an_address_is_taken() {
    let prose = "Please clear these:\n\n- https://www.shop.example/a and (https://www.shop.example/b).\n/c\n\
                 https://www.shop.example/a https://other.example/\nThanks!";
    let (rows, left_out) = told(&pasted(prose, &shop()));
    assert_eq!(
        rows,
        [
            "/a · clipboard line 3",
            "/b · clipboard line 3",
            "/c · clipboard line 4"
        ]
    );
    assert_eq!(
        left_out,
        [
            "2 lines without a path or URL (first: line 1)",
            "1 repeats an earlier one (line 5)",
            "1 URL on other.example, which is not a host of this distribution (line 5)",
        ]
    );
}

#[test]
fn while_no_host_is_known_an_address_stays_whole() {
    let import = pasted("https://a.example/x\nhttps://b.example/y", &Context::default());
    assert_eq!(texts(&import), ["https://a.example/x", "https://b.example/y"]);
}

#[test]
fn what_is_no_text_is_refused_and_what_is_torn_is_left_out() {
    let refusal = |bytes: &[u8]| text(bytes, "l.txt", &shop()).unwrap_err().to_string();
    assert_eq!(
        refusal(b"\x7fELF\n\n\0\0"),
        "l.txt is not a text file: line 3 contains a NUL byte. Use a file with one item per line"
    );
    assert_eq!(refusal(b"\x1f\x8b\x08\0"), "l.txt is compressed; unpack it first");
    let mut bytes = b"/a\n/caf\xe9\n/b\n/\xff\n".to_vec();
    bytes.extend(std::iter::repeat_n(b'#', 9_000));
    bytes.extend(b"\n/\0\n/");
    bytes.extend(std::iter::repeat_n(b'x', MAX_LINE));
    let import = text(&bytes, "l.txt", &shop()).unwrap();
    assert_eq!(import.rows.len(), 3);
    assert_eq!(
        told(&import).1,
        [
            "2 lines are not UTF-8; save it as UTF-8 (first: line 2)",
            "1 line contains a NUL byte (line 6)",
            "1 line is longer than a path can be (line 7)",
        ]
    );
}

#[test]
fn more_than_the_composer_is_made_for_is_counted() {
    let many: Vec<_> = (0..MAX_ROWS + 2_500).map(|n| format!("/{n}\n")).collect();
    let import = text(many.concat().as_bytes(), "l.txt", &shop()).unwrap();
    assert_eq!(import.rows.len(), MAX_ROWS);
    assert_eq!(
        told(&import).1,
        ["2,500 lines after the first 100,000; import them in parts, or use a wildcard (first: line 100001)"]
    );
}

#[test]
fn a_text_can_name_any_number_of_hosts() {
    let many: Vec<_> = (0..500).map(|n| format!("https://h{n}.example/\n")).collect();
    let import = pasted(&many.concat(), &shop());
    assert_eq!(import.left_out.len(), 13);
    assert_eq!(import.left_out.iter().map(|left| left.count).sum::<usize>(), 500);
}

#[test]
fn a_batch_of_the_aws_command_gives_its_items() {
    let batch = "{\n  \"Paths\": {\n    \"Quantity\": 2,\n    \"Items\": [\"/a\", \"https:\\/\\/www.shop.example\\/b\"]\n  },\n  \"CallerReference\": \"x\"\n}";
    let answer = format!(
        "\u{feff}{{\"Location\": \"https://cloudfront.amazonaws.com/x\", \"Invalidation\": {{\"InvalidationBatch\": {batch}}}}}"
    );
    for document in [batch, &answer] {
        let import = text(document.as_bytes(), "batch.json", &shop()).unwrap();
        assert_eq!(
            told(&import),
            (
                vec!["/a · batch.json".to_owned(), "/b · batch.json".to_owned()],
                Vec::new()
            )
        );
    }
    let lines = "{\"Items\": [{\"Id\": \"I1\"}]}";
    assert_eq!(
        texts(&pasted(lines, &shop())),
        [lines],
        "what is not understood is shown as it came"
    );
}

#[test]
fn rows_of_tools_are_taken_as_they_are_for_the_lint_to_judge() {
    let rows = [
        "upload: dist/a.html to s3://bucket/a.html",
        "delete: s3://bucket/b.html",
        "M\tpublic/c.html",
        "\"caf\\303\\251.html\"",
    ];
    assert_eq!(texts(&pasted(&rows.join("\n"), &shop())), rows);
}

#[test]
fn an_earlier_invalidation_gives_its_items() {
    let items = ["/a%20b".to_owned(), "#tag".to_owned()];
    let import = invalidation("I2J0", &items);
    assert_eq!(
        told(&import).0,
        ["/a%20b · invalidation I2J0", "#tag · invalidation I2J0"]
    );
}

fn a_line() -> impl Strategy<Value = String> {
    let wild = any::<String>().prop_map(|text| text.replace(['\0', '\n', '\r'], ""));
    prop_oneof![wild, "\u{feff}?[/#a-z *é%~]{0,12}"]
}

proptest! {
    #[test]
    fn an_exported_list_comes_back_as_it_was(lines in prop::collection::vec(a_line(), 0..12)) {
        let file = export(lines.iter().map(String::as_str));
        let import = list(file.as_bytes(), "l").unwrap();
        prop_assert_eq!(texts(&import), lines);
    }

    #[test]
    fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..64), text in any::<String>()) {
        let lines = |import: Result<Import, NotText>| import.map_or(0, |import| import.rows.len());
        prop_assert!(lines(list(&bytes, "l")) <= bytes.len());
        prop_assert!(lines(super::text(&bytes, "l", &shop())) <= bytes.len());
        let rows = pasted(&text, &shop()).rows;
        prop_assert!(rows.iter().all(|row| !row.text.contains(['\n', '\r'])));
    }
}
