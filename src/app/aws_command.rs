//! Builds the AWS CLI command for what the user sees.

use crate::domain::distribution::Target;
use crate::domain::submission::Scope;

/// The description of a command with a new CallerReference.
pub const FRESH: &str = "with a new CallerReference, so each run creates another billed invalidation";

/// The description of a command with the reference of an earlier submission.
pub const SAME: &str = "with the same CallerReference, so nothing is created twice";

/// A shell expression that generates a new reference each time the command is run.
const NEW_REFERENCE: &str = r#""$(date +%s)-$$""#;

/// Returns the options for profile and endpoint, for both the AWS CLI and invalidash, each preceded by a space.
#[must_use]
pub fn options(scope: &Scope) -> String {
    let mut options = String::new();
    if !["default", "environment"].contains(&scope.profile.as_str()) {
        options.push_str(" --profile ");
        options.push_str(&quoted(&scope.profile));
    }
    if scope.endpoint != "CloudFront" {
        options.push_str(" --endpoint-url ");
        options.push_str(&quoted(&scope.endpoint));
    }
    options
}

/// Returns the AWS CLI command that creates this invalidation: with this reference, or else with a new one each time
/// it is run. All values are quoted, so that no shell expands them.
#[must_use]
pub fn aws_command(scope: &Scope, target: &Target, items: &[String], reference: Option<&str>) -> String {
    let (operation, option) = match target {
        Target::Distribution(_) => ("create-invalidation", "--distribution-id"),
        Target::Tenant(_) => ("create-invalidation-for-distribution-tenant", "--id"),
    };
    let holds = match (target, reference) {
        // The AWS CLI generates its own reference.
        (Target::Distribution(_), None) => format!("--paths {}", all_quoted(items)),
        (_, Some(reference)) => {
            let reference = serde_json::Value::from(reference);
            let batch = format!("{{\"CallerReference\":{reference},{}}}", paths(items));
            format!("--invalidation-batch {}", quoted(&batch))
        }
        (Target::Tenant(_), None) => {
            let (before, after) = ("{\"CallerReference\":\"", format!("\",{}}}", paths(items)));
            format!(
                "--invalidation-batch {}{NEW_REFERENCE}{}",
                quoted(before),
                quoted(&after)
            )
        }
    };
    format!(
        "aws{} cloudfront {operation} {option} {} {holds}",
        options(scope),
        target.id()
    )
}

fn paths(items: &[String]) -> String {
    let paths = serde_json::json!({ "Quantity": items.len(), "Items": items });
    format!("\"Paths\":{paths}")
}

fn all_quoted(items: &[String]) -> String {
    items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(" ")
}

/// Quotes text for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(profile: &str, endpoint: &str) -> Scope {
        Scope {
            account: None,
            endpoint: endpoint.to_owned(),
            profile: profile.to_owned(),
        }
    }

    fn here() -> Scope {
        scope("default", "CloudFront")
    }

    #[test]
    fn no_shell_expands_an_item() {
        let items = ["/*".to_owned(), "/it's".to_owned()];
        assert_eq!(
            aws_command(&here(), &Target::from_id("E1"), &items, None),
            r"aws cloudfront create-invalidation --distribution-id E1 --paths '/*' '/it'\''s'"
        );
    }

    #[test]
    fn profile_and_endpoint_are_told() {
        let scope = scope("prod admin", "http://127.0.0.1:1");
        assert!(
            aws_command(&scope, &Target::from_id("E1"), &["/a".to_owned()], None).starts_with(
                "aws --profile 'prod admin' --endpoint-url 'http://127.0.0.1:1' cloudfront create-invalidation "
            )
        );
    }

    #[test]
    fn what_was_sent_has_its_own_reference_and_the_order_of_its_items() {
        let items = ["/b".to_owned(), "/a'".to_owned()];
        let batch = r#"'{"CallerReference":"invalidash-1","Paths":{"Items":["/b","/a'\''"],"Quantity":2}}'"#;
        assert_eq!(
            aws_command(&here(), &Target::from_id("E1"), &items, Some("invalidash-1")),
            format!("aws cloudfront create-invalidation --distribution-id E1 --invalidation-batch {batch}")
        );
        assert_eq!(
            aws_command(&here(), &Target::from_id("dt_1"), &items, Some("invalidash-1")),
            format!(
                "aws cloudfront create-invalidation-for-distribution-tenant --id dt_1 --invalidation-batch {batch}"
            )
        );
    }

    /// Returns the words that a shell splits a command into, one per line.
    fn words(command: &str) -> Option<String> {
        let script = command.replacen("aws", "printf '%s\\n'", 1);
        let done = std::process::Command::new("sh").args(["-c", &script]).output().ok()?;
        String::from_utf8(done.stdout).ok()
    }

    #[test]
    fn a_tenants_command_makes_a_new_reference_whenever_it_is_run() {
        let items = ["/it's \"x\"".to_owned()];
        let command = aws_command(&here(), &Target::from_id("dt_1"), &items, None);
        let references: Vec<_> = (0..2)
            .filter_map(|_| {
                let words = words(&command)?;
                let batch: serde_json::Value = serde_json::from_str(words.lines().last()?).ok()?;
                assert_eq!(batch["Paths"]["Items"][0], "/it's \"x\"");
                Some(batch["CallerReference"].as_str()?.to_owned())
            })
            .collect();
        assert!(
            references.len() == 2 && references[0] != references[1],
            "{references:?}"
        );
    }
}
