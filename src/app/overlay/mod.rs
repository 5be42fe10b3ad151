//! The overlays above a page. The last one has the keys; none runs a loop of its own. To add one: its state in a file
//! here, a variant, its rows in [`keys`], its arms below where it has a field or a selection, and a file in `ui/overlay`.

pub mod collapse;
pub mod columns;
pub mod compare;
pub mod edge;
pub mod export;
pub mod go_to;
pub(in crate::app) mod help;
pub mod import;
pub mod keys;
pub mod left_over;
pub mod lists;
pub mod matrix;
pub(super) mod not_saved;
pub mod note;
pub mod palette;
pub mod profiles;
pub mod quit;
pub mod resend;
pub mod review;
mod stack;
pub mod themes;
pub mod tools;

use collapse::Collapse;
use columns::ColumnChooser;
use compare::Compare;
use edge::EdgeLook;
use export::Export;
use go_to::GoTo;
use import::Importing;
use left_over::LeftOver;
use lists::Lists;
use matrix::Matrix;
use note::Noting;
use palette::Palette;
use profiles::Switcher;
use quit::Quit;
use resend::Resend;
use review::Review;
use tui_input::Input;

pub use stack::Overlays;

use crate::app::model::Model;
use crate::domain::distribution::DistributionId;
use crate::engine::edge::Subject;

/// A layer.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The keys of what lies below it; the selected one.
    Help(usize),
    /// All messages, the newest first.
    Messages,
    /// What is known of a distribution.
    Facts(DistributionId),
    /// The profiles, to use another one.
    Profiles(Box<Switcher>),
    /// The tools of the composer by letter; the selected one.
    Tools(usize),
    /// The themes, to choose from; the selected one.
    Themes(usize),
    /// The columns of a table, to choose from.
    Columns(ColumnChooser),
    /// Find an action by name.
    Palette(Palette),
    /// Open a target by name.
    GoTo(GoTo),
    /// Find a text in the list being composed.
    Find(Input),
    /// What stands at the edge.
    Edge(EdgeLook),
    /// What was confirmed leaves in a moment, and can be stopped.
    Countdown,
    /// The last look before sending.
    Review(Box<Review>),
    /// The requests that the review below it would send.
    DryRun,
    /// What was refused and would be sent again.
    Resend(Box<Resend>),
    /// Three plans that need fewer items.
    Collapse(Box<Collapse>),
    /// A job, target by batch.
    Matrix(Box<Matrix>),
    /// Two invalidations beside each other.
    Compare(Box<Compare>),
    /// Writing the history into a file.
    Export(Box<Export>),
    /// Why an invalidation is made.
    Note(Box<Noting>),
    /// Lines from elsewhere.
    Import(Box<Importing>),
    /// The saved lists.
    Lists(Box<Lists>),
    /// Something waits to be sent, and the person wants to quit.
    Quit(Box<Quit>),
    /// A person wants to quit, and the ledger cannot hold what they did.
    NotSaved,
    /// An earlier run left something that does not go on by itself.
    LeftOver(Box<LeftOver>),
}

impl PartialEq for Overlay {
    /// Two layers are the same when they are of one kind: no kind is open twice.
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl Overlay {
    /// The line of text being typed in it, if there is one.
    pub fn field_mut(&mut self) -> Option<&mut Input> {
        match self {
            Self::Profiles(switcher) => Some(&mut switcher.input),
            Self::Palette(palette) => Some(&mut palette.input),
            Self::GoTo(go_to) => Some(&mut go_to.input),
            Self::Find(input) => Some(input),
            Self::Note(noting) => Some(&mut noting.input),
            Self::Export(export) => export.is_field().then_some(&mut export.input),
            Self::Import(importing) => importing.field_mut(),
            Self::Lists(lists) => lists.is_field().then_some(&mut lists.input),
            Self::Review(review) => review.confirmation.as_mut().map(|confirmation| &mut confirmation.typed),
            Self::Resend(resend) => resend.confirmation.as_mut().map(|confirmation| &mut confirmation.typed),
            _ => None,
        }
    }

    /// Whether it is about the list being composed, and means nothing above another page.
    pub(super) fn is_of_composer(&self) -> bool {
        match self {
            Self::Tools(_)
            | Self::Find(_)
            | Self::Review(_)
            | Self::DryRun
            | Self::Collapse(_)
            | Self::Import(_)
            | Self::Lists(_) => true,
            Self::Edge(look) => matches!(look.subject, Subject::Draft { .. }),
            Self::Note(noting) => noting.is_of_review(),
            _ => false,
        }
    }

    /// Whether letters are text in it.
    #[must_use]
    pub fn is_field(&self) -> bool {
        match self {
            Self::Profiles(_) | Self::Tools(_) | Self::Palette(_) | Self::GoTo(_) | Self::Find(_) | Self::Note(_) => {
                true
            }
            Self::Export(export) => export.is_field(),
            Self::Import(importing) => importing.is_field(),
            Self::Lists(lists) => lists.is_field(),
            Self::Review(review) => review.confirmation.is_some(),
            Self::Resend(resend) => resend.confirmation.is_some(),
            _ => false,
        }
    }

    /// The text typed in it changed: the selection begins at the top again and the error is cleared.
    pub(super) fn edited(&mut self) {
        match self {
            Self::Profiles(switcher) => switcher.edited(),
            Self::Palette(palette) => palette.selected = 0,
            Self::GoTo(go_to) => go_to.edited(),
            Self::Note(noting) => noting.mistake = None,
            Self::Export(export) => export.edited(),
            Self::Import(importing) => importing.edited(),
            Self::Lists(lists) => lists.edited(),
            _ => {}
        }
    }

    /// The place of the selected line, in an overlay that is chosen from; one that is read is scrolled by the view.
    pub fn selected_mut(&mut self) -> Option<&mut usize> {
        match self {
            Self::Profiles(switcher) => Some(&mut switcher.selected),
            Self::Tools(selected) | Self::Help(selected) | Self::Themes(selected) => Some(selected),
            Self::Columns(chooser) => Some(&mut chooser.selected),
            Self::Palette(palette) => Some(&mut palette.selected),
            Self::GoTo(go_to) => Some(&mut go_to.selected),
            Self::Import(importing) => importing.selected_mut(),
            Self::Lists(lists) => Some(&mut lists.selected),
            Self::Matrix(matrix) => Some(&mut matrix.row),
            Self::Collapse(collapse) => Some(&mut collapse.selected),
            _ => None,
        }
    }

    /// How many lines there are to choose from.
    pub(super) fn choices(&self, model: &Model) -> usize {
        match self {
            Self::Profiles(switcher) => profiles::entries(model, switcher).len(),
            Self::Tools(_) => tools::TOOLS.len(),
            Self::Help(_) => help::entries(model).len(),
            Self::Themes(_) => model.themes.names.len(),
            Self::Columns(chooser) => chooser.table.optional().count(),
            Self::Palette(state) => palette::entries(model, state).len(),
            Self::GoTo(state) => go_to::entries(model, state).len(),
            Self::Import(importing) => importing.lines(model),
            Self::Lists(lists) => lists.entries().len(),
            Self::Matrix(matrix) => matrix.job(model).targets().len(),
            Self::Collapse(collapse) => collapse.choices().len(),
            _ => 0,
        }
    }
}
