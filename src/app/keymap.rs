//! The key map: which key triggers which action in which scope, from the shipped defaults and the user's changes.

use std::collections::{BTreeMap, HashMap};

use super::action::{ACTIONS, Action, Entry, Scope, entry_with_id};
use super::key::Key;

/// The shipped defaults, which also document the ids.
pub const DEFAULTS: &str = include_str!("../../assets/keymap.toml");

/// Maps keys to actions by scope, and rows of the action table to their keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    actions: HashMap<(Scope, Key), &'static Entry>,
    /// The keys of each row of the table of actions, by the row's id.
    keys: HashMap<&'static str, Vec<Key>>,
}

impl Keymap {
    /// Builds the key map from the defaults and these changes, which map action ids to key names.
    ///
    /// # Errors
    /// One sentence per mistake: an unknown action, a name that is not a key, a key with two meanings in one scope.
    pub fn with_changes(changes: &BTreeMap<String, Vec<String>>) -> Result<Self, Vec<String>> {
        let mut names = defaults();
        let mut mistakes = Vec::new();
        for (id, keys) in changes {
            match entry_with_id(id) {
                Some(entry) => {
                    names.insert(entry.id, keys.clone());
                }
                None => mistakes.push(format!("[keys] {id}: no such action; press `?` for a list")),
            }
        }
        let keymap = Self::build(&names, &mut mistakes);
        if mistakes.is_empty() { Ok(keymap) } else { Err(mistakes) }
    }

    fn build(names: &HashMap<&'static str, Vec<String>>, mistakes: &mut Vec<String>) -> Self {
        let mut keymap = Self {
            actions: HashMap::new(),
            keys: HashMap::new(),
        };
        for entry in ACTIONS {
            for name in names.get(entry.id).map_or(&[][..], Vec::as_slice) {
                match name.parse::<Key>() {
                    Ok(key) => keymap.bind(entry, key, mistakes),
                    Err(mistake) => mistakes.push(format!("[keys] {}: {mistake}", entry.id)),
                }
            }
        }
        keymap
    }

    fn bind(&mut self, entry: &'static Entry, key: Key, mistakes: &mut Vec<String>) {
        if let Some(other) = self.actions.insert((entry.scope, key), entry) {
            mistakes.push(format!(
                "[keys] {key} is bound to both {} and {}; give one of them a different key",
                other.id, entry.id
            ));
        }
        self.keys.entry(entry.id).or_default().push(key);
    }

    /// Returns the action that a key is bound to, in the first of these scopes that binds the key.
    #[must_use]
    pub fn action(&self, scopes: &[Scope], key: Key) -> Option<Action> {
        scopes
            .iter()
            .find_map(|scope| self.actions.get(&(*scope, key)))
            .map(|entry| entry.action)
    }

    /// Returns the keys of an action in the scope of this row, the primary one first.
    #[must_use]
    pub fn keys(&self, entry: &Entry) -> &[Key] {
        self.keys.get(entry.id).map_or(&[], Vec::as_slice)
    }

    /// Returns how a sentence refers to an action: by its first key or, if the configuration removed all keys, by its
    /// name.
    #[must_use]
    pub fn spoken(&self, action: Action) -> String {
        match self.keys(action.entry()).first() {
            Some(key) => key.to_string(),
            None => format!("{} in the palette", action.entry().id),
        }
    }
}

impl Default for Keymap {
    fn default() -> Self {
        Self::build(&defaults(), &mut Vec::new())
    }
}

/// Returns the shipped defaults as a table. A test checks them against the actions, so a line that cannot be parsed is
/// never shipped.
fn defaults() -> HashMap<&'static str, Vec<String>> {
    DEFAULTS.lines().filter_map(default_line).collect()
}

/// Parses one line of the shipped file, `id = ["key", "key"]`. This subset of TOML is simple enough that no TOML parser
/// has to run before the first frame.
fn default_line(line: &str) -> Option<(&'static str, Vec<String>)> {
    let (id, list) = line.split_once(" = ")?;
    let list = list.strip_prefix('[')?.strip_suffix(']')?;
    let keys = list
        .split(", ")
        .filter_map(|key| key.strip_prefix('"')?.strip_suffix('"'))
        .map(str::to_owned)
        .collect();
    Some((entry_with_id(id)?.id, keys))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use super::*;

    #[test]
    fn the_shipped_file_is_toml_and_names_every_action_once() {
        let table: BTreeMap<String, Vec<String>> = toml::from_str(DEFAULTS).unwrap();
        let mut ids: Vec<_> = ACTIONS.iter().map(|entry| entry.id).collect();
        ids.sort_unstable();
        assert_eq!(table.keys().map(String::as_str).collect::<Vec<_>>(), ids);
        let read: BTreeMap<_, _> = defaults().into_iter().map(|(id, keys)| (id.to_owned(), keys)).collect();
        assert_eq!(read, table);
    }

    #[test]
    fn the_shipped_file_has_no_mistake() {
        let mut mistakes = Vec::new();
        Keymap::build(&defaults(), &mut mistakes);
        assert_eq!(mistakes, Vec::<String>::new());
    }

    #[test]
    fn all_mistakes_of_a_person_are_said_at_once() {
        let changes = BTreeMap::from([
            ("submitt".to_owned(), vec!["x".to_owned()]),
            ("sort".to_owned(), vec!["hyper-s".to_owned()]),
            ("filter".to_owned(), vec!["s".to_owned(), "k".to_owned()]),
        ]);
        let mistakes = Keymap::with_changes(&changes).unwrap_err();
        assert_eq!(mistakes.len(), 3, "{mistakes:?}");
    }

    #[test]
    fn a_change_replaces_the_default() {
        let changes = BTreeMap::from([("invalidate".to_owned(), vec!["Z".to_owned()])]);
        let keymap = Keymap::with_changes(&changes).unwrap();
        assert_eq!(keymap.action(&[Scope::Distributions], "i".parse().unwrap()), None);
        assert_eq!(
            keymap.action(&[Scope::Distributions], "Z".parse().unwrap()),
            Some(Action::Invalidate)
        );
    }
}
