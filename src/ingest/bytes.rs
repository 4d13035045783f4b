//! The bytes of a file or stream, unpacked, in bounded memory.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::GzDecoder;

use crate::files;

/// How gzip begins.
const GZIP: [u8; 2] = [0x1F, 0x8B];
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

/// Why unpacking stopped before the end. What came before it is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct Damage(&'static str);

/// The damage that an error stands for; `None` where the system refused to read.
pub(super) fn damage(error: &io::Error) -> Option<Damage> {
    error.get_ref()?.downcast_ref().copied()
}

/// Opens a file and unpacks it when it begins like gzip.
pub(super) fn open(path: &Path) -> io::Result<(Box<dyn Read + Send>, Meter)> {
    unpacked(Box::new(files::open_read(path)?))
}

/// Unpacks a stream when it begins like gzip; waits for its first bytes.
pub(super) fn unpacked(input: Box<dyn Read + Send>) -> io::Result<(Box<dyn Read + Send>, Meter)> {
    let meter = Meter::default();
    let mut input = Metered(input, meter.clone());
    let mut magic = Vec::new();
    // A pipe may give its first bytes one by one.
    input.by_ref().take(GZIP.len() as u64).read_to_end(&mut magic)?;
    let is_gzip = magic == GZIP;
    let input = BufReader::with_capacity(1 << 16, io::Cursor::new(magic).chain(input));
    if is_gzip {
        let gunzip = Gunzip { member: Some(GzDecoder::new(input)), out: 0, meter: meter.clone() };
        return Ok((Box::new(gunzip), meter));
    }
    Ok((Box::new(input), meter))
}

/// All members of a gzip file, one after another; zeros may pad its end.
struct Gunzip<R> {
    /// `None` after the last.
    member: Option<GzDecoder<R>>,
    out: u64,
    meter: Meter,
}

impl<R: BufRead> Read for Gunzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let n = member.read(buffer).map_err(damaged)?;
            if n == 0 && !buffer.is_empty() {
                self.next_member()?;
                continue;
            }
            self.out += n as u64;
            if self.out > RATIO_FLOOR && self.out / self.meter.bytes().max(1) > RATIO {
                return Err(io::Error::other(Damage("the gzip data unpacks to more than 200 times its size")));
            }
            return Ok(n);
        }
        Ok(0)
    }
}

impl<R: BufRead> Gunzip<R> {
    fn next_member(&mut self) -> io::Result<()> {
        let Some(ended) = self.member.take() else { return Ok(()) };
        let mut input = ended.into_inner();
        loop {
            let rest = input.fill_buf()?;
            let zeros = rest.iter().take_while(|b| **b == 0).count();
            match rest.get(zeros) {
                Some(0x1F) if zeros == 0 => break,
                Some(_) => return Err(io::Error::other(Damage("bytes that are no gzip follow the gzip data"))),
                None if zeros == 0 => return Ok(()),
                None => input.consume(zeros),
            }
        }
        self.member = Some(GzDecoder::new(input));
        Ok(())
    }
}

/// What the unpacker says of the data is damage; what the system says stays as it is.
fn damaged(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => io::Error::other(Damage("the gzip data ends early")),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            io::Error::other(Damage("the gzip data is damaged"))
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// What unpacks before the end or the damage, and the damage.
    fn unpack(packed: Vec<u8>) -> (Vec<u8>, Option<String>) {
        let (mut input, _) = unpacked(Box::new(io::Cursor::new(packed))).unwrap();
        let mut out = Vec::new();
        let mut chunk = [0; 999];
        loop {
            match input.read(&mut chunk) {
                Ok(0) => return (out, None),
                Ok(n) => out.extend_from_slice(&chunk[..n]),
                Err(e) => return (out, Some(damage(&e).unwrap().to_string())),
            }
        }
    }

    #[test]
    fn members_follow_each_other_and_zeros_pad_the_end() {
        let packed = [gzip(b"one\n"), gzip(b""), gzip(b"two\n"), vec![0; 100_000]].concat();
        assert_eq!(unpack(packed), (b"one\ntwo\n".to_vec(), None));
        let (text, why) = unpack([gzip(b"one\n"), b"rest".to_vec()].concat());
        assert_eq!(
            (text.as_slice(), why.as_deref()),
            (&b"one\n"[..], Some("bytes that are no gzip follow the gzip data"))
        );
    }

    #[test]
    fn damage_comes_after_the_good_bytes() {
        let lines: Vec<u8> =
            (0..20_000_u32).flat_map(|i| format!("{}\n", i.wrapping_mul(2_654_435_761)).into_bytes()).collect();
        let packed = gzip(&lines);
        let (text, why) = unpack(packed[..packed.len() / 2].to_vec());
        assert!(!text.is_empty() && lines.starts_with(&text));
        assert_eq!(why.as_deref(), Some("the gzip data ends early"));
        let mut flipped = packed.clone();
        let crc = flipped.len() - 8;
        flipped[crc] ^= 1;
        let (text, why) = unpack(flipped);
        assert_eq!((text, why.as_deref()), (lines, Some("the gzip data is damaged")));
    }

    #[test]
    fn a_bomb_stops_at_the_ratio() {
        let (text, why) = unpack(gzip(&vec![b'\n'; 80 << 20]));
        assert!(text.len() as u64 <= RATIO_FLOOR + 1024);
        assert!(why.unwrap().contains("200 times"));
    }
}
