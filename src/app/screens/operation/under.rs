//! What is under the cursor, and what is said of it.

use crate::domain::calendar::{Grain, Span};
use crate::domain::operations::Section;
use crate::query::{
    CONTENT_PROPERTY, Class, Figure, Headline, Lifecycle, Limit, NO_VALUE, Narrow, OTHER, PropFilter, Query,
    SectionRow, TaskRow, TypedRow, Value,
};
use crate::ui::pen::Run;
use crate::ui::theme::Role;
use crate::ui::{dates, text};

use super::super::super::frame::WIDE;
use super::super::super::subject::{OwnDays, Subject};
use super::super::super::view::Env;
use super::super::super::{PanelId, number};
use super::shapes::shape;
use super::{HEADLINE, OWN, Operation, PLANS_AT, aside, cells, headline, work};

/// What is under the cursor.
pub(super) enum Current<'a> {
    Headline(&'a Headline),
    Plan(i64),
    Task(&'a TaskRow),
    Row(Section, &'a SectionRow),
    /// A row of what was noted, by its place in the list.
    Noted(Section, usize),
    Finding(String),
}

impl Operation {
    /// The metric under the cursor, what it is limited to, and its days.
    pub(super) fn subject(&self, env: &Env<'_>) -> Option<Subject> {
        match self.current(env)? {
            Current::Headline(one) => Some(Subject::whole(one.number.metric)),
            Current::Row(section, row) => {
                let value = self.metric(section, row)?;
                let days = value.span.filter(|_| section.has_own_days()).map(|span| own_days(section, row, span, env));
                Some(Subject { days, ..Subject::part(value.metric?, row.narrow.clone()) })
            }
            _ => None,
        }
    }

    /// The question for the pane, where there is one.
    pub(super) fn beside(&self, env: &Env<'_>) -> Option<(PanelId, Query)> {
        if env.size.0 < WIDE {
            return None;
        }
        Some((PanelId::ASIDE, self.subject(env)?.query(env.scope()?)))
    }

    /// The class of payers under the cursor.
    pub(super) fn class(&self, env: &Env<'_>) -> Option<Class> {
        match self.current(env)? {
            Current::Row(Section::Rfm, row) => Class::parse(&row.name.replace(' ', "_")),
            _ => None,
        }
    }

    /// What the world is limited to by a row; none where it is nothing that a segment is made of.
    pub(super) fn limit(&self, section: Section, row: &SectionRow, env: &Env<'_>) -> Option<Limit> {
        let Narrow { channel, stream, .. } = row.narrow.clone();
        if let Some(limit) = channel.map(Limit::Channel).or(stream.map(Limit::Stream)) {
            return Some(limit);
        }
        match section {
            Section::Lifecycle => Lifecycle::parse(&row.name).map(Limit::Lifecycle),
            Section::Rfm => self.class(env).map(Limit::Rfm),
            Section::Joiners if self.by.is_none() => match row.figures.first()? {
                _ if [OTHER, NO_VALUE].contains(&row.name.as_str()) => None,
                Figure::Word(by) if by == "channel" => Some(Limit::Channel(row.name.clone())),
                Figure::Word(by) if by == "platform" => Some(Limit::Platform(row.name.clone())),
                _ => None,
            },
            Section::Items => {
                let (one, _) = self.record(env)?;
                Some(Limit::Prop(PropFilter::is(CONTENT_PROPERTY, &[one.cell("id")])))
            }
            _ => None,
        }
    }

    /// Columns of a table that hold a figure, with its place in the row.
    pub(super) fn numbers(&self, at: usize) -> Vec<(usize, usize)> {
        let shows = shape(self.sections[at]).shows;
        shows.iter().enumerate().filter_map(|(place, show)| Some((place, show.figure()?))).collect()
    }

    pub(super) fn last_column(&self, at: usize) -> usize {
        self.numbers(at).len().saturating_sub(1)
    }

    pub(super) fn current<'a>(&'a self, env: &Env<'_>) -> Option<Current<'a>> {
        let tables = self.tables(env);
        let (section, row) = self.board.current(&tables)?;
        if section == HEADLINE {
            let all = self.headline.shown()?;
            return all.iter().find(|one| one.number.metric == row.id).map(Current::Headline);
        }
        if section == PLANS_AT {
            return row.id.parse().ok().map(Current::Plan);
        }
        match section.checked_sub(OWN).filter(|at| *at < self.sections.len()) {
            Some(at) => {
                let own = self.sections[at];
                if let Some(noted) = work::noted(own, self.plans.shown(), env) {
                    return Some(Current::Noted(own, cells::place(&noted, &row.id)?));
                }
                let found = self.found[at].shown()?;
                Some(Current::Row(own, cells::find(found, &row.id)?))
            }
            None if section == self.work_at() => {
                let tasks = &self.plans.shown()?.tasks;
                tasks.iter().find(|one| one.task.id.to_string() == row.id).map(Current::Task)
            }
            None => Some(Current::Finding(row.cells.first().map_or_else(String::new, |cell| cell.text.clone()))),
        }
    }

    /// The record under the cursor, with all those of its table.
    pub(super) fn record(&self, env: &Env<'_>) -> Option<(&TypedRow, &[TypedRow])> {
        let tables = self.tables(env);
        let (section, row) = self.board.current(&tables)?;
        let found = self.found.get(section.checked_sub(OWN)?)?.shown()?;
        Some((found.records.get(cells::place(found, &row.id)?)?, &found.records))
    }

    /// The figure under the cursor in a row of a table.
    pub(super) fn figure<'r>(&self, section: Section, row: &'r SectionRow) -> Option<&'r Value> {
        let at = self.sections.iter().position(|one| *one == section)?;
        let (_, figure) = self.numbers(at).get(self.column.min(self.last_column(at))).copied()?;
        row.figures.get(figure).and_then(Figure::value)
    }

    /// The metric that a row is about: that under the cursor, else the first there is.
    pub(super) fn metric<'r>(&self, section: Section, row: &'r SectionRow) -> Option<&'r Value> {
        let metric = |value: &&Value| value.metric.is_some();
        self.figure(section, row).filter(metric).or_else(|| row.figures.iter().filter_map(Figure::value).find(metric))
    }

    pub(super) fn row_sentence(&self, section: Section, row: &SectionRow, env: &Env<'_>) -> String {
        let told = aside::told(shape(section), row, env);
        let formula = match self.metric(section, row).and_then(|value| value.metric) {
            Some(metric) => number::formula_of(metric),
            None if self.class(env).is_some() => "x saves the recall list",
            None => "",
        };
        let name = text::safe(&cells::called(&shape(section), row, env)).to_string();
        let head = format!("{name}: {}", told.join(", "));
        let first = |most: usize| format!("{name}: {}", told[..told.len().min(most)].join(", "));
        let mut forms = vec![head.clone(), first(4)];
        if !formula.is_empty() {
            forms.insert(0, format!("{head}; {formula}"));
        }
        // What a key does to the row is told before its last numbers.
        if self.class(env).is_some() {
            forms.insert(1, format!("{}; {formula}", first(2)));
        }
        text::best_fit(&forms, usize::from(env.size.0.saturating_sub(2))).to_owned()
    }

    /// The thing under the cursor in one sentence.
    pub(super) fn told(&self, env: &Env<'_>) -> Vec<Run> {
        let said = match self.current(env) {
            Some(Current::Headline(one)) => match headline::beside_goal(one, self.plans.shown(), env) {
                Some(said) if one.needs.is_none() => said,
                _ => return number::sentence(&one.number, env),
            },
            Some(Current::Plan(id)) => {
                let row = self.plans.shown().and_then(|board| board.plans.iter().find(|row| row.plan.id == id));
                row.map_or_else(String::new, |row| aside::plan_sentence(row, env))
            }
            Some(Current::Task(_)) => "d done, w one day later, e or Enter edits it".to_owned(),
            Some(Current::Row(section, row)) => self.row_sentence(section, row, env),
            Some(Current::Noted(section, _)) => match section {
                Section::Feedback => "Enter reads it whole, e edits it and its state, a adds one".to_owned(),
                _ => "Enter reads it whole, o changes the verdict, a adds one".to_owned(),
            },
            Some(Current::Finding(text)) => text,
            None => String::new(),
        };
        vec![(said, Role::Base)]
    }
}

/// The days of a number of a table that names them: those of the row's plan, of a cohort, or a week, whole where the data
/// ends in it.
fn own_days(section: Section, row: &SectionRow, span: Span, env: &Env<'_>) -> OwnDays {
    if section.is_of_plans() {
        return OwnDays { name: row.name.clone(), span };
    }
    let runs = section.is_by_week() && span.last >= env.through();
    let span = if runs { env.calendar().bucket(Grain::Week, span.first) } else { span };
    OwnDays { name: dates::period(span, env.today), span }
}
