//! Plans: the list with four gauges, all tasks and the timeline; inside a plan its tree, tasks, resources, revisions,
//! review and rounds. `.` and `,` turn the views, Esc goes back to the list.

pub mod acts;
mod clash;
mod facts;
pub(in super::super) mod forms;
mod list;
mod node_acts;
mod node_pane;
mod node_section;
mod node_sentence;
mod nodes;
mod page;
mod resource_acts;
mod resources;
mod review;
mod review_acts;
mod review_pane;
mod revisions;
mod rounds;
mod status;
mod strategy;
pub mod task_acts;
mod tasks;
mod timeline;
mod tree;
pub mod words;

use std::collections::BTreeSet;

use crate::domain::plans::Conflict;
use crate::query::{Against, Answer, PlanBoard, PlanQuery, PlanView, Query};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::Table;
use crate::ui::theme::Role;
use crate::ui::{dates, text};

use super::super::PanelId;
use super::super::action::Action;
use super::super::frame::PLANS;
use super::super::keymap::Context;
use super::super::layers::filter::FilterLine;
use super::super::list::Board;
use super::super::load::Load;
use super::super::view::{Clash, Env, Input, Note, Pick, Request, View};
use page::Page;

/// What the views are drawn from.
#[derive(Clone, Copy)]
struct Seen<'a> {
    board: &'a PlanBoard,
    /// The open plan; `None` before its first answer.
    view: Option<&'a PlanView>,
    env: &'a Env<'a>,
    against: Against,
    folded: &'a BTreeSet<i64>,
    weeks: i32,
}

/// The screen.
pub struct Plans {
    board: Load<PlanBoard>,
    view: Load<PlanView>,
    page: Page,
    /// The plan that is open.
    open: Option<i64>,
    against: Against,
    /// Nodes whose parts are hidden.
    folded: BTreeSet<i64>,
    cursors: Vec<(Page, Board)>,
    /// Weeks that the timeline is moved by.
    weeks: i32,
    /// The tree opens on its worst leaf.
    fresh: bool,
    /// The metric of a plan that is to be written once the list is here.
    begun: Option<&'static str>,
}

impl Plans {
    /// The list before any answer.
    pub(crate) fn new() -> Self {
        let pages = Page::OF_LIST.into_iter().chain(Page::OF_PLAN);
        Self {
            board: Load::Idle,
            view: Load::Idle,
            page: Page::List,
            open: None,
            against: Against::Target,
            folded: BTreeSet::new(),
            cursors: pages.map(|page| (page, Board::new(page.sections()))).collect(),
            weeks: 0,
            fresh: true,
            begun: None,
        }
    }

    /// The answer about the plan that is open, not about the one before.
    fn shown(&self) -> Option<&PlanView> {
        self.view.shown().filter(|view| Some(view.head.plan.id) == self.open)
    }

