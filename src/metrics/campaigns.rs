//! What a campaign cost, how often it was shown and clicked, and whom it brought.

use super::number::Number;

/// What some rows of spend come to, and the users they brought; `None` is not in the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bill {
    /// Micros spent.
    pub spend: Option<i128>,
    /// Times shown.
    pub shown: Option<i128>,
    /// Clicks.
    pub clicks: Option<i128>,
    /// New users by the campaign of their first touch.
    pub users: Option<u64>,
    /// Spend of the rows that tell clicks, and impressions of those that tell both.
    clicked: i128,
    seen: i128,
}

impl Bill {
    /// One row of spend, in micros.
    pub fn of_spend(amount: i64, shown: Option<u64>, clicks: Option<u64>) -> Self {
        let (shown, clicks, amount) = (shown.map(i128::from), clicks.map(i128::from), i128::from(amount));
        Self {
            spend: Some(amount),
            shown,
            clicks,
            users: None,
            clicked: if clicks.is_some() { amount } else { 0 },
            seen: shown.filter(|_| clicks.is_some()).unwrap_or(0),
        }
    }

    /// Some new users.
    pub fn of_users(users: u64) -> Self {
        Self { users: Some(users), ..Self::default() }
    }

    /// Adds another one: what one of both does not tell is that of the other.
    pub fn add(&mut self, other: Self) {
        let sum = |a: Option<i128>, b: Option<i128>| a.map_or(b, |a| Some(a + b.unwrap_or(0)));
        self.spend = sum(self.spend, other.spend);
        (self.shown, self.clicks) = (sum(self.shown, other.shown), sum(self.clicks, other.clicks));
        self.users = self.users.map_or(other.users, |users| Some(users + other.users.unwrap_or(0)));
        (self.clicked, self.seen) = (self.clicked + other.clicked, self.seen + other.seen);
    }

    /// Clicks over impressions, of the rows that tell both.
    pub fn ctr(&self) -> Number {
        self.clicks.map_or(Number::None, |clicks| Number::ratio(clicks, self.seen))
    }

    /// Spend over clicks, of the rows that tell clicks.
    pub fn per_click(&self) -> Number {
        self.clicks.map_or(Number::None, |clicks| Number::money_per(self.clicked, clicks))
    }

    /// Spend over new users.
    pub fn cac(&self) -> Number {
        self.spend.zip(self.users).map_or(Number::None, |(spend, users)| Number::money_per(spend, users.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_row_tells_stays_unknown_and_rates_take_the_rows_that_tell_both() {
        let mut bill = Bill::of_spend(6_000_000, Some(100), Some(4));
        bill.add(Bill::of_spend(9_000_000, None, Some(6)));
        bill.add(Bill::of_spend(5_000_000, Some(900), None));
        assert_eq!((bill.spend, bill.shown, bill.clicks), (Some(20_000_000), Some(1_000), Some(10)));
        assert_eq!((bill.ctr(), bill.per_click()), (Number::ratio(10, 100), Number::money_per(15_000_000, 10)));
        assert_eq!(bill.cac(), Number::None, "nobody told whom it brought");
        bill.add(Bill::of_users(4));
        assert_eq!(bill.cac(), Number::money_per(20_000_000, 4));
        assert_eq!(Bill::of_users(4).cac(), Number::None, "users without spend have no cost");
    }
}
