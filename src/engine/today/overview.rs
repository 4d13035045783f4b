//! VIEW, V1 to V8: parts of the operation that nobody looks at, or that two count for themselves.

use crate::domain::calendar::{Grain, Span};
use crate::domain::plans::{FeedbackState, Filter, Node, OpType, Phase, PhaseKind, Plan, PlanStatus, UseState};
use crate::metrics::binding::Binding;
use crate::metrics::catalog::{Focus, Unit};
use crate::metrics::lamps::{self, State};
use crate::query::{About, Coverage, Matrix, PlanRow};

use super::super::EngineError;
use super::super::plans::gauge;
use super::bench::{Bench, figure};
use super::matrix::is_late;

/// Days over which a part is held against its whole.
const SIX_WEEKS: i32 = 42;
/// Rounds in which a lesson may be left unanswered.
const ROUNDS: usize = 2;

/// All eight measures.
pub(super) fn measure(bench: &mut Bench, matrix: &Matrix) -> Result<(), EngineError> {
    coverage(bench, matrix);
    orphans(bench);
    claims(bench);
    bursts(bench);
    reviews(bench);
    lessons(bench);
    feedback(bench);
    idle(bench)
}

/// A number of things that should be none.
fn none_of(bench: &mut Bench, code: &str, (state, name): (State, &str), all: usize, about: Vec<About>) {
    let state = match (all, about.len()) {
        (0, _) => State::NoData,
        (_, 0) => State::Ok,
        _ => state,
    };
    let figures =
        vec![figure(name, Some(about.len() as f64), Unit::Events), figure("of", Some(all as f64), Unit::Events)];
    bench.say(code, state, figures, about);
}

/// V1.
fn coverage(bench: &mut Bench, matrix: &Matrix) {
    let dark = |cells: &[Coverage; 4]| cells.iter().any(|cell| !matches!(cell, Coverage::Ok | Coverage::Aside));
    let types = matrix.cells.iter().zip(OpType::ALL).filter(|(cells, _)| dark(cells));
    let about = types.map(|(_, op)| About::Operation(*op)).collect();
    let figures = vec![
        figure("covered", Some(matrix.covered as f64), Unit::Events),
        figure("of", Some(matrix.all as f64), Unit::Events),
    ];
    bench.say("V1", lamps::coverage(matrix.covered, matrix.all, &bench.rules), figures, about);
}

/// V2: a target leads somewhere if it, or a part of it, is revenue, users who come or users who stay.
fn orphans(bench: &mut Bench) {
    let book = &bench.board.book;
    let leads = |node: &&Node| {
        let binding = node.metric.as_deref().and_then(|metric| Binding::parse(metric).ok());
        binding.is_some_and(|binding| match &binding {
            Binding::Metric(metric) => metric.id != "spend" && metric.id != "events",
            Binding::Ratio(num, _) => {
                num.is_revenue() || matches!(&**num, Binding::Metric(m) if m.focus == Focus::Revenue)
            }
            Binding::Fact(..) => false,
        })
    };
    let running = bench.running();
    let is_orphan = |row: &&&PlanRow| !book.tree(row.plan.id).iter().any(&leads);
    let about = running.iter().filter(is_orphan).map(|row| About::Plan(row.plan.id)).collect();
    none_of(bench, "V2", (State::Risk, "plans that lead nowhere"), running_count(bench), about);
}

fn running_count(bench: &Bench) -> usize {
    bench.running().len()
}

/// V3.
fn claims(bench: &mut Bench) {
    let book = &bench.board.book;
    let running = bench.running();
    let primary =
        |plan: &Plan| book.primary(plan.id).and_then(|node| Some((node.metric.clone()?, node.filter.clone())));
    let mut about = Vec::new();
    for (at, one) in running.iter().enumerate() {
        for other in &running[at + 1..] {
            let both = primary(&one.plan).zip(primary(&other.plan));
            let same = both.is_some_and(|((a, x), (b, y))| a == b && overlap(&x, &y));
            if same && one.plan.span().intersect(other.plan.span()).is_some() {
                about.extend([About::Plan(one.plan.id), About::Plan(other.plan.id)]);
            }
        }
    }
    none_of(bench, "V3", (State::Risk, "plans that claim the same"), running_count(bench), about);
}

/// Whether some rows fit both.
fn overlap(a: &Filter, b: &Filter) -> bool {
    let meets = |a: &[String], b: &[String]| a.is_empty() || b.is_empty() || a.iter().any(|name| b.contains(name));
    meets(&a.channels, &b.channels) && meets(&a.platforms, &b.platforms) && meets(&a.streams, &b.streams)
}

