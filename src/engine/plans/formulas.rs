//! Formulas that a number breaks down by: one row each. Parts are bound so that the identity holds exactly over any
//! period.

use crate::domain::plans::NodeOp;

/// A part: what measures it, its name, and whether it is taken away or divides.
type Part = (&'static str, &'static str, bool);

/// A way to break a metric down.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Formula {
    /// Its name in commands.
    pub id: &'static str,
    /// The metric that it breaks down.
    pub of: &'static str,
    /// How the parts make it.
    pub op: NodeOp,
    /// What it is.
    pub about: &'static str,
    /// The parts; empty `metric` is one that is bound later.
    pub parts: &'static [Part],
}

const fn product(id: &'static str, of: &'static str, about: &'static str, parts: &'static [Part]) -> Formula {
    Formula { id, of, op: NodeOp::Product, about, parts }
}

const fn sum(id: &'static str, of: &'static str, about: &'static str, parts: &'static [Part]) -> Formula {
    Formula { id, of, op: NodeOp::Sum, about, parts }
}

const fn ratio(id: &'static str, of: &'static str, about: &'static str, parts: &'static [Part]) -> Formula {
    Formula { id, of, op: NodeOp::Ratio, about, parts }
}

/// Every formula. One that needs a daily fact is offered where that fact is there.
pub(super) const FORMULAS: &[Formula] = &[
    product(
        "order_value",
        "net",
        "orders x net per order",
        &[("orders", "Orders", false), ("net/orders", "Order value", false)],
    ),
    product(
        "payers",
        "net",
        "active x paid rate x net per payer",
        &[
            ("active_users", "Active users", false),
            ("payers/active_users", "Paid rate", false),
            ("net/payers", "Net per payer", false),
        ],
    ),
    product(
        "frequency",
        "net",
        "payers x orders per payer x net per order",
        &[
            ("payers", "Payers", false),
            ("orders/payers", "Orders per payer", false),
            ("net/orders", "Order value", false),
        ],
    ),
    product(
        "visits",
        "net",
        "visits x conversion x net per order",
        &[
            ("fact:visits", "Visits", false),
            ("orders/fact:visits", "Conversion", false),
            ("net/orders", "Order value", false),
        ],
    ),
    sum("refunds", "net", "gross less refunds", &[("gross", "Gross", false), ("refunds", "Refunds", true)]),
    product(
        "order_value",
        "gross",
        "orders x gross per order",
        &[("orders", "Orders", false), ("gross/orders", "Order value", false)],
    ),
    product(
        "payers",
        "gross",
        "active x paid rate x gross per payer",
        &[
            ("active_users", "Active users", false),
            ("payers/active_users", "Paid rate", false),
            ("gross/payers", "Gross per payer", false),
        ],
    ),
    product(
        "visits",
        "gross",
        "visits x conversion x gross per order",
        &[
            ("fact:visits", "Visits", false),
            ("orders/fact:visits", "Conversion", false),
            ("gross/orders", "Order value", false),
        ],
    ),
    product(
        "visits",
        "orders",
        "visits x conversion",
        &[("fact:visits", "Visits", false), ("orders/fact:visits", "Conversion", false)],
    ),
    product(
        "paid_rate",
        "payers",
        "active x paid rate",
        &[("active_users", "Active users", false), ("payers/active_users", "Paid rate", false)],
    ),
    product(
        "frequency",
        "orders",
        "payers x orders per payer",
        &[("payers", "Payers", false), ("orders/payers", "Orders per payer", false)],
    ),
    ratio(
        "spend_cpa",
        "new_users",
        "spend / spend per new user",
        &[("spend", "Spend", false), ("spend/new_users", "CPA", true)],
    ),
    product(
        "new_cpa",
        "spend",
        "new users x spend per new user",
        &[("new_users", "New users", false), ("spend/new_users", "Cost per new user", false)],
    ),
    sum(
        "lifecycle",
        "active_users",
        "new + returning + resurrected",
        &[
            ("new_users", "New users", false),
            ("returning_users", "Returning users", false),
            ("resurrected_users", "Resurrected users", false),
        ],
    ),
    product(
        "stickiness",
        "events",
        "active x events per active",
        &[("active_users", "Active users", false), ("events/active_users", "Events per active", false)],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::binding::Binding;

    #[test]
    fn every_part_is_bound_and_every_id_is_said_once_for_a_metric() {
        for (at, formula) in FORMULAS.iter().enumerate() {
            assert!(Binding::parse(formula.of).is_ok(), "{}", formula.of);
            assert!(formula.parts.iter().all(|(metric, _, _)| Binding::parse(metric).is_ok()), "{}", formula.id);
            assert!(FORMULAS.iter().skip(at + 1).all(|other| (other.id, other.of) != (formula.id, formula.of)));
        }
    }
}
