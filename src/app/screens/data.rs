//! Data: sources, imports, rejected rows, event names; on the next page the channel mapping and the profile.

mod said;

use crate::domain::calendar::WeekStart;
use crate::domain::roles::EventRole;
use crate::query::{Answer, ChannelMapping, Command, DataBoard, EventName, Import, ImportState, PlanOrder, Query};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::theme::Role;
use crate::ui::{dates, format};

use super::super::PanelId;
use super::super::action::Action;
use super::super::keymap::Context;
use super::super::layers::confirm::Confirm;
use super::super::layers::filter::FilterLine;
use super::super::layers::message::Message;
use super::super::list::{Board, allot};
use super::super::load::Load;
use super::super::view::{Env, Input, Note, Request, View};
use super::plans::forms;
use super::sources;

const IMPORTS: usize = 1;
const REJECTED: usize = 2;
const NAMES: usize = 3;
const MAPPING: usize = 4;
const PROFILE: usize = 5;

/// Tables of each page.
const PAGES: [std::ops::Range<usize>; 2] = [0..MAPPING, MAPPING..PROFILE + 1];

const IMPORT_COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 33).compact(Align::Left(1)),
    Column::new("read", Align::Right(44), 9).compact(Align::Right(34)),
    Column::new("new", Align::Right(53), 8).compact(Align::Right(43)),
    Column::new("same", Align::Right(62), 8),
    Column::new("rejected", Align::Right(71), 8),
    Column::new("", Align::Left(73), 7),
];
const REJECT_COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 27).compact(Align::Left(1)),
    Column::new("why", Align::Left(30), 50).compact(Align::Left(24)),
];
const NAME_COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 38).compact(Align::Left(1)),
    Column::new("events", Align::Right(53), 9).compact(Align::Right(53)),
    Column::new("role", Align::Left(55), 24),
];

/// The Data screen.
pub struct Data {
    answer: Load<DataBoard>,
    mapping: Load<ChannelMapping>,
    board: Board,
    page: usize,
}

impl Data {
    /// Nothing asked yet.
    pub(crate) fn new() -> Self {
        Self { answer: Load::Idle, mapping: Load::Idle, board: Board::new(PROFILE + 1), page: 0 }
    }

    fn tables(&self, env: &Env<'_>) -> Vec<Table> {
        let Some(data) = self.answer.shown() else { return Vec::new() };
        let table = |title: &str, note: String, columns, rows, empty: &str| Table {
            title: title.into(),
            note,
            columns,
            rows,
            empty: empty.into(),
            ..Table::default()
        };
        let rejected = data.rejected.iter().enumerate().map(|(at, r)| Row {
            id: format!("{at}"),
            cells: vec![
                Cell::text(format!("{}:{}", r.file.rsplit('/').next().unwrap_or(&r.file), r.line)),
                Cell::text(&r.detail),
            ],
        });
        let names = data.event_names.iter().map(name_row);
        let mut tables = vec![
            sources::table(&data.sources, env),
            table(
                "IMPORTS",
                String::new(),
                IMPORT_COLUMNS,
                data.imports.iter().map(|i| import_row(i, env)).collect(),
                "no import yet: i imports a file",
            ),
            table(
                "REJECTED",
                format!(
                    "{} {}",
                    format::count(data.rejected_total),
                    if data.rejected_total == 1 { "row" } else { "rows" }
                ),
                REJECT_COLUMNS,
                rejected.collect(),
                "nothing was refused",
            ),
            table("EVENT NAMES", String::new(), NAME_COLUMNS, names.collect(), "no event yet: i imports a file"),
            said::mapping(self.mapping.shown()),
            said::settings(data),
        ];
        // The cursor keeps to what is shown.
        for (at, table) in tables.iter_mut().enumerate() {
            if !PAGES[self.page].contains(&at) {
                *table = Table::default();
            }
        }
        tables
    }

    fn import_under_cursor(&self, env: &Env<'_>) -> Option<&Import> {
        let tables = self.tables(env);
        let (section, row) = self.board.current(&tables)?;
        let wanted = row.id.clone();
        let data = self.answer.shown()?;
        data.imports.iter().find(|i| section == IMPORTS && i.batch.to_string() == wanted)
    }

