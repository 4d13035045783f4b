//! Items and deals that two people type over two connections, and rows taken out of the numbers.

use std::ops::ControlFlow;
use std::time::Duration;

use quarterdeck::domain::calendar::Span;
use quarterdeck::domain::operations::Section;
use quarterdeck::domain::plans::Conflict;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Access, Clock, Engine};
use quarterdeck::query::{
    Answer, Command, FunnelRule, Keep, Outcome, PlanOrder, Planned, Query, SectionQuery, TypedRow, Typing,
};

use super::desk::{Desk, NOW, day};

const DEALS: &str = "id,partner,kind,stage,value,currency,due,received\n\
                     d1,Harbor,cash,lead,120.00,USD,2026-06-20,\n\
                     d2,Ferry,cash,talk,80.00,USD,2026-06-25,\n";

const CLOCK: Clock = Clock { now: NOW, today: None };

/// Ben's dashboard, and Lin's over a connection of her own.
fn two() -> (Desk, Engine) {
    let mut desk = Desk::bare();
    desk.import(Kind::Deals, DEALS);
    let mut lin = Engine::open(&desk.folder.path().join("w.db"), Access::ReadWrite, Duration::from_secs(5)).unwrap();
    lin.act_as("lin".to_owned());
    (desk, lin)
}

fn run(engine: &mut Engine, command: &Command) -> Outcome {
    engine.run(command, CLOCK, &mut |_| ControlFlow::Continue(())).unwrap()
}

fn deals(engine: &mut Engine) -> Vec<TypedRow> {
    let june = Span { first: day("2026-06-01"), last: day("2026-06-30") };
    let query = SectionQuery {
        section: Section::Deals,
        scope: quarterdeck::query::Scope {
            period: june,
            grain: quarterdeck::domain::calendar::Grain::Day,
            comparison: quarterdeck::query::Comparison::Previous,
            segment: quarterdeck::query::Segment::default(),
        },
        funnel: FunnelRule::default(),
        by: None,
    };
    match engine.answer(&Query::Section(Box::new(query)), CLOCK).unwrap() {
        Answer::Section(found) => found.records,
        other => panic!("{other:?}"),
    }
}

fn deal(engine: &mut Engine, id: &str) -> TypedRow {
    deals(engine).into_iter().find(|row| row.cell("id") == id).unwrap()
}

fn typed(engine: &mut Engine, before: &TypedRow, after: TypedRow) -> Outcome {
    run(engine, &Command::Type(Typing::of(Some(before.clone()), after)))
}

fn stored(outcome: Outcome) {
    match outcome {
        Outcome::Logged(summary) => assert_eq!((summary.counts.updated, summary.counts.rejected), (1, 0)),
        other => panic!("{other:?}"),
    }
}

fn clashed(outcome: Outcome) -> (Vec<Conflict>, Typing) {
    match outcome {
        Outcome::Clashed { found, typing } => (found, *typing),
        other => panic!("{other:?}"),
    }
}

