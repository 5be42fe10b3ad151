//! `--look`: once an invalidation has completed, checks which copies viewers get from the edge.

use serde::Serialize;
use tokio::time::Instant;

use super::engine::{Ask, Core, Engine, Known};
use super::error::Error;
use super::signal::Stop;
use super::{aim, show};
use crate::cli::Output;
use crate::domain::distribution::Target;
use crate::domain::edge::Verdict;
use crate::domain::failure::Failure;
use crate::domain::invalidation::InvalidationId;
use crate::engine::edge::{Subject, report};
use crate::engine::row::RowKey;
use crate::runtime::cloudfront::CloudFront;

/// The invalidation to check, with its target.
pub(super) type Pair = (Target, InvalidationId);

/// The result of the edge check for one invalidation.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Looked {
    /// The worst verdict among the requested URLs.
    pub(super) verdict: &'static str,
    /// The result for each requested URL.
    addresses: Vec<Seen>,
    /// The items that were not requested, with the reasons.
    left_out: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Seen {
    url: String,
    verdict: &'static str,
    reason: String,
}

const CANNOT_TELL: &str = "cannot_tell";

/// The results of all edge checks. Even if some were not finished, the invalidations themselves are completed.
#[derive(Default)]
pub(super) struct Looks {
    /// The results, in the order of the invalidations.
    pub(super) all: Vec<Looked>,
    /// The reason why the remaining invalidations were not checked.
    pub(super) stop: Option<Stop>,
    /// The failure that only logging in can resolve.
    pub(super) login: Option<Failure>,
}

impl Looks {
    /// Returns the exit code of the checks. If the user has to log in, reports that and returns 4 instead.
    pub(super) fn exit_code(&self, strict: bool, output: Output) -> u8 {
        match &self.login {
            Some(failure) => Error::from(failure.clone()).problem().tell(output),
            None => exit_code(&self.all, strict),
        }
    }
}

/// Checks each of these invalidations at the edge, in order. A check that fails yields the verdict "cannot tell".
pub(super) async fn look(
    engine: &mut Engine,
    cloudfront: &CloudFront,
    pairs: &[Pair],
    deadline: Option<Instant>,
) -> Looks {
    let mut looks = Looks::default();
    for pair in pairs {
        let looked = match looks.stop {
            None => one(engine, cloudfront, pair, deadline, &mut looks.login).await,
            Some(stop) => Err(stop),
        };
        looks.stop = looked.as_ref().err().copied();
        let left = |_| nothing("stopped before the edge responded".to_owned());
        looks.all.push(looked.unwrap_or_else(left));
    }
    looks
}

async fn one(
    engine: &mut Engine,
    cloudfront: &CloudFront,
    pair: &Pair,
    deadline: Option<Instant>,
    login: &mut Option<Failure>,
) -> Result<Looked, Stop> {
    match engine.beside(deadline, known(cloudfront, pair)).await? {
        Ok(known) => engine.ask(Ask::Known(known)),
        Err(error) => {
            let sentence = error.to_string();
            if let Error::CloudFront { failure } = error
                && failure.needs_login()
            {
                *login = Some(failure);
            }
            return Ok(nothing(sentence));
        }
    }
    let subject = Subject::Row(RowKey::Invalidation(pair.0.clone(), pair.1.clone()));
    engine.ask(Ask::Look(subject.clone()));
    engine.until(deadline, |model| looked(model, &subject)).await
}

/// Returns the hosts and items that an edge check requires.
async fn known(cloudfront: &CloudFront, (target, id): &Pair) -> Result<Known, Error> {
    let aim = aim::describe(cloudfront, None, target.clone()).await?;
    let invalidation = show::get(cloudfront, target, id).await?;
    Ok(Known {
        distributions: aim.distribution.into_iter().collect(),
        tenants: aim.tenant.into_iter().collect(),
        invalidations: vec![(target.clone(), invalidation)],
    })
}

/// Returns the result of a check that made no requests, with the reason.
fn nothing(reason: String) -> Looked {
    Looked {
        verdict: CANNOT_TELL,
        addresses: Vec::new(),
        left_out: vec![reason],
    }
}

/// Returns the result once the last URL has been checked.
fn looked(model: &Core, subject: &Subject) -> Option<Looked> {
    let (_, plan) = model.script.looks.iter().rev().find(|(of, _)| of == subject)?;
    let plan = match plan {
        Ok(plan) => plan,
        Err(reason) => return Some(nothing(reason.clone())),
    };
    let report = match report(model, subject, plan) {
        Ok(report) => report,
        Err(reason) => return Some(nothing(reason)),
    };
    if report.seen.iter().any(|seen| seen.awaited) {
        return None;
    }
    let addresses: Vec<Seen> = report
        .seen
        .iter()
        .map(|seen| Seen {
            url: format!("https://{}", seen.address),
            verdict: seen.verdict.as_ref().map_or(CANNOT_TELL, word),
            reason: seen.verdict.as_ref().map_or("", |verdict| verdict.reason()).to_owned(),
        })
        .collect();
    Some(Looked {
        verdict: worst(&addresses),
        addresses,
        left_out: report.left_out,
    })
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Fresh(_) => "fresh",
        Verdict::Stale(_) => "stale",
        Verdict::CannotTell(_) => CANNOT_TELL,
    }
}

fn worst(addresses: &[Seen]) -> &'static str {
    let any = |word: &str| addresses.iter().any(|seen| seen.verdict == word);
    match addresses {
        _ if any("stale") => "stale",
        [] => CANNOT_TELL,
        _ if any(CANNOT_TELL) => CANNOT_TELL,
        _ => "fresh",
    }
}

/// Returns the exit code of these results: 6 if any is stale, 7 if any is inconclusive and `strict` is set.
fn exit_code<'a>(looked: impl IntoIterator<Item = &'a Looked>, strict: bool) -> u8 {
    let words: Vec<&str> = looked.into_iter().map(|looked| looked.verdict).collect();
    match () {
        () if words.contains(&"stale") => 6,
        () if strict && words.contains(&CANNOT_TELL) => 7,
        () => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stale_weighs_more_than_what_cannot_be_told() {
        let looked = |verdict| Looked {
            verdict,
            addresses: Vec::new(),
            left_out: Vec::new(),
        };
        let (fresh, stale, unclear) = (looked("fresh"), looked("stale"), looked(CANNOT_TELL));
        assert_eq!(exit_code([&fresh, &unclear, &stale], true), 6);
        assert_eq!(
            (exit_code([&fresh, &unclear], true), exit_code([&unclear], false)),
            (7, 0)
        );
        assert_eq!(exit_code([&fresh], true), 0);
    }
}
