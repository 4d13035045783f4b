//! Pure types that every layer speaks: calendar, money, records, operation types. No I/O, no clock.

pub mod calendar;
pub mod channels;
pub mod money;
pub mod operations;
pub mod records;
pub mod roles;
