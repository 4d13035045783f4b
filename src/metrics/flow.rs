//! Sizes of groups of users, and how users moved between them since an earlier date.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Users of a group now, and how they moved since an earlier date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow<G> {
    /// The group.
    pub group: G,
    /// Users in it now.
    pub users: u64,
    /// Users who are in it now and were not before, those that were in no group included.
    pub came: u64,
    /// Users who were in it before and are not now, those that are in no group now included.
    pub left: u64,
}

/// Users who were in one group before and are in another, or the same, now; `None` is outside of all groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move<G> {
    /// The group before.
    pub from: Option<G>,
    /// The group now.
    pub to: Option<G>,
    /// Users.
    pub users: u64,
}

/// Sizes and flows of all groups from the group of each user at two dates; a user has one group at each.
///
/// `users now = users before + came - left` in each group.
pub fn flows<G: Copy + Eq>(groups: &[G], moves: &[Move<G>]) -> Vec<Flow<G>> {
    let sum = |fits: &dyn Fn(&Move<G>) -> bool| moves.iter().filter(|m| fits(m)).map(|m| m.users).sum();
    let flow = |group: &G| Flow {
        group: *group,
        users: sum(&|m| m.to == Some(*group)),
        came: sum(&|m| m.to == Some(*group) && m.from != m.to),
        left: sum(&|m| m.from == Some(*group) && m.from != m.to),
    };
    groups.iter().map(flow).collect()
}

/// Users by their group before and now, in the order of the groups, outside last.
pub fn moves<G: Copy + Eq + Hash>(groups: &[G], before: &[(u32, G)], now: &[(u32, G)]) -> Vec<Move<G>> {
    let mut users = FxHashMap::<u32, (Option<G>, Option<G>)>::default();
    for (user, group) in before {
        users.entry(*user).or_default().0 = Some(*group);
    }
    for (user, group) in now {
        users.entry(*user).or_default().1 = Some(*group);
    }
    let mut sizes = FxHashMap::<(Option<G>, Option<G>), u64>::default();
    for pair in users.into_values() {
        *sizes.entry(pair).or_default() += 1;
    }
    let place = |group: Option<G>| groups.iter().position(|g| Some(*g) == group).unwrap_or(groups.len());
    let mut out: Vec<_> = sizes.into_iter().map(|((from, to), users)| Move { from, to, users }).collect();
    out.sort_unstable_by_key(|m| (place(m.from), place(m.to)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flows_balance() {
        let groups = ['a', 'b', 'c'];
        let moves = moves(&groups, &[(1, 'b'), (2, 'b'), (3, 'c')], &[(1, 'a'), (2, 'b'), (4, 'a')]);
        let list: Vec<_> = moves.iter().map(|m| (m.from, m.to, m.users)).collect();
        assert_eq!(
            list,
            [(Some('b'), Some('a'), 1), (Some('b'), Some('b'), 1), (Some('c'), None, 1), (None, Some('a'), 1),]
        );
        let flows: Vec<_> = flows(&groups, &moves).iter().map(|f| (f.group, f.users, f.came, f.left)).collect();
        assert_eq!(flows, [('a', 2, 2, 0), ('b', 1, 0, 1), ('c', 0, 0, 1)]);
    }
}
