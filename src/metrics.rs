//! Every number's definition as pure functions over plain inputs: no database, no clock, no text but
//! that of a target's value.

pub mod activity;
pub mod amount;
pub mod attribution;
pub mod binding;
pub mod breakdown;
pub mod campaigns;
pub mod catalog;
pub mod compare;
pub mod content;
pub mod conversion;
pub mod currency;
pub mod deals;
pub mod exceptions;
pub mod flow;
pub mod funnel;
pub mod grade;
pub mod lamps;
pub mod lifecycle;
pub mod lift;
pub mod limits;
pub mod ltv;
pub mod mix;
pub mod mrr;
pub mod number;
pub mod participants;
pub mod parts;
pub mod planning;
pub mod presence;
pub mod retention;
pub mod revenue;
pub mod rfm;
pub mod roles;
pub mod stickiness;
pub mod streak;
pub mod turnout;
