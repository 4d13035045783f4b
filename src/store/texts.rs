//! Many short texts by dense number, in little memory and few places of it: a million users are looked up row by row.

use xxhash_rust::xxh3::xxh3_64;

use super::StoreError;

/// Bytes of a text that its key holds; longer ones lie apart.
const INLINE: usize = 15;
/// Marks a key whose text lies apart.
const APART: u8 = 255;
/// Marks a free slot.
const FREE: u64 = u64::MAX;
/// Places of texts that came lately.
const RECENT: usize = 64;
/// Texts that are looked up together.
const TOGETHER: usize = 64;

/// A short text and its length, or where a long one begins and ends.
type Key = [u8; INLINE + 1];

/// Different texts, numbered from 0 in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Texts {
    keys: Vec<Key>,
    /// Texts that are longer than a key.
    long: String,
    /// Upper half of the hash and number of each text, from the place on that this half gives, so that more slots are
    /// filled from fewer without a look at the texts; a power of two of them.
    slots: Vec<u64>,
    recent: Vec<u32>,
}

impl Texts {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The text of a number; empty where there is none.
    pub(super) fn get(&self, number: u32) -> &str {
        self.keys.get(number as usize).map_or("", |key| text(&self.long, key))
    }

    /// Every text by number.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| text(&self.long, key))
    }

    /// The number of a text, which is added where it is new.
    ///
    /// # Errors
    /// When all long ones together are longer than 4 GiB.
    pub(super) fn put(&mut self, text: &str) -> Result<u32, StoreError> {
        self.put_hashed(xxh3_64(text.as_bytes()), text)
    }

    fn put_hashed(&mut self, hash: u64, text: &str) -> Result<u32, StoreError> {
        if let Some(number) = self.find(hash, text) {
            return Ok(number);
        }
        let key = match short_key(text) {
            Some(key) => key,
            None => self.set_apart(text)?,
        };
        let number = self.keys.len() as u32;
        if (self.keys.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        self.keys.push(key);
        // No number is 2^32 - 1: that many texts do not fit.
        insert(&mut self.slots, hash >> 32 << 32 | u64::from(number));
        Ok(number)
    }

    /// The same for many texts, one after another: of several at a time the memory is waited for once. No text has the
    /// number 0, the others count from 1.
    pub(super) fn put_all(&mut self, texts: &[Option<&str>]) -> Result<Vec<u32>, StoreError> {
        let mut numbers = Vec::with_capacity(texts.len());
        for texts in texts.chunks(TOGETHER) {
            let mut found = [(0, FREE); TOGETHER];
            for ((hash, _), text) in found.iter_mut().zip(texts) {
                *hash = text.map_or(0, |text| xxh3_64(text.as_bytes()));
            }
            let mask = self.slots.len().wrapping_sub(1);
            for (hash, slot) in &mut found {
                *slot = self.slots.get(home(*hash) & mask).copied().unwrap_or(FREE);
            }
            for ((hash, slot), text) in found.into_iter().zip(texts) {
                numbers.push(match text {
                    None => 0,
                    Some(text) if slot >> 32 == hash >> 32 && self.is(slot as u32, text) => slot as u32 + 1,
                    Some(text) => self.put_hashed(hash, text)? + 1,
                });
            }
        }
        Ok(numbers)
    }

    /// Whether a number is that of a text.
    fn is(&self, number: u32, text: &str) -> bool {
        self.keys.get(number as usize).is_some_and(|key| bytes(&self.long, key) == text.as_bytes())
    }

    /// The same for texts that are mostly among a few.
    pub(super) fn put_common(&mut self, text: &str) -> Result<u32, StoreError> {
        let bytes = text.as_bytes();
        let ends =
            bytes.first().zip(bytes.last()).map_or(0, |(first, last)| usize::from(*first) * 5 + usize::from(*last));
        let place = (ends + bytes.len() * 3) % RECENT;
        if let Some(number) = self.recent.get(place).filter(|number| self.is(**number, text)) {
            return Ok(*number);
        }
        let number = self.put(text)?;
        self.recent.resize(RECENT, u32::MAX);
        if let Some(recent) = self.recent.get_mut(place) {
            *recent = number;
        }
        Ok(number)
    }

    fn find(&self, hash: u64, wanted: &str) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut place = home(hash) & mask;
        loop {
            let slot = *self.slots.get(place)?;
            if slot == FREE {
                return None;
            }
            let number = slot as u32;
            if slot >> 32 == hash >> 32 && self.is(number, wanted) {
                return Some(number);
            }
            place = (place + 1) & mask;
        }
    }

    /// Puts a long text apart and gives its key.
    fn set_apart(&mut self, text: &str) -> Result<Key, StoreError> {
        let from = self.long.len() as u32;
        self.long.push_str(text);
        let to =
            u32::try_from(self.long.len()).map_err(|_| StoreError::failed("more than 4 GiB of different texts"))?;
        let mut key = [0; INLINE + 1];
        for (to, byte) in key.iter_mut().zip(from.to_le_bytes().into_iter().chain(to.to_le_bytes())) {
            *to = byte;
        }
        key[INLINE] = APART;
        Ok(key)
    }

    /// Half as many slots again as are needed, so that what is looked for is found near its place.
    fn grow(&mut self) {
        let mut slots = vec![FREE; (self.slots.len() * 2).max(16)];
        self.slots.iter().filter(|slot| **slot != FREE).for_each(|slot| insert(&mut slots, *slot));
        self.slots = slots;
    }

    /// Forgets them all and keeps the memory.
    pub(super) fn clear(&mut self) {
        self.keys.clear();
        self.long.clear();
        self.slots.fill(FREE);
        self.recent.fill(u32::MAX);
    }

    /// Memory held, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.long.len() + self.keys.len() * size_of::<Key>() + self.slots.len() * size_of::<u64>()
    }
}

