//! `usage`: the number of paths invalidated this month.

use invalidash::emulator::Options;
use serde_json::json;

use super::Outcome;
use crate::support::command::Home;
use crate::support::loopback::Loopback;
use crate::support::promise;

#[test]
fn the_month_is_counted_and_then_told_without_asking() -> Outcome {
    let home = Home::new()?;
    let served = Loopback::new(Options {
        distributions: Some(1),
        ..Options::default()
    })?;
    let run = |words: &[&str]| {
        let mut command = home.command_with_keys(&["--endpoint-url", &served.url]);
        command.args(words).output().map(|output| home.ended(output))
    };
    let before = run(&["usage"])?;
    assert_eq!(
        (before.code, before.err.as_str()),
        (
            Some(2),
            "invalidash: this month has not been counted yet; count it with `invalidash usage --month`\n"
        )
    );
    let create = ["create", "--distribution", "E1A2WTXM7KQ4SV", "/a", "/b"];
    assert_eq!(run(&create)?.code, Some(0));
    served.emulator.forget_received();

    let counted = run(&["usage", "--month", "--output", "json"])?;
    assert_eq!((counted.code, counted.err.as_str()), (Some(0), ""));
    let document = promise::document("usage", &counted.out)?;
    assert_eq!(
        (&document["paths"], &document["exact"], &document["price_usd"]),
        (&json!(2), &json!(true), &json!("0.000"))
    );
    assert_eq!(document["made_by"], json!([{"maker": "this ledger", "paths": 2}]));
    assert_eq!(document["distributions"], json!({"counted": 1, "all": 1}));
    let asked: u64 = served.emulator.received().operations.values().sum();
    assert_eq!(asked, 3, "the distributions, its invalidations, the one of them");

    let shown = run(&["usage"])?;
    assert_eq!(shown.code, Some(0), "{}", shown.err);
    assert!(shown.out.contains("Paths          2 of 1,000\n"), "{}", shown.out);
    assert!(shown.out.contains("1 of 1 distribution\n"), "{}", shown.out);
    assert_eq!(served.emulator.received().operations.values().sum::<u64>(), asked);
    Ok(())
}
