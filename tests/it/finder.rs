//! Targets and pages are found while the user types, a pasted URL opens its distribution, and one key repeats the last
//! invalidation.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use invalidash::app::act::palette::entries;
use invalidash::app::finder::Found;
use invalidash::app::model::Preferences;
use invalidash::app::overlay::Overlay;
use invalidash::app::overlay::palette::Palette;
use invalidash::app::screen::Screen;
use invalidash::domain::distribution::{ConnectionMode, DistributionId, Target};
use invalidash::domain::failure::Failure;
use invalidash::engine::effect::LedgerContents;
use invalidash::engine::pending::CallRequest;

use crate::support::dashboard::Stage;
use crate::support::samples;
use crate::support::scene::{Scene, preferences};
use crate::support::screen::{frame, rows};

#[tokio::test(start_paused = true)]
async fn a_target_is_found_by_its_comment_and_a_page_by_its_name() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.press("o");
            person.sees("saved list or URL").await;
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
            person.sees("no match").await;
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
            person.sees("no known invalidations of").await;
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

fn target(id: &str) -> Target {
    Target::Distribution(DistributionId::new(id))
}

/// The target whose invalidations are open.
fn opened(scene: &Scene) -> Option<Target> {
    match scene.model.screen() {
        Screen::Invalidations(page) => page.target.clone(),
        _ => None,
    }
}

fn notice(scene: &Scene) -> &str {
    scene.model.engine.notice.as_ref().map_or("", |note| &note.text)
}

fn two_shops() -> Scene {
    let mut second = samples::distribution("E2SECOND", &["shop.example"], "the old one");
    "d222.cloudfront.net".clone_into(&mut second.domain_name);
    let comment = "the front, beside E2SECOND, xd222.cloudfront.net";
    Scene::with(vec![
        samples::distribution("E1FIRST", &["www.shop.example"], comment),
        second,
    ])
}

#[test]
fn a_name_typed_in_full_wins_over_one_that_contains_it() {
    for typed in ["shop.example", "E2SECOND", "d222.cloudfront.net"] {
        for key in ["o", ":"] {
            let mut scene = two_shops();
            scene.keys(key).type_text(typed);
            if let Some(Overlay::GoTo(go_to)) = scene.model.overlays.last() {
                let found = invalidash::app::act::go_to::entries(&scene.model, go_to);
                let second = |found: &&_| **found == invalidash::app::finder::Found::Target(target("E2SECOND"));
                assert_eq!(found.iter().filter(second).count(), 1, "{found:?}");
            }
            scene.keys("enter");
            assert_eq!(opened(&scene), Some(target("E2SECOND")), "{key}{typed}");
        }
    }
}

/// A multi-tenant distribution whose tenants are not loaded, and a distribution whose comment names one of their domains.
fn named_in_a_comment() -> Scene {
    let mut shared = samples::distribution("E1SHARED", &[], "all customers");
    shared.connection_mode = ConnectionMode::TenantOnly;
    Scene::with(vec![
        samples::distribution("E2OTHER", &["www.other.example"], "moved away from kunde.example"),
        shared,
    ])
}

#[test]
fn a_host_is_looked_up_before_a_comment_that_contains_it_is_taken() {
    let is_find = |kind: &CallRequest| matches!(kind, CallRequest::FindTenant(_));
    let mut scene = named_in_a_comment();
    scene.keys("o").type_text("kunde.example").keys("enter");
    assert_eq!(opened(&scene), None);
    let tenant = samples::tenant("dt_kunde", "kunde", &["kunde.example"]);
    scene.answer(
        is_find,
        Ok(invalidash::engine::effect::Answer::Tenant(Box::new(tenant))),
    );
    assert_eq!(opened(&scene), Some(Target::from_id("dt_kunde")));

    let mut scene = named_in_a_comment();
    scene.keys("o").type_text("kunde.example").keys("enter");
    scene.answer(is_find, Err(Failure::Unreachable("cut".to_owned())));
    assert_eq!(opened(&scene), Some(target("E2OTHER")));
}

#[test]
fn cloudfront_is_named_only_where_it_would_be_asked() {
    let said = |mut scene: Scene, typed: &str| {
        scene.keys("o").type_text(typed);
        let theme = invalidash::ui::Theme::named("default", crate::support::screen::berlin).unwrap();
        rows(&frame(&scene.model, &theme, (100, 30)).0).join("\n")
    };
    assert!(said(named_in_a_comment(), "nobody.example").contains("press ↵ to look it up in CloudFront"));
    for screen in [
        said(two_shops(), "nobody.example"),
        said(named_in_a_comment(), "no such words"),
    ] {
        assert!(
            screen.contains("no match") && !screen.contains("look it up"),
            "{screen}"
        );
    }
}

fn account_is_read_only() -> Preferences {
    let mut preferences = preferences();
    for label in preferences.engine.accounts.values_mut() {
        label.read_only = true;
    }
    preferences
}

