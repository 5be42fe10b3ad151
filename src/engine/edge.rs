//! Checks the edge: requests URLs one at a time, and derives a verdict from the responses.

pub(crate) mod state;

pub use state::{Edge, Subject};

use std::cmp::Reverse;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::distribution::{Distribution, DistributionConfig, Target};
use crate::domain::edge::{
    Address, Circumstances, EdgeResponse, EdgeSample, Made, Plan, Verdict, host_of, host_of_tenant, judge, plan,
    remarks,
};
use crate::domain::item::ItemKind;
use crate::domain::lint::Context;
use crate::domain::text::agree;
use crate::engine::effect::Effect;
use crate::engine::groups;
use crate::engine::notices::state::Level;
use crate::engine::pending::EdgeRequest;
use crate::engine::row::key::RowKey;
use crate::engine::row::{Row, row};
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;

/// The pause between two requests, because a check must not become a load test.
const PAUSE: Duration = Duration::from_millis(300);
/// The number of responses remembered per URL.
const KEPT: usize = 10;
/// The number of newest known paths searched for matches of a wildcard.
const SOUGHT: usize = 2_000;

/// The result of the edge check for a subject.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// The target.
    pub target: &'a Target,
    /// When the invalidation was created; `None` if it has not been created yet.
    pub made: Option<DateTime<Utc>>,
    /// The results for the URLs, in order.
    pub seen: Vec<Seen<'a>>,
    /// The skipped items, with reasons.
    pub left_out: Vec<String>,
    /// Reasons why a viewer may still get a different copy.
    pub remarks: Vec<String>,
}

/// The result for one URL.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    /// The URL.
    pub address: Address,
    /// The last response before the invalidation was created.
    pub before: Option<&'a EdgeSample>,
    /// The newest response.
    pub now: Option<&'a EdgeSample>,
    /// What the newest response proves; `None` if there is no invalidation or no response to judge.
    pub verdict: Option<Verdict>,
    /// Whether a response is pending.
    pub awaited: bool,
}

/// Returns the current result for a subject.
///
/// # Errors
/// Returns a sentence that explains why the subject cannot be checked.
pub fn report<'a>(engine: &'a Engine, subject: &'a Subject, plan: &Plan) -> Result<Report<'a>, String> {
    let (target, items, row) = parts(engine, subject)?;
    let Plan { addresses, left_out } = plan.clone();
    let made = row.as_ref().and_then(made);
    let seen: Vec<Seen<'_>> = addresses
        .into_iter()
        .map(|address| seen(engine, address, made))
        .collect();
    let responses: Vec<&EdgeResponse> = seen.iter().filter_map(|seen| seen.now?.result.as_ref().ok()).collect();
    let distribution = distribution(engine, target);
    let config = distribution.and_then(|distribution| engine.fleet.configs.get(&distribution.id));
    let served = distribution.map(|distribution| served(engine, distribution, config));
    let mut remarks = remarks(
        &responses,
        &Circumstances {
            distribution,
            config,
            items,
            served: &served.unwrap_or_default(),
        },
    );
    let under_way = row.is_some_and(|row| !row.status.eq_ignore_ascii_case("completed"));
    if under_way && made.is_some() {
        remarks.insert(
            0,
            "not Completed yet, so other edge locations may still have the old copy".to_owned(),
        );
    }
    remarks.extend(seen.first().and_then(|seen| groups::remark(engine, &seen.address.host)));
    remarks.extend(one_place(&responses));
    Ok(Report {
        target,
        made: made.map(|made| made.at),
        seen,
        left_out,
        remarks,
    })
}

/// Returns the available information about how a distribution serves its paths.
fn served(engine: &Engine, distribution: &Distribution, config: Option<&DistributionConfig>) -> Context {
    let policies = &engine.fleet.policies;
    Context::of(distribution, config).with_keys(|policy| policies.key(policy))
}

/// Returns a remark that all responses came from one edge location, because a single machine reaches only one.
fn one_place(responses: &[&EdgeResponse]) -> Option<String> {
    let mut places: Vec<&str> = responses
        .iter()
        .filter_map(|response| response.pop.as_deref())
        .collect();
    places.dedup();
    let said = places.join(", ");
    (!places.is_empty()).then(|| format!("checked only at {said}; other edge locations have their own copies"))
}

