//! What keys do on a tab.

use crate::domain::operations::Section;
use crate::query::{Answer, Order, Query, TypedRow};

use super::super::super::PanelId;
use super::super::super::action::Action;
use super::super::super::layers::choose::{ChoiceRow, Chooser};
use super::super::super::layers::filter::FilterLine;
use super::super::super::layers::message::Message;
use super::super::super::load::Load;
use super::super::super::make_target::make_target;
use super::super::super::view::{Env, Note, Pick, Request};
use super::super::plans::{acts, forms, task_acts};
use super::item::ItemPage;
use super::shapes::shape;
use super::under::Current;
use super::{OWN, Operation, records, work};

/// Windows of the funnel in days.
const WINDOWS: [u16; 6] = [1, 3, 7, 14, 30, 90];

impl Operation {
    fn turn(&mut self, step: isize) -> Vec<Request> {
        let pages = self.spec.pages.len() as isize;
        self.page = (self.page as isize + step).rem_euclid(pages) as usize;
        self.column = 0;
        let first = self.shown(0).start;
        self.board.enter(OWN + first);
        vec![Request::Refresh]
    }

    fn window(&mut self, step: isize) -> Vec<Request> {
        let now = WINDOWS.iter().position(|days| *days == self.funnel.days).unwrap_or(0);
        let next = now.saturating_add_signed(step).min(WINDOWS.len() - 1);
        self.funnel.days = WINDOWS[next];
        vec![Request::Refresh]
    }

    fn open(&self, env: &Env<'_>) -> Option<Vec<Request>> {
        Some(match self.current(env)? {
            Current::Plan(id) => acts::tree_of(id),
            Current::Task(_) if env.is_read_only() => {
                vec![Request::Say(Note::refused("opened read only: nothing can be changed"))]
            }
            Current::Task(row) => task_acts::act(Action::Open, self.plans.shown()?, row, env.today)?,
            Current::Row(Section::Items | Section::Queue, _) if self.record(env).is_some() => {
                let (one, _) = self.record(env)?;
                vec![Request::Page(Box::new(ItemPage::new(self.spec.name, one)))]
            }
            Current::Headline(_) | Current::Row(..) => vec![Request::Detail(self.subject(env)?)],
            Current::Noted(section, at) => {
                let board = self.plans.shown()?;
                let said = match section {
                    Section::Feedback => work::feedback(board).get(at)?.body.clone(),
                    _ => work::competitors(board).get(at)?.body.clone(),
                };
                vec![Request::Push(Box::new(Message::new(shape(section).title, vec![said])))]
            }
            Current::Finding(text) => vec![Request::Push(Box::new(Message::new("Diagnostics", vec![text])))],
        })
    }

    /// What `a` adds here: what the table under the cursor holds, else a task.
    fn add(&mut self, env: &Env<'_>) -> Vec<Request> {
        let page = self.spec.pages[self.page];
        let on_page = [Section::Feedback, Section::Competitors].into_iter().find(|section| page.contains(section));
        let noted = if let Some(Current::Noted(section, _)) = self.current(env) { Some(section) } else { on_page };
        if let Some(at) = self.sections.iter().position(|section| Some(*section) == noted) {
            self.board.enter(OWN + at);
        }
        let here = self.own_section(env).and_then(records::kind_of);
        if let (None, Some(kind)) = (noted, here.or_else(|| page.iter().find_map(|one| records::kind_of(*one)))) {
            let known = self.found.iter().filter_map(Load::shown).flat_map(|found| &found.records);
            let known: Vec<TypedRow> = known.filter(|row| row.kind == kind).cloned().collect();
            return vec![Request::Push(Box::new(records::form(kind, None, &known, env.today)))];
        }
        match (noted, self.plans.shown()) {
            (_, None) => Vec::new(),
            (Some(Section::Feedback), Some(board)) => {
                vec![Request::Push(Box::new(forms::feedback(board, self.op, None, env.today)))]
            }
            (Some(_), Some(board)) => vec![Request::Push(Box::new(forms::competitor(board, None, env.today)))],
            (None, Some(board)) => {
                vec![Request::Push(Box::new(task_acts::task_line(board, (None, None), self.op, env.today)))]
            }
        }
    }

    /// The own table under the cursor.
    fn own_section(&self, env: &Env<'_>) -> Option<Section> {
        let tables = self.tables(env);
        let (section, _) = self.board.current(&tables)?;
        self.sections.get(section.checked_sub(OWN)?).copied()
    }

    /// The form of the record under the cursor.
    fn edit(&self, env: &Env<'_>) -> Option<Vec<Request>> {
        if let Some((one, known)) = self.record(env) {
            return Some(vec![Request::Push(Box::new(records::form(one.kind, Some(one), known, env.today)))]);
        }
        let board = self.plans.shown()?;
        let form = match self.current(env)? {
            Current::Task(row) => return task_acts::act(Action::Edit, board, row, env.today),
            Current::Noted(Section::Feedback, at) => {
                forms::feedback(board, self.op, Some(work::feedback(board).get(at)?), env.today)
            }
            Current::Noted(_, at) => forms::competitor(board, Some(work::competitors(board).get(at)?), env.today),
            _ => return None,
        };
        Some(vec![Request::Push(Box::new(form))])
    }

    /// Changes what is done about what a competitor did.
    fn verdict(&self, env: &Env<'_>) -> Option<Vec<Request>> {
        let board = self.plans.shown()?;
        match self.current(env)? {
            Current::Noted(Section::Competitors, at) => {
                Some(vec![records::verdict_on(work::competitors(board).get(at)?)])
            }
            _ => None,
        }
    }

