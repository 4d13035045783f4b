//! Today: can the numbers be trusted, and where do the three focuses stand.
//!
//! ```text
//!  TRUST  complete to ..            ── ACQUIRE ─── value ── prev ── delta  28 days
//! ── RETAIN ──   ── REVENUE ──      ── SOURCES ──
//! ```

use crate::query::{Answer, Compared, Focus, Front as Answered, Narrow, Query, Status, Unit, find_metric};
use crate::ui::chart::{Range, Series, Stroke};
use crate::ui::pen::{Pen, Run};
use crate::ui::plot::Plot;
use crate::ui::table::{Align, Cell, Column, Row, Table, rule};
use crate::ui::theme::Role;
use crate::ui::verdict::Verdict;
use crate::ui::{dates, format, spark, text};

use super::super::action::Action;
use super::super::frame::{FULL, runs_width};
use super::super::keymap::Context;
use super::super::layers::filter::FilterLine;
use super::super::list::{Board, allot};
use super::super::load::Load;
use super::super::make_target::make_target;
use super::super::view::{Env, Input, Note, Request, View};
use super::super::{PanelId, number, pane};
use super::sources;

const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 24).compact(Align::Left(1)),
    Column::new("value", Align::Right(33), 10).compact(Align::Right(33)),
    Column::new("prev", Align::Right(42), 8).compact(Align::Right(42)),
    Column::new("delta", Align::Right(51), 8).compact(Align::Right(51)),
    Column::new("28 days", Align::Left(52), 28),
];

/// Index of the section of sources among the tables.
const SOURCES: usize = 3;

const FOCUSES: [(Focus, &str); SOURCES] =
    [(Focus::Acquire, "ACQUIRE"), (Focus::Retain, "RETAIN"), (Focus::Revenue, "REVENUE")];

/// The screen.
#[derive(Debug)]
pub struct Today {
    answer: Load<Answered>,
    board: Board,
}

impl Today {
    /// The screen before any answer.
    pub(crate) fn new() -> Self {
        Self { answer: Load::Idle, board: Board::new(SOURCES + 1) }
    }

    fn tables(&self, env: &Env<'_>, glyphs: crate::ui::glyphs::Glyphs) -> Vec<Table> {
        let answer = self.answer.shown();
        let headline = answer.map_or(&[][..], |a| &a.headline);
        let mut tables: Vec<Table> =
            FOCUSES.iter().map(|(f, title)| numbers(*f, title, headline, env, glyphs)).collect();
        tables.push(sources::table(answer.map_or(&[], |a| &a.sources), env));
        if answer.is_none() {
            for table in &mut tables {
                "..".clone_into(&mut table.empty);
            }
        }
        tables
    }

    fn current<'a>(&'a self, env: &Env<'_>) -> Option<Current<'a>> {
        let answer = self.answer.shown()?;
        let tables = self.tables(env, crate::ui::glyphs::Glyphs::Ascii);
        let (section, row) = self.board.current(&tables)?;
        if section == SOURCES {
            return answer.sources.iter().find(|s| s.name == row.id).map(Current::Source);
        }
        answer.headline.iter().find(|c| c.metric == row.id).map(Current::Number)
    }

    fn draw_trust(pen: &mut Pen<'_>, env: &Env<'_>) {
        let Some(status) = env.status else { return };
        let mut runs: Vec<Run> = vec![("TRUST  ".to_owned(), Role::Title)];
        match status.through_at {
            Some(at) => {
                let to = dates::complete_to(at, &env.calendar(), env.today);
                runs.push((format!("complete to {to}   "), Role::Base));
            }
            None => runs.push((format!("{}   ", Verdict::NoData.text()), Role::Muted)),
        }
        let rejected = match status.rejected {
            0 => String::new(),
            n => format!("   {} rejected", format::count(n)),
        };
        let used = 1 + runs_width(&runs) + text::width(&rejected) as u16;
        let (fresh, stale) = freshness(status, usize::from(pen.width().saturating_sub(used)), pen.glyphs().cut());
        runs.extend([(fresh, Role::Base), (stale, Role::Warn), (rejected, Role::Bad)]);
        pen.runs(1, 0, &runs);
    }

    fn draw_pane(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let Some(mut pen) = pane::open(pen) else { return };
        match self.current(env) {
            Some(Current::Number(number)) => {
                number_pane(&mut pen, number, env);
            }
            Some(Current::Source(source)) => {
                let y = pane::head(&mut pen, &source.name, source.kind.name());
                let said = sources::sentence(source, env);
                let y = pane::paragraph(&mut pen, y, &said[0].0, Role::Base);
                pane::fact(&mut pen, y + 1, "rows", (&format::count(source.rows), Role::Base), ("", Role::Base));
            }
            None => {}
        }
    }
}

