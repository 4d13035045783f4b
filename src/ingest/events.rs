//! Events, the rows that come by the million: their texts go from the row to the record without a copy.

use super::drafts::Draft;
use super::records::Reader;
use super::refusal::Refusal;
use super::{Field, json};
use crate::domain::records::{Event, Text};

/// The texts of an event; empty ones are absent, of several for one field the first that is not empty counts.
#[derive(Debug, Default)]
pub(super) struct EventDraft<'a> {
    id: Text<'a>,
    user: Text<'a>,
    time: Text<'a>,
    name: Text<'a>,
    channel: Text<'a>,
    platform: Text<'a>,
    /// One JSON object.
    props: Option<Text<'a>>,
}

impl<'a> Draft<'a> for EventDraft<'a> {
    fn set(&mut self, field: Field, text: Text<'a>, _number: bool) {
        let slot = match field {
            Field::Id => &mut self.id,
            Field::User => &mut self.user,
            Field::Time => &mut self.time,
            Field::Name => &mut self.name,
            Field::Channel => &mut self.channel,
            Field::Platform => &mut self.platform,
            _ => return,
        };
        if slot.is_empty() {
            *slot = text;
        }
    }

    fn add_number(&mut self, _title: &str, _text: Text<'a>, _number: bool) {}

    fn set_props(&mut self, props: Text<'a>) {
        self.props = Some(props);
    }
}

impl Reader {
    /// Makes the event of a row.
    pub(super) fn event<'a>(&mut self, draft: EventDraft<'a>) -> Result<Event<'a>, Refusal> {
        let at = self.time_in(&draft.time, Field::Time)?.ok_or_else(|| self.missing(Field::Time))?;
        let name = given(draft.name).ok_or_else(|| self.missing(Field::Name))?;
        let channel = match given(draft.channel) {
            None if !self.has(Field::Channel) => draft.props.as_deref().and_then(utm_source).map(Text::Owned),
            channel => channel,
        };
        let (id, user, platform) = (given(draft.id), given(draft.user), given(draft.platform));
        Ok(Event { id, user, at, name, channel, platform, props: draft.props })
    }
}

fn given(text: Text<'_>) -> Option<Text<'_>> {
    (!text.is_empty()).then_some(text)
}

/// The source in an event's properties, which is its channel where the file has no column of channels.
fn utm_source(props: &str) -> Option<String> {
    if !props.contains("utm_source") {
        return None;
    }
    let fields = json::fields(props.as_bytes()).ok()?;
    let (_, written) = fields.iter().find(|(key, _)| matches!(key.as_ref(), "utm_source" | "$utm_source"))?;
    serde_json::from_str(written).ok().filter(|text: &String| !text.is_empty())
}
