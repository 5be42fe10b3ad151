//! The count of the month: its figures agree with the emulator's call log, and nothing is requested twice.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use invalidash::domain::month::{Count, Figures};
use invalidash::emulator::{Emulator, Fault, Operation, Options, Request, Trouble};
use invalidash::engine::month::resumed;
use invalidash::runtime::clock::ServiceClock;
use invalidash::runtime::counting::{Counter, Interrupted};
use invalidash::runtime::ledger::Ledger;
use tempfile::TempDir;

use crate::support::clock::Clock;
use crate::support::connector::InProcess;
use crate::support::dashboard::Stage;

struct Scene {
    emulator: Arc<Emulator>,
    clock: Clock,
    folder: TempDir,
}

impl Scene {
    fn new() -> Self {
        let emulator = Arc::new(Emulator::new(Options::default()));
        // Everything has several pages.
        emulator.configure(|settings| settings.page_limit = 3);
        Self {
            emulator,
            clock: Clock::new(),
            folder: TempDir::new().unwrap(),
        }
    }

    fn counter(&self, folder: &Path) -> Counter {
        Counter {
            cloudfront: InProcess::new(Arc::clone(&self.emulator), self.clock).cloudfront(),
            ledger: Ledger::open(folder).unwrap(),
            clock: ServiceClock::of(self.clock),
        }
    }

    /// Counts for so many seconds, in a process of its own.
    async fn counts_for(&self, seconds: u64, folder: &Path) -> Result<Count, Count> {
        let counter = self.counter(folder);
        let mut count = resumed(counter.known().await.unwrap(), self.clock.now());
        let stop = tokio::time::sleep(Duration::from_secs(seconds));
        match counter.go_on(&mut count, stop).await {
            Ok(()) => Ok(count),
            Err(Interrupted::Stopped(())) => Err(count),
            Err(other) => unreachable!("{other:?}"),
        }
    }

    async fn counts(&self, folder: &Path) -> Count {
        self.counts_for(3_600, folder).await.unwrap()
    }

    /// Every target, distributions first.
    fn targets() -> Vec<(bool, String)> {
        let account = include_str!("../../assets/demo/account.json");
        let account: serde_json::Value = serde_json::from_str(account).unwrap();
        let ids = |key: &str, id: fn(&serde_json::Value) -> &serde_json::Value| -> Vec<String> {
            let all = account[key].as_array().unwrap().iter();
            all.map(|one| id(one).as_str().unwrap().to_owned()).collect()
        };
        let distributions = ids("distributions", |one| &one["distribution"]["id"]);
        let tenants = ids("tenants", |one| &one["id"]);
        let distributions = distributions.into_iter().map(|id| (false, id));
        distributions.chain(tenants.into_iter().map(|id| (true, id))).collect()
    }

    /// Another client's invalidation; how many paths of it count.
    fn makes(&self, (is_tenant, target): &(bool, String), reference: &str, paths: usize, at: DateTime<Utc>) {
        let resource = if *is_tenant {
            "distribution-tenant"
        } else {
            "distribution"
        };
        let items: Vec<String> = (0..paths).map(|n| format!("<Path>/{reference}/{n}</Path>")).collect();
        let items = items.concat();
        let body = format!(
            "<InvalidationBatch><Paths><Quantity>{paths}</Quantity><Items>{items}</Items></Paths>\
             <CallerReference>{reference}</CallerReference></InvalidationBatch>"
        );
        let path = format!("/2020-05-31/{resource}/{target}/invalidation");
        self.emulator.handle(&Request::post(&path, body), at);
    }

