//! Compares the lint with the emulator's own validator and matcher, which were written independently: two
//! interpretations of what CloudFront does, on 100,000 random lines.
//!
//! They may differ only in these points, in which the lint refuses what the emulator accepts: an over-encoded path,
//! which clears nothing that a browser requests; a Windows file name after a slash, which is unlikely to be a path.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use invalidash::domain::item::{Item, ItemKind};
use invalidash::domain::lint::{Code, Context, Line, Shape, lint};
use invalidash::emulator;

/// A small generator of numbers: the same lines in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }

    fn line(&mut self) -> String {
        let beginning = self.pick(&[
            "/",
            "/",
            "/",
            "/",
            "/",
            "#",
            "",
            "/a/",
            "/C:/",
            "C:/",
            "https://h.example/",
            "s3://b/",
            "\"/",
        ]);
        let count = self.roll(6);
        let pieces: String = (0..count).map(|_| self.pick(&PIECES)).collect();
        format!(
            "{beginning}{pieces}{}",
            self.pick(&["", "", "", "*", "/", "/*", " ", "\"", ".html"])
        )
    }
}

const PIECES: [&str; 44] = [
    "a",
    "b",
    "A",
    "aa",
    "index.html",
    "/",
    "//",
    "/../",
    ".",
    "-",
    "_",
    "+",
    "=",
    "&",
    ",",
    ";",
    ":",
    "@",
    "$",
    "!",
    "'",
    "(",
    ")",
    "?",
    "*",
    "~",
    "%",
    "%20",
    "%2A",
    "%3F",
    "%7E",
    "%7e",
    "%2f",
    "%C3%A9",
    "%c3",
    "é",
    "日",
    " ",
    "\t",
    "#",
    "\"",
    "<",
    "[",
    "\\",
];

/// Keys near an item: itself, longer, shorter, in another case, with a query string.
fn keys_near(wire: &str) -> Vec<String> {
    let bare = wire.trim_end_matches('*');
    let shorter = bare.get(..bare.len().saturating_sub(1)).unwrap_or_default();
    vec![
        wire.to_owned(),
        bare.to_owned(),
        format!("{bare}x"),
        format!("{bare}/x?y=1"),
        shorter.to_owned(),
        bare.to_uppercase(),
        "/".to_owned(),
    ]
}

fn agree_on_what_is_sent(line: &Line<'_>) {
    let ours = line.item().unwrap();
    let theirs = emulator::Item::parse(&line.wire).unwrap_or_else(|| unreachable!("the emulator refuses {ours:?}"));
    assert_eq!(theirs.is_wildcard(), ours.kind() == ItemKind::Wildcard, "{ours:?}");
    for key in keys_near(&line.wire) {
        assert_eq!(theirs.clears(&key, &[]), ours.matches(&key), "{ours:?} and {key}");
        let tag = key.trim_start_matches('#').to_owned();
        assert_eq!(
            theirs.clears("/", std::slice::from_ref(&tag)),
            ours.matches_tag(&tag) || ours.matches("/"),
            "{ours:?} and #{tag}"
        );
    }
}

fn agree_on_what_is_refused(line: &Line<'_>) {
    let Some(theirs) = emulator::Item::parse(line.raw.trim()) else {
        return;
    };
    let code = line.codes.iter().next().unwrap();
    match code {
        Code::Tilde => assert!(
            !theirs.clears(line.raw, &[]),
            "{} is accepted and clears nothing",
            line.raw
        ),
        Code::OverEncoded => {
            // Some are not paths at all when decoded, and nothing is suggested for them.
            if let Some(fix) = line.diagnostics(&Context::default()).remove(0).fix {
                assert!(
                    !theirs.clears(&fix.replacement, &[]),
                    "{} does not clear {fix:?}",
                    line.raw
                );
            }
        }
        Code::WindowsPath => assert!(line.raw.starts_with('/')),
        _ => unreachable!("{code} is refused here and accepted by the emulator: {}", line.raw),
    }
}

#[test]
fn what_the_lint_passes_the_emulator_accepts_and_what_it_refuses_clears_nothing_there() {
    let context = Context::default();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut passed, mut refused) = (0, 0);
    for _ in 0..100_000 {
        let raw = dice.line();
        let line = lint(&raw, &context);
        if line.is_ok() {
            passed += 1;
            agree_on_what_is_sent(&line);
        } else if matches!(line.shape, Shape::Item(_)) {
            refused += 1;
            agree_on_what_is_refused(&line);
        }
    }
    assert!(
        passed > 20_000 && refused > 20_000,
        "{passed} passed, {refused} refused: the dice are loaded"
    );
}

#[test]
fn what_the_emulator_accepts_as_it_stands_the_lint_sends_as_it_stands() {
    let context = Context::default();
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    for _ in 0..100_000 {
        let raw = dice.line();
        let line = lint(&raw, &context);
        if line.is_ok() && emulator::Item::parse(&raw).is_some() {
            assert_eq!(line.wire, raw);
            assert_eq!(Item::from_wire(&raw).unwrap().wire(), raw);
        }
    }
}
