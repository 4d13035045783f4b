//! Importing a file: its path, then what loading it would do, with every choice changeable, then loading.
//!
//! ```text
//!  Data > import   orders.csv   9.8 kB   kind revenue   source revenue
//! ── MAPPING ─── to ─── sample ─── known by
//! ── ROWS 6 of 10 ──
//! ── WOULD LOAD ──
//! ```

use std::path::PathBuf;

use crate::domain::calendar::Zone;
use crate::query::{Command, ImportRequest, Outcome, Preview, Progress};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Align, Cell, Column, Row, Sight, Table, rule};
use crate::ui::theme::Role;
use crate::ui::{format, text};

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::layers::help::Help;
use super::super::layers::message::draw_box;
use super::super::layers::picker::{Menu, Picker};
use super::super::view::{Env, Input, Layer, Note, Pick, Request};

const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 26).compact(Align::Left(1)),
    Column::new("to", Align::Left(29), 14).compact(Align::Left(22)),
    Column::new("sample", Align::Left(44), 25).compact(Align::Left(37)),
    Column::new("known by", Align::Left(70), 9),
];

/// What a line of text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    Path,
    Zone,
    Source,
}

/// Where the import stands.
enum Stage {
    /// Before the first reading.
    Path,
    Reading,
    Shown(Box<Preview>),
    Loading(Option<Progress>),
}

/// The import layer.
pub struct Import {
    stage: Stage,
    /// What loading is asked for; read anew after each change.
    request: ImportRequest,
    /// The line that is typed into, if any.
    entry: Option<(Purpose, String)>,
    /// Why the file could not be read.
    trouble: Option<String>,
    /// Column under the cursor.
    at: usize,
}

impl Import {
    /// Asks for the path.
    pub(crate) fn new() -> Self {
        let entry = Some((Purpose::Path, String::new()));
        Self { stage: Stage::Path, request: ImportRequest::default(), entry, trouble: None, at: 0 }
    }

    /// Reads a file at once; what is to be done for that comes back.
    pub(crate) fn of(path: PathBuf) -> (Self, Vec<Request>) {
        let request = ImportRequest { path, ..ImportRequest::default() };
        let mut layer = Self { request, entry: None, ..Self::new() };
        let requests = layer.read();
        (layer, requests)
    }

    fn read(&mut self) -> Vec<Request> {
        (self.stage, self.trouble) = (Stage::Reading, None);
        vec![Request::Run(Command::Preview(self.request.clone()))]
    }

    fn type_into(&mut self, input: Input) -> Vec<Request> {
        let Some((purpose, typed)) = &mut self.entry else { return Vec::new() };
        match input.action {
            Action::Type => typed.extend(input.typed),
            Action::Erase => drop(typed.pop()),
            Action::Clear => typed.clear(),
            Action::Accept => {
                let (purpose, typed) = (*purpose, typed.trim().to_owned());
                return self.accept(purpose, &typed);
            }
            Action::Leave if *purpose == Purpose::Path => return vec![Request::Close],
            Action::Leave => self.entry = None,
            _ => {}
        }
        Vec::new()
    }

    fn accept(&mut self, purpose: Purpose, typed: &str) -> Vec<Request> {
        match purpose {
            Purpose::Path if typed.is_empty() => return Vec::new(),
            Purpose::Path => self.request = ImportRequest { path: PathBuf::from(typed), ..ImportRequest::default() },
            Purpose::Zone => match Zone::parse(typed) {
                Some(zone) => self.request.zone = Some(zone),
                None => return vec![Request::Say(Note::refused("a zone is written Asia/Shanghai or UTC"))],
            },
            Purpose::Source => self.request.source = (!typed.is_empty()).then(|| typed.to_owned()),
        }
        self.entry = None;
        self.read()
    }

    fn act_on(&mut self, input: Input, env: &Env<'_>) -> Vec<Request> {
        let Stage::Shown(preview) = &self.stage else {
            return if input.action == Action::Leave { vec![Request::Close] } else { Vec::new() };
        };
        let pick = |menu, chosen| vec![Request::Push(Box::new(Picker::new(menu, chosen, env)))];
        match input.action {
            Action::Leave => return vec![Request::Close],
            Action::Help => return vec![Request::Push(Box::new(Help::new(Context::Import)))],
            Action::Down => self.at = (self.at + 1).min(preview.columns.len().saturating_sub(1)),
            Action::Up => self.at = self.at.saturating_sub(1),
            Action::Column => {
                let field = preview.columns.get(self.at).and_then(|c| c.field.clone()).unwrap_or_default();
                return pick(Menu::Field(preview.fields.clone()), vec![Pick::Field(field)]);
            }
            Action::RecordKind => return pick(Menu::Kind, vec![Pick::Kind(preview.summary.kind)]),
            Action::Zone => self.entry = Some((Purpose::Zone, String::new())),
            Action::SourceName => self.entry = Some((Purpose::Source, String::new())),
            Action::Accept => {
                self.stage = Stage::Loading(None);
                return vec![Request::Run(Command::Import(self.request.clone()))];
            }
            _ => {}
        }
        Vec::new()
    }

