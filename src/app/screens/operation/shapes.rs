//! How each table of a tab is drawn: one row a table, with its columns at 80 and, where they fit, at 60.

mod campaigns;

use crate::domain::operations::Section;
use crate::ui::table::{Align, Column};

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// The row's name.
    Name,
    /// The row's name, which is the first day of a week.
    Week,
    /// A figure.
    Now(usize),
    /// A figure of the week that its column is of: the head is the week's first day.
    InWeek(usize),
    /// The same in the comparison.
    Prev(usize),
    /// The change between both.
    Delta(usize),
    /// Its part of the total's.
    Share(usize),
    /// Values of the last weeks as a line, with the change from the first to the last.
    Trend(usize),
    /// Days as a bar over those of the table.
    Bar(usize),
    /// How much of some days is over.
    Passed(usize),
}

impl Show {
    /// The place of the figure that it shows as it is.
    pub fn figure(self) -> Option<usize> {
        match self {
            Self::Now(at) | Self::InWeek(at) | Self::Trend(at) => Some(at),
            _ => None,
        }
    }
}

/// A table of a tab.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Title in the rule.
    pub title: &'static str,
    /// Columns from left to right.
    pub columns: &'static [Column],
    /// What stands in them.
    pub shows: &'static [Show],
    /// What it shows once there is something.
    pub about: &'static str,
}

const fn name(width: u16) -> Column {
    Column::new("", Align::Left(1), width).compact(Align::Left(1))
}

const fn right(head: &'static str, end: u16, width: u16) -> Column {
    Column::new(head, Align::Right(end), width)
}

const fn kept(head: &'static str, end: u16, width: u16, compact: u16) -> Column {
    right(head, end, width).compact(Align::Right(compact))
}

const fn left(head: &'static str, from: u16, width: u16) -> Column {
    Column::new(head, Align::Left(from), width)
}

use Show::{Delta, InWeek, Name, Now, Prev, Share, Trend, Week};
use campaigns::{AD_WEEKS, ADS, CALENDAR, CAMPAIGN_WEEKS, CAMPAIGNS, COMPETITORS, JOINERS, PHASES, ROUND, TURNOUT};

const FUNNEL: Shape = Shape {
    title: "FUNNEL",
    columns: &[
        name(24),
        kept("users", 42, 8, 33),
        kept("of prev", 51, 7, 42),
        kept("of first", 60, 8, 51),
        kept("delta", 69, 8, 59),
        right("median", 77, 6),
    ],
    shows: &[Name, Now(0), Now(1), Now(2), Delta(1), Now(3)],
    about: "how far users get, step by step, and how long each step takes",
};

const FEATURES: Shape = Shape {
    title: "FEATURES",
    columns: &[
        name(22),
        kept("users", 33, 8, 33),
        kept("penetration", 46, 8, 46),
        kept("D7 with", 57, 7, 57),
        right("without", 66, 7),
        right("diff", 75, 8),
    ],
    shows: &[Name, Now(0), Now(1), Now(2), Now(3), Delta(4)],
    about: "who uses what, and whether new users who tried it come back",
};

const FEEDBACK: Shape = Shape {
    title: "FEEDBACK",
    columns: &[
        name(7),
        left("from", 9, 8).compact(Align::Left(9)),
        right("times", 23, 5),
        left("said", 25, 42).compact(Align::Left(18)),
        left("state", 69, 10),
    ],
    shows: &[Name, Now(0), Now(1), Now(2), Now(3)],
    about: "what users and partners say; a adds one, o moves it on",
};

const NUMBERS: Shape = Shape {
    title: "NUMBERS",
    columns: &[
        name(16),
        kept("last", 25, 8, 25),
        kept("prev", 33, 7, 33),
        kept("delta", 41, 7, 41),
        kept("sum", 50, 8, 50),
        left("28 days", 51, 14),
        left("a day", 66, 13),
    ],
    shows: &[Name, Now(0), Prev(0), Delta(0), Now(1), Now(2), Now(3)],
    about: "last day, sum and usual day of daily facts of your own",
};

const LIFECYCLE: Shape = Shape {
    title: "LIFECYCLE",
    columns: &[
        name(14),
        kept("users", 24, 7, 24),
        kept("share", 34, 7, 34),
        kept("prev", 44, 7, 44),
        kept("delta", 55, 8, 55),
    ],
    shows: &[Name, Now(0), Share(0), Prev(0), Delta(0)],
    about: "where active users come from, and how many went dormant",
};

const RFM: Shape = Shape {
    title: "RFM",
    columns: &[
        name(16),
        kept("users", 31, 7, 31),
        kept("share", 40, 7, 40),
        kept("in 7d", 49, 7, 49),
        kept("out 7d", 58, 7, 58),
        right("net/user", 69, 9),
    ],
    shows: &[Name, Now(0), Share(0), Now(1), Now(2), Now(3)],
    about: "payers by how lately, how often and how much they paid",
};

const MOVES: Shape = Shape {
    title: "MOVES",
    columns: &[name(32), kept("users", 44, 7, 44), kept("of class now", 59, 8, 59)],
    shows: &[Name, Now(0), Now(1)],
    about: "how payers moved between the classes in a week",
};

