//! Rows 1, 2, 23 and 24: where am I, what am I looking at, what is under the cursor, what can I press.

use crate::domain::operations::OPERATIONS;
use crate::query::{Comparison, Limit, Segment, Status};
use crate::ui::dates;
use crate::ui::pen::{Pen, Run};
use crate::ui::text;
use crate::ui::theme::Role;

use super::keymap::{Context, hints};
use super::layers::picker;
use super::scope::through;
use super::view::Env;
use crate::ui::text::wrapped;

/// Smallest screen that is drawn.
pub const SMALLEST: (u16, u16) = (60, 16);

/// Width from which names are whole and a detail pane stands on the right.
pub const WIDE: u16 = 120;

/// Width below which lines are shortened.
pub const FULL: u16 = 80;

/// Number of screens in the tab line.
pub const TABS: u8 = 12;

/// Place of the first operation type, of Plans and of the last three screens in the tab line.
pub const PLANS: u8 = 8;

/// Key, short and full name of a screen by its place in the tab line.
pub fn tab_name(place: u8) -> (char, &'static str, &'static str) {
    match place {
        0 => ('0', "Today", "Today"),
        PLANS => ('8', "Plans", "Plans"),
        9 => ('9', "Retain", "Retention"),
        10 => ('$', "Rev", "Revenue"),
        11 => ('#', "Data", "Data"),
        n => {
            let operation = &OPERATIONS[usize::from(n - 1).min(OPERATIONS.len() - 1)];
            (char::from(b'0' + n), operation.short, operation.name)
        }
    }
}

/// Row 1: the screens, the open one in brackets; at 60 columns their keys and the open name.
pub fn tab_line(pen: &mut Pen<'_>, open: u8, env: &Env<'_>, loading: bool) {
    let width = pen.width();
    if width < FULL {
        return short_tab_line(pen, open, env, loading);
    }
    let mut x = 1;
    for place in 0..TABS {
        let (key, short, full) = tab_name(place);
        let name = if width >= WIDE { full } else { short };
        x = if place == open {
            pen.text(x, 0, &format!("[{key}{name}]"), Role::Title)
        } else {
            pen.text(x, 0, &format!("{key}{name}"), Role::Base)
        } + 1;
    }
}

fn short_tab_line(pen: &mut Pen<'_>, open: u8, env: &Env<'_>, loading: bool) {
    let mut x = 1;
    for place in 0..TABS {
        let (key, _, _) = tab_name(place);
        let (text, role) =
            if place == open { (format!("[{key}]"), Role::Title) } else { (key.to_string(), Role::Base) };
        x = pen.text(x, 0, &text, role) + 1;
    }
    let right = trust(env, loading, pen);
    let start = pen.width().saturating_sub(runs_width(&right));
    pen.runs(start, 0, &right);
    let product = env.status.map_or("", |s| s.profile.product.as_str());
    let runs = [(format!("{}   ", tab_name(open).2), Role::Title), (product.to_owned(), Role::Base)];
    let mut room = pen.part(x + 2, 0, start.saturating_sub(x + 3), 1);
    room.runs(0, 0, &runs);
}

/// Row 2: product, period, comparison, segment; on the right how far the data reaches and whether it is live.
pub fn context_line(pen: &mut Pen<'_>, env: &Env<'_>, loading: bool, own: Option<(String, String)>) {
    let width = pen.width();
    let Some(status) = env.status else {
        pen.text(1, 1, "..", Role::Muted);
        return pen.right(width.saturating_sub(1), 1, "reading", Role::Muted);
    };
    let right =
        if width < FULL { reach(status, width) } else { [reach(status, width), trust(env, loading, pen)].concat() };
    let start = width.saturating_sub(runs_width(&right) + 1);
    pen.runs(start, 1, &right);
    let separator = if width >= WIDE { format!(" {} ", pen.glyphs().divider()) } else { "  ".to_owned() };
    let room = start.saturating_sub(2);
    let cells =
        |runs: &[Run]| runs_width(runs) + text::width(&separator) as u16 * (runs.len() as u16).saturating_sub(1);
    let choices = choices(status, env, own);
    let mut left = Vec::new();
    // The period and who counts are never cut while there is a name that can go.
    for name in names(status, width) {
        left = name.map(|n| (n, Role::Base)).into_iter().chain(choices.clone()).collect();
        if cells(&left) <= room {
            break;
        }
    }
    let mut pen = pen.part(0, 1, start.saturating_sub(1), 1);
    let mut x = 1;
    for (index, run) in left.iter().enumerate() {
        if index > 0 {
            x = pen.text(x, 0, &separator, Role::Muted);
        }
        let room = pen.width().saturating_sub(x);
        x = pen.within(x, 0, room, &run.0, run.1);
    }
}

/// Who we are, from the full form to nothing.
fn names(status: &Status, width: u16) -> Vec<Option<String>> {
    if width < FULL {
        return vec![None];
    }
    vec![Some(profile(status)), Some(status.profile.product.clone()).filter(|p| !p.is_empty()), None]
}

/// Period, comparison, segment.
fn choices(status: &Status, env: &Env<'_>, own: Option<(String, String)>) -> Vec<Run> {
    let choice = env.choice;
    let (period, compared) = own.unwrap_or_else(|| {
        let letter = choice.grain.unwrap_or_else(|| choice.default_grain()).name();
        let letter = letter.chars().next().map_or(' ', |c| c.to_ascii_uppercase());
        (format!("{letter} {}", dates::period(choice.shown(status), status.today)), against(status, env))
    });
    let moved = choice.anchor.is_some() || choice.width != crate::query::Width::Month || choice.grain.is_some();
    let role = |changed: bool| if changed { Role::Accent } else { Role::Base };
    vec![
        (period, role(moved)),
        (compared, role(choice.comparison != Comparison::Previous)),
        (segment(&choice.segment, env), role(!choice.segment.is_all())),
    ]
}

