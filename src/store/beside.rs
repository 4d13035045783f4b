//! One question, several connections: shares of a long read by threads of their own, of the same state of the file.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::reads::newest;
use super::{Access, Store, StoreError};
use crate::domain::threads;

impl Store {
    /// How many connections, each with a thread, a read pays for; one where only this connection sees what it sees.
    /// `worth` is how much of the work one more of them takes.
    pub(super) fn readers(&self, work: usize, worth: usize) -> usize {
        let own_file = self.conn.path().is_some_and(|path| Path::new(path) == self.path);
        if own_file && self.conn.is_autocommit() { threads::paid_for(work, worth) } else { 1 }
    }

    /// What a read gives for each of some shares, in their order. So many [readers](Self::readers), of which this
    /// connection is one, take the next share as soon as they are ready for it.
    pub(super) fn read_shares<S: Sync, T: Send>(
        &self,
        readers: usize,
        shares: &[S],
        read: impl Fn(&Self, &S) -> Result<T, StoreError> + Sync,
    ) -> Result<Vec<T>, StoreError> {
        let others = readers.min(shares.len()).saturating_sub(1);
        if others == 0 {
            return shares.iter().map(|share| read(self, share)).collect();
        }
        self.within_one_state(|own| {
            let (seq, path, next) = (newest(&own.conn)?, own.path.as_path(), AtomicUsize::new(0));
            let take = |store: &Self| -> Result<Vec<(usize, T)>, StoreError> {
                let turns = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
                let taken = turns.map_while(|at| Some((at, shares.get(at)?)));
                let parts = taken.map(|(at, share)| Ok((at, read(store, share)?))).collect();
                // Where one share fails, nobody asks for the others.
                next.store(shares.len(), Ordering::Relaxed);
                parts
            };
            // Where there is no such connection, the others take its shares.
            let beside = || match Self::connect(path.to_path_buf(), Access::ReadOnly, Duration::ZERO) {
                Ok(store) if store.begins_at(seq) => take(&store),
                _ => Ok(Vec::new()),
            };
            let parts = thread::scope(|scope| {
                let started: Vec<_> = (0..others).map(|_| scope.spawn(beside)).collect();
                let own = take(own);
                started.into_iter().map(threads::joined).chain([own]).collect::<Result<Vec<_>, _>>()
            })?;
            let mut parts: Vec<(usize, T)> = parts.into_iter().flatten().collect();
            parts.sort_by_key(|(at, _)| *at);
            Ok(parts.into_iter().map(|(_, part)| part).collect())
        })
    }

    /// Begins to read, and says whether that shows the state of some commit: another one is none of the question. Nobody
    /// ends it, since the connection does not outlive what it reads.
    fn begins_at(&self, seq: i64) -> bool {
        self.conn.execute_batch("BEGIN").is_ok() && newest(&self.conn).is_ok_and(|seen| seen == seq)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Instant;

    use rustc_hash::FxHashSet;

    use super::*;
    use crate::domain::calendar::Zone;
    use crate::store::NewWorkspace;

    const SHARES: [usize; 9] = [7, 3, 5, 1, 8, 2, 6, 4, 0];

    fn bare() -> NewWorkspace {
        NewWorkspace::bare(Zone::UTC, None)
    }

    fn workspace(folder: &tempfile::TempDir) -> Store {
        Store::create(&folder.path().join("w.db"), &bare()).unwrap()
    }

    #[test]
    fn every_share_is_read_once_and_parts_stand_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let store = workspace(&folder);
        for readers in 0..4 {
            let (seen, began) = (Mutex::new(FxHashSet::default()), Instant::now());
            let read = |store: &Store, share: &usize| {
                seen.lock().unwrap().insert(thread::current().id());
                // Whoever comes first waits for the others to take some too.
                while seen.lock().unwrap().len() < readers && began.elapsed() < Duration::from_secs(9) {
                    thread::sleep(Duration::from_millis(1));
                }
                Ok((*share, store.users()?))
            };
            assert_eq!(store.read_shares(readers, &SHARES, read).unwrap(), SHARES.map(|share| (share, 0)));
            assert_eq!(seen.into_inner().unwrap().len(), readers.max(1));
        }
    }

    #[test]
    fn a_share_that_fails_ends_the_read() {
        let folder = tempfile::tempdir().unwrap();
        let store = workspace(&folder);
        let read = |_: &Store, share: &usize| {
            if *share == 1 { Err(StoreError::damaged("share 1")) } else { Ok(*share) }
        };
        for readers in [1, 2] {
            assert!(store.read_shares(readers, &SHARES, read).unwrap_err().to_string().contains("share 1"));
        }
    }

    #[test]
    fn what_only_one_connection_sees_has_one_reader_and_another_state_has_none() {
        let folder = tempfile::tempdir().unwrap();
        let store = workspace(&folder);
        let most = threads::paid_for(usize::MAX, 1);
        assert_eq!((store.readers(usize::MAX, 1), store.readers(0, 1)), (most, 1));
        assert_eq!(Store::in_memory(&bare()).unwrap().readers(usize::MAX, 1), 1);
        store.conn.execute_batch("BEGIN").unwrap();
        assert_eq!(store.readers(usize::MAX, 1), 1);
        store.conn.execute_batch("COMMIT").unwrap();
        let seq = newest(&store.conn).unwrap();
        let other = || Store::connect(store.path.clone(), Access::ReadOnly, Duration::ZERO).unwrap();
        assert!(other().begins_at(seq) && !other().begins_at(seq + 1));
    }
}
