//! Google Ads' reports: titles above the header, totals below the rows; which channel a campaign is tells the mapping.

use super::{Format, ads};
use crate::domain::records::Kind;
use crate::ingest::Field;

pub(super) static FORMAT: Format = Format {
    name: "google_ads_csv",
    kind: Kind::Spend,
    known_by: &[&["cost", "cost_(*"], &["campaign", "campaign_id"], &["campaign_id", "currency_code", "impr."]],
    fields: &[
        (Field::Day, &["day", "date"]),
        (Field::Since, &["week", "month", "quarter", "year"]),
        (Field::Channel, &["channel", "utm_source"]),
        (Field::Campaign, &["campaign", "campaign_name", "campaign_id"]),
        (Field::Amount, &["cost", "cost_(*"]),
        (Field::Currency, &["currency_code", "currency"]),
        (Field::Impressions, &["impr.", "impressions"]),
        (Field::Clicks, &["clicks"]),
    ],
    kept: &[],
    make: |reader, draft, _| ads::spend(reader, draft, None),
};
