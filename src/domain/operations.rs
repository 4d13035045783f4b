//! The seven operation types, one row each. Tabs, keys and plans take names and order from here.

/// One type of internet operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation {
    /// Stable id used in commands and storage.
    pub id: &'static str,
    /// Full name on wide screens.
    pub name: &'static str,
    /// Name at 80 columns.
    pub short: &'static str,
    /// One line: what its tab will hold.
    pub holds: &'static str,
}

/// All operation types in the order of keys `1` to `7`.
pub const OPERATIONS: [Operation; 7] = [
    Operation {
        id: "product",
        name: "Product",
        short: "Prod",
        holds: "funnel with time to convert, feature penetration, feedback inbox",
    },
    Operation {
        id: "user",
        name: "User",
        short: "User",
        holds: "lifecycle flows, RFM and lifecycle segments, recall lists",
    },
    Operation {
        id: "activity",
        name: "Activity",
        short: "Activ",
        holds: "campaigns by phase, participants, conversion, cost, lift and ROI",
    },
    Operation {
        id: "market",
        name: "Market",
        short: "Mkt",
        holds: "spend, clicks, new users and CAC by campaign, calendar, competitor notes",
    },
    Operation {
        id: "content",
        name: "Content",
        short: "Cont",
        holds: "items with views, completion, shares and revenue within 7 days, editorial queue",
    },
    Operation {
        id: "commercial",
        name: "Commercial",
        short: "Comm",
        holds: "revenue by stream, deal pipeline, receivables, barter, ad load",
    },
    Operation {
        id: "channel",
        name: "Channel",
        short: "Chan",
        holds: "new users, spend, CAC, cost per kept user, D1 D7 D30, ROAS and grade by channel",
    },
];
