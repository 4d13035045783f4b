//! Numbers of one width, most significant byte first.

/// Packs numbers in as few bytes each as the largest needs; none where all are 0.
pub(super) fn pack(numbers: impl Iterator<Item = u64> + Clone) -> Vec<u8> {
    let largest = numbers.clone().fold(0, u64::max);
    match bytes_needed(largest) {
        0 => Vec::new(),
        1 => numbers.map(|n| n as u8).collect(),
        2 => pack_as::<2>(numbers),
        3 => pack_as::<3>(numbers),
        4 => pack_as::<4>(numbers),
        5 => pack_as::<5>(numbers),
        6 => pack_as::<6>(numbers),
        7 => pack_as::<7>(numbers),
        _ => pack_as::<8>(numbers),
    }
}

/// Unpacks so many numbers onto the end of `out`; false where the bytes are not those of so many.
pub(super) fn unpack<T>(bytes: &[u8], rows: usize, out: &mut Vec<T>, make: impl Fn(u64) -> T) -> bool {
    let width = bytes.len() / rows.max(1);
    if bytes.len() != width * rows {
        return false;
    }
    match width {
        0 => out.extend((0..rows).map(|_| make(0))),
        1 => out.extend(bytes.iter().map(|byte| make(u64::from(*byte)))),
        2 => unpack_as::<2, T>(bytes, out, make),
        3 => unpack_as::<3, T>(bytes, out, make),
        4 => unpack_as::<4, T>(bytes, out, make),
        5 => unpack_as::<5, T>(bytes, out, make),
        6 => unpack_as::<6, T>(bytes, out, make),
        7 => unpack_as::<7, T>(bytes, out, make),
        8 => unpack_as::<8, T>(bytes, out, make),
        _ => return false,
    }
    true
}

fn pack_as<const WIDTH: usize>(numbers: impl Iterator<Item = u64>) -> Vec<u8> {
    let mut out = Vec::with_capacity(numbers.size_hint().0 * WIDTH);
    for number in numbers {
        let bytes = number.to_be_bytes();
        out.extend_from_slice(bytes.last_chunk::<WIDTH>().map_or(&bytes[..], |low| &low[..]));
    }
    out
}

fn unpack_as<const WIDTH: usize, T>(bytes: &[u8], out: &mut Vec<T>, make: impl Fn(u64) -> T) {
    let number = |low: &[u8; WIDTH]| low.iter().fold(0, |number, byte| number << 8 | u64::from(*byte));
    out.extend(bytes.as_chunks::<WIDTH>().0.iter().map(|low| make(number(low))));
}

/// Bytes that a number needs; none for 0.
fn bytes_needed(number: u64) -> u32 {
    (u64::BITS - number.leading_zeros()).div_ceil(8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_comes_back(numbers in prop::collection::vec(any::<u64>(), 0..40), shift in 0..64_u32) {
            let numbers: Vec<u64> = numbers.into_iter().map(|n| n >> shift).collect();
            let bytes = pack(numbers.iter().copied());
            let mut back = Vec::new();
            prop_assert!(unpack(&bytes, numbers.len(), &mut back, |n| n));
            prop_assert_eq!(back, numbers);
        }

        #[test]
        fn bytes_of_another_length_are_refused(bytes: Vec<u8>, rows in 0..50_usize) {
            let mut out = Vec::new();
            let whole = unpack(&bytes, rows, &mut out, |n| n);
            prop_assert_eq!(whole, out.len() == rows && (rows > 0 || bytes.is_empty()));
        }
    }

    #[test]
    fn the_largest_number_decides_the_width() {
        assert_eq!(pack([0, 0].into_iter()), [0; 0]);
        assert_eq!(pack([1, 256].into_iter()), [0, 1, 1, 0]);
        assert_eq!(pack([u64::MAX].into_iter()), [255; 8]);
    }
}
