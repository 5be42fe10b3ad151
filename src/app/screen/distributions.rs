//! The distributions page.

use crate::app::list::{List, Source, arranged};
use crate::app::table::{self, Arrangements, Table, Value};
use crate::domain::distribution::{Distribution, DistributionId, Target};
use crate::engine::drafts::HeldDraft;
use crate::engine::latest::latest;
use crate::engine::row::row;
use crate::engine::state::Engine;

/// The state of the distributions page.
#[derive(Debug, Default)]
pub struct Distributions {
    /// The rows.
    pub list: List<DistributionId>,
}

impl Distributions {
    /// Rebuilds the rows: favorites first, then sorted by the chosen column.
    pub(crate) fn refill(&mut self, engine: &Engine, arrangements: &Arrangements) {
        let all = engine.fleet.all();
        let table = (Table::Distributions, arrangements);
        let rows = arranged(all.iter().collect(), table, self.list.view.filter.value(), engine);
        self.list
            .show(rows.into_iter().map(|d| d.id.clone()).collect(), all.len());
    }
}

impl Source<&Distribution> for Engine {
    fn whole(&self, d: &&Distribution) -> String {
        let words = features(self, d).into_iter().map(Feature::word);
        words.fold(haystack(d), |text, word| text + " " + word)
    }

    fn value(&self, d: &&Distribution, column: usize) -> Value {
        let name = table::DISTRIBUTIONS.get(column).map_or("", |column| column.name);
        match name {
            "Aliases" => Value::text(match d.aliases.as_slice() {
                [] => d.label().to_owned(),
                all => all.join(" "),
            }),
            "Last invalidation" => last(self, d),
            "Id" => Value::text(d.id.as_str()),
            "Comment" => Value::text(&d.comment),
            "DomainName" => Value::text(&d.domain_name),
            "Origin" => Value::text(origin(d)),
            "LastModified" => Value::Time(d.last_modified),
            "Status" => Value::text(&d.status),
            "PriceClass" => Value::text(&d.price_class),
            "HttpVersion" => Value::text(&d.http_version),
            "Cache tags" => Value::text(cache_tags(self, d)),
            _ => Value::Nothing,
        }
    }

    fn is_pinned(&self, d: &&Distribution) -> bool {
        is_favorite(self, &d.id)
    }
}

/// Returns the creation time of a distribution's last invalidation, for sorting; an invalidation that has not reached
/// CloudFront yet counts as the newest.
fn last(engine: &Engine, d: &Distribution) -> Value {
    let key = latest(engine, &Target::Distribution(d.id.clone()));
    let row = key.as_ref().and_then(|key| row(engine, key));
    let Some(row) = row else { return Value::Nothing };
    let items = row.items.unwrap_or_default();
    let made = row.made().filter(|_| !row.is_to_come());
    let time = made.map_or(i64::MAX, |time| time.timestamp_millis());
    Value::Number(time, format!("{} {}", row.status, items.join(" ")))
}

/// Returns the origins' domain names, starting with the first origin.
#[must_use]
pub fn origin(d: &Distribution) -> String {
    let origins = d
        .origins
        .iter()
        .map(|origin| format!("{}{}", origin.domain_name, origin.origin_path));
    origins.collect::<Vec<_>>().join(" ")
}

/// Returns the header that CloudFront reads the distribution's cache tags from; empty if unknown or not set.
#[must_use]
pub fn cache_tags<'a>(engine: &'a Engine, d: &Distribution) -> &'a str {
    let config = engine.fleet.configs.get(&d.id);
    config
        .and_then(|config| config.cache_tag_header.as_deref())
        .unwrap_or_default()
}

/// Returns whether the user has pinned a distribution.
#[must_use]
pub fn is_favorite(engine: &Engine, id: &DistributionId) -> bool {
    // This runs for every row, so it avoids cloning the id if there are no favorites.
    !engine.favorites.is_empty() && engine.favorites.contains(&Target::Distribution(id.clone()))
}

/// Returns the number of lines in the drafts for this target, including drafts for several targets.
#[must_use]
pub fn draft_lines(engine: &Engine, target: &Target) -> usize {
    let written = |draft: &HeldDraft| draft.text.lines().filter(|line| !line.trim().is_empty()).count();
    drafts_of(engine, target).into_iter().map(written).sum()
}

/// A noteworthy property of a distribution, shown in its row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Drafts for the distribution contain this many lines.
    Draft(usize),
    /// The distribution's configuration has not reached every edge location.
    Deploying,
    /// The distribution is disabled and does not serve viewers.
    Disabled,
    /// The distribution is a staging distribution.
    Staging,
    /// Viewers reach the distribution only through its tenants.
    MultiTenant,
    /// CloudFront reads cache tags for the distribution.
    CacheTags,
}

impl Feature {
    /// Returns the word that represents the feature in a row and in filters.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft(_) => "draft",
            Self::Deploying => "deploying",
            Self::Disabled => "disabled",
            Self::Staging => "staging",
            Self::MultiTenant => "tenants",
            Self::CacheTags => "#tags",
        }
    }
}

/// Returns the noteworthy properties of a distribution, the most important first: a narrow row has room for one or
/// two. `Deployed`, the normal status, is not one of them.
#[must_use]
pub fn features(engine: &Engine, d: &Distribution) -> Vec<Feature> {
    let config = engine.fleet.configs.get(&d.id);
    let tags = config.is_some_and(|config| config.cache_tag_header.is_some());
    let lines = draft_lines(engine, &Target::Distribution(d.id.clone()));
    let all = [
        (!d.is_deployed(), Feature::Deploying),
        (!d.enabled, Feature::Disabled),
        (d.staging, Feature::Staging),
        (d.is_multi_tenant(), Feature::MultiTenant),
        (lines > 0, Feature::Draft(lines)),
        (tags, Feature::CacheTags),
    ];
    let known = all.into_iter().filter(|(is, _)| *is);
    known.map(|(_, feature)| feature).collect()
}

/// Returns the drafts for this target, including those for several targets.
#[must_use]
pub fn drafts_of<'a>(engine: &'a Engine, target: &Target) -> Vec<&'a HeldDraft> {
    let drafts = engine.drafts.iter().map(|(_, draft)| draft);
    let of_target = drafts.filter(|draft| draft.targets.split(' ').any(|id| id == target.id()));
    of_target.collect()
}

/// Returns the searchable text of a distribution, without the words for its features.
pub(in crate::app) fn haystack(d: &Distribution) -> String {
    let origins = d.origins.iter().map(|origin| origin.domain_name.as_str());
    let words = d
        .aliases
        .iter()
        .map(String::as_str)
        .chain([d.id.as_str(), &d.comment, &d.domain_name])
        .chain(origins);
    words.collect::<Vec<_>>().join(" ")
}
