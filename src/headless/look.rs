//! `--look`: what viewers get of an invalidation, asked of the edge when it is completed.

use serde::Serialize;
use tokio::time::Instant;

use super::engine::{Ask, Core, Engine, Known, Stop};
use super::{Error, aim, show};
use crate::domain::distribution::Target;
use crate::domain::edge::Verdict;
use crate::domain::invalidation::InvalidationId;
use crate::engine::edge::{Subject, report};
use crate::engine::row::RowKey;
use crate::runtime::cloudfront::CloudFront;

/// What the edge showed of an invalidation.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Looked {
    /// The worst of its addresses.
    pub(super) verdict: &'static str,
    /// Each address that was asked for.
    addresses: Vec<Seen>,
    /// What was not asked for, and why.
    left_out: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Seen {
    url: String,
    verdict: &'static str,
    reason: String,
}

const CANNOT_TELL: &str = "cannot_tell";

/// Asks the edge about each of these, in their order.
pub(super) async fn look(
    engine: &mut Engine,
    cloudfront: &CloudFront,
    pairs: &[(Target, InvalidationId)],
    deadline: Option<Instant>,
) -> Result<Vec<Looked>, Error> {
    engine.ask(Ask::Known(known(cloudfront, pairs).await?));
    let mut all = Vec::new();
    for (target, id) in pairs {
        let subject = Subject::Row(RowKey::Invalidation(target.clone(), id.clone()));
        engine.ask(Ask::Look(subject.clone()));
        let looked = engine.until(deadline, |model| looked(model, &subject)).await;
        all.push(looked.map_err(|stop: Stop| Error::Stopped(stop.exit_code()))?);
    }
    Ok(all)
}

/// The hosts and items, without which there is nothing to ask for.
async fn known(cloudfront: &CloudFront, pairs: &[(Target, InvalidationId)]) -> Result<Known, Error> {
    let mut known = Known::default();
    let mut targets: Vec<&Target> = Vec::new();
    for (target, id) in pairs {
        if !targets.contains(&target) {
            targets.push(target);
            let aim = aim::describe(cloudfront, None, target.clone()).await?;
            known.distributions.extend(aim.distribution);
            known.tenants.extend(aim.tenant);
        }
        known
            .invalidations
            .push((target.clone(), show::get(cloudfront, target, id).await?));
    }
    Ok(known)
}

/// The outcome, when the last address has answered.
fn looked(model: &Core, subject: &Subject) -> Option<Looked> {
    let (_, plan) = model.script.looks.iter().rev().find(|(of, _)| of == subject)?;
    let nothing = |reason: &String| Looked {
        verdict: CANNOT_TELL,
        addresses: Vec::new(),
        left_out: vec![reason.clone()],
    };
    let plan = match plan {
        Ok(plan) => plan,
        Err(reason) => return Some(nothing(reason)),
    };
    let report = match report(model, subject, plan) {
        Ok(report) => report,
        Err(reason) => return Some(nothing(&reason)),
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

/// The exit code that these lead to: 6 where one is stale, 7 where one cannot be told and that matters.
pub(super) fn exit_code<'a>(looked: impl IntoIterator<Item = &'a Looked>, strict: bool) -> u8 {
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
