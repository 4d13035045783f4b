//! Figures as cells of a table.

use std::collections::HashMap;

use crate::domain::calendar::{Day, Span};
use crate::domain::plans::PhaseKind;
use crate::query::{Figure, Grade, Number, Payback, SectionRow, SectionTable, Unit, Value};
use crate::ui::format::{self, MoneyStyle};
use crate::ui::glyphs::Glyphs;
use crate::ui::table::{Cell, Column, Row, Table};
use crate::ui::theme::Role;
use crate::ui::{dates, spark};

use super::super::super::bars;
use super::super::super::number::line;
use super::super::super::view::Env;
use super::headline;
use super::shapes::{Shape, Show};

/// Parts a name from its place among rows of the same name; no name on a screen holds it.
const AGAIN: char = '\u{1f}';

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;

/// A table with its rows, or with those of one row of another table; `note` is what the choice is.
pub fn table(
    shape: &Shape,
    (found, of): (&SectionTable, Option<&str>),
    note: String,
    (env, glyphs): (&Env<'_>, Glyphs),
) -> Table {
    let all = found.total.as_ref();
    let every: Vec<&SectionRow> = found.rows.iter().chain(all).chain(&found.partial).collect();
    let styles: Vec<MoneyStyle> = shape.shows.iter().map(|show| style(*show, &every, env)).collect();
    let cells_of = |row: &SectionRow| cells(shape, row, (all, &styles, found.span), (env, glyphs));
    let is_part = |at: usize| of.is_none_or(|of| found.of.get(at).is_some_and(|whole| whole == of));
    let rows = ids(found).into_iter().zip(&found.rows).enumerate().filter(|(at, _)| is_part(*at)).map(|(_, row)| row);
    Table {
        title: shape.title.to_owned(),
        note,
        columns: shape.columns,
        heads: heads(shape, every.first().copied(), env),
        rows: rows.map(|(id, row)| Row { id, cells: cells_of(row) }).collect(),
        total: all.map(|row| Row { id: format!("total {}", row.name), cells: cells_of(row) }),
        partial: found.partial.as_ref().map(|row| Row { id: format!("part {}", row.name), cells: cells_of(row) }),
        empty: String::new(),
    }
}

/// The heads of a table whose columns are weeks; none where those of the columns hold.
fn heads(shape: &Shape, row: Option<&SectionRow>, env: &Env<'_>) -> Vec<Cell> {
    let of = |(column, show): (&Column, &Show)| {
        let figure = show.figure().and_then(|at| row?.figures.get(at));
        let week = figure.and_then(Figure::value).and_then(|value| value.span);
        let exact = week.map_or_else(|| column.head.to_owned(), |week| week.first.to_string());
        Cell::number(head(column, *show, figure, env), None, exact)
    };
    let weeks = shape.shows.iter().any(|show| matches!(show, Show::InWeek(_)));
    if weeks { shape.columns.iter().zip(shape.shows).map(of).collect() } else { Vec::new() }
}

/// The head of a column: that of its place in the table, or the first day of the week that its figures are of.
pub fn head(column: &Column, show: Show, figure: Option<&Figure>, env: &Env<'_>) -> String {
    let week = figure.filter(|_| matches!(show, Show::InWeek(_))).and_then(Figure::value).and_then(|value| value.span);
    week.map_or_else(|| column.head.to_owned(), |week| dates::short(week.first, env.today))
}

/// What names the rows of a table: their names, those that come again with their place among them.
fn ids(found: &SectionTable) -> Vec<String> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let id = |row: &'_ SectionRow, before: usize| match before {
        0 => row.name.clone(),
        n => format!("{}{AGAIN}{n}", row.name),
    };
    let rows = found.rows.iter().map(|row| {
        let before = seen.entry(&row.name).or_insert(0);
        *before += 1;
        id(row, *before - 1)
    });
    rows.collect()
}

/// The place of the row that a name stands for.
pub fn place(found: &SectionTable, id: &str) -> Option<usize> {
    let (name, before) = match id.split_once(AGAIN) {
        Some((name, n)) => (name, n.parse().unwrap_or(0)),
        None => (id, 0),
    };
    let mut named = found.rows.iter().enumerate().filter(|(_, row)| row.name == name);
    named.nth(before).map(|(at, _)| at)
}

/// The row that a name stands for, the feet among them.
pub fn find<'f>(found: &'f SectionTable, id: &str) -> Option<&'f SectionRow> {
    let feet = [("total ", &found.total), ("part ", &found.partial)];
    let foot = feet
        .into_iter()
        .find_map(|(mark, foot)| foot.as_ref().filter(|foot| id.strip_prefix(mark) == Some(foot.name.as_str())));
    foot.or_else(|| found.rows.get(place(found, id)?))
}