    fn take_back(&self, env: &Env<'_>) -> Vec<Request> {
        if env.status.is_some_and(|s| s.read_only) {
            return vec![Request::Say(Note::refused("opened read only: no import can be taken back"))];
        }
        match self.import_under_cursor(env) {
            Some(import) if import.state != ImportState::Undone => {
                let lines = vec![
                    format!("Take import {} out of the numbers?", import.batch),
                    format!("{}  {} rows of {}", import.file, format::count(import.counts.inserted), import.source),
                    "o brings it back.".into(),
                ];
                vec![Request::Push(Box::new(Confirm::new(lines, Command::UndoImport(import.batch))))]
            }
            _ => vec![Request::Say(Note::refused("J to IMPORTS: put the cursor on one that is in the numbers"))],
        }
    }

    /// Turns the page.
    fn turn(&mut self) -> Vec<Request> {
        self.page = (self.page + 1) % PAGES.len();
        self.board.enter(PAGES[self.page].start);
        vec![Request::Refresh]
    }

    /// The form of what is under the cursor, or of something new there.
    fn form(&self, new: bool, env: &Env<'_>) -> Option<Vec<Request>> {
        if env.is_read_only() {
            return Some(vec![Request::Say(Note::refused("opened read only: nothing can be changed"))]);
        }
        let (tables, data) = (self.tables(env), self.answer.shown()?);
        let current = self.board.current(&tables);
        let form = match (current, self.mapping.shown()) {
            (Some((NAMES, row)), _) if !new => {
                forms::role(data.event_names.iter().find(|name| name.name == row.id)?, env.today)
            }
            (Some((MAPPING, row)), Some(found)) if !new => {
                let ((source, medium), rule) = said::mapped(found, &row.id);
                forms::mapping(found, rule, (&source, &medium), env.today)
            }
            (Some((PROFILE, row)), _) if !new => forms::profile(&data.settings, env.today).at(&row.id),
            (_, Some(found)) if new && self.page > 0 => forms::mapping(found, None, ("", ""), env.today),
            _ if new => return Some(vec![Request::Say(Note::told("i imports a file; . and a maps a channel"))]),
            _ => {
                let said = "J to EVENT NAMES, or . to the mapping and the profile: these can be edited";
                return Some(vec![Request::Say(Note::told(said))]);
            }
        };
        Some(vec![Request::Push(Box::new(form))])
    }

    /// Takes out what is under the cursor: an import asks, a rule of the mapping goes at once.
    fn remove(&self, env: &Env<'_>) -> Vec<Request> {
        let tables = self.tables(env);
        let (Some((MAPPING, row)), Some(found)) = (self.board.current(&tables), self.mapping.shown()) else {
            return self.take_back(env);
        };
        match said::mapped(found, &row.id).1 {
            _ if env.is_read_only() => vec![Request::Say(Note::refused("opened read only: nothing can be changed"))],
            Some(rule) => vec![Request::Run(Command::Plan(PlanOrder::Edit(said::unmap(rule))))],
            None => vec![Request::Say(Note::refused("no rule maps this channel; it keeps its own name"))],
        }
    }

    fn bring_back(&self, env: &Env<'_>) -> Vec<Request> {
        match self.import_under_cursor(env) {
            Some(import) if import.state == ImportState::Undone => {
                vec![Request::Run(Command::RedoImport(import.batch))]
            }
            _ => vec![Request::Say(Note::refused("J to IMPORTS: put the cursor on one that was taken back"))],
        }
    }
}

