//! The known name that a mistyped one most likely meant.

use crate::engine::Engine;
use crate::query::{Answer, Query};

use super::Deck;
use super::output::Failure;

/// Most edits between a slip and its name, for names of any length.
const MOST_EDITS: usize = 3;

/// The nearest of some names; `None` when nothing is near. Blanks, hyphens and case do not count.
pub fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed = folded(typed);
    let far = (typed.chars().count() / 3).clamp(1, MOST_EDITS);
    names.map(|name| (score(&typed, &folded(name)), name)).filter(|(s, _)| *s <= far).min().map(|(_, name)| name)
}

fn folded(name: &str) -> String {
    name.to_lowercase().replace(['-', ' '], "_")
}

/// Edits between two names; a name that begins with what was typed is one edit away.
fn score(typed: &str, name: &str) -> usize {
    if typed.len() > 1 && name.starts_with(typed) { 1 } else { edits(typed, name) }
}

/// Levenshtein distance.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let change = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// Names that a question limits itself to.
#[derive(Default)]
pub struct Asked<'a> {
    /// First-touch channels.
    pub channels: &'a [String],
    /// Platforms.
    pub platforms: &'a [String],
    /// Streams of money.
    pub streams: &'a [String],
    /// Event names.
    pub events: Vec<&'a String>,
}

/// Refuses a name that the workspace does not know: zeros for a slip of the pen would be believed.
///
/// # Errors
/// Usage, with the nearest name.
pub fn check(asked: &Asked<'_>, engine: &mut Engine, deck: &Deck) -> Result<(), Failure> {
    let named = [asked.channels, asked.platforms, asked.streams];
    if named.iter().all(|names| names.is_empty()) && asked.events.is_empty() {
        return Ok(());
    }
    let Answer::Choices(known) = engine.answer(&Query::Choices, deck.clock())? else {
        return Err(Failure::failed("the engine answered another question"));
    };
    let lists = [
        ("channel", asked.channels.iter().collect(), &known.channels),
        ("platform", asked.platforms.iter().collect(), &known.platforms),
        ("stream", asked.streams.iter().collect(), &known.streams),
        ("event", asked.events.clone(), &known.events),
    ];
    for (what, typed, names) in lists {
        let unknown = typed.iter().find(|t| !names.iter().any(|(name, _)| name == **t));
        if let Some(unknown) = unknown {
            let near = nearest(unknown, names.iter().map(|(name, _)| name.as_str()));
            let hint =
                near.map_or_else(|| format!("{} are known", names.len()), |near| format!("did you mean {near}?"));
            return Err(Failure::usage(format!("no {what} is called {unknown}; {hint}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_name_and_nonsense_finds_none() {
        let names = ["active_users", "Net revenue", "paid_rate", "arpu"];
        assert_eq!(nearest("activ-users", names.into_iter()), Some("active_users"));
        assert_eq!(nearest("net_revenue", names.into_iter()), Some("Net revenue"));
        assert_eq!(nearest("paid", names.into_iter()), Some("paid_rate"));
        assert_eq!(nearest("nope", names.into_iter()), None);
        assert_eq!(nearest("zzzzzzzz", names.into_iter()), None);
        assert_eq!(edits("kitten", "sitting"), 3);
    }
}
