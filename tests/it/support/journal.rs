//! Submissions and ledgers for tests.

use chrono::{DateTime, TimeDelta, Utc};
use invalidash::domain::batch::{Batch, CallerReference};
use invalidash::domain::distribution::{AccountId, Target};
use invalidash::domain::draft::{DraftId, DraftVersion, DraftWrite};
use invalidash::domain::invalidation::{InvalidationId, Status};
use invalidash::domain::ledger_failure::{LedgerFailure, LedgerFailureKind};
use invalidash::domain::submission::{JobId, Scope, State, Submission, SubmissionId};
use invalidash::engine::effect::{Claim, LedgerContents, LedgerOperation};
use invalidash::runtime::ledger::{Ledger, LedgerResult};

/// 2026-11-22, ten in the morning, and so many seconds.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    let start = DateTime::from_timestamp(1_795_341_600, 0).unwrap_or(DateTime::UNIX_EPOCH);
    start + TimeDelta::seconds(seconds)
}

/// A write of a draft, after this window saw these versions of it.
pub(crate) fn draft(id: &str, text: &str, seen: &[&str], version: &str) -> DraftWrite {
    DraftWrite {
        id: DraftId::new(id),
        beside: DraftId::new(format!("{id} of {version}")),
        targets: TARGET.to_owned(),
        text: text.to_owned(),
        replaces: seen.iter().map(|seen| DraftVersion::new(*seen)).collect(),
        version: DraftVersion::new(version),
    }
}

/// The shop.
pub(crate) const TARGET: &str = "E1A2WTXM7KQ4SV";

/// A planned submission of these items for the shop.
pub(crate) fn planned(name: &str, items: &[&str]) -> Option<Submission> {
    let batch = Batch::new(items.iter().map(ToString::to_string).collect())?;
    Some(Submission {
        id: SubmissionId::new(name),
        job: JobId::new("job-1"),
        scope: Scope {
            account: Some(AccountId::new("123456789012")),
            endpoint: "CloudFront".to_owned(),
            profile: "prod".to_owned(),
        },
        target: Target::from_id(TARGET),
        label: "www.lumen-shop.example".to_owned(),
        number: 1,
        reference: CallerReference::for_batch(name, 1, &batch),
        batch,
        created: at(0),
        version: "0.1.0".to_owned(),
        state: State::Queued,
        maybe_sent: false,
        attempts: 0,
        first_sent: None,
        request_id: None,
        note: None,
        when_deployed: false,
    })
}

/// The same, accepted at that time.
pub(crate) fn accepted(submission: &Submission, create_time: DateTime<Utc>) -> Submission {
    let state = State::InProgress {
        id: InvalidationId::new("I1"),
        status: Status::new("InProgress"),
        create_time,
        last_in_progress: None,
    };
    Submission {
        state,
        attempts: 1,
        first_sent: Some(create_time),
        ..submission.clone()
    }
}

pub(crate) async fn plan(ledger: &Ledger, submissions: Vec<Submission>) -> LedgerResult {
    ledger.carry_out(LedgerOperation::Plan(submissions), at(0)).await
}

pub(crate) async fn progress(ledger: &Ledger, submission: &Submission) -> LedgerResult {
    ledger
        .carry_out(LedgerOperation::Progress(Box::new(submission.clone())), at(1))
        .await
}

/// What a start reads; a failure is an empty ledger with a warning.
pub(crate) async fn contents(ledger: &Ledger) -> LedgerContents {
    contents_at(ledger, at(2)).await
}

/// The same at another time.
pub(crate) async fn contents_at(ledger: &Ledger, now: DateTime<Utc>) -> LedgerContents {
    let failed = |warning: &str| LedgerContents {
        warning: Some(warning.to_owned()),
        ..LedgerContents::default()
    };
    let opened = match ledger.carry_out(LedgerOperation::Open, now).await {
        Ok(Some(contents)) => *contents,
        Ok(None) => return failed("no contents"),
        Err(failure) => return failed(&failure.sentence),
    };
    // What an earlier run left is claimed once the account is known.
    match ledger.carry_out(LedgerOperation::Changes(Some(claim())), now).await {
        Ok(Some(claimed)) => LedgerContents {
            unfinished: claimed.unfinished,
            elsewhere: claimed.elsewhere,
            warning: claimed.warning.or(opened.warning),
            ..opened
        },
        Ok(None) => opened,
        Err(failure) => failed(&failure.sentence),
    }
}

/// What was said in refusing; nothing where nothing was refused.
pub(crate) fn refusal<T>(result: Result<T, LedgerFailure>) -> String {
    result.err().map(String::from).unwrap_or_default()
}

/// A failure that ends by itself.
pub(crate) fn failing(sentence: impl Into<String>) -> LedgerFailure {
    LedgerFailure::new(LedgerFailureKind::Disk, sentence)
}

/// For whom the submissions of [`planned`] were made.
pub(crate) fn claim() -> Claim {
    Claim {
        endpoint: "CloudFront".to_owned(),
        profile: "prod".to_owned(),
    }
}
