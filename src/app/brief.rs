//! The brief: what the morning's answer comes to in at most twelve lines, goal, progress, problem. The command line prints
//! it and the screen shows it; both write each number as Today does.

use crate::domain::plans::{JournalKind, OpType};
use crate::query::{About, Cause, LampFact, LampState, Place, Primary, Sign, Status, TargetWord, Today, Unit};
use crate::ui::theme::Role;
use crate::ui::{amount, dates, format, text};

use super::screens::plans::words;

/// Cells of a line, which a box at 80x24 has room for, and of the name of a section before it.
const WIDTH: usize = 70;
const NAME: usize = 9;
/// Causes and tasks that are named.
const NAMED: usize = 3;
/// Lines that the goals may take.
const GOALS: usize = 4;

/// A brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// Product, day, and how far the data reaches.
    pub title: String,
    /// Sections in their order: name, lines.
    pub sections: Vec<(&'static str, Vec<String>)>,
}

impl Brief {
    /// The brief of an answer.
    pub fn of(today: &Today, status: &Status) -> Self {
        let problem = today.causes.iter().take(NAMED).enumerate();
        let problem = problem.map(|(at, cause)| cut(&format!("{} {}", at + 1, cause_sentence(cause, today)))).collect();
        let mut sections = vec![
            ("GOAL", goals(today)),
            ("PROGRESS", vec![cut(&progress(today))]),
            ("PROBLEM", problem),
            ("TODAY", vec![cut(&tasks(today))]),
        ];
        if !today.work.asked.is_empty() {
            let asked: Vec<String> = today.work.asked.iter().map(|(what, plan)| format!("{what} for {plan}")).collect();
            sections.push(("HELP", vec![cut(&format!("{}.", asked.join(", ")))]));
        }
        sections.push(("LAMPS", vec![cut(&format!("{}.", lamps(today)))]));
        sections.retain(|(_, lines)| !lines.is_empty());
        Self { title: title(today, status), sections }
    }

    /// Twelve lines at most, none longer than 70 cells.
    pub fn lines(&self) -> Vec<String> {
        let mut all = vec![self.title.clone()];
        for (name, lines) in &self.sections {
            for (at, line) in lines.iter().enumerate() {
                let name = if at == 0 { name } else { "" };
                all.push(format!("{name:NAME$}{line}"));
            }
        }
        all
    }
}

/// One line within the width that is left beside the name of its section.
fn cut(line: &str) -> String {
    text::cut(text::safe(line).as_str(), WIDTH - NAME, true)
}

fn title(today: &Today, status: &Status) -> String {
    let product = if status.profile.product.is_empty() { "(no product)" } else { &status.profile.product };
    let data = status
        .through
        .map_or_else(|| "no data".to_owned(), |through| format!("data to {}", dates::weekday(through, today.today)));
    let stale: Vec<String> =
        status.stale.iter().take(2).map(|(name, days)| format!("{name} {} old", dates::age(*days))).collect();
    let stale = if stale.is_empty() { String::new() } else { format!(", {}", stale.join(", ")) };
    let line = format!("{product}, {}, {data}{stale}", dates::weekday(today.today, today.today));
    text::cut(text::safe(&line).as_str(), WIDTH, true)
}

fn goals(today: &Today) -> Vec<String> {
    if today.primaries.is_empty() {
        return vec!["no plan runs with a target.".to_owned()];
    }
    let (mut lines, mut left_out) = (vec![String::new()], 0);
    for (at, primary) in today.primaries.iter().enumerate() {
        let goal = if at == 0 { goal(primary) } else { short_goal(primary) };
        let last = lines.len() - 1;
        if lines[last].is_empty() {
            lines[last] = goal;
        } else if text::width(&lines[last]) + 1 + text::width(&goal) <= WIDTH - NAME {
            lines[last] = format!("{} {goal}", lines[last]);
        } else if lines.len() < GOALS {
            lines.push(goal);
        } else {
            left_out += 1;
        }
    }
    if let Some(last) = lines.last_mut().filter(|_| left_out > 0) {
        *last = format!("{left_out} more; {last}");
    }
    lines.iter().map(|line| cut(line)).collect()
}

