//! `create`: composer, review and queue without a screen. If any item cannot be sent, the whole job is refused.
//! Everything that is sent is stored in the ledger first.

mod dry_run;
mod guard;
mod judge;
mod lines;

use std::collections::BTreeMap;

use tokio::time::Instant;

use self::judge::{Doubt, Judged, RefusedLine, judge};
use self::lines::Line;
use super::aim::{self, Aim, Aims};
use super::connect::connect;
use super::engine::{Ask, Engine, Job, Part, Wishes};
use super::error::Error;
use super::report;
use super::runtime::runtime;
use super::sending::{self, Sending};
use super::signal::in_time;
use super::targets;
use super::wait::deadline;
use crate::cli;
use crate::domain::batch::ReferenceKey;
use crate::domain::distribution::{AccountId, Target, TenantFilter};
use crate::domain::lint::is_remark;
use crate::domain::secret;
use crate::domain::target::TargetName;
use crate::runtime::cloudfront::CloudFront;
use crate::runtime::credentials::Connection;
use crate::settings::Settings;

/// A job that is ready to be sent.
struct Prepared {
    /// The items for each target.
    parts: Vec<Part>,
    /// The targets.
    aims: Aims,
    /// The account, if it can be determined from the targets or the credentials.
    account: Option<AccountId>,
    /// The number of items skipped because others clear them.
    covered: usize,
    /// The remarks on how the targets serve the items.
    remarks: Vec<Doubt>,
}

impl Prepared {
    /// Returns the number of billed items: each counts once per target.
    fn billable(&self) -> usize {
        self.parts.iter().map(|part| part.items.len()).sum()
    }
}

/// Checks and confirms the job, sends it, and waits.
pub(super) fn run(arguments: &cli::Create, settings: &Settings) -> Result<u8, Error> {
    if settings.read_only && !arguments.dry_run {
        return Err(Error::ReadOnly);
    }
    if arguments.no_ledger && arguments.reference.is_none() && !arguments.reference_from_items {
        return Err(Error::NoLedger);
    }
    let deadline = deadline(&arguments.waiting);
    runtime()?.block_on(async {
        let connection = in_time(deadline, connect(settings)).await?;
        let cloudfront = CloudFront::new(connection.clone());
        let prepared = in_time(deadline, prepare(&cloudfront, arguments, settings)).await?;
        if arguments.dry_run {
            return dry_run::print(&prepared, &connection.scope(), settings, arguments);
        }
        guard::pass(&prepared, settings, arguments)?;
        Box::pin(send(connection, prepared, deadline, arguments, settings)).await
    })
}

async fn send(
    connection: Connection,
    prepared: Prepared,
    deadline: Option<Instant>,
    arguments: &cli::Create,
    settings: &Settings,
) -> Result<u8, Error> {
    let wishes = Wishes {
        account: prepared.account.clone(),
        no_ledger: arguments.no_ledger,
        ..Wishes::of(&arguments.waiting, deadline, arguments.output)
    };
    let cloudfront = CloudFront::new(connection.clone());
    let mut engine = Engine::start(settings, connection, wishes).await?;
    engine.ask(Ask::Known(prepared.aims.known()));
    engine.ask(Ask::Job(Job {
        parts: prepared.parts,
        note: arguments.note.clone(),
    }));
    let how = Sending {
        wait: arguments.wait || arguments.waiting.look,
        waiting: &arguments.waiting,
        deadline,
        output: arguments.output,
        reference: arguments.reference.as_deref(),
        no_ledger: arguments.no_ledger,
    };
    Box::pin(sending::follow(engine, &cloudfront, &how)).await
}

/// Finds the targets and checks the items. If anything is wrong with them, nothing is sent.
async fn prepare(cloudfront: &CloudFront, arguments: &cli::Create, settings: &Settings) -> Result<Prepared, Error> {
    let key = arguments
        .reference
        .as_deref()
        .map(str::parse::<ReferenceKey>)
        .transpose();
    let key = key.map_err(|wrong| Error::Source(format!("--reference: {wrong}")))?;
    let lines = lines::gather(arguments, settings).await?;
    let names = names(arguments, &lines)?;
    let mut aims = match tenants(arguments)? {
        Some(which) => aim::find_tenants(cloudfront, &names, &which).await?,
        None => aim::find(cloudfront, &names).await?,
    };
    if arguments.dry_run {
        // Only remarks depend on policies, so a pipeline that sends needs neither the time nor the permissions to read
        // them.
        for action in aims.read_policies(cloudfront).await {
            report::tell(&format!(
                "without cloudfront:{action}, some effects of these items cannot be shown"
            ));
        }
    }
    let mut prepared = Prepared {
        account: account(cloudfront, &aims, settings).await,
        parts: Vec::new(),
        remarks: Vec::new(),
        covered: 0,
        aims,
    };
    let mut refused: Vec<RefusedLine> = Vec::new();
    for (of, lines) in lists(cloudfront, arguments, &prepared.aims, lines).await? {
        match judge(&lines, prepared.aims.context(&of), arguments) {
            Ok(judged) => take(&mut prepared, &of, &judged, key.as_ref(), arguments),
            Err(wrong) => refused.extend(
                wrong
                    .into_iter()
                    .filter(|one| !refused.contains(one))
                    .collect::<Vec<_>>(),
            ),
        }
    }
    if !refused.is_empty() {
        return Err(refusal(&refused));
    }
    if prepared.parts.iter().all(|part| part.items.is_empty()) {
        return Err(Error::Nothing);
    }
    Ok(prepared)
}

