//! Bytes of any encoding as UTF-8. What cannot be decoded becomes a byte that is no UTF-8, so that its row alone is
//! rejected (formats.md A17).

use std::io::{self, Read};
use std::sync::{Arc, OnceLock};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

use super::encoding;

/// Stands for undecodable bytes: it occurs in no UTF-8.
const DAMAGED: u8 = 0xFF;
/// Bytes of a stream that tell UTF-16 from the rest, where its first line is longer.
const ENOUGH: usize = 64;
/// Longest beginning of a line that is waited for to judge its encoding.
const LINE: usize = 1 << 16;
/// Room a decoded character may need.
const ROOM: usize = 8;

/// Turns bytes into UTF-8; UTF-8 passes as it is, damage included.
pub(super) struct Utf8<R> {
    inner: R,
    charset: Charset,
    raw: Vec<u8>,
    taken: usize,
    ended: bool,
    finished: bool,
}

enum Charset {
    /// A stream that held nothing but ASCII so far; whether its beginning was looked at, and whom to tell.
    Open {
        begun: bool,
        tell: Arc<OnceLock<&'static Encoding>>,
    },
    Utf8,
    Other(Box<Decoder>),
}

impl Charset {
    fn of(encoding: &'static Encoding) -> Self {
        if encoding == UTF_8 { Self::Utf8 } else { Self::Other(Box::new(encoding.new_decoder_with_bom_removal())) }
    }
}

impl<R: Read> Utf8<R> {
    /// Text of a known encoding.
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        Self { inner, charset: Charset::of(encoding), raw: Vec::new(), taken: 0, ended: false, finished: false }
    }

    /// Text whose encoding shows as it comes, at its beginning or with the first block that is not ASCII, and is then told.
    pub(super) fn sniffing(inner: R, tell: Arc<OnceLock<&'static Encoding>>) -> Self {
        let charset = Charset::Open { begun: false, tell };
        Self { inner, charset, raw: Vec::new(), taken: 0, ended: false, finished: false }
    }

    /// Reads a block; `more` keeps what is there.
    fn fill(&mut self, more: bool) -> io::Result<()> {
        let old = if more { self.raw.len() } else { 0 };
        self.raw.resize(old + (1 << 15), 0);
        let read = self.inner.read(self.raw.get_mut(old..).unwrap_or_default());
        self.raw.truncate(old + read.as_ref().copied().unwrap_or(0));
        self.taken = 0;
        self.ended = read? == 0;
        Ok(())
    }

    /// Judges the block at hand, where the encoding is not known yet.
    fn sniff(&mut self) -> io::Result<()> {
        let Charset::Open { begun, .. } = self.charset else { return Ok(()) };
        while !begun && !self.ended && self.raw.len() < ENOUGH && !self.raw.iter().any(|b| matches!(b, b'\n' | b'\r')) {
            self.fill(true)?;
        }
        // A character may be cut by the block; its line decides.
        while !self.ended && self.raw.len() < LINE && encoding::is_cut(&self.raw) {
            self.fill(true)?;
        }
        let Charset::Open { begun: now, tell } = &mut self.charset else { return Ok(()) };
        *now = true;
        if let Some(encoding) = encoding::of_block(&self.raw, !begun) {
            let _ = tell.set(encoding);
            self.charset = Charset::of(encoding);
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.len() < ROOM || self.finished {
            return Ok(0);
        }
        loop {
            if self.taken == self.raw.len() && !self.ended {
                if matches!(self.charset, Charset::Utf8) {
                    return self.inner.read(buffer);
                }
                self.fill(false)?;
            }
            self.sniff()?;
            let rest = self.raw.get(self.taken..).unwrap_or_default();
            let Charset::Other(decoder) = &mut self.charset else {
                let n = rest.len().min(buffer.len());
                buffer.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                self.taken += n;
                return Ok(n);
            };
            let room = buffer.len() - 1;
            let slot = buffer.get_mut(..room).unwrap_or_default();
            let (result, read, mut written) = decoder.decode_to_utf8_without_replacement(rest, slot, self.ended);
            self.taken += read;
            match result {
                DecoderResult::Malformed(..) => {
                    if let Some(byte) = buffer.get_mut(written) {
                        *byte = DAMAGED;
                    }
                    written += 1;
                }
                DecoderResult::InputEmpty => self.finished = self.ended,
                DecoderResult::OutputFull => {}
            }
            if written > 0 || self.finished {
                return Ok(written);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{GB18030, UTF_16LE};
    use proptest::prelude::*;

    use super::*;

    /// Gives the parts one a call.
    struct Parts(Vec<Vec<u8>>);

    impl Read for Parts {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Ok(0);
            }
            let part = self.0.remove(0);
            buffer[..part.len()].copy_from_slice(&part);
            Ok(part.len())
        }
    }

    fn all(mut text: Utf8<Parts>, room: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut buffer = vec![0; room];
        loop {
            let n = text.read(&mut buffer).unwrap();
            if n == 0 {
                return out;
            }
            out.extend_from_slice(&buffer[..n]);
        }
    }

    fn parts(bytes: &[u8], size: usize) -> Parts {
        Parts(bytes.chunks(size).map(<[u8]>::to_vec).collect())
    }

    fn utf16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn undecodable_units_are_no_utf8_and_lose_nothing_around_them() {
        let mut bytes = utf16("a\u{4E00},");
        bytes.extend([0x00, 0xD8]);
        bytes.extend(utf16("\nb\n"));
        assert_eq!(
            all(Utf8::new(parts(&bytes, 3), UTF_16LE), 8),
            "a一,".bytes().chain([0xFF, b'\n', b'b', b'\n']).collect::<Vec<_>>()
        );
        let damaged = [b"\xb8\xff,x\n".to_vec(), GB18030.encode("费\n").0.into_owned()].concat();
        let text = all(Utf8::new(parts(&damaged, 64), GB18030), 99);
        assert!(text.starts_with(&[0xFF]) && text.ends_with(",x\n费\n".as_bytes()));
    }

    #[test]
    fn a_stream_shows_its_encoding_when_it_leaves_ascii() {
        let late = Parts(vec![b"user_id,event\n".to_vec(), GB18030.encode("用户,打开首页\n").0.into_owned()]);
        assert_eq!(all(Utf8::sniffing(late, Arc::default()), 16), "user_id,event\n用户,打开首页\n".as_bytes());
        let unmarked = utf16("user_id,event\nu1,打开\n");
        for size in [1, 7, 1000] {
            assert_eq!(
                all(Utf8::sniffing(parts(&unmarked, size), Arc::default()), 16),
                "user_id,event\nu1,打开\n".as_bytes(),
                "{size}"
            );
        }
    }

    proptest! {
        #[test]
        fn chunks_do_not_change_the_text(text in "[a-z,\n]{1,20}[一-龥é,\n]{0,30}", size in 1_usize..9, room in 8_usize..40) {
            prop_assert_eq!(all(Utf8::new(parts(&utf16(&text), size), UTF_16LE), room), text.as_bytes());
            prop_assert_eq!(all(Utf8::new(parts(text.as_bytes(), size), UTF_8), room), text.as_bytes());
        }
    }
}
