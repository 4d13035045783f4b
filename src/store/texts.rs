//! Many short texts by dense number, in one piece of memory.

use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

use super::StoreError;

/// Different texts, numbered from 0 in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Texts {
    text: String,
    ends: Vec<u32>,
    known: HashTable<u32>,
}

impl Texts {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a number; empty where there is none.
    pub(super) fn get(&self, number: u32) -> &str {
        slice(&self.text, &self.ends, number)
    }

    /// Every text by number.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|number| self.get(number))
    }

    /// All texts one after another, and where each ends.
    pub(super) fn parts(&self) -> (&str, &[u32]) {
        (&self.text, &self.ends)
    }

    /// The number of a text, which is added where it is new.
    ///
    /// # Errors
    /// When all of them together are longer than 4 GiB.
    pub(super) fn put(&mut self, text: &str) -> Result<u32, StoreError> {
        let hash = xxh3_64(text.as_bytes());
        let Self { text: all, ends, known } = self;
        if let Some(number) = known.find(hash, |number| slice(all, ends, *number) == text) {
            return Ok(*number);
        }
        let number = ends.len() as u32;
        let end = u32::try_from(all.len() + text.len());
        all.push_str(text);
        ends.push(end.map_err(|_| StoreError::failed("more than 4 GiB of different texts"))?);
        known.insert_unique(hash, number, |number| xxh3_64(slice(all, ends, *number).as_bytes()));
        Ok(number)
    }

    /// Forgets them all and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.known.clear();
    }

    /// Memory held, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.text.len() + self.len() * 12
    }
}

fn slice<'a>(text: &'a str, ends: &[u32], number: u32) -> &'a str {
    let at = number as usize;
    let from = if at == 0 { Some(0) } else { ends.get(at - 1).copied() };
    let range = from.zip(ends.get(at).copied()).map(|(from, to)| from as usize..to as usize);
    range.and_then(|range| text.get(range)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_one_number() {
        let mut texts = Texts::default();
        let numbers = ["", "a", "bc", "a", "", "c", "bc"].map(|text| texts.put(text).unwrap());
        assert_eq!(numbers, [0, 1, 2, 1, 0, 3, 2]);
        assert_eq!(texts.iter().collect::<Vec<_>>(), ["", "a", "bc", "c"]);
        texts.clear();
        assert_eq!((texts.len(), texts.put("z").unwrap()), (0, 0));
    }
}