type Parts<'a> = (&'a Target, &'a [String], Option<Row<'a>>);

fn parts<'a>(engine: &'a Engine, subject: &'a Subject) -> Result<Parts<'a>, String> {
    match subject {
        Subject::Draft { target, items } => Ok((target, items, None)),
        Subject::Row(key) => {
            let row = row(engine, key).ok_or("no longer loaded")?;
            Ok((row.target, items_of(&row)?, Some(row)))
        }
    }
}

fn items_of<'a>(row: &Row<'a>) -> Result<&'a [String], String> {
    let unread = "its items are still loading";
    let why_not = || row.unreadable.unwrap_or(unread).to_owned();
    row.items.ok_or_else(why_not)
}

/// Returns the distribution whose configuration applies to the target.
fn distribution<'a>(engine: &'a Engine, target: &Target) -> Option<&'a Distribution> {
    match target {
        Target::Distribution(id) => engine.fleet.get(id),
        Target::Tenant(id) => engine.fleet.get(&engine.tenants.get(id)?.distribution),
    }
}

/// Returns the host name that viewers use for a target.
fn host(engine: &Engine, target: &Target) -> Result<String, String> {
    let host = match target {
        Target::Distribution(id) => engine.fleet.get(id).map(host_of),
        Target::Tenant(id) => engine.tenants.get(id).map(|tenant| {
            let before_dns = |why| groups::reached(engine, tenant).map_or(Err(why), |reached| reached);
            host_of_tenant(tenant).or_else(before_dns)
        }),
    };
    host.ok_or_else(|| format!("the host name of {target} is unknown"))?
}

/// Returns the URLs to request for a subject.
pub(crate) fn planned(engine: &Engine, subject: &Subject) -> Result<Plan, String> {
    let (target, items, _) = parts(engine, subject)?;
    let host = host(engine, target)?;
    let plan = plan(&host, items, &known(engine, target), engine.preferences.edge.requests);
    match plan.left_out.first() {
        Some(reason) if plan.addresses.is_empty() => Err(reason.clone()),
        _ => Ok(plan),
    }
}

/// Returns the newest paths ever cleared on a target, limited to what can be processed between two frames.
fn known<'a>(engine: &'a Engine, target: &Target) -> Vec<&'a str> {
    let sent = engine.sent_to(target).rev();
    let sent = sent.flat_map(|s| s.batch.items());
    let seen = engine.histories.known().filter(|(owner, _)| *owner == target);
    let mut seen: Vec<_> = seen.map(|(_, invalidation)| invalidation).collect();
    seen.sort_by_key(|invalidation| (Reverse(invalidation.create_time), &invalidation.id));
    let seen = seen.into_iter().flat_map(|invalidation| &invalidation.items);
    let paths = sent.chain(seen).filter(|item| ItemKind::of(item) == ItemKind::Path);
    paths.take(SOUGHT).map(String::as_str).collect()
}

/// Returns the time after which a copy is newer than the invalidation. If there was only one attempt, the local clock
/// is used. The local clock also times the copies, so any difference from CloudFront's clock does not matter.
fn made(row: &Row<'_>) -> Option<Made> {
    let sent = row.submission.filter(|s| s.attempts == 1).and_then(|s| s.first_sent);
    row.create_time.map(|created| Made {
        at: sent.unwrap_or(created),
        by_own_clock: sent.is_some(),
    })
}

fn seen(engine: &Engine, address: Address, made: Option<Made>) -> Seen<'_> {
    let looks = engine.edge.looks.get(&address).map_or(&[][..], Vec::as_slice);
    let since = |look: &&EdgeSample| made.is_none_or(|made| look.at >= made.at);
    let now = looks.iter().rev().find(since);
    let before = looks.iter().rev().find(|look| !since(look));
    Seen {
        verdict: made.and_then(|made| Some(judge(now?, made, looks))),
        awaited: engine.edge.awaits(&address),
        address,
        before,
        now,
    }
}

/// Returns whether an invalidation can be checked, using only tests that are cheap enough to run in every frame. Only
/// the check itself determines whether any URL of the invalidation is known.
///
/// # Errors
/// Returns a sentence that explains why the invalidation cannot be checked.
pub fn can_look_at_row(engine: &Engine, key: &RowKey) -> Result<(), String> {
    let row = row(engine, key).ok_or("no longer loaded")?;
    items_of(&row)?;
    host(engine, row.target).map(drop)
}

