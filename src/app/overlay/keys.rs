//! The keys of all overlays, in a single table. Above a page, an action is available only if the top overlay lists it
//! here; the overlay's footer and the help use the same rows.

use crate::app::action::Action;

/// Actions with their words for the footer, the most useful first. An action without words appears only in the help.
pub type Keys = &'static [(Action, &'static str)];

/// The actions that every overlay accepts in addition to its own.
pub const ALWAYS: Keys = &[
    (Action::Help, ""),
    (Action::Messages, ""),
    (Action::Quit, ""),
    (Action::QuitNow, ""),
    (Action::Repaint, ""),
    (Action::Suspend, ""),
];

/// The keys of an overlay that only displays text.
pub(super) const READING: Keys = &[
    (Action::Up, "up"),
    (Action::Down, "down"),
    (Action::Back, "close"),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];

pub(super) const WHO: Keys = &[
    (Action::CopyPolicy, "copy the missing policy"),
    (Action::Up, "up"),
    (Action::Down, "down"),
    (Action::Back, "close"),
    (Action::Who, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];

pub(super) const MAKER: Keys = &[
    (Action::CopyPolicy, "copy the missing policy"),
    (Action::Up, "up"),
    (Action::Down, "down"),
    (Action::Back, "close"),
    (Action::WhoMade, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];

pub(super) const HELP: Keys = &[
    (Action::Choose, "run"),
    (Action::SearchHelp, "search"),
    (Action::Up, "up"),
    (Action::Down, "down"),
    (Action::Back, "close"),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];
/// The keys of the help during a search: letters are text.
pub(super) const HELP_SEARCH: Keys = &[
    (Action::Choose, "run"),
    (Action::Back, "show all"),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
];
/// What the month's overlay does with Enter unless it is counting.
pub const COUNT: &str = "count";
pub(super) const MONTH: Keys = &[
    (Action::Choose, COUNT),
    (Action::Up, "up"),
    (Action::Down, "down"),
    (Action::Back, "close"),
    (Action::Usage, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];
pub(super) const PALETTE: Keys = &[
    (Action::Choose, "run"),
    (Action::Back, "close"),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
];
pub(super) const TOOLS: Keys = &[
    (Action::Choose, "run"),
    (Action::Back, "close"),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
];
pub(super) const COLUMNS: Keys = &[
    (Action::Choose, "show or hide"),
    (Action::Mark, ""),
    (Action::Back, "close"),
    (Action::Columns, ""),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];
pub(super) const THEMES: Keys = &[
    (Action::Choose, "use it"),
    (Action::Up, "up"),
    (Action::Down, "down"),
    (Action::Back, "back"),
    (Action::Top, ""),
    (Action::Bottom, ""),
];
pub(super) const PROFILES: Keys = &[
    (Action::Choose, "use it"),
    (Action::LogIn, "log in"),
    (Action::Back, "close"),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
];
pub(super) const CODE: Keys = &[(Action::Accept, "enter"), (Action::Leave, "close")];
pub(super) const BROWSER: Keys = &[(Action::CopyLoginUrl, "copy the URL"), (Action::Back, "cancel")];
pub(super) const BROWSER_ENDED: Keys = &[(Action::Choose, "begin again"), (Action::Back, "close")];
pub(super) const GO_TO: Keys = &[
    (Action::Accept, "open"),
    (Action::FindInProfiles, "in all profiles"),
    (Action::Leave, "close"),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
];
pub(super) const PROFILE_SEARCH: Keys = &[
    (Action::Choose, "switch and open"),
    (Action::Refresh, "search again"),
    (Action::Back, "close"),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];
pub(super) const FIND: Keys = &[(Action::Accept, "find"), (Action::Leave, "close")];
pub(super) const NOTE: Keys = &[(Action::Accept, "save"), (Action::Leave, "close")];
pub(super) const EDGE: Keys = &[
    (Action::CheckEdgeAgain, "check again"),
    (Action::Up, "up"),
    (Action::Down, "down"),
    (Action::Back, "close"),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];
pub(super) const COUNTDOWN: Keys = &[(Action::Back, "cancel; the list becomes a draft again")];
pub(super) const REVIEW: Keys = &[
    (Action::Submit, "submit"),
    (Action::ReviewCheckEdge, "check the edge first"),
    (Action::DryRun, "dry run"),
    (Action::WhenDeployed, "when deployed"),
    (Action::ReviewNote, "note"),
    (Action::CopyReviewCommand, "copy as aws command"),
    (Action::Back, "back"),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];
/// The keys of a review while a confirmation has to be typed: letters are text.
pub(super) const REVIEW_TYPING: Keys = &[
    (Action::Submit, "submit"),
    (Action::WhenDeployed, "when deployed"),
    (Action::ReviewNote, "note"),
    (Action::Back, "back"),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
];
/// The keys of a review while its note is typed: none of them sends.
pub(super) const REVIEW_NOTE: Keys = &[(Action::Accept, "keep the note"), (Action::Leave, "as it was")];
/// The keys of the dry run; none of them sends.
pub(super) const DRY_RUN: Keys = &[
    (Action::DryRun, "items"),
    (Action::CopyReviewCommand, "copy as aws command"),
    (Action::Back, "back"),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];
pub(super) const RESEND: Keys = &[
    (Action::Submit, "send again"),
    (Action::Back, "back"),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
];
pub(super) const COLLAPSE: Keys = &[
    (Action::Choose, "use it"),
    (Action::PlanRight, "next plan"),
    (Action::MoreOverreach, "allow more"),
    (Action::LessOverreach, "allow less"),
    (Action::Back, "back"),
    (Action::PlanLeft, ""),
];
/// The keys of a plan that clears everything: its confirmation is typed.
pub(super) const COLLAPSE_TYPING: Keys = &[(Action::Choose, "use it"), (Action::Back, "back")];
pub(super) const MATRIX: Keys = &[
    (Action::Choose, "details"),
    (Action::SendAgain, "send again"),
    (Action::SendAllAgain, "all refused"),
    (Action::CellRight, "next batch"),
    (Action::Back, "close"),
    (Action::CellLeft, ""),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
];
pub(super) const COMPARE: Keys = &[
    (Action::CompareRight, "next part"),
    (Action::CompareToNew, "copy to new"),
    (Action::Down, "down"),
    (Action::Back, "close"),
    (Action::CompareLeft, ""),
    (Action::Up, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];
pub(super) const EXPORT: Keys = &[
    (Action::Accept, "write"),
    (Action::ExportFormat, "JSON or CSV"),
    (Action::Leave, "close"),
];
pub(super) const EXPORT_EXISTS: Keys = &[(Action::Choose, "replace it"), (Action::Back, "back")];
pub(super) const QUIT: Keys = &[
    (Action::Quit, "quit and send at next start"),
    (Action::Discard, "discard and quit"),
    (Action::Back, "stay"),
    (Action::Up, ""),
    (Action::Down, ""),
];
pub(super) const NOT_SAVED: Keys = &[
    (Action::SaveAgain, "try again"),
    (Action::SaveElsewhere, "drafts to a list"),
    (Action::Discard, "quit without saving"),
    (Action::Back, "stay"),
    (Action::Up, ""),
    (Action::Down, ""),
];
/// The keys of the overlay for unfinished work. Enter never sends, because a user who was doing something else may
/// press it.
pub(super) const LEFT_OVER: Keys = &[
    (Action::SendLeftOver, "send now"),
    (Action::Discard, "cancel"),
    (Action::Back, "decide later"),
    (Action::Choose, ""),
    (Action::Up, ""),
    (Action::Down, ""),
];

pub(super) const IMPORT_MENU: Keys = &[
    (Action::Choose, "choose"),
    (Action::Back, "close"),
    (Action::Up, ""),
    (Action::Down, ""),
];
pub(super) const IMPORT_ASK: Keys = &[
    (Action::Accept, "preview"),
    (Action::Complete, "complete the path"),
    (Action::Leave, "back"),
];
pub(super) const IMPORT_PASTE: Keys = &[(Action::Accept, "preview"), (Action::Leave, "back")];
pub(super) const IMPORT_EARLIER: Keys = &[
    (Action::Choose, "preview"),
    (Action::Back, "back"),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
];
pub(super) const IMPORT_WAITING: Keys = &[(Action::Back, "cancel")];
pub(super) const IMPORT_PREVIEW: Keys = &[
    (Action::Choose, "append"),
    (Action::ToggleFolders, ""),
    (Action::ToggleEndings, ""),
    (Action::Down, "down"),
    (Action::Back, "back"),
    (Action::Up, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];

pub(super) const LISTS: Keys = &[
    (Action::Choose, "load"),
    (Action::SaveList, "save"),
    (Action::DeleteList, "delete"),
    (Action::Back, "close"),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
];
/// The keys while there is no list and no name for one.
pub(super) const LISTS_NONE: Keys = &[(Action::Back, "close")];
pub(super) const LISTS_SAVE: Keys = &[
    (Action::Choose, "save"),
    (Action::Back, "close"),
    (Action::SaveList, ""),
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
];
pub(super) const LISTS_EXISTS: Keys = &[
    (Action::Choose, "replace it"),
    (Action::MergeList, "merge into it"),
    (Action::Back, "back"),
];
pub(super) const LISTS_DELETE: Keys = &[(Action::Choose, "delete it"), (Action::Back, "back")];
