//! The Plans screen over made-up plans: what it shows at each size, and what its keys order.

use quarterdeck::domain::calendar::Day;
use quarterdeck::domain::plans::{
    Anchor, Change, Conflict, Cost, Edit, JournalKind, Kiss, LessonUse, Node, NodeRole, NoteKind, PlanStatus, Record,
    Repeat, Table, TaskState, UseState, Verdict,
};
use quarterdeck::query::{Break, Fault, Keep, NoteOf, PlanOrder, Planned, Share};

use quarterdeck::ui::glyphs::Glyphs;
use quarterdeck::ui::pen::Look;
use unicode_width::UnicodeWidthStr;

use crate::picture::{picture, row, rows};
use crate::plan_desk::{PlanDesk, drawn, hostile, none, one};
use crate::stage::{PLAIN, Reading, Stage};
use crate::worlds::{demo, empty};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (60, 16)];

/// Views by name with the keys that lead there from Today.
const VIEWS: [(&str, &str); 10] = [
    ("list", "8"),
    ("all-tasks", "8 ."),
    ("timeline", "8 . ."),
    ("tree", "8 Enter"),
    ("tasks", "8 Enter ."),
    ("resources", "8 Enter . ."),
    ("revisions", "8 Enter . . ."),
    ("review", "8 Enter R"),
    ("rounds", "8 Enter ,"),
    ("propose", "8 Enter p j j j j"),
];

fn stage(desk: PlanDesk, size: (u16, u16)) -> Stage<'static> {
    Stage::planning(demo(), size, PLAIN, Reading::Answered, desk)
}

fn shoot(name: &str, stage: &mut Stage<'_>) {
    let taken = picture(&stage.draw());
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("plans-{name}"), taken));
}

#[test]
fn every_view_at_every_size() {
    for (name, keys) in VIEWS {
        for size in SIZES {
            shoot(&format!("{name}-{}x{}", size.0, size.1), stage(drawn(), size).keys(keys));
        }
    }
}

#[test]
fn one_row_no_row_and_hostile_rows() {
    for (name, keys) in &VIEWS[..9] {
        shoot(&format!("{name}-one"), stage(one(), (80, 24)).keys(keys));
        shoot(&format!("{name}-hostile"), stage(hostile(), (80, 24)).keys(keys));
    }
    for (name, keys) in &VIEWS[..3] {
        shoot(&format!("{name}-empty"), stage(none(), (80, 24)).keys(keys));
    }
    let mut no_data = Stage::planning(empty(), (80, 24), PLAIN, Reading::Answered, none());
    shoot("list-no-data", no_data.keys("8"));
}

#[test]
fn slow_and_failing_answers_say_so() {
    for (name, reading) in [("slow", Reading::Slow), ("failing", Reading::Failing)] {
        shoot(&format!("list-{name}"), Stage::planning(demo(), (80, 24), PLAIN, reading, drawn()).keys("8"));
    }
}

#[test]
fn forms_and_layers() {
    let layers = [
        (
            "form-new",
            "8 a 7 text:paid Enter text:July_paid_mix Enter text:Sol Enter text:2026-07-01 Enter text:2026-06-30",
        ),
        ("form-new-start", "8 a"),
        ("form-choice", "8 a p"),
        ("form-metric", "8 a Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab Tab text:new F3"),
        ("form-edit", "8 e"),
        ("form-node", "8 Enter e"),
        ("form-part", "8 Enter I"),
        ("form-strategy", "8 J J e"),
        ("form-resource", "8 Enter . . e"),
        ("form-task", "8 . e"),
        ("form-review", "8 Enter R e"),
        ("form-lesson", "8 Enter R a"),
        ("status", "8 o"),
        ("breaks", "8 Enter +"),
        ("postpone", "8 . >"),
        ("blocked-by", "8 . B"),
        ("verdict", "8 Enter R o"),
        ("entry-target", "8 Enter t text:2.3%"),
        ("entry-task", "8 Enter a text:Call_Harbor_due:fri_@ben_on:deals"),
        ("propose-reason", "8 Enter p Enter text:rollback"),
        ("confirm-remove", "8 -"),
        ("tree-folded", "8 Enter h h h"),
        ("tree-previous", "8 Enter V"),
    ];
    for (name, keys) in layers {
        shoot(name, stage(drawn(), (80, 24)).keys(keys));
    }
    shoot("form-new-60x16", stage(drawn(), (60, 16)).keys("8 a 7 text:paid_ads"));
    shoot("status-60x16", stage(drawn(), (60, 16)).keys("8 o"));
}

fn conflict() -> Conflict {
    Conflict {
        table: Table::Node,
        key: vec![105.into()],
        field: "target".into(),
        seen: 0.025.into(),
        theirs: 0.024.into(),
        mine: 0.023.into(),
        who: "Lin".into(),
        when: "2026-06-11T01:05:11Z".into(),
    }
}

fn refused(one: Conflict) -> Planned {
    Planned::Conflicts { found: vec![one], edit: Edit::new("target") }
}

const SET_TARGET: &str = "8 Enter t text:2.3% Enter text:rollback Enter";

