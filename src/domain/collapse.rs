//! Reduces a list to fewer items: three plans for comparison, each with its price and the extra objects it clears.
//!
//! *Exact* clears exactly what the list contains. *Bounded* places wildcards where they save the most items while
//! clearing no more than a given number of extra known objects. *One* is a single wildcard over everything. Extra
//! objects can only be counted among known paths; without any, the count is reported as unknown.
//!
//! The bounded plan is optimal: a wildcard that replaces a set of items clears the fewest extra objects when it ends
//! where those items diverge, so only the branches of the items' prefix tree need to be considered, and a knapsack
//! over that tree (`tree::Tree`) tries all their combinations.

mod keys;
mod tree;

use super::item::{Item, ItemKind};
use super::price::{self, Money};
use keys::{Keys, Paths};
use tree::Tree;

/// The number of extra paths that a plan lists as examples.
const EXAMPLES: usize = 5;

/// A list of items that clears at least the objects that the original list clears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The items to send: paths sorted, then tags.
    pub items: Vec<Item>,
    /// The highest possible cost.
    pub price: Money,
    /// The number of wildcards among the items.
    pub wildcards: usize,
    /// The extra objects that the plan clears.
    pub besides: Besides,
}

impl Plan {
    /// Returns whether the plan clears everything.
    #[must_use]
    pub fn is_whole_site(&self) -> bool {
        self.items.iter().any(Item::is_whole_site)
    }
}

/// The objects that a plan clears in addition to those of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Besides {
    /// No paths are known, so the objects cannot be counted.
    Unknown,
    /// The extra objects have been counted among the known paths.
    Known {
        /// The number of extra paths.
        count: usize,
        /// The first few extra paths.
        examples: Vec<String>,
    },
}

/// The three plans for a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plans {
    /// The list itself without redundant items.
    pub exact: Plan,
    /// The plan with the fewest items that clears at most the given number of extra known paths and never the whole
    /// site; `None` if no paths are known.
    pub bounded: Option<Plan>,
    /// A single wildcard instead of all paths; `None` if there are fewer than two paths.
    pub one: Option<Plan>,
}

/// Computes the plans for a list.
///
/// `known` contains the paths that viewers are known to request, in wire form and in any order; `None` if no paths are
/// known. `bound` is the number of extra known paths that the bounded plan may clear.
#[must_use]
pub fn plans<K: AsRef<str>>(items: &[Item], known: Option<&[K]>, bound: usize) -> Plans {
    let paths = Paths::of(items);
    let others = known.map(|known| Keys::not_cleared_by(&paths, known));
    let tags = tags(items);
    let plan = |wires: Vec<String>| plan(&wires, &tags, &paths, others.as_ref());
    let bounded = others.as_ref().map(|others| Tree::of(&paths, others, bound).fewest());
    Plans {
        exact: Plan {
            besides: Besides::Known {
                count: 0,
                examples: Vec::new(),
            },
            ..plan(paths.wires())
        },
        bounded: bounded.map(plan),
        one: paths.common_prefix().map(|prefix| plan(vec![format!("{prefix}*")])),
    }
}

fn plan(wires: &[String], tags: &[Item], paths: &Paths<'_>, others: Option<&Keys<'_>>) -> Plan {
    let besides = others.map_or(Besides::Unknown, |others| besides(wires, paths, others));
    let items: Vec<Item> = wires
        .iter()
        .filter_map(|wire| Item::from_wire(wire).ok())
        .chain(tags.iter().cloned())
        .collect();
    let wildcards = items.iter().filter(|item| item.kind() == ItemKind::Wildcard).count();
    Plan {
        price: price::at_most(items.len()),
        wildcards,
        items,
        besides,
    }
}

fn besides(wires: &[String], paths: &Paths<'_>, others: &Keys<'_>) -> Besides {
    let fresh = wires
        .iter()
        .filter_map(|wire| wire.strip_suffix('*'))
        .filter(|prefix| !paths.has_wildcard(prefix));
    let hit: Vec<&str> = fresh.flat_map(|prefix| others.below(prefix)).copied().collect();
    Besides::Known {
        count: hit.len(),
        examples: hit.iter().take(EXAMPLES).map(|&key| key.to_owned()).collect(),
    }
}

/// Returns the tags in the list without duplicates, ignoring case as CloudFront does.
fn tags(items: &[Item]) -> Vec<Item> {
    let mut tags: Vec<Item> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for item in items.iter().filter(|item| item.kind() == ItemKind::Tag) {
        if seen.insert(item.wire().to_ascii_lowercase()) {
            tags.push(item.clone());
        }
    }
    tags
}
