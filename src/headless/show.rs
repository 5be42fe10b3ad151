//! `show`: prints one invalidation with its items.

use serde::Serialize;

use super::connect::connect;
use super::error::Error;
use super::list::Entry;
use super::table::Table;
use super::{output, signal, targets};
use crate::cli::{self, Output};
use crate::domain::distribution::Target;
use crate::domain::export::timestamp;
use crate::domain::failure::Failure;
use crate::domain::invalidation::{Invalidation, InvalidationId};
use crate::domain::text::{count, visible};
use crate::engine::effect::{Answer, Call};
use crate::runtime::cloudfront::CloudFront;
use crate::settings::Settings;

/// Requests and prints the invalidation.
pub(super) fn run(arguments: &cli::Show, settings: &Settings) -> Result<u8, Error> {
    signal::until_signal(async {
        let cloudfront = CloudFront::new(connect(settings).await?);
        let names = std::slice::from_ref(&arguments.distribution);
        for target in targets::find(&cloudfront, names).await? {
            let invalidation = get(&cloudfront, &target, &InvalidationId::new(&arguments.id)).await?;
            print(&target, &invalidation, arguments.output)?;
        }
        Ok(0)
    })
}

/// Returns an invalidation with all the details that CloudFront stores.
pub(super) async fn get(
    cloudfront: &CloudFront,
    target: &Target,
    id: &InvalidationId,
) -> Result<Invalidation, Failure> {
    let call = Call::GetInvalidation {
        target: target.clone(),
        id: id.clone(),
    };
    match cloudfront.call(call).await? {
        Answer::Invalidation(invalidation) => Ok(invalidation),
        other => Err(targets::foreign(&other)),
    }
}

fn print(target: &Target, invalidation: &Invalidation, form: Output) -> Result<(), Error> {
    let document = Document::of(target, invalidation);
    let lines = || lines(&invalidation.items);
    let facts = || facts(target, invalidation).render(None);
    output::print_as(form, &document, lines, || format!("{}\n{}", facts(), lines()))
}

fn lines(items: &[String]) -> String {
    items.iter().map(|item| visible(item).into_owned() + "\n").collect()
}

fn facts(target: &Target, invalidation: &Invalidation) -> Table {
    let mut table = Table::bare(2);
    for (what, value) in [
        ("Target", target.to_string()),
        ("Id", invalidation.id.to_string()),
        ("Status", invalidation.status.to_string()),
        ("CreateTime", timestamp(invalidation.create_time)),
        ("CallerReference", invalidation.caller_reference.clone()),
        ("Items", count(invalidation.items.len(), "item")),
    ] {
        table.push([what.to_owned(), value]);
    }
    table
}

/// The document of `--output json`: a separate type, so that the domain's types can change.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    #[serde(flatten)]
    entry: Entry<'a>,
    caller_reference: &'a str,
    items: &'a [String],
}

impl<'a> Document<'a> {
    fn of(target: &'a Target, invalidation: &'a Invalidation) -> Self {
        Self {
            entry: Entry::of(target, &invalidation.id, &invalidation.status, invalidation.create_time),
            caller_reference: &invalidation.caller_reference,
            items: &invalidation.items,
        }
    }
}