fn in_conflict() -> Stage<'static> {
    let mut desk = drawn();
    desk.replies.push_back(refused(conflict()));
    let mut stage = stage(desk, (80, 24));
    stage.keys(SET_TARGET);
    stage
}

#[test]
fn a_conflict_is_shown_with_both_values_and_decided() {
    shoot("conflict", &mut in_conflict());
    let orders = |keys: &str| {
        let mut stage = in_conflict();
        stage.keys(keys);
        (stage.orders.split_off(1), rows(&stage.draw()))
    };
    for (key, whose) in [("1", Keep::Theirs), ("2", Keep::Mine), ("3", Keep::Both)] {
        let (settled, seen) = orders(key);
        let [PlanOrder::Settle { found, edit, keep }] = settled.as_slice() else { panic!("{key}: {settled:?}") };
        assert_eq!((found.as_slice(), edit.label.as_str(), *keep), ([conflict()].as_slice(), "target", whose));
        assert!(seen[22].contains("done") && !seen[22].contains("rollback"), "the line is gone: {}", seen[22]);
    }
    let (none, seen) = orders("Esc");
    assert!(none.is_empty() && seen[22].contains("rollback_"), "the line is still there: {}", seen[22]);
}

#[test]
fn a_form_in_conflict_is_edited_on_over_what_the_other_wrote() {
    let in_form = |times: usize| {
        let mut desk = drawn();
        let (seen, theirs, mine) = ("Ben".into(), "Lin".into(), "Benx".into());
        let clash = Conflict {
            table: Table::Plan,
            key: vec![1.into()],
            field: "owner".into(),
            seen,
            theirs,
            mine,
            ..conflict()
        };
        desk.replies.extend(vec![refused(clash); times]);
        let mut stage = stage(desk, (80, 24));
        stage.keys("8 e Tab Tab Tab text:x F2");
        stage
    };
    let mut edited = in_form(2);
    edited.keys("e text:y F2");
    // What the form was told of does not stand in its way again.
    assert!(matches!(&edited.orders[1], PlanOrder::Days { .. }), "{:?}", edited.orders[1]);
    assert!(matches!(&edited.orders[2], PlanOrder::Settle { keep: Keep::Mine, .. }), "{:?}", edited.orders[2]);
    // A stage holds its workspace.
    drop(edited);
    let mut left = in_form(2);
    left.keys("Esc F2");
    assert_eq!(left.orders.len(), 2, "nothing is overwritten unseen");
    assert!(rows(&left.draw()).concat().contains("Conflict"));
    drop(left);
    let mut given_up = in_form(1);
    given_up.keys("1");
    assert!(given_up.orders.len() == 2 && rows(&given_up.draw())[2].contains("PLANS"), "the form is gone");
}

/// The order that keys end in.
fn order(keys: &str) -> PlanOrder {
    order_of(drawn(), keys)
}

fn order_of(desk: PlanDesk, keys: &str) -> PlanOrder {
    let mut stage = stage(desk, (80, 24));
    stage.keys(keys);
    let said = rows(&stage.draw());
    stage.orders.pop().unwrap_or_else(|| panic!("{keys} orders nothing: {}", said[22]))
}

fn edit(keys: &str) -> Edit {
    match order(keys) {
        PlanOrder::Edit(edit) => edit,
        other => panic!("{keys}: {other:?}"),
    }
}

/// The record that the first change makes.
fn after(keys: &str) -> Record {
    edit(keys).changes.into_iter().find_map(|change: Change| change.after).unwrap()
}

fn day(text: &str) -> Option<Day> {
    Day::parse(text)
}

#[test]
fn tasks_are_done_moved_and_dropped_by_one_key() {
    let task = |keys: &str| match after(keys) {
        Record::Task(task) => task,
        other => panic!("{other:?}"),
    };
    assert_eq!((task("8 . d").state, task("8 . d").done_at), (TaskState::Done, day("2026-06-11")));
    assert_eq!(task("8 . w").due, day("2026-06-12"), "an overdue task goes to tomorrow");
    assert_eq!(task("8 . > 2").due, day("2026-06-12"));
    assert_eq!(task("8 . > 3").due, day("2026-06-15"));
    assert_eq!(task("8 . > 4").due, day("2026-06-18"));
    assert_eq!(task("8 . > 5 text:1_jul Enter").due, day("2026-07-01"));
    assert_eq!(task("8 . j o").state, TaskState::Todo, "doing is stopped");
    assert_eq!(task("8 . -").state, TaskState::Dropped);
    let anchored = task("8 . j j j w");
    assert_eq!((anchored.offset_days, anchored.due), (Some(11), None), "it still counts from its plan");
    assert!(matches!(after("8 . B 1"), Record::Need(_)));
}

#[test]
fn a_task_is_added_in_one_line_with_date_owner_and_node() {
    let Record::Task(task) = after("8 Enter a text:Call_Harbor_due:fri_@ben_on:deals Enter") else { panic!() };
    assert_eq!((task.title.as_str(), task.owner.as_str(), task.node_id), ("Call Harbor", "ben", Some(109)));
    assert_eq!((task.due, task.plan_id, task.id), (day("2026-06-12"), Some(1), -1));
    let Record::Task(task) = after("8 Enter a text:Look Enter") else { panic!() };
    assert_eq!(task.node_id, Some(105), "the node under the cursor");
    let mut stage = stage(drawn(), (80, 24));
    stage.keys("8 Enter a text:x_on:nothing Enter");
    assert!(stage.orders.is_empty() && rows(&stage.draw())[22].contains("no node"));
}

