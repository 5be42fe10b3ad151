//! The policy statement that is missing if CloudFront denies a create. The user can pass it on to someone who can add
//! it.

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use serde_json::Value;

use super::engine::{Core, Engine};
use super::report;
use crate::cli::Output;
use crate::domain::policy::{self, Denied};
use crate::domain::submission::Submission;
use crate::domain::text::visible;

/// Returns the policy statement that a submission lacks.
pub(super) fn statement(model: &Core, submission: &Submission) -> Option<Value> {
    let denied = BTreeSet::from([model.denied_to(submission)?]);
    serde_json::from_str(&policy::statement(&denied)).ok()
}

/// Prints to standard error the statement that allows all denied actions. In JSON output, each submission contains its
/// statement instead.
pub(super) fn tell(model: &Core, output: Output) {
    let submissions = Engine::submissions(model).into_iter();
    let denied: BTreeSet<Denied> = submissions.filter_map(|s| model.denied_to(s)).collect();
    if denied.is_empty() || output.is_json() {
        return;
    }
    report::tell("to allow this, add this policy statement:");
    for line in policy::statement(&denied).lines() {
        // Standard error may be closed.
        let _ = writeln!(io::stderr(), "{}", visible(line));
    }
}
