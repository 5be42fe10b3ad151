//! The knapsack over the prefix tree of a list's paths.
//!
//! Each branch of the tree has a table: for every number of items, the fewest extra paths that must be cleared to
//! cover all paths below the branch with that many items. Tables of siblings are combined by trying every way to
//! divide the items between them. A branch may also be covered by a single wildcard that ends there. Entries above the
//! bound and entries after the first zero are useless, and dropping them keeps the tables short.

use super::keys::{Keys, Path, Paths, shared, whole};

/// The index of a node in [`Tree::nodes`].
type Node = usize;

/// A cost above any bound. In a table, it means that there are too few items to cover the branch.
const NEVER: u32 = u32::MAX;

/// The prefix tree with its tables; children come before their parents.
pub(super) struct Tree<'a> {
    paths: &'a [Path<'a>],
    others: &'a Keys<'a>,
    bound: u32,
    nodes: Vec<Branch<'a>>,
    root: Option<Node>,
}

/// A part of the list, and the ways to cover it.
struct Branch<'a> {
    how: How<'a>,
    table: Table,
}

enum How<'a> {
    /// One path of the list, unchanged.
    Leaf(Path<'a>),
    /// Two neighboring parts, each covered separately.
    Both(Node, Node),
    /// Everything below, covered either by the wildcard with this prefix or as the given node describes.
    Wildcard(&'a str, Node),
}

/// The fewest extra paths for each number of items, starting at `least` items.
struct Table {
    least: usize,
    others: Vec<u32>,
}

/// A branch that paths are still being added to.
struct Open {
    depth: usize,
    parts: Vec<Node>,
    /// Any path below the branch; the branch's prefix is taken from it.
    sample: usize,
}

impl<'a> Tree<'a> {
    /// Builds the tree and its tables.
    pub(super) fn of(paths: &'a Paths<'a>, others: &'a Keys<'a>, bound: usize) -> Self {
        let bound = u32::try_from(bound).unwrap_or(NEVER - 1).min(NEVER - 1);
        let mut tree = Self {
            paths: paths.as_slice(),
            others,
            bound,
            nodes: Vec::new(),
            root: None,
        };
        tree.root = tree.build();
        tree
    }

    /// Returns the fewest items that cover everything within the bound, in wire form and sorted.
    pub(super) fn fewest(&self) -> Vec<String> {
        let mut wires = Vec::new();
        let mut open: Vec<(Node, usize)> = Vec::new();
        open.extend(
            self.root
                .and_then(|root| Some((root, self.nodes.get(root)?.table.least))),
        );
        while let Some((node, count)) = open.pop() {
            match self.nodes.get(node).map(|branch| &branch.how) {
                Some(How::Leaf(path)) => wires.push(path.wire()),
                Some(How::Wildcard(prefix, _)) if count == 1 => wires.push(format!("{prefix}*")),
                Some(How::Wildcard(_, inner)) => open.push((*inner, count)),
                Some(How::Both(left, right)) => {
                    let first = self.split(*left, *right, count);
                    open.extend([(*right, count - first), (*left, first)]);
                }
                None => {}
            }
        }
        wires
    }

    /// Walks the sorted paths; the prefix shared by two neighbors determines which branches end between them.
    fn build(&mut self) -> Option<Node> {
        let mut open: Vec<Open> = Vec::new();
        let mut last = self.leaf(0)?;
        for at in 1..self.paths.len() {
            let depth = self.shared_with_previous(at);
            last = self.close_deeper_than(depth, &mut open, last);
            match open.last_mut() {
                Some(branch) if branch.depth == depth => branch.parts.push(last),
                _ => open.push(Open {
                    depth,
                    parts: vec![last],
                    sample: at,
                }),
            }
            last = self.leaf(at)?;
        }
        Some(self.close_deeper_than(0, &mut open, last))
    }

    /// Finishes the branches deeper than `depth`; `last` is the part that was built last.
    fn close_deeper_than(&mut self, depth: usize, open: &mut Vec<Open>, mut last: Node) -> Node {
        while let Some(mut branch) = open.pop_if(|branch| branch.depth > depth) {
            branch.parts.push(last);
            let above = open.last().map_or(0, |parent| parent.depth).max(depth);
            last = self.close(&branch, above).unwrap_or(last);
        }
        last
    }

    fn shared_with_previous(&self, at: usize) -> usize {
        match (self.paths.get(at - 1), self.paths.get(at)) {
            (Some(before), Some(path)) => shared(before.key, path.key),
            _ => 0,
        }
    }

    fn leaf(&mut self, at: usize) -> Option<Node> {
        let path = *self.paths.get(at)?;
        Some(self.push(
            How::Leaf(path),
            Table {
                least: 1,
                others: vec![0],
            },
        ))
    }

    /// Combines the parts of a finished branch and adds the wildcard that ends there.
    fn close(&mut self, branch: &Open, above: usize) -> Option<Node> {
        let inner = self.both(&branch.parts)?;
        match self.wildcard(branch, above) {
            Some((prefix, others)) => Some(self.with_wildcard(inner, prefix, others)),
            None => Some(inner),
        }
    }

    /// Combines neighboring parts by recursive halving, which keeps the total size of all tables small.
    fn both(&mut self, parts: &[Node]) -> Option<Node> {
        if let [only] = parts {
            return Some(*only);
        }
        let (left, right) = parts
            .split_at_checked(parts.len() / 2)
            .filter(|(left, _)| !left.is_empty())?;
        let (left, right) = (self.both(left)?, self.both(right)?);
        let table = self.combined(left, right);
        Some(self.push(How::Both(left, right), table))
    }

    fn combined(&self, left: Node, right: Node) -> Table {
        let (Some(left), Some(right)) = (self.nodes.get(left), self.nodes.get(right)) else {
            return Table {
                least: 0,
                others: Vec::new(),
            };
        };
        let (a, b) = (&left.table, &right.table);
        let mut others = vec![NEVER; (a.others.len() + b.others.len()).saturating_sub(1)];
        for (at, &first) in a.others.iter().enumerate().filter(|&(_, &first)| first <= self.bound) {
            for (best, &second) in others.iter_mut().skip(at).zip(&b.others) {
                *best = (*best).min(first.saturating_add(second));
            }
        }
        Table {
            least: a.least + b.least,
            others,
        }
        .trimmed(self.bound)
    }

    fn with_wildcard(&mut self, inner: Node, prefix: &'a str, others: u32) -> Node {
        let Some(branch) = self.nodes.get(inner) else {
            return inner;
        };
        let gap = branch.table.least.saturating_sub(2);
        let without = std::iter::repeat_n(NEVER, gap).chain(branch.table.others.iter().copied());
        let table = Table {
            least: 1,
            others: std::iter::once(others).chain(without).collect(),
        };
        self.push(How::Wildcard(prefix, inner), table.trimmed(self.bound))
    }

    /// Returns the wildcard for everything below a branch and the number of extra paths it clears, or `None` if the
    /// wildcard is not allowed.
    ///
    /// The wildcard ends where the paths diverge, or after the last slash before that if it then clears no more known
    /// paths: a whole folder is easier for the user to judge. It must not extend beyond the parent branch, nor clear
    /// the whole site.
    fn wildcard(&self, branch: &Open, above: usize) -> Option<(&'a str, u32)> {
        let key = self.paths.get(branch.sample)?.key;
        let narrow = key.get(..whole(key, branch.depth))?;
        let others = |prefix: &str| u32::try_from(self.others.below(prefix).len()).unwrap_or(NEVER);
        let count = others(narrow);
        let folder = narrow.rfind('/').and_then(|slash| narrow.get(..=slash));
        let folder = folder.filter(|folder| folder.len() > above && folder.len() > 1 && others(folder) == count);
        let prefix = folder.unwrap_or(narrow);
        (prefix.len() > above && prefix != "/" && count <= self.bound).then_some((prefix, count))
    }

    /// Returns how many of `count` items go to the left part.
    fn split(&self, left: Node, right: Node, count: usize) -> usize {
        let cost = |node: Node, count: usize| {
            let table = self.nodes.get(node).map(|branch| &branch.table)?;
            table
                .others
                .get(count.checked_sub(table.least)?)
                .copied()
                .filter(|&others| others != NEVER)
        };
        let both = |first: usize| Some(cost(left, first)?.saturating_add(cost(right, count.checked_sub(first)?)?));
        (1..count)
            .filter_map(|first| Some((both(first)?, first)))
            .min()
            .map_or(1, |(_, first)| first)
    }

    fn push(&mut self, how: How<'a>, table: Table) -> Node {
        self.nodes.push(Branch { how, table });
        self.nodes.len() - 1
    }
}

impl Table {
    /// Removes leading entries above the bound and everything after the first zero.
    fn trimmed(mut self, bound: u32) -> Self {
        if let Some(zero) = self.others.iter().position(|&others| others == 0) {
            self.others.truncate(zero + 1);
        }
        let useless = self.others.iter().take_while(|&&others| others > bound).count();
        self.others.drain(..useless);
        self.least += useless;
        self
    }
}
