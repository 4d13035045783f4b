//! What people said to the team of the sample, and what its rivals did.

use crate::domain::calendar::Day;
use crate::domain::plans::{
    Competitor, CompetitorNote, Edit, Feedback, FeedbackSource, FeedbackState, NoteKind, NoteVerdict, OpType,
};

/// Who said it, how many days before the end, how bad, how often, what, and what became of it.
const SAID: [(FeedbackSource, i32, i64, i64, &str, FeedbackState); 6] = [
    (FeedbackSource::Support, 1, 3, 14, "Pay button does nothing on the last step", FeedbackState::New),
    (FeedbackSource::User, 3, 1, 2, "Please let me sort my wish list", FeedbackState::New),
    (FeedbackSource::Partner, 6, 2, 1, "Harbor waits for a corrected invoice", FeedbackState::Triaged),
    (FeedbackSource::User, 15, 2, 3, "Cannot change the address after checkout", FeedbackState::New),
    (FeedbackSource::Data, 8, 2, 1, "Checkout takes twice as long on Android", FeedbackState::Triaged),
    (FeedbackSource::Team, 24, 1, 1, "The reminder text names the wrong day", FeedbackState::Acted),
];

/// Who, how many days before the end, what kind, what, and what to do about it.
const RIVALS: [(&str, i32, NoteKind, &str, NoteVerdict); 4] = [
    ("Ferry", 1, NoteKind::Price, "cut the yearly pass to 68", NoteVerdict::Watch),
    ("Tern", 6, NoteKind::Campaign, "gives three free reorders to new users", NoteVerdict::Borrow),
    ("Ferry", 13, NoteKind::Feature, "shows what neighbours paid for the same lamp", NoteVerdict::Watch),
    ("Oxbow", 27, NoteKind::Channel, "buys our name on search", NoteVerdict::Ignore),
];

/// All of it as one edit.
pub fn notes(last: Day) -> Edit {
    let mut edit = Edit::new("feedback and competitors");
    for (id, (source, before, severity, count, body, state)) in (1..).zip(SAID) {
        edit.add(Feedback {
            id: -id,
            day: last.plus(-before),
            source,
            op_type: Some(OpType::Product),
            plan_id: None,
            node_id: None,
            severity,
            count,
            body: body.to_owned(),
            state,
            duplicate_of: None,
            acted_task_id: None,
            acted_plan_id: None,
        });
    }
    let mut known: Vec<&str> = Vec::new();
    for (id, (who, before, kind, body, verdict)) in (1..).zip(RIVALS) {
        let place = known.iter().position(|name| *name == who).unwrap_or_else(|| {
            known.push(who);
            edit.add(Competitor { id: -(known.len() as i64), name: who.to_owned() });
            known.len() - 1
        });
        edit.add(CompetitorNote {
            id: -id,
            competitor_id: -(place as i64 + 1),
            day: last.plus(-before),
            kind,
            body: body.to_owned(),
            verdict,
            plan_id: None,
        });
    }
    edit
}