/// `Revenue 90.0k of 300k, x0.92, -0.9 d, forecast 275k: OFF.`
pub fn goal(primary: &Primary) -> String {
    let course = &primary.course;
    let value = |value| amount::brief(value, course.unit);
    let mut parts = vec![format!("{} {} of {}", course.label, value(course.actual), value(course.target))];
    if course.pace.is_some() {
        parts.push(words::pace(course.pace));
    }
    parts.extend(course.lead.map(|lead| format!("{} d", lead_days(lead))));
    parts.extend(course.outlook.map(|outlook| format!("forecast {}", value(Some(outlook.value)))));
    format!("{}: {}.", parts.join(", "), verdict(primary.standing).0)
}

/// `D7 19.0%/26.0% x0.77 OFF.`
fn short_goal(primary: &Primary) -> String {
    let course = &primary.course;
    let value = |value| amount::brief(value, course.unit);
    let (actual, target, pace) = (value(course.actual), value(course.target), words::pace(course.pace));
    format!("{} {actual}/{target} {pace} {}.", course.label, verdict(primary.standing).0)
}

/// Days ahead of the line: one decimal below ten.
pub fn lead_days(lead: f64) -> String {
    format::signed(lead, u32::from(lead.abs() < 9.95))
}

/// The word of a verdict without its sign, and its role.
pub fn verdict(word: TargetWord) -> (&'static str, Role) {
    let (text, role) = words::standing(word);
    (text.split_once(' ').map_or(text, |(_, word)| word), role)
}

fn progress(today: &Today) -> String {
    let done = &today.work.done;
    match done.len() {
        0 => "no task done since yesterday.".to_owned(),
        n if n > NAMED => format!("{}, and {} more done.", done[..NAMED].join(", "), n - NAMED),
        _ => format!("{} done.", done.join(", ")),
    }
}

fn tasks(today: &Today) -> String {
    let task = |row: &crate::query::TaskRow| {
        let owner = if row.task.owner.is_empty() { String::new() } else { format!(" ({})", row.task.owner) };
        format!("{}{owner}.", row.task.title)
    };
    let rows = if today.work.focus.is_empty() { &today.work.tasks } else { &today.work.focus };
    let named: Vec<String> = rows.iter().take(NAMED).map(task).collect();
    if named.is_empty() { "nothing is due.".to_owned() } else { named.join(" ") }
}

fn lamps(today: &Today) -> String {
    let lamp = |lamp: &crate::query::Lamp| format!("{} {}", lamp.name.word(), lamp_words(lamp, today).0);
    today.lamps.iter().map(lamp).collect::<Vec<_>>().join(", ")
}

/// Word of a lamp, its role, and what it stands on: facts, or cells of the matrix.
pub fn lamp_words(lamp: &crate::query::Lamp, today: &Today) -> (String, Role) {
    let (word, role) = lamp_state(lamp.state);
    let told = lamp.facts.iter().filter(|fact| matches!(fact.state, LampState::Off | LampState::Risk)).count();
    let more = match lamp.name {
        crate::query::LampName::View => format!(" {}/{}", today.matrix.covered, today.matrix.all),
        _ if told == 1 => " 1 fact".to_owned(),
        _ if told > 1 => format!(" {told} facts"),
        _ => String::new(),
    };
    (format!("{word}{more}"), role)
}

/// Word and role of what a lamp says.
pub fn lamp_state(state: LampState) -> (&'static str, Role) {
    match state {
        LampState::Off => ("OFF", Role::Bad),
        LampState::Risk => ("RISK", Role::Warn),
        LampState::Info => ("info", Role::Muted),
        LampState::Ok => ("OK", Role::Good),
        LampState::NoData => ("NODATA", Role::Muted),
    }
}

/// A fact of a lamp in one line: `L1 OFF  quick ratio 0.94, new 5,000, came back 800, left 6,200`.
pub fn fact(fact: &LampFact) -> String {
    let figure = |figure: &crate::query::LampFigure| {
        let is_change = matches!(figure.name.as_str(), "change" | "other users" | "same users");
        let value = match figure.value {
            Some(value) if is_change && fact.measure.code == "L4" => {
                format!("{}pp", format::signed(value * 100.0, 1))
            }
            Some(value)
                if figure.unit == Unit::Rate && (is_change || matches!(figure.name.as_str(), "spend" | "CAC")) =>
            {
                format!("{}%", format::signed(value * 100.0, 0))
            }
            value => amount::brief(value, figure.unit),
        };
        format!("{} {value}", figure.name)
    };
    let figures: Vec<String> = fact.figures.iter().map(figure).collect();
    format!("{} {:6} {}: {}", fact.measure.code, lamp_state(fact.state).0, fact.measure.about, figures.join(", "))
}

