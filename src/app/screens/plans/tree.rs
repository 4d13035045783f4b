//! A plan's tree: base, line, actual, pace, blame, and the value that would close the gap alone.

use crate::domain::plans::{Node, NodeOp};
use crate::query::{Accumulation, Course, GuardRow, PlanView, TreeRow, Unit};
use crate::ui::pen::{Pen, Run};
use crate::ui::spark;
use crate::ui::table::{Align, Cell, Column, Row, Table, rule};
use crate::ui::theme::Role;
use crate::ui::{amount, dates, format, text};

use super::super::super::pane;
use super::super::super::view::Env;
use super::list::{percent, standing};

const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 23).compact(Align::Left(1)),
    Column::new("base", Align::Right(33), 8),
    Column::new("line", Align::Right(42), 8).compact(Align::Right(33)),
    Column::new("actual", Align::Right(51), 8).compact(Align::Right(42)),
    Column::new("pace", Align::Right(58), 6).compact(Align::Right(49)),
    Column::new("blame", Align::Right(67), 8).compact(Align::Right(58)),
    Column::new("alone", Align::Right(76), 8),
    Column::new("can", Align::Left(77), 3),
];

const GUARDS: &[Column] = &[
    Column::new("", Align::Left(1), 30).compact(Align::Left(1)),
    Column::new("rule", Align::Right(42), 10).compact(Align::Right(42)),
    Column::new("actual", Align::Right(51), 8).compact(Align::Right(51)),
    Column::new("status", Align::Left(53), 24).compact(Align::Left(52)),
];

/// The tree, then guardrails and influences; parts of folded nodes are left out.
pub fn tables(view: Option<&PlanView>, folded: &[i64]) -> Vec<Table> {
    let mut tree = Table { title: "TREE".to_owned(), columns: COLUMNS, empty: "..".to_owned(), ..Table::default() };
    let mut guards =
        Table { title: "GUARDS AND INFLUENCE".to_owned(), columns: GUARDS, empty: "..".to_owned(), ..Table::default() };
    let Some(view) = view else { return vec![tree, guards] };
    tree.note = format!("vs {}", view.against.word());
    "no target yet; I adds the primary one".clone_into(&mut tree.empty);
    let top = view.tree.first().map_or(Unit::Times, |row| row.unit);
    let mut hidden: Vec<i64> = Vec::new();
    for row in &view.tree {
        let below = row.node.parent_id.is_some_and(|parent| folded.contains(&parent) || hidden.contains(&parent));
        if below {
            hidden.push(row.node.id);
        } else {
            tree.rows.push(tree_row(view, row, top, folded));
        }
    }
    guards.rows = view.guards.iter().map(guard_row).collect();
    "no guardrail; e on a node makes one of it".clone_into(&mut guards.empty);
    vec![tree, guards]
}

/// Names a row so that the cursor stays on it; what closes a sum is named by the sum.
pub fn id(row: &TreeRow) -> String {
    if row.node.id == 0 { format!("other-{}", row.node.parent_id.unwrap_or(0)) } else { row.node.id.to_string() }
}

fn tree_row(view: &PlanView, row: &TreeRow, top: Unit, folded: &[i64]) -> Row {
    let parts = view.tree.iter().any(|part| part.node.parent_id == Some(row.node.id) && row.node.id != 0);
    let fold = match (parts, folded.contains(&row.node.id)) {
        (true, false) => "v ",
        (true, true) => "+ ",
        _ => "  ",
    };
    let lock = if row.node.locked { " [L]" } else { "" };
    let name = format!("{}{fold}{}{}{lock}", " ".repeat(row.depth), row.node.label, op(view, &row.node));
    let value = |value: Option<f64>| number(value, row.unit);
    let blame = row.blame.map_or_else(missing, |part| {
        let role = if part.abs() < 1e-9 { Role::Muted } else { effect(view, part) };
        Cell::number(signed(part, top), Some(part), amount::exact(part, top)).role(role)
    });
    // A part of the period that has not begun is not missing.
    let ahead = row.node.start.is_some() && row.line.is_none();
    let actual = if row.missing.is_some() && row.actual.is_none() && !ahead { nodata() } else { value(row.actual) };
    let can = match row.can.filter(|_| row.depth > 0) {
        Some(true) => Cell::text("yes").role(Role::Good),
        Some(false) => Cell::text("no").role(Role::Muted),
        None => Cell::text(""),
    };
    let pace =
        row.pace.map_or_else(missing, |p| Cell::number(format!("x{}", format::fixed(p, 2)), Some(p), format!("{p}")));
    let alone = row.alone.filter(|_| !parts && row.depth > 0);
    Row {
        id: id(row),
        cells: vec![
            Cell::text(name),
            value(row.base),
            value(row.line),
            actual,
            pace,
            blame,
            if alone.is_some() { value(alone) } else { Cell::text("") },
            can,
        ],
    }
}

