//! Which kind of record a file holds, by its titles and first values.

use super::fields::{alias, fold, is_known};
use super::number::{self, Comma, Writing};
use super::time::{Slash, is_day};
use super::{Field, Shape};
use crate::domain::records::Kind;

/// Titles of amounts that name a daily number as well, and never what was spent.
const EARNED: &[&str] = &["revenue", "value"];
/// Titles of money that may be a sum of the day.
const SUMS: &[&str] = &["revenue", "value", "total", "net"];
/// The one title of an event name that also names a product.
const PRODUCT: &str = "name";

/// What is said of a column: the field, or none for a property, and the order of day and month.
pub(super) type Said = (Option<Field>, Option<Slash>);

/// By column what `--map` says of it.
pub(super) type Told = Vec<Option<Said>>;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guess {
    Records(Kind),
    /// Numbers by day, each named by its title: no record is money, and none has a user.
    DailyFacts,
    Unknown,
}

/// Tells by what was told and the titles: money with an order or a user and a time is revenue, money by day and channel
/// is spend.
pub(super) fn detect(shape: &Shape, told: &Told) -> Guess {
    let look = Look { shape, told };
    let (revenue, events) = (Kind::Revenue, Kind::Events);
    let has_time = look.has(revenue, Field::Time);
    let earned = look.has(revenue, Field::Amount) && has_time;
    let sold = look.has(revenue, Field::Order) || look.has(revenue, Field::User);
    let product = earned && look.has(revenue, Field::User) && look.has(revenue, Field::Currency);
    let named = look.has(events, Field::Name) && !(product && look.is_named_by(PRODUCT));
    let paid = look.has(revenue, Field::Currency) || (earned && !look.is_sum());
    let channel = look.has(Kind::Spend, Field::Campaign) || look.has(Kind::Spend, Field::Channel);
    if let Some(kind) = look.table() {
        Guess::Records(kind)
    } else if named && !look.has(revenue, Field::Order) && has_time {
        Guess::Records(events)
    } else if look.names_metrics() && !sold {
        Guess::Records(Kind::Facts)
    } else if earned && sold {
        Guess::Records(revenue)
    } else if look.is_spent() && channel {
        Guess::Records(Kind::Spend)
    } else if !paid && look.is_by_day() && (look.has_numbers() || channel) {
        Guess::DailyFacts
    } else if earned {
        Guess::Records(revenue)
    } else if shape.titles.iter().filter(|t| is_known(t)).count() >= 2 {
        Guess::Records(events)
    } else {
        Guess::Unknown
    }
}

struct Look<'a> {
    shape: &'a Shape,
    told: &'a Told,
}

impl Look<'_> {
    /// What a column is for a kind: as told, else by its title.
    fn field(&self, at: usize, kind: Kind) -> Option<Field> {
        match self.told.get(at).copied().flatten() {
            Some((field, _)) => field,
            None => self.shape.titles.get(at).and_then(|title| alias(title, kind)),
        }
    }

    fn columns(&self) -> std::ops::Range<usize> {
        0..self.shape.titles.len()
    }

    fn has(&self, kind: Kind, field: Field) -> bool {
        self.columns().any(|at| self.field(at, kind) == Some(field))
    }

    fn title_at(&self, at: usize) -> String {
        self.shape.titles.get(at).map(|title| fold(title)).unwrap_or_default()
    }

    /// Whether this title alone makes an event name.
    fn is_named_by(&self, title: &str) -> bool {
        let mut names = self.columns().filter(|at| self.field(*at, Kind::Events) == Some(Field::Name));
        names.all(|at| self.title_at(at) == title && self.is_untold(at))
    }

    fn names_metrics(&self) -> bool {
        self.has(Kind::Facts, Field::Metric) && self.is_dated()
    }

    /// The kind whose rows alone have some columns together.
    fn table(&self) -> Option<Kind> {
        let has = |kind, fields: &[Field]| fields.iter().all(|field| self.has(kind, *field));
        let content = has(Kind::Content, &[Field::Id, Field::Title])
            && (self.has(Kind::Content, Field::Planned) || self.has(Kind::Content, Field::Published));
        if has(Kind::Rates, &[Field::Day, Field::From, Field::To, Field::Rate]) {
            Some(Kind::Rates)
        } else if has(Kind::Deals, &[Field::Id, Field::Partner, Field::Stage]) {
            Some(Kind::Deals)
        } else if has(Kind::Links, &[Field::Alias, Field::User]) && !self.has(Kind::Events, Field::Time) {
            Some(Kind::Links)
        } else {
            content.then_some(Kind::Content)
        }
    }

    fn is_untold(&self, at: usize) -> bool {
        self.told.get(at).copied().flatten().is_none()
    }

    fn is_dated(&self) -> bool {
        self.columns().any(|at| matches!(self.field(at, Kind::Spend), Some(Field::Day | Field::Time)))
            || self.has(Kind::Revenue, Field::Time)
    }

    /// Money that was spent on a day: its title is no word for what was earned.
    fn is_spent(&self) -> bool {
        let is_amount = |at: usize| {
            self.field(at, Kind::Spend) == Some(Field::Amount)
                && !(self.is_untold(at) && EARNED.contains(&self.title_at(at).as_str()))
        };
        self.is_dated() && self.columns().any(is_amount)
    }

    /// Whether the money goes by a title that also names a sum of the day.
    fn is_sum(&self) -> bool {
        let mut amounts = self.columns().filter(|at| self.field(*at, Kind::Revenue) == Some(Field::Amount));
        amounts.all(|at| self.is_untold(at) && SUMS.contains(&self.title_at(at).as_str()))
    }

    /// Whether every date shown is a whole day.
    fn is_by_day(&self) -> bool {
        let at = self.columns().find(|at| {
            let fields = [self.field(*at, Kind::Spend), self.field(*at, Kind::Revenue)];
            fields.iter().any(|f| matches!(f, Some(Field::Day | Field::Time)))
        });
        at.is_some_and(|at| self.all_values(at, is_day))
    }

    /// Whether a column that no money has holds numbers: visits, sign-ups.
    fn has_numbers(&self) -> bool {
        self.columns().any(|at| {
            let known = self.field(at, Kind::Revenue).is_some();
            !known
                && self.is_untold(at)
                && self.all_values(at, |text| number::amount(text, Writing::Text(Comma::Thousands)).is_some())
        })
    }

    /// Whether a column has values among the first rows and all are such.
    fn all_values(&self, at: usize, such: impl Fn(&str) -> bool) -> bool {
        let mut values = self.shape.samples.iter().filter_map(|row| row.get(at)).filter(|v| !v.is_empty()).peekable();
        values.peek().is_some() && values.all(|value| such(value))
    }
}

