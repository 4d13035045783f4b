//! Days, weeks, months and instants in the workspace's zone.
//!
//! A [`Day`] is a calendar day of the workspace zone, an [`Instant`] is a point in time in UTC. Only a [`Calendar`]
//! converts between them, so a day is never taken from an instant without its zone.

use std::fmt;

use chrono::{Datelike, Days, LocalResult, Months, NaiveDate, NaiveDateTime, TimeZone, Utc};

/// Microseconds in a day of 24 hours.
pub const DAY_MICROS: i64 = 86_400_000_000;

/// A point in time: microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub i64);

impl Instant {
    /// Reads ISO 8601 with a zone, as [`Self`] is displayed: `2026-06-10T21:14:00Z`.
    pub fn parse(text: &str) -> Option<Self> {
        chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| Self(at.timestamp_micros()))
    }

    /// The UTC day it falls in, as days since 1970-01-01. Identity of events is per UTC day.
    pub fn utc_day(self) -> i32 {
        self.0.div_euclid(DAY_MICROS) as i32
    }
}

impl fmt::Display for Instant {
    /// ISO 8601 in UTC with as many decimals as needed: `2026-06-10T21:14:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match chrono::DateTime::<Utc>::from_timestamp_micros(self.0) {
            Some(t) => f.write_str(&t.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)),
            None => write!(f, "{}us", self.0),
        }
    }
}

/// A calendar day of the workspace zone: days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of a civil date.
    pub fn from_date(date: NaiveDate) -> Self {
        Self((date - NaiveDate::default()).num_days() as i32)
    }

    /// The day of a year, month (1-12) and day of month; `None` where the date does not exist.
    pub fn ymd(year: i32, month: u32, day: u32) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month, day).map(Self::from_date)
    }

    /// Reads `2026-06-10`.
    pub fn parse(text: &str) -> Option<Self> {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self::from_date)
    }

    /// The civil date; days beyond chrono's range (about 260,000 years) clamp to its ends.
    pub fn date(self) -> NaiveDate {
        let epoch = NaiveDate::default();
        if self.0 >= 0 {
            epoch.checked_add_days(Days::new(self.0 as u64)).unwrap_or(NaiveDate::MAX)
        } else {
            epoch.checked_sub_days(Days::new(u64::from(self.0.unsigned_abs()))).unwrap_or(NaiveDate::MIN)
        }
    }

    /// `n` days later (earlier when negative).
    #[must_use]
    pub fn plus(self, n: i32) -> Self {
        Self(self.0.saturating_add(n))
    }

    /// Days from `earlier` to this day.
    pub fn since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Day {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        let why = || serde::de::Error::custom(format!("\"{text}\" is no day like 2026-06-10"));
        Self::parse(&text).ok_or_else(why)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date().format("%Y-%m-%d"))
    }
}

/// First and last day, both included; never empty (`first <= last`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// First day.
    pub first: Day,
    /// Last day, included.
    pub last: Day,
}

impl Span {
    /// The span of two days in either order.
    pub fn new(a: Day, b: Day) -> Self {
        Self { first: a.min(b), last: a.max(b) }
    }

    /// Number of days, at least 1.
    pub fn days(self) -> i32 {
        self.last.since(self.first) + 1
    }

    /// Whether the day lies inside.
    pub fn contains(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// The days both hold, if any.
    pub fn intersect(self, other: Self) -> Option<Self> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(Self { first, last })
    }

    /// Every day in order.
    pub fn iter(self) -> impl Iterator<Item = Day> {
        (self.first.0..=self.last.0).map(Day)
    }
}

/// Width of a bucket of a series and of a cohort interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// Calendar day.
    Day,
    /// Calendar week, from the workspace's first day of the week.
    Week,
    /// Calendar month.
    Month,
}

impl Grain {
    /// All grains, narrow to wide.
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// `day`, `week`, `month`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// Reads a name that [`Grain::name`] gives.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.name() == text)
    }
}

