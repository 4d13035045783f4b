//! Importing a file: its path, then what loading it would do, then loading.

use std::path::PathBuf;

use crate::query::{Command, ImportRequest, Outcome, Preview, Progress};
use crate::ui::format;
use crate::ui::layer;
use crate::ui::pen::{Pen, Run};
use crate::ui::theme::Role;

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::view::{Env, Input, Layer, Note, Request};

/// Where the import stands.
enum Stage {
    Path(String),
    Reading,
    Shown(Box<Preview>, usize),
    Loading(Option<Progress>),
}

/// The import layer.
pub struct Import {
    stage: Stage,
}

impl Import {
    /// Asks for the path.
    pub(crate) fn new() -> Self {
        Self { stage: Stage::Path(String::new()) }
    }

    fn load(&mut self) -> Vec<Request> {
        let Stage::Shown(preview, _) = &self.stage else { return Vec::new() };
        let command = Command::Import(ImportRequest { dry_run: false, ..preview.request.clone() });
        self.stage = Stage::Loading(None);
        vec![Request::Run(command)]
    }
}

impl Layer for Import {
    fn context(&self) -> Context {
        if matches!(self.stage, Stage::Path(_)) { Context::Entry } else { Context::Import }
    }

    fn act(&mut self, input: Input, _env: &Env<'_>) -> Vec<Request> {
        match (&mut self.stage, input.action) {
            (_, Action::Leave) => return vec![Request::Close],
            (Stage::Path(path), Action::Type) => path.extend(input.typed),
            (Stage::Path(path), Action::Erase) => drop(path.pop()),
            (Stage::Path(path), Action::Clear) => path.clear(),
            (Stage::Path(path), Action::Accept) if !path.trim().is_empty() => {
                let request = ImportRequest { path: PathBuf::from(path.trim()), ..ImportRequest::default() };
                self.stage = Stage::Reading;
                return vec![Request::Run(Command::Preview(request))];
            }
            (Stage::Shown(preview, at), Action::Down) => *at = (*at + 1).min(preview.columns.len().saturating_sub(1)),
            (Stage::Shown(_, at), Action::Up) => *at = at.saturating_sub(1),
            (Stage::Shown(..), Action::Accept) => return self.load(),
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, pen: &mut Pen<'_>, _env: &Env<'_>) {
        let Stage::Shown(preview, at) = &self.stage else { return };
        let (width, height) = (pen.width().saturating_sub(2).min(78), pen.height().saturating_sub(4));
        let mut pen = pen.part(1, 2, width, height);
        let mut pen = layer::open(&mut pen, "Import");
        let width = pen.width();
        let head = format!(
            "{}   {}   {}   kind {}   source {}",
            preview.summary.file,
            preview.format,
            format::bytes(preview.bytes),
            preview.summary.kind.name(),
            preview.summary.source
        );
        pen.within(0, 0, width, &head, Role::Title);
        let room = pen.height().saturating_sub(6) as usize;
        let top = at.saturating_sub(room.saturating_sub(1));
        for (row, column) in preview.columns.iter().enumerate().skip(top).take(room) {
            let y = 2 + (row - top) as u16;
            let cursor = if row == *at { ">" } else { " " };
            pen.within(0, y, 24, &format!("{cursor}{}", column.title), Role::Base);
            pen.within(25, y, 14, column.field.as_deref().unwrap_or("(property)"), Role::Accent);
            pen.within(40, y, width.saturating_sub(50), &column.sample, Role::Muted);
            pen.right(width, y, column.how, Role::Muted);
        }
        let counts = preview.summary.counts;
        let law = format!(
            "{} read = {} new + {} updated + {} same + {} conflict + {} rejected + {} blank",
            counts.read,
            counts.inserted,
            counts.updated,
            counts.duplicate,
            counts.conflict,
            counts.rejected,
            counts.blank
        );
        let y = pen.height().saturating_sub(3);
        pen.within(0, y, width, &law, Role::Base);
        pen.within(0, y + 1, width, &preview.summary.notes.join("; "), Role::Muted);
        let first = preview.summary.first_rejects.first().map(|(line, why)| format!("line {line}: {why}"));
        pen.within(0, y + 2, width, &first.unwrap_or_else(|| "nothing is stored yet".into()), Role::Muted);
    }

    fn line(&self, _env: &Env<'_>) -> Option<Vec<Run>> {
        let said = match &self.stage {
            Stage::Path(path) => format!("file to import: {path}_"),
            Stage::Reading => "reading the file".into(),
            Stage::Shown(..) => "Enter loads it".into(),
            Stage::Loading(None) => "loading".into(),
            Stage::Loading(Some(p)) if p.total > 0 => {
                format!("loading: {}%  {} rows", p.bytes.min(p.total) * 100 / p.total, format::count(p.rows))
            }
            Stage::Loading(Some(p)) => format!("loading: {} rows", format::count(p.rows)),
        };
        Some(vec![(said, Role::Base)])
    }

    fn paste(&mut self, text: &str) -> Vec<Request> {
        if let Stage::Path(path) = &mut self.stage {
            path.push_str(text.trim_end());
        }
        Vec::new()
    }

    fn outcome(&mut self, outcome: &Result<Outcome, String>) -> Option<Vec<Request>> {
        match outcome {
            Ok(Outcome::Preview(preview)) => {
                self.stage = Stage::Shown(preview.clone(), 0);
                Some(Vec::new())
            }
            Ok(_) => None,
            Err(why) => Some(vec![Request::Close, Request::Say(Note::refused(why.clone()))]),
        }
    }

    fn progress(&mut self, progress: Progress) {
        if let Stage::Loading(told) = &mut self.stage {
            *told = Some(progress);
        }
    }
}
