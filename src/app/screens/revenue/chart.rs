//! The cumulative chart: actual thick, comparison dotted, days below.

use crate::domain::calendar::{Day, Span};
use crate::domain::plans::Journal;
use crate::query::{Point, RevenueBoard};
use crate::ui::chart::{Range, Series, Stroke};
use crate::ui::pen::Pen;
use crate::ui::plot::{LABELS, Plot};
use crate::ui::table::rule;
use crate::ui::theme::Role;
use crate::ui::{dates, format};

use super::super::super::frame::WIDE;
use super::super::super::marks::Marks;
use super::super::super::view::Env;

/// Least distance of two labels below the plot.
const TICK: i32 = 5;

/// The same where labels name the month.
const TICK_WITH_MONTH: i32 = 8;

/// Draws rule, plot and axis over the whole pen; two plots side by side from 120 columns of content on.
pub fn draw(pen: &mut Pen<'_>, board: Option<&RevenueBoard>, journal: &[Journal], env: &Env<'_>) {
    let (width, height) = (pen.width(), pen.height());
    if width < WIDE {
        return cumulative(pen, board, journal, env);
    }
    let left = width / 2;
    cumulative(&mut pen.part(0, 0, left, height), board, journal, env);
    daily(&mut pen.part(left + 1, 0, width - left - 1, height), board, journal, env);
}

fn cumulative(pen: &mut Pen<'_>, board: Option<&RevenueBoard>, journal: &[Journal], env: &Env<'_>) {
    let Some((period, shown)) = env.status.map(|s| (env.choice.period(s), env.choice.shown(s))) else { return };
    let compared = board.is_some_and(|b| !b.daily_before.is_empty());
    let keys = if compared { "actual thick  previous dotted" } else { "actual thick" };
    let note = format!("{}, net {}", dates::period(shown, env.today), env.currency());
    let end = rule(pen, 0, "CUMULATIVE", note.trim_end());
    let keys_at = pen.width().saturating_sub(keys.len() as u16 + 5);
    if keys_at > end {
        pen.text(keys_at, 0, &format!(" {keys} "), Role::Muted);
    }
    let Some(board) = board else {
        pen.text(LABELS, 1, "..", Role::Muted);
        return;
    };
    left_out(pen, board);
    if board.streams.is_empty() {
        let why = super::nothing(env).unwrap_or("no order or refund in this period; i imports orders");
        let width = pen.width().saturating_sub(4);
        pen.within(3, 1, width, why, Role::Muted);
        return;
    }
    plot(pen, &sums(board, period), &Marks::of(journal, period), (period, env.today));
}

/// Net revenue added up from day to day: the period, then what it is compared with.
pub fn sums(board: &RevenueBoard, period: Span) -> Vec<Series> {
    let days = f64::from(period.days() - 1).max(1.0);
    let line = |points: &[Point], first: Day, role, stroke| {
        let mut sum = 0.0;
        let points = points.iter().map(|p| {
            sum += p.value.value().unwrap_or(0.0);
            (f64::from(p.span.first.since(first)) / days, sum)
        });
        Series { points: points.collect(), role, stroke }
    };
    let mut series = vec![line(&board.daily, period.first, Role::Series(1), Stroke::Thick)];
    if let Some(before) = board.before {
        series.push(line(&board.daily_before, before.first, Role::Series(3), Stroke::Dotted));
    }
    series
}

fn daily(pen: &mut Pen<'_>, board: Option<&RevenueBoard>, journal: &[Journal], env: &Env<'_>) {
    let Some(period) = env.status.map(|s| env.choice.period(s)) else { return };
    rule(pen, 0, "BY DAY", "net");
    let Some(board) = board else { return };
    let days = f64::from(period.days() - 1).max(1.0);
    let line = |points: &[Point], first: Day, role, stroke| {
        let points =
            points.iter().filter_map(|p| Some((f64::from(p.span.first.since(first)) / days, p.value.value()?)));
        Series { points: points.collect(), role, stroke }
    };
    let mut series = vec![line(&board.daily, period.first, Role::Series(1), Stroke::Thick)];
    if let Some(before) = board.before {
        series.push(line(&board.daily_before, before.first, Role::Series(3), Stroke::Dotted));
    }
    plot(pen, &series, &Marks::of(journal, period), (period, env.today));
}

fn left_out(pen: &mut Pen<'_>, board: &RevenueBoard) {
    if board.excluded > 0 {
        let said = format!("{} rows in a currency without a rate are left out", format::count(board.excluded));
        pen.text(LABELS, 1, &said, Role::Warn);
    }
}

fn plot(pen: &mut Pen<'_>, series: &[Series], happened: &Marks, (period, today): (Span, Day)) {
    let height = pen.height().saturating_sub(1);
    let width = pen.width();
    if height == 0 || series.iter().all(|s| s.points.is_empty()) {
        return;
    }
    let range = Range::holding(series.iter().flat_map(|s| s.points.iter().map(|(_, v)| *v)));
    let marks = marks(width.saturating_sub(LABELS + 1), period);
    let plot = Plot { series, range, label: &format::tick, marks: &marks };
    happened.draw(&plot, &mut pen.part(0, 1, width, height), today);
}

/// Days of the month below the plot, evenly spaced, as many as fit.
pub fn marks(width: u16, period: Span) -> Vec<(f64, String)> {
    let days = period.days();
    let steps = [1, 2, 5, 7, 14, 28, 61, 91, 182, 365];
    let single_month = days <= 31;
    let least = if single_month { TICK } else { TICK_WITH_MONTH };
    let fits = |step: &i32| i32::from(width) * step / days.max(1) >= least;
    let step = steps.into_iter().find(fits).unwrap_or(days);
    let offsets = (0..days).step_by(step.max(1) as usize);
    offsets
        .map(|offset| {
            let day = period.first.plus(offset);
            let pattern = if single_month { "%-d" } else { "%-d %b" };
            (f64::from(offset) / f64::from((days - 1).max(1)), day.date().format(pattern).to_string())
        })
        .collect()
}
