//! The configuration file as the binary reads it.

use invalidash::app::keymap::Keymap;
use invalidash::cli::Options;
use invalidash::settings::{DOCUMENTATION, Settings};

use crate::support::command::{Home, Run};

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[test]
fn a_wrong_setting_ends_the_start_with_file_line_key_and_what_is_allowed() -> Outcome {
    let home = Home::new()?;
    home.write(
        "config/invalidash/config.toml",
        "read_only = true\ntheme = 'solarized'\n",
    )?;
    let err = "invalidash: HOME/config/invalidash/config.toml line 2: `theme`: unknown variant `solarized`, expected one of \
               `default`, `light`, `contrast`, `night`, `mono`; `invalidash config` prints a file that explains the settings\n";
    assert_eq!(
        home.run(&["info"])?,
        Run {
            code: Some(2),
            out: String::new(),
            err: err.to_owned()
        }
    );
    Ok(())
}

#[test]
fn a_configuration_that_was_asked_for_must_be_there() -> Outcome {
    let home = Home::new()?;
    let err = "invalidash: cannot read the configuration file none.toml: No such file or directory (os error 2); check \
        its name and permissions, or omit --config\n";
    let run = home.run(&["--config", "none.toml", "info"])?;
    assert_eq!(
        run,
        Run {
            code: Some(2),
            out: String::new(),
            err: err.to_owned()
        }
    );
    Ok(())
}

#[test]
fn the_examples_of_the_shipped_file_bind_actions_that_there_are() -> Outcome {
    let home = Home::new()?;
    // Settings follow a lone `#`, examples a `#` and five spaces, and prose `# `.
    let lines = DOCUMENTATION.lines().filter_map(|line| line.strip_prefix('#'));
    let text: Vec<&str> = lines
        .filter(|line| !line.starts_with(' ') || line.starts_with("     "))
        .collect();
    let options = Options {
        config: Some(home.write("examples.toml", text.join("\n"))?),
        ..Options::default()
    };
    let environment = |name: &str| (name == "XDG_STATE_HOME").then(|| home.path().into());
    let settings = Settings::decide(&options, None, &environment, None)?;
    assert!(!settings.keys.is_empty());
    assert_eq!(Keymap::with_changes(&settings.keys).err(), None);
    Ok(())
}