#[test]
fn a_task_counts_from_its_plan_before_or_after_an_end_of_it() {
    let task = |keys: &str| match after(keys) {
        Record::Task(task) => task,
        other => panic!("{other:?}"),
    };
    let form = |due: &str| format!("8 . j j j e Tab Tab Tab Tab Tab Tab Ctrl-u text:{due} F2");
    let before = task(&form("start-14"));
    assert_eq!((before.anchor, before.offset_days, before.due), (Some(Anchor::Start), Some(-14), None));
    let own = task(&form("fri"));
    assert_eq!((own.anchor, own.offset_days, own.due), (None, None, day("2026-06-12")));
    let added = task("8 Enter a text:Thank_users_due:finish+3_every:7d Enter");
    assert_eq!((added.anchor, added.offset_days, added.repeat_days), (Some(Anchor::Finish), Some(3), Some(7)));
    let mut loose = stage(drawn(), (80, 24));
    loose.keys("8 . a text:x_due:start-2 Enter");
    assert!(loose.orders.is_empty() && rows(&loose.draw())[22].contains("counts from a plan"));
}

#[test]
fn a_task_comes_again_in_a_way_that_is_chosen() {
    let to_repeat = "8 . e Tab Tab Tab Tab Tab Tab Tab Tab Tab";
    let Record::Task(weekly) = after(&format!("{to_repeat} text:7 F2")) else { panic!() };
    assert_eq!((weekly.repeat_days, weekly.repeat_mode), (Some(7), Some(Repeat::AfterDone)));
    let Record::Task(fixed) = after(&format!("{to_repeat} text:7 Tab 1 F2")) else { panic!() };
    assert_eq!(fixed.repeat_mode, Some(Repeat::Fixed));
    let mut both = stage(drawn(), (80, 24));
    both.keys("8 . j j j e Tab Tab Tab Tab Tab Tab Tab Tab Tab text:7 F2");
    assert!(both.orders.is_empty() && rows(&both.draw())[22].contains("the next round brings it again"));
}

#[test]
fn a_part_of_the_period_has_days_of_its_own() {
    let to_days = "8 Enter e Up Up Up Up";
    let (_, node, _) = node_order(&format!("{to_days} text:2026-06-08 Tab text:+6d Tab text:a_week F2"));
    assert_eq!((node.start, node.finish), (day("2026-06-08"), day("2026-06-14")));
    let mut half = stage(drawn(), (80, 24));
    half.keys(&format!("{to_days} text:2026-06-08 Tab Tab text:a_week F2"));
    assert!(half.orders.is_empty() && rows(&half.draw())[22].contains("first and a last day"));
}

#[test]
fn a_target_is_typed_with_its_reason_while_the_plan_runs() {
    let PlanOrder::Target { node, seen, value, reason } = order(SET_TARGET) else { panic!() };
    assert_eq!((node, seen, value, reason.as_str()), (105, Some(0.025), Some(0.023), "rollback"));
    let mut stage = stage(drawn(), (80, 24));
    stage.keys("8 Enter t text:2.3% Enter Enter");
    assert!(stage.orders.is_empty(), "not without a reason");
    stage.keys("Esc t");
    assert!(rows(&stage.draw())[22].contains("2.3%") || rows(&stage.draw())[22].contains("draft"), "the draft is back");
}

#[test]
fn a_proposal_is_changed_and_accepted_with_a_reason() {
    let PlanOrder::Accept { query, reason } =
        order("8 Enter p j t text:50k Enter m w text:2 Enter Enter text:rollback Enter")
    else {
        panic!()
    };
    assert_eq!((query.node, query.typed.clone(), query.share), (105, vec![(102, 50_000.0)], Share::Weight));
    assert_eq!((query.weights.clone(), reason.as_str()), (vec![(102, 2.0)], "rollback"));
    let PlanOrder::Accept { query, .. } = order("8 Enter p j j j j F Tab text:why Enter Enter") else { panic!() };
    assert_eq!(query.locked, vec![(105, false)], "a typed value is freed");
}

#[test]
fn nodes_are_locked_broken_down_inserted_and_removed() {
    let Record::Node(node) = after("8 Enter F") else { panic!() };
    assert!(node.locked && node.id == 105);
    let PlanOrder::Break { node, how, reason } = order("8 Enter + 2 text:why Enter") else { panic!() };
    assert_eq!((node, how, reason.as_str()), (105, Break::Channel, "why"));
    let PlanOrder::RemoveNode { node, reason } = order("8 Enter k k k - text:too_fine Enter") else { panic!() };
    assert_eq!((node, reason.as_str()), (102, "too fine"));
    let (before, part, reason) = node_order("8 Enter I text:mobile Enter text:orders Up Up Up text:new_app F2");
    assert!(before.is_none(), "{before:?}");
    assert_eq!((part.label.as_str(), part.parent_id, part.id), ("mobile", Some(105), -1));
    assert_eq!(reason, "new app");
}

