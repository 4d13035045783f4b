//! Pure types that every layer speaks: calendar, money, properties, records, operation types, plans; sharing work over
//! processors.
//! No I/O, no clock.

pub mod calendar;
pub mod channels;
pub mod days;
pub mod digits;
pub mod drafts;
mod flag;
mod kind;
pub mod money;
pub mod operations;
pub mod plans;
pub mod profile;
pub mod props;
pub mod records;
pub mod roles;
pub mod tables;
pub mod threads;
pub mod tree;
