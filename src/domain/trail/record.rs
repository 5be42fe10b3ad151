//! Parses the record of an event, which is JSON in many variants where any member may be missing.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Caller, Event};

/// The maximum length of an external string, in characters. A user agent has a few hundred.
const LONGEST: usize = 1_024;

impl Event {
    /// Parses the record in `CloudTrailEvent`; returns `None` if it cannot be parsed. `listed` is the event's time
    /// according to the list.
    #[must_use]
    pub fn read(record: &str, listed: Option<DateTime<Utc>>) -> Option<Self> {
        let record: Value = serde_json::from_str(record).ok()?;
        let time = text(&record["eventTime"]).and_then(|time| DateTime::parse_from_rfc3339(&time).ok());
        let parameters = &record["requestParameters"];
        let batch = &parameters["invalidationBatch"];
        Some(Self {
            id: text(&record["eventID"]).unwrap_or_default(),
            time: time.map(|time| time.to_utc()).or(listed)?,
            caller: Caller::read(&record["userIdentity"]),
            address: text(&record["sourceIPAddress"]).unwrap_or_default(),
            agent: text(&record["userAgent"]).unwrap_or_default(),
            targets: parameters
                .as_object()
                .into_iter()
                .flat_map(|members| members.values().filter_map(text))
                .collect(),
            reference: text(&batch["callerReference"]),
            invalidation: text(&record["responseElements"]["invalidation"]["id"]),
            error: text(&record["errorCode"]),
        })
    }
}

impl Caller {
    fn read(identity: &Value) -> Self {
        let arn = text(&identity["arn"]);
        let issuer = &identity["sessionContext"]["sessionIssuer"];
        let (role, session) = arn.as_deref().and_then(role_and_session).unzip();
        let name = text(&identity["userName"])
            .or(role)
            .or_else(|| text(&issuer["userName"]))
            .or_else(|| text(&identity["invokedBy"]));
        Self {
            kind: text(&identity["type"]).unwrap_or_default(),
            name,
            session,
            account: text(&identity["accountId"]),
            arn,
        }
    }
}

/// Splits `arn:aws:sts::123456789012:assumed-role/ROLE/SESSION`.
fn role_and_session(arn: &str) -> Option<(String, String)> {
    let (_, rest) = arn.split_once(":assumed-role/")?;
    let (role, session) = rest.rsplit_once('/')?;
    Some((role.to_owned(), session.to_owned()))
}

/// Returns a non-empty string, truncated if it is far too long.
fn text(value: &Value) -> Option<String> {
    let text = value.as_str().filter(|text| !text.is_empty())?;
    Some(text.chars().take(LONGEST).collect())
}