fn passes(engine: &mut Engine) {
    match run(engine, &Command::Verify) {
        Outcome::Verified(report) => assert!(report.passed(), "{report:?}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_field_that_two_change_is_refused_with_both_values_and_nothing_is_stored() {
    for keep in [Keep::Mine, Keep::Theirs, Keep::Both] {
        let (mut desk, mut lin) = two();
        let seen = deal(&mut desk.engine, "d1");
        stored(typed(&mut lin, &seen, seen.clone().with("stage", "talk")));
        let mine = seen.clone().with("stage", "signed").with("value", "150");
        let (found, typing) = clashed(typed(&mut desk.engine, &seen, mine));
        let [one] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(one.field, "stage");
        let words = [&one.seen, &one.theirs, &one.mine].map(|value| value.as_str().unwrap());
        assert_eq!((words, one.who.as_str()), (["lead", "talk", "signed"], "lin"));
        assert_eq!(deal(&mut desk.engine, "d1"), seen.clone().with("stage", "talk"), "nothing was stored");

        stored(run(&mut desk.engine, &Command::Type(typing.settled(&found, keep))));
        let now = deal(&mut lin, "d1");
        let stage = if keep == Keep::Mine { "signed" } else { "talk" };
        assert_eq!((now.cell("stage"), now.cell("value")), (stage, "150"), "what nobody else changed is stored");
        let notes = desk.book().journal;
        assert_eq!(
            notes.iter().any(|line| line.body == "d1 stage: theirs is talk, mine was signed"),
            keep == Keep::Both
        );
        desk.done(PlanOrder::Undo);
        assert_eq!(deal(&mut lin, "d1"), seen.with("stage", "talk"), "the choice is one step");
        assert_eq!(desk.book().journal, []);
        passes(&mut lin);
    }
}

#[test]
fn fields_that_only_one_changes_meet_in_one_row() {
    let (mut desk, mut lin) = two();
    let seen = deal(&mut desk.engine, "d1");
    stored(typed(&mut lin, &seen, seen.clone().with("partner", "Harbour")));
    stored(typed(&mut desk.engine, &seen, seen.clone().with("value", "90")));
    assert_eq!(deal(&mut lin, "d1"), seen.with("partner", "Harbour").with("value", "90"));
}

#[test]
fn theirs_alone_is_no_change_and_mine_goes_to_the_journal_where_both_are_kept() {
    let (mut desk, mut lin) = two();
    let seen = deal(&mut desk.engine, "d1");
    stored(typed(&mut lin, &seen, seen.clone().with("stage", "talk")));
    let (found, typing) = clashed(typed(&mut desk.engine, &seen, seen.clone().with("stage", "lost")));
    run(&mut desk.engine, &Command::Type(typing.settled(&found, Keep::Both)));
    assert_eq!(deal(&mut lin, "d1").cell("stage"), "talk");
    assert_eq!(desk.book().journal.len(), 1);
}

#[test]
fn a_new_row_does_not_replace_one_of_the_same_id() {
    let (mut desk, mut lin) = two();
    let new = TypedRow::blank(Kind::Deals).with("id", "d9").with("stage", "lead");
    run(&mut lin, &Command::Type(Typing::of(None, new.clone().with("partner", "Lin's"))));
    let (found, _) = clashed(run(&mut desk.engine, &Command::Type(Typing::of(None, new))));
    assert_eq!(found[0].field, "", "a whole record");
    assert_eq!(deal(&mut desk.engine, "d9").cell("partner"), "Lin's");
}

#[test]
fn a_row_taken_out_comes_back_with_undo_and_with_the_next_import() {
    let (mut desk, mut lin) = two();
    let before = deals(&mut desk.engine);
    let seen = deal(&mut desk.engine, "d1");
    let out = |engine: &mut Engine, seen: &TypedRow| run(engine, &Command::Type(Typing::without(seen.clone())));
    assert!(matches!(out(&mut desk.engine, &seen), Outcome::Planned(Planned::Done { .. })));
    let ids = |engine: &mut Engine| deals(engine).iter().map(|row| row.cell("id").to_owned()).collect::<Vec<_>>();
    assert_eq!(ids(&mut lin), ["d2"]);
    passes(&mut lin);

    let (found, _) = clashed(out(&mut lin, &seen));
    assert_eq!(found[0].theirs, "removed");
    let (found, _) = clashed(typed(&mut lin, &seen, seen.clone().with("stage", "talk")));
    assert_eq!((found[0].theirs.as_str(), found[0].who.as_str()), (Some("removed"), "ben"));

    desk.done(PlanOrder::Undo);
    assert_eq!(deals(&mut lin), before);
    desk.done(PlanOrder::Redo);
    assert_eq!(ids(&mut lin), ["d2"]);
    passes(&mut lin);
    desk.import(Kind::Deals, DEALS);
    assert_eq!(deals(&mut lin), before, "a file that has it brings it again");
    passes(&mut lin);
}

#[test]
fn a_row_that_somebody_changed_is_not_taken_out() {
    let (mut desk, mut lin) = two();
    let seen = deal(&mut desk.engine, "d1");
    stored(typed(&mut lin, &seen, seen.clone().with("stage", "signed")));
    let (found, _) = clashed(run(&mut desk.engine, &Command::Type(Typing::without(seen))));
    assert_eq!((found[0].field.as_str(), found[0].theirs.as_str()), ("", Some("changed")));
    assert_eq!(deal(&mut desk.engine, "d1").cell("stage"), "signed");
}
