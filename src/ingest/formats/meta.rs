//! Meta's ad reports: each row has a first and a last day, and the currency stands only in a title.

use super::{Format, ads};
use crate::domain::records::Kind;
use crate::ingest::Field;
use crate::ingest::drafts::Draft;
use crate::ingest::records::Made;

pub(super) static FORMAT: Format = Format {
    name: "meta_ads_csv",
    kind: Kind::Spend,
    known_by: &[&["amount_spent", "amount_spent_(*"]],
    fields: &[
        (Field::Day, &["day"]),
        (Field::Since, &["reporting_starts"]),
        (Field::Until, &["reporting_ends"]),
        (Field::Campaign, &["campaign_name", "campaign_id"]),
        (Field::Amount, &["amount_spent", "amount_spent_(*"]),
        (Field::Currency, &["currency"]),
        (Field::Impressions, &["impressions"]),
        (Field::Clicks, &["link_clicks", "clicks_(all)", "clicks"]),
    ],
    kept: &[],
    make: |reader, draft, _| {
        // The summary row of the whole report stands among the others, with no campaign.
        match draft.take(Field::Campaign) {
            Some(campaign) => draft.set(Field::Campaign, campaign, false),
            None if reader.has(Field::Campaign) => return Ok(Made::Left("a total")),
            None => {}
        }
        ads::spend(reader, draft, Some("meta"))
    },
};
