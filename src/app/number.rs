//! One compared number in words: for row 23, for panes, for the number detail.

use crate::domain::calendar::Span;
use crate::query::{ActivityMeasure, Change, Compared, Direction, Measure, Number, Unit, find_metric};
use crate::ui::pen::Run;
use crate::ui::table::Cell;
use crate::ui::theme::Role;
use crate::ui::{dates, format, text};

use super::view::Env;

/// Observations below which a rate is told with its interval wherever there is room (metrics.md, Small samples).
const FEW: i128 = 400;

/// Name on screens.
pub fn name(number: &Compared) -> &'static str {
    name_of(number.metric)
}

/// Name of a metric on screens.
pub fn name_of(metric: &'static str) -> &'static str {
    find_metric(metric).map_or(metric, |m| m.name)
}

/// The formula in words.
pub fn formula(number: &Compared) -> &'static str {
    formula_of(number.metric)
}

/// The formula of a metric in words.
pub fn formula_of(metric: &str) -> &'static str {
    find_metric(metric).map_or("", |m| m.formula)
}

/// Colour of the change, by the metric's direction.
pub fn delta_role(number: &Compared) -> Role {
    let direction = find_metric(number.metric).map_or(Direction::Up, |m| m.direction);
    format::delta_role(number.now, number.before, number.within_chance, direction)
}

/// The change as text.
pub fn delta(number: &Compared) -> String {
    format::delta(number.now, number.before, number.within_chance)
}

/// The change as a cell: in percent or points on screen, as an exact fraction in an export.
pub fn delta_cell(number: &Compared) -> Cell {
    let exact = match Change::of(number.now, number.before) {
        Change::Points(change) | Change::Relative(change) => Some(change),
        Change::New | Change::Unknown => None,
    };
    let text = exact.map_or_else(String::new, |v| format::fixed(v, 6));
    Cell::number(delta(number), exact, text).role(delta_role(number))
}

/// The days of a number as a line.
pub fn line(trend: &[Number]) -> Cell {
    let exact: Vec<String> = trend.iter().map(|n| format::exact(*n)).collect();
    Cell::line(trend.iter().map(|n| n.value()).collect(), exact.join(" "))
}

/// Whether the metric can be had for the chosen segment.
pub fn is_defined(metric: &str, env: &Env<'_>) -> bool {
    find_metric(metric).is_some_and(|m| env.choice.segment.refused_by(m).is_none())
}

fn is_proportion(metric: &str) -> bool {
    find_metric(metric).is_some_and(|m| m.measure.is_proportion())
}

/// Who stands below the line of a ratio: users of a share, heads of money per head; `None` for anything else.
pub fn observations(metric: &str, value: Number) -> Option<i128> {
    match value {
        Number::Ratio { den, .. } if is_proportion(metric) => Some(den),
        Number::MoneyPer { den, .. } => Some(den),
        _ => None,
    }
}

/// Wilson's interval of a share of independent users, unit left out.
pub fn interval(metric: &str, value: Number) -> Option<String> {
    match value {
        Number::Ratio { num, den } if is_proportion(metric) => {
            format::interval(u64::try_from(num).ok()?, u64::try_from(den).ok()?)
        }
        _ => None,
    }
}

/// Cohorts behind a D-n of a span of days: those that complete in it.
pub fn cohorts(metric: &str, span: Span) -> Option<Span> {
    match find_metric(metric)?.measure {
        Measure::Activity(ActivityMeasure::DayN(n)) => {
            Some(Span { first: span.first.plus(-i32::from(n)), last: span.last.plus(-i32::from(n)) })
        }
        _ => None,
    }
}

/// What is said of a number of which no day is known: what would feed it, and how to bring that.
fn missing(number: &Compared, env: &Env<'_>) -> Option<String> {
    let metric = find_metric(number.metric).filter(|_| is_defined(number.metric, env))?;
    let known = |value: &Number| value.value().is_some();
    if known(&number.now) || known(&number.before) || number.trend.iter().any(known) {
        return None;
    }
    // How names get a meaning is said on the screen of the data.
    let needs = metric.needs().split("; ").next().unwrap_or_default();
    let head = format!("{} needs {needs}", metric.name);
    let ways = if metric.is_told_by_facts() {
        [format!("; L types {}, i imports a file", metric.id), format!("; L types {}", metric.id), "; L, i".to_owned()]
    } else {
        ["; i imports a file, # tells how it is read", "; i imports a file", "; i imports"].map(str::to_owned)
    };
    let forms: Vec<String> = ways.iter().map(|way| format!("{head}{way}")).chain([head.clone()]).collect();
    Some(text::first_fit(&forms, usize::from(env.size.0.saturating_sub(2)), '~'))
}

/// A number in one sentence that fits on row 23: both periods, the change, what is behind it, the formula where there
/// is room.
pub fn sentence(number: &Compared, env: &Env<'_>) -> Vec<Run> {
    if let Some(missing) = missing(number, env) {
        return vec![(missing, Role::Base)];
    }
    let value = match observations(number.metric, number.now) {
        Some(n) => {
            let interval = interval(number.metric, number.now).filter(|_| n < FEW);
            let interval = interval.map_or_else(String::new, |i| format!(" ({i})"));
            format!("{} n {}{interval}", format::number(number.now), format::count(n))
        }
        None => format::number(number.now),
    };
    let head = format!("{} {} {value}", name(number), dates::period(number.span, env.today));
    let then = number.before_span.filter(|_| number.before.value().is_some()).map_or_else(String::new, |span| {
        format!("; {} {} ({})", dates::period(span, env.today), format::number(number.before), delta(number))
    });
    let cohorts = cohorts(number.metric, number.span)
        .map_or_else(String::new, |span| format!("; cohorts {}", dates::period(span, env.today)));
    let forms = [
        format!("{head}{then}{cohorts}: {}", formula(number)),
        format!("{head}{then}{cohorts}"),
        format!("{head}{then}"),
        format!("{head}; {} before", format::number(number.before)),
        head,
    ];
    let room = usize::from(env.size.0.saturating_sub(2));
    vec![(text::best_fit(&forms, room).to_owned(), Role::Base)]
}

/// A value on an axis, in the unit of a number.
pub fn axis_label(like: &Compared) -> fn(f64) -> String {
    match (like.now, like.before) {
        (Number::Ratio { .. }, _) | (Number::None, Number::Ratio { .. }) => format::tick_percent,
        _ => format::tick,
    }
}

/// What the values of a unit are, in a word.
pub fn unit_word(unit: Unit, env: &Env<'_>) -> String {
    let money =
        |per: &str| format!("{}{per}", if env.currency().is_empty() { "money".to_owned() } else { env.currency() });
    match unit {
        Unit::Users => "users".to_owned(),
        Unit::Orders => "orders".to_owned(),
        Unit::Events => "events".to_owned(),
        Unit::EventsPer => "events a user".to_owned(),
        Unit::Times => "times".to_owned(),
        Unit::Rate => "rate".to_owned(),
        Unit::Money => money(""),
        Unit::MoneyPer => money(" a head"),
    }
}
