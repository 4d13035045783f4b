//! Pickers: numbered rows in groups; letters narrow, Enter uses. Where many may be chosen Space toggles; where one is
//! chosen the cursor is the choice.

use crate::domain::calendar::{Day, Grain};
use crate::domain::records::Kind;
use crate::query::{Choices, Class, Lifecycle, Limit, METRICS, Segment, Width};
use crate::ui::layer;
use crate::ui::pen::Pen;
use crate::ui::theme::Role;
use crate::ui::{dates, format, text};

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::view::{Env, Input, Layer, Pick, Request};

/// Groups of the limits of a segment.
const CHANNELS: usize = 0;
const PLATFORMS: usize = 1;
const CLASSES: usize = 2;
const PLACES: usize = 3;
const STREAMS: usize = 4;
const OTHERS: usize = 5;

/// What is picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Menu {
    /// Whatever users and rows can be limited to; several of each.
    Segment,
    /// Start and return event; one of each.
    Events,
    /// A period.
    Period,
    /// Where a column of a file goes, of these fields.
    Field(Vec<String>),
    /// What kind of record a file holds.
    Kind,
}

impl Menu {
    fn title(&self) -> &'static str {
        match self {
            Self::Segment => "Segment",
            Self::Events => "Events",
            Self::Period => "Period",
            Self::Field(_) => "Where the column goes",
            Self::Kind => "Kind of record",
        }
    }

    fn groups(&self) -> &'static [&'static str] {
        match self {
            Self::Segment => &["channel", "platform", "class", "lifecycle", "stream", "other"],
            Self::Events => &["start event", "return event"],
            Self::Period => &["period"],
            Self::Field(_) => &["field"],
            Self::Kind => &["kind"],
        }
    }

    /// What the remarks of a group count.
    fn unit(&self, group: usize) -> &'static str {
        match (self, group) {
            (Self::Segment, CHANNELS | PLATFORMS) => "users",
            (Self::Segment, STREAMS) => "payments and refunds",
            (Self::Events, _) => "events",
            _ => "",
        }
    }

    /// Whether digits pick a row; in a period they begin a date.
    fn is_numbered(&self) -> bool {
        *self != Self::Period
    }

    fn takes_many(&self) -> bool {
        *self == Self::Segment
    }

    /// The rows of a group, before any letter narrows them.
    fn rows(&self, group: usize, env: &Env<'_>) -> Vec<Row> {
        match self {
            Self::Segment => limits(group, env),
            Self::Events => events(group, env),
            Self::Period => periods(env),
            Self::Field(fields) => {
                let none = Row::new("(none: a property)", String::new(), Pick::Field(String::new()));
                let fields = fields.iter().map(|f| Row::new(f, String::new(), Pick::Field(f.clone())));
                std::iter::once(none).chain(fields).collect()
            }
            Self::Kind => Kind::ALL.into_iter().map(|k| Row::new(k.name(), String::new(), Pick::Kind(k))).collect(),
        }
    }
}

/// A row: its words, its remark, what choosing it means.
struct Row {
    words: String,
    remark: String,
    pick: Pick,
}

impl Row {
    fn new(words: &str, remark: String, pick: Pick) -> Self {
        Self { words: words.to_owned(), remark, pick }
    }
}

/// What can be chosen from a group of limits; days and properties have no list.
fn limits(group: usize, env: &Env<'_>) -> Vec<Row> {
    let named = |of: fn(&Choices) -> &Vec<(String, u64)>, limit: fn(String) -> Limit| {
        let list = env.choices.shown().map_or(&[][..], |choices| of(choices));
        list.iter().map(|(name, n)| Row::new(name, format::count(*n), Pick::Limit(limit(name.clone())))).collect()
    };
    let fixed = |limits: Vec<Limit>| {
        limits.into_iter().map(|limit| Row::new(&words(&limit, env), String::new(), Pick::Limit(limit))).collect()
    };
    match group {
        CHANNELS => named(|choices| &choices.channels, Limit::Channel),
        PLATFORMS => named(|choices| &choices.platforms, Limit::Platform),
        CLASSES => fixed(Class::ALL.map(Limit::Rfm).into()),
        PLACES => fixed(Lifecycle::ALL.map(Limit::Lifecycle).into()),
        STREAMS => named(|choices| &choices.streams, Limit::Stream),
        _ => Vec::new(),
    }
}

/// The group that a limit stands in.
fn group_of(limit: &Limit) -> usize {
    match limit {
        Limit::Channel(_) => CHANNELS,
        Limit::Platform(_) => PLATFORMS,
        Limit::Rfm(_) => CLASSES,
        Limit::Lifecycle(_) => PLACES,
        Limit::Stream(_) => STREAMS,
        Limit::Cohort(_) | Limit::Prop(_) => OTHERS,
    }
}

