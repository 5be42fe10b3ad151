//! Before something is sent: what is dangerous is refused where nobody can be asked, and asked about where somebody can.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use super::Prepared;
use crate::cli::{self, Allowed};
use crate::domain::danger::{Danger, MANY, of_items};
use crate::domain::price::at_most_words;
use crate::domain::text::{count, visible};
use crate::headless::Error;
use crate::settings::Settings;

/// What is dangerous about a job, and not allowed.
pub(super) fn dangers(prepared: &Prepared, settings: &Settings, allowed: Allowed) -> Vec<Danger> {
    let items = prepared.parts.iter().flat_map(|part| &part.items);
    let mut dangers = of_items(items);
    let multi_tenant = prepared.aims.all.iter().find(|aim| aim.is_multi_tenant());
    dangers.extend(multi_tenant.map(|aim| Danger::MultiTenant(aim.target.id().to_owned())));
    let account = prepared
        .account
        .as_ref()
        .and_then(|account| settings.accounts.get(account));
    let production = account.filter(|account| account.production);
    dangers.extend(production.map(|account| Danger::Production(account.label.clone())));
    let billable = prepared.billable();
    dangers.extend((billable > MANY).then_some(Danger::Many(billable)));
    dangers.retain(|danger| !is_allowed(danger, allowed));
    dangers
}

fn is_allowed(danger: &Danger, allowed: Allowed) -> bool {
    match danger {
        Danger::WholeSite => allowed.allow_whole_site,
        Danger::FirstLevel(_) => allowed.allow_first_level,
        Danger::MultiTenant(_) => allowed.allow_multi_tenant,
        Danger::Production(_) => allowed.allow_production,
        Danger::Many(_) => allowed.allow_many,
    }
}

/// Lets the job pass, or says why it does not.
pub(super) fn pass(prepared: &Prepared, settings: &Settings, arguments: &cli::Create) -> Result<(), Error> {
    let dangers = dangers(prepared, settings, arguments.allowed);
    let may_ask = io::stdin().is_terminal() && io::stderr().is_terminal();
    if may_ask && !arguments.yes {
        return ask(prepared, &dangers);
    }
    match dangers.first() {
        None => Ok(()),
        Some(danger) => Err(Error::Dangerous {
            reason: danger.to_string(),
            flags: dangers.iter().map(Danger::flag).collect::<Vec<_>>().join(" "),
        }),
    }
}

/// Asks the person at the terminal: a word for what is harmless, the target's id for what is not.
fn ask(prepared: &Prepared, dangers: &[Danger]) -> Result<(), Error> {
    let targets: Vec<String> = prepared.parts.iter().map(|part| part.label.clone()).collect();
    let billable = prepared.billable();
    say(&format!(
        "{} to {}, {}\n",
        count(billable, "billable item"),
        targets.join(", "),
        at_most_words(billable)
    ));
    for danger in dangers {
        say(&format!("! {danger}\n"));
    }
    let expected = match prepared.parts.as_slice() {
        _ if dangers.is_empty() => None,
        [part] => Some(part.target.id().to_owned()),
        several => Some(format!("{} targets", several.len())),
    };
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

fn say(text: &str) {
    // Not `eprint!`, which panics when nobody listens. The end of the line is the one control character that passes.
    let (line, end) = text.strip_suffix('\n').map_or((text, ""), |line| (line, "\n"));
    let _ = write!(io::stderr(), "{}{end}", visible(line));
}
