//! Every number's definition as pure functions over plain inputs: no database, no clock, no text formatting.

pub mod catalog;
pub mod number;
pub mod retention;
