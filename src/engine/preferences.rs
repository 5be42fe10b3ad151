//! The settings that the engine depends on, resolved before startup.

use crate::domain::danger::Guard;
use crate::domain::distribution::AccountId;
use crate::domain::options::{AccountOptions, Accounts, EdgeOptions, NotifyOptions, Retention, SendOptions, guard_of};
use crate::engine::session::Interactive;

/// The settings for the engine, resolved from arguments, configuration and environment before startup.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    /// Whether everything that writes is disabled.
    pub read_only: bool,
    /// Whether the embedded emulator is used.
    pub demo: bool,
    /// The initial profile; `None` means the one from the environment.
    pub profile: Option<String>,
    /// The profiles that prompt in the terminal.
    pub interactive: Interactive,
    /// The edge check settings.
    pub edge: EdgeOptions,
    /// The notification settings.
    pub notify: NotifyOptions,
    /// How long submissions are kept after they have ended.
    pub history: Retention,
    /// The sending settings.
    pub send: SendOptions,
    /// The guard for accounts without their own setting: which dangers must be confirmed, and whether in the
    /// dashboard, in scripts or in both.
    pub guard: Guard,
    /// Whether opening the details of an invalidation looks up in CloudTrail who made it.
    pub looks_up_makers: bool,
    /// The user's settings for accounts.
    pub accounts: Accounts,
    /// The version of the program.
    pub version: String,
    /// The kind of front end.
    pub front: Front,
}

impl Preferences {
    /// Returns the settings of an account, if it has any.
    #[must_use]
    pub fn account(&self, account: Option<&AccountId>) -> Option<&AccountOptions> {
        self.accounts.get(account?)
    }

    /// Returns the guard of an account.
    #[must_use]
    pub fn guard_of(&self, account: Option<&AccountId>) -> Guard {
        guard_of(&self.guard, &self.accounts, account)
    }
}

impl Preferences {
    /// Returns the profile that the user configured for an account.
    #[must_use]
    pub fn profile_of_account(&self, account: &AccountId) -> Option<&str> {
        let named = self.account(Some(account))?.profile.as_str();
        Some(named).filter(|profile| !profile.is_empty())
    }

    /// Returns the account for which the user configured this profile.
    #[must_use]
    pub fn account_of_profile(&self, profile: &str) -> Option<AccountId> {
        let mut named = self.accounts.iter();
        let found = named.find(|(_, options)| options.profile == profile && !profile.is_empty());
        found.map(|(account, _)| account.clone())
    }
}

/// The front end that uses the engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Front {
    /// A dashboard that loads only what the user opens.
    #[default]
    Dashboard,
    /// A dashboard that also loads the last invalidations of the visible distributions automatically.
    Overview,
    /// A headless command: nothing is listed, claimed or resumed unless the command requests it.
    Script,
}

/// Phrases that tell the user how to do something. The engine uses them in messages because it does not know the keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hints {
    /// The phrase for editing refused items and sending them again.
    pub edit: String,
    /// The phrase for invalidating all tenants of a multi-tenant distribution.
    pub all_tenants: String,
    /// The phrase for switching the profile.
    pub profiles: String,
    /// The phrase for logging in.
    pub log_in: String,
}
