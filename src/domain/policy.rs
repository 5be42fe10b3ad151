//! The missing policy statement that an administrator has to add for denied actions, ready to be copied.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::distribution::{AccountId, Target};
use super::failure::Refusal;

/// An action that was denied, and the resource that it needs permission for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Denied {
    /// The operation, e.g. `CreateInvalidation`, prefixed with its service if that is not CloudFront.
    pub operation: String,
    /// An ARN; `*` for an operation without a resource.
    pub resource: String,
}

/// Returns the statement that allows all of the denied actions, or a list if different resources need several
/// statements.
#[must_use]
pub fn statement(denied: &BTreeSet<Denied>) -> String {
    let mut resources: BTreeMap<BTreeSet<&str>, BTreeSet<&str>> = BTreeMap::new();
    for (resource, actions) in by_resource(denied) {
        resources.entry(actions).or_default().insert(resource);
    }
    let statements: Vec<String> = resources
        .iter()
        .map(|(actions, resources)| one(actions, resources))
        .collect();
    match statements.as_slice() {
        [only] => only.clone(),
        several => format!("[\n{}\n]", several.join(",\n")),
    }
}

fn by_resource(denied: &BTreeSet<Denied>) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for Denied { operation, resource } in denied {
        found.entry(resource).or_default().insert(operation);
    }
    found
}

fn one(actions: &BTreeSet<&str>, resources: &BTreeSet<&str>) -> String {
    let actions: Vec<String> = actions.iter().map(|operation| action(operation)).collect();
    let resources: Vec<String> = resources.iter().map(|resource| (*resource).to_owned()).collect();
    let mut text = "{\n  \"Effect\": \"Allow\",\n".to_owned();
    let _ = write!(
        text,
        "  \"Action\": {},\n  \"Resource\": {}\n}}",
        listed(&actions),
        listed(&resources)
    );
    text
}

/// Returns the IAM action for an operation, which belongs to CloudFront unless the operation names another service.
#[must_use]
pub fn action(operation: &str) -> String {
    if operation.contains(':') {
        operation.to_owned()
    } else {
        format!("cloudfront:{operation}")
    }
}

/// Returns a JSON string, or a JSON list if there is more than one text.
fn listed(texts: &[String]) -> String {
    let quoted = |text: &String| serde_json::Value::from(text.as_str()).to_string();
    match texts {
        [only] => quoted(only),
        several => format!("[{}]", several.iter().map(quoted).collect::<Vec<_>>().join(", ")),
    }
}

/// Returns the ARN of a target whose real ARN is unknown, in the given account or in any account.
#[must_use]
pub fn arn(partition: &str, account: Option<&AccountId>, target: &Target) -> String {
    let kind = match target {
        Target::Distribution(_) => "distribution",
        Target::Tenant(_) => "distribution-tenant",
    };
    let account = account.map_or("*", AccountId::as_str);
    format!("arn:{partition}:cloudfront::{account}:{kind}/{}", target.id())
}

impl Refusal {
    /// Returns the resource that permission was missing for, if CloudFront names it.
    #[must_use]
    pub fn resource(&self) -> Option<&str> {
        resource_in(&self.message)
    }

    /// Returns the identity that was refused, if CloudFront names it.
    #[must_use]
    pub fn identity(&self) -> Option<&str> {
        let (_, from) = self.message.split_once("User: ")?;
        from.split_whitespace().next().filter(|arn| arn.starts_with("arn:"))
    }
}

/// Returns the resource named in a sentence about a missing permission.
#[must_use]
pub fn resource_in(sentence: &str) -> Option<&str> {
    let (_, from) = sentence.split_once("on resource: ")?;
    let word = from.split_whitespace().next()?;
    Some(word).filter(|word| word.starts_with("arn:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied(all: &[(&str, &str)]) -> BTreeSet<Denied> {
        let one = |(operation, resource): &(&str, &str)| Denied {
            operation: (*operation).to_owned(),
            resource: (*resource).to_owned(),
        };
        all.iter().map(one).collect()
    }

    #[test]
    fn a_statement_is_json_and_allows_no_more_than_was_denied() {
        let shop = "arn:aws:cloudfront::123456789012:distribution/E2QWRUHEXAMPLE";
        let one = statement(&denied(&[("CreateInvalidation", shop)]));
        assert_eq!(
            one,
            format!(
                "{{\n  \"Effect\": \"Allow\",\n  \"Action\": \"cloudfront:CreateInvalidation\",\n  \"Resource\": \
                 \"{shop}\"\n}}"
            )
        );
        let other = "arn:aws:cloudfront::123456789012:distribution/E1";
        let several = statement(&denied(&[
            ("GetInvalidation", shop),
            ("CreateInvalidation", shop),
            ("CreateInvalidation", other),
            ("GetInvalidation", other),
            ("ListDistributions", "*"),
        ]));
        let read: Result<serde_json::Value, _> = serde_json::from_str(&several);
        let read = read.unwrap_or_default();
        assert_eq!(
            read,
            serde_json::json!([
                {
                    "Effect": "Allow",
                    "Action": ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"],
                    "Resource": [other, shop],
                },
                {"Effect": "Allow", "Action": "cloudfront:ListDistributions", "Resource": "*"},
            ])
        );
        let other_service = statement(&denied(&[("cloudtrail:LookupEvents", "*"), ("ListDistributions", "*")]));
        assert!(
            other_service.contains(r#"["cloudfront:ListDistributions", "cloudtrail:LookupEvents"]"#),
            "{other_service}"
        );
    }

    #[test]
    fn an_arn_is_made_of_what_is_known() {
        let tenant = Target::from_id("dt_2yMvQgam3");
        let account = AccountId::new("123456789012");
        assert_eq!(
            arn("aws", Some(&account), &tenant),
            "arn:aws:cloudfront::123456789012:distribution-tenant/dt_2yMvQgam3"
        );
        assert_eq!(
            arn("aws-cn", None, &Target::from_id("E1")),
            "arn:aws-cn:cloudfront::*:distribution/E1"
        );
    }

    #[test]
    fn a_refusal_names_who_what_and_where() {
        let refusal = |message: &str| Refusal {
            code: "AccessDenied".to_owned(),
            message: message.to_owned(),
            http_status: 403,
            request_id: None,
        };
        let whole = refusal(
            "User: arn:aws:iam::123456789012:user/deploy is not authorized to perform: cloudfront:CreateInvalidation on \
             resource: arn:aws:cloudfront::123456789012:distribution/E1 because no identity-based policy allows it",
        );
        assert_eq!(whole.identity(), Some("arn:aws:iam::123456789012:user/deploy"));
        assert_eq!(whole.missing_right(), Some("cloudfront:CreateInvalidation"));
        assert_eq!(
            whole.resource(),
            Some("arn:aws:cloudfront::123456789012:distribution/E1")
        );
        let list = refusal(
            "User: arn:aws:iam::1:user/x is not authorized to perform: cloudfront:ListDistributions because no",
        );
        assert_eq!(list.resource(), None);
        assert_eq!((refusal("no").identity(), refusal("no").resource()), (None, None));
    }
}
