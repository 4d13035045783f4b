//! The fields a column can go to, and the titles by which each is known without being told.

use crate::domain::records::Kind;
use crate::domain::tables::{Column, columns};

/// Where a column goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// Id of an event, a content item or a deal.
    Id,
    /// User.
    User,
    /// Time.
    Time,
    /// Event name.
    Name,
    /// Channel.
    Channel,
    /// Platform.
    Platform,
    /// Order id.
    Order,
    /// Line of an order.
    Line,
    /// Amount.
    Amount,
    /// Currency.
    Currency,
    /// Revenue stream.
    Stream,
    /// Order that a refund takes back.
    RefundOf,
    /// Day of spend, a fact or a rate.
    Day,
    /// Name of a daily number.
    Metric,
    /// A daily number.
    Value,
    /// Currency that a rate leads from.
    From,
    /// Currency that a rate leads to.
    To,
    /// A rate.
    Rate,
    /// Title of a content item.
    Title,
    /// Sort of a content item or a deal.
    Sort,
    /// Author.
    Author,
    /// Day for which a content item is planned.
    Planned,
    /// Day on which it was published.
    Published,
    /// Partner of a deal.
    Partner,
    /// Stage of a deal.
    Stage,
    /// Day on which a deal's value is due.
    Due,
    /// Day on which it was received.
    Received,
    /// Id that stands for a user.
    Alias,
    /// Campaign.
    Campaign,
    /// Impressions.
    Impressions,
    /// Clicks.
    Clicks,
    /// A JSON object of properties.
    Props,
    /// What was refunded of a payment so far.
    Refunded,
    /// When it was refunded.
    RefundTime,
    /// How far a payment or a content item is.
    Status,
    /// Whether a payment was collected.
    Captured,
    /// When an order was cancelled.
    Cancelled,
    /// How an order was paid, or that it is a test.
    Test,
    /// First day of a period.
    Since,
    /// Last day of a period.
    Until,
}

/// One field: its name for `--map`, the kinds it belongs to, its titles.
pub(super) struct FieldRow {
    pub(super) field: Field,
    pub(super) name: &'static str,
    kinds: &'static [Kind],
    titles: &'static [&'static str],
}

const E: &[Kind] = &[Kind::Events];
const R: &[Kind] = &[Kind::Revenue];
const S: &[Kind] = &[Kind::Spend];
const ER: &[Kind] = &[Kind::Events, Kind::Revenue];
const RSD: &[Kind] = &[Kind::Revenue, Kind::Spend, Kind::Deals];
const F: &[Kind] = &[Kind::Facts];
const SFT: &[Kind] = &[Kind::Spend, Kind::Facts, Kind::Rates];
const T: &[Kind] = &[Kind::Rates];
const C: &[Kind] = &[Kind::Content];
const D: &[Kind] = &[Kind::Deals];
const CD: &[Kind] = &[Kind::Content, Kind::Deals];
const L: &[Kind] = &[Kind::Links];
const ESF: &[Kind] = &[Kind::Events, Kind::Spend, Kind::Facts];
const ERL: &[Kind] = &[Kind::Events, Kind::Revenue, Kind::Links];

