//! Looks at the edge: which addresses are asked, one after another, and what the answers add up to.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::distribution::{Distribution, Target};
use crate::domain::edge::{
    Address, Circumstances, EdgeResponse, EdgeSample, Made, Method, Plan, Verdict, host_of, host_of_tenant, judge,
    plan, remarks,
};
use crate::domain::item::ItemKind;
use crate::domain::text::agree;
use crate::engine::effect::Effect;
use crate::engine::notices::Level;
use crate::engine::purpose::Purpose;
use crate::engine::row::{Row, RowKey, row};
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;

/// Between one visit and the next: a look is no load test.
const PAUSE: Duration = Duration::from_millis(300);
/// Looks at an address that are remembered.
const KEPT: usize = 10;
/// Paths that are known, the newest first, among which those below a wildcard are sought.
const SOUGHT: usize = 2_000;

/// How the edge is checked, from the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdgeOptions {
    /// The HTTP method of an edge check.
    pub method: Method,
    /// Addresses that one look asks for at most.
    pub most: usize,
    /// Whether a look is taken by itself when an invalidation of ours is completed.
    pub after_completed: bool,
}

impl Default for EdgeOptions {
    fn default() -> Self {
        Self {
            method: Method::Get,
            most: 5,
            after_completed: false,
        }
    }
}

/// The edge responses of this run, and the URLs that are still to be requested.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    looks: BTreeMap<Address, Vec<EdgeSample>>,
    waiting: VecDeque<Address>,
    asking: Option<Address>,
    /// Looks whose outcome is told when their last answer came.
    told: Vec<(Subject, Plan)>,
}

impl Edge {
    /// The looks at an address, the oldest first.
    #[must_use]
    pub fn looks(&self, address: &Address) -> &[EdgeSample] {
        self.looks.get(address).map_or(&[], Vec::as_slice)
    }

    /// Whether an address is being asked for, or will be.
    #[must_use]
    pub fn awaits(&self, address: &Address) -> bool {
        self.asking.as_ref() == Some(address) || self.waiting.contains(address)
    }
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An invalidation.
    Row(RowKey),
    /// What is to be invalidated.
    Draft {
        /// At what it is aimed.
        target: Target,
        /// Its items in wire form.
        items: Vec<String>,
    },
}

/// Everything about a subject that was seen.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// What the invalidation is aimed at.
    pub target: &'a Target,
    /// When it was made; `None` while it is not.
    pub made: Option<DateTime<Utc>>,
    /// The addresses in their order.
    pub seen: Vec<Seen<'a>>,
    /// What is skipped, and why.
    pub left_out: Vec<String>,
    /// Why a reader may see something else.
    pub remarks: Vec<String>,
}

/// What was seen of an address.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    /// Where.
    pub address: Address,
    /// The last look before the invalidation was made.
    pub before: Option<&'a EdgeSample>,
    /// The newest look.
    pub now: Option<&'a EdgeSample>,
    /// What the newest one proves; `None` before there is an invalidation to judge, or a look.
    pub verdict: Option<Verdict>,
    /// Whether an answer is waited for.
    pub awaited: bool,
}

/// What a look at this would show.
///
/// # Errors
/// Why it cannot be looked at, in a sentence.
pub fn report<'a>(engine: &'a Engine, subject: &'a Subject, plan: &Plan) -> Result<Report<'a>, String> {
    let (target, items, row) = parts(engine, subject)?;
    let Plan { addresses, left_out } = plan.clone();
    let made = row.as_ref().and_then(made);
    let seen: Vec<Seen<'_>> = addresses
        .into_iter()
        .map(|address| seen(engine, address, made))
        .collect();
    let sights: Vec<&EdgeResponse> = seen.iter().filter_map(|seen| seen.now?.result.as_ref().ok()).collect();
    let distribution = distribution(engine, target);
    let mut remarks = remarks(
        &sights,
        &Circumstances {
            distribution,
            config: distribution.and_then(|distribution| engine.fleet.configs.get(&distribution.id)),
            items,
        },
    );
    let under_way = row.is_some_and(|row| !row.status.eq_ignore_ascii_case("completed"));
    if under_way && made.is_some() {
        remarks.insert(
            0,
            "it is not Completed: other edge locations may still have the old copy".to_owned(),
        );
    }
    remarks.extend(one_place(&sights));
    Ok(Report {
        target,
        made: made.map(|made| made.at),
        seen,
        left_out,
        remarks,
    })
}

/// One machine meets one place of the edge.
fn one_place(sights: &[&EdgeResponse]) -> Option<String> {
    let mut places: Vec<&str> = sights.iter().filter_map(|sight| sight.pop.as_deref()).collect();
    places.dedup();
    let said = places.join(", ");
    (!places.is_empty()).then(|| format!("seen from here only, at {said}: other edge locations have their own copies"))
}

type Parts<'a> = (&'a Target, &'a [String], Option<Row<'a>>);

fn parts<'a>(engine: &'a Engine, subject: &'a Subject) -> Result<Parts<'a>, String> {
    match subject {
        Subject::Draft { target, items } => Ok((target, items, None)),
        Subject::Row(key) => {
            let row = row(engine, key).ok_or("it is no longer known here")?;
            Ok((row.target, items_of(&row)?, Some(row)))
        }
    }
}

