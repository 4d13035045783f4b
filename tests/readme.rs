//! What README.md says is true: its commands run, its tables are the program's, its picture is the program's screen,
//! its paths exist.

#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "files of the test; helpers fail the test")]

use std::io::Write as _;
use std::path::Path;

use assert_cmd::Command;

/// Words of a usage line that stand for something, and what is put there.
const STANDS_FOR: [(&str, &str); 10] = [
    ("FILE", "events.csv"),
    ("FILE..", "events.csv"),
    ("ID", "dau"),
    ("PATH", "copy.db"),
    ("BATCH", "1"),
    ("ZONE", "UTC"),
    ("CODE", "CNY"),
    ("NAME", "open"),
    ("ROLE", "view"),
    ("DATE", "2026-06-10"),
];

/// The parts of a page of Markdown.
#[derive(Default)]
struct Page {
    /// Lines of code blocks and spans of the text, in reading order, that are commands or may be one.
    commands: Vec<String>,
    /// Everything between backticks in the text.
    spans: Vec<String>,
    /// Blocks marked `text`.
    pictures: Vec<String>,
    /// Tables, the header first.
    tables: Vec<Vec<Vec<String>>>,
}

impl Page {
    fn read(markdown: &str) -> Self {
        let mut page = Self::default();
        let mut fence: Option<&str> = None;
        let mut in_table = false;
        for line in markdown.lines() {
            if let Some(info) = line.trim_start().strip_prefix("```") {
                fence = if fence.is_some() { None } else { Some(info.trim()) };
                if fence == Some("text") {
                    page.pictures.push(String::new());
                }
                continue;
            }
            match fence {
                Some("text") => {
                    let picture = page.pictures.last_mut().unwrap();
                    picture.push_str(line);
                    picture.push('\n');
                }
                Some(_) => page.command(line.split(" #").next().unwrap_or(line)),
                None => {
                    let row = line.starts_with('|');
                    if row {
                        page.row(line, in_table);
                    }
                    in_table = row;
                    page.text(line);
                }
            }
        }
        page
    }

    fn row(&mut self, line: &str, in_table: bool) {
        let cells: Vec<String> = line.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect();
        if !in_table {
            self.tables.push(vec![cells]);
        } else if !cells.iter().all(|c| c.chars().all(|c| "-: ".contains(c))) {
            self.tables.last_mut().unwrap().push(cells);
        }
    }

    fn text(&mut self, line: &str) {
        for span in spans(line) {
            let runs = ["quarterdeck ", "cargo "].iter().any(|start| span.starts_with(start));
            if span == "quarterdeck" || runs {
                self.command(span);
            }
            self.spans.push(span.to_owned());
        }
    }

    fn command(&mut self, line: &str) {
        let line = line.trim().trim_start_matches("$ ").to_owned();
        if !line.is_empty() && !self.commands.contains(&line) {
            self.commands.push(line);
        }
    }
}

