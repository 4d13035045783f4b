use super::*;
use crate::domain::calendar::{Day, WeekStart, Zone};
use crate::domain::plans::{
    Curve, Filter, Focus, Need, Node, NodeRole, OpType, Plan, PlanStatus, Record, RevenueLink, Strategy,
    StrategyStatus, Table,
};
use crate::store::NewWorkspace;

fn store() -> Store {
    Store::in_memory(&NewWorkspace {
        product: "Test".to_owned(),
        form: "app".to_owned(),
        stage: "growth".to_owned(),
        currency: None,
        zone: Zone::parse("UTC").unwrap(),
        week_start: WeekStart::default(),
    })
    .unwrap()
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn author(actor: &str, seconds: i64) -> Author<'_> {
    Author { actor, at: Instant(seconds * 1_000_000) }
}

fn plan(id: i64, title: &str) -> Plan {
    Plan {
        id,
        strategy_id: Some(-1),
        series_id: id,
        round: 1,
        prev_plan_id: None,
        op_type: OpType::Commercial,
        focus: Focus::Revenue,
        method: "ecommerce".to_owned(),
        title: title.to_owned(),
        owner: "Ben".to_owned(),
        audience: String::new(),
        place: String::new(),
        mechanic: String::new(),
        start: day("2026-06-01"),
        finish: day("2026-06-30"),
        observe_days: 7,
        status: PlanStatus::Draft,
        status_reason: String::new(),
        spend_filter: Filter::default(),
        revenue_link: RevenueLink::Direct,
        baseline_frozen_at: None,
        closed_snapshot: None,
    }
}

fn node(id: i64, plan_id: i64) -> Node {
    Node {
        id,
        metric: Some("net".to_owned()),
        filter: Filter { channels: vec!["feed-a".to_owned()], ..Filter::default() },
        baseline: Some(0.1),
        target: Some(300_000e6),
        locked: true,
        curve: Curve::Weekday,
        label: "Revenue".to_owned(),
        ..Node::new(plan_id, NodeRole::Primary)
    }
}

fn strategy() -> Strategy {
    let text = String::new;
    Strategy {
        id: -1,
        title: "Keep who we win".to_owned(),
        situation: text(),
        complication: text(),
        hypothesis: text(),
        focus: Focus::Retain,
        start: day("2026-04-01"),
        finish: day("2026-06-30"),
        status: StrategyStatus::Active,
    }
}

fn first() -> Edit {
    let mut edit = Edit::new("new plan June");
    edit.add(strategy());
    edit.add(plan(-1, "June"));
    edit.add(node(-1, -1));
    edit.add(node(-2, -1));
    edit
}

fn done(edited: Edited) -> Vec<i64> {
    match edited {
        Edited::Done { ids, .. } => ids,
        other => panic!("{other:?}"),
    }
}

#[test]
fn new_records_get_numbers_and_read_back_as_they_were() {
    let mut store = store();
    assert_eq!(done(store.edit(&first(), author("ben", 1)).unwrap()), [1, 1, 1, 2]);
    let book = store.book().unwrap();
    assert_eq!(book.plans, [Plan { id: 1, series_id: 1, strategy_id: Some(1), ..plan(1, "June") }]);
    assert_eq!(book.nodes, [node(1, 1), node(2, 1)]);
    assert_eq!(book.strategies[0].title, "Keep who we win");
}

#[test]
fn an_action_is_undone_and_done_again_as_one() {
    let mut store = store();
    store.edit(&first(), author("ben", 1)).unwrap();
    let before = store.book().unwrap();
    let mut edit = Edit::new("target");
    edit.set(node(1, 1), Node { target: Some(0.025), ..node(1, 1) });
    edit.remove(node(2, 1));
    store.edit(&edit, author("ben", 2)).unwrap();
    let after = store.book().unwrap();
    assert_eq!((after.nodes.len(), after.nodes[0].target), (1, Some(0.025)));
    assert_eq!(store.undo_edit(author("ben", 3)).unwrap(), Edited::Done { label: "target".into(), ids: vec![] });
    assert_eq!(store.book().unwrap(), before);
    // Somebody else has done nothing, so there is nothing of his to undo.
    assert_eq!(store.undo_edit(author("lin", 3)).unwrap(), Edited::Nothing);
    store.redo_edit(author("ben", 4)).unwrap();
    assert_eq!(store.book().unwrap(), after);
    assert_eq!(store.redo_edit(author("ben", 5)).unwrap(), Edited::Nothing);
    for _ in 0..2 {
        store.undo_edit(author("ben", 6)).unwrap();
    }
    assert_eq!(store.book().unwrap(), Book::default());
    assert_eq!(store.undo_edit(author("ben", 7)).unwrap(), Edited::Nothing);
    // A number that was given is never given again.
    assert_eq!(done(store.edit(&first(), author("ben", 8)).unwrap()), [2, 2, 3, 4]);
    assert_eq!(store.redo_edit(author("ben", 9)).unwrap(), Edited::Nothing);
}

