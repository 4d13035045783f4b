//! Eight bytes looked at together.

const HIGH: u64 = 0x8080_8080_8080_8080;

/// Eight bytes. What is found in them is the highest bit of each byte that is meant, the first byte's lowest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    /// The bytes without their highest bits.
    low: u64,
    /// The highest bit of each byte that is ASCII.
    ascii: u64,
}

impl Word {
    pub(super) fn of(bytes: [u8; 8]) -> Self {
        let word = u64::from_le_bytes(bytes);
        Self { low: word & !HIGH, ascii: !word & HIGH }
    }

    /// Where a byte of ASCII stands, given eight times.
    pub(super) fn find(self, eight: u64) -> u64 {
        // No byte is larger than 127, so none borrows from the next.
        (HIGH - (self.low ^ eight)) & self.ascii
    }

    /// Where control characters stand, all below the blank.
    pub(super) fn controls(self) -> u64 {
        !(self.low + eight(0x80 - b' ')) & self.ascii
    }
}

/// A byte eight times.
pub(super) const fn eight(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The place of the first byte among what was found.
pub(super) fn first(found: u64) -> usize {
    found.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_byte_is_found_where_it_stands(bytes: [u8; 8], at in 0..8_usize, other in 0..128_u8) {
            let mut bytes = bytes;
            bytes[at] = other;
            let places = |found: u64| (0..8).filter(|at| found >> (at * 8 + 7) & 1 == 1).collect::<Vec<usize>>();
            let of = |is: &dyn Fn(u8) -> bool| (0..8).filter(|at| is(bytes[*at])).collect::<Vec<usize>>();
            let found = Word::of(bytes).find(eight(other));
            prop_assert_eq!(places(found), of(&|byte| byte == other));
            prop_assert_eq!(found & !HIGH, 0);
            prop_assert_eq!(Some(first(found)), of(&|byte| byte == other).first().copied());
            prop_assert_eq!(places(Word::of(bytes).controls()), of(&|byte| byte < b' '));
        }
    }
}
