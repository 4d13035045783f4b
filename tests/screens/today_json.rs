//! Today on the screen and `brief --format json` of the command line say the same, number by number.

use std::process::Command;

use quarterdeck::app::screens::plans::words;
use quarterdeck::query::Unit;
use quarterdeck::ui::{amount, format};
use serde_json::Value;

use crate::picture::rows;
use crate::stage::{PLAIN, Stage};
use crate::worlds::{demo, demo_path};

fn object() -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quarterdeck"));
    let done = command
        .args(["brief", "--format", "json", "--today", "2026-06-11", "--db"])
        .arg(demo_path())
        .env("TZ", "UTC")
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

fn unit(word: &Value) -> Unit {
    match word.as_str().unwrap() {
        "users" => Unit::Users,
        "orders" => Unit::Orders,
        "count" => Unit::Events,
        "money" => Unit::Money,
        "money_per" => Unit::MoneyPer,
        "events_per" => Unit::EventsPer,
        "rate" => Unit::Rate,
        "times" => Unit::Times,
        other => panic!("no unit {other}"),
    }
}

/// A value as screens hold it: money in micros.
fn held(value: &Value, unit: Unit) -> Option<f64> {
    let scale = if matches!(unit, Unit::Money | Unit::MoneyPer) { 1e6 } else { 1.0 };
    value.as_f64().map(|value| value * scale)
}

fn row<'r>(rows: &'r [String], id: &str) -> &'r str {
    rows.iter().find(|row| row.contains(id)).unwrap_or_else(|| panic!("no {id} in\n{}", rows.join("\n")))
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect()
}

#[test]
fn every_number_of_today_is_that_of_the_brief() {
    let mut stage = Stage::open(demo(), (120, 60), PLAIN);
    let drawn = rows(&stage.draw());
    let told = object();

    for primary in told["primaries"].as_array().unwrap() {
        let unit = unit(&primary["unit"]);
        let value = |name: &str| amount::brief(held(&primary[name], unit), unit);
        let target = format!("{}/{}", value("actual"), value("target"));
        let shown = row(&drawn, &target);
        let label = primary["label"].as_str().unwrap();
        assert!(shown.contains(label) && shown.contains(primary["standing"].as_str().unwrap()), "{shown}");
        let pace = primary["pace"].as_f64().map(|pace| format!("x{}", format::fixed(pace, 2)));
        assert!(pace.is_none_or(|pace| shown.contains(&pace)), "{shown}");
        if let Some(lead) = primary["lead_days"].as_f64() {
            assert!(shown.contains(&format!("{}d", format::signed(lead, u32::from(lead.abs() < 9.95)))), "{shown}");
        }
        if primary["forecast"].is_f64() {
            let hit = words::hit(primary["p_hit"].as_f64());
            assert!(shown.contains(&format!(" {} ", value("forecast"))) && shown.contains(&hit), "{shown}");
        }
    }

    for (at, cause) in (1..).zip(told["causes"].as_array().unwrap()) {
        let unit = unit(&cause["unit"]);
        let shown = row(&drawn, &format!("{at} {} ", cause["label"].as_str().unwrap()));
        let values = [held(&cause["actual"], unit), held(&cause["usual"], unit)].map(|v| amount::brief(v, unit));
        let missing = cause["actual"].is_null();
        let wanted = if missing { "no data".to_owned() } else { values.join(" vs ") };
        assert!(shown.contains(&wanted), "{wanted}: {shown}");
        if let (Some(effect), "money") = (cause["effect"].as_f64(), cause["effect_unit"].as_str().unwrap_or_default()) {
            assert!(shown.contains(&words::signed(Some(effect * 1e6), Unit::Money)), "{effect}: {shown}");
        }
    }

    let work = &told["work"];
    let counts = format!("{} due  {} overdue  {} blocked", work["due"], work["overdue"], work["blocked"]);
    row(&drawn, &counts);
    for task in work["tasks"].as_array().unwrap() {
        row(&drawn, task["title"].as_str().unwrap());
    }
    for lamp in told["lamps"].as_array().unwrap() {
        let shown = row(&drawn, &format!("{:6} ", lamp["name"].as_str().unwrap()));
        assert!(shown.contains(lamp["state"].as_str().unwrap()), "{shown}");
    }
    row(&drawn, &format!("{}/{}", told["matrix"]["covered"], told["matrix"]["of"]));
    row(&drawn, &format!("feedback {} new", told["feedback"]["new"]));
    let old = told["sources"].as_array().unwrap().iter().filter(|source| source["stale_days"].is_i64());
    for source in old {
        row(&drawn, &format!("{} {}d", source["name"].as_str().unwrap(), source["stale_days"]));
    }

    let page = rows(&stage.keys("b").draw());
    for line in texts(&told["text"]) {
        row(&page, line);
    }
}
