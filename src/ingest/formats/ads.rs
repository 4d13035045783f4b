//! What reports of advertising have in common: money of one day, never of a longer period.

use crate::domain::calendar::Day;
use crate::domain::records::{Record, Spend, Text};
use crate::ingest::Field;
use crate::ingest::drafts::Draft;
use crate::ingest::records::{FieldDraft, Made, Reader};
use crate::ingest::refusal::Refusal;

/// What to do about a total of a period.
const BY_DAY: &str = "is the total of a period, which belongs to no one day; export it by day";
/// What stands for no cost.
const NO_COST: &str = "--";

/// Spend of one day on the vendor's channel.
pub(super) fn spend<'a>(
    reader: &mut Reader,
    draft: &mut FieldDraft<'a>,
    channel: Option<&'static str>,
) -> Result<Made<'a>, Refusal> {
    let day = day(reader, draft)?;
    if let Some(cost) = draft.take(Field::Amount) {
        let cost = if cost.trim() == NO_COST { Text::Borrowed("0") } else { cost };
        draft.set(Field::Amount, cost, false);
    }
    let spend = reader.spend_of(day, draft)?;
    let channel = spend.channel.or(channel.map(Text::Borrowed));
    Ok(Made::Record(Record::Spend(Spend { channel, ..spend })))
}

/// The day of a row: its own, or the period's where that is one day (formats.md A19).
fn day(reader: &mut Reader, draft: &mut FieldDraft<'_>) -> Result<Day, Refusal> {
    if let Some(text) = draft.take(Field::Day) {
        return reader.day(Field::Day, &text);
    }
    let Some(since) = draft.take(Field::Since) else {
        let field = if reader.has(Field::Day) { Field::Day } else { Field::Since };
        return Err(reader.missing(field));
    };
    let first = reader.day(Field::Since, &since)?;
    let Some(until) = draft.take(Field::Until) else {
        return Err(reader.refuse("period_total", Field::Since, &since, BY_DAY));
    };
    if reader.day(Field::Until, &until)? == first {
        return Ok(first);
    }
    Err(reader.refuse("period_total", Field::Since, &format!("{since} - {until}"), BY_DAY))
}
