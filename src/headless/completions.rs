//! `completions`: prints the completion script for a shell. Each time Tab is pressed, the shell runs this program with
//! an environment variable set.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_complete::CompleteEnv;
use clap_complete::env::{Bash, EnvCompleter, Fish, Powershell, Shells, Zsh};

use super::error::Error;
use super::{candidates, output};
use crate::cli::{self, Shell};

/// The variable that a shell sets to request candidates; its value is the name of the shell.
const VARIABLE: &str = "INVALIDASH_COMPLETE";

const PROGRAM: &str = "invalidash";

/// Responds to a shell that requests candidates and returns the exit code, or `None` if no shell requests any.
#[must_use]
pub fn complete() -> Option<u8> {
    let shells: [&dyn EnvCompleter; 5] = [&QuotedBash, &Zsh, &Fish, &Powershell, &Nushell];
    let asked = CompleteEnv::with_factory(|| candidates::of(cli::command()))
        .var(VARIABLE)
        .bin(PROGRAM)
        .completer(PROGRAM)
        .shells(Shells(&shells));
    let folder = std::env::current_dir().ok();
    match asked.try_complete(std::env::args_os(), folder.as_deref()) {
        Ok(false) => None,
        Ok(true) => Some(0),
        Err(_) => Some(1),
    }
}

/// Prints the registration script, which the shell runs once.
pub(super) fn print(shell: Shell) -> Result<u8, Error> {
    let shell: &dyn EnvCompleter = match shell {
        Shell::Bash => &QuotedBash,
        Shell::Zsh => &Zsh,
        Shell::Fish => &Fish,
        Shell::PowerShell => &Powershell,
        Shell::Nushell => &Nushell,
    };
    let mut script = Vec::new();
    let written = shell.write_registration(VARIABLE, PROGRAM, PROGRAM, PROGRAM, &mut script);
    written.map_err(Error::Output)?;
    output::print(&String::from_utf8_lossy(&script))?;
    if shell.is("zsh") {
        output::print(ZSH_AUTOLOADED)?;
    }
    Ok(0)
}

/// Completion for bash with escaped candidates: bash inserts a candidate literally, so a space would split it into two
/// words.
struct QuotedBash;

impl EnvCompleter for QuotedBash {
    fn name(&self) -> &'static str {
        Bash.name()
    }

    fn is(&self, name: &str) -> bool {
        Bash.is(name)
    }

    fn write_registration(
        &self,
        var: &str,
        name: &str,
        bin: &str,
        completer: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        Bash.write_registration(var, name, bin, completer, out)
    }

    fn write_complete(
        &self,
        cmd: &mut Command,
        args: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut plain = Vec::new();
        Bash.write_complete(cmd, args, folder, &mut plain)?;
        out.write_all(quoted(&String::from_utf8_lossy(&plain)).as_bytes())
    }
}

/// Escapes the characters that are special to bash with backslashes.
fn quoted(candidates: &str) -> String {
    const SPECIAL: &str = " \t'\"\\$`&|;()<>*?[]{}!#";
    let mut text = String::with_capacity(candidates.len());
    for character in candidates.chars() {
        if SPECIAL.contains(character) {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

/// Code for autoloading in zsh: a file in `fpath` is the body of the function called on the first Tab, and this code
/// makes that first call complete as well.
const ZSH_AUTOLOADED: &str = r#"if [ "$funcstack[1]" = "_invalidash" ]; then
    _clap_dynamic_completer_invalidash "$@"
fi
"#;

/// Completion for Nushell, which has a single completion closure for all programs. Ours handles this program and leaves
/// the others to the previous closure.
struct Nushell;

impl EnvCompleter for Nushell {
    fn name(&self) -> &'static str {
        "nushell"
    }

    fn is(&self, name: &str) -> bool {
        name == "nushell" || name == "nu"
    }

    fn write_registration(
        &self,
        var: &str,
        _: &str,
        bin: &str,
        completer: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let script = NUSHELL
            .replace("VARIABLE", var)
            .replace("PROGRAM", bin)
            .replace("COMPLETER", completer);
        out.write_all(script.as_bytes())
    }

    fn write_complete(
        &self,
        cmd: &mut Command,
        args: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        Fish.write_complete(cmd, args, folder, out)
    }
}

const NUSHELL: &str = r#"let before_PROGRAM = $env.config?.completions?.external?.completer?
$env.config.completions.external.enable = true
$env.config.completions.external.completer = {|spans: list<string>|
    if ($spans.0 | path basename) == "PROGRAM" {
        with-env {VARIABLE: "nushell"} { ^COMPLETER -- ...$spans } | lines | each {|line|
            let parts = ($line | split row --number 2 "\t")
            {value: $parts.0, description: ($parts | skip 1 | str join)}
        }
    } else if $before_PROGRAM != null {
        do $before_PROGRAM $spans
    }
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bash_takes_a_name_as_one_word() {
        for (name, expected) in [
            ("my prod", r"my\ prod"),
            ("größe", "größe"),
            ("*.shop.example", r"\*.shop.example"),
            ("--profile=a$b", r"--profile=a\$b"),
        ] {
            assert_eq!(quoted(name), expected);
        }
    }
}
