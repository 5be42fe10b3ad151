//! `create --all-tenants`: every tenant of a multi-tenant distribution gets one invalidation, as one job, however the
//! program is interrupted.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use chrono::Utc;
use invalidash::emulator::{Operation, Tenant};
use serde_json::Value;

use super::Outcome;
use super::create::{SHOP, created, made, run, served};
use crate::support::command::Home;
use crate::support::loopback::Loopback;

const PARENT: &str = "E3MULTITENANT";

/// Adds tenants until there are so many, of which every tenth is disabled and every second is in a group of its own.
fn with_tenants(served: &Loopback, all: usize) {
    for number in 1..all {
        let group = if number % 2 == 0 { "cg_even" } else { "cg_odd" };
        let tenant = Tenant {
            id: format!("dt_many{number:023}"),
            distribution_id: PARENT.to_owned(),
            name: format!("site-{number:05}"),
            domains: vec![format!("www.site-{number:05}.example")],
            connection_group_id: group.to_owned(),
            enabled: number % 10 != 0,
            ..Tenant::default()
        };
        served.emulator.put_tenant(tenant, Utc::now());
    }
}

fn targets(served: &Loopback) -> BTreeSet<String> {
    made(served).into_iter().map(|(target, _)| target).collect()
}

#[test]
fn all_tenants_are_one_job_and_many_of_them_need_a_flag() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    with_tenants(&served, 120);
    home.write("config/invalidash/config.toml", "[send]\nrequests_per_minute = 3000\n")?;
    let arguments = ["create", "--distribution", PARENT, "--all-tenants", "/a.html", "--yes"];
    let refused = run(&home, &served, &arguments)?;
    assert_eq!((refused.code, made(&served)), (Some(2), Vec::new()), "{}", refused.err);
    assert!(refused.err.contains("this goes to 120 targets"), "{}", refused.err);
    let allowed = ["--distribution", PARENT, "--all-tenants", "/a.html", "--allow-many"];
    let (sent, document) = created(&home, &served, &[&allowed[..], &["--yes"]].concat())?;
    assert_eq!(sent.code, Some(0), "{}", sent.err);
    let submissions = document["submissions"].as_array().cloned().unwrap_or_default();
    let jobs: BTreeSet<_> = submissions.iter().map(|one| one["job"].to_string()).collect();
    assert_eq!((submissions.len(), jobs.len()), (120, 1));
    assert_eq!((made(&served).len(), targets(&served).len()), (120, 120));
    let operations = served.emulator.received().operations;
    let asked = |operation| operations.get(&operation).copied().unwrap_or_default();
    assert_eq!(asked(Operation::ListDistributionTenants), 4, "two pages, twice");
    assert_eq!(asked(Operation::GetDistributionTenant), 0, "the list tells enough");
    assert_eq!(asked(Operation::CreateInvalidation), 0);
    Ok(())
}

#[test]
fn tenants_are_chosen_by_group_domain_and_whether_they_are_enabled() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    with_tenants(&served, 30);
    for (filter, expected) in [
        ("connectiongroup:cg_even enabled:yes", 12),
        ("domains:www.site-0001", 10),
        ("!/site/", 1),
    ] {
        let dry = [
            "--distribution",
            PARENT,
            "--all-tenants",
            "--tenants",
            filter,
            "/a",
            "--dry-run",
        ];
        let (_, document) = dry_run(&home, &served, &dry)?;
        let requests = document["requests"].as_array().map_or(0, Vec::len);
        assert_eq!(requests, expected, "{filter}");
    }
    for (filter, said) in [("nobody", "no such tenant"), ("/a(/", "--tenants: ")] {
        let none = [
            "create",
            "--distribution",
            PARENT,
            "--all-tenants",
            "--tenants",
            filter,
            "/a",
            "--yes",
        ];
        let refused = run(&home, &served, &none)?;
        assert_eq!(refused.code, Some(2), "{}", refused.err);
        assert!(refused.err.contains(said), "{}", refused.err);
    }
    assert_eq!(made(&served), []);
    Ok(())
}

fn dry_run(home: &Home, served: &Loopback, arguments: &[&str]) -> Result<(i32, Value), Box<dyn std::error::Error>> {
    let ended = run(home, served, &[&["create", "--output", "json"], arguments].concat())?;
    let document = serde_json::from_str(&ended.out).map_err(|error| format!("{error}\n{}", ended.err))?;
    Ok((ended.code.unwrap_or(-1), document))
}

#[test]
fn what_has_no_tenants_is_said_and_the_parent_itself_names_the_way_that_works() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    let standard = run(
        &home,
        &served,
        &["create", "--distribution", SHOP, "--all-tenants", "/a", "--yes"],
    )?;
    assert_eq!(standard.code, Some(2), "{}", standard.err);
    assert!(
        standard.err.contains("is not a multi-tenant distribution"),
        "{}",
        standard.err
    );
    let itself = ["create", "--distribution", PARENT, "/a", "--yes"];
    let refused = run(&home, &served, &itself)?;
    assert_eq!(refused.code, Some(2), "{}", refused.err);
    assert!(refused.err.contains("add --all-tenants"), "{}", refused.err);
    let sent = run(&home, &served, &[&itself[..], &["--allow-multi-tenant"]].concat())?;
    assert_eq!((sent.code, made(&served)), (Some(3), Vec::new()), "{}", sent.err);
    assert!(sent.out.contains("NoSuchDistribution"), "{}", sent.out);
    Ok(())
}

/// Starts it, and kills it as soon as so many invalidations were made.
fn killed_after(home: &Home, served: &Loopback, arguments: &[&str], made_by_then: usize) -> Outcome {
    let mut child = start(home, served, arguments)?;
    let begun = Instant::now();
    while made(served).len() < made_by_then {
        if child.try_wait()?.is_some() || begun.elapsed() > Duration::from_mins(1) {
            child.kill()?;
            return Err(format!("{} of {made_by_then} were made", made(served).len()).into());
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}

fn start(home: &Home, served: &Loopback, arguments: &[&str]) -> std::io::Result<Child> {
    let all = [&["--endpoint-url", &served.url], arguments].concat();
    let mut command = home.command_with_keys(&all);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()
}

#[test]
fn five_hundred_tenants_that_are_killed_twice_end_as_five_hundred_invalidations() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    with_tenants(&served, 500);
    home.write("config/invalidash/config.toml", "[send]\nrequests_per_minute = 3000\n")?;
    let create = [
        "create",
        "--distribution",
        PARENT,
        "--all-tenants",
        "/a.html",
        "--allow-many",
        "--yes",
    ];
    killed_after(&home, &served, &create, 120)?;
    killed_after(&home, &served, &["resume"], 310)?;
    let rest = run(&home, &served, &["resume"])?;
    assert_eq!(rest.code, Some(0), "{}", rest.err);
    let creations = served.emulator.received().creations;
    assert_eq!((creations.len(), targets(&served).len()), (500, 500));
    for creation in &creations {
        assert_eq!(creation.invalidations.len(), 1, "{creation:?}");
        assert!(!creation.items_differed, "{creation:?}");
    }
    let history = run(&home, &served, &["history", "--output", "json"])?;
    let document: Value = serde_json::from_str(&history.out)?;
    let held = document["submissions"].as_array().cloned().unwrap_or_default();
    let jobs: BTreeSet<_> = held.iter().map(|one| one["job"].to_string()).collect();
    assert_eq!((held.len(), jobs.len()), (500, 1), "{}", history.err);
    Ok(())
}