/// A node as it was and as it is to be, with the reason.
fn node_order(keys: &str) -> (Option<Node>, Node, String) {
    node_order_of(drawn(), keys)
}

fn node_order_of(desk: PlanDesk, keys: &str) -> (Option<Node>, Node, String) {
    match order_of(desk, keys) {
        PlanOrder::Node { before, after, reason } => (before.map(|node| *node), *after, reason),
        other => panic!("{keys}: {other:?}"),
    }
}

#[test]
fn a_plan_without_a_target_gets_one_and_guardrails_stand_beside_the_tree() {
    let (_, node, _) = node_order_of(one(), "8 Enter t Tab text:new F3 1 Tab Tab Tab Tab Tab Tab text:4k F2");
    assert_eq!((node.role, node.parent_id, node.target), (NodeRole::Primary, None, Some(4_000.0)));
    assert_eq!((node.metric.as_deref(), node.label.as_str(), node.draft), (Some("new_users"), "First", false));
    let (_, guard, _) = node_order("8 Enter I text:CAC Enter Enter Enter 2 Up Up Up Up Up Up text:cost F2");
    assert_eq!((guard.role, guard.parent_id, guard.seq), (NodeRole::Guardrail, None, 2));
}

#[test]
fn a_node_is_edited_and_an_untouched_value_stays_exact() {
    let (before, node, _) = node_order("8 Enter e text:_order Up Up text:its_name F2");
    assert_eq!(before.map(|node| node.label).as_deref(), Some("CVR"));
    assert_eq!((node.label.as_str(), node.target, node.floor), ("CVR order", Some(0.025), Some(0.025 * 0.92)));
}

#[test]
fn a_plan_is_written_saved_and_opened() {
    let keys = "8 a 7 text:paid_ads Enter text:July_paid_mix Enter text:Sol Enter text:2026-07-01 Enter text:+29d F2";
    // The blank in the method is part of it: any word is taken.
    let PlanOrder::New(plan) = order(keys) else { panic!() };
    assert_eq!(
        (plan.title.as_str(), plan.start, plan.finish),
        ("July paid mix", day("2026-07-01").unwrap(), day("2026-07-30").unwrap())
    );
    let mut stage = stage(drawn(), (80, 24));
    stage.keys(keys);
    assert!(rows(&stage.draw())[2].contains("Brand search push r2"), "what was made is opened");
}

#[test]
fn a_target_is_typed_beside_what_its_metric_gave_before() {
    let keys = "8 a 7 Tab text:July Tab Tab text:2026-07-01 Tab text:+29d Tab Tab Tab Tab Tab Tab text:orders Tab";
    let mut stage = stage(drawn(), (80, 24));
    let field = |seen: &[String]| seen.iter().find(|line| line.starts_with(">target")).cloned().unwrap();
    stage.keys(keys);
    let seen = rows(&stage.draw());
    assert!(field(&seen).ends_with("base 3,560, best 4,010"), "{}", field(&seen));
    assert_eq!(seen[22].trim(), "target: base 3,560 (27 Apr-26 May), best of 5 windows 4,010");
    stage.keys("text:4000");
    let seen = rows(&stage.draw());
    assert!(field(&seen).ends_with("4,000"), "{}", field(&seen));
    stage.keys("Ctrl-u text:4200");
    let seen = rows(&stage.draw());
    assert!(field(&seen).ends_with("4,200: stretch"), "{}", field(&seen));
    assert!(seen[22].trim().ends_with("best of 5 windows 4,010: stretch"), "{}", seen[22]);
    stage.keys("Tab");
    let seen = rows(&stage.draw());
    assert!(!seen[22].contains("best of"), "{}", seen[22]);
}

#[test]
fn the_identity_beside_a_guardrail_is_never_cut() {
    let mut desk = drawn();
    for (residual, said, is_much) in
        [(0.0, "identity ok, rest 0.0%", false), (-12_000e6, "rest -12.2%", true), (-90e6, "rest -0.1%", false)]
    {
        desk.views[0].residual = Some(residual);
        let mut stage = stage(desk.clone(), (80, 24));
        stage.keys("8 Enter");
        let seen = rows(&stage.draw());
        assert!(seen.iter().any(|row| row.contains(" guard ") && row.trim_end().ends_with(said)), "{seen:#?}");
        let apart = seen.iter().any(|row| row.starts_with(" o lines of the parts come to"));
        assert_eq!(apart, is_much, "{seen:#?}");
    }
}

#[test]
fn the_draft_of_a_plan_goes_with_the_plan() {
    let mut stage = stage(drawn(), (80, 24));
    stage.keys("8 e Tab Tab text:_more Esc !");
    assert!(rows(&stage.draw()).iter().any(|row| row.contains("draft, not stored: June revenue r4 > edit")));
    stage.keys("Esc - Enter !");
    assert_eq!(stage.orders, [PlanOrder::Remove(1)]);
    assert!(!rows(&stage.draw()).iter().any(|row| row.contains("draft, not stored")));
}

