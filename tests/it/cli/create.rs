//! `create`, `wait` and `resume` as processes against emulators on real sockets.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use invalidash::emulator::{
    ApiError, Behavior, CacheKey, CachePolicy, Distribution, Fault, Operation, Options, PolicyQuery, Request, Settings,
    Tenant, Trouble,
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::Outcome;
use crate::support::command::{Home, Run};
use crate::support::loopback::Loopback;
use crate::support::promise;

pub(crate) const SHOP: &str = "E1EXAMPLE00001";
pub(crate) const DOCS: &str = "E2EXAMPLE00002";

/// Two distributions and a multi-tenant one with a tenant, whose invalidations complete at once.
pub(crate) fn served() -> std::io::Result<Loopback> {
    let settings = Settings {
        completion_delay_ms: 0,
        effect_delay_ms: 0,
        ..Settings::default()
    };
    let served = Loopback::new(Options {
        distributions: Some(0),
        settings,
        ..Options::default()
    })?;
    for (id, alias, tenant_only) in [
        (SHOP, "www.shop.example", false),
        (DOCS, "docs.example", false),
        ("E3MULTITENANT", "", true),
    ] {
        let aliases = Some(alias).filter(|alias| !alias.is_empty());
        let distribution = Distribution {
            id: id.to_owned(),
            aliases: aliases.into_iter().map(str::to_owned).collect(),
            tenant_only,
            ..Distribution::default()
        };
        served.emulator.put(distribution, Utc::now());
    }
    let tenant = Tenant {
        id: "dt_2yMvQgam3QkJo2z54FDl91dk1AB".to_owned(),
        distribution_id: "E3MULTITENANT".to_owned(),
        name: "acme".to_owned(),
        domains: vec!["shop.acme.example".to_owned()],
        ..Tenant::default()
    };
    served.emulator.put_tenant(tenant, Utc::now());
    Ok(served)
}

pub(crate) fn run(home: &Home, served: &Loopback, arguments: &[&str]) -> std::io::Result<Run> {
    let all = [&["--endpoint-url", &served.url], arguments].concat();
    Ok(home.ended(home.command_with_keys(&all).output()?))
}

pub(crate) fn created(
    home: &Home,
    served: &Loopback,
    arguments: &[&str],
) -> Result<(Run, Value), Box<dyn std::error::Error>> {
    let run = run(home, served, &[&["create", "--output", "json"], arguments].concat())?;
    let document = promise::document("create", &run.out).map_err(|error| format!("{error}\n{}", run.err))?;
    Ok((run, document))
}

/// What arrived: target and items of each invalidation that was made.
pub(crate) fn made(served: &Loopback) -> Vec<(String, Vec<String>)> {
    let creations = served.emulator.received().creations;
    let each = creations.into_iter().flat_map(|one| {
        let (target, items) = (one.target, one.items);
        one.invalidations
            .into_iter()
            .map(move |_| (target.clone(), items.clone()))
    });
    each.collect()
}

#[test]
fn several_targets_each_get_the_items_and_stand_in_the_ledger() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    // They are still in progress when the next command asks.
    served
        .emulator
        .configure(|settings| settings.completion_delay_ms = 4_000);
    let names = [
        "https://www.shop.example/x",
        "arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE00002",
        "acme",
    ];
    let targets: Vec<&str> = names.iter().flat_map(|name| ["--distribution", name]).collect();
    let (sent, document) = created(
        &home,
        &served,
        &[&targets[..], &["/a b", "/a b", "/img/x.png", "--note", "why"]].concat(),
    )?;
    assert_eq!(sent.code, Some(0));
    assert!(sent.err.contains("Sent as /a%20b"), "{}", sent.err);
    let ids = [SHOP, DOCS, "dt_2yMvQgam3QkJo2z54FDl91dk1AB"];
    let items = ["/a%20b", "/img/x.png"].map(str::to_owned).to_vec();
    assert_eq!(made(&served), ids.map(|id| (id.to_owned(), items.clone())));
    let submissions = document["submissions"].as_array().cloned().unwrap_or_default();
    assert_eq!(
        submissions.iter().map(|one| &one["target"]).collect::<Vec<_>>(),
        ids.iter().collect::<Vec<_>>()
    );
    assert_eq!(
        (&document["billable"], &document["at_most_usd"]),
        (&json!(6), &json!("0.030"))
    );
    assert_eq!(
        (&document["account"], &document["replayed"]),
        (&json!("123456789012"), &json!(false))
    );
    assert_eq!(submissions[2]["label"], "shop.acme.example");

    let all = run(&home, &served, &["wait", "--all-mine", "--output", "jsonl"])?;
    let waited = promise::lines("wait", "invalidations", &all.out)?;
    assert_eq!((all.code, waited.len()), (Some(0), 3), "{}", all.err);
    assert!(waited.iter().all(|row| row["status"] == "Completed"), "{}", all.out);
    Ok(())
}

