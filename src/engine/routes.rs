//! From raw channels, as they stood in files, to the channels of answers: through the operator's rules, and without case
//! and outer blanks where no rule says more.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::channels::{ChannelRule, folded, split};
use crate::store::{Store, TermKind, Touch, medium};

use super::EngineError;

/// Where every raw channel goes. A channel is the place of its name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Routes {
    pub names: Arc<Vec<String>>,
    /// By raw channel, of spend.
    spent: FxHashMap<u32, u32>,
    /// By touch, of users.
    touched: Vec<Option<u32>>,
    /// By raw channel and medium, of events of users.
    told: FxHashMap<(u32, String), u32>,
    /// By raw channel, of events of users, where no medium tells more; `None` where one does.
    by_channel: Option<FxHashMap<u32, Option<u32>>>,
}

impl Routes {
    pub fn read(store: &Store) -> Result<Self, EngineError> {
        let terms = store.terms(TermKind::Channel)?;
        Ok(Self::new(&terms, &store.touches()?, &store.spend_channels()?, &store.channel_rules()?))
    }

    fn new(terms: &[String], touches: &[Touch], spent: &[u32], rules: &[ChannelRule]) -> Self {
        let rules = Rules::new(rules);
        let text = |channel: u32| terms.get(channel as usize).map_or("", String::as_str);
        // Channels come in the order in which their texts first came.
        let of_spend = spent.iter().map(|channel| (*channel, "", None));
        let of_touch = touches.iter().enumerate().map(|(at, touch)| (touch.channel, touch.medium.as_str(), Some(at)));
        let mut raw: Vec<(u32, &str, Option<usize>)> = of_spend.chain(of_touch).collect();
        raw.sort_unstable();
        let mut shown: BTreeMap<String, &str> = rules.channels();
        for (channel, medium, _) in &raw {
            if rules.target(text(*channel), medium).is_none() {
                let own = text(*channel).trim();
                let name = shown.entry(folded(own)).or_insert(own);
                if !rules.is_channel(name) {
                    *name = own.min(name);
                }
            }
        }
        let (mut names, mut places) = (Vec::new(), BTreeMap::new());
        let mut routes = Self { touched: vec![None; touches.len()], ..Self::default() };
        for (channel, medium, touch) in raw {
            let key = folded(rules.target(text(channel), medium).unwrap_or_else(|| text(channel)));
            let Some(name) = shown.get(&key).filter(|_| !key.is_empty()) else { continue };
            let place = *places.entry(key).or_insert_with(|| {
                names.push((*name).to_owned());
                names.len() as u32 - 1
            });
            match touch {
                None => _ = routes.spent.insert(channel, place),
                Some(touch) => {
                    routes.touched[touch] = Some(place);
                    routes.told.insert((channel, medium.to_owned()), place);
                }
            }
        }
        routes.names = Arc::new(names);
        routes.by_channel = one_place(touches, &routes.touched);
        routes
    }

    /// The channel that money was spent on.
    pub fn of_spend(&self, channel: u32) -> Option<u32> {
        self.spent.get(&channel).copied()
    }

    /// The channel of an event of a user, by its raw channel and properties.
    pub fn of_event(&self, channel: u32, props: Option<&str>) -> Option<u32> {
        self.told.get(&(channel, medium(props))).copied()
    }

    /// The channels of events of users by raw channel; `None` where their properties tell more.
    pub fn of_events(&self) -> Option<&FxHashMap<u32, Option<u32>>> {
        self.by_channel.as_ref()
    }

    /// The channel of a touch.
    pub fn of_touch(&self, touch: u32) -> Option<u32> {
        self.touched.get(touch as usize).copied().flatten()
    }
}

/// Where each raw channel goes, if it always goes to one place.
fn one_place(touches: &[Touch], places: &[Option<u32>]) -> Option<FxHashMap<u32, Option<u32>>> {
    let mut all = FxHashMap::default();
    let one = |(touch, place): (&Touch, &Option<u32>)| *all.entry(touch.channel).or_insert(*place) == *place;
    touches.iter().zip(places).all(one).then_some(all)
}

/// Rules by source and medium.
pub(super) struct Rules<'r> {
    by_key: FxHashMap<(&'r str, &'r str), &'r str>,
}

