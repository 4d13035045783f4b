//! Times as operators write them (formats.md A4 to A7).

mod usual;
mod written;

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::domain::calendar::{Calendar, Instant, WeekStart, Zone};

use usual::{LastDate, Usual};
use written::{Written, Wrong};

pub(super) use written::{day_month, is_day};

/// 1990-01-01T00:00:00Z, the oldest time taken.
const OLDEST: i64 = 631_152_000_000_000;
/// 2101-01-01T00:00:00Z, the first time not taken.
const TOO_NEW: i64 = 4_133_980_800_000_000;
/// Micros of a day.
const DAY: i64 = 86_400_000_000;

/// Which of two numbers before a year is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slash {
    /// Day first.
    Dmy,
    /// Month first.
    Mdy,
}

/// Finds the order of day and month in the whole file; `None` where that does not tell.
pub(super) type FindOrder = Box<dyn FnOnce() -> Option<Slash> + Send>;

/// How the times of a file are read.
pub(super) struct TimeRules {
    zone: Zone,
    last: LastDate,
    /// Micros in one unit of a number; found at the first one.
    pub(super) unit: Option<i64>,
    pub(super) slash: Option<Slash>,
    /// Asked once, at the first date that needs it.
    pub(super) find_order: Option<FindOrder>,
    /// Local times that the clock change made doubtful.
    pub(super) changes: u64,
}

/// Why a time is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BadTime {
    Unreadable,
    OutOfRange,
    /// A date such as 03/04/2026 before the order of day and month is known.
    Unclear,
}

/// A time as a row gives it.
enum Given {
    At(Instant),
    Local(NaiveDateTime, Option<i64>),
}

impl TimeRules {
    pub(super) fn new(zone: Zone, unit: Option<i64>, slash: Option<Slash>) -> Self {
        Self { zone, last: LastDate::default(), unit, slash, find_order: None, changes: 0 }
    }

    /// Reads a time.
    pub(super) fn instant(&mut self, text: &str) -> Result<Instant, BadTime> {
        if let Some(at) = self.usual(text) {
            return Ok(at);
        }
        let at = match self.given(text)? {
            Given::At(at) => at,
            Given::Local(local, Some(offset)) => Instant(local.and_utc().timestamp_micros() - offset * 1_000_000),
            Given::Local(local, None) => self.instant_of(local),
        };
        if (OLDEST..TOO_NEW).contains(&at.0) { Ok(at) } else { Err(BadTime::OutOfRange) }
    }

    /// Reads a time of the usual form, which is taken; `None` leaves everything as it was.
    pub(super) fn usual(&mut self, text: &str) -> Option<Instant> {
        let Usual { written, is_utc } = self.last.read(text)?;
        let (at, changed) = if is_utc || self.zone == Zone::UTC {
            (Instant(written), false)
        } else {
            self.zone.instant(DateTime::from_timestamp_micros(written)?.naive_utc())
        };
        (OLDEST..TOO_NEW).contains(&at.0).then(|| {
            self.changes += u64::from(changed);
            at
        })
    }

    /// The instant of a local time of the file's zone.
    fn instant_of(&mut self, local: NaiveDateTime) -> Instant {
        let (at, changed) = self.zone.instant(local);
        self.changes += u64::from(changed);
        at
    }

    /// Reads a calendar date, with or without a time behind it: the date as it is written, whatever its zone; of a number
    /// the date in the file's zone.
    pub(super) fn date(&mut self, text: &str) -> Result<NaiveDate, BadTime> {
        let date = match self.given(text)? {
            Given::At(at) => {
                let calendar = Calendar { zone: self.zone, week_start: WeekStart::default() };
                calendar.day_of(at).date()
            }
            Given::Local(local, _) => local.date(),
        };
        let at = date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros();
        if (OLDEST..TOO_NEW).contains(&at) { Ok(date) } else { Err(BadTime::OutOfRange) }
    }

    fn given(&mut self, text: &str) -> Result<Given, BadTime> {
        let plain = written::plain(text);
        if let Some((whole, fraction)) = number(&plain) {
            // Eight digits are a date of ISO 8601, unless the file counts from 1970.
            if let (None, Ok(Written { local, offset })) = (self.unit, written::read(&plain, self.slash)) {
                return Ok(Given::Local(local, offset));
            }
            return self.epoch(whole, fraction).map(Given::At);
        }
        match written::read(&plain, self.slash) {
            Ok(Written { local, offset }) => Ok(Given::Local(local, offset)),
            Err(Wrong::Unreadable) => Err(BadTime::Unreadable),
            Err(Wrong::Unclear) => {
                let find = self.find_order.take().ok_or(BadTime::Unclear)?;
                self.slash = Some(find().ok_or(BadTime::Unclear)?);
                self.given(text)
            }
        }
    }

    /// A number of units since 1970, its decimals kept to the microsecond.
    fn epoch(&mut self, whole: i64, fraction: &str) -> Result<Instant, BadTime> {
        let fits = |unit: &i64| whole.checked_mul(*unit).is_some_and(|at| (OLDEST..TOO_NEW).contains(&at));
        let unit = match self.unit {
            Some(unit) => unit,
            None => *self.unit.insert([1_000_000, 1_000, 1].into_iter().find(fits).ok_or(BadTime::OutOfRange)?),
        };
        let nanos: i64 = format!("{:0<9}", fraction.get(..9).unwrap_or(fraction)).parse().unwrap_or(0);
        let part = nanos * unit / 1_000_000_000;
        whole.checked_mul(unit).and_then(|at| at.checked_add(part)).map(Instant).ok_or(BadTime::OutOfRange)
    }
}

