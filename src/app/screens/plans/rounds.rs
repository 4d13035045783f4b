//! The rounds of a campaign beside each other, and what earlier rounds taught.

use crate::domain::plans::{Review, UseState};
use crate::query::{OfferRow, PlanView, RoundRow, Unit};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::theme::Role;
use crate::ui::{amount, dates, format, text};

use super::super::super::list::{Board, allot};
use super::super::super::pane;
use super::facts::{self, About};
use super::{Page, Seen, crumb, words};

/// Place of the offered lessons.
pub const OFFERS: usize = 1;

const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 26).compact(Align::Left(1)),
    Column::new("target", Align::Right(38), 9).compact(Align::Right(36)),
    Column::new("actual", Align::Right(48), 9).compact(Align::Right(46)),
    Column::new("result", Align::Right(57), 7),
    Column::new("spent", Align::Right(67), 8),
    Column::new("status", Align::Left(70), 9).compact(Align::Left(49)),
];

const LESSONS: &[Column] = &[
    Column::new("", Align::Left(1), 8).compact(Align::Left(1)),
    Column::new("from", Align::Left(10), 4),
    Column::new("", Align::Left(15), 52).compact(Align::Left(10)),
    Column::new("state", Align::Left(70), 9),
];

/// A round in one line of a section: `r3  1-31 May   272k   268k   99%  closed`.
pub fn line(row: &RoundRow, seen: &Seen<'_>, view: &PlanView) -> String {
    let unit = view.head.primary.as_ref().map_or(Unit::Users, |course| course.unit);
    let show = |value| text::pad_left(&amount::brief(value, unit), 9);
    let name = text::pad(&format!("r{}  {}", row.round, dates::period(row.span, seen.env.today)), 34);
    let result = text::pad_left(&words::percent(row.attainment), 6);
    format!("{name}{}{}{result}  {}", show(row.target), show(row.actual), words::state(row.status))
}

/// Rounds, then offered lessons.
pub fn tables(seen: &Seen<'_>, view: &PlanView) -> Vec<Table> {
    let unit = view.head.primary.as_ref().map_or(Unit::Users, |course| course.unit);
    let value = |value: Option<f64>| {
        let exact = value.map_or_else(String::new, |v| amount::exact(v, unit));
        Cell::number(amount::brief(value, unit), value, exact).role(if value.is_none() {
            Role::Muted
        } else {
            Role::Base
        })
    };
    let round = |row: &RoundRow| {
        let here = if row.plan == view.head.plan.id { " (this)" } else { "" };
        let days = dates::period(row.span, seen.env.today);
        Row {
            id: row.plan.to_string(),
            cells: vec![
                Cell::text(format!("r{}  {days}{here}", row.round)),
                value(row.target),
                value(row.actual),
                Cell::number(
                    words::percent(row.attainment),
                    row.attainment,
                    row.attainment.map_or_else(String::new, |v| format::fixed(v, 6)),
                ),
                Cell::number(
                    amount::brief(Some(row.spent as f64), Unit::Money),
                    Some(row.spent as f64),
                    format::fixed(row.spent as f64 / 1e6, 6),
                ),
                Cell::text(words::state(row.status)),
            ],
        }
    };
    let offer = |row: &OfferRow| {
        let role = match row.state {
            UseState::Offered => Role::Accent,
            UseState::Adopted => Role::Good,
            UseState::Rejected => Role::Muted,
        };
        Row {
            id: row.lesson.id.to_string(),
            cells: vec![
                Cell::text(row.lesson.kiss.word().to_uppercase()),
                Cell::text(format!("r{}", row.round)),
                Cell::text(&row.lesson.body),
                Cell::text(state(row)).role(if row.held == Some(false) { Role::Bad } else { role }),
            ],
        }
    };
    vec![
        Table {
            title: "ROUNDS".to_owned(),
            note: view.head.primary.as_ref().map(|course| course.label.clone()).unwrap_or_default(),
            columns: COLUMNS,
            rows: view.rounds.iter().map(round).collect(),
            empty: "this is the first round".to_owned(),
            ..Table::default()
        },
        Table {
            title: "LESSONS OFFERED".to_owned(),
            columns: LESSONS,
            rows: view.offers.iter().map(offer).collect(),
            empty: "no earlier round has left a lesson; a review ends with some".to_owned(),
            ..Table::default()
        },
    ]
}

