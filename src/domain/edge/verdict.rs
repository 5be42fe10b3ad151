//! Judges what an edge response proves about an invalidation.

use chrono::{DateTime, TimeDelta, Utc};

use super::{EdgeResponse, EdgeSample};
use crate::domain::distribution::{Distribution, DistributionConfig};
use crate::domain::duration::short;
use crate::domain::lint::{self, Context};

/// The margin around the time of the invalidation within which a copy's age proves nothing, because ages are whole
/// seconds measured by another clock.
pub const MARGIN: TimeDelta = TimeDelta::seconds(2);

/// The assumed maximum unnoticed difference between the local clock and CloudFront's.
const BETWEEN_CLOCKS: TimeDelta = TimeDelta::seconds(4);

/// The verdict of an edge check, with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The response was fetched from the origin after the invalidation was created.
    Fresh(String),
    /// The response is older than the invalidation.
    Stale(String),
    /// The response proves neither.
    CannotTell(String),
}

impl Verdict {
    /// Returns the verdict as a word for display.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Fresh(_) => "fresh",
            Self::Stale(_) => "stale",
            Self::CannotTell(_) => "cannot tell",
        }
    }

    /// Returns the reason for the verdict.
    #[must_use]
    pub fn reason(&self) -> &str {
        match self {
            Self::Fresh(reason) | Self::Stale(reason) | Self::CannotTell(reason) => reason,
        }
    }
}

/// The creation time of an invalidation, and whose clock measured it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// The creation time.
    pub at: DateTime<Utc>,
    /// Whether the local clock was used. That clock also times the edge checks, so an error in it does not matter in
    /// this case.
    pub by_own_clock: bool,
}

impl Made {
    /// Returns the margin around the invalidation within which a copy's age proves nothing.
    fn margin(self) -> TimeDelta {
        if self.by_own_clock {
            MARGIN
        } else {
            MARGIN + BETWEEN_CLOCKS
        }
    }
}

/// An edge response, with everything about the invalidation and the URL that is needed to judge it.
struct Case<'a> {
    sight: &'a EdgeResponse,
    /// The time from the invalidation to the response.
    since: TimeDelta,
    margin: TimeDelta,
    /// The last response before the invalidation, if there was one.
    before: Option<&'a EdgeResponse>,
    /// Whether the origin, or a cache in front of it, has been observed to send `Age`. If so, a copy may have
    /// spent less time at CloudFront than its `Age` indicates.
    origin_ages: bool,
}

/// Judges a response after an invalidation; `looks` contains all responses for the same URL, oldest first.
#[must_use]
pub fn judge(look: &EdgeSample, made: Made, looks: &[EdgeSample]) -> Verdict {
    let sight = match &look.result {
        Ok(sight) => sight,
        Err(reason) => return Verdict::CannotTell(reason.clone()),
    };
    if !sight.is_cloudfronts() {
        return Verdict::CannotTell("this response did not come from CloudFront; check DNS".to_owned());
    }
    if let Some(verdict) = of_another_cache(look, sight, made, looks) {
        return verdict;
    }
    let answers = || {
        looks
            .iter()
            .filter_map(|look| Some((look.at, look.result.as_ref().ok()?)))
    };
    Case {
        sight,
        since: look.at - made.at,
        margin: made.margin(),
        before: answers().rfind(|(at, _)| *at < made.at).map(|(_, sight)| sight),
        origin_ages: sight.came_through_others() || answers().any(|(_, sight)| is_aged_by_origin(sight)),
    }
    .verdict()
}

/// Detects a cache between this machine and CloudFront: each CloudFront response has its own id, so a repeated id
/// means that another cache replayed the response.
fn of_another_cache(look: &EdgeSample, sight: &EdgeResponse, made: Made, looks: &[EdgeSample]) -> Option<Verdict> {
    let id = sight.edge_id.as_ref()?;
    let same = |earlier: &&EdgeSample| {
        earlier.at < look.at
            && earlier
                .result
                .as_ref()
                .is_ok_and(|sight| sight.edge_id.as_ref() == Some(id))
    };
    let first = looks.iter().find(same)?;
    Some(if first.at < made.at {
        Verdict::Stale(
            "another CDN in front of CloudFront still returns a response from before the invalidation".to_owned(),
        )
    } else {
        Verdict::CannotTell(
            "X-Amz-Cf-Id is the same as before, so another CDN in front of CloudFront returned its own copy".to_owned(),
        )
    })
}

