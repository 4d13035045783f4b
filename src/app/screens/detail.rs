//! One number: its days, its value against the comparison, its parts, its definition.
//!
//! ```text
//!  Today > D7
//! ── SERIES  60 days to Wed 10 Jun, daily ──
//! ── NUMBER ── value ── n ── 95% ── change    period, comparison
//! ── BY CHANNEL ── value ── prev ── delta
//! ── DEFINITION ──
//! ```

use crate::domain::calendar::Span;
use crate::domain::plans::Journal;
use crate::query::{
    Accumulation, Answer, Breakdown, Detail as Answered, Direction, Limit, Narrow, Number, PartChange, Query, Split,
    Width, compared, find_metric,
};
use crate::ui::chart::{Range, Series, Stroke};
use crate::ui::pen::{Pen, Run};
use crate::ui::plot::Plot;
use crate::ui::table::{Align, Cell, Column, Row, Sight, Table, rule};
use crate::ui::theme::Role;
use crate::ui::{dates, format};

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::layers::filter::FilterLine;
use super::super::list::{Board, allot};
use super::super::load::Load;
use super::super::make_target::make_target;
use super::super::marks::Marks;
use super::super::scope::Choice;
use super::super::subject::{OwnDays, Subject};
use super::super::view::{Env, Input, Pick, Request, View};
use super::super::{PanelId, number};
use crate::ui::text::wrapped;

const NUMBER_COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 24).compact(Align::Left(1)),
    Column::new("value", Align::Right(37), 12).compact(Align::Right(37)),
    Column::new("n", Align::Right(48), 10).compact(Align::Right(47)),
    Column::new("95% interval", Align::Right(63), 13),
    Column::new("delta", Align::Right(74), 10).compact(Align::Right(57)),
];

const PART_COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 24).compact(Align::Left(1)),
    Column::new("value", Align::Right(37), 12).compact(Align::Right(37)),
    Column::new("prev", Align::Right(48), 10).compact(Align::Right(47)),
    Column::new("n", Align::Right(63), 10),
    Column::new("delta", Align::Right(74), 10).compact(Align::Right(57)),
];

/// Days of the journal before a period: as many as a series can lie before it, where its source is stale.
const JOURNAL: i32 = 366;

/// Days between two marks below the series.
const MARK_DAYS: usize = 7;

/// The detail of a number; it lies on the screen it was opened from.
pub struct Detail {
    from: &'static str,
    subject: Subject,
    /// The choices that it was opened under: own days hold until another period is chosen.
    opened: Choice,
    answer: Load<Answered>,
    journal: Vec<Journal>,
    board: Board,
}

impl Detail {
    /// The detail of a number, opened from a screen.
    pub fn new(from: &'static str, subject: Subject, opened: &Choice) -> Self {
        let (journal, board) = (Vec::new(), Board::new(3));
        Self { from, subject, opened: opened.clone(), answer: Load::Idle, journal, board }
    }

    /// Its own days, where they hold.
    fn days(&self, env: &Env<'_>) -> Option<&OwnDays> {
        let same = (env.choice.width, env.choice.anchor) == (self.opened.width, self.opened.anchor);
        self.subject.days.as_ref().filter(|_| same)
    }

    fn tables(&self) -> Vec<Table> {
        self.answer.shown().map_or_else(Vec::new, |a| a.splits.iter().map(|s| parts(self.subject.metric, s)).collect())
    }

    fn draw_series(&self, answer: &Answered, pen: &mut Pen<'_>, env: &Env<'_>) {
        let last = answer.series.len().saturating_sub(1).max(1) as f64;
        let values = answer.series.iter().enumerate();
        let points: Vec<(f64, f64)> = values.filter_map(|(at, p)| Some((at as f64 / last, p.value.value()?))).collect();
        let until = answer.series.last().map_or_else(String::new, |p| dates::weekday(p.span.last, env.today));
        rule(pen, 0, "SERIES", &format!("{} days to {until}, daily", answer.series.len()));
        if points.is_empty() {
            pen.text(3, 1, "no day has a value", Role::Muted);
            return;
        }
        let days = answer.series.iter().enumerate().rev().step_by(MARK_DAYS);
        let mut marks: Vec<(f64, String)> =
            days.map(|(at, p)| (at as f64 / last, dates::short(p.span.first, env.today))).collect();
        marks.reverse();
        let range = Range::around(points.iter().map(|(_, v)| *v));
        let series = [Series { points, role: Role::Series(1), stroke: Stroke::Thick }];
        let (width, height) = (pen.width(), pen.height());
        let plot = Plot { series: &series, range, label: &number::axis_label(&answer.number), marks: &marks };
        let ends = answer.series.first().zip(answer.series.last());
        let Some((first, last)) = ends.map(|(first, last)| (first.span.first, last.span.last)) else { return };
        let happened = Marks::of(&self.journal, Span { first, last });
        happened.draw(&plot, &mut pen.part(0, 1, width, height - 1), env.today);
    }