/// What a fact is about, with its number: `plan 4, plan 6`.
pub fn about(fact: &LampFact) -> String {
    fact.about.iter().map(about_word).collect::<Vec<_>>().join(", ")
}

/// `metric d7`, `plan 4`.
pub fn about_word(about: &About) -> String {
    match about {
        About::Metric(id) => format!("metric {id}"),
        About::Plan(id) => format!("plan {id}"),
        About::Node(id) => format!("node {id}"),
        About::Feedback(id) => format!("feedback {id}"),
        About::Lesson(id) => format!("lesson {id}"),
        About::Strategy(id) => format!("strategy {id}"),
        About::Operation(op) => format!("type {}", op.word()),
    }
}

/// The screen that a cause is looked at on.
pub fn cause_screen(cause: &Cause) -> String {
    match &cause.place {
        Place::Node { .. } => "8Plans".to_owned(),
        Place::Source(_) => "#Data".to_owned(),
        Place::Metric("d1" | "d7" | "d30") => "9Retain".to_owned(),
        Place::Metric("net" | "payers" | "arppu" | "paid_rate") => "$Rev".to_owned(),
        Place::Metric("new_users" | "spend") => words::tab(OpType::Channel),
        Place::Metric(_) => words::tab(OpType::User),
    }
}

/// `2.00% vs 2.50%`; `no data` where nothing is observed.
pub fn cause_values(cause: &Cause) -> String {
    match (cause.actual, cause.usual) {
        (None, None) => "no data".to_owned(),
        (None, usual) => format!("no data, usual {}", amount::brief(usual, cause.unit)),
        (actual, usual) => format!("{} vs {}", amount::brief(actual, cause.unit), amount::brief(usual, cause.unit)),
    }
}

/// Its part in the gap of a plan; for a number that is only unusual the change against what is usual.
pub fn cause_effect(cause: &Cause) -> String {
    match cause.effect {
        Some((by, unit @ Unit::Rate)) => format!("{}{}", words::signed(Some(by * 100.0), Unit::Times), unit_of(unit)),
        Some((by, unit)) => words::signed(Some(by), unit),
        None if cause.actual.is_none() => String::new(),
        None => amount::change(cause.usual, cause.actual, cause.unit),
    }
}

fn unit_of(unit: Unit) -> &'static str {
    if unit == Unit::Rate { "pp" } else { "" }
}

/// Since when, and what the journal tells of that day.
pub fn cause_since(cause: &Cause, today: &Today) -> String {
    let Some(since) = cause.since else { return String::new() };
    let what = if cause.sign == Some(Sign::Missing) { "none since" } else { "since" };
    let event = cause.event.as_ref().map(|line| {
        let kind = if line.kind == JournalKind::Release { "" } else { "= " };
        format!(" {kind}{}", line.body)
    });
    format!("{what} {}{}", dates::short(since, today.today), event.unwrap_or_default())
}

/// Whether other users came or the same kind stays less, and in which channel.
pub fn cause_split(cause: &Cause) -> String {
    let pp = |value: f64| format!("{}pp", format::signed(value * 100.0, 1));
    let split = cause.split.map(|effect| format!("mix {} rate {}", pp(effect.mix), pp(effect.rate)));
    let channel = cause.channel.as_ref().map(|(name, _)| name.clone());
    channel.into_iter().chain(split).collect::<Vec<_>>().join(" ")
}

/// A cause in one sentence.
pub fn cause_sentence(cause: &Cause, today: &Today) -> String {
    let told = [
        format!("{} {}", cause.label, cause_values(cause)),
        cause_effect(cause),
        cause_since(cause, today),
        cause_split(cause),
    ];
    let parts: Vec<String> = told.into_iter().filter(|part| !part.is_empty()).collect();
    format!("{}.", parts.join(", "))
}
