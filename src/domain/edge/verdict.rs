//! What a visit proves.

use chrono::{DateTime, TimeDelta, Utc};

use super::{EdgeResponse, EdgeSample};
use crate::domain::distribution::{CacheBehavior, Distribution, DistributionConfig};
use crate::domain::duration::short;
use crate::domain::lint::pattern_matches;

/// Ages come in whole seconds and from another clock: closer than this to the invalidation, a copy's age proves nothing.
pub const MARGIN: TimeDelta = TimeDelta::seconds(2);

/// What a visit proves, each with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// What was seen was fetched after the invalidation was made.
    Fresh(String),
    /// What was seen is older than the invalidation.
    Stale(String),
    /// Neither is proved.
    CannotTell(String),
}

impl Verdict {
    /// The word on the screen.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Fresh(_) => "fresh",
            Self::Stale(_) => "stale",
            Self::CannotTell(_) => "cannot tell",
        }
    }

    /// Why.
    #[must_use]
    pub fn reason(&self) -> &str {
        match self {
            Self::Fresh(reason) | Self::Stale(reason) | Self::CannotTell(reason) => reason,
        }
    }
}

/// Judges a visit after an invalidation that was made at `made`; `before` is what was seen before that, if anything was.
#[must_use]
pub fn judge(look: &EdgeSample, made: DateTime<Utc>, before: Option<&EdgeResponse>) -> Verdict {
    let sight = match &look.result {
        Ok(sight) => sight,
        Err(reason) => return Verdict::CannotTell(reason.clone()),
    };
    if !sight.is_cloudfronts() {
        return Verdict::CannotTell("this response did not come from CloudFront: check DNS".to_owned());
    }
    let since = look.at - made;
    let word = sight.cache_word().unwrap_or_default();
    match (word, sight.age.map(TimeDelta::seconds)) {
        ("Hit", Some(age)) => by_age(age, since, sight, before),
        ("Miss" | "RefreshHit", Some(age)) if age > since + MARGIN => Verdict::CannotTell(format!(
            "fetched anew, but a cache behind CloudFront gave a copy {} old",
            short(age)
        )),
        _ => by_word(word, sight, before),
    }
}

/// A copy's age against the invalidation's: the one comparison that proves something by itself.
fn by_age(age: TimeDelta, since: TimeDelta, sight: &EdgeResponse, before: Option<&EdgeResponse>) -> Verdict {
    let (old, ago) = (short(age), short(since));
    if age > since + MARGIN {
        Verdict::Stale(format!("this copy is {old} old, the invalidation {ago}"))
    } else if age + MARGIN <= since {
        judged_fresh(format!("fetched {old} ago, after the invalidation"), sight, before)
    } else {
        Verdict::CannotTell(format!("copy and invalidation are both about {old} old: check again"))
    }
}

fn by_word(word: &str, sight: &EdgeResponse, before: Option<&EdgeResponse>) -> Verdict {
    match word {
        _ if sight.location.is_some() => Verdict::CannotTell("it redirects; the target was not checked".to_owned()),
        _ if sight.status >= 400 => Verdict::CannotTell(format!("the response is {}", sight.status)),
        "Miss" if is_never_kept(sight) => {
            Verdict::Fresh("fetched from the origin now; the edge never keeps it".to_owned())
        }
        "Miss" => judged_fresh("fetched from the origin now".to_owned(), sight, before),
        "RefreshHit" => judged_fresh("the origin confirmed it now".to_owned(), sight, before),
        "Hit" => without_age(sight, before, "cached copy without Age"),
        "FunctionGeneratedResponse" | "LambdaGeneratedResponse" => {
            Verdict::CannotTell("a function responded at the edge: no cached copy was seen".to_owned())
        }
        "" => without_age(sight, before, "X-Cache was taken away by a response headers policy"),
        other => Verdict::CannotTell(format!("X-Cache says {other}")),
    }
}

