//! `distributions` against emulators on real sockets.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::process::Stdio;

use chrono::DateTime;
use invalidash::emulator::{ApiError, Distribution, Emulator, Fault, Operation, Options, Origin, Request, Trouble};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::Outcome;
use crate::support::command::{Home, Run, Served};
use crate::support::loopback::Loopback;

fn empty() -> Options {
    Options {
        distributions: Some(0),
        ..Options::default()
    }
}

/// Against an emulator that holds nothing but what the test puts there.
fn run(home: &Home, url: &str, more: &[&str]) -> std::io::Result<Run> {
    let arguments = [&["--endpoint-url", url, "distributions"], more].concat();
    Ok(home.ended(home.command_with_keys(&arguments).output()?))
}

fn ids(document: &Value) -> Vec<String> {
    let distributions = document["distributions"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    distributions
        .iter()
        .filter_map(|one| one["id"].as_str())
        .map(str::to_owned)
        .collect()
}

/// What the emulator tells by itself, page for page, read without any of the client's code.
fn held(emulator: &Emulator) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    loop {
        let marker = ids.last().map(|id| format!("&Marker={id}")).unwrap_or_default();
        let request = Request::get(&format!("/2020-05-31/distribution?MaxItems=10{marker}"));
        let invalidash::emulator::Outcome::Reply(reply) = emulator.handle(&request, DateTime::UNIX_EPOCH) else {
            return ids;
        };
        let page = String::from_utf8_lossy(&reply.body).into_owned();
        let summaries = page.split("<DistributionSummary>").skip(1);
        ids.extend(summaries.filter_map(|one| Some(one.split_once("<Id>")?.1.split_once("</Id>")?.0.to_owned())));
        if !page.contains("<IsTruncated>true</IsTruncated>") {
            return ids;
        }
    }
}

#[test]
fn the_document_holds_what_the_emulator_holds() -> Outcome {
    let (home, loopback) = (Home::new()?, Loopback::new(empty())?);
    let changed = DateTime::parse_from_rfc3339("2026-01-02T03:04:05.678Z")?.to_utc();
    let one = Distribution {
        id: "E2QWRUHEXAMPLE".to_owned(),
        etag: "E3ABC".to_owned(),
        domain_name: "d111111abcdef8.cloudfront.net".to_owned(),
        aliases: vec!["www.shop.example".to_owned(), "shop.example".to_owned()],
        comment: "Größe & \u{202e}Shop".to_owned(),
        origins: vec![Origin {
            id: "web".to_owned(),
            domain_name: "shop.s3.amazonaws.com".to_owned(),
            path: "/web".to_owned(),
        }],
        staging: true,
        last_modified: changed,
        ..Distribution::default()
    };
    let other = Distribution {
        id: "E9MULTITENANT1".to_owned(),
        etag: "E4DEF".to_owned(),
        enabled: false,
        tenant_only: true,
        origins: Vec::new(),
        last_modified: changed,
        ..Distribution::default()
    };
    loopback.emulator.put(one, changed);
    loopback.emulator.put(other, changed);
    let run = run(&home, &loopback.url, &["--output", "json"])?;
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    let expected = json!({"distributions": [
        {
            "id": "E2QWRUHEXAMPLE",
            "arn": "arn:aws:cloudfront::123456789012:distribution/E2QWRUHEXAMPLE",
            "account": "123456789012",
            "status": "Deployed",
            "enabled": true,
            "staging": true,
            "connection_mode": "direct",
            "domain_name": "d111111abcdef8.cloudfront.net",
            "aliases": ["www.shop.example", "shop.example"],
            "comment": "Größe & \u{202e}Shop",
            "origins": [{"id": "web", "domain_name": "shop.s3.amazonaws.com", "origin_path": "/web"}],
            "last_modified_time": "2026-01-02T03:04:05.678Z",
            "etag": "E3ABC",
        },
        {
            "id": "E9MULTITENANT1",
            "arn": "arn:aws:cloudfront::123456789012:distribution/E9MULTITENANT1",
            "account": "123456789012",
            "status": "Deployed",
            "enabled": false,
            "staging": false,
            "connection_mode": "tenant-only",
            "domain_name": "-",
            "aliases": [],
            "comment": "",
            "origins": [],
            "last_modified_time": "2026-01-02T03:04:05.678Z",
            "etag": "E4DEF",
        },
    ]});
    assert_eq!(serde_json::from_str::<Value>(&run.out)?, expected);
    assert!(!run.out.contains('\u{202e}'), "{}", run.out);
    Ok(())
}

