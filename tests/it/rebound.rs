//! Configurations of earlier versions bind the same keys to the same actions.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;

use invalidash::app::action::{Scope, entry_with_id};
use invalidash::app::key::Key;
use invalidash::app::keymap::Keymap;

/// The key map as it was shipped when some actions had other ids.
const EARLIER: &str = include_str!("support/keymap_earlier.toml");

fn earlier() -> BTreeMap<String, Vec<String>> {
    toml::from_str(EARLIER).unwrap()
}

/// A key of no default.
const FREE: &str = "f20";

#[test]
fn a_configuration_with_every_id_of_an_earlier_version_binds_the_same() {
    assert_eq!(Keymap::with_changes(&earlier()).unwrap(), Keymap::default());
}

#[test]
fn each_id_of_an_earlier_version_changes_the_keys_of_its_own_scope() {
    for id in earlier().keys() {
        let key: Key = FREE.parse().unwrap();
        let changes = BTreeMap::from([(id.clone(), vec![FREE.to_owned()])]);
        let keymap = Keymap::with_changes(&changes).unwrap();
        let bound = Scope::ALL
            .iter()
            .filter_map(|scope| Some((*scope, keymap.action(&[*scope], key)?)));
        let entry = entry_with_id(id).unwrap();
        assert_eq!(bound.collect::<Vec<_>>(), [(entry.scope, entry.action)], "{id}");
        assert_eq!(keymap.keys(entry), [key], "{id}");
    }
}
