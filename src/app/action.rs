//! The table of all actions, from which the key map, the footer, the help, the palette and `docs/keys.md` are
//! generated. The rows are in the order of the help.

/// Defines the scopes from a table of names and headings, in the order of the help.
macro_rules! scopes {
    ($($(#[$doc:meta])* $name:ident $title:literal,)*) => {
        /// The scope in which a key works. The scope of the top overlay or page takes precedence over scopes that
        /// several overlays or pages share.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Scope {
            $($(#[$doc])* $name,)*
        }

        impl Scope {
            /// Returns the scope's heading in the help and in `docs/keys.md`.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)*
                }
            }

            /// All scopes, in the order of the help.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
        }
    };
}

scopes! {
    /// Every page.
    Everywhere "Everywhere",
    /// Every page with a table.
    Tables "Tables",
    /// The distributions page while there are no credentials.
    Unconnected "Without credentials",
    /// The distributions page.
    Distributions "Distributions",
    /// The tenants page.
    Tenants "Tenants",
    /// The invalidations page, of one target or of all.
    Invalidations "Invalidations",
    /// The details page of one invalidation.
    Details "Details",
    /// The history page, where the scope of the invalidations page also applies.
    History "History",
    /// The comparison overlay.
    Compare "Compare",
    /// The overlay that exports the history.
    Export "Export",
    /// The composer: a text editor.
    Composer "Composer",
    /// The import preview.
    Import "Import",
    /// The saved-lists overlay.
    Lists "Saved lists",
    /// The job overlay.
    Job "Job: target by batch",
    /// The review overlay.
    Review "Review",
    /// An overlay with a list to choose from, or with text to read.
    Overlay "Overlays",
    /// A one-line text field.
    Field "Text fields",
}

/// A row of the table of actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The action.
    pub action: Action,
    /// The stable name in the configuration and in `assets/keymap.toml`.
    pub id: &'static str,
    /// Two or three words for the footer; empty means it never appears in the footer.
    pub hint: &'static str,
    /// The description for the help and the palette.
    pub help: &'static str,
    /// The scope in which the action's keys work.
    pub scope: Scope,
    /// The rank of the hint: in a narrow footer, hints with higher numbers are dropped first.
    pub rank: u8,
    /// How consequential the action is. If it is `Final`, it cannot be run from a list that covers what it affects.
    pub weight: Weight,
}

impl Entry {
    /// Returns whether this is the action that the user most likely wants next in its scope. Its hint comes first.
    #[must_use]
    pub fn is_main(&self) -> bool {
        self.rank == 1 && self.scope != Scope::Everywhere
    }
}

/// How consequential an action is. Each action states its weight explicitly, so that a new action cannot be
/// forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// The action only displays, opens or arranges something, or can be undone in place.
    Harmless,
    /// The action sends, replaces or discards something, so the user must see what it affects.
    Final,
}

/// Defines the actions from a table of rows, grouped by scope: name, id, rank, weight, hint and help. An action that
/// works in several scopes has a row in each. The first row defines the action; the others follow after the semicolon.
macro_rules! actions {
    (
        $($scope:ident { $($name:ident $id:literal $rank:literal $weight:ident $hint:literal $help:literal;)* })*
        ;
        $($also:ident { $($same:ident $as:literal $rank2:literal $weight2:ident $hint2:literal $help2:literal;)* })*
    ) => {
        /// An action that the user can bind to a key.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[doc = $help] $name,)*)*
        }

        /// The table of all actions: first one row for each action, then the rows for additional scopes.
        pub const ACTIONS: &[Entry] = &[
            $($(Entry { action: Action::$name, id: $id, hint: $hint, help: $help, scope: Scope::$scope, rank: $rank, weight: Weight::$weight },)*)*
            $($(Entry { action: Action::$same, id: $as, hint: $hint2, help: $help2, scope: Scope::$also, rank: $rank2, weight: Weight::$weight2 },)*)*
        ];
    };
}

