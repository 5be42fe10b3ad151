//! Calls CloudFront through the AWS SDK. Takes and returns domain types, and classifies every outcome.
//!
//! Two clients share one configuration. Reads use the SDK's own retries; creates have none, because the queue retries
//! and displays them. Each client has its own retry quota: the SDK's default quota is shared by the whole process, so
//! a failing poll would use up the attempts of everything else.

mod asking;
mod bounds;
mod convert;
mod failure;
mod trail;

use std::time::Duration;

use aws_sdk_cloudfront::Client;
use aws_sdk_cloudfront::config::retry::{RetryConfig, RetryPartition};
use aws_sdk_cloudfront::config::timeout::TimeoutConfig;
use aws_sdk_cloudfront::config::{BehaviorVersion, Config, IdentityCache, Region, StalledStreamProtectionConfig};
use aws_sdk_cloudfront::operation::RequestId as _;
use aws_sdk_cloudfront::types::{
    CachePolicy, ContinuousDeploymentPolicy, DistributionTenant, DistributionTenantAssociationFilter,
};

use crate::domain::batch::{Batch, CallerReference};
use crate::domain::behavior::CachePolicyId;
use crate::domain::distribution::{ConnectionGroupId, DeploymentPolicyId, DistributionId, Target, TenantId};
use crate::domain::failure::Failure;
use crate::domain::invalidation::InvalidationId;
use crate::engine::effect::{Answer, Call, Created};
use crate::runtime::credentials::{Connection, app_name};
use asking::asking;
use failure::{Asked, Ending};

/// The number of entries per page: CloudFront's default, because larger pages are not documented
/// (`docs/cloudfront.md`, "Paging").
const PAGE: i32 = 100;

/// The timeout of one attempt of a read. `READ` is the timeout of all attempts together.
const READ_ATTEMPT: Duration = Duration::from_secs(10);
const READ: Duration = Duration::from_mins(1);

/// The timeout of a create. It is longer than that of a read, because reads can simply be repeated.
const CREATE: Duration = Duration::from_secs(30);

/// The connection timeout, which is also the SDK's default.
const CONNECT: Duration = Duration::from_millis(3100);

/// A CloudFront client over one connection.
pub struct CloudFront {
    connection: Connection,
    reads: Client,
    creates: Client,
}

impl std::fmt::Debug for CloudFront {
    /// Omits the SDK's configuration, which would print credentials.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CloudFront")
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}

