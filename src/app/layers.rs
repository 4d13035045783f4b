//! What lies over a screen and takes its keys.

pub mod confirm;
pub mod filter;
pub mod help;
pub mod import;
pub mod message;
pub mod picker;
