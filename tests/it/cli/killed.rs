//! Scripts that are killed at random moments and run again, over a network that loses a third of the responses: each
//! intent ends as exactly one invalidation.
//!
//! The long runs: `cargo test --locked --test it -- --ignored killed::`.

use std::collections::BTreeMap;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::create::{SHOP, made, served};
use crate::support::chance::Chance;
use crate::support::command::Home;
use crate::support::loopback::Loopback;
use crate::support::lossy::Lossy;

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// As many scripts run at once.
const AT_ONCE: usize = 4;

/// More runs than any script needs until one of them says that it is done.
const TRIES: usize = 200;

struct Story {
    served: Loopback,
    lossy: Lossy,
    /// How often each script is killed.
    kills: usize,
    /// How long one run takes that is let alone.
    run: Duration,
}

impl Story {
    fn new(kills: usize, seed: u64) -> Result<Self, Fault> {
        let served = served()?;
        let lossy = Lossy::of_answers(&served.url, seed)?;
        let mut story = Self {
            served,
            lossy,
            kills,
            run: Duration::ZERO,
        };
        let home = Home::new()?;
        let begun = Instant::now();
        let mut quiet = story.command(&home, &["create", "--distribution", SHOP, "/first", "--yes"]);
        quiet.env("AWS_ENDPOINT_URL", &story.served.url).output()?;
        story.run = begun.elapsed();
        Ok(story)
    }

    fn command(&self, home: &Home, arguments: &[&str]) -> std::process::Command {
        let mut command = home.command_with_keys(arguments);
        command.env("AWS_ENDPOINT_URL", &self.lossy.url);
        command
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        command
    }

    /// Starts it and kills it at a random moment; whether it ended before that, and well.
    fn killed(&self, home: &Home, arguments: &[&str], chance: &mut Chance) -> Result<bool, Fault> {
        let mut child = self.command(home, arguments).spawn()?;
        let most = u64::try_from(self.run.as_micros())?.max(1);
        thread::sleep(Duration::from_micros(chance.below(most * 3 / 2)));
        child.kill()?;
        Ok(child.wait()?.code() == Some(0))
    }

    /// Plays the script of each intent, several at once, and counts the invalidations of each.
    fn play(
        &self,
        intents: usize,
        script: impl Fn(usize, &mut Chance) -> Result<(), Fault> + Sync,
    ) -> Result<BTreeMap<String, usize>, Fault> {
        let each = |worker: usize| -> Result<(), Fault> {
            for intent in (worker..intents).step_by(AT_ONCE) {
                script(intent, &mut Chance(intent as u64 + 1))?;
            }
            Ok(())
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..AT_ONCE).map(|worker| scope.spawn(move || each(worker))).collect();
            workers
                .into_iter()
                .try_for_each(|worker| worker.join().map_err(|_| "a script ended by itself")?)
        })?;
        let mut counts = BTreeMap::new();
        for (_, items) in made(&self.served) {
            *counts.entry(items.join(" ")).or_default() += 1;
        }
        counts.remove("/first");
        Ok(counts)
    }
}

fn item(intent: usize) -> String {
    format!("/intent-{intent:03}.html")
}

fn once_each(intents: usize) -> BTreeMap<String, usize> {
    (0..intents).map(|intent| (item(intent), 1)).collect()
}

/// A runner with an empty disk each time: the reference alone keeps it from happening twice.
fn on_fresh_disks(intents: usize, kills: usize) -> Result<(), Fault> {
    let story = Story::new(kills, 7)?;
    let counts = story.play(intents, |intent, chance| {
        let (item, key) = (item(intent), format!("deploy-{intent}"));
        let create = ["create", "--distribution", SHOP, &item, "--reference", &key, "--yes"];
        for _ in 0..story.kills {
            story.killed(&Home::new()?, &create, chance)?;
        }
        for _ in 0..TRIES {
            if story.command(&Home::new()?, &create).status()?.code() == Some(0) {
                return Ok(());
            }
        }
        Err(format!("{item} was never sent").into())
    })?;
    assert_eq!(counts, once_each(intents), "{}", story.lossy.figures());
    println!(
        "{intents} intents, {kills} kills each, fresh disks; the network: {}",
        story.lossy.figures()
    );
    Ok(())
}

/// What the ledger knows of an intent: nothing, or the word of its state.
fn status(home: &Home, note: &str) -> Result<Option<String>, Fault> {
    let history = home.run(&["history", note, "--output", "jsonl"])?;
    let first = history
        .out
        .lines()
        .next()
        .map(serde_json::from_str::<Value>)
        .transpose()?;
    Ok(first.and_then(|one| one["status"].as_str().map(str::to_owned)))
}

/// Without a reference, on one disk: what stands in the ledger is resumed, what does not was never sent.
fn on_one_disk(intents: usize, kills: usize) -> Result<(), Fault> {
    let story = Story::new(kills, 11)?;
    let home = Home::new()?;
    let counts = story.play(intents, |intent, chance| {
        let (item, note) = (item(intent), format!("note-{intent:03}"));
        let create = ["create", "--distribution", SHOP, &item, "--note", &note, "--yes"];
        for run in 0..TRIES {
            let known = status(&home, &note)?;
            match known.as_deref() {
                Some("InProgress" | "Completed") if run >= story.kills => return Ok(()),
                Some(_) if run < story.kills => drop(story.killed(&home, &["resume"], chance)?),
                Some(_) => drop(story.command(&home, &["resume"]).status()?),
                None if run < story.kills => drop(story.killed(&home, &create, chance)?),
                None => drop(story.command(&home, &create).status()?),
            }
        }
        Err(format!("{item} was never sent: {:?}", status(&home, &note)?).into())
    })?;
    assert_eq!(counts, once_each(intents), "{}", story.lossy.figures());
    println!(
        "{intents} intents, {kills} kills each, one disk; the network: {}",
        story.lossy.figures()
    );
    Ok(())
}

#[test]
fn a_killed_script_that_runs_again_elsewhere_sends_once() -> Result<(), Fault> {
    on_fresh_disks(AT_ONCE, 3)
}

#[test]
fn a_killed_script_that_is_resumed_sends_once() -> Result<(), Fault> {
    on_one_disk(AT_ONCE, 3)
}

#[test]
#[ignore = "takes minutes"]
fn fifty_intents_killed_ten_times_each_on_fresh_disks() -> Result<(), Fault> {
    on_fresh_disks(50, 10)
}

#[test]
#[ignore = "takes minutes"]
fn fifty_intents_killed_ten_times_each_on_one_disk() -> Result<(), Fault> {
    on_one_disk(50, 10)
}
