//! The code that `create` and `resume` share once the core has accepted the work. It follows the work, shows progress
//! and prints the result.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;

use super::engine::{Core, Engine, Refused, login};
use super::error::Error;
use super::look::{self, Looked, Looks, Pair};
use super::progress::{Progress, Stand};
use super::signal::Stop;
use super::table::Table;
use super::{missing, output, report};
use crate::cli::{OnLogin, Output, Waiting};
use crate::domain::failure::RefusalKind;
use crate::domain::price::{at_most_usd, at_most_words};
use crate::domain::submission::{Stage, State, Submission};
use crate::domain::text::{agree, count};
use crate::engine::queue::awaits_deployment;
use crate::runtime::cloudfront::CloudFront;

/// The options for following the work.
pub(super) struct Sending<'a> {
    /// Whether to wait until the work is completed, not only accepted.
    pub(super) wait: bool,
    /// The options for waiting.
    pub(super) waiting: &'a Waiting,
    /// When to give up.
    pub(super) deadline: Option<Instant>,
    /// The output format of the result.
    pub(super) output: Output,
    /// The key that the references are derived from.
    pub(super) reference: Option<&'a str>,
    /// Whether the command runs without a ledger.
    pub(super) no_ledger: bool,
}

/// Follows the work to its end, prints the result and returns the exit code.
pub(super) async fn follow(mut engine: Engine, cloudfront: &CloudFront, how: &Sending<'_>) -> Result<u8, Error> {
    let code = followed(&mut engine, cloudfront, how).await;
    engine.end().await;
    code
}

async fn followed(engine: &mut Engine, cloudfront: &CloudFront, how: &Sending<'_>) -> Result<u8, Error> {
    let stop = until_ended(engine, how).await;
    if let Some(refused) = engine.take_refusal() {
        return Err(refusal(refused));
    }
    // The command was stopped before the ledger responded, so its contents are unknown, not empty.
    if let Some(stop) = stop.filter(|_| Engine::submissions(engine.core()).is_empty()) {
        return Err(Error::Stopped(stop));
    }
    let pairs = completed(engine.core());
    let looks = match stop {
        None if how.waiting.look => look::look(engine, cloudfront, &pairs, how.deadline).await,
        _ => Looks::default(),
    };
    let looked: Vec<_> = pairs.iter().zip(&looks.all).collect();
    print(engine.core(), &looked, how)?;
    missing::tell(engine.core(), how.output);
    if let Some(stop) = stop.or(looks.stop) {
        say_what_is_next(engine.core(), how);
        return Ok(stop.exit_code());
    }
    let submissions = Engine::submissions(engine.core());
    tell_login(engine.core(), &submissions, how);
    let codes = submissions.into_iter().map(|s| exit_code(engine.core(), s));
    let worst = codes.max().unwrap_or_default();
    Ok(if worst > 0 {
        worst
    } else {
        looks.exit_code(how.waiting.strict, how.output)
    })
}

/// Reports that work in progress needs a login; work waiting to be sent shows this in its status.
fn tell_login(model: &Core, submissions: &[&Submission], how: &Sending<'_>) {
    let mut locked_out = submissions.iter().filter(|s| s.state.in_progress().is_some());
    if how.wait
        && let Some(failure) = locked_out.find_map(|s| login(model, &s.target))
    {
        let _ = Error::from(failure).problem().tell(how.output);
    }
}

async fn until_ended(engine: &mut Engine, how: &Sending<'_>) -> Option<Stop> {
    let mut progress = Progress::new(how.waiting.quiet, how.output);
    let ended = engine.until_each(how.deadline, progress.beat(), |model| {
        let submissions = Engine::submissions(model);
        let stands: Vec<Stand> = submissions.iter().map(|s| stand(model, s, how)).collect();
        progress.tell(&stands, model.now);
        let planned = !stands.is_empty() || model.script.refused.is_some() || model.script.looked_for_rest;
        (planned && stands.iter().all(|stand| stand.ended)).then_some(())
    });
    let stop = ended.await.err();
    progress.finish();
    stop
}

/// Returns whether there is nothing left to wait for: the submission has ended, or only the user can help.
fn has_ended(model: &Core, submission: &Submission, how: &Sending<'_>) -> bool {
    let state = &submission.state;
    let accepted = state
        .in_progress()
        .is_some_and(|(id, _)| !how.wait || model.histories.unreadable(&submission.target, id).is_some());
    let locked_out = how.waiting.on_login == OnLogin::Fail && is_locked_out(model, submission);
    let durable = model.unsaved.is_saved(&submission.id);
    let ended = durable && (state.is_final() || accepted || locked_out || state.needs_a_person());
    ended || is_lost(model, submission)
}

/// Returns whether a submission continues only after the user logs in, because it has to be sent or watched.
fn is_locked_out(model: &Core, submission: &Submission) -> bool {
    let state = &submission.state;
    matches!(state, State::NeedsLogin { .. })
        || state.in_progress().is_some() && login(model, &submission.target).is_some()
}

