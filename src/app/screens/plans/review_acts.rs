//! What keys do on the review.

use crate::domain::plans::{Edit, PlanStatus, Review, UseState, Verdict};
use crate::query::{Command, PlanOrder};

use super::super::super::action::Action;
use super::super::super::layers::choose::{ChoiceRow, Chooser};
use super::super::super::layers::confirm::Confirm;
use super::super::super::view::{Env, Request};
use super::acts::{refuse, run};
use super::{Plans, forms, review};

impl Plans {
    pub(super) fn act_on_review(&self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        let (board, view) = (self.board.shown()?, self.shown()?);
        let here = self.current(env);
        let lesson = here
            .as_ref()
            .filter(|(section, _)| *section == review::INSIGHT)
            .and_then(|(_, id)| view.lessons.iter().find(|lesson| lesson.id.to_string() == *id));
        match action {
            Action::Add => Some(vec![Request::Push(Box::new(forms::lesson(board, view, None, env.today)))]),
            Action::Open | Action::Edit => {
                let form = match lesson {
                    Some(lesson) => forms::lesson(board, view, Some(lesson), env.today),
                    None => forms::review(board, view, env.today).at(field_of(here.as_ref())),
                };
                Some(vec![Request::Push(Box::new(form))])
            }
            Action::Remove => Some(match lesson {
                None => refuse("J to the lessons: - takes one out"),
                Some(lesson) => {
                    let mut edit = Edit::new(format!("remove lesson: {}", lesson.body));
                    let uses = board.book.lesson_uses.iter().filter(|one| one.lesson_id == lesson.id);
                    uses.for_each(|one| edit.remove(one.clone()));
                    edit.remove(lesson.clone());
                    run(edit)
                }
            }),
            Action::Verdict => {
                let row = |verdict: &Verdict| {
                    let verdict = *verdict;
                    let (before, draft) = (view.review.clone(), view.review_is_draft);
                    ChoiceRow::new(verdict.word(), about(verdict), move || run(with_verdict(before, draft, verdict)))
                };
                let rows = Verdict::ALL.iter().map(row).collect();
                let title = format!("{} ended", view.head.plan.name());
                Some(vec![Request::Push(Box::new(Chooser::new(title, rows)))])
            }
            Action::CloseNextRound => Some(self.close_or_next()),
            _ => None,
        }
    }

    fn close_or_next(&self) -> Vec<Request> {
        let Some(view) = self.shown() else { return Vec::new() };
        let plan = &view.head.plan;
        let (lines, order) = match view.head.status {
            PlanStatus::Closed => (
                vec![
                    format!("Make round {} of {}?", plan.round + 1, plan.title),
                    "Its tree takes what was reached as baselines, tasks and phases move on, lessons are offered."
                        .to_owned(),
                ],
                PlanOrder::NextRound { plan: plan.id, start: None },
            ),
            PlanStatus::Draft | PlanStatus::Ready | PlanStatus::Cancelled => {
                return refuse("only a plan that has run is closed; o moves this one on");
            }
            _ => {
                let mut lines = vec![
                    format!("Close {}?", plan.name()),
                    "Its tree is kept as it is now. C once more then makes the next round.".to_owned(),
                ];
                let open = view.offers.iter().filter(|one| one.state == UseState::Adopted && one.held.is_none());
                match open.count() {
                    0 => {}
                    1 => lines.push("Did the adopted lesson hold? Enter on it, under rounds, says so.".to_owned()),
                    n => lines.push(format!("Did the {n} adopted lessons hold? Enter on each, under rounds, says so.")),
                }
                (lines, PlanOrder::Close(plan.id))
            }
        };
        vec![Request::Push(Box::new(Confirm::new(lines, Command::Plan(order))))]
    }
}

/// The field of the form that the row under the cursor is about.
fn field_of(here: Option<&(usize, String)>) -> &'static str {
    match here.map(|(section, id)| (*section, id.as_str())) {
        Some((1, _)) => "result",
        Some((2, _)) => "analysis",
        Some((review::INSIGHT, "luck?")) => "luck",
        Some((review::INSIGHT, _)) => "insight",
        _ => "goal",
    }
}

fn about(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Exceeded => "beyond its target",
        Verdict::Met => "on its target",
        Verdict::Missed => "below its target",
        Verdict::Abandoned => "given up",
    }
}

fn with_verdict(before: Review, draft: bool, verdict: Verdict) -> Edit {
    let mut edit = Edit::new(format!("verdict: {}", verdict.word()));
    let after = Review { verdict: Some(verdict), ..before.clone() };
    if draft {
        edit.add(Review { id: -1, ..after });
    } else {
        edit.set(before, after);
    }
    edit
}