/// Returns whether a response already had an age when CloudFront fetched it.
fn is_aged_by_origin(sight: &EdgeResponse) -> bool {
    matches!(sight.cache_word(), Some("Miss" | "RefreshHit")) && sight.age.is_some_and(|age| age > 0)
}

impl Case<'_> {
    fn verdict(&self) -> Verdict {
        let word = self.sight.cache_word().unwrap_or_default();
        match (word, self.sight.age.map(TimeDelta::seconds)) {
            ("Hit" | "Error", Some(age)) if age > self.since + self.margin => self.older(age),
            ("Miss" | "RefreshHit", Some(age)) if age > self.since + self.margin => Verdict::CannotTell(format!(
                "fetched again, but a cache between CloudFront and the origin returned a copy {} old",
                short(age)
            )),
            _ if self.sight.location.is_some() => {
                Verdict::CannotTell("the response is a redirect, which was not followed".to_owned())
            }
            _ if self.sight.status >= 400 => {
                Verdict::CannotTell(format!("the response status is {}", self.sight.status))
            }
            ("Hit", Some(age)) => self.younger(age),
            (word, _) => self.by_word(word),
        }
    }

    /// Judges a copy that claims to be older than the invalidation, regardless of its status.
    fn older(&self, age: TimeDelta) -> Verdict {
        let (old, ago) = (short(age), short(self.since));
        if self.origin_ages {
            return Verdict::CannotTell(format!(
                "this copy is {old} old, but a cache between CloudFront and the origin also adds to Age"
            ));
        }
        let what = match self.sight.status {
            status @ 400.. => format!("the cached {status} response"),
            _ => "this copy".to_owned(),
        };
        Verdict::Stale(format!("{what} is {old} old, the invalidation only {ago}"))
    }

    fn younger(&self, age: TimeDelta) -> Verdict {
        let old = short(age);
        if age + self.margin <= self.since {
            self.fresh(format!("fetched {old} ago, after the invalidation"))
        } else {
            Verdict::CannotTell(format!(
                "the copy and the invalidation are both about {old} old; check again"
            ))
        }
    }

    fn by_word(&self, word: &str) -> Verdict {
        match word {
            "Miss" if is_never_kept(self.sight) => {
                Verdict::Fresh("fetched from the origin just now; the edge never caches it".to_owned())
            }
            "Miss" => self.fresh("fetched from the origin just now".to_owned()),
            "RefreshHit" => self.fresh("revalidated with the origin just now".to_owned()),
            "Hit" => self.without_age("cached copy without Age"),
            "FunctionGeneratedResponse" | "LambdaGeneratedResponse" => {
                Verdict::CannotTell("an edge function sent the response, so no cached copy was seen".to_owned())
            }
            "" => Verdict::CannotTell(
                "no X-Cache header, which CloudFront always sends; another CDN responded".to_owned(),
            ),
            other => Verdict::CannotTell(format!("X-Cache is {other}")),
        }
    }

    /// Returns a fresh verdict that mentions whether the content has changed, if that is known.
    fn fresh(&self, reason: String) -> Verdict {
        Verdict::Fresh(match self.changed() {
            Some(true) => format!("{reason}; the content changed"),
            Some(false) => format!("{reason}; the origin still serves the same content"),
            None => reason,
        })
    }

    /// Judges a response without a usable age by whether its content has changed.
    fn without_age(&self, why: &str) -> Verdict {
        match self.changed() {
            Some(true) => Verdict::Fresh(format!("the content changed; {why}")),
            Some(false) | None => Verdict::CannotTell(why.to_owned()),
        }
    }

    fn changed(&self) -> Option<bool> {
        self.before.and_then(|before| self.sight.differs_from(before))
    }
}

