//! Domain types with realistic values.

use chrono::{DateTime, TimeDelta, Utc};
use invalidash::app::message::Message;
use invalidash::app::overlay::review::{CacheTags, Review, ReviewedItem};
use invalidash::domain::batch::{Batch, CallerReference};
use invalidash::domain::behavior::{CacheBehavior, CacheKey};
use invalidash::domain::distribution::{
    AccountId, ConnectionGroupId, ConnectionMode, Distribution, DistributionConfig, DistributionId, Origin, Refused,
    Target, Tenant, TenantDomain, TenantId,
};
use invalidash::domain::failure::{Failure, Refusal};
use invalidash::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Status};
use invalidash::domain::month::{Count, Counted, Found, Listing, MonthKey, Reading};
use invalidash::domain::profile::{Kind, Profile};
use invalidash::domain::record::{Cursor, Record};
use invalidash::domain::submission::{JobId, Scope, State, Submission, SubmissionId};
use invalidash::engine::drafts::Draft;

/// The moment in which every picture is taken: 11:42:07 in the time zone of the pictures.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_344_127, 0).unwrap_or_default()
}

/// So many seconds before it.
pub(crate) fn before(seconds: i64) -> DateTime<Utc> {
    now() - TimeDelta::seconds(seconds)
}

/// Text that would steer a terminal, hide, reorder or tower if it were not made visible.
pub(crate) const HOSTILE: [&str; 8] = [
    "\u{1b}[2J\u{1b}]0;owned\u{7}",
    "gpj.\u{202e}exe\u{2066}x\u{2069}",
    "tab\there\r\nnewline\u{0}\u{7f}\u{9b}2J",
    "zero\u{200b}width\u{200d}joiner\u{feff}",
    "日本語のとても長い名前ですから切られます日本語のとても長い名前",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦 family 🇩🇪 ❤\u{fe0f}",
    "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}tower",
    "\u{ad}soft\u{2028}line\u{e0041}tag",
];

/// The account of the pictures.
pub(crate) fn scope() -> Scope {
    Scope {
        account: Some(AccountId::new("123456789012")),
        endpoint: "CloudFront".to_owned(),
        profile: "prod-admin".to_owned(),
    }
}

/// What the first connection says before anybody knows the account.
pub(crate) fn unknown_account() -> Scope {
    Scope {
        account: None,
        endpoint: "CloudFront".to_owned(),
        profile: "default".to_owned(),
    }
}

/// A distribution with these names.
pub(crate) fn distribution(id: &str, aliases: &[&str], comment: &str) -> Distribution {
    Distribution {
        id: DistributionId::new(id),
        arn: format!("arn:aws:cloudfront::123456789012:distribution/{id}"),
        etag: Some("E2QWRUHEXAMPLE".to_owned()),
        status: "Deployed".to_owned(),
        last_modified: before(86_400 * 3),
        domain_name: "d111111abcdef8.cloudfront.net".to_owned(),
        aliases: aliases.iter().map(ToString::to_string).collect(),
        origins: vec![Origin {
            id: "s3".to_owned(),
            domain_name: format!(
                "{}-prod.s3.eu-central-1.amazonaws.com",
                comment.split(' ').next().unwrap_or_default().to_lowercase()
            ),
            origin_path: "/web".to_owned(),
        }],
        comment: comment.to_owned(),
        enabled: true,
        staging: false,
        price_class: "PriceClass_All".to_owned(),
        http_version: "http2".to_owned(),
        connection_mode: ConnectionMode::Direct,
        behaviors: vec![CacheBehavior {
            path_pattern: "*".to_owned(),
            cache_key: Some(CacheKey::default()),
            ..CacheBehavior::default()
        }],
        refuses: Refused::default(),
    }
}

/// A distribution of this account about which there is nothing to tell.
pub(crate) fn bare(id: &str, account: &str) -> Distribution {
    Distribution {
        arn: format!("arn:aws:cloudfront::{account}:distribution/{id}"),
        etag: None,
        domain_name: format!("{}.cloudfront.net", id.to_lowercase()),
        origins: Vec::new(),
        behaviors: vec![CacheBehavior {
            path_pattern: "*".to_owned(),
            ..CacheBehavior::default()
        }],
        ..distribution(id, &[], "")
    }
}

