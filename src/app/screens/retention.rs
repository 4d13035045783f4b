//! Retention: the cohort triangle with its curve, and D-n over time.
//!
//! ```text
//!  start ..  return ..  first time  criterion on        row 3: choices
//! ── COHORT  size  W1 ── W2 ──                ─ curve    heads, cohorts oldest first, pooled
//! ── D7 by week that completes it ──
//! ```

mod curve;
mod facts;
mod grid;
mod over_time;

use crate::domain::calendar::{Grain, Span};
use crate::domain::plans::Journal;
use crate::query::{
    Answer, Average, CohortKind, Criterion, EventFilter, Limit, MetricQuery, Narrow, Query, RetentionQuery,
    RetentionTable, Series, State, Window,
};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Cell as TableCell, Row, Table, tsv_row};
use crate::ui::theme::Role;
use crate::ui::{dates, text};

use super::super::action::Action;
use super::super::frame::{FULL, WIDE, runs_width};
use super::super::keymap::Context;
use super::super::layers::picker::{Menu, Picker};
use super::super::list::file_name;
use super::super::load::Load;
use super::super::make_target::make_target;
use super::super::subject::Subject;
use super::super::view::{Env, Input, Note, Pick, Request, View};
use super::super::{PanelId, pane};
use super::today::draw_empty;

/// Cohorts asked for where the period holds fewer: as many as fit at 80x24, more on higher screens, a year of weeks at
/// most.
fn cohorts(env: &Env<'_>) -> i32 {
    (i32::from(env.size.1) - if env.size.0 < WIDE { 14 } else { 24 }).clamp(10, 53)
}

/// The D-n that can be followed over time.
const DAYS_N: [(&str, &str); 3] = [("d1", "D1"), ("d7", "D7"), ("d30", "D30")];

/// What makes a triangle.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rules {
    criterion: Criterion,
    kind: CohortKind,
    average: Average,
    window: Window,
    start: Option<String>,
    ret: Option<String>,
    /// Index into [`DAYS_N`].
    n: usize,
}

/// The cell under the cursor: cohort counted from the newest, so that it stays on its record as time goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Cursor {
    from_newest: usize,
    interval: usize,
}

/// The screen.
#[derive(Debug)]
pub struct Retention {
    table: Load<RetentionTable>,
    over_time: Load<Series>,
    journal: Vec<Journal>,
    rules: Rules,
    cursor: Cursor,
}

impl Retention {
    /// The screen before any answer.
    pub(crate) fn new() -> Self {
        Self {
            table: Load::Idle,
            over_time: Load::Idle,
            journal: Vec::new(),
            rules: Rules {
                criterion: Criterion::On,
                kind: CohortKind::FirstTime,
                average: Average::Pooled,
                window: Window::Calendar,
                start: None,
                ret: None,
                n: 1,
            },
            cursor: Cursor { from_newest: 2, interval: 1 },
        }
    }

    /// Width of cohorts: the chosen grain, else weeks.
    fn grain(env: &Env<'_>) -> Grain {
        env.choice.grain.unwrap_or(Grain::Week)
    }

    /// The buckets of the period, and as many before it as make a triangle, from the first that has data on.
    fn span(env: &Env<'_>) -> Option<Span> {
        let status = env.status?;
        let shown = env.choice.shown(status);
        let (calendar, grain) = (env.calendar(), Self::grain(env));
        let last = calendar.bucket(grain, shown.last);
        let first =
            calendar.shift(grain, shown.last, 1 - cohorts(env)).first.min(calendar.bucket(grain, shown.first).first);
        let oldest = status.history.map_or(first, |h| calendar.bucket(grain, h.first).first.min(last.first));
        Some(Span { first: first.max(oldest), last: last.last })
    }

    /// First interval shown: interval 0 says something only where start and return differ.
    fn first_interval(&self) -> usize {
        usize::from(self.rules.start == self.rules.ret)
    }

    /// The cohort index and interval under the cursor, moved onto a cell that is reached.
    fn cell(&self, table: &RetentionTable) -> Option<(usize, usize)> {
        let newest = table.cohorts.len().checked_sub(1)?;
        let cohort = newest.saturating_sub(self.cursor.from_newest);
        let first = self.first_interval();
        Some((cohort, self.cursor.interval.clamp(first, deepest(table).max(first))))
    }

