//! The kinds of record an import knows.

/// The kinds of record an import knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Something a user did.
    Events,
    /// Orders and refunds.
    Revenue,
    /// Money spent on acquisition.
    Spend,
    /// Numbers that exist only as sums of a day.
    Facts,
    /// What a currency was worth in another on a day.
    Rates,
    /// Things that are published.
    Content,
    /// Business with partners.
    Deals,
    /// Ids that stand for one user.
    Links,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 8] =
        [Self::Events, Self::Revenue, Self::Spend, Self::Facts, Self::Rates, Self::Content, Self::Deals, Self::Links];

    /// `events`, `revenue` and so on: the word of `--kind`, and the default source name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Revenue => "revenue",
            Self::Spend => "spend",
            Self::Facts => "facts",
            Self::Rates => "rates",
            Self::Content => "content",
            Self::Deals => "deals",
            Self::Links => "links",
        }
    }

    /// Names of all kinds between some text: `events, revenue, spend`.
    pub fn names(between: &str) -> String {
        Self::ALL.map(Self::name).join(between)
    }

    /// Reads a name that [`Kind::name`] gives.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == text)
    }

    /// Whether columns without a field of their own are kept as properties.
    pub fn keeps_properties(self) -> bool {
        matches!(self, Self::Events | Self::Revenue)
    }
}
