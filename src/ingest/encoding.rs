//! Which encoding a file is in (formats.md A17): byte order mark; UTF-8 if valid; UTF-8 with damaged rows if any valid
//! multi-byte character is there; GB18030 if valid and East Asian; else Windows-1252.

use std::io::{self, Read};

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use unicode_width::UnicodeWidthChar;

use super::ROW_LIMIT;

/// Bytes of lines looked at as GB18030; more would not change the verdict.
const GB_BYTES: usize = 1 << 20;
/// Bytes read at a time.
const CHUNK: usize = 1 << 16;
/// A page of memory.
const PAGE: usize = 1 << 12;
/// Characters of GB18030 text a damaged one may stand among.
const PER_DAMAGE: u64 = 4;

/// What one pass over the bytes tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scan {
    pub(super) encoding: &'static Encoding,
    /// Any byte at all.
    pub(super) any: bool,
}

/// Reads everything once, in bounded memory. An error in the middle ends the pass; the reader meets it again.
pub(super) fn scan(mut input: impl Read) -> io::Result<Scan> {
    // Some processors copy at a quarter of their pace to where lies a few bytes further in its page than the source, which
    // begins a page but for the bytes that told gzip.
    let mut room = vec![0; CHUNK + 2 * PAGE];
    let lead = room.as_ptr().align_offset(PAGE).min(PAGE) + PAGE / 2;
    let chunk = room.get_mut(lead..lead + CHUNK).unwrap_or_default();
    let mut filled = 0;
    let mut outcome = Ok(1);
    while filled < chunk.len() && matches!(outcome, Ok(1..)) {
        outcome = input.read(chunk.get_mut(filled..).unwrap_or_default());
        filled += outcome.as_ref().copied().unwrap_or(0);
    }
    if filled == 0 {
        outcome?;
    }
    let head = chunk.get(..filled).unwrap_or_default();
    if let Some(encoding) = marked(head).or_else(|| unmarked_utf16(head)) {
        return Ok(Scan { encoding, any: filled > 0 });
    }
    let mut judge = Judge::default();
    judge.feed(head);
    while let Ok(n @ 1..) = input.read(chunk) {
        judge.feed(chunk.get(..n).unwrap_or_default());
    }
    Ok(Scan { encoding: judge.verdict(), any: filled > 0 })
}

/// The encoding of a stream by one block of it; `None` while it is ASCII. `first` says that the stream begins with it.
pub(super) fn of_block(block: &[u8], first: bool) -> Option<&'static Encoding> {
    if let Some(encoding) = marked(block).or_else(|| unmarked_utf16(block)).filter(|_| first) {
        return Some(encoding);
    }
    if block.is_ascii() {
        return None;
    }
    let mut judge = Judge::default();
    judge.feed(block);
    Some(judge.verdict())
}

/// Whether a block holds a character beyond ASCII in its last, unfinished line only.
pub(super) fn is_cut(block: &[u8]) -> bool {
    let whole = memchr::memrchr2(b'\n', b'\r', block).map_or(0, |end| end + 1);
    !block.is_ascii() && block.get(..whole).is_some_and(<[u8]>::is_ascii)
}

fn marked(head: &[u8]) -> Option<&'static Encoding> {
    Encoding::for_bom(head).map(|(encoding, _)| encoding)
}

/// Judges line by line: in GB18030 text two bytes may pass for a character of UTF-8, a line hardly ever.
#[derive(Default)]
struct Judge {
    /// Bytes of a line that the chunk cut.
    carry: Vec<u8>,
    /// Lines beyond ASCII that are UTF-8, and that are not.
    valid: u64,
    invalid: u64,
    /// A valid line holds a character of three bytes or more; GB18030 passes for one of two bytes now and then.
    certain: bool,
    /// A damaged line holds such a character; Western text hardly ever passes for one.
    among_damage: bool,
    gb: Gb,
    gb_bytes: usize,
}

impl Judge {
    fn feed(&mut self, bytes: &[u8]) {
        let first = memchr::memchr2(b'\n', b'\r', bytes);
        let last = memchr::memrchr2(b'\n', b'\r', bytes);
        let (Some(first), Some(last)) = (first, last) else {
            self.carry.extend_from_slice(bytes);
            if self.carry.len() > ROW_LIMIT {
                self.carried();
            }
            return;
        };
        self.carry.extend_from_slice(bytes.get(..first).unwrap_or_default());
        self.carried();
        // Only lines that a chunk cuts are copied.
        self.lines(bytes.get(first..=last).unwrap_or_default());
        self.carry.extend_from_slice(bytes.get(last + 1..).unwrap_or_default());
    }

