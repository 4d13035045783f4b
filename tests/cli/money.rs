//! Commands about what users bring and what they cost.

use crate::bytes::pinned;
use crate::endings::fails;
use crate::place::Place;

#[test]
fn value_of_cohorts_by_days_and_by_intervals() {
    pinned("ltv-days", "ltv --grain day --ages 0,1,2 --from 2026-06-01 --to 2026-06-03");
    pinned("ltv-intervals", "ltv --grain week --intervals 1 --among payers --from 2026-06-01");
}

#[test]
fn value_refuses_what_it_has_not() {
    let place = Place::new();
    fails(&place.line("ltv --ages 30,7"), 2, &["ascending", "7,30"]);
    fails(&place.line("ltv --ages 4000"), 2, &["at most 3660"]);
    fails(&place.line("ltv --platform ios"), 2, &["platform", "channels"]);
    fails(&place.line("ltv --channel serch"), 2, &["serch", "did you mean search?"]);
    let ended = place.line("ltv --ages 7 --intervals 3");
    assert!(ended.code == Some(2) && ended.err.contains("cannot be used with"), "{ended:?}");
}
