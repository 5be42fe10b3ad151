//! Data that only policies contain: read once, after everything else, and not needed by an identity that may not read
//! it.

use invalidash::app::screen::Screen;
use invalidash::domain::behavior::{CacheBehavior, CacheKey, CachePolicyId, QueryKey};
use invalidash::domain::distribution::{DeploymentPolicyId, Distribution, DistributionConfig};
use invalidash::domain::failure::Failure;
use invalidash::engine::effect::Answer;
use invalidash::engine::pending::CallRequest;

use crate::support::samples;
use crate::support::scene::Scene;

const POLICY: &str = "9d2b7c41-3f8e-4a60-8b15-c7e1d0f2a934";
const DEPLOYMENT: &str = "4f0c2b8e-6a1d-4953-97c5-e8b2a04d6f1c";

/// The shop, whose searches have a cache policy of their own, and its staging distribution.
fn fleet() -> Vec<Distribution> {
    let mut fleet = samples::fleet();
    if let Some(shop) = fleet.first_mut() {
        shop.behaviors.push(CacheBehavior {
            path_pattern: "/search*".to_owned(),
            cache_policy: Some(CachePolicyId::new(POLICY)),
            ..CacheBehavior::default()
        });
    }
    for (number, one) in fleet.iter_mut().enumerate() {
        one.domain_name = format!("d{number}.cloudfront.net");
    }
    fleet
}

fn staging() -> Option<Distribution> {
    fleet().into_iter().find(|one| one.staging)
}

fn config() -> DistributionConfig {
    DistributionConfig {
        continuous_deployment: Some(DeploymentPolicyId::new(DEPLOYMENT)),
        ..samples::config(&fleet()[0])
    }
}

/// The composer of the shop with these lines, its distribution described.
fn composed(lines: &str) -> Scene {
    let mut scene = Scene::with(fleet());
    scene.keys("i");
    scene.paste(lines);
    scene.answer(is_describe, Ok(Answer::Distribution(Box::new(config()))));
    scene
}

fn is_describe(kind: &CallRequest) -> bool {
    matches!(kind, CallRequest::Describe(_))
}

fn is_key(kind: &CallRequest) -> bool {
    matches!(kind, CallRequest::CachePolicy(_))
}

fn is_deployment(kind: &CallRequest) -> bool {
    matches!(kind, CallRequest::DeploymentPolicy(_))
}

fn awaited(scene: &Scene, is: fn(&CallRequest) -> bool) -> usize {
    scene.model.engine.pending.of().values().filter(|kind| is(kind)).count()
}

fn denied() -> Failure {
    samples::refused("AccessDenied", "not authorized", 403)
}

fn key() -> Answer {
    Answer::CacheKey(CacheKey {
        query: QueryKey::Only(vec!["q".to_owned()]),
        headers: vec!["Accept-Language".to_owned()],
        cookies: true,
    })
}

fn said(scene: &Scene, line: usize) -> Vec<String> {
    let Screen::Composer(composer) = scene.model.screen() else {
        return Vec::new();
    };
    let said = composer.analysis.diagnostics(line).into_iter();
    said.map(|said| format!("{}: {}", said.code, said.message)).collect()
}

fn notices(scene: &Scene, words: &str) -> usize {
    let notices = scene.model.engine.notices.iter();
    notices.filter(|notice| notice.text.contains(words)).count()
}

#[test]
fn a_cache_policy_is_read_once_and_tells_what_a_query_string_clears() {
    let mut scene = composed("/search\n/search?q=1\n/search?utm=2\n/searches\n");
    assert_eq!((awaited(&scene, is_key), awaited(&scene, is_deployment)), (1, 1));
    scene.answer(is_key, Ok(key()));
    let all = [0, 1, 2, 3].map(|line| said(&scene, line));
    let has = |line: usize, what: &str| all[line].iter().any(|said| said.contains(what));
    assert!(
        has(
            0,
            "query-variants: Query strings are part of the cache key here. This clears only /search itself; /search?* clears its variants."
        ),
        "{all:?}"
    );
    assert!(
        has(
            0,
            "key-variants: The cache key includes the header Accept-Language and cookies; one path clears all these variants."
        ),
        "{all:?}"
    );
    assert!(has(1, "exactly this query string"), "{all:?}");
    assert!(
        has(
            2,
            "query-ignored: Only the query parameter q and its value are part of the cache key here. With others, this clears nothing. Write /search."
        ),
        "{all:?}"
    );
    for remark in ["query-variants", "key-variants"] {
        let lines = (0..4).filter(|line| has(*line, remark)).count();
        assert_eq!(lines, 1, "{remark} is said once: {all:?}");
    }
    scene.keys("esc i");
    assert_eq!(awaited(&scene, is_key), 0, "it is known");
}

#[test]
fn whoever_may_not_read_policies_is_told_the_action_once_and_misses_nothing_else() {
    let mut scene = composed("/search?q=1\n");
    let before = said(&scene, 0);
    scene.answer(is_key, Err(denied())).answer(is_deployment, Err(denied()));
    assert_eq!(notices(&scene, "cloudfront:GetCachePolicy"), 1);
    assert_eq!(notices(&scene, "cloudfront:GetContinuousDeploymentPolicy"), 1);
    assert_eq!(said(&scene, 0), before);
    scene.keys("esc i");
    assert_eq!((awaited(&scene, is_key), awaited(&scene, is_deployment)), (0, 0));
    assert_eq!(notices(&scene, "cloudfront:Get"), 2);
}

#[test]
fn a_policy_that_cannot_be_read_now_is_read_with_the_next_list() {
    let mut scene = composed("/search?q=1\n");
    scene.answer(is_key, Err(Failure::Unreachable("cut".to_owned())));
    assert_eq!((awaited(&scene, is_key), notices(&scene, "GetCachePolicy")), (0, 0));
    scene.keys("esc i");
    assert_eq!(awaited(&scene, is_key), 1);
    scene.answer(is_key, Err(samples::refused("NoSuchCachePolicy", "gone", 404)));
    scene.keys("esc i");
    assert_eq!(awaited(&scene, is_key), 0, "what is gone is not asked for again");
}

#[test]
fn the_staging_distribution_is_told_once_and_becomes_a_second_target_on_a_key() {
    let twin = staging().map(|one| (one.id.to_string(), one.domain_name));
    let (id, name) = twin.unwrap_or_default();
    let mut scene = composed("/a.html\n#tag\n/b.html\n");
    scene.answer(is_deployment, Ok(Answer::StagingNames(vec![name])));
    let sentence = format!(
        "staging-twin: The staging distribution {id} has its own cache, which this does not clear. Add it as a second target."
    );
    let told: Vec<_> = (0..3).filter(|line| said(&scene, *line).contains(&sentence)).collect();
    assert_eq!(told, [0]);
    scene.keys("alt-t");
    let Screen::Composer(composer) = scene.model.screen() else {
        unreachable!("the composer goes on")
    };
    let targets: Vec<_> = composer.targets.iter().map(ToString::to_string).collect();
    assert_eq!(targets, [fleet()[0].id.to_string(), id]);
    assert_eq!(composer.editor.text().trim_end(), "/a.html\n#tag\n/b.html");
    assert!((0..3).all(|line| !said(&scene, line).iter().any(|said| said.starts_with("staging-twin"))));
    scene.keys("alt-t");
    assert_eq!(notices(&scene, "as a target"), 1, "it is one already");
}
