//! Money by stream and a head, deals with partners, and what advertising costs in retention.

use crate::domain::records::Kind;
use crate::metrics::number::Number;
use crate::query::{DEAL_STAGES, DealsQuery, Figure, Finding, Narrow, Scope, SectionRow, SectionTable, Split, Value};

use super::super::ask::{Ask, metric};
use super::super::view::View;
use super::super::{EngineError, deal_rows, deals, series, typed};
use super::{WEEKS, before, last_weeks, market, now, rise, row};

/// Columns of the streams.
const MONEY: [&str; 5] = ["net", "gross", "refunds", "orders", "payers"];
/// Change of a stream from which it is told.
const MOVED: f64 = 0.1;

/// Streams by net revenue, the largest first.
pub(super) fn streams(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let names: Vec<String> = series::parts(view, &Ask::of(metric("net")?, &scope.segment), Split::Stream)?
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let mut rows = Vec::new();
    for name in names {
        let narrow = Narrow { stream: Some(name.clone()), ..Narrow::default() };
        let row = row(view, &name, narrow, (&MONEY, scope))?;
        let any = [now(&row, 0), before(&row, 0), now(&row, 1)];
        if any.iter().any(|n| n.value().is_some_and(|v| v != 0.0)) {
            rows.push(row);
        }
    }
    rows.sort_by(|a, b| {
        let of = |row: &SectionRow| now(row, 0).value().unwrap_or(f64::NEG_INFINITY);
        of(b).total_cmp(&of(a)).then_with(|| a.name.cmp(&b.name))
    });
    let moved = |row: &&SectionRow| rise(now(row, 0), before(row, 0)).is_some_and(|rise| rise.abs() >= MOVED);
    let by = |row: &SectionRow| (now(row, 0).value().unwrap_or(0.0) - before(row, 0).value().unwrap_or(0.0)).abs();
    let most = rows.iter().filter(moved).max_by(|a, b| by(a).total_cmp(&by(b)));
    let findings = most
        .map(|row| Finding::StreamMoved { stream: row.name.clone(), net: (before(row, 0), now(row, 0)) })
        .into_iter()
        .collect();
    let total = row(view, "total", Narrow::default(), (&MONEY, scope))?;
    let nothing = rows.is_empty();
    Ok(SectionTable {
        rows,
        span: total.figures[0].value().and_then(|value| value.span),
        // Daily totals alone have no streams.
        total: (!nothing || now(&total, 0) != Number::None).then_some(total),
        lacks: nothing.then_some("revenue: order, time, amount and a stream"),
        findings,
        ..SectionTable::default()
    })
}

/// Payers, ARPU and their kin.
pub(super) fn per_head(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    const IDS: [(&str, &str); 5] = [
        ("payers", "payers"),
        ("active users", "active_users"),
        ("ARPU", "arpu"),
        ("ARPPU", "arppu"),
        ("paid rate", "paid_rate"),
    ];
    let mut rows = Vec::new();
    for (name, id) in IDS {
        rows.push(row(view, name, Narrow::default(), (&[id], scope))?);
    }
    let nothing = rows.iter().all(|row| now(row, 0) == Number::None);
    Ok(SectionTable {
        rows: if nothing { Vec::new() } else { rows },
        lacks: nothing.then_some("revenue with a user"),
        ..SectionTable::default()
    })
}

/// Place of a stage in the pipeline: words of one's own come before the end without money.
fn place_of(stage: &str) -> usize {
    let last = DEAL_STAGES.len() - 1;
    let usual = DEAL_STAGES.iter().position(|one| one.eq_ignore_ascii_case(stage));
    usual.map_or(last, |at| if at == last { at + 1 } else { at })
}

