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

/// Unpacks onto the end of `out`.
pub(super) fn unpack(bytes: &[u8], out: &mut Vec<u32>) {
    let (mut user, mut rest, mut shift) = (0_u32, 0_u32, 0);
    for byte in bytes {
        rest |= u32::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            user = user.wrapping_add(rest);
            out.push(user);
            (rest, shift) = (0, 0);
        } else {
            shift = (shift + 7).min(28);
        }
    }
}

/// Sorts and removes repeats. What comes is mostly a few ascending runs, which only a stable sort merges as they are.
pub(super) fn normalise(users: &mut Vec<u32>) {
    #[expect(clippy::stable_sort_primitive, reason = "it finds the runs")]
    users.sort();
    users.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_comes_back(mut users: Vec<u32>) {
            normalise(&mut users);
            let mut back = Vec::new();
            unpack(&pack(&users), &mut back);
            prop_assert_eq!(back, users);
        }

        #[test]
        fn any_bytes_unpack_without_harm(bytes: Vec<u8>) {
            let mut out = Vec::new();
            unpack(&bytes, &mut out);
            prop_assert!(out.len() <= bytes.len());
        }
    }
}