fn profile(status: &Status) -> String {
    let parts = [&status.profile.product, &status.profile.form, &status.profile.stage];
    let known: Vec<&str> = parts.into_iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
    if status.profile.product.is_empty() { "(no product)".to_owned() } else { known.join(" ") }
}

fn against(status: &Status, env: &Env<'_>) -> String {
    let span = env.choice.compared(status);
    span.map_or_else(|| "vs none".to_owned(), |s| format!("vs {}", dates::period(s, status.today)))
}

/// A segment in words: `all users`, `feed-a or search`, `feed-a, Android`.
pub fn segment(segment: &Segment, env: &Env<'_>) -> String {
    let limits = segment.limits();
    let same = |a: &Limit, b: &Limit| std::mem::discriminant(a) == std::mem::discriminant(b);
    let parts = limits.chunk_by(same).map(|limits| {
        let or = if matches!(limits, [Limit::Prop(_), ..]) { ", " } else { " or " };
        limits.iter().map(|limit| picker::words(limit, env)).collect::<Vec<_>>().join(or)
    });
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() { "all users".to_owned() } else { parts.join(", ") }
}

fn reach(status: &Status, width: u16) -> Vec<Run> {
    let Some(day) = status.through else { return vec![("no data ".to_owned(), Role::Muted)] };
    let said = if width >= WIDE {
        format!("data to {}  ", dates::weekday(day, status.today))
    } else if width >= FULL {
        format!("to {} ", dates::short(day, status.today))
    } else {
        format!("to {}", dates::weekday(day, status.today))
    };
    vec![(said, Role::Base)]
}

fn trust(env: &Env<'_>, loading: bool, pen: &Pen<'_>) -> Vec<Run> {
    let Some(status) = env.status else { return Vec::new() };
    let wide = pen.width() >= WIDE;
    let mut runs = Vec::new();
    if !status.stale.is_empty() {
        let gap = if wide { "  " } else { " " };
        runs.push((format!("{} stale", status.stale.len()), Role::Warn));
        runs.push((gap.to_owned(), Role::Base));
    }
    let space = if wide { " " } else { "" };
    let mark = if loading {
        ("reading".to_owned(), Role::Muted)
    } else if status.read_only {
        ("ro".to_owned(), Role::Warn)
    } else if status.live {
        (format!("{}{space}live", pen.glyphs().live(true)), Role::Good)
    } else {
        (format!("{}{space}idle", pen.glyphs().live(false)), Role::Muted)
    };
    runs.push(mark);
    runs
}

/// Cells that runs take.
pub fn runs_width(runs: &[Run]) -> u16 {
    runs.iter().map(|(t, _)| text::width(text::safe(t).as_str()) as u16).sum()
}

/// Row 24: hints of the context; those that do not fit are dropped whole from the right. The last, which is help or
/// the way out of a layer, always stays.
pub fn hint_line(pen: &mut Pen<'_>, context: Context, filters: bool) {
    let (y, width) = (pen.height().saturating_sub(1), pen.width());
    let all = hints(context, filters);
    let cells = |(key, label): &(String, &str)| (text::width(key) + 1 + text::width(label)) as u16;
    let (free, last) = all.split_at(all.len().saturating_sub(1));
    let mut room = width.saturating_sub(2 + last.iter().map(|h| cells(h) + 2).sum::<u16>());
    let mut x = 1;
    for item in free.iter().map_while(|h| {
        room = room.checked_sub(cells(h) + 2)?;
        Some(h)
    }) {
        x = draw_hint(pen, x, y, item);
    }
    for item in last {
        x = draw_hint(pen, x, y, item);
    }
}

fn draw_hint(pen: &mut Pen<'_>, x: u16, y: u16, (key, label): &(String, &str)) -> u16 {
    let after = pen.text(x, y, key, Role::Accent);
    pen.text(after + 1, y, label, Role::Base) + 2
}

/// Row 23.
pub fn sentence_line(pen: &mut Pen<'_>, runs: &[Run]) {
    let y = pen.height().saturating_sub(2);
    pen.runs(1, y, runs);
}

/// What is shown below the smallest size.
pub fn too_small(pen: &mut Pen<'_>, env: &Env<'_>) {
    let (width, height) = env.size;
    let facts = env.status.map_or_else(String::new, |s| {
        let stale = if s.stale.is_empty() { String::new() } else { format!("   {} stale", s.stale.len()) };
        format!("data to {}{stale}", dates::weekday(through(s), s.today))
    });
    let said = [
        format!("quarterdeck needs {}x{}; this is {width}x{height}.", SMALLEST.0, SMALLEST.1),
        "Make the window larger. Nothing is lost.".to_owned(),
        String::new(),
        facts,
        String::new(),
        "q quit   the same as text: quarterdeck metric".to_owned(),
    ];
    let top = if pen.height() > 8 { 2 } else { 0 };
    let left = if pen.width() > 30 { 2 } else { 0 };
    let cells = usize::from(pen.width().saturating_sub(left));
    let lines = |line: &String| if line.is_empty() { vec![String::new()] } else { wrapped(line, cells) };
    for (y, line) in said.iter().flat_map(lines).enumerate() {
        pen.text(left, top + y as u16, &line, Role::Base);
    }
}
