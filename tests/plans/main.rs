//! Plans over real rows: made, broken down, proposed, frozen, measured, blamed, closed, reviewed and begun again.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

mod breakdown;
mod campaigns;
mod checkin;
mod desk;
mod files;
mod frozen;
mod left_out;
mod moved;
mod rounds;
mod rows;
mod settle;
mod targets;
mod thresholds;
mod undo;
