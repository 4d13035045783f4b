//! Revenue: cumulative against the comparison, by stream, per user.

pub mod chart;

use crate::domain::plans::Journal;
use crate::query::{Answer, Compared, Limit, Narrow, Number, Query, RevenueBoard, StreamRow};
use crate::ui::format::{self, MoneyStyle};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::theme::Role;
use crate::ui::{dates, text};

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::layers::filter::FilterLine;
use super::super::list::Board;
use super::super::load::Load;
use super::super::make_target::make_target;
use super::super::subject::Subject;
use super::super::view::{Env, Input, Pick, Request, View};
use super::super::{PanelId, number, pane};
use super::today::draw_empty;

const STREAM_COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 14).compact(Align::Left(1)),
    Column::new("actual", Align::Right(23), 8).compact(Align::Right(23)),
    Column::new("prev", Align::Right(31), 7).compact(Align::Right(31)),
    Column::new("delta", Align::Right(40), 8).compact(Align::Right(40)),
    Column::new("orders", Align::Right(47), 6),
    Column::new("payers", Align::Right(54), 6),
    Column::new("gross", Align::Right(62), 7),
    Column::new("refund", Align::Right(71), 8),
    Column::new("share", Align::Right(79), 7).compact(Align::Right(49)),
];

const USER_COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 14).compact(Align::Left(1)),
    Column::new("actual", Align::Right(23), 8).compact(Align::Right(23)),
    Column::new("prev", Align::Right(31), 7).compact(Align::Right(31)),
    Column::new("delta", Align::Right(40), 8).compact(Align::Right(40)),
    Column::new("n", Align::Right(49), 8),
    Column::new("95% interval", Align::Right(63), 12),
];

const STREAMS: usize = 0;

/// The screen.
#[derive(Debug)]
pub struct Revenue {
    answer: Load<RevenueBoard>,
    journal: Vec<Journal>,
    board: Board,
    gross: bool,
}

impl Revenue {
    /// The screen before any answer.
    pub(crate) fn new() -> Self {
        Self { answer: Load::Idle, journal: Vec::new(), board: Board::new(2), gross: false }
    }

    fn tables(&self, env: &Env<'_>) -> Vec<Table> {
        let answer = self.answer.shown();
        let mut streams = Table {
            title: "STREAM".to_owned(),
            note: if self.gross { "gross".to_owned() } else { "net".to_owned() },
            columns: STREAM_COLUMNS,
            empty: "..".to_owned(),
            ..Table::default()
        };
        let mut users =
            Table { title: "PER USER".to_owned(), columns: USER_COLUMNS, empty: "..".to_owned(), ..Table::default() };
        if let Some(board) = answer {
            let style = money_style(board, env);
            streams.rows = board.streams.iter().map(|s| self.stream_row(s, board, style)).collect();
            let total = StreamRow { stream: "total".to_owned(), ..board.total.clone() };
            streams.total = Some(self.stream_row(&total, board, style)).filter(|_| !board.streams.is_empty());
            nothing(env).unwrap_or("no order or refund in this period").clone_into(&mut streams.empty);
            users.rows = board.per_user.iter().map(user_row).collect();
            "no order of a known user".clone_into(&mut users.empty);
        }
        vec![streams, users]
    }

    fn amounts(&self, row: &StreamRow) -> (i128, Option<i128>) {
        if self.gross { (row.gross, row.gross_before) } else { (row.net, row.net_before) }
    }

    fn stream_row(&self, row: &StreamRow, board: &RevenueBoard, style: MoneyStyle) -> Row {
        let (now, before) = self.amounts(row);
        let total = self.amounts(&board.total).0;
        let then = before.map_or(Number::None, Number::Money);
        let direction = crate::query::Direction::Up;
        let money = |micros: i128, cells| {
            let value = Number::Money(micros);
            Cell::number(style.fit(micros, cells), value.value(), format::exact(value))
        };
        Row {
            id: if std::ptr::eq(row, &raw const board.total) { "total".to_owned() } else { row.stream.clone() },
            cells: vec![
                Cell::text(&row.stream),
                money(now, 8),
                before.map_or_else(missing, |b| money(b, 7)),
                Cell::text(format::delta(Number::Money(now), then, false)).role(format::delta_role(
                    Number::Money(now),
                    then,
                    false,
                    direction,
                )),
                Cell::number(format::count(row.orders), Some(row.orders as f64), row.orders.to_string()),
                Cell::number(format::count(row.payers), Some(row.payers as f64), row.payers.to_string()),
                money(row.gross, 7),
                money(-row.refunds, 8),
                Cell::text(format::share(now, total)),
            ],
        }
    }

