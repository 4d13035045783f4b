//! `quarterdeck funnel`.

use crate::place::Place;

/// The steps of the Product tab, from what the event names mean, where no event is given.
#[test]
fn a_funnel_without_events_has_the_steps_of_the_tab() {
    let place = Place::bare();
    assert_eq!(place.line("init --tz UTC").code, Some(0));
    let rows = "user_id,ts,event\nann,2026-06-01T08:00:00Z,open\nann,2026-06-01T09:00:00Z,view\nann,2026-06-01T10:00:00Z,\
                add_to_cart\nben,2026-06-01T08:00:00Z,view\nben,2026-06-01T09:00:00Z,view\n";
    place.write("events.csv", rows);
    assert_eq!(place.line("import events.csv --through 2026-06-02").code, Some(0));
    let told = place.line("funnel --format csv").out;
    let steps: Vec<String> =
        told.lines().skip(1).map(|row| row.split(',').take(3).collect::<Vec<_>>().join(",")).collect();
    assert_eq!(steps, ["1,any activity,2", "2,view,2", "3,add_to_cart,1"], "{told}");
    let bare = Place::bare();
    assert_eq!(bare.line("init --tz UTC").code, Some(0));
    bare.write("none.csv", "user_id,ts,event\nann,2026-06-01T08:00:00Z,open\n");
    assert_eq!(bare.line("import none.csv --through 2026-06-02").code, Some(0));
    let refused = bare.line("funnel");
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.err.contains("no event has a role of a step"), "{refused:?}");
}
