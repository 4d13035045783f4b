//! Answers queries (store reads and metrics) and runs commands (ingest into store). No terminal.

mod acquisition;
mod activity;
mod acts;
mod ahead;
mod ask;
mod attribution;
mod board;
mod by_content;
mod by_role;
mod cache;
mod campaigns;
mod channels;
mod checkin;
mod choices;
mod content;
mod data;
mod deal_rows;
mod deals;
pub mod demo;
mod detail;
mod early;
mod error;
mod fact_series;
mod fact_table;
mod facts;
mod freshness;
mod funnel;
mod halt;
mod import;
mod items;
mod keep;
mod kept;
mod ledger;
mod lens;
mod lift;
mod limits;
mod ltv;
mod operation;
mod participants;
mod people;
mod plans;
mod recurring;
mod retention;
mod revenue;
mod roles;
mod routes;
mod segments;
mod series;
mod shelves;
mod sieve;
mod status;
mod stream;
mod subscriptions;
mod taken;
mod thresholds;
mod timeline;
mod today;
mod touched;
mod tracks;
mod typed;
mod typed_rows;
mod values;
mod view;
mod who;
mod worth;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use crate::store::{Access, Held, NewWorkspace};
pub use error::EngineError;
pub use keep::{BackupReport, Sample, csv_row, titles};
pub use stream::{Commit, Ears, StreamRequest};

use crate::domain::calendar::{Calendar, DAY_MICROS, Day, Instant};
use crate::domain::drafts::Draft;
use crate::query::{Answer, Query};
use crate::store::{InterruptHandle, Store};

use cache::Cache;
use halt::Halt;
use timeline::Keeper;
use view::View;

/// The time of a question, given from outside so that every answer can be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// Now.
    pub now: Instant,
    /// `--today`: rows of this day and later are not seen, and nothing is complete beyond the day before.
    pub today: Option<Day>,
}

impl Clock {
    /// Today in the workspace's zone, or the day given with `--today`.
    pub fn day(&self, calendar: &Calendar) -> Day {
        self.today.unwrap_or_else(|| calendar.day_of(self.now))
    }

    /// A day later.
    #[must_use]
    pub fn tomorrow(self) -> Self {
        Self { now: Instant(self.now.0.saturating_add(DAY_MICROS)), today: self.today.map(|day| day.plus(1)) }
    }
}

/// Stops a running question from another thread; without one it does nothing.
pub struct Interrupt {
    statement: InterruptHandle,
    halt: Halt,
}

impl Interrupt {
    /// Makes the running question fail with [`EngineError::Interrupted`].
    pub fn stop(&self) {
        self.halt.stop();
        self.statement.interrupt();
    }
}

/// An open workspace that answers questions and runs commands.
pub struct Engine {
    store: Store,
    access: Access,
    path: PathBuf,
    cache: Cache,
    keeper: Keeper,
    /// State of the file that [`Engine::changed`] last told of.
    told: i64,
    /// It is a copy to count in: what is loaded into it is stored nowhere else.
    trial: bool,
    /// What a start counts from may be read by threads of their own.
    beside: bool,
    /// Who gives the orders.
    actor: String,
    looked: import::Looked,
}

impl Engine {
    /// Creates a workspace file and opens it for writing.
    ///
    /// # Errors
    /// When the file exists or cannot be made.
    pub fn create(path: &Path, profile: &NewWorkspace) -> Result<Self, EngineError> {
        Self::over(Store::create(path, profile)?, Access::ReadWrite, path)
    }

    /// Opens a workspace file; `busy` is how long to wait for another writer.
    ///
    /// # Errors
    /// When the file is missing, not a workspace, newer than this program, damaged or not to be opened.
    pub fn open(path: &Path, access: Access, busy: Duration) -> Result<Self, EngineError> {
        Self::over(Store::open(path, access, busy)?, access, path)
    }

    /// Waits so long for another writer from now on.
    ///
    /// # Errors
    /// Those of SQLite.
    pub fn wait_at_most(&mut self, busy: Duration) -> Result<(), EngineError> {
        Ok(self.store.wait_at_most(busy)?)
    }

    /// A workspace that is never written to disk, for trials.
    ///
    /// # Errors
    /// When memory is short.
    pub fn in_memory(profile: &NewWorkspace) -> Result<Self, EngineError> {
        Self::over(Store::in_memory(profile)?, Access::ReadWrite, Path::new(":memory:"))
    }

    /// A copy of the workspace as of now, for counting what imports would do; it needs no right to write and holds up
    /// nobody.
    ///
    /// # Errors
    /// When the workspace cannot be read, or there is no room for temporary files.
    pub fn trial(&self) -> Result<Self, EngineError> {
        let engine = Self::over(self.store.scratch()?, Access::ReadWrite, &self.path)?;
        Ok(Self { trial: true, ..engine })
    }

    fn over(store: Store, access: Access, path: &Path) -> Result<Self, EngineError> {
        let told = store.data_version().map_err(|error| error.at(path))?;
        Ok(Self {
            store,
            access,
            path: path.to_path_buf(),
            cache: Cache::default(),
            keeper: Keeper::default(),
            told,
            trial: false,
            beside: false,
            actor: String::new(),
            looked: import::Looked::default(),
        })
    }

    /// Answers a question; the same question over the same rows gives the same answer, whoever asks.
    ///
    /// # Errors
    /// When the workspace cannot be read, the question does not make sense, or [`Interrupt`] stopped it.
    pub fn answer(&mut self, query: &Query, clock: Clock) -> Result<Answer, EngineError> {
        self.keeper.halt.begin();
        self.look(query, clock).map_err(|error| error.at(&self.path))
    }

