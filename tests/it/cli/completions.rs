//! `completions`: the candidates that a shell requests, and completion in the shells installed on this machine.

use std::io;
use std::path::Path;
use std::process::Command;

use invalidash::domain::kept_list::KeptList;
use invalidash::engine::effect::LedgerOperation;
use invalidash::runtime::ledger::Ledger;

use super::Outcome;
use super::create::{SHOP, created, served};
use crate::support::command::Home;
use crate::support::journal::{at, planned};

/// What is offered for the last of these words, besides the options that may stand there, too.
fn offered(home: &Home, words: &[&str]) -> io::Result<Vec<String>> {
    let mut command = home.command(&["--", "invalidash"]);
    command.args(words).env("INVALIDASH_COMPLETE", "fish");
    let run = home.ended(command.output()?);
    assert_eq!((run.code, run.err.as_str()), (Some(0), ""), "{words:?}");
    let names = run
        .out
        .lines()
        .map(|line| line.split('\t').next().unwrap_or_default().to_owned());
    Ok(names.filter(|name| !name.starts_with("--")).collect())
}

/// A home in which something was done: profiles, a saved list, distributions that were listed, an invalidation.
fn lived_in() -> Result<(Home, String), Box<dyn std::error::Error>> {
    let home = Home::new()?;
    home.write(
        ".aws/config",
        "[profile prod-admin]\n[profile 'my prod']\n[profile größe]\n",
    )?;
    home.write("config/invalidash/lists/release.txt", "/index.html\n")?;
    home.write("prod-file", "")?;
    let served = served()?;
    let tenant = ["--distribution", "dt_2yMvQgam3QkJo2z54FDl91dk1AB", "/t"];
    created(&home, &served, &tenant)?;
    let (_, document) = created(&home, &served, &["--distribution", SHOP, "/a"])?;
    let id = document["submissions"][0]["invalidation_id"]
        .as_str()
        .unwrap_or_default();
    keep_list(&home)?;
    Ok((home, id.to_owned()))
}

/// The dashboard listed a distribution to which nothing was sent.
fn keep_list(home: &Home) -> Outcome {
    let distribution = serde_json::json!({
        "id": "E5LISTED000005", "arn": "", "domain_name": "d5.cloudfront.net", "aliases": ["listed.example"], "comment": "", "enabled": true,
        "staging": false, "status": "Deployed", "connection_mode": "direct", "origins": [], "last_modified": "2026-11-22T10:00:00Z", "etag": null, "behaviors": [],
    });
    let submission = planned("any", &["/"]).ok_or("no batch")?;
    let kept = KeptList {
        scope: submission.scope,
        as_of: at(0),
        distributions: vec![serde_json::from_value(distribution)?],
    };
    let ledger = Ledger::open(&home.path().join("state/invalidash")).map_err(String::from)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let kept = ledger.carry_out(LedgerOperation::KeepList(Box::new(kept)), at(0));
    runtime.block_on(kept).map_err(String::from)?;
    Ok(())
}

#[test]
fn names_come_from_what_this_machine_knows_and_never_from_its_files() -> Outcome {
    let (home, id) = lived_in()?;
    assert_eq!(offered(&home, &["--profile", "prod"])?, ["prod-admin"]);
    assert_eq!(
        offered(&home, &["list", "--profile", ""])?,
        ["größe", "my prod", "prod-admin"]
    );
    assert_eq!(offered(&home, &["create", "--list", ""])?, ["release"]);
    assert_eq!(offered(&home, &["list", "--distribution", "E1"])?, [SHOP]);
    assert_eq!(
        offered(&home, &["list", "--distribution", "www."])?,
        ["www.shop.example"]
    );
    assert_eq!(
        offered(&home, &["wait", "--distribution", "dt"])?,
        ["dt_2yMvQgam3QkJo2z54FDl91dk1AB"]
    );
    assert_eq!(offered(&home, &["E1"])?, [SHOP], "the dashboard opens on it");
    assert_eq!(
        offered(&home, &["show", "--distribution", SHOP, ""])?.first(),
        Some(&id)
    );
    assert_eq!(
        offered(&home, &["show", "--distribution", "www.shop.example", ""])?,
        [id.as_str()]
    );
    assert_eq!(offered(&home, &["wait", "--distribution", SHOP, "--job", ""])?.len(), 2);
    assert_eq!(offered(&home, &["create", "--output", "js"])?, ["json", "jsonl"]);
    assert_eq!(offered(&home, &["hist"])?, ["history"]);
    assert_eq!(offered(&home, &["create", "--paths-from", "prod"])?, ["prod-file"]);
    assert_eq!(offered(&home, &["config", "c"])?, ["check"]);
    Ok(())
}