/// What stands between backticks.
fn spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Words as a shell splits them; `None` where a quote is left open or the shell would do more than split.
fn words(line: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (None, '$' | '&' | ';' | '<' | '>' | '*' | '(') => return None,
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

/// A folder in which the commands of a page run one after the other.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn program(&self) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_quarterdeck"));
        program.current_dir(self.folder.path()).env("XDG_DATA_HOME", self.folder.path().join("data"));
        program.env("HOME", self.folder.path()).env_remove("QUARTERDECK_DB").env("TZ", "UTC");
        program
    }

    /// Runs one line; the error says what is wrong with it.
    fn run(&self, line: &str) -> Result<(), String> {
        let unknown = || "README holds a command that this test does not know how to run".to_owned();
        let parts = line.split(" | ").map(words).collect::<Option<Vec<_>>>().ok_or_else(unknown)?;
        let (command, input) = match parts.as_slice() {
            [command] => (command, None),
            [from, command] if from.len() > 1 && ["tail", "cat"].contains(&from[0].as_str()) => {
                let file = from.last().ok_or_else(unknown)?;
                self.file(file, None)?;
                (command, Some(std::fs::read(self.folder.path().join(file)).map_err(|e| e.to_string())?))
            }
            _ => return Err(unknown()),
        };
        let words: Vec<&str> = command.iter().map(String::as_str).collect();
        let args = match words.as_slice() {
            ["cargo", "test", rest @ ..] => return targets(rest),
            ["quarterdeck", args @ ..] | ["cargo", "run", "--release", "--", args @ ..] => args,
            ["cargo", "run", "--release"] => &[],
            _ => return Err(unknown()),
        };
        let args = self.meant(args)?;
        self.ends_well(&args, input)
    }

    /// The arguments with something in the place of words that stand for it, and the files they name.
    fn meant(&self, args: &[&str]) -> Result<Vec<String>, String> {
        let map = args.iter().position(|a| *a == "--map").and_then(|at| args.get(at + 1)).copied();
        let mut meant = Vec::new();
        for arg in args {
            let stands_for = STANDS_FOR.iter().find(|(word, _)| word == arg).map(|(_, value)| *value);
            let placeholder = arg.len() > 1 && arg.chars().all(|c| c.is_ascii_uppercase() || c == '.' || c == '_');
            match stands_for {
                None if placeholder && *arg != "CNY" && *arg != "USD" => {
                    return Err(format!("this test does not know what {arg} stands for"));
                }
                value => meant.push(value.unwrap_or(arg).to_owned()),
            }
        }
        if meant.iter().any(|a| a == "import") {
            let is_file = |arg: &&String| [".csv", ".tsv", ".ndjson", ".gz"].iter().any(|end| arg.ends_with(end));
            meant.iter().filter(is_file).try_for_each(|file| self.file(file, map))?;
        }
        Ok(meant)
    }

    /// Writes a small file that holds what its name says, or the titles that are mapped.
    fn file(&self, name: &str, map: Option<&str>) -> Result<(), String> {
        let path = self.folder.path().join(name);
        if path.exists() {
            return Ok(());
        }
        let plain = name.strip_suffix(".gz").unwrap_or(name);
        let ends = |end: &str| Path::new(plain).extension().is_some_and(|e| e == end);
        let fields: Vec<(&str, &str)> = match map {
            Some(map) => map.split(',').filter_map(|pair| pair.rsplit_once('=')).collect(),
            None if name.contains("event") => vec![("user_id", "user"), ("ts", "time"), ("event", "name")],
            None if name.contains("order") => {
                vec![("order_id", "order"), ("user_id", "user"), ("ts", "time"), ("amount", "amount")]
            }
            None if name.contains("mapping") => vec![("source", "channel"), ("channel", "channel")],
            None if name.contains("traffic") => vec![("date", "day"), ("visits", "amount"), ("signups", "amount")],
            None if name.contains("spend") => vec![("date", "day"), ("channel", "channel"), ("amount", "amount")],
            None => return Err(format!("this test does not know what {name} holds")),
        };
        let value = |field: &str| match field {
            "time" => Ok("2026-06-01T10:00:00Z"),
            "day" => Ok("2026-06-01"),
            "user" => Ok("ann"),
            "amount" => Ok("12.50"),
            "order" => Ok("1001"),
            "name" | "channel" | "id" | "partner" | "stage" => Ok("open"),
            other => Err(format!("this test does not know what field {other} holds")),
        };
        let values = fields.iter().map(|(_, field)| value(field)).collect::<Result<Vec<_>, _>>()?;
        let titles: Vec<&str> = fields.iter().map(|(title, _)| *title).collect();
        let text = if ends("ndjson") {
            let pairs = titles.iter().zip(&values).map(|(t, v)| ((*t).to_owned(), (*v).into()));
            format!("{}\n", serde_json::Value::Object(pairs.collect()))
        } else {
            let delimiter = if ends("tsv") { "\t" } else { "," };
            format!("{}\n{}\n", titles.join(delimiter), values.join(delimiter))
        };
        let mut bytes = text.into_bytes();
        if plain != name {
            let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            bytes = zip.write_all(&bytes).and_then(|()| zip.finish()).map_err(|e| e.to_string())?;
        }
        std::fs::write(path, bytes).map_err(|e| e.to_string())
    }

    /// Runs the program without a terminal: what opens the dashboard prints a path or says that it needs one.
    fn ends_well(&self, args: &[String], input: Option<Vec<u8>>) -> Result<(), String> {
        let output = self.program().args(args).write_stdin(input.unwrap_or_default()).output();
        let output = output.map_err(|e| e.to_string())?;
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let good = match args.first().map(String::as_str) {
            None => output.status.code() == Some(2) && out.is_empty() && err.contains("not a terminal"),
            Some("demo") => output.status.success() && out.lines().last().is_some_and(|l| Path::new(l).is_file()),
            Some(_) => output.status.success() && !out.is_empty(),
        };
        if good { Ok(()) } else { Err(format!("{} {out}{err}", output.status)) }
    }
}