    /// Judges the line that was carried along.
    fn carried(&mut self) {
        let mut line = std::mem::take(&mut self.carry);
        self.line(&line);
        line.clear();
        self.carry = line;
    }

    fn lines(&mut self, all: &[u8]) {
        if all.is_ascii() {
            return;
        }
        let mut from = 0;
        for end in memchr::memchr2_iter(b'\n', b'\r', all).chain([all.len()]) {
            self.line(all.get(from..end).unwrap_or_default());
            from = end + 1;
        }
    }

    fn line(&mut self, line: &[u8]) {
        if line.is_ascii() {
            return;
        }
        if std::str::from_utf8(line).is_ok() {
            self.valid += 1;
            // How a character of three bytes or more begins.
            self.certain = self.certain || line.iter().any(|b| *b >= 0xE0);
            return;
        }
        self.invalid += 1;
        self.among_damage |= line.utf8_chunks().any(|part| part.valid().chars().any(|c| c.len_utf8() > 2));
        if self.gb_bytes < GB_BYTES {
            self.gb_bytes += line.len();
            self.gb.line(line);
        }
    }

    fn verdict(mut self) -> &'static Encoding {
        // A cut at the very end is no damage.
        let last = std::mem::take(&mut self.carry);
        match std::str::from_utf8(&last) {
            Err(e) if e.error_len().is_none() => self.line(last.get(..e.valid_up_to()).unwrap_or_default()),
            _ => self.line(&last),
        }
        let gb = self.gb.holds();
        let by_chance = !self.certain && gb && self.gb.damaged == 0 && self.invalid > self.valid;
        if self.invalid == 0 || (self.valid > 0 && !by_chance) {
            UTF_8
        } else if gb {
            GB18030
        } else if self.among_damage {
            UTF_8
        } else {
            WINDOWS_1252
        }
    }
}

/// How much bytes look like East Asian text in GB18030. Western text passes for single characters within words, for
/// damage, and for little else.
#[derive(Debug, Default)]
struct Gb {
    /// Characters beyond ASCII.
    all: u64,
    /// Wide ones in runs, or alone between marks: East Asian text.
    firm: u64,
    damaged: u64,
}

/// One character of a line, as far as [`Gb`] looks at it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Letter,
    Mark,
    /// Wide; whether its second byte is beyond ASCII too.
    Wide(bool),
    Narrow,
    Damaged,
}

impl Gb {
    fn line(&mut self, line: &[u8]) {
        let (mut before, mut rest) = (Seen::Mark, line);
        let mut now = next_seen(&mut rest);
        while let Some(seen) = now {
            let after = next_seen(&mut rest);
            let apart = |other: Option<Seen>| !matches!(other, Some(Seen::Letter));
            let in_run = matches!(before, Seen::Wide(_)) || matches!(after, Some(Seen::Wide(_)));
            match seen {
                Seen::Wide(double) => {
                    self.all += 1;
                    self.firm += u64::from(in_run || (double && apart(Some(before)) && apart(after)));
                }
                Seen::Narrow => self.all += 1,
                Seen::Damaged => self.damaged += 1,
                Seen::Letter | Seen::Mark => {}
            }
            (before, now) = (seen, after);
        }
    }

    fn holds(&self) -> bool {
        self.firm > 0 && self.firm * 2 >= self.all && self.damaged * PER_DAMAGE <= self.firm
    }
}

/// Cuts one character of GB18030 off.
fn next_seen(rest: &mut &[u8]) -> Option<Seen> {
    let (&first, tail) = rest.split_first()?;
    if first.is_ascii() {
        *rest = tail;
        return Some(if first.is_ascii_alphabetic() { Seen::Letter } else { Seen::Mark });
    }
    let len = match tail.first() {
        Some(b'0'..=b'9') => 4,
        _ => 2,
    };
    let decoded = rest.get(..len).and_then(|c| GB18030.decode_without_bom_handling_and_without_replacement(c));
    let Some(c) = decoded.and_then(|text| text.chars().next()) else {
        // What is ASCII was no part of the damaged character.
        *rest = if tail.first().is_some_and(|b| !b.is_ascii()) { tail.get(1..).unwrap_or_default() } else { tail };
        return Some(Seen::Damaged);
    };
    let double = tail.first().is_some_and(|b| !b.is_ascii());
    *rest = rest.get(len..).unwrap_or_default();
    Some(if c.width_cjk() == Some(2) { Seen::Wide(double) } else { Seen::Narrow })
}

