//! Turns the settings into what the core and the shell need at startup, for the dashboard and headless commands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::child::{Terminal, is_on_path};
use super::clock::ServiceClock;
use super::credentials::{Connection, Environment, Options, profiles, stamp};
use super::effects::{Accounts, By, Connected, Connector, Planner, Wanted};
use super::import::Places;
use super::log_in::log_in;
use super::waits::Waits;
use super::{demo, notify};
use crate::app::keymap::Keymap;
use crate::app::model::Preferences;
use crate::app::overlay::themes::Themes;
use crate::domain::failure::Failure;
use crate::domain::login::LoginWay;
use crate::domain::options::NotifyOptions;
use crate::domain::profile::{Kind, Profile};
use crate::engine::preferences::Front;
use crate::engine::session::Interactive;
use crate::settings::{self, Mouse, Settings};

/// The settings of profiles, by name.
type Profiles = BTreeMap<String, settings::Profile>;

/// Returns the preferences of the core.
///
/// # Errors
/// A sentence about keys that cannot be bound.
pub(crate) fn preferences(settings: &Settings) -> Result<Preferences, String> {
    let keymap = Keymap::with_changes(&settings.keys)
        .map_err(|mistakes| format!("{}: {}", settings.config_file.display(), mistakes.join("; ")))?;
    Ok(Preferences {
        keymap,
        target: settings.target.clone(),
        mouse: settings.mouse == Mouse::Dashboard,
        themes: themes(settings),
        engine: crate::engine::preferences::Preferences {
            edge: settings.edge.clone(),
            notify: NotifyOptions {
                progress: settings.notify.progress && notify::shows_progress(&variable),
                ..settings.notify.clone()
            },
            send: settings.send.clone(),
            interactive: Interactive {
                profiles: interactive(settings),
                first: first_profile(settings),
            },
            read_only: settings.read_only,
            demo: settings.demo,
            profile: None,
            history: settings.history.clone(),
            looks_up_makers: settings.cloudtrail.lookup,
            accounts: settings.accounts.clone(),
            guard: settings.guard.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            front: if settings.distributions.last_invalidation {
                Front::Overview
            } else {
                Front::Dashboard
            },
        },
    })
}

/// Returns the names of the themes to choose from, and which one is configured.
fn themes(settings: &Settings) -> Themes {
    let names = settings.themes;
    Themes {
        names: names.iter().map(|name| name.name()).collect(),
        configured: names.iter().position(|name| *name == settings.theme.name).unwrap_or(0),
    }
}

/// Returns the mistakes in the key bindings, one sentence each.
pub(crate) fn mistaken_keys(settings: &Settings) -> Vec<String> {
    Keymap::with_changes(&settings.keys).err().unwrap_or_default()
}

/// Returns the folders that the user's file names refer to.
pub(crate) fn places(settings: &Settings) -> Places {
    Places {
        start: std::env::current_dir().unwrap_or_default(),
        home: std::env::home_dir().filter(|home| !home.as_os_str().is_empty()),
        lists: settings.lists_dir(),
        profile: settings.profile.clone(),
    }
}

/// Returns the functions that access accounts: through the demo's emulator, or as the profile and environment specify.
pub(super) fn accounts(settings: &Settings, service: &ServiceClock, waits: &Waits) -> Accounts {
    if settings.demo {
        return demo_accounts(settings);
    }
    let chosen = options(settings, Terminal::Apart, waits.clone());
    let (service, known) = (service.clone(), Arc::new(settings.profiles.clone()));
    let (chosen_for_login, known_for_login) = (chosen.clone(), Arc::clone(&known));
    let connect: Connector = Arc::new(move |wanted: Wanted| {
        let options = options_for(&chosen, wanted.profile, &wanted.by);
        Box::pin(connect(options, wanted.by, service.clone(), Arc::clone(&known)))
    });
    let plan: Planner = Arc::new(move |profile| {
        let options = options_for(&chosen_for_login, profile, &By::Nobody);
        Box::pin(plan(options, Arc::clone(&known_for_login)))
    });
    Accounts {
        connect,
        plan,
        list: Arc::new(|| Box::pin(async { profiles(&Environment::of_process()).await })),
        stamp: Arc::new(|| stamp(&Environment::of_process())),
    }
}

