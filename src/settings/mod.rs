//! What the arguments, the configuration file and the environment mean together ("high"), decided once at the start.
//!
//! The command line wins over the environment, the environment over the configuration file. Everything here is plain data.

mod distributions;
mod edge;
mod error;
mod file;
mod folders;
mod history;
mod notify;
mod send;
mod theme;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cli::Options;
use crate::domain::danger::{Asks, Guard, GuardChanges};
use crate::domain::distribution::AccountId;
use crate::domain::target::TypedTarget;

pub use self::distributions::Distributions;
pub use self::edge::Edge;
pub use self::error::{Error, line_of};
use self::file::File;
pub use self::history::Retention;
pub use self::notify::{Notification, Notify};
pub use self::send::Sending;
pub use self::theme::{Theme, ThemeName};

/// The configuration file as it ships: every setting with its default, commented out.
pub const DOCUMENTATION: &str = include_str!("../../assets/config.toml");

/// Everything that was decided before the first frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The profile to use; `None`: as the standard variables say, else `default`.
    pub profile: Option<String>,
    /// The region to sign for; `None`: as the standard variables or the profile say, else `us-east-1`.
    pub region: Option<String>,
    /// The server to ask in place of CloudFront; `None`: as the standard variables or the profile say, else CloudFront.
    pub endpoint_url: Option<String>,
    /// Work on the embedded emulator. Profile, region and endpoint are `None` then.
    pub demo: bool,
    /// Nothing that writes may be reachable.
    pub read_only: bool,
    /// How much of ours the log holds.
    pub log_level: LogLevel,
    /// Which colors the dashboard has.
    pub theme: Theme,
    /// The themes that can be chosen, in the order in which they are offered.
    pub themes: &'static [ThemeName],
    /// Whether frames, marks and bars are drawn in ASCII.
    pub ascii: bool,
    /// Who has the mouse.
    pub mouse: Mouse,
    /// What the page of the distributions does by itself.
    pub distributions: Distributions,
    /// How the edge is looked at.
    pub edge: Edge,
    /// What is told outside the frame.
    pub notify: Notify,
    /// What is kept of the past.
    pub history: Retention,
    /// How submissions leave.
    pub send: Sending,
    /// Who is asked about what is dangerous, in an account that says nothing of its own.
    pub guard: Guard,
    /// Who is asked to take what is copied.
    pub clipboard: Clipboard,
    /// Key texts by action id, for the actions that the configuration binds otherwise. Not yet checked against the actions.
    pub keys: BTreeMap<String, Vec<String>>,
    /// What the accounts are called, by their twelve digits.
    pub accounts: BTreeMap<AccountId, Account>,
    /// What is known of profiles beside their own files, by their names.
    pub profiles: BTreeMap<String, Profile>,
    /// What the dashboard opens on.
    pub target: Option<TypedTarget>,
    /// Where the configuration is read from, whether or not there is such a file.
    pub config_file: PathBuf,
    /// Where ledger and log lie; it need not exist yet. A temporary folder with `demo`.
    pub state_dir: PathBuf,
    /// What went wrong so far without being an end, in sentences for the person.
    pub warnings: Vec<String>,
}

/// What a person calls an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The word in the header; empty: none.
    #[serde(default)]
    pub label: String,
    /// Whether it wears production's colour all the time.
    #[serde(default)]
    pub production: bool,
    /// Whether nothing may be sent in it.
    #[serde(default)]
    pub read_only: bool,
    /// What differs in it from [`Settings::guard`].
    #[serde(default)]
    pub guard: GuardChanges,
}

/// What is known of a profile beside its own files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Profile {
    /// Whether its `credential_process` asks in the terminal, which is lent to it then.
    pub interactive: bool,
    /// A program and its arguments that log in to it, run without a shell; empty: what the AWS CLI has for its kind.
    pub login: Vec<String>,
}

/// How much of ours the log holds; what the AWS SDK says is held from `warn` on at every level but `off`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// No log at all.
    Off,
    /// What failed.
    Error,
    /// And what was put right.
    Warn,
    /// And what was done.
    #[default]
    Info,
    /// And with which paths and accounts.
    Debug,
    /// And every step.
    Trace,
}

impl LogLevel {
    /// The levels as they are written, quietest first.
    pub const NAMES: [&'static str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

    const ALL: [Self; 6] = [Self::Off, Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace];

    /// The level as it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }

    /// The level that is written so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// Who has the mouse at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    /// The dashboard: it hears clicks and the wheel.
    Dashboard,
    /// The terminal, which selects text with it.
    Terminal,
}

/// Who is asked to take what is copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clipboard {
    /// tmux where there is one, then a program of the platform on the person's own machine, then the terminal.
    #[default]
    Auto,
    /// The terminal (OSC 52).
    Osc52,
    /// tmux's buffer.
    Tmux,
    /// A program of the platform: pbcopy, wl-copy, xclip or xsel.
    Command,
}

