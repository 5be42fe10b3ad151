//! What is dangerous about a job before it is sent: a table, so that the review and the commands without a screen ask about
//! the same things.

use std::fmt;

use super::text::count;

/// More billable items than these are worth a second thought: beyond the free ones of a month.
pub const MANY: usize = 1_000;

/// Something that clears more, or costs more, than is meant by mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Danger {
    /// `/*`.
    WholeSite,
    /// A wildcard that clears a whole folder of the first level.
    FirstLevel(String),
    /// A multi-tenant distribution itself, by its id.
    MultiTenant(String),
    /// An account that a person calls production, by its label.
    Production(String),
    /// More billable items than [`MANY`].
    Many(usize),
}

impl Danger {
    /// The flag of `create` that allows it.
    #[must_use]
    pub fn flag(&self) -> &'static str {
        match self {
            Self::WholeSite => "--allow-whole-site",
            Self::FirstLevel(_) => "--allow-first-level",
            Self::MultiTenant(_) => "--allow-multi-tenant",
            Self::Production(_) => "--allow-production",
            Self::Many(_) => "--allow-many",
        }
    }
}

/// A sentence.
impl fmt::Display for Danger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WholeSite => f.write_str("/* clears everything: the next requests go to the origin"),
            Self::FirstLevel(item) => write!(f, "{item} clears a whole folder of the first level"),
            Self::MultiTenant(_) => f.write_str(
                "this is a multi-tenant distribution itself; CloudFront does not document what an invalidation of it \
                 clears. Each of its tenants can be invalidated by itself",
            ),
            Self::Production(label) if label.is_empty() => f.write_str("the account is a production account"),
            Self::Production(label) => write!(f, "the account is {label}, a production account"),
            Self::Many(billable) => write!(f, "{} are billed, more than {}", count(*billable, "item"), MANY),
        }
    }
}

/// What is dangerous about the items themselves, each kind once.
#[must_use]
pub fn of_items<'a>(items: impl IntoIterator<Item = &'a String>) -> Vec<Danger> {
    let (mut whole, mut first) = (None, None);
    for item in items {
        if item == "/*" {
            whole.get_or_insert(Danger::WholeSite);
        } else if is_first_level(item) {
            first.get_or_insert_with(|| Danger::FirstLevel(item.clone()));
        }
    }
    whole.into_iter().chain(first).collect()
}

/// `/images/*` and `/im*`, but neither `/images/icons/*` nor `/index.html*`, which clears one page with its query strings.
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
        let items = ["/a", "/x/*", "/*", "/y/*"].map(str::to_owned);
        assert_eq!(
            of_items(&items),
            [Danger::WholeSite, Danger::FirstLevel("/x/*".to_owned())]
        );
    }
}