    /// Does what a key asks of the task under the cursor.
    fn task(&self, action: Action, env: &Env<'_>) -> Vec<Request> {
        let (Some(Current::Task(row)), Some(board)) = (self.current(env), self.plans.shown()) else {
            return vec![Request::Say(Note::told("J to WORK: this key is for a task"))];
        };
        task_acts::act(action, board, row, env.today).unwrap_or_default()
    }

    /// Goes to the parts of the row under the cursor, which is no number that could be opened.
    fn open_parts(&mut self, env: &Env<'_>) -> Option<Vec<Request>> {
        self.follow(env);
        let here = self.own_section(env)?;
        let parts = self.sections.iter().copied().find(|section| section.parts_of() == Some(here))?;
        self.page_of(parts)
    }

    /// Goes to the page of a table.
    fn page_of(&mut self, section: Section) -> Option<Vec<Request>> {
        let page = self.spec.pages.iter().position(|page| page.contains(&section))?;
        Some(self.turn(page as isize - self.page as isize))
    }

    /// Moves the record under the cursor on.
    fn move_on(&self, env: &Env<'_>) -> Vec<Request> {
        match self.record(env) {
            Some((one, known)) => vec![records::move_on(one, known, env.today)],
            None => vec![Request::Say(Note::refused("put the cursor on an item or a deal; . turns to their tables"))],
        }
    }

    /// Takes out the record or task under the cursor.
    fn remove(&self, env: &Env<'_>) -> Vec<Request> {
        if let Some((one, _)) = self.record(env) {
            return vec![records::remove(one)];
        }
        match (self.current(env), self.plans.shown()) {
            (Some(Current::Task(row)), Some(board)) => {
                task_acts::act(Action::Remove, board, row, env.today).unwrap_or_default()
            }
            _ => vec![Request::Say(Note::refused(
                "put the cursor on an item, a deal or a task; . turns to their tables",
            ))],
        }
    }

    /// Makes the number under the cursor a target.
    fn target(&self, env: &Env<'_>) -> Option<Vec<Request>> {
        let subject = self.subject(env)?;
        Some(make_target(subject.metric, &subject.narrow))
    }

    pub(super) fn act_here(&mut self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        match action {
            Action::ViewNext if self.spec.pages.len() > 1 => Some(self.turn(1)),
            Action::ViewPrev if self.spec.pages.len() > 1 => Some(self.turn(-1)),
            Action::Left => {
                self.column = self.column.saturating_sub(1);
                Some(Vec::new())
            }
            Action::Right => {
                let tables = self.tables(env);
                let (section, _) = self.board.current(&tables)?;
                let at = section.checked_sub(OWN).filter(|at| *at < self.sections.len())?;
                self.column = (self.column + 1).min(self.last_column(at));
                Some(Vec::new())
            }
            Action::FunnelSteps if !env.is_read_only() => {
                self.steps = Some(Load::Idle);
                Some(vec![Request::Refresh])
            }
            Action::FunnelOrder => {
                self.funnel.order = match self.funnel.order {
                    Order::Ordered => Order::Strict,
                    Order::Strict => Order::Any,
                    Order::Any => Order::Ordered,
                };
                Some(vec![Request::Refresh])
            }
            Action::SplitBy => {
                let mut done = self.page_of(Section::Joiners)?;
                done.push(Request::Push(Box::new(splits())));
                Some(done)
            }
            Action::WindowLess => Some(self.window(-1)),
            Action::WindowMore => Some(self.window(1)),
            Action::Filter => Some(vec![Request::Push(Box::new(FilterLine::new(self.board.filter())))]),
            Action::Open => Some(self.open(env).or_else(|| self.open_parts(env)).unwrap_or_else(has_no_page)),
            Action::Add
            | Action::Edit
            | Action::FunnelSteps
            | Action::MakeTarget
            | Action::NoteVerdict
            | Action::MoveOn
            | Action::Remove
            | Action::TaskDone
            | Action::TaskTomorrow
                if env.status.is_some_and(|status| status.read_only) =>
            {
                Some(vec![Request::Say(Note::refused("opened read only: nothing can be changed"))])
            }
            Action::Add => Some(self.add(env)),
            Action::Edit => self.edit(env),
            Action::Remove => Some(self.remove(env)),
            Action::NoteVerdict => self.verdict(env),
            Action::MoveOn => Some(self.move_on(env)),
            Action::TaskDone | Action::TaskTomorrow => Some(self.task(action, env)),
            Action::MixRate => self.page_of(Section::Mix),
            Action::MakeTarget => Some(self.target(env).unwrap_or_else(is_no_target)),
            _ => None,
        }
    }
}

/// Asks by which property participants are split.
fn splits() -> Chooser {
    let row = |words: String, by: Option<String>| {
        ChoiceRow::new(words, "", move || vec![Request::Picked(vec![Pick::SplitBy(by.clone())])])
    };
    let rows = move |answer: Answer| {
        let Answer::Properties(found) = answer else { return Vec::new() };
        let names = found.map_or_else(Vec::new, |(_, names)| names);
        let usual = row("channel and platform".to_owned(), None);
        std::iter::once(usual).chain(names.into_iter().map(|name| row(name.clone(), Some(name)))).collect()
    };
    // No property has an empty name, so that those there are are named.
    let query = Query::Properties(vec![String::new()]);
    Chooser::asking("Split who joined by", PanelId::PROPERTIES, query, rows)
}

/// Told where Enter meets a number that is not of the catalogue.
fn has_no_page() -> Vec<Request> {
    vec![Request::Say(Note::told("no series of its own stands behind this; x exports the table"))]
}

/// Told where T does.
fn is_no_target() -> Vec<Request> {
    vec![Request::Say(Note::told("no plan can be measured by this; T is for numbers that Enter opens"))]
}
