//! What came of a command, what is wrong, and what two people changed, in words.

use crate::domain::plans::{Conflict, Table};
use crate::domain::records::Kind;
use crate::domain::roles::EventRole;
use crate::query::{Outcome, Planned, Status};
use crate::ui::verdict::Verdict;
use crate::ui::{dates, format};

use super::view::{Clash, Note};

/// What came of a command; `None` where there is nothing to say.
pub fn outcome(outcome: &Outcome) -> Option<Note> {
    Some(match outcome {
        Outcome::Imported(summary) => {
            let counts = summary.counts;
            Note::told(format!(
                "loaded {}: {} new, {} updated, {} same, {} rejected",
                summary.file, counts.inserted, counts.updated, counts.duplicate, counts.rejected
            ))
        }
        Outcome::Moved { batch, rows, redo } => {
            let (what, key) = if *redo { ("back in", "-") } else { ("out of", "o") };
            Note::told(format!("import {batch}: {rows} rows {what} the numbers; {key} reverses it"))
        }
        Outcome::Verified(report) if report.passed() => Note::told("every check passed"),
        Outcome::Verified(report) => {
            let failed = report.checks.iter().find(|c| !c.1).map(|c| format!("{}: {}", c.0, c.2));
            Note::refused(failed.unwrap_or_default())
        }
        Outcome::Role(name) => Note::told(format!("{}: {}", name.name, name.role.map_or("no role", EventRole::name))),
        Outcome::Mapping(rules) => Note::told(format!("{rules} rules map channels")),
        Outcome::Profile(profile) => Note::told(format!("days of {}", profile.zone.name())),
        Outcome::Thresholds(_) => Note::told("verdicts begin elsewhere now"),
        Outcome::Planned(done) => planned(done),
        Outcome::Logged(summary) => match (summary.counts.rejected, summary.first_rejects.first()) {
            (0, _) if summary.kind != Kind::Facts => match summary.counts.inserted + summary.counts.updated {
                0 => Note::told("nothing changed"),
                _ => Note::told("stored; u takes it back"),
            },
            (0, _) => {
                let stored = summary.counts.inserted + summary.counts.updated;
                Note::told(format!("{stored} {} stored", if stored == 1 { "number" } else { "numbers" }))
            }
            (_, Some((_, why))) => Note::refused(why.clone()),
            (n, None) => Note::refused(format!("{n} numbers were refused; # Data tells why")),
        },
        Outcome::Preview(_) | Outcome::Clashed { .. } => return None,
    })
}

/// What came of an order about plans.
pub fn planned(planned: &Planned) -> Note {
    match planned {
        Planned::Done { label, warnings, .. } => {
            let more = warnings.first().map(|first| format!("; {first}")).unwrap_or_default();
            Note::told(format!("{label}{more}"))
        }
        Planned::Refused(faults) => {
            let first = faults.first().map(|fault| format!("{}: {}", fault.field, fault.text));
            Note::refused(first.unwrap_or_default())
        }
        Planned::Conflicts { found, .. } => {
            let who = found.first().map(|c| c.who.as_str()).filter(|who| !who.is_empty()).unwrap_or("somebody");
            Note::refused(format!("{who} changed this first; nothing was stored"))
        }
        Planned::Nothing => Note::told("nothing of yours to take back or do again"),
    }
}

/// What is wrong, each with the place that mends it.
pub fn problems(status: Option<&Status>, failure: Option<&str>) -> Vec<String> {
    let mut lines: Vec<String> = failure.map(str::to_owned).into_iter().collect();
    let Some(status) = status else { return lines };
    let stale = status.stale.iter().map(|(name, days)| {
        format!("{} {name}: no row for {}; # Data, i imports the next file", Verdict::Stale.text(), dates::age(*days))
    });
    lines.extend(stale);
    if status.rejected > 0 {
        let rows = if status.rejected == 1 { "row was" } else { "rows were" };
        lines.push(format!("{} {rows} refused; # Data, Enter on one tells why", format::count(status.rejected)));
    }
    if lines.is_empty() {
        lines.push("No source is stale and no row was refused.".to_owned());
    }
    lines
}

/// A conflict as it stands in the file.
pub fn clash(found: &Conflict) -> Clash {
    let value = |value: &serde_json::Value| match value.as_str() {
        Some("") => format::MISSING.to_owned(),
        Some(text) => text.to_owned(),
        None => value.to_string(),
    };
    let field = if found.field.is_empty() { "gone or new".to_owned() } else { format!("field {}", found.field) };
    let what = match (found.table, found.key.as_slice()) {
        // A typed row is named by its kind, its source and its id.
        (Table::Batch, [kind, _, id]) => {
            let kind = if value(kind) == Kind::Deals.name() { "Deal" } else { "Item" };
            format!("{kind} {}, {field}", value(id))
        }
        (table, _) => format!("{} {field}", table.name()),
    };
    Clash { what, seen: value(&found.seen), theirs: value(&found.theirs), mine: value(&found.mine) }
}

/// Both values of a field that stands in the way of an order, with who changed it.
pub fn conflict(clash: &Clash, found: &Conflict) -> Vec<String> {
    let who = if found.who.is_empty() { "somebody" } else { &found.who };
    vec![
        clash.what.clone(),
        format!("seen {}, now {} by {who}, would become {}", clash.seen, clash.theirs, clash.mine),
        "Nothing was stored; r reads again.".to_owned(),
    ]
}
