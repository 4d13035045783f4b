//! Decoded rollups kept in memory between questions; only what a commit touched is read again.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::domain::calendar::{Calendar, Day, Instant, Span};
use crate::domain::roles::NameRole;
use crate::metrics::currency::Rates;
use crate::metrics::presence::UserDays;
use crate::metrics::revenue::{Buyers, Purses, Takings};
use crate::metrics::turnout::Turnout;
use crate::query::{Answer, Query};
use crate::store::{Changes, MoneyRow, SetKind, Settings, SpendRow, Store, TermKind};

use super::EngineError;
use super::ask::Part;
use super::early::Early;
use super::fact_table::Facts;
use super::halt::Halt;
use super::ledger::{self, Ledger, converted};
use super::lens;
use super::routes::Routes;
use super::shelves::Shelves;
use super::subscriptions::Subscriptions;
use super::touched::Touched;
use super::tracks::{DaySeries, Track};
use super::who::{Lens, People};

/// Beyond this many touched days what is held is read whole rather than day by day.
const FEW_DAYS: usize = 60;

/// Days that are read before and after those of the first question about money.
const RECENT_DAYS: i32 = 35;

/// What money was added up for: the people and streams of a segment, a part of it, and buckets.
type Sums = (People, Vec<String>, Part, Vec<Span>);

/// What was added up of the same rows, as far as it was asked for.
#[derive(Debug, Default)]
pub(super) struct Summed {
    pub takings: Option<Arc<Vec<Takings>>>,
    pub buyers: Option<Arc<Vec<Buyers>>>,
}

/// Active days and what was counted of them.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    pub days: Arc<UserDays>,
    pub turnout: Arc<Turnout>,
}

impl Counted {
    /// The same of other days of everybody, where few users differ.
    pub fn follow(mut self, days: &Arc<UserDays>) -> Option<Self> {
        Arc::make_mut(&mut self.turnout).follow(&self.days, days).then(|| Self { days: days.clone(), ..self })
    }
}

/// Answers that the file does not keep yet: the state of the file that they show, and bodies by question.
#[derive(Debug, Default)]
pub(super) struct Unkept {
    pub state: String,
    pub answers: BTreeMap<String, String>,
    /// Bytes of them.
    pub size: usize,
}

/// Everything read from the store that more than one question needs.
#[derive(Debug, Default)]
pub(super) struct Cache {
    /// State of the file that the cache shows; `None` before the first read.
    seq: Option<i64>,
    version: i64,
    settings: Option<Arc<Settings>>,
    has_events: Option<bool>,
    sets: Shelves,
    /// Active days of users by what counts as activity.
    pub lenses: FxHashMap<Lens, Arc<UserDays>>,
    roles: Option<Arc<Vec<NameRole>>>,
    routes: Option<Arc<Routes>>,
    touched: Option<Touched>,
    /// With the instant up to which touches are seen.
    channels: Option<(Instant, Arc<Vec<Option<u32>>>)>,
    names: Option<Arc<Vec<String>>>,
    terms: FxHashMap<TermKind, Arc<Vec<String>>>,
    /// Money and first touches that are being read.
    early: Early,
    ledger: Option<Arc<Ledger>>,
    /// Money of some days, until more of it is asked for.
    recent: Option<(Span, Arc<Ledger>)>,
    /// All money by user, with the last day that is seen.
    purses: Option<(Day, Arc<Purses>)>,
    subscriptions: Option<Arc<Subscriptions>>,
    spend: Option<Arc<Vec<SpendRow>>>,
    /// The first day of it; `None` inside where nothing was spent.
    first_spend: Option<Arc<Option<Day>>>,
    facts: Option<Arc<Facts>>,
    /// Rates into the workspace's currency; `None` inside while it has none.
    rates: Option<Arc<Option<Rates>>>,
    event_days: Option<Arc<Vec<(Day, u64)>>>,
    /// Recent days with rows by source of orders or spend.
    pub source_days: FxHashMap<String, Arc<Vec<Day>>>,
    /// Whether the history holds anything that a measure is made from, by its name; only the events themselves tell.
    pub ever: FxHashMap<&'static str, bool>,
    /// By the people of a segment.
    pub only: FxHashMap<People, Arc<Vec<bool>>>,
    /// By lens and the people of a segment.
    pub turnouts: FxHashMap<(Lens, People), Counted>,
    /// Those of everybody as they were before a commit.
    pub past: FxHashMap<Lens, Counted>,
    /// By lens and the people of a segment.
    pub tracks: FxHashMap<(Lens, People, Track), Arc<DaySeries>>,
    pub summed: FxHashMap<Sums, Summed>,
    /// Numbers for the next start.
    pub unkept: Unkept,
    /// What was told on the tabs of operation types, by the days seen and the question.
    pub told: Vec<((Day, Day), Query, Answer)>,
}