    /// What three clients made over two months; how many paths of this month the emulator's record has.
    fn history(&self) -> u64 {
        self.emulator.configure(|settings| settings.check_dates = false);
        let (now, targets) = (self.clock.now(), Self::targets());
        let mut of_this_month = Vec::new();
        // The oldest come first, in the order in which they were created.
        for step in (0..150).rev() {
            let at = now - TimeDelta::hours(step * 6);
            let number = usize::try_from(step).unwrap();
            let target = &targets[number * 7 % targets.len()];
            let seconds = at.timestamp();
            let reference = match step % 3 {
                0 => format!("cli-{seconds}-{number}"),
                1 => format!("3f6cd2ab-0d05-4f6d-9b1c-{number:012}"),
                _ => format!("{seconds}.{number}"),
            };
            self.makes(target, &reference, 1 + number % 5, at);
            if at >= "2026-11-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() {
                of_this_month.push(reference);
            }
        }
        self.emulator.configure(|settings| settings.check_dates = true);
        let made = self.emulator.received().creations;
        let made = made.iter().filter(|one| !one.invalidations.is_empty());
        let counted = made.filter(|one| of_this_month.contains(&one.caller_reference));
        let paths = counted.map(|one| one.items.len() as u64).sum();
        self.emulator.forget_received();
        paths
    }

    fn asked(&self) -> u64 {
        self.emulator.received().operations.values().sum()
    }
}

fn sum<T>(parts: impl IntoIterator<Item = (T, u64)>) -> u64 {
    parts.into_iter().map(|(_, paths)| paths).sum()
}

fn is_consistent(figures: &Figures) {
    assert_eq!(sum(figures.days.clone()), figures.paths);
    assert_eq!(sum(figures.makers.clone()), figures.paths);
    assert_eq!(figures.targets.iter().map(|one| one.paths).sum::<u64>(), figures.paths);
}

#[tokio::test(start_paused = true)]
async fn the_month_is_what_the_record_says_and_two_interruptions_ask_nothing_twice() {
    let scene = Scene::new();
    let paths = scene.history();
    let begun = scene.clock.now();
    let whole = scene.counts(&scene.folder.path().join("whole")).await;
    let asked = scene.asked();
    let took = (scene.clock.now() - begun).num_seconds();
    assert!(took >= i64::try_from(asked).unwrap() - 2, "{asked} reads in {took} s");
    let figures = whole.figures();
    is_consistent(&figures);
    assert_eq!((figures.paths, figures.exact), (paths, true), "{figures:?}");
    assert_eq!(figures.counted(), "14 of 14 distributions, 12 of 12 tenants");
    assert_eq!(
        figures
            .makers
            .iter()
            .map(|(maker, _)| *maker)
            .collect::<std::collections::BTreeSet<_>>(),
        [
            "the AWS CLI",
            "the console, the CDK, or an SDK (UUID)",
            "a script or plugin (timestamp)"
        ]
        .into()
    );

    scene.emulator.forget_received();
    let folder = scene.folder.path().join("interrupted");
    let first = scene.counts_for(4, &folder).await.unwrap_err();
    let second = scene.counts_for(asked / 2, &folder).await.unwrap_err();
    assert!(first.figures().paths < second.figures().paths && second.figures().paths < paths);
    assert!(second.figures().used().starts_with("≥ "), "{}", second.figures().used());
    is_consistent(&second.figures());
    let end = scene.counts(&folder).await;
    assert_eq!(scene.asked(), asked);
    assert_eq!((end.figures().paths, end.figures().exact), (paths, true));
}