/// Colour of an effect on the top: by whether it helps.
fn effect(view: &PlanView, part: f64) -> Role {
    let up = view.tree.first().is_none_or(|top| top.direction == crate::query::Direction::Up);
    if (part > 0.0) == up { Role::Good } else { Role::Bad }
}

fn op(view: &PlanView, node: &Node) -> String {
    let parts: Vec<&Node> =
        view.tree.iter().map(|row| &row.node).filter(|part| part.parent_id == Some(node.id)).collect();
    match node.op {
        NodeOp::Sum => " =sum".to_owned(),
        NodeOp::Product if !parts.is_empty() => {
            let letters: Vec<String> = (b'A'..=b'Z').map(|c| char::from(c).to_string()).take(parts.len()).collect();
            format!(" ={}", letters.join("x"))
        }
        NodeOp::Ratio if !parts.is_empty() => " =A/B".to_owned(),
        _ => String::new(),
    }
}

fn number(value: Option<f64>, unit: Unit) -> Cell {
    value.map_or_else(missing, |v| Cell::number(amount::brief(Some(v), unit), Some(v), amount::exact(v, unit)))
}

fn missing() -> Cell {
    Cell::number(format::MISSING, None, "").role(Role::Muted)
}

fn nodata() -> Cell {
    Cell::number("? NODATA", None, "").role(Role::Muted)
}

/// With a sign, as short as it can be.
pub fn signed(value: f64, unit: Unit) -> String {
    if unit == Unit::Rate {
        return format!("{}pp", format::signed(value * 100.0, 1));
    }
    let text = amount::brief(Some(value), unit);
    if value > 0.0 { format!("+{text}") } else { text }
}

fn guard_row(guard: &GuardRow) -> Row {
    let row = &guard.row;
    let sign = if row.direction == crate::query::Direction::Up { ">=" } else { "<=" };
    let rule =
        row.node.target.map_or_else(String::new, |target| format!("{sign} {}", amount::brief(Some(target), row.unit)));
    let (word, role) = match guard.kept {
        Some(true) => ("kept", Role::Good),
        Some(false) => ("BROKEN", Role::Bad),
        None if row.node.role == crate::domain::plans::NodeRole::Influence => ("not in the arithmetic", Role::Muted),
        None => ("? NODATA", Role::Muted),
    };
    let name = format!("{} ({})", row.node.label, row.node.role.word());
    Row {
        id: id(row),
        cells: vec![Cell::text(name), Cell::text(rule), number(row.actual, row.unit), Cell::text(word).role(role)],
    }
}

