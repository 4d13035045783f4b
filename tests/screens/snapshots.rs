//! Every built screen at three sizes, in its empty, slow and failing state, in each colour mode and glyph set.

use std::sync::Mutex;

use quarterdeck::app::Msg;
use quarterdeck::runtime::Desk;
use quarterdeck::ui::glyphs::Glyphs;
use quarterdeck::ui::pen::Look;
use quarterdeck::ui::theme::{ColorMode, Theme, Tone};

use crate::picture::picture;
use crate::stage::{PLAIN, Reading, Stage};
use crate::worlds::{demo, empty, fixture, hostile, orders};

/// Sizes that every screen is drawn for.
pub const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (60, 16)];

/// Screens by name with the keys that lead there from Today.
const SCREENS: [(&str, &str); 7] = [
    ("today", ""),
    ("retention", "9"),
    ("revenue", "$"),
    ("data", "#"),
    ("detail", ". Enter"),
    ("help", "?"),
    ("segment", "f"),
];

pub fn shoot(name: &str, world: &Mutex<Desk>, keys: &str, size: (u16, u16), look: Look, reading: Reading) {
    shoot_stage(name, Stage::reading(world, size, look, reading).keys(keys));
}

pub fn shoot_stage(name: &str, stage: &mut Stage<'_>) {
    keep(name, &picture(&stage.draw()));
}

/// Holds a picture against the one that is kept under a name.
pub fn keep(name: &str, taken: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, taken));
}

pub fn shoot_plain(name: &str, world: &Mutex<Desk>, keys: &str) {
    shoot(name, world, keys, (80, 24), PLAIN, Reading::Answered);
}

#[test]
fn every_screen_at_every_size() {
    for (screen, keys) in SCREENS {
        for size in SIZES {
            shoot(&format!("{screen}-{}x{}", size.0, size.1), demo(), keys, size, PLAIN, Reading::Answered);
        }
    }
}

#[test]
fn choices_show_on_their_screen() {
    shoot_plain("retention-day-chosen", demo(), "9 D o C");
    shoot_plain("retention-month", demo(), "9 M");
    shoot_plain("revenue-gross-march", demo(), "$ N [ [ [");
    shoot_plain("today-segment", demo(), "f text:sea Space Enter");
    shoot_plain("today-filtered", demo(), ". / text:net Enter");
    shoot_plain("today-numbers", demo(), ".");
    shoot_plain("today-lamp", demo(), "J J J Enter");
    shoot_plain("data-confirm", demo(), "# J -");
    shoot_plain("detail-rate", demo(), ". j j j j j j Enter");
}

/// The import layer over a copied path, so that the picture does not hold a folder of this machine.
#[test]
fn an_import_is_shown_before_it_is_stored() {
    for (name, file) in [("events", "events_alias.tsv"), ("money", "money_signs.csv"), ("reject", "ragged_short.csv")] {
        let mut stage = Stage::open(orders(), (80, 24), PLAIN);
        stage.keys("i").tell(Msg::Paste(fixture(file).display().to_string()));
        shoot_stage(&format!("import-{name}"), stage.keys("Enter j"));
    }
    let mut stage = Stage::open(orders(), (80, 24), PLAIN);
    stage.keys("i").tell(Msg::Paste(fixture("events_alias.tsv").display().to_string()));
    shoot_stage("import-field", stage.keys("Enter j e"));
}

#[test]
fn pickers_offer_what_there_is() {
    shoot_plain("period", demo(), "=");
    shoot_plain("period-typed", demo(), "= text:2026-03");
    shoot_plain("events", demo(), "9 E j j Tab text:ord");
    shoot_plain("retention-events", demo(), "9 E j j Tab text:ord Enter");
    shoot_plain("revenue-last-quarter", demo(), "$ = text:last Down Down Enter");
}

#[test]
fn empty_slow_and_failing_screens_say_so() {
    for (screen, keys) in &SCREENS[..4] {
        shoot_plain(&format!("{screen}-empty"), empty(), keys);
        shoot_plain(&format!("{screen}-only-orders"), orders(), keys);
        for (name, reading) in [("slow", Reading::Slow), ("failing", Reading::Failing)] {
            shoot(&format!("{screen}-{name}"), demo(), keys, (80, 24), PLAIN, reading);
        }
    }
}

#[test]
fn hostile_long_and_many_rows_stay_in_their_cells() {
    for (screen, keys) in &SCREENS[..7] {
        shoot_plain(&format!("{screen}-hostile"), hostile(), keys);
    }
}

#[test]
fn each_colour_mode_and_glyph_set() {
    for (name, mode) in [("none", ColorMode::None), ("16", ColorMode::Ansi16), ("true", ColorMode::True)] {
        let look = Look { theme: Theme { mode, tone: Tone::Neutral }, glyphs: Glyphs::Unicode };
        shoot(&format!("retention-colour-{name}"), demo(), "9", (80, 24), look, Reading::Answered);
    }
    for (name, glyphs) in [("ascii", Glyphs::Ascii), ("cjk", Glyphs::Cjk), ("blocks", Glyphs::Blocks)] {
        let look = Look { glyphs, ..PLAIN };
        shoot(&format!("revenue-glyphs-{name}"), demo(), "$", (80, 24), look, Reading::Answered);
        shoot(&format!("today-glyphs-{name}"), demo(), "", (80, 24), look, Reading::Answered);
    }
}
