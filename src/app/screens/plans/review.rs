//! The review: goal, result and analysis from the facts, the insight typed below them, so that a lesson is written with
//! its facts in view.
//!
//! ```text
//! ── G GOAL ──
//! ── R RESULT ──── base ── target ── actual ── result ──
//! ── A ANALYSIS ──
//! ── I INSIGHT ──
//! ```

use crate::domain::plans::{Kiss, Lesson, Verdict};
use crate::query::{EXCEEDED, MET, PlanView, TreeRow};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::theme::Role;
use crate::ui::{amount, dates, format, text};

use super::super::super::list::{Board, allot};
use super::super::super::pane;
use super::{Page, Seen, crumb, nodes, words};

/// What stands between the name of a text and the number of a further line, in ids.
const MORE: &str = " + ";

/// Place of the lessons.
pub const INSIGHT: usize = 3;

const TEXT: &[Column] = &[
    Column::new("", Align::Left(1), 10).compact(Align::Left(1)),
    Column::new("", Align::Left(12), 67).compact(Align::Left(12)),
];

const RESULT: &[Column] = &[
    Column::new("", Align::Left(1), 26).compact(Align::Left(1)),
    Column::new("base", Align::Right(35), 7),
    Column::new("target", Align::Right(45), 9).compact(Align::Right(35)),
    Column::new("actual", Align::Right(55), 9).compact(Align::Right(44)),
    Column::new("result", Align::Right(64), 7),
    Column::new("", Align::Left(66), 14).compact(Align::Left(46)),
    Column::new("", Align::Left(1), 78).compact(Align::Left(1)),
];

const BLAME: &[Column] = &[
    Column::new("", Align::Left(1), 33).compact(Align::Left(1)),
    Column::new("target > actual", Align::Right(53), 17),
    Column::new("effect", Align::Right(63), 8).compact(Align::Right(46)),
    Column::new("share", Align::Right(71), 6).compact(Align::Right(54)),
    Column::new("", Align::Left(1), 78).compact(Align::Left(1)),
];

const LESSONS: &[Column] = &[
    Column::new("", Align::Left(1), 8).compact(Align::Left(1)),
    Column::new("", Align::Left(10), 42).compact(Align::Left(10)),
    Column::new("stands on", Align::Left(54), 16),
    Column::new("sure", Align::Left(71), 8),
    Column::new("", Align::Left(10), 69).compact(Align::Left(10)),
];

/// Goal, result, analysis, insight.
pub fn tables(seen: &Seen<'_>, view: &PlanView) -> Vec<Table> {
    let draft = if view.review_is_draft { "filled in from the facts, not stored yet" } else { "" };
    vec![
        Table {
            title: "G GOAL".to_owned(),
            note: draft.to_owned(),
            columns: TEXT,
            rows: texts("goal", &view.review.goal, wide(seen, TEXT, 1), &|name, text| vec![Cell::text(name), text]),
            ..Table::default()
        },
        result(seen, view),
        analysis(seen, view),
        Table {
            title: "I INSIGHT".to_owned(),
            columns: LESSONS,
            rows: insight(seen, view),
            empty: "no lesson yet: a adds one".to_owned(),
            ..Table::default()
        },
    ]
}

/// Cells of a column of texts on this screen, which has the rest of the line.
fn wide(seen: &Seen<'_>, columns: &[Column], at: usize) -> usize {
    let width = pane::content_width(seen.env.size.0);
    let from = columns.get(at).and_then(|column| column.at(width)).map_or(0, |align| match align {
        Align::Left(x) | Align::Right(x) => x,
    });
    usize::from(columns.get(at).map_or(0, |column| column.width).min(width.saturating_sub(from + 1)))
}