#[test]
fn a_warning_tells_the_diagnostic_and_keeps_its_sentence_whole() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    let arguments = ["create", "--distribution", SHOP, "/a b", "--dry-run"];
    let words = run(&home, &served, &arguments)?;
    assert_eq!(
        words.err,
        "invalidash: argument 1: Sent as /a%20b: a space as %20. (encoded)\n"
    );
    let json = run(&home, &served, &[&arguments[..], &["--output", "json"]].concat())?;
    let expected = serde_json::json!({"warning": {
        "code": "encoded", "message": "argument 1: Sent as /a%20b: a space as %20.", "next": null,
    }});
    assert_eq!(serde_json::from_str::<Value>(&json.err)?, expected);
    Ok(())
}

#[test]
fn a_dry_run_says_once_how_the_items_are_served_and_which_right_it_lacks() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    let policy = CachePolicy {
        id: "p1".to_owned(),
        query: PolicyQuery::Only(vec!["q".to_owned()]),
        ..CachePolicy::default()
    };
    let shop = Distribution {
        id: SHOP.to_owned(),
        aliases: vec!["www.shop.example".to_owned()],
        default_behavior: Behavior {
            cache_key: CacheKey::Policy(policy),
            ..Behavior::default()
        },
        ..Distribution::default()
    };
    served.emulator.put(shop, Utc::now());
    let arguments = ["create", "--distribution", SHOP, "/a.x", "/b.x", "/c.x?utm=1"];
    let dry = [&arguments[..], &["--dry-run", "--output", "json"]].concat();
    let json = run(&home, &served, &dry)?;
    let remarks = promise::document("dry-run", &json.out)?["remarks"].clone();
    let expected = serde_json::json!([{"code": "query-variants", "message":
        "argument 1: Query strings are part of the cache key here. This clears only /a.x itself; /a.x?* clears its variants."}]);
    assert_eq!(remarks, expected);
    assert!(json.err.contains("query-ignored"), "{}", json.err);
    let denial = ApiError::new(403, "AccessDenied", "no");
    served.emulator.inject(
        Fault::new(Trouble::Error(denial))
            .always()
            .on(Operation::GetCachePolicy),
    );
    let words = run(&home, &served, &[&arguments[..], &["--dry-run"]].concat())?;
    assert_eq!(words.code, Some(0));
    assert!(
        words.err.contains("without cloudfront:GetCachePolicy, some effects"),
        "{}",
        words.err
    );
    assert!(!words.out.contains("Remark"), "{}", words.out);
    served.emulator.forget_received();
    let sent = run(&home, &served, &arguments)?;
    assert_eq!(
        (sent.code, sent.err.contains("GetCachePolicy")),
        (Some(0), false),
        "{}",
        sent.err
    );
    assert!(
        served
            .emulator
            .calls()
            .iter()
            .all(|call| call.operation != Operation::GetCachePolicy)
    );
    Ok(())
}

