//! Plans: the list, all tasks, the timeline; and inside a plan its tree, tasks, resources, history and review.

mod forms;
mod keys;
mod list;
mod pages;
mod timeline;
mod tree;

use crate::query::{Against, Answer, PlanBoard, PlanQuery, PlanRow, PlanView, Query, TaskRow, TreeRow};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::Table;
use crate::ui::theme::Role;

use super::super::PanelId;
use super::super::action::Action;
use super::super::keymap::Context;
use super::super::layers::filter::FilterLine;
use super::super::list::{Board, allot};
use super::super::load::Load;
use super::super::pane;
use super::super::view::{Env, Input, Request, View};

/// What is shown of all plans, or of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    List,
    AllTasks,
    Timeline,
    Tree,
    Tasks,
    Resources,
    History,
    Review,
}

impl Page {
    /// Pages of all plans, and of one.
    const OUTER: [Self; 3] = [Self::List, Self::AllTasks, Self::Timeline];
    const INNER: [Self; 5] = [Self::Tree, Self::Tasks, Self::Resources, Self::History, Self::Review];

    fn is_inner(self) -> bool {
        Self::INNER.contains(&self)
    }

    /// The next page of its kind in a direction.
    fn turned(self, step: isize) -> Self {
        let all: &[Self] = if self.is_inner() { &Self::INNER } else { &Self::OUTER };
        let now = all.iter().position(|page| *page == self).unwrap_or(0) as isize;
        all[(now + step).rem_euclid(all.len() as isize) as usize]
    }

    /// What the breadcrumb adds.
    fn crumb(self) -> &'static str {
        match self {
            Self::Tasks => " > tasks",
            Self::Resources => " > resources",
            Self::History => " > rounds and revisions",
            Self::Review => " > review",
            _ => "",
        }
    }

    /// How its tables are called in exports.
    fn name(self) -> &'static str {
        match self {
            Self::List => "plans",
            Self::AllTasks | Self::Tasks => "tasks",
            Self::Timeline => "timeline",
            Self::Tree => "tree",
            Self::Resources => "resources",
            Self::History => "rounds",
            Self::Review => "lessons",
        }
    }
}

/// The screen.
#[derive(Debug)]
pub struct Plans {
    all: Load<PlanBoard>,
    one: Load<PlanView>,
    page: Page,
    /// The plan that is open inside.
    plan: i64,
    against: Against,
    folded: Vec<i64>,
    weeks: i32,
    boards: [Board; 8],
    /// Whether the cursor of the tree is still to be put on its worst leaf.
    fresh: bool,
}

impl Plans {
    /// The screen before any answer.
    pub(crate) fn new() -> Self {
        Self {
            all: Load::Idle,
            one: Load::Idle,
            page: Page::List,
            plan: 0,
            against: Against::Target,
            folded: Vec::new(),
            weeks: 0,
            boards: std::array::from_fn(|_| Board::new(3)),
            fresh: false,
        }
    }

    fn board(&self) -> &Board {
        &self.boards[self.page as usize]
    }

    /// The open plan, where its answer is here.
    fn view(&self) -> Option<&PlanView> {
        self.one.shown().filter(|view| view.head.plan.id == self.plan)
    }

    fn tasks(&self) -> &[TaskRow] {
        match self.page {
            Page::AllTasks => self.all.shown().map_or(&[], |board| &board.tasks),
            _ => self.view().map_or(&[], |view| &view.tasks),
        }
    }

    fn tables(&self, env: &Env<'_>) -> Vec<Table> {
        match self.page {
            Page::List => list::tables(self.all.shown(), env),
            Page::AllTasks | Page::Tasks => pages::tasks(self.tasks(), self.all.shown(), env),
            Page::Timeline => timeline::tables(self.all.shown()),
            Page::Tree => tree::tables(self.view(), &self.folded),
            Page::Resources => self.view().map(pages::resources).unwrap_or_default(),
            Page::History => self.view().map(|view| pages::history(view, env)).unwrap_or_default(),
            Page::Review => self.view().map(pages::lessons).unwrap_or_default(),
        }
    }

    /// Id of the row under the cursor.
    fn id(&self, env: &Env<'_>) -> Option<String> {
        let tables = self.tables(env);
        self.board().current(&tables).map(|(_, row)| row.id.clone())
    }

    /// The plan under the cursor, or the open one.
    fn head(&self, env: &Env<'_>) -> Option<&PlanRow> {
        if self.page.is_inner() {
            return self.view().map(|view| &view.head);
        }
        let id: i64 = self.id(env)?.parse().ok()?;
        self.all.shown()?.plans.iter().find(|row| row.plan.id == id)
    }

    /// The node under the cursor.
    fn node(&self, env: &Env<'_>) -> Option<&TreeRow> {
        let (view, id) = (self.view()?, self.id(env)?);
        let guards = view.guards.iter().map(|guard| &guard.row);
        view.tree.iter().chain(guards).find(|row| tree::id(row) == id)
    }

