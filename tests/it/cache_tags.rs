//! Sending a cache tag while it is unknown whether cache tags are enabled: the review waits for CloudFront's response,
//! and requires a typed confirmation only if there is none.

use invalidash::app::overlay::Overlay;
use invalidash::app::overlay::review::Review;
use invalidash::domain::failure::Failure;
use invalidash::engine::effect::Answer;
use invalidash::engine::pending::CallRequest;

use crate::support::samples;
use crate::support::scene::Scene;

fn is_describe(kind: &CallRequest) -> bool {
    matches!(kind, CallRequest::Describe(_))
}

/// The review of a tag, opened before the distribution was described.
fn reviewed() -> Scene {
    let mut scene = Scene::with(samples::fleet());
    scene.keys("i");
    scene.paste("#product:tv");
    scene.keys("ctrl-s enter");
    scene
}

fn review(scene: &Scene) -> Option<&Review> {
    scene.model.overlays.iter().find_map(|overlay| match overlay {
        Overlay::Review(review) => Some(&**review),
        _ => None,
    })
}

/// Why something has to be typed.
fn reason(scene: &Scene) -> Option<&str> {
    let review = review(scene)?;
    review
        .confirmation
        .as_ref()
        .map(|confirmation| confirmation.reason.as_str())
}

fn notice(scene: &Scene) -> &str {
    scene.model.engine.notice.as_ref().map_or("", |note| &note.text)
}

#[test]
fn the_review_of_a_tag_waits_until_its_distribution_is_described() {
    let mut scene = reviewed();
    assert_eq!(reason(&scene), None);
    assert!(review(&scene).is_some());
    assert!(notice(&scene).contains("still loading"), "{}", notice(&scene));
    let config = samples::config(&samples::fleet()[0]);
    scene.answer(is_describe, Ok(Answer::Distribution(Box::new(config))));
    assert_eq!(reason(&scene), None);
    scene.keys("enter");
    assert!(review(&scene).is_none());
}

#[test]
fn a_denial_is_the_cause_only_where_there_was_one() {
    let denied = samples::refused("AccessDenied", "not authorized", 403);
    for (failure, cause) in [(denied, true), (Failure::Unreachable("cut".to_owned()), false)] {
        let mut scene = reviewed();
        scene.answer(is_describe, Err(failure));
        let reason = reason(&scene).unwrap_or_default().to_owned();
        assert!(reason.contains("may clear nothing"), "{reason}");
        assert_eq!(reason.contains("cloudfront:GetDistribution"), cause, "{reason}");
        scene.keys("enter");
        assert!(notice(&scene).starts_with("type "), "{}", notice(&scene));
    }
}
