//! Which encoding a file is in (formats.md A17): byte order mark; UTF-8 if valid; UTF-8 with damaged rows if any valid
//! multi-byte character is there; GB18030 if valid and East Asian; else Windows-1252.

use std::io::{self, Read};

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use unicode_width::UnicodeWidthChar;

/// What one pass over the bytes tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scan {
    pub(super) encoding: &'static Encoding,
    /// A NUL byte among the first 64 KiB.
    pub(super) nul: bool,
    /// Any byte at all.
    pub(super) any: bool,
    /// A slash, without which no date needs its order of day and month found.
    pub(super) slash: bool,
}

/// Reads everything once, in bounded memory. An error in the middle ends the pass; the reader meets it again.
pub(super) fn scan(mut input: impl Read) -> io::Result<Scan> {
    let mut chunk = vec![0; 1 << 16];
    let mut filled = 0;
    while filled < chunk.len() {
        match input.read(chunk.get_mut(filled..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if filled == 0 => return Err(e),
            Err(_) => break,
        }
    }
    chunk.truncate(filled);
    let nul = chunk.contains(&0);
    let slash = chunk.contains(&b'/');
    if let Some((encoding, _)) = Encoding::for_bom(&chunk) {
        return Ok(Scan { encoding, nul: nul && encoding == UTF_8, any: filled > 0, slash: true });
    }
    let mut judge = Judge::new();
    let mut slash = slash;
    judge.feed(&chunk, false);
    let mut next = vec![0; 1 << 16];
    while let Ok(n) = input.read(&mut next) {
        let part = next.get(..n).unwrap_or_default();
        judge.feed(part, n == 0);
        slash |= memchr::memchr(b'/', part).is_some();
        if n == 0 {
            break;
        }
    }
    Ok(Scan { encoding: judge.verdict(&chunk), nul, any: filled > 0, slash })
}

struct Judge {
    /// Bytes of a line that the chunk cut.
    carry: Vec<u8>,
    utf8: bool,
    multi_byte: bool,
    gb: encoding_rs::Decoder,
    gb_valid: bool,
    wide: u64,
    narrow: u64,
    in_runs: u64,
    run: u64,
}

impl Judge {
    fn new() -> Self {
        Self {
            carry: Vec::new(),
            utf8: true,
            multi_byte: false,
            gb: GB18030.new_decoder_without_bom_handling(),
            gb_valid: true,
            wide: 0,
            narrow: 0,
            in_runs: 0,
            run: 0,
        }
    }

    fn feed(&mut self, bytes: &[u8], last: bool) {
        self.feed_utf8(bytes, last);
        self.feed_gb(bytes, last);
    }

    /// Judges whole lines: in GB18030 text two bytes may pass for a character of UTF-8, a line hardly ever.
    fn feed_utf8(&mut self, bytes: &[u8], last: bool) {
        let mut all = std::mem::take(&mut self.carry);
        all.extend_from_slice(bytes);
        let whole = match memchr::memrchr(b'\n', &all) {
            _ if last || all.len() > super::ROW_LIMIT => all.len(),
            Some(end) => end + 1,
            None => 0,
        };
        self.carry = all.split_off(whole);
        if all.is_ascii() {
            return;
        }
        for line in all.split(|b| *b == b'\n') {
            match std::str::from_utf8(line) {
                Ok(text) => self.multi_byte |= !text.is_ascii(),
                Err(_) => self.utf8 = false,
            }
        }
    }

    fn feed_gb(&mut self, bytes: &[u8], last: bool) {
        let mut rest = bytes;
        let mut out = String::with_capacity(4096);
        while self.gb_valid {
            out.clear();
            let (result, read) = self.gb.decode_to_string_without_replacement(rest, &mut out, last);
            rest = rest.get(read..).unwrap_or_default();
            out.chars().for_each(|c| self.count(c));
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => self.gb_valid = false,
            }
        }
    }

    fn count(&mut self, c: char) {
        if c.is_ascii() {
            self.run = 0;
            return;
        }
        if c.width() == Some(2) {
            self.wide += 1;
        } else {
            self.narrow += 1;
        }
        self.run += 1;
        self.in_runs += match self.run {
            1 => 0,
            2 => 2,
            _ => 1,
        };
    }

    fn verdict(&self, head: &[u8]) -> &'static Encoding {
        if self.utf8 {
            return unmarked_utf16(head).unwrap_or(UTF_8);
        }
        if self.multi_byte {
            return UTF_8;
        }
        if self.gb_valid && self.wide > 0 && self.narrow == 0 && self.in_runs * 2 >= self.wide {
            return GB18030;
        }
        WINDOWS_1252
    }
}

/// UTF-16 of mostly ASCII text without a mark: every other byte is NUL.
fn unmarked_utf16(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len().min(4096) / 2;
    let nul = |at: usize| head.iter().take(pairs * 2).skip(at).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (nul(0), nul(1));
    if pairs < 8 {
        None
    } else if odd * 10 > pairs * 8 && even == 0 {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 8 && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> &'static str {
        scan(bytes).unwrap().encoding.name()
    }

    #[test]
    fn each_step_of_the_rule_is_taken() {
        assert_eq!(of("a,付费".as_bytes()), "UTF-8");
        assert_eq!(of(b"\xff\xfea\0"), "UTF-16LE");
        assert_eq!(of(b"\xc3\xa9\nx,\xff\n"), "UTF-8");
        assert_eq!(of(&GB18030.encode("用户,打开\n注册,付费\n").0), "gb18030");
        assert_eq!(of(b"u1,caf\xe9,x\nu2,\xe9t\xe9\n"), "windows-1252");
    }

    #[test]
    fn a_character_cut_by_a_chunk_is_whole() {
        let mut text = vec![b'a'; (1 << 16) - 1];
        text.extend_from_slice("é".as_bytes());
        assert_eq!(of(&text), "UTF-8");
    }
}
