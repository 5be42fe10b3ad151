//! What `create` and `resume` do once the core has their work: follow it, tell of it, and print where it stands at the end.

use chrono::{DateTime, Utc};
use serde::Serialize;
use tokio::time::Instant;

use super::engine::{Core, Engine, Refused, Stop};
use super::look::{self, Looked};
use super::progress::{Progress, Stand};
use super::table::{Side, Table};
use super::wait::deadline;
use super::{Error, output, report};
use crate::cli::{OnLogin, Output, Waiting};
use crate::domain::distribution::Target;
use crate::domain::failure::RefusalKind;
use crate::domain::invalidation::InvalidationId;
use crate::domain::price::{at_most, at_most_words};
use crate::domain::submission::{State, Submission};
use crate::domain::text::{agree, count};
use crate::runtime::cloudfront::CloudFront;

/// How the work is followed.
pub(super) struct Sending<'a> {
    /// Until it is completed, not only accepted.
    pub(super) wait: bool,
    /// How it waits.
    pub(super) waiting: &'a Waiting,
    /// The form of the end.
    pub(super) output: Output,
    /// The key that the references are made from.
    pub(super) reference: Option<&'a str>,
    /// Nothing is journalled.
    pub(super) no_ledger: bool,
}

/// Follows the work to its end, prints it and gives the exit code.
pub(super) async fn follow(mut engine: Engine, cloudfront: &CloudFront, how: &Sending<'_>) -> Result<u8, Error> {
    let code = followed(&mut engine, cloudfront, how).await;
    engine.end().await;
    code
}

async fn followed(engine: &mut Engine, cloudfront: &CloudFront, how: &Sending<'_>) -> Result<u8, Error> {
    let deadline = deadline(how.waiting);
    let stop = until_ended(engine, deadline, how).await;
    if let Some(refused) = engine.take_refusal() {
        return Err(refusal(refused));
    }
    let looks = match stop {
        None if how.waiting.look => looks(engine, cloudfront, deadline).await?,
        _ => Vec::new(),
    };
    let looked = look::exit_code(looks.iter().map(|(_, looked)| looked), how.waiting.strict);
    print(engine.core(), &looks, how)?;
    if let Some(stop) = stop {
        say_what_is_next(engine.core(), how);
        return Ok(stop.exit_code());
    }
    let codes = Engine::submissions(engine.core())
        .into_iter()
        .map(|s| exit_code(engine.core(), s));
    let worst = codes.collect::<Vec<_>>().into_iter().max().unwrap_or_default();
    Ok(if worst > 0 { worst } else { looked })
}

