//! `[guard]`: the jobs for which a script needs a flag, depending on the configuration.

use invalidash::emulator::{ApiError, Fault, Operation, Trouble};
use serde_json::json;

use super::Outcome;
use super::create::{DOCS, SHOP, created, made, run, served};
use super::rights::LISTS;
use crate::support::command::Home;
use crate::support::promise;
use crate::support::sts::{Manner, Sts};

const PRODUCTION: &str = "[accounts]\n\"123456789012\" = { label = \"PROD\", production = true";

/// The flags that would allow it; none where it would be sent.
fn flags(config: &str, arguments: &[&str]) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let (home, served) = (Home::new()?, served()?);
    home.write("config/invalidash/config.toml", config)?;
    let sent = run(
        &home,
        &served,
        &[&["create", "--yes", "--output", "json"], arguments].concat(),
    )?;
    if sent.code == Some(0) {
        return Ok(Vec::new());
    }
    assert_eq!((sent.code, made(&served)), (Some(2), Vec::new()), "{}", sent.err);
    let told = promise::document("error", sent.err.lines().last().unwrap_or_default())?;
    assert_eq!(told["error"]["code"], "dangerous", "{told}");
    let next = told["error"]["next"].as_str().unwrap_or_default();
    Ok(next
        .split(' ')
        .filter(|word| word.starts_with("--"))
        .map(str::to_owned)
        .collect())
}

#[test]
fn the_configuration_says_what_needs_a_flag() -> Outcome {
    let both = ["--distribution", SHOP, "--distribution", DOCS];
    for (config, arguments, expected) in [
        (
            "",
            &["--distribution", SHOP, "/img/*"][..],
            &["--allow-first-level"][..],
        ),
        (
            "[guard]\nfirst_level = 'never'\n",
            &["--distribution", SHOP, "/img/*"],
            &[],
        ),
        ("[guard]\nwhole_site = 'never'\n", &["--distribution", SHOP, "/*"], &[]),
        (
            "[guard]\nwhole_site = 'scripts'\n",
            &["--distribution", SHOP, "/*"],
            &["--allow-whole-site"],
        ),
        (
            "[guard]\nitems = 1\n",
            &["--distribution", SHOP, "/a", "/b"],
            &["--allow-many"],
        ),
        (
            "[guard]\nitems = 1\n",
            &["--distribution", SHOP, "/a", "/b", "--allow-many"],
            &[],
        ),
        (
            "[guard]\nitems = 1\nmany = 'never'\n",
            &["--distribution", SHOP, "/a", "/b"],
            &[],
        ),
        (
            "[guard]\ntargets = 1\n",
            &[&both[..], &["/a"]].concat(),
            &["--allow-many"],
        ),
        (
            &format!("{PRODUCTION} }}\n"),
            &["--distribution", SHOP, "/a"],
            &["--allow-production"],
        ),
        (
            &format!("{PRODUCTION}, guard = {{ production = 'never', items = 1 }} }}\n"),
            &["--distribution", SHOP, "/a", "/b"],
            &["--allow-many"],
        ),
    ] {
        assert_eq!(flags(config, arguments)?, expected, "{config} {arguments:?}");
    }
    Ok(())
}

#[test]
fn a_tag_of_which_nobody_knows_whether_it_works_needs_a_flag() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    let denied = Fault::new(Trouble::AccessDenied)
        .on(Operation::GetDistribution)
        .always();
    served.emulator.inject(denied);
    let tag = ["create", "--distribution", SHOP, "#product", "--yes"];
    let refused = run(&home, &served, &tag)?;
    assert_eq!((refused.code, made(&served).len()), (Some(2), 0), "{}", refused.err);
    assert!(
        refused.err.contains("#product may clear nothing") && refused.err.ends_with("--allow-unknown-tags\n"),
        "{}",
        refused.err
    );
    let sent = run(&home, &served, &[&tag[..], &["--allow-unknown-tags"]].concat())?;
    assert_eq!((sent.code, made(&served).len()), (Some(0), 1), "{}", sent.err);
    Ok(())
}

#[test]
fn nothing_is_sent_in_an_account_that_is_read_only() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    // An earlier run left this before the account was guarded.
    let throttled = Fault::new(Trouble::Throttling)
        .on(Operation::CreateInvalidation)
        .always();
    served.emulator.inject(throttled);
    let left = run(
        &home,
        &served,
        &["create", "--distribution", SHOP, "/a", "--timeout", "0.5"],
    )?;
    assert_eq!(left.code, Some(5), "{}", left.err);
    served.emulator.clear_faults();
    home.write(
        "config/invalidash/config.toml",
        "[accounts]\n\"123456789012\" = { label = 'audit', read_only = true }\n",
    )?;
    for arguments in [&["create", "--distribution", SHOP, "/a", "--yes"][..], &["resume"]] {
        let refused = run(&home, &served, &[arguments, &["--output", "json"]].concat())?;
        let told = promise::document("error", refused.err.lines().last().unwrap_or_default())?;
        assert_eq!(
            (refused.code, &told["error"]["code"]),
            (Some(2), &json!("read-only")),
            "{told}"
        );
    }
    assert_eq!(made(&served), []);
    home.write("config/invalidash/config.toml", "")?;
    let resumed = run(&home, &served, &["resume", "--output", "json"])?;
    assert_eq!((resumed.code, made(&served).len()), (Some(0), 1), "{}", resumed.err);
    let (sent, _) = created(&home, &served, &["--distribution", SHOP, "/b"])?;
    assert_eq!(sent.code, Some(0));
    Ok(())
}

