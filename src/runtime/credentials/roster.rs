//! The list of profiles offered to the user, with everything that can be determined without a request.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use aws_config::profile::Profile as Section;
use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::lineage::Lineage;
use super::names;
use super::profiles::Profiles;
use super::role_cache::time;
use crate::domain::distribution::AccountId;
use crate::domain::profile::{Kind, LOG_IN, Profile};
use crate::domain::text::hex;
use crate::runtime::child;

/// Commands that are built into the shell, so they need no program.
const BUILT_IN: [&str; 8] = [".", "command", "eval", "exec", "printf", "set", "test", "type"];

/// The maximum size of a login file, in bytes. Such a file is a document of a few KiB.
const LONGEST: u64 = 1024 * 1024;

impl Profiles {
    /// Returns all profiles by name. Blocks the thread, because it reads the login files.
    pub(super) fn list(&self, now: DateTime<Utc>) -> Vec<Profile> {
        let logins = self.logins(now);
        let names = self.names();
        names
            .into_iter()
            .filter_map(|name| self.describe(name, &logins))
            .collect()
    }

    fn describe(&self, name: String, logins: &[String]) -> Option<Profile> {
        let section = self.get(&name)?;
        let kind = kind(section);
        let role = ["sso_role_name", "role_arn"].iter().find_map(|key| section.get(key));
        Some(Profile {
            account: account(section).map(AccountId::new),
            role: role.map(|role| role.rsplit('/').next().unwrap_or(role).to_owned()),
            trouble: self.trouble_of(&name, section, logins),
            kind,
            name,
        })
    }

    /// Describes the mistake in the profile, or what is missing before the profile can be used.
    fn trouble_of(&self, name: &str, section: &Section, logins: &[String]) -> Option<String> {
        if let Some(damage) = self.short_damage_of(name) {
            return Some(damage);
        }
        let Some(lineage) = Lineage::of(self.all(), &names::encoded(name)) else {
            return Some(self.missing_lender(section));
        };
        let damaged = lineage.profiles().find_map(|lender| {
            let lender = names::decoded(lender.name());
            self.short_damage_of(&lender)
                .map(|damage| format!("{lender}: {damage}"))
        });
        damaged.or_else(|| self.trouble_of_base(&lineage, logins))
    }

    fn missing_lender(&self, section: &Section) -> String {
        let mut lender = section.get("source_profile");
        for _ in 0..16 {
            match lender.and_then(|name| self.all().get_profile(name)) {
                Some(next) => lender = next.get("source_profile"),
                None => break,
            }
        }
        let lender = names::decoded(lender.unwrap_or_default());
        format!("source_profile {lender} does not exist")
    }

    fn trouble_of_base(&self, lineage: &Lineage<'_>, logins: &[String]) -> Option<String> {
        let base = lineage.base;
        match kind(base) {
            Kind::Nothing => Some("no keys".to_owned()),
            Kind::Sso => self.trouble_of_sso(base, logins),
            Kind::Role if lineage.is_its_own_lender() && base.get("credential_source").is_none() => {
                Some("no source_profile".to_owned())
            }
            Kind::Process => base.get("credential_process").and_then(missing_program),
            Kind::WebIdentity => base.get("web_identity_token_file").and_then(missing_token),
            Kind::Login => self.trouble_of_login(base),
            Kind::Keys | Kind::Role => None,
        }
    }

    fn trouble_of_sso(&self, section: &Section, logins: &[String]) -> Option<String> {
        let session = section.get("sso_session");
        let stands_in = session.and_then(|name| self.all().sso_session(name));
        if let (Some(name), None) = (session, stands_in) {
            return Some(format!("sso_session {} does not exist", names::decoded(name)));
        }
        let missing = ["sso_account_id", "sso_role_name"]
            .into_iter()
            .find(|key| section.get(key).is_none());
        if let Some(key) = missing {
            return Some(format!("no {key}"));
        }
        let start = stands_in.map_or_else(|| section.get("sso_start_url"), |session| session.get("sso_start_url"));
        let Some(start) = start else {
            return Some("no sso_start_url".to_owned());
        };
        (!logins.iter().any(|login| login == start)).then(|| LOG_IN.to_owned())
    }

