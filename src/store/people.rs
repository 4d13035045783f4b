//! Who is whom: identity links merge users for every answer, while rows keep the id they came with, so that taking the
//! links back takes nothing else back.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::events::rebuilt_at;
use super::{Store, StoreError};

/// The users that count as another one, by dense id.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct People(FxHashMap<u32, u32>);

/// People as of the commit in which the caches were last told to read everything anew, which is what links do.
#[derive(Debug, Default)]
pub(super) struct Known(RefCell<Option<(i64, Arc<People>)>>);

impl Known {
    /// Forgets who is whom: the file has other content.
    pub(super) fn forget(&self) {
        self.0.replace(None);
    }
}

impl People {
    /// The user that an id counts as.
    pub(super) fn of(&self, user: u32) -> u32 {
        self.0.get(&user).copied().unwrap_or(user)
    }

    /// The same for many ids; they may come out in another order and repeat.
    pub(super) fn merge(&self, users: &mut [u32]) {
        if self.0.is_empty() {
            return;
        }
        for user in users {
            *user = self.of(*user);
        }
    }

    /// All ids that links connect are one person: of those that no link calls an alias the first by text, or of all where
    /// each is one.
    fn linked<'n>(links: impl IntoIterator<Item = ((u32, &'n str), (u32, &'n str))>) -> Self {
        let (mut parents, mut names) = (FxHashMap::default(), BTreeMap::new());
        for ((alias, alias_name), (user, user_name)) in links {
            names.entry(user).or_insert((false, user_name));
            names.entry(alias).or_insert((false, alias_name)).0 |= alias != user;
            let (a, b) = (root(&mut parents, alias), root(&mut parents, user));
            if a != b {
                parents.insert(a, b);
            }
        }
        let mut whole: FxHashMap<u32, ((bool, &str), u32)> = FxHashMap::default();
        for (id, rank) in &names {
            let best = whole.entry(root(&mut parents, *id)).or_insert((*rank, *id));
            *best = (*best).min((*rank, *id));
        }
        let pair = |id: &u32| Some((*id, whole.get(&root(&mut parents, *id))?.1));
        Self(names.keys().filter_map(pair).filter(|(id, user)| id != user).collect())
    }
}

/// The id that stands for a group, with the way to it shortened.
fn root(parents: &mut FxHashMap<u32, u32>, id: u32) -> u32 {
    let mut at = id;
    while let Some(next) = parents.get(&at).copied() {
        if let Some(after) = parents.get(&next).copied() {
            parents.insert(at, after);
        }
        at = next;
    }
    at
}

impl Store {
    /// Who is whom by the links in the numbers.
    pub(super) fn people(&self) -> Result<Arc<People>, StoreError> {
        let seq = rebuilt_at(&self.conn)?.unwrap_or(0);
        if let Some((known, people)) = &*self.people.0.borrow()
            && *known == seq
        {
            return Ok(people.clone());
        }
        let people = Arc::new(read(&self.conn)?);
        self.people.0.replace(Some((seq, people.clone())));
        Ok(people)
    }
}

fn read(conn: &Connection) -> Result<People, StoreError> {
    let sql = "SELECT x.alias, a.name, x.user, u.name FROM link x JOIN user a ON a.id = x.alias
        JOIN user u ON u.id = x.user WHERE x.state = 0";
    let mut statement = conn.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let links: Vec<(u32, String, u32, String)> = rows.collect::<Result<_, _>>()?;
    Ok(People::linked(links.iter().map(|(alias, a, user, u)| ((*alias, a.as_str()), (*user, u.as_str())))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 8] = ["h", "c", "a", "e", "g", "b", "d", "f"];

    fn people(links: &[(u32, u32)]) -> People {
        let named = |id: u32| (id, NAMES[id as usize]);
        People::linked(links.iter().map(|(alias, user)| (named(*alias), named(*user))))
    }

    #[test]
    fn chains_and_stars_end_with_the_user_that_is_no_alias() {
        let chain = people(&[(0, 1), (1, 2), (3, 2)]);
        assert_eq!([0, 1, 2, 3, 4].map(|id| chain.of(id)), [2, 2, 2, 2, 4]);
        // An alias of two users makes them one: the first of them by text.
        let two = people(&[(0, 1), (0, 2)]);
        assert_eq!([0, 1, 2].map(|id| two.of(id)), [2, 2, 2]);
    }

    #[test]
    fn a_circle_is_one_person_and_an_id_linked_with_itself_is_itself() {
        let circle = people(&[(0, 1), (1, 0)]);
        assert_eq!([0, 1].map(|id| circle.of(id)), [1, 1]);
        assert_eq!(people(&[(4, 4)]), People::default());
        assert_eq!(people(&[(4, 4), (5, 4)]).of(5), 4);
    }

    proptest! {
        #[test]
        fn the_order_of_links_makes_no_difference_and_who_counts_as_another_counts_whole(
            links in prop::collection::vec((0..8_u32, 0..8_u32), 0..12), seed in any::<u64>(),
        ) {
            let whole = people(&links);
            let mut other = links.clone();
            other.sort_by_key(|(a, b)| (u64::from(*a) * 31 + u64::from(*b) * 17).wrapping_mul(seed | 1));
            prop_assert_eq!(&people(&other), &whole);
            for (a, b) in links {
                prop_assert_eq!(whole.of(a), whole.of(b));
            }
            for id in 0..8 {
                prop_assert_eq!(whole.of(whole.of(id)), whole.of(id));
            }
        }
    }
}
