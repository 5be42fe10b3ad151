//! Completion candidates for the command line: names from the AWS profile files, from the ledger with its stored list
//! of distributions, and from the saved lists. The network is never used.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};

use crate::cli::Options;
use crate::domain::text::is_invisible;
use crate::engine::effect::{ListsAnswer, ListsOperation};
use crate::runtime::credentials::{Environment, profiles};
use crate::runtime::ledger::{Glance, glance};
use crate::runtime::lists;
use crate::settings::Settings;

/// Adds completion candidates to every argument whose possible values are known.
pub(super) fn of(command: Command) -> Command {
    command.mut_args(with_names).mut_subcommands(of)
}

fn with_names(argument: Arg) -> Arg {
    let names: fn() -> Vec<CompletionCandidate> = match argument.get_id().as_str() {
        "profile" => profile_names,
        "distribution" | "target" => targets,
        "ids" | "id" => invalidations,
        "job" => jobs,
        "list" => saved_lists,
        _ => return argument,
    };
    argument.add(ArgValueCandidates::new(names))
}

/// Creates a candidate from a name and its description. Returns `None` if the name could control a terminal, because
/// users do not type such names.
fn candidate(name: &str, said: &str) -> Option<CompletionCandidate> {
    let is_plain = |text: &str| !text.chars().any(|c| c.is_control() || is_invisible(c));
    let said = Some(said).filter(|said| !said.is_empty() && is_plain(said));
    let is_name = !name.is_empty() && is_plain(name);
    is_name.then(|| CompletionCandidate::new(name).help(said.map(|said| said.to_owned().into())))
}

fn profile_names() -> Vec<CompletionCandidate> {
    let Ok(runtime) = super::runtime::runtime() else {
        return Vec::new();
    };
    let found = runtime.block_on(profiles(&Environment::of_process()));
    let (found, _) = found.unwrap_or_default();
    let each = found.iter();
    each.filter_map(|one| {
        let account = one.account.as_ref().map(ToString::to_string);
        candidate(&one.name, &account.unwrap_or_default())
    })
    .collect()
}

fn targets() -> Vec<CompletionCandidate> {
    let Some(settings) = settings() else {
        return Vec::new();
    };
    let Glance { listed, targets, .. } = glance(&settings.state_dir);
    let ids = listed.iter().map(|one| (one.id.to_string(), one.label().to_owned()));
    let names = listed.iter().flat_map(|one| {
        let all = one.aliases.iter().chain([&one.domain_name]);
        all.map(|name| (name.clone(), one.comment.clone()))
    });
    // A target's label at the time of an earlier submission also counts as one of its names.
    let labels: Vec<_> = targets.iter().map(|(id, label)| (label.clone(), id.clone())).collect();
    once_each(ids.chain(targets).chain(names).chain(labels))
}

fn invalidations() -> Vec<CompletionCandidate> {
    let Some(settings) = settings() else {
        return Vec::new();
    };
    let seen = glance(&settings.state_dir);
    let wanted = wanted_targets(&seen);
    let of_these = |target: &String| wanted.is_empty() || wanted.contains(target);
    let rows = seen.invalidations.into_iter();
    once_each(
        rows.filter(|(_, target, _)| of_these(target))
            .map(|(id, target, status)| (id, format!("{status} {target}"))),
    )
}

fn jobs() -> Vec<CompletionCandidate> {
    settings().map_or_else(Vec::new, |settings| once_each(glance(&settings.state_dir).jobs))
}

fn saved_lists() -> Vec<CompletionCandidate> {
    let read = settings().map(|settings| lists::carry_out(&settings.lists_dir(), ListsOperation::Read));
    match read {
        Some(Ok(ListsAnswer::Lists(_, lists))) => lists
            .iter()
            .filter_map(|list| candidate(&list.name.to_string(), ""))
            .collect(),
        _ => Vec::new(),
    }
}

fn once_each(names: impl IntoIterator<Item = (String, String)>) -> Vec<CompletionCandidate> {
    let mut seen = std::collections::HashSet::new();
    let fresh = names.into_iter().filter(|(name, _)| seen.insert(name.clone()));
    fresh.filter_map(|(name, said)| candidate(&name, &said)).collect()
}

/// Returns the words typed so far, which follow the `--` in the shell's arguments.
fn words() -> Vec<OsString> {
    std::env::args_os().skip_while(|word| word != "--").skip(1).collect()
}

/// Returns the values typed for an option.
fn values(option: &str) -> Vec<OsString> {
    let words = words();
    let before = words
        .windows(2)
        .filter(|pair| pair.first().is_some_and(|word| word == option));
    before.filter_map(|pair| pair.last().cloned()).collect()
}

/// Returns the settings that locate the configuration and state for the command being typed.
fn settings() -> Option<Settings> {
    let options = Options {
        config: values("--config").pop().map(PathBuf::from),
        ..Options::default()
    };
    let environment = |name: &str| std::env::var_os(name);
    Settings::decide(&options, None, &environment, None).ok()
}

/// Returns the ids of the targets typed so far, skipping unknown ones.
fn wanted_targets(seen: &Glance) -> Vec<String> {
    let typed = values("--distribution");
    let is_typed = |name: &str| typed.iter().any(|typed| typed == name);
    let listed = seen.listed.iter().filter(|one| {
        let mut names = one.aliases.iter().chain([&one.domain_name]);
        is_typed(one.id.as_str()) || names.any(|name| is_typed(name))
    });
    let of_ledger = seen
        .targets
        .iter()
        .filter(|(id, label)| is_typed(id) || is_typed(label));
    let listed = listed.map(|one| one.id.to_string());
    listed.chain(of_ledger.map(|(id, _)| id.clone())).collect()
}
