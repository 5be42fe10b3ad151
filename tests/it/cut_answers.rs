//! A response that ends before its root element does is rejected: every operation, with its response truncated at every
//! byte.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_cloudfront::config::{HttpClient, RuntimeComponents};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use chrono::TimeDelta;
use invalidash::domain::batch::{Batch, CallerReference};
use invalidash::domain::behavior::CachePolicyId;
use invalidash::domain::distribution::{DeploymentPolicyId, DistributionId, Target, TenantId};
use invalidash::domain::failure::Failure;
use invalidash::domain::invalidation::InvalidationId;
use invalidash::domain::trail::Query;
use invalidash::emulator::{ApiError, Emulator, Fault, Options, Tenant, Trouble};
use invalidash::engine::effect::{Answer, Call, Created};
use invalidash::runtime::cloudfront::CloudFront;

use crate::support::clock::Clock;
use crate::support::connector::InProcess;

const SHOP: &str = "E1A2WTXM7KQ4SV";
const TENANT: &str = "dt_2yMvQgam3QkJo2z54FDl91dk1AB";

/// Gives what the emulator answered first again and again, as far as a server gets that closes the connection early.
#[derive(Clone, Debug)]
struct Scissors {
    emulator: InProcess,
    whole: Arc<Mutex<Option<(u16, Bytes)>>>,
    after: Arc<AtomicUsize>,
}

impl Scissors {
    fn new(emulator: InProcess) -> Self {
        Self {
            emulator,
            whole: Arc::default(),
            after: Arc::new(AtomicUsize::new(usize::MAX)),
        }
    }

    fn whole(&self) -> Option<(u16, Bytes)> {
        self.whole.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn cut(&self, (status, body): (u16, Bytes)) -> HttpResponse {
        let after = self.after.load(Ordering::Relaxed).min(body.len());
        HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body.slice(..after)))
    }
}

impl HttpClient for Scissors {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Scissors {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let this = self.clone();
        HttpConnectorFuture::new(async move {
            if this.whole().is_none() {
                let response = this.emulator.call(request).await?;
                let body = response.body().bytes().map(Bytes::copy_from_slice).unwrap_or_default();
                *this.whole.lock().unwrap_or_else(PoisonError::into_inner) = Some((response.status().as_u16(), body));
            }
            Ok(this.cut(this.whole().unwrap()))
        })
    }
}

/// An account of one distribution, so that its longest list is short.
fn emulator(clock: Clock) -> Arc<Emulator> {
    let emulator = Emulator::new(Options {
        distributions: Some(1),
        ..Options::default()
    });
    let tenant = Tenant {
        id: TENANT.to_owned(),
        distribution_id: SHOP.to_owned(),
        domains: vec!["a.tenant.example".to_owned()],
        ..Tenant::default()
    };
    emulator.put_tenant(tenant, clock.now());
    Arc::new(emulator)
}

fn create(target: &Target) -> Call {
    Call::CreateInvalidation {
        target: target.clone(),
        batch: Batch::new(vec!["/a".to_owned(), "/b/*".to_owned()]).unwrap(),
        reference: CallerReference::new("r-1"),
    }
}

fn reads(target: &Target, id: &InvalidationId) -> Vec<Call> {
    vec![
        Call::ListInvalidations {
            target: target.clone(),
            marker: None,
        },
        Call::GetInvalidation {
            target: target.clone(),
            id: id.clone(),
        },
    ]
}