fn items_of<'a>(row: &Row<'a>) -> Result<&'a [String], String> {
    let unread = "its items are still loading";
    let why_not = || row.unreadable.unwrap_or(unread).to_owned();
    row.items.ok_or_else(why_not)
}

/// The distribution whose configuration holds for the target.
fn distribution<'a>(engine: &'a Engine, target: &Target) -> Option<&'a Distribution> {
    match target {
        Target::Distribution(id) => engine.fleet.get(id),
        Target::Tenant(id) => engine.fleet.get(&engine.tenants.get(id)?.distribution),
    }
}

/// The name under which viewers reach a target.
fn host(engine: &Engine, target: &Target) -> Result<String, String> {
    let host = match target {
        Target::Distribution(id) => engine.fleet.get(id).map(host_of),
        Target::Tenant(id) => engine.tenants.get(id).map(host_of_tenant),
    };
    host.ok_or_else(|| format!("under which name viewers reach {target} is not known here"))?
}

/// Which addresses of a subject are asked for.
pub(crate) fn planned(engine: &Engine, subject: &Subject) -> Result<Plan, String> {
    let (target, items, _) = parts(engine, subject)?;
    let host = host(engine, target)?;
    let plan = plan(&host, items, &known(engine, target), engine.preferences.edge.most);
    match plan.left_out.first() {
        Some(reason) if plan.addresses.is_empty() => Err(reason.clone()),
        _ => Ok(plan),
    }
}

/// Paths that were ever cleared on a target: the newest, and no more than can be gone through between two frames.
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

/// From when on a copy is younger than the invalidation. Where one attempt was made, by this machine's own clock, which
/// also measures the copies: then it does not matter that CloudFront's differs.
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

/// Whether an invalidation can be looked at, as far as that is seen at a glance: each frame asks. Whether any address of
/// it is known turns out when somebody looks.
///
/// # Errors
/// Why not, in a sentence.
pub fn can_look_at_row(engine: &Engine, key: &RowKey) -> Result<(), String> {
    let row = row(engine, key).ok_or("it is no longer known here")?;
    items_of(&row)?;
    host(engine, row.target).map(drop)
}

/// Whether what is to be sent to a target can be looked at, as far as that is seen at a glance.
///
/// # Errors
/// Why not, in a sentence.
pub fn can_look_at_draft(engine: &Engine, target: &Target) -> Result<(), String> {
    host(engine, target).map(drop)
}

/// Asks the edge for what viewers get of a subject.
pub(crate) fn look_at(engine: &mut Engine, subject: &Subject) -> Result<Plan, String> {
    let plan = planned(engine, subject)?;
    look(engine, &plan);
    Ok(plan)
}

/// Asks for every address of this once more.
pub(crate) fn look(engine: &mut Engine, plan: &Plan) {
    for address in &plan.addresses {
        if !engine.edge.awaits(address) {
            engine.edge.waiting.push_back(address.clone());
        }
    }
    visit_next(engine);
    engine.touch();
}

/// An invalidation of ours is completed: whoever wants to know how it looks at the edge is told.
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

/// Asks for the next address, unless one is being asked for or the pause is not over.
pub(crate) fn visit_next(engine: &mut Engine) {
    if engine.edge.asking.is_some() || engine.is_timed(&TimerKind::NextVisit) {
        return;
    }
    let Some(address) = engine.edge.waiting.pop_front() else {
        return;
    };
    engine.edge.asking = Some(address.clone());
    let request = engine.request(Purpose::Visit(address.clone()));
    let method = engine.preferences.edge.method;
    engine.ask(Effect::VisitEdge {
        request,
        address,
        method,
    });
}

/// The edge answered, or did not.
pub(crate) fn visited(engine: &mut Engine, address: Address, result: Result<EdgeResponse, String>) {
    let look = EdgeSample { at: engine.now, result };
    engine.edge.asking = None;
    let looks = engine.edge.looks.entry(address).or_default();
    if looks.len() == KEPT {
        // The first one may be what stood there before; the second is in nobody's way.
        looks.remove(1);
    }
    looks.push(look);
    if !engine.edge.waiting.is_empty() {
        engine.timer(TimerKind::NextVisit, PAUSE);
    }
    tell(engine);
    engine.touch();
}

/// Tells the outcome of looks that were taken by themselves, once they are whole.
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

/// `2 of 3 addresses are fresh at the edge`, and what is to be said of the others.
fn summary(report: &Report<'_>) -> (Level, String) {
    let count = |word| {
        let verdicts = report.seen.iter().filter_map(|seen| seen.verdict.as_ref());
        verdicts.filter(|verdict| verdict.word() == word).count()
    };
    let (fresh, stale, all) = (count("fresh"), count("stale"), report.seen.len());
    match stale {
        0 if fresh == all => (Level::Done, format!("fresh at the edge, {all} of {all} checked")),
        0 => (
            Level::Info,
            format!(
                "{fresh} of {all} checked {} fresh at the edge, {} tell",
                agree(fresh, "is", "are"),
                agree(all - fresh, "the other cannot", "the others cannot")
            ),
        ),
        _ => (
            Level::Warning,
            format!(
                "{stale} of {all} checked {} still stale at the edge",
                agree(stale, "is", "are")
            ),
        ),
    }
}