    /// The task under the cursor.
    fn task(&self, env: &Env<'_>) -> Option<&TaskRow> {
        let id: i64 = self.id(env)?.parse().ok()?;
        self.tasks().iter().find(|row| row.task.id == id)
    }

    fn open(&mut self, plan: i64, page: Page) -> Vec<Request> {
        (self.plan, self.page, self.fresh) = (plan, page, true);
        self.folded.clear();
        vec![Request::Refresh]
    }

    /// Goes back to the list; `None` where it is open already.
    fn back(&mut self) -> Option<Vec<Request>> {
        if self.page == Page::List {
            return None;
        }
        self.page = Page::List;
        Some(vec![Request::Refresh])
    }

    /// Puts the cursor of a tree that was just opened on the leaf with the worst effect.
    fn settle(&mut self) {
        let Some(view) = self.one.shown().filter(|_| self.fresh && self.page == Page::Tree) else { return };
        self.fresh = false;
        let up = view.tree.first().is_none_or(|top| top.direction == crate::query::Direction::Up);
        let leaf =
            |row: &&TreeRow| !view.tree.iter().any(|part| part.node.parent_id == Some(row.node.id) && row.node.id != 0);
        let cost = |row: &TreeRow| row.blame.map(|part| if up { part } else { -part });
        let worst = view.tree.iter().filter(leaf).filter(|row| cost(row).is_some_and(|cost| cost < 0.0));
        let worst = worst.min_by(|a, b| cost(a).unwrap_or(0.0).total_cmp(&cost(b).unwrap_or(0.0))).map(tree::id);
        let tables = tree::tables(Some(view), &self.folded);
        if let Some(id) = worst.or_else(|| view.tree.first().map(tree::id)) {
            self.boards[Page::Tree as usize].find(&tables, 0, &id);
        }
    }

    fn draw_tables(&self, pen: &mut Pen<'_>, tables: &[Table], focus: usize) {
        let wants: Vec<(u16, u16)> = tables.iter().map(|table| (2, 1 + table.rows.len().max(1) as u16)).collect();
        let heights = allot(pen.height(), &wants, focus);
        let (width, mut y) = (pen.width(), 0);
        for (section, height) in heights.into_iter().enumerate().filter(|(_, height)| *height > 0) {
            self.board().draw(&mut pen.part(0, y, width, height), tables, section);
            y += height;
        }
    }

    fn draw_outer(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let tables = self.tables(env);
        let (width, height) = (pen.width(), pen.height());
        match (self.page, self.all.shown()) {
            (Page::List, Some(board)) if board.plans.is_empty() => draw_empty(pen, board),
            (Page::List, Some(board)) => {
                let rows: u16 = tables.iter().map(|table| 1 + table.rows.len().max(1) as u16).sum();
                // On a small screen the plans come first, what the gauges tell of the worst second.
                let below = if height < 16 { 2 } else { list::BELOW };
                let top = rows.min(height.saturating_sub(below)).max(4);
                self.draw_tables(&mut pen.part(0, 0, width, top), &tables, self.board().section(&tables));
                list::draw_below(&mut pen.part(0, top, width, height.saturating_sub(top)), board);
            }
            (Page::Timeline, Some(board)) => {
                self.board().draw(&mut pen.part(0, 0, width, height.saturating_sub(3)), &tables, 0);
                let room = usize::from(height.saturating_sub(4));
                let ids: Vec<String> = tables[0].rows.iter().take(room).map(|row| row.id.clone()).collect();
                timeline::draw(pen, board, &ids, timeline::first(env, self.weeks), env);
            }
            _ => self.draw_tables(pen, &tables, self.board().section(&tables)),
        }
    }

    fn draw_inner(&self, pen: &mut Pen<'_>, view: &PlanView, env: &Env<'_>) {
        let node = self.node(env);
        if let (Page::Tree, Some(row)) = (self.page, node) {
            tree::draw_pane(pen, view, row, env);
        }
        let (width, height) =
            (if self.page == Page::Tree { pane::content_width(pen.width()) } else { pen.width() }, pen.height());
        tree::head(&mut pen.part(0, 0, width, 2), view, self.page.crumb(), env);
        let mut pen = pen.part(0, 2, width, height.saturating_sub(2));
        let tables = self.tables(env);
        let height = pen.height();
        let focus = self.board().section(&tables);
        match self.page {
            Page::Tree => {
                let rows: u16 = tables.iter().map(|table| 1 + table.rows.len().max(1) as u16).sum();
                let top = rows.min(height.saturating_sub(5)).max(4);
                self.draw_tables(&mut pen.part(0, 0, width, top), &tables, focus);
                if let Some(row) = node {
                    tree::draw_below(&mut pen.part(0, top, width, height.saturating_sub(top)), view, row, env);
                }
            }
            Page::Review => {
                let used = pages::draw_review(&mut pen.part(0, 0, width, height.saturating_sub(4)), view);
                self.draw_tables(&mut pen.part(0, used, width, height.saturating_sub(used)), &tables, focus);
            }
            _ => self.draw_tables(&mut pen, &tables, focus),
        }
    }
}

