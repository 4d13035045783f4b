//! One item: what is known of it, its first seven days, and the usual ones of its kind.
//!
//! ```text
//!  Content > How we ship
//!  video  Ana  planned Mon 1 Jun  published Tue 2 Jun
//! ── FIRST 7 DAYS ── views ── uniq ── compl ──
//! >Tue 2 Jun
//!  7 days
//!  median of 12 video
//! ```

use crate::domain::calendar::Day;
use crate::query::{
    Answer, ContentDays, ContentReport, ContentReportQuery, Figure, Narrow, Number, Query, SectionRow, SectionTable,
    State, TypedRow, Value,
};
use crate::ui::glyphs::Glyphs;
use crate::ui::pen::{Pen, Run};
use crate::ui::table::Table;
use crate::ui::theme::Role;
use crate::ui::{dates, text};

use super::super::super::PanelId;
use super::super::super::action::Action;
use super::super::super::keymap::Context;
use super::super::super::layers::filter::FilterLine;
use super::super::super::list::Board;
use super::super::super::load::Load;
use super::super::super::view::{Env, Input, Request, View};
use super::shapes::ITEM_DAYS;
use super::{aside, cells};

/// The page of an item; it lies on the tab it was opened from.
pub struct ItemPage {
    from: &'static str,
    item: String,
    title: String,
    report: Load<ContentReport>,
    board: Board,
}

impl ItemPage {
    /// The page of an item by its record, opened from a screen.
    pub fn new(from: &'static str, one: &TypedRow) -> Self {
        let item = one.cell("id").to_owned();
        let title =
            Some(one.cell("title")).filter(|title| !title.is_empty()).map_or_else(|| item.clone(), str::to_owned);
        Self { from, item, title, report: Load::Idle, board: Board::new(1) }
    }

    fn found(&self, env: &Env<'_>) -> Option<SectionTable> {
        let report = self.report.shown()?;
        let row =
            |name: String, days: &ContentDays| SectionRow { name, narrow: Narrow::default(), figures: figures(days) };
        let (week, days) = report.days.split_last()?;
        let median = report.peers.as_ref().map(|peers| {
            let name = format!("median of {} {}", peers.items, peers.kind);
            row(name, &peers.median)
        });
        Some(SectionTable {
            rows: days.iter().map(|day| row(dates::weekday(day.span.first, env.today), day)).collect(),
            total: Some(row("7 days".to_owned(), week)),
            partial: median,
            ..SectionTable::default()
        })
    }

    fn table(&self, env: &Env<'_>, glyphs: Glyphs) -> Table {
        let Some(report) = self.report.shown() else {
            let (title, columns) = (ITEM_DAYS.title.to_owned(), ITEM_DAYS.columns);
            return Table { title, columns, empty: "..".to_owned(), ..Table::default() };
        };
        let note = if report.by_first_view && !report.days.is_empty() { "from its first view" } else { "" };
        let found = self.found(env).unwrap_or_default();
        let empty = "neither published nor viewed yet: its seven days have not begun".to_owned();
        Table { empty, ..cells::table(&ITEM_DAYS, (&found, None), note.to_owned(), (env, glyphs)) }
    }

    /// What its record says.
    fn known(&self, env: &Env<'_>) -> String {
        let Some(record) = self.report.shown().and_then(|report| report.record.as_ref()) else {
            return format!("{}: only events name it", self.item);
        };
        let day = |word: &str, day: Option<Day>| day.map(|day| format!("{word} {}", dates::weekday(day, env.today)));
        let parts = [
            Some(self.item.clone()),
            record.kind.clone(),
            record.author.clone(),
            day("planned", record.planned),
            day("published", record.published),
            record.status.clone().filter(|_| record.published.is_none()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("  ")
    }
}

/// The columns of some days; a day to come has none.
fn figures(days: &ContentDays) -> Vec<Figure> {
    let &ContentDays { views, uniques, completion, engagement, shares, signups, revenue, .. } = days;
    let figure = |now: Number| match days.state {
        State::NotReached => Figure::Blank,
        state => Figure::Value(Value { running: state == State::Running, ..Value::plain(now) }),
    };
    [views, uniques, completion, engagement, shares, signups, revenue].map(figure).into()
}

impl View for ItemPage {
    fn context(&self) -> Context {
        Context::Item
    }

    fn questions(&self, env: &Env<'_>) -> Vec<(PanelId, Query)> {
        let segment = env.choice.segment.clone();
        let query = ContentReportQuery { item: self.item.clone(), segment };
        if env.status.is_some() { vec![(PanelId::ITEM, Query::ContentReport(query))] } else { Vec::new() }
    }

    fn begin(&mut self, panel: PanelId) {
        if panel == PanelId::ITEM {
            self.report.begin();
        }
    }

    fn receive(&mut self, _panel: PanelId, result: Result<Answer, String>) {
        match result {
            Ok(Answer::ContentReport(report)) => self.report.finish(Ok(*report)),
            Ok(_) => {}
            Err(why) => self.report.finish(Err(why)),
        }
    }

    fn is_loading(&self) -> bool {
        self.report.is_loading()
    }

    fn failure(&self) -> Option<&str> {
        self.report.failure()
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Option<Vec<Request>> {
        if input.action == Action::Filter {
            return Some(vec![Request::Push(Box::new(FilterLine::new(self.board.filter())))]);
        }
        self.board.act(input.action, &[self.table(env, Glyphs::Ascii)], &format!("item-{}", self.item), env)
    }

    fn narrow(&mut self, filter: &str) {
        self.board.narrow(filter);
    }

    fn filter(&self) -> &str {
        self.board.filter()
    }

    fn is_compared(&self) -> bool {
        false
    }

    fn period(&self, env: &Env<'_>) -> Option<(String, String)> {
        let (week, _) = self.report.shown()?.days.split_last()?;
        Some((dates::period(week.span, env.today), "vs its kind".to_owned()))
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let (width, height) = (pen.width(), pen.height());
        pen.runs(1, 0, &[(format!("{} > ", self.from), Role::Base), (self.title.clone(), Role::Title)]);
        pen.within(1, 1, width.saturating_sub(2), &self.known(env), Role::Muted);
        let table = self.table(env, pen.glyphs());
        let wants = (table.rows.len().max(1) + table.feet().count() + 1) as u16;
        let rows = wants.min(height.saturating_sub(2));
        self.board.draw(&mut pen.part(0, 2, width, rows), &[table], 0);
        let said = format!("{}; net and sign-ups are of the last content viewed; * is not over", ITEM_DAYS.about);
        for (y, line) in (3 + rows..height).zip(text::wrapped(&said, usize::from(width.saturating_sub(2)))) {
            pen.text(1, y, &line, Role::Muted);
        }
    }

    fn sentence(&self, env: &Env<'_>) -> Vec<Run> {
        let tables = [self.table(env, Glyphs::Ascii)];
        let Some(found) = self.found(env) else { return Vec::new() };
        let row = self.board.current(&tables).and_then(|(_, row)| cells::find(&found, &row.id));
        let said = row
            .map_or_else(String::new, |row| format!("{}: {}", row.name, aside::told(ITEM_DAYS, row, env).join(", ")));
        vec![(text::first_fit(&[said], usize::from(env.size.0.saturating_sub(2)), '~'), Role::Base)]
    }
}
