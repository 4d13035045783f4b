//! The command line as a user meets it: its bytes, its exit codes, its closed pipes and full disks, hostile names.

mod brief;
mod brief_shape;
mod bytes;
mod content;
mod endings;
mod funnel;
mod hostile;
mod money;
mod one_place;
mod place;
mod planning;
mod plans;
mod plans_flow;
mod report;
mod sheet;
