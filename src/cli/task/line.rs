//! A task in one line: `Call Harbor due:fri @ben on:deals !`.

use crate::domain::calendar::Day;
use crate::domain::plans::Anchor;

use super::super::dates::{When, when};

/// Most days from a plan.
const MOST: i64 = 1_000;

/// A day of a task: of its own, or counted from its plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// A day of its own.
    On(When),
    /// So many days from an end of its plan.
    FromPlan(Anchor, i64),
}

/// Reads `fri`, `2026-06-10`, `start-7`, `finish`.
///
/// # Errors
/// Says what is understood.
pub fn due(text: &str) -> Result<Due, String> {
    if let Ok(own) = when(text) {
        return Ok(Due::On(own));
    }
    let anchored = Anchor::ALL.iter().find_map(|anchor| Some((*anchor, text.strip_prefix(anchor.word())?)));
    let days = |(anchor, rest): (Anchor, &str)| {
        let signed = rest.is_empty() || rest.starts_with(['+', '-']);
        let days = if rest.is_empty() { Some(0) } else { rest.parse().ok() };
        days.filter(|days: &i64| signed && days.abs() <= MOST).map(|days| Due::FromPlan(anchor, days))
    };
    anchored.and_then(days).ok_or_else(|| {
        format!(
            "\"{text}\" is no day; write 2026-06-10, today, fri, +7d, or start-7 and finish+3 counted from the plan"
        )
    })
}

impl Due {
    /// What a task holds of it: anchor, days from there, or a day.
    pub fn parts(self, today: Day) -> (Option<Anchor>, Option<i64>, Option<Day>) {
        match self {
            Self::On(day) => (None, None, Some(day.from(today))),
            Self::FromPlan(anchor, days) => (Some(anchor), Some(days), None),
        }
    }
}

/// A task as it was typed.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// What is to be done.
    pub title: String,
    /// By when.
    pub due: Option<Due>,
    /// By whom.
    pub owner: String,
    /// The node it moves, or an operation type.
    pub on: Option<String>,
    /// 0 none, 1 `!`, 2 `!!`.
    pub priority: i64,
}

impl Line {
    /// Reads a line; a word that is none of the marks is a part of the title.
    ///
    /// # Errors
    /// When a day is none, or nothing is left to be done.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut line = Self { title: String::new(), due: None, owner: String::new(), on: None, priority: 0 };
        let mut title = Vec::new();
        for word in text.split_whitespace() {
            let owner = word.strip_prefix('@').filter(|name| !name.is_empty());
            let on = word.strip_prefix("on:").filter(|name| !name.is_empty());
            match (word, word.strip_prefix("due:"), owner, on) {
                ("!" | "!!", ..) => line.priority = word.len() as i64,
                (_, Some(day), ..) => line.due = Some(due(day)?),
                (_, _, Some(name), _) => name.clone_into(&mut line.owner),
                (_, _, _, Some(name)) => line.on = Some(name.replace('_', " ")),
                _ => title.push(word),
            }
        }
        line.title = title.join(" ");
        if line.title.is_empty() { Err("the task is empty; say what is to be done".to_owned()) } else { Ok(line) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_with_its_marks() {
        let today = Day::parse("2026-06-10").unwrap();
        let line = Line::read("Call Harbor due:fri @ben on:deals !!").unwrap();
        assert_eq!(
            (line.title.as_str(), line.owner.as_str(), line.on.as_deref()),
            ("Call Harbor", "ben", Some("deals"))
        );
        assert_eq!((line.priority, line.due.unwrap().parts(today)), (2, (None, None, Day::parse("2026-06-12"))));
        let plain = Line::read("mail ann@example.com at 5 @ once").unwrap();
        assert_eq!((plain.title.as_str(), plain.owner.as_str()), ("mail ann@example.com at 5 @ once", ""));
        assert_eq!(Line::read("x on:order_value").unwrap().on.as_deref(), Some("order value"));
        assert!(Line::read("x due:someday").unwrap_err().contains("someday"));
        assert!(Line::read("@ben due:fri").unwrap_err().contains("empty"));
    }

    #[test]
    fn a_day_may_count_from_the_plan() {
        assert_eq!(due("start-7"), Ok(Due::FromPlan(Anchor::Start, -7)));
        assert_eq!(due("finish"), Ok(Due::FromPlan(Anchor::Finish, 0)));
        for wrong in ["start7", "finish+9999", "starts", "start+"] {
            assert!(due(wrong).is_err(), "{wrong}");
        }
    }
}
