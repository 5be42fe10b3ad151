//! `list` and `show` against emulators on real sockets, with their output validated against its schema.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use chrono::{TimeDelta, Utc};
use invalidash::emulator::{Distribution, Emulator, Fault, Operation, Options, Request, Trouble};
use serde_json::Value;

use super::Outcome;
use crate::support::command::{Home, Run};
use crate::support::loopback::Loopback;
use crate::support::promise;

const SITE: &str = "E1EXAMPLE00001";

/// An emulator with one distribution and so many invalidations, the oldest first.
fn site(invalidations: usize) -> std::io::Result<Loopback> {
    let served = Loopback::new(Options {
        distributions: Some(0),
        ..Options::default()
    })?;
    let distribution = Distribution {
        id: SITE.to_owned(),
        aliases: vec!["www.shop.example".to_owned()],
        ..Distribution::default()
    };
    let begin = Utc::now() - TimeDelta::days(1);
    served.emulator.put(distribution, begin);
    for number in 0..invalidations {
        create(
            &served.emulator,
            number,
            begin + TimeDelta::seconds(i64::try_from(number).unwrap_or(0)),
        );
    }
    Ok(served)
}

fn create(emulator: &Emulator, number: usize, now: chrono::DateTime<Utc>) {
    let body = format!(
        "<InvalidationBatch><Paths><Quantity>2</Quantity><Items><Path>/{number}</Path><Path>/caf%C3%A9/*</Path>\
         </Items></Paths><CallerReference>r{number}</CallerReference></InvalidationBatch>"
    );
    let path = format!("/2020-05-31/distribution/{SITE}/invalidation");
    emulator.handle(&Request::post(&path, body), now);
}

fn run(home: &Home, served: &Loopback, arguments: &[&str]) -> std::io::Result<Run> {
    let all = [&["--endpoint-url", &served.url], arguments].concat();
    Ok(home.ended(home.command_with_keys(&all).output()?))
}

fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().filter_map(|row| row["id"].as_str()).collect()
}

#[test]
fn all_pages_newest_first_in_every_form() -> Outcome {
    let (home, served) = (Home::new()?, site(250)?);
    served.emulator.forget_received();
    let json = run(&home, &served, &["list", "--distribution", SITE, "--output", "json"])?;
    assert_eq!((json.code, json.err.as_str()), (Some(0), ""));
    let document = promise::document("list", &json.out)?;
    let rows = document["invalidations"].as_array().cloned().unwrap_or_default();
    assert_eq!(rows.len(), 250);
    let times: Vec<_> = rows.iter().map(|row| row["create_time"].to_string()).collect();
    assert!(times.is_sorted_by(|one, two| one > two));
    assert_eq!(served.emulator.calls().len(), 3, "three pages");

    let host = [
        "list",
        "--distribution",
        "https://www.shop.example/x",
        "--output",
        "jsonl",
    ];
    let lines = promise::lines("list", "invalidations", &run(&home, &served, &host)?.out)?;
    assert_eq!(ids(&lines), ids(&rows));

    let few = run(
        &home,
        &served,
        &["list", "--distribution", SITE, "--limit", "2", "--output", "text"],
    )?;
    let cells: Vec<Vec<&str>> = few.out.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(cells.iter().map(|row| row[1]).collect::<Vec<_>>(), ids(&rows)[..2]);
    assert_eq!(cells[0][..3], [SITE, ids(&rows)[0], "Completed"]);

    let table = run(&home, &served, &["list", "--distribution", SITE, "--limit", "1"])?;
    assert!(
        table
            .out
            .starts_with("Target          Id              Status     CreateTime\n"),
        "{}",
        table.out
    );
    assert_eq!(table.out.lines().count(), 2);
    Ok(())
}

#[test]
fn one_is_shown_with_its_items() -> Outcome {
    let (home, served) = (Home::new()?, site(1)?);
    let all = run(&home, &served, &["list", "--distribution", SITE, "--output", "jsonl"])?;
    let listed: Value = serde_json::from_str(&all.out)?;
    let id = listed["id"].as_str().unwrap_or_default();
    let show = |form| {
        run(
            &home,
            &served,
            &["show", "--distribution", "www.shop.example", id, "--output", form],
        )
    };
    let document = promise::document("show", &show("json")?.out)?;
    assert_eq!(document["caller_reference"], "r0");
    assert_eq!(promise::document("show", &show("jsonl")?.out)?, document);
    let mut items: Vec<String> = show("text")?.out.lines().map(str::to_owned).collect();
    items.sort();
    assert_eq!(items, ["/0", "/caf%C3%A9/*"]);
    let table = show("table")?.out;
    assert!(
        table.contains("CallerReference  r0\nItems            2 items\n\n"),
        "{table}"
    );
    let who = |form| {
        let words = ["show", "--distribution", SITE, id, "--who", "--output", form];
        run(&home, &served, &words)
    };
    let known = promise::document("show", &who("json")?.out)?;
    assert_eq!(known["made_by"]["identity"], "user deploy");
    let asked = served.emulator.received().operations[&Operation::LookupEvents];
    assert!(who("table")?.out.contains("Created by       user deploy\n"));
    let kept = served.emulator.received().operations[&Operation::LookupEvents];
    assert_eq!((asked, kept), (1, 1), "the second time the ledger tells");
    Ok(())
}

