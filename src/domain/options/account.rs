//! Settings of an account.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::danger::{Guard, GuardChanges};
use crate::domain::distribution::AccountId;

/// Settings of an account, of the table `[accounts.ID]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountOptions {
    /// The label in the header, a word or two, e.g. `PRODUCTION`; empty means none.
    pub label: String,
    /// Whether the account is always shown in the color of danger.
    pub production: bool,
    /// Whether sending is disabled in it.
    pub read_only: bool,
    /// The differences from the table `[guard]`.
    pub guard: GuardChanges,
    /// The profile to use for it; empty means none is named.
    pub profile: String,
}

/// The settings of accounts, by their twelve digits.
pub type Accounts = BTreeMap<AccountId, AccountOptions>;

/// Returns the guard of an account; an unknown account has no settings of its own.
#[must_use]
pub fn guard_of(guard: &Guard, accounts: &Accounts, account: Option<&AccountId>) -> Guard {
    let account = account.and_then(|account| accounts.get(account));
    account.map_or_else(|| guard.clone(), |account| guard.with(&account.guard))
}
