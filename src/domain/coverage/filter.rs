//! A Bloom-like filter that quickly rules out a wire form without reading any row.

/// The minimum number of bits per item when the filter is built, for about one false positive in thirty-two.
const ROOMY: usize = 32;

/// The number of bits per item below which the filter is rebuilt.
const CROWDED: usize = 16;

/// A set of bits, one for each hash of a wire form that was ever added. The bit of a removed item may remain set, so a
/// clear bit is proof that an item is absent, but a set bit is only a guess that it is present.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    bits: Vec<u64>,
}

impl Filter {
    /// Creates an empty filter with room for twice as many items.
    pub(super) fn for_items(items: usize) -> Self {
        let words = (items * ROOMY).next_power_of_two().div_ceil(64);
        Self { bits: vec![0; words] }
    }

    /// Returns whether the filter has room for this many items, i.e. most of its bits would still be unset.
    pub(super) const fn has_room_for(&self, items: usize) -> bool {
        self.bits.len() * 64 >= items * CROWDED
    }

    /// Adds an item.
    pub(super) fn add(&mut self, wire: &str) {
        let (word, bit) = self.place(wire);
        if let Some(word) = self.bits.get_mut(word) {
            *word |= bit;
        }
    }

    /// Returns whether the item may be in the list.
    pub(super) fn may_hold(&self, wire: &str) -> bool {
        let (word, bit) = self.place(wire);
        self.bits.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Returns the index of the word and the bit for a wire form. The number of words is a power of two.
    fn place(&self, wire: &str) -> (usize, u64) {
        let hash = hash(wire.as_bytes());
        let word = usize::try_from(hash >> 6).unwrap_or_default() & self.bits.len().saturating_sub(1);
        (word, 1 << (hash & 63))
    }
}

/// Hashes eight bytes at a time. Text crafted to collide does no harm: it only costs the search that the filter would
/// have saved.
fn hash(text: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    let (words, rest) = text.as_chunks::<8>();
    let mut hash = words
        .iter()
        .fold(FACTOR, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    for &byte in rest {
        hash = mix(hash, u64::from(byte));
    }
    // The high bits of a product are the best mixed.
    hash ^ (hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::Filter;

    #[test]
    fn what_was_taken_in_is_never_denied_and_little_else_is_guessed() {
        let items: Vec<String> = (0..10_000)
            .map(|n| format!("/images/{}/photo-{n}.jpg", n % 97))
            .collect();
        let mut filter = Filter::for_items(items.len());
        for item in &items {
            filter.add(item);
        }
        assert!(items.iter().all(|item| filter.may_hold(item)));
        let wrong = (0..10_000).filter(|n| filter.may_hold(&format!("/other/{n}"))).count();
        assert!(wrong < 600, "{wrong}");
        assert!(filter.has_room_for(items.len()) && !filter.has_room_for(items.len() * 10));
    }

    #[test]
    fn an_empty_one_holds_nothing() {
        assert!(!Filter::default().may_hold("/a"));
        assert!(Filter::default().has_room_for(0));
    }
}
