//! One invalidation, whole.

use super::Screen;
use crate::app::model::Model;
use crate::domain::distribution::{Target, console_url, partition_of};
use crate::engine::effect::{Effect, LedgerOperation};
use crate::engine::purpose::Purpose;
use crate::engine::row::{Row, RowKey};
use crate::engine::session::Session;

/// The state of the page.
#[derive(Debug)]
pub struct Details {
    /// Which one.
    pub key: RowKey,
    /// By which the view knows the page from frame to frame.
    pub serial: u64,
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
    let request = model.engine.request(Purpose::Attempts(id.clone()));
    model.engine.ask(Effect::Ledger {
        request,
        operation: LedgerOperation::Attempts(id),
    });
}

/// The address of a row's page in the AWS console, where it is AWS that is asked.
#[must_use]
pub fn console_link(model: &Model, row: &Row<'_>) -> Option<String> {
    let (Target::Distribution(id), Session::Connected(scope)) = (row.target, &model.engine.session) else {
        return None;
    };
    let distribution = model.engine.fleet.get(id).filter(|_| scope.endpoint == "CloudFront")?;
    console_url(partition_of(&distribution.arn)?, id, row.id?.as_str())
}
