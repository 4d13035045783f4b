//! The average as a curve over intervals, with the cohort under the cursor where there is room for both.

use crate::query::{RetentionTable, State};
use crate::ui::chart::{Range, Series, Stroke};
use crate::ui::format;
use crate::ui::pen::Pen;
use crate::ui::plot::Plot;
use crate::ui::table::rule;
use crate::ui::theme::Role;

use super::grid::letter;
use super::{Retention, reached};

/// Draws the curve over the pen: title, plot, interval names. `beside` continues the rule of the grid.
pub fn draw(screen: &Retention, pen: &mut Pen<'_>, beside: bool) {
    let title = if beside { "curve" } else { "CURVE" };
    let (width, height) = (pen.width(), pen.height());
    if height < 4 {
        return;
    }
    if beside {
        pen.fill(0, 0, width, pen.glyphs().rule(), Role::Muted);
        pen.text(1, 0, &format!(" {title} pooled "), Role::Muted);
    } else {
        rule(pen, 0, title, "thick average of complete cells   dots cohort under the cursor");
    }
    let Some(table) = screen.table.shown() else { return };
    let deepest = table.average.iter().rposition(|mean| mean.rate.is_some()).unwrap_or(0).max(1);
    let at = |n: usize| n as f64 / deepest as f64;
    let average = table.average.iter().enumerate().filter_map(|(n, mean)| mean.rate.map(|rate| (at(n), rate)));
    let mut series = vec![Series { points: average.collect(), role: Role::Series(1), stroke: Stroke::Thick }];
    if !beside {
        series.push(Series { points: cohort(screen, table, deepest), role: Role::Series(5), stroke: Stroke::Dotted });
    }
    let letter = letter(table.grain());
    let marks: Vec<(f64, String)> = (0..=deepest).map(|n| (at(n), format!("{letter}{n}"))).collect();
    let highest = series[0].points.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
    // Where a return event differs from the start no interval is near 100 %.
    let range = if highest > 0.5 { Range { low: 0.0, high: 1.0 } } else { Range::holding(std::iter::once(highest)) };
    Plot { series: &series, range, label: &format::tick_percent, marks: &marks }.draw(&mut pen.part(
        0,
        1,
        width,
        height - 1,
    ));
}

fn cohort(screen: &Retention, table: &RetentionTable, deepest: usize) -> Vec<(f64, f64)> {
    let Some((index, _)) = screen.cell(table) else { return Vec::new() };
    let cohort = &table.cohorts[index];
    let cells = cohort.cells.iter().take(reached(table, index) + 1).enumerate();
    cells
        .filter(|(_, c)| c.state == State::Complete && cohort.size > 0)
        .map(|(n, c)| (n as f64 / deepest as f64, c.users as f64 / cohort.size as f64))
        .collect()
}