#[test]
fn every_page_is_read_once() -> Outcome {
    let home = Home::new()?;
    let loopback = Loopback::new(Options {
        distributions: Some(250),
        ..Options::default()
    })?;
    let run = run(&home, &loopback.url, &["--output", "json"])?;
    assert_eq!(
        loopback
            .emulator
            .received()
            .operations
            .get(&Operation::ListDistributions),
        Some(&3)
    );
    let held = held(&loopback.emulator);
    assert_eq!(held.len(), 250);
    assert_eq!(ids(&serde_json::from_str(&run.out)?), held);
    Ok(())
}

#[test]
fn the_emulator_of_the_command_line_is_listed_by_the_command_line() -> Outcome {
    let home = Home::new()?;
    let served = Served::start(&home, &["--distributions", "120", "--seed", "7"])?;
    let run = run(&home, served.url(), &["--output", "json"])?;
    let ids = ids(&serde_json::from_str(&run.out)?);
    let same = Emulator::new(Options {
        distributions: Some(120),
        seed: 7,
        ..Options::demo()
    });
    assert_eq!(ids, held(&same));
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 120);
    Ok(())
}

#[test]
fn the_table_of_the_demo() -> Outcome {
    let home = Home::new()?;
    let run = home.run(&["--demo", "distributions"])?;
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
    insta::assert_snapshot!("distributions_table", run.out);
    assert_eq!(fs::read_dir(home.path())?.count(), 0, "the demo leaves nothing behind");
    Ok(())
}

#[test]
fn on_a_terminal_the_lines_are_cut_to_its_width() -> Outcome {
    const COLUMNS: u16 = 60;
    let home = Home::new()?;
    let pty = native_pty_system().openpty(PtySize {
        rows: 24,
        cols: COLUMNS,
        pixel_width: 0,
        pixel_height: 0,
    })?;
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_invalidash"));
    command.args(["--demo", "distributions"]);
    command.cwd(home.path());
    command.env_clear();
    command.env("HOME", home.path());
    command.env("TMPDIR", home.path());
    let mut child = pty.slave.spawn_command(command)?;
    drop(pty.slave);
    let mut bytes = Vec::new();
    // On Linux, reading from a closed terminal ends with an error.
    let _ = pty.master.try_clone_reader()?.read_to_end(&mut bytes);
    assert!(child.wait()?.success());
    let text = String::from_utf8(bytes)?;
    let lines: Vec<&str> = text.lines().map(|line| line.trim_end_matches('\r')).collect();
    assert_eq!(lines.len(), 15, "{text}");
    assert!(lines.iter().all(|line| line.width() <= usize::from(COLUMNS)), "{text}");
    assert!(lines.iter().any(|line| line.ends_with('…')), "{text}");
    Ok(())
}

#[test]
fn an_account_without_distributions_is_told_and_is_no_failure() -> Outcome {
    let (home, loopback) = (Home::new()?, Loopback::new(empty())?);
    let table = run(&home, &loopback.url, &[])?;
    let err = "invalidash: there are no distributions in this account\n".to_owned();
    assert_eq!(
        table,
        Run {
            code: Some(0),
            out: String::new(),
            err
        }
    );
    let document = run(&home, &loopback.url, &["--output", "json"])?;
    assert_eq!(
        serde_json::from_str::<Value>(&document.out)?,
        json!({"distributions": []})
    );
    Ok(())
}

#[test]
fn refusals_and_foreign_answers_are_told_with_cause_next_step_and_code() -> Outcome {
    let home = Home::new()?;
    let refusal = |code: &'static str| Trouble::Error(ApiError::new(400, code, "Something is \u{1b}[31mwrong."));
    for (trouble, code, words) in [
        (
            Trouble::AccessDenied,
            4,
            ["AccessDenied: ", "cloudfront:ListDistributions"],
        ),
        (Trouble::ExpiredToken, 4, ["ExpiredToken: ", "log in again"]),
        (
            refusal("InvalidArgument"),
            3,
            [
                "InvalidArgument: Something is \\u001b[31mwrong.",
                "check the profile and the endpoint",
            ],
        ),
        (
            Trouble::Html { status: 200 },
            1,
            ["got an HTML page (HTTP 200)", "check the network and try again"],
        ),
        // Behind the root's start tag: to a parser, an empty list.
        (
            Trouble::TruncatedBody { after: 96 },
            1,
            ["the response (200) was truncated", "check the network and try again"],
        ),
    ] {
        let loopback = Loopback::new(empty())?;
        loopback.emulator.inject(Fault::new(trouble.clone()).always());
        let run = run(&home, &loopback.url, &["--output", "json"])?;
        assert_eq!(
            (run.code, run.out.as_str()),
            (Some(code), ""),
            "{trouble:?}: {}",
            run.err
        );
        assert!(
            words.iter().all(|word| run.err.contains(word)),
            "{trouble:?}: {}",
            run.err
        );
        assert_eq!(run.err.lines().count(), 1, "{}", run.err);
        let told: Value = serde_json::from_str(&run.err)?;
        assert!(
            told["error"]["next"]
                .as_str()
                .is_some_and(|next| next.contains(words[1])),
            "{told}"
        );
    }
    Ok(())
}

