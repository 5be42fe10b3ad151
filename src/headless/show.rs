//! `show`: prints one invalidation with its items.

use chrono::{DateTime, Utc};
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
use crate::domain::trail::{Event, Outcome, Wanted};
use crate::engine::effect::Call;
use crate::runtime::clock::ServiceClock;
use crate::runtime::cloudfront::CloudFront;
use crate::runtime::ledger::Ledger;
use crate::runtime::looking_up::Lookup;
use crate::settings::Settings;

/// Requests and prints the invalidation.
pub(super) fn run(arguments: &cli::Show, settings: &Settings) -> Result<u8, Error> {
    signal::until_signal(async {
        let cloudfront = CloudFront::new(connect(settings).await?);
        let names = std::slice::from_ref(&arguments.distribution);
        for target in targets::find(&cloudfront, names).await? {
            let invalidation = get(&cloudfront, &target, &InvalidationId::new(&arguments.id)).await?;
            let asks = (arguments.who || settings.cloudtrail.lookup) && arguments.output != Output::Text;
            let made = if asks {
                Some(made_by(&cloudfront, &target, &invalidation, settings).await)
            } else {
                None
            };
            print(&target, &invalidation, made.as_ref(), arguments.output)?;
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
    cloudfront.call(Call::get(target, id)).await?.try_into()
}

/// Looks up who created an invalidation. If that is unknown, returns the reason as the error.
async fn made_by(
    cloudfront: &CloudFront,
    target: &Target,
    invalidation: &Invalidation,
    settings: &Settings,
) -> Result<Event, String> {
    let wanted = Wanted {
        target: target.clone(),
        id: Some(invalidation.id.clone()),
        reference: Some(invalidation.caller_reference.clone()),
        from: invalidation.create_time,
        to: invalidation.create_time,
    };
    let clock = ServiceClock::of_machine();
    let lookup = Lookup {
        cloudfront,
        ledger: Ledger::open(&settings.state_dir).ok(),
        clock: clock.clone(),
    };
    match lookup.look_up(&wanted).await {
        Outcome::Found(event) => Ok(*event),
        other => Err(other.why_unknown(&wanted, clock.now()).unwrap_or_default()),
    }
}

fn print(
    target: &Target,
    invalidation: &Invalidation,
    made: Option<&Result<Event, String>>,
    form: Output,
) -> Result<(), Error> {
    let document = Document::of(target, invalidation, made);
    let lines = || lines(&invalidation.items);
    let facts = || facts(target, invalidation, made).render(None);
    output::print_as(form, &document, lines, || format!("{}\n{}", facts(), lines()))
}

fn lines(items: &[String]) -> String {
    items.iter().map(|item| visible(item).into_owned() + "\n").collect()
}

fn facts(target: &Target, invalidation: &Invalidation, made: Option<&Result<Event, String>>) -> Table {
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
    for (what, value) in made.map(made_facts).unwrap_or_default() {
        table.push([what.to_owned(), visible(&value).into_owned()]);
    }
    table
}

fn made_facts(made: &Result<Event, String>) -> Vec<(&'static str, String)> {
    match made {
        Ok(event) => vec![
            ("Created by", event.caller.words()),
            ("From", event.address.clone()),
            ("With", event.agent.clone()),
        ],
        Err(why) => vec![("Created by", format!("unknown: {why}"))],
    }
}

/// The `--output json` document, kept separate from the domain's types so that those types can change.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    #[serde(flatten)]
    entry: Entry<'a>,
    caller_reference: &'a str,
    items: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    made_by: Option<MadeBy<'a>>,
}

/// Who made the invalidation, as CloudTrail recorded it, or why that is unknown.
#[derive(Serialize)]
#[serde(untagged)]
enum MadeBy<'a> {
    Known {
        identity: String,
        kind: &'a str,
        name: Option<&'a str>,
        session: Option<&'a str>,
        arn: Option<&'a str>,
        account: Option<&'a str>,
        source_ip: &'a str,
        user_agent: &'a str,
        time: DateTime<Utc>,
        event_id: &'a str,
    },
    Unknown {
        unknown: &'a str,
    },
}

impl<'a> MadeBy<'a> {
    fn of(made: &'a Result<Event, String>) -> Self {
        match made {
            Ok(event) => Self::Known {
                identity: event.caller.words(),
                kind: &event.caller.kind,
                name: event.caller.name.as_deref(),
                session: event.caller.session.as_deref(),
                arn: event.caller.arn.as_deref(),
                account: event.caller.account.as_deref(),
                source_ip: &event.address,
                user_agent: &event.agent,
                time: event.time,
                event_id: &event.id,
            },
            Err(why) => Self::Unknown { unknown: why },
        }
    }
}

impl<'a> Document<'a> {
    fn of(target: &'a Target, invalidation: &'a Invalidation, made: Option<&'a Result<Event, String>>) -> Self {
        Self {
            entry: Entry::of(target, &invalidation.id, &invalidation.status, invalidation.create_time),
            caller_reference: &invalidation.caller_reference,
            items: &invalidation.items,
            made_by: made.map(MadeBy::of),
        }
    }
}