    fn current<'a>(&'a self, env: &Env<'_>) -> Option<Current<'a>> {
        let answer = self.answer.shown()?;
        let tables = self.tables(env);
        let (section, row) = self.board.current(&tables)?;
        if section != STREAMS {
            return answer.per_user.iter().find(|c| c.metric == row.id).map(Current::PerUser);
        }
        match answer.streams.iter().find(|s| s.stream == row.id) {
            Some(stream) => Some(Current::Stream(stream)),
            None => Some(Current::Total(&answer.total)),
        }
    }

    fn draw_pane(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let (Some(board), Some(mut pen)) = (self.answer.shown(), pane::open(pen)) else { return };
        match self.current(env) {
            Some(Current::Stream(row)) => stream_pane(&mut pen, row, &row.stream, board, env),
            Some(Current::Total(row)) => stream_pane(&mut pen, row, "total", board, env),
            Some(Current::PerUser(shown)) => {
                let y = pane::head(&mut pen, number::name(shown), &env.currency());
                let said = number::sentence(shown, env);
                let y = pane::paragraph(&mut pen, y, &said[0].0, Role::Base) + 1;
                let y = pane::paragraph(&mut pen, y, number::formula(shown), Role::Muted) + 1;
                pane::paragraph(&mut pen, y, &identity(board).unwrap_or_default(), Role::Base);
            }
            None => {}
        }
    }
}

