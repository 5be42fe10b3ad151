//! Counts the paths invalidated in a month by choosing the next request and interpreting its response. The caller
//! stores each [`MonthWrite`] in the ledger before the next request, so that nothing is requested twice.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::distribution::{DistributionId, Target};
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page};
use crate::domain::month::{Count, Found, Listing, MonthWrite, Reading};
use crate::engine::effect::{Answer, Call};

/// The interval between requests, long enough that other requests do not have to wait.
pub const PACE: TimeDelta = TimeDelta::seconds(1);

/// The age at which a finished count becomes outdated.
const OLD: TimeDelta = TimeDelta::hours(1);

/// Returns the next request; `None` if everything has been requested.
#[must_use]
pub fn next(count: &Count) -> Option<Call> {
    let discovery = &count.discovery;
    if !discovery.listed {
        let marker = discovery.marker.clone();
        return Some(Call::ListDistributions { marker });
    }
    if let Some((distribution, marker)) = discovery.tenants_of.first().cloned() {
        return Some(Call::ListTenants { distribution, marker });
    }
    discovery.found.iter().find_map(|found| of_target(count, &found.target))
}

fn of_target(count: &Count, target: &Target) -> Option<Call> {
    let target = target.clone();
    if !count.list_ended(&target) {
        let marker = match count.listings.get(&target) {
            Some(Listing::Reading { marker, .. }) => Some(marker.clone()),
            _ => None,
        };
        return Some(Call::ListInvalidations { target, marker });
    }
    let id = count.unread(&target)?.clone();
    Some(Call::GetInvalidation { target, id })
}

/// Updates the count from the response to a request that [`next`] returned and that was sent at `asked`. Returns what
/// to store.
///
/// # Errors
/// The failure, if the count cannot continue. The request is repeated when the count is resumed.
pub fn answered(
    count: &mut Count,
    call: &Call,
    asked: DateTime<Utc>,
    result: Result<Answer, Failure>,
) -> Result<Vec<MonthWrite>, Failure> {
    // A clock that was set back must not cause repeated requests.
    let asked = asked.max(count.begun);
    let lacked = count.discovery.lacks.len();
    let write = match (call, result) {
        (Call::ListDistributions { .. }, Ok(Answer::Distributions(page))) => {
            let found = page.items.iter().map(|one| Found {
                target: Target::Distribution(one.id.clone()),
                label: one.label().to_owned(),
                carries_tenants: one.is_multi_tenant(),
            });
            let found: Vec<Found> = found.collect();
            distributions(count, found, page.next)
        }
        (Call::ListTenants { .. }, Ok(Answer::Tenants(page))) => {
            let found = page.items.iter().map(|one| Found {
                target: Target::Tenant(one.id.clone()),
                label: one.label().to_owned(),
                carries_tenants: false,
            });
            let found: Vec<Found> = found.collect();
            tenants(count, found, page.next)
        }
        (Call::ListTenants { .. }, Err(failure)) => {
            lack(count, "ListDistributionTenants", failure)?;
            tenants(count, Vec::new(), None)
        }
        (Call::ListInvalidations { target, .. }, Ok(Answer::Invalidations(page))) => {
            page_of(count, target, page, asked)
        }
        (Call::ListInvalidations { target, .. }, Err(failure)) => list_refused(count, target, failure, asked)?,
        (Call::GetInvalidation { target, id }, Ok(Answer::Invalidation(one))) => read(count, target, id, &one),
        (Call::GetInvalidation { target, id }, Err(failure)) => {
            lack(count, &target.operation("GetInvalidation"), failure)?;
            paths(count, target, id, Reading::Refused(asked))
        }
        (_, Err(failure)) => return Err(failure),
        (_, Ok(answer)) => return Err(Failure::Unknown(format!("unexpected response: {answer:?}"))),
    };
    let mut writes = vec![write];
    if next(count).is_none() {
        count.ended = Some(asked);
    }
    // Missing permissions are stored along with the targets.
    if count.ended.is_some() || count.discovery.lacks.len() > lacked {
        writes.push(round(count));
    }
    Ok(writes)
}

/// Returns the overall progress of the count, for storage in the ledger.
#[must_use]
pub fn round(count: &Count) -> MonthWrite {
    MonthWrite::Round {
        begun: count.begun,
        ended: count.ended,
        discovery: count.discovery.clone(),
    }
}

/// Records a denied action. Failures other than a denial or a missing resource stop the count for now.
fn lack(count: &mut Count, action: &str, failure: Failure) -> Result<(), Failure> {
    match failure.refusal().map(Refusal::kind) {
        Some(RefusalKind::AccessDenied) => {
            count.discovery.lacks.insert(action.to_owned());
            Ok(())
        }
        Some(RefusalKind::NotFound) => Ok(()),
        _ => Err(failure),
    }
}

