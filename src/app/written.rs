//! What operators write into fields: days, phases, filters, tasks in one line.

use crate::domain::calendar::{Day, Span};
use crate::domain::plans::{Anchor, Filter, PhaseKind};
use crate::ui::dates;
use crate::ui::when::{Due, When, due, when};

/// A day as it is told beside its field: `Wed 1 Jul, in 20 days`.
pub fn day_told(day: Day, today: Day) -> String {
    let far = match day.since(today) {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        n if n > 0 => format!("in {n} days"),
        n => format!("{} days ago", -n),
    };
    format!("{}, {far}", dates::weekday(day, today))
}

/// The day that something is due; `plan` is the period that it may count from.
///
/// # Errors
/// Where it counts from a plan and there is none.
pub fn due_day(due: Due, plan: Option<Span>, today: Day) -> Result<Day, String> {
    let (anchor, days) = match due {
        Due::On(when) => return Ok(when.after(today)),
        Due::FromPlan(anchor, days) => (anchor, days as i32),
    };
    let plan = plan.ok_or("counts from a plan, and the task has none; give a day")?;
    Ok(match anchor {
        Anchor::Start => plan.first.plus(days),
        Anchor::Finish => plan.last.plus(days),
    })
}

/// A phase as a plan is made with: kind, first and last day, share.
pub type PhaseDays = (PhaseKind, Day, Day, f64);

/// Reads phases one after the other from the first day: `preheat 5d 20%, burst 3d 55%, tail 25%`. The last without days
/// takes the rest; a phase without a share takes what the others leave.
///
/// # Errors
/// What is wrong and what is read.
pub fn phases(text: &str, span: Span) -> Result<Vec<PhaseDays>, String> {
    let parts: Vec<&str> = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let mut read = Vec::new();
    for part in &parts {
        read.push(phase(part)?);
    }
    let given: f64 = read.iter().filter_map(|(_, _, share)| *share).sum();
    let open = read.iter().filter(|(_, _, share)| share.is_none()).count();
    if open == 0 && !read.is_empty() && (given - 1.0).abs() > 0.005 {
        return Err(format!("the shares make {:.0}%, not 100%", given * 100.0));
    }
    let rest = (1.0 - given).max(0.0) / open.max(1) as f64;
    let mut from = span.first;
    let mut all = Vec::new();
    for (at, (kind, days, share)) in read.iter().enumerate() {
        let last = match days {
            Some(days) => from.plus(days - 1),
            None if at + 1 == read.len() => span.last,
            None => return Err(format!("{}: only the last phase may leave its days open", parts[at])),
        };
        if last > span.last || last < from {
            return Err(format!("{}: ends after the plan", parts[at]));
        }
        all.push((*kind, from, last, share.unwrap_or(rest)));
        from = last.plus(1);
    }
    Ok(all)
}

type ReadPhase = (PhaseKind, Option<i32>, Option<f64>);

fn phase(part: &str) -> Result<ReadPhase, String> {
    let kinds = || PhaseKind::ALL.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ");
    let mut words = part.split_whitespace();
    let name = words.next().unwrap_or_default();
    let kind = PhaseKind::parse(name).ok_or_else(|| format!("\"{name}\" is no phase; one of {}", kinds()))?;
    let (mut days, mut share) = (None, None);
    for word in words {
        if let Some(number) = word.strip_suffix('d').and_then(|n| n.parse::<i32>().ok()).filter(|n| *n > 0) {
            days = Some(number);
        } else if let Some(number) = word.strip_suffix('%').and_then(|n| n.parse::<f64>().ok()).filter(|n| *n >= 0.0) {
            share = Some(number / 100.0);
        } else {
            return Err(format!("\"{word}\": type days as 5d, a share as 20%"));
        }
    }
    Ok((kind, days, share))
}

/// Phases as [`phases`] reads them.
pub fn phases_text<'p>(all: impl Iterator<Item = &'p crate::domain::plans::Phase>) -> String {
    let text = |p: &crate::domain::plans::Phase| {
        format!("{} {}d {}%", p.kind.word(), p.finish.since(p.start) + 1, crate::ui::format::fixed(p.share * 100.0, 0))
    };
    all.map(text).collect::<Vec<_>>().join(", ")
}

