//! The items of a period, and the first week of one.

mod report;

pub(super) use report::report;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::domain::calendar::Span;
use crate::domain::roles::EventRole;
use crate::metrics::content::{Act, Credit, Deed, Earned, Journey, Pick, Reach, credit, reach};
use crate::metrics::number::Number;
use crate::query::{ContentLack, ContentNumbers, ContentQuery, ContentRecord, ContentRow, ContentTable, Segment};

use super::acts::{self, Acts};
use super::ask::{Ask, metric};
use super::by_content::{count, credited, in_time};
use super::by_role::names_of;
use super::view::View;
use super::{EngineError, series};

const ALL_ACTS: [Act; 4] = [Act::View, Act::Complete, Act::Engage, Act::Share];

/// What can be told in this workspace.
#[expect(clippy::struct_excessive_bools, reason = "each can be told or not by itself")]
#[derive(Clone, Copy)]
struct Tells {
    views: bool,
    completes: bool,
    engages: bool,
    shares: bool,
    signups: bool,
    money: bool,
}

impl Tells {
    /// Numbers of one item or of all, with those that cannot be told left out.
    fn numbers(self, reach: &Reach, first: Earned, last: Earned, on_time: Number) -> ContentNumbers {
        let of = |known: bool, number: Number| if known { number } else { Number::None };
        let (signups, money) = (self.views && self.signups, self.views && self.money);
        ContentNumbers {
            views: of(self.views, count(reach.views)),
            uniques: of(self.views, count(reach.uniques)),
            completion: of(self.views && self.completes, reach.completion()),
            engagement: of(self.views && self.engages, reach.engagement()),
            shares: of(self.shares, count(reach.shares)),
            sharers: of(self.shares, count(reach.sharers)),
            signups_first: of(signups, count(first.signups)),
            signups_last: of(signups, count(last.signups)),
            revenue_first: of(money, Number::Money(first.net)),
            revenue_last: of(money, Number::Money(last.net)),
            on_time,
        }
    }
}

/// What the items of a period brought, by item.
struct Books {
    tells: Tells,
    first: Credit,
    last: Credit,
}

fn books(view: &mut View, query: &ContentQuery, acts: &Acts) -> Result<Books, EngineError> {
    let (tells, journeys) = gains(view, &query.segment, acts, &[query.span])?;
    let of = |pick| credit(journeys.values(), pick, 1).pop().unwrap_or_default();
    Ok(Books { tells, first: of(Pick::First), last: of(Pick::Last) })
}

/// What users viewed, and what they brought in some buckets.
fn gains(
    view: &mut View,
    segment: &Segment,
    acts: &Acts,
    buckets: &[Span],
) -> Result<(Tells, FxHashMap<u32, Journey>), EngineError> {
    let mut journeys: FxHashMap<u32, Journey> = acts.journeys();
    let signups = acts::signups(view, segment, buckets, &mut journeys)?;
    let ask = Ask::of(metric("content_revenue_last")?, segment);
    let money = ask.is_defined() && acts::money(view, &ask, buckets, &mut journeys)?;
    let tells = Tells {
        views: acts.tells(view, Act::View)?,
        completes: acts.tells(view, Act::Complete)?,
        engages: acts.tells(view, Act::Engage)?,
        shares: acts.tells(view, Act::Share)?,
        signups,
        money,
    };
    Ok((tells, journeys))
}

/// Answers `Query::Content`.
pub(super) fn table(view: &mut View, query: &ContentQuery) -> Result<ContentTable, EngineError> {
    let period = [query.span];
    let span = acts::up_to(view, &period)?;
    let acts = Acts::read(view, &query.segment, &ALL_ACTS, span)?;
    let books = books(view, query, &acts)?;
    let (records, known) = (view.items()?, view.items_known()?);
    let on_time = |of: &mut dyn Iterator<Item = &ContentRecord>| {
        known.and_then(|known| in_time(of, known, &period).pop()).unwrap_or(Number::None)
    };
    let total_on_time = on_time(&mut records.values());
    let mut by_item: BTreeMap<u32, Vec<Deed>> = BTreeMap::new();
    for (deed, _) in acts.deeds.iter().filter(|(deed, _)| query.span.contains(deed.day)) {
        by_item.entry(deed.item).or_default().push(*deed);
    }
    let mut items = Vec::new();
    for (item, id, record) in listed(&acts, &books, &by_item, (records, query.span)) {
        let deeds = id.and_then(|id| by_item.get(&id)).map_or(&[][..], Vec::as_slice);
        let of = |credit: &Credit| id.map_or_else(Earned::default, |id| earned(credit, Some(id)));
        let reach = reach(deeds, &period).pop().unwrap_or_default();
        let on_time = on_time(&mut record.iter());
        let numbers = books.tells.numbers(&reach, of(&books.first), of(&books.last), on_time);
        items.push(ContentRow { item, record, numbers });
    }
    items.sort_by(|a, b| views(b).cmp(&views(a)).then_with(|| a.item.cmp(&b.item)));
    let whole = reach(by_item.values().flatten(), &period).pop().unwrap_or_default();
    let numbers = |first, last| books.tells.numbers(&whole, first, last, total_on_time);
    let rest = numbers(earned(&books.first, None), earned(&books.last, None));
    Ok(ContentTable {
        items,
        total: numbers(credited(&books.first), credited(&books.last)),
        uncredited: ContentNumbers {
            signups_first: rest.signups_first,
            signups_last: rest.signups_last,
            revenue_first: rest.revenue_first,
            revenue_last: rest.revenue_last,
            ..ContentNumbers::NONE
        },
        lacks: lack(view, books.tells)?,
        excluded: if books.tells.money {
            series::excluded(view, metric("content_revenue_last")?, query.span)?
        } else {
            0
        },
    })
}

fn earned(credit: &Credit, item: Option<u32>) -> Earned {
    credit.get(&item).copied().unwrap_or_default()
}

/// Items that have to do with a period, with their id where events name them and their record where there is one.
fn listed(
    acts: &Acts,
    books: &Books,
    by_item: &BTreeMap<u32, Vec<Deed>>,
    (mut records, period): (BTreeMap<String, ContentRecord>, Span),
) -> Vec<(String, Option<u32>, Option<ContentRecord>)> {
    let mut rows = Vec::new();
    for (id, item) in acts.items.iter().enumerate() {
        let (id, record) = (id as u32, records.remove(item));
        let brought = [&books.first, &books.last].into_iter().any(|credit| credit.contains_key(&Some(id)));
        if brought || by_item.contains_key(&id) || record.as_ref().is_some_and(|r| belongs(r, period)) {
            rows.push((item.clone(), Some(id), record));
        }
    }
    let others = records.into_iter().filter(|(_, record)| belongs(record, period));
    rows.extend(others.map(|(item, record)| (item, None, Some(record))));
    rows
}

fn views(row: &ContentRow) -> i128 {
    if let Number::Count(n) = row.numbers.views { n } else { 0 }
}

/// Whether a record has to do with a period: it was planned or published in it, or is planned for no day yet.
fn belongs(record: &ContentRecord, period: Span) -> bool {
    let days = [record.planned, record.published];
    days.iter().all(Option::is_none) || days.into_iter().flatten().any(|day| period.contains(day))
}

fn lack(view: &mut View, tells: Tells) -> Result<Option<ContentLack>, EngineError> {
    if tells.views {
        return Ok(None);
    }
    let named = !names_of(view, &[EventRole::View])?.is_empty();
    Ok(Some(if named { ContentLack::Property } else { ContentLack::Views }))
}