enum Current<'a> {
    Stream(&'a StreamRow),
    Total(&'a StreamRow),
    PerUser(&'a Compared),
}

/// Why there is no money to show, where the choice is the reason.
fn nothing(env: &Env<'_>) -> Option<&'static str> {
    (!env.choice.segment.platforms.is_empty()).then_some("money has no platform; f then Backspace counts all platforms")
}

fn missing() -> Cell {
    Cell::number(format::MISSING, None, "").role(Role::Muted)
}

/// Decimals of the money columns: those of the largest amount on the screen.
fn money_style(board: &RevenueBoard, env: &Env<'_>) -> MoneyStyle {
    MoneyStyle::of(board.largest(), env.status.and_then(|s| s.profile.currency))
}

fn user_row(shown: &Compared) -> Row {
    let cell = |n: Number, cells| {
        if n.value().is_none() {
            return missing();
        }
        Cell::number(format::number_fit(n, cells), n.value(), format::exact(n))
    };
    Row {
        id: shown.metric.to_owned(),
        cells: vec![
            Cell::text(number::name(shown)),
            cell(shown.now, 8),
            cell(shown.before, 7),
            number::delta_cell(shown),
            Cell::text(number::observations(shown.metric, shown.now).map_or_else(String::new, format::count))
                .role(Role::Muted),
            Cell::text(number::interval(shown.metric, shown.now).map_or_else(String::new, |i| format!("{i}%")))
                .role(Role::Muted),
        ],
    }
}

fn stream_pane(pen: &mut Pen<'_>, row: &StreamRow, name: &str, board: &RevenueBoard, env: &Env<'_>) {
    let style = money_style(board, env);
    let mut y = pane::head(pen, name, &env.currency());
    let shares =
        [("net", row.net, row.net_before), ("gross", row.gross, row.gross_before), ("refunds", -row.refunds, None)];
    for (label, now, before) in shares {
        let then = before.map_or(Number::None, Number::Money);
        let change = if before.is_some() { format::delta(Number::Money(now), then, false) } else { String::new() };
        y = pane::fact(pen, y, label, (&style.full(now), Role::Base), (&change, Role::Muted));
    }
    y = pane::fact(pen, y, "share of net", (&format::share(row.net, board.total.net), Role::Base), ("", Role::Base));
    y = pane::fact(pen, y, "orders", (&format::count(row.orders), Role::Base), ("", Role::Base));
    y = pane::fact(pen, y, "payers", (&format::count(row.payers), Role::Base), ("", Role::Base));
    let per_order = Number::money_per(row.gross, i128::from(row.orders));
    y = pane::fact(pen, y, "gross per order", (&format::number(per_order), Role::Base), ("", Role::Base)) + 1;
    pane::paragraph(pen, y, "Net = gross - refunds, each booked on its own day", Role::Muted);
}

/// `ARPU = ARPPU x paid rate` with the numbers of the period.
fn identity(board: &RevenueBoard) -> Option<String> {
    let find = |id: &str| board.per_user.iter().find(|c| c.metric == id);
    let (arpu, arppu, rate) = (find("arpu")?, find("arppu")?, find("paid_rate")?);
    let Number::Ratio { num, den } = rate.now else { return None };
    let side = |arppu: Number, rate: String| format!("{} x {rate}", format::number(arppu));
    let now = side(arppu.now, format!("{}/{}", format::count(num), format::count(den)));
    let before = match rate.before {
        Number::Ratio { num, den } => {
            let then = side(arppu.before, format!("{}/{}", format::count(num), format::count(den)));
            format!("; prev {then} = {}", format::number(arpu.before))
        }
        _ => String::new(),
    };
    Some(format!("ARPU = ARPPU x paid rate = {now} = {}{before}", format::number(arpu.now)))
}

fn stream_sentence(row: &StreamRow, name: &str, board: &RevenueBoard, env: &Env<'_>) -> String {
    let name = text::cut_with(text::safe(name).as_str(), 24, '~');
    let style = money_style(board, env);
    let (net, gross, refunds) = (style.full(row.net), style.full(row.gross), style.full(row.refunds));
    let orders = format!("{} orders, {} payers", format::count(row.orders), format::count(row.payers));
    let then = match (board.before, row.net_before) {
        (Some(span), Some(net)) => format!("; {} net {}", dates::period(span, env.today), style.full(net)),
        _ => String::new(),
    };
    let head = format!("{name} net {net} = gross {gross} - refunds {refunds}; {orders}");
    let room = usize::from(env.size.0.saturating_sub(2));
    let short = format!("{name} net {net} = gross {gross} - refunds {refunds}");
    text::first_fit(&[format!("{head}{then}"), head, short], room, '~')
}

impl View for Revenue {
    fn context(&self) -> Context {
        Context::Revenue
    }

    fn questions(&self, env: &Env<'_>) -> Vec<(PanelId, Query)> {
        let Some(scope) = env.scope() else { return Vec::new() };
        let journal = Query::Journal(scope.period);
        vec![(PanelId::REVENUE, Query::Revenue(scope)), (PanelId::JOURNAL, journal)]
    }

    fn begin(&mut self, panel: PanelId) {
        if panel == PanelId::REVENUE {
            self.answer.begin();
        }
    }

    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>) {
        match result {
            Ok(Answer::Revenue(board)) => self.answer.finish(Ok(board)),
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
        let tables = self.tables(env);
        if let Some(done) = self.board.act(input.action, &tables, "revenue", env) {
            return Some(done);
        }
        match input.action {
            Action::NetGross => {
                self.gross = !self.gross;
                Some(Vec::new())
            }
            Action::Filter => Some(vec![Request::Push(Box::new(FilterLine::new(self.board.filter())))]),
            Action::Open | Action::MakeTarget => {
                let money = if self.gross { "gross" } else { "net" };
                let (metric, stream) = match self.current(env)? {
                    Current::Stream(row) => (money, Some(row.stream.clone())),
                    Current::Total(_) => (money, None),
                    Current::PerUser(number) => (number.metric, None),
                };
                let narrow = Narrow { stream, ..Narrow::default() };
                Some(match input.action {
                    Action::Open => vec![Request::Detail(Subject::part(metric, narrow))],
                    _ => make_target(metric, &narrow),
                })
            }
            _ => None,
        }
    }

    fn value_under_cursor(&self, env: &Env<'_>) -> Option<Pick> {
        match self.current(env)? {
            Current::Stream(row) => Some(Pick::Limit(Limit::Stream(row.stream.clone()))),
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
                "REVENUE",
                "This screen shows revenue against the period before, by stream and per user.",
            );
        }
        self.draw_pane(pen, env);
        let (width, height) = (pane::content_width(pen.width()), pen.height());
        let mut pen = pen.part(0, 0, width, height);
        let tables = self.tables(env);
        let users = tables[1].rows.len().max(1) as u16;
        let streams = tables[STREAMS].rows.len().max(1) as u16 + u16::from(tables[STREAMS].total.is_some()) + 1;
        let per_user = 1 + users;
        let least_chart = if height < 16 { 4 } else { 6 };
        let streams = streams.min(height.saturating_sub(per_user + least_chart)).max(3);
        let chart = height.saturating_sub(per_user + streams);
        chart::draw(&mut pen.part(0, 0, width, chart), self.answer.shown(), &self.journal, env);
        self.board.draw(&mut pen.part(0, chart, width, streams), &tables, STREAMS);
        self.board.draw(&mut pen.part(0, chart + streams, width, per_user), &tables, 1);
    }

    fn sentence(&self, env: &Env<'_>) -> Vec<Run> {
        let Some(board) = self.answer.shown() else { return Vec::new() };
        let said = match self.current(env) {
            Some(Current::Stream(row)) => stream_sentence(row, &row.stream, board, env),
            Some(Current::Total(row)) => stream_sentence(row, "total", board, env),
            Some(Current::PerUser(number)) if matches!(number.metric, "arpu" | "arppu" | "paid_rate") => {
                identity(board).unwrap_or_default()
            }
            Some(Current::PerUser(number)) => return number::sentence(number, env),
            None => String::new(),
        };
        vec![(said, Role::Base)]
    }
}