/// How many sources are fresh, and the one that is longest stale: its age is never cut, its name last of all.
fn freshness(status: &Status, room: usize, cut: char) -> (String, String) {
    let fresh = (status.sources as usize).saturating_sub(status.stale.len());
    let counts =
        [format!("{fresh} of {} sources fresh", status.sources), format!("{fresh} of {} fresh", status.sources)];
    let Some((name, days)) = status.stale.first() else { return (counts[0].clone(), String::new()) };
    let more = if status.stale.len() > 1 { format!(" +{}", status.stale.len() - 1) } else { String::new() };
    let age = dates::age(*days);
    let stale = |name: &str| {
        let name = if name.is_empty() { String::new() } else { format!("{name} ") };
        format!("   {} {name}{age}{more}", Verdict::Stale.text())
    };
    let fits = |count: &&String| text::width(count) + text::width(&stale(text::safe(name).as_str())) <= room;
    let count = counts.iter().find(fits).unwrap_or(&counts[1]);
    let cells = room.saturating_sub(text::width(count) + text::width(&stale("")) + 1);
    // A name of a few letters tells nothing; the age stays in any case.
    let name = if cells < 5 { String::new() } else { text::cut_with(text::safe(name).as_str(), cells, cut) };
    (count.clone(), stale(&name))
}