    /// Takes a field for the column under the cursor; what was told of the column before is forgotten.
    fn map_column(&mut self, field: &str) {
        let Stage::Shown(preview) = &self.stage else { return };
        let Some(column) = preview.columns.get(self.at) else { return };
        self.request.map.retain(|(title, _)| *title != column.title);
        self.request.map.push((column.title.clone(), field.to_owned()));
    }
}

impl Layer for Import {
    fn context(&self) -> Context {
        if self.entry.is_some() { Context::Entry } else { Context::Import }
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Vec<Request> {
        if self.entry.is_some() { self.type_into(input) } else { self.act_on(input, env) }
    }

    fn picked(&mut self, picks: &[Pick]) -> Option<Vec<Request>> {
        match picks {
            [Pick::Field(field), ..] => self.map_column(field),
            [Pick::Kind(kind), ..] => {
                self.request.kind = Some(*kind);
                self.request.map.clear();
                // The source of another kind cannot take these rows.
                self.request.source = None;
            }
            _ => return Some(Vec::new()),
        }
        Some(self.read())
    }

    fn draw(&self, pen: &mut Pen<'_>, _env: &Env<'_>) {
        let Stage::Shown(preview) = &self.stage else {
            if let Some(why) = &self.trouble {
                draw_box(pen, "Not imported", std::slice::from_ref(why));
            }
            return;
        };
        let (width, height) = (pen.width(), pen.height().saturating_sub(4));
        let mut pen = pen.part(0, 2, width, height);
        pen.clear();
        draw_head(&mut pen, preview);
        let rows_below = preview.rows.len().min(6) as u16 + 1;
        let law = 4;
        let room = height.saturating_sub(1 + law);
        let mapping = (preview.columns.len() as u16 + 1).min(room.saturating_sub(rows_below.min(room / 3)));
        draw_mapping(&mut pen.part(0, 1, width, mapping), preview, self.at);
        draw_rows(&mut pen.part(0, 1 + mapping, width, room - mapping), preview);
        draw_law(&mut pen.part(0, 1 + room, width, law), preview);
    }

    fn line(&self, _env: &Env<'_>) -> Option<Vec<Run>> {
        if let Some((purpose, typed)) = &self.entry {
            let asked = match purpose {
                Purpose::Path => "file to import: ",
                Purpose::Zone => "zone of times without one, such as Asia/Shanghai or UTC: ",
                Purpose::Source => "source to book to: ",
            };
            return Some(vec![(asked.to_owned(), Role::Muted), (format!("{typed}_"), Role::Base)]);
        }
        let said = match &self.stage {
            Stage::Path => String::new(),
            Stage::Reading => "reading the file".into(),
            Stage::Shown(preview) => column_sentence(preview, self.at),
            Stage::Loading(None) => "loading".into(),
            Stage::Loading(Some(p)) if p.total > 0 => {
                format!("loading: {}%  {} rows", p.bytes.min(p.total) * 100 / p.total, format::count(p.rows))
            }
            Stage::Loading(Some(p)) => format!("loading: {} rows", format::count(p.rows)),
        };
        Some(vec![(said, Role::Base)])
    }

    fn paste(&mut self, text: &str) -> Vec<Request> {
        if let Some((_, typed)) = &mut self.entry {
            typed.push_str(text.trim_end());
        }
        Vec::new()
    }

    fn outcome(&mut self, outcome: &Result<Outcome, String>) -> Option<Vec<Request>> {
        match outcome {
            Ok(Outcome::Preview(preview)) => {
                self.at = self.at.min(preview.columns.len().saturating_sub(1));
                self.stage = Stage::Shown(preview.clone());
                Some(Vec::new())
            }
            Ok(_) => None,
            Err(why) if matches!(self.stage, Stage::Reading) => {
                // The path stays, so that a slip costs one letter.
                let path = self.request.path.display().to_string();
                (self.stage, self.entry) = (Stage::Path, Some((Purpose::Path, path)));
                self.trouble = Some(why.clone());
                Some(Vec::new())
            }
            Err(why) => Some(vec![Request::Close, Request::Say(Note::refused(why.clone()))]),
        }
    }

    fn progress(&mut self, progress: Progress) {
        if let Stage::Loading(told) = &mut self.stage {
            *told = Some(progress);
        }
    }
}

fn draw_head(pen: &mut Pen<'_>, preview: &Preview) {
    let file = preview.summary.file.rsplit('/').next().unwrap_or_default().to_owned();
    let facts = format!(
        "   {}   kind {}   source {}",
        format::bytes(preview.bytes),
        preview.summary.kind.name(),
        preview.summary.source
    );
    let facts = text::safe(&facts).to_string();
    let room = usize::from(pen.width()).saturating_sub(17 + text::width(&facts));
    let file = text::cut_with(text::safe(&file).as_str(), room, pen.glyphs().cut());
    pen.runs(1, 0, &[("Data > import   ".to_owned(), Role::Base), (file, Role::Title), (facts, Role::Base)]);
}

fn draw_mapping(pen: &mut Pen<'_>, preview: &Preview, at: usize) {
    let nowhere = if preview.summary.kind.keeps_properties() { "(property)" } else { "(ignored)" };
    let rows = preview.columns.iter().map(|column| {
        let to = column.field.as_deref().unwrap_or(nowhere);
        let role = if column.field.is_some() { Role::Base } else { Role::Muted };
        let cells = [(column.title.as_str(), Role::Base), (to, role), (column.sample.as_str(), Role::Muted)];
        let mut cells: Vec<Cell> = cells.into_iter().map(|(text, role)| Cell::text(text).role(role)).collect();
        cells.push(Cell::text(column.how).role(Role::Muted));
        Row { id: String::new(), cells }
    });
    let table = Table { title: "MAPPING".to_owned(), columns: COLUMNS, rows: rows.collect(), ..Table::default() };
    let order: Vec<usize> = (0..table.rows.len()).collect();
    table.draw(pen, &Sight { order: &order, cursor: Some(at), offset: 0, sort: None, note: "", count: "" });
}

/// The first rows: the cells that go somewhere, each as wide as its widest, and what becomes of the row.
fn draw_rows(pen: &mut Pen<'_>, preview: &Preview) {
    if pen.height() < 2 {
        return;
    }
    let shown = usize::from(pen.height() - 1).min(preview.rows.len());
    rule(pen, 0, &format!("ROWS {shown} of {}", format::count(preview.summary.counts.read)), "");
    let used: Vec<usize> =
        preview.columns.iter().enumerate().filter(|(_, c)| c.field.is_some()).map(|(at, _)| at).collect();
    let cell = |row: &[String], at: usize| text::safe(row.get(at).map_or("", String::as_str)).to_string();
    let widths: Vec<usize> = used
        .iter()
        .map(|at| preview.rows[..shown].iter().map(|(row, _)| text::width(&cell(row, *at))).max().unwrap_or(0).min(24))
        .collect();
    let width = pen.width();
    for (y, (row, fate)) in preview.rows.iter().take(shown).enumerate() {
        let y = y as u16 + 1;
        let role = if fate.starts_with('!') { Role::Bad } else { Role::Base };
        let room = width.saturating_sub(1 + text::width(fate).min(40) as u16 + 2);
        let mut x = 1;
        for (at, cells) in used.iter().zip(&widths) {
            pen.within(x, y, room.saturating_sub(x).min(*cells as u16), &cell(row, *at), Role::Base);
            x = x.saturating_add(*cells as u16 + 2);
        }
        pen.within(room + 1, y, width.saturating_sub(room + 1), fate, role);
    }
}

fn draw_law(pen: &mut Pen<'_>, preview: &Preview) {
    let counts = preview.summary.counts;
    let parts = [
        (counts.inserted, "new", "new"),
        (counts.updated, "updated", "upd"),
        (counts.duplicate, "same", "same"),
        (counts.conflict, "conflict", "confl"),
        (counts.rejected, "rejected", "rej"),
        (counts.blank, "blank", "blank"),
    ];
    let law = |word: fn(&(u64, &'static str, &'static str)) -> &'static str| {
        let sum: Vec<String> = parts.iter().map(|part| format!("{} {}", format::count(part.0), word(part))).collect();
        format!("{} read = {}", format::count(counts.read), sum.join(" + "))
    };
    rule(pen, 0, "WOULD LOAD", "");
    let width = pen.width().saturating_sub(2);
    let law = text::first_fit(&[law(|part| part.1), law(|part| part.2)], usize::from(width), pen.glyphs().cut());
    pen.within(1, 1, width, &law, Role::Base);
    pen.within(1, 2, width, &preview.summary.notes.join("; "), Role::Muted);
    match preview.summary.first_rejects.first() {
        Some((line, why)) => pen.within(1, 3, width, &format!("line {line}: {why}"), Role::Bad),
        None => pen.within(1, 3, width, "nothing is stored yet", Role::Muted),
    };
}

fn column_sentence(preview: &Preview, at: usize) -> String {
    let Some(column) = preview.columns.get(at) else { return "Enter loads the file".to_owned() };
    let how = match (column.field.as_deref(), column.how) {
        (None, _) => "kept as a property; e gives it a field".to_owned(),
        (Some(field), "typed") => format!("goes to {field}, as you said"),
        (Some(field), "saved") => format!("goes to {field}, as for the last file of this shape"),
        (Some(field), _) => format!("goes to {field}, known by its title"),
    };
    format!("{}: {how}", column.title)
}