#[test]
fn a_running_plan_asks_why_its_days_change() {
    let PlanOrder::Days { reason, .. } = order("8 e Tab Tab text:_more F2") else { panic!() };
    assert!(reason.is_empty(), "a title needs none");
    let finish = "8 e Tab Tab Tab Tab Tab Ctrl-u text:2026-07-05";
    let mut asked = stage(drawn(), (80, 24));
    asked.keys(&format!("{finish} F2"));
    assert!(asked.orders.is_empty() && rows(&asked.draw())[22].contains("say why its days change"));
    asked.keys("text:the_fair_is_later F2");
    let Some(PlanOrder::Days { plan, edit, reason }) = asked.orders.pop() else { panic!() };
    assert_eq!((plan, reason.as_str()), (1, "the fair is later"));
    assert!(matches!(&edit.changes[0].after, Some(Record::Plan(plan)) if plan.finish == day("2026-07-05").unwrap()));
}

#[test]
fn what_the_engine_refuses_stands_beside_its_field() {
    let mut desk = drawn();
    let fault = Fault { field: "finish".into(), text: "ends before it begins".into() };
    desk.replies.push_back(Planned::Refused(vec![fault]));
    let mut stage = stage(desk, (80, 24));
    stage.keys("8 e F2");
    let seen = rows(&stage.draw());
    let field = seen.iter().find(|line| line.starts_with(">finish")).unwrap();
    assert!(field.contains("! ends before it begins"), "{field}");
    assert!(seen.iter().any(|line| line.starts_with(" ! finish: ends before it begins")), "{seen:#?}");
}

#[test]
fn plans_move_on_and_ask_why_where_they_must() {
    let PlanOrder::Status { plan, to, reason } = order("8 o 1 text:holiday Enter") else { panic!() };
    assert_eq!((plan, to, reason.as_str()), (1, PlanStatus::Paused, "holiday"));
    assert_eq!(order("8 o 2"), PlanOrder::Close(1));
    assert!(matches!(order("8 j j j j j j o 1"), PlanOrder::Status { plan: 9, to: PlanStatus::Ready, .. }));
    assert_eq!(order("8 - Enter"), PlanOrder::Remove(1));
    assert_eq!(order("8 Enter R C Enter"), PlanOrder::Close(1));
    let mut closed = drawn();
    closed.views[1].head.status = PlanStatus::Closed;
    assert_eq!(order_of(closed, "8 J Enter C Enter"), PlanOrder::NextRound { plan: 7, start: day("2026-06-11") });
}

#[test]
fn the_tree_tells_where_the_parts_have_another_target() {
    let mut desk = drawn();
    desk.views[0].tree[0].parts_give = Some(280_000e6);
    for (size, said) in [
        ((80, 24), "Revenue: parts give 280k, target is 300k; p proposes anew"),
        ((60, 16), "Revenue: parts give 280k, not 300k: p"),
    ] {
        let mut stage = stage(desk.clone(), size);
        stage.keys("8 Enter");
        let seen = rows(&stage.draw());
        assert!(seen.iter().any(|row| row.starts_with(&format!(" ! {said}"))), "{seen:#?}");
        stage.keys("k k k k k");
        let seen = rows(&stage.draw());
        assert!(seen[usize::from(size.1) - 2].contains(said.split(';').next().unwrap().split(',').next().unwrap()));
    }
}

#[test]
fn the_cursor_stays_on_its_plan_when_that_moves() {
    let mut desk = drawn();
    let mut stage = stage(desk.clone(), (80, 24));
    stage.keys("8 j s");
    let on = |seen: Vec<String>| seen.into_iter().find(|row| row.starts_with('>')).unwrap();
    let before = on(rows(&stage.draw()));
    let id = desk.board.plans[1].plan.id;
    desk.board.plans.swap(0, 1);
    let moved = desk.board.plans.iter_mut().find(|row| row.plan.id == id).unwrap();
    moved.status = PlanStatus::Review;
    stage.replan(desk);
    stage.keys("r");
    let after = on(rows(&stage.draw()));
    assert_eq!(before[..25], after[..25]);
    assert!(after.contains("in review"), "{after}");
}

#[test]
fn what_is_not_measured_says_why_and_has_no_reading() {
    let mut desk = drawn();
    for row in &mut desk.board.plans {
        let Some(course) = &mut row.primary else { continue };
        (course.actual, course.missing) = (None, Some("no data since 2026-05-30".to_owned()));
        row.readings.clear();
    }
    let mut stage = stage(desk, (80, 24));
    let seen = rows(&stage.keys("8").draw());
    assert!(seen.iter().all(|row| !row.contains("READING")), "{seen:#?}");
    assert!(seen[22].contains("has no value: no data since 30 May"), "{}", seen[22]);
}

#[test]
fn a_verdict_is_proposed_with_its_share_and_stored_ones_have_a_sign() {
    let mut desk = drawn();
    let said = |desk: &PlanDesk, keys: &str| {
        let mut stage = stage(desk.clone(), (80, 24));
        rows(&stage.keys(keys).draw()).join("\n")
    };
    let open = said(&desk, "8 J Enter");
    assert!(open.contains("o: met?"), "{open}");
    let asked = said(&desk, "8 J Enter o");
    assert!(asked.contains("by its numbers met") && asked.contains("of the target: met from 95 %"), "{asked}");
    desk.views[1].review.verdict = Some(Verdict::Missed);
    let stored = said(&desk, "8 J Enter");
    assert!(stored.contains("! missed"), "{stored}");
    let running = said(&desk, "8 Enter R");
    assert!(running.contains("no verdict yet"), "{running}");
}

