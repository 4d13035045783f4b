//! What a tab tells by itself, each with its evidence and the place that tells more.

use crate::domain::plans::{OpType, PlanStatus};
use crate::query::{Finding, Headline, PlanBoard};
use crate::ui::format::{self, MoneyStyle};
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::{dates, verdict::Verdict};

use super::super::super::number;
use super::super::super::view::Env;
use super::headline;

const COLUMNS: &[Column] = &[Column::new("", Align::Left(1), 78).compact(Align::Left(1))];

/// Fewer new and resurrected users for each dormant one than this is a leak, than the second in doubt (planning.md §1.5).
const QUICK: (f64, f64) = (1.0, 1.2);

/// One line: how bad it is and what is seen.
struct Line {
    verdict: Verdict,
    text: String,
}

fn bad(text: String) -> Line {
    Line { verdict: Verdict::Off, text }
}

fn doubt(text: String) -> Line {
    Line { verdict: Verdict::Risk, text }
}

/// The lines as a table, the worst first.
pub fn table<'f>(
    found: impl Iterator<Item = &'f Finding>,
    (numbers, board): (&[Headline], Option<&PlanBoard>),
    op: OpType,
    env: &Env<'_>,
) -> Table {
    let mut lines: Vec<Line> = found.map(|finding| told(finding, env)).collect();
    lines.extend(numbers.iter().filter_map(|one| headline::unusual(one, env)).map(bad));
    lines.extend(of_plans(board, op));
    lines.extend(stale(numbers, env));
    lines.extend(missing(numbers).into_iter().map(|text| Line { verdict: Verdict::NoData, text }));
    lines.sort_by_key(|line| line.verdict.sign() != Verdict::Off.sign());
    let row = |(at, line): (usize, &Line)| Row {
        id: at.to_string(),
        cells: vec![Cell::text(format!("{} {}", line.verdict.sign(), line.text)).role(line.verdict.role())],
    };
    Table {
        title: "DIAGNOSTICS".to_owned(),
        columns: COLUMNS,
        rows: lines.iter().enumerate().map(row).collect(),
        empty: "nothing stands out in what is measured here".to_owned(),
        ..Table::default()
    }
}

/// What the numbers without a value need, once for all that need the same.
fn missing(numbers: &[Headline]) -> Vec<String> {
    let mut needs: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in numbers {
        let Some(needed) = one.needs else { continue };
        let name = number::name(&one.number);
        match needs.iter_mut().find(|(known, _)| *known == needed) {
            Some((_, names)) => names.push(name),
            None => needs.push((needed, vec![name])),
        }
    }
    // How to set what names mean is said on the screen that the table points to.
    let short = |needed: &str| {
        let first = needed.split("; ").next().unwrap_or_default();
        first.split(", such as ").next().unwrap_or_default().to_owned()
    };
    let told = |(needed, names): &(&str, Vec<&str>)| format!("{}: needs {}", names.join(", "), short(needed));
    needs.iter().map(told).collect()
}

/// What the gauges of running plans of the type tell.
fn of_plans(board: Option<&PlanBoard>, op: OpType) -> Vec<Line> {
    let running = |row: &&crate::query::PlanRow| row.plan.op_type == op && row.status == PlanStatus::Running;
    let plans = board.into_iter().flat_map(|board| board.plans.iter().filter(running));
    plans
        .filter(|row| !row.readings.is_empty())
        .map(|row| {
            let words: Vec<&str> = row.readings.iter().map(|reading| reading.text()).collect();
            doubt(format!("{}: {}", row.plan.name(), words.join("; ")))
        })
        .collect()
}

/// A source that feeds the headline and is late.
fn stale(numbers: &[Headline], env: &Env<'_>) -> Option<Line> {
    numbers.iter().find(|one| one.number.stale)?;
    let (name, days) = env.status?.stale.first()?;
    let text = format!("{name} has no row for {}: its numbers stop there   # Data", dates::age(*days));
    Some(Line { verdict: Verdict::Stale, text })
}

fn told(finding: &Finding, env: &Env<'_>) -> Line {
    let pair = |(before, now): &(crate::query::Number, crate::query::Number)| {
        format!("{} > {}", format::number(*before), format::number(*now))
    };
    let change = |(before, now): &(crate::query::Number, crate::query::Number)| format::delta(*now, *before, false);
    let money = |micros: i128| MoneyStyle::WHOLE.full(micros);
    match finding {
        Finding::CheapButLost { channel, cac, kept } => bad(format!(
            "{channel}: CAC {} looks fine, cost per kept user {} ({})",
            change(cac),
            change(kept),
            pair(kept)
        )),
        Finding::LargestChannel { channel, share } => {
            doubt(format!("{channel} brings {} of new users (limit 60%)", format::percent(*share)))
        }
        Finding::WorstStep { step, rate } => {
            bad(format!("step {step} fell most: {} of the step before ({})", pair(rate), change(rate)))
        }
        Finding::FeatureKeeps { event, with, without } => doubt(format!(
            "{event}: D7 {} of new users who tried it, {} of the others; no cause is shown",
            format::number(*with),
            format::number(*without)
        )),
        Finding::QuickRatio(ratio) => {
            let value = ratio.value().unwrap_or(0.0);
            let text = format!("new and resurrected over dormant: quick ratio {}", format::fixed(value, 2));
            let verdict = match value {
                v if v < QUICK.0 => Verdict::Off,
                v if v < QUICK.1 => Verdict::Risk,
                _ => Verdict::Ok,
            };
            Line { verdict, text }
        }
        Finding::Slipping { users, came } => doubt(format!(
            "{} payers slip away (at risk, cannot lose), {} of them since a week; x saves the list",
            format::count(*users),
            format::count(*came)
        )),
        Finding::CampaignLoss { plan, roi } => {
            bad(format!("{plan}: ROI {}: what participants paid is less than it cost", format::number(*roi)))
        }
        Finding::CampaignFades { plan, kept } => {
            bad(format!("{plan}: D7 of participants {}, lower than in the round before", pair(kept)))
        }
        Finding::DearClicks { campaign, cost, all } => doubt(format!(
            "{campaign}: a click costs {}, {} in all campaigns",
            format::number(*cost),
            format::number(*all)
        )),
        Finding::Clickbait { item, views, completion, all } => bad(format!(
            "{item}: {} views, {} finish, {} of all items: it promises more",
            format::number(*views),
            format::number(*completion),
            format::number(*all)
        )),
        Finding::LateItems { items, oldest } => bad(format!(
            "{} planned {} not published, the oldest since {}",
            format::count(*items),
            if *items == 1 { "item is" } else { "items are" },
            dates::weekday(*oldest, env.today)
        )),
        Finding::StreamMoved { stream, net } => {
            let fell = net.1.value() < net.0.value();
            let text = format!("{stream} moved most: {} ({})", pair(net), change(net));
            Line { verdict: if fell { Verdict::Risk } else { Verdict::Ok }, text }
        }
        Finding::Overdue { deals, value } => bad(format!(
            "{} {} overdue, {} in all",
            format::count(*deals),
            if *deals == 1 { "deal is" } else { "deals are" },
            money(*value)
        )),
        Finding::BarterOpen(value) => doubt(format!("barter given and not returned: {}", money(*value))),
    }
}
