//! Snapshots of the history page and its overlays.

use invalidash::domain::distribution::{AccountId, DistributionId, Target};
use invalidash::domain::invalidation::InvalidationId;
use invalidash::domain::record::{Counts, RecordPage};
use invalidash::domain::submission::{Scope, State, Submission};
use invalidash::engine::effect::LedgerContents;
use invalidash::engine::pending::{ExportRequest, LedgerRequest};

use super::scenes::{Named, front, ledger};
use crate::support::samples::{
    HOSTILE, before, completed, fleet, in_progress, invalidation, record, refused, scope, submission, summary,
};
use crate::support::scene::Scene;

/// All of them.
pub(crate) fn all() -> Vec<Named> {
    vec![
        ("history", history),
        ("history-filter", history_filter),
        ("history-empty", history_empty),
        ("history-reading", history_reading),
        ("history-failed", history_failed),
        ("history-stale", history_stale),
        ("history-hostile", history_hostile),
        ("export", export),
        ("export-exists", export_exists),
        ("note", note),
        ("note-failed", note_failed),
        ("review-note", review_note),
        ("noted", noted),
        ("details-note", details_note),
        ("compare", compare),
        ("compare-reading", compare_reading),
    ]
}

fn noted_as(submission: Submission, note: &str) -> Submission {
    Submission {
        note: Some(note.to_owned()),
        ..submission
    }
}

/// What the ledger tells: one under way, some done, one refused, one that nobody knows the end of, one of another account.
fn past() -> Vec<Submission> {
    let (front, docs) = (front(), Target::Distribution(DistributionId::new("E3ZYXWVUTSRQPO")));
    let rejected = State::Rejected {
        failure: refused(
            "AccessDenied",
            "User is not authorized to perform cloudfront:CreateInvalidation",
            403,
        ),
    };
    let unknown = State::Unknown {
        reason: "no response within 30 seconds".to_owned(),
        until: None,
        reference_used: false,
    };
    let other = Submission {
        scope: Scope {
            account: Some(AccountId::new("210987654321")),
            profile: "staging".to_owned(),
            ..scope()
        },
        label: "staging.shop.example".to_owned(),
        ..completed(5, 9_000_000, 14, &docs, &["/*"])
    };
    vec![
        in_progress(90, 6, &front, &["/index.html", "/en/*", "/images/*"]),
        noted_as(
            completed(11, 3_600, 11, &front, &["/en/*", "/de/*", "/fr/*", "/sitemap.xml"]),
            "prices of the spring catalog, asked for by sales",
        ),
        submission(10, 7_200, &front, &["/login/*"], rejected),
        Submission {
            label: "docs.example".to_owned(),
            ..noted_as(completed(9, 90_000, 9, &docs, &["/*"]), "release 42")
        },
        submission(8, 100_000, &front, &["/a", "/b"], State::Cancelled),
        submission(7, 200_000, &front, &["#product:tv"], unknown),
        completed(6, 5_000_000, 8, &front, &["/caf%C3%A9%20menu.pdf"]),
        other,
    ]
}

fn page_of(submissions: &[Submission], found: usize, total: usize) -> LedgerContents {
    let records = (1..).zip(submissions.iter().rev()).map(|(number, s)| record(number, s));
    let mut records: Vec<_> = records.collect();
    records.reverse();
    let other = Scope {
        account: Some(AccountId::new("210987654321")),
        ..scope()
    };
    LedgerContents {
        page: Some(RecordPage {
            records,
            more: false,
            counts: Counts { total, found },
            used_this_month: vec![(scope(), 212), (other, 3)],
        }),
        ..LedgerContents::default()
    }
}

fn is_page(kind: &LedgerRequest) -> bool {
    matches!(kind, LedgerRequest::History(_))
}

pub(crate) fn history() -> Scene {
    let mut scene = Scene::with_ledger(fleet(), ledger());
    scene.keys("3").told(is_page, Ok(page_of(&past(), 10_234, 10_234)));
    scene.keys("j");
    scene
}

