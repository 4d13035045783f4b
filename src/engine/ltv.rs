//! Realised lifetime value of cohorts.

use crate::domain::calendar::Span;
use crate::metrics::catalog::Feed;
use crate::metrics::ltv::{self, Ages, Customer, Rules};
use crate::query::{LtvAges, LtvQuery, LtvTable};

use super::EngineError;
use super::ask::{buckets, people_only};
use super::view::View;

/// Days of age, and buckets, that a column may lie after the first.
const MOST_AGE: u16 = 3_660;

/// Answers `Query::Ltv`.
pub(super) fn answer(view: &mut View, query: &LtvQuery) -> Result<LtvTable, EngineError> {
    check(&query.ages)?;
    people_only(&query.segment, "value")?;
    buckets(view.calendar, query.span, Some(query.grain))?;
    let who = view.who(&query.segment, None)?;
    let days = view.user_days(&who.lens)?;
    let purses = view.purses()?;
    let rules = Rules {
        calendar: view.calendar,
        grain: query.grain,
        span: query.span,
        ages: match &query.ages {
            LtvAges::Days(days) => Ages::Days(days),
            LtvAges::Buckets(n) => Ages::Buckets(*n),
        },
        horizon: view.extent(Feed::ActivityAndMoney)?.horizon,
    };
    let audience = who.audience(&days, view.until);
    let customer = |acquired, user| Customer { acquired, payments: purses.of(user) };
    let customers = audience.came().flat_map(|(day, users)| users.map(move |user| customer(day, user)));
    let cohorts = ltv::table(customers, &rules);
    let columns = cohorts.first().map_or(0, |c| c.cells.len());
    Ok(LtvTable {
        ages: query.ages.clone(),
        among: query.among,
        overall: (0..columns).map(|column| ltv::overall(&cohorts, column, query.among)).collect(),
        cohorts,
        excluded: foreign(view, Span { first: query.span.first, last: view.until })?,
    })
}

fn check(ages: &LtvAges) -> Result<(), EngineError> {
    let why = match ages {
        LtvAges::Days(days) if days.is_empty() => "value needs at least one day of age".to_owned(),
        LtvAges::Days(days) if !days.is_sorted_by(|a, b| a < b) => {
            "days of age stand in ascending order, each once: 7,30,90,180".to_owned()
        }
        LtvAges::Days(days) if days.last().is_some_and(|day| *day > MOST_AGE) => {
            format!("an age is at most {MOST_AGE} days")
        }
        LtvAges::Buckets(n) if *n > MOST_AGE => format!("an age is at most {MOST_AGE} intervals"),
        _ => return Ok(()),
    };
    Err(EngineError::Usage(why))
}

/// Money rows of a span that have no rate.
pub(super) fn foreign(view: &mut View, span: Span) -> Result<u64, EngineError> {
    let until = view.until;
    Ok(view.ledger()?.foreign.iter().filter(|(day, _)| span.contains(*day) && *day <= until).count() as u64)
}
