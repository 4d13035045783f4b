//! Files and streams read alike, whatever their chunks.

mod usual;

use std::time::Duration;

use encoding_rs::UTF_8;
use proptest::prelude::*;

use super::super::bytes;
use super::super::head::Head;
use super::super::mapping::propose;
use super::super::parser::Fate;
use super::super::shape::{Look, Shape};
use super::super::stream::{Next, Stream};
use super::super::text::Utf8;
use super::*;
use crate::domain::calendar::{Calendar, WeekStart, Zone};

/// Line, offset after it, and fate of a row.
type Told = (u64, u64, String);

const RULES: Rules =
    Rules { calendar: Calendar { zone: Zone::UTC, week_start: WeekStart::Monday }, zone: Zone::UTC, time_unit: None };

/// Gives its bytes in chunks of the given sizes, over and over.
struct Chunks {
    bytes: Vec<u8>,
    at: usize,
    sizes: Vec<usize>,
    turn: usize,
}

impl Read for Chunks {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes[self.turn % self.sizes.len()];
        self.turn += 1;
        let n = size.min(room.len()).min(self.bytes.len() - self.at);
        room[..n].copy_from_slice(&self.bytes[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

fn chunks(bytes: &[u8], sizes: &[usize]) -> Box<dyn Read + Send> {
    Box::new(Chunks { bytes: bytes.to_vec(), at: 0, sizes: sizes.to_vec(), turn: 0 })
}

fn told(row: &Row<'_>) -> Told {
    let fate = match &row.fate {
        Fate::Rejected { code, detail, raw } => format!("{code}: {detail} [{raw}]"),
        fate => format!("{fate:?}"),
    };
    (row.line, row.end, fate)
}

/// The text of some input as `import` reads it.
fn text(bytes: &[u8], sizes: &[usize]) -> Box<dyn Read + Send> {
    let (unpacked, _) = bytes::unpacked(chunks(bytes, sizes)).unwrap();
    Box::new(Utf8::new(unpacked, UTF_8))
}

/// The rows of some input as `import` reads them.
fn opened(bytes: &[u8], sizes: &[usize], rules: &Rules) -> Result<Rows, NotUnderstood> {
    let mut reading = Reading::new(text(bytes, sizes), None);
    let mut head = Head::default();
    while let Some(cut) = reading.next().unwrap() {
        head.push(cut, reading.bytes(cut), reading.with_end(cut));
    }
    let shape = Shape::of(&head, &Look { file: "f", charset: UTF_8, map: &[] })?;
    let mapping = propose(&shape, None, &[], None)?;
    let mut parser = Parser::new(&shape, &mapping, rules);
    learn(&mut parser, text(bytes, sizes), &shape)?;
    Ok(Rows::new(text(bytes, sizes), parser, &shape, Meter::default()))
}

fn imported(bytes: &[u8], sizes: &[usize]) -> Result<Vec<Told>, NotUnderstood> {
    let mut rows = opened(bytes, sizes, &RULES)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next_row().unwrap() {
        out.push(told(&row));
    }
    Ok(out)
}

fn streamed(bytes: &[u8], sizes: &[usize]) -> Result<(Vec<Told>, u64), NotUnderstood> {
    let mut stream = Stream::open(chunks(bytes, sizes), None, &[], RULES);
    let mut out = Vec::new();
    loop {
        match stream.next(Duration::from_secs(5))? {
            Next::Row(row) => out.push(told(&row)),
            Next::Idle => {}
            Next::End => return Ok((out, stream.held())),
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    io::Write::write_all(&mut encoder, bytes).unwrap();
    encoder.finish().unwrap()
}

const TABLE: &str = "user_id,event,ts,note\n";

#[test]
fn a_quoted_line_break_between_two_chunks_is_no_open_quote() {
    let input = format!("{TABLE}u1,\"a\nb\",2026-06-07,\nu2,c,2026-06-07,\n");
    for size in 1..input.len() {
        let (rows, held) = streamed(input.as_bytes(), &[size]).unwrap();
        assert_eq!((rows.len(), rows[1].0, held), (2, 4, 0), "{size}");
        assert!(rows.iter().all(|row| row.2.starts_with("Record")));
    }
}

#[test]
fn the_last_line_is_a_row_of_a_file_and_held_in_a_stream() {
    let input = format!("{TABLE}u1,a,2026-06-07,\nu2,b,2026-06-0,");
    let rows = imported(input.as_bytes(), &[99]).unwrap();
    assert!(rows[1].2.starts_with("ends_mid_line: ends mid-line: ts"), "{rows:?}");
    let (rows, held) = streamed(input.as_bytes(), &[99]).unwrap();
    assert_eq!((rows.len(), held), (1, "u2,b,2026-06-0,".len() as u64));
    let object = r#"{"user_id":"u1","event":"e","ts":"2026-06-0"}"#;
    let rows = imported(format!("{}\n{object}", object.replace("-0\"", "-07\"")).as_bytes(), &[9]).unwrap();
    assert!(rows[1].2.starts_with("ends_mid_line"), "{rows:?}");
    assert_eq!(streamed(object.as_bytes(), &[9]).unwrap(), (Vec::new(), object.len() as u64));
}

#[test]
fn a_broken_gzip_ends_with_one_rejected_row() {
    let lines: String = (0..5_000_u32)
        .map(|i| ["u", &i.to_string(), ",e,2026-06-07,", &i.wrapping_mul(40_503).to_string(), "\n"].concat())
        .collect();
    let packed = gzip(format!("{TABLE}{lines}").as_bytes());
    for cut in [packed.len() / 2, packed.len() - 5] {
        let rows = imported(&packed[..cut], &[4096]).unwrap();
        let (last, good) = rows.split_last().unwrap();
        assert!(last.2.starts_with("truncated: the gzip data ends early here"), "{last:?}");
        assert!(good.len() > 1_000 && good.iter().all(|row| row.2.starts_with("Record")));
        assert_eq!(last.0, good.len() as u64 + 2);
        assert_eq!(streamed(&packed[..cut], &[100]).unwrap().0, rows);
    }
}

#[test]
fn ndjson_is_understood_from_its_first_object() {
    let object = r#"{"user_id":"u1","event":"e","ts":"2026-06-07"}"#;
    let long = format!(r#"{{"user_id":"u1","event":"e","ts":"2026-06-07","p":["{}"]}}"#, "y\",\"".repeat(150_000));
    let too_long = format!(r#"{{"user_id":"{}"}}"#, "y".repeat(3 << 20));
    for (first, code) in [
        (r#"t","ts":"2026-06-07"}"#, "bad_json"),
        ("# made by hand", "bad_json"),
        ("[1]", "bad_json"),
        (r#"{"user_id":"u"#, "bad_json"),
        (long.as_str(), "too_long: p"),
        (too_long.as_str(), "too_long: the row"),
    ] {
        let input = format!("{first}\n{object}\n\n{object}\n");
        let rows = imported(input.as_bytes(), &[60_000]).unwrap();
        assert_eq!(rows.len(), 4);
        assert!(rows[0].2.starts_with(code) && rows[0].0 == 1, "{:.99}", rows[0].2);
        assert!(rows[1].2.starts_with("Record") && rows[1].0 == 2);
        assert_eq!(streamed(input.as_bytes(), &[5_000]).unwrap(), (rows, 0));
    }
}

#[test]
fn titles_above_the_header_of_a_stream_are_no_rows() {
    let input = format!("\"Report, all of it\"\r\n\r\n{}u1,e,2026-06-07,x\r\n", TABLE.replace('\n', "\r\n"));
    let (rows, _) = streamed(input.as_bytes(), &[1]).unwrap();
    assert_eq!((rows.len(), rows[0].0, rows[0].1), (1, 4, input.len() as u64));
    let error = streamed(b"a,b,c\n1,2,3\n", &[64]).unwrap_err();
    assert!(error.why.contains("no column is known"), "{error}");
    assert!(streamed(b"\n\n", &[64]).unwrap().0.is_empty());
}

#[test]
fn one_column_with_decimal_commas_does_not_speak_for_another() {
    let input = "date,channel,amount,impressions,clicks\n\
                 2026-05-01,a,\"12,5\",\"18,204\",\n2026-05-02,a,\"1,250\",--,7\n2026-05-03,a,5,x,5.5\n2026-05-04,a,5,,-3\n";
    let rows = imported(input.as_bytes(), &[64]).unwrap();
    assert!(rows[0].2.contains("Micros(12500000)") && rows[0].2.contains("impressions: Some(18204)"), "{}", rows[0].2);
    assert!(rows[1].2.contains("Micros(1250000)") && rows[1].2.contains("impressions: None"), "{}", rows[1].2);
    assert!(rows[2].2.starts_with("bad_count: impressions \"x\""), "{}", rows[2].2);
    assert!(rows[3].2.starts_with("bad_count: clicks \"-3\""), "{}", rows[3].2);
    let json = "{\"order_id\":\"a\",\"ts\":\"2026-05-01\",\"amount\":12.5}\n{\"order_id\":\"b\",\"ts\":\"2026-05-01\",\"amount\":\"1,5\"}\n";
    let rows = imported(json.as_bytes(), &[64]).unwrap();
    assert!(rows[0].2.contains("Micros(12500000)") && rows[1].2.contains("Micros(1500000)"), "{rows:?}");
}

/// The fates of a file whose first rows hold no slash date.
fn late(dates: &[&str]) -> Vec<String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    let rows = ["2026-06-07"; 12].iter().chain(dates).map(|date| format!("u1,open,{date},\n"));
    std::io::Write::write_all(&mut file.as_file(), format!("{TABLE}{}", rows.collect::<String>()).as_bytes()).unwrap();
    let shape = crate::ingest::inspect(file.path(), &[]).unwrap();
    let mapping = propose(&shape, None, &[], None).unwrap();
    let mut rows = read(file.path(), &shape, &mapping, &RULES).unwrap();
    let mut out = Vec::new();
    while let Some(row) = rows.next_row().unwrap() {
        out.push(told(&row).2);
    }
    out.split_off(12)
}

#[test]
fn the_order_of_late_slash_dates_is_found_in_the_whole_file() {
    let found = late(&["03/04/2026", "25/03/2026"]);
    let expected = late(&["2026-04-03", "2026-03-25"]);
    assert_eq!(found, expected);
    for unclear in [late(&["03/04/2026", "03/05/2026"]), late(&["25/03/2026", "03/25/2026"])] {
        assert!(unclear.iter().all(|fate| fate.contains("may be day or month first")), "{unclear:?}");
    }
}

#[test]
fn rows_may_be_read_by_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<Rows>();
}

#[test]
fn reading_errors_are_told() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::from(io::ErrorKind::IsADirectory))
        }
    }
    let text = io::Cursor::new(format!("{TABLE}u1,e,2026-06-07,\nu2,"));
    let mut stream = Stream::open(Box::new(text.chain(Failing)), None, &[], RULES);
    assert!(matches!(stream.next(Duration::from_secs(5)), Ok(Next::Row(_))));
    assert!(matches!(stream.next(Duration::from_secs(5)), Ok(Next::End)));
    assert_eq!((stream.failure().unwrap().line, stream.held()), (4, 3));
    let mut stream = Stream::open(Box::new(Failing), None, &[], RULES);
    let error = stream.ready(Duration::from_secs(5)).unwrap_err();
    assert!(error.to_string().contains("name a file in it"), "{error}");
}

#[test]
fn control_comes_back_within_a_line_that_never_ends() {
    struct Endless;
    impl Read for Endless {
        fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
            room.fill(b'x');
            Ok(room.len())
        }
    }
    let mut stream = Stream::open(Box::new(TABLE.as_bytes().chain(Endless)), None, &[], RULES);
    for _ in 0..20 {
        assert!(matches!(stream.next(Duration::from_millis(10)), Ok(Next::Idle)));
    }
}

/// Pieces that rows are made of, good and bad.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => Just(b"u1,open,2026-06-07,x\n".to_vec()),
        1 => Just("u2,\"打,\r\n开\"\"\",2026-06-07T10:00:00Z,\r\n".as_bytes().to_vec()),
        1 => Just(br#"{"user_id":"u","event":"e","ts":1788998400}"#.to_vec()),
        1 => prop::collection::vec(prop::sample::select(b"a,\"\r\n{}:\0\xff\xe4/;\t0".to_vec()), 0..9),
        1 => prop::collection::vec(any::<u8>(), 0..6),
        1 => Just(b"\n".to_vec()),
    ]
}

proptest! {
    #[test]
    fn files_and_streams_give_the_same_rows_in_chunks_of_any_size(
        pieces in prop::collection::vec(piece(), 0..12),
        // A character beyond ASCII, so that both take the text for UTF-8.
        table in prop::sample::select(vec!["user_id,event,ts,注\n", "{\"user_id\":\"u\",\"event\":\"开\",\"ts\":\"2026-06-07\"}\n"]),
        sizes in prop::collection::vec(1_usize..50, 1..5),
        packed: bool,
    ) {
        let mut input = [table.as_bytes(), &pieces.concat(), b"\n"].concat();
        if packed {
            input = gzip(&input);
        }
        let whole = imported(&input, &[1 << 16]);
        prop_assert_eq!(&whole, &imported(&input, &sizes));
        let streamed = streamed(&input, &sizes).map(|(rows, held)| {
            assert_eq!(held, 0);
            rows
        });
        // A stream cannot look ahead for the order of day and month.
        if let Ok(whole) = whole {
            prop_assert_eq!(Ok(whole), streamed);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), sizes in prop::collection::vec(1_usize..50, 1..3)) {
        let _ = (imported(&bytes, &sizes), streamed(&bytes, &sizes));
    }
}
