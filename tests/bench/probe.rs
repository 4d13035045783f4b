//! Asks an open workspace what the screens and commands ask, and says how long each answer took.
//!
//! `probe DB` answers lines: `ms QUESTION`, `rows QUESTION`, and `open`, after which nothing is in memory any more; each
//! answer is one line of JSON. A question is a name with limits, see `questions.rs`.

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

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
}

fn main() -> Result<(), Failed> {
    let path = std::env::args().nth(1).ok_or("name a workspace")?;
    Probe::open(Path::new(&path))?.serve()
}
