//! `wait`: waits until invalidations are completed, tolerating failures in the meantime.

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::time::Instant;

use super::connect::connect;
use super::engine::{Ask, Core, Engine, Wishes, login};
use super::error::Error;
use super::look::{self, Looked, Looks, Pair};
use super::print::Rows;
use super::progress::{Progress, Stand};
use super::runtime::runtime;
use super::signal::{Stop, in_time};
use super::{report, show, targets};
use crate::cli::{self, OnLogin, Waiting};
use crate::domain::distribution::Target;
use crate::domain::export::timestamp;
use crate::domain::failure::RefusalKind;
use crate::domain::invalidation::InvalidationId;
use crate::domain::text::{agree, count};
use crate::engine::data::Unreadable;
use crate::runtime::cloudfront::CloudFront;
use crate::settings::Settings;

/// Waits and prints the final status of each invalidation.
pub(super) fn run(arguments: &cli::Wait, settings: &Settings) -> Result<u8, Error> {
    let deadline = deadline(&arguments.waiting);
    runtime()?.block_on(async {
        let connection = in_time(deadline, connect(settings)).await?;
        let cloudfront = CloudFront::new(connection.clone());
        let (targets, named) = in_time(deadline, named(&cloudfront, arguments)).await?;
        let wishes = Wishes {
            only_watches: true,
            ..Wishes::of(&arguments.waiting, deadline, arguments.output)
        };
        let mut engine = Engine::start(settings, connection, wishes).await?;
        let pairs = if arguments.ids.is_empty() {
            ours(engine.core(), arguments.job.as_deref(), &targets)
        } else {
            Ok(named)
        };
        let code = match pairs {
            Ok(pairs) => wait(&mut engine, &cloudfront, &pairs, deadline, arguments).await,
            Err(error) => Err(error),
        };
        engine.end().await;
        code
    })
}

/// Returns the named targets, and each id with its target. If there are several targets, looks up which one each id
/// belongs to.
async fn named(cloudfront: &CloudFront, arguments: &cli::Wait) -> Result<(Vec<Target>, Vec<Pair>), Error> {
    let targets = targets::find(cloudfront, &arguments.distribution).await?;
    let mut pairs = Vec::new();
    for id in arguments.ids.iter().map(InvalidationId::new) {
        pairs.push(match targets.as_slice() {
            [target] => (target.clone(), id),
            several => owner(cloudfront, several, id).await?,
        });
    }
    Ok((targets, pairs))
}