#[test]
fn who_made_it_is_unknown_without_the_right_and_everything_else_is_shown() -> Outcome {
    let (home, served) = (Home::new()?, site(1)?);
    let all = run(&home, &served, &["list", "--distribution", SITE, "--output", "jsonl"])?;
    let listed: Value = serde_json::from_str(&all.out)?;
    let id = listed["id"].as_str().unwrap_or_default();
    served
        .emulator
        .inject(Fault::new(Trouble::AccessDenied).on(Operation::LookupEvents));
    let words = ["show", "--distribution", SITE, id, "--who", "--output", "json"];
    let shown = run(&home, &served, &words)?;
    let document = promise::document("show", &shown.out)?;
    let why = document["made_by"]["unknown"].as_str().unwrap_or_default();
    assert!(why.ends_with("the identity needs cloudtrail:LookupEvents"), "{why}");
    assert_eq!(
        (shown.code, &document["caller_reference"]),
        (Some(0), &Value::from("r0"))
    );
    Ok(())
}

#[test]
fn what_is_not_there_is_told_by_its_code() -> Outcome {
    let (home, served) = (Home::new()?, site(0)?);
    for (arguments, code, error) in [
        (&["list", "--distribution", "nowhere.example"][..], 2, "target"),
        (
            &["list", "--distribution", SITE, "--distribution", "two words"],
            2,
            "target",
        ),
        (&["list", "--distribution", "E0NOBODY"], 3, "refused"),
        (&["show", "--distribution", SITE, "I0NOBODY"], 3, "refused"),
        (&["list"], 2, "usage"),
        (&["list", "--distribution", SITE, "--limit", "-1"], 2, "usage"),
    ] {
        let run = run(&home, &served, &[arguments, &["--output", "json"]].concat())?;
        assert_eq!(
            (run.code, run.out.as_str()),
            (Some(code), ""),
            "{arguments:?}: {}",
            run.err
        );
        let told = promise::document("error", &run.err)?;
        assert_eq!(told["error"]["code"], error, "{told}");
        assert_eq!(told["error"]["exit_code"], code);
        assert_eq!(told["error"]["request_id"].is_string(), error == "refused", "{told}");
    }
    let empty = run(&home, &served, &["list", "--distribution", SITE])?;
    assert_eq!((empty.code, empty.out.as_str()), (Some(0), ""));
    assert_eq!(empty.err, "invalidash: there are no invalidations yet\n");
    Ok(())
}

#[test]
fn the_other_commands_keep_to_their_schemas_too() -> Outcome {
    let (home, served) = (Home::new()?, site(0)?);
    for (command, key, arguments) in [
        ("distributions", "distributions", &["distributions"][..]),
        ("check", "items", &["check", "/a b", "/img/*.jpg", "/x", "/x", "#tag"]),
    ] {
        let form = |form| run(&home, &served, &[arguments, &["--output", form]].concat());
        let document = promise::document(command, &form("json")?.out)?;
        let lines = promise::lines(command, key, &form("jsonl")?.out)?;
        assert_eq!(document[key], Value::from(lines));
        let text = form("text")?.out;
        assert_eq!(
            text.lines().count(),
            document[key].as_array().map_or(0, Vec::len),
            "{text}"
        );
    }
    for form in ["json", "jsonl"] {
        promise::document("info", &run(&home, &served, &["info", "--output", form])?.out)?;
    }
    Ok(())
}

#[test]
fn a_reader_that_has_read_enough_ends_the_pages() -> Outcome {
    let (home, served) = (Home::new()?, site(1_500)?);
    let arguments = [
        "--endpoint-url",
        &served.url,
        "list",
        "--distribution",
        SITE,
        "--output",
        "jsonl",
    ];
    served.emulator.forget_received();
    let mut command = home.command_with_keys(&arguments);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut first = String::new();
    let mut reader = BufReader::with_capacity(64, child.stdout.take().ok_or("no output")?);
    reader.read_line(&mut first)?;
    drop(reader);
    let ended = child.wait_with_output()?;
    assert_eq!((ended.status.code(), ended.stderr.len()), (Some(0), 0));
    assert!(first.contains("\"id\""), "{first}");
    assert!(served.emulator.calls().len() < 15, "{}", served.emulator.calls().len());
    Ok(())
}