/// A limit in words: `feed-a`, `at risk`, `first seen 1-7 Jun`, `content=lamps-1`.
pub fn words(limit: &Limit, env: &Env<'_>) -> String {
    match limit {
        Limit::Channel(name) | Limit::Platform(name) | Limit::Stream(name) => name.clone(),
        Limit::Rfm(class) => class.name().replace('_', " "),
        Limit::Lifecycle(place) => place.name().to_owned(),
        Limit::Cohort(days) => format!("first seen {}", dates::period(*days, env.today)),
        Limit::Prop(filter) => filter.to_string(),
    }
}

/// The segment of what was chosen.
pub fn segment(picks: &[Pick]) -> Segment {
    let limit = |pick: &Pick| if let Pick::Limit(limit) = pick { Some(limit.clone()) } else { None };
    Segment::of(picks.iter().filter_map(limit))
}

fn events(group: usize, env: &Env<'_>) -> Vec<Row> {
    let Some(choices) = env.choices.shown() else { return Vec::new() };
    let pick = if group == 0 { Pick::Start } else { Pick::Return };
    let any = Row::new("any active event", String::new(), pick(None));
    let named = choices.events.iter().map(|(name, n)| Row::new(name, format::count(*n), pick(Some(name.clone()))));
    std::iter::once(any).chain(named).collect()
}

/// Periods by name with their days; the first is today.
fn periods(env: &Env<'_>) -> Vec<Row> {
    let Some(status) = env.status else { return Vec::new() };
    let (today, calendar) = (env.today, env.calendar());
    let before = |grain: Grain| calendar.shift(grain, today, -1).first;
    let quarter_ago = calendar.shift(Grain::Month, today, -3).first;
    let year_ago = calendar.shift(Grain::Month, today, -12).first;
    [
        ("today", Width::Day, today),
        ("yesterday", Width::Day, today.plus(-1)),
        ("this week", Width::Week, today),
        ("last week", Width::Week, before(Grain::Week)),
        ("this month", Width::Month, today),
        ("last month", Width::Month, before(Grain::Month)),
        ("this quarter", Width::Quarter, today),
        ("last quarter", Width::Quarter, quarter_ago),
        ("this year", Width::Year, today),
        ("last year", Width::Year, year_ago),
        ("all data", Width::All, today),
    ]
    .into_iter()
    .map(|(name, width, day)| {
        let days = env.choice.at(width, day, status).period(status);
        Row::new(name, dates::period(days, today), Pick::Period(width, day))
    })
    .collect()
}

/// `2011`, `2011-11` or `2011-11-05` as a period.
fn written(text: &str, env: &Env<'_>) -> Option<Row> {
    let status = env.status?;
    let (width, day) = match text.len() {
        4 => (Width::Year, Day::parse(&format!("{text}-01-01"))?),
        7 => (Width::Month, Day::parse(&format!("{text}-01"))?),
        10 => (Width::Day, Day::parse(text)?),
        _ => return None,
    };
    let days = env.choice.at(width, day, status).period(status);
    Some(Row::new(text, dates::period(days, env.today), Pick::Period(width, day)))
}

/// A picker with its choice so far.
pub struct Picker {
    menu: Menu,
    chosen: Vec<Pick>,
    group: usize,
    cursor: usize,
    typed: String,
    /// Whether anything was toggled or cleared; Enter before that takes the row under the cursor.
    touched: bool,
}

impl Picker {
    /// Begins with a choice.
    pub fn new(menu: Menu, chosen: Vec<Pick>, env: &Env<'_>) -> Self {
        let mut picker = Self { menu, chosen, group: 0, cursor: 0, typed: String::new(), touched: false };
        // What is under the cursor opens its group.
        let group = if let Some(Pick::Limit(limit)) = picker.chosen.last() { group_of(limit) } else { 0 };
        picker.turn_to(group, env);
        picker
    }

    fn rows(&self, env: &Env<'_>) -> Vec<Row> {
        let typed = self.typed.to_lowercase();
        let mut rows = self.menu.rows(self.group, env);
        let is_other = |limit: &Limit| self.menu == Menu::Segment && self.group == OTHERS && group_of(limit) == OTHERS;
        rows.extend(self.chosen.iter().filter_map(|pick| match pick {
            Pick::Limit(limit) if is_other(limit) => Some(Row::new(&words(limit, env), String::new(), pick.clone())),
            _ => None,
        }));
        rows.retain(|row| row.words.to_lowercase().contains(&typed));
        if self.menu == Menu::Period {
            rows.extend(written(&typed, env));
        }
        rows
    }

    /// Opens a group with the cursor on what is chosen there.
    fn turn_to(&mut self, group: usize, env: &Env<'_>) {
        (self.group, self.typed) = (group, String::new());
        self.cursor = self.rows(env).iter().position(|row| self.chosen.contains(&row.pick)).unwrap_or(0);
    }

    fn toggle(&mut self, pick: Pick) {
        self.touched = true;
        if let Some(at) = self.chosen.iter().position(|p| *p == pick) {
            self.chosen.remove(at);
        } else {
            self.chosen.push(pick);
        }
    }

