//! The keys of all overlays, in a single table. While an overlay is open, an action is available only if the top
//! overlay lists it here. The overlay's footer and the help use the same rows.

use crate::app::action::Action;

/// An action with its word for the footer. An action without a word appears only in the help.
pub type KeyRow = (Action, &'static str);

/// What an overlay shows and accepts in one of its states.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys {
    own: &'static [KeyRow],
    moves: &'static [KeyRow],
    /// What typed letters mean in this state.
    pub letters: Letters,
}

/// What a typed letter means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Letters {
    /// A letter is a key.
    #[default]
    Keys,
    /// A letter is text in a field.
    Text,
    /// A letter is text that confirms something dangerous before it is sent.
    Confirmation,
}

impl Keys {
    const fn typing(self, letters: Letters) -> Self {
        Self { letters, ..self }
    }

    /// Returns the actions, the most useful first.
    pub fn rows(self) -> impl Iterator<Item = KeyRow> {
        self.own.iter().chain(self.moves).copied()
    }

    /// Returns whether letters are text.
    #[must_use]
    pub fn is_text(self) -> bool {
        self.letters != Letters::Keys
    }

    /// Returns whether one of the keys sends something. Such a key works only once the user has seen the overlay.
    #[must_use]
    pub fn sends(self) -> bool {
        let sends = |action| matches!(action, Action::Submit | Action::SendLeftOver);
        self.rows().any(|(action, _)| sends(action))
    }
}

const fn keys(own: &'static [KeyRow], moves: &'static [KeyRow]) -> Keys {
    let letters = Letters::Keys;
    Keys { own, moves, letters }
}

/// Returns the keys of a state in which letters are text.
const fn field(own: &'static [KeyRow], moves: &'static [KeyRow]) -> Keys {
    keys(own, moves).typing(Letters::Text)
}

/// The actions that every overlay accepts in addition to its own.
pub const ALWAYS: [Action; 6] = [
    Action::Help,
    Action::Messages,
    Action::Quit,
    Action::QuitNow,
    Action::Repaint,
    Action::Suspend,
];

/// Keys that scroll read-only text.
const READ: &[KeyRow] = &[
    (Action::Up, "up"),
    (Action::Down, "down"),
    (Action::Back, "close"),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];
/// Keys that move through a few lines.
const STEPS: &[KeyRow] = &[(Action::Up, ""), (Action::Down, "")];
/// Keys that move through lines that all fit on the screen.
const SHORT: &[KeyRow] = &[
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];
/// Keys that move through lines above or below a field, which keeps Home and End for its own text.
const LINES: &[KeyRow] = &[
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
];
/// Keys that move through lines. A key that the overlay lists with a word of its own keeps that word.
const ALL: &[KeyRow] = &[
    (Action::Up, ""),
    (Action::Down, ""),
    (Action::PageUp, ""),
    (Action::PageDown, ""),
    (Action::Top, ""),
    (Action::Bottom, ""),
];

/// The keys of an overlay that only displays text.
pub(super) const READING: Keys = keys(&[], READ);
pub(super) const WHO: Keys = keys(
    &[(Action::CopyPolicy, "copy the missing policy"), (Action::Who, "")],
    READ,
);

pub(super) const MAKER: Keys = keys(
    &[(Action::CopyPolicy, "copy the missing policy"), (Action::WhoMade, "")],
    READ,
);

