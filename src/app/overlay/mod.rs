//! The states of the overlays above a page. The top overlay has the keyboard focus; no overlay runs its own event
//! loop. The user's actions on overlays are in [`super::act`].

pub mod browser;
pub mod code;
pub mod collapse;
pub mod columns;
pub mod compare;
pub mod edge;
pub mod export;
pub mod find;
pub mod go_to;
pub mod help;
pub mod import;
pub mod keys;
pub mod left_over;
pub mod lists;
pub mod matrix;
pub mod note;
pub mod palette;
pub mod parts;
pub mod profile_search;
pub mod profiles;
pub mod quit;
pub mod reading;
pub mod resend;
pub mod review;
pub mod stack;
pub mod themes;
pub mod tools;

use browser::Browser;
use code::CodeEntry;
use collapse::Collapse;
use columns::ColumnChooser;
use compare::Compare;
use edge::EdgeLook;
use export::Export;
use find::Find;
use go_to::GoTo;
use help::Help;
use import::Importing;
use keys::Keys;
use left_over::LeftOver;
use lists::Lists;
use matrix::Matrix;
use note::Noting;
use palette::Palette;
use parts::Parts;
use profile_search::InProfiles;
use profiles::Switcher;
use quit::Quit;
use reading::{Countdown, Facts, Maker, Messages, Month, NotSaved, Who};
use resend::Resend;
use review::{DryRun, Review};
use themes::ThemeChooser;
use tools::Tools;

/// The state of one kind of overlay.
pub trait State: Parts + Sized {
    /// Returns the state if the overlay is of this kind.
    fn of(overlay: &Overlay) -> Option<&Self>;

    /// Returns a mutable reference to the state if the overlay is of this kind.
    fn of_mut(overlay: &mut Overlay) -> Option<&mut Self>;
}

/// Defines the overlays from a table of names, states and titles; each state implements [`Parts`].
macro_rules! overlays {
    ($($(#[$doc:meta])* $name:ident($state:ty) = $title:literal,)*) => {
        /// An overlay.
        #[derive(Clone, Debug)]
        pub enum Overlay {
            $($(#[$doc])* $name(Box<$state>),)*
        }

        impl Overlay {
            /// Returns the actions that the overlay shows and accepts in its current state.
            #[must_use]
            pub fn keys(&self) -> Keys {
                self.parts().keys()
            }

            /// Returns the overlay's parts.
            #[must_use]
            pub fn parts(&self) -> &dyn Parts {
                match self {
                    $(Self::$name(state) => &**state,)*
                }
            }

            /// Returns the overlay's name, for the heading above its keys in the help.
            #[must_use]
            pub fn title(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $title,)*
                }
            }

            /// Returns a mutable reference to the overlay's parts.
            pub fn parts_mut(&mut self) -> &mut dyn Parts {
                match self {
                    $(Self::$name(state) => &mut **state,)*
                }
            }
        }

        $(
            impl State for $state {
                fn of(overlay: &Overlay) -> Option<&Self> {
                    match overlay {
                        Overlay::$name(state) => Some(state),
                        _ => None,
                    }
                }

                fn of_mut(overlay: &mut Overlay) -> Option<&mut Self> {
                    match overlay {
                        Overlay::$name(state) => Some(state),
                        _ => None,
                    }
                }
            }

            impl From<$state> for Overlay {
                fn from(state: $state) -> Self {
                    Self::$name(Box::new(state))
                }
            }
        )*
    };
}

overlays! {
    /// The keys of the page or overlay below.
    Help(Help) = "Help",
    /// All notices, newest first.
    Messages(Messages) = "Messages",
    /// This month's usage.
    Month(Month) = "This month",
    /// The AWS identity.
    Who(Who) = "Who am I",
    /// Who made an invalidation.
    Maker(Maker) = "Who created it",
    /// The details of a distribution.
    Facts(Facts) = "Details of a distribution",
    /// The list of profiles, to switch to another one.
    Profiles(Switcher) = "Profiles",
    /// The field for an MFA code.
    Code(CodeEntry) = "MFA code",
    /// The login in a browser.
    Browser(Browser) = "Log in",
    /// The composer's tools, by letter.
    Tools(Tools) = "Tools",
    /// The list of themes.
    Themes(ThemeChooser) = "Themes",
    /// The columns that the user can show or hide.
    Columns(ColumnChooser) = "Columns",
    /// The command palette.
    Palette(Palette) = "Actions",
    /// The dialog that opens a target by name.
    GoTo(GoTo) = "Open",
    /// The search for a target in all profiles.
    ProfileSearch(InProfiles) = "All profiles",
    /// The dialog that finds text in the composed list.
    Find(Find) = "Find",
    /// The result of an edge check.
    Edge(EdgeLook) = "At the edge",
    /// The countdown during which a confirmed job can still be cancelled.
    Countdown(Countdown) = "Sending",
    /// The review before sending.
    Review(Review) = "Review",
    /// The requests that the review below would send.
    DryRun(DryRun) = "Dry run",
    /// The refused submissions that are about to be sent again.
    Resend(Resend) = "Send again",
    /// Three plans for shortening the list.
    Collapse(Collapse) = "Collapse",
    /// The submissions of a job, by target and batch.
    Matrix(Matrix) = "Job",
    /// The comparison of two invalidations.
    Compare(Compare) = "Compare",
    /// The export of the history to a file.
    Export(Export) = "Export",
    /// The note on an invalidation.
    Note(Noting) = "Note",
    /// The dialog that imports lines.
    Import(Importing) = "Import",
    /// The saved-lists overlay.
    Lists(Lists) = "Saved lists",
    /// The question that appears when the user quits while submissions are waiting to be sent.
    Quit(Quit) = "Quit?",
    /// The question that appears when the user quits and the ledger cannot store some changes.
    NotSaved(NotSaved) = "Quit without saving?",
    /// Unfinished work from an earlier run that does not resume automatically.
    LeftOver(LeftOver) = "Left by an earlier run",
}

impl PartialEq for Overlay {
    /// Compares two overlays by kind, because no kind is ever open twice.
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}
