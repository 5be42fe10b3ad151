//! How `create`, `resume` and `wait` end after a failure: in time, with the documented exit code, and without a false
//! statement about what CloudFront has received.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use invalidash::emulator::{Fault, Operation, Trouble};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use super::Outcome;
use super::create::{DOCS, SHOP, created, made, run, served};
use crate::support::command::{Home, Run};
use crate::support::loopback::Loopback;
use crate::support::promise;

/// Longer than any of these may take.
const LIMIT: Duration = Duration::from_secs(20);

type Outgoing<T> = Result<T, Box<dyn std::error::Error>>;

/// A run under way, and what it told on standard error.
struct Running {
    child: Child,
    told: std::sync::mpsc::Receiver<String>,
    err: String,
}

impl Running {
    fn start(home: &Home, served: &Loopback, arguments: &[&str]) -> Outgoing<Self> {
        let all = [&["--endpoint-url", &served.url], arguments].concat();
        let mut command = home.command_with_keys(&all);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let reader = BufReader::new(child.stderr.take().ok_or("no standard error")?);
        let (sender, told) = channel();
        std::thread::spawn(move || {
            for line in reader.lines().map_while(Result::ok) {
                let _ = sender.send(line + "\n");
            }
        });
        let err = String::new();
        Ok(Self { child, told, err })
    }

    /// Waits until it says so.
    fn says(&mut self, sign: &str) -> Outgoing<()> {
        while !self.err.contains(sign) {
            let line = self.told.recv_timeout(LIMIT);
            self.err += &line.map_err(|_| format!("{sign} was never told: {}", self.err))?;
        }
        Ok(())
    }

    fn signal(&self, signal: Signal) -> std::io::Result<()> {
        Ok(kill_process(Pid::from_child(&self.child), signal)?)
    }

    /// Waits for its end. One that does not end is killed, and that is told.
    fn ended(mut self) -> Outgoing<Run> {
        let begun = Instant::now();
        // Standard error is closed only at the end.
        while let Ok(line) = self.told.recv_timeout(LIMIT.saturating_sub(begun.elapsed())) {
            self.err += &line;
        }
        let late = begun.elapsed() >= LIMIT;
        if late {
            self.child.kill()?;
        }
        let code = self.child.wait()?.code();
        let mut out = String::new();
        self.child
            .stdout
            .take()
            .ok_or("no standard output")?
            .read_to_string(&mut out)?;
        if late {
            return Err(format!("it did not end; it printed {out:?} and said {:?}", self.err).into());
        }
        Ok(Run {
            code,
            out,
            err: self.err,
        })
    }
}

fn ended(home: &Home, served: &Loopback, arguments: &[&str]) -> Outgoing<Run> {
    Running::start(home, served, arguments)?.ended()
}

/// Leaves something in the ledger that was not sent yet.
fn leave(home: &Home, served: &Loopback) -> Outcome {
    served.emulator.inject(
        Fault::new(Trouble::Throttling)
            .on(Operation::CreateInvalidation)
            .always(),
    );
    let mut running = Running::start(home, served, &["create", "--distribution", SHOP, "/a"])?;
    running.says("Retrying")?;
    running.signal(Signal::INT)?;
    assert_eq!(running.ended()?.code, Some(130));
    served.emulator.clear_faults();
    Ok(())
}

/// Has the ledger refuse what this says.
fn refuse(home: &Home, when: &str) -> rusqlite::Result<()> {
    let ledger = rusqlite::Connection::open(home.path().join("state/invalidash/ledger.db"))?;
    ledger.execute_batch(&format!(
        "CREATE TRIGGER refusal {when} BEGIN SELECT RAISE(ABORT, 'refused by a trigger'); END;"
    ))
}

fn error(run: &Run) -> Outgoing<Value> {
    Ok(promise::document("error", run.err.lines().last().unwrap_or_default())?["error"].clone())
}

#[test]
fn resume_with_a_token_that_expired_asks_for_a_login() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    leave(&home, &served)?;
    served.emulator.inject(Fault::new(Trouble::ExpiredToken).always());
    let refused = ended(&home, &served, &["resume", "--output", "json"])?;
    assert_eq!(refused.code, Some(4), "{}", refused.err);
    assert_eq!(error(&refused)?["cloudfront_code"], "ExpiredToken");
    let waiting = ended(
        &home,
        &served,
        &["resume", "--on-login", "wait", "--timeout", "0.5", "--output", "json"],
    )?;
    assert_eq!((waiting.code, &error(&waiting)?["code"]), (Some(5), &json!("stopped")));
    served.emulator.clear_faults();
    assert_eq!(run(&home, &served, &["resume"])?.code, Some(0));
    assert_eq!(made(&served).len(), 1);
    Ok(())
}

