//! The bytes of a file, unpacked and as UTF-8, in bounded memory.

use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};
use flate2::bufread::MultiGzDecoder;

use crate::files;

/// Unpacked bytes allowed before the ratio is looked at.
const RATIO_FLOOR: u64 = 64 << 20;
/// Largest ratio of unpacked to packed bytes; text packs at most about 20:1.
const RATIO: u64 = 200;

/// Counts what has been read of the file itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter(Arc<AtomicU64>);

impl Meter {
    pub(super) fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

struct Metered<R>(R, Meter);

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.0.read(buffer)?;
        self.1.0.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Opens a file and unpacks it when it begins like gzip.
pub(super) fn open(path: &Path) -> io::Result<(Box<dyn Read + Send>, Meter)> {
    unpacked(Box::new(files::open_read(path)?))
}

/// Unpacks a stream when it begins like gzip.
pub(super) fn unpacked(input: Box<dyn Read + Send>) -> io::Result<(Box<dyn Read + Send>, Meter)> {
    let meter = Meter::default();
    let mut input = BufReader::with_capacity(1 << 16, Metered(input, meter.clone()));
    let head = io::BufRead::fill_buf(&mut input)?;
    if head.starts_with(&[0x1F, 0x8B]) {
        let unpacked = Gunzip { inner: MultiGzDecoder::new(input), out: 0, meter: meter.clone() };
        return Ok((Box::new(unpacked), meter));
    }
    Ok((Box::new(input), meter))
}

struct Gunzip<R> {
    inner: R,
    out: u64,
    meter: Meter,
}

impl<R: Read> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer).map_err(|e| match e.kind() {
            io::ErrorKind::UnexpectedEof => io::Error::new(e.kind(), "the gzip file is cut short"),
            _ => e,
        })?;
        self.out += n as u64;
        if self.out > RATIO_FLOOR && self.out / self.meter.bytes().max(1) > RATIO {
            return Err(io::Error::other("unpacks to more than 200 times its size"));
        }
        Ok(n)
    }
}

/// Turns bytes of an encoding into UTF-8; UTF-8 passes as it is, damage included, so that rows can be judged one by one.
pub(super) struct Utf8<R> {
    inner: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    taken: usize,
    ended: bool,
    finished: bool,
}

impl<R: Read> Utf8<R> {
    pub(super) fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = (encoding != UTF_8).then(|| encoding.new_decoder_with_bom_removal());
        Self { inner, decoder, raw: Vec::new(), taken: 0, ended: false, finished: false }
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(decoder) = self.decoder.as_mut() else { return self.inner.read(buffer) };
        // A decoded character may need 4 bytes of room.
        if buffer.len() < 4 || self.finished {
            return Ok(0);
        }
        loop {
            if self.taken == self.raw.len() && !self.ended {
                self.raw.resize(1 << 15, 0);
                let n = self.inner.read(&mut self.raw)?;
                self.raw.truncate(n);
                (self.taken, self.ended) = (0, n == 0);
            }
            let rest = self.raw.get(self.taken..).unwrap_or_default();
            let (result, read, written, _) = decoder.decode_to_utf8(rest, buffer, self.ended);
            self.taken += read;
            self.finished = self.ended && result == CoderResult::InputEmpty;
            if written > 0 || self.finished {
                return Ok(written);
            }
        }
    }
}
