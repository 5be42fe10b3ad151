//! The policy statement that is missing where CloudFront denied a create, for the person who can grant it.

use std::collections::BTreeSet;
use std::io::{self, Write as _};

use serde_json::Value;

use super::engine::{Core, Engine};
use super::report;
use crate::cli::Output;
use crate::domain::policy::{self, Denied};
use crate::domain::submission::Submission;
use crate::domain::text::visible;

/// Returns the statement that one submission lacks, as it is written in a policy.
pub(super) fn statement(model: &Core, submission: &Submission) -> Option<Value> {
    let denied = BTreeSet::from([model.denied_to(submission)?]);
    serde_json::from_str(&policy::statement(&denied)).ok()
}

/// Prints the statement that allows everything that was denied, on standard error. JSON has it beside each submission.
pub(super) fn tell(model: &Core, output: Output) {
    let submissions = Engine::submissions(model).into_iter();
    let denied: BTreeSet<Denied> = submissions.filter_map(|s| model.denied_to(s)).collect();
    if denied.is_empty() || output.is_json() {
        return;
    }
    report::tell("a policy with this statement allows it:");
    for line in policy::statement(&denied).lines() {
        // Standard error may be closed.
        let _ = writeln!(io::stderr(), "{}", visible(line));
    }
}
