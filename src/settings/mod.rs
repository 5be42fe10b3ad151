//! Combines the arguments, the configuration file and the environment into settings, once at startup.
//!
//! The command line overrides the environment, and the environment overrides the configuration file. All settings are
//! plain data.

mod aws;
mod cloudtrail;
mod distributions;
mod error;
mod file;
mod folders;
pub mod log_level;
mod theme;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::cli::Options;
use crate::domain::danger::{Asks, Guard, GuardChanges};
use crate::domain::distribution::AccountId;
use crate::domain::options::{Accounts, EdgeOptions, NotifyOptions, Retention, SendOptions, guard_of};
use crate::domain::target::TypedTarget;

use self::aws::{Aws, is_set};
pub use self::cloudtrail::CloudTrail;
pub use self::distributions::Distributions;
pub use self::error::{Error, line_of};
use self::file::File;
pub use self::log_level::LogLevel;
pub use self::theme::{Theme, ThemeName};

/// The configuration file as shipped: every setting with its default, commented out.
pub const DOCUMENTATION: &str = include_str!("../../assets/config.toml");

/// All settings, determined before the first frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The profile to use; `None` means the one from the standard variables, or else `default`.
    pub profile: Option<String>,
    /// The region to sign for; `None` means the one from the standard variables or the profile, or else `us-east-1`.
    pub region: Option<String>,
    /// The endpoint to use instead of CloudFront; `None` means the one from the standard variables or the profile, or
    /// else CloudFront.
    pub endpoint_url: Option<String>,
    /// Whether to use the embedded emulator. Profile, region and endpoint are then `None`.
    pub demo: bool,
    /// Whether everything that writes is disabled.
    pub read_only: bool,
    /// The log level for this program's own messages.
    pub log_level: LogLevel,
    /// The colors of the dashboard.
    pub theme: Theme,
    /// The themes to choose from, in the order offered.
    pub themes: &'static [ThemeName],
    /// Whether borders, marks and bars are drawn in ASCII.
    pub ascii: bool,
    /// Whether the dashboard or the terminal receives mouse events.
    pub mouse: Mouse,
    /// The settings for the distributions page.
    pub distributions: Distributions,
    /// The settings for edge checks.
    pub edge: EdgeOptions,
    /// The settings for CloudTrail lookups.
    pub cloudtrail: CloudTrail,
    /// The settings for notifications outside the dashboard.
    pub notify: NotifyOptions,
    /// How long the ledger keeps ended submissions.
    pub history: Retention,
    /// The settings for sending submissions.
    pub send: SendOptions,
    /// Which dangerous actions must be confirmed (in the dashboard, in scripts or both) in an account without settings
    /// of its own.
    pub guard: Guard,
    /// Where copied text is sent.
    pub clipboard: Clipboard,
    /// Key names by action id, for the actions that the configuration rebinds. They have not been validated against
    /// the actions yet.
    pub keys: BTreeMap<String, Vec<String>>,
    /// The settings for accounts, by account id.
    pub accounts: Accounts,
    /// The settings for profiles beyond those in the AWS files, by profile name.
    pub profiles: BTreeMap<String, Profile>,
    /// The target that the dashboard opens at startup.
    pub target: Option<TypedTarget>,
    /// The path of the configuration file, whether or not it exists.
    pub config_file: PathBuf,
    /// The folder for the ledger and the log, which need not exist yet. In the demo, a temporary folder.
    pub state_dir: PathBuf,
    /// Non-fatal problems found so far, as sentences for the user.
    pub warnings: Vec<String>,
}

/// The settings for a profile beyond those in the AWS files.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// Whether the profile's `credential_process` prompts in the terminal. If so, the terminal is handed over to it.
    pub interactive: bool,
    /// The program that logs in to the profile, with its arguments, run without a shell. Empty means the AWS CLI's
    /// command for this kind of profile.
    pub login: Vec<String>,
    /// Whether to log in to the profile with `aws sso login` if the AWS CLI is installed; otherwise, invalidash itself
    /// logs in, with a browser.
    pub aws_cli: bool,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            interactive: false,
            login: Vec::new(),
            aws_cli: true,
        }
    }
}

/// Whether the dashboard or the terminal receives mouse events at startup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    /// The dashboard, which handles clicks and the wheel.
    Dashboard,
    /// The terminal, which uses the mouse to select text.
    Terminal,
}

/// Where copied text is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clipboard {
    /// tmux if it is running; then, on the user's own machine, the platform's clipboard programs; then the terminal.
    #[default]
    Auto,
    /// The terminal (OSC 52).
    Osc52,
    /// tmux's buffer.
    Tmux,
    /// A clipboard program of the platform: pbcopy, wl-copy, xclip or xsel.
    Command,
}