pub(super) const HELP: Keys = keys(&[(Action::Choose, "run"), (Action::SearchHelp, "search")], READ);
/// The keys of the help during a search, when letters are text.
pub(super) const HELP_SEARCH: Keys = field(&[(Action::Choose, "run"), (Action::Back, "show all")], LINES);
/// The footer's word for Enter in the month overlay, unless it is already counting.
pub const COUNT: &str = "count";
pub(super) const MONTH: Keys = keys(&[(Action::Choose, COUNT), (Action::Usage, "")], READ);
pub(super) const PALETTE: Keys = field(&[(Action::Choose, "run"), (Action::Back, "close")], LINES);
pub(super) const TOOLS: Keys = field(&[(Action::Choose, "run"), (Action::Back, "close")], LINES);
pub(super) const COLUMNS: Keys = keys(
    &[
        (Action::Choose, "show or hide"),
        (Action::Mark, ""),
        (Action::Back, "close"),
        (Action::Columns, ""),
    ],
    SHORT,
);
pub(super) const THEMES: Keys = keys(
    &[
        (Action::Choose, "use it"),
        (Action::Up, "up"),
        (Action::Down, "down"),
        (Action::Back, "back"),
        (Action::Top, ""),
        (Action::Bottom, ""),
    ],
    &[],
);
pub(super) const PROFILES: Keys = field(
    &[
        (Action::Choose, "use it"),
        (Action::LogIn, "log in"),
        (Action::Back, "close"),
    ],
    LINES,
);
pub(super) const CODE: Keys = field(&[(Action::Accept, "enter"), (Action::Leave, "close")], &[]);
pub(super) const BROWSER: Keys = keys(&[(Action::CopyLoginUrl, "copy the URL"), (Action::Back, "cancel")], &[]);
pub(super) const BROWSER_ENDED: Keys = keys(&[(Action::Choose, "start over"), (Action::Back, "close")], &[]);
pub(super) const GO_TO: Keys = field(
    &[
        (Action::Accept, "open"),
        (Action::FindInProfiles, "in all profiles"),
        (Action::Leave, "close"),
    ],
    LINES,
);
pub(super) const PROFILE_SEARCH: Keys = keys(
    &[
        (Action::Choose, "switch and open"),
        (Action::Refresh, "search again"),
        (Action::Back, "close"),
    ],
    ALL,
);
pub(super) const FIND: Keys = field(&[(Action::Accept, "find"), (Action::Leave, "close")], &[]);
pub(super) const NOTE: Keys = field(&[(Action::Accept, "save"), (Action::Leave, "close")], &[]);
pub(super) const EDGE: Keys = keys(&[(Action::CheckEdgeAgain, "check again")], READ);
pub(super) const COUNTDOWN: Keys = keys(&[(Action::Back, "cancel; the list becomes a draft again")], &[]);
pub(super) const REVIEW: Keys = keys(
    &[
        (Action::Submit, "submit"),
        (Action::ReviewCheckEdge, "check the edge first"),
        (Action::DryRun, "dry run"),
        (Action::WhenDeployed, "when deployed"),
        (Action::ReviewNote, "note"),
        (Action::CopyReviewCommand, "copy as aws command"),
        (Action::Back, "back"),
    ],
    ALL,
);
/// The keys of a review while a confirmation has to be typed, when letters are text.
pub(super) const REVIEW_TYPING: Keys = keys(
    &[
        (Action::Submit, "submit"),
        (Action::WhenDeployed, "when deployed"),
        (Action::ReviewNote, "note"),
        (Action::Back, "back"),
    ],
    LINES,
)
.typing(Letters::Confirmation);
/// The keys of a review while its note is being typed; none of them sends anything.
pub(super) const REVIEW_NOTE: Keys = field(&[(Action::Accept, "keep the note"), (Action::Leave, "revert")], &[]);
/// The keys of the dry run; none of them sends anything.
pub(super) const DRY_RUN: Keys = keys(
    &[
        (Action::DryRun, "items"),
        (Action::CopyReviewCommand, "copy as aws command"),
        (Action::Back, "back"),
    ],
    ALL,
);
pub(super) const RESEND: Keys = keys(&[(Action::Submit, "send again"), (Action::Back, "back")], LINES);
/// The keys of a resend while a confirmation has to be typed.
pub(super) const RESEND_TYPING: Keys = RESEND.typing(Letters::Confirmation);
pub(super) const COLLAPSE: Keys = keys(
    &[
        (Action::Choose, "use it"),
        (Action::PlanRight, "next plan"),
        (Action::MoreOverreach, "allow more"),
        (Action::LessOverreach, "allow less"),
        (Action::Back, "back"),
        (Action::PlanLeft, ""),
    ],
    &[],
);
/// The keys of a plan that clears everything, whose confirmation has to be typed.
pub(super) const COLLAPSE_TYPING: Keys =
    keys(&[(Action::Choose, "use it"), (Action::Back, "back")], &[]).typing(Letters::Confirmation);