impl Cache {
    /// Brings the cache up to the file's present state; says whether anything had changed.
    pub fn refresh(&mut self, store: &Store) -> Result<bool, EngineError> {
        let version = store.data_version()?;
        let changes = store.changes(self.seq.unwrap_or(0))?;
        if self.seq == Some(changes.seq) && self.version == version {
            return Ok(false);
        }
        let first = self.seq.replace(changes.seq).is_none();
        self.version = version;
        if first || changes.rebuilt {
            *self = Self { seq: self.seq, version, ..Self::default() };
        } else if let Err(error) = self.follow(store, &changes) {
            // What is half read must not outlive an interrupted read.
            *self = Self::default();
            return Err(error);
        }
        Ok(true)
    }

    /// Number of the commit that it shows.
    pub fn seq(&self) -> Option<i64> {
        self.seq
    }

    /// Forgets or reads anew what a commit changed.
    fn follow(&mut self, store: &Store, changes: &Changes) -> Result<(), EngineError> {
        (self.settings, self.has_events, self.event_days, self.roles) = (None, None, None, None);
        (self.facts, self.early) = (None, Early::default());
        self.told.clear();
        self.source_days.clear();
        if changes.rates {
            self.rates = None;
        }
        if changes.money || changes.rates {
            (self.ledger, self.recent, self.purses, self.subscriptions) = (None, None, None, None);
            self.summed.clear();
        }
        if changes.money {
            // While there are no events, who paid was active.
            self.sets.forget(SetKind::Buyers);
            self.lenses.clear();
        }
        if changes.spend || changes.rates {
            (self.spend, self.first_spend) = (None, None);
        }
        if changes.terms {
            self.terms.clear();
            // A name may have another role now.
            self.ever.clear();
        }
        if changes.terms || changes.spend {
            self.reroute(store)?;
        }
        if changes.users {
            self.name(store)?;
            self.retouch(store)?;
        }
        // The classes of paying users follow from their payments.
        if changes.users || changes.terms || changes.money || changes.rates {
            self.recount();
        }
        if !changes.days.is_empty() {
            self.lenses.clear();
            self.recount();
            self.ever.clear();
            match changes.days.len() {
                ..=FEW_DAYS => self.sets.reread(store, &changes.days)?,
                _ => self.sets.clear(),
            }
        }
        Ok(())
    }

    /// Reads where channels go; what was read by it is read again where that has changed.
    fn reroute(&mut self, store: &Store) -> Result<(), EngineError> {
        if let Some(old) = self.routes.take()
            && *self.routes(store)? != *old
        {
            (self.channels, self.spend) = (None, None);
            self.recount();
        }
        Ok(())
    }

    /// Forgets what was counted of users.
    fn recount(&mut self) {
        self.only.clear();
        // What nobody has asked for since the last time is let go.
        if !self.turnouts.is_empty() {
            let of_all = self.turnouts.drain().filter(|((_, people), _)| !people.0.limits_people());
            self.past = of_all.map(|((lens, _), counted)| (lens, counted)).collect();
        }
        self.tracks.clear();
        // The money of all is the same whoever came.
        self.summed.retain(|((people, ..), ..), _| !people.limits_people());
    }

    /// Reads the first touches that a commit brought.
    fn retouch(&mut self, store: &Store) -> Result<(), EngineError> {
        let (touched, channels) = (self.touched.take(), self.channels.take());
        let Some(mut touched) = touched else { return Ok(()) };
        let routes = self.routes(store)?;
        let users = touched.refresh(store)?;
        self.channels = channels.map(|(until, mut channels)| {
            let own = Arc::make_mut(&mut channels);
            own.resize(touched.users() as usize, None);
            for user in users {
                own[user as usize] = touched.of(user, until).and_then(|touch| routes.of_touch(touch));
            }
            (until, channels)
        });
        self.touched = Some(touched);
        Ok(())
    }

    /// Begins to read money and first touches beside each other, where they are not held yet.
    pub fn begin_early(&mut self, (store, file): (&Store, &Path), halt: &Halt) -> Result<(), EngineError> {
        if self.early.is_idle() {
            let missing = (self.ledger.is_none(), self.touched.is_none());
            self.early = Early::start((store, file), missing, halt)?;
        }
        Ok(())
    }

    pub fn settings(&mut self, store: &Store) -> Result<Arc<Settings>, EngineError> {
        keep(&mut self.settings, || Ok(Arc::new(store.settings()?)))
    }

