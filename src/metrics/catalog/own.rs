//! Numbers of an operator's own: a daily fact by its name as a row like those of METRICS, so that whatever shows, opens
//! or plans a metric does the same with it.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use super::others::of_facts;
use super::{Accumulation, Metric, Unit};

/// What the id of such a number begins with: where days add up, and where the last one tells how it stands.
pub const PREFIXES: [(&str, Accumulation); 2] = [("fact:", Accumulation::Flow), ("level:", Accumulation::Level)];

/// Rows that were asked for. Rows are named by `&'static str` everywhere, so each is made once and kept to the end of
/// the program; their number is that of the names in the workspaces that were opened.
static KNOWN: RwLock<BTreeMap<&'static str, &'static Metric>> = RwLock::new(BTreeMap::new());

/// How a fact adds up and its name, where an id is `fact:NAME` or `level:NAME`.
pub fn split(id: &str) -> Option<(Accumulation, &str)> {
    PREFIXES.into_iter().find_map(|(prefix, accumulation)| Some((accumulation, id.strip_prefix(prefix)?)))
}

/// The row of a daily fact that the workspace holds.
pub fn own(name: &str, accumulation: Accumulation) -> &'static Metric {
    let level = accumulation == Accumulation::Level;
    let id = format!("{}{name}", PREFIXES[usize::from(level)].0);
    if let Some(metric) = known(&id) {
        return metric;
    }
    let mut all = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    // Another thread may have been faster.
    if let Some(metric) = all.get(id.as_str()) {
        return metric;
    }
    let id: &'static str = id.leak();
    let metric: &'static Metric = Box::leak(Box::new(row(id, name, level)));
    all.insert(id, metric);
    metric
}

/// A row that [`own`] gave before.
pub(super) fn known(id: &str) -> Option<&'static Metric> {
    split(id)?;
    KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(id).copied()
}

fn row(id: &'static str, name: &str, level: bool) -> Metric {
    let (name, accumulation, formula) = if level {
        (format!("{name}, last day").leak() as &str, Accumulation::Level, "the daily fact on the last day that has one")
    } else {
        (&*name.to_owned().leak(), Accumulation::Flow, "sum of the daily fact over the days of the period")
    };
    of_facts((id, name, formula), (Unit::Times, accumulation))
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::*;

    #[test]
    fn a_number_of_ones_own_is_found_once_the_workspace_holds_it() {
        assert_eq!(find("fact:jars opened"), None);
        let flow = own("jars opened", Accumulation::Flow);
        let level = own("jars opened", Accumulation::Level);
        assert_eq!((flow.id, level.id), ("fact:jars opened", "level:jars opened"));
        assert!(std::ptr::eq(own("jars opened", Accumulation::Flow), flow));
        assert_eq!(find("level:jars opened"), Some(level));
        assert_eq!((flow.fact(), level.fact()), ("jars opened", "jars opened"));
        assert_eq!(find("jars opened"), None);
    }
}
