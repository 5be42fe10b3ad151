//! Every way in which a call to CloudFront can end (`docs/cloudfront.md`, "How a call can end"), through the real SDK
//! against the emulator, under virtual time.

use std::sync::Arc;
use std::time::Duration;

use invalidash::domain::batch::{Batch, CallerReference};
use invalidash::domain::behavior::{CacheKey, CachePolicyId, QueryKey};
use invalidash::domain::distribution::{ConnectionMode, Distribution, DistributionId, Refused, Target};
use invalidash::domain::failure::{Failure, Refusal};
use invalidash::domain::invalidation::{Invalidation, InvalidationId};
use invalidash::emulator::{ApiError, Emulator, Fault, Operation, Options, Trouble};
use invalidash::engine::effect::{Answer, Call, Created};
use invalidash::runtime::cloudfront::CloudFront;

use crate::support::clock::Clock;
use crate::support::connector::InProcess;

/// The sample account's shop.
const SHOP: &str = "E1A2WTXM7KQ4SV";

/// CloudFront as the adapter sees it, and as it sees the adapter.
struct Stage {
    emulator: Arc<Emulator>,
    cloudfront: CloudFront,
    clock: Clock,
}

impl Stage {
    fn new() -> Self {
        let (clock, emulator) = (Clock::new(), Arc::new(Emulator::new(Options::default())));
        let cloudfront = InProcess::new(Arc::clone(&emulator), clock).cloudfront();
        Self {
            emulator,
            cloudfront,
            clock,
        }
    }

    /// Makes the call, with this trouble at every attempt, and counts the attempts.
    async fn troubled(&self, trouble: &Trouble, call: Call) -> (usize, Result<Answer, Failure>) {
        self.emulator.clear_faults();
        self.emulator.inject(Fault::new(trouble.clone()).always());
        let before = self.emulator.calls().len();
        let result = self.cloudfront.call(call).await;
        self.emulator.clear_faults();
        (self.emulator.calls().len() - before, result)
    }

    async fn create(&self, items: &[&str], reference: &str) -> Result<Answer, Failure> {
        self.cloudfront.call(create(items, reference)).await
    }

    async fn created(&self, items: &[&str], reference: &str) -> Option<Invalidation> {
        match self.create(items, reference).await {
            Ok(Answer::Created(Created { invalidation, .. })) => Some(invalidation),
            Ok(_) | Err(_) => None,
        }
    }

    /// The ids made under this reference.
    fn made(&self, reference: &str) -> Vec<String> {
        let creations = self.emulator.received().creations;
        let made = creations
            .into_iter()
            .filter(|creation| creation.caller_reference == reference);
        made.flat_map(|creation| creation.invalidations).collect()
    }
}

fn shop() -> Target {
    Target::from_id(SHOP)
}

fn read() -> Call {
    Call::ListInvalidations {
        target: shop(),
        marker: None,
    }
}

fn batch(items: &[&str]) -> Option<Batch> {
    Batch::new(items.iter().map(ToString::to_string).collect())
}

fn create(items: &[&str], reference: &str) -> Call {
    match batch(items) {
        Some(batch) => Call::CreateInvalidation {
            target: shop(),
            batch,
            reference: CallerReference::new(reference),
        },
        None => read(),
    }
}

/// Class and sentence, without the request ids, which are there to be different.
fn told(result: &Result<Answer, Failure>) -> String {
    let without_request = |text: &str| text.split(" (request ").next().unwrap_or_default().to_owned();
    match result {
        Ok(_) => "answered".to_owned(),
        Err(Failure::Refused(Refusal {
            code,
            message,
            http_status,
            request_id,
        })) => {
            let traceable = if request_id.is_some() {
                ""
            } else {
                ", without a request id"
            };
            format!("refused {http_status} {code}: {message}{traceable}")
        }
        Err(Failure::Credentials(text)) => format!("credentials: {text}"),
        Err(Failure::CodeNeeded(needed)) => format!("code: {}", needed.sentence),
        Err(Failure::Unreachable(text)) => format!("unreachable: {text}"),
        Err(Failure::Unknown(text)) => format!("unknown: {}", without_request(text)),
        Err(Failure::Setup(text)) => format!("setup: {text}"),
    }
}