/// What a row is called: its name, or the day that its week begins with.
pub fn called(shape: &Shape, row: &SectionRow, env: &Env<'_>) -> String {
    let week = shape.shows.contains(&Show::Week).then(|| Day::parse(&row.name)).flatten();
    week.map_or_else(|| row.name.clone(), |day| dates::short(day, env.today))
}

/// Decimals of a column of money: those of its largest amount.
fn style(show: Show, rows: &[&SectionRow], env: &Env<'_>) -> MoneyStyle {
    let micros = |row: &&SectionRow| {
        let (at, prev) = match show {
            Show::Now(at) | Show::InWeek(at) => (at, false),
            Show::Prev(at) => (at, true),
            _ => return None,
        };
        let value = value(row, at)?;
        if let Number::Money(micros) = if prev { value.before } else { value.now } { Some(micros.abs()) } else { None }
    };
    let largest = rows.iter().filter_map(micros).max().unwrap_or(0);
    MoneyStyle::of(largest, env.status.and_then(|status| status.profile.currency))
}

fn cells(
    shape: &Shape,
    row: &SectionRow,
    (all, styles, span): (Option<&SectionRow>, &[MoneyStyle], Option<Span>),
    (env, glyphs): (&Env<'_>, Glyphs),
) -> Vec<Cell> {
    let width = |at: usize| shape.columns.get(at).map_or(0, |column| usize::from(column.width));
    let cell = |(at, show): (usize, &Show)| match show {
        Show::Name => Cell::text(&row.name),
        Show::Week => Cell::text(called(shape, row, env)),
        Show::Now(of) | Show::InWeek(of) => match row.figures.get(*of).unwrap_or(&Figure::Blank) {
            Figure::Value(Value { now: Number::Money(micros), running: false, .. }) => {
                money(*micros, styles[at], width(at))
            }
            other => figure(other, width(at), env),
        },
        Show::Prev(of) => value(row, *of).map_or_else(blank, |value| {
            let cell = match value.before {
                Number::Money(micros) => money(micros, styles[at], width(at)),
                other => number(other, width(at)),
            };
            cell.role(Role::Muted)
        }),
        Show::Delta(of) => value(row, *of).map_or_else(blank, delta),
        Show::Trend(of) => row.figures.get(*of).map_or_else(blank, |of| trend(of, glyphs, env)),
        Show::Bar(of) => Cell::text(bars::drawn(stretches(row, *of), span, env.today)),
        Show::Passed(of) => {
            Cell::text(hull(stretches(row, *of)).map_or_else(String::new, |days| bars::passed(days, env.through())))
        }
        Show::Share(of) => share(value(row, *of), all.and_then(|all| value(all, *of))),
    };
    shape.shows.iter().enumerate().map(cell).collect()
}

/// A trend as a line with its change.
fn trend(of: &Figure, glyphs: Glyphs, env: &Env<'_>) -> Cell {
    let Figure::Trend(weeks) = of else { return blank() };
    let line = spark::line(&weeks.iter().map(|week| week.value()).collect::<Vec<_>>(), weeks.len(), glyphs);
    let change = figure(of, 0, env);
    Cell { text: format!("{line} {}", change.text).trim_end().to_owned(), ..change }
}

fn money(micros: i128, style: MoneyStyle, width: usize) -> Cell {
    let value = Number::Money(micros);
    Cell::number(style.fit(micros, width), value.value(), format::exact(value))
}

fn value(row: &SectionRow, at: usize) -> Option<&Value> {
    row.figures.get(at).and_then(Figure::value)
}

fn stretches(row: &SectionRow, at: usize) -> &[(Span, Option<PhaseKind>)] {
    if let Some(Figure::Stretches(days)) = row.figures.get(at) { days } else { &[] }
}

/// From the first to the last day of some stretches.
fn hull(days: &[(Span, Option<PhaseKind>)]) -> Option<Span> {
    let first = days.iter().map(|(days, _)| days.first).min()?;
    Some(Span { first, last: days.iter().map(|(days, _)| days.last).max()? })
}

fn blank() -> Cell {
    Cell::number("", None, "")
}

/// A figure in its column.
pub fn figure(figure: &Figure, width: usize, env: &Env<'_>) -> Cell {
    match figure {
        Figure::Blank => blank(),
        Figure::Word(word) => Cell::text(word),
        Figure::Day(day) => day.map_or_else(missing, |day| {
            let late = env.today.since(day);
            let (told, role) = match late {
                1.. => (format!("{}, late {late}d", dates::short(day, env.today)), Role::Bad),
                _ => (dates::weekday(day, env.today), Role::Base),
            };
            Cell::number(told, Some(f64::from(day.0)), day.to_string()).role(role)
        }),
        Figure::Seconds(time) => {
            time.map_or_else(missing, |time| Cell::number(span(time), Some(time), format::fixed(time, 0)))
        }
        Figure::Stretches(days) => hull(days).map_or_else(missing, |hull| {
            Cell::number(dates::period(hull, env.today), Some(f64::from(hull.first.0)), hull.first.to_string())
        }),
        Figure::Points(points) => {
            let text = format!("{}pp", format::signed(points * 100.0, 1));
            Cell::number(text, Some(*points), format::fixed(*points, 6))
        }
        Figure::Change(change) => {
            let text = format!("{}%", format::signed(change * 100.0, 1));
            Cell::number(text, Some(*change), format::fixed(*change, 6))
        }
        Figure::Grade(grade) => {
            let (letter, role) = match grade {
                Some(Grade::A) => ("A", Role::Good),
                Some(Grade::B) => ("B", Role::Base),
                Some(Grade::C) => ("C", Role::Bad),
                None => (format::MISSING, Role::Muted),
            };
            Cell::text(letter).role(role)
        }
        Figure::Payback(Payback::Day(day)) => Cell::number(format!("D{day}"), Some(f64::from(*day)), day.to_string()),
        Figure::Payback(Payback::NotYet { share, at }) => {
            let told = format!("{}% by D{at}", format::fixed(share * 100.0, 0));
            Cell::number(told, None, "").role(Role::Warn)
        }
        Figure::Payback(Payback::Undefined) => missing(),
        Figure::Trend(weeks) => ends(weeks).map_or_else(blank, |(first, last)| {
            let change = last / first - 1.0;
            Cell::number(format!("{}%", format::signed(change * 100.0, 0)), Some(change), format::fixed(change, 6))
        }),
        Figure::Days(days) => line(days),
        Figure::Usual(usual) => headline::usual(usual.as_ref(), Unit::Times, &[]),
        Figure::Value(Value { now, running: true, .. }) if now.value().is_some() => {
            let text = format!("{}*", format::number_fit(*now, width.saturating_sub(1)));
            Cell::number(text, now.value(), format::exact(*now)).role(Role::Muted)
        }
        Figure::Value(value) => number(value.now, width),
    }
}

fn number(value: Number, width: usize) -> Cell {
    if value.value().is_none() {
        return missing();
    }
    Cell::number(format::number_fit(value, width), value.value(), format::exact(value))
}

/// The first and the last known value of a trend, where there are two to hold against each other.
fn ends(weeks: &[Number]) -> Option<(f64, f64)> {
    let mut known = weeks.iter().filter_map(|week| week.value());
    let first = known.next().filter(|first| *first > 0.0)?;
    Some((first, known.next_back()?))
}

fn missing() -> Cell {
    Cell::number(format::MISSING, None, "").role(Role::Muted)
}

/// The change of a value, coloured by whether it is good.
pub fn delta(value: &Value) -> Cell {
    let role = format::delta_role(value.now, value.before, value.within_chance, value.direction);
    let exact = value.now.value().zip(value.before.value()).map(|(now, before)| now - before);
    let text = format::delta(value.now, value.before, value.within_chance);
    let sorts = match (value.now.value(), value.before.value()) {
        (Some(now), Some(before)) if before != 0.0 && !matches!(value.now, Number::Ratio { .. }) => Some(now / before),
        _ => exact,
    };
    Cell::number(text, sorts, exact.map_or_else(String::new, |v| format::fixed(v, 6))).role(role)
}

fn share(part: Option<&Value>, all: Option<&Value>) -> Cell {
    let whole = |value: Option<&Value>| match value.map(|value| value.now) {
        Some(Number::Count(n) | Number::Money(n)) => Some(n),
        _ => None,
    };
    match (whole(part), whole(all)) {
        (Some(part), Some(all)) if all != 0 => {
            let fraction = part as f64 / all as f64;
            Cell::number(format::percent(fraction), Some(fraction), format::fixed(fraction, 6))
        }
        _ => missing(),
    }
}

/// A time to convert, as short as it can be told: `45s` `11m` `2.5h` `3.1d`.
pub fn span(seconds: f64) -> String {
    match seconds {
        s if s < MINUTE => format!("{}s", format::fixed(s, 0)),
        s if s < HOUR => format!("{}m", format::fixed(s / MINUTE, 0)),
        s if s < DAY => format!("{}h", format::fixed(s / HOUR, 1)),
        s => format!("{}d", format::fixed(s / DAY, 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_the_largest_unit_that_fits() {
        let told = [4.0, 59.4, 660.0, 9_000.0, 267_840.0].map(span);
        assert_eq!(told, ["4s", "59s", "11m", "2.5h", "3.1d"]);
    }

    #[test]
    fn shares_are_of_counts_and_money_alone() {
        let of = |n| Value::plain(n);
        let (part, all) = (of(Number::Count(1)), of(Number::Count(4)));
        assert_eq!(share(Some(&part), Some(&all)).text, "25.0%");
        assert_eq!(share(Some(&of(Number::ratio(1, 2))), Some(&all)).text, format::MISSING);
        assert_eq!(share(Some(&part), None).text, format::MISSING);
    }
}
