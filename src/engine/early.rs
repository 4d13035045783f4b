//! Money and first touches, read by threads of their own beside active days, and money by user, sorted beside what is
//! counted first: where a start has to count its numbers, these are most of the wait.

use std::path::Path;
use std::sync::Arc;

use crate::domain::calendar::Day;
use crate::metrics::revenue::Purses;
use crate::store::Store;

use super::EngineError;
use super::ahead::Ahead;
use super::halt::Halt;
use super::ledger::{self, Ledger};
use super::touched::Touched;

/// Rows that a thread of their own pays for; few in tests.
const FEW_ROWS: usize = if cfg!(test) { 1 } else { 50_000 };

/// Something that may be being read, with the number of the commit that it shows.
type Reading<T> = Option<Ahead<(i64, T)>>;

/// What is being read.
#[derive(Debug, Default)]
pub(super) struct Early {
    money: Reading<Ledger>,
    touched: Reading<Touched>,
    /// All money by user, up to a day.
    purses: Option<Ahead<(Day, Purses)>>,
    halt: Halt,
}

impl Early {
    /// Begins to read what is many rows; `halt` ends the question that waits for it.
    pub fn start(
        (store, file): (&Store, &Path),
        (money, touched): (bool, bool),
        halt: &Halt,
    ) -> Result<Self, EngineError> {
        let (money, touched) =
            (money && store.most_money()? >= FEW_ROWS, touched && store.users()? as usize >= FEW_ROWS);
        Ok(Self {
            money: if money { Ahead::start(file, |store, _| numbered(store, read_money)) } else { None },
            touched: if touched { Ahead::start(file, |store, _| numbered(store, Touched::read)) } else { None },
            purses: None,
            halt: halt.clone(),
        })
    }

    /// Whether nothing is being read.
    pub fn is_idle(&self) -> bool {
        self.money.is_none() && self.touched.is_none() && self.purses.is_none()
    }

    /// All money as of a commit, if it was begun; begins to sort it by user, up to a day.
    pub fn ledger(&mut self, seq: Option<i64>, until: Day) -> Result<Option<Arc<Ledger>>, EngineError> {
        let ledger = as_of(seq, Ahead::take(&mut self.money, &self.halt)?).map(Arc::new);
        if let Some(ledger) = ledger.clone() {
            self.purses = Ahead::make(move |_| Ok((until, Purses::new(&ledger.rows, until))));
        }
        Ok(ledger)
    }

    /// The same money by user, up to a day, if it was begun.
    pub fn purses(&mut self, until: Day) -> Result<Option<Purses>, EngineError> {
        let sorted = Ahead::take(&mut self.purses, &self.halt)?;
        Ok(sorted.filter(|(seen, _)| *seen == until).map(|(_, purses)| purses))
    }

    /// First touches as of a commit, if they were begun.
    pub fn touched(&mut self, seq: Option<i64>) -> Result<Option<Touched>, EngineError> {
        Ok(as_of(seq, Ahead::take(&mut self.touched, &self.halt)?))
    }
}

fn read_money(store: &Store) -> Result<Ledger, EngineError> {
    let rates = ledger::rates(store, store.settings()?.currency)?;
    Ledger::read(store, None, rates.as_ref())
}

/// What was read, unless it shows another commit than the one that is asked for.
fn as_of<T>(seq: Option<i64>, read: Option<(i64, T)>) -> Option<T> {
    read.filter(|(shown, _)| Some(*shown) == seq).map(|(_, it)| it)
}

