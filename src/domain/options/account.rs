//! Settings of an account.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::danger::{Guard, GuardChanges};
use crate::domain::distribution::AccountId;

/// Settings of an account, from the table `[accounts.ID]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountOptions {
    /// The label in the header, a word or two, e.g. `PRODUCTION`; empty means none.
    pub label: String,
    /// Whether the account is always shown in the danger color.
    pub production: bool,
    /// Whether sending is disabled for the account.
    pub read_only: bool,
    /// The settings that differ from the table `[guard]`.
    pub guard: GuardChanges,
    /// The profile to use for the account; empty if none is named.
    pub profile: String,
}

/// The settings of accounts, by twelve-digit account id.
pub type Accounts = BTreeMap<AccountId, AccountOptions>;

/// Returns the guard settings of an account. An unknown account has no settings of its own.
#[must_use]
pub fn guard_of(guard: &Guard, accounts: &Accounts, account: Option<&AccountId>) -> Guard {
    let account = account.and_then(|account| accounts.get(account));
    account.map_or_else(|| guard.clone(), |account| guard.with(&account.guard))
}
