//! Connection groups. Before a tenant's DNS points to CloudFront, the tenant can be reached through the routing
//! endpoint of its group.

use crate::domain::distribution::{ConnectionGroupId, Tenant, TenantId};
use crate::domain::edge::host_before_dns;
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::engine::effect::Call;
use crate::engine::notices::Level;
use crate::engine::pending::CallRequest;
use crate::engine::reads;
use crate::engine::session::Session;
use crate::engine::state::Engine;

/// The action that reads a connection group.
const ACTION: &str = "cloudfront:GetConnectionGroup";

/// Reads a tenant's connection group once, at polling priority, if the tenant can only be reached through the group.
pub(crate) fn learn(engine: &mut Engine, id: &TenantId) {
    let tenant = engine.tenants.get(id);
    let Some((_, group)) = tenant.and_then(host_before_dns) else {
        return;
    };
    let kind = CallRequest::ConnectionGroup(group.clone());
    if engine.pending.has(&kind)
        || engine.tenants.endpoint(group).is_some()
        || !matches!(engine.session, Session::Connected(_))
    {
        return;
    }
    let call = Call::GetConnectionGroup(group.clone());
    reads::watch(engine, kind, call);
}

/// Stores the routing endpoint of a connection group. If reading it was denied, reports that once.
pub(crate) fn read(engine: &mut Engine, group: ConnectionGroupId, result: Result<String, Failure>) {
    engine.touch();
    match result {
        Ok(endpoint) => {
            let endpoint = Some(endpoint).filter(|endpoint| !endpoint.is_empty());
            engine.tenants.take_endpoint(group, endpoint);
        }
        Err(failure) => match failure.refusal().map(Refusal::kind) {
            Some(RefusalKind::NotFound) => engine.tenants.take_endpoint(group, None),
            Some(RefusalKind::AccessDenied) if engine.fleet.policies.told.insert(ACTION) => {
                let what = "checking a tenant whose DNS is not set up needs";
                engine.say(Level::Info, format!("{what} {ACTION}"));
            }
            _ => {}
        },
    }
}

/// Returns the domain for reaching a tenant through its connection group, or a phrase explaining why the tenant cannot
/// be reached. Returns `None` if the tenant does not need its group.
pub(in crate::engine) fn reached(engine: &Engine, tenant: &Tenant) -> Option<Result<String, String>> {
    let (domain, group) = host_before_dns(tenant)?;
    let not_yet = "no domain points to CloudFront yet";
    let is_denied = || engine.fleet.policies.told.contains(ACTION);
    Some(match engine.tenants.endpoint(group) {
        Some(Some(_)) => Ok(domain.to_owned()),
        Some(None) => Err(format!("{not_yet}, and the connection group has no routing endpoint")),
        None if is_denied() => Err(format!("{not_yet}; checking the tenant needs {ACTION}")),
        None => Err(format!("{not_yet}; the connection group is still loading")),
    })
}

/// Returns the routing endpoint for reaching a host whose DNS does not point to CloudFront yet.
pub(in crate::engine) fn endpoint<'a>(engine: &'a Engine, host: &str) -> Option<&'a str> {
    let (domain, group) = engine.tenants.by_host(host).and_then(host_before_dns)?;
    let is_it = domain.eq_ignore_ascii_case(host);
    engine.tenants.endpoint(group).flatten().filter(|_| is_it)
}

/// Returns a remark for a host that was checked through its connection group.
pub(in crate::engine) fn remark(engine: &Engine, host: &str) -> Option<String> {
    let endpoint = endpoint(engine, host)?;
    Some(format!(
        "{host} does not point to CloudFront yet, so it was checked through its connection \
            group's routing endpoint {endpoint}"
    ))
}
