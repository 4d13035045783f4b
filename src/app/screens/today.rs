//! Today: can the numbers be trusted, is all on pace, why not, what is to be done, and is the whole in balance. In this
//! order, at the same place every day.
//!
//! ```text
//!  TRUST  complete to ..            ── PACE ─── actual/target ─── pace  lead  fcst
//! ── WHY ── actual vs line          ── DO TODAY   2 due  1 overdue
//! ── TREND, where there is room     ── BALANCE  1Pro  2Use ..   LAMPS
//! ```

pub mod tables;
mod told;
mod trust;

use std::cell::Cell;

use crate::domain::plans::{Edit, Snooze};
use crate::query::{Answer, Cause, Compared, Front, Narrow, Place, Query, Today as Answered, find_metric};
use crate::ui::chart::{Range, Series, Stroke};
use crate::ui::pen::{Pen, Run};
use crate::ui::plot::Plot;
use crate::ui::table::{Table, rule};
use crate::ui::theme::Role;
use crate::ui::{dates, format};

use super::super::action::Action;
use super::super::brief;
use super::super::frame::{FULL, PLANS};
use super::super::keymap::Context;
use super::super::layers::filter::FilterLine;
use super::super::layers::message::Message;
use super::super::list::Board;
use super::super::load::Load;
use super::super::make_target::make_target;
use super::super::subject::Subject;
use super::super::view::{Env, Input, Note, Request, View};
use super::super::{PanelId, number, pane};
use super::plans::{acts, task_acts, words};
use super::sources;

/// Sections in the order of the screen.
const PACE: usize = 0;
const WHY: usize = 1;
const DO: usize = 2;
const TREND: usize = 3;
const BALANCE: usize = 4;
const SOURCES: usize = 5;
const SECTIONS: usize = 6;
/// Rows of causes and of tasks at 80x24.
const FEW: u16 = 3;
/// Days for which a cause is put off.
const PUT_OFF: i32 = 7;
/// The Data screen on the tab line.
const DATA: u8 = 11;
/// The tab with the inbox of feedback.
const PRODUCT: u8 = 1;

/// The screen.
#[derive(Debug)]
pub struct Today {
    /// The headline numbers and sources, which come before the rest.
    front: Load<Front>,
    answer: Load<Answered>,
    board: Board,
    /// The numbers and sources alone, which the answers leave no room for at 80x24.
    only_numbers: bool,
    /// Sections that had no room when last drawn; the cursor goes around them.
    hidden: Cell<[bool; SECTIONS]>,
}

impl Today {
    /// The screen before any answer.
    pub(crate) fn new() -> Self {
        let hidden = std::array::from_fn(|section| matches!(section, TREND | SOURCES));
        Self {
            front: Load::Idle,
            answer: Load::Idle,
            board: Board::new(SECTIONS),
            only_numbers: false,
            hidden: Cell::new(hidden),
        }
    }

    /// The sections that are in sight, the others without rows.
    fn tables(&self, env: &Env<'_>) -> Vec<Table> {
        let mut tables = self.all(env);
        for (table, hidden) in tables.iter_mut().zip(self.hidden.get()) {
            if hidden {
                table.rows.clear();
            }
        }
        tables
    }

    fn all(&self, env: &Env<'_>) -> Vec<Table> {
        let (front, answer) = (self.front.shown(), self.answer.shown());
        let mut tables = vec![
            tables::pace(answer),
            tables::why(answer),
            tables::work(answer, env),
            tables::numbers(front.map_or(&[], |f| &f.headline), env),
            tables::balance(answer),
            sources::table(front.map_or(&[], |f| &f.sources), env),
        ];
        for (at, table) in tables.iter_mut().enumerate() {
            if if matches!(at, TREND | SOURCES) { front.is_none() } else { answer.is_none() } {
                "..".clone_into(&mut table.empty);
            }
        }
        tables
    }

    fn current<'a>(&'a self, env: &Env<'_>) -> Option<Current<'a>> {
        let tables = self.tables(env);
        let (section, row) = self.board.current(&tables)?;
        let front = || self.front.shown();
        let answer = || self.answer.shown();
        match section {
            PACE => answer()?.primaries.iter().find(|p| p.plan.to_string() == row.id).map(Current::Primary),
            WHY => answer()?.causes.iter().find(|c| c.place.key() == row.id).map(Current::Cause),
            DO => answer()?.work.tasks.iter().find(|t| t.task.id.to_string() == row.id).map(Current::Task),
            TREND => front()?.headline.iter().find(|c| c.metric == row.id).map(Current::Number),
            BALANCE => {
                let at = tables[BALANCE].rows.iter().position(|r| r.id == row.id)?;
                Some(answer()?.lamps.get(at).map_or(Current::Feedback, Current::Lamp))
            }
            _ => front()?.sources.iter().find(|s| s.name == row.id).map(Current::Source),
        }
    }