fn is_never_kept(sight: &EdgeResponse) -> bool {
    let directives = sight.cache_control.as_deref().unwrap_or_default();
    directives
        .split(',')
        .any(|one| matches!(one.trim(), "no-store" | "private" | "s-maxage=0"))
}

/// What is known about the target and the invalidated items.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The distribution, if known.
    pub distribution: Option<&'a Distribution>,
    /// The details of the distribution that only `GetDistribution` returns.
    pub config: Option<&'a DistributionConfig>,
    /// The items that were, or will be, invalidated.
    pub items: &'a [String],
    /// The cache behaviors, if known.
    pub served: &'a Context,
}

/// Returns the reasons why a viewer may still see old content regardless of the verdict, one sentence per reason.
#[must_use]
pub fn remarks(sights: &[&EdgeResponse], circumstances: &Circumstances<'_>) -> Vec<String> {
    let mut remarks: Vec<String> = Vec::new();
    remarks.extend(blindness(circumstances));
    remarks.extend(kept_by_browsers(sights));
    if let Some(distribution) = circumstances.distribution {
        remarks.extend(of_distribution(distribution, circumstances));
    }
    let has_tags = circumstances.items.iter().any(|item| item.starts_with('#'));
    let ignores_tags = circumstances
        .config
        .is_some_and(|config| config.cache_tag_header.is_none());
    if has_tags && ignores_tags {
        remarks.push("tags clear nothing because the distribution has no cache tag header".to_owned());
    }
    remarks
}

/// Warns if CloudFront rejects requests from this machine, so that the check cannot show what viewers get.
fn blindness(circumstances: &Circumstances<'_>) -> Option<String> {
    let mut paths = circumstances.items.iter().filter(|item| item.starts_with('/'));
    let why = paths.find_map(|path| lint::blind(path, circumstances.served))?;
    Some(format!("this check is inconclusive: {why}"))
}

/// Warns about browser caches, which an invalidation does not reach.
fn kept_by_browsers(sights: &[&EdgeResponse]) -> Option<String> {
    let longest = sights
        .iter()
        .filter_map(|sight| max_age(sight.cache_control.as_deref()?))
        .max()?;
    let long = short(TimeDelta::seconds(longest));
    (longest > 0)
        .then(|| format!("browsers may show their own copy for up to {long}; invalidations do not reach browsers"))
}

fn max_age(cache_control: &str) -> Option<i64> {
    const YEARS: i64 = 100 * 365 * 86_400;
    let seconds = |one: &str| {
        one.trim()
            .strip_prefix("max-age=")?
            .trim_matches('"')
            .parse::<i64>()
            .ok()
    };
    let forbidden = cache_control
        .split(',')
        .any(|one| matches!(one.trim(), "no-store" | "no-cache"));
    let age = cache_control.split(',').find_map(seconds)?;
    (!forbidden).then_some(age.clamp(0, YEARS))
}

fn of_distribution(distribution: &Distribution, circumstances: &Circumstances<'_>) -> Vec<String> {
    let items = circumstances.items;
    let mut remarks = Vec::new();
    if !distribution.is_deployed() {
        remarks.push("a change to the distribution is still being deployed".to_owned());
    }
    let origin_path = distribution
        .origins
        .iter()
        .map(|origin| origin.origin_path.trim_end_matches('/'))
        .find(|path| !path.is_empty() && items.iter().any(|item| item.starts_with(&format!("{path}/"))));
    if let Some(path) = origin_path {
        remarks.push(format!("{path} is the origin path, which is not part of viewer URLs"));
    }
    let mut paths = items.iter().filter(|item| item.starts_with('/'));
    if paths.any(|path| lint::counts_query(path, circumstances.served)) {
        remarks.push("each query string has its own cached copy; a path that ends in * clears them all".to_owned());
    }
    remarks
}

#[cfg(test)]
mod tests;
