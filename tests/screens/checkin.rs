//! The check-in and the brief: each step at every size, over the sample, over nothing, and what is answered on the way.

use std::ops::ControlFlow;
use std::sync::Mutex;

use quarterdeck::domain::calendar::Day;
use quarterdeck::engine::{Clock, Engine};
use quarterdeck::query::{Command, TypedNumber};
use quarterdeck::runtime::{Answers, Desk};
use quarterdeck::ui::glyphs::Glyphs;
use unicode_width::UnicodeWidthStr;

use crate::picture::{row, rows};
use crate::rules;
use crate::snapshots::{SIZES, shoot, shoot_plain, shoot_stage};
use crate::stage::{PLAIN, Reading, Stage};
use crate::worlds::{demo, empty, fresh, hostile, now};

const STEPS: [&str; 6] = ["data", "numbers", "exceptions", "tasks", "focus", "brief"];

/// The sample, for a test that changes it.
fn own(name: &str) -> Mutex<Desk> {
    let clock = || Clock { now: now(), today: None };
    let engine = Engine::create_demo(&fresh(name), Day::parse("2026-06-10").unwrap(), clock()).unwrap();
    Mutex::new(Desk::new(engine, clock, None))
}

fn enters(count: usize) -> String {
    format!("c{}", " Enter".repeat(count))
}

#[test]
fn every_step_at_every_size() {
    for (at, step) in STEPS.into_iter().enumerate() {
        for (width, height) in SIZES {
            let name = format!("checkin-{step}-{width}x{height}");
            shoot(&name, demo(), &enters(at), (width, height), PLAIN, Reading::Answered);
        }
        shoot_plain(&format!("checkin-{step}-empty"), empty(), &enters(at));
    }
    for (width, height) in SIZES {
        shoot(&format!("brief-{width}x{height}"), demo(), "b", (width, height), PLAIN, Reading::Answered);
    }
    shoot_plain("brief-empty", empty(), "b");
    shoot_plain("checkin-exceptions-hostile", hostile(), &enters(2));
    for (name, reading) in [("slow", Reading::Slow), ("failing", Reading::Failing)] {
        shoot(&format!("checkin-{name}"), demo(), "c Enter Enter", (80, 24), PLAIN, reading);
    }
}

#[test]
fn every_step_keeps_the_rules_of_layout() {
    for world in rules::worlds() {
        for size in rules::SIZES {
            for look in rules::looks() {
                let mut stage = Stage::open(world, size, look);
                stage.keys("c");
                for step in STEPS.into_iter().chain(["the page of the brief"]) {
                    if step == "the page of the brief" {
                        stage.keys("Esc b");
                    }
                    let buffer = stage.draw();
                    let told = || format!("{step} {size:?} {:?}", look.glyphs);
                    let hostile = buffer.content().iter().flat_map(|cell| cell.symbol().chars());
                    assert_eq!(hostile.into_iter().find(|c| rules::is_hostile(*c)), None, "{}", told());
                    for row in (0..size.1).map(|y| row(&buffer, y)) {
                        assert_eq!(row.width(), usize::from(size.0), "{}: {row}", told());
                        let ascii = look.glyphs == Glyphs::Ascii && std::ptr::eq(world, demo());
                        assert!(!ascii || row.is_ascii(), "{}: {row}", told());
                        let unsure = |c: char| c.to_string().width_cjk() != c.to_string().width();
                        let cjk = look.glyphs == Glyphs::Cjk && std::ptr::eq(world, demo());
                        assert!(!cjk || !row.contains(unsure), "{}: {row}", told());
                    }
                    // The last Enter would store it in a workspace that other tests look at.
                    if step != "brief" {
                        stage.keys("Enter");
                    }
                }
            }
        }
    }
}

#[test]
fn answers_are_shown_kept_and_stored_as_one_step() {
    let world = own("checkin-answers.db");
    let mut stage = Stage::open(&world, (80, 24), PLAIN);
    let before = rows(&stage.draw());
    stage.keys("c Enter Enter o z a text:Ask_Sol_due:fri_@sol_! Enter n text:a_pause Enter");
    shoot_stage("checkin-exceptions-answered", &mut stage);
    shoot_stage("checkin-tasks-answered", stage.keys("Enter d w - > text:+7d Enter"));
    // Left and taken up again, nothing is lost and nothing is stored.
    stage.keys("Esc");
    assert_eq!(rows(&stage.draw())[..22], before[..22]);
    stage.keys("c Enter Enter Enter Enter Space");
    shoot_stage("checkin-focus-answered", &mut stage);
    shoot_stage("checkin-brief-answered", stage.keys("Enter"));
    let preview = stage.keys("y").handed_out.pop().unwrap();
    shoot_stage("checkin-stored", stage.keys("Enter"));
    assert_eq!(stage.keys("y").handed_out.pop().unwrap(), preview, "what was shown is what is stored");
    shoot_stage("brief-older", stage.keys(","));
    assert_eq!(stage.keys("x").handed_out.pop().unwrap(), format!("{preview}\n"));
    let shown = rows(&stage.keys("Esc").draw()).join("\n");
    assert!(shown.contains("1 put off") && !shown.contains("Send the late invoice"), "{shown}");
    stage.keys("u");
    assert_eq!(rows(&stage.draw())[..22], before[..22]);
}

#[test]
fn a_typed_number_is_stored_when_its_step_is_left_as_a_step_of_its_own() {
    let world = own("checkin-numbers.db");
    {
        let number = |metric: &str, day: &str| TypedNumber {
            metric: metric.to_owned(),
            day: Day::parse(day).unwrap(),
            value: "40".to_owned(),
            channel: None,
        };
        let before = vec![number("leaflets", "2026-06-09"), number("visits", "2026-06-08")];
        world.lock().unwrap().run(&Command::Log(before), &mut |_| ControlFlow::Continue(())).unwrap();
    }
    let mut stage = Stage::open(&world, (80, 24), PLAIN);
    stage.keys("c Enter text:12 Backspace text:3");
    shoot_stage("checkin-numbers-typing", &mut stage);
    stage.keys(". . Enter");
    assert!(rows(&stage.draw())[22].contains("is no number"), "{:?}", rows(&stage.draw())[22]);
    // After digits to the next number; an empty field ends the step.
    stage.keys("Backspace Backspace Enter Enter Backspace");
    shoot_stage("checkin-numbers-stored", &mut stage);
    stage.keys("Enter Enter Enter Enter Enter");
    assert!(rows(&stage.draw())[22].contains("stored"), "{:?}", rows(&stage.draw())[22]);
    stage.keys("Esc u u c Enter");
    assert!(rows(&stage.draw())[3].contains("2 to type"), "the number is taken back after the check-in");
}