    fn draw_number(answer: &Answered, pen: &mut Pen<'_>, env: &Env<'_>) {
        let shown = &answer.number;
        let change = Cell::text(number::delta(shown)).role(number::delta_role(shown));
        let mut rows = vec![number_row(shown.metric, shown.span, shown.now, Some(change), env)];
        rows.extend(shown.before_span.map(|span| number_row(shown.metric, span, shown.before, None, env)));
        let order: Vec<usize> = (0..rows.len()).collect();
        let table = Table { title: "NUMBER".to_owned(), columns: NUMBER_COLUMNS, rows, ..Table::default() };
        table.draw(pen, &Sight { order: &order, cursor: None, offset: 0, sort: None, note: "", count: "" });
    }

    fn definition(&self, answer: &Answered, env: &Env<'_>, width: u16) -> Vec<String> {
        let status = env.status;
        let zone = status.map_or_else(String::new, |s| s.profile.zone.name().to_owned());
        let since = status
            .and_then(|s| s.history)
            .map_or_else(String::new, |h| format!("; history since {}", dates::short(h.first, env.today)));
        let formula = number::formula_of(self.subject.metric);
        let said = format!("{formula}. Days of {zone}; source {}{since}.", answer.sources.join(", "));
        wrapped(&said, usize::from(width.saturating_sub(2)))
    }
}

fn number_row(metric: &str, span: Span, value: Number, change: Option<Cell>, env: &Env<'_>) -> Row {
    let n = number::observations(metric, value).map_or_else(String::new, format::count);
    let interval = number::interval(metric, value).map_or_else(String::new, |i| format!("{i}%"));
    let name = match number::cohorts(metric, span) {
        Some(cohorts) => format!("cohorts {}", dates::period(cohorts, env.today)),
        None => dates::period(span, env.today),
    };
    Row {
        id: String::new(),
        cells: vec![
            Cell::text(name),
            Cell::text(format::number(value)),
            Cell::text(n).role(Role::Muted),
            Cell::text(interval).role(Role::Muted),
            change.unwrap_or_else(|| Cell::text("")),
        ],
    }
}

fn parts(metric: &str, split: &Breakdown) -> Table {
    let direction = find_metric(metric).map_or(Direction::Up, |m| m.direction);
    let row = |&PartChange { ref name, now, before, .. }: &PartChange| Row {
        id: name.clone(),
        cells: vec![
            Cell::text(name),
            Cell::number(format::number_fit(now, 12), now.value(), format::exact(now)),
            Cell::number(format::number_fit(before, 10), before.value(), format::exact(before)).role(Role::Muted),
            number::observations(metric, now).map_or_else(
                || Cell::text(""),
                |n| Cell::number(format::count(n), Some(n as f64), n.to_string()).role(Role::Muted),
            ),
            Cell::text(format::delta(now, before, false)).role(format::delta_role(now, before, false, direction)),
        ],
    };
    let unique = find_metric(metric).is_some_and(|m| m.accumulation == Accumulation::Unique);
    let overlaps = unique && split.split == Split::Platform;
    Table {
        title: format!("BY {}", name(split.split).to_uppercase()),
        note: if overlaps { "a user may be on several".to_owned() } else { String::new() },
        columns: PART_COLUMNS,
        rows: split.parts.iter().map(row).collect(),
        empty: "no part has a value in this period".into(),
        ..Table::default()
    }
}

fn name(split: Split) -> &'static str {
    match split {
        Split::Channel => "channel",
        Split::Platform => "platform",
        Split::Stream => "stream",
    }
}

impl View for Detail {
    fn context(&self) -> Context {
        Context::Detail
    }

    fn questions(&self, env: &Env<'_>) -> Vec<(PanelId, Query)> {
        let Some(scope) = env.scope() else { return Vec::new() };
        let own = self.days(env);
        let period = own.map_or(scope.period, |own| own.span);
        let days = Span { first: period.first.plus(-JOURNAL), last: period.last };
        let subject = Subject { days: own.cloned(), ..self.subject.clone() };
        vec![(PanelId::DETAIL, subject.query(scope)), (PanelId::JOURNAL, Query::Journal(days))]
    }

