//! The tables of Activity and Market.

use super::Show::{Bar, Delta, Name, Now, Passed, Prev, Week};
use super::{Shape, kept, left, name, right};
use crate::ui::table::Align;

pub const CAMPAIGNS: Shape = Shape {
    title: "CAMPAIGNS",
    columns: &[
        name(22),
        kept("joined", 32, 7, 32),
        kept("paid", 40, 7, 40),
        kept("per head", 50, 8, 50),
        kept("DAU lift", 60, 8, 59),
        right("ROI", 68, 7),
        right("post D7", 77, 7),
    ],
    shows: &[Name, Now(0), Now(1), Now(2), Now(3), Now(4), Now(5)],
    about: "who joined each plan of this type, its cost, lift, ROI and D7",
};

pub const TURNOUT: Shape = Shape {
    title: "TURNOUT",
    columns: &[name(18), kept("users", 32, 8, 32), kept("prev", 42, 8, 42), kept("delta", 52, 8, 52)],
    shows: &[Name, Now(0), Prev(0), Delta(0)],
    about: "users who were touched, joined, shared and paid in the period",
};

pub const PHASES: Shape = Shape {
    title: "BY PHASE",
    columns: &[
        name(8),
        left("", 10, 15).compact(Align::Left(10)),
        left("", 26, 8),
        right("share", 40, 5),
        kept("joined", 50, 7, 39),
        kept("paid", 58, 6, 47),
        right("per head", 68, 8),
        kept("DAU lift", 78, 8, 57),
    ],
    shows: &[Name, Now(0), Passed(0), Now(1), Now(2), Now(3), Now(4), Now(5)],
    about: "days and target of each phase, who joined, what they cost",
};

pub const ROUND: Shape = Shape {
    title: "SO FAR",
    columns: &[name(18), kept("users", 42, 8, 34), kept("round before", 57, 8, 44), kept("delta", 68, 8, 54)],
    shows: &[Name, Now(0), Prev(0), Delta(0)],
    about: "users by what they did, beside those days of the round before",
};

pub const JOINERS: Shape = Shape {
    title: "WHO JOINED",
    columns: &[
        name(24),
        left("by", 41, 8).compact(Align::Left(26)),
        kept("joined", 57, 7, 43),
        kept("share", 64, 6, 51),
        kept("paid", 71, 6, 59),
        right("post D7", 79, 7),
    ],
    shows: &[Name, Now(0), Now(1), Now(2), Now(3), Now(4)],
    about: "participants by first-touch channel and by platform",
};

pub const CALENDAR: Shape = Shape {
    title: "CALENDAR",
    columns: &[name(19), left("", 21, 35).compact(Align::Left(21)), left("", 57, 23)],
    shows: &[Name, Bar(0), Now(0)],
    about: "plans and campaigns with spend in the weeks around today",
};

pub const ADS: Shape = Shape {
    title: "CAMPAIGNS",
    columns: &[
        name(22),
        kept("spend", 31, 7, 31),
        right("impr.", 39, 7),
        right("clicks", 46, 6),
        right("CTR", 53, 6),
        kept("new", 60, 6, 39),
        kept("CAC", 68, 7, 48),
        kept("delta", 77, 8, 58),
    ],
    shows: &[Name, Now(0), Now(1), Now(2), Now(3), Now(4), Now(5), Delta(5)],
    about: "spend, impressions, clicks, new users and CAC, by campaign",
};

pub const CAMPAIGN_WEEKS: Shape = Shape {
    title: "BY WEEK",
    columns: &[
        name(12),
        kept("spend", 46, 8, 36),
        right("impr.", 54, 7),
        right("clicks", 60, 6),
        right("CTR", 66, 6),
        kept("new", 72, 6, 43),
        kept("CAC", 79, 7, 52),
    ],
    shows: &[Week, Now(0), Now(1), Now(2), Now(3), Now(4), Now(5)],
    about: "what the campaign under the cursor cost and brought by week",
};

pub const AD_WEEKS: Shape = Shape {
    title: "WEEKS from",
    columns: &[
        name(12),
        kept("spend", 28, 9, 28),
        kept("new", 36, 8, 36),
        kept("CAC all", 45, 8, 45),
        kept("CAC paid", 54, 8, 54),
        right("delta", 64, 8),
        right("voice", 73, 7),
    ],
    shows: &[Week, Now(0), Now(1), Now(2), Now(3), Delta(3), Now(4)],
    about: "spend, new users and CAC week by week",
};

pub const COMPETITORS: Shape = Shape {
    title: "COMPETITORS",
    columns: &[
        name(7),
        left("kind", 9, 9),
        left("who", 19, 12).compact(Align::Left(9)),
        left("what", 32, 38).compact(Align::Left(22)),
        left("verdict", 71, 8),
    ],
    shows: &[Name, Now(0), Now(1), Now(2), Now(3)],
    about: "what competitors did; a adds one, o changes the answer to it",
};