#[test]
fn nothing_is_sent_to_any_when_one_is_unknown_or_one_item_is_wrong() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    home.write(
        "paths.txt",
        "/fine\n\n# a comment\n/img/*.jpg\nhttps://docs.example/x\n",
    )?;
    for (arguments, code, error) in [
        (
            &["--distribution", SHOP, "--distribution", "E0NOBODY", "/a"][..],
            2,
            "target",
        ),
        (
            &["--distribution", SHOP, "--distribution", "nowhere.example", "/a"],
            2,
            "target",
        ),
        (&["--distribution", SHOP, "--paths-from", "paths.txt"], 2, "items"),
        (&["--distribution", SHOP, "--paths-from", "none.txt"], 2, "items"),
        (&["--distribution", SHOP, "# only a comment"], 2, "no-items"),
        (&["/no/url"], 2, "target"),
        (&["--distribution", SHOP], 2, "usage"),
        (&["--distribution", SHOP, "/a", "--no-ledger"], 2, "usage"),
        (&["--distribution", SHOP, "/a", "--reference", " "], 2, "source"),
        (&["--distribution", SHOP, "--list", "none"], 2, "source"),
        (&["--distribution", SHOP, "--from-git", "a b"], 2, "source"),
    ] {
        let refused = run(&home, &served, &[&["create", "--output", "json"], arguments].concat())?;
        assert_eq!(
            (refused.code, refused.out.as_str()),
            (Some(code), ""),
            "{arguments:?}: {}",
            refused.err
        );
        let told = promise::document("error", refused.err.lines().last().unwrap_or_default())?;
        assert_eq!(told["error"]["code"], error, "{arguments:?}: {told}");
    }
    let refused = run(
        &home,
        &served,
        &[
            "create",
            "--output",
            "json",
            "--distribution",
            SHOP,
            "--paths-from",
            "paths.txt",
        ],
    )?;
    let details = promise::document("error", &refused.err)?["error"]["details"].clone();
    let wrong: Vec<_> = details
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| {
            (
                one["file"].as_str(),
                one["line"].as_u64(),
                one["code"].as_str(),
                one["suggestion"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        wrong,
        [
            (Some("paths.txt"), Some(4), Some("inner-wildcard"), Some("/img/*")),
            (Some("paths.txt"), Some(5), Some("host-mismatch"), Some("/x")),
        ]
    );
    let told = run(
        &home,
        &served,
        &["create", "--distribution", SHOP, "--paths-from", "paths.txt"],
    )?;
    assert!(
        told.err
            .starts_with("invalidash: paths.txt:4: /img/*.jpg: inner-wildcard: "),
        "{}",
        told.err
    );
    assert!(
        told.err.contains("2 items cannot be sent, so nothing was sent"),
        "{}",
        told.err
    );
    let read_only = run(&home, &served, &["--read-only", "create", "--distribution", SHOP, "/a"])?;
    assert_eq!(read_only.code, Some(2));
    assert_eq!(made(&served), []);
    Ok(())
}

#[test]
fn what_is_dangerous_is_refused_with_the_flag_that_allows_it() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    home.write(
        "config/invalidash/config.toml",
        "[accounts]\n\"123456789012\" = { label = \"PROD\", production = true }\n",
    )?;
    for (arguments, flags) in [
        (
            &["--distribution", SHOP, "/*"][..],
            &["--allow-whole-site", "--allow-production"][..],
        ),
        (
            &["--distribution", SHOP, "/images/*"],
            &["--allow-first-level", "--allow-production"],
        ),
        (
            &["--distribution", "E3MULTITENANT", "/a"],
            &["--allow-multi-tenant", "--allow-production"],
        ),
    ] {
        let refused = run(&home, &served, &[&["create", "--yes"], arguments].concat())?;
        assert_eq!(refused.code, Some(2), "{}", refused.err);
        assert!(
            refused.err.ends_with(&format!("Allow it with {}\n", flags.join(" "))),
            "{}",
            refused.err
        );
        let dry = run(
            &home,
            &served,
            &[&["create", "--dry-run", "--output", "json"], arguments].concat(),
        )?;
        let dangers = promise::document("dry-run", &dry.out)?["dangers"].clone();
        let told: Vec<_> = dangers
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| one["flag"].as_str())
            .collect();
        assert_eq!(told, flags);
        assert_eq!(made(&served).len(), 0);
    }
    let (sent, _) = created(
        &home,
        &served,
        &["--distribution", SHOP, "/*", "--allow-whole-site", "--allow-production"],
    )?;
    assert_eq!((sent.code, made(&served).len()), (Some(0), 1));
    Ok(())
}

