//! The newest few of many values, updated as each one arrives, so that no frame has to search all of them.

/// The number of values kept, which is more than any page shows.
const KEPT: usize = 64;

/// The few largest of the values added so far, largest first.
#[derive(Clone, Debug)]
pub(super) struct Newest<T>(Vec<T>);

impl<T> Default for Newest<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Ord> Newest<T> {
    /// Adds a value, unless it is already present or too small to be kept.
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