/// Reads a filter: `channel=feed-a,feed-b platform=ios stream=ads`.
///
/// # Errors
/// What is wrong and what is read.
pub fn filter(text: &str) -> Result<Filter, String> {
    let mut filter = Filter::default();
    for part in text.split_whitespace() {
        let (name, values) = part.split_once('=').ok_or("type channel=feed-a,feed-b platform=ios stream=ads")?;
        let values = values.split(',').filter(|value| !value.is_empty()).map(str::to_owned);
        match name {
            "channel" => filter.channels.extend(values),
            "platform" => filter.platforms.extend(values),
            "stream" => filter.streams.extend(values),
            other => return Err(format!("\"{other}\": a filter is by channel, platform or stream")),
        }
    }
    Ok(filter)
}

/// A filter as [`filter`] reads it.
pub fn filter_text(filter: &Filter) -> String {
    let lists = [("channel", &filter.channels), ("platform", &filter.platforms), ("stream", &filter.streams)];
    let parts = lists.into_iter().filter(|(_, list)| !list.is_empty());
    parts.map(|(name, list)| format!("{name}={}", list.join(","))).collect::<Vec<_>>().join(" ")
}

/// A task in one line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TaskLine {
    /// What is to be done.
    pub title: String,
    /// By when: a day, or days from its plan.
    pub due: Option<Due>,
    /// Not before this day.
    pub wait: Option<When>,
    /// It comes again so many days after it was done.
    pub every: Option<i64>,
    /// Who does it.
    pub owner: String,
    /// The node that it moves, or an operation type.
    pub on: Option<String>,
    /// 0 none, 1 `!`, 2 `!!`.
    pub priority: i64,
}

/// Reads `Call Harbor due:fri @ben on:deals wait:+2d every:7d !`; a word that is none of the marks is a part of the
/// title, wherever it stands.
///
/// # Errors
/// What is wrong and what is read.
pub fn task(text: &str) -> Result<TaskLine, String> {
    let mut line = TaskLine::default();
    let mut title = Vec::new();
    for word in text.split_whitespace() {
        let mark = word.split_once(':').filter(|(_, value)| !value.is_empty());
        let owner = word.strip_prefix('@').filter(|name| !name.is_empty());
        match (word, mark, owner) {
            ("!" | "!!", ..) => line.priority = word.len() as i64,
            (_, Some(("due", day)), _) => line.due = Some(due(day)?),
            (_, Some(("wait", day)), _) => line.wait = Some(when(day)?),
            (_, Some(("every", days)), _) => line.every = Some(every(days)?),
            (_, Some(("on", name)), _) => line.on = Some(name.replace('_', " ")),
            (.., Some(name)) => name.clone_into(&mut line.owner),
            _ => title.push(word),
        }
    }
    line.title = title.join(" ");
    if line.title.is_empty() {
        return Err("the task is empty; say what is to be done, then due:fri @ben on:deals".to_owned());
    }
    Ok(line)
}

/// A note in one line: its text without the marks, and what the marks say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteLine {
    /// The text.
    pub body: String,
    /// The day that it is about, where one is named.
    pub day: Option<When>,
    /// 1 unmarked, 2 `!`, 3 `!!`.
    pub severity: i64,
    /// `-baseline`: its day is left out of baselines.
    pub exclude: bool,
}

/// Reads `Checkout button is dead on iOS day:yesterday !!`; a word that is none of the marks is a part of the text.
///
/// # Errors
/// What is wrong and what is read.
pub fn note(text: &str) -> Result<NoteLine, String> {
    let mut line = NoteLine { body: String::new(), day: None, severity: 1, exclude: false };
    let mut body = Vec::new();
    for word in text.split_whitespace() {
        match (word, word.strip_prefix("day:").filter(|day| !day.is_empty())) {
            ("!" | "!!", _) => line.severity = word.len() as i64 + 1,
            ("-baseline", _) => line.exclude = true,
            (_, Some(day)) => line.day = Some(when(day)?),
            _ => body.push(word),
        }
    }
    line.body = body.join(" ");
    if line.body.is_empty() { Err("the note is empty; write it".to_owned()) } else { Ok(line) }
}

