//! `--dry-run`: prints the account, targets, exact items, price and requests, without sending anything.

use serde::Serialize;

use super::{Prepared, guard};
use crate::app::aws_command::aws_command;
use crate::cli::{self, Allowed};
use crate::domain::lint::Code;
use crate::domain::price::{at_most_usd, at_most_words};
use crate::domain::submission::Scope;
use crate::domain::text::{count, visible};
use crate::headless::error::Error;
use crate::headless::output;
use crate::settings::Settings;

/// Prints what would be sent.
pub(super) fn print(
    prepared: &Prepared,
    scope: &Scope,
    settings: &Settings,
    arguments: &cli::Create,
) -> Result<u8, Error> {
    let document = Document::of(prepared, scope, settings);
    output::print_as(arguments.output, &document, || document.items(), || document.words())?;
    Ok(0)
}

/// The `--output json` document.
#[derive(Serialize)]
struct Document {
    dry_run: bool,
    account: Option<String>,
    profile: String,
    endpoint: String,
    billable: usize,
    covered: usize,
    at_most_usd: String,
    dangers: Vec<DangerSaid>,
    remarks: Vec<RemarkSaid>,
    requests: Vec<Request>,
}

#[derive(Serialize)]
struct DangerSaid {
    message: String,
    flag: &'static str,
}

#[derive(Serialize)]
struct RemarkSaid {
    code: Code,
    message: String,
}

#[derive(Serialize)]
struct Request {
    target: String,
    target_kind: &'static str,
    label: String,
    caller_reference: Option<String>,
    items: Vec<String>,
    aws_command: String,
}

impl Document {
    fn of(prepared: &Prepared, scope: &Scope, settings: &Settings) -> Self {
        let sizes = settings.send.sizes();
        let requests = prepared.parts.iter().flat_map(|part| {
            part.requests(sizes).into_iter().map(|(batch, reference)| Request {
                target: part.target.id().to_owned(),
                target_kind: part.target.kind(),
                label: part.label.clone(),
                caller_reference: reference.map(|reference| reference.to_string()),
                aws_command: aws_command(scope, &part.target, batch.items(), None),
                items: batch.items().to_vec(),
            })
        });
        let dangers = guard::dangers(prepared, settings, Allowed::default());
        Self {
            dry_run: true,
            account: prepared.account.as_ref().map(ToString::to_string),
            profile: scope.profile.clone(),
            endpoint: scope.endpoint.clone(),
            billable: prepared.billable(),
            covered: prepared.covered,
            at_most_usd: at_most_usd(prepared.billable()),
            dangers: dangers
                .iter()
                .map(|danger| DangerSaid {
                    message: danger.to_string(),
                    flag: danger.flag(),
                })
                .collect(),
            remarks: prepared
                .remarks
                .iter()
                .map(|remark| RemarkSaid {
                    code: remark.code,
                    message: remark.sentence.clone(),
                })
                .collect(),
            requests: requests.collect(),
        }
    }

    fn items(&self) -> String {
        let rows = self.requests.iter().flat_map(|request| {
            let target = &request.target;
            request
                .items
                .iter()
                .map(move |item| format!("{target}\t{}\n", visible(item)))
        });
        rows.collect::<Vec<_>>().concat()
    }

    fn words(&self) -> String {
        let account = self.account.as_deref().unwrap_or("unknown");
        let mut text = vec![format!(
            "Dry run: nothing is sent\n\nAccount   {account}\nProfile   {}\nEndpoint  {}\nPrice     {} ({})",
            self.profile,
            self.endpoint,
            at_most_words(self.billable),
            count(self.billable, "billable item")
        )];
        text.extend((self.covered > 0).then(|| format!("Skipped   {} (already covered)", self.covered)));
        text.extend(
            self.dangers
                .iter()
                .map(|danger| format!("Danger    {} ({})", danger.message, danger.flag)),
        );
        text.extend(
            self.remarks
                .iter()
                .map(|remark| format!("Remark    {}", remark.message)),
        );
        for request in &self.requests {
            text.push(format!("\n{} {}", request.target, request.label));
            text.extend(
                request
                    .caller_reference
                    .iter()
                    .map(|reference| format!("  CallerReference {reference}")),
            );
            text.extend(request.items.iter().map(|item| format!("  {item}")));
            text.push(format!("  $ {}", request.aws_command));
        }
        let lines = text.iter().flat_map(|part| part.lines());
        lines.map(|line| visible(line).into_owned() + "\n").collect()
    }
}