/// Returns the account of the targets. If they do not reveal it and the configuration mentions accounts, the account
/// comes from the credentials or STS.
async fn account(cloudfront: &CloudFront, aims: &Aims, settings: &Settings) -> Option<AccountId> {
    let told = aims.account();
    if told.is_some() || settings.accounts.is_empty() {
        return told;
    }
    cloudfront.connection().account().await
}

/// Returns the tenant filter, if the command is for all tenants.
fn tenants(arguments: &cli::Create) -> Result<Option<TenantFilter>, Error> {
    let filter = arguments.tenants.as_deref().unwrap_or_default();
    let which = arguments.all_tenants.then(|| TenantFilter::parse(filter));
    let which = which.transpose();
    which.map_err(|wrong| Error::Source(format!("--tenants: {wrong}")))
}

/// Returns the names of the targets. Without `--distribution`, each item must be a URL that identifies its own target.
fn names(arguments: &cli::Create, lines: &[Line]) -> Result<Vec<String>, Error> {
    if !arguments.distribution.is_empty() {
        return Ok(arguments.distribution.clone());
    }
    let mut names = Vec::new();
    for line in lines.iter().filter(|line| !is_remark(&line.raw)) {
        match targets::parse(line.raw.trim()) {
            Ok(TargetName::Host(host)) if line.raw.contains("://") => {
                if !names.contains(&host) {
                    names.push(host);
                }
            }
            _ => {
                let place = line.place.words();
                return Err(Error::Target(format!(
                    "{place}: {} is not a URL, so its distribution is unknown; add --distribution",
                    secret::redacted(line.raw.trim())
                )));
            }
        }
    }
    Ok(names)
}

/// Returns the lines grouped by target, or one list for all targets.
async fn lists(
    cloudfront: &CloudFront,
    arguments: &cli::Create,
    aims: &Aims,
    lines: Vec<Line>,
) -> Result<Vec<(Vec<Aim>, Vec<Line>)>, Error> {
    if !arguments.distribution.is_empty() {
        return Ok(vec![(aims.all.clone(), lines)]);
    }
    let mut by_target: BTreeMap<Target, Vec<Line>> = BTreeMap::new();
    for line in lines.into_iter().filter(|line| !is_remark(&line.raw)) {
        if let Ok(TargetName::Host(host)) = targets::parse(line.raw.trim()) {
            let target = aims.with_host(cloudfront, &host).await?;
            by_target.entry(target).or_default().push(line);
        }
    }
    let aim = |target: &Target| aims.all.iter().filter(|aim| aim.target == *target).cloned().collect();
    Ok(by_target
        .into_iter()
        .map(|(target, lines)| (aim(&target), lines))
        .collect())
}

fn take(prepared: &mut Prepared, of: &[Aim], judged: &Judged, key: Option<&ReferenceKey>, arguments: &cli::Create) {
    if !arguments.waiting.quiet {
        judged
            .warnings
            .iter()
            .for_each(|doubt| report::warn_of(&doubt.code.to_string(), &doubt.sentence, arguments.output));
    }
    let from_items = arguments
        .reference_from_items
        .then(|| ReferenceKey::of_items(&judged.items, arguments.since.as_deref()));
    prepared.covered += judged.covered;
    prepared.remarks.extend(judged.remarks.clone());
    prepared.parts.extend(of.iter().map(|aim| Part {
        target: aim.target.clone(),
        label: aim.label(),
        items: judged.items.clone(),
        key: key.cloned().or_else(|| from_items.clone()),
        when_deployed: arguments.when_deployed && !aim.is_deployed(),
    }));
}

fn refusal(refused: &[RefusedLine]) -> Error {
    let lines = refused.iter().map(|line| {
        let suggestion = line
            .suggestion
            .as_ref()
            .map(|fix| format!(" → {}", fix.replace('\n', ", ")));
        let (place, raw) = (line.place.words(), &line.raw);
        format!(
            "{place}: {raw}: {}: {}{}",
            line.code,
            line.message,
            suggestion.unwrap_or_default()
        )
    });
    Error::Refused {
        lines: lines.collect(),
        details: serde_json::to_value(refused).unwrap_or_default(),
    }
}
