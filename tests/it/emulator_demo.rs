//! Sample data: the contents of the demo, and any number of generated distributions.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use invalidash::emulator::{Emulator, Options};

use crate::emulator::{DOCS, SHOP, all, create, get, one, plain, text};

#[test]
fn more_than_a_hundred_are_never_on_one_page() {
    let emulator = Emulator::new(Options {
        distributions: Some(250),
        ..Options::default()
    });
    let (mut ids, mut marker, mut sizes) = (Vec::new(), String::new(), Vec::new());
    loop {
        let xml = text(&get(
            &emulator,
            &format!("distribution?MaxItems=1000&Marker={marker}"),
            0,
        ));
        let page: Vec<String> = xml
            .split("<DistributionSummary><Id>")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().to_owned())
            .collect();
        assert_eq!(one(&xml, "MaxItems"), "100");
        sizes.push(page.len());
        ids.extend(page);
        marker = one(&xml, "NextMarker");
        if marker.is_empty() {
            break;
        }
        assert_eq!(ids.last(), Some(&marker));
    }
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!((sizes, ids.len(), unique.len()), (vec![100, 100, 50], 250, 250));
}

#[test]
fn a_deployment_ends_by_itself() {
    let emulator = plain();
    let status = |seconds| one(&text(&get(&emulator, "distribution/EABETA4NW8YJ1C", seconds)), "Status");
    assert_eq!([0, 719, 720].map(status), ["InProgress", "InProgress", "Deployed"]);
}

#[test]
fn the_demo_has_something_of_everything() {
    let emulator = Emulator::new(Options::demo());
    let list = text(&get(&emulator, "distribution", 0));
    let rows: Vec<&str> = list.split("<DistributionSummary>").skip(1).collect();
    let count = |wanted: &str| rows.iter().filter(|row| row.contains(wanted)).count();
    assert_eq!(rows.len(), 14);
    let marks = [
        "<Enabled>false</Enabled><ViewerCertificate>",
        "<Staging>true",
        "<Status>InProgress",
        ">tenant-only<",
        "<CNAME>*.",
        "<SmoothStreaming>true",
    ];
    assert_eq!(marks.map(count), [1; 6]);
    assert!(rows.iter().any(|row| !one(row, "Comment").is_ascii()));
    let history = |id: &str| {
        one(
            &text(&get(
                &emulator,
                &format!("distribution/{id}/invalidation?MaxItems=100"),
                0,
            )),
            "IsTruncated",
        )
    };
    assert_eq!(history(DOCS), "true");
    let docs = text(&get(&emulator, &format!("distribution/{DOCS}/invalidation"), 0));
    assert_eq!(all(&docs, "Status")[..2], ["InProgress", "Completed"]);
    let mut times = all(&docs, "CreateTime");
    times.reverse();
    assert!(
        times.is_sorted() && times.last().unwrap() < &"2024-10-04T12:00:00".to_owned(),
        "{times:?}"
    );
    let hosts = rows.iter().flat_map(|row| all(row, "CNAME")).collect::<Vec<_>>();
    assert!(hosts.iter().all(|host| host.ends_with(".example")), "{hosts:?}");
}

#[test]
fn a_demo_invalidation_takes_its_own_time() {
    let emulator = Emulator::new(Options::demo());
    let took: Vec<i64> = (0..8)
        .map(|n| {
            let (_, id) = create(&emulator, SHOP, &format!("r{n}"), &["/a"], 0);
            (0..60)
                .find(|seconds| {
                    text(&get(
                        &emulator,
                        &format!("distribution/{SHOP}/invalidation/{id}"),
                        *seconds,
                    ))
                    .contains(">Completed<")
                })
                .unwrap()
        })
        .collect();
    assert!(took.iter().all(|seconds| (5..=11).contains(seconds)), "{took:?}");
    assert!(took.iter().any(|seconds| *seconds != took[0]), "{took:?}");
}
