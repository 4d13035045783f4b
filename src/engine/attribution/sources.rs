//! Names of sources: how a touch and a row of spend say where a user came from.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::props;
use crate::metrics::attribution::Source;
use crate::query::{KeyPart, SpendColumn, TouchKey};

use crate::engine::EngineError;
use crate::engine::routes::Routes;
use crate::engine::view::{DIRECT, NO_STREAM, UNKNOWN, View};

/// What other tools write for a visit without a source.
const DIRECT_WORDS: [&str; 4] = ["direct", DIRECT, "(none)", "none"];

/// Sources by name: blanks around it and its case do not count.
#[derive(Default)]
pub(super) struct Sources {
    ids: FxHashMap<String, u32>,
    /// The spelling shown: the first in byte order, so that the order of rows does not matter.
    names: Vec<String>,
    /// Names in the order of the ids after [`Sources::sorted`].
    shown: Vec<String>,
}

impl Sources {
    fn id(&mut self, name: &str) -> u32 {
        let next = self.names.len() as u32;
        let id = *self.ids.entry(name.to_lowercase()).or_insert(next);
        match self.names.get_mut(id as usize) {
            None => self.names.push(name.to_owned()),
            Some(shown) if name < shown.as_str() => name.clone_into(shown),
            Some(_) => {}
        }
        id
    }

    /// The source of some parts of a key: direct where none of them says anything.
    fn of(&mut self, parts: &[Option<Cow<str>>]) -> Option<u32> {
        let said = |part: &Option<Cow<str>>| {
            let text = part.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
            let word = text.to_lowercase();
            (!DIRECT_WORDS.contains(&word.as_str())).then(|| text.to_owned())
        };
        let said: Vec<Option<String>> = parts.iter().map(said).collect();
        if said.iter().all(Option::is_none) {
            return None;
        }
        let named: Vec<&str> = said.iter().map(|part| part.as_deref().unwrap_or(NO_STREAM)).collect();
        Some(self.id(&named.join(" / ")))
    }

    /// The source of a row of spend; without any name it is unknown, because nobody spends on direct visits.
    pub fn spent(&mut self, columns: &[SpendColumn], channel: Option<&str>, campaign: Option<&str>) -> Source {
        let parts: Vec<Option<Cow<str>>> = columns
            .iter()
            .map(|column| match column {
                SpendColumn::Channel => channel.map(Cow::Borrowed),
                SpendColumn::Campaign => campaign.map(Cow::Borrowed),
            })
            .collect();
        self.of(&parts).map_or(Source::Unknown, Source::Named)
    }

    /// New ids that ascend with the names, by old id.
    pub fn sorted(&mut self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.names.len() as u32).collect();
        order.sort_by(|a, b| self.names[*a as usize].cmp(&self.names[*b as usize]));
        let mut ids = vec![0; order.len()];
        for (place, old) in order.iter().enumerate() {
            ids[*old as usize] = place as u32;
        }
        self.shown = order.iter().map(|old| self.names[*old as usize].clone()).collect();
        ids
    }

    /// What a sorted source is called.
    pub fn name(&self, source: Source) -> String {
        match source {
            Source::Named(id) => self.shown.get(id as usize).cloned().unwrap_or_default(),
            Source::Direct => DIRECT.to_owned(),
            Source::Unknown => UNKNOWN.to_owned(),
        }
    }
}

/// How the source of a touch is read.
pub(super) enum Key<'q> {
    /// By the channels that the mapping gives.
    Channel(Arc<Routes>),
    /// By properties.
    Properties(&'q [KeyPart]),
}

impl<'q> Key<'q> {
    pub fn new(view: &mut View, key: &'q TouchKey) -> Result<Self, EngineError> {
        Ok(match key {
            TouchKey::Channel => Self::Channel(view.cache.routes(view.store)?),
            TouchKey::Properties(parts) => Self::Properties(parts),
        })
    }

    /// The source of an event, direct where the key says so; `None` without the key.
    pub fn of(&self, channel: Option<u32>, props: Option<&str>, sources: &mut Sources) -> Option<Source> {
        match self {
            Self::Channel(routes) => named(routes, routes.of_event(channel?, props)?, sources),
            Self::Properties(keys) => {
                let props = props?;
                let parts: Vec<_> = keys.iter().map(|key| props::text(props, &key.property)).collect();
                parts.iter().any(Option::is_some).then(|| said(sources.of(&parts)))
            }
        }
    }

    /// Whether properties must be read.
    pub fn needs_props(&self) -> bool {
        match self {
            Self::Channel(routes) => routes.of_events().is_none(),
            Self::Properties(_) => true,
        }
    }

    /// The source of an event whose properties tell nothing; `None` without the key.
    pub fn without_props(&self, channel: Option<u32>, sources: &mut Sources) -> Option<Source> {
        let Self::Channel(routes) = self else { return None };
        named(routes, (*routes.of_events()?.get(&channel?)?)?, sources)
    }

    /// The columns of spend that hold the key; `None` where spend lacks a part of it.
    pub fn columns(&self) -> Option<Vec<SpendColumn>> {
        match self {
            Self::Channel(_) => Some(vec![SpendColumn::Channel]),
            Self::Properties(parts) => parts.iter().map(|part| part.spend).collect(),
        }
    }
}

/// The source of a channel.
fn named(routes: &Routes, channel: u32, sources: &mut Sources) -> Option<Source> {
    let name = routes.names.get(channel as usize)?;
    Some(said(sources.of(&[Some(Cow::Borrowed(name.as_str()))])))
}

fn said(id: Option<u32>) -> Source {
    id.map_or(Source::Direct, Source::Named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts<'t>(texts: &[Option<&'t str>]) -> Vec<Option<Cow<'t, str>>> {
        texts.iter().map(|t| t.map(Cow::Borrowed)).collect()
    }

    #[test]
    fn names_are_one_whatever_their_case_and_the_order_of_rows() {
        let shown = |names: &[&str]| {
            let mut sources = Sources::default();
            let ids: Vec<_> = names.iter().map(|name| sources.of(&parts(&[Some(name)]))).collect();
            let places = sources.sorted();
            ids.into_iter()
                .map(|id| id.map_or(DIRECT.into(), |id| sources.name(Source::Named(places[id as usize]))))
                .collect()
        };
        let first: Vec<String> = shown(&["google", " Google ", "bing", "(Direct)", ""]);
        assert_eq!(first, ["Google", "Google", "bing", "(direct)", "(direct)"]);
        let again: Vec<String> = shown(&["Google", "google"]);
        assert_eq!(again, ["Google", "Google"]);
    }

    #[test]
    fn a_key_of_parts_is_direct_only_where_none_says_anything() {
        let mut sources = Sources::default();
        assert_eq!(sources.of(&parts(&[Some("(direct)"), Some("(none)")])), None);
        let half = sources.of(&parts(&[Some("x"), None]));
        sources.sorted();
        assert_eq!((half, sources.name(Source::Named(0))), (Some(0), "x / (none)".into()));
        let columns = [SpendColumn::Channel, SpendColumn::Campaign];
        assert_eq!(sources.spent(&columns, Some("X"), None), Source::Named(0));
        assert_eq!(sources.spent(&columns, None, None), Source::Unknown);
    }
}