#[test]
fn texts_of_a_review_keep_their_lines_and_wrap() {
    let mut desk = drawn();
    desk.views[1].review.insight = format!("first thought\nsecond {}", "word ".repeat(20));
    for size in [(80, 24), (60, 16), (120, 40)] {
        let mut stage = stage(desk.clone(), size);
        stage.keys("8 J Enter J J J");
        let seen = rows(&stage.draw()).join("\n");
        assert!(!seen.contains("^J"), "{seen}");
        if size.1 >= 24 {
            let lines: Vec<&str> = seen.lines().map(str::trim_end).collect();
            assert!(lines.iter().any(|line| line.starts_with(" insight  first thought")), "{seen}");
            assert!(lines.iter().any(|line| line.starts_with("          second word")), "{seen}");
            assert_eq!(seen.matches("word").count(), 20, "{seen}");
        }
    }
}

#[test]
fn reviews_and_lessons_are_written() {
    let verdict = edit("8 Enter R o 2");
    assert!(
        matches!(&verdict.changes[0], Change { before: None, after: Some(Record::Review(review)) } if review.verdict == Some(Verdict::Met))
    );
    let both = edit("8 Enter R a 1 text:preheat Enter text:cvr Enter F2");
    assert!(matches!(&both.changes[0].after, Some(Record::Review(review)) if review.id == -1), "it was only filled in");
    let Some(Record::Lesson(lesson)) = &both.changes[1].after else { panic!() };
    assert_eq!((lesson.kiss, lesson.body.as_str(), lesson.review_id), (Kiss::Keep, "preheat", -1));
    assert_eq!(lesson.node_id, Some(105));
    let used = edit("8 Enter , J a");
    assert!(matches!(&used.changes[0].after, Some(Record::LessonUse(one)) if one.state == UseState::Adopted));
    let used = edit("8 Enter , J -");
    assert!(matches!(&used.changes[0].after, Some(Record::LessonUse(one)) if one.state == UseState::Rejected));
}

