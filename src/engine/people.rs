//! The users of a segment, and the activity of theirs that counts.

use std::sync::Arc;

use crate::metrics::catalog::Feed;
use crate::metrics::rfm::Cut;
use crate::query::{LIFECYCLE_GRAIN, Segment};
use crate::store::TermKind;

use super::EngineError;
use super::segments::{lifecycle_classes, rfm_classes, rfm_window};
use super::view::View;
use super::who::{Lens, People, Who};

impl View<'_> {
    /// The users and activity of a segment, narrowed to one event.
    pub fn who(&mut self, segment: &Segment, event: Option<&str>) -> Result<Who, EngineError> {
        let platforms = self.ids(TermKind::Platform, &segment.platforms)?;
        let everywhere = segment.platforms.is_empty();
        let id = match event {
            Some(name) => Some(self.id(TermKind::EventName, name)?),
            None => None,
        };
        let lens = match id {
            _ if !everywhere && platforms.is_empty() => Lens::Nothing,
            Some(None) => Lens::Nothing,
            None if !segment.limits_events() => Lens::Any,
            Some(Some(id)) if !segment.limits_events() => Lens::Event(id),
            None if segment.props.is_empty() => Lens::Platforms(platforms),
            id => Lens::Rows { event: id.flatten(), platforms, props: segment.props.clone() },
        };
        Ok(Who { lens, people: self.people(segment)?, only: self.only(segment)? })
    }

    /// By user whether he is among the people of a segment; `None` where it limits nobody.
    pub fn only(&mut self, segment: &Segment) -> Result<Option<Arc<Vec<bool>>>, EngineError> {
        if !segment.limits_people() {
            return Ok(None);
        }
        let people = self.people(segment)?;
        if let Some(only) = self.cache.only.get(&people) {
            return Ok(Some(only.clone()));
        }
        let mut only = vec![true; self.cache.channels(self.store, self.seen_until())?.len()];
        if !segment.channels.is_empty() {
            self.keep_channels(&segment.channels, &mut only)?;
        }
        if let Some(cohort) = segment.cohort {
            let days = self.user_days(&Lens::Any)?;
            let began = |user: usize| days.firsts().get(user).is_some_and(|first| cohort.contains(*first));
            only.iter_mut().enumerate().for_each(|(user, counts)| *counts &= began(user));
        }
        if !segment.rfm.is_empty() {
            let classes = match rfm_window(self, None, None)? {
                Some(window) => rfm_classes(self, window, Cut::Rank)?,
                None => Vec::new(),
            };
            keep(&mut only, &classes, &segment.rfm);
        }
        if let Some(day) = people.1 {
            let all = Who { lens: Lens::Any, people: (Segment::default(), None, self.until), only: None };
            keep(&mut only, &lifecycle_classes(self, &all, (LIFECYCLE_GRAIN, day))?, &segment.lifecycle);
        }
        let only = Arc::new(only);
        self.cache.only.insert(people, only.clone());
        Ok(Some(only))
    }

    /// The people of a segment: a place in the lifecycle is that of the period of the last whole day.
    pub fn people(&mut self, segment: &Segment) -> Result<People, EngineError> {
        let day = if segment.lifecycle.is_empty() { None } else { Some(self.extent(Feed::Activity)?.horizon.through) };
        Ok((segment.people(), day, self.until))
    }

    fn keep_channels(&mut self, wanted: &[String], only: &mut [bool]) -> Result<(), EngineError> {
        let names = self.cache.terms(self.store, TermKind::Channel)?;
        let nameless = self.nameless_channel()?;
        let fits: Vec<bool> = names.iter().map(|n| wanted.contains(n)).collect();
        let without = wanted.iter().any(|c| c == nameless);
        let channels = self.cache.channels(self.store, self.seen_until())?;
        for (counts, channel) in only.iter_mut().zip(channels.iter()) {
            *counts &= channel.map_or(without, |c| fits.get(c as usize).copied().unwrap_or(false));
        }
        Ok(())
    }
}

/// Leaves out everybody who is in none of some classes.
fn keep<C: PartialEq>(only: &mut [bool], classes: &[(u32, C)], wanted: &[C]) {
    let mut among = vec![false; only.len()];
    for (user, _) in classes.iter().filter(|(_, class)| wanted.contains(class)) {
        if let Some(place) = among.get_mut(*user as usize) {
            *place = true;
        }
    }
    only.iter_mut().zip(among).for_each(|(counts, among)| *counts &= among);
}
