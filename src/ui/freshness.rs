//! How recent the data on the page is.

use chrono::{DateTime, Utc};

use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::domain::distribution::{DistributionId, Target};
use crate::domain::failure::Failure;
use crate::domain::submission::Meaning;
use crate::engine::data::Freshness;
use crate::engine::row::{Row, row};
use crate::engine::session::Session;
use crate::engine::watch::is_live;

/// The freshness of all data on a page.
#[derive(Clone, Copy, Default)]
pub(super) struct Seen<'a> {
    /// When the oldest part of the data arrived.
    pub as_of: Option<DateTime<Utc>>,
    /// Whether the data is polled.
    pub live: bool,
    /// Whether any of the data is loading.
    pub loading: bool,
    /// Why the last request for the data failed.
    pub failure: Option<&'a Failure>,
}

impl<'a> Seen<'a> {
    fn of(freshness: &'a Freshness) -> Self {
        Self {
            as_of: freshness.as_of,
            live: false,
            loading: freshness.loading.is_some(),
            failure: freshness.failure.as_ref(),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            as_of: match (self.as_of, other.as_of) {
                (Some(one), Some(two)) => Some(one.min(two)),
                (one, two) => one.or(two),
            },
            live: self.live && other.live,
            loading: self.loading || other.loading,
            failure: self.failure.or(other.failure),
        }
    }
}

/// Returns the freshness of the page; `None` for a page without fetched data.
pub(super) fn of_page(model: &Model) -> Option<Seen<'_>> {
    match model.screen() {
        Screen::Distributions(_) => Some(of_fleet(model)),
        Screen::Tenants(screen) => Some(of_tenants(model, &screen.distribution)),
        Screen::Invalidations(screen) => Some(match &screen.target {
            Some(target) => Seen {
                live: is_live(&model.engine),
                ..of_target(model, target)
            },
            None => of_all(model),
        }),
        Screen::Details(screen) => row(&model.engine, &screen.key).and_then(|row| of_row(model, &row)),
        Screen::History(_) | Screen::Composer(_) => None,
    }
}

/// Returns the freshness of one invalidation; `None` if it can no longer change, or CloudFront does not have it yet.
fn of_row<'a>(model: &'a Model, row: &Row<'_>) -> Option<Seen<'a>> {
    if row.create_time.is_none() || row.meaning != Meaning::UnderWay {
        return None;
    }
    let seen = of_target(model, row.target);
    // The invalidation may have been polled individually after the list arrived, or be newer than the list.
    let looked = row
        .submission
        .and_then(|submission| submission.state.last_in_progress());
    Some(Seen {
        live: is_live(&model.engine),
        as_of: seen.as_of.max(looked),
        ..seen
    })
}

fn of_fleet(model: &Model) -> Seen<'_> {
    of_session(model, Seen::of(&model.engine.fleet.freshness))
}

/// Returns the freshness of a distribution's tenants.
pub(super) fn of_tenants<'a>(model: &'a Model, distribution: &DistributionId) -> Seen<'a> {
    let list = model.engine.tenants.of(distribution);
    of_session(model, list.map_or_else(Seen::default, |list| Seen::of(&list.freshness)))
}

/// Adds the session's failure, because without credentials the data is not as recent as it seems.
fn of_session<'a>(model: &'a Model, seen: Seen<'a>) -> Seen<'a> {
    match &model.engine.session {
        Session::Failed(failure) => Seen {
            failure: Some(failure),
            ..seen
        },
        Session::Connecting | Session::Connected(_) => seen,
    }
}

/// Returns the freshness of one target's invalidations.
pub(super) fn of_target<'a>(model: &'a Model, target: &Target) -> Seen<'a> {
    let seen = model
        .engine
        .histories
        .get(target)
        .map_or_else(Seen::default, |history| {
            let seen = Seen::of(&history.freshness);
            Seen {
                loading: seen.loading || history.loading_older.is_some(),
                ..seen
            }
        });
    of_session(model, seen)
}

fn of_all(model: &Model) -> Seen<'_> {
    let all = model
        .engine
        .histories
        .iter()
        .map(|(_, history)| Seen::of(&history.freshness));
    all.fold(Seen::default(), Seen::and)
}
