//! Decides what is dangerous about a job before it is sent, and who must confirm it. Because there is only one table,
//! the review and the headless commands ask for the same confirmations.

use std::fmt;

use serde::Deserialize;

use super::distribution::Target;
use super::options::within;
use super::text::{count, grouped};

/// Who must confirm a dangerous job before it is sent: a user types a word, a script needs a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Asks {
    /// No confirmation is needed.
    Never,
    /// Scripts, and users at a shell prompt, must confirm.
    Scripts,
    /// Users of the dashboard must confirm as well.
    Always,
}

/// Which dangers need confirmation, and from whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    /// Clearing everything with `/*`.
    pub whole_site: Asks,
    /// A wildcard at the top level: `/images/*` clears a whole folder, and `/im*` every path that starts with `/im`.
    pub first_level: Asks,
    /// Invalidating a multi-tenant distribution itself.
    pub multi_tenant: Asks,
    /// Sending to a production account.
    pub production: Asks,
    /// Sending cache tags when it is unknown whether they work.
    pub unknown_tags: Asks,
    /// Sending more than [`Self::items`] or [`Self::targets`].
    pub many: Asks,
    /// The maximum number of billable items that need no confirmation.
    pub items: u32,
    /// The maximum number of targets that need no confirmation.
    pub targets: u32,
    /// The maximum number of top-level wildcards that need no confirmation.
    pub first_level_wildcards: u32,
    /// The text to type for confirmation; empty means the id of the target, or the label of a production account.
    pub word: String,
    /// The number of seconds during which a confirmed job can still be cancelled; `None` means the value from `[send]`,
    /// but at least [`IN_PRODUCTION`] in a production account.
    pub countdown: Option<u32>,
}

/// The default number of seconds during which a job confirmed for a production account can still be cancelled.
pub const IN_PRODUCTION: u32 = 3;

/// The maximum length of a countdown in seconds.
pub const LONGEST_COUNTDOWN: u32 = 60;

impl Default for Guard {
    fn default() -> Self {
        Self {
            whole_site: Asks::Always,
            first_level: Asks::Scripts,
            multi_tenant: Asks::Always,
            production: Asks::Scripts,
            unknown_tags: Asks::Always,
            many: Asks::Scripts,
            // The number of free paths per month.
            items: 1_000,
            targets: 20,
            first_level_wildcards: 0,
            word: String::new(),
            countdown: None,
        }
    }
}

/// The user's changes to a [`Guard`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "each is what it is in `Guard`; nothing: as it was")]
pub struct GuardChanges {
    pub whole_site: Option<Asks>,
    pub first_level: Option<Asks>,
    pub multi_tenant: Option<Asks>,
    pub production: Option<Asks>,
    pub unknown_tags: Option<Asks>,
    pub many: Option<Asks>,
    pub items: Option<u32>,
    pub targets: Option<u32>,
    pub first_level_wildcards: Option<u32>,
    #[serde(deserialize_with = "a_word")]
    pub word: Option<String>,
    #[serde(deserialize_with = "a_minute_at_most")]
    pub countdown: Option<u32>,
}

fn a_minute_at_most<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    within(deserializer, 0, LONGEST_COUNTDOWN).map(Some)
}

/// The maximum length of the text to type for confirmation, in characters.
const LONGEST_WORD: usize = 64;

/// Deserializes the text to type for confirmation; rejects text that cannot be typed on one line.
fn a_word<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let word = String::deserialize(deserializer)?;
    let fits = word.trim() == word && word.chars().count() <= LONGEST_WORD && !word.chars().any(char::is_control);
    let wrong = || {
        serde::de::Error::custom(format!(
            "expected at most {LONGEST_WORD} characters, no leading or trailing spaces"
        ))
    };
    if fits { Ok(Some(word)) } else { Err(wrong()) }
}

