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
mod recall;
mod records;
mod shapes;
mod typed;
mod work;

use std::cell::Cell;

use crate::domain::operations::{Operation as Spec, Section};
use crate::domain::plans::OpType;
use crate::query::{
    Answer, Class, Detail, Figure, FunnelRule, Headline, HeadlineQuery, Narrow, Order, PlanBoard, Query, RfmTable,
    SectionQuery, SectionRow, SectionTable, Value, find_metric, payer_classes,
};
use crate::ui::glyphs::Glyphs;
use crate::ui::pen::{Pen, Run};
use crate::ui::table::Table;
use crate::ui::text;
use crate::ui::theme::Role;

use super::super::action::Action;
use super::super::frame::{PLANS, WIDE};
use super::super::keymap::Context;
use super::super::layers::filter::FilterLine;
use super::super::layers::message::Message;
use super::super::list::{Board, allot};
use super::super::load::Load;
use super::super::view::{Env, Input, Note, Pick, Request, View};
use super::super::{PanelId, number, pane};
use super::detail;
use super::today::draw_empty;
use shapes::{Shape, Show, shape};
use typed::Typed;

/// Places of the common tables; a tab's own ones stand between.
const HEADLINE: usize = 0;
const PLANS_AT: usize = 1;
const OWN: usize = 2;

/// Rows from which the tables of the next pages stand below those of this one.
const TALL: u16 = 30;

/// Rows that the diagnostics get before other tables get more than their least.
const FINDINGS: u16 = 5;

/// Windows of the funnel in days.
const WINDOWS: [u16; 6] = [1, 3, 7, 14, 30, 90];

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
    board: Board,
    /// Which of a row's numbers is under the cursor, counted among those of its table.
    column: usize,
    funnel: FunnelRule,
    /// The class whose payers are to be written to a file, and they, once they are here.
    recall: Option<(Class, Load<RfmTable>)>,
    /// Days and parts of the number under the cursor, where there is a pane to show them.
    aside: Load<Detail>,
    /// The cursor has moved, so that only what lies beside it is to be asked for.
    moved: Cell<bool>,
}

