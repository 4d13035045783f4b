//! What payments have in common: a charge, and a refund that is known only as a column beside it.

use crate::domain::money::Micros;
use crate::domain::records::{Record, Revenue, Text};
use crate::ingest::Field;
use crate::ingest::drafts::Draft;
use crate::ingest::records::{FieldDraft, Made, Reader};
use crate::ingest::refusal::Refusal;

/// Line under which the money of an order stands.
pub(super) const FIRST: &str = "1";

/// The charge of a row and, where something was refunded, the refund: on its own date if there is one, else on the
/// charge's day (metrics.md).
pub(super) fn charge_and_refund<'a>(
    reader: &mut Reader,
    draft: &mut FieldDraft<'a>,
    all_refunded: bool,
) -> Result<Vec<Revenue<'a>>, Refusal> {
    let shown = draft.take(Field::Refunded).filter(|text| !text.trim().is_empty());
    if let Some(text) = &shown {
        draft.set(Field::Refunded, text.clone(), false);
    }
    let refunded = reader.amount_of(draft, Field::Refunded)?;
    if let (Some(Micros(..0)), Some(text)) = (refunded, &shown) {
        return Err(reader.refuse("bad_amount", Field::Refunded, text, "is less than nothing"));
    }
    let own_time = reader.time_of(draft, Field::RefundTime)?;
    let charge = reader.revenue(draft)?;
    let charge = Revenue { line: Some(Text::Borrowed(FIRST)), ..charge };
    let back = refunded.unwrap_or(if all_refunded { charge.amount } else { Micros(0) });
    if back.0 == 0 {
        return Ok(vec![charge]);
    }
    let refund = Revenue {
        at: own_time.unwrap_or(charge.at),
        amount: Micros(-back.0),
        refund_of: charge.order.clone(),
        undated_refund: own_time.is_none(),
        refund_total: true,
        props: None,
        ..charge.clone()
    };
    Ok(vec![charge, refund])
}

/// What a row with these records yields.
pub(super) fn made(mut records: Vec<Revenue<'_>>) -> Made<'_> {
    match records.pop() {
        Some(only) if records.is_empty() => Made::Record(Record::Revenue(only)),
        last => Made::Several(records.into_iter().chain(last).map(Record::Revenue).collect()),
    }
}

/// A word as vendors write states: lower case, blanks as underscores.
pub(super) fn word(text: Option<Text<'_>>) -> String {
    text.map(|text| text.trim().to_lowercase().replace([' ', '-'], "_")).unwrap_or_default()
}