    pub fn has_events(&mut self, store: &Store) -> Result<bool, EngineError> {
        keep(&mut self.has_events, || Ok(store.has_events()?))
    }

    /// Names by id; those of channels are the ones that the mapping gives.
    pub fn terms(&mut self, store: &Store, kind: TermKind) -> Result<Arc<Vec<String>>, EngineError> {
        if kind == TermKind::Channel {
            return Ok(self.routes(store)?.names.clone());
        }
        if let Some(names) = self.terms.get(&kind) {
            return Ok(names.clone());
        }
        let names = Arc::new(store.terms(kind)?);
        self.terms.insert(kind, names.clone());
        Ok(names)
    }

    /// What event names mean.
    pub fn roles(&mut self, store: &Store) -> Result<Arc<Vec<NameRole>>, EngineError> {
        keep(&mut self.roles, || Ok(Arc::new(store.roles()?)))
    }

    /// Names whose events are no activity.
    pub fn passive(&mut self, store: &Store) -> Result<Arc<FxHashSet<u32>>, EngineError> {
        let roles = self.roles(store)?;
        Ok(Arc::new(roles.iter().filter(|role| role.passive).map(|role| role.name).collect()))
    }

    /// Where raw channels go.
    pub fn routes(&mut self, store: &Store) -> Result<Arc<Routes>, EngineError> {
        keep(&mut self.routes, || Ok(Arc::new(Routes::read(store)?)))
    }

    /// First-touch channel by user, as the mapping gives it; touches from an instant on are not seen.
    pub fn channels(&mut self, store: &Store, until: Instant) -> Result<Arc<Vec<Option<u32>>>, EngineError> {
        let routes = self.routes(store)?;
        if let Some((_, channels)) = self.channels.as_ref().filter(|(seen, _)| *seen == until) {
            return Ok(channels.clone());
        }
        let channels = Arc::new(self.touched(store)?.channels(&routes, until));
        self.channels = Some((until, channels.clone()));
        Ok(channels)
    }

    /// What every user first came through.
    pub fn touched(&mut self, store: &Store) -> Result<&Touched, EngineError> {
        Ok(match &mut self.touched {
            Some(touched) => touched,
            empty => empty.insert(match self.early.touched(self.seq)? {
                Some(touched) => touched,
                None => Touched::read(store)?,
            }),
        })
    }

    /// Names of users by id.
    pub fn names(&mut self, store: &Store) -> Result<Arc<Vec<String>>, EngineError> {
        keep(&mut self.names, || Ok(Arc::new(store.user_names(0)?)))
    }

    /// Reads the names of users that are new.
    fn name(&mut self, store: &Store) -> Result<(), EngineError> {
        if let Some(mut names) = self.names.take() {
            let new = store.user_names(names.len() as u32)?;
            if !new.is_empty() {
                Arc::make_mut(&mut names).extend(new);
            }
            self.names = Some(names);
        }
        Ok(())
    }

    /// Daily facts, with the channels that the mapping gives.
    pub fn facts(&mut self, store: &Store) -> Result<Arc<Facts>, EngineError> {
        let routes = self.routes(store)?;
        keep(&mut self.facts, || Ok(Arc::new(Facts::read(store, &routes)?)))
    }

    /// Number of events by day, with or without a user.
    pub fn event_days(&mut self, store: &Store) -> Result<Arc<Vec<(Day, u64)>>, EngineError> {
        keep(&mut self.event_days, || Ok(Arc::new(store.daily_event_counts()?)))
    }

    /// Rates into the workspace's currency; none where it has no currency.
    pub fn rates(&mut self, store: &Store) -> Result<Arc<Option<Rates>>, EngineError> {
        let base = self.settings(store)?.currency;
        keep(&mut self.rates, || Ok(Arc::new(ledger::rates(store, base)?)))
    }

    /// Spend by day with the channels that the mapping gives, converted at the rate of its day; what has no rate keeps its
    /// own currency.
    pub fn spend(&mut self, store: &Store) -> Result<Arc<Vec<SpendRow>>, EngineError> {
        let (base, rates, routes) = (self.settings(store)?.currency, self.rates(store)?, self.routes(store)?);
        keep(&mut self.spend, || {
            let mut rows = store.spend(None)?;
            for row in &mut rows {
                row.channel = row.channel.and_then(|channel| routes.of_spend(channel));
                if let Some(amount) = converted((*rates).as_ref(), row.amount, row.currency, row.day) {
                    (row.amount, row.currency) = (amount, base);
                }
            }
            Ok(Arc::new(rows))
        })
    }

