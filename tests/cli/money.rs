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

#[test]
fn groups_of_users_with_their_flows_and_lists() {
    pinned("segment-rfm", "segment rfm --against 2026-06-02");
    pinned("segment-rfm-flows", "segment rfm --against 2026-06-02 --flows");
    pinned("segment-rfm-list", "segment rfm --cut ntile --list hibernating");
    pinned("segment-lifecycle", "segment lifecycle --grain day --at 2026-06-02");
    pinned("segment-lifecycle-list", "segment lifecycle --grain day --at 2026-06-02 --list dormant");
}

#[test]
fn groups_refuse_what_they_have_not() {
    let place = Place::new();
    for (line, words) in [
        ("segment rfm --list best", ["a class is champions", "cannot_lose"]),
        ("segment lifecycle --list gone", ["a place is new", "dormant"]),
        ("segment rfm --list loyal --flows", ["--list", "--flows"]),
        ("segment rfm --days 0", ["--days", "1.."]),
        ("segment", ["rfm", "lifecycle"]),
    ] {
        let ended = place.line(line);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{line}");
        assert!(words.iter().all(|w| ended.err.contains(w)), "{line}: {words:?} in {}", ended.err);
    }
    fails(&place.line("segment rfm --to 2026-06-02 --against 2026-06-02"), 2, &["earlier day", "2026-06-02"]);
    fails(&place.line("segment rfm --platform ios"), 2, &["platform", "channels"]);
    fails(&place.line("segment lifecycle --grain week --against 2026-06-03"), 2, &["earlier week", "2026-06-01"]);
}
