//! Actions for the details page: loads data about an invalidation and links to the AWS console.

use crate::app::act::navigation;
use crate::app::model::Model;
use crate::app::screen::Screen;
use crate::app::screen::details::Details;
use crate::domain::distribution::{Target, console_url, partition_of};
use crate::engine::effect::LedgerOperation;
use crate::engine::past;
use crate::engine::pending::LedgerRequest;
use crate::engine::row::{Row, RowKey};
use crate::engine::session::Session;

/// Reads the attempts of the visible submission from the ledger.
pub(in crate::app) fn read_attempts(model: &mut Model) {
    let Screen::Details(Details {
        key: RowKey::Submission(id),
        ..
    }) = model.screen()
    else {
        return;
    };
    let id = id.clone();
    model
        .engine
        .ask_ledger(LedgerRequest::Attempts(id.clone()), LedgerOperation::Attempts(id));
}

/// Returns the URL of a row's page in the AWS console, if the endpoint belongs to AWS.
#[must_use]
pub(in crate::app) fn console_link(model: &Model, row: &Row<'_>) -> Option<String> {
    let (Target::Distribution(id), Session::Connected(scope)) = (row.target, &model.engine.session) else {
        return None;
    };
    let distribution = model.engine.fleet.get(id).filter(|_| scope.endpoint == "CloudFront")?;
    console_url(partition_of(&distribution.arn)?, id, row.id?.as_str())
}

/// Opens the details page of a row.
pub(in crate::app) fn open(model: &mut Model, key: RowKey) {
    if let RowKey::Submission(id) = &key {
        past::look(&mut model.engine, id);
    }
    let serial = model.engine.number();
    navigation::push(model, Screen::Details(Details { key, serial }));
    read_attempts(model);
}