impl Guard {
    /// Returns the guard with these changes applied.
    #[must_use]
    pub fn with(&self, changes: &GuardChanges) -> Self {
        Self {
            whole_site: changes.whole_site.unwrap_or(self.whole_site),
            first_level: changes.first_level.unwrap_or(self.first_level),
            multi_tenant: changes.multi_tenant.unwrap_or(self.multi_tenant),
            production: changes.production.unwrap_or(self.production),
            unknown_tags: changes.unknown_tags.unwrap_or(self.unknown_tags),
            many: changes.many.unwrap_or(self.many),
            items: changes.items.unwrap_or(self.items),
            targets: changes.targets.unwrap_or(self.targets),
            first_level_wildcards: changes.first_level_wildcards.unwrap_or(self.first_level_wildcards),
            word: changes.word.clone().unwrap_or_else(|| self.word.clone()),
            countdown: changes.countdown.or(self.countdown),
        }
    }

    /// Returns the number of seconds during which a confirmed job can still be cancelled; `otherwise` is the value from
    /// `[send]`.
    #[must_use]
    pub fn countdown(&self, otherwise: u32, is_production: bool) -> u32 {
        let least = if is_production { IN_PRODUCTION } else { 0 };
        self.countdown.unwrap_or(otherwise.max(least))
    }

    /// Returns the dangers of a job, worst first.
    #[must_use]
    pub fn dangers<'a>(&self, items: impl IntoIterator<Item = &'a String>, job: Job) -> Vec<Danger> {
        let (billable, targets) = (job.billable, job.targets);
        let items: Vec<&String> = items.into_iter().collect();
        let mut dangers = of_items(items.iter().copied(), self.first_level_wildcards as usize);
        dangers.extend(job.multi_tenant.map(Danger::MultiTenant));
        dangers.extend(job.production.map(Danger::Production));
        dangers.extend(job.unknown_account.then_some(Danger::UnknownAccount));
        let tag = items.iter().find(|item| item.starts_with('#'));
        let unknown = tag.zip(job.unknown_tags);
        dangers.extend(unknown.map(|(tag, why)| Danger::UnknownTags((*tag).clone(), why)));
        dangers.extend((billable > self.items as usize).then_some(Danger::ManyItems(billable, self.items)));
        dangers.extend((targets > self.targets as usize).then_some(Danger::ManyTargets(targets, self.targets)));
        dangers
    }

    /// Returns the text that the user types to confirm sending to these targets. This is the guard's word if set.
    /// Otherwise, it is the number of targets, or for a single target its id, or its account's label if production is
    /// the danger. `None` without targets.
    #[must_use]
    pub fn typed_before(&self, targets: &[&Target], danger: &Danger) -> Option<String> {
        match targets {
            [] => None,
            _ if !self.word.is_empty() => Some(self.word.clone()),
            [only] => Some(danger.asks_for(only.id())),
            several => Some(format!("{} targets", several.len())),
        }
    }

    /// Returns who must confirm a danger.
    #[must_use]
    pub fn asks(&self, danger: &Danger) -> Asks {
        match danger {
            Danger::WholeSite => self.whole_site,
            Danger::FirstLevel(_) => self.first_level,
            Danger::MultiTenant(_) => self.multi_tenant,
            Danger::Production(_) => self.production,
            // Accounts have no setting for this. In the dashboard, the header shows that the account is unknown.
            Danger::UnknownAccount => Asks::Scripts,
            Danger::UnknownTags(..) => self.unknown_tags,
            Danger::ManyItems(..) | Danger::ManyTargets(..) => self.many,
        }
    }
}

/// The properties of a job other than its items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Job {
    /// The number of billed items: each counts once per target.
    pub billable: usize,
    /// The number of targets.
    pub targets: usize,
    /// The id of a multi-tenant distribution among the targets.
    pub multi_tenant: Option<String>,
    /// The account's label, if the user has marked the account as production.
    pub production: Option<String>,
    /// Whether the account is unknown and could therefore be one that the user has restricted.
    pub unknown_account: bool,
    /// The reason why it is unknown whether a target supports cache tags; `None` if it is known.
    pub unknown_tags: Option<UnknownTags>,
}

/// The reason why it is unknown whether cache tags are enabled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnknownTags {
    /// `GetDistribution` has not succeeded.
    Unread,
    /// `GetDistribution` is not allowed.
    Denied,
}

