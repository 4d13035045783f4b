//! The three numbers at the top of a tab: value, comparison, 28 days, limits of a day or the target of a plan.

use crate::query::{Headline, PlanBoard, PlanRow, TargetWord, Unit, find_metric};
use crate::ui::glyphs::Glyphs;
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::theme::Role;
use crate::ui::verdict::Verdict;
use crate::ui::{amount, dates, format, spark};

use super::super::super::number;
use super::super::super::view::Env;

pub const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 22).compact(Align::Left(1)),
    Column::new("value", Align::Right(33), 10).compact(Align::Right(33)),
    Column::new("prev", Align::Right(42), 8).compact(Align::Right(42)),
    Column::new("delta", Align::Right(51), 8).compact(Align::Right(51)),
    Column::new("28 days", Align::Left(52), 14),
    Column::new("a day", Align::Left(67), 13),
];

/// Cells of the line of 28 days.
const SPARK: usize = 14;

/// The target of a running plan whose primary is a metric.
pub fn target<'b>(metric: &str, board: Option<&'b PlanBoard>) -> Option<(&'b PlanRow, f64)> {
    let board = board?;
    board.plans.iter().filter(|row| row.standing.is_some()).find_map(|row| {
        let node = board.book.primary(row.plan.id)?;
        let bound = node.metric.as_deref() == Some(metric) && node.filter.is_all();
        Some((row, row.primary.as_ref()?.target?)).filter(|_| bound)
    })
}

/// The headline as a table.
pub fn table(
    metrics: &[&'static str; 3],
    found: Option<&[Headline]>,
    board: Option<&PlanBoard>,
    (env, glyphs): (&Env<'_>, Glyphs),
) -> Table {
    let row = |(at, id): (usize, &&'static str)| match found.and_then(|found| found.get(at)) {
        Some(one) => headline(one, board, env, glyphs),
        None => waiting(id),
    };
    let money = metrics.iter().filter_map(|id| find_metric(id)).any(|m| matches!(m.unit, Unit::Money | Unit::MoneyPer));
    Table {
        title: "HEADLINE".to_owned(),
        note: if money { env.currency() } else { String::new() },
        columns: COLUMNS,
        rows: metrics.iter().enumerate().map(row).collect(),
        ..Table::default()
    }
}

fn waiting(id: &str) -> Row {
    let name = find_metric(id).map_or(id, |metric| metric.name);
    let mut cells = vec![Cell::text(name)];
    cells.extend((1..COLUMNS.len()).map(|_| Cell::text("..").role(Role::Muted)));
    Row { id: id.to_owned(), cells }
}

fn headline(one: &Headline, board: Option<&PlanBoard>, env: &Env<'_>, glyphs: Glyphs) -> Row {
    let shown = &one.number;
    let value = |n: crate::query::Number, cells| {
        let role = if n.value().is_none() { Role::Muted } else { Role::Base };
        Cell::number(format::number_fit(n, cells), n.value(), format::exact(n)).role(role)
    };
    let sign = if shown.stale { format!(" {}", Verdict::Stale.sign()) } else { String::new() };
    let now = match shown.now.value() {
        None if number::is_defined(shown.metric, env) => {
            Cell::number(Verdict::NoData.text(), None, "").role(Role::Muted)
        }
        _ => value(shown.now, 10),
    };
    let points: Vec<Option<f64>> = shown.trend.iter().map(|n| n.value()).collect();
    let exact: Vec<String> = shown.trend.iter().map(|n| format::exact(*n)).collect();
    let line = if points.iter().any(Option::is_some) { spark::pooled(&points, SPARK, glyphs) } else { String::new() };
    Row {
        id: shown.metric.to_owned(),
        cells: vec![
            Cell::text(format!("{}{sign}", number::name(shown))),
            now,
            value(shown.before, 8),
            number::delta_cell(shown),
            Cell::number(line, None, exact.join(" ")),
            limits(one, board),
        ],
    }
}

/// The target where a plan has one, else what is usual for a day, with a sign where the newest is not.
fn limits(one: &Headline, board: Option<&PlanBoard>) -> Cell {
    let unit = find_metric(one.number.metric).map_or(Unit::Times, |metric| metric.unit);
    if let Some((plan, target)) = target(one.number.metric, board) {
        let role = match plan.standing {
            Some(TargetWord::Off) => Role::Bad,
            Some(TargetWord::Risk | TargetWord::Over | TargetWord::Stale) => Role::Warn,
            _ => Role::Base,
        };
        return Cell::text(format!("{} goal", amount::brief(Some(target), unit))).role(role);
    }
    match &one.usual {
        Some(usual) => {
            let sign = if usual.outside { format!(" {}", Verdict::Off.sign()) } else { String::new() };
            let role = if usual.outside { Role::Bad } else { Role::Muted };
            Cell::text(format!("{}{sign}", band(one, (usual.band.lower, usual.band.upper), unit))).role(role)
        }
        None => Cell::text(format::MISSING).role(Role::Muted),
    }
}

/// Low-high with the unit once; nothing counted is ever below 0, and a share of a whole never above it.
fn band(one: &Headline, (lower, upper): (f64, f64), unit: Unit) -> String {
    let share = unit == Unit::Rate && one.number.trend.iter().filter_map(|n| n.value()).all(|value| value <= 1.0);
    let upper = if share { upper.min(1.0) } else { upper };
    let told = |value: f64| match unit {
        Unit::Rate => format::fixed(value * 100.0, 1),
        Unit::MoneyPer | Unit::EventsPer | Unit::Times if value.abs() < 100.0 => format::fixed(value, 1),
        _ => format::short(value),
    };
    let percent = if unit == Unit::Rate { "%" } else { "" };
    format!("{}-{}{percent}", told(lower.max(0.0)), told(upper))
}

/// What is said of a number that has no value: what would feed it, and how to bring that.
pub fn missing(one: &Headline) -> Option<String> {
    let needs = one.needs?.split("; ").next()?;
    Some(format!("{} needs {needs}; i imports, L types a day", number::name(&one.number)))
}

/// The newest day where it is unusual.
pub fn unusual(one: &Headline, env: &Env<'_>) -> Option<String> {
    let usual = one.usual.filter(|usual| usual.outside)?;
    let unit = find_metric(one.number.metric).map_or(Unit::Times, |metric| metric.unit);
    let (day, value) = (dates::weekday(usual.day, env.today), format::number(usual.value));
    let usual = band(one, (usual.band.lower, usual.band.upper), unit);
    Some(format!("{} {value} on {day}; usual for the weekday {usual}", number::name(&one.number)))
}
