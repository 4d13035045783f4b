//! Where the tables of a tab stand, and what lies beside them.

use crate::domain::operations::Section;
use crate::query::Detail;
use crate::ui::pen::Pen;
use crate::ui::table::Table;
use crate::ui::theme::Role;

use super::super::super::list::allot;
use super::super::super::pane;
use super::super::super::view::Env;
use super::super::today::{draw_empty, number_pane, trend};
use super::shapes::{Shape, begins, shape};
use super::under::Current;
use super::{HEADLINE, OWN, Operation, aside};

/// Rows that the diagnostics get before other tables get more than their least.
const FINDINGS: u16 = 5;

impl Operation {
    /// Draws rows 3 to 22.
    pub(super) fn lay_out(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        if env.is_empty() {
            let shows: Vec<&str> = self.sections.iter().map(|section| shape(*section).about).collect();
            return draw_empty(
                pen,
                &self.spec.name.to_uppercase(),
                &format!("This tab shows {}.", shows.first().copied().unwrap_or_default()),
            );
        }
        self.draw_pane(pen, env);
        let (width, height) = (pane::content_width(pen.width()), pen.height());
        let mut pen = pen.part(0, 0, width, height);
        let tables = self.tables(env);
        let shown = self.shown(height);
        let wants = self.wants(&tables, shown, height);
        let heights = allot(height, &wants, self.board.section(&tables));
        let mut y = 0;
        for (at, rows) in heights.into_iter().enumerate().filter(|(_, rows)| *rows > 0) {
            let mut part = pen.part(0, y, width, rows);
            self.board.draw(&mut part, &tables, at);
            if let Some(own) = at.checked_sub(OWN).filter(|own| *own < self.sections.len()) {
                self.draw_lack(own, &mut part);
            }
            y += rows;
        }
    }

    /// Least and wanted rows of each table.
    fn wants(&self, tables: &[Table], shown: std::ops::Range<usize>, height: u16) -> Vec<(u16, u16)> {
        let page = self.spec.pages[self.page].len();
        let want = |table: &Table| (table.rows.len().max(1) + table.feet().count() + 1) as u16;
        let mut wants: Vec<(u16, u16)> = tables
            .iter()
            .enumerate()
            .map(|(at, table)| {
                let want = want(table);
                let own = at.checked_sub(OWN).filter(|at| *at < self.sections.len());
                match own {
                    Some(at) if !shown.contains(&at) => (0, 0),
                    // Who measures everything lacks nothing by it.
                    Some(at) if self.sections[at] == Section::Numbers && table.rows.is_empty() && at != shown.start => {
                        (0, 0)
                    }
                    Some(at) => {
                        let want = if table.rows.is_empty() { 4 } else { want };
                        let first = at == shown.start;
                        let least = match (page, first) {
                            (1, true) => 10,
                            (_, true) => 6,
                            _ => 4,
                        };
                        (want.min(least).min(height.saturating_sub(6).max(4)), want)
                    }
                    None if at == HEADLINE => (4, 4),
                    None => (2, want),
                }
            })
            .collect();
        // What stands out comes before the rest of the work, as far as there is room for both.
        let least: u16 = wants.iter().map(|(least, _)| least).sum();
        if let Some((last, want)) = wants.last_mut() {
            *last = (*last + height.saturating_sub(least)).min(*want).min(FINDINGS);
        }
        wants
    }

    fn draw_lack(&self, at: usize, pen: &mut Pen<'_>) {
        let Some(found) = self.found[at].shown().filter(|found| found.rows.is_empty()) else { return };
        let section = self.sections[at];
        let Shape { about, .. } = shape(section);
        let lines = match found.lacks {
            Some(lacks) => {
                vec![format!("needs {lacks}"), format!("then it shows {about}"), self.bring(section).to_owned()]
            }
            // What it shows is said in place of its rows.
            None => vec![String::new(), begins(section).to_owned()],
        };
        let first = 1 + found.total.iter().chain(&found.partial).count() as u16;
        for (y, line) in (first..pen.height()).zip(lines) {
            pen.within(3, y, pen.width().saturating_sub(4), &line, Role::Muted);
        }
    }

    /// How what a table needs is brought.
    fn bring(&self, section: Section) -> &'static str {
        match section {
            Section::Numbers => "L types a number of a day, i imports a file of them",
            _ if self.sections.contains(&Section::Numbers) => {
                "i imports a file; , turns to NUMBERS, daily facts of your own"
            }
            _ => "i imports a file; # Data tells what its columns mean",
        }
    }

    fn draw_pane(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let Some(mut pen) = pane::open(pen) else { return };
        match self.current(env) {
            Some(Current::Headline(one)) => {
                let y = number_pane(&mut pen, &one.number, env);
                let found = self.aside.shown().filter(|found| found.number.metric == one.number.metric);
                aside::parts(&mut pen, y + 1, found);
            }
            Some(Current::Row(section, row)) => {
                let value = self.metric(section, row);
                let y = aside::row(&mut pen, (shape(section), row), value, env);
                // An answer on its way is of the row before.
                let fits = |found: &&Detail| {
                    value
                        .is_some_and(|value| value.metric == Some(found.number.metric) && value.now == found.number.now)
                };
                if let Some(found) = self.aside.shown().filter(fits) {
                    let y = trend(&mut pen, y + 1, &found.number, env);
                    aside::parts(&mut pen, y + 1, Some(found));
                }
            }
            Some(Current::Plan(id)) => {
                if let Some(plan) =
                    self.plans.shown().and_then(|board| board.plans.iter().find(|row| row.plan.id == id))
                {
                    aside::plan(&mut pen, plan, env);
                }
            }
            Some(Current::Finding(text)) => {
                let y = pane::head(&mut pen, "Diagnostics", self.spec.name);
                pane::paragraph(&mut pen, y, &text, Role::Base);
            }
            Some(Current::Task(row)) => aside::task(&mut pen, row, env),
            Some(Current::Noted(section, at)) => {
                if let Some(board) = self.plans.shown() {
                    aside::noted(&mut pen, (section, at), board, env);
                }
            }
            None => {}
        }
    }
}
