//! What an overlay shows and hears: one table. An action acts above a page only if the overlay on top lists it here, and
//! its footer and the help read the same rows.

use super::Overlay;
use super::import::Step;
use super::lists::{Entry, Question};
use crate::app::action::Action;

/// Actions with the words for the footer, the most useful first. One without words is in the help alone.
pub type Keys = &'static [(Action, &'static str)];

/// What every overlay hears besides its own.
pub const ALWAYS: Keys = &[
    (Action::Help, ""),
    (Action::Messages, ""),
    (Action::Quit, ""),
    (Action::QuitNow, ""),
    (Action::Repaint, ""),
    (Action::Suspend, ""),
];

/// A text to read.
const READING: Keys = &[
    (Action::OverlayUp, "up"),
    (Action::OverlayDown, "down"),
    (Action::Back, "close"),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
    (Action::OverlayTop, ""),
    (Action::OverlayBottom, ""),
];

const HELP: Keys = &[
    (Action::Choose, "run"),
    (Action::OverlayUp, "up"),
    (Action::OverlayDown, "down"),
    (Action::Back, "close"),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
    (Action::OverlayTop, ""),
    (Action::OverlayBottom, ""),
];
const PALETTE: Keys = &[
    (Action::Choose, "run"),
    (Action::Back, "close"),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
];
const TOOLS: Keys = &[
    (Action::Choose, "run"),
    (Action::Back, "close"),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
];
const COLUMNS: Keys = &[
    (Action::Choose, "show or hide"),
    (Action::Mark, ""),
    (Action::Back, "close"),
    (Action::Columns, ""),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
    (Action::OverlayTop, ""),
    (Action::OverlayBottom, ""),
];
const THEMES: Keys = &[
    (Action::Choose, "use it"),
    (Action::OverlayUp, "up"),
    (Action::OverlayDown, "down"),
    (Action::Back, "back"),
    (Action::OverlayTop, ""),
    (Action::OverlayBottom, ""),
];
const PROFILES: Keys = &[
    (Action::Choose, "use it"),
    (Action::Back, "close"),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
];
const GO_TO: Keys = &[
    (Action::Accept, "open"),
    (Action::Leave, "close"),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
];
const FIND: Keys = &[(Action::Accept, "find"), (Action::Leave, "close")];
const NOTE: Keys = &[(Action::Accept, "save"), (Action::Leave, "close")];
const EDGE: Keys = &[
    (Action::LookAgain, "check again"),
    (Action::OverlayUp, "up"),
    (Action::OverlayDown, "down"),
    (Action::Back, "close"),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
    (Action::OverlayTop, ""),
    (Action::OverlayBottom, ""),
];
const COUNTDOWN: Keys = &[(Action::Back, "cancel; the list becomes a draft again")];
const REVIEW: Keys = &[
    (Action::Submit, "submit"),
    (Action::ReviewLookAtEdge, "check the edge first"),
    (Action::DryRun, "dry run"),
    (Action::ReviewNote, "note"),
    (Action::CopyReviewCommand, "copy as aws command"),
    (Action::Back, "back"),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
    (Action::OverlayTop, ""),
    (Action::OverlayBottom, ""),
];
/// While something has to be typed letters are text.
const REVIEW_TYPING: Keys = &[
    (Action::Submit, "submit"),
    (Action::ReviewNote, "note"),
    (Action::Back, "back"),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
];
/// It has no key that sends.
const DRY_RUN: Keys = &[
    (Action::DryRun, "items"),
    (Action::CopyReviewCommand, "copy as aws command"),
    (Action::Back, "back"),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
    (Action::OverlayTop, ""),
    (Action::OverlayBottom, ""),
];
const RESEND: Keys = &[
    (Action::Submit, "send again"),
    (Action::Back, "back"),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
];
const COLLAPSE: Keys = &[
    (Action::Choose, "use it"),
    (Action::PlanRight, "next plan"),
    (Action::MoreOverreach, "allow more"),
    (Action::LessOverreach, "allow less"),
    (Action::Back, "back"),
    (Action::PlanLeft, ""),
];
const MATRIX: Keys = &[
    (Action::Choose, "details"),
    (Action::SendAgain, "send again"),
    (Action::SendAllAgain, "all refused"),
    (Action::CellRight, "next batch"),
    (Action::Back, "close"),
    (Action::CellLeft, ""),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
];
const COMPARE: Keys = &[
    (Action::CompareRight, "next part"),
    (Action::CompareToNew, "copy to new"),
    (Action::OverlayDown, "down"),
    (Action::Back, "close"),
    (Action::CompareLeft, ""),
    (Action::OverlayUp, ""),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
    (Action::OverlayTop, ""),
    (Action::OverlayBottom, ""),
];
const EXPORT: Keys = &[
    (Action::Accept, "write"),
    (Action::ExportFormat, "JSON or CSV"),
    (Action::Leave, "close"),
];
const EXPORT_EXISTS: Keys = &[(Action::Choose, "replace it"), (Action::Back, "back")];
const QUIT: Keys = &[
    (Action::Quit, "quit and send at next start"),
    (Action::Discard, "discard and quit"),
    (Action::Back, "stay"),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
];
const NOT_SAVED: Keys = &[
    (Action::SaveAgain, "try again"),
    (Action::SaveElsewhere, "drafts to a list"),
    (Action::Discard, "quit without saving"),
    (Action::Back, "stay"),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
];
/// Enter never sends: it is what somebody may press who was doing something else.
const LEFT_OVER: Keys = &[
    (Action::SendLeftOver, "send now"),
    (Action::Discard, "cancel"),
    (Action::Back, "decide later"),
    (Action::Choose, ""),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
];