fn short_key(text: &str) -> Option<Key> {
    let bytes = text.as_bytes();
    let mut key = [0; INLINE + 1];
    key.get_mut(..INLINE)?.get_mut(..bytes.len())?.copy_from_slice(bytes);
    key[INLINE] = bytes.len() as u8;
    Some(key)
}

fn text<'a>(long: &'a str, key: &'a Key) -> &'a str {
    std::str::from_utf8(bytes(long, key)).unwrap_or_default()
}

fn bytes<'a>(long: &'a str, key: &'a Key) -> &'a [u8] {
    let [bytes @ .., length] = key;
    if *length != APART {
        return bytes.get(..usize::from(*length)).unwrap_or_default();
    }
    let word = |at: usize| bytes.get(at..at + 4)?.try_into().ok().map(|word| u32::from_le_bytes(word) as usize);
    word(0).zip(word(4)).and_then(|(from, to)| long.as_bytes().get(from..to)).unwrap_or_default()
}

fn insert(slots: &mut [u64], new: u64) {
    let mask = slots.len().wrapping_sub(1);
    let mut place = home(new) & mask;
    while slots.get(place).is_some_and(|slot| *slot != FREE) {
        place = (place + 1) & mask;
    }
    if let Some(slot) = slots.get_mut(place) {
        *slot = new;
    }
}

/// Where a hash, or the slot that holds its upper half, is looked for first.
fn home(hash: u64) -> usize {
    (hash >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_text_has_one_number() {
        let mut texts = Texts::default();
        let long = "x".repeat(16);
        let all = ["", "a", "bc", "a", "", &long, "c", "bc", &long, "\0", "\0\0", &long[1..]];
        let numbers = all.map(|text| texts.put(text).unwrap());
        assert_eq!(numbers, [0, 1, 2, 1, 0, 3, 4, 2, 3, 5, 6, 7]);
        assert_eq!(texts.iter().take(4).collect::<Vec<_>>(), ["", "a", "bc", &long]);
        texts.clear();
        assert_eq!((texts.len(), texts.put("z").unwrap(), texts.get(1)), (0, 0, ""));
    }

    proptest! {
        #[test]
        fn numbers_are_those_of_a_list(words in prop::collection::vec("[a-c]{0,3}|[a-b]{14,18}|[é\u{0}]{5,9}", 0..300)) {
            let (mut texts, mut list): (Texts, Vec<String>) = (Texts::default(), Vec::new());
            for (nth, word) in words.iter().enumerate() {
                let number = list.iter().position(|known| known == word).unwrap_or_else(|| {
                    list.push(word.clone());
                    list.len() - 1
                });
                let put = if nth % 2 == 0 { texts.put(word) } else { texts.put_common(word) };
                prop_assert_eq!(put.unwrap() as usize, number);
            }
            prop_assert!(texts.iter().eq(list.iter()));
            let mut together = Texts::default();
            let half = words.len() / 2;
            let mut numbers = Vec::new();
            for words in [&words[..half], &words[half..]] {
                let asked: Vec<_> = words.iter().map(|word| (word != "a").then_some(word.as_str())).collect();
                numbers.extend(together.put_all(&asked).unwrap());
            }
            for (word, number) in words.iter().zip(numbers) {
                prop_assert_eq!(number.checked_sub(1).map_or("a", |number| together.get(number)), word);
            }
            prop_assert_eq!(together.len(), list.len() - usize::from(list.iter().any(|word| word == "a")));
        }
    }
}