impl CloudFront {
    /// Creates the clients, without sending or reading anything.
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        let (retries, none) = (connection.retries(), RetryConfig::disabled());
        let reads = client(&connection, "invalidash-reads", retries, (READ_ATTEMPT, READ));
        let creates = client(&connection, "invalidash-creates", none, (CREATE, CREATE));
        Self {
            connection,
            reads,
            creates,
        }
    }

    /// Returns the connection.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Sends a call and returns the response in domain types.
    ///
    /// # Errors
    /// How the call failed (`docs/cloudfront.md`, "How a call can end"). Only after [`Failure::Unknown`]
    /// is it uncertain whether CloudFront acted.
    pub async fn call(&self, call: Call) -> Result<Answer, Failure> {
        bounds::check_call(&call)?;
        self.connection.credentials().await?;
        let asked = Box::pin(self.ask_in_time(call.clone()));
        let result = self.connection.waits().naming(asking(&call), asked).await;
        let result = result.and_then(bounds::check_answer);
        if result.as_ref().is_err_and(Failure::needs_login) {
            self.connection.forget_credentials();
        }
        result
    }

    /// Sends a call, and repeats it once if the signature was refused and the refusal showed that the local clock is
    /// wrong. In that case, the request had no effect, and the same request is signed again.
    async fn ask_in_time(&self, call: Call) -> Result<Answer, Failure> {
        let clock = self.connection.clock();
        let behind = clock.behind();
        match self.ask(call.clone()).await {
            Err(failure) if failure.may_be_the_clock() && clock.was_set_since(behind) => self.ask(call).await,
            result => result,
        }
    }

    async fn ask(&self, call: Call) -> Result<Answer, Failure> {
        match call {
            Call::ListDistributions { marker } => self.list_distributions(marker).await,
            Call::GetDistribution(id) => self.get_distribution(id).await,
            Call::GetCachePolicy(id) => self.get_cache_policy(id).await,
            Call::GetDeploymentPolicy(id) => self.get_deployment_policy(id).await,
            Call::ListTenants { distribution, marker } => self.list_tenants(distribution, marker).await,
            Call::GetTenant(id) => self.get_tenant(id).await,
            Call::FindTenant(domain) => self.find_tenant(domain).await,
            Call::GetConnectionGroup(id) => self.get_connection_group(id).await,
            Call::ListInvalidations { target, marker } => self.list_invalidations(target, marker).await,
            Call::GetInvalidation { target, id } => self.get_invalidation(target, id).await,
            Call::LookUpEvents(query) => trail::look_up(&self.connection, query).await.map(Answer::Events),
            Call::CreateInvalidation {
                target,
                batch,
                reference,
            } => self.create_invalidation(target, &batch, &reference).await,
        }
    }

    async fn list_distributions(&self, marker: Option<String>) -> Result<Answer, Failure> {
        let request = self.reads.list_distributions().set_marker(marker.clone());
        let output = self.read(request.max_items(PAGE).send()).await?;
        let list = output
            .distribution_list
            .ok_or_else(|| nothing_in_it("ListDistributions"))?;
        whole("ListDistributions", list.quantity(), list.items().len())?;
        Ok(Answer::Distributions(convert::distributions(&list, marker.as_deref())))
    }

    async fn get_distribution(&self, id: DistributionId) -> Result<Answer, Failure> {
        let output = self.read(self.reads.get_distribution().id(id.as_str()).send()).await?;
        let distribution = output.distribution().filter(|one| !one.id().is_empty());
        distribution
            .map(|one| Answer::Distribution(Box::new(convert::distribution_config(one, output.e_tag()))))
            .ok_or_else(|| nothing_in_it("GetDistribution"))
    }

    async fn get_cache_policy(&self, id: CachePolicyId) -> Result<Answer, Failure> {
        let output = self.read(self.reads.get_cache_policy().id(id.as_str()).send()).await?;
        let policy = output.cache_policy().and_then(CachePolicy::cache_policy_config);
        policy
            .map(|policy| Answer::CacheKey(convert::key_of_policy(policy)))
            .ok_or_else(|| nothing_in_it("GetCachePolicy"))
    }

    async fn get_deployment_policy(&self, id: DeploymentPolicyId) -> Result<Answer, Failure> {
        let request = self.reads.get_continuous_deployment_policy().id(id.as_str());
        let output = self.read(request.send()).await?;
        let policy = output.continuous_deployment_policy();
        policy
            .and_then(ContinuousDeploymentPolicy::continuous_deployment_policy_config)
            .map(|policy| Answer::StagingNames(convert::staging_names(policy)))
            .ok_or_else(|| nothing_in_it("GetContinuousDeploymentPolicy"))
    }

    async fn list_tenants(&self, distribution: DistributionId, marker: Option<String>) -> Result<Answer, Failure> {
        let filter = DistributionTenantAssociationFilter::builder().distribution_id(distribution.as_str());
        let request = self
            .reads
            .list_distribution_tenants()
            .association_filter(filter.build());
        let request = request.set_marker(marker.clone()).max_items(PAGE);
        let output = self.read(request.send()).await?;
        Ok(Answer::Tenants(convert::tenants(&output, marker.as_deref())))
    }

    async fn get_tenant(&self, id: TenantId) -> Result<Answer, Failure> {
        let request = self.reads.get_distribution_tenant().identifier(id.as_str());
        let output = self.read(request.send()).await?;
        told(output.distribution_tenant(), "GetDistributionTenant")
    }

    async fn find_tenant(&self, domain: String) -> Result<Answer, Failure> {
        let request = self.reads.get_distribution_tenant_by_domain().domain(domain);
        let output = self.read(request.send()).await?;
        told(output.distribution_tenant(), "GetDistributionTenantByDomain")
    }

    async fn get_connection_group(&self, id: ConnectionGroupId) -> Result<Answer, Failure> {
        let request = self.reads.get_connection_group().identifier(id.as_str());
        let output = self.read(request.send()).await?;
        let group = output.connection_group();
        group
            .map(|group| Answer::RoutingEndpoint(group.routing_endpoint().unwrap_or_default().to_owned()))
            .ok_or_else(|| nothing_in_it("GetConnectionGroup"))
    }

    async fn list_invalidations(&self, target: Target, marker: Option<String>) -> Result<Answer, Failure> {
        let asked = marker.clone();
        let list = match target {
            Target::Distribution(id) => {
                let request = self.reads.list_invalidations().distribution_id(id.as_str());
                let request = request.set_marker(marker).max_items(PAGE);
                self.read(request.send()).await?.invalidation_list
            }
            Target::Tenant(id) => {
                let request = self.reads.list_invalidations_for_distribution_tenant().id(id.as_str());
                let request = request.set_marker(marker).max_items(PAGE);
                self.read(request.send()).await?.invalidation_list
            }
        };
        let list = list.ok_or_else(|| nothing_in_it("ListInvalidations"))?;
        whole("ListInvalidations", list.quantity(), list.items().len())?;
        Ok(Answer::Invalidations(convert::invalidations(&list, asked.as_deref())))
    }

    async fn get_invalidation(&self, target: Target, id: InvalidationId) -> Result<Answer, Failure> {
        let invalidation = match target {
            Target::Distribution(distribution) => {
                let request = self.reads.get_invalidation().id(id.as_str());
                let request = request.distribution_id(distribution.as_str());
                self.read(request.send()).await?.invalidation
            }
            Target::Tenant(tenant) => {
                let request = self.reads.get_invalidation_for_distribution_tenant();
                let request = request.distribution_tenant_id(tenant.as_str()).id(id.as_str());
                self.read(request.send()).await?.invalidation
            }
        };
        let invalidation = invalidation.as_ref().and_then(convert::invalidation);
        invalidation
            .map(Answer::Invalidation)
            .ok_or_else(|| nothing_in_it("GetInvalidation"))
    }

    async fn create_invalidation(
        &self,
        target: Target,
        batch: &Batch,
        reference: &CallerReference,
    ) -> Result<Answer, Failure> {
        let batch = convert::invalidation_batch(batch, reference)?;
        let (request_id, invalidation) = match target {
            Target::Distribution(id) => {
                let request = self.creates.create_invalidation().distribution_id(id.as_str());
                let output = self.answered(request.invalidation_batch(batch).send(), CREATE).await?;
                (output.request_id().map(str::to_owned), output.invalidation)
            }
            Target::Tenant(id) => {
                let request = self.creates.create_invalidation_for_distribution_tenant();
                let request = request.id(id.as_str()).invalidation_batch(batch);
                let output = self.answered(request.send(), CREATE).await?;
                (output.request_id().map(str::to_owned), output.invalidation)
            }
        };
        let invalidation = invalidation.as_ref().and_then(convert::invalidation);
        Ok(Answer::Created(Created {
            invalidation: invalidation.ok_or_else(|| nothing_in_it("CreateInvalidation"))?,
            request_id,
        }))
    }

    /// Waits for the response to a read.
    async fn read<T, E: Into<Ending>>(&self, sent: impl Future<Output = Result<T, E>>) -> Result<T, Failure> {
        self.answered(sent, READ_ATTEMPT).await
    }

    /// Waits for the response to a request. `patience` is the request's timeout, which the error message mentions.
    async fn answered<T, E: Into<Ending>>(
        &self,
        sent: impl Future<Output = Result<T, E>>,
        patience: Duration,
    ) -> Result<T, Failure> {
        let asked = Asked {
            connection: &self.connection,
            server: self.connection.host(),
            patience,
        };
        sent.await.map_err(|error| failure::of(error.into(), &asked))
    }
}

