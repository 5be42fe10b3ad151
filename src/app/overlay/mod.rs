//! The layers above a page. The last one has the keys; none runs a loop of its own.

pub mod collapse;
pub mod compare;
pub mod export;
pub mod import;
pub mod lists;
pub mod matrix;
pub mod note;
pub mod palette;
pub mod review;

use collapse::Collapse;
use compare::Compare;
use export::Export;
use import::Importing;
use lists::Lists;
use matrix::Matrix;
use note::Noting;
use palette::Palette;
use review::Review;
use tui_input::Input;

use crate::app::edge::{EdgeLook, Subject};
use crate::app::queue::Countdown;
use crate::domain::distribution::DistributionId;

/// A layer.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The keys of the page, scrolled by so many lines.
    Help(usize),
    /// Everything that was said, scrolled by so many lines from the newest.
    Messages(usize),
    /// What is known of a distribution, scrolled by so many lines.
    Facts(DistributionId, usize),
    /// The profiles; the selected one.
    Profiles(usize),
    /// Find an action by name.
    Palette(Palette),
    /// Open a target by name.
    GoTo(Input),
    /// Find a text in the list being composed.
    Find(Input),
    /// What stands at the edge.
    Edge(EdgeLook),
    /// What was confirmed leaves in a moment, and can be stopped.
    Countdown(Box<Countdown>),
    /// The last look before sending.
    Review(Box<Review>),
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
    Quit,
    /// An earlier run left something that does not go on by itself.
    LeftOver,
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
            Self::Palette(palette) => Some(&mut palette.input),
            Self::GoTo(input) | Self::Find(input) => Some(input),
            Self::Note(noting) => Some(&mut noting.input),
            Self::Export(export) => export.is_field().then_some(&mut export.input),
            Self::Import(importing) => importing.field_mut(),
            Self::Lists(lists) => lists.is_field().then_some(&mut lists.input),
            Self::Review(review) => review.confirmation.as_mut().map(|confirmation| &mut confirmation.typed),
            Self::Help(_)
            | Self::Messages(_)
            | Self::Facts(..)
            | Self::Profiles(_)
            | Self::Edge(_)
            | Self::Collapse(_)
            | Self::Countdown(_)
            | Self::Matrix(_)
            | Self::Compare(_)
            | Self::Quit
            | Self::LeftOver => None,
        }
    }

    /// Whether it is about the list being composed, and means nothing above another page.
    pub(super) fn is_of_composer(&self) -> bool {
        match self {
            Self::Find(_) | Self::Review(_) | Self::Collapse(_) | Self::Import(_) | Self::Lists(_) => true,
            Self::Edge(look) => matches!(look.subject, Subject::Draft { .. }),
            Self::Note(noting) => noting.is_of_review(),
            Self::Compare(_)
            | Self::Export(_)
            | Self::Help(_)
            | Self::Messages(_)
            | Self::Facts(..)
            | Self::Profiles(_)
            | Self::Palette(_)
            | Self::GoTo(_)
            | Self::Countdown(_)
            | Self::Matrix(_)
            | Self::Quit
            | Self::LeftOver => false,
        }
    }

    /// Whether letters are text in it.
    #[must_use]
    pub fn is_field(&self) -> bool {
        match self {
            Self::Palette(_) | Self::GoTo(_) | Self::Find(_) | Self::Note(_) => true,
            Self::Export(export) => export.is_field(),
            Self::Import(importing) => importing.is_field(),
            Self::Lists(lists) => lists.is_field(),
            Self::Review(review) => review.confirmation.is_some() && !review.dry_run,
            Self::Help(_)
            | Self::Messages(_)
            | Self::Facts(..)
            | Self::Profiles(_)
            | Self::Edge(_)
            | Self::Collapse(_)
            | Self::Countdown(_)
            | Self::Matrix(_)
            | Self::Compare(_)
            | Self::Quit
            | Self::LeftOver => false,
        }
    }

    /// What is typed in it is another: what it finds begins at the top again, and what was wrong is no longer said.
    pub(super) fn edited(&mut self) {
        match self {
            Self::Palette(palette) => palette.selected = 0,
            Self::Note(noting) => noting.mistake = None,
            Self::Export(export) => export.edited(),
            Self::Import(importing) => importing.edited(),
            Self::Lists(lists) => lists.edited(),
            Self::Help(_)
            | Self::Edge(_)
            | Self::Messages(_)
            | Self::Facts(..)
            | Self::Profiles(_)
            | Self::GoTo(_)
            | Self::Find(_)
            | Self::Review(_)
            | Self::Collapse(_)
            | Self::Countdown(_)
            | Self::Matrix(_)
            | Self::Compare(_)
            | Self::Quit
            | Self::LeftOver => {}
        }
    }

    /// The line that is selected or scrolled to.
    pub fn line_mut(&mut self) -> Option<&mut usize> {
        match self {
            Self::Help(line) | Self::Messages(line) | Self::Facts(_, line) | Self::Profiles(line) => Some(line),
            Self::Palette(palette) => Some(&mut palette.selected),
            Self::Review(review) => Some(&mut review.scroll),
            Self::Compare(compare) => Some(&mut compare.scroll),
            Self::Import(importing) => importing.line_mut(),
            Self::Lists(lists) => Some(&mut lists.selected),
            Self::Edge(look) => Some(&mut look.scroll),
            Self::Matrix(matrix) => Some(&mut matrix.row),
            Self::GoTo(_)
            | Self::Find(_)
            | Self::Note(_)
            | Self::Export(_)
            | Self::Collapse(_)
            | Self::Countdown(_)
            | Self::Quit
            | Self::LeftOver => None,
        }
    }
}