/// Starts the demo's emulator, which stops along with the program, and returns the functions that access it.
fn demo_accounts(settings: &Settings) -> Accounts {
    let url = demo::begin_lived_in(&settings.state_dir);
    let url = url.map_err(|error| format!("the demo emulator could not open a port: {error}"));
    let connect: Connector = Arc::new(move |_| {
        let url = url.clone();
        Box::pin(async move {
            let connection = Connection::demo(&url.map_err(Failure::Setup)?);
            Ok(Connected::over(connection))
        })
    });
    Accounts::fixed(connect, vec![of_demo()])
}

/// Returns the connection options from the settings, without an MFA code.
pub(crate) fn options(settings: &Settings, terminal: Terminal, waits: Waits) -> Options {
    Options {
        profile: settings.profile.clone(),
        region: settings.region.clone(),
        endpoint_url: settings.endpoint_url.clone(),
        terminal,
        interactive: interactive(settings),
        code: None,
        waits,
    }
}

/// Returns the chosen options, adapted to this profile and to how the user takes part in connecting.
fn options_for(chosen: &Options, profile: Option<String>, by: &By) -> Options {
    let code = match by {
        By::Code(code) => Some(code.clone()),
        By::Nobody | By::Terminal | By::Browser(_) => None,
    };
    let terminal = match by {
        By::Terminal => Terminal::HandedOver,
        By::Nobody | By::Code(_) | By::Browser(_) => Terminal::Apart,
    };
    Options {
        profile: profile.or_else(|| chosen.profile.clone()),
        terminal,
        code,
        ..chosen.clone()
    }
}

/// Determines how to log in to a profile: as the settings specify, or else by its kind and the programs that are
/// installed.
async fn plan(options: Options, profiles: Arc<Profiles>) -> Result<LoginWay, Failure> {
    let connection = Connection::load(&options, &Environment::of_process()).await?;
    let known = profiles.get(connection.profile());
    if known.is_some_and(|profile| !profile.login.is_empty()) {
        return Ok(LoginWay::Terminal);
    }
    let without_cli = known.is_some_and(|profile| !profile.aws_cli);
    Ok(match connection.login_way() {
        LoginWay::Browser if !without_cli && is_on_path("aws") => LoginWay::Terminal,
        way => way,
    })
}

/// Returns the demo's only profile.
fn of_demo() -> Profile {
    Profile {
        name: "demo".to_owned(),
        kind: Kind::Keys,
        account: None,
        role: None,
        trouble: None,
    }
}

/// Returns the profiles whose `credential_process` prompts in the terminal.
fn interactive(settings: &Settings) -> BTreeSet<String> {
    let asks = settings.profiles.iter().filter(|(_, profile)| profile.interactive);
    asks.map(|(name, _)| name.clone()).collect()
}

/// Returns the profile used first: the one from the settings or the environment, or else `default`.
fn first_profile(settings: &Settings) -> String {
    let named = settings.profile.clone();
    let named = named.or_else(|| variable("AWS_PROFILE").or_else(|| variable("AWS_DEFAULT_PROFILE")));
    named.unwrap_or_else(|| "default".to_owned())
}

async fn connect(
    options: Options,
    by: By,
    service: ServiceClock,
    profiles: Arc<Profiles>,
) -> Result<Connected, Failure> {
    let environment = Environment::of_process();
    let mut connection = Connection::load(&options, &environment).await?;
    let logged_in = match by {
        By::Terminal => log_in(&connection, &profiles).await.map(|()| true)?,
        By::Browser(telling) => Box::pin(connection.log_in_by_browser(&service, &*telling))
            .await
            .map(|()| true)?,
        By::Nobody | By::Code(_) => false,
    };
    if logged_in {
        // The login may have changed the files.
        connection = Connection::load(&options, &environment).await?;
    }
    let connection = connection.timed_by(service);
    let loaded = connection.credentials().await;
    connection.end_loan();
    loaded?;
    Ok(Connected::over(connection))
}

/// Returns an environment variable, if it is not empty.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
