//! Rules of the channel mapping: where a raw channel goes.

use serde::{Deserialize, Serialize};

/// Sends what users come through to a channel.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChannelRule {
    source: String,
    medium: String,
    channel: String,
}

impl ChannelRule {
    /// A rule for a source and a medium; an empty medium is any. `None` without a source or a channel.
    pub fn new(source: &str, medium: &str, channel: &str) -> Option<Self> {
        let rule = Self { source: folded(source), medium: folded(medium), channel: channel.trim().to_owned() };
        (!rule.source.is_empty() && !rule.channel.is_empty()).then_some(rule)
    }

    /// The source, trimmed and folded.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The medium, trimmed and folded; empty is any.
    pub fn medium(&self) -> &str {
        &self.medium
    }

    /// The channel as it is shown.
    pub fn channel(&self) -> &str {
        &self.channel
    }

    /// What of a raw channel the rule is for.
    pub fn key(&self) -> (&str, &str) {
        (&self.source, &self.medium)
    }
}

/// A raw text as rules see it: case and blanks around it do not count.
pub fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

/// A source with its medium as one text: `source/medium`, or `source` alone.
pub fn split(text: &str) -> (&str, &str) {
    text.rsplit_once('/').map_or((text.trim(), ""), |(source, medium)| (source.trim(), medium.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_stands_trimmed_and_folded_and_needs_a_source_and_a_channel() {
        let rule = ChannelRule::new(" Google ", "CPC", " Paid search ").unwrap();
        assert_eq!((rule.key(), rule.channel()), (("google", "cpc"), "Paid search"));
        assert_eq!(ChannelRule::new(" ", "cpc", "x"), None);
        assert_eq!(ChannelRule::new("a", "", " "), None);
        assert_eq!(split("google / cpc"), ("google", "cpc"));
        assert_eq!(split("t.co"), ("t.co", ""));
    }
}