/// Whether the test targets that `cargo test` is told to run exist.
fn targets(args: &[&str]) -> Result<(), String> {
    match args {
        [] => Ok(()),
        ["--test", name] => {
            let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
            let there = tests.join(format!("{name}.rs")).is_file() || tests.join(name).join("main.rs").is_file();
            if there { Ok(()) } else { Err(format!("there is no tests/{name}")) }
        }
        _ => Err("README holds a cargo test that this test does not know".to_owned()),
    }
}

fn readme() -> Page {
    Page::read(&std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap())
}

#[test]
fn every_command_runs() {
    let (page, place) = (readme(), Place::new());
    assert!(page.commands.iter().any(|c| c.starts_with("quarterdeck ")), "README shows no command");
    let wrong: Vec<String> =
        page.commands.iter().filter_map(|c| place.run(c).err().map(|why| format!("`{c}`: {why}"))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_command_table_lists_the_commands_of_the_program() {
    let (page, place) = (readme(), Place::new());
    let print = |args: &[&str]| String::from_utf8(place.program().args(args).output().unwrap().stdout).unwrap();
    let help = print(&["--help"]);
    let section = help.lines().skip_while(|l| *l != "Commands:").skip(1).take_while(|l| !l.is_empty());
    let commands: Vec<&str> = section.filter_map(|l| l.split_whitespace().next()).filter(|c| *c != "help").collect();
    let table = page.tables.iter().find(|t| t[0][0] == "command").expect("README has no table of commands");
    let mut listed = Vec::new();
    for row in &table[1..] {
        let mut spans = spans(&row[0]);
        let command = spans.next().expect("a command stands between backticks").split(' ').next().unwrap();
        if command == "quarterdeck" {
            continue;
        }
        listed.push(command);
        // Further spans of the row are subcommands or values of the same command.
        let own = print(&[command, "--help"]);
        for span in spans {
            let word = span.strip_prefix(command).unwrap_or(span).trim_start().split(' ').next().unwrap();
            assert!(own.contains(word), "`quarterdeck {command} --help` does not name {word}");
        }
    }
    assert_eq!(listed, commands, "README lists the commands on the left, the program those on the right");
}

#[test]
fn a_keys_table_is_that_of_the_program() {
    let printed = Place::new().program().args(["keys", "--format", "csv"]).output().unwrap().stdout;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(printed.as_slice());
    let keys: Vec<Vec<String>> =
        reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    for table in readme().tables.iter().filter(|t| t[0].iter().any(|title| title == "keys")) {
        let plain: Vec<Vec<String>> =
            table.iter().map(|row| row.iter().map(|c| c.replace('`', "")).collect()).collect();
        assert_eq!(plain, keys, "README has the keys on the left, `quarterdeck keys` those on the right");
    }
}

#[test]
fn the_picture_is_the_screen() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let screen = std::fs::read_to_string(folder.join("tests/screens/snapshots/today-80x24.snap")).unwrap();
    let page = readme();
    assert!(page.pictures.iter().any(|p| p.lines().count() == 24), "README has no picture of a screen");
    for picture in &page.pictures {
        assert!(
            screen.contains(picture.as_str()),
            "the Today screen is on the left, README on the right: {screen}{picture}"
        );
    }
}

#[test]
fn every_path_of_the_repository_exists() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    for span in readme().spans.iter().filter(|s| s.starts_with("src/") || s.starts_with("tests/")) {
        assert!(folder.join(span).exists(), "README names {span}, which is not there");
    }
}

#[test]
fn a_page_is_read_and_a_strange_command_is_refused() {
    let page = Page::read(
        "Run `quarterdeck keys`.\n```\n$ quarterdeck keys  # all\nmake\n```\n```text\n── A ─\n```\n| k | v |\n|---|---|\n| `a` | b |\n",
    );
    assert_eq!(page.commands, ["quarterdeck keys", "make"]);
    assert_eq!((page.pictures.as_slice(), page.tables[0].len()), (&["── A ─\n".to_owned()][..], 2));
    let place = Place::new();
    for refused in
        ["make", "quarterdeck keys > f", "quarterdeck nothing", "quarterdeck metric NONE", "a | quarterdeck keys"]
    {
        assert!(place.run(refused).is_err(), "{refused}");
    }
    assert_eq!(place.run("quarterdeck keys"), Ok(()));
    assert_eq!(words("a 'b c'=d \"\" e"), Some(["a", "b c=d", "", "e"].map(str::to_owned).to_vec()));
}
