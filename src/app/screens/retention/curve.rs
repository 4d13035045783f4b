//! The average as a curve over intervals, with the cohort under the cursor where there is room for both.

use crate::query::{RetentionTable, State};
use crate::ui::chart::{Range, Series, Stroke, draw as draw_lines};
use crate::ui::pen::Pen;
use crate::ui::table::rule;
use crate::ui::theme::Role;

use super::grid::letter;
use super::{Retention, reached};

/// Columns of the percentages on the left.
const LABELS: u16 = 5;

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
    let deepest = table.average.iter().rposition(Option::is_some).unwrap_or(0).max(1);
    let at = |n: usize| n as f64 / deepest as f64;
    let average = table.average.iter().enumerate().filter_map(|(n, rate)| rate.map(|r| (at(n), r)));
    let mut series = vec![Series { points: average.collect(), role: Role::Series(1), stroke: Stroke::Thick }];
    if !beside {
        series.push(Series { points: cohort(screen, table, deepest), role: Role::Series(5), stroke: Stroke::Dotted });
    }
    let rows = height - 2;
    for (y, label) in [(1, "100%"), (1 + rows / 2, "50%"), (rows, "0%")] {
        pen.right(LABELS, y, label, Role::Muted);
    }
    let plot = width.saturating_sub(LABELS + 1);
    draw_lines(&mut pen.part(LABELS + 1, 1, plot, rows), &series, Range { low: 0.0, high: 1.0 });
    axis(pen, rows + 1, plot, deepest, letter(table.grain));
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

fn axis(pen: &mut Pen<'_>, y: u16, plot: u16, deepest: usize, letter: char) {
    let fit = usize::from(plot / 6).max(1);
    let step = deepest.div_ceil(fit).max(1);
    for n in (0..=deepest).step_by(step) {
        let label = format!("{letter}{n}");
        let x = LABELS + 1 + (usize::from(plot.saturating_sub(1)) * n / deepest) as u16;
        let start = x.min((LABELS + 1 + plot).saturating_sub(label.len() as u16));
        pen.text(start, y, &label, Role::Muted);
    }
}
