//! Writes to standard error: sentences for people, or JSON lines if a script asked for JSON.

use std::io::{self, IsTerminal as _, Write};

use serde::Serialize;

use super::output;
use crate::cli::Output;
use crate::domain::failure::Refusal;
use crate::domain::text::visible;

/// A problem that made a command fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The stable code in kebab-case, for scripts.
    pub code: &'static str,
    /// The cause, followed by the next step after the last `; ` or `. `. It may contain external text.
    pub sentence: String,
    /// The exit code of the process.
    pub exit: u8,
    /// CloudFront's own code and request id, if CloudFront refused the request.
    refused: Option<(String, Option<String>)>,
    /// Additional details for programs.
    details: Option<serde_json::Value>,
}

impl Problem {
    /// Creates a problem.
    #[must_use]
    pub fn new(code: &'static str, sentence: impl Into<String>, exit: u8) -> Self {
        Self {
            code,
            sentence: sentence.into(),
            exit,
            refused: None,
            details: None,
        }
    }

    /// Adds CloudFront's own code and request id.
    #[must_use]
    pub(super) fn refused(mut self, refusal: Option<&Refusal>) -> Self {
        self.refused = refusal.map(|refusal| (refusal.code.clone(), refusal.request_id.clone()));
        self
    }

    /// Adds details for programs.
    #[must_use]
    pub(super) fn with_details(mut self, details: serde_json::Value) -> Self {
        self.details = Some(details);
        self
    }

    /// Prints the problem on standard error and returns the exit code.
    #[must_use]
    pub fn tell(&self, form: Output) -> u8 {
        if form.is_json() {
            tell_json(&JsonMessage::Error(self.said()));
        } else {
            self.sentence.lines().for_each(tell);
        }
        self.exit
    }

    fn said(&self) -> Failed<'_> {
        let (code, id) = self
            .refused
            .as_ref()
            .map(|(code, id)| (code.as_str(), id.as_deref()))
            .unzip();
        Failed {
            said: Said::of(Some(self.code), &self.sentence),
            cloudfront_code: code,
            request_id: id.flatten(),
            exit_code: self.exit,
            details: self.details.as_ref(),
        }
    }
}

/// Prints the command-line error, or the requested help or version.
#[must_use]
pub fn usage(stop: &clap::Error, form: Output) -> u8 {
    let exit = u8::try_from(stop.exit_code()).unwrap_or(2);
    if !form.is_json() || !stop.use_stderr() {
        // A closed pipe is not an error for help either.
        let _ = stop.print();
        return exit;
    }
    Problem::new("usage", usage_sentence(&stop.to_string()), exit).tell(form)
}

/// Returns the first paragraph of a clap message on one line; the usage and hints below it are meant for people.
fn usage_sentence(message: &str) -> String {
    let first = message.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = first.trim_start_matches("error: ").split_whitespace().collect();
    format!("{}; see invalidash --help", words.join(" "))
}

/// Prints a sentence on standard error. It may contain external text.
pub fn tell(sentence: &str) {
    // `eprintln!` is not used, because it panics when standard error is closed.
    let _ = writeln!(io::stderr(), "invalidash: {}", visible(sentence));
}

/// Writes part of a dialog with the user. A final newline is the only control character that is not escaped.
pub(super) fn say(text: &str) {
    let (line, end) = text.strip_suffix('\n').map_or((text, ""), |line| (line, "\n"));
    let _ = write!(io::stderr(), "{}{end}", visible(line));
}

/// Writes bytes that are only meaningful to a terminal.
pub(super) fn to_terminal(bytes: &[u8]) {
    if io::stderr().is_terminal() {
        let _ = io::stderr().write_all(bytes);
    }
}

/// Prints a warning; the command continues.
pub(super) fn warn(sentence: &str, form: Output) {
    if form.is_json() {
        tell_json(&JsonMessage::Warning(Said::of(None, sentence)));
    } else {
        tell(sentence);
    }
}

/// Prints a warning with this code. Its sentence may contain any punctuation, so it is not split into cause and next
/// step.
pub(super) fn warn_of(code: &str, sentence: &str, form: Output) {
    if form.is_json() {
        tell_json(&JsonMessage::Warning(Said {
            code: Some(code),
            message: sentence,
            next: None,
        }));
    } else {
        tell(&format!("{sentence} ({code})"));
    }
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum JsonMessage<'a> {
    Error(Failed<'a>),
    Warning(Said<'a>),
}

#[derive(Serialize)]
struct Failed<'a> {
    #[serde(flatten)]
    said: Said<'a>,
    cloudfront_code: Option<&'a str>,
    request_id: Option<&'a str>,
    exit_code: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<&'a serde_json::Value>,
}

#[derive(Serialize)]
struct Said<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    message: &'a str,
    next: Option<&'a str>,
}

impl<'a> Said<'a> {
    fn of(code: Option<&'a str>, sentence: &'a str) -> Self {
        // Splits at whichever mark comes later, because the text before it may quote external text.
        let marks = [sentence.rfind("; "), sentence.rfind(". ")];
        let parts = marks
            .into_iter()
            .flatten()
            .max()
            .and_then(|at| sentence.get(..at).zip(sentence.get(at + 2..)));
        let (message, next) = parts.map_or((sentence, None), |(cause, next)| (cause, Some(next)));
        Self { code, message, next }
    }
}

fn tell_json(told: &JsonMessage) {
    // This fails only if standard error is closed, in which case there is no way to report it.
    if let Ok(line) = output::json_line(told) {
        let _ = writeln!(io::stderr(), "{line}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_cause_and_next_step() {
        let said = |sentence: &str| {
            let told = Problem::new("items", sentence, 2);
            serde_json::to_value(JsonMessage::Error(told.said())).unwrap_or_default()
        };
        assert_eq!(
            said("x; y is not there; give another"),
            serde_json::json!({"error": {
                "code": "items", "message": "x; y is not there", "next": "give another",
                "cloudfront_code": null, "request_id": null, "exit_code": 2,
            }})
        );
        assert_eq!(
            said("profile x not found. Run `aws configure`")["error"]["next"],
            "Run `aws configure`"
        );
        assert_eq!(said("it failed")["error"]["next"], serde_json::Value::Null);
    }

    #[test]
    fn what_clap_says_becomes_one_line() {
        let stop = crate::cli::parse(["invalidash", "check"]).err();
        let sentence = stop.map(|stop| usage_sentence(&stop.to_string()));
        let expected =
            "the following required arguments were not provided: <PATH|--paths-from <FILE>>; see invalidash --help";
        assert_eq!(sentence.as_deref(), Some(expected));
    }
}
