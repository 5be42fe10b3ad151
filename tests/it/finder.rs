//! What can be gone to is found as one types, a pasted URL leads to its distribution, and one key sends the last again.

use crate::support::dashboard::Stage;

#[tokio::test(start_paused = true)]
async fn a_target_is_found_by_its_comment_and_a_page_by_its_name() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.press("o");
            person.sees("or a URL").await;
            person.paste("tagblatt nord");
            let screen = person.sees("▌ www.tagblatt-nord.example").await;
            assert!(screen.contains("E4NEWS2CB9F3TG"), "{screen}");
            person.press("<enter>");
            person.sees("Invalidations  www.tagblatt-nord.example").await;
            person.press("ohistory<enter>");
            person.sees("History  ").await;
            person.press(":docs.lumen<enter>");
            person.sees("Invalidations  docs.lumen.example").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_matches_nothing_stays_and_says_what_was_tried() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.press("o");
            person.paste("nowhere at all");
            person.sees("nothing known here matches").await;
            person.press("<enter>");
            let screen = person.sees("✗ ").await;
            assert!(screen.contains("nowhere at all"), "{screen}");
            person.press("<esc>:zzzz");
            person.sees("no action, alias, id").await;
            person.press("<enter>");
            person.sees("zzzz").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_pasted_url_opens_its_distribution_and_with_a_path_the_composer() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.paste("https://docs.lumen.example/\n");
            person.sees("Invalidations  docs.lumen.example").await;
            person.paste("https://www.lumen-shop.example/en/a.html?x=1#top");
            let screen = person.sees("Invalidate  www.lumen-shop.example").await;
            assert!(screen.contains("/en/a.html?x=1"), "{screen}");
            person.press("<esc>1");
            person.paste("https://nobody.example/x");
            person.sees("No distribution matches nobody.example").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_dot_reviews_the_last_invalidation_again() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.press(".");
            person.sees("no invalidation of").await;
            person.submits("/a\n/b").await;
            person.sees("Completed after").await;
            person.press("1.");
            let screen = person.sees("2 items will be sent").await;
            assert!(screen.contains("/a") && screen.contains("/b"), "{screen}");
            person.press("<enter>");
            person.sees("InProgress").await;
            assert_eq!(stage.emulator.received().creations.len(), 2);
        })
        .await;
}
