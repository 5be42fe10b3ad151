//! The newest few of many, kept up to date as each arrives, so that no frame has to look through all of them.

/// The number that is kept: more than any page shows of a list of the newest.
const KEPT: usize = 64;

/// The largest few values that were added, largest first.
#[derive(Clone, Debug)]
pub(super) struct Newest<T>(Vec<T>);

impl<T> Default for Newest<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Ord> Newest<T> {
    /// Adds a value, unless it is already there or smaller than all that are kept.
    pub(super) fn add(&mut self, value: T) {
        let Err(place) = self.0.binary_search_by(|other| value.cmp(other)) else {
            return;
        };
        if place < KEPT {
            self.0.truncate(KEPT - 1);
            self.0.insert(place, value);
        }
    }

    /// Returns the values, largest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_the_largest_once_each() {
        let mut newest = Newest::default();
        for value in [5, 1, 9, 5].into_iter().chain(100..200) {
            newest.add(value);
        }
        let kept: Vec<_> = newest.iter().copied().collect();
        assert_eq!(kept, (136..200).rev().collect::<Vec<_>>());
        newest.add(1);
        assert_eq!(newest.iter().count(), KEPT);
    }
}