/// A text as rows, each line of it wrapped; the first has its name, and the ids of those after it begin with it.
fn texts(name: &str, text: &str, cells: usize, row: &dyn Fn(&str, Cell) -> Vec<Cell>) -> Vec<Row> {
    let lines: Vec<String> = text.lines().flat_map(|line| text::wrapped(line, cells)).collect();
    if lines.is_empty() {
        return vec![Row { id: name.to_owned(), cells: row(name, Cell::text(format::MISSING).role(Role::Muted)) }];
    }
    let one = |(at, line): (usize, String)| match at {
        0 => Row { id: name.to_owned(), cells: row(name, Cell::text(line)) },
        _ => Row { id: format!("{name}{MORE}{at}"), cells: row("", Cell::text(line)) },
    };
    lines.into_iter().enumerate().map(one).collect()
}

/// The text that a row belongs to.
pub fn text_of(id: &str) -> &str {
    id.split_once(MORE).map_or(id, |(name, _)| name)
}

/// Cells of a text over all columns, after so many empty ones.
fn over_all(columns: usize, text: Cell) -> Vec<Cell> {
    let mut cells = vec![Cell::text(""); columns];
    cells.push(text);
    cells
}

/// A text in one line.
fn in_one_line(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ")
}

/// How it ended, or what its numbers say; its sign.
pub fn verdict(view: &PlanView) -> (String, Role) {
    let stored = view.review.verdict.filter(|_| !view.review_is_draft);
    match (stored, view.proposed) {
        (Some(verdict), _) => {
            let (sign, role) = standing(verdict);
            (format!("{sign} {}", verdict.word()), role)
        }
        (None, Some(verdict)) => (format!("o: {}?", verdict.word()), Role::Accent),
        (None, None) => ("no verdict yet".to_owned(), Role::Muted),
    }
}

fn standing(verdict: Verdict) -> (char, Role) {
    match verdict {
        Verdict::Exceeded => ('^', Role::Good),
        Verdict::Met => ('+', Role::Good),
        Verdict::Missed => ('!', Role::Bad),
        Verdict::Abandoned => ('-', Role::Muted),
    }
}

fn value(row: &TreeRow, value: Option<f64>) -> Cell {
    let exact = value.map_or_else(String::new, |v| amount::exact(v, row.unit));
    Cell::number(amount::brief(value, row.unit), value, exact).role(if value.is_none() {
        Role::Muted
    } else {
        Role::Base
    })
}

fn result(seen: &Seen<'_>, view: &PlanView) -> Table {
    let mut rows = Vec::new();
    if let Some(top) = view.tree.first() {
        let attained = view.head.primary.as_ref().and_then(|course| course.attainment);
        let (verdict, role) = verdict(view);
        rows.push(Row {
            id: "result".to_owned(),
            cells: vec![
                Cell::text(&top.node.label),
                value(top, top.base),
                value(top, top.node.target),
                value(top, top.actual),
                Cell::text(words::percent(attained)),
                Cell::text(verdict).role(role),
            ],
        });
    }
    rows.extend(view.guards.iter().filter(|guard| guard.kept.is_some()).map(|guard| {
        let kept = guard.kept == Some(true);
        Row {
            id: format!("guard {}", guard.row.node.id),
            cells: vec![
                Cell::text(format!("guard {}", guard.row.node.label)),
                value(&guard.row, guard.row.base),
                Cell::text(nodes::rule_of(&guard.row)),
                value(&guard.row, guard.row.actual),
                Cell::text(""),
                Cell::text(if kept { "+ kept" } else { "! BROKEN" }).role(if kept { Role::Good } else { Role::Bad }),
            ],
        }
    }));
    if !view.review.result.is_empty() {
        rows.extend(texts("result text", &view.review.result, wide(seen, RESULT, 6), &|_, text| over_all(6, text)));
    }
    let half_way = half_way(view).map(|said| format!("said half-way {said};  ")).unwrap_or_default();
    let record = format!("{half_way}our forecasts: {}", view.forecasts.text());
    rows.extend(texts("forecasts", &record, wide(seen, RESULT, 6), &|_, text| over_all(6, text.role(Role::Muted))));
    Table {
        title: "R RESULT".to_owned(),
        columns: RESULT,
        rows,
        empty: "no target to hold the result against".to_owned(),
        ..Table::default()
    }
}

