//! `distributions`: lists all distributions.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::connect::connect;
use super::error::Error;
use super::print::Rows;
use super::{signal, targets};
use crate::cli::Output;
use crate::domain::distribution::{AccountId, ConnectionMode, Distribution, Origin};
use crate::runtime::cloudfront::CloudFront;
use crate::settings::Settings;

/// Lists the distributions and prints them.
pub(super) fn run(form: Output, settings: &Settings) -> Result<u8, Error> {
    signal::until_signal(async {
        let cloudfront = CloudFront::new(connect(settings).await?);
        let distributions = targets::all(&cloudfront).await?;
        let mut rows = Rows::new(
            form,
            "distributions",
            &HEADINGS,
            "there are no distributions in this account",
        );
        for distribution in &distributions {
            if !rows.push(&Entry::of(distribution), || cells(distribution))? {
                break;
            }
        }
        rows.finish()?;
        Ok(0)
    })
}

const HEADINGS: [&str; 7] = ["Id", "Status", "Enabled", "Kind", "Aliases", "DomainName", "Comment"];

fn cells(distribution: &Distribution) -> Vec<String> {
    [
        distribution.id.to_string(),
        distribution.status.clone(),
        if distribution.enabled { "yes" } else { "no" }.to_owned(),
        kind(distribution).to_owned(),
        aliases(&distribution.aliases),
        distribution.domain_name.clone(),
        distribution.comment.clone(),
    ]
    .map(filled)
    .into()
}

/// Replaces an empty cell with `-`, so that columns can be split at spaces.
fn filled(cell: String) -> String {
    if cell.is_empty() { "-".to_owned() } else { cell }
}

/// Formats aliases as the first one and the number of others, because some distributions have dozens. The JSON document
/// contains them all.
fn aliases(aliases: &[String]) -> String {
    match aliases {
        [] => String::new(),
        [only] => only.clone(),
        [first, others @ ..] => format!("{first}+{}", others.len()),
    }
}

fn kind(distribution: &Distribution) -> &'static str {
    match (distribution.connection_mode, distribution.staging) {
        (ConnectionMode::TenantOnly, _) => "multi-tenant",
        (ConnectionMode::Direct, true) => "staging",
        (ConnectionMode::Direct, false) => "standard",
    }
}

/// An entry of the `--output json` document, kept separate from the domain's types so that those types can change.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    arn: &'a str,
    account: Option<AccountId>,
    status: &'a str,
    enabled: bool,
    staging: bool,
    connection_mode: ConnectionMode,
    domain_name: &'a str,
    aliases: &'a [String],
    comment: &'a str,
    origins: &'a [Origin],
    last_modified_time: DateTime<Utc>,
    etag: Option<&'a str>,
}

impl<'a> Entry<'a> {
    fn of(distribution: &'a Distribution) -> Self {
        Self {
            id: distribution.id.as_str(),
            arn: &distribution.arn,
            account: distribution.account(),
            status: &distribution.status,
            enabled: distribution.enabled,
            staging: distribution.staging,
            connection_mode: distribution.connection_mode,
            domain_name: &distribution.domain_name,
            aliases: &distribution.aliases,
            comment: &distribution.comment,
            origins: &distribution.origins,
            last_modified_time: distribution.last_modified,
            etag: distribution.etag.as_deref(),
        }
    }
}