const PAGE_200: &str = "unknown: got an HTML page (HTTP 200) instead of CloudFront XML, probably from a proxy or captive portal. It \
    starts with: <html> <head><title>200 OK</title></head> <body> <center><h1>200 OK</h1></center…";
const PAGE_502: &str = "unknown: got an HTML page (HTTP 502) instead of CloudFront XML, probably from a proxy or captive portal. It \
    starts with: <html> <head><title>502 Bad Gateway</title></head> <body> <center><h1>502 Bad Ga…";
const SIGNATURE: &str = "refused 403 SignatureDoesNotMatch: The request signature we calculated does not match the signature \
    you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const TOO_MANY: &str = "refused 400 TooManyInvalidationsInProgress: Processing your request will cause you to exceed the maximum \
    number of in-progress invalidations.";
const USED: &str = "refused 400 InvalidArgument: Your request contains a caller reference that was used for a previous invalidation \
    batch for the same distribution.";
const EXISTS: &str = "refused 400 InvalidationBatchAlreadyExists: The caller reference that you are using to create an invalidation \
    batch is associated with another invalidation batch.";
const INTERNAL: &str =
    "unknown: the response was 503 ServiceUnavailable: CloudFront encountered an internal error. Please try again.";
const RESET: &str = "unknown: the connection broke before the response arrived (the connection was reset)";

