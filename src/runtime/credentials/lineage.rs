//! The chain of source profiles that a profile obtains its credentials from: the roles assumed along the way, and the
//! profile at the base, in the SDK's own order.

use aws_config::profile::{Profile, ProfileSet};

/// The maximum length of a chain. A cycle of profiles is cut off here, and the SDK reports it.
const LONGEST: usize = 16;

/// Where the credentials at the base of a chain come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base<'a> {
    /// A program that prints the credentials.
    Process(&'a str),
    /// Access keys in the file.
    Static,
    /// A source that the profile names: a machine, a container, the environment.
    Named(&'a str),
    /// A source that the SDK queries: a login, a token.
    Other,
}

/// A profile's chain of source profiles.
#[derive(Clone, Debug)]
pub(super) struct Lineage<'a> {
    /// The profiles whose roles are assumed, starting with the chosen one.
    pub(super) roles: Vec<&'a Profile>,
    /// The last profile of the chain.
    pub(super) base: &'a Profile,
}

impl<'a> Lineage<'a> {
    /// Returns the chain of the profile with this name, or `None` if that profile or one of its source profiles does
    /// not exist.
    pub(super) fn of(profiles: &'a ProfileSet, name: &str) -> Option<Self> {
        let (mut roles, mut profile) = (Vec::new(), profiles.get_profile(name)?);
        while roles.len() < LONGEST {
            if !roles.is_empty() && has_keys(profile) || !is_role(profile) {
                break;
            }
            roles.push(profile);
            match profile.get("source_profile") {
                Some(lender) if lender != profile.name() => profile = profiles.get_profile(lender)?,
                Some(_) | None => break,
            }
        }
        Some(Self { roles, base: profile })
    }

    /// Returns all profiles of the chain, starting with the chosen one.
    pub(super) fn profiles(&self) -> impl Iterator<Item = &'a Profile> {
        let base = (!self.is_its_own_lender()).then_some(self.base);
        self.roles.iter().copied().chain(base)
    }

    /// Returns whether the base is a profile whose own role is assumed.
    pub(super) fn is_its_own_lender(&self) -> bool {
        self.roles.last().is_some_and(|last| last.name() == self.base.name())
    }

    /// Returns the MFA devices in the chain, starting with the chosen profile's device.
    pub(super) fn devices(&self) -> impl Iterator<Item = &'a str> {
        self.roles.iter().filter_map(|role| super::role::device(role))
    }

    /// Returns whether the chain can be followed to its first credentials. If not, the SDK reports the reason.
    pub(super) fn is_whole(&self) -> bool {
        let has = |profile: &Profile, key: &str| profile.get(key).is_some();
        let named = |role: &&&Profile| has(role, "source_profile") != has(role, "credential_source");
        let is_ring = self.roles.len() == LONGEST && !self.is_its_own_lender();
        let has_base = match self.base() {
            Base::Static => has_keys(self.base),
            Base::Process(_) | Base::Named(_) | Base::Other => true,
        };
        self.roles.iter().filter(named).count() == self.roles.len() && !is_ring && (self.roles.is_empty() || has_base)
    }

    /// Returns the source at the base, in the AWS CLI's order. A profile contains the credentials itself if it is its
    /// own source, or if its own role is not assumed.
    pub(super) fn base(&self) -> Base<'a> {
        let base = self.base;
        let has = |key: &str| base.get(key).is_some();
        if let (Some(source), true) = (base.get("credential_source"), self.is_its_own_lender()) {
            Base::Named(source)
        } else if self.is_its_own_lender() || is_role(base) {
            match base.get("credential_process") {
                Some(command) if !has_keys(base) => Base::Process(command),
                Some(_) | None => Base::Static,
            }
        } else if ASKED_FOR.into_iter().any(has) {
            Base::Other
        } else {
            base.get("credential_process").map_or(Base::Static, Base::Process)
        }
    }
}

/// The keys that make the SDK request a profile's credentials from a service. Any one of them is enough.
const ASKED_FOR: [&str; 7] = [
    "web_identity_token_file",
    "sso_session",
    "sso_start_url",
    "sso_region",
    "sso_account_id",
    "sso_role_name",
    "login_session",
];

fn has_keys(profile: &Profile) -> bool {
    profile.get("aws_access_key_id").is_some() && profile.get("aws_secret_access_key").is_some()
}

/// Returns whether a profile assumes a role. A web identity is a separate base, no matter which role it specifies.
fn is_role(profile: &Profile) -> bool {
    profile.get("role_arn").is_some() && profile.get("web_identity_token_file").is_none()
}
