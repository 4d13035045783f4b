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

/// The value of the breakdown on each event.
#[derive(Default)]
pub(super) struct Values {
    key: Option<BreakdownKey>,
    /// Value by channel or platform.
    of_term: Vec<u32>,
    /// Value by user, where it is his own.
    of_user: Vec<u32>,
    ids: BTreeMap<String, u32>,
}

impl Values {
    pub fn new(view: &mut View, by: Option<&BreakdownBy>) -> Result<Self, EngineError> {
        let Some(by) = by else { return Ok(Self::default()) };
        let mut values = Self { key: Some(by.key.clone()), ..Self::default() };
        match &by.key {
            BreakdownKey::Channel => {
                let mut names = view.cache.terms(view.store, TermKind::Channel)?.to_vec();
                names.push(view.nameless_channel()?.to_owned());
                values.know(&names);
                let without = names.len() as u32 - 1;
                let channels = view.cache.channels(view.store, view.seen_until())?;
                let of = |channel: &Option<u32>| values.of_term[channel.unwrap_or(without) as usize];
                values.of_user = channels.iter().map(of).collect();
            }
            BreakdownKey::Platform => values.know(&view.cache.terms(view.store, TermKind::Platform)?),
            BreakdownKey::Property(_) => {}
        }
        Ok(values)
    }

    /// Numbers names in their order.
    fn know(&mut self, names: &[String]) {
        self.ids = names.iter().map(|name| (name.clone(), 0)).collect();
        self.ids.values_mut().zip(0..).for_each(|(id, place)| *id = place);
        self.of_term = names.iter().map(|name| self.ids[name]).collect();
    }

    /// Whether properties must be read.
    pub fn needs_props(&self) -> bool {
        matches!(self.key, Some(BreakdownKey::Property(_)))
    }

    /// The value on an event of a user, as an id.
    pub fn of(&mut self, row: &RawEvent, props: Option<&str>) -> Option<u32> {
        let Some(BreakdownKey::Property(name)) = &self.key else {
            return row.user.and_then(|user| self.of_user(user)).or_else(|| self.of_event(row));
        };
        let text = props::text(props?, name)?;
        if let Some(id) = self.ids.get(text.as_ref()) {
            return Some(*id);
        }
        let next = self.ids.len() as u32;
        Some(*self.ids.entry(text.into_owned()).or_insert(next))
    }

    /// The value on all events of a user, as an id that ascends with the texts; `None` where it is not his.
    pub fn of_user(&self, user: u32) -> Option<u32> {
        self.of_user.get(user as usize).copied()
    }

    /// The value on an event, whoever did it and whatever its properties, as an id that ascends with the texts.
    pub fn of_event(&self, row: &RawEvent) -> Option<u32> {
        self.of_term.get(row.platform? as usize).copied().filter(|_| self.key == Some(BreakdownKey::Platform))
    }

    /// Names of values that do not depend on properties.
    pub fn names(&self) -> Names {
        Names(self.ids.keys().cloned().collect())
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
