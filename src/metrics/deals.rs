//! Deals by stage: how far they come, what was won, what is overdue, what barter is still out (metrics.md, last table).
//!
//! A deal tells how it stands, not how it came there: one that is lost is known to have reached the first stage alone.

use crate::domain::calendar::Day;

/// Stages of a won deal where nothing else is said; case does not count.
pub const WON: [&str; 11] =
    ["won", "closed won", "signed", "delivered", "invoiced", "paid", "received", "成交", "签约", "赢单", "已回款"];
/// Kinds of a deal that is paid in kind; case does not count.
pub const BARTER: [&str; 5] = ["barter", "exchange", "swap", "置换", "资源置换"];

/// One deal as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deal<'d> {
    /// Stage.
    pub stage: &'d str,
    /// Signed micros; `None` where it is not known.
    pub value: Option<i64>,
    /// Paid in kind.
    pub barter: bool,
    /// Day by which what is owed comes.
    pub due: Option<Day>,
    /// Day on which it came.
    pub received: Option<Day>,
}

/// Deals and their value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pile {
    /// Deals.
    pub deals: u64,
    /// Micros.
    pub value: i128,
}

impl Pile {
    fn add(&mut self, deal: &Deal) {
        self.deals += 1;
        self.value += i128::from(deal.value.unwrap_or(0));
    }
}

/// What deals come to on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// All of them.
    pub all: Pile,
    /// Those of a won stage.
    pub won: Pile,
    /// Of the won ones that are paid in money, those due before the day and not received by its end.
    pub overdue: Pile,
    /// Of the won ones that are paid in kind, those whose return has not come by its end: what partners owe, less what
    /// is owed to them (values below 0).
    pub barter: Pile,
}

/// Whether a word is one of some, whatever its case.
pub fn is_one_of(words: &[impl AsRef<str>], word: &str) -> bool {
    let word = word.trim().to_lowercase();
    words.iter().any(|known| known.as_ref().to_lowercase() == word)
}

/// What deals come to at the end of a day.
pub fn standing<'d>(deals: impl IntoIterator<Item = &'d Deal<'d>>, won: &dyn Fn(&str) -> bool, day: Day) -> Standing {
    let mut out = Standing::default();
    for deal in deals {
        out.all.add(deal);
        if !won(deal.stage) {
            continue;
        }
        out.won.add(deal);
        let is_open = deal.received.is_none_or(|received| received > day);
        if is_open && deal.barter {
            out.barter.add(deal);
        } else if is_open && deal.due.is_some_and(|due| due < day) {
            out.overdue.add(deal);
        }
    }
    out
}

/// Deals of one stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// As written.
    pub name: String,
    /// Deals in it.
    pub pile: Pile,
    /// Deals in it or in a later one of the order; all deals for the first. `None` where the order does not name it.
    pub reached: Option<u64>,
}

