//! CloudTrail's records: every call that creates an invalidation, or tries to.

use std::collections::VecDeque;

use chrono::{DateTime, SecondsFormat, Utc};
use http::header::{AUTHORIZATION, USER_AGENT};
use serde_json::{Value, json};

use super::api::batch::RawBatch;
use super::error::ApiError;
use super::invalidation::Invalidation;
use super::message::Request;
use super::random::Random;

/// The service whose calls are recorded.
pub(crate) const SOURCE: &str = "cloudfront.amazonaws.com";

/// The number of events kept.
const KEPT: usize = 20_000;

/// The maximum number of items in a record; CloudTrail truncates longer lists.
const ITEMS: usize = 100;

/// The recorded events.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    events: VecDeque<Event>,
    /// The number of events recorded so far.
    recorded: u64,
}

/// A call that created an invalidation, or tried to.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) time: DateTime<Utc>,
    /// The distribution or tenant.
    target: String,
    reference: String,
    items: Vec<String>,
    quantity: usize,
    /// The id and status of the invalidation, or the code and message of the refusal.
    result: Result<(String, &'static str), (String, String)>,
    caller: Caller,
}

/// The caller of an operation, and where the call came from.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// The name of a user or a role.
    pub(crate) name: String,
    /// The session of a role; `None` means a user.
    pub(crate) session: Option<String>,
    pub(crate) key: String,
    pub(crate) address: String,
    pub(crate) agent: String,
}

impl Trail {
    /// Records a call that created an invalidation, or that returned the earlier one with the same reference.
    pub(crate) fn made(&mut self, one: &Invalidation, target: &str, caller: Caller, time: DateTime<Utc>) {
        let items = one.items.iter().take(ITEMS).map(|item| item.text().to_owned());
        self.push(Event {
            id: String::new(),
            time,
            target: target.to_owned(),
            reference: one.caller_reference.clone(),
            items: items.collect(),
            quantity: one.items.len(),
            result: Ok((one.id.clone(), one.status(time))),
            caller,
        });
    }

    /// Records a refused call, as far as its request could be parsed.
    pub(crate) fn refused(
        &mut self,
        target: &str,
        batch: RawBatch,
        caller: Caller,
        error: &ApiError,
        time: DateTime<Utc>,
    ) {
        self.push(Event {
            id: String::new(),
            time,
            target: target.to_owned(),
            quantity: batch.items.len(),
            items: batch.items.into_iter().take(ITEMS).collect(),
            reference: batch.caller_reference,
            result: Err((error.code.clone().into_owned(), error.message.clone().into_owned())),
            caller,
        });
    }

    /// Adds an event with an id that depends only on its number, so that recording does not change any other id.
    fn push(&mut self, event: Event) {
        if self.events.len() == KEPT {
            self.events.pop_front();
        }
        self.recorded += 1;
        let id = Random::new(self.recorded).uuid();
        self.events.push_back(Event { id, ..event });
    }

    pub(crate) fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.iter()
    }
}

impl Caller {
    /// Returns the caller of a request to the emulator: a role for a temporary key, which starts with `ASIA`, or a user
    /// for any other key.
    pub(crate) fn of(request: &Request) -> Self {
        let header = |name| request.headers.get(name).and_then(|value| value.to_str().ok());
        let key = header(AUTHORIZATION).and_then(|text| text.split_once("Credential=")?.1.split('/').next());
        let key = key.unwrap_or_default().to_owned();
        let is_temporary = key.starts_with("ASIA");
        Self {
            name: "deploy".to_owned(),
            session: is_temporary.then(|| "emulated".to_owned()),
            key,
            address: "127.0.0.1".to_owned(),
            agent: header(USER_AGENT).unwrap_or_default().to_owned(),
        }
    }

    /// Returns the caller of a past invalidation, which was added without a request.
    pub(crate) fn past() -> Self {
        Self {
            name: "deploy".to_owned(),
            session: None,
            key: String::new(),
            address: "127.0.0.1".to_owned(),
            agent: String::new(),
        }
    }

    fn identity(&self, account: &str) -> Value {
        let Self { name, session, key, .. } = self;
        match session {
            None => json!({
                "type": "IAMUser", "principalId": "AIDAEXAMPLEUSER00001", "accountId": account,
                "arn": format!("arn:aws:iam::{account}:user/{name}"), "accessKeyId": key, "userName": name,
            }),
            Some(session) => json!({
                "type": "AssumedRole", "principalId": format!("AROAEXAMPLEROLE00001:{session}"), "accountId": account,
                "arn": format!("arn:aws:sts::{account}:assumed-role/{name}/{session}"), "accessKeyId": key,
                "sessionContext": {"sessionIssuer": {
                    "type": "Role", "principalId": "AROAEXAMPLEROLE00001", "accountId": account, "userName": name,
                    "arn": format!("arn:aws:iam::{account}:role/{name}"),
                }},
            }),
        }
    }
}

impl Event {
    fn is_for_tenant(&self) -> bool {
        self.target.starts_with("dt_")
    }

    pub(crate) fn name(&self) -> &str {
        if self.is_for_tenant() {
            "CreateInvalidationForDistributionTenant"
        } else {
            "CreateInvalidation"
        }
    }

    pub(crate) fn username(&self) -> &str {
        self.caller.session.as_ref().unwrap_or(&self.caller.name)
    }

    pub(crate) fn key(&self) -> &str {
        &self.caller.key
    }

    /// Returns the event as `LookupEvents` lists it; the record itself is JSON in a string.
    pub(crate) fn listed(&self, account: &str) -> Value {
        json!({
            "EventId": self.id, "EventName": self.name(), "ReadOnly": "false", "AccessKeyId": self.caller.key,
            "EventTime": self.time.timestamp(), "EventSource": SOURCE, "Username": self.username(),
            "Resources": [], "CloudTrailEvent": self.record(account).to_string(),
        })
    }

    fn record(&self, account: &str) -> Value {
        let (id, kind) = if self.is_for_tenant() {
            ("id", "distribution-tenant")
        } else {
            ("distributionId", "distribution")
        };
        let batch = json!({
            "callerReference": self.reference,
            "paths": {"quantity": self.quantity, "items": self.items},
        });
        let mut record = json!({
            "eventVersion": "1.11", "userIdentity": self.caller.identity(account), "eventTime": seconds(self.time),
            "eventSource": SOURCE, "eventName": self.name(), "awsRegion": "us-east-1",
            "sourceIPAddress": self.caller.address, "userAgent": self.caller.agent,
            "requestParameters": {id: self.target, "invalidationBatch": batch}, "responseElements": null,
            "requestID": self.id, "eventID": self.id, "readOnly": false, "eventType": "AwsApiCall",
            "apiVersion": "2020_05_31", "managementEvent": true, "recipientAccountId": account,
            "eventCategory": "Management",
        });
        match &self.result {
            Ok((made, status)) => {
                let time = self.time.format("%b %-d, %Y %-I:%M:%S %p").to_string();
                record["responseElements"] = json!({
                    "invalidation": {"id": made, "status": status, "createTime": time, "invalidationBatch": batch},
                    "location": format!(
                        "https://cloudfront.amazonaws.com/2020-05-31/{kind}/{}/invalidation/{made}", self.target
                    ),
                });
            }
            Err((code, message)) => {
                record["errorCode"] = json!(code);
                record["errorMessage"] = json!(message);
            }
        }
        record
    }
}

fn seconds(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