/// The day a week begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum WeekStart {
    /// ISO weeks.
    #[default]
    Monday,
    /// Common in the Americas.
    Sunday,
    /// Common in the Middle East.
    Saturday,
}

impl WeekStart {
    /// All choices.
    pub const ALL: [Self; 3] = [Self::Monday, Self::Sunday, Self::Saturday];

    /// `monday`, `sunday`, `saturday`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Sunday => "sunday",
            Self::Saturday => "saturday",
        }
    }

    /// Reads a name that [`WeekStart::name`] gives, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|w| w.name().eq_ignore_ascii_case(text))
    }

    /// 1970-01-01 was a Thursday: days from this weekday to it.
    fn epoch_offset(self) -> i32 {
        match self {
            Self::Monday => 3,
            Self::Sunday => 4,
            Self::Saturday => 5,
        }
    }
}

/// An IANA time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(pub chrono_tz::Tz);

impl Zone {
    /// UTC.
    pub const UTC: Self = Self(chrono_tz::UTC);

    /// Reads an IANA name such as `Asia/Shanghai`.
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// The IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// The instant of a local time, and whether the clock was changing.
    ///
    /// A time that occurs twice is the earlier instant; one that does not occur is read with the offset before the
    /// change (formats.md A7).
    pub fn instant(self, local: NaiveDateTime) -> (Instant, bool) {
        match self.0.from_local_datetime(&local) {
            LocalResult::Single(t) => (Instant(t.timestamp_micros()), false),
            LocalResult::Ambiguous(a, b) => (Instant(a.timestamp_micros().min(b.timestamp_micros())), true),
            LocalResult::None => {
                let offset = self.offset_before(local);
                (Instant(local.and_utc().timestamp_micros() - offset), true)
            }
        }
    }

    /// Offset from UTC in microseconds that was valid a day before a local time in a gap.
    fn offset_before(self, local: NaiveDateTime) -> i64 {
        let earlier = local - chrono::Duration::days(1);
        self.0
            .from_local_datetime(&earlier)
            .earliest()
            .map_or(0, |t| t.naive_local().and_utc().timestamp_micros() - t.timestamp_micros())
    }
}

/// Zone and week start of a workspace: the only way from instants to days and from days to buckets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Calendar {
    /// Zone whose days are counted.
    pub zone: Zone,
    /// First day of the week.
    pub week_start: WeekStart,
}

impl Calendar {
    /// UTC with weeks from Monday.
    pub const UTC: Self = Self { zone: Zone::UTC, week_start: WeekStart::Monday };

    /// The local day of an instant.
    pub fn day_of(&self, at: Instant) -> Day {
        if self.zone == Zone::UTC {
            return Day(at.utc_day());
        }
        let local = Utc.timestamp_micros(at.0).single().map(|t| t.with_timezone(&self.zone.0).date_naive());
        local.map_or(Day(at.utc_day()), Day::from_date)
    }

    /// The first instant of a day (the first that exists where midnight is skipped).
    pub fn start_of(&self, day: Day) -> Instant {
        if self.zone == Zone::UTC {
            return Instant(i64::from(day.0) * DAY_MICROS);
        }
        self.zone.instant(day.date().and_time(chrono::NaiveTime::MIN)).0
    }

    /// The first instant after a day.
    pub fn end_of(&self, day: Day) -> Instant {
        self.start_of(day.plus(1))
    }

    /// The calendar bucket that holds a day.
    pub fn bucket(&self, grain: Grain, day: Day) -> Span {
        match grain {
            Grain::Day => Span { first: day, last: day },
            Grain::Week => {
                let first = Day(day.0 - (day.0 + self.week_start.epoch_offset()).rem_euclid(7));
                Span { first, last: first.plus(6) }
            }
            Grain::Month => {
                let date = day.date();
                let first = day.plus(1 - date.day() as i32);
                let next = first.date().checked_add_months(Months::new(1)).map_or(first.plus(31), Day::from_date);
                Span { first, last: next.plus(-1) }
            }
        }
    }