actions! {
    Everywhere {
        Help "help" 1 Harmless "help" "Show the keys for this screen";
        Palette "palette" 8 Harmless "" "Find an action by name";
        Back "back" 9 Harmless "" "Close or go back";
        Quit "quit" 2 Harmless "quit" "Go back; at the top, quit";
        QuitNow "quit-now" 9 Final "" "Quit";
        GoDistributions "go-distributions" 9 Harmless "" "Show the distributions";
        GoInvalidations "go-invalidations" 9 Harmless "" "Show the invalidations of all targets";
        GoHistory "go-history" 9 Harmless "" "Show everything sent from this machine";
        GoTo "go-to" 9 Harmless "" "Open a target, page or profile by name, id, alias or URL";
        Profiles "profiles" 9 Harmless "" "Switch to another profile";
        LogIn "log-in" 9 Harmless "" "Log in to the profile in this terminal";
        Who "who" 9 Harmless "" "Show your account, identity, credential source and permissions";
        Messages "messages" 9 Harmless "" "Show the messages";
        Usage "usage" 6 Harmless "usage" "Count the paths invalidated this month, by anyone";
        Refresh "refresh" 7 Harmless "refresh" "Refresh from CloudFront";
        Repaint "repaint" 9 Harmless "" "Redraw the whole screen";
        Theme "theme" 9 Harmless "" "Choose the color theme";
        Mouse "mouse" 9 Harmless "" "Switch the mouse on or off";
        Suspend "suspend" 9 Harmless "" "Suspend (fg to resume)";
    }
    Tables {
        Up "up" 9 Harmless "" "One row up";
        Down "down" 9 Harmless "" "One row down";
        Top "top" 9 Harmless "" "First row";
        Bottom "bottom" 9 Harmless "" "Last row";
        PageUp "page-up" 9 Harmless "" "One page up";
        PageDown "page-down" 9 Harmless "" "One page down";
        Filter "filter" 5 Harmless "filter" "Filter the rows by word, !word, column:word or /regex/";
        Sort "sort" 6 Harmless "sort" "Sort by the next column";
        SortReverse "sort-reverse" 9 Harmless "" "Reverse the sort order";
        Columns "columns" 9 Harmless "" "Choose the columns";
        Mark "mark" 4 Harmless "mark" "Mark or unmark the row";
        MarkAll "mark-all" 9 Harmless "" "Mark or unmark all rows shown";
        Repeat "repeat" 3 Harmless "review, send again" "Review the selected invalidation, or the target's last one, and send it again";
        Times "times" 9 Harmless "" "Show times as local, UTC or relative";
        CopyPolicy "copy-policy" 2 Harmless "copy policy" "Copy the missing policy statement";
        CopyId "copy-id" 7 Harmless "copy id" "Copy the id to the clipboard";
    }
    Unconnected {
        OpenDemo "open-demo" 3 Final "demo" "Quit and open the demo (CloudFront emulator)";
    }
    Distributions {
        OpenInvalidations "open-invalidations" 2 Harmless "open" "Show the invalidations of the selected distribution";
        Invalidate "invalidate" 1 Harmless "invalidate" "Compose an invalidation for the marked targets, or for the selected distribution";
        InvalidateAllTenants "invalidate-all-tenants" 9 Harmless "" "Compose one invalidation for all tenants of a multi-tenant distribution";
        OpenTenants "open-tenants" 3 Harmless "tenants" "Show the tenants of a multi-tenant distribution";
        Favorite "favorite" 6 Harmless "pin" "Pin or unpin the distribution";
        Describe "describe" 6 Harmless "details" "Show the details of the distribution";
    }
    Invalidations {
        OpenDetails "open-details" 2 Harmless "details" "Show every item and detail of the selected invalidation";
        CopyToNew "copy-to-new" 3 Harmless "edit a copy" "Compose a new invalidation with the same items";
        InvalidateHere "invalidate-here" 1 Harmless "invalidate" "Compose an invalidation for this target";
        CheckEdge "check-edge" 5 Harmless "check the edge" "Check whether the edge serves this invalidation's URLs fresh or stale";
        WhoMade "who-made" 7 Harmless "who" "Look up in CloudTrail who created this invalidation";
        EditNote "note" 6 Harmless "note" "Add or edit the note";
        Compare "compare" 6 Harmless "compare" "Compare the items of two marked rows, or of the marked and the selected row";
        RetryNow "retry-now" 4 Final "retry now" "Send a waiting submission now, with the same reference";
        Cancel "cancel" 5 Final "cancel" "Cancel an unsent submission";
        EditResend "edit-resend" 3 Harmless "edit and resend" "Edit a refused or cancelled batch, and send it under a new reference";
        OpenMatrix "open-matrix" 4 Harmless "job" "Show all targets and batches of the job";
    }
    Details {
        CopyReference "copy-reference" 5 Harmless "copy CallerReference" "Copy the CallerReference to the clipboard";
        CopyCommand "copy-command" 4 Harmless "copy as aws command" "Copy the equivalent aws command to the clipboard";
        CopyConsoleLink "copy-console-link" 8 Harmless "" "Copy the invalidation's AWS console URL to the clipboard";
    }
    History {
        Export "export" 5 Harmless "export" "Export the filtered rows to a JSON or CSV file";
    }
    Compare {
        CompareLeft "compare-left" 9 Harmless "" "Show the previous part";
        CompareRight "compare-right" 9 Harmless "" "Show the next part";
        CompareToNew "compare-to-new" 2 Harmless "edit a copy" "Compose a new invalidation with the items shown";
    }
    Export {
        ExportFormat "export-format" 2 Harmless "JSON or CSV" "Choose the other format";
    }
    Composer {
        Review "review" 1 Harmless "review" "Review what will be sent, then submit";
        FixSafe "fix" 2 Harmless "fix" "Apply all safe fixes";
        Tools "tools" 3 Harmless "tools" "Show all composer tools, one letter each";
        TakeOffer "take-offer" 9 Harmless "" "Apply this line's suggestion, even if it clears more or less";
        SwitchTarget "switch-target" 3 Harmless "switch" "Move lines that belong to another distribution to its draft, and continue there";
        AddTwin "add-twin" 3 Harmless "add staging" "Also send the list to the staging distribution, which has its own cache";
        KeepLine "keep-line" 6 Harmless "keep line" "Keep or skip a covered line";
        NextProblem "next-problem" 4 Harmless "next problem" "Go to the next line with a problem";
        Import "import" 4 Harmless "import" "Append lines from a file, the clipboard, git, a sitemap…";
        Lists "lists" 5 Harmless "lists" "Load a saved list, or save this one";
        ExternalEditor "external-editor" 5 Harmless "editor" "Edit the list in $VISUAL or $EDITOR";
        ToggleComment "toggle-comment" 8 Harmless "" "Comment or uncomment the line";
        Collapse "collapse" 7 Harmless "collapse" "Compare three ways to send fewer items, by price and by what else they clear";
        SortLines "sort-lines" 8 Harmless "" "Sort the lines";
        Complete "complete" 3 Harmless "suggestion" "Accept the completion at the cursor, or this line's suggestion; in an empty list, review the items sent last";
        Undo "undo" 7 Harmless "" "Undo";
        Redo "redo" 7 Harmless "" "Redo";
        Find "find" 9 Harmless "" "Find text in the list";
        FindNext "find-next" 9 Harmless "" "Find the next match";
        SelectAll "select-all" 9 Harmless "" "Select everything";
        CopyText "copy-text" 9 Harmless "" "Copy the selection or the line";
        CutText "cut-text" 9 Harmless "" "Cut the selection or the line";
        ClearDraft "clear-draft" 9 Final "" "Clear the draft (can be undone)";
        NextDraft "next-draft" 4 Harmless "other draft" "Show the next draft of the same target";
    }
    Import {
        ToggleFolders "toggle-folders" 2 Harmless "folder names" "Add /x/, /x and /x/index.html together";
        ToggleEndings "toggle-endings" 3 Harmless ".html names" "Add /x and /x.html together";
    }
    Lists {
        SaveList "save-list" 2 Final "save" "Save the current lines under this name";
        MergeList "merge-list" 3 Final "merge" "Append the missing lines to the list";
        DeleteList "delete-list" 4 Final "delete" "Delete the selected list";
    }
    Job {
        CellLeft "cell-left" 9 Harmless "" "One batch to the left";
        CellRight "cell-right" 9 Harmless "" "One batch to the right";
        SendAgain "send-again" 2 Final "send again" "Send the selected batch again, under a new reference unless it is still waiting";
        SendAllAgain "send-all-again" 3 Final "all refused" "Send every refused batch again, each under a new reference";
    }
    Review {
        Submit "submit" 1 Final "submit" "Submit";
        DryRun "dry-run" 2 Harmless "dry run" "Show the request that would be sent, without sending it";
        ReviewCheckEdge "review-check-edge" 4 Harmless "check the edge" "Check the edge before sending, to compare afterwards";
        WhenDeployed "when-deployed" 3 Harmless "when deployed" "If a target is being deployed, wait until it is Deployed before sending";
        ReviewNote "review-note" 5 Harmless "note" "Add a note saying why you are invalidating";
        CopyReviewCommand "copy-review-command" 3 Harmless "copy as aws command" "Copy the equivalent aws command to the clipboard";
    }
    Overlay {
        Choose "choose" 1 Final "choose" "Choose the selected line";
        CheckEdgeAgain "check-edge-again" 1 Harmless "check again" "Check the edge again";
        FindInProfiles "find-in-profiles" 2 Harmless "in all profiles" "Open: find the target in the accounts of all profiles";
        CopyLoginUrl "copy-login-url" 1 Harmless "copy the URL" "Log in: copy the URL to open in a browser";
        SearchHelp "search-help" 3 Harmless "search" "Help: search the keys and actions";
        PlanLeft "plan-left" 9 Harmless "" "Collapse: the plan to the left";
        PlanRight "plan-right" 9 Harmless "" "Collapse: the plan to the right";
        MoreOverreach "more-overreach" 9 Harmless "" "Collapse: let the bounded plan clear more extra objects";
        LessOverreach "less-overreach" 9 Harmless "" "Collapse: let the bounded plan clear fewer extra objects";
        SendLeftOver "send-left-over" 1 Final "send now" "Send the unsent invalidations from an earlier run, with the same CallerReference";
        Discard "discard" 2 Final "discard" "Cancel everything listed, or quit without saving";
        SaveAgain "save-again" 1 Harmless "try again" "Try saving again, then quit";
        SaveElsewhere "save-elsewhere" 3 Harmless "save as lists" "Save the unsaved drafts as lists";
    }
    Field {
        Accept "accept" 1 Final "accept" "Accept the text";
        Leave "leave" 2 Harmless "leave" "Close the field and clear any filter";
    }
    ;
    Tenants {
        OpenInvalidations "open-tenant" 2 Harmless "open" "Show the invalidations of the selected tenant";
        Invalidate "invalidate-tenants" 1 Harmless "invalidate" "Compose an invalidation for the marked targets, or for the selected tenant";
        InvalidateAllTenants "invalidate-shown-tenants" 6 Harmless "all tenants" "Compose one invalidation for all tenants that match the filter, after loading every page";
        Favorite "favorite-tenant" 6 Harmless "pin" "Pin or unpin the tenant";
    }
    Details {
        InvalidateHere "details-invalidate" 1 Harmless "invalidate" "Compose an invalidation for this target";
        CheckEdge "details-check-edge" 4 Harmless "check the edge" "Check whether the edge serves this invalidation's URLs fresh or stale";
        WhoMade "details-who-made" 7 Harmless "who" "Look up in CloudTrail who created this invalidation";
        EditNote "details-note" 6 Harmless "note" "Add or edit the note";
        CopyToNew "copy-details-to-new" 3 Harmless "edit a copy" "Compose a new invalidation with the same items";
        EditResend "edit-details-resend" 3 Harmless "edit and resend" "Edit a refused or cancelled batch, and send it under a new reference";
        OpenMatrix "open-details-matrix" 4 Harmless "job" "Show all targets and batches of the job";
    }
    Overlay {
        Up "overlay-up" 9 Harmless "" "One line up";
        Down "overlay-down" 9 Harmless "" "One line down";
        PageUp "overlay-page-up" 9 Harmless "" "One page up";
        PageDown "overlay-page-down" 9 Harmless "" "One page down";
        Top "overlay-top" 9 Harmless "" "First line";
        Bottom "overlay-bottom" 9 Harmless "" "Last line";
    }
}