    /// First day that money was spent on: a start asks for no more of it where its numbers are kept.
    pub fn first_spend(&mut self, store: &Store) -> Result<Option<Day>, EngineError> {
        Ok(*keep(&mut self.first_spend, || Ok(Arc::new(store.first_spend()?)))?)
    }

    /// Money by day, converted at the rate of its day; `until` is the last day that is seen.
    pub fn ledger(&mut self, store: &Store, until: Day) -> Result<Arc<Ledger>, EngineError> {
        let rates = self.rates(store)?;
        let (early, seq) = (&mut self.early, self.seq);
        let ledger = keep(&mut self.ledger, || match early.ledger(seq, until)? {
            Some(ledger) => Ok(ledger),
            None => Ok(Arc::new(Ledger::read(store, None, (*rates).as_ref())?)),
        })?;
        self.recent = None;
        Ok(ledger)
    }

    /// The same of some days at least. What is asked first is mostly about the last weeks and those before them, which are
    /// read without the years before.
    pub fn ledger_of(&mut self, store: &Store, span: Span, until: Day) -> Result<Arc<Ledger>, EngineError> {
        match &self.recent {
            Some((days, ledger)) if days.contains(span.first) && days.contains(span.last) => return Ok(ledger.clone()),
            None if self.ledger.is_none() => {}
            _ => return self.ledger(store, until),
        }
        let rates = self.rates(store)?;
        let around = span.days().max(RECENT_DAYS);
        let days = Span { first: span.first.plus(-around), last: span.last.plus(around) };
        let ledger = Arc::new(Ledger::read(store, Some(days), (*rates).as_ref())?);
        self.recent = Some((days, ledger.clone()));
        Ok(ledger)
    }

    /// All money by user, up to a day.
    pub fn purses(&mut self, store: &Store, until: Day) -> Result<Arc<Purses>, EngineError> {
        if let Some((_, purses)) = self.purses.as_ref().filter(|(seen, _)| *seen == until) {
            return Ok(purses.clone());
        }
        let ledger = self.ledger(store, until)?;
        let purses = self.early.purses(until)?.unwrap_or_else(|| Purses::new(&ledger.rows, until));
        let purses = Arc::new(purses);
        self.purses = Some((until, purses.clone()));
        Ok(purses)
    }

    /// Payments and refunds of subscriptions, converted at the rate of their day.
    pub fn subscriptions(&mut self, store: &Store) -> Result<Arc<Subscriptions>, EngineError> {
        let rates = self.rates(store)?;
        let own = |row: &MoneyRow| converted((*rates).as_ref(), row.amount, row.currency, row.day);
        keep(&mut self.subscriptions, || Ok(Arc::new(Subscriptions::new(store.subscriptions()?, own))))
    }

    /// Who was active when by sets that events gave.
    fn event_sets(&mut self, store: &Store, kinds: &[SetKind]) -> Result<UserDays, EngineError> {
        let days: Vec<Day> = self.event_days(store)?.iter().map(|(day, _)| *day).collect();
        self.sets.days(store, kinds, Some(&days))
    }

    /// Active days of every user, seen through a lens.
    pub fn user_days(
        &mut self,
        store: &Store,
        lens: &Lens,
        (calendar, halt): (Calendar, &Halt),
    ) -> Result<Arc<UserDays>, EngineError> {
        if let Some(days) = self.lenses.get(lens) {
            return Ok(days.clone());
        }
        let days = Arc::new(match lens {
            Lens::Any if self.has_events(store)? => self.event_sets(store, &[SetKind::Active])?,
            Lens::Any => self.sets.days(store, &[SetKind::Buyers], None)?,
            Lens::Platforms(ids) => {
                let kinds: Vec<SetKind> = ids.iter().map(|id| SetKind::Platform(*id)).collect();
                self.event_sets(store, &kinds)?
            }
            Lens::Event(id) => self.event_sets(store, &[SetKind::Event(*id)])?,
            Lens::Rows { event, platforms, props } => {
                let passive = self.passive(store)?;
                lens::read(store, (*event, platforms, props), (&passive, calendar, halt))?
            }
            Lens::Nothing => UserDays::default(),
        });
        self.lenses.insert(lens.clone(), days.clone());
        Ok(days)
    }
}

/// The value, made on first use.
fn keep<T: Clone>(slot: &mut Option<T>, make: impl FnOnce() -> Result<T, EngineError>) -> Result<T, EngineError> {
    if let Some(value) = slot {
        return Ok(value.clone());
    }
    let value = make()?;
    *slot = Some(value.clone());
    Ok(value)
}
