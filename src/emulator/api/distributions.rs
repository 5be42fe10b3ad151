//! Implements `ListDistributions`, `GetDistribution` and `GetDistributionConfig`.

use chrono::{DateTime, Utc};

use super::answer::{Answer, time};
use super::page::requested;
use crate::emulator::distribution::{Behavior, CacheKey, Distribution, Function, Origin};
use crate::emulator::error::ApiError;
use crate::emulator::message::Request;
use crate::emulator::state::State;
use crate::emulator::xml::Writer;

pub(crate) const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
pub(crate) const CACHING_DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";

/// The key group of every behavior that requires signatures.
const KEY_GROUP: &str = "2d1b4f0a-6f0e-4a37-9a51-0c7b8f4f2f11";

pub(crate) fn list(state: &State, request: &Request, now: DateTime<Utc>) -> Result<Answer, ApiError> {
    let all = state.distributions.iter();
    let page = requested(all, |one| &one.id, request, state.settings.page_limit)?;
    Ok(Answer::ok(Writer::document("DistributionList", |xml| {
        page.write(xml, |xml, one| {
            xml.node("DistributionSummary", |xml| {
                summary(xml, one, &state.settings.account, now);
            });
        });
    })))
}

pub(crate) fn get(state: &State, id: &str, now: DateTime<Utc>) -> Result<Answer, ApiError> {
    let distribution = state.distribution(id)?;
    let batches = state.history(id).map_or(0, |history| history.in_progress(now).count());
    let document = Writer::document("Distribution", |xml| {
        xml.leaf("Id", id);
        xml.leaf("ARN", arn(&state.settings.account, id));
        xml.leaf("Status", distribution.status(now));
        xml.leaf("LastModifiedTime", time(distribution.last_modified));
        xml.leaf("InProgressInvalidationBatches", batches);
        xml.leaf("DomainName", distribution.listed_domain());
        xml.node("DistributionConfig", |xml| config(xml, distribution));
    });
    Ok(Answer::ok(document).with_etag(&distribution.etag))
}

pub(crate) fn get_config(state: &State, id: &str) -> Result<Answer, ApiError> {
    let distribution = state.distribution(id)?;
    let document = Writer::document("DistributionConfig", |xml| config(xml, distribution));
    Ok(Answer::ok(document).with_etag(&distribution.etag))
}

pub(crate) fn arn(account: &str, id: &str) -> String {
    format!("arn:aws:cloudfront::{account}:distribution/{id}")
}

fn summary(xml: &mut Writer, one: &Distribution, account: &str, now: DateTime<Utc>) {
    xml.leaf("Id", &one.id);
    xml.leaf("ARN", arn(account, &one.id));
    xml.leaf("ETag", &one.etag);
    xml.leaf("Status", one.status(now));
    xml.leaf("LastModifiedTime", time(one.last_modified));
    xml.leaf("DomainName", one.listed_domain());
    xml.texts("Aliases", "CNAME", &one.aliases);
    delivery(xml, one);
    xml.leaf("Comment", &one.comment);
    access(xml, one);
    xml.leaf("Staging", one.staging);
    xml.leaf("ConnectionMode", connection_mode(one));
}

fn config(xml: &mut Writer, one: &Distribution) {
    xml.leaf("CallerReference", format_args!("created-{}", one.id));
    xml.texts("Aliases", "CNAME", &one.aliases);
    xml.leaf("DefaultRootObject", &one.default_root_object);
    delivery(xml, one);
    xml.leaf("Comment", &one.comment);
    xml.node("Logging", |xml| {
        xml.leaf("Enabled", false);
        xml.leaf("IncludeCookies", false);
        xml.leaf("Bucket", "");
        xml.leaf("Prefix", "");
    });
    access(xml, one);
    let deployment = one.continuous_deployment.as_ref();
    xml.leaf(
        "ContinuousDeploymentPolicyId",
        deployment.map_or("", |policy| &policy.id),
    );
    xml.leaf("Staging", one.staging);
    xml.leaf("ConnectionMode", connection_mode(one));
    if let Some(header) = &one.cache_tag_header {
        xml.node("CacheTagConfig", |xml| xml.leaf("HeaderName", header));
    }
}

fn connection_mode(one: &Distribution) -> &'static str {
    if one.tenant_only { "tenant-only" } else { "direct" }
}

fn delivery(xml: &mut Writer, one: &Distribution) {
    xml.node("Origins", |xml| {
        xml.items(&one.origins, |xml, each| xml.node("Origin", |xml| origin(xml, each)));
    });
    xml.empty_list("OriginGroups");
    let first = one.origins.first().map_or("", |origin| origin.id.as_str());
    xml.node("DefaultCacheBehavior", |xml| {
        behavior(xml, &one.default_behavior, first);
    });
    xml.node("CacheBehaviors", |xml| {
        xml.items(&one.behaviors, |xml, each| {
            xml.node("CacheBehavior", |xml| {
                xml.leaf("PathPattern", &each.path_pattern);
                behavior(xml, each, first);
            });
        });
    });
    xml.empty_list("CustomErrorResponses");
}

fn origin(xml: &mut Writer, origin: &Origin) {
    xml.leaf("Id", &origin.id);
    xml.leaf("DomainName", &origin.domain_name);
    xml.leaf("OriginPath", &origin.path);
    xml.empty_list("CustomHeaders");
    if origin.is_s3() {
        xml.node("S3OriginConfig", |xml| xml.leaf("OriginAccessIdentity", ""));
        xml.leaf("OriginAccessControlId", "E327GJI25M56DG");
    } else {
        xml.node("CustomOriginConfig", server);
    }
    xml.leaf("ConnectionAttempts", 3);
    xml.leaf("ConnectionTimeout", 10);
    xml.node("OriginShield", |xml| xml.leaf("Enabled", false));
}

