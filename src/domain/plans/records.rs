//! The records, field by field as they stand in the workspace file. An id below 0 is not given yet.

mod campaign;
mod daily;
mod learned;
mod said;
mod target;
mod work;
mod workspace;

pub use campaign::{Filter, Phase, Plan, Strategy};
pub use daily::{Answered, Aside, Checkin, Snooze};
pub use learned::{Lesson, LessonUse, Review};
pub use said::{Competitor, CompetitorNote, Feedback, Journal};
pub use target::{Node, Revision};
pub use work::{Cost, Need, Resource, Task};
pub use workspace::{Batch, Setting};

use super::super::channels::ChannelRule;
use super::super::flag;
use super::super::roles::NameRole;

/// Nested values stand as JSON text.
mod text {
    use serde::de::{DeserializeOwned, Error};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Serialize, S: Serializer>(value: &T, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&serde_json::to_string(value).map_err(serde::ser::Error::custom)?)
    }

    pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        serde_json::from_str(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

macro_rules! record {
    ($($kind:ident,)+) => {
        /// A record of any kind.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Record {
            $(#[doc = concat!("[`", stringify!($kind), "`].")] $kind($kind),)+
        }

        $(impl From<$kind> for Record {
            fn from(record: $kind) -> Self {
                Self::$kind(record)
            }
        })+

        impl Record {
            /// The table it stands in, and its columns.
            pub(super) fn parts(&self) -> (super::Table, serde_json::Result<serde_json::Value>) {
                match self {
                    $(Self::$kind(record) => (super::Table::$kind, serde_json::to_value(record)),)+
                }
            }

            /// The record of a table with these columns.
            pub(super) fn read(table: super::Table, value: serde_json::Value) -> serde_json::Result<Self> {
                match table {
                    $(super::Table::$kind => serde_json::from_value::<$kind>(value).map(Self::$kind),)+
                }
            }
        }
    };
}

record! {
    Strategy, Plan, Phase, Node, Revision, Resource, Cost, Task, Need, Journal, Feedback, Competitor, CompetitorNote,
    Review, Lesson, LessonUse, Snooze, Aside, Checkin, Setting, NameRole, ChannelRule, Batch,
}
