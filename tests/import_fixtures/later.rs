//! Which entries need a format that is not built: by what their manifest and their files say, never by their id.

use std::io::Read;
use std::path::Path;

use serde_json::Value;

/// Titles, in lower case, that only the export of one vendor has together; a title ending in `*` may go on.
static VENDORS: [(&str, &[&str]); 8] = [
    ("Shopify orders", &["lineitem quantity"]),
    ("Shopify orders", &["financial status"]),
    ("Stripe payments", &["created*", "amount refunded"]),
    ("Stripe payments", &["card last4"]),
    ("Meta ads", &["reporting starts"]),
    ("Meta ads", &["amount spent*"]),
    ("Google Ads", &["campaign id", "cost"]),
    ("Google Ads", &["impr.", "cost"]),
];

/// Rows among which a header may stand.
const HEADER_ROWS: usize = 20;

/// Why an entry cannot be run; `None` where it can.
pub fn unsupported(folder: &Path, entry: &Value) -> Option<String> {
    if entry["kind"] == "facts" {
        return Some("daily facts".to_owned());
    }
    let mut files = entry["files"].as_array()?.iter().filter_map(Value::as_str);
    files.find_map(|file| vendor(&head(&folder.join(file))?)).map(|name| format!("vendor format {name}"))
}

/// The vendor whose titles one of the first rows holds.
pub fn vendor(text: &str) -> Option<&'static str> {
    b",;\t".iter().find_map(|delimiter| {
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.has_headers(false).flexible(true).delimiter(*delimiter).from_reader(text.as_bytes());
        let mut rows = reader.records().take(HEADER_ROWS).filter_map(std::result::Result::ok);
        rows.find_map(|row| {
            let titles: Vec<String> = row.iter().map(|t| t.trim().to_lowercase()).collect();
            let has = |title: &&str| match title.strip_suffix('*') {
                Some(start) => titles.iter().any(|t| t.starts_with(start)),
                None => titles.iter().any(|t| t == title),
            };
            VENDORS.iter().find(|(_, wanted)| wanted.iter().all(has)).map(|(name, _)| *name)
        })
    })
}

/// The first text of a file, plain or gzip, UTF-8 or by its byte order mark.
#[expect(clippy::disallowed_methods, reason = "a fixture is a file of the test, never a workspace")]
fn head(path: &Path) -> Option<String> {
    let bytes = std::fs::read(path).ok()?;
    let mut start = Vec::new();
    let read = if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::MultiGzDecoder::new(&bytes[..]).take(64 << 10).read_to_end(&mut start)
    } else {
        bytes.as_slice().take(64 << 10).read_to_end(&mut start)
    };
    // What a damaged file begins with is enough.
    let _ = read;
    let encoding = encoding_rs::Encoding::for_bom(&start).map_or(encoding_rs::UTF_8, |(encoding, _)| encoding);
    Some(encoding.decode(&start).0.into_owned())
}