/// Every field; titles are compared folded (see [`fold`]), of several columns the title listed first wins.
pub(super) static FIELDS: &[FieldRow] = &[
    FieldRow {
        field: Field::Id,
        name: "id",
        kinds: E,
        titles: &["event_id", "insert_id", "$insert_id", "uuid", "message_id", "messageid", "id", "事件id"],
    },
    FieldRow {
        field: Field::User,
        name: "user",
        kinds: ERL,
        titles: &[
            "user_id",
            "user",
            "userid",
            "uid",
            "distinct_id",
            "client_id",
            "customer_id",
            "customer",
            "client",
            "person_id",
            "buyer",
            "buyer_id",
            "member_id",
            "account_id",
            "anonymous_id",
            "用户",
            "用户id",
            "用户编号",
            "会员",
            "会员id",
            "客户",
            "客户id",
            "买家",
        ],
    },
    FieldRow {
        field: Field::Time,
        name: "time",
        kinds: ER,
        titles: &[
            "ts",
            "time",
            "timestamp",
            "event_time",
            "created_at",
            "created",
            "datetime",
            "date",
            "occurred_at",
            "order_date",
            "order_time",
            "paid_at",
            "pay_time",
            "event_date",
            "时间",
            "事件时间",
            "日期",
            "支付时间",
            "下单时间",
            "订单时间",
            "付款时间",
        ],
    },
    FieldRow {
        field: Field::Name,
        name: "name",
        kinds: E,
        titles: &["event", "event_name", "event_type", "name", "action", "事件", "事件名", "事件名称"],
    },
    FieldRow {
        field: Field::Channel,
        name: "channel",
        kinds: ESF,
        titles: &["channel", "utm_source", "source", "media", "渠道", "来源", "媒体"],
    },
    FieldRow {
        field: Field::Platform,
        name: "platform",
        kinds: E,
        titles: &["platform", "os", "$os", "os_name", "device_os", "平台", "系统", "操作系统"],
    },
    FieldRow {
        field: Field::Order,
        name: "order",
        kinds: R,
        titles: &[
            "order_id",
            "order",
            "order_no",
            "order_number",
            "orderid",
            "transaction_id",
            "payment_id",
            "invoice",
            "invoice_no",
            "订单号",
            "订单id",
            "订单编号",
            "订单",
            "流水号",
        ],
    },
    FieldRow {
        field: Field::Line,
        name: "line",
        kinds: R,
        titles: &["line", "line_no", "line_id", "line_item", "行号"],
    },
    FieldRow {
        field: Field::Amount,
        name: "amount",
        kinds: RSD,
        titles: &[
            "amount",
            "total",
            "price",
            "revenue",
            "value",
            "paid",
            "net",
            "金额",
            "实付金额",
            "支付金额",
            "订单金额",
        ],
    },
    FieldRow {
        field: Field::Amount, name: "amount", kinds: S, titles: &["spend", "cost", "花费", "消耗", "费用"]
    },
    FieldRow {
        field: Field::Currency,
        name: "currency",
        kinds: RSD,
        titles: &["currency", "currency_code", "cur", "币种", "货币"],
    },
    FieldRow {
        field: Field::Stream,
        name: "stream",
        kinds: R,
        titles: &["stream", "revenue_stream", "business_line", "收入类型", "业务线"],
    },
    FieldRow {
        field: Field::RefundOf,
        name: "refund_of",
        kinds: R,
        titles: &["refund_of", "original_order", "original_order_id", "原订单号", "原订单"],
    },
    FieldRow { field: Field::Day, name: "day", kinds: SFT, titles: &["date", "day", "date_day", "日期", "时间"] },
    FieldRow {
        field: Field::Campaign,
        name: "campaign",
        kinds: S,
        titles: &["campaign", "utm_campaign", "campaign_name", "计划", "广告计划", "推广计划", "活动"],
    },
    FieldRow {
        field: Field::Impressions,
        name: "impressions",
        kinds: S,
        titles: &["impressions", "impr", "impr.", "展现", "展示", "曝光", "展现量", "曝光量"],
    },
    FieldRow {
        field: Field::Clicks, name: "clicks", kinds: S, titles: &["clicks", "link_clicks", "点击", "点击量"]
    },
    FieldRow {
        field: Field::Props,
        name: "props",
        kinds: ER,
        titles: &["props", "properties", "event_properties", "属性"],
    },
    FieldRow {
        field: Field::Metric, name: "metric", kinds: F, titles: &["metric", "metric_name", "指标", "指标名"]
    },
    FieldRow { field: Field::Value, name: "value", kinds: F, titles: &["value", "值", "数值"] },
    FieldRow { field: Field::From, name: "from", kinds: T, titles: &["from", "from_currency", "base"] },
    FieldRow { field: Field::To, name: "to", kinds: T, titles: &["to", "to_currency", "quote"] },
    FieldRow { field: Field::Rate, name: "rate", kinds: T, titles: &["rate", "fx_rate", "exchange_rate", "汇率"] },
    FieldRow { field: Field::Id, name: "id", kinds: CD, titles: &["id", "content_id", "deal_id", "item_id", "编号"] },
    FieldRow { field: Field::Title, name: "title", kinds: C, titles: &["title", "标题"] },
    FieldRow { field: Field::Sort, name: "kind", kinds: CD, titles: &["kind", "type", "类型"] },
    FieldRow { field: Field::Author, name: "author", kinds: C, titles: &["author", "作者"] },
    FieldRow { field: Field::Planned, name: "planned", kinds: C, titles: &["planned", "planned_on", "计划日期"] },
    FieldRow {
        field: Field::Published,
        name: "published",
        kinds: C,
        titles: &["published", "published_on", "published_at", "发布日期", "发布时间"],
    },
    FieldRow { field: Field::Status, name: "status", kinds: C, titles: &["status", "状态"] },
    FieldRow { field: Field::Partner, name: "partner", kinds: D, titles: &["partner", "合作方", "合作伙伴"] },
    FieldRow { field: Field::Stage, name: "stage", kinds: D, titles: &["stage", "阶段"] },
    FieldRow { field: Field::Due, name: "due", kinds: D, titles: &["due", "due_on", "due_date", "应收日期"] },
    FieldRow {
        field: Field::Received, name: "received", kinds: D, titles: &["received", "received_on", "回款日期"]
    },
    FieldRow { field: Field::Alias, name: "alias", kinds: L, titles: &["alias", "alias_id"] },
    // Only vendors' formats have these.
    of_formats(Field::Refunded, "refunded"),
    of_formats(Field::RefundTime, "refund_time"),
    of_formats(Field::Captured, "captured"),
    of_formats(Field::Cancelled, "cancelled"),
    of_formats(Field::Test, "test"),
    of_formats(Field::Since, "since"),
    of_formats(Field::Until, "until"),
];

