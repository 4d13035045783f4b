//! The terminal: guard, signals, hang-up watch, input thread, data worker, the loop.

pub mod guard;
pub mod hangup;
pub mod screen;
pub mod signals;
pub mod size;
pub mod tty;