#[test]
fn what_somebody_else_changed_is_refused_with_both_values_and_other_fields_are_kept() {
    let mut store = store();
    store.edit(&first(), author("ben", 1)).unwrap();
    let seen = node(1, 1);
    let mut theirs = Edit::new("theirs");
    theirs.set(seen.clone(), Node { target: Some(2.0), owner: "Lin".to_owned(), ..seen.clone() });
    store.edit(&theirs, author("lin", 2)).unwrap();
    let mut mine = Edit::new("mine");
    mine.set(seen.clone(), Node { target: Some(3.0), ..seen.clone() });
    mine.add(node(-1, 1));
    let Edited::Conflicts(conflicts) = store.edit(&mine, author("ben", 3)).unwrap() else { panic!() };
    let [one] = conflicts.as_slice() else { panic!("{conflicts:?}") };
    assert_eq!((one.field.as_str(), one.who.as_str(), one.when.as_str()), ("target", "lin", "1970-01-01T00:00:02Z"));
    assert_eq!((&one.seen, &one.theirs, &one.mine), (&300_000e6.into(), &2.0.into(), &3.0.into()));
    // Nothing of the edit is stored, not even what did not conflict.
    assert_eq!(store.book().unwrap().nodes.len(), 2);
    // A change of another field of the same row goes through and leaves theirs alone.
    let mut label = Edit::new("label");
    label.set(seen.clone(), Node { label: "Net".to_owned(), ..seen.clone() });
    store.edit(&label, author("ben", 4)).unwrap();
    let now = store.book().unwrap().nodes[0].clone();
    assert_eq!((now.target, now.owner.as_str(), now.label.as_str()), (Some(2.0), "Lin", "Net"));
    // Lin's undo would now take nothing of Ben's: the label stays.
    store.undo_edit(author("lin", 5)).unwrap();
    let now = store.book().unwrap().nodes[0].clone();
    assert_eq!((now.target, now.owner.as_str(), now.label.as_str()), (Some(300_000e6), "", "Net"));
    // Ben's first action cannot be taken back where Lin's stands on it.
    let mut again = Edit::new("again");
    again.set(now.clone(), Node { label: "Sales".to_owned(), ..now });
    store.edit(&again, author("lin", 6)).unwrap();
    assert!(
        matches!(store.undo_edit(author("ben", 7)).unwrap(), Edited::Conflicts(found) if found[0].field == "label")
    );
    let mut gone = Edit::new("gone");
    gone.remove(node(2, 1));
    store.edit(&gone, author("lin", 8)).unwrap();
    let mut late = Edit::new("late");
    late.set(node(2, 1), Node { label: "x".to_owned(), ..node(2, 1) });
    assert!(
        matches!(store.edit(&late, author("ben", 9)).unwrap(), Edited::Conflicts(found) if found[0].field.is_empty())
    );
}

#[test]
fn a_row_that_others_point_to_does_not_go_and_nothing_half_is_stored() {
    let mut store = store();
    store.edit(&first(), author("ben", 1)).unwrap();
    let before = store.book().unwrap();
    let mut edit = Edit::new("plan gone");
    edit.remove(before.plans[0].clone());
    let Edited::Conflicts(found) = store.edit(&edit, author("ben", 2)).unwrap() else { panic!("it went") };
    assert!(found.iter().any(|one| one.table == Table::Node && one.theirs == "there"), "{found:?}");
    let mut edit = Edit::new("absurd");
    edit.set(node(1, 1), Node { label: "x".to_owned(), ..node(1, 1) });
    edit.set(node(2, 1), Node { weight: -1.0, ..node(2, 1) });
    assert!(store.edit(&edit, author("ben", 2)).is_err());
    let mut edit = Edit::new("itself");
    edit.add(Record::Need(Need { task_id: 1, needs_id: 1 }));
    assert!(store.edit(&edit, author("ben", 2)).is_err());
    assert_eq!(store.book().unwrap(), before);
}

