//! `list`: prints the invalidations of targets, newest first, page by page.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::connect::connect;
use super::error::Error;
use super::print::Rows;
use super::{signal, targets};
use crate::cli;
use crate::domain::distribution::Target;
use crate::domain::export::timestamp;
use crate::domain::failure::Failure;
use crate::domain::invalidation::{InvalidationId, InvalidationSummary, Page, Status};
use crate::engine::effect::Call;
use crate::runtime::cloudfront::CloudFront;
use crate::settings::Settings;

const HEADINGS: [&str; 4] = ["Target", "Id", "Status", "CreateTime"];

/// Lists and prints the invalidations.
pub(super) fn run(arguments: &cli::List, settings: &Settings) -> Result<u8, Error> {
    signal::until_signal(async {
        let cloudfront = CloudFront::new(connect(settings).await?);
        let mut rows = Rows::new(
            arguments.output,
            "invalidations",
            &HEADINGS,
            "there are no invalidations yet",
        );
        for target in targets::find(&cloudfront, &arguments.distribution).await? {
            if !list(&cloudfront, &target, arguments.limit, &mut rows).await? {
                break;
            }
        }
        rows.finish()?;
        Ok(0)
    })
}

/// Lists one target; returns `false` if the reader of the output has gone away.
async fn list(cloudfront: &CloudFront, target: &Target, limit: Option<usize>, rows: &mut Rows) -> Result<bool, Error> {
    let (mut left, mut marker) = (limit.unwrap_or(usize::MAX), None);
    while left > 0 {
        let page = page(cloudfront, target, marker).await?;
        for summary in page.items.iter().take(left) {
            if !rows.push(
                &Entry::of(target, &summary.id, &summary.status, summary.create_time),
                || cells(target, summary),
            )? {
                return Ok(false);
            }
        }
        left = left.saturating_sub(page.items.len());
        marker = page.next;
        if marker.is_none() {
            break;
        }
    }
    Ok(true)
}

async fn page(
    cloudfront: &CloudFront,
    target: &Target,
    marker: Option<String>,
) -> Result<Page<InvalidationSummary>, Failure> {
    cloudfront.call(Call::list(target, marker)).await?.try_into()
}

fn cells(target: &Target, summary: &InvalidationSummary) -> Vec<String> {
    vec![
        target.to_string(),
        summary.id.to_string(),
        summary.status.to_string(),
        timestamp(summary.create_time),
    ]
}

/// An entry of the `--output json` document, kept separate from the domain's types so that those types can change.
#[derive(Serialize)]
pub(super) struct Entry<'a> {
    target: &'a str,
    target_kind: &'static str,
    id: &'a str,
    status: &'a str,
    create_time: DateTime<Utc>,
}

impl<'a> Entry<'a> {
    pub(super) fn of(
        target: &'a Target,
        id: &'a InvalidationId,
        status: &'a Status,
        create_time: DateTime<Utc>,
    ) -> Self {
        Self {
            target: target.id(),
            target_kind: target.kind(),
            id: id.as_str(),
            status: status.as_str(),
            create_time,
        }
    }
}
