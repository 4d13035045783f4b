//! Records of the workspace typed in forms: each is one step, which `u` takes back.

use quarterdeck::domain::operations::Section;
use quarterdeck::query::{Answer, Command, DataBoard, FunnelRule, Query, SectionQuery, TypedRow, Typing};

use crate::picture::{picture, rows};
use crate::snapshots::{SIZES, keep, shoot_stage};
use crate::stage::{PLAIN, Stage};
use crate::tabs::june;
use crate::worlds::{corner_shop, demo, hostile_names, little_more, two_writers};

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

fn records(stage: &mut Stage<'_>, section: Section) -> Vec<TypedRow> {
    let query = SectionQuery { section, scope: june(), funnel: FunnelRule::default(), by: None };
    match stage.ask(&Query::Section(Box::new(query))) {
        Answer::Section(found) => found.records,
        other => panic!("{other:?}"),
    }
}

#[test]
fn items_and_deals_are_typed_in_forms_moved_on_and_undone() {
    let world = little_more("typed-rows");
    let mut stage = Stage::open(&world, (80, 24), PLAIN);
    let first = records(&mut stage, Section::Queue);
    assert_eq!(first.iter().map(|row| row.cell("id")).collect::<Vec<_>>(), ["chair"]);
    shoot_stage("form-item", stage.keys("5 . a text:stool Enter text:A_stool Enter Enter text:Kai Enter text:+3d"));
    stage.keys("F2");
    let queue = records(&mut stage, Section::Queue);
    let stool = queue.iter().find(|row| row.cell("id") == "stool").unwrap();
    assert_eq!(
        (stool.cell("title"), stool.cell("planned"), stool.source.as_str()),
        ("A stool", "2026-06-14", "content")
    );
    shoot_stage("tab-content-typed", &mut stage);
    shoot_stage("tab-content-status", stage.keys("o"));
    // A draft is reviewed next.
    stage.keys("Enter");
    assert_eq!(records(&mut stage, Section::Queue)[0].cell("status"), "review", "{}", said(&mut stage));
    stage.keys("u");
    assert_eq!(records(&mut stage, Section::Queue)[0].cell("status"), "draft", "{}", said(&mut stage));
    stage.keys("u");
    assert_eq!(records(&mut stage, Section::Queue), first);
    stage.keys("U");
    assert_eq!(records(&mut stage, Section::Queue), queue);

    let deals = records(&mut stage, Section::Deals);
    shoot_stage("tab-commercial-deals", stage.keys("6 . J"));
    shoot_stage("form-deal", stage.keys("e Tab Tab Tab Tab Ctrl-u text:-"));
    stage.keys("Ctrl-u text:1.2k F2");
    assert_eq!(records(&mut stage, Section::Deals)[0].cell("value"), "1200", "{}", said(&mut stage));
    stage.keys("o 5");
    let received = records(&mut stage, Section::Deals);
    let received = received.iter().find(|row| row.cell("id") == deals[0].cell("id")).unwrap();
    assert_eq!((received.cell("stage"), received.cell("received")), ("received", "2026-06-11"));
    stage.keys("u u");
    assert_eq!(records(&mut stage, Section::Deals), deals, "{}", said(&mut stage));
}

#[test]
fn a_tab_leads_to_the_tree_of_a_plan_to_a_new_plan_and_works_off_its_tasks() {
    let world = corner_shop("tab-plans");
    let mut stage = Stage::open(&world, (80, 24), PLAIN);
    stage.keys("7 g K K K T");
    shoot_stage("target-new-plan", &mut stage);
    stage.keys("text:new_plan Enter");
    assert!(stage.line(2).contains("Plans > new plan"), "{}", stage.line(2));
    shoot_stage("form-plan-of-metric", &mut stage);
    stage.keys("7 Tab text:Flyers Enter Enter text:today Enter text:+9d F2");
    let plan = stage.line(2);
    assert!(plan.contains("Flyers"), "{plan} {}", said(&mut stage));
    // The row of the plan on its tab opens its tree; the cursor begins in the tab's own table.
    stage.keys("0 7 g K K K J Enter");
    assert!(stage.line(2).contains("Plans > Flyers"), "{}", stage.line(2));
    stage.keys("7 a text:Call_the_printer_due:+3d Enter");
    stage.keys("J J w");
    assert!(said(&mut stage).contains("due Mon 15 Jun"), "{}", said(&mut stage));
    shoot_stage("tab-task-later", stage.keys("u"));
    stage.keys("d");
    assert!(said(&mut stage).contains("done"), "{}", said(&mut stage));
    stage.keys("u V");
    assert!((0..24).any(|y| stage.line(y).contains("D7 CHANGE")), "V shows the split");
}

