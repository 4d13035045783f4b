//! The strategy that plans serve: what is, what is believed to help, where the money goes, what is covered.

use crate::domain::calendar::Span;
use crate::domain::plans::{OpType, Strategy, StrategyStatus};
use crate::ui::pen::Pen;
use crate::ui::table::{Align, Cell, Column, Row, Table, rule};
use crate::ui::theme::Role;
use crate::ui::{dates, format, text};

use super::facts::About;
use super::{Seen, words};

const TEXTS: &[Column] = &[
    Column::new("", Align::Left(1), 11).compact(Align::Left(1)),
    Column::new("", Align::Left(13), TEXT as u16).compact(Align::Left(13)),
];

/// The strategy in force first: four lines of it; the others a line each.
pub fn table(seen: &Seen<'_>) -> Table {
    let strategies = ordered(seen);
    let mut rows = Vec::new();
    let line = |one: &Strategy, name: &str, said: String| Row {
        id: format!("s{}:{name}", one.id),
        cells: vec![Cell::text(name), Cell::text(said)],
    };
    for (at, one) in strategies.iter().enumerate() {
        if at > 0 {
            let said = format!(
                "{}  {}  {}",
                one.title,
                one.status.word(),
                dates::period(Span::new(one.start, one.finish), seen.env.today)
            );
            rows.push(line(one, "also", said));
            continue;
        }
        rows.extend(texts(one).into_iter().filter(|(name, said)| *name != "in the way" || !said.is_empty()).map(
            |(name, said)| line(one, name, if said.is_empty() { format::MISSING.to_owned() } else { said.clone() }),
        ));
        if let Some(facts) = seen.board.strategies.iter().find(|row| row.id == one.id) {
            rows.push(line(one, "budget", budget(facts.budget)));
            rows.push(line(one, "covers", covers(&facts.covers)));
        }
    }
    if rows.is_empty() && !seen.board.plans.is_empty() {
        let said = "none yet: a here writes what is believed to help, and why";
        rows.push(Row {
            id: "s0:new".to_owned(),
            cells: vec![Cell::text("(none)").role(Role::Muted), Cell::text(said).role(Role::Muted)],
        });
    }
    let (title, note) = strategies.first().map_or_else(
        || ("STRATEGY".to_owned(), String::new()),
        |one| {
            let days = dates::period(Span::new(one.start, one.finish), seen.env.today);
            (format!("STRATEGY  {}", one.title), format!("focus {}  {days}", one.focus.word()))
        },
    );
    Table { title, note, columns: TEXTS, rows, ..Table::default() }
}

fn ordered<'a>(seen: &Seen<'a>) -> Vec<&'a Strategy> {
    let mut all: Vec<&Strategy> = seen.board.book.strategies.iter().collect();
    all.sort_by_key(|one| match one.status {
        StrategyStatus::Active => 0,
        StrategyStatus::Draft => 1,
        StrategyStatus::Closed => 2,
    });
    all
}

fn budget(shares: [Option<f64>; 4]) -> String {
    let names = ["acquire", "retain", "revenue", "balanced"];
    let parts =
        names.iter().zip(shares).filter_map(|(name, share)| Some(format!("{name} {}", words::percent(Some(share?)))));
    let said: Vec<String> = parts.collect();
    if said.is_empty() { "nothing granted yet".to_owned() } else { said.join("  ") }
}

fn covers(types: &[OpType]) -> String {
    let list = |on: bool| {
        let digits = OpType::ALL.iter().filter(|op| types.contains(op) == on).map(|op| op.digit().to_string());
        digits.collect::<Vec<_>>().join(" ")
    };
    let dark = list(false);
    if dark.is_empty() { list(true) } else { format!("{}   dark {dark}", list(true)) }
}

/// Cells of a text beside its name.
const TEXT: usize = 66;

/// Strategy and name of the line that an id stands for.
fn line_of<'a>(seen: &Seen<'a>, id: &'a str) -> Option<(&'a Strategy, &'a str)> {
    let (strategy, name) = id.trim_start_matches('s').split_once(':')?;
    Some((seen.board.book.strategies.iter().find(|one| one.id.to_string() == strategy)?, name))
}

/// What a strategy says, in the order of its lines.
fn texts(one: &Strategy) -> [(&'static str, &String); 3] {
    [("situation", &one.situation), ("in the way", &one.complication), ("hypothesis", &one.hypothesis)]
}

/// The text with an id in the rows that are left, where its line has cut it.
pub fn in_full(pen: &mut Pen<'_>, seen: &Seen<'_>, id: &str) {
    let Some((name, said)) =
        line_of(seen, id).and_then(|(one, name)| texts(one).into_iter().find(|(text, _)| *text == name))
    else {
        return;
    };
    let cut = text::width(said) > TEXT.min(usize::from(pen.width().saturating_sub(14)));
    if !cut || pen.height() < 3 {
        return;
    }
    rule(pen, 1, name, "");
    let cells = usize::from(pen.width().saturating_sub(2));
    for (y, line) in (2..pen.height()).zip(text::wrapped(text::safe(said).as_str(), cells)) {
        pen.text(1, y, &line, Role::Base);
    }
}

/// What the pane tells of a strategy.
pub fn about(seen: &Seen<'_>, id: &str) -> Option<About> {
    let (one, _) = line_of(seen, id)?;
    let days = dates::period(Span::new(one.start, one.finish), seen.env.today);
    let mut facts =
        vec![("status", one.status.word().to_owned()), ("focus", one.focus.word().to_owned()), ("days", days)];
    facts.extend(texts(one).into_iter().map(|(name, said)| (name, said.clone())));
    Some(About { title: one.title.clone(), remark: "strategy".to_owned(), facts })
}

/// The line under the cursor in one sentence.
pub fn sentence(seen: &Seen<'_>, id: &str) -> String {
    match line_of(seen, id) {
        None => "a writes a strategy: situation, what is in the way, what is believed to help".to_owned(),
        Some((one, "covers")) => format!("{}: operation types with a plan, and those without (dark)", one.title),
        Some((one, name)) => match texts(one).into_iter().find(|(text, _)| *text == name) {
            Some((_, said)) => format!("{name}: {said}"),
            None => {
                format!("{}: {}, focus {}; e edits, a adds another", one.title, one.status.word(), one.focus.word())
            }
        },
    }
}
