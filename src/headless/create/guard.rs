//! Confirmation before sending. At a terminal, the user confirms dangers; if nobody can confirm them, the job is
//! refused.

use std::io::{self, BufRead as _, IsTerminal as _};

use super::Prepared;
use crate::cli::{self, Allowed};
use crate::domain::danger::{Asks, Danger, Job, UnknownTags};
use crate::domain::price::at_most_words;
use crate::domain::text::count;
use crate::headless::aim::Aim;
use crate::headless::error::Error;
use crate::headless::report::say;
use crate::settings::Settings;

/// The number of targets that are named individually.
const NAMED: usize = 5;

/// Returns a job's dangers, except those that the given flags allow.
pub(super) fn dangers(prepared: &Prepared, settings: &Settings, allowed: Allowed) -> Vec<Danger> {
    let account = prepared.account.as_ref();
    let guard = settings.guard_of(account);
    let account = account.and_then(|account| settings.accounts.get(account));
    let aims = &prepared.aims.all;
    let multi_tenant = aims.iter().find(|aim| aim.is_multi_tenant());
    let job = Job {
        billable: prepared.billable(),
        targets: aims.len(),
        multi_tenant: multi_tenant.map(|aim| aim.target.id().to_owned()),
        production: account
            .filter(|account| account.production)
            .map(|account| account.label.clone()),
        unknown_account: prepared.account.is_none() && settings.restricts_accounts(),
        unknown_tags: (!aims.iter().all(Aim::is_described)).then_some(UnknownTags::Denied),
    };
    let items = prepared.parts.iter().flat_map(|part| &part.items);
    let mut dangers = guard.dangers(items, job);
    dangers.retain(|danger| guard.asks(danger) != Asks::Never && !is_allowed(danger, allowed));
    dangers
}

fn is_allowed(danger: &Danger, allowed: Allowed) -> bool {
    match danger {
        Danger::WholeSite => allowed.allow_whole_site,
        Danger::FirstLevel(_) => allowed.allow_first_level,
        Danger::MultiTenant(_) => allowed.allow_multi_tenant,
        Danger::Production(_) | Danger::UnknownAccount => allowed.allow_production,
        Danger::UnknownTags(..) => allowed.allow_unknown_tags,
        Danger::ManyItems(..) | Danger::ManyTargets(..) => allowed.allow_many,
    }
}

/// Returns `Ok` if the job may be sent, or the reason why it may not.
pub(super) fn pass(prepared: &Prepared, settings: &Settings, arguments: &cli::Create) -> Result<(), Error> {
    let account = prepared
        .account
        .as_ref()
        .and_then(|account| settings.accounts.get(account));
    if account.is_some_and(|account| account.read_only) {
        return Err(Error::ReadOnlyAccount);
    }
    let dangers = dangers(prepared, settings, arguments.allowed);
    let may_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
    if may_ask && !arguments.yes {
        return ask(prepared, settings, &dangers);
    }
    match dangers.first() {
        None => Ok(()),
        Some(danger) => Err(Error::Dangerous {
            reason: reason(danger),
            flags: flags(&dangers).join(" "),
        }),
    }
}

/// Returns the reason for a refusal and, if there is a better alternative, the flag for it.
fn reason(danger: &Danger) -> String {
    match danger {
        Danger::MultiTenant(_) => format!("{danger}; add --all-tenants"),
        _ => danger.to_string(),
    }
}

/// Returns the flags that allow these dangers, without duplicates.
fn flags(dangers: &[Danger]) -> Vec<&'static str> {
    let mut flags: Vec<_> = dangers.iter().map(Danger::flag).collect();
    flags.dedup();
    flags
}

/// Prompts the user at the terminal for a yes if the job is harmless, or for the guard's word, the target's id or the
/// account's label if it is dangerous.
fn ask(prepared: &Prepared, settings: &Settings, dangers: &[Danger]) -> Result<(), Error> {
    let mut targets: Vec<String> = prepared.parts.iter().map(|part| part.label.clone()).collect();
    let more = targets.len().saturating_sub(NAMED);
    if more > 1 {
        targets.truncate(NAMED);
        targets.push(format!("{more} more"));
    }
    let billable = prepared.billable();
    say(&format!(
        "{} to {}, {}\n",
        count(billable, "billable item"),
        targets.join(", "),
        at_most_words(billable)
    ));
    for danger in dangers {
        say(&format!("! {}\n", reason(danger)));
    }
    let aims: Vec<_> = prepared.parts.iter().map(|part| &part.target).collect();
    let guard = settings.guard_of(prepared.account.as_ref());
    let expected = dangers.first().and_then(|danger| guard.typed_before(&aims, danger));
    match &expected {
        None => say("Send? [y/N] "),
        Some(expected) => say(&format!("Type {expected} to send: ")),
    }
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).map_err(Error::Start)?;
    let is_yes = ["y", "yes"].contains(&answer.trim().to_lowercase().as_str());
    let given = expected.map_or(is_yes, |expected| answer.trim() == expected);
    if given { Ok(()) } else { Err(Error::Declined) }
}
