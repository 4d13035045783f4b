//! One number: its days, its value against the comparison, its parts, its definition.

use crate::query::{Answer, Detail as Answered, DetailQuery, Query, Split, find_metric};
use crate::ui::chart::{Range, Series, Stroke, draw};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Align, Cell, Column, Row, Table, rule};
use crate::ui::theme::Role;
use crate::ui::{dates, format};

use super::super::PanelId;
use super::super::action::Action;
use super::super::keymap::Context;
use super::super::layers::filter::FilterLine;
use super::super::list::Board;
use super::super::load::Load;
use super::super::pane::wrapped;
use super::super::view::{Env, Input, Pick, Request, View};
use super::today::number_sentence;

const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 26).compact(Align::Left(1)),
    Column::new("value", Align::Right(44), 10).compact(Align::Right(36)),
    Column::new("prev", Align::Right(58), 10).compact(Align::Right(48)),
    Column::new("delta", Align::Right(70), 9),
];

/// The detail of a number; it lies on the screen it was opened from.
pub struct Detail {
    metric: &'static str,
    stream: Option<String>,
    answer: Load<Answered>,
    board: Board,
}

impl Detail {
    /// The detail of a metric, narrowed to a stream.
    pub fn new(metric: &'static str, stream: Option<String>) -> Self {
        Self { metric, stream, answer: Load::Idle, board: Board::new(3) }
    }

    fn tables(&self) -> Vec<Table> {
        let Some(answer) = self.answer.shown() else { return Vec::new() };
        let table = answer.splits.iter().map(|split| Table {
            title: format!("BY {}", name(split.split).to_uppercase()),
            note: String::new(),
            columns: COLUMNS,
            rows: split
                .parts
                .iter()
                .map(|(part, now, before)| Row {
                    id: part.clone(),
                    cells: vec![
                        Cell::text(part),
                        Cell::number(format::number(*now), now.value(), format::exact(*now)),
                        Cell::number(format::number(*before), before.value(), format::exact(*before)),
                        Cell::number(format::delta(*now, *before, false), None, String::new()),
                    ],
                })
                .collect(),
            total: None,
            empty: "no part has a value in this period".into(),
        });
        table.collect()
    }

    fn draw_series(answer: &Answered, pen: &mut Pen<'_>) {
        let last = answer.series.len().saturating_sub(1).max(1) as f64;
        let values = answer.series.iter().enumerate();
        let points: Vec<(f64, f64)> = values.filter_map(|(at, p)| Some((at as f64 / last, p.value.value()?))).collect();
        let range = Range::around(points.iter().map(|(_, v)| *v));
        draw(pen, &[Series { points, role: Role::Series(1), stroke: Stroke::Thick }], range);
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
        let query = |scope| Query::Detail(DetailQuery { metric: self.metric, scope, stream: self.stream.clone() });
        env.scope().map(|scope| vec![(PanelId::DETAIL, query(scope))]).unwrap_or_default()
    }

    fn begin(&mut self, _panel: PanelId) {
        self.answer.begin();
    }

    fn receive(&mut self, _panel: PanelId, result: Result<Answer, String>) {
        match result {
            Ok(Answer::Detail(answer)) => self.answer.finish(Ok(answer)),
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
        let tables = self.tables();
        if let Some(done) = self.board.act(input.action, &tables, self.metric, env) {
            return Some(done);
        }
        (input.action == Action::Filter).then(|| vec![Request::Push(Box::new(FilterLine::new(self.board.filter())))])
    }

    fn narrow(&mut self, filter: &str) {
        self.board.narrow(filter);
    }

    fn filter(&self) -> &str {
        self.board.filter()
    }

    fn value_under_cursor(&self, _env: &Env<'_>) -> Option<Pick> {
        let tables = self.tables();
        let (section, row) = self.board.current(&tables)?;
        match self.answer.shown()?.splits.get(section)?.split {
            Split::Channel => Some(Pick::Channel(row.id.clone())),
            Split::Platform => Some(Pick::Platform(row.id.clone())),
            Split::Stream => None,
        }
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let (width, height) = (pen.width(), pen.height());
        let title = find_metric(self.metric).map_or(self.metric, |m| m.name);
        let of = self.stream.as_ref().map_or_else(String::new, |s| format!(" > {s}"));
        pen.text(1, 0, &format!("{title}{of}"), Role::Title);
        let Some(answer) = self.answer.shown() else {
            pen.text(1, 2, "..", Role::Muted);
            return;
        };
        let chart = if height > 18 { 8 } else { 4 };
        rule(pen, 1, "SERIES", "daily");
        Self::draw_series(answer, &mut pen.part(1, 2, width.saturating_sub(2), chart));
        let said = number_sentence(&answer.number, answer.before, env);
        pen.runs(1, 3 + chart, &said);
        let mut y = 5 + chart;
        let tables = self.tables();
        let formula = find_metric(self.metric).map_or("", |m| m.formula);
        let lines =
            wrapped(&format!("{formula}. Fed by {}.", answer.sources.join(", ")), usize::from(width.saturating_sub(2)));
        let foot = height.saturating_sub(lines.len() as u16 + 1);
        for (at, table) in tables.iter().enumerate() {
            let rows = (table.rows.len().max(1) as u16 + 1).min(foot.saturating_sub(y));
            if rows > 1 {
                self.board.draw(&mut pen.part(0, y, width, rows), &tables, at);
            }
            y += rows;
        }
        rule(pen, foot, "DEFINITION", "");
        for (at, line) in lines.iter().enumerate() {
            pen.text(1, foot + 1 + at as u16, line, Role::Muted);
        }
    }

    fn sentence(&self, env: &Env<'_>) -> Vec<Run> {
        let tables = self.tables();
        let row = self.board.current(&tables).map(|(_, row)| row.id.clone()).unwrap_or_default();
        let last = self.answer.shown().and_then(|a| a.series.last()).map(|p| dates::short(p.span.last, env.today));
        vec![(format!("{row}   series to {}", last.unwrap_or_default()), Role::Base)]
    }
}