/// A fresh copy may hold the same as before: then the origin still serves it.
fn judged_fresh(reason: String, sight: &EdgeResponse, before: Option<&EdgeResponse>) -> Verdict {
    Verdict::Fresh(match before.and_then(|before| sight.differs_from(before)) {
        Some(true) => format!("{reason}; the content changed"),
        Some(false) => format!("{reason}; the origin still serves the same content"),
        None => reason,
    })
}

/// Where no age tells, another content than before does.
fn without_age(sight: &EdgeResponse, before: Option<&EdgeResponse>, why: &str) -> Verdict {
    match before.and_then(|before| sight.differs_from(before)) {
        Some(true) => Verdict::Fresh(format!("the content changed; {why}")),
        Some(false) | None => Verdict::CannotTell(why.to_owned()),
    }
}

fn is_never_kept(sight: &EdgeResponse) -> bool {
    let directives = sight.cache_control.as_deref().unwrap_or_default();
    directives
        .split(',')
        .any(|one| matches!(one.trim(), "no-store" | "private" | "s-maxage=0"))
}

/// What else is known of the target and of what was invalidated.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The distribution, if it is known.
    pub distribution: Option<&'a Distribution>,
    /// What only `GetDistribution` tells of it.
    pub config: Option<&'a DistributionConfig>,
    /// What was, or is to be, invalidated.
    pub items: &'a [String],
}

/// Why a reader may still see the old content, whatever the verdict: one sentence each.
#[must_use]
pub fn remarks(sights: &[&EdgeResponse], circumstances: &Circumstances<'_>) -> Vec<String> {
    let mut remarks: Vec<String> = Vec::new();
    remarks.extend(kept_by_browsers(sights));
    if let Some(distribution) = circumstances.distribution {
        remarks.extend(of_distribution(distribution, circumstances.items));
    }
    let has_tags = circumstances.items.iter().any(|item| item.starts_with('#'));
    let ignores_tags = circumstances
        .config
        .is_some_and(|config| config.cache_tag_header.is_none());
    if has_tags && ignores_tags {
        remarks.push("tags clear nothing here: the distribution has no cache tag header".to_owned());
    }
    remarks
}

/// An invalidation does not reach browsers.
fn kept_by_browsers(sights: &[&EdgeResponse]) -> Option<String> {
    let longest = sights
        .iter()
        .filter_map(|sight| max_age(sight.cache_control.as_deref()?))
        .max()?;
    let long = short(TimeDelta::seconds(longest));
    (longest > 0).then(|| format!("browsers may show their own copy for up to {long}: no invalidation reaches them"))
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

fn of_distribution(distribution: &Distribution, items: &[String]) -> Vec<String> {
    let mut remarks = Vec::new();
    if !distribution.is_deployed() {
        remarks.push("a change of the distribution is still being deployed".to_owned());
    }
    let origin_path = distribution
        .origins
        .iter()
        .map(|origin| origin.origin_path.trim_end_matches('/'))
        .find(|path| !path.is_empty() && items.iter().any(|item| item.starts_with(&format!("{path}/"))));
    if let Some(path) = origin_path {
        remarks.push(format!("{path} is the origin path, which is not part of viewer URLs"));
    }
    let mut exact = items
        .iter()
        .filter(|item| item.starts_with('/') && !item.ends_with('*') && !item.contains('?'));
    if exact.any(|path| counts_query(&distribution.behaviors, path)) {
        remarks.push("with another query string it is another copy: a path that ends in * clears them all".to_owned());
    }
    remarks
}

/// Whether the query string tells copies of this path apart. The default behaviour comes last, wherever it is listed.
fn counts_query(behaviors: &[CacheBehavior], path: &str) -> bool {
    let (default, others): (Vec<_>, Vec<_>) = behaviors.iter().partition(|one| one.path_pattern == "*");
    let serving = others.into_iter().find(|one| pattern_matches(&one.path_pattern, path));
    serving
        .or(default.first().copied())
        .is_some_and(|one| one.query_string == Some(true))
}

#[cfg(test)]
mod tests;