    /// Heights of the sections: the four that answer stand whole at 80x24, what is left shows more of them, then the
    /// trends and the sources.
    fn heights(&self, tables: &[Table], rows: u16) -> [u16; SECTIONS] {
        let all = |section: usize| tables[section].rows.len().max(1) as u16 + 1;
        let mut heights = [0; SECTIONS];
        let mut left = rows;
        let mut give = |heights: &mut [u16; SECTIONS], section: usize, want: u16| {
            let more = want.saturating_sub(heights[section]).min(left);
            heights[section] += more;
            left -= more;
        };
        if self.only_numbers {
            give(&mut heights, TREND, all(TREND));
            give(&mut heights, SOURCES, all(SOURCES));
            return heights;
        }
        let small = rows < 19;
        give(&mut heights, PACE, if small { all(PACE).min(FEW + 2) } else { all(PACE) });
        give(&mut heights, BALANCE, if small { 2 } else { all(BALANCE) });
        give(&mut heights, WHY, all(WHY).min(if small { FEW } else { FEW + 1 }));
        give(&mut heights, DO, all(DO).min(if small { 2 } else { FEW + 1 }));
        for section in [WHY, DO, BALANCE, TREND, SOURCES] {
            // A rule without a row tells nothing.
            if heights[section] > 0 || left > 1 {
                let want = all(section);
                let more = want.saturating_sub(heights[section]).min(left);
                heights[section] += more;
                left -= more;
            }
        }
        heights
    }

    /// Puts the cause under the cursor off.
    fn snooze(&self, env: &Env<'_>) -> Vec<Request> {
        let (Some(Current::Cause(cause)), Some(answer)) = (self.current(env), self.answer.shown()) else {
            return acts::refuse("z puts off a cause of WHY");
        };
        let until = dates::weekday(env.today.plus(PUT_OFF), env.today);
        let mut edit = Edit::new(format!("{} put off until {until}", cause.label));
        put_off(&mut edit, cause, answer);
        acts::run(edit)
    }

    fn open(&self, env: &Env<'_>) -> Option<Vec<Request>> {
        Some(match self.current(env)? {
            Current::Number(number) => vec![Request::Detail(Subject::whole(number.metric))],
            Current::Source(source) => vec![Request::Push(Box::new(sources::told(source, env)))],
            Current::Primary(primary) => acts::tree_of(primary.plan),
            Current::Task(row) => row.task.plan_id.map_or_else(|| vec![Request::Go(PLANS)], acts::tree_of),
            Current::Cause(cause) => match &cause.place {
                Place::Node { plan, .. } => acts::tree_of(*plan),
                Place::Metric(id) => vec![Request::Detail(Subject::whole(id))],
                Place::Source(_) => vec![Request::Go(DATA)],
            },
            Current::Lamp(lamp) => vec![Request::Push(Box::new(Message::new(lamp.name.word(), tables::facts(lamp))))],
            Current::Feedback => vec![Request::Go(PRODUCT)],
        })
    }

    fn draw_pane(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let Some(mut pen) = pane::open(pen) else { return };
        match self.current(env) {
            Some(Current::Number(number)) => {
                number_pane(&mut pen, number, env);
            }
            Some(Current::Source(source)) => {
                let y = pane::head(&mut pen, &source.name, source.kind.name());
                let said = sources::sentence(source, env);
                let y = pane::paragraph(&mut pen, y, &said[0].0, Role::Base);
                pane::fact(&mut pen, y + 1, "rows", (&format::count(source.rows), Role::Base), ("", Role::Base));
            }
            Some(Current::Lamp(lamp)) => {
                let mut y = pane::head(&mut pen, lamp.name.word(), brief::lamp_state(lamp.state).0);
                for fact in tables::facts(lamp) {
                    y = pane::paragraph(&mut pen, y, &fact, Role::Base);
                }
            }
            Some(Current::Cause(cause)) => {
                if let Some(answer) = self.answer.shown() {
                    let y = pane::head(&mut pen, &cause.label, &brief::cause_screen(cause));
                    pane::paragraph(&mut pen, y, &told::cause(cause, answer), Role::Base);
                }
            }
            Some(Current::Primary(primary)) => {
                let y = pane::head(&mut pen, &primary.name, &words::operation(primary.op_type));
                pane::paragraph(&mut pen, y, &told::primary(primary, env), Role::Base);
            }
            Some(Current::Task(_) | Current::Feedback) | None => {}
        }
    }
}