#[test]
fn urls_choose_their_target_and_sources_are_those_of_the_dashboard() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    home.write("old/a.html", "1")?;
    home.write("new/a.html", "2")?;
    home.write("new/b c.html", "2")?;
    home.write("config/invalidash/lists/release.txt", "/from-list\n")?;
    home.write(
        "sitemap.xml",
        "<urlset><url><loc>https://docs.example/page</loc></url></urlset>",
    )?;
    let urls = [
        "https://www.shop.example/x",
        "https://docs.example/y",
        "https://shop.acme.example/z",
    ];
    let (sent, _) = created(&home, &served, &urls)?;
    assert_eq!(sent.code, Some(0), "{}", sent.err);
    let expected = [(SHOP, "/x"), (DOCS, "/y"), ("dt_2yMvQgam3QkJo2z54FDl91dk1AB", "/z")];
    assert_eq!(
        made(&served),
        expected.map(|(target, item)| (target.to_owned(), vec![item.to_owned()]))
    );
    for (arguments, items) in [
        (
            &["--from-dirs", "old", "new", "--map", "/=/web/"][..],
            &["/web/a.html", "/web/b%20c.html"][..],
        ),
        (&["--list", "release"], &["/from-list"]),
        (&["--from-sitemap", "sitemap.xml"], &["/page"]),
        (&["images/a.png", "--fix"], &["/images/a.png"]),
        (
            &["/x/*", "/x/y", "--keep-covered", "--allow-first-level"],
            &["/x/*", "/x/y"],
        ),
        (&["/x/*", "/x/y", "--allow-first-level"], &["/x/*"]),
    ] {
        let dry = run(
            &home,
            &served,
            &[
                &["create", "--distribution", DOCS, "--dry-run", "--output", "text"],
                arguments,
            ]
            .concat(),
        )?;
        let told: Vec<&str> = dry
            .out
            .lines()
            .filter_map(|line| Some(line.split_once('\t')?.1))
            .collect();
        assert_eq!(told, items, "{arguments:?}: {}", dry.err);
    }
    assert_eq!(made(&served).len(), 3, "a dry run sends nothing");
    Ok(())
}

/// Makes an invalidation as an earlier run on another machine would have, some time ago.
pub(crate) fn earlier(served: &Loopback, reference: &str, items: &[&str]) {
    let paths: Vec<String> = items.iter().map(|item| format!("<Path>{item}</Path>")).collect();
    let paths = paths.concat();
    let body = format!(
        "<InvalidationBatch><Paths><Quantity>{}</Quantity><Items>{paths}</Items></Paths>\
         <CallerReference>{reference}</CallerReference></InvalidationBatch>",
        items.len()
    );
    let request = Request::post(&format!("/2020-05-31/distribution/{SHOP}/invalidation"), body);
    served.emulator.handle(&request, Utc::now() - TimeDelta::hours(30));
}

