//! Feeds malformed input to every parser of external text: typed lines, lists, sitemaps, git's output, CloudFront's
//! error documents, the configuration. None may panic or take long, and each has to satisfy its own property.
//!
//! A normal run is short. Manually, each parser is fuzzed for a minute, in two processes at once on two cores:
//!
//! `FUZZ_SECONDS=60 cargo test --locked --test it fuzz:: -- --ignored --nocapture` (`FUZZ_SEED=7` for other input)
//!
//! An input that violates a property is printed as bytes: it is added to the corpus in `fuzz/corpus.rs` along with the
//! fix.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

pub(crate) mod corpus;
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::support::chance::Chance;

/// The longest input.
const LONGEST: usize = 8 * 1_024;
/// Longer than any input may take, however busy the machine is.
const SLOW: Duration = Duration::from_secs(5);
/// Inputs that are kept because something new came of them.
const KEPT: usize = 2_000;
/// Inputs of the short walk.
const STEPS: u64 = 2_000;

/// Something that reads bytes. It panics where a promise is broken, and says in a few words what came of them: an input
/// of which something new comes is one to go on from.
trait Target {
    /// Takes one input.
    fn read(&mut self, bytes: &[u8]) -> String;
}

/// Inputs and what is done to them.
struct Walk {
    chance: Chance,
    inputs: Vec<Vec<u8>>,
    words: &'static [&'static str],
}

impl Walk {
    fn at(&mut self, len: usize) -> usize {
        let limit = u64::try_from(len).unwrap() + 1;
        usize::try_from(self.chance.below(limit)).unwrap()
    }

    fn input(&mut self) -> Vec<u8> {
        let place = self.at(self.inputs.len() - 1);
        self.inputs[place].clone()
    }

    /// An input that was seen before, changed in a few places.
    fn next(&mut self) -> Vec<u8> {
        let mut bytes = self.input();
        for _ in 0..=self.chance.below(4) {
            self.change(&mut bytes);
        }
        bytes.truncate(LONGEST);
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.at(bytes.len());
        let end = (at + self.at(16)).min(bytes.len());
        match self.chance.below(7) {
            0 => {
                let byte = u8::try_from(self.chance.below(256)).unwrap();
                bytes.insert(at, byte);
            }
            1 => drop(bytes.drain(at..end)),
            2 => {
                let part = bytes[at..end].to_vec();
                let times = usize::try_from(self.chance.below(40)).unwrap();
                drop(bytes.splice(at..at, part.repeat(times)));
            }
            3 => bytes.truncate(at),
            4 => {
                let other = self.input();
                let from = self.at(other.len());
                bytes.truncate(at);
                bytes.extend(&other[from..]);
            }
            5 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << self.chance.below(8);
                }
            }
            _ => {
                let word = self.words[self.at(self.words.len() - 1)];
                drop(bytes.splice(at..end, word.bytes()));
            }
        }
    }
}

/// Feeds a target until enough is read. Says how much that was.
fn walk(name: &str, target: &mut dyn Target, (inputs, words): corpus::Corpus, enough: impl Fn(u64, Duration) -> bool) {
    let seed = std::env::var("FUZZ_SEED").ok().and_then(|seed| seed.parse().ok());
    let mut walk = Walk {
        chance: Chance(seed.unwrap_or(1)),
        inputs: inputs.iter().map(|input| input.as_bytes().to_vec()).collect(),
        words,
    };
    let mut known = std::collections::BTreeSet::new();
    for input in walk.inputs.clone() {
        known.insert(fed(name, target, &input));
    }
    let (begun, mut count) = (Instant::now(), 0);
    while !enough(count, begun.elapsed()) {
        let input = walk.next();
        let came = fed(name, target, &input);
        if walk.inputs.len() < KEPT && known.insert(came) {
            walk.inputs.push(input);
        }
        count += 1;
    }
    println!(
        "{name}: {count} inputs in {:.0?}, {} of them new, none broke a promise",
        begun.elapsed(),
        walk.inputs.len() - inputs.len()
    );
}

fn fed(name: &str, target: &mut dyn Target, input: &[u8]) -> String {
    let begun = Instant::now();
    let came = catch_unwind(AssertUnwindSafe(|| target.read(input)));
    let took = begun.elapsed();
    match came {
        Ok(came) if took < SLOW => came,
        Ok(_) => panic!("{name}: {took:?} for b\"{}\"", input.escape_ascii()),
        Err(broken) => {
            println!("{name}: b\"{}\"", input.escape_ascii());
            std::panic::resume_unwind(broken)
        }
    }
}

fn seconds() -> u64 {
    let told = std::env::var("FUZZ_SECONDS").ok();
    told.and_then(|seconds| seconds.parse().ok()).unwrap_or(60)
}

macro_rules! fuzzed {
    ($($short:ident $long:ident $target:expr, $corpus:expr;)*) => {$(
        #[test]
        fn $short() {
            walk(stringify!($short), &mut $target, $corpus, |count, _| count >= STEPS);
        }

        #[test]
        #[ignore = "a minute each: see the head of this file"]
        fn $long() {
            let limit = Duration::from_secs(seconds());
            walk(stringify!($short), &mut $target, $corpus, |_, elapsed| elapsed >= limit);
        }
    )*};
}

fuzzed! {
    what_is_typed what_is_typed_for_a_minute targets::Typed, corpus::TYPED;
    lists lists_for_a_minute targets::Lists::new(), corpus::LISTS;
    sitemaps sitemaps_for_a_minute targets::Sitemaps::new(), corpus::SITEMAPS;
    output_of_git output_of_git_for_a_minute targets::Git::new(), corpus::GIT;
    answers_of_cloudfront answers_of_cloudfront_for_a_minute targets::Answers::new(), corpus::ANSWERS;
    configurations configurations_for_a_minute targets::Configurations::new(), corpus::CONFIGURATIONS;
}
