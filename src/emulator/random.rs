//! A small deterministic random number generator. The same seed produces the same ids, delays and orders.

/// A `SplitMix64` generator: one word of state, no dependencies, and good enough for ids that only have to look random.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

const UPPER: u64 = 36;
const MIXED: u64 = 62;

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number below `limit`; 0 if the limit is 0.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    /// Returns `prefix` followed by `length` capital letters and digits, as in the ids of distributions and
    /// invalidations.
    pub(crate) fn id(&mut self, prefix: &str, length: usize) -> String {
        self.text(prefix, length, UPPER)
    }

    /// Returns `prefix` followed by `length` digits and letters of either case, as in the ids of tenants.
    pub(crate) fn mixed_id(&mut self, prefix: &str, length: usize) -> String {
        self.text(prefix, length, MIXED)
    }

    /// Returns an id in the format of a request id.
    pub(crate) fn uuid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        let [time, middle, version] = [high >> 32, (high >> 16) & 0xffff, high & 0x0fff];
        let (variant, node) = (((low >> 48) & 0x3fff) | 0x8000, low & 0xffff_ffff_ffff);
        format!("{time:08x}-{middle:04x}-4{version:03x}-{variant:04x}-{node:012x}")
    }

    /// Shuffles the list; a list of two or more never keeps its order.
    pub(crate) fn reorder<T: PartialEq + Clone>(&mut self, list: &mut [T]) {
        let before = list.to_vec();
        for last in (1..list.len()).rev() {
            let other = usize::try_from(self.below(last as u64 + 1)).unwrap_or(0);
            list.swap(last, other);
        }
        if list == before.as_slice() && list.len() > 1 {
            list.rotate_left(1);
        }
    }

    fn text(&mut self, prefix: &str, length: usize, alphabet: u64) -> String {
        let mut text = String::with_capacity(prefix.len() + length);
        text.push_str(prefix);
        text.extend((0..length).map(|_| letter(self.below(alphabet))));
        text
    }
}

fn letter(index: u64) -> char {
    let offset = u8::try_from(index % MIXED).unwrap_or(0);
    char::from(match offset {
        0..10 => b'0' + offset,
        10..36 => b'A' + offset - 10,
        _ => b'a' + offset - 36,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids() {
        let (mut a, mut b) = (Random::new(7), Random::new(7));
        assert_eq!(a.id("I", 13), b.id("I", 13));
        assert_eq!(a.uuid(), b.uuid());
        assert_ne!(a.id("I", 13), a.id("I", 13));
    }

    #[test]
    fn ids_have_the_shape_of_their_kind() {
        let mut random = Random::new(1);
        let (upper, mixed, uuid) = (random.id("E", 13), random.mixed_id("dt_", 27), random.uuid());
        assert!(
            upper.len() == 14 && upper.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()),
            "{upper}"
        );
        assert!(
            mixed.starts_with("dt_") && mixed.bytes().any(|b| b.is_ascii_lowercase()),
            "{mixed}"
        );
        assert_eq!(
            uuid.split('-').map(str::len).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12],
            "{uuid}"
        );
    }

    #[test]
    fn a_list_is_always_put_in_another_order() {
        for seed in 0..200 {
            let mut list = ["/a", "/b", "/c"];
            Random::new(seed).reorder(&mut list);
            assert_ne!(list, ["/a", "/b", "/c"]);
            list.sort_unstable();
            assert_eq!(list, ["/a", "/b", "/c"]);
        }
    }
}
