//! Asks an open workspace what the screens and commands ask, and says how long each answer took.
//!
//! `probe DB` prints one JSON object: the time to open and to have the first answer, then of every question its rows and
//! its times. `probe DB --serve` answers lines: `ms QUESTION`, `rows QUESTION`, and `open`, after which nothing is in
//! memory any more; each answer is one line of JSON. A question is a name with limits, see `questions.rs`.

#![expect(clippy::print_stdout, reason = "the caller reads the answers")]

mod questions;

use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use quarterdeck::domain::calendar::{Instant, Span};
use quarterdeck::engine::{Access, Clock, Engine};
use quarterdeck::query::{Answer, Query};
use serde_json::{Value, json};

use questions::{Question, rows};

/// Repetitions of a warm question.
const RUNS: usize = 9;
const NAMES: [&str; 10] = [
    "triangle.day",
    "triangle.week",
    "triangle.month",
    "dau",
    "wau",
    "mau",
    "growth.week",
    "revenue.day",
    "revenue.week",
    "funnel",
];
const SEGMENTS: [&str; 5] = ["", "channel=email", "platform=ios", "event=purchase", "platform=ios event=purchase"];

type Failed = Box<dyn std::error::Error>;

struct Probe {
    path: PathBuf,
    engine: Engine,
    clock: Clock,
    span: Span,
}

impl Probe {
    fn open(path: &Path) -> Result<Self, Failed> {
        let mut engine = Engine::open(path, Access::ReadOnly, Duration::from_secs(5))?;
        let now = Instant(SystemTime::now().duration_since(UNIX_EPOCH)?.as_micros() as i64);
        let clock = Clock { now, today: None };
        let Answer::Status(status) = engine.answer(&Query::Status, clock)? else { return Err("no status".into()) };
        let span = status.history.ok_or("the workspace is empty")?;
        Ok(Self { path: path.to_path_buf(), engine, clock, span })
    }

    /// Milliseconds that the answers took, and the answers.
    fn ask(&mut self, question: &str) -> Result<(f64, Vec<Answer>), Failed> {
        let queries = Question::parse(question)?.queries(self.span)?;
        let began = std::time::Instant::now();
        let mut answers = Vec::with_capacity(queries.len());
        for query in &queries {
            answers.push(self.engine.answer(query, self.clock)?);
        }
        Ok((began.elapsed().as_secs_f64() * 1e3, answers))
    }

    /// One line of the conversation.
    fn reply(&mut self, line: &str) -> Result<Value, Failed> {
        let (verb, question) = line.split_once(' ').unwrap_or((line, ""));
        match verb {
            "open" => {
                let began = std::time::Instant::now();
                *self = Self::open(&self.path)?;
                Ok(json!({ "ms": began.elapsed().as_secs_f64() * 1e3 }))
            }
            "ms" => Ok(json!({ "ms": self.ask(question)?.0 })),
            "rows" => {
                let (ms, answers) = self.ask(question)?;
                Ok(json!({ "ms": ms, "rows": answers.iter().map(rows).collect::<Value>() }))
            }
            _ => Err(format!("{verb} is not understood").into()),
        }
    }

    fn serve(&mut self) -> Result<(), Failed> {
        for line in io::stdin().lock().lines() {
            let reply = self.reply(&line?).unwrap_or_else(|error| json!({ "error": error.to_string() }));
            println!("{reply}");
            io::stdout().flush()?;
        }
        Ok(())
    }

    fn report(&mut self, question: &str) -> Result<Value, Failed> {
        let (first, answers) = self.ask(question)?;
        let mut warm = (0..RUNS).map(|_| Ok(self.ask(question)?.0)).collect::<Result<Vec<_>, Failed>>()?;
        warm.sort_by(f64::total_cmp);
        let all = answers.iter().map(rows).collect::<Value>();
        Ok(json!({ "first_ms": first, "warm_ms": warm[RUNS / 2], "worst_ms": warm[RUNS - 1], "rows": all }))
    }
}

/// Money has neither platform nor event, and the steps of the funnel are events already.
fn is_asked(name: &str, segment: &str) -> bool {
    match name.split('.').next() {
        Some("revenue") => !segment.contains("platform") && !segment.contains("event"),
        Some("funnel") => !segment.contains("event"),
        _ => true,
    }
}

fn main() -> Result<(), Failed> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let path = Path::new(args.first().ok_or("name a workspace")?);
    let began = std::time::Instant::now();
    let mut probe = Probe::open(path)?;
    let open_ms = began.elapsed().as_secs_f64() * 1e3;
    if args.iter().any(|arg| arg == "--serve") {
        return probe.serve();
    }
    let cold_ms = probe.ask("panels")?.0;
    let mut answers = serde_json::Map::new();
    for segment in SEGMENTS {
        for name in NAMES.iter().chain(&["panels"]).filter(|name| is_asked(name, segment)) {
            let question = format!("{name} {segment}").trim().to_owned();
            let report = probe.report(&question).unwrap_or_else(|error| json!({ "error": error.to_string() }));
            answers.insert(question, report);
        }
    }
    println!("{}", json!({ "open_ms": open_ms, "panels_cold_ms": cold_ms, "questions": answers }));
    Ok(())
}
