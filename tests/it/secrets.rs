//! Credentials in copied text, as scenarios: none reaches the ledger, CloudFront, a saved list or the clipboard,
//! however it was entered.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;

use invalidash::emulator::{ApiError, Fault, Operation, Trouble};

use crate::support::dashboard::Stage;

const SIGNED: &str = "https://www.lumen-shop.example/img/a.html?w=2&X-Amz-Algorithm=AWS4-HMAC-SHA256&\
                      X-Amz-Credential=CANARY-ID%2F20261122&X-Amz-Security-Token=CANARY-TOKEN&\
                      X-Amz-Signature=CANARY-SIGNATURE";
const CLOUDFRONT: &str = "/en/b.html?Policy=CANARY~POLICY&Signature=CANARY~SIGNATURE&Key-Pair-Id=CANARYPAIR";

/// Every file below a folder that holds the canary.
fn with_canary(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(with_canary(&path));
        } else if String::from_utf8_lossy(&fs::read(&path).unwrap()).contains("CANARY") {
            found.push(path.display().to_string());
        }
    }
    found
}

#[tokio::test(start_paused = true)]
async fn a_pasted_signed_url_is_an_error_with_a_safe_fix_and_never_stored() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste(&format!("# from {SIGNED}\n{SIGNED}\n{CLOUDFRONT}"));
            person.sees("draft saved").await;
            person.sees("A signed URL contains a credential").await;
            person.press("<c-s>");
            person.sees("2 lines cannot be sent").await;
            assert_eq!(with_canary(stage.state.path()), Vec::<String>::new(), "while composed");
            // The text is saved and stays a draft.
            person.press("<c-l>");
            person.sees("no saved lists yet").await;
            person.press("signed");
            person.sees("save the current lines as signed").await;
            person.press("<enter>");
            person.sees("Saved the list (3 lines)").await;
            person.press("<esc><esc>");
            person.sees("Distributions 14").await;
        })
        .await;
    assert_eq!(with_canary(stage.state.path()), Vec::<String>::new(), "the draft");
    assert_eq!(with_canary(&stage.lists()), Vec::<String>::new(), "the saved list");
    assert_eq!(fs::read_dir(stage.lists()).unwrap().count(), 1);
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("i");
            // The draft lost what a safe fix takes away, and can be sent.
            person.sees("/img/a.html?w=2").await;
            person.press("<c-s>");
            person.sees("2 items will be sent").await;
            person.press("<enter>");
            person.sees("Completed after").await;
        })
        .await;
    let sent = format!("{:?}", stage.emulator.received());
    assert!(!sent.contains("CANARY"), "{sent}");
    assert_eq!(with_canary(stage.state.path()), Vec::<String>::new(), "after all");
}

#[tokio::test(start_paused = true)]
async fn the_fix_and_the_imports_take_signatures_away() {
    let stage = Stage::demo();
    stage.write("urls.txt", format!("{SIGNED}\n{CLOUDFRONT}\n/plain\n"));
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste(SIGNED);
            person.sees("A signed URL").await;
            person.press("<c-f>");
            let screen = person.sees("1 ✓ /img/a.html?w=2").await;
            assert!(!screen.contains("CANARY"), "{screen}");
            person.press("<c-o>");
            person.sees("Earlier invalidation").await;
            person.press("<enter>urls.txt<enter>");
            let screen = person.sees("2 URLs with a credential, which is removed").await;
            assert!(!screen.contains("CANARY"), "{screen}");
            person.press("<enter>");
            person.sees("3 lines from urls.txt").await;
            person.press("<c-s>");
            person.sees("will be sent").await;
        })
        .await;
    assert_eq!(with_canary(stage.state.path()), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_quotes_the_request_is_kept_without_its_signature() {
    let stage = Stage::demo();
    let quoted = "The request signature we calculated does not match. The Canonical String should have been \
                  'POST x-amz-security-token:CANARY-TOKEN' in AWS4-HMAC-SHA256 Credential=CANARY-ID/20261122/us-east-1, \
                  SignedHeaders=host, Signature=CANARY0123456789";
    let refused = Fault::new(Trouble::Error(ApiError::new(403, "SignatureDoesNotMatch", quoted)));
    stage
        .emulator
        .inject(refused.on(Operation::CreateInvalidation).times(99));
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste("/a");
            person.press("<c-s>");
            person.sees("will be sent").await;
            person.press("<enter>");
            person.sees("NeedsLogin").await;
            person.press("!");
            let screen = person.sees("[redacted]").await;
            assert!(!screen.contains("CANARY"), "{screen}");
        })
        .await;
    assert_eq!(with_canary(stage.state.path()), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_note_and_a_rejection_are_kept_and_exported_without_credentials() {
    let stage = Stage::demo();
    let quoted = "not allowed: /a?X-Amz-Signature=CANARY1 with x-amz-security-token: CANARY2";
    let refused = Fault::new(Trouble::Error(ApiError::new(403, "AccessDenied", quoted)));
    stage.emulator.inject(refused.on(Operation::CreateInvalidation));
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.reviews("/a").await;
            person.press("n");
            person.sees("stored only on this machine").await;
            person.paste(&format!("see {CLOUDFRONT} and https://me:CANARY@host.example/"));
            person.press("<enter>");
            person.sees("↵ submit").await;
            person.press("<enter>");
            person.sees("Rejected").await;
            person.press("3");
            person.sees("1 of 1").await;
            for name in ["out.json", "out.csv"] {
                person.press("e");
                person.sees("with all items").await;
                person.press(&format!("<c-u>{name}<enter>"));
                person
                    .sees(&format!("1 row written to {}", stage.folder().display()))
                    .await;
                person.misses("with all items").await;
            }
        })
        .await;
    assert_eq!(with_canary(stage.state.path()), Vec::<String>::new());
    assert_eq!(with_canary(stage.folder()), Vec::<String>::new());
    let exported = fs::read_to_string(stage.folder().join("out.json")).unwrap();
    assert!(exported.contains("see /en/b.html?Policy=[redacted]&Signature=[redacted]&Key-Pair-Id=[redacted]"));
    assert!(exported.contains("x-amz-security-token: [redacted]"), "{exported}");
}

#[tokio::test(start_paused = true)]
async fn what_is_copied_out_of_the_composer_holds_no_signature() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste(SIGNED);
            person.sees("A signed URL").await;
            person.press("<a-w><c-f>");
            person.sees("1 ✓ /img/a.html?w=2").await;
            let copied = format!("{:?}", person.told());
            assert!(
                copied.contains("img/a.html?w=2") && !copied.contains("CANARY"),
                "{copied}"
            );
        })
        .await;
}