#[test]
fn resume_leaves_what_belongs_to_another_account_and_says_what_helps() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    leave(&home, &served)?;
    served
        .emulator
        .configure(|settings| settings.account = "999988887777".to_owned());
    let other = ended(&home, &served, &["resume"])?;
    assert_eq!((other.code, made(&served).len()), (Some(0), 0), "{}", other.err);
    assert!(
        other.err.contains(
            "1 invalidation for account 123456789012 is not sent yet; log in to that account, or switch to its profile \
                with --profile"
        ),
        "{}",
        other.err
    );
    served
        .emulator
        .configure(|settings| settings.account = "123456789012".to_owned());
    assert_eq!(run(&home, &served, &["resume"])?.code, Some(0));
    assert_eq!(made(&served).len(), 1);
    Ok(())
}

#[test]
fn credentials_that_end_while_it_is_in_progress_end_create() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    served
        .emulator
        .configure(|settings| settings.completion_delay_ms = 600_000);
    served.emulator.inject(
        Fault::new(Trouble::ExpiredToken)
            .on(Operation::GetInvalidation)
            .always(),
    );
    let sent = ended(
        &home,
        &served,
        &["create", "--distribution", SHOP, "/a", "--wait", "--output", "json"],
    )?;
    let document = promise::document("create", &sent.out)?;
    assert_eq!(
        (sent.code, &document["submissions"][0]["status"]),
        (Some(4), &json!("InProgress")),
        "{}",
        sent.err
    );
    assert!(sent.err.contains("ExpiredToken"), "{}", sent.err);
    Ok(())
}

#[test]
fn a_ledger_that_cannot_tell_what_is_left_is_no_ledger_without_anything() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    leave(&home, &served)?;
    refuse(&home, "BEFORE UPDATE OF claimed_by ON submission")?;
    let resumed = ended(&home, &served, &["resume", "--output", "json"])?;
    assert_eq!((resumed.code, resumed.out.as_str()), (Some(1), ""), "{}", resumed.err);
    assert_eq!(error(&resumed)?["code"], "ledger");
    Ok(())
}

#[test]
fn what_can_never_be_saved_ends_create_and_is_named() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    created(&home, &served, &["--distribution", SHOP, "/a"])?;
    refuse(&home, "BEFORE UPDATE ON submission WHEN NEW.accepted IS NOT NULL")?;
    let sent = ended(
        &home,
        &served,
        &["create", "--distribution", SHOP, "/b", "--wait", "--output", "json"],
    )?;
    let document = promise::document("create", &sent.out)?;
    let id = &document["submissions"][0]["invalidation_id"];
    assert_eq!((sent.code, id.is_string()), (Some(1), true), "{}", sent.err);
    assert!(
        sent.err.contains("Not saved yet: ") && sent.err.contains("refused by a trigger"),
        "{}",
        sent.err
    );
    assert!(sent.err.contains("not saved in the ledger: "), "{}", sent.err);
    Ok(())
}

#[test]
fn a_look_that_fails_costs_nothing_of_what_was_sent() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    let arguments = ["create", "--distribution", SHOP, "/a", "--look", "--output", "json"];
    for (trouble, more, code) in [
        (Trouble::InternalError, &[][..], 0),
        (Trouble::InternalError, &["--strict"], 7),
        (Trouble::ExpiredToken, &[], 4),
        (Trouble::Hang, &["--timeout", "2"], 5),
    ] {
        served
            .emulator
            .inject(Fault::new(trouble.clone()).on(Operation::GetInvalidation).always());
        let sent = ended(&home, &served, &[&arguments[..], more].concat())?;
        served.emulator.clear_faults();
        let document = promise::document("create", &sent.out).map_err(|wrong| format!("{wrong}: {}", sent.err))?;
        let one = &document["submissions"][0];
        assert_eq!(
            (sent.code, &one["status"], &one["edge"]["verdict"]),
            (Some(code), &json!("Completed"), &json!("cannot_tell")),
            "{trouble:?}: {}",
            sent.err
        );
    }
    served
        .emulator
        .inject(Fault::new(Trouble::Hang).on(Operation::GetInvalidation).always());
    let mut running = Running::start(&home, &served, &["create", "--distribution", SHOP, "/a", "--look"])?;
    running.says("Completed")?;
    running.signal(Signal::INT)?;
    let stopped = running.ended()?;
    assert_eq!(stopped.code, Some(130), "{}", stopped.err);
    assert!(stopped.out.contains("Completed"), "{}", stopped.out);
    assert!(!stopped.err.contains("before anything was sent"), "{}", stopped.err);
    Ok(())
}