/// What was to be expected half-way: `9,100-10,900, hit 62%`.
fn half_way(view: &PlanView) -> Option<String> {
    let (said, course) = view.said.as_ref().zip(view.head.primary.as_ref())?;
    let show = |value| amount::brief(Some(value), course.unit);
    Some(format!("{}-{}, hit {}", show(said.low), show(said.high), words::hit(Some(said.p_hit))))
}

fn analysis(seen: &Seen<'_>, view: &PlanView) -> Table {
    let top = view.tree.first();
    let gap = top.and_then(|top| top.blame).filter(|gap| *gap != 0.0);
    let unit = top.map(|top| top.unit);
    let leaf = |row: &&TreeRow| row.blame.is_some() && !nodes::has_parts(view, row.node.id) && row.depth > 0;
    let mut leaves: Vec<&TreeRow> = view.tree.iter().filter(leaf).collect();
    leaves.sort_by(|a, b| b.blame.unwrap_or(0.0).abs().total_cmp(&a.blame.unwrap_or(0.0).abs()));
    let mut rows: Vec<Row> = leaves
        .iter()
        .map(|row| {
            let blame = row.blame.unwrap_or(0.0);
            let share = gap.map(|gap| blame / gap);
            Row {
                id: format!("blame {}", row.node.id),
                cells: vec![
                    Cell::text(&row.node.label),
                    Cell::text(format!(
                        "{} > {}",
                        amount::brief(row.line, row.unit),
                        amount::brief(row.actual, row.unit)
                    )),
                    Cell::number(words::signed(Some(blame), unit.unwrap_or(row.unit)), Some(blame), "")
                        .role(if blame < 0.0 { Role::Bad } else { Role::Good }),
                    Cell::text(words::percent(share)),
                ],
            }
        })
        .collect();
    rows.extend(view.journal.iter().map(|note| {
        let left_out = if note.exclude_from_baseline { " (left out of baselines)" } else { "" };
        let said = format!("{} {}{left_out}", dates::short(note.day, seen.env.today), note.body);
        Row { id: format!("journal {}", note.id), cells: over_all(4, Cell::text(said)) }
    }));
    if !view.review.analysis.is_empty() {
        rows.extend(texts("analysis", &view.review.analysis, wide(seen, BLAME, 4), &|_, text| over_all(4, text)));
    }
    Table {
        title: "A ANALYSIS".to_owned(),
        note: "blame by leaf".to_owned(),
        columns: BLAME,
        rows,
        empty: "nothing is measured, so nothing can be blamed".to_owned(),
        ..Table::default()
    }
}

/// What a lesson stands on: its node, or the fact.
fn stands_on(view: &PlanView, lesson: &Lesson) -> Option<String> {
    let node = lesson.node_id.and_then(|id| nodes::find(view, id)).map(|row| row.node.label.clone());
    node.or_else(|| Some(lesson.evidence.clone()).filter(|text| !text.is_empty()))
}

/// How sure a lesson is.
pub fn sure(confidence: i64) -> &'static str {
    match confidence {
        3.. => "3 sure",
        2 => "2 likely",
        _ => "1 guess",
    }
}

fn insight(seen: &Seen<'_>, view: &PlanView) -> Vec<Row> {
    let order = |lesson: &&Lesson| Kiss::ALL.iter().position(|kiss| *kiss == lesson.kiss);
    let mut lessons: Vec<&Lesson> = view.lessons.iter().collect();
    lessons.sort_by_key(order);
    let mut rows: Vec<Row> = lessons
        .iter()
        .map(|lesson| {
            let cited = stands_on(view, lesson);
            let role = if cited.is_none() { Role::Warn } else { Role::Base };
            Row {
                id: lesson.id.to_string(),
                cells: vec![
                    Cell::text(lesson.kiss.word().to_uppercase()),
                    Cell::text(&lesson.body),
                    Cell::text(cited.unwrap_or_else(|| "! cite a node".to_owned())).role(role),
                    Cell::text(sure(lesson.confidence)).role(Role::Muted),
                ],
            }
        })
        .collect();
    for (name, text) in [("insight", &view.review.insight), ("luck?", &view.review.luck)] {
        rows.extend(texts(name, text, wide(seen, LESSONS, 4), &|name, text| {
            let mut cells = over_all(4, text);
            cells[0] = Cell::text(name);
            cells
        }));
    }
    rows
}