enum Current<'a> {
    Number(&'a Compared),
    Source(&'a crate::query::Source),
}

/// The pane of a number: both periods, its 28 days, what it is. Gives the row below.
pub(super) fn number_pane(pen: &mut Pen<'_>, shown: &Compared, env: &Env<'_>) -> u16 {
    let unit = find_metric(shown.metric).map_or_else(String::new, |m| number::unit_word(m.unit, env));
    let y = pane::head(pen, number::name(shown), &unit);
    let before = shown.before_span.map_or_else(|| "not compared".to_owned(), |b| dates::period(b, env.today));
    let change = number::delta(shown);
    let (now, then) = (format::number(shown.now), format::number(shown.before));
    let mut y = pane::fact(pen, y, &dates::period(shown.span, env.today), (&now, Role::Base), ("", Role::Base));
    y = pane::fact(pen, y, &before, (&then, Role::Base), (&change, number::delta_role(shown)));
    if let Some(n) = number::observations(shown.metric, shown.now) {
        let interval = number::interval(shown.metric, shown.now).map_or_else(String::new, |i| format!("({i})"));
        y = pane::fact(pen, y, "n", (&format::count(n), Role::Base), (&interval, Role::Muted));
    }
    y = trend(pen, y + 1, shown, env) + 1;
    pane::paragraph(pen, y, number::formula(shown), Role::Muted)
}

/// The 28 days to the newest as a small plot; gives the row below.
pub(super) fn trend(pen: &mut Pen<'_>, y: u16, shown: &Compared, env: &Env<'_>) -> u16 {
    const ROWS: u16 = 9;
    let values: Vec<Option<f64>> = shown.trend.iter().map(|n| n.value()).collect();
    let last = values.len().saturating_sub(1).max(1) as f64;
    let points: Vec<(f64, f64)> =
        values.iter().enumerate().filter_map(|(i, v)| v.map(|v| (i as f64 / last, v))).collect();
    if points.is_empty() {
        return y;
    }
    let range = Range::around(points.iter().map(|(_, v)| *v));
    let newest = shown.span.last;
    let first = newest.plus(1 - values.len() as i32);
    let marks = [(0.0, dates::short(first, env.today)), (1.0, dates::short(newest, env.today))];
    let series = [Series { points, role: Role::Series(1), stroke: Stroke::Thick }];
    let width = pen.width();
    Plot { series: &series, range, label: &number::axis_label(shown), marks: &marks }
        .draw(&mut pen.part(0, y, width, ROWS));
    y + ROWS
}

fn numbers(focus: Focus, title: &str, all: &[Compared], env: &Env<'_>, glyphs: crate::ui::glyphs::Glyphs) -> Table {
    let mine = all.iter().filter(|c| find_metric(c.metric).is_some_and(|m| m.focus == focus));
    let money =
        mine.clone().any(|c| find_metric(c.metric).is_some_and(|m| matches!(m.unit, Unit::Money | Unit::MoneyPer)));
    Table {
        title: title.to_owned(),
        note: if money { env.currency() } else { String::new() },
        columns: COLUMNS,
        rows: mine.map(|c| number_row(c, glyphs, env)).collect(),
        empty: format!("{}: no data for this focus in the period", Verdict::NoData.text()),
        ..Table::default()
    }
}

fn number_row(number: &Compared, glyphs: crate::ui::glyphs::Glyphs, env: &Env<'_>) -> Row {
    let name = if number.stale {
        Cell::text(format!("{} {}", number::name(number), Verdict::Stale.sign()))
    } else {
        Cell::text(number::name(number))
    };
    let value = |n, cells| {
        let text = format::number_fit(n, cells);
        let role = if text == format::MISSING { Role::Muted } else { Role::Base };
        Cell::number(text, n.value(), format::exact(n)).role(role)
    };
    let now = if number.now.value().is_none() && number::is_defined(number.metric, env) {
        Cell::number(Verdict::NoData.text(), None, "").role(Role::Muted)
    } else {
        value(number.now, 10)
    };
    let trend: Vec<Option<f64>> = number.trend.iter().map(|n| n.value()).collect();
    let points: Vec<String> = number.trend.iter().map(|n| format::exact(*n)).collect();
    Row {
        id: number.metric.to_owned(),
        cells: vec![
            name,
            now,
            value(number.before, 8),
            number::delta_cell(number),
            Cell::number(spark::line(&trend, 28, glyphs), None, points.join(" ")),
        ],
    }
}

/// What is said on a screen that needs data where there is none.
pub fn draw_empty(pen: &mut Pen<'_>, title: &str, shows: &str) {
    rule(pen, 0, title, "");
    let lines = [
        ("No data yet.", Role::Base),
        (shows, Role::Base),
        ("", Role::Base),
        ("i                       imports a file: csv, tsv or json lines, or gzip", Role::Base),
        ("quarterdeck import FILE the same without the screen", Role::Base),
        ("quarterdeck demo        a sample product in a file of its own", Role::Base),
    ];
    for (y, (line, role)) in lines.into_iter().enumerate() {
        pen.within(3, y as u16 + 1, pen.width().saturating_sub(4), line, role);
    }
}

impl View for Today {
    fn context(&self) -> Context {
        Context::Today
    }

    fn questions(&self, env: &Env<'_>) -> Vec<(PanelId, Query)> {
        env.scope().map(|scope| vec![(PanelId::TODAY, Query::Front(scope))]).unwrap_or_default()
    }

    fn begin(&mut self, _panel: PanelId) {
        self.answer.begin();
    }

    fn receive(&mut self, _panel: PanelId, result: Result<Answer, String>) {
        match result {
            Ok(Answer::Front(answer)) => self.answer.finish(Ok(answer)),
            Ok(_) => {}
            Err(why) => self.answer.finish(Err(why)),
        }
    }

    fn is_loading(&self) -> bool {
        self.answer.is_loading()
    }

    fn failure(&self) -> Option<&str> {
        self.answer.failure()
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Option<Vec<Request>> {
        let tables = self.tables(env, crate::ui::glyphs::Glyphs::Ascii);
        if let Some(done) = self.board.act(input.action, &tables, "today", env) {
            return Some(done);
        }
        match input.action {
            Action::Filter => Some(vec![Request::Push(Box::new(FilterLine::new(self.board.filter())))]),
            Action::Open => Some(match self.current(env)? {
                Current::Number(number) => vec![Request::Detail(number.metric, Narrow::default())],
                Current::Source(source) => vec![Request::Push(Box::new(sources::told(source, env)))],
            }),
            Action::MakeTarget => Some(match self.current(env)? {
                Current::Number(number) => make_target(number.metric, &Narrow::default()),
                Current::Source(_) => vec![Request::Say(Note::refused("put the cursor on a number"))],
            }),
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
        if env.is_empty() {
            return draw_empty(
                pen,
                "TODAY",
                "This screen shows the headline numbers of acquiring, retaining and revenue.",
            );
        }
        self.draw_pane(pen, env);
        let (width, height) = (pane::content_width(pen.width()), pen.height());
        let mut pen = pen.part(0, 0, width, height);
        let trust = u16::from(pen.width() >= FULL);
        if trust == 1 {
            Self::draw_trust(&mut pen, env);
        }
        let tables = self.tables(env, pen.glyphs());
        let wants: Vec<(u16, u16)> = tables
            .iter()
            .enumerate()
            .map(|(at, t)| {
                let rows = t.rows.len().max(1) as u16 + 1;
                (if at == SOURCES { rows.min(2) } else { rows.min(4) }, rows)
            })
            .collect();
        let heights = allot(height - trust, &wants, self.board.section(&tables));
        let mut y = trust;
        for (at, rows) in heights.into_iter().enumerate() {
            let width = pen.width();
            self.board.draw(&mut pen.part(0, y, width, rows), &tables, at);
            y += rows;
        }
    }

    fn sentence(&self, env: &Env<'_>) -> Vec<Run> {
        match self.current(env) {
            Some(Current::Number(number)) => number::sentence(number, env),
            Some(Current::Source(source)) => sources::sentence(source, env),
            None => Vec::new(),
        }
    }
}