/// The distributions of a small company.
pub(crate) fn fleet() -> Vec<Distribution> {
    let mut deploying = distribution("E3ZYXWVUTSRQPO", &["docs.example"], "Documentation");
    "InProgress".clone_into(&mut deploying.status);
    let mut tenants = distribution("E9MULTITENANT1", &[], "SaaS front");
    "-".clone_into(&mut tenants.domain_name);
    tenants.connection_mode = ConnectionMode::TenantOnly;
    let mut disabled = distribution("E7PLAINNOALIAS", &[], "");
    disabled.enabled = false;
    let mut staging = distribution("E5STAGINGCOPY1", &["www.shop.example"], "Shop front, next version");
    staging.staging = true;
    vec![
        distribution(
            "E2QWRUHEXAMPLE",
            &["www.shop.example", "shop.example", "m.shop.example"],
            "Shop front",
        ),
        distribution("E1ABCDEF2GHIJK", &["static.shop.example"], "Static assets"),
        deploying,
        tenants,
        disabled,
        staging,
        distribution(
            "E4JAPANSTORE01",
            &["日本.shop.example", "jp.shop.example"],
            "日本の店舗フロント",
        ),
        distribution("E6PARTYSITE002", &["party.example"], "🎉 Launch party — RSVP"),
        distribution(
            "E8LONGNAMES003",
            &["a-very-long-name-that-somebody-thought-was-a-good-idea.marketing.campaigns.example"],
            "Campaign of spring 2024, to be removed when the contract with the agency ends (ask Marie)",
        ),
        distribution(
            "E1API000000004",
            &["api.shop.example"],
            "API, not cached, only for the WAF",
        ),
        distribution("E1BLOG00000005", &["blog.example", "www.blog.example"], "Blog"),
        distribution(
            "E1IMAGES000006",
            &["images.shop.example"],
            "Product images, resized at the edge",
        ),
        distribution("E1STATUS000007", &["status.example"], "Status page"),
        distribution("E1INTRANET0008", &["intranet.example"], "Intranet"),
    ]
}

/// The multi-tenant one of the fleet.
pub(crate) const MULTI_TENANT: &str = "E9MULTITENANT1";

/// A tenant of it.
pub(crate) fn tenant(id: &str, name: &str, domains: &[&str]) -> Tenant {
    let active = |domain: &&str| TenantDomain {
        domain: (*domain).to_owned(),
        active: true,
    };
    Tenant {
        id: TenantId::new(id),
        distribution: DistributionId::new(MULTI_TENANT),
        name: name.to_owned(),
        arn: format!("arn:aws:cloudfront::123456789012:distribution-tenant/{id}"),
        domains: domains.iter().map(active).collect(),
        enabled: true,
        status: "Deployed".to_owned(),
        group: Some(ConnectionGroupId::new("cg_2yMvQgKQn3yTkVxS1hVb0eT4qXw")),
    }
}

/// Small companies' sites.
pub(crate) fn tenants() -> Vec<Tenant> {
    let mut deploying = tenant(
        "dt_2wjDZi3hD1ivOXf6rpZJOSNE1Ct",
        "delikat-essen",
        &["www.delikat-essen.example"],
    );
    "InProgress".clone_into(&mut deploying.status);
    let mut new = tenant(
        "dt_3aXe4DyO7AgL9vTj2RpS6wMu1Kf",
        "lumiere-optik",
        &["lumiere-optik.example", "neu.lumiere-optik.example"],
    );
    new.domains[1].active = false;
    let mut disabled = tenant(
        "dt_3bT0xWn6JzE4vQh9SkC2gMr1Ly",
        "old-tea-house",
        &["old-tea-house.example"],
    );
    disabled.enabled = false;
    vec![
        tenant(
            "dt_2yMvQgam3QkJo2z54FDl91dk1AB",
            "acme-bikes",
            &["shop.acme-bikes.example", "acme-bikes.example"],
        ),
        tenant(
            "dt_2yMuV7NJuBcAB0cwwxMCBZQ1Q7k",
            "bluebird-books",
            &["bluebird-books.example"],
        ),
        deploying,
        new,
        disabled,
        tenant("dt_3dN0d0ma1nYet5QwErTy7uIoPaSd", "without-a-domain", &[]),
        tenant(
            "dt_3cP7uDa1FyG5rKo8XeB4jNw2Iv",
            "zirkus-sonnenschein-mit-einem-langen-namen",
            &["www.zirkus-sonnenschein-und-söhne.example"],
        ),
    ]
}

