//! The program on a real pseudo-terminal: what it leaves behind however it ends, and how many bytes it sends.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a step that fails has to fail its test")]

mod checkin;
mod drafts;
mod editor;
mod endings;
mod first_run;
mod harness;
mod live;
mod panics_restore;
mod plans;
mod sizes;