    fn move_cursor(&mut self, action: Action) -> Option<()> {
        let table = self.table.shown()?;
        let (cohort, interval) = self.cell(table)?;
        let newest = table.cohorts.len() - 1;
        let row = match action {
            Action::Down => cohort + 1,
            Action::Up => cohort.saturating_sub(1),
            Action::First => 0,
            Action::Last => newest,
            Action::PageDown => cohort + 10,
            Action::PageUp => cohort.saturating_sub(10),
            Action::Left | Action::Right => cohort,
            _ => return None,
        };
        let row = row.min(newest);
        let column = match action {
            Action::Left => interval.saturating_sub(1).max(self.first_interval()),
            Action::Right => (interval + 1).min(deepest(table).max(self.first_interval())),
            // Going down the triangle and up again keeps the column.
            _ => self.cursor.interval,
        };
        self.cursor = Cursor { from_newest: newest - row, interval: column };
        Some(())
    }

    fn draw_choices(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let role = |changed: bool| if changed { Role::Accent } else { Role::Base };
        let kind = match self.rules.kind {
            CohortKind::FirstTime | CohortKind::FirstEver => "first time",
            CohortKind::Recurring => "recurring",
        };
        let criterion = match self.rules.criterion {
            Criterion::On => "criterion on",
            Criterion::OnOrAfter => "criterion on or after",
            Criterion::OnOrBefore => "criterion on or before",
        };
        let window = match self.rules.window {
            Window::Calendar => "calendar",
            Window::Rolling => "24-hour",
        };
        let rest = [
            (format!("  {kind}"), role(self.rules.kind != CohortKind::FirstTime)),
            (format!("  {criterion}"), role(self.rules.criterion != Criterion::On)),
            (format!("  {window} {}s", Self::grain(env).name()), role(self.rules.window != Window::Calendar)),
        ];
        let shown = if pen.width() < FULL { &rest[..2] } else { &rest[..] };
        // The names of the events are the only words that can be long, so they alone are cut.
        let room = pen.width().saturating_sub(2 + "start   return ".len() as u16 + runs_width(shown));
        let event = |name: &Option<String>| {
            let name = text::safe(name.as_deref().unwrap_or("any active event")).to_string();
            let name =
                if name.len() > usize::from(room / 2) { name.replace("any active event", "any active") } else { name };
            text::cut_with(&name, usize::from(room / 2), pen.glyphs().cut())
        };
        let mut runs = vec![
            (format!("start {}", event(&self.rules.start)), role(self.rules.start.is_some())),
            (format!("  return {}", event(&self.rules.ret)), role(self.rules.ret.is_some())),
        ];
        runs.extend_from_slice(shown);
        pen.runs(1, 0, &runs);
    }

    /// The triangle as a table, for export and clipboard.
    fn export(&self, table: &RetentionTable, env: &Env<'_>) -> Table {
        let mut rows: Vec<Row> = Vec::new();
        for cohort in &table.cohorts {
            let mut cells = vec![
                TableCell::text(cohort.bucket.first.to_string()),
                TableCell::number(cohort.size.to_string(), None, cohort.size.to_string()),
            ];
            for cell in cohort.cells.iter().skip(self.first_interval()) {
                let text = match cell.state {
                    State::NotReached => String::new(),
                    State::Complete => cell.users.to_string(),
                    State::Running => format!("{}*", cell.users),
                };
                cells.push(TableCell::text(text));
            }
            rows.push(Row { id: dates::bucket(cohort.bucket, table.grain(), env.today), cells });
        }
        Table { title: "RETENTION".to_owned(), rows, ..Table::default() }
    }

    fn hand_out(&self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        let Some(table) = self.table.shown() else {
            return Some(vec![Request::Say(Note::refused("nothing to hand out yet"))]);
        };
        let sheet = self.export(table, env);
        let order: Vec<usize> = (0..sheet.rows.len()).collect();
        let row = sheet.rows.get(self.cell(table)?.0)?;
        Some(vec![match action {
            Action::Export => {
                let letter = grid::letter(table.grain());
                let heads = (self.first_interval()..table.average.len()).map(|n| format!("{letter}{n} users"));
                let head =
                    ["cohort".to_owned(), "size".to_owned()].into_iter().chain(heads).collect::<Vec<_>>().join(",");
                let body = sheet.csv(&order);
                let body = body.split_once("\r\n").map_or("", |(_, rest)| rest);
                Request::Write { name: file_name("retention", env), text: format!("\u{feff}{head}\r\n{body}") }
            }
            Action::CopyRow => Request::Copy(tsv_row(row)),
            _ => Request::Copy(sheet.tsv(&order)),
        }])
    }
}