/// Distributions whose every text is hostile.
pub(crate) fn hostile_fleet() -> Vec<Distribution> {
    let hostile = |(number, text): (usize, &&str)| {
        let mut d = distribution(&format!("E{number}{text}"), &[text, text], text);
        (*text).clone_into(&mut d.status);
        (*text).clone_into(&mut d.domain_name);
        for origin in &mut d.origins {
            (*text).clone_into(&mut origin.domain_name);
            (*text).clone_into(&mut origin.origin_path);
        }
        d
    };
    HOSTILE.iter().enumerate().map(hostile).collect()
}

/// What `GetDistribution` tells of one that keeps tags.
pub(crate) fn config(distribution: &Distribution) -> DistributionConfig {
    DistributionConfig {
        distribution: distribution.clone(),
        cache_tag_header: Some("x-amz-meta-cache-tag".to_owned()),
        default_root_object: "index.html".to_owned(),
        in_progress_batches: 1,
        continuous_deployment: None,
    }
}

/// CloudFront's refusal with this code.
pub(crate) fn refused(code: &str, message: &str, http_status: u16) -> Failure {
    Failure::Refused(Refusal {
        code: code.to_owned(),
        message: message.to_owned(),
        http_status,
        request_id: Some("2f9c1f2e-6c3b-4f5a-9d2b-0c1d2e3f4a5b".to_owned()),
    })
}

/// A batch of these wire items.
pub(crate) fn batch(items: &[&str]) -> Batch {
    let items = items.iter().map(ToString::to_string).collect();
    Batch::new(items).unwrap_or_else(|| batch(&["/index.html"]))
}

/// A submission in this state, confirmed so many seconds ago.
pub(crate) fn submission(number: u32, age: i64, target: &Target, items: &[&str], state: State) -> Submission {
    let id = SubmissionId::new(format!("01JD{number:022}"));
    let batch = batch(items);
    let sent = !matches!(state, State::Cancelled | State::Planned | State::Queued);
    Submission {
        number: 1,
        reference: CallerReference::for_batch(id.as_str(), 1, &batch),
        id,
        job: JobId::new(format!("01JC{number:022}")),
        scope: scope(),
        target: target.clone(),
        label: "www.shop.example".to_owned(),
        batch,
        created: before(age),
        version: "1.0.0".to_owned(),
        state,
        maybe_sent: false,
        attempts: u32::from(sent),
        first_sent: sent.then(|| before(age - 1)),
        request_id: sent.then(|| "2f9c1f2e-6c3b-4f5a-9d2b-0c1d2e3f4a5b".to_owned()),
        note: None,
        when_deployed: false,
    }
}

/// One that was accepted so many seconds ago and took so many.
pub(crate) fn completed(number: u32, age: i64, took: i64, target: &Target, items: &[&str]) -> Submission {
    let state = State::Completed {
        id: InvalidationId::new(format!("I2J0I21PCUY{number:03}")),
        create_time: before(age),
        last_in_progress: Some(before(age - took + 1)),
        seen: Some(before(age - took)),
    };
    submission(number, age + 2, target, items, state)
}

/// One that was accepted so many seconds ago.
pub(crate) fn in_progress(number: u32, age: i64, target: &Target, items: &[&str]) -> Submission {
    let state = State::InProgress {
        id: InvalidationId::new(format!("I3ABCDEFEXA{number:03}")),
        status: Status::new("InProgress"),
        create_time: before(age),
        last_in_progress: Some(before(age)),
    };
    submission(number, age + 1, target, items, state)
}

/// A row of the history, as the ledger tells it of a submission.
pub(crate) fn record(number: i64, submission: &Submission) -> Record {
    Record {
        cursor: Cursor {
            number,
            label: submission.label.clone(),
            word: submission.state.word().to_owned(),
            items: submission.batch.items().len(),
        },
        id: submission.id.clone(),
        scope: submission.scope.clone(),
        target: submission.target.clone(),
        head: submission.batch.items().to_vec(),
        created: submission.created,
        state: Some(submission.state.clone()),
        maybe_sent: submission.maybe_sent,
        note: submission.note.clone(),
    }
}

/// A row of somebody else's.
pub(crate) fn summary(id: &str, age: i64, status: &str) -> InvalidationSummary {
    InvalidationSummary {
        id: InvalidationId::new(id),
        status: Status::new(status),
        create_time: before(age),
    }
}

