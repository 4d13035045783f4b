//! The tab of an operation type: one template for all seven, filled from its row of OPERATIONS.
//!
//! ```text
//! ── HEADLINE ── value ── prev ── delta  28 days ── a day ──     │ the row under
//! ── PLANS ── owner ── time ─ work ─ result ─ budget ─ hit ──    │ the cursor
//! ── its own tables, page by page ──                             │
//! ── WORK ──                                                     │
//! ── DIAGNOSTICS ──                                              │
//! ```

mod aside;
mod cells;
mod findings;
mod headline;
mod item;
mod keys;
mod layout;
mod parts;
mod recall;
mod records;
mod shapes;
mod under;
mod work;

use std::cell::{Cell, RefCell};

use crate::domain::operations::{Operation as Spec, Section};
use crate::domain::plans::OpType;
use crate::query::{
    Answer, Class, Detail, FunnelRule, FunnelSteps, Headline, HeadlineQuery, Order, PlanBoard, Query, RfmTable,
    SectionQuery, SectionTable, payer_classes,
};
use crate::ui::dates;
use crate::ui::glyphs::Glyphs;
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Cell as TableCell, Row, Table};
use crate::ui::theme::Role;

use super::super::PanelId;
use super::super::action::Action;
use super::super::bars;
use super::super::frame::WIDE;
use super::super::keymap::Context;
use super::super::list::Board;
use super::super::load::Load;
use super::super::view::{Env, Input, Note, Pick, Request, View};
use super::plans::forms;
use shapes::{Shape, shape};
use under::Current;

/// Places of the common tables; a tab's own ones stand between.
const HEADLINE: usize = 0;
const PLANS_AT: usize = 1;
const OWN: usize = 2;

/// Rows from which the tables of the next pages stand below those of this one.
const TALL: u16 = 30;

/// The screen.
#[derive(Debug)]
pub struct Operation {
    spec: &'static Spec,
    op: OpType,
    sections: Vec<Section>,
    page: usize,
    headline: Load<Vec<Headline>>,
    plans: Load<PlanBoard>,
    found: Vec<Load<SectionTable>>,
    /// The answers as tables: thousands of rows are put into words once, not with every key.
    worded: Vec<RefCell<Option<Table>>>,
    /// The glyphs that they are worded with: those last drawn.
    glyphs: Cell<Glyphs>,
    board: Board,
    /// The row whose parts are shown, by its name; the first one before any was chosen.
    whole: String,
    /// Which of a row's numbers is under the cursor, counted among those of its table.
    column: usize,
    funnel: FunnelRule,
    /// The property that participants are split by.
    by: Option<String>,
    /// The class whose payers are to be written to a file, and they, once they are here.
    recall: Option<(Class, Load<RfmTable>)>,
    /// The steps of the funnel, to be changed once they are here.
    steps: Option<Load<FunnelSteps>>,
    /// Days and parts of the number under the cursor, where there is a pane to show them.
    aside: Load<Detail>,
    /// The cursor has moved, so that only what lies beside it is to be asked for.
    moved: Cell<bool>,
}

impl Operation {
    /// The tab before any answer.
    pub fn new(spec: &'static Spec, op: OpType) -> Self {
        let sections: Vec<Section> = spec.sections().collect();
        let mut board = Board::new(sections.len() + 4);
        board.enter(OWN);
        Self {
            spec,
            op,
            page: 0,
            headline: Load::Idle,
            plans: Load::Idle,
            found: sections.iter().map(|_| Load::Idle).collect(),
            worded: sections.iter().map(|_| RefCell::default()).collect(),
            glyphs: Cell::default(),
            sections,
            board,
            whole: String::new(),
            column: 0,
            funnel: FunnelRule::default(),
            by: None,
            recall: None,
            steps: None,
            aside: Load::Idle,
            moved: Cell::new(false),
        }
    }

    /// Whether the first table of the page is here.
    fn has_come(&self, env: &Env<'_>) -> bool {
        let first = self.shown(0).start;
        work::noted(self.sections[first], self.plans.shown(), env).is_some() || self.found[first].shown().is_some()
    }

