//! Every number's definition as pure functions over plain inputs: no database, no clock, no text formatting.

pub mod activity;
pub mod catalog;
pub mod compare;
pub mod funnel;
pub mod number;
pub mod presence;
pub mod retention;
pub mod revenue;
pub mod stickiness;