fn server(xml: &mut Writer) {
    xml.leaf("HTTPPort", 80);
    xml.leaf("HTTPSPort", 443);
    xml.leaf("OriginProtocolPolicy", "https-only");
    xml.texts("OriginSslProtocols", "SslProtocol", &["TLSv1.2"]);
    xml.leaf("OriginReadTimeout", 30);
    xml.leaf("OriginKeepaliveTimeout", 5);
}

fn behavior(xml: &mut Writer, behavior: &Behavior, first_origin: &str) {
    let origin = if behavior.origin.is_empty() {
        first_origin
    } else {
        &behavior.origin
    };
    xml.leaf("TargetOriginId", origin);
    xml.node("TrustedSigners", |xml| {
        xml.leaf("Enabled", false);
        xml.leaf("Quantity", 0);
    });
    let groups: &[&str] = if behavior.signed { &[KEY_GROUP] } else { &[] };
    xml.node("TrustedKeyGroups", |xml| {
        xml.leaf("Enabled", behavior.signed);
        xml.items(groups, |xml, group| xml.leaf("KeyGroup", group));
    });
    xml.leaf("ViewerProtocolPolicy", "redirect-to-https");
    xml.node("AllowedMethods", |xml| {
        xml.items(&["HEAD", "GET"], |xml, method| xml.leaf("Method", method));
        xml.texts("CachedMethods", "Method", &["HEAD", "GET"]);
    });
    xml.leaf("SmoothStreaming", behavior.smooth_streaming);
    xml.leaf("Compress", true);
    functions(xml, behavior.function.as_ref());
    xml.leaf("FieldLevelEncryptionId", "");
    cache_key(xml, &behavior.cache_key);
}

fn functions(xml: &mut Writer, function: Option<&Function>) {
    let of = |lambda: bool| -> Vec<&Function> { function.into_iter().filter(|one| one.lambda == lambda).collect() };
    xml.node("LambdaFunctionAssociations", |xml| {
        xml.items(&of(true), |xml, one| {
            xml.node("LambdaFunctionAssociation", |xml| {
                let arn = format!("arn:aws:lambda:us-east-1:123456789012:function:{}:1", one.name);
                xml.leaf("LambdaFunctionARN", arn);
                xml.leaf("EventType", "viewer-request");
                xml.leaf("IncludeBody", false);
            });
        });
    });
    xml.node("FunctionAssociations", |xml| {
        xml.items(&of(false), |xml, one| {
            xml.node("FunctionAssociation", |xml| {
                let arn = format!("arn:aws:cloudfront::123456789012:function/{}", one.name);
                xml.leaf("FunctionARN", arn);
                xml.leaf("EventType", "viewer-request");
            });
        });
    });
}

fn cache_key(xml: &mut Writer, key: &CacheKey) {
    match key {
        CacheKey::Path => xml.leaf("CachePolicyId", CACHING_OPTIMIZED),
        CacheKey::NotCached => xml.leaf("CachePolicyId", CACHING_DISABLED),
        CacheKey::Policy(policy) => xml.leaf("CachePolicyId", &policy.id),
        CacheKey::QueryStrings => forwarded(xml, &[]),
        CacheKey::QueryParameters(names) => forwarded(xml, names),
    }
}

fn forwarded(xml: &mut Writer, names: &[String]) {
    xml.node("ForwardedValues", |xml| {
        xml.leaf("QueryString", true);
        xml.node("Cookies", |xml| xml.leaf("Forward", "none"));
        xml.empty_list("Headers");
        xml.texts("QueryStringCacheKeys", "Name", names);
    });
    xml.leaf("MinTTL", 0);
    xml.leaf("DefaultTTL", 86_400);
    xml.leaf("MaxTTL", 31_536_000);
}

fn access(xml: &mut Writer, one: &Distribution) {
    xml.leaf("PriceClass", &one.price_class);
    xml.leaf("Enabled", one.enabled);
    xml.node("ViewerCertificate", |xml| certificate(xml, one));
    xml.node("Restrictions", |xml| {
        xml.node("GeoRestriction", |xml| {
            let is_open = one.refused_countries.is_empty();
            xml.leaf("RestrictionType", if is_open { "none" } else { "blacklist" });
            xml.items(&one.refused_countries, |xml, country| xml.leaf("Location", country));
        });
    });
    if !one.viewer_mtls.is_empty() {
        xml.node("ViewerMtlsConfig", |xml| xml.leaf("Mode", &one.viewer_mtls));
    }
    xml.leaf("WebACLId", &one.web_acl);
    xml.leaf("HttpVersion", &one.http_version);
    xml.leaf("IsIPV6Enabled", true);
}

fn certificate(xml: &mut Writer, one: &Distribution) {
    let own = one.aliases.is_empty() && !one.tenant_only;
    xml.leaf("CloudFrontDefaultCertificate", own);
    if own {
        xml.leaf("MinimumProtocolVersion", "TLSv1");
        xml.leaf("CertificateSource", "cloudfront");
    } else {
        let arn = "arn:aws:acm:us-east-1:123456789012:certificate/ec53f564-ea5a-4e4a-a0a2-e3c989449a11";
        xml.leaf("ACMCertificateArn", arn);
        xml.leaf("SSLSupportMethod", "sni-only");
        xml.leaf("MinimumProtocolVersion", "TLSv1.2_2021");
        xml.leaf("Certificate", arn);
        xml.leaf("CertificateSource", "acm");
    }
}
