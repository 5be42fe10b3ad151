//! The commands with exactly the permissions that `docs/platform-team.md` grants.

use invalidash::emulator::{Fault, Operation, Trouble};

use super::Outcome;
use super::create::{SHOP, created, made, run, served};
use crate::support::command::Home;
use crate::support::loopback::Loopback;

fn deny(served: &Loopback, operations: &[Operation]) {
    for operation in operations {
        served
            .emulator
            .inject(Fault::new(Trouble::AccessDenied).on(*operation).always());
    }
}

/// What a pipeline cannot do that knows the id of its distribution.
pub(super) const LISTS: [Operation; 4] = [
    Operation::ListDistributions,
    Operation::ListDistributionTenants,
    Operation::GetDistribution,
    Operation::GetDistributionTenant,
];

#[test]
fn a_pipeline_creates_and_waits_with_three_rights() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    deny(&served, &LISTS);
    let (sent, document) = created(&home, &served, &["--distribution", SHOP, "/a", "--wait", "--yes"])?;
    assert_eq!((sent.code, made(&served).len()), (Some(0), 1), "{}", sent.err);
    assert_eq!(document["submissions"][0]["status"], "Completed");
    let id = document["submissions"][0]["invalidation_id"]
        .as_str()
        .unwrap_or_default();
    let waited = run(&home, &served, &["wait", "--distribution", SHOP, id])?;
    assert_eq!(waited.code, Some(0), "{}", waited.err);
    Ok(())
}

#[test]
fn a_create_that_is_denied_names_the_statement_that_is_missing() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    deny(&served, &[Operation::CreateInvalidation]);
    let (sent, document) = created(&home, &served, &["--distribution", SHOP, "/a", "--yes"])?;
    let arn = format!("arn:aws:cloudfront::123456789012:distribution/{SHOP}");
    let statement = serde_json::json!({"Effect": "Allow", "Action": "cloudfront:CreateInvalidation", "Resource": arn});
    assert_eq!(document["submissions"][0]["missing_policy"], statement, "{}", sent.err);
    assert_ne!(sent.code, Some(0));
    let told = run(&home, &served, &["create", "--distribution", SHOP, "/b", "--yes"])?;
    let (_, told) = told
        .err
        .split_once("to allow this, add this policy statement:\n")
        .unwrap_or_default();
    let told: serde_json::Value = serde_json::from_str(told).map_err(|error| format!("{error}: {told}"))?;
    assert_eq!(told, statement);
    Ok(())
}

#[test]
fn one_right_is_enough_to_create() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    deny(&served, &LISTS);
    deny(&served, &[Operation::GetInvalidation, Operation::ListInvalidations]);
    let (sent, _) = created(&home, &served, &["--distribution", SHOP, "/a", "--yes"])?;
    assert_eq!((sent.code, made(&served).len()), (Some(0), 1), "{}", sent.err);
    served
        .emulator
        .configure(|settings| settings.completion_delay_ms = 600_000);
    let (waited, document) = created(&home, &served, &["--distribution", SHOP, "/b", "--yes", "--wait"])?;
    assert_eq!((waited.code, made(&served).len()), (Some(4), 2), "{waited:?}");
    assert_eq!(document["submissions"][0]["status"], "InProgress");
    assert!(waited.err.contains("cloudfront:GetInvalidation"), "{}", waited.err);
    Ok(())
}
