//! Whole screens, driven by keys over real workspaces: what they show, cell by cell with its style, and the rules of
//! layout that hold on every one of them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "helpers of tests fail the test, and write the files that it imports"
)]

mod checkin;
mod first_run;
mod one_place;
mod picture;
mod plan_desk;
mod plans;
mod records;
mod rules;
mod snapshots;
mod stage;
mod tabs;
mod today_json;
mod worlds;
