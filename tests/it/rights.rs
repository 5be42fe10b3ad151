//! An identity with few permissions: denials are explained in words, and one key copies the missing policy statement.

use invalidash::emulator::{Fault, Operation, Options, Trouble};

use crate::support::dashboard::Stage;

const SHOP: &str = "E1A2WTXM7KQ4SV";

fn denying(operations: &[Operation]) -> Stage {
    let stage = Stage::new(Options {
        lived_in: false,
        ..Options::demo()
    });
    for operation in operations {
        let denied = Fault::new(Trouble::AccessDenied).on(*operation);
        stage.emulator.inject(denied.always());
    }
    stage
}

#[tokio::test(start_paused = true)]
async fn the_missing_statement_is_copied_with_the_real_arn() {
    let stage = denying(&[Operation::CreateInvalidation]);
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("p");
            person.sees("no denied permissions on this page").await;
            person.submits("/index.html").await;
            person.sees("Rejected").await;
            person.press("<enter>");
            let page = person.sees("No policy of this identity allows the action").await;
            assert!(page.contains("press p to copy the statement"), "{page}");
            person.press("p");
            person
                .sees("Copied the policy statement that allows cloudfront:CreateInvalidation")
                .await;
            let expected = format!(
                "{{\n  \"Effect\": \"Allow\",\n  \"Action\": \"cloudfront:CreateInvalidation\",\n  \"Resource\": \
                 \"arn:aws:cloudfront::123456789012:distribution/{SHOP}\"\n}}"
            );
            assert_eq!(person.copied(), Some(expected));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn who_am_i_shows_what_was_denied_and_copies_all_of_it() {
    let stage = denying(&[
        Operation::ListDistributions,
        Operation::GetDistribution,
        Operation::ListInvalidations,
    ]);
    stage
        .play(async |mut person| {
            let page = person.sees("You are not allowed to list distributions").await;
            assert!(page.contains("copy the missing policy statement"), "{page}");
            person.press(&format!("o{SHOP}<enter>"));
            person.sees("You are not allowed to list invalidations").await;
            person.press("W");
            let who = person.sees("Denied so far").await;
            for seen in [
                "arn:aws:iam::123456789012:user/deploy",
                "ListDistributions",
                &format!("ListInvalidations  {SHOP}"),
            ] {
                assert!(who.contains(seen), "{seen}:\n{who}");
            }
            person.press("p");
            person.sees("Copied the policy statement that allows").await;
            let text = person.copied().unwrap_or_default();
            let read: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
            let expected = serde_json::json!([
                {
                    "Effect": "Allow",
                    "Action": ["cloudfront:GetDistribution", "cloudfront:ListInvalidations"],
                    "Resource": format!("arn:aws:cloudfront::123456789012:distribution/{SHOP}"),
                },
                {"Effect": "Allow", "Action": "cloudfront:ListDistributions", "Resource": "*"},
            ]);
            assert_eq!(read, expected, "{text}");
            person.press("<esc>");
            person.misses("Denied so far").await;
        })
        .await;
}
