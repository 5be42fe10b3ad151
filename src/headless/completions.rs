//! `completions` and `man`: made from the grammar of the command line, so that they cannot differ from it.

use std::io::Write;

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use super::{Error, output};
use crate::cli;

/// Prints the completion script of a shell.
pub(super) fn shell(shell: Shell) -> Result<u8, Error> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut cli::command(), "invalidash", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(0)
}

/// Prints the manual page, commands and their options included.
pub(super) fn manual() -> Result<u8, Error> {
    let page = page(cli::command()).map_err(Error::Output)?;
    output::print(&String::from_utf8_lossy(&page))?;
    Ok(0)
}

fn page(command: Command) -> std::io::Result<Vec<u8>> {
    let subcommands: Vec<Command> = command.get_subcommands().cloned().collect();
    let main = Man::new(command);
    let mut page = Vec::new();
    main.render_title(&mut page)?;
    main.render_name_section(&mut page)?;
    main.render_synopsis_section(&mut page)?;
    main.render_description_section(&mut page)?;
    main.render_options_section(&mut page)?;
    writeln!(page, ".SH COMMANDS")?;
    for subcommand in subcommands {
        let name = subcommand.get_name().to_owned();
        let help = subcommand.bin_name(format!("invalidash {name}")).render_long_help();
        writeln!(page, ".SS {name}\n{}", literal(&help.to_string()))?;
    }
    for (heading, text) in cli::sections() {
        writeln!(page, ".SH {}\n{}", heading.to_uppercase(), literal(text))?;
    }
    main.render_version_section(&mut page)?;
    Ok(page)
}

/// Lines that keep their breaks and blanks, with what the typesetter would take for itself escaped.
fn literal(text: &str) -> String {
    let escaped = text.trim_end().replace('\\', "\\e").replace('-', "\\-");
    let lines = escaped.lines().map(|line| {
        if line.starts_with(['.', '\'']) {
            format!("\\&{line}")
        } else {
            line.to_owned()
        }
    });
    format!(".nf\n{}\n.fi", lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_holds_every_command_and_option() {
        let page = String::from_utf8_lossy(&page(cli::command()).unwrap_or_default()).replace("\\-", "-");
        for command in cli::command().get_subcommands() {
            assert!(
                page.contains(&format!(".SS {}\n", command.get_name())),
                "{}",
                command.get_name()
            );
            for option in command.get_arguments().filter_map(clap::Arg::get_long) {
                assert!(page.contains(&format!("--{option}")), "{option}");
            }
        }
        for option in cli::command().get_arguments().filter_map(clap::Arg::get_long) {
            assert!(page.contains(&format!("--{option}")), "{option}");
        }
    }

    #[test]
    fn a_line_of_text_is_never_taken_for_an_instruction() {
        assert_eq!(
            literal(".so /etc/passwd\n'x\n a\\b --c"),
            ".nf\n\\&.so /etc/passwd\n\\&'x\n a\\eb \\-\\-c\n.fi"
        );
    }
}