/// The last interval that any cohort has reached.
fn deepest(table: &RetentionTable) -> usize {
    (0..table.cohorts.len()).map(|cohort| reached(table, cohort)).max().unwrap_or(0)
}

/// The last interval of a cohort that has begun.
fn reached(table: &RetentionTable, cohort: usize) -> usize {
    let cells = table.cohorts.get(cohort).map_or(&[][..], |c| &c.cells);
    cells.iter().rposition(|c| c.state != State::NotReached).unwrap_or(0)
}

impl View for Retention {
    fn context(&self) -> Context {
        Context::Retention
    }

    fn questions(&self, env: &Env<'_>) -> Vec<(PanelId, Query)> {
        let (Some(span), Some(scope)) = (Self::span(env), env.scope()) else { return Vec::new() };
        let grain = Self::grain(env);
        let triangle = RetentionQuery {
            kind: self.rules.kind,
            criterion: self.rules.criterion,
            average: self.rules.average,
            window: self.rules.window,
            start: EventFilter::named(self.rules.start.as_deref()),
            ret: EventFilter::named(self.rules.ret.as_deref()),
            segment: scope.segment.clone(),
            ..RetentionQuery::new(span, grain, if grain == Grain::Day { 30 } else { 12 })
        };
        let over_time = MetricQuery {
            metric: DAYS_N[self.rules.n].0,
            span,
            grain: Some(grain),
            segment: scope.segment,
            split: None,
            event: None,
            window_days: None,
        };
        vec![
            (PanelId::RETENTION, Query::Retention(Box::new(triangle))),
            (PanelId::DAY_N, Query::Metric(over_time)),
            (PanelId::JOURNAL, Query::Journal(span)),
        ]
    }