#[test]
fn the_same_reference_is_the_same_invalidation_on_every_machine() -> Outcome {
    let served = served()?;
    let arguments = ["--distribution", SHOP, "/a", "/b", "--reference", "deploy-1"];
    let dry = run(
        &Home::new()?,
        &served,
        &[&["create", "--dry-run", "--output", "json"], &arguments[..]].concat(),
    )?;
    let planned = promise::document("dry-run", &dry.out)?;
    let reference = planned["requests"][0]["caller_reference"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    earlier(&served, &reference, &["/b", "/a"]);
    for ledger in [&["--no-ledger"][..], &[]] {
        let home = Home::new()?;
        let (sent, document) = created(&home, &served, &[&arguments[..], ledger].concat())?;
        assert_eq!(
            (sent.code, &document["replayed"]),
            (Some(0), &json!(true)),
            "{}",
            sent.out
        );
        assert_eq!(document["submissions"][0]["caller_reference"], reference.as_str());
        assert_eq!(document["billable"], 0);
        // With a ledger that contains it, no request is sent to CloudFront.
        let (again, same) = created(&home, &served, &[&arguments[..], ledger].concat())?;
        assert_eq!(
            (again.code, &same["replayed"]),
            (Some(0), &json!(true)),
            "{}",
            again.out
        );
        assert_eq!(
            same["submissions"][0]["invalidation_id"],
            document["submissions"][0]["invalidation_id"]
        );
    }
    assert_eq!(made(&served).len(), 1);
    // Different items use the same reference: on another machine, and with the ledger that contains it.
    let home = Home::new()?;
    let other = ["--distribution", SHOP, "/a", "/other", "--reference", "deploy-1"];
    let (refused, document) = created(&home, &served, &other)?;
    assert_eq!(refused.code, Some(3), "{}", refused.out);
    let submission = &document["submissions"][0];
    assert_eq!(
        (&submission["status"], &submission["items"]),
        (&json!("Rejected"), &json!(["/a", "/other"]))
    );
    let mut before: Vec<_> = submission["earlier_items"].as_array().cloned().unwrap_or_default();
    before.sort_by_key(Value::to_string);
    assert_eq!(before, ["/a", "/b"]);
    created(
        &home,
        &served,
        &["--distribution", SHOP, "/a", "--reference", "deploy-2"],
    )?;
    let known = run(
        &home,
        &served,
        &[
            "create",
            "--output",
            "json",
            "--distribution",
            SHOP,
            "/c",
            "--reference",
            "deploy-2",
        ],
    )?;
    let told = promise::document("error", &known.err)?;
    assert_eq!(
        (known.code, &told["error"]["code"]),
        (Some(3), &json!("reference-used"))
    );
    assert_eq!(
        told["error"]["details"],
        json!({"items_before": ["/a"], "items_now": ["/c"]})
    );
    assert_eq!(made(&served).len(), 2);
    Ok(())
}

#[test]
fn what_a_missing_right_refused_is_sent_under_the_same_reference_once_it_is_there() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    served
        .emulator
        .inject(Fault::new(Trouble::AccessDenied).on(Operation::CreateInvalidation));
    let arguments = [
        "--distribution",
        SHOP,
        "/a",
        "--reference-from-items",
        "--since",
        "monday",
    ];
    let (refused, _) = created(&home, &served, &arguments)?;
    assert_eq!((refused.code, made(&served).len()), (Some(4), 0));
    let (sent, document) = created(&home, &served, &arguments)?;
    assert_eq!((sent.code, made(&served).len()), (Some(0), 1), "{}", sent.out);
    assert_eq!(
        (&document["replayed"], &document["submissions"][0]["attempts"]),
        (&json!(false), &json!(2))
    );
    Ok(())
}

#[test]
fn waiting_survives_what_passes_and_names_what_does_not() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    let (_, document) = created(&home, &served, &["--distribution", SHOP, "/a"])?;
    let id = document["submissions"][0]["invalidation_id"]
        .as_str()
        .unwrap_or_default();
    served.emulator.inject(
        Fault::new(Trouble::ServiceUnavailable)
            .on(Operation::GetInvalidation)
            .times(4),
    );
    let waited = run(&home, &served, &["wait", "--distribution", "www.shop.example", id])?;
    assert_eq!(waited.code, Some(0), "{}", waited.err);
    assert!(
        waited.err.contains("retrying") && waited.err.ends_with(" Completed\n"),
        "{}",
        waited.err
    );

    let unknown = run(
        &home,
        &served,
        &[
            "wait",
            "--distribution",
            SHOP,
            "I0NOBODY",
            "--output",
            "json",
            "--quiet",
        ],
    )?;
    let rows = promise::document("wait", &unknown.out)?;
    assert_eq!(
        (unknown.code, rows["invalidations"][0]["status"].is_null()),
        (Some(3), true)
    );

    served
        .emulator
        .configure(|settings| settings.completion_delay_ms = 60_000);
    let (_, slow) = created(&home, &served, &["--distribution", DOCS, "/a"])?;
    let id = slow["submissions"][0]["invalidation_id"].as_str().unwrap_or_default();
    let arguments = [
        "wait",
        "--distribution",
        SHOP,
        "--distribution",
        DOCS,
        id,
        "--timeout",
        "0.2",
        "--output",
        "json",
    ];
    let late = run(&home, &served, &arguments)?;
    let rows = promise::document("wait", &late.out)?;
    assert_eq!(
        (late.code, &rows["invalidations"][0]["status"]),
        (Some(5), &json!("InProgress"))
    );
    assert_eq!(
        late.err,
        "invalidash: 1 invalidation is not Completed yet; run the same command again to keep waiting\n"
    );
    Ok(())
}

