//! Published expectations of other tools, as cases: each is imported as a file and asked for like a screen would.
//!
//! Cases come from `tests/fixtures/conformance` and from every folder named in `QUARTERDECK_CASES` (colon-separated), and
//! from the `planning` folder in each.
//! One line a case: `ok ID`, `FAIL ID expected .. got ..` or `unsupported ID parameter`. A case is only `ok` where all
//! that it expects was compared, and something was.

mod case;
mod checks;
mod compare;
mod credit;
mod credit_self_test;
mod funnel;
mod imports;
mod money;
mod planning;
mod planning_self_test;
mod retention;
mod self_test;
mod world;

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde_json::Value;

use case::Stop;

/// Cases of `tests/fixtures/conformance` that stand on what is built: they may neither fail nor be left out.
const BUILT: [&str; 89] = [
    "amp_24h_hour_truncation",
    "amp_calendar_week",
    "amp_rolling_week",
    "attr_five_models",
    "attr_same_second",
    "attr_shapes_6",
    "avg_weighted_vs_simple",
    "fun_entry_best",
    "fun_entry_first",
    "fun_repeat",
    "fun_strict",
    "fun_times",
    "fun_ttc_7",
    "fun_ttc_auto",
    "import_shopify_multi_line",
    "life_alias",
    "life_day_partial",
    "life_day_whole",
    "life_month",
    "ltv_mature",
    "plan_attainment",
    "plan_blame_nested",
    "plan_blame_product",
    "plan_blame_ratio",
    "plan_blame_to_date",
    "plan_blame_zero",
    "plan_closing",
    "plan_distribute_basic",
    "plan_distribute_june",
    "plan_eval_missing",
    "plan_eval_period_ratio",
    "plan_eval_revenue",
    "plan_eval_sum_other",
    "plan_forecast_autocorrelated",
    "plan_forecast_flow",
    "plan_forecast_level",
    "plan_forecast_ratio",
    "plan_forecast_short",
    "plan_gauges",
    "plan_mix_rate",
    "plan_pace_budget",
    "plan_pace_glide",
    "plan_pace_june",
    "plan_pace_linear",
    "plan_pace_phase",
    "plan_pace_rounds",
    "plan_propose_cap",
    "plan_propose_infeasible",
    "plan_propose_nested",
    "plan_propose_product",
    "plan_propose_ratio",
    "plan_propose_sum_share",
    "plan_propose_sum_weight",
    "plan_urgency_due",
    "plan_urgency_terms",
    "plan_weekday_index",
    "plan_xmr_outside",
    "plan_xmr_weekday",
    "ret_24h_calendar",
    "ret_24h_rolling",
    "ret_brackets_cohorts",
    "ret_brackets_day",
    "ret_breakdown_source",
    "ret_day_recurring",
    "ret_first_ever_day",
    "ret_first_ever_filter_excludes",
    "ret_first_time_matching_filter",
    "ret_first_time_start_filter",
    "ret_min2",
    "ret_month_recurring",
    "ret_on_or_after",
    "ret_on_or_after_no_double",
    "ret_return_filter",
    "ret_revenue_size",
    "ret_revenue_sum",
    "ret_tz_pacific",
    "ret_tz_utc",
    "ret_week_monday",
    "ret_week_sunday",
    "roas_currency",
    "rt_avg_21d",
    "rt_funnel_basic",
    "rt_funnel_zero",
    "stick_cumulative",
    "stick_exact2",
    "stick_gte2",
    "stick_lte1",
    "wau_by_week",
    "wau_rolling_day",
];

/// What came of a case.
#[derive(Debug, PartialEq)]
enum Verdict {
    Ok,
    Fail { expected: String, got: String },
    Unsupported(String),
}

#[test]
fn published_cases() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/conformance");
    let named = std::env::var("QUARTERDECK_CASES").unwrap_or_default();
    let more = named.split(':').filter(|f| !f.is_empty()).map(PathBuf::from);
    let (mut ok, mut failed, mut left) = (Vec::new(), Vec::new(), 0);
    // Straight to the stream, because the harness hides what a passing test prints.
    let mut out = std::io::stdout();
    let folders = std::iter::once(shipped).chain(more).flat_map(|folder| {
        let plans = Some(folder.join("planning")).filter(|plans| plans.is_dir());
        std::iter::once(folder).chain(plans)
    });
    for folder in folders {
        let files = files(&folder).unwrap_or_else(|error| {
            failed.push(format!("{}: {error}", folder.display()));
            Vec::new()
        });
        if files.is_empty() {
            writeln!(out, "IGNORED {}: no case in it", folder.display()).unwrap();
        }
        for path in files {
            let (id, verdict) = judged(&path);
            match verdict {
                Verdict::Ok => {
                    writeln!(out, "ok {id}").unwrap();
                    ok.push(id);
                }
                Verdict::Unsupported(what) => {
                    left += 1;
                    writeln!(out, "unsupported {id} {what}").unwrap();
                }
                Verdict::Fail { expected, got } => {
                    writeln!(out, "FAIL {id} expected {expected} got {got}").unwrap();
                    failed.push(id);
                }
            }
        }
    }
    writeln!(out, "conformance: {} ok, {} failed, {left} unsupported", ok.len(), failed.len()).unwrap();
    assert!(failed.is_empty(), "failed: {failed:#?}");
    let missing: Vec<_> = BUILT.iter().filter(|id| !ok.iter().any(|done| done == *id)).collect();
    assert!(missing.is_empty(), "no longer ok: {missing:?}");
}

/// The case files of a folder in order of name.
fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Id of the case in a file, and what came of it.
fn judged(path: &Path) -> (String, Verdict) {
    #[expect(clippy::disallowed_methods, reason = "a case is a file of the test, never a workspace")]
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string());
    match text.and_then(|t| serde_json::from_str::<Value>(&t).map_err(|e| e.to_string())) {
        Ok(case) => {
            let id = case["id"].as_str().map_or_else(|| path.display().to_string(), str::to_owned);
            (id, judge(&case))
        }
        Err(error) => (path.display().to_string(), Verdict::Fail { expected: "a case".into(), got: error }),
    }
}

fn judge(case: &Value) -> Verdict {
    let fail = |got: String| Verdict::Fail { expected: "an answer".into(), got };
    match catch_unwind(AssertUnwindSafe(|| checks::check(case))) {
        Ok(Ok(compared)) if compared.agrees() => Verdict::Ok,
        Ok(Ok(compared)) => Verdict::Fail { expected: compared.want.to_string(), got: compared.got.to_string() },
        Ok(Err(Stop::Unsupported(what))) => Verdict::Unsupported(what),
        Ok(Err(Stop::Failed(why))) => fail(why),
        Err(_) => fail("a panic".into()),
    }
}
