//! The review: the last look at what will be sent, to what, from which account, at what price.

use tui_input::Input;

use crate::app::effect::Effect;
use crate::app::model::{Draft, Level, Model, Session};
use crate::app::overlay::Overlay;
use crate::domain::batch::Batch;
use crate::domain::distribution::Target;
use crate::domain::submission::Scope;

/// An item as the review shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewedItem {
    /// What is sent.
    pub wire: String,
    /// What was typed, where that differs.
    pub typed: Option<String>,
    /// What it clears, in words; empty for one exact path.
    pub clears: String,
}

/// What must be typed before a dangerous batch is sent.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// Why it is asked.
    pub reason: String,
    /// What has to be typed.
    pub expected: String,
    /// What is typed.
    pub typed: Input,
}

/// The state of the review.
#[derive(Clone, Debug)]
pub struct Review {
    /// Whose credentials are used.
    pub scope: Scope,
    /// What it is aimed at, with the label.
    pub targets: Vec<(Target, String)>,
    /// What is sent, byte for byte.
    pub batch: Batch,
    /// The same in the requests it takes, each for every target.
    pub batches: Vec<Batch>,
    /// The same, to look at.
    pub items: Vec<ReviewedItem>,
    /// Lines that are not sent, and why.
    pub left_out: Vec<String>,
    /// What must be typed first.
    pub confirmation: Option<Confirmation>,
    /// The first item that is seen.
    pub scroll: usize,
    /// Why it is made, in the person's own words.
    pub note: Option<String>,
    /// Whether the request is shown instead of the items.
    pub dry_run: bool,
}

impl Review {
    /// Items that are billed: each one, on each target.
    #[must_use]
    pub fn billable(&self) -> u64 {
        (self.batch.items().len() * self.targets.len()) as u64
    }

    /// Requests that are made, each with its own CallerReference.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.batches.len() * self.targets.len()
    }

    /// Whether it may be sent as it stands.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.confirmation
            .as_ref()
            .is_none_or(|c| c.typed.value().trim() == c.expected)
    }

    /// The equal commands of the AWS CLI, one a request.
    #[must_use]
    pub fn aws_commands(&self) -> String {
        let commands = self.targets.iter().flat_map(|(target, _)| {
            let of = |batch: &Batch| aws_command(&self.scope, target, batch.items());
            self.batches.iter().map(of)
        });
        commands.collect::<Vec<_>>().join("\n")
    }
}

/// The command of the AWS CLI that creates this invalidation. Each item is quoted, so that no shell expands it.
#[must_use]
pub fn aws_command(scope: &Scope, target: &Target, items: &[String]) -> String {
    let mut words = vec!["aws".to_owned()];
    if !["default", "environment"].contains(&scope.profile.as_str()) {
        words.extend(["--profile".to_owned(), quoted(&scope.profile)]);
    }
    if scope.endpoint != "CloudFront" {
        words.extend(["--endpoint-url".to_owned(), quoted(&scope.endpoint)]);
    }
    words.push("cloudfront".to_owned());
    match target {
        Target::Distribution(id) => {
            words.extend([
                "create-invalidation".to_owned(),
                "--distribution-id".to_owned(),
                id.to_string(),
            ]);
            words.push("--paths".to_owned());
            words.extend(items.iter().map(|item| quoted(item)));
        }
        Target::Tenant(id) => {
            let batch = serde_json::json!({
                "Paths": { "Quantity": items.len(), "Items": items },
                "CallerReference": "choose-one",
            });
            words.push("create-invalidation-for-distribution-tenant".to_owned());
            words.extend(["--id".to_owned(), id.to_string()]);
            words.extend(["--invalidation-batch".to_owned(), quoted(&batch.to_string())]);
        }
    }
    words.join(" ")
}

/// Quoted for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Sends what is reviewed, if it is confirmed: the ledger first.
pub(crate) fn submit(model: &mut Model) {
    let Some(Overlay::Review(review)) = model.overlays.last() else {
        return;
    };
    if !review.is_confirmed() {
        let expected = review
            .confirmation
            .as_ref()
            .map_or(String::new(), |c| c.expected.clone());
        return model.say(Level::Warning, format!("type {expected} to send this"));
    }
    let review = review.clone();
    model.overlays.pop();
    let draft = leave_composer(model);
    let note = review.note.as_deref();
    crate::app::queue::plan(model, &review.scope, &review.targets, &review.batches, note, draft);
    // Its page is closed with it, so that nothing takes the text for a draft again.
    model
        .screens
        .retain(|screen| !matches!(screen, crate::app::screen::Screen::Composer(_)));
    let only = match review.targets.as_slice() {
        [(target, _)] => Some(target.clone()),
        _ => None,
    };
    crate::app::screen::open_invalidations(model, only);
}

/// The list is sent: its draft has done its work. The items live on in the ledger.
fn leave_composer(model: &mut Model) -> Option<Draft> {
    model.marked.clear();
    crate::app::screen::composer::take_text(model)
}

/// Copies the equal command.
pub(crate) fn copy_command(model: &mut Model) {
    let Some(Overlay::Review(review)) = model.overlays.last() else {
        return;
    };
    let commands = review.aws_commands();
    model.ask(Effect::Copy(commands));
    model.say(Level::Info, "copied as aws command");
}

/// Why nothing can be sent now.
pub(crate) fn blocked(model: &Model) -> Result<Scope, String> {
    if model.preferences.read_only {
        return Err("read-only: nothing can be sent; start without --read-only".to_owned());
    }
    if let Some(reason) = &model.ledger_failure {
        return Err(format!("nothing can be sent without the ledger: {reason}"));
    }
    match &model.session {
        Session::Connected(scope) => Ok(scope.clone()),
        Session::Connecting => Err("the credentials are still being loaded".to_owned()),
        Session::Failed(failure) => Err(failure.to_string()),
    }
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

    #[test]
    fn no_shell_expands_an_item() {
        let items = ["/*".to_owned(), "/it's".to_owned()];
        assert_eq!(
            aws_command(&scope("default", "CloudFront"), &Target::from_id("E1"), &items),
            r"aws cloudfront create-invalidation --distribution-id E1 --paths '/*' '/it'\''s'"
        );
    }

    #[test]
    fn profile_and_endpoint_are_told() {
        let command = aws_command(
            &scope("prod admin", "http://127.0.0.1:1"),
            &Target::from_id("dt_1"),
            &["/a".to_owned()],
        );
        assert_eq!(
            command,
            "aws --profile 'prod admin' --endpoint-url 'http://127.0.0.1:1' cloudfront \
             create-invalidation-for-distribution-tenant --id dt_1 --invalidation-batch \
             '{\"CallerReference\":\"choose-one\",\"Paths\":{\"Items\":[\"/a\"],\"Quantity\":1}}'"
        );
    }
}
