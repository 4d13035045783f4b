//! Of exceptions that have one cause, the deepest that explains the others.

use crate::domain::calendar::Day;

use super::Exception;

/// Days by which two changes may begin apart and still be one.
const APART: i32 = 3;

/// How a part makes up what it is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// It is multiplied with others: changes of their logarithms add up.
    Factor,
    /// It is added to others.
    Addend,
}

/// A part of a definition: places of the part and of the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The part.
    pub part: usize,
    /// What it is a part of.
    pub whole: usize,
    /// How.
    pub share: Share,
}

/// One cause: the exception that explains, and those that it explains.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    /// Place of the exception.
    pub at: usize,
    /// Places of the exceptions above it, nearest first.
    pub covers: Vec<usize>,
}

/// One cause for all exceptions that move together. A whole whose parts have at least `explained` of its change, in its
/// direction and from about its day on, is theirs; it is told with the part that has most of it.
pub fn deepest(found: &[Option<Exception>], links: &[Link], explained: f64) -> Vec<Cause> {
    let at = |place: usize| found.get(place).copied().flatten();
    let mut owner: Vec<Option<usize>> = vec![None; found.len()];
    for (whole, owner) in owner.iter_mut().enumerate() {
        let Some(above) = at(whole) else { continue };
        let parts = links.iter().filter(|link| link.whole == whole);
        let shares: Vec<(usize, f64)> = parts
            .filter_map(|link| Some((link.part, share(&above, &at(link.part)?, link.share)?)))
            .filter(|(_, share)| *share > 0.0)
            .collect();
        if shares.iter().map(|(_, share)| share).sum::<f64>() >= explained {
            *owner = shares.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(part, _)| part);
        }
    }
    let mut causes: Vec<Cause> = (0..found.len())
        .filter(|place| at(*place).is_some() && owner[*place].is_none())
        .map(|at| Cause { at, covers: Vec::new() })
        .collect();
    for whole in (0..found.len()).filter(|place| owner[*place].is_some()) {
        // Definitions have no ring; were there one, this only has to end.
        let bottom = std::iter::successors(Some(whole), |place| owner[*place]).take(found.len()).last();
        if let Some(cause) = causes.iter_mut().find(|cause| Some(cause.at) == bottom) {
            cause.covers.push(whole);
        }
    }
    causes
}

/// The part of one change in another; `None` where they begin apart or cannot be compared.
fn share(whole: &Exception, part: &Exception, how: Share) -> Option<f64> {
    let near = |a: Day, b: Day| a.since(b).abs() <= APART;
    if !near(whole.since, part.since) {
        return None;
    }
    let (Some(now), Some(of)) = (whole.actual, part.actual) else {
        // Without the part there is no whole.
        return (whole.actual.is_none() && part.actual.is_none()).then_some(1.0);
    };
    let share = match how {
        Share::Addend => (of - part.usual) / (now - whole.usual),
        Share::Factor => (of / part.usual).ln() / (now / whole.usual).ln(),
    };
    Some(share).filter(|share| share.is_finite())
}

#[cfg(test)]
mod tests {
    use super::super::Sign;
    use super::*;

    fn moved(since: i32, usual: f64, actual: f64) -> Exception {
        Exception { sign: Sign::Outside, since: Day(since), actual: Some(actual), usual }
    }

    const TREE: [Link; 3] = [
        Link { part: 1, whole: 0, share: Share::Factor },
        Link { part: 2, whole: 0, share: Share::Factor },
        Link { part: 3, whole: 1, share: Share::Addend },
    ];

    #[test]
    fn a_fall_is_told_once_with_the_deepest_that_explains_it() {
        // 0 = 1 x 2 and 1 = 3 + others: 100 of 250 fall to 40, so 1 falls from 250 to 190, and 0 with it.
        let found = [Some(moved(9, 500.0, 380.0)), Some(moved(9, 250.0, 190.0)), None, Some(moved(8, 100.0, 40.0))];
        assert_eq!(deepest(&found, &TREE, 0.6), [Cause { at: 3, covers: vec![0, 1] }]);
        // Half of it is not enough: both are told.
        let found = [Some(moved(9, 500.0, 380.0)), Some(moved(9, 500.0, 436.0)), None, None];
        assert_eq!(deepest(&found, &TREE, 0.6).len(), 2);
    }

    #[test]
    fn what_began_elsewhere_or_goes_the_other_way_explains_nothing() {
        let apart = [Some(moved(20, 500.0, 380.0)), Some(moved(9, 250.0, 190.0)), None, None];
        assert_eq!(deepest(&apart, &TREE, 0.6).len(), 2);
        let against = [Some(moved(9, 500.0, 380.0)), Some(moved(9, 250.0, 300.0)), None, None];
        assert_eq!(deepest(&against, &TREE, 0.6).len(), 2);
        assert_eq!(deepest(&[None; 4], &TREE, 0.6), []);
    }

    #[test]
    fn two_parts_that_fall_explain_together_what_neither_does_alone() {
        // 0.9 x 0.9 = 0.81: each has half of the logarithm.
        let found = [Some(moved(9, 100.0, 81.0)), Some(moved(9, 10.0, 9.0)), Some(moved(9, 10.0, 9.0)), None];
        let causes = deepest(&found, &TREE, 0.6);
        assert_eq!(causes.len(), 2);
        assert_eq!(causes.iter().map(|cause| cause.covers.len()).sum::<usize>(), 1);
    }
}