#[test]
fn what_is_said_of_the_workspace_is_undone_and_done_again_like_any_record() {
    use crate::domain::channels::ChannelRule;
    use crate::domain::money::Currency;
    use crate::domain::profile::ProfileChange;
    use crate::domain::records::{Event, Kind, Record};
    use crate::domain::roles::EventRole;
    use crate::store::{NewBatch, SetKind};

    let mut store = store();
    let event = Event {
        id: None,
        user: Some("ana".into()),
        at: Instant(23 * 3_600_000_000),
        name: "open".into(),
        channel: None,
        platform: None,
        props: None,
    };
    let mut writer = store.batch(&NewBatch::new("events", Kind::Events, "a.csv", Instant(0))).unwrap();
    writer.put(1, &Record::Event(event)).unwrap();
    writer.finish(Instant(0), None, None).unwrap();
    drop(writer);
    let active = |store: &Store| {
        let days = store.day_sets(SetKind::Active, None).unwrap();
        days.into_iter().map(|set| set.day.0).collect::<Vec<_>>()
    };
    let rule = |channel: &str| ChannelRule::new("feeda", "cpc", channel).unwrap();
    let told = |store: &Store| {
        let settings = store.settings().unwrap();
        (
            (settings.product, settings.currency, settings.zone.name()),
            (store.roles().unwrap()[0].passive, active(store)),
            store.channel_rules().unwrap(),
            store.thresholds().unwrap(),
        )
    };
    let mut seen = vec![told(&store)];
    let mut at = 0;
    let mut step = |store: &mut Store, done: &mut dyn FnMut(&mut Store, Author)| {
        at += 1;
        done(store, author("ben", at));
        seen.push(told(store));
    };
    step(&mut store, &mut |s, by| {
        let (currency, zone) = (Currency::parse("EUR"), Zone::parse("Asia/Shanghai"));
        let change = ProfileChange { product: Some("Lantern".into()), currency, zone, ..ProfileChange::default() };
        s.change_profile(&change, by).unwrap();
    });
    step(&mut store, &mut |s, by| s.set_role("open", Some(EventRole::Touch), true, by).unwrap());
    step(&mut store, &mut |s, by| s.set_threshold("stale_days", Some(3.0), by).unwrap());
    step(&mut store, &mut |s, by| {
        s.map_channels(&[rule("Feed A")], false, by).unwrap();
    });
    step(&mut store, &mut |s, by| {
        s.map_channels(&[rule("Feed B")], true, by).unwrap();
    });
    step(&mut store, &mut |s, by| {
        s.unmap_channel(None, by).unwrap();
    });
    assert_eq!(seen[0].1, (false, vec![0]));
    assert_eq!((seen[1].0.2, &seen[1].1), ("Asia/Shanghai", &(false, vec![1])), "the zone moved the day");
    assert_eq!(seen[2].1, (true, vec![]));
    assert_eq!((seen[5].2.len(), seen[6].2.len(), seen[3].3.len()), (1, 0, 1));
    for before in seen.iter().rev().skip(1) {
        assert!(matches!(store.undo_edit(author("ben", 20)).unwrap(), Edited::Done { .. }));
        assert_eq!(told(&store), *before);
    }
    assert_eq!(store.undo_edit(author("ben", 21)).unwrap(), Edited::Nothing);
    for after in seen.iter().skip(1) {
        assert!(matches!(store.redo_edit(author("ben", 22)).unwrap(), Edited::Done { .. }));
        assert_eq!(told(&store), *after);
    }
    let failed: Vec<_> = store.check().unwrap().into_iter().filter(|check| !check.1).collect();
    assert!(failed.is_empty(), "{failed:?}");
}