#[test]
fn an_adopted_lesson_is_asked_whether_it_held() {
    let adopted = || {
        let mut desk = drawn();
        let id = desk.views[0].head.plan.id;
        let offer = &mut desk.views[0].offers[0];
        offer.state = UseState::Adopted;
        let one = LessonUse {
            lesson_id: offer.lesson.id,
            plan_id: id,
            state: UseState::Adopted,
            reason: String::new(),
            held: None,
        };
        desk.board.book.lesson_uses = vec![one];
        desk
    };
    let held = |keys: &str| match order_of(adopted(), keys) {
        PlanOrder::Edit(edit) => match edit.changes.into_iter().find_map(|change| change.after) {
            Some(Record::LessonUse(one)) => one.held,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    assert_eq!(held("8 Enter , J Enter 1"), Some(1));
    assert_eq!(held("8 Enter , J Enter 2"), Some(0));
    let mut asks = stage(adopted(), (80, 24));
    asks.keys("8 Enter , J");
    assert!(rows(&asks.draw())[22].contains("Enter says whether it held"));
}

#[test]
fn a_note_is_written_from_any_screen() {
    let note = |keys: &str| match order(keys) {
        PlanOrder::Note(note) => note,
        other => panic!("{other:?}"),
    };
    let said = note("n 1 text:Checkout_is_dead_day:yesterday_!! Enter");
    assert_eq!((said.body.as_str(), Some(said.day)), ("Checkout is dead", day("2026-06-10")));
    assert!(matches!(said.of, NoteOf::Feedback { severity: 3, count: 1, .. }));
    let rival = note("9 n 2 text:Rival:_price:_half_price_week Enter");
    assert_eq!(rival.body, "half price week");
    assert!(matches!(&rival.of, NoteOf::Competitor { name, kind: NoteKind::Price, .. } if name == "Rival"));
    let festival = note("8 n 3 text:holiday:_spring_festival_-baseline Enter");
    assert!(matches!(festival.of, NoteOf::Journal { kind: JournalKind::Holiday, exclude: true }));
    assert!(matches!(note("n 3 text:fair_opens Enter").of, NoteOf::Journal { kind: JournalKind::Event, .. }));
    let mut unnamed = stage(drawn(), (80, 24));
    unnamed.keys("n 2 text:half_price Enter");
    assert!(unnamed.orders.is_empty() && rows(&unnamed.draw())[22].contains("write who, a colon"));
}

#[test]
fn a_long_text_goes_through_the_editor() {
    let mut review = stage(drawn(), (80, 24));
    review.keys("8 Enter R e x");
    assert!(rows(&review.draw())[22].contains("e opens your editor"));
    review.keys("e F2");
    let Some(PlanOrder::Edit(edit)) = review.orders.pop() else { panic!() };
    let texts = edit.changes.into_iter().find_map(|change| change.after);
    assert!(matches!(texts, Some(Record::Review(review)) if review.goal.ends_with("and more\nin lines")));
}

#[test]
fn resources_have_a_state_and_costs() {
    let Record::Resource(one) = after("8 Enter . . o Enter") else { panic!() };
    assert_eq!(one.state.word(), "granted");
    let Record::Resource(one) = after("8 Enter . . o 6") else { panic!() };
    assert_eq!(one.state.word(), "returned");
    let Record::Cost(cost) = after("8 Enter . . C text:1,250.50 Enter text:3_jun Enter text:feed Enter") else {
        panic!()
    };
    assert_eq!((cost.plan_id, cost.amount_micros, cost.day), (1, 1_250_500_000, day("2026-06-03").unwrap()));
    assert_eq!((cost.resource_id, cost.note.as_str()), (Some(1), "feed"));
    let Record::Cost(cost) = after("8 Enter . . C text:7 Enter Enter Enter") else { panic!() };
    assert_eq!(Some(cost.day), day("2026-06-11"), "nothing is today");
    let mut desk = drawn();
    desk.board.book.costs.push(Cost { id: 5, ..cost });
    let mut stage = stage(desk.clone(), (80, 24));
    let seen = rows(&stage.keys("8 Enter . . j").draw());
    assert!(seen.iter().any(|row| row.starts_with(">    11 Jun") && row.contains("  7.00")), "{seen:#?}");
    drop(stage);
    let PlanOrder::Edit(edit) = order_of(desk, "8 Enter . . j -") else { panic!() };
    assert!(matches!(&edit.changes[0], Change { before: Some(Record::Cost(_)), after: None }));
}

#[test]
fn a_number_becomes_a_target_of_a_plan() {
    // Today's first number, narrowed to the running plan of revenue.
    let (before, node, reason) = node_order(". T text:june_revenue Enter text:900 Enter text:watched Enter");
    assert_eq!((before, node.plan_id, reason.as_str()), (None, 1, "watched"));
    assert_eq!((node.role, node.parent_id), (NodeRole::Guardrail, None), "users are no part of money");
    assert!(node.metric.is_some() && node.target == Some(900.0), "{node:?}");
    let (_, node, _) = node_order("$ T text:june_revenue Enter text:50k Enter text:watched Enter");
    assert_eq!((node.role, node.parent_id), (NodeRole::Driver, Some(100)), "money is a part of money");
    assert_eq!((node.target, node.metric.as_deref()), (Some(50_000e6), Some("net")));
    assert_eq!(node.filter.streams.len(), 1, "the cursor is on a stream");
    let mut stage = stage(none(), (80, 24));
    let seen = rows(&stage.keys(". T").draw()).join("\n");
    assert!(seen.contains("no plan is open"), "{seen}");
}

#[test]
fn undo_and_redo_work_on_every_screen() {
    assert_eq!(order("u"), PlanOrder::Undo);
    assert_eq!(order("9 U"), PlanOrder::Redo);
}

#[test]
fn an_undo_that_would_overwrite_somebody_is_told_with_both_values() {
    let mut desk = drawn();
    desk.replies.push_back(refused(conflict()));
    let mut stage = stage(desk, (80, 24));
    stage.keys("8 Enter u");
    let said = rows(&stage.draw()).join("\n");
    for part in ["before     2.50%", "theirs     2.40%", "mine       2.30%", "Lin"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a_read_only_workspace_refuses_in_one_line() {
    for keys in ["8 a", "8 e", "8 -", "8 o", "8 . d", "8 Enter t", "8 Enter p", "8 Enter e", "8 Enter R Enter", "u"] {
        let mut stage = stage(PlanDesk { read_only: true, ..drawn() }, (80, 24));
        stage.keys(keys);
        let said = rows(&stage.draw());
        assert!(said[22].contains("read only") && stage.orders.is_empty(), "{keys}: {}", said[22]);
    }
}

#[test]
fn a_form_that_is_left_keeps_its_draft_and_says_so() {
    let mut stage = stage(drawn(), (80, 24));
    stage.keys("8 a Enter Enter text:Fair Esc");
    assert!(rows(&stage.draw())[22].contains("draft kept"));
    stage.keys("!");
    assert!(rows(&stage.draw()).concat().contains("not stored: new plan"));
    stage.keys("Esc a");
    assert!(rows(&stage.draw()).concat().contains("Fair"));
}

#[test]
fn the_cursor_passes_rows_that_close_sums_and_leaves_them_alone() {
    let mut desk = drawn();
    let tree = &mut desk.views[0].tree;
    for (at, parent) in [(9, 100), (5, 102)] {
        let mut row = tree[at].clone();
        (row.node.id, row.node.parent_id, row.node.label) = (0, Some(parent), "other".to_owned());
        tree.insert(at, row);
    }
    let mut stage = stage(desk, (80, 24));
    stage.keys("8 Enter g");
    for _ in 0..20 {
        stage.keys("j");
    }
    let seen = rows(&stage.draw());
    assert!(seen.iter().any(|line| line.starts_with(">guard")), "{seen:#?}");
    stage.keys("g j j j j j");
    let seen = rows(&stage.draw());
    assert!(seen.iter().any(|line| line.starts_with('>') && line.contains("other")), "{seen:#?}");
    assert!(seen[22].contains("beyond its parts"), "{}", seen[22]);
    stage.keys("t");
    assert!(rows(&stage.draw())[22].contains("node that can be changed"));
}

#[test]
fn esc_goes_back_to_the_list_and_8_too() {
    for back in ["Esc", "q", "8"] {
        let mut stage = stage(drawn(), (80, 24));
        stage.keys("8 j Enter").keys(back);
        let seen = rows(&stage.draw());
        assert!(seen.iter().any(|line| line.starts_with(">2Us")), "{back}: {seen:#?}");
        assert!(!stage.quit);
    }
}

#[test]
fn every_view_keeps_the_rules_of_layout() {
    for desk in [drawn as fn() -> PlanDesk, hostile, none, one] {
        for (name, keys) in VIEWS {
            for size in [(60, 16), (80, 24), (120, 40), (200, 60)] {
                let mut stage = Stage::planning(empty(), size, PLAIN, Reading::Answered, desk());
                let buffer = stage.keys(keys).draw();
                let seen = rows(&buffer);
                for y in 0..size.1 {
                    let wide = row(&buffer, y).width();
                    assert_eq!(wide, usize::from(size.0), "{name} {size:?}: {}", row(&buffer, y));
                }
                assert!(seen.last().unwrap().ends_with("? help"), "{name} {size:?}: {:?}", seen.last());
                let cursors = (1..size.1).filter(|y| buffer[(0, *y)].symbol() == ">").count();
                assert!(cursors <= 1, "{name} {size:?}: {seen:#?}");
                for cell in buffer.content() {
                    assert!(!cell.symbol().chars().any(char::is_control), "{name} {size:?}");
                }
            }
        }
    }
}

#[test]
fn plans_are_drawn_in_each_glyph_set() {
    for (glyphs, name) in [(Glyphs::Ascii, "ascii"), (Glyphs::Cjk, "cjk"), (Glyphs::Blocks, "blocks")] {
        let look = Look { glyphs, ..PLAIN };
        // Without data there is nothing to wait for on the way from Today.
        let open = |size| Stage::planning(empty(), size, look, Reading::Answered, drawn());
        for (view, keys) in VIEWS {
            for size in SIZES {
                for layer in ["", "?", "e", "o", "t"] {
                    let seen = rows(&open(size).keys(keys).keys(layer).draw());
                    let wrong = seen.iter().flat_map(|row| row.chars()).find(|c| match glyphs {
                        // Usual methods are told in both languages.
                        Glyphs::Ascii => !c.is_ascii() && !('\u{4e00}'..='\u{9fff}').contains(c),
                        Glyphs::Cjk => c.to_string().width_cjk() != c.to_string().width(),
                        _ => false,
                    });
                    assert_eq!(wrong, None, "{view} {layer} {size:?} {name}: {seen:#?}");
                }
            }
        }
        let mut whole = Stage::planning(demo(), (80, 24), look, Reading::Answered, drawn());
        shoot(&format!("tree-glyphs-{name}"), whole.keys("8 Enter"));
    }
}

#[test]
fn plans_survive_any_keys() {
    let words = "8 j k h l g G J K Enter Esc / s S x y . , o a e - t p + I F V R d w > B C < u U f ? text:x text:fri text:50k Enter \
                 Tab Space Backspace F2 F3 1 2 3 m ! q Down Up Left Right 9";
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize
    };
    for desk in [drawn(), hostile(), none(), one()] {
        let mut stage = stage(desk, (80, 24));
        stage.keys("8");
        for _ in 0..700 {
            stage.keys(words[next() % words.len()]);
            if next() % 20 == 0 {
                stage.resize([60, 79, 80, 120, 200][next() % 5], [16, 20, 24, 40][next() % 4]);
            }
            stage.draw();
        }
    }
}

#[test]
fn a_plan_that_has_not_begun_shows_what_it_aims_at() {
    let mut desk = drawn();
    for row in desk.views.iter_mut().flat_map(|view| &mut view.tree) {
        (row.line, row.actual, row.pace, row.blame, row.alone) = (None, None, None, None, None);
        row.missing = Some("begins 2026-07-01".to_owned());
    }
    let mut stage = stage(desk, (80, 24));
    let seen = rows(&stage.keys("8 Enter g").draw());
    assert!(seen[4].contains("─ target ─") && !seen[4].contains("─ line ─"), "{}", seen[4]);
    assert!(seen[5].contains("300k ? NODATA  begins 1 Jul"), "{}", seen[5]);
    assert!(seen[22].contains("Revenue: target 300,000, base 271,500"), "{}", seen[22]);
}

#[test]
fn a_guardrail_says_its_rule_and_the_primary_where_it_leads() {
    let mut stage = stage(drawn(), (80, 24));
    let guard = rows(&stage.keys("8 Enter G").draw())[22].clone();
    assert!(guard.contains("to be >=") && guard.contains(": BROKEN"), "{guard}");
    let primary = rows(&stage.keys("g").draw())[22].clone();
    assert!(primary.contains("of 300,000, line 98,154; forecast 275k, hit "), "{primary}");
}