    fn look(&mut self, query: &Query, clock: Clock) -> Result<Answer, EngineError> {
        self.cache.refresh(&self.store)?;
        let view = &mut View::new(&self.store, (&mut self.cache, &mut self.keeper), clock)?;
        view.starts = matches!(query, Query::Front(_) | Query::Today);
        view.file = self.beside.then_some(&self.path);
        Ok(match query {
            Query::Status => Answer::Status(status::answer(view, self.access == Access::ReadOnly)?),
            Query::Metric(metric) => Answer::Metric(series::answer(view, metric)?),
            Query::Retention(retention) => Answer::Retention(retention::answer(view, retention)?),
            Query::Stickiness(stickiness) => Answer::Stickiness(activity::histogram(view, stickiness)?),
            Query::Funnel(funnel) => Answer::Funnel(funnel::answer(view, funnel)?),
            Query::FunnelSteps => Answer::FunnelSteps(operation::funnel_steps(view)?),
            Query::Ltv(ltv) => Answer::Ltv(ltv::answer(view, ltv)?),
            Query::Rfm(rfm) => Answer::Rfm(segments::rfm(view, rfm)?),
            Query::Lifecycle(lifecycle) => Answer::Lifecycle(segments::lifecycle(view, lifecycle)?),
            Query::Attribution(credit) => Answer::Attribution(attribution::answer(view, credit)?),
            Query::Channels(channels) => Answer::Channels(Box::new(acquisition::channels(view, channels)?)),
            Query::Campaigns(asked) => Answer::Campaigns(Box::new(campaigns::answer(view, asked)?)),
            Query::Content(content) => Answer::Content(Box::new(content::table(view, content)?)),
            Query::ContentReport(report) => Answer::ContentReport(Box::new(content::report(view, report)?)),
            Query::Mrr(mrr) => Answer::Mrr(recurring::answer(view, mrr)?),
            Query::Participants(asked) => Answer::Participants(participants::answer(view, asked)?),
            Query::Front(scope) => Answer::Front(today::front(view, scope)?),
            Query::Today => Answer::Today(Box::new(today::answer(view)?)),
            Query::Headline(_) | Query::Section(_) => operation::answer(view, query)?,
            Query::Revenue(scope) => Answer::Revenue(board::answer(view, scope)?),
            Query::Detail(detail) => Answer::Detail(detail::answer(view, detail)?),
            Query::Limits(query) => Answer::Limits(limits::answer(view, query)?),
            Query::Lift(query) => Answer::Lift(lift::answer(view, query)?),
            Query::Fact(query) => Answer::Fact(fact_series::answer(view, query)?),
            Query::Journal(span) => Answer::Journal(plans::journal(view, *span)?),
            Query::Deals(query) => Answer::Deals(deals::answer(view, query)?),
            Query::Plans => Answer::Plans(Box::new(plans::board(view)?)),
            Query::Plan(query) => Answer::Plan(Box::new(plans::view(view, *query)?)),
            Query::Propose(query) => Answer::Propose(Box::new(plans::propose(view, query)?)),
            Query::Past(query) => Answer::Past(plans::past(view, query)?),
            Query::Breaks(plan, node) => Answer::Breaks(plans::breaks(view, *plan, *node)?),
            Query::PlanText(plan) => Answer::PlanText(plans::text(view, *plan)?),
            Query::Choices => Answer::Choices(choices::answer(view)?),
            Query::Properties(names) => Answer::Properties(choices::missing_property(view, names)?),
            Query::Missing => Answer::Missing(typed::missing(view)?),
            Query::Drafts => Answer::Drafts(self.store.drafts(&self.actor)?),
            Query::CheckIn => Answer::CheckIn(Box::new(checkin::answer(view, &self.actor, clock.now)?)),
            Query::Data => Answer::Data(data::answer(view)?),
            Query::Roles => Answer::Roles(roles::names(view)?),
            Query::Mapping => Answer::Mapping(channels::answer(view)?),
            Query::Thresholds => Answer::Thresholds(view.thresholds()?),
        })
    }

    /// Says who gives the orders, so that each takes back what is his own.
    pub fn act_as(&mut self, actor: String) {
        self.actor = actor;
    }

    /// Keeps what this person has typed and not stored; no action, so that no undo meets it.
    ///
    /// # Errors
    /// When a draft is too long, or the workspace cannot be written.
    pub fn keep_drafts(&mut self, drafts: &[Draft]) -> Result<(), EngineError> {
        Ok(self.store.keep_drafts(&self.actor, drafts).map_err(|error| error.at(&self.path))?)
    }

    /// From now on reads what a start counts from beside each other, on threads of their own: quicker, in more memory.
    pub fn read_beside(&mut self) {
        self.beside = true;
    }

    /// Reads the events ahead, on a thread of its own, for questions that need them one by one. Who asks again and again
    /// wants it; who asks once does not.
    pub fn read_ahead(&mut self) {
        self.keeper.read_ahead(&self.path);
    }

    /// A handle with which another thread stops the question that is being answered.
    pub fn interrupt_handle(&self) -> Interrupt {
        Interrupt { statement: self.store.interrupt_handle(), halt: self.keeper.halt.clone() }
    }

    /// The workspace file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether another process has committed since this was last asked; costs microseconds.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub fn changed(&mut self) -> Result<bool, EngineError> {
        let version = self.store.data_version().map_err(|error| error.at(&self.path))?;
        Ok(std::mem::replace(&mut self.told, version) != version)
    }
}