    /// Every bucket that overlaps a span, in order, uncut.
    pub fn buckets(&self, grain: Grain, span: Span) -> Vec<Span> {
        let mut out = Vec::new();
        let mut bucket = self.bucket(grain, span.first);
        while bucket.first <= span.last {
            out.push(bucket);
            bucket = self.bucket(grain, bucket.last.plus(1));
        }
        out
    }

    /// The bucket `n` buckets after (before when negative) the one that holds `day`.
    pub fn shift(&self, grain: Grain, day: Day, n: i32) -> Span {
        match grain {
            Grain::Day => self.bucket(grain, day.plus(n)),
            Grain::Week => self.bucket(grain, day.plus(n.saturating_mul(7))),
            Grain::Month => {
                let first = self.bucket(grain, day).first.date();
                let months = Months::new(n.unsigned_abs());
                let moved = if n >= 0 { first.checked_add_months(months) } else { first.checked_sub_months(months) };
                self.bucket(grain, moved.map_or(day, Day::from_date))
            }
        }
    }

    /// Number of buckets from the one that holds `from` to the one that holds `to` (negative when earlier).
    pub fn distance(&self, grain: Grain, from: Day, to: Day) -> i32 {
        let (a, b) = (self.bucket(grain, from).first, self.bucket(grain, to).first);
        match grain {
            Grain::Day => b.since(a),
            Grain::Week => b.since(a) / 7,
            Grain::Month => {
                let (a, b) = (a.date(), b.date());
                (b.year() - a.year()) * 12 + b.month() as i32 - a.month() as i32
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn weeks_start_where_the_workspace_says() {
        let monday = Calendar::UTC;
        let sunday = Calendar { week_start: WeekStart::Sunday, ..Calendar::UTC };
        assert_eq!(monday.bucket(Grain::Week, day("2020-06-14")).first, day("2020-06-08"));
        assert_eq!(sunday.bucket(Grain::Week, day("2020-06-14")).first, day("2020-06-14"));
        assert_eq!(monday.bucket(Grain::Week, day("1969-12-31")).first, day("1969-12-29"));
    }

    #[test]
    fn months_shift_and_measure_across_years() {
        let c = Calendar::UTC;
        assert_eq!(
            c.shift(Grain::Month, day("2024-01-31"), 1),
            Span { first: day("2024-02-01"), last: day("2024-02-29") }
        );
        assert_eq!(c.shift(Grain::Month, day("2024-01-31"), -1).first, day("2023-12-01"));
        assert_eq!(c.distance(Grain::Month, day("2023-11-30"), day("2024-02-01")), 3);
    }

    #[test]
    fn a_skipped_hour_keeps_the_offset_before_the_change_and_a_doubled_one_is_the_earlier() {
        let zone = Zone::parse("America/New_York").unwrap();
        let at = |text: &str| zone.instant(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap());
        assert_eq!(at("2026-03-08 02:30:00").0.to_string(), "2026-03-08T07:30:00Z");
        assert_eq!(at("2026-11-01 01:30:00").0.to_string(), "2026-11-01T05:30:00Z");
        assert!(!at("2026-11-01 02:00:00").1);
    }

    #[test]
    fn local_days_follow_the_zone() {
        let c = Calendar { zone: Zone::parse("Asia/Shanghai").unwrap(), ..Calendar::UTC };
        let midnight = c.start_of(day("2026-06-10"));
        assert_eq!(midnight.to_string(), "2026-06-09T16:00:00Z");
        assert_eq!(c.day_of(midnight), day("2026-06-10"));
        assert_eq!(c.day_of(Instant(midnight.0 - 1)), day("2026-06-09"));
    }
}