/// V4.
fn bursts(bench: &mut Bench) {
    let (book, calendar) = (&bench.board.book, bench.view.calendar);
    let live = |id: i64| {
        let row = bench.board.plans.iter().find(|row| row.plan.id == id)?;
        let is_live = matches!(row.status, PlanStatus::Running | PlanStatus::Ready);
        (is_live && !row.plan.audience.trim().is_empty()).then_some(&row.plan)
    };
    let all: Vec<(&Phase, &Plan)> = book
        .phases
        .iter()
        .filter(|phase| phase.kind == PhaseKind::Burst)
        .filter_map(|phase| Some((phase, live(phase.plan_id)?)))
        .collect();
    let week = |phase: &Phase| Span {
        first: calendar.bucket(Grain::Week, phase.start).first,
        last: calendar.bucket(Grain::Week, phase.finish).last,
    };
    let mut about = Vec::new();
    for (at, (phase, plan)) in all.iter().enumerate() {
        for (other, theirs) in &all[at + 1..] {
            let same = plan.audience.trim().eq_ignore_ascii_case(theirs.audience.trim());
            if plan.id != theirs.id && same && week(phase).intersect(week(other)).is_some() {
                about.extend([About::Plan(plan.id), About::Plan(theirs.id)]);
            }
        }
    }
    let count = all.len();
    none_of(bench, "V4", (State::Risk, "bursts for one audience"), count, about);
}

/// V5.
fn reviews(bench: &mut Bench) {
    let (today, days) = (bench.view.today, bench.rules.review_days as i32);
    let over = |row: &&PlanRow| matches!(row.status, PlanStatus::Review | PlanStatus::Closed);
    let all = bench.board.plans.iter().filter(over).count();
    let late = bench.board.plans.iter().filter(|row| is_late(row, today, days));
    let about = late.map(|row| About::Plan(row.plan.id)).collect();
    none_of(bench, "V5", (State::Risk, "not reviewed"), all, about);
}

/// V6.
fn lessons(bench: &mut Bench) {
    let book = &bench.board.book;
    let ignored = |id: i64| {
        let open = book.lesson_uses.iter().filter(|one| one.lesson_id == id && one.state == UseState::Offered);
        open.count() >= ROUNDS
    };
    let about =
        book.lessons.iter().filter(|lesson| ignored(lesson.id)).map(|lesson| About::Lesson(lesson.id)).collect();
    let all = book.lessons.len();
    none_of(bench, "V6", (State::Risk, "unanswered"), all, about);
}

/// V7.
fn feedback(bench: &mut Bench) {
    let (book, today) = (&bench.board.book, bench.view.today);
    let old = book
        .feedback
        .iter()
        .filter(|one| one.state == FeedbackState::New && f64::from(today.since(one.day)) > bench.rules.feedback_days);
    let about = old.map(|one| About::Feedback(one.id)).collect();
    let all = book.feedback.len();
    none_of(bench, "V7", (State::Risk, "not looked at"), all, about);
}

/// V8: six weeks in which a leaf moved much against the six before, and what it is a part of did not.
fn idle(bench: &mut Bench) -> Result<(), EngineError> {
    let book = &bench.board.book;
    let mut pairs = Vec::new();
    for row in bench.running() {
        for node in book.tree(row.plan.id) {
            let parent = node.parent_id.and_then(|id| book.node(id));
            if let Some((part, whole)) = gauge(node).zip(parent.and_then(gauge)) {
                pairs.push((node.id, part, whole));
            }
        }
    }
    let (all, mut about) = (pairs.len(), Vec::new());
    for (node, part, whole) in pairs {
        let Some(known) = part.known(bench.view)?.zip(whole.known(bench.view)?).and_then(|(a, b)| a.intersect(b))
        else {
            continue;
        };
        let now = Span { first: known.last.plus(1 - SIX_WEEKS), last: known.last };
        let before = Span { first: now.first.plus(-SIX_WEEKS), last: now.first.plus(-1) };
        if before.first < known.first {
            continue;
        }
        let mut change = |gauge: &super::super::plans::Gauge| {
            let pair = gauge.value(bench.view, now)?.zip(gauge.value(bench.view, before)?);
            Ok::<_, EngineError>(pair.filter(|(_, old)| *old != 0.0).map(|(new, old)| ((new - old) / old).abs()))
        };
        let moved = change(&part)?.zip(change(&whole)?);
        if moved.is_some_and(|(part, whole)| part >= bench.rules.input_moved && whole < bench.rules.output_flat) {
            about.push(About::Node(node));
        }
    }
    none_of(bench, "V8", (State::Risk, "parts that move alone"), all, about);
    Ok(())
}
