//! The entire state of the program. Only [`super::update::update`] changes it; the view reads it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::action::Action;
use super::key::Key;
use super::keymap::Keymap;
use super::overlay::import::kind::ImportMemory;
use super::overlay::lists::KnownLists;
use super::overlay::stack::Overlays;
use super::overlay::themes::Themes;
use super::overlay::{Overlay, State};
use super::pointer::Clicked;
use super::remembered::SavedView;
use super::screen::Screen;
use super::screen::composer::Composer;
use super::scroll::{Scroll, Scrolled, Scrolls};
use super::table::Arrangements;
use super::waiting::{Ending, Want};
use crate::domain::distribution::Target;
use crate::domain::target::TypedTarget;
use crate::engine::preferences::{Hints, Preferences as EnginePreferences};
use crate::engine::row::RowKey;
use crate::engine::state::Engine;

/// The settings, resolved from arguments, configuration and environment before startup.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    /// The key map.
    pub keymap: Keymap,
    /// The id, alias, domain or URL to open at startup.
    pub target: Option<TypedTarget>,
    /// Whether the mouse is used at startup.
    pub mouse: bool,
    /// The available themes.
    pub themes: Themes,
    /// The settings for the engine.
    pub engine: EnginePreferences,
}

fn hints(keymap: &Keymap) -> Hints {
    Hints {
        edit: keymap.spoken(Action::EditResend),
        all_tenants: keymap.spoken(Action::InvalidateAllTenants),
        profiles: keymap.spoken(Action::Profiles),
        log_in: keymap.spoken(Action::LogIn),
    }
}

/// How times are displayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Times {
    /// In the local time zone.
    #[default]
    Local,
    /// In UTC, as in logs.
    Utc,
    /// As ages.
    Relative,
}

impl Times {
    /// Returns the next way to display times.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Local => Self::Utc,
            Self::Utc => Self::Relative,
            Self::Relative => Self::Local,
        }
    }

    /// Returns the name of this way to display times.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Utc => "UTC",
            Self::Relative => "relative",
        }
    }
}

/// The last key that was pressed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pressed {
    pub(super) key: Key,
    pub(super) at: DateTime<Utc>,
    /// Whether the key may have been repeated because it was held down.
    pub(super) again: bool,
}

/// The entire state.
#[derive(Debug)]
pub struct Model {
    /// The state of the engine, independent of what is on screen.
    pub engine: Engine,
    /// The key map.
    pub keymap: Keymap,
    /// The size of the terminal in columns and rows.
    pub size: (u16, u16),
    /// The pages, from the bottom to the visible one; never empty.
    pub screens: Vec<Screen>,
    /// The overlays above the page; the top one has the keyboard focus.
    pub overlays: Overlays,
    /// The recent scroll steps.
    pub scrolls: Scrolls,
    /// Overlays and pages that are opened automatically once the user is not typing.
    pub(super) wants: Vec<Want>,
    /// The saved lists, so that they can be found by name.
    pub saved_lists: KnownLists,
    /// The remembered imports: the last kind and the typed lines.
    pub imports: ImportMemory,
    /// The targets that the user has marked, on any page, to act on them together.
    pub marked: BTreeSet<Target>,
    /// The rows of the visible page that are marked for a comparison.
    pub marked_rows: BTreeSet<RowKey>,
    /// A target from the command line that is waiting for the distributions to load.
    pub wanted: Option<TypedTarget>,
    /// A target from the command line while its host is being looked up in CloudFront.
    pub(super) looked_up: Option<TypedTarget>,
    /// The action chosen in an overlay, which runs as soon as the overlay is closed.
    pub(super) chosen: Option<Action>,
    /// The requested exit, while the program waits for the ledger.
    pub(super) ending: Option<Ending>,
    /// The available themes.
    pub themes: Themes,
    /// The index of the current theme.
    pub theme: usize,
    /// Whether the demo starts after the program exits.
    pub then_demo: bool,
    /// The last key that was pressed.
    pub(super) pressed: Option<Pressed>,
    /// How times are displayed.
    pub times: Times,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// The last click.
    pub(super) clicked: Option<Clicked>,
    /// The arrangements of the tables.
    pub arrangements: Arrangements,
    /// The view settings stored in the ledger.
    pub(super) remembered: SavedView,
}

impl Model {
    /// Creates the state before the first message.
    #[must_use]
    pub fn new(preferences: Preferences, now: DateTime<Utc>) -> Self {
        Self {
            engine: Engine::new(preferences.engine, hints(&preferences.keymap), now),
            keymap: preferences.keymap,
            wanted: preferences.target,
            looked_up: None,
            size: (80, 24),
            screens: vec![Screen::distributions()],
            overlays: Overlays::default(),
            scrolls: Scrolls::default(),
            wants: Vec::new(),
            saved_lists: KnownLists::default(),
            imports: ImportMemory::default(),
            marked: BTreeSet::new(),
            marked_rows: BTreeSet::new(),
            chosen: None,
            ending: None,
            then_demo: false,
            pressed: None,
            times: Times::default(),
            mouse: preferences.mouse,
            theme: preferences.themes.configured,
            themes: preferences.themes,
            clicked: None,
            arrangements: Arrangements::default(),
            remembered: SavedView::default(),
        }
    }

    /// Returns the visible page.
    #[must_use]
    pub fn screen(&self) -> &Screen {
        // `screens` is never empty: it starts with the distributions, and `pop_screen` keeps the first one.
        &self.screens[self.screens.len() - 1]
    }

    /// Returns the visible page, mutably.
    pub fn screen_mut(&mut self) -> &mut Screen {
        let last = self.screens.len() - 1;
        &mut self.screens[last]
    }

    /// Returns the composer, if it is the visible page.
    pub(super) fn composer(&self) -> Option<&Composer> {
        match self.screen() {
            Screen::Composer(composer) => Some(composer),
            _ => None,
        }
    }

    /// Returns the composer, mutably, if it is the visible page.
    pub(super) fn composer_mut(&mut self) -> Option<&mut Composer> {
        match self.screen_mut() {
            Screen::Composer(composer) => Some(composer),
            _ => None,
        }
    }

    /// Opens an overlay above the others.
    pub(super) fn open(&mut self, overlay: impl Into<Overlay>) {
        self.overlays.push(overlay);
        self.engine.touch();
    }

    /// Closes the top overlay.
    pub(super) fn close_top(&mut self) {
        self.overlays.pop();
        self.engine.touch();
    }

    /// Opens an overlay, or closes it if it is already on top.
    pub(super) fn toggle<S: State + Into<Overlay>>(&mut self, overlay: S) {
        if self.overlays.top::<S>().is_some() {
            self.overlays.pop();
        } else if self.overlays.find::<S>().is_none() {
            self.overlays.push(overlay);
        }
        self.engine.touch();
    }

    /// Scrolls the top overlay, or else the page.
    pub(super) fn scroll(&mut self, step: Scroll) {
        let of = match self.overlays.len().checked_sub(1) {
            Some(top) => Scrolled::Overlay(self.overlays.serial(top)),
            None => match self.screen() {
                Screen::Details(page) => Scrolled::Page(page.serial),
                _ => return,
            },
        };
        self.scrolls.push(of, step);
        self.engine.touch();
    }

    /// Queues something to open automatically, unless it is already queued.
    pub(super) fn want(&mut self, want: Want) {
        if !self.wants.contains(&want) {
            self.wants.push(want);
        }
    }
}