const fn of_formats(field: Field, name: &'static str) -> FieldRow {
    FieldRow { field, name, kinds: &[], titles: &[] }
}

impl Field {
    /// The word of `--map TITLE=FIELD`.
    pub fn name(self) -> &'static str {
        FIELDS.iter().find(|row| row.field == self).map_or("", |row| row.name)
    }

    /// The field in a sentence.
    pub(super) fn described(self) -> &'static str {
        match self {
            Self::Name => "event name",
            Self::Order => "order id",
            Self::Line => "order line",
            Self::Stream => "revenue stream",
            Self::RefundOf => "refunded order",
            Self::Props => "properties",
            other => other.name(),
        }
    }

    /// Whether records of a kind have it.
    pub(super) fn belongs_to(self, kind: Kind) -> bool {
        FIELDS.iter().any(|row| row.field == self && row.kinds.contains(&kind))
    }

    /// Whether it holds a date, in which day and month may stand in either order.
    pub(super) fn is_date(self) -> bool {
        self == Self::Time || self == Self::RefundTime || self.is_day()
    }

    /// Whether it holds a day rather than an instant.
    pub(super) fn is_day(self) -> bool {
        matches!(
            self,
            Self::Day | Self::Since | Self::Until | Self::Planned | Self::Published | Self::Due | Self::Received
        )
    }

    /// Reads a word that [`Field::name`] gives.
    pub fn parse(name: &str) -> Option<Self> {
        FIELDS.iter().find(|row| row.name == name).map(|row| row.field)
    }
}

/// The field of a title for a kind, without being told.
pub(super) fn alias(title: &str, kind: Kind) -> Option<Field> {
    ranked(title, kind).map(|(field, _)| field)
}

/// The field of a title for a kind, and how many titles of the table go before it.
pub(super) fn ranked(title: &str, kind: Kind) -> Option<(Field, usize)> {
    let folded = fold(title);
    let mut before = 0;
    for row in FIELDS {
        if let Some(at) = row.titles.iter().position(|t| *t == folded).filter(|_| row.kinds.contains(&kind)) {
            return Some((row.field, before + at));
        }
        before += row.titles.len();
    }
    None
}

/// Whether any kind knows the title.
pub(super) fn is_known(title: &str) -> bool {
    Kind::ALL.into_iter().any(|kind| alias(title, kind).is_some())
}

/// Names of the fields of a kind, as `--map` takes them.
pub fn field_names(kind: Kind) -> impl Iterator<Item = &'static str> {
    let mut names: Vec<&str> = FIELDS.iter().filter(|row| row.kinds.contains(&kind)).map(|row| row.name).collect();
    names.dedup();
    names.into_iter()
}

/// Names of all fields.
pub(super) fn all_names() -> Vec<&'static str> {
    let told = FIELDS.iter().filter(|row| !row.kinds.is_empty());
    let mut names: Vec<&str> = told.map(|row| row.name).collect();
    names.dedup();
    names
}

/// What a kind cannot do without.
pub(super) fn required(kind: Kind) -> Vec<Field> {
    match kind {
        Kind::Events => vec![Field::User, Field::Time, Field::Name],
        Kind::Revenue => vec![Field::Time, Field::Amount],
        _ => in_columns(kind).filter(|(column, _)| column.needed).map(|(_, field)| field).collect(),
    }
}

/// The columns of a kind with their fields: each is known by its title in exports.
pub(super) fn in_columns(kind: Kind) -> impl Iterator<Item = (&'static Column, Field)> {
    columns(kind).iter().filter_map(move |column| Some((column, alias(column.title, kind)?)))
}

/// Lower case, blanks and hyphens as underscores, no blanks around: `Customer ID` is `customer_id`.
pub(super) fn fold(title: &str) -> String {
    let plain = title.trim().trim_start_matches('\u{FEFF}');
    plain
        .chars()
        .map(|c| if c == ' ' || c == '-' || c == '\u{3000}' { '_' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_stored_folded_and_stand_once_a_kind() {
        for kind in Kind::ALL {
            let mut seen = std::collections::BTreeSet::new();
            for row in FIELDS.iter().filter(|row| row.kinds.contains(&kind)) {
                for title in row.titles {
                    assert_eq!(*title, fold(title));
                    assert!(seen.insert(*title), "{title} twice for {}", kind.name());
                }
            }
        }
    }

    #[test]
    fn every_column_of_an_export_is_known_by_its_title() {
        for kind in Kind::ALL {
            let fields: Vec<Field> = in_columns(kind).map(|(_, field)| field).collect();
            assert_eq!(fields.len(), columns(kind).len(), "{}", kind.name());
            assert!(fields.iter().all(|field| fields.iter().filter(|f| *f == field).count() == 1), "{}", kind.name());
        }
    }

    #[test]
    fn names_are_read_back() {
        assert!(FIELDS.iter().all(|row| Field::parse(row.name) == Some(row.field)));
        assert_eq!(alias("Customer ID", Kind::Revenue), Some(Field::User));
        assert_eq!(alias("日期", Kind::Spend), Some(Field::Day));
    }
}
