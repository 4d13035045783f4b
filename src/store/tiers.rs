//! When pieces that are appended commit by commit are made one, so that what is written again stays a few times the rows.

/// How many of the last pieces to merge with a new one: three by three, while none is more than twice what is merged so
/// far and the whole stays within `most`. `sizes` are in the order in which they were appended.
pub(super) fn due(sizes: &[u64], new: u64, most: u64) -> usize {
    let (mut taken, mut whole) = (0, new);
    while let Some(last) = sizes.get(..sizes.len() - taken).and_then(|rest| rest.last_chunk::<3>()) {
        let sum = whole.saturating_add(last.iter().sum());
        if sum > most || last.iter().any(|size| *size > whole * 2) {
            break;
        }
        (taken, whole) = (taken + 3, sum);
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes after so many pieces, and the rows written.
    fn fill(pieces: &[u64], most: u64) -> (Vec<u64>, u64) {
        let (mut sizes, mut written) = (Vec::new(), 0);
        for new in pieces {
            let taken = due(&sizes, *new, most);
            let whole = new + sizes.split_off(sizes.len() - taken).iter().sum::<u64>();
            sizes.push(whole);
            written += whole;
        }
        (sizes, written)
    }

    #[test]
    fn few_pieces_stay_and_rows_are_written_a_few_times() {
        let (sizes, written) = fill(&vec![100; 6_000], 16_384);
        assert!(sizes.len() < 6_000 * 100 / 6_400 + 12, "{}", sizes.len());
        assert!(written < 6_000 * 100 * 5, "{written}");
        assert!(sizes.iter().all(|size| *size <= 16_384));
    }

    #[test]
    fn a_large_piece_is_not_written_again_for_small_ones() {
        let (sizes, written) = fill(&[16_384, 9, 3, 5, 4, 9_000, 2, 1], 16_384);
        assert_eq!((sizes, written), (vec![16_384, 9, 9_012, 2, 1], 16_384 + 9 + 3 + 5 + 4 + 9_012 + 2 + 1));
        assert_eq!(fill(&[16_384, 5, 5, 5, 5], 16_384).0, [16_384, 20]);
    }
}
