//! Implements `ListDistributionTenants` (a POST), `GetDistributionTenant`, `GetDistributionTenantByDomain` and
//! `GetConnectionGroup`.

use super::answer::{Answer, time};
use super::page::page;
use crate::emulator::distribution::Tenant;
use crate::emulator::error::ApiError;
use crate::emulator::message::Request;
use crate::emulator::state::State;
use crate::emulator::xml::{Element, Writer};

pub(crate) fn list(state: &State, request: &Request) -> Result<Answer, ApiError> {
    let wish = Wish::read(&request.body)?;
    if let Some(id) = &wish.distribution
        && state.distribution(id).is_err()
    {
        return Err(ApiError::ENTITY_NOT_FOUND);
    }
    let all = state.tenants.iter().filter(|tenant| wish.includes(tenant));
    let (marker, max_items) = (wish.marker.as_deref(), wish.max_items.as_deref());
    let page = page(all, |tenant| &tenant.id, marker, max_items, state.settings.page_limit)?;
    let account = &state.settings.account;
    Ok(Answer::ok(Writer::document("ListDistributionTenantsResult", |xml| {
        if let Some(next) = &page.next_marker {
            xml.leaf("NextMarker", next);
        }
        xml.node("DistributionTenantList", |xml| {
            for tenant in &page.items {
                xml.node("DistributionTenantSummary", |xml| {
                    describe(xml, tenant, account);
                    xml.leaf("ETag", &tenant.etag);
                });
            }
        });
    })))
}

pub(crate) fn get(state: &State, id: &str) -> Result<Answer, ApiError> {
    // The identifier may be an id, a name or an ARN.
    let is_it = |tenant: &&Tenant| tenant.name == id || id.ends_with(&format!("/{}", tenant.id));
    match state.tenants.iter().find(is_it) {
        Some(tenant) => Ok(whole(state, tenant)),
        None => Ok(whole(state, state.tenant(id)?)),
    }
}

pub(crate) fn get_by_domain(state: &State, request: &Request) -> Result<Answer, ApiError> {
    let domain = request.parameter("domain").unwrap_or_default();
    let tenant = state
        .tenants
        .iter()
        .find(|tenant| tenant.serves(&domain))
        .ok_or(ApiError::ENTITY_NOT_FOUND)?;
    Ok(whole(state, tenant))
}

/// Implements `GetConnectionGroup`. A group exists as long as it has a tenant.
pub(crate) fn group(state: &State, id: &str) -> Result<Answer, ApiError> {
    let mut members = state.tenants.iter();
    let member = members.find(|tenant| tenant.connection_group_id == id);
    let member = member.ok_or(ApiError::ENTITY_NOT_FOUND)?;
    let account = &state.settings.account;
    let document = Writer::document("ConnectionGroup", |xml| {
        xml.leaf("Id", id);
        xml.leaf("Name", "default");
        xml.leaf(
            "Arn",
            format_args!("arn:aws:cloudfront::{account}:connection-group/{id}"),
        );
        xml.leaf("CreatedTime", time(member.created));
        xml.leaf("LastModifiedTime", time(member.created));
        xml.leaf("Ipv6Enabled", true);
        xml.leaf("RoutingEndpoint", member.routing_endpoint());
        xml.leaf("Status", "Deployed");
        xml.leaf("Enabled", true);
        xml.leaf("IsDefault", true);
    });
    Ok(Answer::ok(document).with_etag("E2GROUP0000001"))
}

fn whole(state: &State, tenant: &Tenant) -> Answer {
    let document = Writer::document("DistributionTenant", |xml| {
        describe(xml, tenant, &state.settings.account);
    });
    Answer::ok(document).with_etag(&tenant.etag)
}

/// The filter of a `ListDistributionTenants` request.
#[derive(Debug, Default)]
struct Wish {
    distribution: Option<String>,
    connection_group: Option<String>,
    marker: Option<String>,
    max_items: Option<String>,
}

impl Wish {
    /// Parses a request body; every member is optional.
    fn read(body: &[u8]) -> Result<Self, ApiError> {
        if body.is_empty() {
            return Ok(Self::default());
        }
        let root = Element::parse(body).map_err(|_| ApiError::MALFORMED_XML)?;
        let text = |parent: Option<&Element>, name: &str| Some(parent?.child(name)?.text.clone());
        let filter = root.child("AssociationFilter");
        Ok(Self {
            distribution: text(filter, "DistributionId"),
            connection_group: text(filter, "ConnectionGroupId"),
            marker: text(Some(&root), "Marker"),
            max_items: text(Some(&root), "MaxItems"),
        })
    }

    fn includes(&self, tenant: &Tenant) -> bool {
        self.distribution
            .as_ref()
            .is_none_or(|id| *id == tenant.distribution_id)
            && self
                .connection_group
                .as_ref()
                .is_none_or(|id| *id == tenant.connection_group_id)
    }
}

fn describe(xml: &mut Writer, tenant: &Tenant, account: &str) {
    xml.leaf("Id", &tenant.id);
    xml.leaf("DistributionId", &tenant.distribution_id);
    xml.leaf("Name", &tenant.name);
    xml.leaf(
        "Arn",
        format_args!("arn:aws:cloudfront::{account}:distribution-tenant/{}", tenant.id),
    );
    xml.node("Domains", |xml| {
        for domain in &tenant.domains {
            // The service model does not name this element, so both SDKs expect `member`.
            xml.node("member", |xml| {
                xml.leaf("Domain", domain);
                let active = tenant.enabled && !tenant.inactive.contains(domain);
                xml.leaf("Status", if active { "active" } else { "inactive" });
            });
        }
    });
    xml.leaf("ConnectionGroupId", &tenant.connection_group_id);
    xml.leaf("CreatedTime", time(tenant.created));
    xml.leaf("LastModifiedTime", time(tenant.last_modified));
    xml.leaf("Enabled", tenant.enabled);
    xml.leaf("Status", "Deployed");
}