pub(super) const MATRIX: Keys = keys(
    &[
        (Action::Choose, "details"),
        (Action::SendAgain, "send again"),
        (Action::SendAllAgain, "all refused"),
        (Action::CellRight, "next batch"),
        (Action::Back, "close"),
        (Action::CellLeft, ""),
    ],
    LINES,
);
pub(super) const COMPARE: Keys = keys(
    &[
        (Action::CompareRight, "next part"),
        (Action::CompareToNew, "copy to new"),
        (Action::Down, "down"),
        (Action::Back, "close"),
        (Action::CompareLeft, ""),
    ],
    ALL,
);
pub(super) const EXPORT: Keys = field(
    &[
        (Action::Accept, "write"),
        (Action::ExportFormat, "JSON or CSV"),
        (Action::Leave, "close"),
    ],
    &[],
);
pub(super) const EXPORT_EXISTS: Keys = keys(&[(Action::Choose, "replace it"), (Action::Back, "back")], &[]);
pub(super) const QUIT: Keys = keys(
    &[
        (Action::Quit, "quit and send at next start"),
        (Action::Discard, "discard and quit"),
        (Action::Back, "stay"),
    ],
    STEPS,
);
pub(super) const NOT_SAVED: Keys = keys(
    &[
        (Action::SaveAgain, "try again"),
        (Action::SaveElsewhere, "save as lists"),
        (Action::Discard, "quit without saving"),
        (Action::Back, "stay"),
    ],
    STEPS,
);
/// The keys of the overlay for unfinished work. Enter never sends, because a user in the middle of something else may
/// press it.
pub(super) const LEFT_OVER: Keys = keys(
    &[
        (Action::SendLeftOver, "send now"),
        (Action::Discard, "cancel"),
        (Action::Back, "decide later"),
        (Action::Choose, ""),
    ],
    STEPS,
);

pub(super) const IMPORT_MENU: Keys = keys(&[(Action::Choose, "choose"), (Action::Back, "close")], STEPS);
pub(super) const IMPORT_ASK: Keys = field(
    &[
        (Action::Accept, "preview"),
        (Action::Complete, "complete the path"),
        (Action::Leave, "back"),
    ],
    &[],
);
pub(super) const IMPORT_PASTE: Keys = field(&[(Action::Accept, "preview"), (Action::Leave, "back")], &[]);
pub(super) const IMPORT_EARLIER: Keys = field(&[(Action::Choose, "preview"), (Action::Back, "back")], LINES);
pub(super) const IMPORT_WAITING: Keys = keys(&[(Action::Back, "cancel")], &[]);
pub(super) const IMPORT_PREVIEW: Keys = keys(
    &[
        (Action::Choose, "append"),
        (Action::ToggleFolders, ""),
        (Action::ToggleEndings, ""),
        (Action::Down, "down"),
        (Action::Back, "back"),
    ],
    ALL,
);

pub(super) const LISTS: Keys = field(
    &[
        (Action::Choose, "load"),
        (Action::SaveList, "save"),
        (Action::DeleteList, "delete"),
        (Action::Back, "close"),
    ],
    LINES,
);
/// The keys when there are no lists and no name has been typed for a new one.
pub(super) const LISTS_NONE: Keys = field(&[(Action::Back, "close")], &[]);
pub(super) const LISTS_SAVE: Keys = field(
    &[
        (Action::Choose, "save"),
        (Action::Back, "close"),
        (Action::SaveList, ""),
    ],
    LINES,
);
pub(super) const LISTS_EXISTS: Keys = keys(
    &[
        (Action::Choose, "replace it"),
        (Action::MergeList, "append them"),
        (Action::Back, "back"),
    ],
    &[],
);
pub(super) const LISTS_DELETE: Keys = keys(&[(Action::Choose, "delete it"), (Action::Back, "back")], &[]);
