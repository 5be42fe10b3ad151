//! What the emulator refuses because of a quota, once its quotas are enabled.

use invalidash::emulator::WildcardRate;

use crate::emulator::{DOCS, SHOP, create, get, plain, refused, with};

#[test]
fn the_older_quota_counts_what_is_in_progress_on_a_target_wildcards_apart() {
    let emulator = with(|settings| {
        settings.completion_delay_ms = 10_000;
        (settings.in_progress_paths, settings.in_progress_wildcards) = (Some(3), Some(1));
    });
    let over = refused("TooManyInvalidationsInProgress");
    assert_eq!(create(&emulator, SHOP, "1", &["/a", "#t", "/w*"], 0).0, 201);
    assert_eq!(create(&emulator, SHOP, "2", &["/b", "/c"], 1), over, "two more paths");
    assert_eq!(create(&emulator, SHOP, "3", &["/v*"], 1), over, "one more wildcard");
    assert_eq!(
        create(&emulator, SHOP, "1", &["/a", "#t", "/w*"], 1).0,
        201,
        "a replay makes nothing"
    );
    assert_eq!(create(&emulator, SHOP, "4", &["/b"], 1).0, 201, "the third path");
    assert_eq!(
        create(&emulator, DOCS, "5", &["/b", "/c", "/v*"], 1).0,
        201,
        "another distribution"
    );
    assert_eq!(
        create(&emulator, SHOP, "2", &["/b", "/c"], 10).0,
        201,
        "the first has completed; the same reference is still free"
    );
}

#[test]
fn a_batch_is_refused_only_for_its_own_kind() {
    let emulator = plain();
    create(&emulator, SHOP, "1", &["/a", "/b", "/v*", "/w*"], 0);
    emulator.configure(|settings| (settings.in_progress_paths, settings.in_progress_wildcards) = (Some(100), Some(1)));
    assert_eq!(create(&emulator, SHOP, "2", &["/c"], 0).0, 201, "no wildcard in it");
    emulator.configure(|settings| (settings.in_progress_paths, settings.in_progress_wildcards) = (Some(1), Some(100)));
    assert_eq!(
        create(&emulator, SHOP, "3", &["/x*"], 0).0,
        201,
        "nothing but a wildcard in it"
    );
    assert_eq!(
        create(&emulator, SHOP, "4", &["/c", "/y*"], 0),
        refused("TooManyInvalidationsInProgress")
    );
}

#[test]
fn the_newer_quota_is_a_rate_of_the_whole_account() {
    let emulator = with(|settings| (settings.paths_per_second, settings.wildcards_per_second) = (Some(10), Some(1)));
    let over = refused("TooManyInvalidationsInProgress");
    let paths: Vec<String> = (0..8).map(|n| format!("/{n}")).collect();
    let eight: Vec<&str> = paths.iter().map(String::as_str).collect();
    assert_eq!(create(&emulator, SHOP, "1", &eight, 0).0, 201);
    assert_eq!(create(&emulator, DOCS, "2", &eight, 0), over, "sixteen in one second");
    assert_eq!(
        create(&emulator, DOCS, "3", &["/a", "/b", "/w*"], 0).0,
        201,
        "what is left, and a wildcard"
    );
    assert_eq!(create(&emulator, SHOP, "4", &["/w*"], 0), over, "a second wildcard");
    assert_eq!(create(&emulator, DOCS, "2", &eight, 1).0, 201, "a second later");
    assert_eq!(
        create(&emulator, SHOP, "5", &["/v*", "/w*"], 9),
        over,
        "two wildcards never fit"
    );
    emulator.configure(|settings| settings.wildcard_rate = WildcardRate::Batches);
    assert_eq!(
        create(&emulator, SHOP, "5", &["/v*", "/w*"], 9).0,
        201,
        "unless batches are counted"
    );
}

#[test]
fn creating_calls_are_throttled_by_account_after_a_burst() {
    let emulator = with(|settings| (settings.creates_per_second, settings.create_burst) = (Some(0.5), 3));
    let call = |n: i64, seconds| {
        create(
            &emulator,
            if n % 2 == 0 { SHOP } else { DOCS },
            &format!("{n}"),
            &["/a"],
            seconds,
        )
        .0
    };
    assert_eq!([call(1, 0), call(2, 0), call(3, 0), call(4, 0)], [201, 201, 201, 400]);
    assert_eq!([call(5, 1), call(6, 2), call(7, 2), call(8, 4)], [400, 201, 400, 201]);
    assert_eq!(create(&emulator, SHOP, "9", &["/a"], 4), refused("Throttling"));
    assert_eq!(get(&emulator, "distribution", 4).status, 200, "reading is not creating");
}

#[test]
fn a_clock_that_jumps_back_gives_no_tokens_and_takes_none() {
    let emulator = with(|settings| (settings.creates_per_second, settings.create_burst) = (Some(0.5), 1));
    assert_eq!(create(&emulator, SHOP, "1", &["/a"], 100).0, 201);
    assert_eq!(create(&emulator, SHOP, "2", &["/a"], 0).0, 400);
    assert_eq!(create(&emulator, SHOP, "2", &["/a"], 2).0, 201);
}