const RECALL: Shape = Shape {
    title: "RECALL",
    columns: &[
        name(24),
        kept("touches/week", 34, 8, 34),
        kept("delta", 44, 8, 44),
        kept("won back", 55, 8, 55),
        right("delta", 65, 8),
        right("dormant", 75, 8),
    ],
    shows: &[Name, Now(0), Delta(0), Now(1), Delta(1), Now(2)],
    about: "touches a user, and how many dormant ones came back after one",
};

const LEVELS: Shape = Shape {
    title: "LEVELS",
    columns: &[name(18), kept("users", 34, 8, 34), kept("share", 44, 8, 44), kept("levelled up", 58, 8, 58)],
    shows: &[Name, Now(0), Now(1), Now(2)],
    about: "users by level of the incentive system, and who rose",
};

const ITEMS: Shape = Shape {
    title: "ITEMS",
    columns: &[
        name(25),
        kept("views", 34, 7, 34),
        right("uniq", 41, 6),
        kept("compl", 48, 6, 42),
        kept("engag", 55, 6, 50),
        right("share", 61, 5),
        right("signup", 68, 6),
        kept("net", 77, 8, 59),
    ],
    shows: &[Name, Now(0), Now(1), Now(2), Now(3), Now(4), Now(5), Now(6)],
    about: "views, finishing, shares, what came within 7 days of a view",
};

/// The days of an item, on the page of its own.
pub const ITEM_DAYS: Shape = Shape {
    title: "FIRST 7 DAYS",
    about: "views, finishing, shares, and sign-ups and revenue within 7 days of the last view, day by day",
    ..ITEMS
};

const QUEUE: Shape = Shape {
    title: "QUEUE",
    columns: &[
        name(28),
        left("kind", 30, 9),
        left("author", 40, 9),
        left("planned", 50, 18).compact(Align::Left(30)),
        left("status", 69, 10),
    ],
    shows: &[Name, Now(0), Now(1), Now(2), Now(3)],
    about: "what is planned and not published yet",
};

const STREAMS: Shape = Shape {
    title: "REVENUE",
    columns: &[
        name(16),
        kept("actual", 26, 8, 26),
        kept("prev", 34, 7, 34),
        kept("delta", 43, 8, 43),
        kept("share", 51, 6, 51),
        right("gross", 60, 8),
        right("refunds", 69, 8),
        right("payers", 77, 6),
    ],
    shows: &[Name, Now(0), Prev(0), Delta(0), Share(0), Now(1), Now(2), Now(4)],
    about: "net revenue by stream against the comparison",
};

const PER_HEAD: Shape = Shape {
    title: "PER USER",
    columns: &[name(18), kept("actual", 33, 8, 33), kept("prev", 42, 8, 42), kept("delta", 51, 8, 51)],
    shows: &[Name, Now(0), Prev(0), Delta(0)],
    about: "payers, ARPU, ARPPU and the paid rate",
};

const PIPELINE: Shape = Shape {
    title: "PIPELINE",
    columns: &[name(20), kept("deals", 31, 6, 31), kept("share", 40, 7, 40), kept("value", 52, 10, 52)],
    shows: &[Name, Now(0), Now(1), Now(2)],
    about: "deals by stage and what they are worth",
};

const DEALS: Shape = Shape {
    title: "DEALS",
    columns: &[
        name(20),
        left("in", 22, 7),
        left("stage", 30, 10).compact(Align::Left(22)),
        kept("value", 50, 9, 41),
        left("due", 52, 16).compact(Align::Left(43)),
        left("received", 69, 11),
    ],
    shows: &[Name, Now(0), Now(1), Now(2), Now(3), Now(4)],
    about: "each deal with its stage, value and days; o moves one on",
};

const RECEIVABLES: Shape = Shape {
    title: "RECEIVABLES",
    columns: &[name(20), left("in", 23, 7), kept("value", 42, 10, 34), left("due", 45, 22).compact(Align::Left(37))],
    shows: &[Name, Now(0), Now(1), Now(2)],
    about: "what partners of won deals owe, the longest due first",
};

const AD_LOAD: Shape = Shape {
    title: "AD LOAD from",
    columns: &[
        name(12),
        kept("ads/user", 33, 8, 33),
        kept("delta", 42, 8, 42),
        kept("fill", 50, 7, 50),
        kept("D7", 58, 7, 58),
        right("delta", 67, 8),
    ],
    shows: &[Week, Now(0), Delta(0), Now(1), Now(2), Delta(2)],
    about: "impressions a user beside D7, week by week; no cause is shown",
};

const LEDGER: Shape = Shape {
    title: "LEDGER",
    columns: &[
        name(10),
        kept("new", 17, 6, 19),
        kept("share", 24, 6, 26),
        kept("spend", 32, 7, 34),
        kept("CAC", 39, 6, 42),
        kept("/kept", 47, 7, 50),
        right("D1", 54, 6),
        kept("D7", 61, 6, 57),
        right("D30", 68, 6),
        right("RO30", 75, 6),
        left("G", 77, 2),
    ],
    shows: &[Name, Now(0), Share(0), Now(1), Now(2), Now(3), Now(4), Now(5), Now(6), Now(7), Now(8)],
    about: "new users, spend, cost, D1 D7 D30, ROAS, grade by channel",
};