async fn owner(cloudfront: &CloudFront, targets: &[Target], id: InvalidationId) -> Result<Pair, Error> {
    for target in targets {
        match show::get(cloudfront, target, &id).await {
            Ok(_) => return Ok((target.clone(), id)),
            Err(failure) if failure.kind() == Some(RefusalKind::NotFound) => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    Err(Error::Target(format!(
        "none of these targets has an invalidation {id}; check the ids"
    )))
}

/// Returns all invalidations in progress for this endpoint and account, from every run recorded in this ledger, limited
/// to the job and the targets if any are given.
fn ours(model: &Core, job: Option<&str>, targets: &[Target]) -> Result<Vec<Pair>, Error> {
    if let Some(failure) = model.ledger.failure() {
        return Err(Error::Unread(failure.clone()));
    }
    let of_job = model
        .queue
        .all()
        .filter(|s| job.is_none_or(|job| s.job.as_str() == job));
    let of_target = of_job.filter(|s| targets.is_empty() || targets.contains(&s.target));
    let in_progress = of_target.filter(|s| model.is_here(&s.scope));
    let in_progress = in_progress.filter_map(|s| Some((s.target.clone(), s.state.in_progress()?.0.clone())));
    Ok(in_progress.collect())
}

async fn wait(
    engine: &mut Engine,
    cloudfront: &CloudFront,
    pairs: &[Pair],
    deadline: Option<Instant>,
    arguments: &cli::Wait,
) -> Result<u8, Error> {
    let waiting = &arguments.waiting;
    engine.ask(Ask::Follow(pairs.to_vec()));
    let mut progress = Progress::new(waiting.quiet, arguments.output);
    let ended = engine.until_each(deadline, progress.beat(), |model| {
        let stands: Vec<Stand> = pairs.iter().map(|pair| stand(model, pair)).collect();
        progress.tell(&stands, model.now);
        let locked_out = waiting.on_login == OnLogin::Fail;
        let mut logins = pairs.iter().filter_map(|(target, _)| login(model, target));
        match locked_out.then(|| logins.next()).flatten() {
            Some(failure) => Some(Err(failure)),
            None => stands.iter().all(|stand| stand.ended).then_some(Ok(())),
        }
    });
    let ended = ended.await;
    progress.finish();
    if let Ok(Err(failure)) = ended {
        return Err(failure.into());
    }
    let done: Vec<Pair> = pairs
        .iter()
        .filter(|pair| is_completed(engine.core(), pair))
        .cloned()
        .collect();
    let looks = match ended {
        Ok(_) if waiting.look => look::look(engine, cloudfront, &done, deadline).await,
        _ => Looks::default(),
    };
    if waiting.notify && ended.is_ok() && !done.is_empty() {
        announce(engine, pairs, &done);
    }
    print(engine.core(), pairs, &done, &looks.all, arguments)?;
    if let Some(stop) = ended.err() {
        tell_open(engine.core(), pairs);
        return Ok(stop.exit_code());
    }
    let looked = looks.exit_code(waiting.strict, arguments.output);
    Ok(exit_code(engine.core(), pairs, looks.stop, looked))
}

/// Announces the outcome as the dashboard does for a job. Fields that this command cannot fill are left empty.
fn announce(engine: &mut Engine, pairs: &[Pair], done: &[Pair]) {
    let each = |tell: fn(&Pair) -> String| done.iter().map(tell).collect::<Vec<_>>().join(" ");
    let (ids, targets) = (each(|(_, id)| id.to_string()), each(|(target, _)| target.to_string()));
    let status = if done.len() == pairs.len() {
        "Completed"
    } else {
        "Partial"
    };
    let scope = engine.core().scope();
    let account = scope.and_then(|scope| scope.account.as_ref()).map(ToString::to_string);
    let facts = vec![
        ("INVALIDASH_STATUS", status.to_owned()),
        ("INVALIDASH_ID", ids.clone()),
        ("INVALIDASH_TARGET", targets),
        ("INVALIDASH_COMPLETED", done.len().to_string()),
        ("INVALIDASH_REFUSED", (pairs.len() - done.len()).to_string()),
        ("INVALIDASH_ACCOUNT", account.unwrap_or_default()),
        (
            "INVALIDASH_PROFILE",
            scope.map_or_else(String::new, |scope| scope.profile.clone()),
        ),
    ];
    let text = format!("{status}: {}", count(done.len(), "invalidation"));
    engine.ask(Ask::Announce(text, facts));
}

/// Returns the time at which a command gives up if its timeout starts now.
pub(super) fn deadline(waiting: &Waiting) -> Option<Instant> {
    waiting.timeout.map(|timeout| Instant::now() + timeout)
}

fn is_completed(model: &Core, (target, id): &Pair) -> bool {
    let row = model.histories.get(target).and_then(|history| history.get(id));
    row.is_some_and(|row| row.status.is_completed())
}

fn stand(model: &Core, pair: &Pair) -> Stand {
    let (target, id) = pair;
    let history = model.histories.get(target);
    let row = history.and_then(|history| history.get(id));
    let unreadable = model.histories.unreadable(target, id).map(str::to_owned);
    let failure = history.and_then(|history| history.freshness.failure.as_ref());
    Stand {
        name: format!("{target} {id}"),
        word: row.map_or("loading", |row| row.status.as_str()).to_owned(),
        ended: unreadable.is_some() || is_completed(model, pair),
        reason: unreadable.or_else(|| failure.map(|failure| format!("{failure}; retrying"))),
    }
}

fn tell_open(model: &Core, pairs: &[Pair]) {
    let open = pairs.iter().filter(|pair| !is_completed(model, pair)).count();
    let still = format!(
        "{} {} not Completed yet",
        count(open, "invalidation"),
        agree(open, "is", "are")
    );
    report::tell(&format!("{still}; run the same command again to keep waiting"));
}

/// Returns the exit code. A stopped edge check takes precedence, then invalidations that cannot be read, then the
/// result of the check.
fn exit_code(model: &Core, pairs: &[Pair], stop: Option<Stop>, looked: u8) -> u8 {
    let unreadable = pairs
        .iter()
        .filter_map(|(target, id)| model.histories.why_unreadable(target, id));
    let worst = unreadable.map(Unreadable::exit_code).max();
    stop.map(Stop::exit_code).or(worst).unwrap_or(looked)
}

const HEADINGS: [&str; 5] = ["Target", "Id", "Status", "CreateTime", "Edge"];

fn print(model: &Core, pairs: &[Pair], done: &[Pair], looks: &[Looked], arguments: &cli::Wait) -> Result<(), Error> {
    let mut rows = Rows::new(arguments.output, "invalidations", &HEADINGS, "nothing is in progress");
    for pair in pairs {
        let looked = done.iter().position(|one| one == pair).and_then(|at| looks.get(at));
        let entry = Entry::of(model, pair, looked);
        if !rows.push(&entry, || entry.cells())? {
            break;
        }
    }
    rows.finish()
}

/// An entry of the `--output json` document, kept separate from the domain's types so that those types can change.
#[derive(Serialize)]
struct Entry<'a> {
    target: &'a str,
    target_kind: &'static str,
    id: &'a str,
    status: Option<&'a str>,
    create_time: Option<DateTime<Utc>>,
    problem: Option<&'a str>,
    edge: Option<&'a Looked>,
}

impl<'a> Entry<'a> {
    fn of(model: &'a Core, (target, id): &'a Pair, edge: Option<&'a Looked>) -> Self {
        let row = model.histories.get(target).and_then(|history| history.get(id));
        Self {
            target: target.id(),
            target_kind: target.kind(),
            id: id.as_str(),
            status: row.map(|row| row.status.as_str()),
            create_time: row.map(|row| row.create_time),
            problem: model.histories.unreadable(target, id),
            edge,
        }
    }

    fn cells(&self) -> Vec<String> {
        vec![
            self.target.to_owned(),
            self.id.to_owned(),
            self.status.or(self.problem).unwrap_or("-").to_owned(),
            self.create_time.map_or_else(|| "-".to_owned(), timestamp),
            self.edge.map_or("-", |looked| looked.verdict).to_owned(),
        ]
    }
}