/// The same with its items.
pub(crate) fn invalidation(summary: &InvalidationSummary, items: &[&str]) -> Invalidation {
    Invalidation {
        id: summary.id.clone(),
        status: summary.status.clone(),
        create_time: summary.create_time,
        items: items.iter().map(ToString::to_string).collect(),
        caller_reference: format!("cli-{}-1", summary.create_time.timestamp()),
    }
}

/// The review of these items.
pub(crate) fn review(targets: &[(Target, String)], items: &[&str]) -> Review {
    let reviewed = |item: &&str| ReviewedItem {
        wire: (*item).to_owned(),
        typed: None,
        clears: item
            .strip_suffix('*')
            .map(|prefix| format!("everything that starts with {prefix}"))
            .unwrap_or_default(),
    };
    Review {
        scope: scope(),
        targets: targets.to_vec(),
        batches: vec![batch(items)],
        batch: batch(items),
        items: items.iter().map(reviewed).collect(),
        left_out: Vec::new(),
        confirmation: None,
        note: None,
        noting: None,
        when_deployed: false,
        draft: Draft::default(),
        tags: CacheTags::default(),
    }
}

/// That there are these profiles, with keys in a file.
pub(crate) fn profiles(names: &[&str]) -> Message {
    let profiles = names.iter().map(|name| profile(name, Kind::Keys, "", "", ""));
    Message::Profiles(profiles.collect(), None)
}

/// Profiles of every kind, two of them not to be used as they are.
pub(crate) fn many_profiles() -> Vec<Profile> {
    vec![
        profile("default", Kind::Nothing, "", "", "no keys"),
        profile("prod-admin", Kind::Sso, "123456789012", "AdministratorAccess", ""),
        profile("prod-readonly", Kind::Role, "123456789012", "reader", ""),
        profile("staging", Kind::Sso, "210987654321", "Deploy", "log in"),
        profile("日本", Kind::Process, "", "", ""),
        profile("sandbox\u{202e}", Kind::Keys, "", "", "config line 12 has no ="),
    ]
}

pub(crate) fn profile(name: &str, kind: Kind, account: &str, role: &str, trouble: &str) -> Profile {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Profile {
        name: name.to_owned(),
        kind,
        account: filled(account).map(AccountId::new),
        role: filled(role),
        trouble: filled(trouble),
    }
}

/// A month that nobody has begun to count.
pub(crate) fn nothing_counted() -> Count {
    let key = MonthKey::of(&scope().endpoint, &scope().profile, now());
    let start = key.start;
    Count {
        ended: Some(start),
        ..Count::new(key, start)
    }
}

/// A month in which one invalidation with so many paths was made.
pub(crate) fn counted(paths: u64) -> Count {
    let mut count = count();
    count.discovery.lacks.clear();
    count.invalidations.clear();
    let target = count.discovery.found.remove(0);
    count.discovery.found = vec![target.clone()];
    let read = Reading::Read {
        paths,
        reference: "release".to_owned(),
        ours: false,
    };
    let one = (InvalidationId::new("I0"), Counted { created: now(), read });
    count.invalidations.insert(target.target, [one].into());
    count
}

/// A month of which two targets of three are counted, one of them as far as it may be.
pub(crate) fn count() -> Count {
    let key = MonthKey::of(&scope().endpoint, &scope().profile, now());
    let mut count = Count::new(key, now());
    count.discovery.listed = true;
    for (place, (distribution, paths)) in fleet().iter().zip([300, 80, 0]).enumerate() {
        let target = Target::Distribution(distribution.id.clone());
        count.discovery.found.push(Found {
            target: target.clone(),
            label: distribution.label().to_owned(),
            carries_tenants: false,
        });
        if paths == 0 {
            continue;
        }
        count.listings.insert(target.clone(), Listing::Listed(now()));
        let of = count.invalidations.entry(target).or_default();
        for (number, reference) in ["cli-1795341600-7", "1795341600", "release"].iter().enumerate() {
            let read = Reading::Read {
                paths: paths / 4 * (number as u64 + 1) / 2,
                reference: (*reference).to_owned(),
                ours: number == 2,
            };
            let read = if place == 1 && number == 1 {
                Reading::Refused(now())
            } else {
                read
            };
            let created = now() - TimeDelta::days(3 * i64::try_from(number).unwrap_or(0));
            of.insert(
                InvalidationId::new(format!("I{place}{number}")),
                Counted { created, read },
            );
        }
    }
    count.discovery.lacks.insert("GetInvalidation".to_owned());
    count
}
