//! The guided check-in: six steps whose answers are proposed, so that Enter alone goes through them. All of it is stored
//! at its end as one step; only typed numbers are stored when their step is left, so that the next steps know them.
//!
//! ```text
//!  Check-in Thu 11 Jun   1 data 2 numbers >3 exceptions< 4 tasks 5 focus 6 brief
//! ── EXCEPTIONS ─── actual vs line ── effect ── answer ──
//! ── what is known of the one under the cursor ──
//! ```

mod answers;
mod draw;
mod keys;

use std::cell::Cell;

use crate::domain::calendar::{Day, Instant};
use crate::domain::drafts::{DraftKey, Texts};
use crate::query::{Answer, CheckInBoard, Command, Outcome, PlanOrder, Planned, Query};
use crate::ui::pen::{Pen, Run};
use crate::ui::theme::Role;
use crate::ui::when::when;

use super::super::PanelId;
use super::super::action::Action;
use super::super::brief::Brief;
use super::super::keymap::Context;
use super::super::load::Load;
use super::super::screens::plans::acts::refuse;
use super::super::told;
use super::super::view::{Env, Input, Layer, Note, Pick, Request};
use super::brief_page::{self, BriefPage};
use super::help::Help;
use answers::{Answers, Fate, Said};

/// A step, in the order in which they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Data,
    Numbers,
    Exceptions,
    Tasks,
    Focus,
    Brief,
}

impl Step {
    const ALL: [(Self, &'static str, Context); 6] = [
        (Self::Data, "data", Context::CheckIn),
        (Self::Numbers, "numbers", Context::CheckInNumbers),
        (Self::Exceptions, "exceptions", Context::CheckInExceptions),
        (Self::Tasks, "tasks", Context::CheckInTasks),
        (Self::Focus, "focus", Context::CheckInFocus),
        (Self::Brief, "brief", Context::CheckInBrief),
    ];
}

/// What the entry line above asks a text for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Task,
    Note,
    Day,
}

/// The layer.
pub struct CheckIn {
    day: Day,
    /// The name under which answers are kept when it is left.
    key: String,
    board: Load<CheckInBoard>,
    begun: Option<Instant>,
    step: usize,
    at: usize,
    offset: Cell<usize>,
    answers: Answers,
    asked: Option<Asked>,
    /// Something was told the engine and has not come back.
    sent: bool,
}

impl CheckIn {
    /// A check-in of today.
    pub fn new(today: Day) -> Self {
        Self {
            day: today,
            key: format!("check-in of {today}"),
            board: Load::Loading(None),
            begun: None,
            step: 0,
            at: 0,
            offset: Cell::new(0),
            answers: Answers::default(),
            asked: None,
            sent: false,
        }
    }

    fn step(&self) -> Step {
        Step::ALL[self.step.min(Step::ALL.len() - 1)].0
    }

    /// Rows that the cursor can stand on.
    fn rows(&self) -> usize {
        let Some(board) = self.board.shown() else { return 0 };
        match self.step() {
            Step::Data | Step::Brief => 0,
            Step::Numbers => board.missing.facts.len(),
            Step::Exceptions => board.today.causes.len(),
            Step::Tasks => board.today.work.tasks.len(),
            Step::Focus => self.answers.left(board).len(),
        }
    }

    fn turn_to(&mut self, step: usize) {
        (self.step, self.at) = (step.min(Step::ALL.len() - 1), 0);
        self.offset.set(0);
    }

    fn accept(&mut self, env: &Env<'_>) -> Vec<Request> {
        // What is not shown yet cannot be accepted.
        let Load::Ready(board) = &self.board else { return Vec::new() };
        if self.sent {
            return Vec::new();
        }
        match self.step() {
            Step::Numbers => self.accept_number(),
            Step::Brief => {
                let (Some(begun), Some(brief)) = (self.begun, self.brief(env)) else { return Vec::new() };
                match self.answers.finished(board, begun, brief) {
                    Ok(done) => {
                        self.sent = true;
                        vec![Request::Run(Command::Plan(PlanOrder::CheckIn(Box::new(done))))]
                    }
                    Err(why) => refuse(&why),
                }
            }
            _ => {
                self.turn_to(self.step + 1);
                Vec::new()
            }
        }
    }

    /// The brief as it will be once this is stored.
    fn brief(&self, env: &Env<'_>) -> Option<Vec<String>> {
        let today = self.answers.applied(self.board.shown()?);
        Some(Brief::of(&today, env.status?).lines())
    }

    fn leave(&self) -> Vec<Request> {
        if self.answers.is_empty() {
            return vec![Request::Close];
        }
        vec![Request::Close, Request::Say(Note::told("answers kept; c goes on with them"))]
    }

