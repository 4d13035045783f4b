//! What one question sees of the workspace: its calendar, the last day seen, and who counts.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::domain::calendar::{Calendar, Day, Instant, Span};
use crate::domain::money::Currency;
use crate::domain::records::Kind;
use crate::metrics::catalog::Feed;
use crate::metrics::number::{Horizon, State};
use crate::metrics::presence::UserDays;
use crate::metrics::revenue::Purses;
use crate::metrics::turnout::Turnout;
use crate::query::{ContentRecord, Source};
use crate::store::{SourceRow, Store, TermKind};

use super::cache::{Cache, Counted};
use super::halt::Halt;
use super::ledger::Ledger;
use super::lens;
use super::timeline::{Keeper, Timeline};
use super::tracks::{DaySeries, Track, make};
use super::who::{Lens, Who};
use super::{Clock, EngineError, deal_rows, freshness, items};

/// Shown for what carries no stream.
pub(super) const NO_STREAM: &str = "(none)";
/// Shown for money of nobody in particular.
pub(super) const NO_USER: &str = "(no user)";
/// Shown for users without a channel, where users can have one.
pub(super) const DIRECT: &str = "(direct)";
/// Shown for a channel that is not known.
pub(super) const UNKNOWN: &str = "(unknown)";

/// Beyond this many kept tracks all are forgotten.
const MOST_TRACKS: usize = 256;
/// Beyond this many kept turnouts, of up to a few megabytes each, all are forgotten.
const MOST_TURNOUTS: usize = 24;
/// Far enough from every real day that adding a window cannot overflow.
const NEVER: Day = Day(i32::MIN / 2);
const ALWAYS: Day = Day(i32::MAX / 2);

/// The workspace as one question sees it.
pub(super) struct View<'a> {
    pub store: &'a Store,
    pub cache: &'a mut Cache,
    keeper: &'a mut Keeper,
    pub clock: Clock,
    pub calendar: Calendar,
    pub currency: Option<Currency>,
    pub today: Day,
    /// Last day whose rows are seen.
    pub until: Day,
    /// A start asks this question, so what is counted for it is kept for the next one.
    pub starts: bool,
    /// The workspace file, where threads of their own may read it.
    pub file: Option<&'a Path>,
    sources: Option<Arc<Vec<Source>>>,
}

/// Days that a metric's data covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// First day of the workspace's history.
    pub first: Day,
    pub horizon: Horizon,
    /// First instant that is not complete; inside the day after `horizon.through`.
    pub through_at: Instant,
    /// First instant that no row has reached.
    pub reach_at: Instant,
}

impl Extent {
    /// Nothing is known of any day.
    pub const EMPTY: Self = Self {
        first: ALWAYS,
        horizon: Horizon { through: NEVER, reach: NEVER },
        through_at: Instant(i64::MIN),
        reach_at: Instant(i64::MIN),
    };

    /// Whether nothing is known of any day.
    pub fn is_empty(&self) -> bool {
        *self == Self::EMPTY
    }

    /// The days that have data.
    pub fn known(&self) -> Option<Span> {
        (self.first <= self.horizon.reach).then_some(Span { first: self.first, last: self.horizon.reach })
    }

    /// The days of a span that have data.
    pub fn seen(&self, span: Span) -> Option<Span> {
        self.known()?.intersect(span)
    }

    /// How much of a bucket the data covers, so many days on; a bucket before the history is over.
    pub fn state(&self, bucket: Span, age: i32) -> State {
        let aged = Span { first: bucket.first.plus(age), last: bucket.last.plus(age) };
        if self.first > bucket.last { State::Complete } else { self.horizon.state(aged) }
    }

    /// The days of a span that are complete; the running days where none is.
    pub fn covered(&self, span: Span) -> Option<Span> {
        let seen = self.seen(span)?;
        Some(if self.horizon.through >= seen.first {
            Span { first: seen.first, last: seen.last.min(self.horizon.through) }
        } else {
            seen
        })
    }
}

