//! The forms of the screen: each a table of fields, the texts that it begins with, and the order it makes of them.

mod node;
mod options;
mod plan;
mod records;

pub use node::{node, part, primary};
pub use options::unit_of;
pub use plan::{edit_plan, new_plan};
pub use records::{lesson, resource, review, strategy, task};