/// What to do where there is no plan.
fn draw_empty(pen: &mut Pen<'_>, board: &PlanBoard) {
    crate::ui::table::rule(pen, 0, "PLANS", "");
    let strategy = if board.strategies.is_empty() {
        "A   write a strategy: what is, what is in the way, what may help"
    } else {
        "A   another strategy"
    };
    let lines = [
        "No plan yet. A plan carries a target that breaks down to measured leaves.",
        "",
        strategy,
        "a   make a plan: its period, its metric, its target",
        "    then Enter opens it: + breaks the target down, p proposes targets for the parts,",
        "    o moves it on: running freezes the baseline",
        "",
        "The same as commands: quarterdeck plan new, quarterdeck plan import FILE",
    ];
    for (at, line) in lines.iter().enumerate() {
        pen.text(3, 2 + at as u16, line, Role::Base);
    }
}

impl View for Plans {
    fn context(&self) -> Context {
        match self.page {
            Page::List => Context::PlansList,
            Page::AllTasks | Page::Tasks => Context::PlansTasks,
            Page::Timeline => Context::PlansTimeline,
            Page::Tree => Context::PlansTree,
            Page::Resources => Context::PlansResources,
            Page::History => Context::PlansPage,
            Page::Review => Context::PlansReview,
        }
    }

    fn questions(&self, env: &Env<'_>) -> Vec<(PanelId, Query)> {
        if env.status.is_none() {
            return Vec::new();
        }
        let mut all = vec![(PanelId::PLANS, Query::Plans)];
        if self.page.is_inner() {
            all.push((PanelId::PLAN, Query::Plan(PlanQuery { plan: self.plan, against: self.against })));
        }
        all
    }

    fn begin(&mut self, panel: PanelId) {
        if panel == PanelId::PLAN { self.one.begin() } else { self.all.begin() }
    }

    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>) {
        match result {
            Ok(Answer::Plans(board)) => self.all.finish(Ok(*board)),
            Ok(Answer::Plan(view)) => {
                self.one.finish(Ok(*view));
                self.settle();
            }
            Ok(_) => {}
            Err(why) if panel == PanelId::PLAN => self.one.finish(Err(why)),
            Err(why) => self.all.finish(Err(why)),
        }
    }

    fn is_loading(&self) -> bool {
        self.all.is_loading() || (self.page.is_inner() && self.one.is_loading())
    }

    fn failure(&self) -> Option<&str> {
        self.all.failure().or_else(|| self.one.failure().filter(|_| self.page.is_inner()))
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Option<Vec<Request>> {
        let tables = self.tables(env);
        let name = self.page.name();
        let page = self.page as usize;
        if let Some(done) = self.boards[page].act(input.action, &tables, name, env) {
            return Some(done);
        }
        match input.action {
            Action::Back | Action::BackQuit if self.board().filter().is_empty() => self.back(),
            Action::ViewNext | Action::ViewPrev => {
                self.page = self.page.turned(if input.action == Action::ViewNext { 1 } else { -1 });
                Some(vec![Request::Refresh])
            }
            Action::Filter => Some(vec![Request::Push(Box::new(FilterLine::new(self.board().filter())))]),
            action => self.key(action, env),
        }
    }

    fn narrow(&mut self, filter: &str) {
        self.boards[self.page as usize].narrow(filter);
    }

    fn filter(&self) -> &str {
        self.board().filter()
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        match self.view().filter(|_| self.page.is_inner()) {
            Some(view) => self.draw_inner(pen, view, env),
            None if self.page.is_inner() => drop(pen.text(1, 0, "Plans > ..", Role::Muted)),
            None => self.draw_outer(pen, env),
        }
    }

    fn sentence(&self, env: &Env<'_>) -> Vec<Run> {
        let said = match self.page {
            Page::List | Page::Timeline => return self.head(env).map(list::sentence).unwrap_or_default(),
            Page::AllTasks | Page::Tasks => self.task(env).map(pages::why),
            Page::Tree => self.view().zip(self.node(env)).map(|(view, row)| tree::sentence(view, row)),
            Page::Review => self.view().map(|view| {
                let bare = view.lessons.iter().filter(|l| l.node_id.is_none() && l.evidence.is_empty()).count();
                if bare > 0 {
                    format!("{bare} lessons cite nothing yet; e on one names a node or a fact")
                } else {
                    "C closes the plan, then begins its next round".to_owned()
                }
            }),
            Page::Resources | Page::History => None,
        };
        vec![(said.unwrap_or_default(), Role::Base)]
    }
}
