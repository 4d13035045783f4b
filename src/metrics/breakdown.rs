//! The rows of a breakdown: the largest values, the rest together, and those without a value (metrics.md §8).

use rustc_hash::FxHashMap;

/// One row of a breakdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// One value of the property.
    Value(u32),
    /// All values that are not among the largest.
    Other,
    /// Without a value: `(none)`.
    Missing,
}

/// The rows of a breakdown, and the row of each value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts {
    rows: Vec<Part>,
    row_of: FxHashMap<u32, usize>,
}

impl Parts {
    /// The `limit` largest values (all when `None`) by falling size, then the rest, then those without a value.
    ///
    /// Sizes of one value add up. Value ids must ascend with the values' text: equal sizes go to the lower id, and so
    /// do not depend on the order of rows. The rest and the missing are rows only where they hold anyone.
    pub fn new(sizes: impl Iterator<Item = (Option<u32>, u64)>, limit: Option<usize>) -> Self {
        let (mut by_value, mut missing) = (FxHashMap::<u32, u64>::default(), 0);
        for (value, size) in sizes.filter(|s| s.1 > 0) {
            match value {
                Some(value) => *by_value.entry(value).or_default() += size,
                None => missing += size,
            }
        }
        let mut ranked: Vec<(u32, u64)> = by_value.into_iter().collect();
        ranked.sort_unstable_by_key(|(value, size)| (std::cmp::Reverse(*size), *value));
        let own = limit.unwrap_or(usize::MAX).min(ranked.len());
        let row_of = ranked.iter().enumerate().map(|(i, (value, _))| (*value, i.min(own))).collect();
        let mut rows: Vec<Part> = ranked[..own].iter().map(|(value, _)| Part::Value(*value)).collect();
        if own < ranked.len() {
            rows.push(Part::Other);
        }
        if missing > 0 {
            rows.push(Part::Missing);
        }
        Self { rows, row_of }
    }

    /// The rows in order.
    pub fn rows(&self) -> &[Part] {
        &self.rows
    }

    /// The row of a value; `None` for one that had no size.
    pub fn row(&self, value: Option<u32>) -> Option<usize> {
        match value {
            Some(value) => self.row_of.get(&value).copied(),
            None => self.rows.iter().rposition(|r| *r == Part::Missing),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_values_the_rest_and_the_missing() {
        let sizes = [(Some(4), 3), (None, 9), (Some(2), 5), (Some(7), 3), (Some(1), 1), (Some(4), 2), (Some(9), 0)];
        let parts = Parts::new(sizes.into_iter(), Some(2));
        // 2 and 4 are 5 each: the lower id goes first.
        assert_eq!(parts.rows(), [Part::Value(2), Part::Value(4), Part::Other, Part::Missing]);
        let rows: Vec<_> = [Some(4), Some(7), Some(1), None, Some(9)].map(|v| parts.row(v)).into();
        assert_eq!(rows, [Some(1), Some(2), Some(2), Some(3), None]);
        let all = Parts::new(sizes.into_iter().filter(|s| s.0.is_some()), None);
        assert_eq!(all.rows(), [Part::Value(2), Part::Value(4), Part::Value(7), Part::Value(1)]);
        assert_eq!(all.row(None), None);
    }
}
