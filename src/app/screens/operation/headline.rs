//! The three numbers at the top of a tab: value, comparison, 28 days, limits of a day or the target of a plan.

use crate::domain::calendar::Grain;
use crate::query::{Headline, Number, PlanBoard, PlanRow, TargetWord, Unit, Usual, find_metric};
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::theme::Role;
use crate::ui::verdict::Verdict;
use crate::ui::{amount, dates, format, text};

use super::super::super::number;
use super::super::super::view::Env;

pub const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 22).compact(Align::Left(1)),
    Column::new("value", Align::Right(33), 10).compact(Align::Right(33)),
    Column::new("prev", Align::Right(42), 8).compact(Align::Right(42)),
    Column::new("delta", Align::Right(51), 8).compact(Align::Right(51)),
    Column::new("28 days", Align::Left(52), 14),
    Column::new(DAY, Align::Left(67), GOAL as u16),
];

/// Head of what is usual for a day, and where a plan's target stands below it.
const DAY: &str = "a day";
const DAY_OR_GOAL: &str = "a day or goal";

/// Cells of a target with its days.
const GOAL: usize = 13;

/// The target of a running plan whose primary is a metric; of all users, so that a part of them has none.
pub fn target<'b>(metric: &str, board: Option<&'b PlanBoard>, env: &Env<'_>) -> Option<(&'b PlanRow, f64)> {
    let board = board.filter(|_| env.choice.segment.is_all())?;
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
    env: &Env<'_>,
) -> Table {
    let row = |(at, id): (usize, &&'static str)| match found.and_then(|found| found.get(at)) {
        Some(one) => headline(one, board, env),
        None => waiting(id),
    };
    let money = metrics.iter().filter_map(|id| find_metric(id)).any(|m| matches!(m.unit, Unit::Money | Unit::MoneyPer));
    let has_goal = metrics.iter().any(|id| target(id, board, env).is_some());
    let head = |column: &Column| Cell::text(if column.head == DAY { DAY_OR_GOAL } else { column.head });
    Table {
        heads: if has_goal { COLUMNS.iter().map(head).collect() } else { Vec::new() },
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

fn headline(one: &Headline, board: Option<&PlanBoard>, env: &Env<'_>) -> Row {
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
    Row {
        id: shown.metric.to_owned(),
        cells: vec![
            Cell::text(format!("{}{sign}", number::name(shown))),
            now,
            value(shown.before, 8),
            number::delta_cell(shown),
            number::line(&shown.trend),
            limits(one, board, env),
        ],
    }
}

/// The target where a plan has one, else what is usual for a day.
fn limits(one: &Headline, board: Option<&PlanBoard>, env: &Env<'_>) -> Cell {
    let unit = find_metric(one.number.metric).map_or(Unit::Times, |metric| metric.unit);
    if let Some((plan, target)) = target(one.number.metric, board, env) {
        let role = match plan.standing {
            Some(TargetWord::Off) => Role::Bad,
            Some(TargetWord::Risk | TargetWord::Over | TargetWord::Stale) => Role::Warn,
            _ => Role::Base,
        };
        return Cell::text(goal(plan, (target, unit), env)).role(role);
    }
    usual(one.usual.as_ref(), unit, &one.number.trend)
}

/// What is usual for a day, with a sign where the newest is not.
pub fn usual(usual: Option<&Usual>, unit: Unit, trend: &[Number]) -> Cell {
    let Some(usual) = usual else { return Cell::text(format::MISSING).role(Role::Muted) };
    let sign = if usual.outside { format!(" {}", Verdict::Off.sign()) } else { String::new() };
    let role = if usual.outside { Role::Bad } else { Role::Muted };
    Cell::text(format!("{}{sign}", band(usual, unit, trend))).role(role)
}

/// A target with the days that it is of, which are not those of the period.
fn goal(plan: &PlanRow, (target, unit): (f64, Unit), env: &Env<'_>) -> String {
    let (value, span) = (amount::brief(Some(target), unit), plan.plan.span());
    let (days, end) = (dates::period(span, env.today), dates::short(span.last, env.today));
    let mut forms = vec![format!("{value} in {days}"), format!("{value} {days}")];
    if env.calendar().bucket(Grain::Month, span.first) == span {
        forms.push(format!("{value} in {}", dates::bucket(span, Grain::Month, env.today)));
    }
    forms.extend([format!("{value} to {end}"), format!("{value} {end}")]);
    text::first_fit(&forms, GOAL, '~')
}

/// A number beside the target that a plan has for it: whose, of which days, and what was to be reached by now.
pub fn beside_goal(one: &Headline, board: Option<&PlanBoard>, env: &Env<'_>) -> Option<String> {
    let (row, target) = target(one.number.metric, board, env)?;
    let course = row.primary.as_ref()?;
    let value = |value| amount::brief(value, course.unit);
    let head = format!("{} {}", number::name(&one.number), dates::period(one.number.span, env.today));
    let goal =
        format!("{} has {} for {}", row.plan.name(), value(Some(target)), dates::period(row.plan.span(), env.today));
    let line = course
        .through
        .filter(|_| course.line.is_some())
        .map_or_else(String::new, |day| format!(", {} by {}", value(course.line), dates::short(day, env.today)));
    let now = format::number(one.number.now);
    let forms = [format!("{head} {now}; {goal}{line}"), format!("{head} {now}; {goal}"), goal];
    Some(text::first_fit(&forms, usize::from(env.size.0.saturating_sub(2)), '~'))
}

/// Low-high with the unit once; nothing counted is ever below 0, and a share of a whole never above it.
fn band(usual: &Usual, unit: Unit, trend: &[Number]) -> String {
    let (lower, upper) = (usual.band.lower, usual.band.upper);
    let share = unit == Unit::Rate && trend.iter().filter_map(|n| n.value()).all(|value| value <= 1.0);
    let upper = if share { upper.min(1.0) } else { upper };
    let told = |value: f64| match unit {
        Unit::Rate => format::fixed(value * 100.0, 1),
        Unit::MoneyPer | Unit::EventsPer | Unit::Times if value.abs() < 100.0 => format::fixed(value, 1),
        _ => format::short(value),
    };
    let percent = if unit == Unit::Rate { "%" } else { "" };
    format!("{}-{}{percent}", told(lower.max(0.0)), told(upper))
}

/// The newest day where it is unusual.
pub fn unusual(one: &Headline, env: &Env<'_>) -> Option<String> {
    let usual = one.usual.filter(|usual| usual.outside)?;
    let unit = find_metric(one.number.metric).map_or(Unit::Times, |metric| metric.unit);
    let (day, value) = (dates::weekday(usual.day, env.today), format::number(usual.value));
    let usual = band(&usual, unit, &one.number.trend);
    Some(format!("{} {value} on {day}; usual for the weekday {usual}", number::name(&one.number)))
}