    /// Describes a missing console login: the user has never logged in, or the login's file is gone.
    fn trouble_of_login(&self, section: &Section) -> Option<String> {
        let file = hex(&Sha256::digest(section.get("login_session")?.trim())) + ".json";
        let folder = super::token_files::login_folder(self.environment());
        (!folder.join(file).exists()).then(|| LOG_IN.to_owned())
    }

    /// Returns the portals with an active login: the start URLs of tokens that have not expired.
    fn logins(&self, now: DateTime<Utc>) -> Vec<String> {
        let home = self.home().unwrap_or(Path::new(""));
        cached(home).iter().filter_map(|path| login(path, now)).collect()
    }
}

/// Describes a missing program that is supposed to print credentials. A shell runs the command, so it must be simple
/// enough for the program to be identified.
fn missing_program(command: &str) -> Option<String> {
    let program = command.split_whitespace().next()?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@".contains(c);
    let has_rest = command.chars().any(|c| ";&|(){}<>".contains(c));
    if has_rest || !program.chars().all(is_plain) || BUILT_IN.contains(&program) {
        return None;
    }
    let is_there = if program.contains('/') {
        Path::new(program).exists()
    } else {
        child::is_on_path(program)
    };
    (!is_there).then(|| format!("{program} is not installed"))
}

fn missing_token(path: &str) -> Option<String> {
    (!Path::new(path).exists()).then(|| format!("{path} does not exist"))
}

/// Returns when the login to a portal expires, or when it can no longer be renewed automatically; `None` if unknown.
/// Blocks the thread.
pub(super) fn login_ends(home: &Path, start_url: &str) -> Option<DateTime<Utc>> {
    let tokens = cached(home).into_iter().filter_map(|path| token(&path));
    let text = |token: &Value, key: &str| token.get(key).and_then(Value::as_str).map(str::to_owned);
    let ours = tokens.filter(|token| text(token, "startUrl").as_deref() == Some(start_url));
    let ends = |token: Value| match text(&token, "refreshToken") {
        Some(_) => text(&token, "registrationExpiresAt").and_then(|end| time(&end)),
        None => text(&token, "expiresAt").and_then(|end| time(&end)),
    };
    ours.filter_map(ends).max()
}

/// Returns the files where the AWS CLI stores tokens.
fn cached(home: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(home.join(".aws/sso/cache"));
    let paths = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    let is_token = |path: &PathBuf| path.is_file() && path.extension().is_some_and(|ending| ending == "json");
    paths.filter(is_token).collect()
}

fn token(path: &Path) -> Option<Value> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LONGEST).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Returns the portal of a token that is currently valid, or that can be renewed without the user.
fn login(path: &Path, now: DateTime<Utc>) -> Option<String> {
    let token = token(path)?;
    let text = |key: &str| token.get(key).and_then(Value::as_str);
    let lasts = |key: &str| text(key).and_then(time).is_some_and(|end| end > now);
    let renewable = text("refreshToken").is_some() && lasts("registrationExpiresAt");
    let usable = text("accessToken").is_some() && (lasts("expiresAt") || renewable);
    text("startUrl").filter(|_| usable).map(str::to_owned)
}

/// Returns the account from the file, either from a separate setting or from the role's ARN.
fn account(section: &Section) -> Option<&str> {
    let written = ["sso_account_id", "aws_account_id"]
        .iter()
        .find_map(|key| section.get(key));
    let of_role = || section.get("role_arn")?.split(':').nth(4);
    written.or_else(of_role).filter(|id| !id.is_empty())
}

pub(super) fn kind(section: &Section) -> Kind {
    let has = |key: &str| section.get(key).is_some();
    if has("role_arn") && has("web_identity_token_file") {
        Kind::WebIdentity
    } else if has("role_arn") {
        Kind::Role
    } else if has("sso_session") || has("sso_start_url") {
        Kind::Sso
    } else if has("login_session") {
        Kind::Login
    } else if has("credential_process") && !has("aws_access_key_id") {
        Kind::Process
    } else if has("aws_access_key_id") && has("aws_secret_access_key") {
        Kind::Keys
    } else {
        Kind::Nothing
    }
}