/// Breadcrumb and gauges: the first two rows of every page of a plan.
pub fn head(pen: &mut Pen<'_>, view: &PlanView, page: &str, env: &Env<'_>) {
    let head = &view.head;
    let plan = &head.plan;
    let operation = crate::domain::operations::OPERATIONS.get(plan.op_type as usize).map_or("", |row| row.name);
    let owner = if plan.owner.is_empty() { "no owner".to_owned() } else { format!("owner {}", plan.owner) };
    let day = env.today.since(plan.start) + 1;
    let days = plan.span().days();
    let when =
        if (1..=days).contains(&day) { format!("day {day}/{days}") } else { dates::period(plan.span(), env.today) };
    let name = text::cut_with(text::safe(&plan.name()).as_str(), 28, '~');
    let runs = [
        ("Plans > ".to_owned(), Role::Muted),
        (format!("{name}{page}"), Role::Title),
        (format!("   {} {operation}   {owner}   {when}   ", plan.op_type.digit()), Role::Base),
        (head.status.word().to_owned(), Role::Accent),
    ];
    pen.runs(1, 0, &runs);
    let gauges = &head.gauges;
    let mut runs: Vec<Run> = vec![(
        format!(
            "time {}  work {}  result {}  budget {}",
            percent(gauges.time),
            percent(gauges.work),
            percent(gauges.result),
            percent(gauges.budget)
        ),
        Role::Base,
    )];
    if let Some(word) = head.standing {
        let (word, role) = standing(word);
        runs.push((format!("  {word}"), role));
    }
    if let Some(reading) = head.readings.first() {
        runs.push((format!("  \"{}\"", reading.text()), Role::Warn));
    }
    let outlook = head.primary.as_ref().and_then(|course| Some((course.unit, course.outlook?)));
    if let Some((unit, outlook)) = outlook.filter(|_| head.standing.is_some()) {
        let value = |value| amount::brief(Some(value), unit);
        let band = format!("{} ({} to {})", value(outlook.value), value(outlook.low), value(outlook.high));
        runs.push((format!("  hit {}  forecast {band}", format::odds(outlook.p_hit)), Role::Base));
    }
    pen.runs(1, 1, &runs);
}

/// The selected node: its days, its target, its tasks, the days due, what was written.
pub fn draw_below(pen: &mut Pen<'_>, view: &PlanView, row: &TreeRow, env: &Env<'_>) {
    let node = &row.node;
    let owner = if node.owner.is_empty() { String::new() } else { format!("owner {}", node.owner) };
    rule(pen, 0, &node.label, &owner);
    let left = 36.min(pen.width().saturating_sub(2));
    let mut y = 1;
    if let Some(series) = view.series.iter().find(|series| series.node == node.id) {
        let from = series.values.len().saturating_sub(usize::from(left));
        let line = spark::line(&series.values[from..], usize::from(left), pen.glyphs());
        pen.text(1, y, &line, Role::Series(1));
        let first = series.first.plus(from as i32);
        let last = series.first.plus(series.values.len() as i32 - 1);
        pen.text(1, y + 1, &dates::period(crate::domain::calendar::Span::new(first, last), env.today), Role::Muted);
        y += 2;
    }
    let course = view.progress.iter().find(|course| course.node == node.id);
    for line in facts(row, course) {
        pen.within(1, y, left, &line, Role::Base);
        y += 1;
    }
    let right = left + 3;
    let width = pen.width().saturating_sub(right + 1);
    for (at, (line, role)) in beside(view, row, env).into_iter().enumerate() {
        pen.within(right, 1 + at as u16, width, &line, role);
    }
}

/// Its target and what is needed.
fn facts(row: &TreeRow, course: Option<&Course>) -> Vec<String> {
    let value = |value| amount::brief(value, row.unit);
    let mut lines = Vec::new();
    let node = &row.node;
    if node.target.is_some() || node.floor.is_some() {
        let of = |name: &str, v: Option<f64>| v.map(|v| format!("  {name} {}", value(Some(v)))).unwrap_or_default();
        lines.push(format!("target {}{}{}", value(node.target), of("floor", node.floor), of("stretch", node.stretch)));
    }
    if let Some(course) = course {
        if let Some(lead) = course.lead {
            lines.push(format!(
                "lead {}d   pace {}",
                format::signed(lead, 1),
                course.pace.map_or_else(|| "--".to_owned(), |p| format!("x{}", format::fixed(p, 2)))
            ));
        }
        if let Some((day, due)) = course.due_by.first() {
            lines.push(format!("due by {} {}", day.date().format("%a %-d"), value(Some(*due))));
        }
    }
    if row.accumulation == Accumulation::Ratio && lines.is_empty() {
        lines.push("a ratio; its line is its target".to_owned());
    }
    lines
}