#[tokio::test(start_paused = true)]
async fn a_later_count_reads_only_what_is_new() {
    let scene = Scene::new();
    let paths = scene.history();
    let folder = scene.folder.path();
    scene.counts(folder).await;
    scene.emulator.forget_received();
    let targets = Scene::targets();
    scene.makes(&targets[0], "deploy-1", 7, scene.clock.now());
    scene.emulator.forget_received();
    let again = scene.counts(folder).await;
    assert_eq!(again.figures().paths, paths + 7);
    let operations = scene.emulator.received().operations;
    assert_eq!(operations.get(&Operation::GetInvalidation), Some(&1));
    assert_eq!(operations.get(&Operation::GetInvalidationForDistributionTenant), None);
    // Each list is read up to the first known invalidation.
    let lists = operations[&Operation::ListInvalidations];
    assert!(lists <= 16, "{lists}");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_allowed_makes_it_a_lower_bound_and_is_named_once() {
    let scene = Scene::new();
    let paths = scene.history();
    for operation in [
        Operation::GetInvalidation,
        Operation::ListInvalidationsForDistributionTenant,
    ] {
        scene
            .emulator
            .inject(Fault::new(Trouble::AccessDenied).on(operation).always());
    }
    let count = scene.counts(scene.folder.path()).await;
    let figures = count.figures();
    is_consistent(&figures);
    assert!(
        !figures.exact && figures.paths < paths && figures.unread > 0,
        "{figures:?}"
    );
    assert_eq!(
        count.discovery.lacks.iter().collect::<Vec<_>>(),
        ["GetInvalidation", "ListInvalidationsForDistributionTenant"]
    );
    assert!(figures.used().starts_with("≥ "));
    // Once it is permitted, a later count has everything.
    scene.emulator.clear_faults();
    let again = scene.counts(scene.folder.path()).await;
    assert_eq!((again.figures().paths, again.figures().exact), (paths, true));
}

#[tokio::test(start_paused = true)]
async fn the_month_ends_at_midnight_utc_and_the_next_one_begins_at_nothing() {
    let scene = Scene::new();
    let targets = Scene::targets();
    let at = |time: &str| time.parse::<DateTime<Utc>>().unwrap();
    scene.emulator.configure(|settings| settings.check_dates = false);
    scene.makes(&targets[1], "before", 4, at("2026-10-31T23:59:59Z"));
    scene.makes(&targets[1], "first", 2, at("2026-11-01T00:00:00Z"));
    scene.emulator.configure(|settings| settings.check_dates = true);
    let count = scene.counts(scene.folder.path()).await;
    let figures = count.figures();
    assert_eq!((figures.paths, figures.invalidations), (2, 1));
    let pace = figures.at_this_pace(&count, at("2026-11-11T00:00:00Z"));
    assert_eq!(pace, Some(6), "ten of thirty days");
    assert_eq!(figures.at_this_pace(&count, at("2026-11-01T12:00:00Z")), None);
}

/// Another machine's count, to compare with.
async fn counted_elsewhere(stage: &Stage) -> Figures {
    let (folder, clock) = (TempDir::new().unwrap(), stage.clock);
    let counter = Counter {
        cloudfront: InProcess::new(Arc::clone(&stage.emulator), clock).cloudfront(),
        ledger: Ledger::open(folder.path()).unwrap(),
        clock: ServiceClock::of(clock),
    };
    let mut count = resumed(counter.known().await.unwrap(), clock.now());
    counter.go_on(&mut count, std::future::pending::<()>()).await.unwrap();
    count.figures()
}

#[tokio::test(start_paused = true)]
async fn the_dashboard_counts_and_goes_on_at_the_next_start() {
    let stage = Stage::demo();
    let expected = counted_elsewhere(&stage).await;
    stage.emulator.forget_received();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.waits(2).await;
            person.press("U");
            person.sees("Not counted yet").await;
            person.press("<enter>");
            person.sees("Counting at one request per second").await;
            person.waits(20).await;
            let screen = person.screen();
            assert!(screen.contains("≥ "), "{screen}");
            person.press("<enter>");
            person.sees("Stopped; resumes where it left off").await;
            person.waits(2).await;
        })
        .await;
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.waits(2).await;
            person.press("U");
            person.sees("Stopped; resumes where it left off").await;
            person.press("<enter>");
            person.waits(600).await;
            let screen = person.screen();
            assert!(screen.contains("14 of 14 distributions, 12 of 12 tenants"), "{screen}");
            assert!(screen.contains(&format!("{} · counted", expected.used())), "{screen}");
            person.press("<esc>");
            person.reviews("/x").await;
            let used = format!("{} free paths used, counted", expected.used());
            person.sees(&used).await;
        })
        .await;
    // Whatever else the dashboard reads of the newest, each one of the month was counted once.
    let lists = stage.emulator.received().operations[&Operation::ListInvalidationsForDistributionTenant];
    assert_eq!(lists, 12);
}
