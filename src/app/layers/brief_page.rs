//! The brief on a page of its own, with the check-ins before it.
//!
//! ```text
//!  Brief Thu 11 Jun 2026   11 lines of at most 12
//! ── TEXT as sent ──
//! ── HISTORY ──
//! ```

use std::cell::Cell;

use crate::domain::calendar::Day;
use crate::domain::plans::Checkin;
use crate::query::{Answer, CheckInBoard, Query};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::rule;
use crate::ui::theme::Role;
use crate::ui::{dates, text};

use super::super::PanelId;
use super::super::action::Action;
use super::super::brief::Brief;
use super::super::keymap::Context;
use super::super::load::Load;
use super::super::screens::plans::acts::refuse;
use super::super::view::{Env, Input, Layer, Request};
use super::help::Help;

/// Cells of the name of a section before its lines.
const INDENT: usize = 9;

/// Lines that a brief has at most.
const LINES: usize = 12;

/// The page.
pub struct BriefPage {
    day: Day,
    board: Load<CheckInBoard>,
    /// 0 is the brief of now, 1 that of the newest check-in.
    back: usize,
    /// First row shown; drawing keeps it where there are rows.
    top: Cell<usize>,
}

impl BriefPage {
    /// The brief of today.
    pub fn new(today: Day) -> Self {
        Self { day: today, board: Load::Loading(None), back: 0, top: Cell::new(0) }
    }

    /// Its day and its lines.
    fn shown(&self, env: &Env<'_>) -> Option<(Day, Vec<String>)> {
        let board = self.board.shown()?;
        match self.back.checked_sub(1) {
            None => Some((self.day, Brief::of(&board.today, env.status?).lines())),
            Some(at) => board.history.get(at).map(|one| (one.day, one.brief.lines().map(str::to_owned).collect())),
        }
    }

    fn turn(&mut self, by: isize) {
        let all = self.board.shown().map_or(0, |board| board.history.len());
        self.back = self.back.saturating_add_signed(by).min(all);
        self.top.set(0);
    }
}

/// Sends a brief to the clipboard, or writes it to a file.
pub fn hand_out(action: Action, lines: Option<Vec<String>>, day: Day) -> Vec<Request> {
    let Some(lines) = lines else { return refuse("the brief is not read yet") };
    let text = lines.join("\n");
    if action == Action::CopyRow {
        return vec![Request::Copy(text)];
    }
    vec![Request::Write { name: format!("brief-{day}.txt"), text: format!("{text}\n") }]
}

/// A rule and the lines below it from one row on, wrapped where they are too long; gives the row below.
pub fn text(pen: &mut Pen<'_>, title: &str, lines: &[String], first: &Cell<usize>) -> u16 {
    let (room, rows) = (usize::from(pen.width().saturating_sub(2)), usize::from(pen.height().saturating_sub(1)));
    let all: Vec<String> = lines.iter().flat_map(|line| fitted(line, room)).collect();
    let top = first.get().min(all.len().saturating_sub(rows));
    first.set(top);
    let note =
        if all.len() > rows { format!("rows {}-{} of {}", top + 1, top + rows, all.len()) } else { String::new() };
    rule(pen, 0, title, &note);
    let mut below = 1;
    for (y, line) in (1..pen.height()).zip(all.iter().skip(top)) {
        pen.text(1, y, line, Role::Base);
        below = y + 1;
    }
    below
}

/// A line that fits keeps its blanks, which stand for the name of its section.
fn fitted(line: &str, room: usize) -> Vec<String> {
    if text::width(line) <= room {
        return vec![line.to_owned()];
    }
    let (name, said) = line.split_at_checked(INDENT).filter(|(name, _)| name.is_ascii()).unwrap_or(("", line));
    let lines = text::wrapped(said.trim_start(), room.saturating_sub(INDENT));
    let name = |at: usize| if at == 0 { name } else { "" };
    lines.into_iter().enumerate().map(|(at, line)| format!("{:INDENT$}{line}", name(at))).collect()
}