    fn seen<'a>(&'a self, env: &'a Env<'a>) -> Option<Seen<'a>> {
        Some(Seen {
            board: self.board.shown()?,
            view: self.shown(),
            env,
            against: self.against,
            folded: &self.folded,
            weeks: self.weeks,
        })
    }

    fn cursor(&self) -> &Board {
        let at = self.cursors.iter().position(|(page, _)| *page == self.page).unwrap_or(0);
        &self.cursors[at].1
    }

    fn cursor_mut(&mut self) -> &mut Board {
        let at = self.cursors.iter().position(|(page, _)| *page == self.page).unwrap_or(0);
        &mut self.cursors[at].1
    }

    fn tables(&self, env: &Env<'_>) -> Vec<Table> {
        let Some(seen) = self.seen(env) else { return Vec::new() };
        match self.page {
            Page::List => list::tables(&seen),
            Page::AllTasks => tasks::tables(&seen, &seen.board.tasks),
            Page::Timeline => timeline::tables(&seen),
            page => match seen.view {
                None => Vec::new(),
                Some(view) => match page {
                    Page::Tree => tree::tables(&seen, view),
                    Page::Tasks => tasks::tables(&seen, &view.tasks),
                    Page::Resources => resources::tables(&seen, view),
                    Page::Revisions => revisions::tables(&seen, view),
                    Page::Review => review::tables(&seen, view),
                    _ => rounds::tables(&seen, view),
                },
            },
        }
    }

    /// Section and id of the row under the cursor.
    fn current(&self, env: &Env<'_>) -> Option<(usize, String)> {
        let tables = self.tables(env);
        self.cursor().current(&tables).map(|(section, row)| (section, row.id.clone()))
    }

    fn current_id(&self, env: &Env<'_>) -> Option<i64> {
        self.current(env).and_then(|(_, id)| id.parse().ok())
    }

    fn open_plan(&mut self, plan: i64, page: Page) -> Vec<Request> {
        if self.open != Some(plan) {
            self.folded.clear();
            self.fresh = true;
        }
        (self.open, self.page) = (Some(plan), page);
        vec![Request::Refresh]
    }

    fn close_plan(&mut self) -> Vec<Request> {
        self.page = Page::List;
        if let Some(plan) = self.open.take() {
            let row = self.board.shown().and_then(|board| board.plans.iter().find(|row| row.plan.id == plan));
            let section = row.map_or(0, list::section_of);
            self.cursor_mut().select(section, &plan.to_string());
        }
        vec![Request::Refresh]
    }

    /// Keeps the cursor of the list on its plan where that has gone to the other section.
    fn follow(&mut self) {
        let Some((_, cursor)) = self.cursors.iter_mut().find(|(page, _)| *page == Page::List) else { return };
        let Some((section, id)) = cursor.held().filter(|(section, _)| *section != list::STRATEGY) else { return };
        let id = id.to_owned();
        let row = self.board.shown().and_then(|board| board.plans.iter().find(|row| row.plan.id.to_string() == id));
        if let Some(now) = row.map(list::section_of).filter(|now| *now != section) {
            cursor.select(now, &id);
        }
    }

    /// Puts the cursor of the tree on the leaf that takes most away.
    fn seek_worst_leaf(&mut self) {
        let Some(worst) = self.shown().and_then(nodes::worst_leaf) else { return };
        self.fresh = false;
        if let Some((_, board)) = self.cursors.iter_mut().find(|(page, _)| *page == Page::Tree) {
            board.select(0, &worst.to_string());
        }
    }

    /// Keys of the screen that lead from view to view.
    fn move_about(&mut self, action: Action) -> Option<Vec<Request>> {
        match action {
            Action::Go(PLANS) if self.page != Page::List => Some(self.close_plan()),
            Action::Back | Action::BackQuit if self.page != Page::List && self.filter().is_empty() => {
                Some(self.close_plan())
            }
            Action::ViewNext => {
                self.page = self.page.turned(true);
                Some(Vec::new())
            }
            Action::ViewPrev => {
                self.page = self.page.turned(false);
                Some(Vec::new())
            }
            Action::Filter => Some(vec![Request::Push(Box::new(FilterLine::new(self.filter())))]),
            Action::WeekBack => {
                self.weeks -= 1;
                Some(Vec::new())
            }
            Action::WeekForward => {
                self.weeks += 1;
                Some(Vec::new())
            }
            _ => None,
        }
    }

    fn draw_page(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let Some(seen) = self.seen(env) else {
            crate::ui::table::rule(pen, 0, "PLANS", "");
            if self.board.failure().is_none() {
                pen.text(3, 1, "..", Role::Muted);
            }
            return;
        };
        let tables = self.tables(env);
        let cursor = self.cursor();
        if self.page.is_of_plan() && seen.view.is_none() {
            let plan = self.open.and_then(|id| seen.board.book.plan(id));
            let name = plan.map(crate::domain::plans::Plan::name).unwrap_or_default();
            pen.runs(1, 0, &[(format!("Plans > {name}"), Role::Title)]);
            if self.view.failure().is_none() {
                pen.text(1, 1, "..", Role::Muted);
            }
            return;
        }
        match (self.page, seen.view) {
            (Page::List, _) => list::draw(pen, &seen, cursor, &tables),
            (Page::Timeline, _) => timeline::draw(pen, &seen, cursor, &tables),
            (Page::AllTasks, _) => tasks::draw(pen, &seen, &seen.board.tasks, cursor, &tables),
            (Page::Tree, Some(view)) => tree::draw(pen, &seen, view, cursor, &tables),
            (Page::Tasks, Some(view)) => tasks::draw(pen, &seen, &view.tasks, cursor, &tables),
            (Page::Resources, Some(view)) => resources::draw(pen, &seen, view, cursor, &tables),
            (Page::Revisions, Some(view)) => revisions::draw(pen, &seen, view, cursor, &tables),
            (Page::Review, Some(view)) => {
                facts::draw(pen, Some(review_pane::about(&seen, view, cursor, &tables)));
                review::draw(pen, &seen, view, cursor, &tables);
            }
            (_, Some(view)) => rounds::draw(pen, &seen, view, cursor, &tables),
            (_, None) => {}
        }
    }
}

/// The breadcrumb of a view of a plan.
fn crumb(pen: &mut Pen<'_>, seen: &Seen<'_>, view: &PlanView, page: Page) {
    let plan = &view.head.plan;
    let place = if page == Page::Tree { String::new() } else { format!(" > {}", page.name()) };
    let title = format!("Plans > {}{place}", plan.name());
    let today = seen.env.today;
    let span = plan.span();
    let day = if span.contains(today) {
        format!("day {}/{}", today.since(span.first), span.days())
    } else {
        dates::period(span, today)
    };
    let owner = if plan.owner.is_empty() { String::new() } else { format!("   owner {}", plan.owner) };
    let (operation, state) = (words::operation(plan.op_type), words::state(view.head.status));
    let facts = [
        format!("   {operation}{owner}   {day}   {state}"),
        format!("{owner}   {day}   {state}"),
        format!("   {day}   {state}"),
        format!("   {state}"),
    ];
    let (room, cut) = (usize::from(pen.width().saturating_sub(2)), pen.glyphs().cut());
    let title = text::cut_with(text::safe(&title).as_str(), room * 3 / 5, cut);
    let facts = text::first_fit(&facts, room.saturating_sub(text::width(&title)), cut);
    pen.runs(1, 0, &[(title, Role::Title), (facts, Role::Base)]);
}