    /// Takes the row under the cursor where only one can be chosen.
    fn settle(&mut self, rows: &[Row]) {
        if self.menu.takes_many() && (self.touched || !self.chosen.is_empty()) {
            return;
        }
        if let Some(row) = rows.get(self.cursor) {
            self.chosen.retain(|p| std::mem::discriminant(p) != std::mem::discriminant(&row.pick));
            self.chosen.push(row.pick.clone());
        }
    }

    fn pick_numbered(&mut self, typed: Option<char>, rows: &[Row]) {
        let at = typed.and_then(|c| c.to_digit(10)).map_or(0, |d| d as usize);
        let Some(row) = at.checked_sub(1).and_then(|at| rows.get(at)) else { return };
        self.cursor = at - 1;
        if self.menu.takes_many() {
            self.toggle(row.pick.clone());
        }
    }

    /// Which headline numbers cannot be had for the choice.
    fn unable(&self) -> String {
        let segment = segment(&self.chosen);
        let unable = METRICS.iter().filter(|metric| segment.refused_by(metric).is_some());
        let names: Vec<&str> = unable.map(|m| m.name).collect();
        if names.is_empty() { String::new() } else { format!("not able, shown as --: {}", names.join(", ")) }
    }
}

impl Layer for Picker {
    fn context(&self) -> Context {
        if self.menu.takes_many() { Context::Picker } else { Context::Choice }
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Vec<Request> {
        let rows = self.rows(env);
        match input.action {
            Action::Down => self.cursor = (self.cursor + 1).min(rows.len().saturating_sub(1)),
            Action::Up => self.cursor = self.cursor.saturating_sub(1),
            Action::NextGroup => {
                if !self.menu.takes_many() {
                    self.settle(&rows);
                }
                self.turn_to((self.group + 1) % self.menu.groups().len(), env);
            }
            Action::Toggle => {
                if let Some(row) = rows.get(self.cursor) {
                    self.toggle(row.pick.clone());
                }
            }
            Action::Pick if self.menu.is_numbered() => self.pick_numbered(input.typed, &rows),
            Action::Erase if self.typed.pop().is_none() => (self.chosen, self.touched) = (Vec::new(), true),
            Action::Type | Action::Pick => {
                self.typed.extend(input.typed);
                self.cursor = 0;
            }
            Action::Accept => {
                self.settle(&rows);
                return vec![Request::Close, Request::Picked(std::mem::take(&mut self.chosen))];
            }
            Action::Leave => return vec![Request::Close],
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let (width, height) = (pen.width().saturating_sub(4).min(74), pen.height().saturating_sub(6).min(18));
        let mut pen = pen.part(2, 3, width, height);
        let mut pen = layer::open(&mut pen, self.menu.title());
        let (width, rows) = (pen.width(), self.rows(env));
        let mut x = 0;
        for (at, name) in self.menu.groups().iter().enumerate() {
            let role = if at == self.group { Role::Title } else { Role::Muted };
            x = pen.text(x, 0, name, role) + 2;
        }
        pen.text(0, 1, &format!("filter: {}_", self.typed), Role::Muted);
        pen.right(width, 1, self.menu.unit(self.group), Role::Muted);
        let foot = pen.height().saturating_sub(1);
        pen.within(0, foot, width, &self.unable(), Role::Muted);
        let room = usize::from(foot.saturating_sub(2));
        let top = self.cursor.saturating_sub(room.saturating_sub(1));
        for (at, row) in rows.iter().enumerate().skip(top).take(room) {
            self.draw_row(&mut pen.part(0, 2 + (at - top) as u16, width, 1), at, row);
        }
        if rows.is_empty() {
            let said = match (&self.menu, self.typed.is_empty()) {
                (Menu::Period, _) => "type a year, a month or a day: 2026, 2026-06, 2026-06-10",
                (Menu::Segment, true) if self.group == OTHERS => "f on a cohort or an item puts it here",
                (_, true) => "nothing to choose from yet",
                (_, false) => "no name holds these letters",
            };
            pen.text(0, 2, said, Role::Muted);
        }
    }
}

impl Picker {
    fn draw_row(&self, pen: &mut Pen<'_>, at: usize, row: &Row) {
        let here = at == self.cursor;
        let number = if at < 9 && self.menu.is_numbered() { format!("{}", at + 1) } else { " ".into() };
        let box_of = |on: bool| if on { "[x] " } else { "[ ] " };
        let mark = if self.menu.takes_many() { box_of(self.chosen.contains(&row.pick)) } else { "" };
        let width = pen.width();
        let room = width.saturating_sub(text::width(&row.remark) as u16 + 1);
        let x = pen.text(0, 0, if here { ">" } else { " " }, Role::Accent);
        let x = pen.text(x, 0, &format!("{number} {mark}"), Role::Muted);
        pen.within(x, 0, room.saturating_sub(x), &row.words, if here { Role::Selection } else { Role::Base });
        pen.right(width, 0, &row.remark, Role::Muted);
    }
}