    fn begin(&mut self, panel: PanelId) {
        if panel == PanelId::DETAIL {
            self.answer.begin();
        }
    }

    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>) {
        match result {
            Ok(Answer::Detail(answer)) => self.answer.finish(Ok(answer)),
            Ok(Answer::Journal(lines)) => self.journal = lines,
            Ok(_) => {}
            // A chart without its marks is better than none.
            Err(_) if panel == PanelId::JOURNAL => {}
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
        let tables = self.tables();
        if let Some(done) = self.board.act(input.action, &tables, self.subject.metric, env) {
            return Some(done);
        }
        match input.action {
            Action::Filter => Some(vec![Request::Push(Box::new(FilterLine::new(self.board.filter())))]),
            Action::MakeTarget => Some(make_target(self.subject.metric, &self.subject.narrow)),
            _ => None,
        }
    }

    fn narrow(&mut self, filter: &str) {
        self.board.narrow(filter);
    }

    fn filter(&self) -> &str {
        self.board.filter()
    }

    fn period(&self, env: &Env<'_>) -> Option<(String, String)> {
        let span = self.days(env)?.span;
        let seen = span.intersect(Span { first: span.first, last: env.through() }).unwrap_or(span);
        let before = compared(span, Width::of(span), env.choice.comparison, seen.last);
        let against = before.map_or_else(|| "none".to_owned(), |span| dates::period(span, env.today));
        Some((dates::period(seen, env.today), format!("vs {against}")))
    }

    fn value_under_cursor(&self, _env: &Env<'_>) -> Option<Pick> {
        let tables = self.tables();
        let (section, row) = self.board.current(&tables)?;
        match self.answer.shown()?.splits.get(section)?.split {
            Split::Channel => Some(Pick::Limit(Limit::Channel(row.id.clone()))),
            Split::Platform => Some(Pick::Limit(Limit::Platform(row.id.clone()))),
            Split::Stream => Some(Pick::Limit(Limit::Stream(row.id.clone()))),
        }
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let (width, height) = (pen.width(), pen.height());
        let title = number::name_of(self.subject.metric);
        let Narrow { channel, stream, event } = &self.subject.narrow;
        let own = self.days(env).map(|own| &own.name);
        let parts = [channel, stream, event].into_iter().flatten().chain(own).map(String::as_str);
        let title: Vec<&str> = std::iter::once(title).chain(parts).collect();
        pen.runs(1, 0, &[(format!("{} > ", self.from), Role::Base), (title.join(" > "), Role::Title)]);
        let Some(answer) = self.answer.shown() else {
            pen.text(1, 2, "..", Role::Muted);
            return;
        };
        let lines = self.definition(answer, env, width);
        let tables = self.tables();
        let plan = Plan::of(height, lines.len() as u16, &tables, self.board.section(&tables));
        self.draw_series(answer, &mut pen.part(0, 1, width, plan.series), env);
        Self::draw_number(answer, &mut pen.part(0, 1 + plan.series, width, Plan::NUMBER), env);
        let mut y = 1 + plan.series + Plan::NUMBER;
        for (at, rows) in plan.splits.iter().enumerate() {
            self.board.draw(&mut pen.part(0, y, width, *rows), &tables, at);
            y += rows;
        }
        if plan.definition > 0 {
            let foot = height - plan.definition;
            rule(pen, foot, "DEFINITION", "");
            for (at, line) in lines.iter().take(usize::from(plan.definition - 1)).enumerate() {
                pen.text(1, foot + 1 + at as u16, line, Role::Muted);
            }
        }
    }

    fn sentence(&self, env: &Env<'_>) -> Vec<Run> {
        self.answer.shown().map_or_else(Vec::new, |answer| number::sentence(&answer.number, env))
    }
}

/// Rows of each section.
struct Plan {
    series: u16,
    splits: Vec<u16>,
    definition: u16,
}

impl Plan {
    /// Rule, period, comparison.
    const NUMBER: u16 = 3;

    fn of(height: u16, lines: u16, tables: &[Table], focus: usize) -> Self {
        let definition = if height >= 14 { lines + 1 } else { 0 };
        let series = match height {
            0..14 => 5,
            14..28 => 7,
            _ => height / 3,
        };
        let left = height.saturating_sub(1 + series + Self::NUMBER + definition);
        let wants: Vec<(u16, u16)> = tables.iter().map(|t| (2, t.rows.len().max(1) as u16 + 1)).collect();
        Self { series, splits: allot(left, &wants, focus), definition }
    }
}
