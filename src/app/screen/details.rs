//! One invalidation, whole.

use super::Screen;
use super::invalidations::{Row, RowKey, row};
use crate::app::effect::{Effect, LedgerOperation};
use crate::app::list::Step;
use crate::app::model::{Model, Purpose, Session};
use crate::domain::distribution::{Target, console_url, partition_of};

/// The state of the page.
#[derive(Debug)]
pub struct Details {
    /// Which one.
    pub key: RowKey,
    /// The first line of the items that is seen.
    pub scroll: usize,
    /// How many lines there are to scroll through.
    pub lines: usize,
}

impl Details {
    /// Counts the lines anew: the items may come after the page was opened.
    pub(crate) fn refill(&mut self, model: &Model) {
        let items = row(model, &self.key).and_then(|row| row.items);
        self.lines = items.map_or(0, <[String]>::len);
    }

    /// Scrolls; returns whether anything moved.
    pub fn step(&mut self, step: Step) -> bool {
        let last = self.lines.saturating_sub(1);
        let before = self.scroll;
        self.scroll = match step {
            Step::By(lines) => self.scroll.saturating_add_signed(lines).min(last),
            Step::Top => 0,
            Step::Bottom => last,
        };
        self.scroll != before
    }
}

/// Asks the ledger for the attempts of the submission that the page shows.
pub(crate) fn read_attempts(model: &mut Model) {
    let Screen::Details(Details {
        key: RowKey::Submission(id),
        ..
    }) = model.screen()
    else {
        return;
    };
    let id = id.clone();
    let request = model.request(Purpose::Attempts(id.clone()));
    model.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::Attempts(id),
    });
}

/// The address of a row's page in the AWS console, where it is AWS that is asked.
#[must_use]
pub fn console_link(model: &Model, row: &Row<'_>) -> Option<String> {
    let (Target::Distribution(id), Session::Connected(scope)) = (row.target, &model.session) else {
        return None;
    };
    let distribution = model.fleet.get(id).filter(|_| scope.endpoint == "CloudFront")?;
    console_url(partition_of(&distribution.arn)?, id, row.id?.as_str())
}