impl Data {
    /// Everything about the row under the cursor.
    fn told(&self, env: &Env<'_>) -> Option<Message> {
        let tables = self.tables(env);
        let (section, row) = self.board.current(&tables)?;
        let data = self.answer.shown()?;
        let number = |text: &str| text.parse::<usize>().ok();
        match section {
            IMPORTS => data.imports.iter().find(|i| i.batch.to_string() == row.id).map(|i| import_told(i, env)),
            REJECTED => number(&row.id).and_then(|at| data.rejected.get(at)).map(|r| {
                let place = format!("{} line {}, import {}", r.file, r.line, r.batch);
                Message::new("Refused row", vec![place, r.detail.clone(), format!("the row: {}", r.raw)])
            }),
            NAMES => {
                let all: u64 = data.event_names.iter().map(|name| name.events).sum();
                let name = data.event_names.iter().find(|name| name.name == row.id)?;
                let share = format::share(i128::from(name.events), i128::from(all));
                let events = format!("{} events, {share} of all", format::count(name.events));
                let how = if name.guessed { "guessed from the name" } else { "set" };
                let role = match role_of(name) {
                    role if role.is_empty() => format!("no role, {how}; counts as activity"),
                    role => format!("role: {role}; {how}"),
                };
                let change = "e changes it".to_owned();
                Some(Message::new("Event", vec![name.name.clone(), events, role, change]))
            }
            MAPPING | PROFILE => None,
            _ => data.sources.iter().find(|s| s.name == row.id).map(|s| sources::told(s, env)),
        }
    }
}

fn name_row(name: &EventName) -> Row {
    let n = name.events;
    Row {
        id: name.name.clone(),
        cells: vec![
            Cell::text(&name.name),
            Cell::number(format::count(n), Some(n as f64), n.to_string()),
            Cell::text(role_of(name)).role(Role::Muted),
        ],
    }
}