#[test]
fn who_asks_for_it_is_notified_as_by_the_dashboard() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    served
        .emulator
        .configure(|settings| settings.completion_delay_ms = 1_500);
    home.write(
        "config/invalidash/config.toml",
        "[notify]\non_completed = ['/bin/sh', '-c', 'echo $INVALIDASH_STATUS $INVALIDASH_ID >> told']\n",
    )?;
    let (_, document) = created(&home, &served, &["--distribution", SHOP, "/a"])?;
    let id = document["submissions"][0]["invalidation_id"]
        .as_str()
        .unwrap_or_default();
    let waited = run(&home, &served, &["wait", "--distribution", SHOP, id, "--notify"])?;
    assert_eq!(waited.code, Some(0), "{}", waited.err);
    let told = std::fs::read_to_string(home.path().join("told")).unwrap_or_default();
    assert_eq!(told, format!("Completed {id}\n"));
    created(&home, &served, &["--distribution", SHOP, "/b", "--wait"])?;
    assert_eq!(
        std::fs::read_to_string(home.path().join("told"))?,
        told,
        "nobody asked for it"
    );
    Ok(())
}

#[test]
fn the_edge_is_asked_afterwards() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    let look = |more: &[&str]| {
        created(
            &home,
            &served,
            &[&["--distribution", SHOP, "/a", "--look"], more].concat(),
        )
    };
    let (fresh, document) = look(&[])?;
    let edge = &document["submissions"][0]["edge"];
    assert_eq!(
        (fresh.code, &document["submissions"][0]["status"]),
        (Some(0), &json!("Completed")),
        "{}",
        fresh.err
    );
    assert!(edge["verdict"] == "fresh" || edge["verdict"] == "cannot_tell", "{edge}");
    let disabled = Distribution {
        id: "E4DISABLED0001".to_owned(),
        enabled: false,
        ..Distribution::default()
    };
    served.emulator.put(disabled, Utc::now());
    let unseen = created(
        &home,
        &served,
        &["--distribution", "E4DISABLED0001", "/a", "--look", "--strict"],
    )?;
    assert_eq!(
        (unseen.0.code, &unseen.1["submissions"][0]["edge"]["verdict"]),
        (Some(7), &json!("cannot_tell"))
    );
    Ok(())
}

/// Starts it and waits until its progress says so.
fn until(home: &Home, served: &Loopback, arguments: &[&str], sign: &str) -> Result<Child, Box<dyn std::error::Error>> {
    let all = [&["--endpoint-url", &served.url], arguments].concat();
    let mut command = home.command_with_keys(&all);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut reader = BufReader::new(child.stderr.take().ok_or("no standard error")?);
    let mut told = String::new();
    while !told.contains(sign) {
        if reader.read_line(&mut told)? == 0 {
            return Err(format!("{sign} was never told: {told}").into());
        }
    }
    // The rest is read at its end, or else it would block.
    let rest = std::thread::spawn(move || {
        let mut rest = String::new();
        let _ = reader.read_to_string(&mut rest);
        rest
    });
    drop(rest);
    Ok(child)
}

#[test]
fn a_signal_in_the_middle_leaves_it_to_resume() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        served.emulator.inject(
            Fault::new(Trouble::Throttling)
                .on(Operation::CreateInvalidation)
                .always(),
        );
        let mut child = until(&home, &served, &["create", "--distribution", SHOP, "/a"], "Retrying")?;
        kill_process(Pid::from_child(&child), signal)?;
        assert_eq!(child.wait()?.code(), Some(code));
        served.emulator.clear_faults();
        let before = made(&served).len();
        let resumed = run(&home, &served, &["resume", "--output", "json", "--wait"])?;
        let document = promise::document("create", &resumed.out)?;
        assert_eq!(
            (resumed.code, &document["submissions"][0]["status"]),
            (Some(0), &json!("Completed")),
            "{}",
            resumed.err
        );
        assert_eq!(made(&served).len(), before + 1);
        let nothing = run(&home, &served, &["resume"])?;
        assert_eq!(
            (nothing.code, nothing.err.as_str()),
            (Some(0), "invalidash: nothing was left to send\n")
        );
        assert_eq!(made(&served).len(), before + 1);
    }
    Ok(())
}

