//! Maps ledger columns to domain types.

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::Row;
use rusqlite::types::Type;
use serde::Serialize;
use serde::de::{DeserializeOwned, Deserializer as _, SeqAccess, Visitor};

use super::trouble::Trouble;
use crate::domain::batch::{Batch, CallerReference, Learned, Sizes};
use crate::domain::distribution::{AccountId, DistributionId, Target, TenantId};
use crate::domain::draft::{DraftId, DraftVersion, KeptDraft};
use crate::domain::invalidation::{Invalidation, InvalidationId, Status};
use crate::domain::submission::{JobId, Scope, State, Submission, SubmissionId};
use crate::engine::effect::Attempt;

/// Formats a time as text that sorts correctly.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Nanos, true)
}

/// Formats a value as JSON.
pub(super) fn json(value: &impl Serialize) -> Result<String, Trouble> {
    serde_json::to_string(value)
        .map_err(|error| Trouble::Conflict(format!("a value could not be written to the ledger: {error}")))
}

/// Reads a target from its two columns.
pub(super) fn target(row: &Row<'_>) -> rusqlite::Result<Target> {
    let id: String = row.get("target")?;
    match row.get_ref("target_kind")?.as_str()? {
        "tenant" => Ok(Target::Tenant(TenantId::new(id))),
        _ => Ok(Target::Distribution(DistributionId::new(id))),
    }
}

/// Reads a scope from its columns.
pub(super) fn scope(row: &Row<'_>) -> rusqlite::Result<Scope> {
    Ok(Scope {
        account: row.get::<_, Option<String>>("account")?.map(AccountId::new),
        endpoint: row.get("endpoint")?,
        profile: row.get("profile")?,
    })
}

/// Reads a submission from its row.
///
/// # Errors
/// If a column cannot be parsed, or if the items do not match the stored hash, because such a row must never be sent.
pub(super) fn submission(row: &Row<'_>) -> rusqlite::Result<Submission> {
    let read = Submission {
        id: SubmissionId::new(row.get::<_, String>("id")?),
        job: JobId::new(row.get::<_, String>("job")?),
        scope: scope(row)?,
        target: target(row)?,
        label: row.get("label")?,
        number: row.get("batch_number")?,
        batch: batch(row)?,
        reference: CallerReference::new(row.get::<_, String>("reference")?),
        created: parsed_time(row, "created")?,
        version: row.get("version")?,
        state: parsed(row, "state")?,
        maybe_sent: row.get("maybe_sent")?,
        attempts: row.get("attempts")?,
        first_sent: optional_time(row, "first_sent")?,
        request_id: row.get("request_id")?,
        note: row.get("note")?,
        when_deployed: row.get("when_deployed")?,
    };
    // Earlier versions stored the state that a submission had before its write was confirmed.
    Ok(read.held())
}

/// Reads a stored invalidation from its row.
pub(super) fn invalidation(row: &Row<'_>) -> rusqlite::Result<(Target, Invalidation)> {
    let invalidation = Invalidation {
        id: InvalidationId::new(row.get::<_, String>("id")?),
        status: Status::new(row.get::<_, String>("status")?),
        create_time: parsed_time(row, "create_time")?,
        items: parsed(row, "items")?,
        caller_reference: row.get("caller_reference")?,
    };
    Ok((target(row)?, invalidation))
}

/// Reads a draft from its row.
pub(super) fn draft(row: &Row<'_>) -> rusqlite::Result<KeptDraft> {
    Ok(KeptDraft {
        id: DraftId::new(row.get::<_, String>("id")?),
        targets: row.get("targets")?,
        text: row.get("text")?,
        changed: parsed_time(row, "changed")?,
        version: DraftVersion::new(row.get::<_, String>("version")?),
    })
}

/// Reads an account's batch sizes from their row.
pub(super) fn learned(row: &Row<'_>) -> rusqlite::Result<Learned> {
    let size = |column| Ok::<_, rusqlite::Error>(usize::try_from(row.get::<_, i64>(column)?).unwrap_or(1));
    Ok(Learned {
        account: AccountId::new(row.get::<_, String>("account")?),
        endpoint: row.get("endpoint")?,
        sizes: Sizes {
            exact: size("exact")?,
            wildcards: size("wildcards")?,
        },
    })
}

/// Reads an attempt from its row.
pub(super) fn attempt(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    Ok(Attempt {
        number: row.get("number")?,
        sent: optional_time(row, "sent")?,
        answered: optional_time(row, "answered")?,
        answer: row.get("answer")?,
    })
}

/// Returns the first items of a JSON list that may be truncated anywhere: at least one item if possible, and no more
/// once they reach a certain length.
pub(super) fn first_items(json: &str) -> Vec<String> {
    struct Items<'a>(&'a mut Vec<String>);
    impl<'de> Visitor<'de> for Items<'_> {
        type Value = ();

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a list of items")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
            const ENOUGH: usize = 400;
            let mut characters = 0;
            while let Some(item) = list.next_element::<String>()? {
                characters += item.len();
                self.0.push(item);
                if characters > ENOUGH {
                    break;
                }
            }
            Ok(())
        }
    }
    let mut items = Vec::new();
    // A truncated list causes an error, and so does a list that was not read to its end. Neither matters.
    let _ = serde_json::Deserializer::from_str(json).deserialize_seq(Items(&mut items));
    items
}

pub(super) fn optional_time(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<DateTime<Utc>>> {
    let written = row.get::<_, Option<String>>(column)?;
    written.map(|_| parsed_time(row, column)).transpose()
}

fn batch(row: &Row<'_>) -> rusqlite::Result<Batch> {
    let batch = Batch::new(parsed(row, "items")?).filter(|batch| {
        row.get_ref("items_sha256")
            .is_ok_and(|written| written.as_str() == Ok(batch.sha256()))
    });
    batch.ok_or_else(|| unreadable("the items do not match their checksum"))
}

pub(super) fn parsed<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(unreadable)
}

pub(super) fn parsed_time(row: &Row<'_>, column: &str) -> rusqlite::Result<DateTime<Utc>> {
    let text = row.get_ref(column)?.as_str()?;
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.with_timezone(&Utc))
        .map_err(unreadable)
}

fn unreadable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, cause.into())
}

/// The columns of a submission's row that may change. The other columns never do.
pub(super) struct Standing {
    pub(super) word: String,
    pub(super) state: String,
    pub(super) is_final: bool,
    pub(super) accepted: Option<String>,
    /// CloudFront's invalidation id, for searching.
    pub(super) invalidation: Option<String>,
    /// CloudFront's error code for a refusal, for searching.
    pub(super) refusal: Option<String>,
}

impl Standing {
    pub(super) fn of(state: &State) -> Result<Self, Trouble> {
        Ok(Self {
            word: state.word().to_owned(),
            state: json(state)?,
            is_final: state.is_final(),
            // From this time on, the submission counts toward the month's usage.
            accepted: state.accepted().map(|(_, create_time)| time(create_time)),
            invalidation: state.accepted().map(|(id, _)| id.to_string()),
            refusal: state.refusal().map(|refusal| refusal.code.clone()),
        })
    }
}

/// Describes the outcome of an attempt.
pub(super) fn answer(state: &State) -> String {
    let word = state.word();
    if let State::Split { into } = state {
        return format!("{word} into {into}");
    }
    match state
        .reason()
        .or_else(|| state.accepted().map(|(id, _)| id.to_string()))
    {
        Some(detail) => format!("{word}: {detail}"),
        None => word.to_owned(),
    }
}