/// Something that clears or costs more than the user probably intends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Danger {
    /// `/*` clears everything.
    WholeSite,
    /// A wildcard at the top level: `/images/*` clears a whole folder, and `/im*` every path that starts with `/im`.
    FirstLevel(String),
    /// The id of a multi-tenant distribution that is itself the target.
    MultiTenant(String),
    /// The label of an account that the user has marked as production.
    Production(String),
    /// The account is unknown, and some accounts are restricted.
    UnknownAccount,
    /// A cache tag that may clear nothing, and why this is unknown.
    UnknownTags(String, UnknownTags),
    /// The number of billable items, and the maximum that needs no confirmation.
    ManyItems(usize, u32),
    /// The number of targets, and the maximum that needs no confirmation.
    ManyTargets(usize, u32),
}

impl Danger {
    /// Returns the text that must be typed before anything with this danger is sent to `target`.
    #[must_use]
    pub fn asks_for(&self, target: &str) -> String {
        match self {
            Self::Production(label) if !label.is_empty() => label.clone(),
            _ => target.to_owned(),
        }
    }

    /// Returns the flag of `create` that allows the danger.
    #[must_use]
    pub fn flag(&self) -> &'static str {
        match self {
            Self::WholeSite => "--allow-whole-site",
            Self::FirstLevel(_) => "--allow-first-level",
            Self::MultiTenant(_) => "--allow-multi-tenant",
            Self::Production(_) | Self::UnknownAccount => "--allow-production",
            Self::UnknownTags(..) => "--allow-unknown-tags",
            Self::ManyItems(..) | Self::ManyTargets(..) => "--allow-many",
        }
    }
}

/// Writes the danger as a sentence.
impl fmt::Display for Danger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WholeSite => f.write_str("/* clears everything, so the next requests go to the origin"),
            Self::FirstLevel(item) => match item.strip_suffix('*') {
                Some(prefix) if !prefix.ends_with('/') => {
                    write!(f, "{item} clears every path that starts with {prefix}")
                }
                _ => write!(f, "{item} clears a whole top-level folder"),
            },
            Self::MultiTenant(_) => f.write_str(
                "this is a multi-tenant distribution; what happens when you invalidate one is undocumented, and one \
                 user reported a NoSuchDistribution error. You can invalidate all of its tenants in one job instead",
            ),
            Self::Production(label) if label.is_empty() => f.write_str("this is a production account"),
            Self::Production(label) => write!(f, "this is a production account ({label})"),
            Self::UnknownAccount => f.write_str(
                "the account is unknown; the configuration may restrict it (as production, as read-only or with its own \
                    guard)",
            ),
            Self::UnknownTags(tag, UnknownTags::Unread) => {
                write!(f, "{tag} may clear nothing; it is unknown whether cache tags are enabled")
            }
            Self::UnknownTags(tag, UnknownTags::Denied) => write!(
                f,
                "{tag} may clear nothing; invalidash needs cloudfront:GetDistribution to check whether cache tags are \
                    enabled"
            ),
            Self::ManyItems(items, limit) => {
                write!(
                    f,
                    "{} are billed (limit {})",
                    count(*items, "item"),
                    grouped((*limit).into())
                )
            }
            Self::ManyTargets(targets, limit) => {
                write!(
                    f,
                    "this goes to {} (limit {})",
                    count(*targets, "target"),
                    grouped((*limit).into())
                )
            }
        }
    }
}

/// Returns the dangers of the items themselves, at most one of each kind. Up to `allowed` top-level wildcards are not
/// dangerous.
fn of_items<'a>(items: impl IntoIterator<Item = &'a String>, allowed: usize) -> Vec<Danger> {
    let (mut whole, mut first) = (None, Vec::new());
    for item in items {
        if item == "/*" {
            whole.get_or_insert(Danger::WholeSite);
        } else if is_first_level(item) {
            first.push(item);
        }
    }
    let first = first.first().filter(|_| first.len() > allowed);
    let first = first.map(|item| Danger::FirstLevel((*item).clone()));
    whole.into_iter().chain(first).collect()
}