/// The environment of the process, passed in so that the settings code does not read it directly.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

impl Settings {
    /// Determines all settings, once. With `demo_folder` (required by `--demo`, and removed by the caller at the end),
    /// no profile, region or endpoint is used, and the state is kept in that folder.
    ///
    /// # Errors
    /// If the configuration file cannot be read or parsed, the endpoint is not a URL, or no home folder is found.
    pub fn decide(
        options: &Options,
        target: Option<TypedTarget>,
        environment: Environment,
        demo_folder: Option<&Path>,
    ) -> Result<Self, Error> {
        let config_file = Self::config_file(options, environment)?;
        let file = File::read(&config_file, options.config.is_some())?;
        let state_dir = match demo_folder {
            Some(folder) => folder.to_owned(),
            None => folders::state(environment)?,
        };
        let demo = demo_folder.is_some();
        let aws = if demo {
            Aws::default()
        } else {
            Aws::choose(options, environment, &file)?
        };
        Ok(Self {
            profile: aws.profile,
            region: aws.region,
            endpoint_url: aws.endpoint_url,
            demo,
            read_only: options.read_only || file.read_only,
            log_level: options
                .log_level
                .as_deref()
                .and_then(LogLevel::from_name)
                .unwrap_or(file.log_level),
            themes: if is_set(environment, "NO_COLOR") {
                &[ThemeName::Mono]
            } else {
                &ThemeName::ALL
            },
            theme: if is_set(environment, "NO_COLOR") {
                ThemeName::Mono.into()
            } else {
                file.theme.clone()
            },
            ascii: file.ascii,
            mouse: if file.mouse == Some(false) {
                Mouse::Terminal
            } else {
                Mouse::Dashboard
            },
            distributions: file.distributions.clone(),
            edge: file.edge.clone(),
            cloudtrail: file.cloudtrail.clone(),
            notify: file.notify.clone(),
            history: file.history.clone(),
            send: file.send.clone(),
            guard: Guard::default().with(&file.guard),
            clipboard: file.clipboard,
            keys: file.keys(),
            accounts: file.accounts(),
            profiles: file.profiles.clone(),
            target,
            config_file,
            state_dir,
            warnings: aws::two_profiles(options, environment).into_iter().collect(),
        })
    }

    /// Returns the settings from a configuration file alone, without options and variables.
    ///
    /// # Errors
    /// If the file cannot be read or contains a mistake, which is reported with its line number.
    pub fn of_file(path: &Path) -> Result<Self, Error> {
        let options = Options {
            config: Some(path.to_owned()),
            ..Options::default()
        };
        // The folders are not used, so any folder will do.
        let folder = |name: &str| name.starts_with("XDG_").then(|| OsString::from("/"));
        Self::decide(&options, None, &folder, None).map_err(|error| error.in_file(path))
    }

    /// Returns the path of the configuration file.
    ///
    /// # Errors
    /// If no home folder is found.
    pub fn config_file(options: &Options, environment: Environment) -> Result<PathBuf, Error> {
        match &options.config {
            Some(file) => Ok(file.clone()),
            None => Ok(folders::config(environment)?.join("config.toml")),
        }
    }

    /// Returns which dangerous actions must be confirmed in an account; an unknown account has no settings of its own.
    #[must_use]
    pub fn guard_of(&self, account: Option<&AccountId>) -> Guard {
        guard_of(&self.guard, &self.accounts, account)
    }

    /// Returns whether any account has stricter rules than others, in which case it matters which account is used.
    #[must_use]
    pub fn restricts_accounts(&self) -> bool {
        self.accounts.values().any(|account| {
            let asks_in_production = account.production && self.guard.production != Asks::Never;
            account.read_only || asks_in_production || account.guard != GuardChanges::default()
        })
    }

    /// Returns the path of the log file.
    #[must_use]
    pub fn log_file(&self) -> PathBuf {
        self.state_dir.join("invalidash.log")
    }

    /// Returns the folder of the saved lists: next to the configuration file, so that both can be versioned together.
    /// The demo leaves no lists behind.
    #[must_use]
    pub fn lists_dir(&self) -> PathBuf {
        let configuration = self.config_file.parent().filter(|_| !self.demo);
        configuration.unwrap_or(&self.state_dir).join("lists")
    }

    /// Returns the file to which submissions are written before they are sent.
    #[must_use]
    pub fn ledger_file(&self) -> PathBuf {
        self.state_dir.join("ledger.db")
    }
}

#[cfg(test)]
mod tests;
