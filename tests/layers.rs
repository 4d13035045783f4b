//! The house of `src/lib.rs`, held by a test: arrows between layers, no import circles, a tidy top level, one place
//! that opens files.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "sources are files of the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which layer may name which. `domain` and `files` stand below everything.
const ARROWS: [(&str, &[&str]); 11] = [
    ("cli", &["runtime", "app", "engine", "query", "ui", "domain", "files"]),
    ("runtime", &["app", "engine", "query", "ui", "domain", "files"]),
    ("app", &["query", "ui", "domain", "files"]),
    ("engine", &["query", "metrics", "store", "ingest", "domain", "files"]),
    ("query", &["metrics", "domain", "files"]),
    ("ui", &["metrics", "domain", "files"]),
    ("metrics", &["domain", "files"]),
    ("store", &["domain", "files"]),
    ("ingest", &["domain", "files"]),
    ("domain", &["files"]),
    ("files", &["domain"]),
];

/// What the top level may hold; hidden entries are listed by name too.
const TOP: [&str; 12] = [
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "LICENSE",
    "src",
    "assets",
    "tests",
    ".ci",
    ".config",
    ".gitignore",
    ".clippy.toml",
    ".rustfmt.toml",
];

/// What exists in a checkout without being committed.
const LOCAL: [&str; 2] = [".git", "target"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(dir: &Path, out: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// One source file: its module path below the crate, and its text without comments and literals.
struct Source {
    path: PathBuf,
    module: Vec<String>,
    code: String,
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    files
        .into_iter()
        .map(|path| {
            let relative = path.strip_prefix(&src).unwrap().with_extension("");
            let module = relative.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
            let code = code_only(&fs::read_to_string(&path).unwrap());
            Source { path, module, code }
        })
        .collect()
}

/// Blanks comments, strings and character literals, so that only code is searched.
fn code_only(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => line_end(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => block_end(bytes, at),
            b'r' if !after_word(bytes, at) => raw_string_end(bytes, at).unwrap_or(at),
            b'"' => string_end(bytes, at),
            b'\'' => char_end(bytes, at).unwrap_or(at),
            _ => at,
        };
        if end == at {
            out.push(if bytes[at].is_ascii() { bytes[at] as char } else { '?' });
            at += 1;
        } else {
            out.push(' ');
            at = end;
        }
    }
    out
}

fn after_word(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| at + n)
}

fn block_end(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0;
    let mut i = at;
    while i < bytes.len() {
        match bytes.get(i..i + 2) {
            Some(b"/*") => (depth, i) = (depth + 1, i + 2),
            Some(b"*/") => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    bytes.len()
}

fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut i = at + 1;
    while i < bytes.len() {
        match bytes[i] {
            b'\\' => i += 2,
            b'"' => return i + 1,
            _ => i += 1,
        }
    }
    bytes.len()
}

fn raw_string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let hashes = bytes[at + 1..].iter().take_while(|b| **b == b'#').count();
    if bytes.get(at + 1 + hashes) != Some(&b'"') {
        return None;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    let body = at + 2 + hashes;
    let text = &bytes[body..];
    let found = text.windows(close.len()).position(|w| w == close.as_bytes())?;
    Some(body + found + close.len())
}

/// The end of a character literal; `None` for a lifetime.
fn char_end(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at + 1) == Some(&b'\\') {
        return bytes[at + 3..].iter().position(|b| *b == b'\'').map(|n| at + 4 + n);
    }
    let width = match bytes.get(at + 1)? {
        b if b.is_ascii() => 1,
        b if *b >= 0xF0 => 4,
        b if *b >= 0xE0 => 3,
        _ => 2,
    };
    (bytes.get(at + 1 + width) == Some(&b'\'')).then_some(at + 2 + width)
}

/// Every path below the crate that a file names: through `crate::`, and through `super::` made absolute.
fn named_paths(source: &Source) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    for (start, _) in source.code.match_indices("crate::") {
        if !after_word(source.code.as_bytes(), start) {
            expand(&source.code[start + "crate::".len()..], &[], &mut out);
        }
    }
    for (start, _) in source.code.match_indices("super::") {
        let before = &source.code[..start];
        if after_word(before.as_bytes(), before.len()) || before.ends_with("super::") {
            continue;
        }
        let mut rest = &source.code[start..];
        let mut module = source.module.clone();
        while let Some(next) = rest.strip_prefix("super::") {
            module.pop();
            rest = next;
        }
        // Inside `mod tests` one `super` is the file itself; the path then stays within the file's own layer.
        if module.is_empty() {
            continue;
        }
        expand(rest, &module, &mut out);
    }
    out
}