    fn stored(&self, planned: &Planned, board: &CheckInBoard) -> Vec<Request> {
        let Planned::Done { label, .. } = planned else { return vec![Request::Say(told::planned(planned))] };
        let page = BriefPage::new(board.today.today);
        vec![
            Request::Close,
            Request::Forget(DraftKey::new(&self.key)),
            Request::Push(Box::new(page)),
            Request::Say(Note::told(format!("{label} stored; u takes it back, y sends the brief"))),
        ]
    }
}

impl Layer for CheckIn {
    fn context(&self) -> Context {
        Step::ALL[self.step.min(Step::ALL.len() - 1)].2
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Vec<Request> {
        if input.action != Action::Accept {
            self.sent = false;
        }
        match input.action {
            Action::Accept => return self.accept(env),
            Action::StepBack => self.step_back(),
            Action::Leave => return self.leave(),
            Action::Help => return vec![Request::Push(Box::new(Help::new(self.context())))],
            Action::Down if self.step() == Step::Brief => self.offset.set(self.offset.get() + 1),
            Action::Up if self.step() == Step::Brief => self.offset.set(self.offset.get().saturating_sub(1)),
            Action::Down => self.at = (self.at + 1).min(self.rows().saturating_sub(1)),
            Action::Up => self.at = self.at.saturating_sub(1),
            Action::Type => self.type_digit(input.typed),
            Action::Known => return self.say(Said::Known),
            Action::Snooze => return self.say(Said::PutOff),
            Action::Add | Action::Note => return self.ask_about_cause(input.action),
            Action::TaskDone => return self.decide(Fate::Done),
            Action::TaskTomorrow => return self.decide(Fate::Due(self.day.plus(1))),
            Action::TaskPostpone => return self.ask_for_day(),
            Action::Remove => return self.decide(Fate::Dropped),
            Action::Toggle => return self.toggle(),
            Action::CopyRow | Action::Export => {
                return brief_page::hand_out(input.action, self.brief(env), self.day);
            }
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let (width, height) = (pen.width(), pen.height());
        draw::page(&mut pen.part(0, 2, width, height.saturating_sub(4)), self, env);
    }

    fn line(&self, env: &Env<'_>) -> Option<Vec<Run>> {
        Some(match (&self.board, self.board.shown()) {
            (Load::Failed { why, .. }, _) => vec![(why.clone(), Role::Bad)],
            (_, Some(board)) => vec![(draw::proposal(self, board, env), Role::Base)],
            _ => vec![("reading ..".to_owned(), Role::Muted)],
        })
    }

    fn picked(&mut self, picks: &[Pick]) -> Option<Vec<Request>> {
        let (asked, [Pick::Text(text)]) = (self.asked.take()?, picks) else { return None };
        let text = text.trim().replace('\t', " ");
        Some(match asked {
            Asked::Task => self.say(Said::Task(text)),
            Asked::Note => self.say(Said::Note(text)),
            Asked::Day => match when(&text) {
                Ok(when) => self.decide(Fate::Due(when.after(self.day))),
                Err(why) => refuse(&why),
            },
        })
    }

    fn outcome(&mut self, outcome: &Result<Outcome, String>) -> Option<Vec<Request>> {
        match outcome {
            Ok(Outcome::Logged(summary)) => {
                self.sent = false;
                let said = told::outcome(&Outcome::Logged(summary.clone())).map(Request::Say);
                if summary.counts.rejected > 0 {
                    return Some(said.into_iter().collect());
                }
                let typed = std::mem::take(&mut self.answers.numbers);
                self.answers.stored.extend(typed.into_iter().filter(|(_, text)| !text.is_empty()));
                self.board.begin();
                self.turn_to(self.step + 1);
                Some([Request::Ask].into_iter().chain(said).collect())
            }
            Ok(Outcome::Planned(planned)) => {
                self.sent = false;
                Some(self.stored(planned, self.board.shown()?))
            }
            Err(why) if self.sent => {
                self.sent = false;
                Some(vec![Request::Say(Note::refused(why.clone()))])
            }
            _ => None,
        }
    }

    fn questions(&self) -> Vec<(PanelId, Query)> {
        vec![(PanelId::CHECK_IN, Query::CheckIn)]
    }

    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>) -> Option<Result<Answer, String>> {
        match result {
            Ok(Answer::CheckIn(board)) if panel == PanelId::CHECK_IN => {
                self.begun.get_or_insert(board.asked);
                self.board.finish(Ok(*board));
            }
            Err(why) if panel == PanelId::CHECK_IN => self.board.finish(Err(why)),
            other => return Some(other),
        }
        None
    }

    fn draft_key(&self) -> Option<DraftKey> {
        Some(DraftKey::new(&self.key))
    }

    fn typed(&self) -> Texts {
        self.answers.kept()
    }

    fn recall(&mut self, texts: &Texts) {
        self.answers = Answers::recalled(texts);
    }
}