#[test]
fn a_machine_that_knows_nothing_offers_nothing_and_nothing_is_made() -> Outcome {
    let home = Home::new()?;
    home.write("a-file", "")?;
    for words in [
        &["--profile", ""][..],
        &["list", "--distribution", ""],
        &["show", "--distribution", SHOP, ""],
        &["create", "--list", ""],
    ] {
        assert_eq!(offered(&home, words)?, Vec::<String>::new(), "{words:?}");
    }
    assert_eq!(std::fs::read_dir(home.path())?.count(), 1);
    home.write("state/invalidash/ledger.db", "no ledger at all")?;
    home.write("config/invalidash/config.toml", "= damaged")?;
    assert_eq!(offered(&home, &["list", "--distribution", ""])?, Vec::<String>::new());
    Ok(())
}

/// Runs a script in a shell of this machine, with the binary on the way to programs; `None` where there is no such shell.
fn in_shell(home: &Home, shell: &str, arguments: &[&str]) -> io::Result<Option<String>> {
    let folder = Path::new(env!("CARGO_BIN_EXE_invalidash"))
        .parent()
        .unwrap_or(Path::new("/"));
    let template = home.command(&[]);
    let mut command = Command::new(shell);
    command.args(arguments).current_dir(home.path()).env_clear();
    for (name, value) in template.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    command.env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
    match command.output() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        output => Ok(Some(home.ended(output?)).map(|run| run.out + &run.err)),
    }
}

#[test]
fn bash_completes() -> Outcome {
    let (home, _) = lived_in()?;
    let script = "source <(invalidash completions bash)
        COMP_WORDS=(invalidash --profile my); COMP_CWORD=2; COMP_TYPE=9
        _clap_complete_invalidash invalidash my --profile; printf '%s|' \"${COMPREPLY[@]}\"
        COMP_WORDS=(invalidash list --distribution lis); COMP_CWORD=3
        _clap_complete_invalidash invalidash lis --distribution; printf '%s|' \"${COMPREPLY[@]}\"
        COMP_WORDS=(invalidash --profile prod-f); COMP_CWORD=2
        _clap_complete_invalidash invalidash prod-f --profile; printf '%s|' \"${COMPREPLY[@]}\"
        complete -p invalidash";
    let told = in_shell(&home, "bash", &["--norc", "-c", script])?.ok_or("bash is everywhere")?;
    assert!(told.starts_with("my\\ prod|listed.example||"), "{told}");
    // `default` would offer file names if there is no candidate.
    assert!(!told.contains(" default"), "{told}");
    Ok(())
}

#[test]
fn fish_completes() -> Outcome {
    let (home, _) = lived_in()?;
    let script = "invalidash completions fish | source
        complete --do-complete 'invalidash --profile prod'
        complete --do-complete 'invalidash list --distribution lis'";
    if let Some(told) = in_shell(&home, "fish", &["--no-config", "-c", script])? {
        assert_eq!(told, "prod-admin\nlisted.example\n");
    }
    Ok(())
}

#[test]
fn zsh_takes_the_script() -> Outcome {
    let (home, _) = lived_in()?;
    // Completion itself needs a line editor; this makes the same requests.
    let script =
        "autoload -U compinit; compinit -D; source <(invalidash completions zsh); print -r -- $_comps[invalidash]
        _CLAP_COMPLETE_INDEX=2 _CLAP_IFS=$'\\n' INVALIDASH_COMPLETE=zsh invalidash -- invalidash --profile prod";
    if let Some(told) = in_shell(&home, "zsh", &["-f", "-c", script])? {
        assert_eq!(told, "_clap_dynamic_completer_invalidash\nprod-admin");
    }
    Ok(())
}

#[test]
fn every_shell_gets_a_script_and_an_unknown_one_a_refusal() -> Outcome {
    let home = Home::new()?;
    for shell in ["bash", "zsh", "fish", "powershell", "nushell"] {
        let printed = home.run(&["completions", shell])?;
        assert_eq!((printed.code, printed.err.as_str()), (Some(0), ""), "{shell}");
        assert!(printed.out.contains("INVALIDASH_COMPLETE"), "{shell}");
    }
    assert_eq!(home.run(&["completions", "tcsh"])?.code, Some(2));
    Ok(())
}