    fn work_at(&self) -> usize {
        OWN + self.sections.len()
    }

    /// Own tables that stand on a screen of some rows: those of the page, and of the next ones where there is room.
    fn shown(&self, rows: u16) -> std::ops::Range<usize> {
        let before = |page: usize| self.spec.pages[..page].iter().map(|sections| sections.len()).sum::<usize>();
        let first = before(self.page);
        let last = if rows >= TALL { self.sections.len() } else { before(self.page + 1) };
        first..last
    }

    /// Rows between the frame's lines.
    fn rows(env: &Env<'_>) -> u16 {
        env.size.1.saturating_sub(4)
    }

    fn own(&self, at: usize, env: &Env<'_>) -> Table {
        let section = self.sections[at];
        if let Some(noted) = work::noted(section, self.plans.shown(), env) {
            return self.put(section, &noted, env);
        }
        if let Some(table) = &*self.worded[at].borrow() {
            return table.clone();
        }
        let Shape { title, columns, .. } = shape(section);
        let Some(found) = self.found[at].shown() else {
            return Table { title: title.to_owned(), columns, empty: "..".to_owned(), ..Table::default() };
        };
        let table = self.put(section, found, env);
        *self.worded[at].borrow_mut() = Some(table.clone());
        table
    }

    /// An answer in words.
    fn put(&self, section: Section, found: &SectionTable, env: &Env<'_>) -> Table {
        let shape = shape(section);
        let whole = section.parts_of().map(|of| self.whole_of(of).unwrap_or_default());
        let note = self.note(section, found, env);
        let table = cells::table(&shape, (found, whole), note, (env, self.glyphs.get()));
        let empty = if found.lacks.is_none() { format!("nothing yet: {}", shape.about) } else { String::new() };
        let axis = found.span.filter(|_| section == Section::Calendar && !table.rows.is_empty());
        let axis = axis.map(|span| Row {
            id: "weeks".to_owned(),
            cells: vec![TableCell::text(""), TableCell::text(bars::axis(span, env.today))],
        });
        Table { empty, partial: table.partial.or(axis), ..table }
    }

    /// What the rule of a table says of its choice.
    fn note(&self, section: Section, found: &SectionTable, env: &Env<'_>) -> String {
        match section {
            Section::Payback => found.span.map_or_else(String::new, |span| dates::period(span, env.today)),
            Section::Funnel => {
                let order = match self.funnel.order {
                    Order::Ordered => "in order",
                    Order::Strict => "strict",
                    Order::Any => "any order",
                };
                format!("{} d, {order}", self.funnel.days)
            }
            Section::Rfm => "180 d".to_owned(),
            Section::Feedback => self.plans.shown().map_or_else(String::new, |board| work::unread(board, env.today)),
            // Whatever the grain: who was there in these days, and in as many before.
            Section::Lifecycle => found.span.map_or_else(String::new, |days| format!("{} d", days.days())),
            Section::Ads | Section::Streams | Section::Receivables | Section::Pipeline | Section::Deals => {
                env.currency()
            }
            Section::Calendar => bars::LEGEND.to_owned(),
            _ => section.parts_of().and_then(|of| self.whole_of(of)).unwrap_or_default().to_owned(),
        }
    }

    fn tables(&self, env: &Env<'_>) -> Vec<Table> {
        let board = self.plans.shown();
        let headline = self.headline.shown().map(Vec::as_slice);
        let shown = self.shown(Self::rows(env));
        let mut tables = vec![headline::table(&self.spec.headline, headline, board, env), work::plans(board, self.op)];
        for at in 0..self.sections.len() {
            tables.push(if shown.contains(&at) { self.own(at, env) } else { Table::default() });
        }
        tables.push(work::tasks(board, self.op, env));
        let told = self.found.iter().filter_map(Load::shown).flat_map(|found| &found.findings);
        tables.push(findings::table(told, (headline.unwrap_or(&[]), board), self.op, env));
        if self.headline.shown().is_none()
            && let Some(last) = tables.last_mut()
        {
            "..".clone_into(&mut last.empty);
        }
        self.mark(&mut tables);
        tables
    }