/// What the process was started with, handed in so that nothing below reads it by itself.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

impl Settings {
    /// Decides everything, once. With `demo_folder` (which `--demo` asks for and the caller removes at the end) no profile, region or
    /// endpoint is taken from anywhere, and the state lies in that folder.
    ///
    /// # Errors
    /// A configuration file that cannot be read or understood, an endpoint that is no URL, or no home folder to be found.
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
            warnings: Vec::new(),
        })
    }

    /// What a configuration file says by itself: no option and no variable wins over it.
    ///
    /// # Errors
    /// The file cannot be read, or a mistake with its line.
    pub fn of_file(path: &Path) -> Result<Self, Error> {
        let options = Options {
            config: Some(path.to_owned()),
            ..Options::default()
        };
        // The folders are not looked at: any will do.
        let folder = |name: &str| name.starts_with("XDG_").then(|| OsString::from("/"));
        Self::decide(&options, None, &folder, None).map_err(|error| error.in_file(path))
    }

    /// Where the configuration is read from.
    ///
    /// # Errors
    /// No home folder is known.
    pub fn config_file(options: &Options, environment: Environment) -> Result<PathBuf, Error> {
        match &options.config {
            Some(file) => Ok(file.clone()),
            None => Ok(folders::config(environment)?.join("config.toml")),
        }
    }

    /// Who is asked about what is dangerous in an account; one that is not known has no wishes of its own.
    #[must_use]
    pub fn guard_of(&self, account: Option<&AccountId>) -> Guard {
        let account = account.and_then(|account| self.accounts.get(account));
        account.map_or_else(|| self.guard.clone(), |account| self.guard.with(&account.guard))
    }

    /// Whether something is refused or asked about in one account that is not in others, so that it matters which one it is.
    #[must_use]
    pub fn restricts_accounts(&self) -> bool {
        self.accounts.values().any(|account| {
            let asks_in_production = account.production && self.guard.production != Asks::Never;
            account.read_only || asks_in_production || account.guard != GuardChanges::default()
        })
    }

    /// Where the log is written.
    #[must_use]
    pub fn log_file(&self) -> PathBuf {
        self.state_dir.join("invalidash.log")
    }

    /// Where the saved lists lie: beside the configuration file, to be versioned with it. The demo leaves none behind.
    #[must_use]
    pub fn lists_dir(&self) -> PathBuf {
        let configuration = self.config_file.parent().filter(|_| !self.demo);
        configuration.unwrap_or(&self.state_dir).join("lists")
    }

    /// The file that submissions are written to before they are sent.
    #[must_use]
    pub fn ledger_file(&self) -> PathBuf {
        self.state_dir.join("ledger.db")
    }
}

/// What leads to a server and an identity. The standard variables and the profile files are the SDK's to read: here they only
/// silence the configuration file.
#[derive(Default)]
struct Aws {
    profile: Option<String>,
    region: Option<String>,
    endpoint_url: Option<String>,
}

/// Keys in the environment come before a profile that no option names, as in every SDK.
const PROFILE: [&str; 3] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID"];
const REGION: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];
const ENDPOINT: [&str; 2] = ["AWS_ENDPOINT_URL_CLOUDFRONT", "AWS_ENDPOINT_URL"];

impl Aws {
    fn choose(options: &Options, environment: Environment, file: &File) -> Result<Self, Error> {
        let choose = |option: &Option<String>, variables: &[&str], setting: &str| {
            let silenced = setting.is_empty() || variables.iter().any(|name| is_set(environment, name));
            option.clone().or_else(|| (!silenced).then(|| setting.to_owned()))
        };
        let ignored =
            environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let endpoint_url = if ignored { "" } else { &file.endpoint_url };
        let endpoint_url = choose(&options.endpoint_url, &ENDPOINT, endpoint_url);
        Ok(Self {
            profile: choose(&options.profile, &PROFILE, &file.profile),
            region: choose(&options.region, &REGION, &file.region),
            endpoint_url: endpoint_url.map(checked_endpoint).transpose()?,
        })
    }
}

fn is_set(environment: Environment, name: &str) -> bool {
    environment(name).is_some_and(|value| !value.is_empty())
}

fn checked_endpoint(endpoint: String) -> Result<String, Error> {
    let rest = endpoint
        .strip_prefix("https://")
        .or_else(|| endpoint.strip_prefix("http://"));
    let authority = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    match authority {
        // A password in the address would stand in headers, logs and the ledger.
        Some(host) if host.contains('@') => Err(Error::SecretInEndpoint),
        Some(host) if !host.is_empty() && !endpoint.contains(char::is_whitespace) => Ok(endpoint),
        // Nor in the sentence about an address that is none.
        _ if endpoint.contains('@') => Err(Error::SecretInEndpoint),
        _ => Err(Error::Endpoint { value: endpoint }),
    }
}

#[cfg(test)]
mod tests;
