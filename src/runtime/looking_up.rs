//! Looks up who created an invalidation, for headless commands: first in the ledger, then in CloudTrail, page by page.

use super::clock::ServiceClock;
use super::cloudfront::CloudFront;
use super::ledger::Ledger;
use crate::domain::failure::Failure;
use crate::domain::trail::{Event, Events, Next, Outcome, PACE, Query, Search, TrailKey, Wanted};
use crate::engine::effect::{Call, LedgerContents, LedgerOperation};

/// The CloudTrail client, ledger and clock that a lookup needs.
#[derive(Debug)]
pub struct Lookup<'a> {
    /// The client that reaches CloudTrail.
    pub cloudfront: &'a CloudFront,
    /// The ledger that stores the result; `None` if it cannot be opened, in which case nothing is stored.
    pub ledger: Option<Ledger>,
    /// The service's clock.
    pub clock: ServiceClock,
}

impl Lookup<'_> {
    /// Looks up who created an invalidation. If the ledger fails, CloudTrail is searched anyway.
    pub async fn look_up(&self, wanted: &Wanted) -> Outcome {
        let key = wanted.key(&self.cloudfront.connection().scope().endpoint);
        if let Some(event) = self.known(&key).await {
            return Outcome::Found(event);
        }
        if wanted.is_too_old(self.clock.now()) {
            return Outcome::TooOld;
        }
        let outcome = self.search(wanted).await;
        if let Outcome::Found(event) = &outcome {
            self.ask(LedgerOperation::KeepMaker(key, event.clone())).await;
        }
        outcome
    }

    async fn search(&self, wanted: &Wanted) -> Outcome {
        let mut search = Search::new(wanted.clone());
        loop {
            match search.answered(self.page(search.query()).await) {
                Next::Ended(outcome) => return outcome,
                Next::Ask(after) => tokio::time::sleep(after.max(PACE).to_std().unwrap_or_default()).await,
            }
        }
    }

    async fn page(&self, query: Query) -> Result<Events, Failure> {
        self.cloudfront.call(Call::LookUpEvents(query)).await?.try_into()
    }

    async fn known(&self, key: &TrailKey) -> Option<Box<Event>> {
        let contents = self.ask(LedgerOperation::Maker(key.clone())).await;
        contents.and_then(|contents| contents.maker)
    }

    async fn ask(&self, operation: LedgerOperation) -> Option<LedgerContents> {
        let ledger = self.ledger.as_ref()?;
        let contents = ledger.carry_out(operation, self.clock.now()).await.ok().flatten();
        contents.map(|contents| *contents)
    }
}