/// The newest check-ins with their length, and how many work days in a row there was one.
pub fn history(pen: &mut Pen<'_>, board: &CheckInBoard, env: &Env<'_>) {
    rule(pen, 0, "HISTORY", "");
    let width = pen.width().saturating_sub(2);
    let streak = match board.streak {
        0 => String::new(),
        1 => "streak 1 work day".to_owned(),
        n => format!("streak {n} work days"),
    };
    let mut told = String::new();
    for one in &board.history {
        let next = format!(
            "{}{}  {}",
            if told.is_empty() { "" } else { "   " },
            dates::weekday(one.day, env.today),
            took(one)
        );
        if text::width(&told) + text::width(&next) + 3 + text::width(&streak) > usize::from(width) {
            break;
        }
        told.push_str(&next);
    }
    if told.is_empty() {
        told.push_str("no check-in yet");
    }
    pen.within(1, 1, width, &format!("{told}   {streak}"), Role::Base);
}

/// Minutes and seconds: `03:10`.
fn took(one: &Checkin) -> String {
    format!("{:02}:{:02} min", one.seconds / 60, one.seconds % 60)
}

impl Layer for BriefPage {
    fn context(&self) -> Context {
        Context::Brief
    }

    fn act(&mut self, input: Input, env: &Env<'_>) -> Vec<Request> {
        match input.action {
            Action::Leave => return vec![Request::Close],
            Action::Help => return vec![Request::Push(Box::new(Help::new(Context::Brief)))],
            Action::CopyRow | Action::Export => {
                let (day, lines) = self.shown(env).map_or((self.day, None), |(day, lines)| (day, Some(lines)));
                return hand_out(input.action, lines, day);
            }
            Action::ViewPrev => self.turn(1),
            Action::ViewNext => self.turn(-1),
            Action::Down => self.top.set(self.top.get() + 1),
            Action::Up => self.top.set(self.top.get().saturating_sub(1)),
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, pen: &mut Pen<'_>, env: &Env<'_>) {
        let (width, height) = (pen.width(), pen.height().saturating_sub(4));
        let mut pen = pen.part(0, 2, width, height);
        pen.clear();
        let Some((day, lines)) = self.shown(env) else { return };
        let what = if self.back == 0 { "now" } else { "as sent at the check-in" };
        let title = format!("Brief {}", dates::weekday(day, env.today));
        pen.runs(
            1,
            0,
            &[(title, Role::Title), (format!("   {} lines of at most {LINES}   {what}", lines.len()), Role::Base)],
        );
        let below = 1 + text(&mut pen.part(0, 1, width, height.saturating_sub(1)), "TEXT", &lines, &self.top);
        if let Some(board) = self.board.shown().filter(|_| below + 2 <= height) {
            history(&mut pen.part(0, below, width, height - below), board, env);
        }
    }

    fn line(&self, _env: &Env<'_>) -> Option<Vec<Run>> {
        Some(match &self.board {
            Load::Failed { why, .. } => vec![(why.clone(), Role::Bad)],
            board if board.shown().is_none() => vec![("reading ..".to_owned(), Role::Muted)],
            _ => vec![("y sends it to the clipboard (OSC 52), x writes it to a file".to_owned(), Role::Base)],
        })
    }

    fn questions(&self) -> Vec<(PanelId, Query)> {
        vec![(PanelId::CHECK_IN, Query::CheckIn)]
    }

    fn receive(&mut self, panel: PanelId, result: Result<Answer, String>) -> Option<Result<Answer, String>> {
        match result {
            Ok(Answer::CheckIn(board)) if panel == PanelId::CHECK_IN => self.board.finish(Ok(*board)),
            Err(why) if panel == PanelId::CHECK_IN => self.board.finish(Err(why)),
            other => return Some(other),
        }
        None
    }
}
