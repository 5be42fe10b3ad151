//! The list of distributions from an earlier run, which is shown until CloudFront has returned the current one.

use crate::domain::kept_list::KeptList;
use crate::engine::effect::LedgerOperation;
use crate::engine::news::News;
use crate::engine::pending::LedgerRequest;
use crate::engine::preferences::Front;
use crate::engine::state::Engine;

/// Requests the list from an earlier run as soon as the ledger is open and the scope is known.
pub(crate) fn ask_for_kept(engine: &mut Engine) {
    let wanted = engine.preferences.front != Front::Script && engine.fleet.freshness.as_of.is_none();
    let Some(scope) = engine.scope().filter(|_| wanted && engine.ledger.is_open()).cloned() else {
        return;
    };
    engine.ask_ledger(LedgerRequest::KeptList, LedgerOperation::List(scope));
}

/// Uses the list from an earlier run if the account is the same or either account is unknown.
pub(crate) fn kept(engine: &mut Engine, list: Option<KeptList>) {
    let Some((list, scope)) = list.zip(engine.scope()) else {
        return;
    };
    let same_place = (&list.scope.endpoint, &list.scope.profile) == (&scope.endpoint, &scope.profile);
    let account = scope.account.clone();
    if !same_place {
        return;
    }
    engine.fleet.take_kept(list);
    if let Some(account) = account {
        engine.fleet.keep_only(&account);
    }
    engine.tell(News::RowsCame);
    engine.redraw_rows();
}

/// Stores the whole list for the next start.
pub(super) fn keep(engine: &mut Engine) {
    let Some(scope) = engine.scope().cloned() else { return };
    let kept = Box::new(KeptList {
        scope,
        as_of: engine.now,
        distributions: engine.fleet.all().to_vec(),
    });
    engine.ask_ledger(LedgerRequest::Keep, LedgerOperation::KeepList(kept));
}
