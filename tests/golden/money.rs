//! Tables of what users bring: lifetime value by cohort.

use quarterdeck::domain::calendar::Grain;
use quarterdeck::query::{Among, Answer, LtvAges, LtvQuery, Number, Query, Segment, State};

use super::Result;
use super::rules::Desk;
use super::table::Cells;

/// Cumulative net of each month's new users, by months.
pub fn ltv_month(desk: &mut Desk) -> Result<Cells> {
    let query = LtvQuery {
        span: desk.span()?,
        grain: Grain::Month,
        ages: LtvAges::Buckets(12),
        among: Among::Users,
        segment: Segment::default(),
    };
    let Answer::Ltv(table) = desk.answer(&Query::Ltv(query))? else { return Err("another answer".into()) };
    let mut cells = Cells::new();
    for cohort in &table.cohorts {
        let reached = cohort.cells.iter().enumerate().filter(|(_, cell)| cell.state != State::NotReached);
        for (n, cell) in reached {
            let row = cells.entry(vec![cohort.bucket.first.to_string(), n.to_string()]).or_default();
            row.insert("cohort_size", Number::Count(cohort.size.into()));
            row.insert("cum_net", Number::Money(cell.net));
            row.insert("cum_net_per_user", table.value(cohort, n));
        }
    }
    Ok(cells)
}