#[test]
fn the_time_that_is_allowed_begins_with_the_command() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    served
        .emulator
        .inject(Fault::new(Trouble::Hang).on(Operation::ListDistributions).always());
    for arguments in [
        &["create", "--distribution", "www.shop.example", "/a"][..],
        &["wait", "--distribution", "www.shop.example", "I1"],
        &["resume"],
    ] {
        let late = ended(
            &home,
            &served,
            &[arguments, &["--timeout", "0.3", "--output", "json"]].concat(),
        )?;
        assert_eq!(
            (late.code, &error(&late)?["code"]),
            (Some(5), &json!("stopped")),
            "{arguments:?}"
        );
    }
    assert_eq!(made(&served).len(), 0);
    Ok(())
}

#[test]
fn what_was_never_sent_costs_nothing() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    let (sent, document) = created(&home, &served, &["--distribution", SHOP, "/a"])?;
    assert_eq!((sent.code, &document["billable"]), (Some(0), &json!(1)));
    served
        .emulator
        .inject(Fault::new(Trouble::AccessDenied).on(Operation::CreateInvalidation));
    let (refused, document) = created(&home, &served, &["--distribution", SHOP, "/b"])?;
    assert_eq!(
        (refused.code, &document["billable"], &document["at_most_usd"]),
        (Some(4), &json!(0), &json!("0.000"))
    );
    refuse(&home, "BEFORE INSERT ON submission")?;
    let (unplanned, document) = created(&home, &served, &["--distribution", SHOP, "/c"])?;
    assert_eq!(
        (
            unplanned.code,
            &document["billable"],
            &document["submissions"][0]["status"]
        ),
        (Some(1), &json!(0), &json!("Rejected"))
    );
    Ok(())
}

#[test]
fn wait_for_all_of_ours_asks_once_for_each_target_and_keeps_to_the_targets_named() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    served
        .emulator
        .configure(|settings| settings.completion_delay_ms = 600_000);
    for item in ["/a", "/b", "/c", "/d"] {
        created(&home, &served, &["--distribution", SHOP, item])?;
    }
    created(&home, &served, &["--distribution", DOCS, "/a"])?;
    served.emulator.configure(|settings| settings.completion_delay_ms = 0);
    let singly = |served: &Loopback| {
        let received = served.emulator.received();
        let asked = received.operations.get(&Operation::GetInvalidation);
        asked.copied().unwrap_or_default()
    };
    let before = singly(&served);
    let all = ended(
        &home,
        &served,
        &[
            "wait",
            "--all-mine",
            "--distribution",
            SHOP,
            "--timeout",
            "3",
            "--output",
            "json",
        ],
    )?;
    let rows = promise::document("wait", &all.out)?;
    let rows = rows["invalidations"].as_array().cloned().unwrap_or_default();
    assert_eq!(rows.len(), 4, "{}", all.out);
    assert!(rows.iter().all(|row| row["target"] == SHOP), "{}", all.out);
    assert!(rows.iter().all(|row| row["status"] == "InProgress"), "{}", all.out);
    // One list covers all four.
    assert_eq!(singly(&served) - before, 0);
    Ok(())
}

#[test]
fn the_next_step_stands_alone() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    let arguments = ["--distribution", SHOP, "--reference", "r", "--output", "json"];
    run(&home, &served, &[&["create", "/a"], &arguments[..]].concat())?;
    let other = run(&home, &served, &[&["create", "/b"], &arguments[..]].concat())?;
    assert_eq!(error(&other)?["next"], "use a different --reference for these");
    let none = [
        "create",
        "--distribution",
        SHOP,
        "/a",
        "--no-ledger",
        "--output",
        "json",
    ];
    let none = run(&home, &served, &none)?;
    assert_eq!(error(&none)?["next"], "add --reference or --reference-from-items");
    served
        .emulator
        .inject(Fault::new(Trouble::AccessDenied).on(Operation::GetInvalidation));
    let denied = run(
        &home,
        &served,
        &["show", "--distribution", SHOP, "I1", "--output", "json"],
    )?;
    let next = error(&denied)?["next"].clone();
    assert_eq!(
        next,
        "grant the identity cloudfront:GetInvalidation, or choose another --profile"
    );
    Ok(())
}