fn flag_is_read_only() -> Preferences {
    let mut preferences = preferences();
    preferences.engine.read_only = true;
    preferences
}

#[test]
fn a_pasted_path_composes_nothing_where_nothing_may_be_sent() {
    for (preferences, next) in [
        (
            flag_is_read_only as fn() -> Preferences,
            "remove --read-only or read_only = true",
        ),
        (account_is_read_only, "this account has read_only = true"),
    ] {
        let mut scene = Scene::start(preferences());
        scene.ledger(LedgerContents::default());
        scene.connect(Ok(samples::scope())).distributions(samples::fleet());
        let alias = scene.model.engine.fleet.all()[0].aliases[0].clone();
        scene.paste(format!("https://{alias}/a.html"));
        assert!(opened(&scene).is_some(), "{}", scene.model.screen().name());
        assert!(notice(&scene).contains(next), "{}", notice(&scene));
        assert_eq!(scene.model.engine.drafts.iter().count(), 0);
        scene.keys("1 i");
        assert!(notice(&scene).contains(next), "{}", notice(&scene));
    }
}

#[tokio::test(start_paused = true)]
async fn arns_and_pages_of_the_console_lead_to_their_distribution() {
    let stage = Stage::demo();
    let console = "https://us-east-1.console.aws.amazon.com/cloudfront/v4/home?region=us-east-1#/distributions";
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.paste(&format!("{console}/E4NEWS2CB9F3TG/invalidations"));
            person.sees("Invalidations  www.tagblatt-nord.example").await;
            person.press("o");
            person.paste("arn:aws:cloudfront::123456789012:distribution/E1A2WTXM7KQ4SV");
            person.press("<enter>");
            person.sees("Invalidations  www.lumen-shop.example").await;
            person.press("o");
            person.paste("arn:aws:cloudfront::210987654321:distribution/E1A2WTXM7KQ4SV");
            person.press("<enter>");
            let refused = person.sees("belongs to account 210987654321").await;
            assert!(refused.contains("press P to switch profiles"), "{refused}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_saved_list_is_found_by_its_name_and_loaded_for_what_is_selected() {
    let stage = Stage::demo();
    stage.write("config/lists/easter sale.txt", "/prices/*\n/index.html\n");
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            for key in ["o", ":"] {
                person.press(key);
                person.paste("easter");
                let screen = person.sees("Load the list easter sale").await;
                assert!(screen.contains("saved list"), "{screen}");
                person.press("<esc>");
                person.misses("Load the list").await;
            }
            person.press("olist easter<enter>");
            let screen = person.sees("2 lines from easter sale").await;
            assert!(
                screen.contains("Invalidate  ") && screen.contains("/prices/*"),
                "{screen}"
            );
            // While a list is being composed, it is appended to the list.
            person.press("<c-p>easter<enter>");
            person.sees("same as 1").await;
            person.press("<esc>3");
            person.sees("Nothing sent from this machine yet").await;
            person.press("oeaster<enter>");
            person.sees("select a distribution first").await;
        })
        .await;
}

#[test]
fn a_saved_list_is_not_loaded_where_nothing_may_be_sent() {
    let mut scene = Scene::start(flag_is_read_only());
    scene.ledger(LedgerContents::default());
    scene.connect(Ok(samples::scope())).distributions(samples::fleet());
    scene.keys("o");
    let list = invalidash::domain::saved_list::SavedList {
        name: "easter".parse().unwrap(),
        bytes: 9,
        changed: None,
    };
    scene.lists(Ok(invalidash::engine::effect::ListsAnswer::Lists(
        "lists".to_owned(),
        vec![list],
    )));
    scene.type_text("easter").keys("enter");
    let theme = invalidash::ui::Theme::named("default", crate::support::screen::berlin).unwrap();
    let screen = rows(&frame(&scene.model, &theme, (100, 30)).0).join("\n");
    assert!(notice(&scene).contains("read-only"), "{screen}");
    assert_eq!(scene.model.screen().name(), "distributions");
}

#[test]
fn the_palette_begins_with_what_can_be_done_on_the_page() {
    let mut scene = crate::screens::scenes::distributions();
    scene.keys(":");
    let palette = scene.model.overlays.top::<Palette>().unwrap();
    let found: Vec<_> = entries(&scene.model, palette)
        .into_iter()
        .filter_map(|found| match found {
            Found::Action(entry) => Some(entry.id),
            Found::Target(_) | Found::Profile(_) | Found::List(_) => None,
        })
        .collect();
    assert_eq!(found[..4], ["invalidate", "open-invalidations", "favorite", "describe"]);
    let place = |id: &str| found.iter().position(|found| *found == id);
    assert!(
        place("filter") < place("help") && place("help") < place("down"),
        "{found:?}"
    );
    // It is already open.
    assert_eq!(place("palette"), None);
}