/// Returns whether an item is a first-level wildcard: `/images/*` and `/im*`, but neither `/images/icons/*` nor
/// `/index.html*`, which clears one page with its query strings.
fn is_first_level(item: &str) -> bool {
    let Some(path) = item.strip_suffix('*').and_then(|path| path.strip_prefix('/')) else {
        return false;
    };
    let folder = path.strip_suffix('/').unwrap_or(path);
    !folder.is_empty() && !folder.contains(['/', '.', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_the_first_level_are_told_from_pages_and_deeper_folders() {
        for (item, is) in [
            ("/images/*", true),
            ("/im*", true),
            ("/images/icons/*", false),
            ("/index.html*", false),
            ("/index.html", false),
            ("/a?*", false),
            ("#tag*", false),
            ("/*", false),
        ] {
            assert_eq!(is_first_level(item), is, "{item}");
        }
        for (item, said) in [
            ("/images/*", "/images/* clears a whole top-level folder"),
            ("/im*", "/im* clears every path that starts with /im"),
        ] {
            assert_eq!(Danger::FirstLevel(item.to_owned()).to_string(), said);
        }
        let items = ["/a", "/x/*", "/*", "/y/*"].map(str::to_owned);
        assert_eq!(
            of_items(&items, 1),
            [Danger::WholeSite, Danger::FirstLevel("/x/*".to_owned())]
        );
        assert_eq!(of_items(&items, 2), [Danger::WholeSite]);
    }

    #[test]
    fn what_is_typed_is_the_word_of_the_guard_where_it_has_one() {
        let target = Target::from_id("E1");
        let production = Danger::Production("PROD".to_owned());
        let typed = |word: &str, targets: &[&Target]| {
            let changes = GuardChanges {
                word: Some(word.to_owned()),
                ..GuardChanges::default()
            };
            Guard::default().with(&changes).typed_before(targets, &production)
        };
        assert_eq!(typed("", &[&target]).as_deref(), Some("PROD"));
        assert_eq!(typed("", &[&target, &target]).as_deref(), Some("2 targets"));
        assert_eq!(typed("shop live", &[&target, &target]).as_deref(), Some("shop live"));
        assert_eq!(typed("shop live", &[]), None);
    }

    #[test]
    fn production_counts_down_by_itself_and_everything_can_be_set() {
        let set = |countdown| Guard {
            countdown,
            ..Guard::default()
        };
        for (countdown, otherwise, production, expected) in [
            (None, 0, false, 0),
            (None, 0, true, 3),
            (None, 10, true, 10),
            (Some(0), 10, true, 0),
            (Some(5), 0, false, 5),
        ] {
            assert_eq!(set(countdown).countdown(otherwise, production), expected);
        }
    }

    #[test]
    fn a_job_is_dangerous_for_what_it_is_aimed_at_and_for_its_size() {
        let changes = GuardChanges {
            items: Some(3),
            many: Some(Asks::Never),
            ..GuardChanges::default()
        };
        let guard = Guard::default().with(&changes);
        let job = Job {
            billable: 4,
            targets: 21,
            production: Some("PROD".to_owned()),
            unknown_tags: Some(UnknownTags::Denied),
            ..Job::default()
        };
        let found = guard.dangers(&["/a".to_owned(), "#tag".to_owned()], job);
        let many = [Danger::ManyItems(4, 3), Danger::ManyTargets(21, 20)];
        let production = Danger::Production("PROD".to_owned());
        assert_eq!(
            found.get(..2),
            Some(&[production, Danger::UnknownTags("#tag".to_owned(), UnknownTags::Denied)][..])
        );
        assert_eq!(found.get(2..), Some(&many[..]));
        assert!(many.iter().all(|danger| guard.asks(danger) == Asks::Never));
        let harmless = guard.dangers(
            &["#tag".to_owned()],
            Job {
                billable: 1,
                targets: 1,
                ..Job::default()
            },
        );
        assert_eq!(harmless, []);
    }
}
