//! Days that the journal leaves out: out of baselines, weekday shares, forecasts and limits, each number by hand.

use std::fmt::Write as _;

use quarterdeck::domain::calendar::{Day, Span};
use quarterdeck::domain::plans::{Edit, Journal, JournalKind};
use quarterdeck::domain::records::Kind;
use quarterdeck::query::{
    Against, Answer, Course, DayLimits, LiftQuery, LimitsQuery, NewPlan, PlanOrder, Query, Segment,
};

use super::desk::{Desk, day, near, plan};

/// The Wednesday of the outage.
const OUTAGE: &str = "2026-05-20";

/// 100 new users a day, 40 on Sundays, 20 on the day of the outage, from 2 March to 10 June.
fn desk() -> Desk {
    let mut desk = Desk::bare();
    let mut facts = String::from("date,metric,value\n");
    for on in (day("2026-03-02").0..=day("2026-06-10").0).map(Day) {
        // 1970-01-01 was a Thursday.
        let sunday = (on.0 + 3).rem_euclid(7) == 6;
        let value = if on == day(OUTAGE) {
            20
        } else if sunday {
            40
        } else {
            100
        };
        writeln!(facts, "{on},new_users,{value}").unwrap();
    }
    desk.import(Kind::Facts, &facts);
    desk
}

fn write_down(desk: &mut Desk, kind: JournalKind, exclude: bool) {
    let mut edit = Edit::new("outage");
    edit.add(Journal {
        id: -1,
        at: String::new(),
        day: day(OUTAGE),
        kind,
        op_type: None,
        plan_id: None,
        node_id: None,
        body: "outage".to_owned(),
        exclude_from_baseline: exclude,
    });
    desk.done(PlanOrder::Edit(edit));
}

/// A plan of four weeks from 1 June, whose baseline is that of the four weeks before.
fn course(desk: &mut Desk) -> (Option<f64>, Course) {
    let new = NewPlan { target: Some(5_120.0), ..plan("new_users", "2026-06-01", "2026-06-28") };
    let id = desk.done(PlanOrder::New(Box::new(new)));
    let base = desk.node(id, "New users").baseline;
    (base, desk.view(id, Against::Target).progress[0].clone())
}

fn limits(desk: &mut Desk, on: &str) -> DayLimits {
    let span = Span { first: day(on), last: day(on) };
    let query = LimitsQuery { metric: "new_users", span, segment: Segment::default(), event: None };
    match desk.ask(&Query::Limits(query)) {
        Answer::Limits(days) => days[0].clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_outage_counts_until_its_day_is_left_out() {
    let mut desk = desk();
    let (base, course) = course(&mut desk);
    // 23 full days, the day of the outage, four Sundays.
    near(base, 2_480.0);
    // Wednesdays are 90 on average, so a week is 630: seven full days, two Wednesdays and a Sunday of four weeks.
    near(course.line, 5_120.0 * 920.0 / 2_520.0);
    let outlook = course.outlook.unwrap();
    assert!(outlook.low < outlook.high, "{outlook:?}");
    let on_the_day = limits(&mut desk, OUTAGE);
    assert!(on_the_day.outside && !on_the_day.left_out, "{on_the_day:?}");
}

#[test]
fn a_day_that_is_left_out_has_no_part_in_what_is_usual() {
    for (kind, exclude) in [(JournalKind::Incident, true), (JournalKind::Holiday, false)] {
        let mut desk = desk();
        write_down(&mut desk, kind, exclude);
        let (base, course) = course(&mut desk);
        // 2,460 in 27 days, which usually have 2,460 of the 2,560 of four weeks.
        near(base, 2_560.0);
        // A week is 640: nine full days and a Sunday of four weeks.
        near(course.line, 5_120.0 * 940.0 / 2_560.0);
        // Every other day is as usual, so the forecast knows the rest: 940 and 18 days of 1,620.
        let outlook = course.outlook.unwrap();
        for value in [outlook.value, outlook.low, outlook.high] {
            near(Some(value), 2_560.0);
        }
        let on_the_day = limits(&mut desk, OUTAGE);
        assert!(on_the_day.left_out && !on_the_day.outside && !on_the_day.run, "{on_the_day:?}");
        let later = limits(&mut desk, "2026-05-27");
        let band = later.band.unwrap();
        near(Some(band.lower), 100.0);
        near(Some(band.upper), 100.0);
        assert!(!later.outside, "{later:?}");
    }
}

#[test]
fn a_note_leaves_no_day_out() {
    let mut desk = desk();
    write_down(&mut desk, JournalKind::Incident, false);
    near(course(&mut desk).0, 2_480.0);
}

#[test]
fn a_lift_leaves_the_day_out_and_says_so() {
    let mut desk = desk();
    write_down(&mut desk, JournalKind::Incident, true);
    let span = Span { first: day("2026-05-27"), last: day("2026-05-27") };
    let query = LiftQuery { metric: "new_users", span, segment: Segment::default(), event: None, flagged: Vec::new() };
    let Answer::Lift(found) = desk.ask(&Query::Lift(query)) else { panic!("another answer") };
    assert_eq!((found.lift.usual_days, found.flagged), (3, vec![day(OUTAGE)]));
    near(Some(found.lift.usual), 100.0);
}

#[test]
fn a_baseline_without_any_day_is_none() {
    let mut desk = desk();
    for on in (day("2026-05-04").0..=day("2026-05-31").0).map(Day) {
        let mut edit = Edit::new("closed");
        edit.add(Journal {
            id: -1,
            at: String::new(),
            day: on,
            kind: JournalKind::Holiday,
            op_type: None,
            plan_id: None,
            node_id: None,
            body: "closed".to_owned(),
            exclude_from_baseline: false,
        });
        desk.done(PlanOrder::Edit(edit));
    }
    assert_eq!(course(&mut desk).0, None);
}