/// Tasks of the node, and the journal of the plan's days.
fn beside(view: &PlanView, row: &TreeRow, env: &Env<'_>) -> Vec<(String, Role)> {
    let mut lines = Vec::new();
    let done = view.tasks.iter().filter(|task| task.task.state == crate::domain::plans::TaskState::Done).count();
    if !view.tasks.is_empty() {
        lines.push((format!("tasks {done}/{} done, {} overdue", view.tasks.len(), view.head.overdue), Role::Base));
    }
    let open = view.tasks.iter().filter(|task| task.task.state.is_open());
    let mine = open.filter(|task| task.task.node_id.is_none_or(|node| node == row.node.id));
    for task in mine.take(2) {
        let due = task.due.map(|due| format!(", {}", due.date().format("%a %-d"))).unwrap_or_default();
        lines.push((format!("[ ] {}{due}", task.task.title), Role::Base));
    }
    for line in view.journal.iter().rev().take(2) {
        lines
            .push((format!("{} {} ({})", dates::short(line.day, env.today), line.body, line.kind.word()), Role::Muted));
    }
    for offer in view.offers.iter().take(1) {
        lines.push((
            format!("lesson r{}: {} {}", offer.round, offer.lesson.kiss.word().to_uppercase(), offer.lesson.body),
            Role::Base,
        ));
    }
    lines
}

/// The detail pane of a wide screen.
pub fn draw_pane(pen: &mut Pen<'_>, view: &PlanView, row: &TreeRow, env: &Env<'_>) {
    let Some(mut pen) = pane::open(pen) else { return };
    let metric = row.node.metric.clone().unwrap_or_default();
    let mut y = pane::head(&mut pen, &row.node.label, &metric);
    let value = |value| amount::full(value, row.unit);
    let facts = [
        ("actual", row.actual),
        ("line", row.line),
        ("baseline", row.base),
        ("target", row.node.target),
        ("floor", row.node.floor),
        ("stretch", row.node.stretch),
        ("alone", row.alone),
        ("best window", row.best),
    ];
    for (name, number) in facts.into_iter().filter(|(_, number)| number.is_some()) {
        y = pane::fact(&mut pen, y, name, (&value(number), Role::Base), ("", Role::Base));
    }
    if let Some((from, to)) = row.node.baseline_from.zip(row.node.baseline_to) {
        let days = dates::period(crate::domain::calendar::Span::new(from, to), env.today);
        y = pane::fact(&mut pen, y, "baseline of", (&days, Role::Muted), ("", Role::Base));
    }
    y = pane::fact(&mut pen, y, "curve", (row.node.curve.word(), Role::Base), ("", Role::Base)) + 1;
    if let Some(course) =
        view.progress.iter().find(|course| course.node == row.node.id).filter(|c| !c.due_by.is_empty())
    {
        pen.text(1, y, "due by (line - actual)", Role::Muted);
        y += 1;
        for (day, due) in &course.due_by {
            let day = day.date().format("%a %-d %b").to_string();
            y = pane::fact(&mut pen, y, &day, (&value(Some(*due)), Role::Base), ("", Role::Base));
        }
        y += 1;
    }
    for revision in view.revisions.iter().filter(|one| one.node_id == row.node.id).take(3) {
        let words =
            format!("{} > {} {}: {}", value(revision.old), value(revision.new), revision.actor, revision.reason);
        y = pane::paragraph(&mut pen, y, &words, Role::Muted);
    }
}

/// The node under the cursor in one sentence.
pub fn sentence(view: &PlanView, row: &TreeRow) -> String {
    if let Some(why) = row.missing.as_deref().filter(|_| row.actual.is_none()) {
        return format!("{}: {why}", row.node.label);
    }
    let value = |value| amount::brief(value, row.unit);
    let top = view.tree.first();
    match (row.alone, row.can, row.best) {
        (Some(alone), Some(can), Some(best)) if top.is_some_and(|top| top.node.id != row.node.id) => {
            let verdict = if can { "reachable" } else { "never reached" };
            format!(
                "{} closes the gap alone at {}; best of the windows before {}: {verdict}",
                row.node.label,
                value(Some(alone)),
                value(Some(best))
            )
        }
        _ => {
            let residual = view.residual.filter(|rest| rest.abs() > 1e-6 && row.depth == 0).zip(top);
            let rest =
                residual.map(|(rest, top)| format!("; its own line less that of its parts {}", signed(rest, top.unit)));
            format!("{} {} against {}{}", row.node.label, value(row.actual), value(row.line), rest.unwrap_or_default())
        }
    }
}
