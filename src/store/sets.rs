//! Sets of dense user ids as bytes: ascending, each as the difference to the one before in 7-bit groups.

/// Packs a sorted list without repeats.
pub(super) fn pack(users: &[u32]) -> Vec<u8> {
    let mut out = Vec::with_capacity(users.len() + users.len() / 2);
    let mut before = 0;
    for user in users {
        let mut rest = user.wrapping_sub(before);
        before = *user;
        while rest >= 0x80 {
            out.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        out.push(rest as u8);
    }
    out
}

/// The bits that tell that a group is not the last one of its number, in eight bytes.
const MORE: u64 = 0x8080_8080_8080_8080;

/// Unpacks onto the end of `out`. Most differences take one byte or two, so that eight bytes are looked at together: a
/// branch a byte is foretold badly where both are frequent.
pub(super) fn unpack(bytes: &[u8], out: &mut Vec<u32>) {
    out.reserve(bytes.len());
    let (mut user, mut rest) = (0_u32, bytes);
    while !rest.is_empty() {
        let word = rest.first_chunk().map(|eight| u64::from_le_bytes(*eight));
        rest = match word {
            Some(word) if word & MORE == 0 => {
                let mut eight = [0; 8];
                eight.iter_mut().zip(word.to_le_bytes()).for_each(|(step, byte)| *step = byte.into());
                user = add_up(user, &mut eight);
                out.extend_from_slice(&eight);
                &rest[8..]
            }
            Some(word) if word & MORE & word << 8 == 0 => {
                let (mut four, bytes) = four_short(word);
                user = add_up(user, &mut four);
                out.extend_from_slice(&four);
                &rest[bytes..]
            }
            _ => {
                let (step, later) = first(rest);
                user = user.wrapping_add(step.unwrap_or(0));
                out.extend(step.map(|_| user));
                later
            }
        };
    }
}

/// Makes differences the numbers that they lead to, and gives the last one.
fn add_up(from: u32, steps: &mut [u32]) -> u32 {
    let mut reached = from;
    for step in steps {
        reached = reached.wrapping_add(*step);
        *step = reached;
    }
    reached
}

/// The first four numbers of eight bytes in which each takes one byte or two, and how many bytes they take.
fn four_short(mut word: u64) -> ([u32; 4], usize) {
    let (mut four, mut bytes) = ([0; 4], 0);
    for number in &mut four {
        let low = word as u32;
        let two = low >> 7 & 1;
        *number = low & 0x7F | low >> 1 & (two * 0x3F80);
        word >>= 8 << two;
        bytes += 1 + two as usize;
    }
    (four, bytes)
}

/// The first number, `None` where its end is missing, and the bytes behind it.
fn first(bytes: &[u8]) -> (Option<u32>, &[u8]) {
    let (mut number, mut shift) = (0, 0);
    for (at, byte) in bytes.iter().enumerate() {
        number |= u32::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return (Some(number), &bytes[at + 1..]);
        }
        shift = (shift + 7).min(28);
    }
    (None, &[])
}

/// Sorts and removes repeats. What comes is mostly a few ascending runs, which only a stable sort merges as they are.
pub(super) fn normalise(users: &mut Vec<u32>) {
    if !ascends(users) {
        #[expect(clippy::stable_sort_primitive, reason = "it finds the runs")]
        users.sort();
        users.dedup();
    }
}

/// Whether each is more than the one before. Looks at all of them, which is faster than a branch for each.
fn ascends(users: &[u32]) -> bool {
    users.iter().zip(users.iter().skip(1)).fold(0, |steps, (one, next)| steps | u32::from(one >= next)) == 0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_comes_back(
            mut far: Vec<u32>, steps in prop::collection::vec((0_u32..22, any::<u32>()), 0..99),
        ) {
            normalise(&mut far);
            // Differences of one byte, of two and of three stand next to each other.
            let near = steps.iter().scan(0_u32, |user, (bits, step)| {
                *user += 1 + (step & ((1 << bits) - 1));
                Some(*user)
            });
            for users in [near.collect(), far] {
                let mut back = vec![7];
                unpack(&pack(&users), &mut back);
                prop_assert_eq!(&back[1..], users);
            }
        }

        #[test]
        fn runs_become_one_in_which_nobody_is_twice(
            runs in prop::collection::vec(prop::collection::btree_set(0_u32..40, 0..20), 0..4),
        ) {
            let mut users: Vec<u32> = runs.iter().flatten().copied().collect();
            let once: BTreeSet<u32> = users.iter().copied().collect();
            normalise(&mut users);
            prop_assert!(users.iter().eq(&once));
        }

        #[test]
        fn any_bytes_unpack_without_harm(bytes: Vec<u8>) {
            let mut out = Vec::new();
            unpack(&bytes, &mut out);
            prop_assert!(out.len() <= bytes.len());
        }
    }
}