    /// Marks the number under the cursor, so that it is seen which one a key is about.
    fn mark(&self, tables: &mut [Table]) {
        let Some((section, row)) = self.board.current(tables).map(|(section, row)| (section, row.id.clone())) else {
            return;
        };
        let Some(at) = section.checked_sub(OWN).filter(|at| *at < self.sections.len()) else { return };
        let Some((place, _)) = self.numbers(at).get(self.column.min(self.last_column(at))).copied() else { return };
        let table = &mut tables[section];
        let feet = table.total.iter_mut().chain(&mut table.partial);
        if let Some(row) = table.rows.iter_mut().chain(feet).find(|one| one.id == row)
            && let Some(cell) = row.cells.get_mut(place)
            && matches!(cell.role, Role::Base)
        {
            cell.role = Role::Selection;
        }
    }
}

impl View for Operation {
    fn context(&self) -> Context {
        match self.op {
            OpType::Product => Context::Product,
            OpType::User => Context::User,
            OpType::Activity => Context::Activity,
            OpType::Market => Context::Market,
            OpType::Channel => Context::Channel,
            OpType::Content => Context::Content,
            OpType::Commercial => Context::Commercial,
        }
    }

    fn questions(&self, env: &Env<'_>) -> Vec<(PanelId, Query)> {
        let Some(scope) = env.scope() else { return Vec::new() };
        if self.moved.take() {
            return self.beside(env).into_iter().collect();
        }
        let shown = self.shown(Self::rows(env));
        let first = 0..self.spec.pages[0].len();
        let query = HeadlineQuery { metrics: self.spec.headline, scope: scope.clone() };
        let mut all = vec![(PanelId::HEADLINE, Query::Headline(query)), (PanelId::PLANS, Query::Plans)];
        for (at, section) in self.sections.iter().enumerate() {
            let measured = !matches!(section, Section::Feedback | Section::Competitors);
            // What the first page finds is told on every page.
            if measured && (shown.contains(&at) || first.contains(&at)) {
                let (funnel, by) = (self.funnel.clone(), self.by.clone());
                let query = SectionQuery { section: *section, scope: scope.clone(), funnel, by };
                all.push((PanelId(PanelId::SECTIONS.0 + at as u8), Query::Section(Box::new(query))));
            }
        }
        if self.recall.is_some() {
            all.push((PanelId::RECALL, Query::Rfm(payer_classes(&scope, env.through()))));
        }
        if self.steps.is_some() {
            all.push((PanelId::FUNNEL, Query::FunnelSteps));
        }
        all.extend(self.beside(env));
        all
    }

    fn answered(&mut self, env: &Env<'_>) -> Vec<Request> {
        // What the cursor stands on is known with the first rows.
        if matches!(self.aside, Load::Idle) && env.size.0 >= WIDE && self.subject(env).is_some() {
            self.moved.set(true);
            return vec![Request::Refresh];
        }
        match self.steps.take() {
            Some(Load::Ready(found)) => return vec![Request::Push(Box::new(forms::funnel(&found, env.today)))],
            Some(Load::Failed { why, .. }) => return vec![Request::Say(Note::refused(why))],
            other => self.steps = other,
        }
        match self.recall.take() {
            Some((class, Load::Ready(found))) => vec![recall::list(class, &found, env)],
            Some((_, Load::Failed { why, .. })) => vec![Request::Say(Note::refused(why))],
            other => {
                self.recall = other;
                Vec::new()
            }
        }
    }

