//! Counts a month's paths without a screen: sends one request after another, and stores each response in the ledger
//! before sending the next request.

use std::pin::pin;

use super::clock::ServiceClock;
use super::cloudfront::CloudFront;
use super::ledger::Ledger;
use crate::domain::failure::Failure;
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::month::{Count, MonthKey, MonthWrite};
use crate::engine::effect::LedgerOperation;
use crate::engine::month;

/// The reason why a count has not finished. The count can be resumed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Interrupted<S> {
    /// A request to CloudFront failed.
    CloudFront(Failure),
    /// The ledger could not store the results.
    Ledger(LedgerFailure),
    /// The caller stopped the count.
    Stopped(S),
}

/// The clients that a count uses.
#[derive(Debug)]
pub struct Counter {
    /// The CloudFront client.
    pub cloudfront: CloudFront,
    /// The ledger that stores the responses.
    pub ledger: Ledger,
    /// The service's clock.
    pub clock: ServiceClock,
}

impl Counter {
    /// Returns the count of the current month, as stored in the ledger.
    ///
    /// # Errors
    /// If the ledger cannot be read.
    pub async fn known(&self) -> Result<Count, LedgerFailure> {
        let (now, scope) = (self.clock.now(), self.cloudfront.connection().scope());
        known(
            &self.ledger,
            MonthKey::of(&scope.endpoint, &scope.profile, now),
            &self.clock,
        )
        .await
    }

    /// Sends requests until the count is finished. The count can be stopped between two requests, but not while a
    /// response is pending.
    ///
    /// # Errors
    /// The reason why the count has not finished.
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

/// Returns the count of a month, as stored in the ledger.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn known(ledger: &Ledger, key: MonthKey, clock: &ServiceClock) -> Result<Count, LedgerFailure> {
    let contents = ledger
        .carry_out(LedgerOperation::Month(key.clone()), clock.now())
        .await?;
    let known = contents.and_then(|contents| contents.month);
    Ok(known.map_or_else(|| Count::new(key, clock.now()), |count| *count))
}