/// A number, whole part and decimals; `None` for anything else.
fn number(text: &str) -> Option<(i64, &str)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = fraction.bytes().all(|b| b.is_ascii_digit()) && !text.ends_with('.');
    whole.parse().ok().filter(|_| is_number).map(|whole| (whole, fraction))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> String {
        let mut rules = TimeRules::new(Zone::UTC, None, Some(Slash::Dmy));
        rules.instant(text).map_or_else(|e| format!("{e:?}"), |at| at.to_string())
    }

    #[test]
    fn every_written_form_gives_its_instant() {
        for (text, at) in [
            ("2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z"),
            ("2019-11-01T17:59:13.273932Z", "2019-11-01T17:59:13.273932Z"),
            ("2026-07-04T10:11:00+08:00", "2026-07-04T02:11:00Z"),
            ("2023-12-17 09:14:33+00:00", "2023-12-17T09:14:33Z"),
            ("2026-07-04T10:11:00-0530", "2026-07-04T15:41:00Z"),
            ("2026-07-04T10:11:00−05:30", "2026-07-04T15:41:00Z"),
            ("2026-05-01 10:00:00 UTC", "2026-05-01T10:00:00Z"),
            ("2026-05-01", "2026-05-01T00:00:00Z"),
            ("2026年11月3日", "2026-11-03T00:00:00Z"),
            ("2026年05月01日 08:05:09", "2026-05-01T08:05:09Z"),
            ("2026年5月1日 下午3点05分", "2026-05-01T15:05:00Z"),
            ("2026年5月1日8时5分9秒", "2026-05-01T08:05:09Z"),
            ("２０２６年５月１日", "2026-05-01T00:00:00Z"),
            ("２０２６－０５－０１　１０：００", "2026-05-01T10:00:00Z"),
            ("2026/11/03 11:00", "2026-11-03T11:00:00Z"),
            ("2026.5.1 9:30", "2026-05-01T09:30:00Z"),
            ("2026/5/1 9:30 PM", "2026-05-01T21:30:00Z"),
            ("25/03/2026", "2026-03-25T00:00:00Z"),
            ("25.03.2026 10:00", "2026-03-25T10:00:00Z"),
            ("25-3-2026", "2026-03-25T00:00:00Z"),
            ("25/03/2026 10:00 +02:00", "2026-03-25T08:00:00Z"),
            ("25/03/2026T10:00:00Z", "2026-03-25T10:00:00Z"),
            ("5/3/2026 12:05 am", "2026-03-05T00:05:00Z"),
            ("5/3/2026 1:05:06 PM", "2026-03-05T13:05:06Z"),
            ("20161231T235959Z", "2016-12-31T23:59:59Z"),
            ("20161231T2359+0100", "2016-12-31T22:59:00Z"),
            ("20161231", "2016-12-31T00:00:00Z"),
            ("2026-12-31T24:00:00Z", "2027-01-01T00:00:00Z"),
        ] {
            assert_eq!(utc(text), at, "{text}");
        }
    }

    #[test]
    fn numbers_count_from_1970_with_their_decimals() {
        for (text, at) in [
            ("1788998400000", "2026-09-10T00:00:00Z"),
            ("１７８８９９８４００", "2026-09-10T00:00:00Z"),
            ("1672531200.0", "2023-01-01T00:00:00Z"),
            ("1672531199.999", "2022-12-31T23:59:59.999Z"),
            ("1672531199999.5", "2022-12-31T23:59:59.999500Z"),
            ("1672531199.1234567", "2022-12-31T23:59:59.123456Z"),
        ] {
            assert_eq!(utc(text), at, "{text}");
        }
    }

    #[test]
    fn what_is_no_time_says_why() {
        for text in [
            "2026-02-29T10:00:00Z",
            "0000-00-00 00:00:00",
            "",
            "soon",
            "2026-13-01T00:00:00Z",
            "2026-05-01T25:00:00Z",
            "2026-05-01T24:00:01Z",
            "2026-05-01T10:00:00+24:00",
            "2026-05-0110:00",
            "32/01/2026",
            "25/03/26",
            "1/5/2026 13:05 PM",
            "1672531200.",
            "2026-05",
            "é026-05-01",
        ] {
            assert_eq!(utc(text), "Unreadable", "{text}");
        }
        for text in ["1899-12-30T00:00:00Z", "2101-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "12", "-5.5", "20261301"] {
            assert_eq!(utc(text), "OutOfRange", "{text}");
        }
    }

    #[test]
    fn the_first_number_decides_the_unit_of_all() {
        let mut rules = TimeRules::new(Zone::UTC, None, None);
        assert!(rules.instant("1788998400.0").is_ok());
        assert_eq!(rules.instant("1788998400000"), Err(BadTime::OutOfRange));
        assert_eq!(rules.instant("20260501"), Err(BadTime::OutOfRange));
        assert_eq!(rules.instant("03/04/2026"), Err(BadTime::Unclear));
        assert_eq!(rules.instant("13/13/2026"), Err(BadTime::Unreadable));
    }

    #[test]
    fn a_day_is_read_as_written_and_a_number_in_the_zone() {
        let zone = Zone::parse("Asia/Shanghai").unwrap();
        let mut rules = TimeRules::new(zone, None, Some(Slash::Dmy));
        let mut day = |text: &str| rules.date(text).map(|d| d.to_string());
        assert_eq!(day("2026-05-01T23:30:00-05:00"), Ok("2026-05-01".into()));
        assert_eq!(day("1788969600"), Ok("2026-09-10".into()));
        assert_eq!((day("1989-12-31"), day("x")), (Err(BadTime::OutOfRange), Err(BadTime::Unreadable)));
    }
}
