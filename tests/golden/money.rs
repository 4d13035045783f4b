//! Tables of what users bring: lifetime value by cohort, and users by recency, frequency and money.

use quarterdeck::domain::calendar::Grain;
use quarterdeck::query::{
    Among, Answer, Cut, LtvAges, LtvQuery, Number, Query, RfmQuery, RfmUser, Score, Segment, State,
};

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

/// Paying users of the whole history, seen on the day after its last row of money.
fn paying(desk: &mut Desk) -> Result<Vec<RfmUser>> {
    let query = RfmQuery { until: None, days: None, cut: Cut::Ntile, against: None, segment: Segment::default() };
    let Answer::Rfm(table) = desk.answer(&Query::Rfm(query))? else { return Err("another answer".into()) };
    Ok(table.users)
}

/// One row a user, by name.
pub fn rfm_users(desk: &mut Desk) -> Result<Cells> {
    let fifth = |score: u8| Number::Count(score.into());
    let row = |user: RfmUser| {
        let cells = [
            ("recency_days", Number::Count(user.recency_days.into())),
            ("frequency", Number::Count(user.frequency.into())),
            ("monetary", Number::Money(user.monetary)),
            ("r_ntile", fifth(user.ntile.r)),
            ("f_ntile", fifth(user.ntile.f)),
            ("m_ntile", fifth(user.ntile.m)),
            ("r_rank", fifth(user.rank.r)),
            ("f_rank", fifth(user.rank.f)),
            ("m_rank", fifth(user.rank.m)),
        ];
        (vec![user.name], cells.into())
    };
    Ok(paying(desk)?.into_iter().map(row).collect())
}

/// Users by their three scores.
pub fn rfm_scores(desk: &mut Desk, pick: fn(&RfmUser) -> Score) -> Result<Cells> {
    let mut cells = Cells::new();
    for user in paying(desk)? {
        let Score { r, f, m } = pick(&user);
        let row = cells.entry([r, f, m].map(|n| n.to_string()).to_vec()).or_default();
        if let Number::Count(users) = row.entry("users").or_insert(Number::Count(0)) {
            *users += 1;
        }
    }
    Ok(cells)
}
