//! Counting a month without a screen: one question after the other, each answer in the ledger before the next question.

use std::pin::pin;

use super::clock::ServiceClock;
use super::cloudfront::CloudFront;
use super::ledger::Ledger;
use crate::domain::failure::Failure;
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::month::{Count, MonthKey};
use crate::engine::effect::LedgerOperation;
use crate::engine::month::{self, MonthWrite};

/// Why a count is not at its end. It can be resumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interrupted<S> {
    /// CloudFront, or the way to it.
    CloudFront(Failure),
    /// What was learned could not be kept.
    Ledger(LedgerFailure),
    /// Somebody asked for it.
    Stopped(S),
}

/// Who is asked, and where the answers are kept.
#[derive(Debug)]
pub struct Counter {
    /// Who is asked.
    pub cloudfront: CloudFront,
    /// Where the answers are kept.
    pub ledger: Ledger,
    /// The time at CloudFront.
    pub clock: ServiceClock,
}

impl Counter {
    /// The month of now, as far as the ledger knows it.
    ///
    /// # Errors
    /// The ledger cannot be read.
    pub async fn known(&self) -> Result<Count, LedgerFailure> {
        let (now, scope) = (self.clock.now(), self.cloudfront.connection().scope());
        known(
            &self.ledger,
            MonthKey::of(&scope.endpoint, &scope.profile, now),
            &self.clock,
        )
        .await
    }

    /// Asks until everything was asked for. It is stopped between two questions: a question that was asked is heard to its end.
    ///
    /// # Errors
    /// Why it is not at its end.
    pub async fn go_on<S>(&self, count: &mut Count, stop: impl Future<Output = S>) -> Result<(), Interrupted<S>> {
        let mut stop = pin!(stop);
        if count.discovery.marker.is_none() && !count.discovery.listed {
            self.keep(count, vec![month::round(count)]).await?;
        }
        while let Some(call) = month::next(count) {
            let asked = self.clock.now();
            let answer = self.cloudfront.call(call.clone()).await;
            let writes = month::answered(count, &call, asked, answer).map_err(Interrupted::CloudFront)?;
            self.keep(count, writes).await?;
            if count.ended.is_some() {
                break;
            }
            tokio::select! {
                biased;
                reason = &mut stop => return Err(Interrupted::Stopped(reason)),
                () = tokio::time::sleep(month::PACE.to_std().unwrap_or_default()) => {}
            }
        }
        Ok(())
    }

    async fn keep<S>(&self, count: &Count, writes: Vec<MonthWrite>) -> Result<(), Interrupted<S>> {
        let operation = LedgerOperation::KeepMonth(count.key.clone(), writes);
        let kept = self.ledger.carry_out(operation, self.clock.now()).await;
        kept.map(drop).map_err(Interrupted::Ledger)
    }
}

/// A month as far as the ledger knows it.
///
/// # Errors
/// The ledger cannot be read.
pub async fn known(ledger: &Ledger, key: MonthKey, clock: &ServiceClock) -> Result<Count, LedgerFailure> {
    let contents = ledger
        .carry_out(LedgerOperation::Month(key.clone()), clock.now())
        .await?;
    let known = contents.and_then(|contents| contents.month);
    Ok(known.map_or_else(|| Count::new(key, clock.now()), |count| *count))
}