/// Returns the targets that are new. Pages may overlap if targets were created or deleted between two requests.
fn unseen(count: &Count, mut found: Vec<Found>) -> Vec<Found> {
    let known: BTreeSet<&Target> = count.discovery.found.iter().map(|one| &one.target).collect();
    found.retain(|one| !known.contains(&one.target));
    found
}

fn distributions(count: &mut Count, found: Vec<Found>, next: Option<String>) -> MonthWrite {
    let found = unseen(count, found);
    let discovery = &mut count.discovery;
    let parents = found.iter().filter(|one| one.carries_tenants);
    let parents = parents.map(|one| (DistributionId::new(one.target.id()), None));
    discovery.tenants_of.extend(parents);
    discovery.found.extend(found);
    discovery.listed = next.is_none();
    discovery.marker = next;
    round(count)
}

fn tenants(count: &mut Count, found: Vec<Found>, next: Option<String>) -> MonthWrite {
    let found = unseen(count, found);
    let discovery = &mut count.discovery;
    discovery.found.extend(found);
    match (discovery.tenants_of.first_mut(), next) {
        (Some((_, marker)), Some(next)) => *marker = Some(next),
        (Some(_), None) => drop(discovery.tenants_of.remove(0)),
        (None, _) => {}
    }
    round(count)
}

fn page_of(count: &mut Count, target: &Target, page: Page<InvalidationSummary>, asked: DateTime<Utc>) -> MonthWrite {
    let (begun, until) = match count.listings.get(target) {
        Some(Listing::Reading { begun, until, .. }) => (*begun, until.clone()),
        Some(Listing::Listed(_)) => (asked, count.newest(target).cloned()),
        Some(Listing::Refused(..)) | None => (asked, None),
    };
    let start = count.key.start;
    let is_known = until
        .as_ref()
        .is_some_and(|until| page.items.iter().any(|row| row.id == *until));
    let is_over = is_known || page.items.iter().any(|row| row.create_time < start);
    let listing = match page.next.filter(|_| !is_over) {
        Some(marker) => Listing::Reading { begun, marker, until },
        None => Listing::Listed(begun),
    };
    listed(count, target, listing, page.items)
}

fn list_refused(
    count: &mut Count,
    target: &Target,
    failure: Failure,
    asked: DateTime<Utc>,
) -> Result<MonthWrite, Failure> {
    let is_gone = failure.refusal().map(Refusal::kind) == Some(RefusalKind::NotFound);
    let is_parent = |found: &Found| found.target == *target && found.carries_tenants;
    let reason = failure.to_string();
    lack(count, &target.operation("ListInvalidations"), failure)?;
    // A multi-tenant distribution may have no invalidations of its own, so there is nothing to count.
    let listing = if is_gone && count.discovery.found.iter().any(is_parent) {
        Listing::Listed(asked)
    } else {
        Listing::Refused(asked, reason)
    };
    Ok(listed(count, target, listing, Vec::new()))
}

fn listed(count: &mut Count, target: &Target, listing: Listing, rows: Vec<InvalidationSummary>) -> MonthWrite {
    let month = count.key.start..count.key.end();
    count.take(target, &rows);
    count.listings.insert(target.clone(), listing.clone());
    MonthWrite::Page {
        target: target.clone(),
        listing,
        rows: rows
            .into_iter()
            .filter(|row| month.contains(&row.create_time))
            .collect(),
    }
}

fn read(count: &mut Count, target: &Target, id: &InvalidationId, one: &Invalidation) -> MonthWrite {
    let read = Reading::Read {
        paths: one.items.len() as u64,
        reference: one.caller_reference.clone(),
        ours: false,
    };
    paths(count, target, id, read)
}

fn paths(count: &mut Count, target: &Target, id: &InvalidationId, read: Reading) -> MonthWrite {
    let of = count.invalidations.entry(target.clone()).or_default();
    if let Some(one) = of.get_mut(id) {
        one.read = read.clone();
    }
    MonthWrite::Paths {
        target: target.clone(),
        id: id.clone(),
        read,
    }
}

/// Resumes a stored count, or restarts it if it is finished.
#[must_use]
pub fn resumed(mut kept: Count, now: DateTime<Utc>) -> Count {
    if kept.ended.is_some() {
        kept.begin_again(now);
    }
    kept
}

/// Returns whether a finished count is too old to be shown as current.
#[must_use]
pub fn is_old(count: &Count, now: DateTime<Utc>) -> bool {
    now - count.begun > OLD
}