/// Converts the tenant in a response.
fn told(tenant: Option<&DistributionTenant>, operation: &str) -> Result<Answer, Failure> {
    let tenant = tenant.and_then(convert::tenant);
    tenant
        .map(|tenant| Answer::Tenant(Box::new(tenant)))
        .ok_or_else(|| nothing_in_it(operation))
}

/// Returns the failure for a successful response without a result. It leaves open whether a create had an effect.
fn nothing_in_it(operation: &str) -> Failure {
    Failure::Unknown(format!(
        "the response to {operation} reported success but had no result"
    ))
}

/// Checks that a page is complete. A page states its number of entries before it lists them; if there are fewer, the
/// page was truncated, and the missing entries still exist. Other servers omit the number.
fn whole(operation: &str, told: i32, held: usize) -> Result<(), Failure> {
    if usize::try_from(told).is_ok_and(|told| held < told) {
        return Err(Failure::Unknown(format!(
            "the response to {operation} was truncated: {held} of {told} entries arrived"
        )));
    }
    Ok(())
}

/// Creates a client with these timeouts: one for each attempt, and one for all attempts of a request.
fn client(
    connection: &Connection,
    partition: &'static str,
    retries: RetryConfig,
    (attempt, all): (Duration, Duration),
) -> Client {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT)
        .operation_attempt_timeout(attempt)
        .operation_timeout(all);
    let mut builder = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(connection.region().to_owned()))
        .credentials_provider(connection.keys())
        // The connection itself caches the credentials, because it can load new ones.
        .identity_cache(IdentityCache::no_cache())
        // The timeout of an attempt also covers a stalled body; the SDK's own stall detection gives false alarms.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .retry_config(retries)
        .retry_partition(RetryPartition::custom(partition).build())
        .timeout_config(timeouts.build())
        .http_client(connection.http_client())
        .time_source(connection.clock().clone())
        // All clients share one clock. With the SDK's own correction, each would have to determine the offset itself,
        // and the client for creates would learn it only from a refusal.
        .disable_clock_skew_correction(true);
    builder.set_app_name(app_name(connection.app_id()));
    builder.set_endpoint_url(connection.endpoint_url().map(str::to_owned));
    builder.set_use_fips(connection.uses_fips().then_some(true));
    builder.set_use_dual_stack(connection.uses_dual_stack().then_some(true));
    Client::from_conf(builder.build())
}
