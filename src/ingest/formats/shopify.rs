//! Shopify's orders: one row a line of an order, the columns of the order only on its first row. The first row carries
//! the money; the rows below it are lines of amount 0, so that no total counts twice.

use super::payments::{charge_and_refund, made, word};
use super::{Format, Memory};
use crate::domain::calendar::Instant;
use crate::domain::money::{Currency, Micros};
use crate::domain::records::{Kind, Record, Revenue};
use crate::ingest::Field;
use crate::ingest::drafts::Draft;
use crate::ingest::records::{FieldDraft, Made, Reader};
use crate::ingest::refusal::Refusal;

pub(super) static FORMAT: Format = Format {
    name: "shopify_orders_csv",
    kind: Kind::Revenue,
    known_by: &[&["name"], &["financial_status", "lineitem_quantity", "lineitem_name"], &["total"]],
    fields: &[
        (Field::Name, &["name"]),
        (Field::Order, &["id"]),
        (Field::User, &["email"]),
        (Field::Time, &["paid_at", "created_at"]),
        (Field::Amount, &["total"]),
        (Field::Refunded, &["refunded_amount"]),
        (Field::RefundTime, &["refunded_at"]),
        (Field::Currency, &["currency"]),
        (Field::Status, &["financial_status"]),
        (Field::Cancelled, &["cancelled_at", "canceled_at"]),
        (Field::Test, &["test", "payment_method"]),
    ],
    kept: &["name", "source", "note_attributes", "tags", "discount_code", "lineitem_*"],
    make,
};

/// The order whose lines are being read.
#[derive(Debug)]
pub(super) struct Order {
    name: String,
    fate: Head,
    lines: u32,
}

/// What became of the first row of an order.
#[derive(Debug)]
enum Head {
    Taken { id: String, user: Option<String>, at: Instant, currency: Option<Currency> },
    Left(&'static str),
    Refused,
}

fn make<'a>(reader: &mut Reader, draft: &mut FieldDraft<'a>, memory: &mut Memory) -> Result<Made<'a>, Refusal> {
    let (id, name) = (draft.take(Field::Order), draft.take(Field::Name));
    let Some(name) = name.or_else(|| id.clone()) else { return Err(reader.missing(Field::Name)) };
    let total = draft.take(Field::Amount).filter(|total| !total.trim().is_empty());
    let Some(total) = total else { return line(reader, draft, &name, memory.order.as_mut()) };
    draft.set(Field::Amount, total, false);
    draft.set(Field::Order, id.unwrap_or_else(|| name.clone()), false);
    let made = first(reader, draft);
    let fate = match &made {
        Ok(Ok(records)) => records.first().map_or(Head::Refused, taken),
        Ok(Err(why)) => Head::Left(why),
        Err(_) => Head::Refused,
    };
    memory.order = Some(Order { name: name.into_owned(), fate, lines: 1 });
    Ok(match made? {
        Ok(records) => self::made(records),
        Err(why) => Made::Left(why),
    })
}

fn taken(charge: &Revenue<'_>) -> Head {
    Head::Taken {
        id: charge.order.as_deref().unwrap_or_default().to_owned(),
        user: charge.user.as_deref().map(str::to_owned),
        at: charge.at,
        currency: charge.currency,
    }
}

/// The money of an order, or why it is none.
fn first<'a>(
    reader: &mut Reader,
    draft: &mut FieldDraft<'a>,
) -> Result<Result<Vec<Revenue<'a>>, &'static str>, Refusal> {
    let status = word(draft.take(Field::Status));
    let cancelled = draft.take(Field::Cancelled).is_some_and(|at| !at.trim().is_empty());
    // A column that says whether it is a test, and the gateway that only tests use.
    while let Some(text) = draft.take(Field::Test) {
        let text = word(Some(text));
        if matches!(text.as_str(), "true" | "yes") || text.contains("bogus") {
            return Ok(Err("a test order"));
        }
    }
    let left = match status.as_str() {
        "" if cancelled => Some("a cancelled order"),
        // What was paid for an order that was cancelled is money until it is refunded.
        "" | "paid" | "partially_refunded" | "refunded" => None,
        "voided" => Some("a voided order"),
        "pending" | "authorized" => Some("an order not paid yet"),
        "partially_paid" => Some("an order not paid in full"),
        "expired" => Some("an order whose payment expired"),
        _ => Some("an order that is not paid"),
    };
    match left {
        Some(why) => Ok(Err(why)),
        None => charge_and_refund(reader, draft, status == "refunded").map(Ok),
    }
}

/// A further line of the order above.
fn line<'a>(
    reader: &Reader,
    draft: &mut FieldDraft<'a>,
    name: &str,
    order: Option<&mut Order>,
) -> Result<Made<'a>, Refusal> {
    let Some(order) = order.filter(|order| order.name == name) else {
        return Err(reader.refuse("no_order", Field::Name, name, "has no total, and no row with one stands above"));
    };
    order.lines += 1;
    match &order.fate {
        Head::Left(why) => Ok(Made::Left(why)),
        Head::Refused => Err(reader.refuse("no_order", Field::Name, name, "is an order whose first row was rejected")),
        Head::Taken { id, user, at, currency } => Ok(Made::Record(Record::Revenue(Revenue {
            order: Some(id.clone().into()),
            line: Some(order.lines.to_string().into()),
            user: user.clone().map(Into::into),
            at: *at,
            stream: None,
            amount: Micros(0),
            currency: *currency,
            refund_of: None,
            undated_refund: false,
            refund_total: false,
            props: draft.props.take(),
        }))),
    }
}
