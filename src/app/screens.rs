//! The screens: one file each with its state, keys, questions and drawing.

pub mod data;
pub mod detail;
pub mod operation;
pub mod plans;
pub mod retention;
pub mod revenue;
pub mod sources;
pub mod today;
