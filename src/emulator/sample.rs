//! Sample data: the account of a small company, with only reserved domain names.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use super::distribution::{Distribution, Origin, Tenant};
use super::edge;
use super::invalidation::Invalidation;
use super::item::Item;
use super::message::Request;
use super::random::Random;
use super::settings::Options;
use super::state::State;
use super::trail::Caller;

const ACCOUNT: &str = include_str!("../../assets/demo/account.json");

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    distributions: Vec<Row>,
    tenants: Vec<TenantRow>,
    tenants_of: String,
    tenants_past: Past,
    tenants_warm: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    distribution: Distribution,
    modified_days_ago: i64,
    #[serde(default)]
    deploys_for_minutes: i64,
    #[serde(default)]
    past: Past,
    #[serde(default)]
    warm: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TenantRow {
    id: String,
    name: String,
    domains: Vec<String>,
    #[serde(default)]
    inactive: Vec<String>,
    days: i64,
    #[serde(default)]
    disabled: bool,
}

/// Invalidations that already exist on first use.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Past {
    count: u32,
    every_minutes: u32,
    start_days_ago: i64,
    reference: Style,
    /// Whether the newest invalidation is still in progress on first use.
    running: bool,
    /// The batches to choose from; `{n}` is replaced by a number.
    batches: Vec<Vec<String>>,
}

/// The style of a CallerReference, which depends on the tool that wrote it.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Style {
    #[default]
    Cli,
    Uuid,
    Ci,
    Timestamp,
}

/// Fills a new state with sample data.
pub(crate) fn lay_out(state: &mut State, options: &Options, now: DateTime<Utc>) {
    // A test ensures that the file can be parsed.
    let account: Account = serde_json::from_str(ACCOUNT).unwrap_or_default();
    let wanted = options.distributions.unwrap_or(account.distributions.len());
    let has_tenants = account
        .distributions
        .iter()
        .take(wanted)
        .any(|row| row.distribution.id == account.tenants_of);
    let mut warm = Vec::new();
    for mut row in account.distributions.into_iter().take(wanted) {
        if options.lived_in {
            live(state, &row.distribution.id, &row.past, now);
            warm.extend(host(&row.distribution).map(|host| (host, std::mem::take(&mut row.warm))));
        }
        state.distributions.push(dated(row, now));
    }
    for number in state.distributions.len()..wanted {
        let generated = generated(number + 1, &mut state.random, now);
        state.distributions.push(generated);
    }
    for row in account.tenants.into_iter().filter(|_| has_tenants) {
        if options.lived_in {
            live(state, &row.id, &account.tenants_past, now);
            warm.extend(
                row.domains
                    .first()
                    .map(|host| (host.clone(), account.tenants_warm.clone())),
            );
        }
        state.tenants.push(tenant(row, &account.tenants_of, now));
    }
    warm_up(state, &warm, now);
}

fn dated(row: Row, now: DateTime<Utc>) -> Distribution {
    let last_modified = now - TimeDelta::days(row.modified_days_ago) - TimeDelta::minutes(7);
    Distribution {
        last_modified,
        deployed: now + TimeDelta::minutes(row.deploys_for_minutes),
        ..row.distribution
    }
}

fn tenant(row: TenantRow, distribution: &str, now: DateTime<Utc>) -> Tenant {
    let created = now - TimeDelta::days(row.days);
    Tenant {
        id: row.id,
        distribution_id: distribution.to_owned(),
        name: row.name,
        domains: row.domains,
        inactive: row.inactive,
        enabled: !row.disabled,
        created,
        last_modified: created + TimeDelta::minutes(9),
        ..Tenant::default()
    }
}

/// Generates a distribution, for accounts where only the number of distributions matters.
fn generated(number: usize, random: &mut Random, now: DateTime<Utc>) -> Distribution {
    let id = random.id("E", 13);
    let days = i64::try_from(random.below(700)).unwrap_or(0);
    let name = format!("site-{number:05}");
    Distribution {
        etag: random.id("E", 13),
        domain_name: format!("{}.cloudfront.net", random.id("d", 13).to_ascii_lowercase()),
        aliases: vec![format!("www.{name}.example")],
        comment: format!("Generated site {number}"),
        origins: vec![Origin {
            domain_name: format!("origin.{name}.example"),
            ..Origin::default()
        }],
        last_modified: now - TimeDelta::days(days),
        id,
        ..Distribution::default()
    }
}