#[test]
fn a_deal_of_no_currency_or_less_than_nothing_is_refused_at_its_field() {
    let world = corner_shop("deal-faults");
    let mut stage = Stage::open(&world, (80, 24), PLAIN);
    let deals = records(&mut stage, Section::Deals);
    let mut seen = |keys: &str| rows(&stage.keys(keys).draw()).join("\n");
    let form = "a text:d_9 Tab Tab Tab text:lead Tab";
    let less = seen(&format!("6 . J {form} text:-500 F2"));
    assert!(less.contains("money of a row is 0 or more"), "{less}");
    let unknown = seen("Ctrl-u text:500 Tab text:ZZZ F2");
    assert!(unknown.contains("ZZZ is no code of ISO 4217"), "{unknown}");
    assert_eq!(records(&mut stage, Section::Deals), deals);
}

/// Forms of records by name with the keys that lead there; the fields are those of the sample.
const FORMS: [(&str, &str); 8] = [
    ("feedback", "1 . e"),
    ("competitor", "4 . . . J e"),
    ("item", "5 . e"),
    ("deal", "6 . J e"),
    ("role", "# J J J e"),
    ("mapping", "# . e"),
    ("profile", "# . J e"),
    ("strategy", "8 J J e"),
];

#[test]
fn each_form_at_each_size() {
    for (form, keys) in FORMS {
        for size in SIZES {
            let mut stage = Stage::open(demo(), size, PLAIN);
            shoot_stage(&format!("record-{form}-{}x{}", size.0, size.1), stage.keys(keys));
        }
    }
    let world = hostile_names("forms");
    for size in SIZES {
        let mut stage = Stage::open(&world, size, PLAIN);
        shoot_stage(&format!("record-role-hostile-{}x{}", size.0, size.1), stage.keys("# J J J e"));
    }
}

/// A picture without the time of day at which somebody stored something.
fn timeless(taken: &str) -> String {
    let clock = taken.find("theirs").and_then(|row| Some(row + taken[row..].find(':')? - 2));
    let mut text = taken.to_owned();
    text.replace_range(clock.map_or(0..0, |at| at..at + "09:05:11".len()), "09:05:11");
    text
}

/// What somebody else stores while a form is open stands beside what was typed in it.
#[test]
fn two_who_type_one_item_or_deal_see_both_values_over_the_form() {
    let (world, other) = two_writers("two-writers");
    let mut stage = Stage::open(&world, (80, 24), PLAIN);
    let cases = [
        (
            "item",
            Section::Queue,
            "chair",
            ("title", "A chair of oak"),
            "5 . e Tab text:_in_green F2",
            "A chair in green",
        ),
        ("deal", Section::Deals, "d2", ("value", "1200"), "6 . J j e Tab Tab Tab Tab Ctrl-u text:950 F2", "950"),
    ];
    for (name, section, id, (field, theirs), keys, mine) in cases {
        let row = |stage: &mut Stage<'_>| {
            let rows = records(stage, section);
            rows.into_iter().find(|row| row.cell("id") == id).unwrap()
        };
        let seen = row(&mut stage);
        let (open, save) = keys.rsplit_once(' ').unwrap();
        stage.keys("0").keys(open);
        let typing = Typing::of(Some(seen.clone()), seen.clone().with(field, theirs));
        other(&Command::Type(typing));
        stage.keys(save);
        for (width, height) in SIZES {
            stage.resize(width, height);
            keep(&format!("record-{name}-conflict-{width}x{height}"), &timeless(&picture(&stage.draw())));
        }
        stage.resize(80, 24);
        assert_eq!(row(&mut stage).cell(field), theirs, "nothing is stored before one is chosen");
        stage.keys("2");
        assert_eq!(row(&mut stage).cell(field), mine, "{}", said(&mut stage));
        stage.keys("u");
        assert_eq!(row(&mut stage).cell(field), theirs, "{}", said(&mut stage));
    }
}