    fn begin(&mut self, panel: PanelId) {
        match panel {
            PanelId::DAY_N => self.over_time.begin(),
            PanelId::JOURNAL => {}
            _ => self.table.begin(),
        }
    }

    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>) {
        match result {
            Ok(Answer::Retention(answer)) => self.table.finish(Ok(answer.whole)),
            Ok(Answer::Metric(series)) => self.over_time.finish(Ok(series)),
            Ok(Answer::Journal(lines)) => self.journal = lines,
            Ok(_) => {}
            // A chart without its marks is better than none.
            Err(_) if panel == PanelId::JOURNAL => {}
            Err(why) if panel == PanelId::DAY_N => self.over_time.finish(Err(why)),
            Err(why) => self.table.finish(Err(why)),
        }
    }

    fn is_loading(&self) -> bool {
        self.table.is_loading() || self.over_time.is_loading()
    }

    fn failure(&self) -> Option<&str> {
        self.table.failure().or(self.over_time.failure())
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Option<Vec<Request>> {
        match input.action {
            Action::Criterion => {
                self.rules.criterion = match self.rules.criterion {
                    Criterion::On => Criterion::OnOrAfter,
                    // A rolling window has no on-or-before, so it is not offered.
                    Criterion::OnOrAfter if self.rules.window == Window::Calendar => Criterion::OnOrBefore,
                    Criterion::OnOrAfter | Criterion::OnOrBefore => Criterion::On,
                };
            }
            Action::CohortKind => {
                self.rules.kind = match self.rules.kind {
                    CohortKind::FirstTime => CohortKind::Recurring,
                    CohortKind::Recurring | CohortKind::FirstEver => CohortKind::FirstTime,
                };
            }
            Action::Average => {
                self.rules.average = match self.rules.average {
                    Average::Pooled => Average::Simple,
                    Average::Simple => Average::Pooled,
                };
            }
            Action::Window => {
                self.rules.window = match self.rules.window {
                    Window::Calendar => Window::Rolling,
                    Window::Rolling => Window::Calendar,
                };
                if self.rules.window == Window::Rolling && self.rules.criterion == Criterion::OnOrBefore {
                    self.rules.criterion = Criterion::On;
                }
            }
            Action::PickN => self.rules.n = (self.rules.n + 1) % DAYS_N.len(),
            Action::Events => {
                let chosen = vec![Pick::Start(self.rules.start.clone()), Pick::Return(self.rules.ret.clone())];
                return Some(vec![Request::Push(Box::new(Picker::new(Menu::Events, chosen, env)))]);
            }
            Action::Open => return Some(vec![Request::Detail(Subject::whole(DAYS_N[self.rules.n].0))]),
            Action::MakeTarget => return Some(make_target(DAYS_N[self.rules.n].0, &Narrow::default())),
            Action::Export | Action::CopyRow | Action::CopyTable => return self.hand_out(input.action, env),
            other => {
                self.move_cursor(other)?;
                return Some(Vec::new());
            }
        }
        Some(vec![Request::Refresh])
    }

    fn picked(&mut self, picks: &[Pick]) {
        for pick in picks {
            match pick {
                Pick::Start(event) => self.rules.start.clone_from(event),
                Pick::Return(event) => self.rules.ret.clone_from(event),
                _ => {}
            }
        }
    }

    fn value_under_cursor(&self, _env: &Env<'_>) -> Option<Pick> {
        let table = self.table.shown()?;
        // Users of a recurring cohort were active before, and those of an event may have been.
        let is_first = self.rules.kind == CohortKind::FirstTime && self.rules.start.is_none();
        let (cohort, _) = self.cell(table).filter(|_| is_first)?;
        Some(Pick::Limit(Limit::Cohort(table.cohorts.get(cohort)?.bucket)))
    }

    fn is_compared(&self) -> bool {
        false
    }

    fn period(&self, env: &Env<'_>) -> Option<(String, String)> {
        let letter = grid::letter(Self::grain(env));
        Some((format!("{letter} {}", dates::period(Self::span(env)?, env.today)), "vs none".to_owned()))
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        if env.is_empty() {
            return draw_empty(
                pen,
                "RETENTION",
                "This screen shows which users of each week came back, and how that changes.",
            );
        }
        facts::draw_pane(self, pen, env);
        let (width, height) = (pane::content_width(pen.width()), pen.height());
        let mut pen = pen.part(0, 0, width, height);
        self.draw_choices(&mut pen, env);
        let plan = Plan::of(width, height, self.table.shown().map_or(0, |t| t.cohorts.len()));
        grid::draw(self, &mut pen.part(0, 1, plan.grid_width, plan.grid), env);
        let mut y = 1 + plan.grid;
        if plan.beside {
            let x = plan.grid_width - 1;
            curve::draw(self, &mut pen.part(x, 1, width - x, plan.curve), true);
        }
        if plan.legend > 0 {
            y += grid::legend(&mut pen.part(0, y, width, plan.legend));
        }
        if !plan.beside && plan.curve > 0 {
            curve::draw(self, &mut pen.part(0, y, width, plan.curve), false);
            y += plan.curve;
        }
        over_time::draw(self, &mut pen.part(0, y, width, plan.over_time), env);
    }

    fn sentence(&self, env: &Env<'_>) -> Vec<Run> {
        facts::sentence(self, env)
    }
}

/// Rows of the parts from top to bottom; the curve stands beside the grid at 80 columns, below it where a pane follows.
struct Plan {
    grid: u16,
    grid_width: u16,
    legend: u16,
    beside: bool,
    curve: u16,
    over_time: u16,
}

impl Plan {
    /// Rows of the grid besides the cohorts: heads, average, n.
    const AROUND: u16 = 3;

    fn of(width: u16, height: u16, cohorts: usize) -> Self {
        // Rule, names, rates, and where there is room the line that tells what is marked.
        let over_time = match height {
            0..12 => 0,
            12..16 => 3,
            _ => 4,
        };
        let legend = if height >= 16 { 2 } else { 0 };
        let room = height.saturating_sub(1 + over_time + legend);
        let grid = (cohorts.max(10) as u16 + Self::AROUND).min(room);
        let tall = height > 24;
        let beside = width >= FULL && (!tall || width >= WIDE);
        let (grid_width, curve) = match (beside, tall) {
            (true, true) => (width - width / 3, grid),
            (true, false) => (grid::BESIDE, grid),
            (false, true) => (width, (room - grid).min(12)),
            (false, false) => (width, 0),
        };
        Self { grid, grid_width, legend, beside, curve, over_time }
    }
}