/// What is done with these settings by an identity that may create and nothing else: exit code, what arrived, and what was said.
fn told_nothing(
    config: &str,
    sts: Option<Manner>,
    arguments: &[&str],
) -> Result<(Option<i32>, usize, String), Box<dyn std::error::Error>> {
    // This refusal does not name the caller.
    let terse = Trouble::Error(ApiError::new(403, "AccessDenied", "Access denied"));
    denied(config, &terse, sts, arguments)
}

/// How it ended, how many were created, what was said.
fn denied(
    config: &str,
    denial: &Trouble,
    sts: Option<Manner>,
    arguments: &[&str],
) -> Result<(Option<i32>, usize, String), Box<dyn std::error::Error>> {
    let (home, served) = (Home::new()?, served()?);
    for denied in LISTS {
        served.emulator.inject(Fault::new(denial.clone()).on(denied).always());
    }
    home.write("config/invalidash/config.toml", config)?;
    let sts = sts.map(Sts::new).transpose()?;
    let mut command =
        home.command_with_keys(&["--endpoint-url", &served.url, "create", "--yes", "--distribution", SHOP]);
    command.envs(sts.as_ref().map(|sts| ("AWS_ENDPOINT_URL_STS", &sts.url)));
    let ran = home.ended(command.args(arguments).output()?);
    Ok((ran.code, made(&served).len(), ran.err))
}

#[test]
fn what_holds_for_an_account_holds_for_an_identity_that_may_only_create() -> Outcome {
    let production = format!("{PRODUCTION} }}\n");
    let read_only = "[accounts]\n\"123456789012\" = { read_only = true }\n";
    let guarded = "[accounts]\n\"123456789012\" = { guard = { items = 1 } }\n";
    let known =
        |config: &str, arguments: &[&str]| told_nothing(config, Some(Manner::Account("123456789012")), arguments);
    for (config, sentence) in [
        (&*production, "this is a production account (PROD); nothing was sent"),
        (read_only, "this account is read-only"),
        (guarded, "2 items are billed (limit 1); nothing was sent"),
    ] {
        let (code, made, said) = known(config, &["/a", "/b"])?;
        assert_eq!((code, made), (Some(2), 0), "{config} {said}");
        assert!(said.contains(sentence), "{said}");
    }
    assert_eq!(known(&production, &["/a", "--allow-production"])?.0, Some(0));
    assert_eq!(
        told_nothing(read_only, Some(Manner::Account("210987654321")), &["/a"])?.0,
        Some(0)
    );
    Ok(())
}

#[test]
fn an_account_that_nobody_tells_may_be_any_of_those_that_are_guarded() -> Outcome {
    let production = format!("{PRODUCTION} }}\n");
    let labeled = "[accounts]\n\"123456789012\" = { label = \"shop\" }\n";
    let open = format!("[guard]\nproduction = 'never'\n{PRODUCTION} }}\n");
    for config in [
        &*production,
        "[accounts]\n\"123456789012\" = { read_only = true }\n",
        "[accounts]\n\"123456789012\" = { guard = { items = 1 } }\n",
    ] {
        for sts in [None, Some(Manner::Refused)] {
            let (code, made, said) = told_nothing(config, sts, &["/a"])?;
            assert_eq!((code, made), (Some(2), 0), "{config} {said}");
            assert!(
                said.contains("the account is unknown") && said.ends_with("--allow-production\n"),
                "{said}"
            );
        }
        let (code, made, said) = told_nothing(config, None, &["/a", "--allow-production"])?;
        assert_eq!((code, made), (Some(0), 1), "{config} {said}");
    }
    for config in ["", labeled, &open] {
        let (code, made, said) = told_nothing(config, None, &["/a"])?;
        assert_eq!((code, made), (Some(0), 1), "{config} {said}");
    }
    Ok(())
}

#[test]
fn a_refusal_that_names_the_identity_tells_the_account() -> Outcome {
    let read_only = "[accounts]\n\"123456789012\" = { read_only = true }\n";
    let (code, made, said) = denied(read_only, &Trouble::AccessDenied, None, &["/a"])?;
    assert_eq!((code, made), (Some(2), 0), "{said}");
    assert!(said.contains("this account is read-only"), "{said}");
    Ok(())
}
