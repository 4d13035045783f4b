//! What keys do on the review.

use std::cmp::Ordering;

use crate::domain::calendar::Day;
use crate::domain::plans::{Edit, Plan, PlanStatus, Review, TaskKind, UseState, Verdict};
use crate::query::{Command, PlanOrder, PlanView};
use crate::ui::when::when;
use crate::ui::{dates, format};

use super::super::super::action::Action;
use super::super::super::layers::choose::{ChoiceRow, Chooser};
use super::super::super::layers::confirm::Confirm;
use super::super::super::layers::entry::{Ask, Entry};
use super::super::super::view::{Env, Request};
use super::super::super::written;
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
            Action::Verdict => Some(vec![Request::Push(Box::new(verdicts(view)))]),
            Action::CloseNextRound => Some(self.close_or_next(env)),
            _ => None,
        }
    }

    fn close_or_next(&self, env: &Env<'_>) -> Vec<Request> {
        let Some(view) = self.shown() else { return Vec::new() };
        let plan = &view.head.plan;
        match view.head.status {
            PlanStatus::Closed => vec![Request::Push(Box::new(next_round(plan, env.today)))],
            PlanStatus::Draft | PlanStatus::Ready | PlanStatus::Cancelled => {
                refuse("only a plan that has run is closed; o moves this one on")
            }
            _ => {
                let mut lines = vec![
                    format!("Close {}?", plan.name()),
                    "Its tree is kept as it is now. C once more then makes the next round.".to_owned(),
                ];
                let adopted = view.offers.iter().filter(|one| one.state == UseState::Adopted && one.held.is_none());
                match adopted.count() {
                    0 => {}
                    1 => lines.push("Did the adopted lesson hold? Enter on it, under rounds, says so.".to_owned()),
                    n => lines.push(format!("Did the {n} adopted lessons hold? Enter on each, under rounds, says so.")),
                }
                let open =
                    view.tasks.iter().filter(|row| row.task.state.is_open() && row.task.kind != TaskKind::Review);
                match open.count() {
                    0 => {}
                    1 => lines.push("1 task is still open; it stays open.".to_owned()),
                    n => lines.push(format!("{n} tasks are still open; they stay open.")),
                }
                vec![Request::Push(Box::new(Confirm::new(lines, Command::Plan(PlanOrder::Close(plan.id)))))]
            }
        }
    }
}

/// The verdicts, on the one that the numbers propose.
fn verdicts(view: &PlanView) -> Chooser {
    let share = view.head.primary.as_ref().and_then(|course| course.attainment);
    let row = |verdict: &Verdict| {
        let verdict = *verdict;
        let remark = match share.filter(|_| view.proposed == Some(verdict)) {
            Some(share) => format!("{} of the target: {}", format::percent(share), review::about(verdict)),
            None => review::about(verdict),
        };
        let (before, draft) = (view.review.clone(), view.review_is_draft);
        ChoiceRow::new(verdict.word(), remark, move || run(with_verdict(before, draft, verdict)))
    };
    let at = |wanted: Verdict| Verdict::ALL.iter().position(|verdict| *verdict == wanted);
    let said =
        view.proposed.map_or("no verdict yet".to_owned(), |verdict| format!("by its numbers {}", verdict.word()));
    let title = format!("{} ended: {said}", view.head.plan.name());
    let stored = view.review.verdict.filter(|_| !view.review_is_draft);
    Chooser::new(title, Verdict::ALL.iter().map(row).collect())
        .at(stored.or(view.proposed).and_then(at).unwrap_or_default())
}

/// The first day of the next round: the day after this one, today, or any other; the later of both first.
fn next_round(plan: &Plan, today: Day) -> Chooser {
    let id = plan.id;
    let after = plan.finish.plus(1);
    let days = match after.cmp(&today) {
        Ordering::Less => vec![("today", today), ("the day after this round", after)],
        Ordering::Equal => vec![("today, the day after this round", today)],
        Ordering::Greater => vec![("the day after this round", after), ("today", today)],
    };
    let mut rows: Vec<ChoiceRow> = days
        .into_iter()
        .map(|(words, day)| {
            let order = PlanOrder::NextRound { plan: id, start: Some(day) };
            ChoiceRow::new(words, dates::weekday(day, today), move || vec![Request::Run(Command::Plan(order))])
        })
        .collect();
    rows.push(ChoiceRow::new("another day", "2026-11-30, 1 jul, +10d", move || {
        let ask = Ask::new("first day of the round", move |text| {
            when(text).map(|when| written::day_told(when.after(today), today))
        });
        let make = move |texts: &[String]| {
            let start = when(texts.first().map_or("", String::as_str))?.after(today);
            Ok(PlanOrder::NextRound { plan: id, start: Some(start) })
        };
        vec![Request::Push(Box::new(Entry::order(String::new(), vec![ask], make)))]
    }));
    Chooser::new(format!("Round {} of {} begins", plan.round + 1, plan.title), rows)
}

/// The field of the form that the row under the cursor is about.
fn field_of(here: Option<&(usize, String)>) -> &'static str {
    match here.map(|(section, id)| (*section, review::text_of(id))) {
        Some((1, _)) => "result",
        Some((2, _)) => "analysis",
        Some((review::INSIGHT, "luck?")) => "luck",
        Some((review::INSIGHT, _)) => "insight",
        _ => "goal",
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