/// Returns whether the items for a target can be checked, using only tests that are cheap enough to run in every frame.
///
/// # Errors
/// Returns a sentence that explains why the items cannot be checked.
pub fn can_look_at_draft(engine: &Engine, target: &Target) -> Result<(), String> {
    host(engine, target).map(drop)
}

/// Starts an edge check of a subject.
pub(crate) fn look_at(engine: &mut Engine, subject: &Subject) -> Result<Plan, String> {
    let plan = planned(engine, subject)?;
    look(engine, &plan);
    Ok(plan)
}

/// Requests every URL of a plan, unless it is already being requested or queued.
pub(crate) fn look(engine: &mut Engine, plan: &Plan) {
    for address in &plan.addresses {
        if !engine.edge.awaits(address) {
            engine.edge.waiting.push_back(address.clone());
        }
    }
    visit_next(engine);
    engine.touch();
}

/// Handles the completion of one of our invalidations: starts an edge check if the settings ask for it.
pub(crate) fn completed(engine: &mut Engine, key: RowKey) {
    let subject = Subject::Row(key);
    if !engine.preferences.edge.after_completed {
        return;
    }
    if let Ok(plan) = planned(engine, &subject) {
        look(engine, &plan);
        engine.edge.told.push((subject, plan));
    }
}

/// Requests the next URL, unless a request is in flight or the pause has not ended yet.
pub(crate) fn visit_next(engine: &mut Engine) {
    if engine.edge.asking.is_some() || engine.is_timed(&TimerKind::NextVisit) {
        return;
    }
    let Some(address) = engine.edge.waiting.pop_front() else {
        return;
    };
    engine.edge.asking = Some(address.clone());
    let request = engine.request(EdgeRequest(address.clone()));
    let method = engine.preferences.edge.method;
    let by = groups::endpoint(engine, &address.host).map(str::to_owned);
    engine.ask(Effect::VisitEdge {
        request,
        address,
        method,
        by,
    });
}

/// Stores an edge response, or the failure to get one, and schedules the next request if any URL is queued.
pub(crate) fn visited(engine: &mut Engine, address: Address, result: Result<EdgeResponse, String>) {
    let look = EdgeSample { at: engine.now, result };
    engine.edge.asking = None;
    let looks = engine.edge.looks.entry(address).or_default();
    if looks.len() == KEPT {
        // The first response may be the one from before the invalidation, so the second is dropped.
        looks.remove(1);
    }
    looks.push(look);
    if !engine.edge.waiting.is_empty() {
        engine.timer(TimerKind::NextVisit, PAUSE);
    }
    tell(engine);
    engine.touch();
}

/// Announces the outcome of automatic checks once they are complete.
fn tell(engine: &mut Engine) {
    let told = std::mem::take(&mut engine.edge.told);
    for (subject, plan) in told {
        let Ok(report) = report(engine, &subject, &plan) else {
            continue;
        };
        if report.seen.iter().any(|seen| seen.awaited) {
            engine.edge.told.push((subject, plan));
        } else {
            let (level, text) = summary(&report);
            let text = format!("{}: {text}", engine.label(report.target));
            engine.say(level, text);
        }
    }
}

/// Returns the level and text of a summary, such as
/// `2 of 3 URLs checked are fresh at the edge; the other is inconclusive`.
fn summary(report: &Report<'_>) -> (Level, String) {
    let count = |word| {
        let verdicts = report.seen.iter().filter_map(|seen| seen.verdict.as_ref());
        verdicts.filter(|verdict| verdict.word() == word).count()
    };
    let (fresh, stale, all) = (count("fresh"), count("stale"), report.seen.len());
    match stale {
        0 if fresh == all => (Level::Done, format!("fresh at the edge: {all} of {all} URLs checked")),
        0 => (
            Level::Info,
            format!(
                "{fresh} of {all} URLs checked {} fresh at the edge; {} inconclusive",
                agree(fresh, "is", "are"),
                agree(all - fresh, "the other is", "the others are")
            ),
        ),
        _ => (
            Level::Warning,
            format!(
                "{stale} of {all} URLs checked {} still stale at the edge",
                agree(stale, "is", "are")
            ),
        ),
    }
}