/// Returns whether the ledger will never store a submission's state; `false` while a request is in flight, because its
/// response is still expected.
fn is_lost(model: &Core, submission: &Submission) -> bool {
    let lost = model.unsaved.must_be_savable(&submission.id).is_err();
    lost && submission.state.stage() != Stage::Sending
}

fn stand(model: &Core, submission: &Submission, how: &Sending<'_>) -> Stand {
    let id = submission
        .state
        .accepted()
        .map(|(id, _)| format!(" {id}"))
        .unwrap_or_default();
    Stand {
        name: format!("{} {}{id}", submission.target, submission.label),
        word: submission.state.word().to_owned(),
        reason: reason(model, submission),
        ended: has_ended(model, submission, how),
    }
}

/// Returns the reason for a submission's state, if known.
fn reason(model: &Core, submission: &Submission) -> Option<String> {
    let state = submission.state.reason();
    state.or_else(|| awaits_deployment(model, submission))
}

/// Returns the exit code for one submission.
fn exit_code(model: &Core, submission: &Submission) -> u8 {
    match &submission.state {
        State::Rejected { failure } => failure.exit_code(),
        State::NeedsLogin { .. } => 4,
        // A reference clash without a matching invalidation is still a refusal.
        State::Unknown {
            reference_used: true, ..
        } if submission.reference.is_chosen() => 3,
        State::Unknown { .. } | State::Dismissed { .. } | State::Cancelled => 1,
        _ if is_lost(model, submission) => 1,
        State::InProgress { id, .. } => match model.histories.why_unreadable(&submission.target, id) {
            Some(unreadable) => unreadable.exit_code(),
            None if is_locked_out(model, submission) => 4,
            None => 0,
        },
        _ => 0,
    }
}

/// Returns the error for a job that could not be planned.
fn refusal(refused: Refused) -> Error {
    match refused {
        Refused::OtherItems(earlier, wanted) => other_items(&earlier, &wanted),
        Refused::Taken(sentence) => Error::Taken(sentence),
        Refused::ReadOnly => Error::ReadOnlyAccount,
        Refused::Ledger(failure) => Error::Ledger(failure),
    }
}

fn other_items(earlier: &Submission, wanted: &[String]) -> Error {
    let id = earlier
        .state
        .accepted()
        .map_or_else(String::new, |(id, _)| format!(" in {id}"));
    Error::OtherItems {
        target: earlier.target.to_string(),
        sentence: format!(
            "the CallerReference {} was already used for different items{id}",
            earlier.reference
        ),
        before: earlier.batch.items().to_vec(),
        now: wanted.to_vec(),
    }
}

/// Returns the invalidations that can be checked at the edge.
fn completed(model: &Core) -> Vec<Pair> {
    let done = Engine::submissions(model).into_iter().filter(|s| s.state.is_final());
    done.filter_map(|s| Some((s.target.clone(), s.state.accepted()?.0.clone())))
        .collect()
}

/// Reports what happens to the remaining work, in one sentence.
fn say_what_is_next(model: &Core, how: &Sending<'_>) {
    let all = Engine::submissions(model);
    let open = all.iter().filter(|s| s.state.waits_to_be_sent()).count();
    let in_progress = all.iter().filter(|s| s.state.in_progress().is_some()).count();
    let accepted = all.iter().filter(|s| s.state.accepted().is_some()).count();
    let next = match (open, in_progress, how.no_ledger) {
        (0, 0, _) => "nothing is left to send or wait for".to_owned(),
        (0, _, false) => "use `invalidash wait` or the dashboard to see when they complete".to_owned(),
        (0, _, true) => "use `invalidash wait` with --distribution and the id to see when they complete".to_owned(),
        (_, _, true) => "run the same command again; nothing is sent twice under the same --reference".to_owned(),
        (_, _, false) => format!(
            "{} in the ledger; use `invalidash resume` to send {} under the same CallerReference",
            left(open, accepted),
            agree(open, "it", "them")
        ),
    };
    report::tell(&format!(
        "stopped: CloudFront accepted {accepted} of {}; {next}",
        all.len()
    ));
}

/// Formats `1 other is`, or `2 invalidations are` if none was accepted.
fn left(open: usize, accepted: usize) -> String {
    let what = if accepted > 0 { "other" } else { "invalidation" };
    format!("{} {}", count(open, what), agree(open, "is", "are"))
}

const HEADINGS: [&str; 5] = ["Target", "Label", "Id", "Status", "Items"];

fn print(model: &Core, looks: &[(&Pair, &Looked)], how: &Sending<'_>) -> Result<(), Error> {
    let document = Document::of(model, looks, how);
    match how.output {
        Output::Json => output::print_json(&document),
        Output::Jsonl => {
            for entry in &document.submissions {
                if !output::print_json_line(entry)? {
                    break;
                }
            }
            Ok(())
        }
        Output::Text => output::print(&table(&document, false).tabbed()),
        Output::Table if document.submissions.is_empty() => {
            // Submissions that wait for other credentials have already been reported.
            let stays = !model.queue.told_left.is_empty();
            let nothing = if stays { "nothing else" } else { "nothing" };
            report::tell(&format!("{nothing} was left to send"));
            Ok(())
        }
        Output::Table => {
            let replayed = if document.replayed {
                "Already sent under this reference; nothing new was created\n"
            } else {
                ""
            };
            let price = at_most_words(document.billable);
            output::print(&format!(
                "{}\n{replayed}{price}\n",
                table(&document, true).render(output::width())
            ))
        }
    }
}

