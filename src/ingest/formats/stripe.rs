//! Stripe's payments: one row a charge; a refund is a column of it, and a partial one leaves the status as it was.

use super::payments::{charge_and_refund, made, word};
use super::{Format, Memory};
use crate::domain::records::Kind;
use crate::ingest::Field;
use crate::ingest::records::{FieldDraft, Made, Reader};
use crate::ingest::refusal::Refusal;

pub(super) static FORMAT: Format = Format {
    name: "stripe_payments_csv",
    kind: Kind::Revenue,
    known_by: &[
        &["id"],
        &["created_(utc)", "created_date_(utc)", "created", "created_date"],
        &["amount"],
        &["amount_refunded", "converted_amount", "captured", "card_last4"],
    ],
    fields: &[
        (Field::Order, &["id"]),
        (Field::User, USERS),
        (Field::Time, &["created_(utc)", "created_date_(utc)", "created", "created_date"]),
        (Field::Amount, &["amount"]),
        (Field::Refunded, &["amount_refunded"]),
        (
            Field::RefundTime,
            &["refunded_date_(utc)", "refunded_at_(utc)", "refunded_(utc)", "refunded_date", "refunded_at"],
        ),
        (Field::Currency, &["currency"]),
        (Field::Status, &["status"]),
        (Field::Captured, &["captured"]),
    ],
    kept: &["description", "*(metadata)"],
    make,
};

/// The customer, else the user that the operator wrote into the metadata.
const USERS: &[&str] = &[
    "customer_id",
    "user_id_(metadata)",
    "userid_(metadata)",
    "user_(metadata)",
    "uid_(metadata)",
    "customer_id_(metadata)",
    "account_id_(metadata)",
];

fn make<'a>(reader: &mut Reader, draft: &mut FieldDraft<'a>, _: &mut Memory) -> Result<Made<'a>, Refusal> {
    let status = word(draft.take(Field::Status));
    let captured = word(draft.take(Field::Captured));
    match status.as_str() {
        "paid" | "refunded" => {}
        "" if !reader.has(Field::Status) => {}
        "failed" => return Ok(Made::Left("a failed payment")),
        "canceled" | "cancelled" => return Ok(Made::Left("a cancelled payment")),
        _ => return Ok(Made::Left("a payment that is neither Paid nor Refunded")),
    }
    if matches!(captured.as_str(), "false" | "no") {
        return Ok(Made::Left("a payment that was never captured"));
    }
    charge_and_refund(reader, draft, status == "refunded").map(made)
}