/// Draws rows 3 to 22.
pub fn draw(pen: &mut Pen<'_>, seen: &Seen<'_>, view: &PlanView, cursor: &Board, tables: &[Table]) {
    let (width, height) = (pane::content_width(pen.width()), pen.height());
    let pen = &mut pen.part(0, 0, width, height);
    crumb(pen, seen, view, Page::Review);
    let gauges = &view.head.gauges;
    let said = format!(
        "time {}  work {}  result {}  budget {}",
        words::percent(gauges.time),
        words::percent(gauges.work),
        words::percent(gauges.result),
        words::percent(gauges.budget)
    );
    pen.text(1, 1, &said, Role::Base);
    let rows = |at: usize| tables[at].rows.len().max(1) as u16 + 1;
    let least = |at: usize, rows: u16| if pen.height() < 16 { 2 } else { rows.min([2, 3, 4, 5][at]) };
    let wants: Vec<(u16, u16)> = (0..tables.len()).map(|at| (least(at, rows(at)), rows(at))).collect();
    let mut y = 2;
    for (at, rows) in allot(pen.height().saturating_sub(2), &wants, cursor.section(tables)).into_iter().enumerate() {
        cursor.draw(&mut pen.part(0, y, width, rows), tables, at);
        y += rows;
    }
}

/// What the numbers say of how it ended, and from which share on.
pub fn verdict_words(view: &PlanView) -> String {
    let Some(share) = view.head.primary.as_ref().and_then(|course| course.attainment) else {
        return "no verdict yet: nothing is held against a target".to_owned();
    };
    match view.proposed {
        None => format!("no verdict yet: {} so far, and it still runs", format::percent(share)),
        Some(verdict) => format!("{} of the target: {}; o says how it ended", format::percent(share), about(verdict)),
    }
}

/// What a verdict means.
pub fn about(verdict: Verdict) -> String {
    let percent = |share: f64| format!("{} %", format::fixed(share * 100.0, 0));
    match verdict {
        Verdict::Exceeded => format!("exceeded from {}", percent(EXCEEDED)),
        Verdict::Met => format!("met from {}", percent(MET)),
        Verdict::Missed => format!("missed below {}", percent(MET)),
        Verdict::Abandoned => "given up".to_owned(),
    }
}

/// The row under the cursor in one sentence.
pub fn sentence(view: &PlanView, section: usize, id: &str) -> Vec<Run> {
    let uncited = view.lessons.iter().filter(|lesson| stands_on(view, lesson).is_none()).count();
    let lesson = view.lessons.iter().find(|lesson| lesson.id.to_string() == id).filter(|_| section == INSIGHT);
    let said = match (lesson, text_of(id)) {
        (Some(lesson), _) if stands_on(view, lesson).is_none() => {
            "this lesson cites nothing yet: Enter, then choose the node it stands on".to_owned()
        }
        (Some(lesson), _) => format!("{}: {}", lesson.kiss.word(), lesson.body),
        (None, "goal") => in_one_line(&view.review.goal),
        (None, "result text") => in_one_line(&view.review.result),
        (None, "analysis") => in_one_line(&view.review.analysis),
        (None, "insight") => format!("insight: {}", in_one_line(&view.review.insight)),
        (None, "luck?") => format!("luck: what of the result is not ours? {}", in_one_line(&view.review.luck)),
        (None, id) if uncited > 0 && id != "result" => {
            format!("{uncited} lessons cite nothing yet: Enter on one, then choose its node")
        }
        (None, "result") => verdict_words(view),
        (None, "forecasts") => {
            "of closed plans: how often half-way we said their target is hit, and how often it was".to_owned()
        }
        (None, _) => "o says how it ended; C closes the plan, then makes the next round".to_owned(),
    };
    vec![(said, Role::Base)]
}
