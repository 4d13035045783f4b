//! A task in one line: `Call Harbor due:fri @ben on:deals !`.

use crate::ui::when::{Due, due};

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
    use crate::domain::calendar::Day;

    #[test]
    fn a_line_is_read_with_its_marks() {
        let today = Day::parse("2026-06-10").unwrap();
        let line = Line::read("Call Harbor due:fri @ben on:deals !!").unwrap();
        assert_eq!(
            (line.title.as_str(), line.owner.as_str(), line.on.as_deref()),
            ("Call Harbor", "ben", Some("deals"))
        );
        assert_eq!(
            (line.priority, line.due.unwrap().parts(|when| when.from(today))),
            (2, (None, None, Day::parse("2026-06-12")))
        );
        let plain = Line::read("mail ann@example.com at 5 @ once").unwrap();
        assert_eq!((plain.title.as_str(), plain.owner.as_str()), ("mail ann@example.com at 5 @ once", ""));
        assert_eq!(Line::read("x on:order_value").unwrap().on.as_deref(), Some("order value"));
        assert!(Line::read("x due:someday").unwrap_err().contains("someday"));
        assert!(Line::read("@ben due:fri").unwrap_err().contains("empty"));
    }
}
