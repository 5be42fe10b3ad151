//! The overlays above a page: what they hold. The last one has the keys; none runs a loop of its own. What a person does
//! with one is in [`super::act`].

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
pub mod profiles;
pub mod quit;
pub mod reading;
pub mod resend;
pub mod review;
pub mod stack;
pub mod themes;
pub mod tools;

use collapse::Collapse;
use columns::ColumnChooser;
use compare::Compare;
use edge::EdgeLook;
use export::Export;
use find::Find;
use go_to::GoTo;
use help::Help;
use import::Importing;
use left_over::LeftOver;
use lists::Lists;
use matrix::Matrix;
use note::Noting;
use palette::Palette;
use parts::Parts;
use profiles::Switcher;
use quit::Quit;
use reading::{Countdown, Facts, Messages, NotSaved};
use resend::Resend;
use review::{DryRun, Review};
use themes::ThemeChooser;
use tools::Tools;

/// The state of one kind of overlay.
pub trait State: Parts + Sized {
    /// The state, if the overlay is of this kind.
    fn of(overlay: &Overlay) -> Option<&Self>;

    /// The same, to change it.
    fn of_mut(overlay: &mut Overlay) -> Option<&mut Self>;
}

/// Makes the overlays of their table: name, and the state that says its [`Parts`].
macro_rules! overlays {
    ($($(#[$doc:meta])* $name:ident($state:ty),)*) => {
        /// A layer.
        #[derive(Clone, Debug)]
        pub enum Overlay {
            $($(#[$doc])* $name(Box<$state>),)*
        }

        impl Overlay {
            /// What it is made of.
            #[must_use]
            pub fn parts(&self) -> &dyn Parts {
                match self {
                    $(Self::$name(state) => &**state,)*
                }
            }

            /// The same, to change it.
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
    /// The keys of what lies below it.
    Help(Help),
    /// All messages, the newest first.
    Messages(Messages),
    /// What is known of a distribution.
    Facts(Facts),
    /// The profiles, to use another one.
    Profiles(Switcher),
    /// The tools of the composer by letter.
    Tools(Tools),
    /// The themes, to choose from.
    Themes(ThemeChooser),
    /// The columns of a table, to choose from.
    Columns(ColumnChooser),
    /// Find an action by name.
    Palette(Palette),
    /// Open a target by name.
    GoTo(GoTo),
    /// Find a text in the list being composed.
    Find(Find),
    /// What stands at the edge.
    Edge(EdgeLook),
    /// What was confirmed leaves in a moment, and can be stopped.
    Countdown(Countdown),
    /// The last look before sending.
    Review(Review),
    /// The requests that the review below it would send.
    DryRun(DryRun),
    /// What was refused and would be sent again.
    Resend(Resend),
    /// Three plans that need fewer items.
    Collapse(Collapse),
    /// A job, target by batch.
    Matrix(Matrix),
    /// Two invalidations beside each other.
    Compare(Compare),
    /// Writing the history into a file.
    Export(Export),
    /// Why an invalidation is made.
    Note(Noting),
    /// Lines from elsewhere.
    Import(Importing),
    /// The saved lists.
    Lists(Lists),
    /// Something waits to be sent, and the person wants to quit.
    Quit(Quit),
    /// A person wants to quit, and the ledger cannot hold what they did.
    NotSaved(NotSaved),
    /// An earlier run left something that does not go on by itself.
    LeftOver(LeftOver),
}

impl PartialEq for Overlay {
    /// Two layers are the same when they are of one kind: no kind is open twice.
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}