/// `touch, passive`; empty where there is nothing to say.
fn role_of(name: &EventName) -> String {
    let parts = [name.role.map(EventRole::name), name.passive.then_some("passive")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn import_told(import: &Import, env: &Env<'_>) -> Message {
    let counts = import.counts;
    let parts = [
        (counts.inserted, "inserted"),
        (counts.updated, "updated"),
        (counts.duplicate, "duplicate"),
        (counts.conflict, "conflict"),
        (counts.rejected, "rejected"),
        (counts.blank, "blank"),
    ];
    let parts: Vec<String> = parts.iter().map(|(n, word)| format!("{word} {}", format::count(*n))).collect();
    let when = dates::moment(import.at, &env.calendar(), env.today);
    Message::new(
        "Import",
        vec![
            import.file.clone(),
            format!("import {} of {when}: {} to source {}", import.batch, import.kind.name(), import.source),
            format!("read {} = {}", format::count(counts.read), parts.join(" + ")),
        ],
    )
}

fn import_row(import: &Import, env: &Env<'_>) -> Row {
    let number = |n: u64| Cell::number(format::count(n), Some(n as f64), n.to_string());
    let (state, role) = match import.state {
        ImportState::Open => ("open", Role::Warn),
        ImportState::Stopped => ("stopped", Role::Warn),
        ImportState::Done => ("", Role::Base),
        ImportState::Undone => ("undone", Role::Muted),
    };
    let when = dates::moment(import.at, &env.calendar(), env.today);
    let counts = import.counts;
    let refused = if counts.rejected > 0 { Role::Bad } else { Role::Base };
    Row {
        id: import.batch.to_string(),
        cells: vec![
            Cell::text(format!("{when}  {}", import.file.rsplit('/').next().unwrap_or(&import.file))),
            number(counts.read),
            number(counts.inserted + counts.updated),
            number(counts.duplicate),
            number(counts.rejected + counts.conflict).role(refused),
            Cell::text(state).role(role),
        ],
    }
}

impl View for Data {
    fn context(&self) -> Context {
        Context::Data
    }

    fn needs_data(&self) -> bool {
        false
    }

    fn questions(&self, env: &Env<'_>) -> Vec<(PanelId, Query)> {
        if env.status.is_none() {
            return Vec::new();
        }
        let mut all = vec![(PanelId::DATA, Query::Data)];
        if PAGES[self.page].contains(&MAPPING) {
            all.push((PanelId::MAPPING, Query::Mapping));
        }
        all
    }

    fn begin(&mut self, panel: PanelId) {
        if panel == PanelId::MAPPING { self.mapping.begin() } else { self.answer.begin() }
    }

    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>) {
        match (panel, result) {
            (_, Ok(Answer::Data(data))) => self.answer.finish(Ok(data)),
            (_, Ok(Answer::Mapping(found))) => self.mapping.finish(Ok(found)),
            (_, Ok(_)) => {}
            (PanelId::MAPPING, Err(why)) => self.mapping.finish(Err(why)),
            (_, Err(why)) => self.answer.finish(Err(why)),
        }
    }

    fn is_loading(&self) -> bool {
        self.answer.is_loading() || self.mapping.is_loading()
    }

    fn failure(&self) -> Option<&str> {
        self.answer.failure().or(self.mapping.failure())
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Option<Vec<Request>> {
        let tables = self.tables(env);
        if let Some(done) = self.board.act(input.action, &tables, "data", env) {
            return Some(done);
        }
        match input.action {
            Action::Filter => Some(vec![Request::Push(Box::new(FilterLine::new(self.board.filter())))]),
            Action::Open => match self.told(env) {
                Some(told) => Some(vec![Request::Push(Box::new(told))]),
                None => self.form(false, env),
            },
            Action::ViewNext | Action::ViewPrev => Some(self.turn()),
            Action::Edit => self.form(false, env),
            Action::Add => self.form(true, env),
            Action::ImportRemove => Some(self.remove(env)),
            Action::ImportRedo => Some(self.bring_back(env)),
            Action::Verify => {
                Some(vec![Request::Say(Note::told("checking the file and the rollups")), Request::Run(Command::Verify)])
            }
            _ => None,
        }
    }

    fn narrow(&mut self, filter: &str) {
        self.board.narrow(filter);
    }

    fn filter(&self) -> &str {
        self.board.filter()
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let tables = self.tables(env);
        let rows = |at: usize| tables.get(at).map_or(1, |t| t.rows.len().max(1) as u16) + 1;
        let page = PAGES[self.page].clone();
        let wants: Vec<(u16, u16)> = page.clone().map(|at| (rows(at).min(3), rows(at))).collect();
        let room = pen.height().saturating_sub(2);
        let heights = allot(room, &wants, self.board.section(&tables).saturating_sub(page.start));
        let mut y = 0;
        for (at, rows) in page.zip(heights) {
            let width = pen.width();
            self.board.draw(&mut pen.part(0, y, width, rows), &tables, at);
            y += rows;
        }
        if let Some(data) = self.answer.shown() {
            let profile = &data.profile;
            let name = if profile.product.is_empty() { "(no product)" } else { &profile.product };
            let currency = profile.currency.map_or_else(|| "no currency".to_owned(), |c| c.code().to_owned());
            let week = if profile.week_start == WeekStart::Monday { "Mon" } else { "Sun" };
            let facts = [
                name.to_owned(),
                profile.form.clone(),
                profile.stage.clone(),
                currency,
                profile.zone.name().to_owned(),
                format!("week {week}"),
                format!("file {}", format::bytes(data.bytes)),
            ];
            let said = facts.into_iter().filter(|f| !f.is_empty()).collect::<Vec<_>>().join("  ");
            let width = pen.width().saturating_sub(2);
            pen.within(1, room + 1, width, &said, Role::Muted);
        }
    }

    fn sentence(&self, env: &Env<'_>) -> Vec<Run> {
        let tables = self.tables(env);
        let Some((section, row)) = self.board.current(&tables) else { return Vec::new() };
        let Some(data) = self.answer.shown() else { return Vec::new() };
        let said = match section {
            0 => {
                return data
                    .sources
                    .iter()
                    .find(|s| s.name == row.id)
                    .map(|s| sources::sentence(s, env))
                    .unwrap_or_default();
            }
            IMPORTS => data.imports.iter().find(|i| i.batch.to_string() == row.id).map(|i| {
                format!(
                    "import {}: {} {} to {}; {} conflicts, {} blank",
                    i.batch,
                    i.kind.name(),
                    i.file,
                    i.source,
                    i.counts.conflict,
                    i.counts.blank
                )
            }),
            REJECTED => row
                .id
                .parse::<usize>()
                .ok()
                .and_then(|at| data.rejected.get(at))
                .map(|r| format!("line {}: {} | {}", r.line, r.detail, r.raw)),
            MAPPING => self.mapping.shown().map(|found| match said::mapped(found, &row.id).1 {
                Some(rule) => format!("mapped to {}; e edits the rule, - removes it", rule.channel()),
                None => "no rule: it keeps its own name; e maps it".to_owned(),
            }),
            PROFILE => Some("e edits the profile; u takes a change back".to_owned()),
            _ => Some(format!("{}; e says what it means", row.id)),
        };
        vec![(said.unwrap_or_default(), Role::Base)]
    }
}