/// The stages of an order, those without deals included, then all others by name.
pub fn stages<'d>(deals: impl IntoIterator<Item = &'d Deal<'d>>, order: &[String]) -> Vec<Stage> {
    let stage = |name: &String| Stage { name: name.clone(), pile: Pile::default(), reached: Some(0) };
    let mut out: Vec<Stage> = order.iter().map(stage).collect();
    let mut others: std::collections::BTreeMap<String, Pile> = std::collections::BTreeMap::new();
    let mut all = 0;
    for deal in deals {
        all += 1;
        match out.iter_mut().find(|stage| is_one_of(&[&stage.name], deal.stage)) {
            Some(stage) => stage.pile.add(deal),
            None => others.entry(deal.stage.to_owned()).or_default().add(deal),
        }
    }
    let mut later = 0;
    for stage in out.iter_mut().rev() {
        later += stage.pile.deals;
        stage.reached = Some(later);
    }
    if let Some(first) = out.first_mut() {
        first.reached = Some(all);
    }
    out.extend(others.into_iter().map(|(name, pile)| Stage { name, pile, reached: None }));
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn deal(stage: &str, value: i64, barter: bool, days: (Option<i32>, Option<i32>)) -> Deal<'_> {
        Deal { stage, value: Some(value), barter, due: days.0.map(Day), received: days.1.map(Day) }
    }

    #[test]
    fn what_is_owed_is_of_won_deals_that_nothing_came_of() {
        let deals = [
            deal("talk", 100, false, (Some(1), None)),
            deal("Won", 40, false, (Some(9), None)),
            deal("won", 30, false, (Some(10), None)),
            deal("paid", 20, false, (Some(5), Some(8))),
            deal("paid", 10, false, (Some(5), Some(11))),
            deal("won", 7, true, (Some(5), None)),
            deal("won", -3, true, (None, None)),
            deal("won", 5, true, (None, Some(10))),
        ];
        let won = |stage: &str| is_one_of(&WON, stage);
        let of = |deals, value| Pile { deals, value };
        let found = standing(&deals, &won, Day(10));
        assert_eq!((found.all, found.won), (of(8, 209), of(7, 109)));
        assert_eq!((found.overdue, found.barter), (of(2, 50), of(2, 4)));
        assert_eq!(standing(&deals, &won, Day(11)).overdue, of(2, 70));
    }

    #[test]
    fn a_stage_was_reached_by_the_deals_in_it_and_in_later_ones() {
        let none = (None, None);
        let deals = [
            deal("lead", 1, false, none),
            deal("talk", 2, false, none),
            deal("Won", 4, false, none),
            deal("lost", 8, false, none),
        ];
        let order = ["lead", "talk", "offer", "won"].map(str::to_owned);
        let found: Vec<_> =
            stages(&deals, &order).into_iter().map(|s| (s.name, s.pile.deals, s.pile.value, s.reached)).collect();
        let row = |name: &str, deals, value, reached| (name.to_owned(), deals, value, reached);
        assert_eq!(
            found,
            [
                row("lead", 1, 1, Some(4)),
                row("talk", 1, 2, Some(2)),
                row("offer", 0, 0, Some(1)),
                row("won", 1, 4, Some(1)),
                row("lost", 1, 8, None)
            ]
        );
        assert!(stages(&deals, &[]).iter().all(|stage| stage.reached.is_none()));
    }

    proptest! {
        #[test]
        fn every_deal_is_in_one_stage_and_no_stage_is_reached_by_more_than_the_one_before(
            rows in prop::collection::vec((0_usize..6, -50_i64..100, any::<bool>()), 0..40), named in 0_usize..6,
        ) {
            const NAMES: [&str; 6] = ["a", "b", "c", "won", "paid", "lost"];
            let deals: Vec<Deal> = rows.iter().map(|(s, v, b)| deal(NAMES[*s], *v, *b, (Some(1), None))).collect();
            let order: Vec<String> = NAMES[..named].iter().map(|s| (*s).to_owned()).collect();
            let found = stages(&deals, &order);
            prop_assert_eq!(found.iter().map(|s| s.pile.deals).sum::<u64>(), deals.len() as u64);
            let reached: Vec<u64> = found.iter().filter_map(|s| s.reached).collect();
            prop_assert!(reached.is_sorted_by(|a, b| a >= b));
            for (at, stage) in found.iter().take(named).enumerate().skip(1) {
                let naive = deals.iter().filter(|d| order[at..].iter().any(|s| s == d.stage)).count() as u64;
                prop_assert_eq!(stage.reached, Some(naive));
            }
            let sum = |of: fn(&&Deal) -> bool| -> i128 {
                deals.iter().filter(|d| is_one_of(&WON, d.stage)).filter(of).map(|d| i128::from(d.value.unwrap())).sum()
            };
            let held = standing(&deals, &|stage| is_one_of(&WON, stage), Day(9));
            prop_assert_eq!((held.overdue.value, held.barter.value), (sum(|d| !d.barter), sum(|d| d.barter)));
        }
    }
}