/// What the pane tells of a round or a lesson.
fn about(seen: &Seen<'_>, view: &PlanView, cursor: &Board, tables: &[Table]) -> Option<About> {
    let (section, row) = cursor.current(tables)?;
    if section == OFFERS {
        let offer = view.offers.iter().find(|offer| offer.lesson.id.to_string() == row.id)?;
        return Some(About {
            title: offer.lesson.body.clone(),
            remark: format!("{}, round {}", offer.lesson.kiss.word(), offer.round),
            facts: vec![("stands on", evidence(&offer.lesson.evidence).to_owned()), ("state", state(offer).to_owned())],
        });
    }
    let round = view.rounds.iter().find(|round| round.plan.to_string() == row.id)?;
    let unit = view.head.primary.as_ref().map_or(Unit::Users, |course| course.unit);
    let review = seen.board.book.review_of(round.plan);
    let told = |pick: fn(&Review) -> &String| review.map(pick).cloned().unwrap_or_default();
    Some(About {
        title: format!("Round {}", round.round),
        remark: words::state(round.status).to_owned(),
        facts: vec![
            ("days", dates::period(round.span, seen.env.today)),
            ("target", amount::full(round.target, unit)),
            ("actual", amount::full(round.actual, unit)),
            ("result", words::percent(round.attainment)),
            ("spent", amount::full(Some(round.spent as f64), Unit::Money)),
            ("insight", told(|review| &review.insight)),
            ("luck", told(|review| &review.luck)),
        ],
    })
}

/// Draws rows 3 to 22.
pub fn draw(pen: &mut Pen<'_>, seen: &Seen<'_>, view: &PlanView, cursor: &Board, tables: &[Table]) {
    facts::draw(pen, about(seen, view, cursor, tables));
    let (width, height) = (pane::content_width(pen.width()), pen.height());
    let pen = &mut pen.part(0, 0, width, height);
    crumb(pen, seen, view, Page::Rounds);
    let rows = |at: usize| tables[at].rows.len().max(1) as u16 + 1;
    let wants = [(rows(0).min(6), rows(0)), (rows(1).min(4), rows(1))];
    let mut y = 1;
    for (at, rows) in allot(height.saturating_sub(1), &wants, cursor.section(tables)).into_iter().enumerate() {
        cursor.draw(&mut pen.part(0, y, width, rows), tables, at);
        y += rows;
    }
}

/// The row under the cursor in one sentence.
pub fn sentence(seen: &Seen<'_>, view: &PlanView, section: usize, id: &str) -> Vec<Run> {
    let said = if section == OFFERS {
        view.offers.iter().find(|row| row.lesson.id.to_string() == id).map(|row| {
            let said = format!("{}; stands on: {}", row.lesson.body, evidence(&row.lesson.evidence));
            match row.state {
                UseState::Adopted => format!("adopted: Enter says whether it held, - rejects it; {said}"),
                _ => format!("{said}; a adopts, - rejects"),
            }
        })
    } else {
        let row = view.rounds.iter().find(|row| row.plan.to_string() == id);
        row.map(|row| format!("round {}, {}: Enter opens it", row.round, dates::period(row.span, seen.env.today)))
    };
    vec![(said.unwrap_or_default(), Role::Base)]
}

/// What was made of a lesson, and whether it proved true once that is known.
fn state(row: &OfferRow) -> &'static str {
    match row.held {
        Some(true) => "held",
        Some(false) => "not held",
        None => row.state.word(),
    }
}

fn evidence(text: &str) -> &str {
    if text.is_empty() { "nothing cited" } else { text }
}