const PAYBACK: Shape = Shape {
    title: "PAYBACK",
    columns: &[
        name(10),
        kept("users", 26, 5, 26),
        kept("CAC", 33, 6, 33),
        kept("LTV30", 39, 5, 40),
        right("RO7", 46, 6),
        kept("RO30", 53, 6, 47),
        left("payback", 55, 10).compact(Align::Left(49)),
        left("/kept weekly", 66, 14),
    ],
    shows: &[Name, Now(0), Now(1), Now(2), Now(3), Now(4), Now(5), Trend(6)],
    about: "payback day by channel, and cost per kept user by week",
};

const KEPT_WEEKS: Shape = Shape {
    title: "/KEPT",
    columns: &[
        name(12),
        right("", 23, 8),
        right("", 31, 7),
        right("", 39, 7),
        kept("", 47, 7, 28),
        kept("", 55, 7, 36),
        kept("", 63, 7, 44),
        kept("", 71, 7, 52),
        kept("", 79, 7, 60),
    ],
    shows: &[Name, InWeek(0), InWeek(1), InWeek(2), InWeek(3), InWeek(4), InWeek(5), InWeek(6), InWeek(7)],
    about: "cost per kept user by channel and week; * is not complete",
};

const MIX: Shape = Shape {
    title: "D7 CHANGE",
    columns: &[
        name(14),
        kept("share", 23, 7, 23),
        right("prev", 31, 7),
        kept("D7", 40, 7, 31),
        kept("prev", 48, 7, 39),
        kept("mix", 58, 8, 48),
        kept("rate", 68, 8, 57),
    ],
    shows: &[Name, Now(0), Prev(0), Now(1), Prev(1), Now(2), Now(3)],
    about: "how much of the change of D7 is who came, and how they stayed",
};

/// What makes the first row of a table that no file of data fills.
pub fn begins(section: Section) -> &'static str {
    match section {
        Section::Campaigns | Section::Phases | Section::Round | Section::Joiners => {
            "8 Plans, a writes a plan of the type activity: each is a row"
        }
        Section::Calendar => "8 Plans, a writes a plan; spend by campaign stands here too, i imports it",
        Section::Deals | Section::Receivables => "a types a deal, i imports a file of them",
        Section::Items | Section::Queue => "a types an item, i imports a file of them",
        _ => "",
    }
}

/// How a table is drawn.
pub fn shape(section: Section) -> Shape {
    match section {
        Section::Funnel => FUNNEL,
        Section::Features => FEATURES,
        Section::Feedback => FEEDBACK,
        Section::Numbers => NUMBERS,
        Section::Lifecycle => LIFECYCLE,
        Section::Rfm => RFM,
        Section::Moves => MOVES,
        Section::Recall => RECALL,
        Section::Levels => LEVELS,
        Section::Campaigns => CAMPAIGNS,
        Section::Turnout => TURNOUT,
        Section::Phases => PHASES,
        Section::Round => ROUND,
        Section::Joiners => JOINERS,
        Section::Calendar => CALENDAR,
        Section::Ads => ADS,
        Section::CampaignWeeks => CAMPAIGN_WEEKS,
        Section::AdWeeks => AD_WEEKS,
        Section::Competitors => COMPETITORS,
        Section::Items => ITEMS,
        Section::Queue => QUEUE,
        Section::Streams => STREAMS,
        Section::PerHead => PER_HEAD,
        Section::Pipeline => PIPELINE,
        Section::Deals => DEALS,
        Section::Receivables => RECEIVABLES,
        Section::AdLoad => AD_LOAD,
        Section::Ledger => LEDGER,
        Section::Payback => PAYBACK,
        Section::KeptWeeks => KEPT_WEEKS,
        Section::Mix => MIX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::operations::{OPERATIONS, Operation};

    #[test]
    fn every_table_fits_and_says_what_stands_in_each_column() {
        for section in OPERATIONS.iter().flat_map(Operation::sections) {
            let Shape { title, columns, shows, about } = shape(section);
            assert_eq!(columns.len(), shows.len(), "{title}");
            assert!(matches!(shows[0], Show::Name | Show::Week) && !about.is_empty());
            assert!(about.len() <= 61 && begins(section).len() <= 76, "{title}: a line of 80 columns cuts it");
            for width in [60, 80] {
                let mut edge = 0;
                for column in columns {
                    let Some(place) = column.at(width) else { continue };
                    let (from, to) = match place {
                        Align::Left(at) => (at, at + column.width),
                        Align::Right(end) => (end.saturating_sub(column.width), end),
                    };
                    assert!(
                        from >= edge && to <= width,
                        "{title} {} at {width}: {from}-{to} after {edge}",
                        column.head
                    );
                    edge = to;
                }
            }
        }
    }
}