impl<'a> View<'a> {
    pub fn new(
        store: &'a Store,
        (cache, keeper): (&'a mut Cache, &'a mut Keeper),
        clock: Clock,
    ) -> Result<Self, EngineError> {
        let settings = cache.settings(store)?;
        let calendar = Calendar { zone: settings.zone, week_start: settings.week_start };
        Ok(Self {
            store,
            cache,
            keeper,
            clock,
            calendar,
            currency: settings.currency,
            today: clock.day(&calendar),
            until: clock.today.map_or(ALWAYS, |day| day.plus(-1)),
            starts: false,
            file: None,
            sources: None,
        })
    }

    /// The same workspace as it was on the morning of an earlier day: what came since is not seen.
    pub fn on(&mut self, day: Day) -> View<'_> {
        View {
            store: self.store,
            cache: &mut *self.cache,
            keeper: &mut *self.keeper,
            clock: Clock { today: Some(day), ..self.clock },
            calendar: self.calendar,
            currency: self.currency,
            today: day,
            until: day.plus(-1),
            starts: false,
            file: None,
            sources: None,
        }
    }

    /// Where verdicts begin in this workspace.
    pub fn thresholds(&self) -> Result<crate::metrics::planning::Thresholds, EngineError> {
        Ok(super::thresholds::of(self.store)?)
    }

    /// Begins to read beside each other what the numbers of a start are counted from.
    pub fn begin_early(&mut self) -> Result<(), EngineError> {
        match self.file {
            Some(file) => self.cache.begin_early((self.store, file), &self.keeper.halt),
            None => Ok(()),
        }
    }

    /// First instant that is not seen.
    pub fn seen_until(&self) -> Instant {
        if self.until == ALWAYS { Instant(i64::MAX) } else { self.calendar.end_of(self.until) }
    }

    /// Every source with its freshness, by name.
    pub fn sources(&mut self) -> Result<Arc<Vec<Source>>, EngineError> {
        if let Some(sources) = &self.sources {
            return Ok(sources.clone());
        }
        let mut sources = Vec::new();
        for row in self.store.sources()? {
            let days = self.days_of(&row)?;
            sources.push(freshness::source(row, &days, self.calendar, self.clock.now, self.today));
        }
        sources.sort_by(|a, b| a.name.cmp(&b.name));
        let sources = Arc::new(sources);
        self.sources = Some(sources.clone());
        Ok(sources)
    }

    /// The instant that a screen is complete to, never beyond what is seen.
    pub fn through_at(&mut self) -> Result<Option<Instant>, EngineError> {
        let through = freshness::through_at(&self.sources()?);
        let seen = self.calendar.end_of(self.until.min(self.today));
        Ok(through.map(|at| at.min(seen)))
    }

    /// Days with rows of a source, ascending; those of the last weeks are enough to tell its usual gap. Events do not
    /// carry their source in the rollups, so all sources of events share their days.
    fn days_of(&mut self, row: &SourceRow) -> Result<Arc<Vec<Day>>, EngineError> {
        if row.kind == Kind::Events {
            return Ok(Arc::new(self.cache.event_days(self.store)?.iter().map(|d| d.0).collect()));
        }
        if let Some(days) = self.cache.source_days.get(&row.name) {
            return Ok(days.clone());
        }
        let from = row.newest.map_or(self.today, |at| self.calendar.day_of(at)).plus(-freshness::GAP_WINDOW);
        let days = Arc::new(self.store.source_days(&row.name, row.kind, from)?);
        self.cache.source_days.insert(row.name.clone(), days.clone());
        Ok(days)
    }

    /// A count by day of some users.
    pub fn track(&mut self, who: &Who, track: Track) -> Result<Arc<DaySeries>, EngineError> {
        let key = (who.lens.clone(), who.people.clone(), track);
        if let Some(series) = self.cache.tracks.get(&key) {
            return Ok(series.clone());
        }
        let (days, turnout) = (self.user_days(&who.lens)?, self.turnout(who)?);
        let series = Arc::new(make(&turnout, days.span(), track));
        if self.cache.tracks.len() >= MOST_TRACKS {
            self.cache.tracks.clear();
        }
        self.cache.tracks.insert(key, series.clone());
        Ok(series)
    }

    /// Active days of some users, counted.
    pub fn turnout(&mut self, who: &Who) -> Result<Arc<Turnout>, EngineError> {
        let key = (who.lens.clone(), who.people.clone());
        if let Some(counted) = self.cache.turnouts.get(&key) {
            return Ok(counted.turnout.clone());
        }
        let days = self.user_days(&who.lens)?;
        let past = if who.only.is_none() { self.cache.past.remove(&who.lens) } else { None };
        let counted = past.and_then(|past| past.follow(&days)).unwrap_or_else(|| {
            let turnout = Arc::new(Turnout::new(&days, who.only.as_deref().map(Vec::as_slice), self.calendar));
            Counted { days, turnout }
        });
        if self.cache.turnouts.len() >= MOST_TURNOUTS {
            self.cache.turnouts.clear();
        }
        self.cache.turnouts.insert(key, counted.clone());
        Ok(counted.turnout)
    }

    /// Kinds of source that a metric is fed by.
    pub fn kinds(&mut self, feed: Feed) -> Result<&'static [Kind], EngineError> {
        let events = self.cache.has_events(self.store)?;
        Ok(match feed {
            Feed::Events => &[Kind::Events],
            Feed::Activity if events => &[Kind::Events],
            Feed::ActivityAndMoney if events => &[Kind::Events, Kind::Revenue],
            Feed::Activity | Feed::Money | Feed::ActivityAndMoney => &[Kind::Revenue],
            Feed::Spend => &[Kind::Spend],
            Feed::Content => &[Kind::Content],
            Feed::Deals => &[Kind::Deals],
            Feed::Facts => &[Kind::Facts],
            Feed::ActivityAndSpend if events => &[Kind::Events, Kind::Spend],
            Feed::All if events => &[Kind::Events, Kind::Revenue, Kind::Spend],
            Feed::ActivityAndSpend | Feed::All => &[Kind::Revenue, Kind::Spend],
        })
    }

    /// Days that a metric's data covers: complete through the least *through* of its sources, ended ones left out.
    ///
    /// The history of activity and money is one, so that a day before the first order is a day without orders.
    pub fn extent(&mut self, feed: Feed) -> Result<Extent, EngineError> {
        match feed {
            Feed::Content => return self.items_extent(),
            Feed::Deals => return self.deals_extent(),
            // No row measures what facts alone tell.
            Feed::Facts => return Ok(Extent::EMPTY),
            _ => {}
        }
        let kinds = self.kinds(feed)?;
        let sources = self.sources()?;
        let feeding = || sources.iter().filter(|s| s.rows > 0 && kinds.contains(&s.kind));
        if !kinds.iter().all(|kind| feeding().any(|s| s.kind == *kind)) {
            return Ok(Extent::EMPTY);
        }
        let live = feeding().filter(|s| !s.ended).filter_map(|s| s.through).min();
        let through = live.or_else(|| feeding().filter_map(|s| s.through).max());
        // What is fed by two kinds has rows only where both have.
        let reach_of = |kind: &Kind| feeding().filter(|s| s.kind == *kind).filter_map(|s| s.newest).max();
        let newest = kinds.iter().filter_map(reach_of).min();
        let day_of = |at: Option<Instant>, back: i32| at.map_or(NEVER, |t| self.calendar.day_of(t).plus(-back));
        let (through_day, newest_day) = (day_of(through, 1), day_of(newest, 0));
        let horizon = Horizon { through: through_day, reach: newest_day.max(through_day) }.cut(self.until);
        let first = if feed == Feed::Spend { self.cache.first_spend(self.store)? } else { self.first_day()? };
        let through_at = through.unwrap_or(Instant(i64::MIN)).min(self.seen_until());
        let reach_at = newest.map_or(through_at, |at| Instant(at.0 + 1).min(self.seen_until()).max(through_at));
        Ok(first.map_or(Extent::EMPTY, |first| Extent { first, horizon, through_at, reach_at }))
    }

    /// How much of a span all sources of some feeds cover that there are, and the last day that they do: of what came
    /// late the newest days are told in part.
    pub fn covered(&mut self, feeds: &[Feed], span: Span) -> Result<(State, Day), EngineError> {
        let mut through = self.until;
        for feed in feeds {
            let extent = self.extent(*feed)?;
            if !extent.is_empty() {
                through = through.min(extent.horizon.through);
            }
        }
        Ok((Horizon { through, reach: self.until }.state(span), through))
    }

    /// Records of content by id; a publication that is not seen yet is none.
    pub fn items(&self) -> Result<BTreeMap<String, ContentRecord>, EngineError> {
        items::records(self.store, self.until)
    }

    /// The last day of which it is known what was published.
    pub fn items_known(&self) -> Result<Option<Day>, EngineError> {
        let over = self.until.min(self.today.plus(-1));
        Ok(items::said_at(self.store)?.map(|at| self.calendar.day_of(at).plus(-1).min(over)))
    }

    /// Days from the first that anything was due or came from a partner, as far as is seen.
    pub fn deals_extent(&self) -> Result<Extent, EngineError> {
        let Some(first) = deal_rows::first_day(self.store)? else { return Ok(Extent::EMPTY) };
        let known = self.until.min(self.today.plus(-1));
        let end = self.calendar.end_of(known);
        Ok(Extent { first, horizon: Horizon { through: known, reach: known }, through_at: end, reach_at: end })
    }

    /// Days of which it is known what was published, from the first that something was planned for.
    fn items_extent(&self) -> Result<Extent, EngineError> {
        let first = self.items()?.values().filter_map(|record| record.planned).min();
        let Some((first, known)) = first.zip(self.items_known()?) else { return Ok(Extent::EMPTY) };
        let end = self.calendar.end_of(known);
        Ok(Extent { first, horizon: Horizon { through: known, reach: known }, through_at: end, reach_at: end })
    }

    /// First day from which a metric can be compared: the latest of the first days of what feeds it.
    pub fn comparable_from(&mut self, feed: Feed) -> Result<Option<Day>, EngineError> {
        let mut from = None;
        for kind in self.kinds(feed)? {
            let first = match kind {
                Kind::Events => self.cache.event_days(self.store)?.first().map(|d| d.0),
                // A day before the first order is a day without orders where events tell that there was one.
                Kind::Revenue => self.first_day()?,
                Kind::Spend => self.cache.first_spend(self.store)?,
                Kind::Content => self.items_extent()?.known().map(|known| known.first),
                Kind::Deals => self.deals_extent()?.known().map(|known| known.first),
                // Facts are told by day and metric; no metric is fed by the others.
                Kind::Facts | Kind::Rates | Kind::Links => None,
            };
            from = from.max(first);
        }
        Ok(from)
    }

    /// First day with an event or a money row.
    pub fn first_day(&mut self) -> Result<Option<Day>, EngineError> {
        let events = self.cache.event_days(self.store)?.first().map(|d| d.0);
        Ok(events.into_iter().chain(self.store.first_money()?).min())
    }

    pub fn ledger(&mut self) -> Result<Arc<Ledger>, EngineError> {
        self.cache.ledger(self.store, self.until)
    }

    /// All money by user, up to the last day that is seen.
    pub fn purses(&mut self) -> Result<Arc<Purses>, EngineError> {
        self.cache.purses(self.store, self.until)
    }

    /// Money of some days at least; of all where a start asks, whose next questions need it.
    pub fn ledger_of(&mut self, span: Span) -> Result<Arc<Ledger>, EngineError> {
        if self.starts { self.ledger() } else { self.cache.ledger_of(self.store, span, self.until) }
    }

    /// Names of users by id.
    pub fn names(&mut self) -> Result<Arc<Vec<String>>, EngineError> {
        self.cache.names(self.store)
    }

    /// The events by user and time; `None` where a question about a span is better answered by reading its events.
    pub fn timeline(&mut self, span: Option<Span>) -> Result<Option<Arc<Timeline>>, EngineError> {
        let days = self.cache.event_days(self.store)?;
        let sum = |span: Option<Span>| {
            days.iter().filter(|(day, _)| span.is_none_or(|span| span.contains(*day))).map(|(_, events)| events).sum()
        };
        self.keeper.current(self.store, self.calendar, (sum(span), sum(None)))
    }

    /// Ends the question at hand where another thread wants it.
    pub fn halt(&self) -> Halt {
        self.keeper.halt.clone()
    }

    pub fn user_days(&mut self, lens: &Lens) -> Result<Arc<UserDays>, EngineError> {
        if let Lens::Rows { event, platforms, props } = lens
            && props.is_empty()
            && self.keeper.is_lasting()
            && !self.cache.lenses.contains_key(lens)
            && let Some(timeline) = self.timeline(None)?
        {
            let passive = self.cache.passive(self.store)?;
            let days = lens::recall(&timeline, (*event, platforms), (&passive, self.calendar, &self.keeper.halt))?;
            self.cache.lenses.insert(lens.clone(), Arc::new(days));
        }
        self.cache.user_days(self.store, lens, (self.calendar, &self.keeper.halt))
    }

    /// Whether the history holds something, looked for once.
    pub fn ever(
        &mut self,
        what: &'static str,
        look: impl FnOnce(&mut Self) -> Result<bool, EngineError>,
    ) -> Result<bool, EngineError> {
        if let Some(ever) = self.cache.ever.get(what) {
            return Ok(*ever);
        }
        let ever = look(self)?;
        self.cache.ever.insert(what, ever);
        Ok(ever)
    }

    /// What users without a channel are called: direct where others have one, else unknown.
    pub fn nameless_channel(&mut self) -> Result<&'static str, EngineError> {
        let known = self.cache.channels(self.store, self.seen_until())?.iter().any(Option::is_some);
        Ok(if known { DIRECT } else { UNKNOWN })
    }

    /// Id of a name.
    pub fn id(&mut self, kind: TermKind, name: &str) -> Result<Option<u32>, EngineError> {
        let names = self.cache.terms(self.store, kind)?;
        Ok(names.iter().position(|n| n == name).map(|i| i as u32))
    }

    /// Ids of those names that exist, in ascending order.
    pub fn ids(&mut self, kind: TermKind, wanted: &[String]) -> Result<Vec<u32>, EngineError> {
        let names = self.cache.terms(self.store, kind)?;
        Ok(names.iter().enumerate().filter(|(_, n)| wanted.contains(n)).map(|(i, _)| i as u32).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(a: i32, b: i32) -> Span {
        Span { first: Day(a), last: Day(b) }
    }

    #[test]
    fn an_extent_gives_the_complete_days_or_else_the_running_ones() {
        let horizon = Horizon { through: Day(9), reach: Day(10) };
        let extent = Extent { first: Day(3), horizon, through_at: Instant(0), reach_at: Instant(0) };
        assert_eq!(extent.seen(span(0, 20)), Some(span(3, 10)));
        assert_eq!(extent.covered(span(0, 20)), Some(span(3, 9)));
        assert_eq!(extent.covered(span(10, 20)), Some(span(10, 10)));
        assert_eq!(extent.seen(span(0, 2)), None);
        assert_eq!(extent.covered(span(11, 20)), None);
        assert_eq!(Extent::EMPTY.seen(span(0, 20)), None);
    }
}