#[test]
fn a_ledger_that_cannot_be_used_is_told_and_the_reference_does_without() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    home.write("state/invalidash", "a file where the folder should be")?;
    let refused = run(&home, &served, &["create", "--distribution", SHOP, "/a"])?;
    assert_eq!((refused.code, made(&served).len()), (Some(1), 0), "{}", refused.err);
    assert!(refused.err.contains("nothing was sent: "), "{}", refused.err);
    let (sent, _) = created(
        &home,
        &served,
        &["--distribution", SHOP, "/a", "--reference", "r", "--no-ledger"],
    )?;
    assert_eq!((sent.code, made(&served).len()), (Some(0), 1));
    Ok(())
}

#[test]
fn a_batch_that_is_too_large_is_divided_the_same_way_on_every_machine() -> Outcome {
    let served = served()?;
    served.emulator.configure(|settings| settings.batch_limit = Some(3));
    let items: Vec<String> = (0..8).map(|number| format!("/{number}")).collect();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    for _ in 0..2 {
        let arguments = [&["--distribution", SHOP, "--reference", "big"], &items[..]].concat();
        let (sent, document) = created(&Home::new()?, &served, &arguments)?;
        assert_eq!(
            (sent.code, document["submissions"].as_array().map(Vec::len)),
            (Some(0), Some(4)),
            "{}",
            sent.out
        );
    }
    assert_eq!(made(&served).len(), 4);
    Ok(())
}

/// The time of a process is what this test costs: each run is short.
const LIMIT: Duration = Duration::from_secs(20);

#[test]
fn the_time_of_a_create_is_in_utc() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    let begun = std::time::Instant::now();
    let (_, document) = created(&home, &served, &["--distribution", SHOP, "/a", "--wait"])?;
    let time = document["submissions"][0]["create_time"].as_str().unwrap_or_default();
    assert!(time.parse::<DateTime<Utc>>().is_ok() && time.ends_with('Z'), "{time}");
    assert!(begun.elapsed() < LIMIT);
    Ok(())
}

/// A comment is what the composer takes for one, also where the items themselves name the distribution.
#[test]
fn comments_and_blank_lines_are_those_of_the_composer() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    home.write(
        "urls.txt",
        "\u{feff}# of this release\n#\tand why\n\u{200b}\n \u{a0}\nhttps://www.shop.example/a\n",
    )?;
    let (sent, _) = created(&home, &served, &["--paths-from", "urls.txt"])?;
    assert_eq!(sent.code, Some(0), "{}", sent.err);
    assert_eq!(made(&served), [(SHOP.to_owned(), vec!["/a".to_owned()])]);
    Ok(())
}

#[test]
fn what_waits_for_a_deployment_is_sent_when_it_is_over() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    let put = |deployed| {
        let distribution = Distribution {
            id: SHOP.to_owned(),
            deployed,
            ..Distribution::default()
        };
        served.emulator.put(distribution, Utc::now());
    };
    put(Utc::now() + TimeDelta::hours(1));
    let waits = [
        "--distribution",
        SHOP,
        "--when-deployed",
        "/a",
        "--yes",
        "--timeout",
        "2",
    ];
    let (held, document) = created(&home, &served, &waits)?;
    assert_eq!((held.code, made(&served)), (Some(5), Vec::new()), "{}", held.err);
    let one = &document["submissions"][0];
    assert_eq!(one["status"], "Queued", "{document}");
    let reason = one["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("is Deployed (now InProgress)"), "{document}");
    put(DateTime::UNIX_EPOCH);
    let rest = run(&home, &served, &["resume"])?;
    assert_eq!(rest.code, Some(0), "{}", rest.err);
    assert_eq!(made(&served), [(SHOP.to_owned(), vec!["/a".to_owned()])]);
    // A deployed distribution is sent to at once.
    let deployed = ["--distribution", SHOP, "--when-deployed", "/b", "--yes"];
    let (sent, _) = created(&home, &served, &deployed)?;
    assert_eq!((sent.code, made(&served).len()), (Some(0), 2), "{}", sent.err);
    Ok(())
}
