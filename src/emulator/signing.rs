//! Checks the date, the service and the key of a signed request. The signature itself is not checked.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use http::HeaderName;
use http::header::AUTHORIZATION;

use super::error::ApiError;
use super::message::Request;
use super::settings::Settings;

/// The header with the signing time in ISO 8601 basic format, e.g. `20261122T100000Z`.
const DATE: HeaderName = HeaderName::from_static("x-amz-date");

/// The maximum difference between a signature's date and the emulator's time.
const MOST: TimeDelta = TimeDelta::minutes(5);

/// Checks the date, the service and the key of a request, as the settings require.
pub(crate) fn check(request: &Request, service: &str, settings: &Settings, now: DateTime<Utc>) -> Result<(), ApiError> {
    if settings.check_dates {
        check_date(request, now)?;
    }
    check_service(request, service)?;
    check_key(request, settings.only_key.as_deref())
}

/// Refuses a signature that is too old or not valid yet. Unsigned requests are accepted, because they have no date
/// that could be wrong.
fn check_date(request: &Request, now: DateTime<Utc>) -> Result<(), ApiError> {
    let Some(signed) = date(request) else {
        return Ok(());
    };
    let message = if signed < now - MOST {
        expired(signed, now)
    } else if signed > now + MOST {
        let (signed, latest, now) = (basic(signed), basic(now + MOST), basic(now));
        format!("Signature not yet current: {signed} is still later than {latest} ({now} + 5 min.)")
    } else {
        return Ok(());
    };
    Err(ApiError::new(403, "SignatureDoesNotMatch", message))
}

/// Refuses a request that was signed for another service.
fn check_service(request: &Request, service: &str) -> Result<(), ApiError> {
    match scope(request).and_then(|mut parts| parts.nth(3)) {
        Some(signed) if signed != service => Err(ApiError::new(
            403,
            "SignatureDoesNotMatch",
            format!("Credential should be scoped to correct service: '{service}'. "),
        )),
        _ => Ok(()),
    }
}

/// Returns the parts of a signature's credential: key, date, region, service and `aws4_request`.
fn scope(request: &Request) -> Option<impl Iterator<Item = &str>> {
    let signature = request.headers.get(AUTHORIZATION)?.to_str().ok()?;
    Some(
        signature
            .split_once("Credential=")?
            .1
            .split([',', ' '])
            .next()?
            .split('/'),
    )
}

/// Refuses a request signed with a key other than `only`, the one unexpired key; `None` accepts all keys.
fn check_key(request: &Request, only: Option<&str>) -> Result<(), ApiError> {
    let key = scope(request).and_then(|mut parts| parts.next());
    match (key, only) {
        (Some(key), Some(only)) if key != only => Err(ApiError::EXPIRED_TOKEN),
        _ => Ok(()),
    }
}

/// Returns the message for a client whose clock is behind.
pub(crate) fn expired(signed: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let (signed, oldest, now) = (basic(signed), basic(now - MOST), basic(now));
    format!("Signature expired: {signed} is now earlier than {oldest} ({now} - 5 min.)")
}

fn date(request: &Request) -> Option<DateTime<Utc>> {
    let text = request.headers.get(DATE)?.to_str().ok()?;
    let date = NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%SZ").ok()?;
    Some(date.and_utc())
}

fn basic(time: DateTime<Utc>) -> String {
    time.format("%Y%m%dT%H%M%SZ").to_string()
}
