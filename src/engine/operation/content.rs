//! What is published and what it brings, and what is still to come.

use std::collections::BTreeMap;

use crate::domain::digits::grouped;
use crate::domain::records::Kind;
use crate::metrics::catalog::Feed;
use crate::metrics::number::Number;
use crate::query::{
    ContentNumbers, ContentQuery, ContentRow, ContentTable, Figure, Finding, Narrow, Scope, SectionRow, SectionTable,
    TypedRow, Value,
};

use super::super::view::View;
use super::super::{EngineError, content, series, typed};

/// Views below the mean of all items by this factor are too few to judge an item.
const SEEN: f64 = 1.0;
/// Share of the pooled completion below which an item promises more than it holds.
const UNFINISHED: f64 = 0.6;

/// Columns of the items, each a metric of the same name in the total.
const IDS: [&str; 7] = [
    "content_views",
    "content_uniques",
    "content_completion",
    "content_engagement",
    "content_shares",
    "content_signups_last",
    "content_revenue_last",
];

fn table(view: &mut View, scope: &Scope) -> Result<(ContentTable, crate::domain::calendar::Span), EngineError> {
    let through = view.through_at()?.map_or(view.today, |at| view.calendar.day_of(at).plus(-1));
    let reach = view.extent(Feed::Events)?.horizon.through;
    let last = if reach > scope.period.first { through.min(reach) } else { through };
    let span = series::periods(scope.period, scope.comparison, last).now;
    let query = ContentQuery { span, segment: scope.segment.clone() };
    Ok((content::table(view, &query)?, span))
}

fn columns(numbers: &ContentNumbers) -> [Number; 7] {
    [
        numbers.views,
        numbers.uniques,
        numbers.completion,
        numbers.engagement,
        numbers.shares,
        numbers.signups_last,
        numbers.revenue_last,
    ]
}

fn title(row: &ContentRow) -> String {
    row.record.as_ref().and_then(|record| record.title.clone()).unwrap_or_else(|| row.item.clone())
}

/// Items with views in the period, the most viewed first.
pub(super) fn items(view: &mut View, scope: &Scope) -> Result<SectionTable, EngineError> {
    let (found, span) = table(view, scope)?;
    let viewed = |row: &&ContentRow| row.numbers.views.value().is_some_and(|views| views > 0.0);
    let row = |item: &ContentRow| SectionRow {
        name: title(item),
        narrow: Narrow::default(),
        figures: columns(&item.numbers).into_iter().map(Figure::plain).collect(),
    };
    let rows: Vec<SectionRow> = found.items.iter().filter(viewed).map(row).collect();
    let known = typed::items(view.store)?;
    let records = found.items.iter().filter(viewed).map(|item| typed_item(&known, &item.item)).collect();
    let total = |id: &'static str, now: Number| {
        Figure::Value(Value { metric: Some(id), span: Some(span), ..Value::plain(now) })
    };
    let figures = IDS.into_iter().zip(columns(&found.total)).map(|(id, now)| total(id, now)).collect();
    let nothing = rows.is_empty();
    let findings = unfinished(&found, rows.len()).into_iter().collect();
    Ok(SectionTable {
        total: (!nothing).then(|| SectionRow {
            name: if rows.len() == 1 {
                "1 item".to_owned()
            } else {
                format!("{} items", grouped(&rows.len().to_string()))
            },
            narrow: Narrow::default(),
            figures,
        }),
        rows,
        span: Some(span),
        lacks: nothing.then_some("events of the role view with a property content"),
        findings,
        records,
        ..SectionTable::default()
    })
}

/// The record of an item as it is typed; one that only events name has none yet.
fn typed_item(known: &BTreeMap<String, TypedRow>, id: &str) -> TypedRow {
    known.get(id).cloned().unwrap_or_else(|| TypedRow::blank(Kind::Content).with("id", id))
}

/// The most viewed item that far fewer finish than others.
fn unfinished(found: &ContentTable, items: usize) -> Option<Finding> {
    let mean = found.total.views.value()? / items.max(1) as f64;
    let all = found.total.completion.value()?;
    let item = found.items.iter().find(|row| {
        let (views, done) = (row.numbers.views.value(), row.numbers.completion.value());
        views.is_some_and(|views| views >= SEEN * mean) && done.is_some_and(|done| done < UNFINISHED * all)
    })?;
    Some(Finding::Clickbait {
        item: title(item),
        views: item.numbers.views,
        completion: item.numbers.completion,
        all: found.total.completion,
    })
}

/// Items planned and not published, the earliest day first.
pub(super) fn queue(view: &mut View) -> Result<SectionTable, EngineError> {
    let (today, mut open) = (view.today, Vec::new());
    let records = view.items()?;
    let any = !records.is_empty();
    for (id, record) in records {
        if record.published.is_none() {
            open.push((record.planned, id, record));
        }
    }
    open.sort_by(|a, b| (a.0.is_none(), a.0, &a.1).cmp(&(b.0.is_none(), b.0, &b.1)));
    let late: Vec<_> = open.iter().filter_map(|(planned, ..)| planned.filter(|day| *day < today)).collect();
    let findings = late.first().map(|oldest| Finding::LateItems { items: late.len() as u64, oldest: *oldest });
    let row = |(planned, id, record): &(_, String, crate::query::ContentRecord)| SectionRow {
        name: record.title.clone().unwrap_or_else(|| id.clone()),
        narrow: Narrow::default(),
        figures: vec![
            Figure::Word(record.kind.clone().unwrap_or_default()),
            Figure::Word(record.author.clone().unwrap_or_default()),
            Figure::Day(*planned),
            Figure::Word(record.status.clone().unwrap_or_default()),
        ],
    };
    let known = typed::items(view.store)?;
    let records = open.iter().map(|(_, id, _)| typed_item(&known, id)).collect();
    Ok(SectionTable {
        rows: open.iter().map(row).collect(),
        lacks: (!any).then_some("content items: id, title, kind, author, planned day"),
        findings: findings.into_iter().collect(),
        records,
        ..SectionTable::default()
    })
}