/// Deals by stage, with what they come to below.
pub(super) fn pipeline(view: &mut View) -> Result<SectionTable, EngineError> {
    let found = deals::answer(view, &DealsQuery { stages: Vec::new(), won: Vec::new(), at: None })?;
    let all = found.standing.all.deals;
    let row = |name: &str, pile: crate::query::Pile| SectionRow {
        name: name.to_owned(),
        narrow: Narrow::default(),
        figures: vec![
            Figure::count(pile.deals),
            Figure::plain(Number::ratio(pile.deals.into(), all.into())),
            Figure::plain(Number::Money(pile.value)),
        ],
    };
    let mut stages: Vec<_> = found.stages.iter().filter(|stage| stage.pile.deals > 0).collect();
    stages.sort_by_key(|stage| (place_of(&stage.name), std::cmp::Reverse(stage.pile.deals)));
    let mut findings = Vec::new();
    if found.standing.overdue.deals > 0 {
        findings.push(Finding::Overdue { deals: found.standing.overdue.deals, value: found.standing.overdue.value });
    }
    if found.standing.barter.value != 0 {
        findings.push(Finding::BarterOpen(found.standing.barter.value));
    }
    Ok(SectionTable {
        rows: stages.iter().map(|stage| row(&stage.name, stage.pile)).collect(),
        total: (all > 0).then(|| row("all", found.standing.all)),
        partial: (all > 0).then(|| row("won", found.standing.won)),
        lacks: (all == 0).then_some("deals: partner, kind, stage, value, due, received"),
        findings,
        ..SectionTable::default()
    })
}

/// Deals one by one, the next due first and those that came last.
pub(super) fn deals(view: &mut View) -> Result<SectionTable, EngineError> {
    let found = deal_rows::read(view.store)?;
    let (rates, at) = (view.cache.rates(view.store)?, view.until);
    let mut all: Vec<_> = found.iter().zip(typed::stored(view.store, Kind::Deals)?).collect();
    all.sort_by_key(|(deal, _)| (deal.received.is_some(), deal.due.is_none(), deal.due));
    let row = |deal: &deal_rows::Stored| {
        let due = deal.deal((*rates).as_ref(), at).0;
        let value = due.value.map_or(Number::None, |micros| Number::Money(micros.into()));
        SectionRow {
            name: deal.partner.clone(),
            narrow: Narrow::default(),
            figures: vec![
                Figure::Word(deal.kind.clone()),
                Figure::Word(deal.stage.clone()),
                Figure::plain(value),
                // What came is late no more.
                if due.received.is_some() { Figure::Blank } else { Figure::Day(due.due) },
                Figure::Day(due.received),
            ],
        }
    };
    Ok(SectionTable {
        rows: all.iter().map(|(deal, _)| row(deal)).collect(),
        records: all.into_iter().map(|(_, typed)| typed).collect(),
        ..SectionTable::default()
    })
}

/// What partners of won deals owe, the longest due first.
pub(super) fn receivables(view: &mut View) -> Result<SectionTable, EngineError> {
    let through = view.through_at()?.map_or(view.today.plus(-1), |at| view.calendar.day_of(at).plus(-1));
    let owed = deals::owed(view, through.min(view.until))?;
    let row = |one: &deals::Owed| {
        let value = one.value.map_or(Number::None, |micros| Number::Money(micros.into()));
        let kind = if one.barter { "barter" } else { "money" };
        SectionRow {
            name: one.partner.clone(),
            narrow: Narrow::default(),
            figures: vec![Figure::Word(kind.to_owned()), Figure::plain(value), Figure::Day(one.due)],
        }
    };
    let sum =
        |barter: bool| owed.iter().filter(|one| one.barter == barter).filter_map(|one| one.value).map(i128::from).sum();
    let total = |name: &str, micros: i128| SectionRow {
        name: name.to_owned(),
        narrow: Narrow::default(),
        figures: vec![Figure::Blank, Figure::Value(Value::plain(Number::Money(micros))), Figure::Blank],
    };
    let any = !owed.is_empty();
    Ok(SectionTable {
        rows: owed.iter().map(row).collect(),
        total: any.then(|| total("owed in money", sum(false))),
        partial: any.then(|| total("owed in kind", sum(true))),
        ..SectionTable::default()
    })
}

/// Ad load and fill beside D7, week by week; no cause is shown.
pub(super) fn ad_load(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    const IDS: [&str; 3] = ["ad_load", "ad_fill", "d7"];
    let weeks = last_weeks(view, scope, WEEKS)?;
    market::by_week(view, scope, (&IDS, 2, &weeks), "events of the role ad_impression")
}