/// UTF-16 without a mark: a quarter of its units are printable ASCII, as delimiters, titles and dates are, and none NUL.
fn unmarked_utf16(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.get(..head.len().min(4096)).unwrap_or_default().chunks_exact(2);
    let (total, mut little, mut big, mut nul) = (pairs.len(), 0, 0, 0);
    let printable = |b: u8| matches!(b, b'\t' | b'\n' | b'\r' | b' '..=b'~');
    for pair in pairs {
        match pair {
            [0, 0] => nul += 1,
            [low, 0] if printable(*low) => little += 1,
            [0, low] if printable(*low) => big += 1,
            _ => {}
        }
    }
    if total < 4 || nul > 0 || little.max(big) * 4 < total {
        None
    } else if little > big {
        Some(UTF_16LE)
    } else {
        Some(UTF_16BE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> &'static str {
        scan(bytes).unwrap().encoding.name()
    }

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    #[test]
    fn each_step_of_the_rule_is_taken() {
        assert_eq!(of("a,付费".as_bytes()), "UTF-8");
        assert_eq!(of(b"\xff\xfea\0"), "UTF-16LE");
        assert_eq!(of(b"\xc3\xa9\nx,\xff\n"), "UTF-8");
        assert_eq!(of(&gb("用户,打开\n注册,付费\n")), "gb18030");
        assert_eq!(of(b"u1,caf\xe9,x\nu2,\xe9t\xe9\n"), "windows-1252");
        let damaged = ["u1,用户".as_bytes(), b"\xff,x\n"].concat();
        assert_eq!(of(&damaged), "UTF-8", "the characters beside the damage tell");
    }

    #[test]
    fn a_character_cut_by_a_chunk_is_whole() {
        let mut text = vec![b'a'; (1 << 16) - 1];
        text.extend_from_slice("é".as_bytes());
        assert_eq!(of(&text), "UTF-8");
    }

    #[test]
    fn punctuation_single_characters_and_one_damaged_pair_stay_gb18030() {
        assert_eq!(of(&gb("u1,打开—“首页”…,x\n")), "gb18030");
        assert_eq!(of(&gb("u1,我,x\nu2,你,x\nu3,他,通\n")), "gb18030");
        assert_eq!(of(&gb("u1,通\nu2,打开\nu3,付费\n")), "gb18030");
        let mixed = ["u1,付费\n".as_bytes().to_vec(), gb("u2,打开\nu3,微信\n")].concat();
        assert_eq!(of(&mixed), "UTF-8", "a valid character of another row rejects those rows");
        let damaged = [gb("u1,打开\nu2,"), vec![0xB8, 0xFF], gb("费,微信\n")].concat();
        assert_eq!(of(&damaged), "gb18030");
        assert_eq!(of(&gb("u1,打开㐀㐁\r").repeat(3)), "gb18030");
    }

    #[test]
    fn western_words_stay_western() {
        for text in ["größe,straße,fünf", "créée,déçu,Málaga", "naïve,señor,Besançon", "“x”,é,– y"] {
            let bytes = WINDOWS_1252.encode(text).0.into_owned();
            assert_eq!(of(&bytes), "windows-1252", "{text}");
        }
    }

    #[test]
    fn unmarked_utf16_may_hold_nul_bytes_of_its_own() {
        let text = "user_id,event\nu1,打开一\nu2,开\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!((of(&little), of(&big)), ("UTF-16LE", "UTF-16BE"));
        assert_eq!(of(b"user_id,event\nu\0,x\n"), "UTF-8");
        assert_eq!(of(&[0, 1, 2, 0, 0, 0, 0, 9, 0, 0, 0, 0, 7, 7, 0, 0]), "UTF-8");
    }

    #[test]
    fn a_block_without_a_whole_foreign_line_is_cut() {
        assert!(is_cut(b"a,b\nc,\xb4"));
        assert!(!is_cut(b"a,b\nc\n") && !is_cut("é\nc".as_bytes()));
        assert_eq!(of_block(b"a,b\n", true), None);
    }
}
