//! Orders about plans, and what is said of them: one line a fault, a warning, a conflict.

use std::ops::ControlFlow;

use serde_json::Value;

use crate::domain::plans::{Book, Conflict};
use crate::engine::Engine;
use crate::query::{Command, Outcome, PlanOrder, Planned};

use super::Deck;
use super::output::{Failure, USAGE, note};

/// How an order ended.
pub struct Told {
    /// Exit code.
    pub code: u8,
    /// The plan it was given to, where it is one and all went well.
    pub plan: Option<i64>,
}

/// Gives an order and says what came of it on standard error.
///
/// # Errors
/// When the workspace cannot be read or written.
pub fn order(order: PlanOrder, engine: &mut Engine, deck: &Deck) -> Result<Told, Failure> {
    let done = engine.run(&Command::Plan(order), deck.clock(), &mut |_| ControlFlow::Continue(()))?;
    let Outcome::Planned(planned) = done else {
        return Err(Failure::failed("the engine did something else"));
    };
    Ok(tell(&planned))
}

/// Gives an order about which nothing but its outcome is to be told.
///
/// # Errors
/// As [`order`].
pub fn obey(order: PlanOrder, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open_to_write()?;
    Ok(self::order(order, &mut engine, deck)?.code)
}

/// All records of planning.
///
/// # Errors
/// When the workspace cannot be read.
pub fn book(engine: &mut Engine, deck: &Deck) -> Result<Book, Failure> {
    Ok(answer!(deck, engine, Plans).book)
}

fn tell(planned: &Planned) -> Told {
    let (code, plan) = match planned {
        Planned::Done { label, plan, warnings } => {
            note(label);
            for warning in warnings {
                note(&format!("warning: {warning}"));
            }
            (0, *plan)
        }
        Planned::Refused(faults) => {
            for fault in faults {
                note(&format!("quarterdeck: {}: {}", fault.field, fault.text));
            }
            (USAGE, None)
        }
        Planned::Conflicts { found: conflicts, .. } => {
            for conflict in conflicts {
                note(&format!("quarterdeck: {}", both(conflict)));
            }
            (1, None)
        }
        Planned::Nothing => {
            note("nothing to take back or to do again");
            (0, None)
        }
    };
    Told { code, plan }
}

/// What is there and what was to be, with who made it so.
fn both(conflict: &Conflict) -> String {
    let key: Vec<String> = conflict.key.iter().map(value).collect();
    let by = match (conflict.who.is_empty(), conflict.when.is_empty()) {
        (true, _) => String::new(),
        (false, true) => format!(" by {}", conflict.who),
        (false, false) => format!(" by {} at {}", conflict.who, conflict.when),
    };
    let field = if conflict.field.is_empty() { String::new() } else { format!(" {}", conflict.field) };
    format!(
        "{} {}{field} was {}, is {}{by}, was to be {}; nothing is stored, look again and repeat",
        conflict.table.name(),
        key.join("/"),
        value(&conflict.seen),
        value(&conflict.theirs),
        value(&conflict.mine),
    )
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "empty".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::plans::Table;
    use crate::query::Fault;

    #[test]
    fn a_conflict_shows_both_values() {
        let conflict = Conflict {
            table: Table::Node,
            key: vec![4.into()],
            field: "target".into(),
            seen: Value::from(10.0),
            theirs: Value::from(12.0),
            mine: Value::Null,
            who: "ann".into(),
            when: "2026-06-10T09:00:00Z".into(),
        };
        let line = both(&conflict);
        assert_eq!(
            line,
            "node 4 target was 10.0, is 12.0 by ann at 2026-06-10T09:00:00Z, was to be empty; nothing is stored, look \
             again and repeat"
        );
        assert_eq!(
            tell(&Planned::Conflicts { found: vec![conflict], edit: crate::domain::plans::Edit::default() }).code,
            1
        );
    }

    #[test]
    fn outcomes_have_their_exit_codes() {
        let done = Planned::Done { label: "new plan P".into(), plan: Some(3), warnings: vec!["it has no task".into()] };
        assert_eq!((tell(&done).code, tell(&done).plan), (0, Some(3)));
        assert_eq!(tell(&Planned::Refused(vec![Fault { field: "finish".into(), text: "is before".into() }])).code, 2);
        assert_eq!(tell(&Planned::Nothing).code, 0);
    }
}
