//! The control API, which changes the emulator over HTTP through JSON requests under `/_emulator/`.

use chrono::{DateTime, Utc};
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::distribution::{Distribution, Tenant};
use super::fault::Fault;
use super::message::{Reply, Request};
use super::settings::Settings;
use super::state::State;

/// The path prefix of control requests.
pub(crate) const PREFIX: &str = "/_emulator/";

/// The help text returned for the prefix alone.
const HELP: &str = "\
GET    /_emulator/settings            shows the settings\n\
POST   /_emulator/settings            changes the named settings: {\"completion_delay_ms\": 20000}\n\
GET    /_emulator/faults              shows pending faults\n\
POST   /_emulator/faults              adds a fault: {\"operation\": \"CreateInvalidation\", \"times\": 2, \"what\": \"throttling\"}, or a list of them\n\
DELETE /_emulator/faults              removes all faults\n\
GET    /_emulator/received            shows calls by operation, and creations by CallerReference\n\
DELETE /_emulator/received            clears them\n\
GET    /_emulator/calls               shows the latest calls, one by one\n\
POST   /_emulator/publish             publishes a new version at the origins of {\"distribution\": \"E…\"}, or {} for all\n\
POST   /_emulator/distributions       adds or replaces a distribution: {\"id\": \"E…\", \"aliases\": [\"www.site.example\"]}\n\
DELETE /_emulator/distributions/ID    deletes a distribution\n\
POST   /_emulator/tenants             adds or replaces a tenant: {\"id\": \"dt_…\", \"distribution_id\": \"E…\", \"domains\": [\"a.example\"]}\n\
DELETE /_emulator/tenants/ID          deletes a tenant\n";

/// Why a control request failed: the HTTP status and a sentence.
type Refusal = (StatusCode, String);

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum FaultOrder {
    Many(Vec<Fault>),
    One(Fault),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Publication {
    distribution: Option<String>,
}

/// Handles a control request immediately, unaffected by injected faults.
pub(crate) fn handle(state: &mut State, request: &Request, now: DateTime<Utc>) -> Reply {
    let path = request.path.strip_prefix(PREFIX).unwrap_or_default();
    if path.is_empty() {
        return Reply::new(StatusCode::OK, "text/plain; charset=utf-8", HELP);
    }
    match steer(state, &request.method, path, &request.body, now) {
        Ok(value) => answer(StatusCode::OK, &value),
        Err((status, message)) => answer(status, &json!({ "error": message })),
    }
}

fn steer(state: &mut State, method: &Method, path: &str, body: &[u8], now: DateTime<Utc>) -> Result<Value, Refusal> {
    let segments: Vec<&str> = path.split('/').collect();
    match (method.as_str(), segments.as_slice()) {
        ("GET", ["settings"]) => shown(&state.settings),
        ("POST", ["settings"]) => {
            state.settings = changed(&state.settings, body)?;
            shown(&state.settings)
        }
        ("GET", ["faults"]) => shown(&state.faults.list),
        ("POST", ["faults"]) => {
            match read(body)? {
                FaultOrder::Many(faults) => state.faults.list.extend(faults),
                FaultOrder::One(fault) => state.faults.list.push(fault),
            }
            shown(&state.faults.list)
        }
        ("DELETE", ["faults"]) => {
            state.faults.list.clear();
            Ok(json!([]))
        }
        ("GET", ["received"]) => shown(&state.received.received),
        ("DELETE", ["received"]) => {
            state.received.forget();
            shown(&state.received.received)
        }
        ("GET", ["calls"]) => shown(&state.received.calls),
        ("POST", ["publish"]) => publish(state, body, now),
        ("POST", ["distributions"]) => {
            let distribution: Distribution = read(body)?;
            let shown = shown(&distribution);
            state.put(distribution);
            shown
        }
        ("POST", ["tenants"]) => {
            let tenant: Tenant = read(body)?;
            let shown = shown(&tenant);
            state.put_tenant(tenant);
            shown
        }
        ("DELETE", ["distributions" | "tenants", id]) if state.remove(id) => Ok(json!({ "deleted": id })),
        _ => Err((
            StatusCode::NOT_FOUND,
            format!("no such endpoint: {method} {PREFIX}{path}; GET {PREFIX} lists what is available"),
        )),
    }
}

fn publish(state: &mut State, body: &[u8], now: DateTime<Utc>) -> Result<Value, Refusal> {
    let wish: Publication = if body.is_empty() {
        Publication::default()
    } else {
        read(body)?
    };
    let published = state.publish(wish.distribution.as_deref(), now);
    if published == 0 {
        return Err((StatusCode::NOT_FOUND, "there is no such distribution".to_owned()));
    }
    Ok(json!({ "published": published }))
}

/// Returns the settings after replacing those given in `body`.
fn changed(settings: &Settings, body: &[u8]) -> Result<Settings, Refusal> {
    let wish: serde_json::Map<String, Value> = read(body)?;
    let mut all = shown(settings)?;
    if let Value::Object(members) = &mut all {
        members.extend(wish);
    }
    serde_json::from_value(all).map_err(|error| bad(&error))
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| bad(&error))
}

fn shown(value: &impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(value).map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

fn bad(error: &serde_json::Error) -> Refusal {
    (StatusCode::BAD_REQUEST, error.to_string())
}

fn answer(status: StatusCode, value: &Value) -> Reply {
    Reply::new(status, "application/json", format!("{value:#}\n"))
}
