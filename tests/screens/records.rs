//! Records of the workspace typed in forms: each is one step, which `u` takes back.

use quarterdeck::query::{Answer, DataBoard, Query};

use crate::snapshots::shoot_stage;
use crate::stage::{PLAIN, Stage};
use crate::worlds::little_more;

fn data(stage: &mut Stage<'_>) -> DataBoard {
    match stage.ask(&Query::Data) {
        Answer::Data(data) => data,
        other => panic!("{other:?}"),
    }
}

/// Row 23 of the screen.
fn said(stage: &mut Stage<'_>) -> String {
    stage.line(22)
}

#[test]
fn roles_mapping_and_profile_are_typed_in_forms_and_undone() {
    let world = little_more("typed");
    let mut stage = Stage::open(&world, (80, 24), PLAIN);
    let first = data(&mut stage);
    stage.keys("# J J J");
    shoot_stage("data-names", &mut stage);
    shoot_stage("form-role", stage.keys("e"));
    // The first field lists what can be meant; the second says whether it counts.
    stage.keys("text:share Enter Right F2");
    let changed = data(&mut stage);
    assert_ne!(changed.event_names, first.event_names, "{}", said(&mut stage));
    stage.keys("u");
    assert_eq!(data(&mut stage).event_names, first.event_names, "{}", said(&mut stage));
    shoot_stage("data-mapping", stage.keys("."));
    shoot_stage("form-mapping", stage.keys("e Tab Tab"));
    stage.keys("text:Feed_A F2");
    shoot_stage("data-mapped", &mut stage);
    stage.keys("-");
    shoot_stage("data-unmapped", stage.keys("J j j j j"));
    shoot_stage("form-profile-zone", stage.keys("e Ctrl-u text:Mars"));
    assert!(said(&mut stage).contains("zone"), "{}", said(&mut stage));
    stage.keys("Ctrl-u text:Asia/Tokyo F2");
    assert_eq!(data(&mut stage).profile.zone.name(), "Asia/Tokyo", "{}", said(&mut stage));
    stage.keys("u u u");
    assert_eq!(data(&mut stage).settings, first.settings);
    shoot_stage("data-mapping-undone", &mut stage);
}
