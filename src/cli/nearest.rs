//! The known name that a mistyped one most likely meant.

use crate::engine::Engine;
use crate::query::{Choices, Split};

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

/// Names that a question limits itself to or splits by.
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
    /// Properties of events.
    pub properties: Vec<String>,
    /// What the rows are split by.
    pub split: Option<Split>,
}

/// Refuses a name that the workspace does not know: zeros for a slip of the pen would be believed.
///
/// # Errors
/// Usage, with the nearest name or what there is.
pub fn check(asked: &Asked<'_>, engine: &mut Engine, deck: &Deck) -> Result<(), Failure> {
    let lists = [asked.channels, asked.platforms, asked.streams];
    if lists.iter().any(|names| !names.is_empty()) || !asked.events.is_empty() || asked.split.is_some() {
        let known = answer!(deck, engine, Choices);
        check_names(asked, &known)?;
        check_split(asked.split, &known)?;
    }
    if asked.properties.is_empty() {
        return Ok(());
    }
    match answer!(deck, engine, Properties(asked.properties.clone())) {
        None => Ok(()),
        Some((missing, known)) => Err(Failure::usage(no_property(&missing, &known))),
    }
}

fn check_names(asked: &Asked<'_>, known: &Choices) -> Result<(), Failure> {
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
            let hint = near.map_or_else(|| known_are(names), |near| format!("did you mean {near}?"));
            return Err(Failure::usage(format!("no {what} is called {unknown}; {hint}")));
        }
    }
    Ok(())
}

/// Most names that one line tells.
const MOST_TOLD: usize = 12;

/// How many names there are, and the first of them.
fn known_are(names: &[(String, u64)]) -> String {
    if names.is_empty() {
        return "none is known yet".to_owned();
    }
    let told: Vec<&str> = names.iter().take(MOST_TOLD).map(|(name, _)| name.as_str()).collect();
    let more = if names.len() > MOST_TOLD { " and more" } else { "" };
    format!("{} are known: {}{more}", names.len(), told.join(", "))
}

/// Refuses a split by a column that no row has.
fn check_split(split: Option<Split>, known: &Choices) -> Result<(), Failure> {
    let named = |list: &[(String, u64)]| list.iter().any(|(name, _)| !name.starts_with('('));
    let (has, what) = match split {
        None => return Ok(()),
        Some(Split::Channel) => {
            (named(&known.channels), "nothing has a channel; import events, spend or daily facts with a channel column")
        }
        Some(Split::Platform) => {
            (!known.platforms.is_empty(), "no event has a platform; import events with a platform column")
        }
        Some(Split::Stream) => (named(&known.streams), "no money has a stream; import revenue with a stream column"),
    };
    if has { Ok(()) } else { Err(Failure::usage(what)) }
}

fn no_property(missing: &str, known: &[String]) -> String {
    let hint = match nearest(missing, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean {near}?"),
        None if known.is_empty() => "no event has properties: columns that are no field of an event become some".into(),
        None => format!("there are {}", known.join(", ")),
    };
    format!("no event has the property {missing}; {hint}")
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
