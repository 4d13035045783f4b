//! What lies over a screen and takes its keys.

pub mod brief_page;
pub mod checkin;
pub mod choose;
pub mod confirm;
pub mod conflict;
pub mod entry;
pub mod filter;
pub mod form;
pub mod help;
pub mod import;
pub mod line;
pub mod log;
pub mod message;
pub mod note;
pub mod picker;
pub mod propose;
