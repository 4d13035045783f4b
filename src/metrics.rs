//! Every number's definition as pure functions over plain inputs: no database, no clock, no text formatting.

pub mod activity;
pub mod attribution;
pub mod breakdown;
pub mod catalog;
pub mod cohorts;
pub mod compare;
pub mod currency;
pub mod funnel;
pub mod limits;
pub mod ltv;
pub mod mix;
pub mod number;
pub mod presence;
pub mod retention;
pub mod revenue;
pub mod rfm;
pub mod roles;
pub mod stickiness;