pub(crate) fn history_filter() -> Scene {
    let mut scene = history();
    scene.keys("/ d o c s");
    scene.told(is_page, Ok(LedgerContents::default()));
    scene.told(is_page, Ok(page_of(&past()[3..4], 1, 10_234)));
    scene
}

pub(crate) fn history_empty() -> Scene {
    let mut scene = Scene::with(fleet());
    scene.keys("3").told(is_page, Ok(LedgerContents::default()));
    scene
}

pub(crate) fn history_reading() -> Scene {
    let mut scene = Scene::with_ledger(fleet(), ledger());
    scene.keys("3");
    scene
}

pub(crate) fn history_failed() -> Scene {
    let mut scene = Scene::with_ledger(fleet(), ledger());
    let locked = "the ledger /home/a/.local/state/invalidash/ledger.db is locked by another program; try again";
    scene.keys("3").told(is_page, Err(locked.to_owned()));
    scene
}

pub(crate) fn history_stale() -> Scene {
    let mut scene = history();
    scene
        .keys("r")
        .told(is_page, Err("the disk does not answer".to_owned()));
    scene
}

pub(crate) fn history_hostile() -> Scene {
    let hostile = |(number, text): (usize, &&str)| {
        let number = u32::try_from(number).unwrap_or(0);
        let state = State::Completed {
            id: InvalidationId::new(*text),
            create_time: before(100),
            last_in_progress: None,
            seen: None,
        };
        Submission {
            label: (*text).to_owned(),
            scope: Scope {
                account: Some(AccountId::new(*text)),
                endpoint: (*text).to_owned(),
                profile: (*text).to_owned(),
            },
            ..noted_as(submission(number, 100, &front(), &[text], state), text)
        }
    };
    let past: Vec<_> = HOSTILE.iter().enumerate().map(hostile).collect();
    let mut scene = Scene::with_ledger(fleet(), ledger());
    scene
        .keys("3")
        .told(is_page, Ok(page_of(&past, past.len(), past.len())));
    scene
}

pub(crate) fn export() -> Scene {
    let mut scene = history_filter();
    scene.keys("enter e tab");
    scene
}

pub(crate) fn export_exists() -> Scene {
    use invalidash::engine::effect::{Reply, Unwritten};
    let mut scene = export();
    scene.keys("enter");
    let request = scene.awaits(&ExportRequest);
    let result = Err(Unwritten::Exists("/home/a/invalidash-2026-11-22.csv".to_owned()));
    scene.reply(Reply::Exported { request, result });
    scene
}

pub(crate) fn note() -> Scene {
    let mut scene = history();
    scene.keys("n");
    scene
}

pub(crate) fn note_failed() -> Scene {
    let mut scene = note();
    let full = "the ledger cannot grow: the disk is full. Free some space and try again".to_owned();
    scene
        .keys("enter")
        .told(|kind| matches!(kind, LedgerRequest::Note(..)), Err(full));
    scene.quiet();
    scene
}

pub(crate) fn review_note() -> Scene {
    let mut scene = super::scenes::review();
    scene.keys("n");
    scene.type_text("the new menu");
    scene.keys("enter");
    scene
}

/// Some have a note, one of them is somebody else's.
pub(crate) fn noted() -> Scene {
    let contents = LedgerContents {
        finished: vec![
            past()[1].clone(),
            noted_as(completed(2, 9_000, 8, &front(), &["/index.html"]), "typo"),
        ],
        ..LedgerContents::default()
    };
    let mut scene = Scene::with_ledger(fleet(), contents);
    let other = summary("I1JLWSDAP8FU89", 40_000, "Completed");
    scene.keys("enter").invalidations(&front(), vec![other.clone()]);
    scene.items(vec![invalidation(&other, &["/en/*", "/index.html"])]);
    scene
}

pub(crate) fn details_note() -> Scene {
    let mut scene = noted();
    scene.keys("enter");
    scene
}

pub(crate) fn compare() -> Scene {
    let mut scene = noted();
    scene.keys("space G =");
    scene
}

pub(crate) fn compare_reading() -> Scene {
    let mut scene = history();
    scene.keys("G space k =");
    scene
}
