//! Pickers: numbered rows in groups; letters narrow, Space toggles, Enter uses.

use crate::query::Choices;
use crate::ui::format;
use crate::ui::layer;
use crate::ui::pen::Pen;
use crate::ui::theme::Role;

use super::super::action::Action;
use super::super::keymap::Context;
use super::super::view::{Env, Input, Layer, Pick, Request};

/// What is picked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Menu {
    /// Channels and platforms; several of each.
    Segment,
    /// Start and return event; one of each.
    Events,
}

/// A picker with its choice so far.
pub struct Picker {
    menu: Menu,
    chosen: Vec<Pick>,
    group: usize,
    cursor: usize,
    typed: String,
}

/// A row: its words, its remark, what choosing it means.
struct Row {
    words: String,
    remark: String,
    pick: Pick,
}

impl Picker {
    /// Begins with a choice; `under` is what the screen's cursor stands on, chosen in addition.
    pub fn new(menu: Menu, mut chosen: Vec<Pick>, under: Option<Pick>) -> Self {
        chosen.extend(under.filter(|p| !chosen.contains(p)));
        Self { menu, chosen, group: 0, cursor: 0, typed: String::new() }
    }

    fn groups(&self) -> [&'static str; 2] {
        match self.menu {
            Menu::Segment => ["channel", "platform"],
            Menu::Events => ["start event", "return event"],
        }
    }

    fn rows(&self, choices: Option<&Choices>) -> Vec<Row> {
        let Some(choices) = choices else { return Vec::new() };
        let list = match (self.menu, self.group) {
            (Menu::Segment, 0) => &choices.channels,
            (Menu::Segment, _) => &choices.platforms,
            (Menu::Events, _) => &choices.events,
        };
        let pick = |name: Option<&String>| match (self.menu, self.group, name) {
            (Menu::Segment, 0, Some(name)) => Pick::Channel(name.clone()),
            (Menu::Segment, _, Some(name)) => Pick::Platform(name.clone()),
            (_, 0, name) => Pick::Start(name.cloned()),
            (_, _, name) => Pick::Return(name.cloned()),
        };
        let any = (self.menu == Menu::Events).then(|| Row {
            words: "any activity".into(),
            remark: String::new(),
            pick: pick(None),
        });
        let named =
            list.iter().map(|(name, n)| Row { words: name.clone(), remark: format::count(*n), pick: pick(Some(name)) });
        let typed = self.typed.to_lowercase();
        any.into_iter().chain(named).filter(|row| row.words.to_lowercase().contains(&typed)).collect()
    }

    fn toggle(&mut self, pick: Pick) {
        if let Some(at) = self.chosen.iter().position(|p| *p == pick) {
            if self.menu == Menu::Segment {
                self.chosen.remove(at);
            }
            return;
        }
        if self.menu == Menu::Events {
            self.chosen.retain(|p| std::mem::discriminant(p) != std::mem::discriminant(&pick));
        }
        self.chosen.push(pick);
    }
}

impl Layer for Picker {
    fn context(&self) -> Context {
        Context::Picker
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Vec<Request> {
        let mut rows = self.rows(env.choices.shown());
        let last = rows.len().saturating_sub(1);
        match input.action {
            Action::Down => self.cursor = (self.cursor + 1).min(last),
            Action::Up => self.cursor = self.cursor.saturating_sub(1),
            Action::NextGroup => (self.group, self.cursor, self.typed) = (1 - self.group, 0, String::new()),
            Action::Toggle if self.cursor < rows.len() => self.toggle(rows.swap_remove(self.cursor).pick),
            Action::Pick => {
                let at = input.typed.and_then(|c| c.to_digit(10)).map_or(0, |d| d as usize);
                if (1..=rows.len()).contains(&at) {
                    self.toggle(rows.swap_remove(at - 1).pick);
                }
            }
            Action::Erase if self.typed.pop().is_none() => self.chosen.clear(),
            Action::Type => {
                self.typed.extend(input.typed);
                self.cursor = 0;
            }
            Action::Accept => return vec![Request::Close, Request::Picked(std::mem::take(&mut self.chosen))],
            Action::Leave => return vec![Request::Close],
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let (width, height) = (pen.width().saturating_sub(4).min(60), pen.height().saturating_sub(6).min(18));
        let mut pen = pen.part(2, 3, width, height);
        let mut pen = layer::open(&mut pen, if self.menu == Menu::Segment { "Segment" } else { "Events" });
        let mut x = 0;
        for (at, name) in self.groups().into_iter().enumerate() {
            let role = if at == self.group { Role::Title } else { Role::Muted };
            x = pen.text(x, 0, name, role) + 3;
        }
        pen.text(x, 0, &format!("filter: {}_", self.typed), Role::Muted);
        let rows = self.rows(env.choices.shown());
        let room = pen.height().saturating_sub(2) as usize;
        let top = self.cursor.saturating_sub(room.saturating_sub(1));
        for (at, row) in rows.iter().enumerate().skip(top).take(room) {
            let y = 2 + (at - top) as u16;
            let mark = if self.chosen.contains(&row.pick) { "[x]" } else { "[ ]" };
            let cursor = if at == self.cursor { ">" } else { " " };
            let number = if at < 9 { format!("{}", at + 1) } else { " ".into() };
            let width = pen.width();
            pen.within(0, y, width, &format!("{cursor}{number} {mark} {}", row.words), Role::Base);
            pen.right(width, y, &row.remark, Role::Muted);
        }
        if rows.is_empty() {
            pen.text(0, 2, "nothing to choose from", Role::Muted);
        }
    }
}