impl Action {
    /// Returns the action's first row in the table. Every action has one, because both are generated from the same
    /// rows.
    #[must_use]
    pub fn entry(self) -> &'static Entry {
        // The table starts with one row for each variant, in the order of the variants.
        &ACTIONS[self as usize]
    }

    /// Returns the action's row in the first of these scopes that has one, or else the action's first row.
    #[must_use]
    pub fn entry_in(self, scopes: &[Scope]) -> &'static Entry {
        let in_scope = |scope: &Scope| {
            ACTIONS
                .iter()
                .find(|entry| entry.action == self && entry.scope == *scope)
        };
        scopes.iter().find_map(in_scope).unwrap_or(self.entry())
    }
}

/// Ids from earlier versions, with their current equivalents. A configuration can use either.
const ALIASES: &[(&str, &str)] = &[
    ("details-look-at-edge", "details-check-edge"),
    ("favourite", "favorite"),
    ("favourite-tenant", "favorite-tenant"),
    ("look-again", "check-edge-again"),
    ("look-at-edge", "check-edge"),
    ("review-look-at-edge", "review-check-edge"),
];

/// Returns the row with this id, which may be an id from an earlier version.
#[must_use]
pub fn entry_with_id(id: &str) -> Option<&'static Entry> {
    let alias = ALIASES.iter().find(|(old, _)| *old == id);
    let id = alias.map_or(id, |(_, id)| id);
    ACTIONS.iter().find(|entry| entry.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_unique_plain_and_found_again() {
        let ids: BTreeSet<_> = ACTIONS.iter().map(|entry| entry.id).collect();
        assert_eq!(ids.len(), ACTIONS.len());
        for entry in ACTIONS {
            assert!(
                entry.id.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
                "{}",
                entry.id
            );
            assert_eq!(entry_with_id(entry.id), Some(entry));
            assert_eq!(entry.action.entry().action, entry.action);
            assert_eq!(entry.action.entry_in(&[entry.scope]), entry);
        }
    }

    #[test]
    fn ids_of_earlier_versions_are_still_known_and_none_means_two_things() {
        for (old, id) in ALIASES {
            assert!(ACTIONS.iter().all(|entry| entry.id != *old), "{old}");
            assert_eq!(entry_with_id(old).map(|entry| entry.id), Some(*id));
        }
    }

    #[test]
    fn every_action_says_what_it_does_in_one_line() {
        for entry in ACTIONS {
            assert!(!entry.help.is_empty() && !entry.help.ends_with('.'), "{}", entry.id);
        }
    }
}
