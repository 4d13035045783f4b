//! What is written down: the journal, feedback, what competitors do.

use crate::domain::plans::{Competitor, CompetitorNote, Edit, Feedback, FeedbackState, Journal};
use crate::query::{NewNote, NoteOf};

use super::Desk;

impl Desk<'_, '_> {
    pub(super) fn write_down(&self, note: &NewNote) -> Edit {
        let (day, body) = (note.day, note.body.trim().to_owned());
        match &note.of {
            NoteOf::Journal { kind, exclude } => {
                let mut edit = Edit::new(format!("{} of {day}", kind.word()));
                edit.add(Journal {
                    id: -1,
                    at: self.now.to_string(),
                    day,
                    kind: *kind,
                    op_type: note.op_type,
                    plan_id: note.plan,
                    node_id: note.node,
                    body,
                    exclude_from_baseline: *exclude,
                });
                edit
            }
            NoteOf::Feedback { source, severity, count } => {
                let mut edit = Edit::new(format!("feedback of {day}"));
                edit.add(Feedback {
                    id: -1,
                    day,
                    source: *source,
                    op_type: note.op_type,
                    plan_id: note.plan,
                    node_id: note.node,
                    severity: *severity,
                    count: *count,
                    body,
                    state: FeedbackState::New,
                    duplicate_of: None,
                    acted_task_id: None,
                    acted_plan_id: None,
                });
                edit
            }
            NoteOf::Competitor { name, kind, verdict } => {
                let name = name.trim();
                let known = self.book.competitors.iter().find(|one| one.name.to_lowercase() == name.to_lowercase());
                let mut edit = Edit::new(format!("{} of {name}", kind.word()));
                if known.is_none() {
                    edit.add(Competitor { id: -1, name: name.to_owned() });
                }
                let competitor_id = known.map_or(-1, |one| one.id);
                let (kind, verdict, plan_id) = (*kind, *verdict, note.plan);
                edit.add(CompetitorNote { id: -1, competitor_id, day, kind, body, verdict, plan_id });
                edit
            }
        }
    }
}