/// Reads a path with its groups, `a::{b, c::d}`, after a prefix.
fn expand(text: &str, prefix: &[String], out: &mut Vec<Vec<String>>) {
    let mut path = prefix.to_vec();
    let mut rest = text.trim_start();
    loop {
        if let Some(group) = rest.strip_prefix('{') {
            for part in group_parts(group) {
                expand(part, &path, out);
            }
            return;
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end == 0 {
            break;
        }
        path.push(rest[..end].to_owned());
        match rest[end..].strip_prefix("::") {
            Some(next) => rest = next,
            None => break,
        }
    }
    out.push(path);
}

/// The parts of a group at its own depth.
fn group_parts(group: &str) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&group[from..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect()
}

#[test]
fn arrows_point_down() {
    let mut wrong = Vec::new();
    for source in sources() {
        let layer = source.module[0].as_str();
        if matches!(layer, "lib" | "main") {
            continue;
        }
        let allowed = ARROWS
            .iter()
            .find(|(name, _)| *name == layer)
            .unwrap_or_else(|| panic!("{layer} is not a floor of the house"))
            .1;
        for path in named_paths(&source) {
            let Some(target) = path.first().map(String::as_str) else { continue };
            if target != layer && !allowed.contains(&target) {
                wrong.push(format!("{}: {layer} -> {target}", source.path.display()));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The module of the deepest file that holds a path.
fn home(path: &[String], modules: &BTreeSet<Vec<String>>) -> Option<Vec<String>> {
    (1..=path.len()).rev().map(|n| path[..n].to_vec()).find(|p| modules.contains(p))
}

#[test]
fn modules_import_in_no_circle() {
    let sources = sources();
    let modules: BTreeSet<Vec<String>> = sources.iter().map(|s| s.module.clone()).collect();
    let mut edges: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for source in &sources {
        for path in named_paths(source) {
            let Some(target) = home(&path, &modules) else { continue };
            // A module and the modules inside it are one thing: only arrows between different things can circle.
            if !target.starts_with(&source.module) && !source.module.starts_with(&target) {
                edges.entry(source.module.clone()).or_default().insert(target);
            }
        }
    }
    let mut done = BTreeSet::new();
    for start in edges.keys() {
        let mut trail = Vec::new();
        if let Some(circle) = find_circle(start, &edges, &mut trail, &mut done) {
            panic!("import circle: {}", circle.join(" -> "));
        }
    }
}

fn find_circle(
    at: &Vec<String>,
    edges: &BTreeMap<Vec<String>, BTreeSet<Vec<String>>>,
    trail: &mut Vec<Vec<String>>,
    done: &mut BTreeSet<Vec<String>>,
) -> Option<Vec<String>> {
    if let Some(from) = trail.iter().position(|m| m == at) {
        return Some(trail[from..].iter().chain([at]).map(|m| m.join("::")).collect());
    }
    if !done.insert(at.clone()) {
        return None;
    }
    trail.push(at.clone());
    for next in edges.get(at).into_iter().flatten() {
        if let Some(circle) = find_circle(next, edges, trail, done) {
            return Some(circle);
        }
    }
    trail.pop();
    None
}

#[test]
fn only_files_opens_files() {
    // The lint list in .clippy.toml covers std::fs; these are the other doors.
    let doors =
        ["fs::File", "fs::OpenOptions", "File::open", "File::create", "OpenOptions::new", "fs::read(", "fs::write("];
    for source in sources() {
        if source.module[0] == "files" {
            continue;
        }
        let code = source.code.split("#[cfg(test)]").next().unwrap();
        for door in doors {
            assert!(!code.contains(door), "{} opens files by {door}; go through crate::files", source.path.display());
        }
    }
}

#[test]
fn the_top_level_is_as_drawn() {
    let wrong: Vec<_> = fs::read_dir(root())
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|name| !TOP.contains(&name.as_str()) && !LOCAL.contains(&name.as_str()))
        .collect();
    assert!(wrong.is_empty(), "not part of the top level: {wrong:?}");
    for needed in ["Cargo.toml", "Cargo.lock", "README.md", "LICENSE", "src", "tests", ".ci"] {
        assert!(root().join(needed).exists(), "{needed} is missing");
    }
}

#[test]
fn the_scanner_sees_what_it_must_see() {
    let source = |module: &str, text: &str| Source {
        path: PathBuf::new(),
        module: module.split("::").map(str::to_owned).collect(),
        code: code_only(text),
    };
    let names = |s: &Source| named_paths(s).iter().map(|p| p.join("::")).collect::<Vec<_>>();
    assert_eq!(
        names(&source("ui::text", "use crate::{app::{keys, App}, domain::money::exact};")),
        ["app::keys", "app::App", "domain::money::exact"]
    );
    assert_eq!(names(&source("app::screens::today", "fn f(x: super::super::keys::Key) {}")), ["app::keys::Key"]);
    assert_eq!(
        names(&source("ui", "/* crate::app */ // crate::app\n const A: &str = \"crate::app\"; type C<'a> = B<'a>;")),
        [""; 0]
    );
    assert_eq!(
        names(&source("ui", "const Q: char = '\"'; fn g() { crate::store::open(r#\"crate::app\"#) }")),
        ["store::open"]
    );
}

#[test]
fn the_circle_finder_finds_circles() {
    let name = |text: &str| text.split("::").map(str::to_owned).collect::<Vec<_>>();
    let mut edges: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for (from, to) in [("a", "b"), ("b", "c"), ("c", "a")] {
        edges.entry(name(from)).or_default().insert(name(to));
    }
    let circle = find_circle(&name("a"), &edges, &mut Vec::new(), &mut BTreeSet::new());
    assert_eq!(circle, Some(vec!["a".into(), "b".into(), "c".into(), "a".into()]));
    edges.get_mut(&name("c")).unwrap().clear();
    assert_eq!(find_circle(&name("a"), &edges, &mut Vec::new(), &mut BTreeSet::new()), None);
}