/// Splits `Rival: half price week` into who or what kind, and the text.
pub fn headed(text: &str) -> Option<(&str, &str)> {
    let (head, rest) = text.split_once([':', '\u{ff1a}'])?;
    let (head, rest) = (head.trim(), rest.trim());
    (!head.is_empty() && !rest.is_empty()).then_some((head, rest))
}

/// Reads `7d`, `2w`, `7`.
fn every(text: &str) -> Result<i64, String> {
    let (digits, width) = match (text.strip_suffix('w'), text.strip_suffix('d')) {
        (Some(weeks), _) => (weeks, 7),
        (_, Some(days)) => (days, 1),
        _ => (text, 1),
    };
    let days = digits.parse::<u16>().ok().map(|number| i64::from(number) * width);
    days.filter(|days| (1..=400).contains(days)).ok_or_else(|| format!("every:{text} is no interval; write 7d or 2w"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    /// Thu 11 Jun 2026.
    fn today() -> Day {
        d("2026-06-11")
    }

    #[test]
    fn a_day_is_told_with_its_distance() {
        assert_eq!(day_told(d("2026-07-01"), today()), "Wed 1 Jul, in 20 days");
    }

    #[test]
    fn phases_follow_each_other_and_share_the_target() {
        let span = Span::new(d("2026-06-08"), d("2026-06-18"));
        let read = phases("preheat 5d 20%, burst 3d 55%, tail 25%", span).unwrap();
        assert_eq!(read[1], (PhaseKind::Burst, d("2026-06-13"), d("2026-06-15"), 0.55));
        assert_eq!(read[2], (PhaseKind::Tail, d("2026-06-16"), d("2026-06-18"), 0.25));
        assert_eq!(phases("", span), Ok(Vec::new()));
        assert_eq!(phases("steady", span), phases("steady 100%", span));
        for wrong in ["preheat 40d", "nap 2d", "preheat 20%, tail", "preheat 5d 20%, tail 20%", "burst five"] {
            assert!(phases(wrong, span).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_note_is_one_line_with_its_marks() {
        let line = note("Checkout is dead on iOS day:yesterday !!").unwrap();
        assert_eq!((line.body.as_str(), line.severity, line.exclude), ("Checkout is dead on iOS", 3, false));
        assert_eq!(line.day.map(|day| day.until(today())), Some(d("2026-06-10")));
        assert!(note("festival -baseline").unwrap().exclude);
        assert!(note("! day:fri").is_err() && note("x day:someday").unwrap_err().contains("is no day"));
        assert_eq!(headed("Rival: half price"), Some(("Rival", "half price")));
        assert_eq!(headed("对手：半价"), Some(("对手", "半价")));
        assert_eq!((headed("half price"), headed(": x"), headed("x:")), (None, None, None));
    }

    #[test]
    fn filters_read_back() {
        let text = "channel=feed-a,feed-b platform=ios";
        assert_eq!(filter_text(&filter(text).unwrap()), text);
        assert!(filter("").unwrap().is_all());
        assert!(filter("country=cn").is_err() && filter("feed-a").is_err());
    }

    #[test]
    fn a_task_is_one_line() {
        let line = task("Call Harbor due:fri @ben on:deals every:2w !!").unwrap();
        assert_eq!((line.title.as_str(), line.owner.as_str(), line.priority), ("Call Harbor", "ben", 2));
        assert_eq!((line.on.as_deref(), line.every), (Some("deals"), Some(14)));
        let parts = |line: TaskLine| line.due.map(|due| due.parts(|when| when.after(today())));
        assert_eq!(parts(line), Some((None, None, Some(d("2026-06-12")))));
        assert_eq!(parts(task("x due:start-7").unwrap()), Some((Some(Anchor::Start), Some(-7), None)));
        let plain = task("mail ann@example.com at 5: now @ once").unwrap();
        assert_eq!((plain.title.as_str(), plain.owner.as_str()), ("mail ann@example.com at 5: now @ once", ""));
        assert_eq!(task("x on:order_value").unwrap().on.as_deref(), Some("order value"));
        assert!(task("@ben due:fri").unwrap_err().contains("empty"));
        assert!(task("call due:someday").unwrap_err().contains("is no day"));
        for wrong in ["x every:0d", "x every:daily", "x every:401", "x every:-7d"] {
            assert!(task(wrong).unwrap_err().contains("interval"), "{wrong}");
        }
    }
}
