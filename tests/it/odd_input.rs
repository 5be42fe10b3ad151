//! Feeds malformed input to the parsers of external text: tokens that have a meaning for them, truncated and mixed, and
//! meaningless bytes. None may panic, and no result is much larger than its input.
//!
//! `PROPTEST_CASES=100000 cargo test --test it odd_input` runs more cases.

use invalidash::domain::analysis::Analysis;
use invalidash::domain::import::{self, CommitRange, Import, Location, PrefixMap, Walk};
use invalidash::domain::lint::{Context, apply_safe_fixes};
use proptest::prelude::*;

use crate::fuzz::corpus::{GIT, LISTS, SITEMAPS};

/// Whole inputs as tools write them: of each parser, for every parser.
fn corpus() -> Vec<&'static str> {
    [LISTS, SITEMAPS, GIT]
        .iter()
        .flat_map(|(whole, _)| *whole)
        .copied()
        .collect()
}

/// A part of the corpus behind another one, with some bytes changed; or any bytes.
fn odd() -> impl Strategy<Value = Vec<u8>> {
    let part = || {
        (
            prop::sample::select(corpus()),
            any::<prop::sample::Index>(),
            any::<bool>(),
        )
    };
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4);
    let mixed = (part(), part(), changes).prop_map(|(first, second, changes)| {
        let cut = |(text, at, head): (&str, prop::sample::Index, bool)| {
            let (before, behind) = text.as_bytes().split_at(at.index(text.len() + 1));
            if head { before.to_vec() } else { behind.to_vec() }
        };
        let mut bytes = [cut(first), cut(second)].concat();
        for (at, byte) in changes {
            let len = bytes.len();
            if let Some(place) = (len > 0).then(|| at.index(len)).and_then(|at| bytes.get_mut(at)) {
                *place = byte;
            }
        }
        bytes
    });
    prop_oneof![8 => mixed, 1 => prop::collection::vec(any::<u8>(), 0..200)]
}

/// A letter outside ASCII is sent as nine characters, and a suggestion may have three lines.
fn bound(bytes: &[u8]) -> usize {
    64 + bytes.len() * 64
}

fn size(import: &Import) -> usize {
    assert!(
        import.rows.iter().all(|row| !row.text.contains(['\n', '\r'])),
        "{import:?}"
    );
    import.rows.iter().map(|row| row.text.len()).sum()
}

fn shop() -> Context {
    Context {
        hosts: ["www.shop.example".to_owned()].into(),
        ..Context::default()
    }
}

/// Few in an ordinary run.
fn cases() -> u32 {
    let told = std::env::var("PROPTEST_CASES").ok();
    told.and_then(|cases| cases.parse().ok()).unwrap_or(500)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn the_reader_of_lists_takes_any_bytes(bytes in odd()) {
        for context in [Context::default(), shop()] {
            if let Ok(import) = import::text(&bytes, "l.txt", &context) {
                prop_assert!(size(&import) <= bound(&bytes));
            }
        }
        if let Ok(import) = import::list(&bytes, "l.txt") {
            prop_assert!(size(&import) <= bound(&bytes));
        }
    }

    #[test]
    fn every_line_that_is_read_is_judged_and_mended(bytes in odd()) {
        let Ok(text) = import::whole(bytes.clone(), "l.txt") else { return Ok(()) };
        let lines: Vec<&str> = import::split(&text).collect();
        let list = Analysis::of(&lines, shop());
        for line in 0..list.len() {
            for diagnostic in list.diagnostics(line) {
                prop_assert!(diagnostic.message.len() <= 600 + bound(&bytes));
            }
        }
        let fixed: usize = lines.iter().filter_map(|line| apply_safe_fixes(line, &shop())).map(|line| line.len()).sum();
        prop_assert!(fixed <= bound(&bytes));
    }

    #[test]
    fn the_reader_of_sitemaps_takes_any_bytes(bytes in odd()) {
        let mut walk = Walk::new(Location::File("s.xml".to_owned()), None, shop());
        let mut reads = 0;
        while walk.next_location().is_some() && reads < 20 {
            walk.take(Ok(bytes.clone()));
            reads += 1;
        }
        if let Ok(import) = walk.finish() {
            prop_assert!(size(&import) <= bound(&bytes) * reads);
        }
    }

    #[test]
    fn the_reader_of_git_takes_any_bytes(bytes in odd()) {
        let (Ok(range), Ok(map)) = ("A..B".parse::<CommitRange>(), "dist/=/".parse::<PrefixMap>()) else {
            return Err(TestCaseError::fail("no range"));
        };
        if let Ok(import) = import::changed_files(&bytes, &range, &map) {
            prop_assert!(size(&import) <= bound(&bytes));
        }
        prop_assert!(import::complaint(&bytes).len() <= 1_000);
    }
}