impl<'r> Rules<'r> {
    pub fn new(rules: &'r [ChannelRule]) -> Self {
        Self { by_key: rules.iter().map(|rule| (rule.key(), rule.channel())).collect() }
    }

    /// Where a raw channel goes: by source and medium, else by source. A source with a slash in it that has no rule of
    /// its own is read as `source/medium`.
    pub fn target(&self, source: &str, medium: &str) -> Option<&'r str> {
        let (source, medium) = (folded(source), folded(medium));
        let find = |source: &str, medium: &str| {
            self.by_key.get(&(source, medium)).or_else(|| self.by_key.get(&(source, ""))).copied()
        };
        find(&source, &medium).or_else(|| match split(&source) {
            (source, inner) if medium.is_empty() && !inner.is_empty() => find(source, inner),
            _ => None,
        })
    }

    /// The channels that rules lead to, each as it is shown: of spellings that differ in case, the first in byte order.
    fn channels(&self) -> BTreeMap<String, &'r str> {
        let mut all: BTreeMap<String, &str> = BTreeMap::new();
        for channel in self.by_key.values() {
            let name = all.entry(folded(channel)).or_insert(channel);
            *name = channel.min(name);
        }
        all
    }

    fn is_channel(&self, name: &str) -> bool {
        self.by_key.values().any(|channel| *channel == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(channel: u32, medium: &str) -> Touch {
        Touch { channel, medium: medium.to_owned(), campaign: String::new() }
    }

    fn routes(terms: &[&str], touches: &[(u32, &str)], spent: &[u32], rules: &[(&str, &str, &str)]) -> Routes {
        let terms: Vec<String> = terms.iter().map(|t| (*t).to_owned()).collect();
        let touches: Vec<Touch> = touches.iter().map(|(channel, medium)| touch(*channel, medium)).collect();
        let rules: Vec<ChannelRule> = rules.iter().map(|(s, m, c)| ChannelRule::new(s, m, c).unwrap()).collect();
        Routes::new(&terms, &touches, spent, &rules)
    }

    fn names(routes: &Routes, touches: std::ops::Range<u32>) -> Vec<&str> {
        touches.map(|t| routes.of_touch(t).map_or("-", |place| routes.names[place as usize].as_str())).collect()
    }

    #[test]
    fn texts_that_differ_in_case_or_blanks_are_one_channel_named_as_the_first_in_byte_order() {
        let routes =
            routes(&["google", " Google", "GOOGLE ", "feed", "  "], &[(0, ""), (1, ""), (4, "")], &[2, 3], &[]);
        assert_eq!(*routes.names, ["GOOGLE", "feed"]);
        assert_eq!(names(&routes, 0..4), ["GOOGLE", "GOOGLE", "-", "-"]);
        assert_eq!(routes.of_events().unwrap()[&1], Some(0));
        assert_eq!([2, 3, 4].map(|c| routes.of_spend(c)), [Some(0), Some(1), None]);
    }

    #[test]
    fn the_medium_tells_and_else_the_source_and_a_slash_stands_between_both() {
        let rules = [("google", "cpc", "Paid search"), ("google", "", "Search"), ("feed/a", "", "Feed A")];
        let terms = ["Google", "google / CPC", "google/organic", "feed/a", "feed/b"];
        let touches = [(0, "CPC "), (0, "organic"), (0, ""), (1, ""), (2, ""), (3, ""), (4, "")];
        let routes = routes(&terms, &touches, &[0], &rules);
        assert!(routes.of_events().is_none(), "the medium of Google tells more");
        let expected = ["Paid search", "Search", "Search", "Paid search", "Search", "Feed A", "feed/b"];
        assert_eq!(names(&routes, 0..7), expected);
        assert_eq!(routes.of_spend(0).map(|place| routes.names[place as usize].as_str()), Some("Search"));
    }

    #[test]
    fn a_raw_channel_joins_the_channel_of_its_name_that_a_rule_leads_to() {
        let rules = [("fb", "", "Facebook"), ("ig", "", "facebook"), ("x", "", "fb")];
        let routes = routes(&["fb", "FACEBOOK", "ig", "x"], &[(0, ""), (1, ""), (2, ""), (3, "")], &[], &rules);
        assert_eq!(names(&routes, 0..4), ["Facebook", "Facebook", "Facebook", "fb"]);
    }
}