#[cfg(test)]
mod tests {
    use super::super::shape::shape_of;
    use super::*;

    fn guess(text: &str) -> Guess {
        let shape = shape_of(text, &[]).unwrap();
        let told = vec![None; shape.titles.len()];
        detect(&shape, &told)
    }

    #[test]
    fn numbers_by_day_are_no_money() {
        for text in [
            "date,visits,revenue\n2026-05-01,5,120.50\n2026-05-02,,\n",
            "date,visits,signups,total\n2026年5月1日,5,2,9\n",
            "day,visits,cost\n2026-05-01,5,120.50\n",
            "date,channel,revenue\n2026-05-01,search,120.50\n",
            "date,visits,signups\n2026-05-01,5,2\n",
            "{\"date\":\"2026-05-01\",\"visits\":5,\"revenue\":9.5}\n",
        ] {
            assert_eq!(guess(text), Guess::DailyFacts, "{text}");
        }
    }

    #[test]
    fn what_has_a_table_of_its_own_is_known_by_its_columns() {
        for (text, kind) in [
            ("date,metric,value\n2026-05-01,visits,5\n", Kind::Facts),
            ("date,metric,value,channel\n2026-05-01,visits,5,search\n", Kind::Facts),
            ("日期,指标,value\n2026-05-01,访问,5\n", Kind::Facts),
            ("date,from,to,rate\n2026-05-01,EUR,USD,1.1\n", Kind::Rates),
            ("id,title,kind,author,planned,published,status\na,b,c,d,,,live\n", Kind::Content),
            ("id,partner,kind,stage,value,currency,due,received\na,b,c,d,5,EUR,,\n", Kind::Deals),
            ("alias,user\na,b\n", Kind::Links),
        ] {
            assert_eq!(guess(text), Guess::Records(kind), "{text}");
        }
        assert_eq!(guess("user_id,event,ts,alias\nu,e,2026-05-01,x\n"), Guess::Records(Kind::Events));
    }

    #[test]
    fn spend_stays_spend() {
        for text in [
            "date,channel,amount\n2026-05-01,search,5\n",
            "date,campaign,cost,impressions,conversions\n2026-05-01,brand,5,100,3\n",
            "日期,渠道,推广计划,消耗,展示,转化\n2026/5/1,抖音,一,1.2万,1000,3\n",
            "date_day,utm_source,utm_campaign,spend\n2026-05-01,a,b,5\n",
            "Day,Campaign,Currency code,Cost,Impr.,Clicks\n2026-09-01,Brand,USD,5,10,1\n",
        ] {
            assert_eq!(guess(text), Guess::Records(Kind::Spend), "{text}");
        }
    }

    #[test]
    fn revenue_stays_revenue() {
        for text in [
            "order_id,user_id,ts,amount\no1,u1,2026-05-01T10:00:00Z,5\n",
            "order_id,date,revenue,items\no1,2026-05-01,5,3\n",
            "date,amount,currency\n2026-05-01,5,EUR\n",
            "date,stream,revenue\n2026-05-01,subscriptions,5\n",
            "date,amount,fee\n2026-05-01,5,0.30\n",
            "ts,total,tax\n2026-05-01T10:00:00Z,5,1\n",
            "date,revenue,tax,currency\n2026-05-01,5,1,EUR\n",
            "user,date,name,amount,currency\nu1,2026-05-01,Tea,5.00,EUR\n",
        ] {
            assert_eq!(guess(text), Guess::Records(Kind::Revenue), "{text}");
        }
    }

    #[test]
    fn events_stay_events() {
        for text in [
            "user_id,event,ts,amount,currency\nu1,pay,2026-05-01T10:00:00Z,5,EUR\n",
            "user,date,name,amount\nu1,2026-05-01,pay,5\n",
            "user_id,event,date,metric\nu1,open,2026-05-01,5\n",
            "event,ts\nopen,2026-05-01T10:00:00Z\n",
        ] {
            assert_eq!(guess(text), Guess::Records(Kind::Events), "{text}");
        }
        assert_eq!(guess("foo,bar\n1,2\n"), Guess::Unknown);
    }
}
