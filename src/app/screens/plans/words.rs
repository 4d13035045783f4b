//! Plans in words: gauges, verdicts, states, changes with their sign.

use chrono::Datelike as _;

use crate::domain::calendar::{Day, Span};
use crate::domain::operations::OPERATIONS;
use crate::domain::plans::{OpType, PlanStatus, Task, TaskState};
use crate::query::{Gauges, PlanRow, TargetWord, TaskRow, Unit};
use crate::ui::theme::Role;
use crate::ui::{amount, dates, format};

/// Digit and two letters of an operation type, before names in lists.
pub fn code(op: OpType) -> &'static str {
    ["1Pr", "2Us", "3Ac", "4Mk", "5Ct", "6Co", "7Ch"][op as usize]
}

/// Digit and short name: `7Chan`.
pub fn tab(op: OpType) -> String {
    format!("{}{}", op.digit(), OPERATIONS[op as usize].short)
}

/// Digit and name: `6 Commercial`.
pub fn operation(op: OpType) -> String {
    format!("{} {}", op.digit(), OPERATIONS[op as usize].name)
}

/// A fraction as whole percent; `--` where there is none.
pub fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| format::MISSING.to_owned(), |v| format!("{}%", format::fixed(v * 100.0, 0)))
}

/// The same in so many cells; as more than nine times the whole where it needs more.
pub fn percent_within(value: Option<f64>, cells: usize) -> String {
    let told = percent(value);
    match value {
        Some(value) if told.len() > cells => if value > 0.0 { ">9x" } else { "<-9x" }.to_owned(),
        _ => told,
    }
}

/// A probability, never told as 0 or 100 percent.
pub fn hit(p: Option<f64>) -> String {
    match p {
        None => format::MISSING.to_owned(),
        Some(p) if p < 0.01 => "<1%".to_owned(),
        Some(p) if p > 0.99 => ">99%".to_owned(),
        Some(p) => percent(Some(p)),
    }
}

/// Sign and word of a verdict.
pub fn standing(word: TargetWord) -> (&'static str, Role) {
    match word {
        TargetWord::Off => ("! OFF", Role::Bad),
        TargetWord::Over => ("^ OVER", Role::Warn),
        TargetWord::Risk => ("o RISK", Role::Warn),
        TargetWord::Stale => ("z STALE", Role::Warn),
        TargetWord::NoData => ("? NODATA", Role::Muted),
        TargetWord::Ok => ("+ OK", Role::Good),
    }
}

/// The verdict of a plan while it has one, else its state.
pub fn status(row: &PlanRow) -> (&'static str, Role) {
    match (row.standing, row.status) {
        (Some(word), PlanStatus::Running) => standing(word),
        (_, status) => (state(status), if status == PlanStatus::Review { Role::Warn } else { Role::Base }),
    }
}

/// A state as screens name it.
pub fn state(status: PlanStatus) -> &'static str {
    if status == PlanStatus::Review { "in review" } else { status.word() }
}

/// A day in six cells: `8 Jun`, of another year by month, `Nov'25`.
pub fn day(day: Day, today: Day) -> String {
    let told = dates::short(day, today);
    if told.len() <= 6 { told } else { day.date().format("%b'%y").to_string() }
}

/// First and last day in twelve cells: without blanks, then by month, then by year, where it would be longer. A year that
/// is not told is that of today.
pub fn days(span: Span, today: Day) -> String {
    const CELLS: usize = 12;
    let told = dates::period(span, today);
    let close = told.replace(' ', "");
    if told.len() <= CELLS {
        return told;
    }
    if close.len() <= CELLS {
        return close;
    }
    let (first, last, this) = (span.first.date(), span.last.date(), today.date().year());
    match (first.year(), last.year()) {
        (from, to) if from == to => format!("{}-{}", first.format("%b"), last.format("%b %Y")),
        (_, to) if to == this => format!("{}-{}", first.format("%b %Y"), last.format("%b")),
        (from, _) if from == this => format!("{}-{}", first.format("%b"), last.format("%b %Y")),
        (from, to) => format!("{from}-{to}"),
    }
}

/// A reason with its days as screens tell them.
pub fn with_days(why: &str, today: Day) -> String {
    let told = |word: &str| {
        let bare = word.trim_end_matches([',', ';', ':']);
        Day::parse(bare).map_or_else(|| word.to_owned(), |day| dates::short(day, today) + &word[bare.len()..])
    };
    why.split(' ').map(told).collect::<Vec<_>>().join(" ")
}

/// A change in its unit with its sign: `+8,120` `-12.2k`; `--` where there is none.
pub fn signed(value: Option<f64>, unit: Unit) -> String {
    match value {
        // Cents tell nothing about a change of a hundred and more.
        Some(value) if unit == Unit::Money && (99.5e6..9_999.5e6).contains(&value.abs()) => {
            let sign = if value < 0.0 { "-" } else { "+" };
            format!("{sign}{}", format::grouped(&format::fixed(value.abs() / 1e6, 0)))
        }
        Some(value) if unit == Unit::Rate => format!("{}pp", format::signed(value * 100.0, 1)),
        Some(value) if value >= 0.0 => format!("+{}", amount::brief(Some(value), unit)),
        value => amount::brief(value, unit),
    }
}