#[test]
fn nobody_listening_is_told() -> Outcome {
    let home = Home::new()?;
    let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let url = format!("http://{free}");
    let run = run(&home, &url, &[])?;
    assert_eq!((run.code, run.out.as_str()), (Some(1), ""));
    assert!(
        run.err.starts_with(&format!("invalidash: {url} cannot be reached")),
        "{}",
        run.err
    );
    Ok(())
}

#[test]
fn without_credentials_and_with_a_profile_that_does_not_exist_nothing_is_asked() -> Outcome {
    let home = Home::new()?;
    let loopback = Loopback::new(Options::default())?;
    home.write(".aws/config", "[profile prod]\nregion = eu-central-1\n")?;
    for (more, sentence) in [
        (&[][..], "no credentials for profile default. Run `aws configure`"),
        (
            &["--profile", "prd"],
            "profile prd not found in HOME/.aws/config or HOME/.aws/credentials. Available: prod.",
        ),
    ] {
        let arguments = [&["--endpoint-url", &loopback.url, "distributions"], more].concat();
        let run = home.run(&arguments)?;
        assert_eq!((run.code, run.out.as_str()), (Some(4), ""), "{more:?}");
        assert!(
            run.err.starts_with(&format!("invalidash: {sentence}")),
            "{more:?}: {}",
            run.err
        );
    }
    assert_eq!(loopback.emulator.received().operations.values().sum::<u64>(), 0);
    Ok(())
}

#[test]
fn a_state_folder_that_cannot_be_written_is_a_warning() -> Outcome {
    let (home, loopback) = (Home::new()?, Loopback::new(empty())?);
    home.write("state", "a file in the folder's place")?;
    let run = run(&home, &loopback.url, &["--output", "json"])?;
    assert_eq!(run.code, Some(0));
    assert_eq!(serde_json::from_str::<Value>(&run.out)?, json!({"distributions": []}));
    let told: Value = serde_json::from_str(&run.err)?;
    let warning = told["warning"]["message"].as_str().unwrap_or_default();
    assert!(
        warning.starts_with("logging is off: cannot open HOME/state/invalidash/invalidash.log: "),
        "{told}"
    );
    Ok(())
}

#[test]
fn a_reader_that_goes_away_in_the_middle_is_no_failure() -> Outcome {
    let home = Home::new()?;
    let loopback = Loopback::new(Options {
        distributions: Some(200),
        ..Options::default()
    })?;
    let arguments = ["--endpoint-url", &loopback.url, "distributions", "--output", "json"];
    let mut child = home
        .command_with_keys(&arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut first = [0; 16];
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_exact(&mut first)?;
    }
    assert_eq!(
        home.ended(child.wait_with_output()?),
        Run {
            code: Some(0),
            out: String::new(),
            err: String::new()
        }
    );
    Ok(())
}

#[test]
fn no_ending_shows_a_key_anywhere() -> Outcome {
    let home = Home::new()?;
    let secrets = "[default]\naws_access_key_id = AKIACANARYCANARY1\naws_secret_access_key = CANARY-SECRET-IN-A-FILE\naws_session_token = CANARY-TOKEN-IN-A-FILE\n";
    home.write(".aws/credentials", secrets)?;
    for trouble in [
        None,
        Some(Trouble::AccessDenied),
        Some(Trouble::Html { status: 200 }),
        Some(Trouble::SignatureDoesNotMatch),
    ] {
        let loopback = Loopback::new(empty())?;
        if let Some(trouble) = trouble {
            loopback.emulator.inject(Fault::new(trouble).always());
        }
        for variables in [
            &[][..],
            &[
                ("AWS_ACCESS_KEY_ID", "AKIACANARYCANARY2"),
                ("AWS_SECRET_ACCESS_KEY", "CANARY-SECRET-IN-A-VARIABLE"),
            ],
        ] {
            let arguments = ["--log-level", "trace", "--endpoint-url", &loopback.url, "distributions"];
            let run = home.ended(
                home.command(&arguments)
                    .env("RUST_LOG", "trace")
                    .envs(variables.iter().copied())
                    .output()?,
            );
            let log = fs::read_to_string(home.path().join("state/invalidash/invalidash.log"))?;
            for text in [&run.out, &run.err, &log] {
                assert!(!text.contains("CANARY"), "{text}");
            }
        }
    }
    Ok(())
}