async fn until_ended(engine: &mut Engine, deadline: Option<Instant>, how: &Sending<'_>) -> Option<Stop> {
    let mut progress = Progress::new(how.waiting.quiet, how.output);
    let ended = engine.until_each(deadline, progress.beat(), |model| {
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

/// Whether nothing more is waited for: it ended, or only a person can help.
fn has_ended(model: &Core, submission: &Submission, how: &Sending<'_>) -> bool {
    let state = &submission.state;
    let accepted = state
        .in_progress()
        .is_some_and(|(id, _)| !how.wait || model.histories.unreadable(&submission.target, id).is_some());
    let locked_out = matches!(state, State::NeedsLogin { .. }) && how.waiting.on_login == OnLogin::Fail;
    let durable = model.unsaved.is_saved(&submission.id);
    durable && (state.is_final() || accepted || locked_out || state.needs_a_person())
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
        reason: submission.state.reason(),
        ended: has_ended(model, submission, how),
    }
}

/// The exit code that one of them leads to.
fn exit_code(model: &Core, submission: &Submission) -> u8 {
    match &submission.state {
        State::Rejected { failure } => failure.exit_code(),
        State::NeedsLogin { .. } => 4,
        // What CloudFront refuses as used before and nobody finds was refused all the same.
        State::Unknown { .. } if submission.reference.is_chosen() && is_clash(submission) => 3,
        State::Unknown { .. } | State::Dismissed { .. } | State::Cancelled => 1,
        State::InProgress { id, .. } if model.histories.unreadable(&submission.target, id).is_some() => 4,
        _ => 0,
    }
}

fn is_clash(submission: &Submission) -> bool {
    submission
        .state
        .reason()
        .is_some_and(|reason| reason.contains("CallerReference was used before"))
}

/// Why nothing was planned.
fn refusal(refused: Refused) -> Error {
    match refused {
        Refused::OtherItems(earlier, wanted) => other_items(&earlier, &wanted),
        Refused::Taken(sentence) => Error::Taken(sentence),
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
        sentence: format!("the CallerReference {} was used for other items{id}", earlier.reference),
        before: earlier.batch.items().to_vec(),
        now: wanted.to_vec(),
    }
}

async fn looks(
    engine: &mut Engine,
    cloudfront: &CloudFront,
    deadline: Option<Instant>,
) -> Result<Vec<((Target, InvalidationId), Looked)>, Error> {
    let done = Engine::submissions(engine.core()).into_iter();
    let done = done.filter(|s| s.state.is_final());
    let pairs: Vec<_> = done
        .filter_map(|s| Some((s.target.clone(), s.state.accepted()?.0.clone())))
        .collect();
    let looked = look::look(engine, cloudfront, &pairs, deadline).await?;
    Ok(pairs.into_iter().zip(looked).collect())
}

/// What becomes of the rest, in a sentence.
fn say_what_is_next(model: &Core, how: &Sending<'_>) {
    let all = Engine::submissions(model);
    let open = all.iter().filter(|s| s.state.waits_to_be_sent()).count();
    let accepted = all.iter().filter(|s| s.state.accepted().is_some()).count();
    let next = match (open, how.no_ledger) {
        (0, _) => "`invalidash wait` or the dashboard tell when they are Completed".to_owned(),
        (_, true) => "run the same command again: nothing is sent twice under the same --reference".to_owned(),
        (_, false) => format!(
            "{} {} in the ledger: `invalidash resume` sends {} under the same CallerReference",
            count(open, "other"),
            agree(open, "is", "are"),
            agree(open, "it", "them")
        ),
    };
    report::tell(&format!(
        "stopped: CloudFront accepted {accepted} of {}; {next}",
        all.len()
    ));
}

const HEADINGS: [(&str, Side); 5] = [
    ("Target", Side::Left),
    ("Label", Side::Left),
    ("Id", Side::Left),
    ("Status", Side::Left),
    ("Items", Side::Right),
];

fn print(model: &Core, looks: &[((Target, InvalidationId), Looked)], how: &Sending<'_>) -> Result<(), Error> {
    let document = Document::of(model, looks, how);
    match how.output {
        Output::Json => output::print_json(&document),
        Output::Jsonl => {
            for entry in &document.submissions {
                if !output::print_line(&output::json_line(entry)?)? {
                    break;
                }
            }
            Ok(())
        }
        Output::Text => output::print(&table(&document, false).tabbed()),
        Output::Table if document.submissions.is_empty() => {
            report::tell("nothing was left to be sent");
            Ok(())
        }
        Output::Table => {
            let replayed = if document.replayed {
                "Sent before under this reference: nothing new was made\n"
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
        Table::new(&HEADINGS)
    } else {
        Table::bare(HEADINGS.map(|(_, side)| side))
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

/// What `--output json` promises: a shape of its own, so that the domain's may change.
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
    /// Where CloudFront has other items under the reference: those.
    earlier_items: Option<&'a [String]>,
    edge: Option<&'a Looked>,
}

impl<'a> Document<'a> {
    fn of(model: &'a Core, looks: &'a [((Target, InvalidationId), Looked)], how: &Sending<'a>) -> Self {
        let submissions: Vec<Entry<'a>> = Engine::submissions(model)
            .into_iter()
            .map(|s| Entry::of(model, s, looks))
            .collect();
        let scope = model.scope();
        let sent = submissions
            .iter()
            .filter(|entry| entry.error_code.is_none() && !entry.replayed);
        let billable = sent.map(|entry| entry.items.len()).sum();
        let thousandths = at_most(billable).thousandths();
        Self {
            account: model.account().map(crate::domain::distribution::AccountId::as_str),
            profile: scope.map_or("", |scope| &scope.profile),
            endpoint: scope.map_or("", |scope| &scope.endpoint),
            reference: how.reference,
            replayed: !submissions.is_empty() && submissions.iter().all(|entry| entry.replayed),
            billable,
            at_most_usd: format!("{}.{:03}", thousandths / 1_000, thousandths % 1_000),
            submissions,
        }
    }
}

impl<'a> Entry<'a> {
    fn of(model: &'a Core, submission: &'a Submission, looks: &'a [((Target, InvalidationId), Looked)]) -> Self {
        let accepted = submission.state.accepted();
        let is_of_it = |pair: &(Target, InvalidationId)| {
            pair.0 == submission.target && accepted.is_some_and(|(id, _)| *id == pair.1)
        };
        let refusal = submission.state.refusal();
        Self {
            id: submission.id.as_str(),
            job: submission.job.as_str(),
            target: submission.target.id(),
            target_kind: submission.target.kind(),
            label: &submission.label,
            caller_reference: submission.reference.as_str(),
            items: submission.batch.items(),
            status: submission.state.word(),
            reason: submission.state.reason(),
            invalidation_id: accepted.map(|(id, _)| id.as_str()),
            create_time: accepted.map(|(_, time)| time),
            replayed: submission.is_replay() || model.script.accepted_before.contains(&submission.id),
            attempts: submission.attempts,
            request_id: submission.request_id.as_deref(),
            error_code: refusal.map(|refusal| refusal.code.as_str()),
            earlier_items: refusal
                .filter(|refusal| refusal.kind() == RefusalKind::ReferenceClash)
                .and_then(|_| earlier(model, submission)),
            edge: looks.iter().find(|(pair, _)| is_of_it(pair)).map(|(_, looked)| looked),
        }
    }
}

/// The items that CloudFront has under the same reference.
fn earlier<'a>(model: &'a Core, submission: &Submission) -> Option<&'a [String]> {
    let of_target = model
        .histories
        .known()
        .filter(|(target, _)| **target == submission.target);
    let mut same = of_target.filter(|(_, one)| one.caller_reference == submission.reference.as_str());
    same.next().map(|(_, one)| one.items.as_slice())
}
