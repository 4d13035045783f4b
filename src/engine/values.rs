//! Values that a table is broken down by.

use std::collections::BTreeMap;

use crate::domain::props;
use crate::metrics::breakdown::Part;
use crate::query::{BreakdownBy, BreakdownKey, NO_VALUE, OTHER};
use crate::store::{RawEvent, TermKind};

use super::EngineError;
use super::view::View;

/// Texts of values by their final id.
pub(super) struct Names(Vec<String>);

impl Names {
    /// Name of a row of the breakdown.
    pub fn of(&self, part: Part) -> String {
        match part {
            Part::Value(id) => self.0.get(id as usize).cloned().unwrap_or_default(),
            Part::Other => OTHER.to_owned(),
            Part::Missing => NO_VALUE.to_owned(),
        }
    }
}

/// The value of the breakdown on each event, as an id in order of appearance.
pub(super) struct Values {
    key: Option<BreakdownKey>,
    /// Names by id of channels or platforms.
    names: Vec<String>,
    /// First-touch channel by user.
    channels: Vec<Option<u32>>,
    ids: BTreeMap<String, u32>,
}

impl Values {
    pub fn new(view: &mut View, by: Option<&BreakdownBy>) -> Result<Self, EngineError> {
        let key = by.map(|by| by.key.clone());
        let (mut names, mut channels) = (Vec::new(), Vec::new());
        match &key {
            Some(BreakdownKey::Channel) => {
                names = view.cache.terms(view.store, TermKind::Channel)?.to_vec();
                let nameless = view.nameless_channel()?;
                names.push(nameless.to_owned());
                let without = names.len() as u32 - 1;
                channels = view
                    .cache
                    .channels(view.store, view.seen_until())?
                    .iter()
                    .map(|c| Some(c.unwrap_or(without)))
                    .collect();
            }
            Some(BreakdownKey::Platform) => names = view.cache.terms(view.store, TermKind::Platform)?.to_vec(),
            Some(BreakdownKey::Property(_)) | None => {}
        }
        Ok(Self { key, names, channels, ids: BTreeMap::new() })
    }

    /// Whether properties must be read.
    pub fn needs_props(&self) -> bool {
        matches!(self.key, Some(BreakdownKey::Property(_)))
    }

    /// The value on an event of a user.
    pub fn of(&mut self, user: u32, row: &RawEvent, event: Option<&str>) -> Option<u32> {
        let text = match self.key.as_ref()? {
            BreakdownKey::Property(name) => props::text(event?, name)?.into_owned(),
            BreakdownKey::Channel => {
                let channel = self.channels.get(user as usize).copied().flatten()?;
                self.names.get(channel as usize)?.clone()
            }
            BreakdownKey::Platform => self.names.get(row.platform? as usize)?.clone(),
        };
        let next = self.ids.len() as u32;
        Some(*self.ids.entry(text).or_insert(next))
    }

    /// The final id of each id, ascending with the texts so that the order of rows does not matter, and their names.
    pub fn ordered(self) -> (Vec<u32>, Names) {
        let mut order = vec![0; self.ids.len()];
        for (place, id) in self.ids.values().enumerate() {
            order[*id as usize] = place as u32;
        }
        (order, Names(self.ids.into_keys().collect()))
    }
}