const IMPORT_MENU: Keys = &[
    (Action::Choose, "choose"),
    (Action::Back, "close"),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
];
const IMPORT_ASK: Keys = &[
    (Action::Accept, "preview"),
    (Action::Complete, "complete the path"),
    (Action::Leave, "back"),
];
const IMPORT_PASTE: Keys = &[(Action::Accept, "preview"), (Action::Leave, "back")];
const IMPORT_EARLIER: Keys = &[
    (Action::Choose, "preview"),
    (Action::Back, "back"),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
];
const IMPORT_WAITING: Keys = &[(Action::Back, "cancel")];
const IMPORT_PREVIEW: Keys = &[
    (Action::Choose, "append"),
    (Action::ToggleFolders, ""),
    (Action::ToggleEndings, ""),
    (Action::OverlayDown, "down"),
    (Action::Back, "back"),
    (Action::OverlayUp, ""),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
    (Action::OverlayTop, ""),
    (Action::OverlayBottom, ""),
];

const LISTS: Keys = &[
    (Action::Choose, "load"),
    (Action::SaveList, "save"),
    (Action::DeleteList, "delete"),
    (Action::Back, "close"),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
];
const LISTS_SAVE: Keys = &[
    (Action::Choose, "save"),
    (Action::Back, "close"),
    (Action::SaveList, ""),
    (Action::OverlayUp, ""),
    (Action::OverlayDown, ""),
    (Action::OverlayPageUp, ""),
    (Action::OverlayPageDown, ""),
];
const LISTS_EXISTS: Keys = &[
    (Action::Choose, "replace it"),
    (Action::MergeList, "merge into it"),
    (Action::Back, "back"),
];
const LISTS_DELETE: Keys = &[(Action::Choose, "delete it"), (Action::Back, "back")];

impl Overlay {
    /// The actions that the overlay shows and accepts in its present state.
    #[must_use]
    pub fn keys(&self) -> Keys {
        match self {
            Self::Help(_) => HELP,
            Self::Messages | Self::Facts(_) => READING,
            Self::Profiles(_) => PROFILES,
            Self::Tools(_) => TOOLS,
            Self::Columns(_) => COLUMNS,
            Self::Themes(_) => THEMES,
            Self::Palette(_) => PALETTE,
            Self::GoTo(_) => GO_TO,
            Self::Find(_) => FIND,
            Self::Edge(_) => EDGE,
            Self::Countdown => COUNTDOWN,
            Self::Review(review) if review.confirmation.is_some() => REVIEW_TYPING,
            Self::Review(_) => REVIEW,
            Self::DryRun => DRY_RUN,
            Self::Resend(_) => RESEND,
            Self::Collapse(_) => COLLAPSE,
            Self::Matrix(_) => MATRIX,
            Self::Compare(_) => COMPARE,
            Self::Export(export) if export.is_field() => EXPORT,
            Self::Export(_) => EXPORT_EXISTS,
            Self::Note(_) => NOTE,
            Self::Import(importing) => match importing.step {
                Step::Menu(_) => IMPORT_MENU,
                Step::Ask(_) => IMPORT_ASK,
                Step::Paste(_) => IMPORT_PASTE,
                Step::Earlier(_) => IMPORT_EARLIER,
                Step::Waiting(..) => IMPORT_WAITING,
                Step::Preview(_) => IMPORT_PREVIEW,
            },
            Self::Lists(lists) => match (&lists.question, lists.selected_entry()) {
                (Some(Question::Exists(_)), _) => LISTS_EXISTS,
                (Some(Question::Delete(_)), _) => LISTS_DELETE,
                (None, Some(Entry::SaveAs(_))) => LISTS_SAVE,
                (None, _) => LISTS,
            },
            Self::Quit(_) => QUIT,
            Self::NotSaved => NOT_SAVED,
            Self::LeftOver(_) => LEFT_OVER,
        }
    }

    /// Its name, above its keys in the help.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            Self::Help(_) => "Help",
            Self::Messages => "Messages",
            Self::Facts(_) => "Details of a distribution",
            Self::Profiles(_) => "Profiles",
            Self::Tools(_) => "Tools",
            Self::Columns(_) => "Columns",
            Self::Themes(_) => "Themes",
            Self::Palette(_) => "Actions",
            Self::GoTo(_) => "Open",
            Self::Find(_) => "Find",
            Self::Edge(_) => "At the edge",
            Self::Countdown => "Sending",
            Self::Review(_) => "Review",
            Self::DryRun => "Dry run",
            Self::Resend(_) => "Send again",
            Self::Collapse(_) => "Collapse",
            Self::Matrix(_) => "Job",
            Self::Compare(_) => "Compare",
            Self::Export(_) => "Export",
            Self::Note(_) => "Note",
            Self::Import(_) => "Import",
            Self::Lists(_) => "Saved lists",
            Self::Quit(_) => "Quit?",
            Self::NotSaved => "Quit without saving?",
            Self::LeftOver(_) => "Left by an earlier run",
        }
    }
}