impl View for Plans {
    fn context(&self) -> Context {
        self.page.context()
    }

    fn needs_data(&self) -> bool {
        false
    }

    fn questions(&self, env: &Env<'_>) -> Vec<(PanelId, Query)> {
        if env.status.is_none() {
            return Vec::new();
        }
        let plan = self.open.map(|plan| (PanelId::PLAN, Query::Plan(PlanQuery { plan, against: self.against })));
        std::iter::once((PanelId::PLANS, Query::Plans)).chain(plan).collect()
    }

    fn begin(&mut self, panel: PanelId) {
        if panel == PanelId::PLAN { self.view.begin() } else { self.board.begin() }
    }

    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>) {
        match (panel, result) {
            (_, Ok(Answer::Plans(board))) => {
                self.board.finish(Ok(*board));
                self.follow();
            }
            (_, Ok(Answer::Plan(view))) => {
                self.view.finish(Ok(*view));
                if self.fresh {
                    self.seek_worst_leaf();
                }
            }
            (PanelId::PLAN, Err(why)) => self.view.finish(Err(why)),
            (PanelId::PLANS, Err(why)) => self.board.finish(Err(why)),
            _ => {}
        }
    }

    fn is_loading(&self) -> bool {
        self.board.is_loading() || (self.open.is_some() && self.view.is_loading())
    }

    fn failure(&self) -> Option<&str> {
        self.board.failure().or_else(|| self.open.and_then(|_| self.view.failure()))
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Option<Vec<Request>> {
        let tables = self.tables(env);
        let name = self.page.name();
        if let Some(done) = self.cursor_mut().act(input.action, &tables, name, env) {
            return Some(done);
        }
        self.move_about(input.action).or_else(|| self.act_on_row(input.action, env))
    }

    fn picked(&mut self, picks: &[Pick]) {
        if let [Pick::NewPlan(metric)] = picks {
            self.close_plan();
            self.begun = Some(metric);
        }
    }

    fn answered(&mut self, env: &Env<'_>) -> Vec<Request> {
        let (Some(board), Some(metric)) = (self.board.shown(), self.begun) else { return Vec::new() };
        let form = forms::new_plan(board, env.today).filled("metric", metric);
        self.begun = None;
        vec![Request::Push(Box::new(form))]
    }

    fn show_plan(&mut self, plan: i64) {
        self.open_plan(plan, Page::Tree);
    }

    fn clash(&self, conflict: &Conflict) -> Option<Clash> {
        self.board.shown().map(|board| clash::clash(board, self.shown(), conflict))
    }

    fn narrow(&mut self, filter: &str) {
        self.cursor_mut().narrow(filter);
    }

    fn filter(&self) -> &str {
        self.cursor().filter()
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        self.draw_page(pen, env);
    }

    fn sentence(&self, env: &Env<'_>) -> Vec<Run> {
        let Some(seen) = self.seen(env) else { return Vec::new() };
        let Some((section, id)) = self.current(env) else {
            return vec![(self.nothing_said(), Role::Base)];
        };
        match (self.page, seen.view) {
            (Page::List, _) => list::sentence(&seen, section, &id),
            (Page::Timeline, _) => timeline::sentence(&seen, &id),
            (Page::AllTasks, _) => tasks::sentence(&seen, &seen.board.tasks, &id),
            (Page::Tree, Some(view)) => node_sentence::sentence(&seen, view, &id),
            (Page::Tasks, Some(view)) => tasks::sentence(&seen, &view.tasks, &id),
            (Page::Resources, Some(view)) => resources::sentence(&seen, view, &id),
            (Page::Revisions, Some(view)) => revisions::sentence(&seen, view, section, &id),
            (Page::Review, Some(view)) => review::sentence(view, section, &id),
            (_, Some(view)) => rounds::sentence(&seen, view, section, &id),
            (_, None) => Vec::new(),
        }
    }
}

impl Plans {
    /// What is said where there is no row.
    fn nothing_said(&self) -> String {
        let said = match self.page {
            Page::List => "no plan yet: a writes the first one here, as quarterdeck plan new does",
            Page::AllTasks | Page::Tasks => "no task yet: a adds one in one line",
            Page::Timeline => "no plan yet: , goes back to the list, a there writes one",
            Page::Tree => "no target yet: t gives the plan a metric and a target",
            Page::Resources => "nothing asked for yet: a adds what the plan needs",
            Page::Revisions => "nothing changed since the plan runs",
            Page::Review | Page::Rounds => "",
        };
        said.to_owned()
    }

    fn read_only(env: &Env<'_>) -> Option<Vec<Request>> {
        env.is_read_only().then(|| vec![Request::Say(Note::refused("opened read only: nothing can be changed"))])
    }
}
