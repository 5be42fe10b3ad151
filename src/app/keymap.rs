//! Which key means which action where: the shipped defaults with a person's changes on top.

use std::collections::{BTreeMap, HashMap};

use super::action::{ACTIONS, Action, Scope};
use super::key::Key;

/// The shipped defaults, which are also their documentation.
pub const DEFAULTS: &str = include_str!("../../assets/keymap.toml");

/// Keys by scope, and back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    actions: HashMap<(Scope, Key), Action>,
    keys: HashMap<Action, Vec<Key>>,
}

impl Keymap {
    /// The defaults with these changes: action id to key names.
    ///
    /// # Errors
    /// One sentence per mistake, all of them: an unknown action, a name that is no key, a key with two meanings in one place.
    pub fn with_changes(changes: &BTreeMap<String, Vec<String>>) -> Result<Self, Vec<String>> {
        let mut names = defaults();
        let mut mistakes = Vec::new();
        for (id, keys) in changes {
            match Action::from_id(id) {
                Some(action) => {
                    names.insert(action, keys.clone());
                }
                None => mistakes.push(format!("[keys] {id}: no such action; `?` lists them")),
            }
        }
        let keymap = Self::build(&names, &mut mistakes);
        if mistakes.is_empty() { Ok(keymap) } else { Err(mistakes) }
    }

    fn build(names: &HashMap<Action, Vec<String>>, mistakes: &mut Vec<String>) -> Self {
        let mut keymap = Self {
            actions: HashMap::new(),
            keys: HashMap::new(),
        };
        for entry in ACTIONS {
            for name in names.get(&entry.action).map_or(&[][..], Vec::as_slice) {
                match name.parse::<Key>() {
                    Ok(key) => keymap.bind(entry.scope, key, entry.action, mistakes),
                    Err(mistake) => mistakes.push(format!("[keys] {}: {mistake}", entry.id)),
                }
            }
        }
        keymap
    }

    fn bind(&mut self, scope: Scope, key: Key, action: Action, mistakes: &mut Vec<String>) {
        if let Some(other) = self.actions.insert((scope, key), action) {
            let (other, id) = (other.entry().id, action.entry().id);
            mistakes.push(format!(
                "[keys] {key} means both {other} and {id}; give one of them another key"
            ));
        }
        self.keys.entry(action).or_default().push(key);
    }

    /// The action bound to a key in the first of these scopes that has one.
    #[must_use]
    pub fn action(&self, scopes: &[Scope], key: Key) -> Option<Action> {
        scopes
            .iter()
            .find_map(|scope| self.actions.get(&(*scope, key)).copied())
    }

    /// The keys of an action, the first one first.
    #[must_use]
    pub fn keys(&self, action: Action) -> &[Key] {
        self.keys.get(&action).map_or(&[], Vec::as_slice)
    }

    /// How to ask for an action in a sentence: its first key, or its name where a configuration left it none.
    #[must_use]
    pub fn spoken(&self, action: Action) -> String {
        match self.keys(action).first() {
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

/// The shipped file as a table. A test holds it to the actions, so that what cannot be read here cannot be shipped.
fn defaults() -> HashMap<Action, Vec<String>> {
    DEFAULTS.lines().filter_map(default_line).collect()
}

/// One line of the shipped file, `id = ["key", "key"]`: a subset of TOML that needs no parser before the first frame.
fn default_line(line: &str) -> Option<(Action, Vec<String>)> {
    let (id, list) = line.split_once(" = ")?;
    let list = list.strip_prefix('[')?.strip_suffix(']')?;
    let keys = list
        .split(", ")
        .filter_map(|key| key.strip_prefix('"')?.strip_suffix('"'))
        .map(str::to_owned)
        .collect();
    Some((Action::from_id(id)?, keys))
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
        let read: BTreeMap<_, _> = defaults()
            .into_iter()
            .map(|(action, keys)| (action.entry().id.to_owned(), keys))
            .collect();
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
        let changes = BTreeMap::from([("invalidate".to_owned(), vec!["I".to_owned()])]);
        let keymap = Keymap::with_changes(&changes).unwrap();
        assert_eq!(keymap.action(&[Scope::Distributions], "i".parse().unwrap()), None);
        assert_eq!(
            keymap.action(&[Scope::Distributions], "I".parse().unwrap()),
            Some(Action::Invalidate)
        );
    }
}