/// Puts a cause off; one that was put off before gets the new day.
pub fn put_off(edit: &mut Edit, cause: &Cause, today: &Answered) {
    let after = Snooze { cause: cause.place.key(), until: today.today.plus(PUT_OFF) };
    match today.snoozes.iter().find(|old| old.cause == after.cause) {
        Some(before) => edit.set(before.clone(), after),
        None => edit.add(after),
    }
}

enum Current<'a> {
    Primary(&'a crate::query::Primary),
    Cause(&'a Cause),
    Task(&'a crate::query::TaskRow),
    Lamp(&'a crate::query::Lamp),
    Feedback,
    Number(&'a Compared),
    Source(&'a crate::query::Source),
}

/// The pane of a number: both periods, its 28 days, what it is. Gives the row below.
pub(super) fn number_pane(pen: &mut Pen<'_>, shown: &Compared, env: &Env<'_>) -> u16 {
    let unit = find_metric(shown.metric).map_or_else(String::new, |m| number::unit_word(m.unit, env));
    let y = pane::head(pen, number::name(shown), &unit);
    let before = shown.before_span.map_or_else(|| "not compared".to_owned(), |b| dates::period(b, env.today));
    let change = number::delta(shown);
    let (now, then) = (format::number(shown.now), format::number(shown.before));
    let mut y = pane::fact(pen, y, &dates::period(shown.span, env.today), (&now, Role::Base), ("", Role::Base));
    y = pane::fact(pen, y, &before, (&then, Role::Base), (&change, number::delta_role(shown)));
    if let Some(n) = number::observations(shown.metric, shown.now) {
        let interval = number::interval(shown.metric, shown.now).map_or_else(String::new, |i| format!("({i})"));
        y = pane::fact(pen, y, "n", (&format::count(n), Role::Base), (&interval, Role::Muted));
    }
    y = trend(pen, y + 1, shown, env) + 1;
    pane::paragraph(pen, y, number::formula(shown), Role::Muted)
}

/// The 28 days to the newest as a small plot; gives the row below.
pub(super) fn trend(pen: &mut Pen<'_>, y: u16, shown: &Compared, env: &Env<'_>) -> u16 {
    const ROWS: u16 = 9;
    let values: Vec<Option<f64>> = shown.trend.iter().map(|n| n.value()).collect();
    let last = values.len().saturating_sub(1).max(1) as f64;
    let points: Vec<(f64, f64)> =
        values.iter().enumerate().filter_map(|(i, v)| v.map(|v| (i as f64 / last, v))).collect();
    if points.is_empty() {
        return y;
    }
    let range = Range::around(points.iter().map(|(_, v)| *v));
    let newest = shown.span.last;
    let first = newest.plus(1 - values.len() as i32);
    let marks = [(0.0, dates::short(first, env.today)), (1.0, dates::short(newest, env.today))];
    let series = [Series { points, role: Role::Series(1), stroke: Stroke::Thick }];
    let width = pen.width();
    Plot { series: &series, range, label: &number::axis_label(shown), marks: &marks }
        .draw(&mut pen.part(0, y, width, ROWS));
    y + ROWS
}

/// What is said on a screen that needs data where there is none.
pub fn draw_empty(pen: &mut Pen<'_>, title: &str, shows: &str) {
    rule(pen, 0, title, "");
    let lines = [
        ("No data yet.", Role::Base),
        (shows, Role::Base),
        ("", Role::Base),
        ("i                       imports a file: csv, tsv or json lines, or gzip", Role::Base),
        ("quarterdeck import FILE the same without the screen", Role::Base),
        ("quarterdeck demo        a sample product in a file of its own", Role::Base),
    ];
    for (y, (line, role)) in lines.into_iter().enumerate() {
        pen.within(3, y as u16 + 1, pen.width().saturating_sub(4), line, role);
    }
}

impl View for Today {
    fn context(&self) -> Context {
        Context::Today
    }

    fn questions(&self, env: &Env<'_>) -> Vec<(PanelId, Query)> {
        let Some(scope) = env.scope() else { return Vec::new() };
        vec![(PanelId::FRONT, Query::Front(scope)), (PanelId::TODAY, Query::Today)]
    }

    fn begin(&mut self, panel: PanelId) {
        if panel == PanelId::FRONT {
            self.front.begin();
        } else {
            self.answer.begin();
        }
    }

    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>) {
        match result {
            Ok(Answer::Front(front)) => self.front.finish(Ok(front)),
            Ok(Answer::Today(answer)) => self.answer.finish(Ok(*answer)),
            Ok(_) => {}
            Err(why) if panel == PanelId::FRONT => self.front.finish(Err(why)),
            Err(why) => self.answer.finish(Err(why)),
        }
    }

    fn is_loading(&self) -> bool {
        self.front.is_loading() || self.answer.is_loading()
    }

    fn failure(&self) -> Option<&str> {
        self.front.failure().or(self.answer.failure())
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Option<Vec<Request>> {
        let tables = self.tables(env);
        if let Some(done) = self.board.act(input.action, &tables, "today", env) {
            return Some(done);
        }
        match input.action {
            Action::Filter => Some(vec![Request::Push(Box::new(FilterLine::new(self.board.filter())))]),
            Action::Open => self.open(env),
            Action::MakeTarget => Some(match self.current(env)? {
                Current::Number(number) => make_target(number.metric, &Narrow::default()),
                _ => vec![Request::Say(Note::refused("put the cursor on a number of TREND"))],
            }),
            Action::ViewNext | Action::ViewPrev => {
                self.only_numbers = !self.only_numbers;
                self.hidden.set(std::array::from_fn(|at| self.only_numbers != matches!(at, TREND | SOURCES)));
                Some(Vec::new())
            }
            Action::Snooze => Some(self.snooze(env)),
            Action::TaskDone | Action::TaskTomorrow | Action::TaskPostpone => {
                let Some(Current::Task(row)) = self.current(env) else {
                    return Some(acts::refuse("this is done to a task of DO TODAY"));
                };
                let plans = self.answer.shown().map_or(&[][..], |answer| &answer.work.plans);
                let plan = plans.iter().find(|plan| Some(plan.id) == row.task.plan_id);
                task_acts::daily(input.action, row, plan, env.today)
            }
            _ => None,
        }
    }

    fn narrow(&mut self, filter: &str) {
        self.board.narrow(filter);
    }

    fn filter(&self) -> &str {
        self.board.filter()
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        if env.is_empty() {
            return draw_empty(
                pen,
                "TODAY",
                "This screen shows the headline numbers of acquiring, retaining and revenue.",
            );
        }
        self.draw_pane(pen, env);
        let (width, height) = (pane::content_width(pen.width()), pen.height());
        let mut pen = pen.part(0, 0, width, height);
        let trust = u16::from(pen.width() >= FULL);
        if trust == 1 {
            trust::draw(&mut pen, env);
        }
        let tables = self.all(env);
        let heights = self.heights(&tables, height - trust);
        self.hidden.set(heights.map(|rows| rows < 2));
        let tables = self.tables(env);
        let mut y = trust;
        for (at, rows) in heights.into_iter().enumerate() {
            let width = pen.width();
            self.board.draw(&mut pen.part(0, y, width, rows), &tables, at);
            y += rows;
        }
    }

    fn sentence(&self, env: &Env<'_>) -> Vec<Run> {
        match self.current(env) {
            Some(Current::Number(number)) => number::sentence(number, env),
            Some(Current::Source(source)) => sources::sentence(source, env),
            Some(Current::Primary(primary)) => vec![(told::primary(primary, env), Role::Base)],
            Some(Current::Cause(cause)) => {
                self.answer.shown().map(|answer| (told::cause(cause, answer), Role::Base)).into_iter().collect()
            }
            Some(Current::Task(row)) => {
                let owner = if row.task.owner.is_empty() { String::new() } else { format!(", {}", row.task.owner) };
                vec![(format!("{}{owner}", row.task.title), Role::Base)]
            }
            Some(Current::Lamp(lamp)) => {
                lamp.facts.first().map(|fact| (brief::fact(fact), Role::Base)).into_iter().collect()
            }
            Some(Current::Feedback) | None => Vec::new(),
        }
    }
}