/// What is read, with the number of the commit that it shows.
fn numbered<T>(store: &Store, read: impl FnOnce(&Store) -> Result<T, EngineError>) -> Result<(i64, T), EngineError> {
    store.within_one_state(|store| Ok((store.changes(i64::MAX)?.seq, read(store)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Day, Grain, Instant, Span, Zone};
    use crate::domain::money::Currency;
    use crate::engine::{Clock, Engine, NewWorkspace};
    use crate::query::{Command, Comparison, ImportRequest, Query, Scope, Segment};

    const CLOCK: Clock = Clock { now: Instant(1_781_136_000_000_000), today: None };

    fn import(engine: &mut Engine, folder: &Path, rows: &str) {
        let mut file = tempfile::NamedTempFile::with_suffix_in(".csv", folder).unwrap();
        std::io::Write::write_all(&mut file, rows.as_bytes()).unwrap();
        let request = ImportRequest { path: file.path().to_owned(), ..ImportRequest::default() };
        engine.run(&Command::Import(request), CLOCK, &mut |_| std::ops::ControlFlow::Continue(())).unwrap();
    }

    #[test]
    fn what_is_read_early_is_what_is_read_later_and_of_another_commit_it_is_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        let mut engine = Engine::create(&path, &NewWorkspace::bare(Zone::UTC, Currency::parse("USD"))).unwrap();
        import(
            &mut engine,
            folder.path(),
            "order_id,user_id,ts,amount\no1,u1,2026-06-03T10:00:00Z,5\no2,u2,2026-06-02T10:00:00Z,7\n",
        );
        import(&mut engine, folder.path(), "user_id,event,ts,channel\nu1,open,2026-06-01T10:00:00Z,ads\n");
        let store = &engine.store;
        let seq = store.changes(i64::MAX).unwrap().seq;
        let start = |wanted| Early::start((store, &path), wanted, &Halt::default()).unwrap();
        let mut early = start((true, true));
        assert!(!early.is_idle());
        let until = Day::parse("2026-06-02").unwrap();
        let (ledger, plain) = (early.ledger(Some(seq), until).unwrap().unwrap(), read_money(store).unwrap());
        assert_eq!((ledger.rows.len(), &ledger.rows), (2, &plain.rows));
        assert_eq!(early.purses(until).unwrap(), Some(Purses::new(&plain.rows, until)));
        let payments = |until| (0..2).map(|user| Purses::new(&plain.rows, until).of(user).len()).sum::<usize>();
        assert_eq!((payments(until), payments(until.plus(-1))), (1, 0));
        let (touched, plain) = (early.touched(Some(seq)).unwrap().unwrap(), Touched::read(store).unwrap());
        let of = |touched: &Touched| (0..2).map(|user| touched.of(user, Instant(i64::MAX))).collect::<Vec<_>>();
        assert_eq!(of(&touched), of(&plain));
        assert!(of(&plain).iter().any(Option::is_some) && early.is_idle());
        assert!(start((true, false)).ledger(Some(seq + 1), until).unwrap().is_none());
        assert!(start((false, false)).is_idle());
        let stopped = Halt::default();
        stopped.stop();
        let mut slow = Early {
            halt: stopped,
            money: Ahead::start(&path, |_, _| {
                std::thread::sleep(std::time::Duration::from_millis(200));
                Err(EngineError::Interrupted)
            }),
            touched: None,
            purses: None,
        };
        assert!(slow.ledger(Some(seq), until).is_err_and(|error| error.is_interrupted()) && !slow.is_idle());
    }

    #[test]
    fn who_reads_side_by_side_is_told_the_same_before_a_commit_and_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        let mut plain = Engine::create(&path, &NewWorkspace::bare(Zone::UTC, Currency::parse("USD"))).unwrap();
        import(&mut plain, folder.path(), "user_id,event,ts,channel\nu1,open,2026-06-01T10:00:00Z,ads\n");
        let mut beside =
            Engine::open(&path, crate::engine::Access::ReadOnly, std::time::Duration::from_secs(1)).unwrap();
        beside.read_beside();
        let day = |text| Day::parse(text).unwrap();
        let period = Span { first: day("2026-06-01"), last: day("2026-06-10") };
        let scope = Scope { period, grain: Grain::Day, comparison: Comparison::Previous, segment: Segment::default() };
        for order in ["o1,u1,2026-06-03T10:00:00Z,5", "o2,u2,2026-06-02T10:00:00Z,7"] {
            import(&mut plain, folder.path(), &format!("order_id,user_id,ts,amount\n{order}\n"));
            for query in [Query::Front(scope.clone()), Query::Today] {
                let told = format!("{:?}", beside.answer(&query, CLOCK).unwrap());
                assert_eq!(told, format!("{:?}", plain.answer(&query, CLOCK).unwrap()));
                assert!(query == Query::Today || told.contains("Money("), "{told}");
            }
        }
    }
}