/// What an answer is when it is cut after each of its bytes. `None`: it was never taken for one.
async fn taken_too_early(emulator: &Arc<Emulator>, clock: Clock, call: &Call) -> (usize, Option<String>) {
    let scissors = Scissors::new(InProcess::new(Arc::clone(emulator), clock));
    let connection = scissors.emulator.connection().over(scissors.clone());
    let cloudfront = CloudFront::new(connection);
    let whole = cloudfront.call(call.clone()).await;
    let length = scissors.whole().unwrap().1.len();
    for after in 0..length {
        scissors.after.store(after, Ordering::Relaxed);
        match cloudfront.call(call.clone()).await {
            Err(Failure::Unknown(_)) => {}
            taken => {
                return (
                    length,
                    Some(format!("{call:?} after {after} of {length} bytes: {taken:?}")),
                );
            }
        }
    }
    scissors.after.store(length, Ordering::Relaxed);
    assert_eq!(cloudfront.call(call.clone()).await, whole, "{call:?}");
    (length, None)
}

async fn made(cloudfront: &CloudFront, target: &Target) -> InvalidationId {
    match cloudfront.call(create(target)).await {
        Ok(Answer::Created(Created { invalidation, .. })) => invalidation.id,
        _ => InvalidationId::new(""),
    }
}

/// Holds that none of these is taken for an answer before its end.
async fn hold(emulator: &Arc<Emulator>, clock: Clock, calls: Vec<Call>) {
    let mut taken = Vec::new();
    for call in &calls {
        let (length, early) = taken_too_early(emulator, clock, call).await;
        assert!(length > 300, "{call:?} is answered with {length} bytes");
        taken.extend(early);
    }
    assert_eq!(taken, Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn no_list_or_configuration_is_taken_before_its_end() {
    let clock = Clock::new();
    let distribution = DistributionId::new(SHOP);
    let calls = vec![
        Call::ListDistributions { marker: None },
        Call::GetDistribution(distribution.clone()),
        Call::GetCachePolicy(CachePolicyId::new("658327ea-f89d-4fab-a63d-7e88639e58f6")),
        Call::GetDeploymentPolicy(DeploymentPolicyId::new("4f0c2b8e-6a1d-4953-97c5-e8b2a04d6f1c")),
        Call::ListTenants {
            distribution,
            marker: None,
        },
        Call::GetTenant(TenantId::new(TENANT)),
        Call::FindTenant("a.tenant.example".to_owned()),
    ];
    hold(&emulator(clock), clock, calls).await;
}

#[tokio::test(start_paused = true)]
async fn no_invalidation_is_taken_before_its_end() {
    let clock = Clock::new();
    let emulator = emulator(clock);
    let cloudfront = InProcess::new(Arc::clone(&emulator), clock).cloudfront();
    let mut calls = vec![Call::LookUpEvents(Query {
        name: "CreateInvalidation",
        from: clock.now() - TimeDelta::hours(1),
        to: clock.now() + TimeDelta::hours(1),
        token: None,
    })];
    for target in [Target::from_id(SHOP), Target::from_id(TENANT)] {
        let id = made(&cloudfront, &target).await;
        calls.push(create(&target));
        calls.extend(reads(&target, &id));
    }
    hold(&emulator, clock, calls).await;
}

#[tokio::test(start_paused = true)]
async fn no_refusal_is_one_that_cloudfront_did_not_finish_saying() {
    let clock = Clock::new();
    let emulator = emulator(clock);
    let shop = Target::from_id(SHOP);
    let refusals = [
        Trouble::Throttling,
        Trouble::TooManyInvalidations,
        Trouble::BatchTooLarge,
        Trouble::AccessDenied,
        Trouble::ExpiredToken,
        Trouble::SignatureDoesNotMatch,
        Trouble::NoSuchDistribution,
        Trouble::ReferenceClash { documented: true },
        Trouble::ReferenceClash { documented: false },
        Trouble::Error(ApiError::new(400, "InvalidArgument", "A path is wrong.")),
    ];
    let mut taken = Vec::new();
    for refusal in refusals {
        for call in [create(&shop), Call::ListDistributions { marker: None }] {
            emulator.inject(Fault::new(refusal.clone()));
            let (_, early) = taken_too_early(&emulator, clock, &call).await;
            taken.extend(early);
        }
    }
    assert_eq!(taken, Vec::<String>::new());
}
