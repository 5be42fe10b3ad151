//! The profiles of the AWS files, as a person chooses among them.

use super::distribution::AccountId;

/// A profile: where its keys come from, and what can be told of it without asking anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name, as a person wrote it.
    pub name: String,
    /// Where its keys come from.
    pub kind: Kind,
    /// The account, where it is written down.
    pub account: Option<AccountId>,
    /// The role, where it has one.
    pub role: Option<String>,
    /// What is wrong with it, in a few words.
    pub trouble: Option<String>,
}

/// Where the keys of a profile come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// They stand in the file.
    Keys,
    /// A role is assumed, with the keys of another source.
    Role,
    /// IAM Identity Center, after `aws sso login`.
    Sso,
    /// The console's login, after `aws login`.
    Login,
    /// A program prints them.
    Process,
    /// A role is assumed with the token of another service.
    WebIdentity,
    /// There are none.
    Nothing,
}

impl Kind {
    /// Its name in a table.
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
    /// What a filter looks at.
    #[must_use]
    pub fn text(&self) -> String {
        let account = self.account.as_ref().map(AccountId::as_str).unwrap_or_default();
        let role = self.role.as_deref().unwrap_or_default();
        let trouble = self.trouble.as_deref().unwrap_or_default();
        format!("{} {} {account} {role} {trouble}", self.name, self.kind.word())
    }
}
