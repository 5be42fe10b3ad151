//! The profiles in the AWS configuration files, as offered to the user.

use super::distribution::AccountId;

/// The [`Profile::trouble`] of a profile that only needs the user to log in.
pub const LOG_IN: &str = "log in";

/// A profile: the source of its credentials, and what is known about it without a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The name, as the user wrote it.
    pub name: String,
    /// The source of the profile's credentials.
    pub kind: Kind,
    /// The account, if the configuration file names it.
    pub account: Option<AccountId>,
    /// The role, if the profile has one.
    pub role: Option<String>,
    /// A short description of what is wrong with the profile, if anything.
    pub trouble: Option<String>,
}

/// The source of a profile's credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Access keys in the AWS configuration files.
    Keys,
    /// A role assumed with credentials from another source.
    Role,
    /// IAM Identity Center, after `aws sso login`.
    Sso,
    /// The console's login, after `aws login`.
    Login,
    /// A program that prints credentials.
    Process,
    /// A role assumed with a web identity token from another service.
    WebIdentity,
    /// No source of credentials.
    Nothing,
}

impl Kind {
    /// Returns the word to show in a table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Keys => "keys",
            Self::Role => "role",
            Self::Sso => "SSO",
            Self::Login => "login",
            Self::Process => "process",
            Self::WebIdentity => "web identity",
            Self::Nothing => "–",
        }
    }
}

impl Profile {
    /// Returns the text that a filter searches.
    #[must_use]
    pub fn text(&self) -> String {
        let account = self.account.as_ref().map(AccountId::as_str).unwrap_or_default();
        let role = self.role.as_deref().unwrap_or_default();
        let trouble = self.trouble.as_deref().unwrap_or_default();
        format!("{} {} {account} {role} {trouble}", self.name, self.kind.word())
    }
}