/// Creates past invalidations for a target, oldest first.
fn live(state: &mut State, target: &str, past: &Past, now: DateTime<Utc>) {
    let newest = now - TimeDelta::days(past.start_days_ago);
    for age in (0..past.count).rev() {
        let jitter = state.random.below(u64::from(past.every_minutes) * 30_000);
        let milliseconds =
            i64::from(past.every_minutes) * 60_000 * i64::from(age + 1) - i64::try_from(jitter).unwrap_or(0);
        let runs = past.running && age == 0;
        let created = if runs {
            now - TimeDelta::seconds(2)
        } else {
            newest - TimeDelta::milliseconds(milliseconds)
        };
        let number = 1_000 + state.random.below(200);
        let batch = pick(&past.batches, state.random.next());
        let items = batch
            .iter()
            .filter_map(|text| Item::parse(&text.replace("{n}", &number.to_string())))
            .collect();
        let reference = reference(past.reference, created, age, &mut state.random);
        let id = old_id(target, age + 1 == past.count, &mut state.random);
        let invalidation = Invalidation::create(id, &reference, items, created, &state.settings, &mut state.random);
        state.trail.made(&invalidation, target, caller(past.reference), created);
        state.remember(target, invalidation);
    }
}

/// Returns a host that the distribution serves: its first name that is not a wildcard.
fn host(distribution: &Distribution) -> Option<String> {
    let mut names = distribution.aliases.iter().chain([&distribution.domain_name]);
    names.find(|name| !name.is_empty() && !name.starts_with('*')).cloned()
}

/// Lets viewers fetch the pages of each host, then changes the pages at the origin without invalidating them.
fn warm_up(state: &mut State, pages: &[(String, Vec<String>)], now: DateTime<Utc>) {
    if pages.is_empty() {
        return;
    }
    state.publish(None, now - TimeDelta::hours(31));
    for (host, pages) in pages {
        let Some(site) = edge::site(state, host) else { continue };
        for page in pages {
            let seconds = 1_200 + i64::try_from(state.random.below(30_000)).unwrap_or(0);
            edge::visit(state, &site, &Request::get(page), now - TimeDelta::seconds(seconds));
        }
    }
    state.publish(None, now - TimeDelta::minutes(4));
}

fn pick(batches: &[Vec<String>], draw: u64) -> &[String] {
    let index = usize::try_from(draw % (batches.len().max(1) as u64)).unwrap_or(0);
    batches.get(index).map_or(&[], Vec::as_slice)
}

/// Returns an id for a past invalidation. Very old ids do not start with an `I`, and those of tenants are longer.
fn old_id(target: &str, oldest: bool, random: &mut Random) -> String {
    match (target.starts_with("dt_"), oldest) {
        (true, _) => random.id("I", 24),
        (false, true) => random.id("Y", 13),
        (false, false) => random.id("I", 13),
    }
}

fn reference(style: Style, created: DateTime<Utc>, age: u32, random: &mut Random) -> String {
    match style {
        Style::Cli => format!("cli-{}-{}", created.timestamp(), 1 + random.below(1_000_000)),
        Style::Uuid => random.uuid(),
        Style::Ci => format!("ci-{}", 18_400_000_000_u64 - u64::from(age) * 1_733),
        Style::Timestamp => created.format("%Y%m%d%H%M%S").to_string(),
    }
}

/// Returns the caller who uses references of this style.
fn caller(style: Style) -> Caller {
    let (name, session, address, agent) = match style {
        Style::Cli => (
            "anna",
            None,
            "198.51.100.17",
            "aws-cli/2.27.41 md/installer#exe ua/2.1 os/linux",
        ),
        Style::Uuid => (
            "AWSReservedSSO_Publisher_1f2e3d4c5b6a7988",
            Some("ben@lumen.example"),
            "198.51.100.23",
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        ),
        Style::Ci => (
            "github-deploy",
            Some("GitHubActions"),
            "203.0.113.40",
            "aws-sdk-js/3.901.0 ua/2.1 os/linux",
        ),
        Style::Timestamp => (
            "release-script",
            None,
            "203.0.113.9",
            "Boto3/1.40.44 md/Botocore#1.40.44 ua/2.1 os/linux",
        ),
    };
    Caller {
        name: name.to_owned(),
        session: session.map(str::to_owned),
        key: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        address: address.to_owned(),
        agent: agent.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_account_can_be_read() {
        let account: Account = serde_json::from_str(ACCOUNT).unwrap_or_else(|error| unreachable!("{error}"));
        assert_eq!((account.distributions.len(), account.tenants.len()), (14, 12));
    }

    #[test]
    fn every_past_item_is_one_that_the_service_takes() {
        let account: Account = serde_json::from_str(ACCOUNT).unwrap_or_default();
        let pasts = account
            .distributions
            .iter()
            .map(|row| &row.past)
            .chain([&account.tenants_past]);
        for text in pasts.flat_map(|past| &past.batches).flatten() {
            assert!(Item::parse(&text.replace("{n}", "1042")).is_some(), "{text}");
        }
    }
}
