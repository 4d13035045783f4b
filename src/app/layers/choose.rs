//! One of some numbered rows: a digit takes its row at once, letters narrow, Enter takes the row under the cursor.

use crate::query::{Answer, Query};
use crate::ui::layer;
use crate::ui::pen::Pen;
use crate::ui::text;
use crate::ui::theme::Role;

use super::super::PanelId;
use super::super::action::Action;
use super::super::keymap::Context;
use super::super::load::Load;
use super::super::view::{Env, Input, Layer, Note, Request};

/// What is asked for when a row is taken.
type Then = Box<dyn FnOnce() -> Vec<Request>>;

/// Makes the rows of an answer.
type Rows = Box<dyn Fn(Answer) -> Vec<ChoiceRow>>;

/// A row.
pub struct ChoiceRow {
    words: String,
    remark: String,
    then: Then,
}

impl ChoiceRow {
    /// Words on the left, a remark on the right, and what taking it asks for.
    pub fn new(
        words: impl Into<String>,
        remark: impl Into<String>,
        then: impl FnOnce() -> Vec<Request> + 'static,
    ) -> Self {
        Self { words: words.into(), remark: remark.into(), then: Box::new(then) }
    }
}

/// A question whose answer gives the rows.
struct Source {
    panel: PanelId,
    query: Query,
    rows: Rows,
    answer: Load<()>,
}

/// The rows to choose from.
pub struct Chooser {
    title: String,
    rows: Vec<ChoiceRow>,
    cursor: usize,
    typed: String,
    source: Option<Source>,
}

impl Chooser {
    /// Rows under a title.
    pub fn new(title: impl Into<String>, rows: Vec<ChoiceRow>) -> Self {
        Self { title: title.into(), rows, cursor: 0, typed: String::new(), source: None }
    }

    /// Rows that come with an answer.
    pub fn asking(
        title: impl Into<String>,
        panel: PanelId,
        query: Query,
        rows: impl Fn(Answer) -> Vec<ChoiceRow> + 'static,
    ) -> Self {
        let source = Source { panel, query, rows: Box::new(rows), answer: Load::Loading(None) };
        Self { source: Some(source), ..Self::new(title, Vec::new()) }
    }

    /// With the cursor on a row.
    #[must_use]
    pub fn at(self, cursor: usize) -> Self {
        Self { cursor, ..self }
    }

    /// Narrowed by what was typed before it opened.
    #[must_use]
    pub fn typed(self, typed: &str) -> Self {
        Self { typed: typed.to_owned(), cursor: 0, ..self }
    }

    /// Places of the rows that hold the letters.
    fn shown(&self) -> Vec<usize> {
        let typed = self.typed.to_lowercase();
        let holds =
            |row: &ChoiceRow| row.words.to_lowercase().contains(&typed) || row.remark.to_lowercase().contains(&typed);
        (0..self.rows.len()).filter(|at| holds(&self.rows[*at])).collect()
    }

    fn take(&mut self, place: usize) -> Vec<Request> {
        let Some(at) = self.shown().get(place).copied() else { return Vec::new() };
        let row = self.rows.remove(at);
        let mut requests = vec![Request::Close];
        requests.extend((row.then)());
        requests
    }

    fn draw_row(&self, pen: &mut Pen<'_>, place: usize, row: &ChoiceRow) {
        let here = place == self.cursor;
        let width = pen.width();
        let number = if place < 9 { format!("{} ", place + 1) } else { "  ".to_owned() };
        let x = pen.text(0, 0, if here { ">" } else { " " }, Role::Accent);
        let x = pen.text(x, 0, &number, Role::Muted);
        let words = text::width(text::safe(&row.words).as_str()) as u16;
        let left = words.min(width.saturating_sub(x));
        pen.within(x, 0, left, &row.words, if here { Role::Selection } else { Role::Base });
        let free = width.saturating_sub(x + left + 2);
        let remark = text::cut_with(text::safe(&row.remark).as_str(), usize::from(free), pen.glyphs().cut());
        pen.right(width, 0, &remark, Role::Muted);
    }
}

impl Layer for Chooser {
    fn context(&self) -> Context {
        Context::Choice
    }

    fn act(&mut self, input: Input, _env: &Env<'_>) -> Vec<Request> {
        let last = self.shown().len().saturating_sub(1);
        match input.action {
            Action::Down | Action::NextGroup => self.cursor = (self.cursor + 1).min(last),
            Action::Up => self.cursor = self.cursor.saturating_sub(1),
            Action::Pick => {
                let place = input.typed.and_then(|c| c.to_digit(10)).map_or(0, |d| d as usize);
                return self.take(place.wrapping_sub(1));
            }
            Action::Type => {
                self.typed.extend(input.typed);
                self.cursor = 0;
            }
            Action::Erase => drop(self.typed.pop()),
            Action::Accept => return self.take(self.cursor),
            Action::Leave => return vec![Request::Close],
            _ => {}
        }
        Vec::new()
    }

    fn questions(&self) -> Vec<(PanelId, Query)> {
        self.source.iter().map(|source| (source.panel, source.query.clone())).collect()
    }

    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>) -> Option<Result<Answer, String>> {
        let Some(source) = self.source.as_mut().filter(|source| source.panel == panel) else { return Some(result) };
        match result {
            Ok(answer) => {
                self.rows = (source.rows)(answer);
                source.answer.finish(Ok(()));
            }
            Err(why) => source.answer.finish(Err(why)),
        }
        None
    }

    fn draw(&self, pen: &mut Pen<'_>, _env: &Env<'_>) {
        let shown = self.shown();
        let most = pen.height().saturating_sub(6);
        let (width, height) = (pen.width().saturating_sub(4).min(74), (shown.len().max(1) as u16 + 3).min(most));
        let mut pen = pen.part(2, 3, width, height);
        let mut pen = layer::open(&mut pen, &self.title);
        let width = pen.width();
        pen.text(0, 0, &format!("letters narrow: {}_", self.typed), Role::Muted);
        let room = usize::from(pen.height().saturating_sub(1));
        let top = (self.cursor + 1).saturating_sub(room);
        for (line, place) in (top..shown.len()).take(room).enumerate() {
            let row = &self.rows[shown[place]];
            self.draw_row(&mut pen.part(0, 1 + line as u16, width, 1), place, row);
        }
        if shown.is_empty() {
            let (said, role) = match self.source.as_ref().map(|source| &source.answer) {
                Some(answer) if answer.is_loading() => ("..", Role::Muted),
                Some(Load::Failed { why, .. }) => (why.as_str(), Role::Bad),
                _ if self.typed.is_empty() => ("nothing to choose from", Role::Muted),
                _ => ("no row holds these letters", Role::Muted),
            };
            pen.within(0, 1, width, said, role);
        }
    }
}

/// A row that only says why it cannot be taken.
pub fn refusal(words: impl Into<String>, why: &'static str) -> ChoiceRow {
    ChoiceRow::new(words, why, move || vec![Request::Say(Note::refused(why))])
}
