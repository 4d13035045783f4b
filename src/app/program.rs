//! What the loop of the terminal runs: it takes messages, says what it wants of the outside, and draws itself.

use ratatui::Frame;

use super::{App, Effect, Msg};

/// Something that has the whole screen.
pub trait Program {
    /// Takes a message; what is wanted of the outside comes back.
    fn update(&mut self, msg: Msg) -> Vec<Effect>;

    /// Whether something visible changed since it was last asked.
    fn needs_draw(&mut self) -> bool;

    /// Draws everything.
    fn draw(&self, frame: &mut Frame);
}

impl Program for App {
    fn update(&mut self, msg: Msg) -> Vec<Effect> {
        Self::update(self, msg)
    }

    fn needs_draw(&mut self) -> bool {
        Self::needs_draw(self)
    }

    fn draw(&self, frame: &mut Frame) {
        Self::draw(self, frame);
    }
}
