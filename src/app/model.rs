//! Everything the program knows at a moment. Only [`super::update::update`] changes it; the view reads it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::action::Action;
use super::keymap::Keymap;
use super::overlay::import::kind::ImportMemory;
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
use crate::engine::row::RowKey;
use crate::engine::state::{Engine, Hints, Preferences as EnginePreferences};

/// What was chosen before the start: arguments, configuration and environment, resolved.
#[derive(Clone, Debug, Default)]
pub struct Preferences {
    /// The keys.
    pub keymap: Keymap,
    /// The id, alias, domain or URL to open at the start.
    pub target: Option<TypedTarget>,
    /// Whether the mouse is heard at the start.
    pub mouse: bool,
    /// The themes that can be chosen.
    pub themes: Themes,
    /// What concerns the rules.
    pub engine: EnginePreferences,
}

fn hints(keymap: &Keymap) -> Hints {
    Hints {
        edit: keymap.spoken(Action::EditResend),
        all_tenants: keymap.spoken(Action::InvalidateAllTenants),
        profiles: keymap.spoken(Action::Profiles),
    }
}

/// How times are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Times {
    /// In the time of this machine.
    #[default]
    Local,
    /// In UTC, as logs have them.
    Utc,
    /// By how long ago it was.
    Relative,
}

impl Times {
    /// The next way.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Local => Self::Utc,
            Self::Utc => Self::Relative,
            Self::Relative => Self::Local,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Utc => "UTC",
            Self::Relative => "relative",
        }
    }
}

/// The whole state.
#[derive(Debug)]
pub struct Model {
    /// What the rules know, whatever is on the screen.
    pub engine: Engine,
    /// The keys.
    pub keymap: Keymap,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The pages from the bottom to the one being looked at; never empty.
    pub screens: Vec<Screen>,
    /// The overlays above the page; the last one has the keys.
    pub overlays: Overlays,
    /// How what is read was scrolled.
    pub scrolls: Scrolls,
    /// Overlays and pages that wait to open by themselves, until nobody is typing.
    pub(super) wants: Vec<Want>,
    /// What is remembered of imports.
    pub imports: ImportMemory,
    /// Targets marked to do something with all of them, on whichever page.
    pub marked: BTreeSet<Target>,
    /// Rows of the page one looks at that are marked, to be compared.
    pub marked_rows: BTreeSet<RowKey>,
    /// A target from the command line that waits for the distributions.
    pub wanted: Option<TypedTarget>,
    /// The same, while CloudFront is asked whose its host is.
    pub(super) looked_up: Option<TypedTarget>,
    /// What was chosen in an overlay and is done as soon as that is closed.
    pub(super) chosen: Option<Action>,
    /// The end that was asked for, while the ledger is waited for.
    pub(super) ending: Option<Ending>,
    /// The themes that can be chosen.
    pub themes: Themes,
    /// The one in use, by its place.
    pub theme: usize,
    /// How times are shown.
    pub times: Times,
    /// Whether the mouse is heard.
    pub mouse: bool,
    /// The last click.
    pub(super) clicked: Option<Clicked>,
    /// How the tables are arranged.
    pub arrangements: Arrangements,
    /// What the ledger remembers of all this.
    pub(super) remembered: SavedView,
}

impl Model {
    /// The state before the first message.
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
            imports: ImportMemory::default(),
            marked: BTreeSet::new(),
            marked_rows: BTreeSet::new(),
            chosen: None,
            ending: None,
            times: Times::default(),
            mouse: preferences.mouse,
            theme: preferences.themes.configured,
            themes: preferences.themes,
            clicked: None,
            arrangements: Arrangements::default(),
            remembered: SavedView::default(),
        }
    }

    /// The page being looked at.
    #[must_use]
    pub fn screen(&self) -> &Screen {
        // `screens` is never empty: it begins with the distributions and `pop_screen` keeps the first one.
        &self.screens[self.screens.len() - 1]
    }

    /// The page being looked at, to change it.
    pub fn screen_mut(&mut self) -> &mut Screen {
        let last = self.screens.len() - 1;
        &mut self.screens[last]
    }

    /// The list being composed, if its page is looked at.
    pub(super) fn composer(&self) -> Option<&Composer> {
        match self.screen() {
            Screen::Composer(composer) => Some(composer),
            _ => None,
        }
    }

    /// The same, to change it.
    pub(super) fn composer_mut(&mut self) -> Option<&mut Composer> {
        match self.screen_mut() {
            Screen::Composer(composer) => Some(composer),
            _ => None,
        }
    }

    /// Opens an overlay; the same key closes one that is open.
    pub(super) fn toggle<S: State + Into<Overlay>>(&mut self, overlay: S) {
        if self.overlays.top::<S>().is_some() {
            self.overlays.pop();
        } else if self.overlays.find::<S>().is_none() {
            self.overlays.push(overlay);
        }
        self.engine.touch();
    }

    /// Scrolls the overlay on top, or else the page.
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

    /// Asks for something to be opened that nobody asked for; the same is wanted once.
    pub(super) fn want(&mut self, want: Want) {
        if !self.wants.contains(&want) {
            self.wants.push(want);
        }
    }
}