/// What is under the cursor.
enum Current<'a> {
    Headline(&'a Headline),
    Plan(i64),
    Task,
    Row(Section, &'a SectionRow),
    /// A row of what was noted, by its place in the list.
    Noted(Section, usize),
    Finding(String),
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
            sections,
            board,
            column: 0,
            funnel: FunnelRule::default(),
            recall: None,
            aside: Load::Idle,
            moved: Cell::new(false),
        }
    }

    /// Whether the first table of the page is here.
    fn has_come(&self, env: &Env<'_>) -> bool {
        let first = self.shown(0).start;
        work::noted(self.sections[first], self.plans.shown(), env).is_some() || self.found[first].shown().is_some()
    }

    /// The metric under the cursor and what it is limited to.
    fn subject(&self, env: &Env<'_>) -> Option<(&'static str, Narrow)> {
        match self.current(env)? {
            Current::Headline(one) => Some((one.number.metric, Narrow::default())),
            Current::Row(section, row) => Some((self.metric(section, row)?.metric?, row.narrow.clone())),
            _ => None,
        }
    }

    /// The question for the pane, where there is one.
    fn beside(&self, env: &Env<'_>) -> Option<(PanelId, Query)> {
        if env.size.0 < WIDE {
            return None;
        }
        let (metric, narrow) = self.subject(env)?;
        Some((PanelId::ASIDE, detail::query(metric, &narrow, env.scope()?)))
    }

    /// The class of payers under the cursor.
    fn class(&self, env: &Env<'_>) -> Option<Class> {
        match self.current(env)? {
            Current::Row(Section::Rfm, row) => Class::parse(&row.name.replace(' ', "_")),
            _ => None,
        }
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
        let shape = shape(section);
        let noted = work::noted(section, self.plans.shown(), env);
        match noted.as_ref().or(self.found[at].shown()) {
            Some(found) => {
                let mut table = cells::table(&shape, found, self.note(section, env), env);
                if found.lacks.is_none() {
                    table.empty = format!("nothing yet: {}", shape.about);
                }
                table
            }
            None => Table {
                title: shape.title.to_owned(),
                columns: shape.columns,
                empty: "..".to_owned(),
                ..Table::default()
            },
        }
    }

    /// What the rule of a table says of its choice.
    fn note(&self, section: Section, env: &Env<'_>) -> String {
        match section {
            Section::Funnel => {
                let order = match self.funnel.order {
                    Order::Ordered => "in order",
                    Order::Strict => "strict",
                    Order::Any => "any order",
                };
                format!("{} d, {order}", self.funnel.days)
            }
            Section::Rfm => "180 d".to_owned(),
            Section::Ads | Section::Streams | Section::Receivables | Section::Pipeline => env.currency(),
            _ => String::new(),
        }
    }

    fn tables(&self, env: &Env<'_>, glyphs: Glyphs) -> Vec<Table> {
        let board = self.plans.shown();
        let headline = self.headline.shown().map(Vec::as_slice);
        let shown = self.shown(Self::rows(env));
        let mut tables =
            vec![headline::table(&self.spec.headline, headline, board, (env, glyphs)), work::plans(board, self.op)];
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

    /// Columns of a table that hold a figure, with its place in the row.
    fn numbers(&self, at: usize) -> Vec<(usize, usize)> {
        let shows = shape(self.sections[at]).shows;
        let of = |(place, show): (usize, &Show)| match show {
            Show::Now(figure) => Some((place, *figure)),
            _ => None,
        };
        shows.iter().enumerate().filter_map(of).collect()
    }

    fn last_column(&self, at: usize) -> usize {
        self.numbers(at).len().saturating_sub(1)
    }

    fn current<'a>(&'a self, env: &Env<'_>) -> Option<Current<'a>> {
        let tables = self.tables(env, Glyphs::Ascii);
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
                let feet = [("total ", &found.total), ("part ", &found.partial)];
                let foot = feet.into_iter().find_map(|(mark, foot)| {
                    foot.as_ref().filter(|foot| row.id.strip_prefix(mark) == Some(foot.name.as_str()))
                });
                let shown = foot.or_else(|| found.rows.get(cells::place(found, &row.id)?))?;
                Some(Current::Row(own, shown))
            }
            None if section == self.work_at() => Some(Current::Task),
            None => Some(Current::Finding(row.cells.first().map_or_else(String::new, |cell| cell.text.clone()))),
        }
    }

    /// The figure under the cursor in a row of a table.
    fn figure<'r>(&self, section: Section, row: &'r SectionRow) -> Option<&'r Value> {
        let at = self.sections.iter().position(|one| *one == section)?;
        let (_, figure) = self.numbers(at).get(self.column.min(self.last_column(at))).copied()?;
        row.figures.get(figure).and_then(Figure::value)
    }

    /// The metric that a row is about: that under the cursor, else the first there is.
    fn metric<'r>(&self, section: Section, row: &'r SectionRow) -> Option<&'r Value> {
        let metric = |value: &&Value| value.metric.is_some();
        self.figure(section, row).filter(metric).or_else(|| row.figures.iter().filter_map(Figure::value).find(metric))
    }

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
            Current::Headline(one) => vec![Request::Detail(one.number.metric, Narrow::default())],
            Current::Plan(_) | Current::Task => vec![Request::Go(PLANS)],
            Current::Row(section, row) => {
                let value = self.metric(section, row)?;
                vec![Request::Detail(value.metric?, row.narrow.clone())]
            }
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
        match (noted, self.plans.shown()) {
            (Some(Section::Feedback), _) => vec![Request::Push(Box::new(records::feedback(self.op, None)))],
            (Some(_), Some(board)) => vec![Request::Push(Box::new(records::competitor(board, None)))],
            _ => vec![Request::Push(Box::new(records::task(self.op)))],
        }
    }

    /// The form of what was noted.
    fn edit(&self, env: &Env<'_>) -> Option<Vec<Request>> {
        let board = self.plans.shown()?;
        let form = match self.current(env)? {
            Current::Noted(Section::Feedback, at) => {
                records::feedback(self.op, Some((*work::feedback(board).get(at)?).clone()))
            }
            Current::Noted(_, at) => records::competitor(board, Some((*work::competitors(board).get(at)?).clone())),
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

    /// Makes the number under the cursor a target.
    fn target(&self, env: &Env<'_>) -> Option<Vec<Request>> {
        let board = self.plans.shown()?;
        let (metric, narrow) = match self.current(env)? {
            Current::Headline(one) => (one.number.metric, Narrow::default()),
            Current::Row(section, row) => (self.metric(section, row)?.metric?, row.narrow.clone()),
            _ => return None,
        };
        Some(vec![match records::target(metric, &narrow, self.op, board) {
            Ok(layer) => Request::Push(layer),
            Err(why) => Request::Say(Note::refused(why)),
        }])
    }

    /// Types the headline's numbers of yesterday, for the channel under the cursor where there is one.
    fn log(&self, env: &Env<'_>) -> Vec<Request> {
        let channel = match self.current(env) {
            Some(Current::Row(_, row)) => row.narrow.channel.clone(),
            _ => None,
        };
        let fits = |id: &&&str| find_metric(id).is_some_and(|metric| channel.is_none() || metric.by_channel);
        let metrics: Vec<&'static str> = self.spec.headline.iter().filter(fits).copied().collect();
        vec![Request::Push(Box::new(Typed::new(metrics, env.today.plus(-1), channel)))]
    }

    fn act_here(&mut self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        match action {
            Action::ViewNext if self.spec.pages.len() > 1 => Some(self.turn(1)),
            Action::ViewPrev if self.spec.pages.len() > 1 => Some(self.turn(-1)),
            Action::Left => {
                self.column = self.column.saturating_sub(1);
                Some(Vec::new())
            }
            Action::Right => {
                let tables = self.tables(env, Glyphs::Ascii);
                let (section, _) = self.board.current(&tables)?;
                let at = section.checked_sub(OWN).filter(|at| *at < self.sections.len())?;
                self.column = (self.column + 1).min(self.last_column(at));
                Some(Vec::new())
            }
            Action::FunnelOrder => {
                self.funnel.order = match self.funnel.order {
                    Order::Ordered => Order::Strict,
                    Order::Strict => Order::Any,
                    Order::Any => Order::Ordered,
                };
                Some(vec![Request::Refresh])
            }
            Action::WindowLess => Some(self.window(-1)),
            Action::WindowMore => Some(self.window(1)),
            Action::Filter => Some(vec![Request::Push(Box::new(FilterLine::new(self.board.filter())))]),
            Action::Open => self.open(env),
            Action::Add | Action::Edit | Action::Log | Action::MakeTarget | Action::NoteVerdict
                if env.status.is_some_and(|status| status.read_only) =>
            {
                Some(vec![Request::Say(Note::refused("opened read only: nothing can be changed"))])
            }
            Action::Add => Some(self.add(env)),
            Action::Edit => self.edit(env),
            Action::NoteVerdict => self.verdict(env),
            Action::Log => Some(self.log(env)),
            Action::MakeTarget => self.target(env),
            _ => None,
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
        let Some(lacks) = found.lacks else { return };
        let Shape { about, .. } = shape(self.sections[at]);
        let lines = [
            format!("needs {lacks}"),
            format!("then it shows {about}"),
            "i imports a file; # Data tells what its columns mean".to_owned(),
        ];
        let first = 1 + found.total.iter().chain(&found.partial).count() as u16;
        for (y, line) in (first..pen.height()).zip(lines) {
            pen.within(3, y, pen.width().saturating_sub(4), &line, Role::Muted);
        }
    }

    fn row_sentence(&self, section: Section, row: &SectionRow, env: &Env<'_>) -> String {
        let told = aside::told(shape(section), row, env);
        let formula = self.metric(section, row).and_then(|value| value.metric).map_or("", number::formula_of);
        let name = cells::called(&shape(section), row, env);
        let head = format!("{name}: {}", told.join(", "));
        let forms = [
            if formula.is_empty() { head.clone() } else { format!("{head}; {formula}") },
            head.clone(),
            format!("{name}: {}", told[..told.len().min(4)].join(", ")),
        ];
        text::first_fit(&forms, usize::from(env.size.0.saturating_sub(2)), '~')
    }

    fn draw_pane(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let Some(mut pen) = pane::open(pen) else { return };
        match self.current(env) {
            Some(Current::Headline(one)) => {
                let y = super::today::number_pane(&mut pen, &one.number, env);
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
                    let y = super::today::trend(&mut pen, y + 1, &found.number, env);
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
            Some(Current::Task | Current::Noted(..)) | None => {}
        }
    }
}

impl View for Operation {
    fn context(&self) -> Context {
        match self.op {
            OpType::Product => Context::Product,
            OpType::Market => Context::Market,
            _ => Context::Operation,
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
                let query = SectionQuery { section: *section, scope: scope.clone(), funnel: self.funnel.clone() };
                all.push((PanelId(PanelId::SECTIONS.0 + at as u8), Query::Section(Box::new(query))));
            }
        }
        if self.recall.is_some() {
            all.push((PanelId::RECALL, Query::Rfm(payer_classes(&scope, env.through()))));
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
            PanelId::ASIDE => self.aside.begin(),
            PanelId::HEADLINE => self.headline.begin(),
            PanelId::PLANS => self.plans.begin(),
            PanelId(n) => {
                if let Some(load) = self.found.get_mut(usize::from(n.wrapping_sub(PanelId::SECTIONS.0))) {
                    load.begin();
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
            (PanelId::HEADLINE, Ok(Answer::Headline(found))) => self.headline.finish(Ok(found)),
            (PanelId::HEADLINE, Err(why)) => self.headline.finish(Err(why)),
            (PanelId::PLANS, Ok(Answer::Plans(board))) => self.plans.finish(Ok(*board)),
            (PanelId::PLANS, Err(why)) => self.plans.finish(Err(why)),
            (PanelId(n), result) => {
                let Some(load) = self.found.get_mut(usize::from(n.wrapping_sub(PanelId::SECTIONS.0))) else { return };
                match result {
                    Ok(Answer::Section(found)) => load.finish(Ok(*found)),
                    Ok(_) => {}
                    Err(why) => load.finish(Err(why)),
                }
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
        let tables = self.tables(env, Glyphs::Ascii);
        let before = self.beside(env);
        let done = self.board.act(input.action, &tables, self.spec.id, env);
        if !self.has_come(env) {
            // The cursor waits where the rows will be.
            self.board.enter(OWN + self.shown(0).start);
        }
        let mut done = done.or_else(|| self.act_here(input.action, env))?;
        let asks = done.iter().any(|request| matches!(request, Request::Refresh));
        if !asks && before != self.beside(env) {
            self.moved.set(true);
            done.push(Request::Refresh);
        }
        Some(done)
    }

    fn narrow(&mut self, filter: &str) {
        self.board.narrow(filter);
    }

    fn filter(&self) -> &str {
        self.board.filter()
    }

    fn value_under_cursor(&self, env: &Env<'_>) -> Option<Pick> {
        match self.current(env)? {
            Current::Row(_, row) => row.narrow.channel.clone().map(Pick::Channel),
            _ => None,
        }
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
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
        let tables = self.tables(env, pen.glyphs());
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

    fn sentence(&self, env: &Env<'_>) -> Vec<Run> {
        let said = match self.current(env) {
            Some(Current::Headline(one)) if one.needs.is_some() => headline::missing(one).unwrap_or_default(),
            Some(Current::Headline(one)) => return number::sentence(&one.number, env),
            Some(Current::Plan(id)) => {
                let row = self.plans.shown().and_then(|board| board.plans.iter().find(|row| row.plan.id == id));
                row.map_or_else(String::new, |row| aside::plan_sentence(row, env))
            }
            Some(Current::Task) => "Enter opens Plans, where tasks are done, moved and edited".to_owned(),
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