    fn begin(&mut self, panel: PanelId) {
        match panel {
            PanelId::RECALL => {
                if let Some((_, load)) = &mut self.recall {
                    load.begin();
                }
            }
            PanelId::FUNNEL => {
                if let Some(load) = &mut self.steps {
                    load.begin();
                }
            }
            PanelId::ASIDE => self.aside.begin(),
            PanelId::HEADLINE => self.headline.begin(),
            PanelId::PLANS => self.plans.begin(),
            PanelId(n) => {
                let at = usize::from(n.wrapping_sub(PanelId::SECTIONS.0));
                if let (Some(load), Some(worded)) = (self.found.get_mut(at), self.worded.get_mut(at)) {
                    load.begin();
                    worded.take();
                }
            }
        }
    }

    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>) {
        match (panel, result) {
            (PanelId::ASIDE, Ok(Answer::Detail(found))) => self.aside.finish(Ok(found)),
            (PanelId::ASIDE, Err(why)) => self.aside.finish(Err(why)),
            (PanelId::RECALL, result) => {
                if let Some((_, load)) = &mut self.recall {
                    match result {
                        Ok(Answer::Rfm(found)) => load.finish(Ok(found)),
                        Ok(_) => {}
                        Err(why) => load.finish(Err(why)),
                    }
                }
            }
            (PanelId::FUNNEL, result) => {
                if let Some(load) = &mut self.steps {
                    match result {
                        Ok(Answer::FunnelSteps(found)) => load.finish(Ok(found)),
                        Ok(_) => {}
                        Err(why) => load.finish(Err(why)),
                    }
                }
            }
            (PanelId::HEADLINE, Ok(Answer::Headline(found))) => self.headline.finish(Ok(found)),
            (PanelId::HEADLINE, Err(why)) => self.headline.finish(Err(why)),
            (PanelId::PLANS, Ok(Answer::Plans(board))) => self.plans.finish(Ok(*board)),
            (PanelId::PLANS, Err(why)) => self.plans.finish(Err(why)),
            (PanelId(n), result) => {
                let at = usize::from(n.wrapping_sub(PanelId::SECTIONS.0));
                let Some(load) = self.found.get_mut(at) else { return };
                match result {
                    Ok(Answer::Section(found)) => load.finish(Ok(*found)),
                    Ok(_) => {}
                    Err(why) => load.finish(Err(why)),
                }
                let own = self.sections[at];
                let stale = self.sections.iter().map(|one| *one == own || one.parts_of() == Some(own));
                self.worded.iter().zip(stale).filter(|(_, stale)| *stale).for_each(|(worded, _)| drop(worded.take()));
            }
        }
    }

    fn is_loading(&self) -> bool {
        self.headline.is_loading() || self.plans.is_loading() || self.found.iter().any(Load::is_loading)
    }

    fn failure(&self) -> Option<&str> {
        let found = self.found.iter().find_map(Load::failure);
        self.headline.failure().or(found).or(self.plans.failure())
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Option<Vec<Request>> {
        if input.action == Action::Export
            && let Some(class) = self.class(env)
        {
            self.recall = Some((class, Load::Idle));
            return Some(vec![Request::Refresh]);
        }
        let tables = self.tables(env);
        let before = self.beside(env);
        let done = self.board.act(input.action, &tables, self.spec.id, env);
        if !self.has_come(env) {
            // The cursor waits where the rows will be.
            self.board.enter(OWN + self.shown(0).start);
        }
        let mut done = done.or_else(|| self.act_here(input.action, env))?;
        self.follow(env);
        let asks = done.iter().any(|request| matches!(request, Request::Refresh));
        if !asks && before != self.beside(env) {
            self.moved.set(true);
            done.push(Request::Refresh);
        }
        Some(done)
    }

    fn picked(&mut self, picks: &[Pick]) {
        if let [Pick::SplitBy(by)] = picks {
            self.by.clone_from(by);
        }
    }

    fn narrow(&mut self, filter: &str) {
        self.board.narrow(filter);
    }

    fn filter(&self) -> &str {
        self.board.filter()
    }

    fn value_under_cursor(&self, env: &Env<'_>) -> Option<Pick> {
        let Current::Row(section, row) = self.current(env)? else { return None };
        self.limit(section, row, env).map(Pick::Limit)
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        if self.glyphs.replace(pen.glyphs()) != pen.glyphs() {
            self.worded.iter().for_each(|worded| drop(worded.take()));
        }
        self.lay_out(pen, env);
    }

    fn sentence(&self, env: &Env<'_>) -> Vec<Run> {
        self.told(env)
    }
}