fn table(document: &Document<'_>, headings: bool) -> Table {
    let mut table = if headings {
        Table::new(&HEADINGS).right("Items")
    } else {
        Table::bare(HEADINGS.len())
    };
    for entry in &document.submissions {
        let reason = entry
            .reason
            .as_ref()
            .map(|reason| format!(": {reason}"))
            .unwrap_or_default();
        table.push([
            entry.target.to_owned(),
            entry.label.to_owned(),
            entry.invalidation_id.unwrap_or("-").to_owned(),
            format!("{}{reason}", entry.status),
            entry.items.len().to_string(),
        ]);
    }
    table
}

/// The `--output json` document, kept separate from the domain's types so that those types can change.
#[derive(Serialize)]
struct Document<'a> {
    account: Option<&'a str>,
    profile: &'a str,
    endpoint: &'a str,
    reference: Option<&'a str>,
    replayed: bool,
    billable: usize,
    at_most_usd: String,
    submissions: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    job: &'a str,
    target: &'a str,
    target_kind: &'static str,
    label: &'a str,
    caller_reference: &'a str,
    items: &'a [String],
    status: &'a str,
    reason: Option<String>,
    invalidation_id: Option<&'a str>,
    create_time: Option<DateTime<Utc>>,
    replayed: bool,
    attempts: u32,
    request_id: Option<&'a str>,
    error_code: Option<&'a str>,
    /// The policy statement that would allow the submission, if CloudFront denied it.
    missing_policy: Option<Value>,
    /// The items that CloudFront stores under the reference, if they differ.
    earlier_items: Option<&'a [String]>,
    edge: Option<&'a Looked>,
    /// Whether the submission may be billed. A replayed invalidation, or one without effect, is not.
    #[serde(skip)]
    is_billed: bool,
}

impl<'a> Document<'a> {
    fn of(model: &'a Core, looks: &[(&'a Pair, &'a Looked)], how: &Sending<'a>) -> Self {
        let submissions: Vec<Entry<'a>> = Engine::submissions(model)
            .into_iter()
            .map(|s| Entry::of(model, s, looks))
            .collect();
        let scope = model.scope();
        let sent = submissions.iter().filter(|entry| entry.is_billed);
        let billable = sent.map(|entry| entry.items.len()).sum();
        Self {
            account: model.account().map(crate::domain::distribution::AccountId::as_str),
            profile: scope.map_or("", |scope| &scope.profile),
            endpoint: scope.map_or("", |scope| &scope.endpoint),
            reference: how.reference,
            replayed: !submissions.is_empty() && submissions.iter().all(|entry| entry.replayed),
            billable,
            at_most_usd: at_most_usd(billable),
            submissions,
        }
    }
}

impl<'a> Entry<'a> {
    fn of(model: &'a Core, submission: &'a Submission, looks: &[(&'a Pair, &'a Looked)]) -> Self {
        let accepted = submission.state.accepted();
        let is_of_it = |pair: &Pair| pair.0 == submission.target && accepted.is_some_and(|(id, _)| *id == pair.1);
        let refusal = submission.state.refusal();
        let replayed = submission.is_replay() || model.script.accepted_before.contains(&submission.id);
        Self {
            id: submission.id.as_str(),
            job: submission.job.as_str(),
            target: submission.target.id(),
            target_kind: submission.target.kind(),
            label: &submission.label,
            caller_reference: submission.reference.as_str(),
            items: submission.batch.items(),
            status: submission.state.word(),
            reason: reason(model, submission),
            invalidation_id: accepted.map(|(id, _)| id.as_str()),
            create_time: accepted.map(|(_, time)| time),
            replayed,
            is_billed: !replayed && !submission.state.did_nothing(),
            attempts: submission.attempts,
            request_id: submission.request_id.as_deref(),
            error_code: refusal.map(|refusal| refusal.code.as_str()),
            missing_policy: missing::statement(model, submission),
            earlier_items: refusal
                .filter(|refusal| refusal.kind() == RefusalKind::ReferenceClash)
                .and_then(|_| earlier(model, submission)),
            edge: looks.iter().find(|(pair, _)| is_of_it(pair)).map(|(_, looked)| *looked),
        }
    }
}

/// Returns the items that CloudFront stores under the same reference.
fn earlier<'a>(model: &'a Core, submission: &Submission) -> Option<&'a [String]> {
    let of_target = model
        .histories
        .known()
        .filter(|(target, _)| **target == submission.target);
    let mut same = of_target.filter(|(_, one)| one.caller_reference == submission.reference.as_str());
    same.next().map(|(_, one)| one.items.as_slice())
}

#[cfg(test)]
mod tests;