/// Pace: `x0.92`.
pub fn pace(value: Option<f64>) -> String {
    value.map_or_else(|| format::MISSING.to_owned(), |v| format!("x{}", format::fixed(v, 2)))
}

/// Cells inside a bar.
const BAR: usize = 9;

/// A bar of the result with a mark where time stands: behind leaves a blank before the mark, ahead fills a cell after
/// it, so that its side is always right.
pub fn bar(result: Option<f64>, time: Option<f64>) -> String {
    let (Some(result), Some(time)) = (result, time) else { return format!("[{}]", " ".repeat(BAR)) };
    let place = |share: f64| (share.clamp(0.0, 1.0) * BAR as f64) as usize;
    let mark = place(time).min(BAR - 1);
    let filled = place(result);
    let filled = if result < time { filled.min(mark.saturating_sub(1)) } else { filled.max((mark + 2).min(BAR)) };
    let cell = |at| {
        if at == mark {
            '|'
        } else if at < filled {
            '#'
        } else {
            ' '
        }
    };
    format!("[{}]", (0..BAR).map(cell).collect::<String>())
}

/// The four gauges in one line, the result with or without its bar.
pub fn gauges(gauges: &Gauges, with_bar: bool) -> String {
    let bar = if with_bar { format!(" {}", bar(gauges.result, gauges.time)) } else { String::new() };
    format!(
        "time {}  work {}  result {}{bar}  budget {}",
        percent(gauges.time),
        percent(gauges.work),
        percent(gauges.result),
        percent(gauges.budget)
    )
}

/// The box of a task.
pub fn task_box(row: &TaskRow) -> &'static str {
    match row.task.state {
        TaskState::Done => "[x]",
        TaskState::Dropped => "[-]",
        _ if !row.needs.is_empty() => "[b]",
        _ if row.waiting => "[w]",
        _ => "[ ]",
    }
}

/// How pressing a task was said to be.
pub fn priority(task: &Task) -> &'static str {
    match task.priority {
        2.. => "!! ",
        1 => "! ",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_always_on_the_right_side_of_its_mark() {
        assert_eq!(bar(Some(0.30), Some(0.33)), "[# |      ]");
        assert_eq!(bar(Some(0.329), Some(0.33)), "[# |      ]");
        assert_eq!(bar(Some(0.34), Some(0.33)), "[##|#     ]");
        assert_eq!(bar(Some(-2.5), Some(0.0)), "[|        ]");
        assert_eq!(bar(Some(1.4), Some(1.0)), "[########|]");
        assert_eq!(bar(None, Some(0.5)), "[         ]");
    }

    #[test]
    fn a_period_fits_its_column_and_tells_the_year_where_it_is_another() {
        let told = |first: &str, last: &str| {
            let [first, last, today] = [first, last, "2026-06-11"].map(|day| Day::parse(day).unwrap());
            days(Span { first, last }, today)
        };
        assert_eq!(told("2026-06-01", "2026-06-30"), "1-30 Jun");
        assert_eq!(told("2026-11-17", "2026-12-16"), "17Nov-16Dec");
        assert_eq!(told("2025-11-01", "2025-11-30"), "1-30Nov2025");
        assert_eq!(told("2025-10-13", "2025-11-09"), "Oct-Nov 2025");
        assert_eq!(told("2025-12-20", "2026-01-05"), "Dec 2025-Jan");
        assert_eq!(told("2026-12-20", "2027-01-05"), "Dec-Jan 2027");
        assert_eq!(told("2024-12-20", "2025-01-05"), "2024-2025");
        let [june, november] = ["2026-06-08", "2025-11-08"].map(|text| Day::parse(text).unwrap());
        assert_eq!((day(june, june), day(november, june)), ("8 Jun".into(), "Nov'25".into()));
    }

    #[test]
    fn probabilities_are_never_certain() {
        assert_eq!(
            (hit(Some(0.0)), hit(Some(1.0)), hit(Some(0.71)), hit(None)),
            ("<1%".into(), ">99%".into(), "71%".into(), "--".into())
        );
        assert_eq!((percent(Some(-2.5)), pace(Some(0.9169))), ("-250%".into(), "x0.92".into()));
        assert_eq!(
            (signed(Some(8_100e6), Unit::Money), signed(Some(-12_200e6), Unit::Money)),
            ("+8,100".into(), "-12.2k".into())
        );
        assert_eq!(signed(Some(-0.068), Unit::Rate), "-6.8pp");
        assert_eq!(
            [Some(-12.5), Some(12.5), Some(-1.03), None].map(|value| percent_within(value, 5)),
            ["<-9x", "1250%", "-103%", "--"]
        );
        assert_eq!(percent_within(Some(12.5), 4), ">9x");
    }
}
