//! Keys of this place, from the live key table.
//!
//! ```text
//! everywhere                        this screen: Today
//! 0-9 $ #   go to a screen          Enter     open the row or number
//! ```

use crate::ui::layer;
use crate::ui::pen::Pen;
use crate::ui::theme::Role;

use super::super::action::Action;
use super::super::keymap::{Context, help_lines};
use super::super::view::{Env, Input, Layer, Request};

/// Columns of the keys, and of a key with its words. Words are never cut: a test holds them to this width.
pub const KEYS: u16 = 9;
/// Columns of the words.
pub const WORDS: u16 = 26;

/// Inner width from which two columns stand side by side.
const TWO: u16 = 2 * (KEYS + 1 + WORDS) + 1;

/// What the signs beside numbers mean.
const MARKS: [(&str, &str); 5] = [
    ("~", "change within chance"),
    ("z", "a source lags behind"),
    ("*", "running, not averaged"),
    ("--", "undefined, or no data"),
    ("new", "nothing before"),
];

/// A line: keys and words, or a title without keys.
type Line = (String, String);

/// The help of one context: what works everywhere, and its own keys with those of its lists.
pub struct Help {
    everywhere: Vec<Line>,
    here: Vec<Line>,
    top: usize,
}

impl Help {
    /// Help for a context.
    pub fn new(context: Context) -> Self {
        let lines = |parts: &[Context]| parts.iter().flat_map(|part| help_lines(*part)).collect::<Vec<_>>();
        let titled = |title: String, lines: Vec<(String, &'static str)>| {
            let lines = lines.into_iter().map(|(keys, words)| (keys, words.to_owned()));
            std::iter::once((String::new(), title)).chain(lines).collect()
        };
        let (shared, own): (Vec<Context>, Vec<Context>) =
            context.chain().iter().partition(|c| matches!(c, Context::Global | Context::System));
        let mut here: Vec<Line> = titled(format!("this screen: {}", context.name()), lines(&own));
        here.push((String::new(), "marks".to_owned()));
        here.extend(MARKS.iter().map(|(mark, words)| ((*mark).to_owned(), (*words).to_owned())));
        Self { everywhere: titled("everywhere".to_owned(), lines(&shared)), here, top: 0 }
    }

    fn scroll(&mut self, by: isize) {
        let last = (self.everywhere.len() + self.here.len()).saturating_sub(1);
        self.top = self.top.saturating_add_signed(by).min(last);
    }
}

impl Layer for Help {
    fn context(&self) -> Context {
        Context::Help
    }

    fn act(&mut self, input: Input, _env: &Env<'_>) -> Vec<Request> {
        match input.action {
            Action::Down => self.scroll(1),
            Action::Up => self.scroll(-1),
            Action::ViewNext => self.scroll(10),
            Action::ViewPrev => self.scroll(-10),
            Action::Leave => return vec![Request::Close],
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, pen: &mut Pen<'_>, _env: &Env<'_>) {
        let (width, height) = (pen.width().saturating_sub(2).min(78), pen.height().saturating_sub(4));
        let mut pen = pen.part(1, 2, width, height);
        let mut pen = layer::open(&mut pen, "Help");
        let (width, room) = (pen.width(), usize::from(pen.height()));
        if width >= TWO {
            let half = width - width / 2;
            let top = self.top.min(self.everywhere.len().max(self.here.len()).saturating_sub(room));
            column(&mut pen.part(0, 0, half, room as u16), &self.everywhere, top);
            column(&mut pen.part(half, 0, width - half, room as u16), &self.here, top);
        } else {
            let all: Vec<Line> = self.here.iter().chain(&self.everywhere).cloned().collect();
            column(&mut pen, &all, self.top.min(all.len().saturating_sub(room)));
        }
    }
}

fn column(pen: &mut Pen<'_>, lines: &[Line], top: usize) {
    let room = pen.height();
    for (y, (keys, words)) in (0..room).zip(lines.iter().skip(top)) {
        if keys.is_empty() {
            pen.text(0, y, words, Role::Title);
            continue;
        }
        pen.text(0, y, keys, Role::Accent);
        let cells = pen.width().saturating_sub(KEYS + 1);
        pen.within(KEYS + 1, y, cells, words, Role::Base);
    }
}