/// The trouble; the attempts of a read, and what is told of it; what is told of a create, which has one attempt.
fn rows() -> Vec<(Trouble, usize, &'static str, &'static str)> {
    let same = |trouble, attempts, told| (trouble, attempts, told, told);
    vec![
        same(Trouble::ServiceUnavailable, 3, INTERNAL),
        same(
            Trouble::InternalError,
            3,
            "unknown: the response was 500 InternalError: CloudFront encountered an internal error.",
        ),
        same(Trouble::Drop, 3, RESET),
        (
            Trouble::Hang,
            3,
            "unknown: no response within 10 seconds",
            "unknown: no response within 30 seconds",
        ),
        (
            Trouble::CutBody { after: 60 },
            3,
            "unknown: the response (200) was truncated",
            "unknown: the response (201) was truncated",
        ),
        same(Trouble::Html { status: 200 }, 1, PAGE_200),
        same(Trouble::Html { status: 502 }, 3, PAGE_502),
        same(Trouble::Throttling, 3, "refused 400 Throttling: Rate exceeded"),
        same(Trouble::TooManyInvalidations, 1, TOO_MANY),
        same(Trouble::ReferenceClash { documented: true }, 1, EXISTS),
        same(Trouble::ReferenceClash { documented: false }, 1, USED),
        same(
            Trouble::ExpiredToken,
            1,
            "refused 403 ExpiredToken: The security token included in the request is expired",
        ),
        same(Trouble::SignatureDoesNotMatch, 1, SIGNATURE),
        same(
            Trouble::Error(ApiError::new(403, "RequestExpired", "Too late")),
            1,
            "refused 403 RequestExpired: Too late",
        ),
        same(
            Trouble::Empty { status: 403 },
            1,
            "unknown: the response (403) was empty",
        ),
        same(
            Trouble::NoSuchDistribution,
            1,
            "refused 404 NoSuchDistribution: The specified distribution does not exist.",
        ),
        same(
            Trouble::BatchTooLarge,
            1,
            "refused 413 BatchTooLarge: Invalidation batch specified is too large.",
        ),
        same(Trouble::Status("Brewing".to_owned()), 1, "answered"),
        same(Trouble::Status(String::new()), 1, "answered"),
        same(Trouble::Delay { milliseconds: 9_000 }, 1, "answered"),
        (
            Trouble::Delay { milliseconds: 15_000 },
            3,
            "unknown: no response within 10 seconds",
            "answered",
        ),
        (
            Trouble::SlowBody {
                chunk: 10,
                milliseconds: 1_000,
            },
            3,
            "unknown: no response within 10 seconds",
            "unknown: no response within 30 seconds",
        ),
        (
            Trouble::EmptyBody,
            3,
            "unknown: the response (200) was empty",
            "unknown: the response (201) was empty",
        ),
        (
            Trouble::TruncatedBody { after: 60 },
            3,
            "unknown: the response (200) was truncated",
            "unknown: the response (201) was truncated",
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn every_ending_of_a_read_has_its_attempts_and_its_sentence() {
    for (trouble, attempts, told_of_read, _) in rows() {
        let stage = Stage::new();
        let (made, result) = stage.troubled(&trouble, read()).await;
        assert_eq!((made, told(&result).as_str()), (attempts, told_of_read), "{trouble:?}");
        assert!(
            stage.clock.elapsed() <= Duration::from_mins(1),
            "{trouble:?} took {:?}",
            stage.clock.elapsed()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_was_cut_is_no_page() {
    let stage = Stage::new();
    let call = Call::ListDistributions { marker: None };
    let (attempts, result) = stage.troubled(&Trouble::TruncatedBody { after: 2_000 }, call).await;
    assert_eq!(
        (attempts, told(&result).as_str()),
        (3, "unknown: the response (200) was truncated")
    );
}

#[tokio::test(start_paused = true)]
async fn every_ending_of_a_create_comes_after_one_attempt() {
    for (trouble, _, _, told_of_create) in rows() {
        let stage = Stage::new();
        let (made, result) = stage.troubled(&trouble, create(&["/a"], "r-1")).await;
        assert_eq!((made, told(&result).as_str()), (1, told_of_create), "{trouble:?}");
        assert!(
            stage.clock.elapsed() <= Duration::from_secs(30),
            "{trouble:?} took {:?}",
            stage.clock.elapsed()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_stays_refused_for_its_date_is_signed_anew_once() {
    let stage = Stage::new();
    let skewed = "refused 403 SignatureDoesNotMatch: Signature expired: ";
    for call in [read(), create(&["/a"], "r-1")] {
        let (attempts, result) = stage.troubled(&Trouble::ClockSkew, call).await;
        assert!(told(&result).starts_with(skewed), "{}", told(&result));
        assert_eq!(attempts, 2, "the server says another time each time");
        stage.emulator.forget_received();
        assert!(
            stage.cloudfront.call(read()).await.is_ok(),
            "its true time is learned again"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_missing_right_is_told_in_cloudfronts_words() {
    let stage = Stage::new();
    let (attempts, result) = stage.troubled(&Trouble::AccessDenied, create(&["/a"], "r-1")).await;
    let expected = "refused 403 AccessDenied: User: arn:aws:iam::123456789012:user/deploy is not authorized to perform: \
        cloudfront:CreateInvalidation on resource: arn:aws:cloudfront::123456789012:distribution/E1A2WTXM7KQ4SV because no \
        identity-based policy allows the cloudfront:CreateInvalidation action";
    assert_eq!((attempts, told(&result).as_str()), (1, expected));
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_found_again_under_its_reference() {
    let lost = [
        Trouble::ServiceUnavailable,
        Trouble::InternalError,
        Trouble::Drop,
        Trouble::Hang,
        Trouble::Html { status: 502 },
        Trouble::Empty { status: 200 },
        Trouble::CutBody { after: 10 },
        Trouble::TruncatedBody { after: 10 },
        Trouble::EmptyBody,
    ];
    for trouble in lost {
        let stage = Stage::new();
        stage.emulator.inject(Fault::new(trouble.clone()).committed());
        let first = stage.create(&["/a", "#tag"], "r-1").await;
        assert!(matches!(first, Err(Failure::Unknown(_))), "{trouble:?}: {first:?}");
        let again = stage.created(&["/a", "#tag"], "r-1").await;
        assert_eq!(
            again.map(|found| vec![found.id.as_str().to_owned()]),
            Some(stage.made("r-1")),
            "{trouble:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_reference_gives_the_same_invalidation_and_other_items_clash() {
    let stage = Stage::new();
    let first = stage.created(&["/a", "/b"], "r-1").await;
    let again = stage.created(&["/a", "/b"], "r-1").await;
    assert!(first.is_some());
    assert_eq!(first.map(|first| first.id), again.map(|again| again.id));
    assert_eq!(told(&stage.create(&["/c"], "r-1").await), USED);
}

#[tokio::test(start_paused = true)]
async fn failing_polls_take_no_attempts_away_from_a_create() {
    let stage = Stage::new();
    stage.emulator.inject(
        Fault::new(Trouble::ServiceUnavailable)
            .on(Operation::GetInvalidation)
            .always(),
    );
    let poll = || Call::GetInvalidation {
        target: shop(),
        id: InvalidationId::new("I1"),
    };
    for _ in 0..60 {
        assert_eq!(told(&stage.cloudfront.call(poll()).await), INTERNAL);
    }
    let attempts = stage
        .emulator
        .received()
        .operations
        .get(&Operation::GetInvalidation)
        .copied();
    assert!(attempts < Some(180), "the reads' own quota is used up: {attempts:?}");
    assert!(stage.created(&["/a"], "r-1").await.is_some());
    let (attempts, _) = stage.troubled(&Trouble::Hang, create(&["/b"], "r-2")).await;
    assert_eq!(attempts, 1);
}

#[tokio::test(start_paused = true)]
async fn two_thousand_polls_are_answered() {
    let stage = Stage::new();
    let id = stage
        .created(&["/a"], "r-1")
        .await
        .map_or(InvalidationId::new(""), |created| created.id);
    for poll in 0..2_000 {
        let answer = stage
            .cloudfront
            .call(Call::GetInvalidation {
                target: shop(),
                id: id.clone(),
            })
            .await;
        assert!(
            matches!(&answer, Ok(Answer::Invalidation(found)) if found.id == id),
            "{poll}: {answer:?}"
        );
        tokio::time::sleep(Duration::from_secs(20)).await;
    }
    assert!(stage.clock.elapsed() >= Duration::from_hours(11));
}

#[tokio::test(start_paused = true)]
async fn an_invalidation_is_told_whole_and_completes() {
    let stage = Stage::new();
    let created = stage.created(&["/caf%C3%A9/*", "#Tag", "/a?x=1&y=2"], "r-1").await;
    let mut items = created
        .as_ref()
        .map(|created| created.items.clone())
        .unwrap_or_default();
    items.sort();
    assert_eq!(items, ["#Tag", "/a?x=1&y=2", "/caf%C3%A9/*"]);
    tokio::time::sleep(Duration::from_mins(1)).await;
    let id = created.map_or(InvalidationId::new(""), |created| created.id);
    let Ok(Answer::Invalidation(found)) = stage
        .cloudfront
        .call(Call::GetInvalidation { target: shop(), id })
        .await
    else {
        unreachable!("the invalidation was just made")
    };
    let reference = found.caller_reference.clone();
    assert_eq!(
        (found.status.as_str(), reference.as_str(), found.create_time),
        ("Completed", "r-1", Clock::new().now())
    );
}

#[tokio::test(start_paused = true)]
async fn the_status_of_another_server_passes_as_it_is() {
    let stage = Stage::new();
    for word in ["COMPLETED", "Brewing", ""] {
        let trouble = Trouble::Status(word.to_owned());
        let (_, result) = stage.troubled(&trouble, create(&["/a"], &format!("r-{word}"))).await;
        let status = result.ok().and_then(|answer| match answer {
            Answer::Created(Created { invalidation, .. }) => Some(invalidation.status.as_str().to_owned()),
            _ => None,
        });
        assert_eq!(status.as_deref(), Some(word));
    }
}

#[tokio::test(start_paused = true)]
async fn pages_follow_each_other_to_the_end() {
    let (clock, options) = (
        Clock::new(),
        Options {
            distributions: Some(250),
            ..Options::default()
        },
    );
    let cloudfront = InProcess::new(Arc::new(Emulator::new(options)), clock).cloudfront();
    let (mut marker, mut pages, mut ids) = (None, Vec::new(), Vec::new());
    while let Ok(Answer::Distributions(page)) = cloudfront.call(Call::ListDistributions { marker }).await {
        pages.push(page.items.len());
        ids.extend(page.items.into_iter().map(|distribution| distribution.id));
        marker = page.next;
        if marker.is_none() {
            break;
        }
    }
    ids.sort();
    ids.dedup();
    assert_eq!((pages, ids.len()), (vec![100, 100, 50], 250));
}

#[tokio::test(start_paused = true)]
async fn a_distribution_is_told_with_all_that_matters() {
    let stage = Stage::new();
    let distributions = distributions(&stage).await;
    let of = |id: &str| distributions.iter().find(|distribution| distribution.id.as_str() == id);
    assert_eq!(
        of(SHOP)
            .and_then(Distribution::account)
            .map(|account| account.to_string()),
        Some("123456789012".to_owned())
    );
    assert!(
        of(SHOP).is_some_and(|shop| !shop.comment.is_empty() && !shop.comment.contains("Redacted")),
        "{:?}",
        of(SHOP)
    );
    for distribution in &distributions {
        let call = Call::GetDistribution(distribution.id.clone());
        let Ok(Answer::Distribution(config)) = stage.cloudfront.call(call).await else {
            unreachable!("{} was just listed", distribution.id)
        };
        assert_eq!(&config.distribution, distribution, "both calls tell the same");
    }
    let modes = distributions
        .iter()
        .filter(|one| one.connection_mode == ConnectionMode::TenantOnly);
    assert_eq!(modes.map(|one| one.domain_name.as_str()).collect::<Vec<_>>(), ["-"]);
}

#[tokio::test(start_paused = true)]
async fn how_paths_are_served_is_told_by_the_distribution_and_its_policies() {
    let stage = Stage::new();
    let distributions = distributions(&stage).await;
    let served = |id: &str, pattern: &str| {
        let of = distributions.iter().find(|one| one.id.as_str() == id);
        let behaviors = of.map(|one| one.behaviors.clone()).unwrap_or_default();
        behaviors
            .into_iter()
            .find(|behavior| behavior.path_pattern == pattern)
            .unwrap_or_default()
    };
    let function = served("ECAMP0WD7LZ3RH", "*")
        .viewer_function
        .map(|function| function.label());
    assert_eq!(function.as_deref(), Some("function campaign-pages"));
    let video = ["/members/*", "/smooth/*"].map(|pattern| served("E5VIDEO9MW4PLA", pattern).signed);
    assert_eq!(video, [true, false]);
    let key = |query: &[&str]| CacheKey {
        query: QueryKey::Only(query.iter().map(ToString::to_string).collect()),
        ..CacheKey::default()
    };
    assert_eq!(served(SHOP, "/search*").cache_key, Some(key(&["q", "page"])));
    let catalog = served("E6API0QK8SZ3WV", "/v3/catalog*");
    assert_eq!(catalog.cache_key, None);
    let Some(policy) = catalog.cache_policy else {
        unreachable!("it has a policy of its own")
    };
    let read = stage.cloudfront.call(Call::GetCachePolicy(policy)).await;
    let expected = CacheKey {
        headers: vec!["Accept-Language".to_owned()],
        ..key(&["lang", "page"])
    };
    assert_eq!(read, Ok(Answer::CacheKey(expected)));
    let optimized = CachePolicyId::new("658327ea-f89d-4fab-a63d-7e88639e58f6");
    let read = stage.cloudfront.call(Call::GetCachePolicy(optimized)).await;
    assert_eq!(read, Ok(Answer::CacheKey(CacheKey::default())));
    let nobody = stage
        .cloudfront
        .call(Call::GetCachePolicy(CachePolicyId::new("none")))
        .await;
    let code = nobody
        .err()
        .and_then(|failure| failure.refusal().map(|refusal| refusal.code.clone()));
    assert_eq!(code.as_deref(), Some("NoSuchCachePolicy"));
}

#[tokio::test(start_paused = true)]
async fn a_distribution_names_its_staging_distribution_and_whom_it_refuses() {
    let stage = Stage::new();
    let shop = DistributionId::new(SHOP);
    let Ok(Answer::Distribution(config)) = stage.cloudfront.call(Call::GetDistribution(shop)).await else {
        unreachable!("it is there")
    };
    assert_eq!(config.distribution.refuses, Refused::default());
    let Some(policy) = config.continuous_deployment else {
        unreachable!("it has one")
    };
    let names = stage.cloudfront.call(Call::GetDeploymentPolicy(policy)).await;
    let staging = vec!["d3h5s8n2b7kq4m.cloudfront.net".to_owned()];
    assert_eq!(names, Ok(Answer::StagingNames(staging)));
    let strict = invalidash::emulator::Distribution {
        id: "ESTRICT".to_owned(),
        refused_countries: vec!["AQ".to_owned()],
        viewer_mtls: "required".to_owned(),
        ..Default::default()
    };
    stage.emulator.put(strict, stage.clock.now());
    let call = Call::GetDistribution(DistributionId::new("ESTRICT"));
    let Ok(Answer::Distribution(config)) = stage.cloudfront.call(call).await else {
        unreachable!("it was put there")
    };
    let all = Refused {
        without_certificate: true,
        by_country: true,
    };
    assert_eq!(config.distribution.refuses, all);
    assert!(
        distributions(&stage).await.iter().any(|one| one.refuses == all),
        "the list tells it, too"
    );
}

#[tokio::test(start_paused = true)]
async fn tenants_have_calls_of_their_own() {
    let stage = Stage::new();
    let distributions = distributions(&stage).await;
    let parent = distributions
        .iter()
        .find(|one| one.is_multi_tenant())
        .map(|one| one.id.clone());
    let parent = parent.unwrap_or(DistributionId::new(""));
    let call = Call::ListTenants {
        distribution: parent.clone(),
        marker: None,
    };
    let Ok(Answer::Tenants(page)) = stage.cloudfront.call(call).await else {
        unreachable!("{parent} has tenants")
    };
    assert!(
        page.items
            .iter()
            .all(|tenant| tenant.distribution == parent && !tenant.domains.is_empty()),
        "{page:?}"
    );
    let Some(tenant) = page.items.first() else {
        unreachable!("{parent} has tenants")
    };
    let target = Target::Tenant(tenant.id.clone());
    let Some(batch) = batch(&["/*"]) else {
        unreachable!("it holds an item")
    };
    let call = Call::CreateInvalidation {
        target: target.clone(),
        batch,
        reference: CallerReference::new("r-1"),
    };
    let Ok(Answer::Created(Created { invalidation, .. })) = stage.cloudfront.call(call).await else {
        unreachable!("it is there")
    };
    let call = Call::GetInvalidation {
        target: target.clone(),
        id: invalidation.id.clone(),
    };
    assert_eq!(
        stage.cloudfront.call(call).await,
        Ok(Answer::Invalidation(invalidation.clone()))
    );
    let listed = stage
        .cloudfront
        .call(Call::ListInvalidations { target, marker: None })
        .await;
    assert!(
        matches!(&listed, Ok(Answer::Invalidations(page)) if page.items == [invalidation.summary()]),
        "{listed:?}"
    );
    let gone = Call::ListInvalidations {
        target: Target::from_id("dt_gone"),
        marker: None,
    };
    assert!(
        matches!(stage.cloudfront.call(gone).await, Err(Failure::Refused(refusal)) if refusal.code == "EntityNotFound")
    );
}

async fn distributions(stage: &Stage) -> Vec<Distribution> {
    match stage.cloudfront.call(Call::ListDistributions { marker: None }).await {
        Ok(Answer::Distributions(page)) => page.items,
        Ok(_) | Err(_) => Vec::new(),
    }
}
