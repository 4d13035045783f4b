//! Hashes over the fields of a row.

use xxhash_rust::xxh3::xxh3_128;

/// A 128-bit hash over fields that keeps their borders.
#[derive(Debug, Default)]
pub(super) struct RowHash(Vec<u8>);

impl RowHash {
    pub(super) fn text(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            None => self.0.extend_from_slice(&u64::MAX.to_le_bytes()),
            Some(t) => return self.bytes(t.as_bytes()),
        }
        self
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    pub(super) fn number(&mut self, n: i64) -> &mut Self {
        self.0.extend_from_slice(&n.to_le_bytes());
        self
    }

    pub(super) fn wide(&mut self, n: u128) -> &mut Self {
        self.0.extend_from_slice(&n.to_le_bytes());
        self
    }

    pub(super) fn digest(&self) -> u128 {
        xxh3_128(&self.0)
    }

    /// Bytes that were put in.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Goes back to so many bytes, which stay.
    pub(super) fn back_to(&mut self, len: usize) -> &mut Self {
        self.0.truncate(len);
        self
    }

    /// Begins anew, in the same memory.
    pub(super) fn clear(&mut self) -> &mut Self {
        self.0.clear();
        self
    }
}

/// The part of a hash that tells rows of a day apart.
pub(super) type Short = [u8; 12];

/// The part of a hash that is kept beside a row.
pub(super) fn short(hash: u128) -> Short {
    let mut out = Short::default();
    out.copy_from_slice(&hash.to_be_bytes()[..size_of::<Short>()]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_borders() {
        let hash = |a: Option<&str>, b: Option<&str>| {
            let mut h = RowHash::default();
            h.text(a).text(b).digest()
        };
        assert_ne!(hash(Some("ab"), Some("c")), hash(Some("a"), Some("bc")));
        assert_ne!(hash(None, Some("")), hash(Some(""), None));
    }

    #[test]
    fn the_hash_is_that_of_the_bytes_one_after_another() {
        let mut parts = xxhash_rust::xxh3::Xxh3::new();
        parts.update(&2_u64.to_le_bytes());
        parts.update(b"ab");
        parts.update(&(-7_i64).to_le_bytes());
        let mut hash = RowHash::default();
        hash.text(Some("dropped")).clear().text(Some("ab")).number(-7);
        assert_eq!(hash.digest(), parts.digest128());
        let len = hash.len();
        assert_eq!(hash.number(9).back_to(len).digest(), parts.digest128());
        assert_eq!(short(u128::MAX >> 8)[..2], [0, 255]);
    }
}
