//! Directions, campaigns and the parts of their periods.

use serde::{Deserialize, Serialize};

use super::super::{Focus, OpType, PhaseKind, PlanStatus, RevenueLink, StrategyStatus};
use super::text;
use crate::domain::calendar::{Day, Span};

/// A direction for a time: what is to be done, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Strategy {
    /// Its number.
    pub id: i64,
    /// What it is called.
    pub title: String,
    /// What is.
    pub situation: String,
    /// What is in the way.
    pub complication: String,
    /// What is believed to help.
    pub hypothesis: String,
    /// What it is for.
    pub focus: Focus,
    /// First day.
    pub start: Day,
    /// Last day.
    pub finish: Day,
    /// Where it stands.
    pub status: StrategyStatus,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Its number.
    pub id: i64,
    /// Its strategy; a plan without one is shown as such.
    pub strategy_id: Option<i64>,
    /// The campaign that it is a round of: the number of the first round.
    pub series_id: i64,
    /// Which round, from 1.
    pub round: i64,
    /// The round before.
    pub prev_plan_id: Option<i64>,
    /// Its operation type.
    pub op_type: OpType,
    /// What it is for.
    pub focus: Focus,
    /// How, as in [`crate::domain::plans::METHODS`] or freely.
    pub method: String,
    /// What it is called.
    pub title: String,
    /// Who answers for it.
    pub owner: String,
    /// Whom it is for.
    pub audience: String,
    /// Where it takes place.
    pub place: String,
    /// What is done.
    pub mechanic: String,
    /// First day.
    pub start: Day,
    /// Last day.
    pub finish: Day,
    /// Days after the last in which its users are watched.
    pub observe_days: i64,
    /// Where it stands, as stored.
    pub status: PlanStatus,
    /// Why it stands there.
    pub status_reason: String,
    /// Spend that is its own.
    #[serde(with = "text")]
    pub spend_filter: Filter,
    /// How it is tied to revenue.
    pub revenue_link: RevenueLink,
    /// Since when its baseline is frozen.
    pub baseline_frozen_at: Option<String>,
    /// Its tree with all numbers as they were when it was closed.
    pub closed_snapshot: Option<String>,
}

impl Plan {
    /// Its days.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.finish)
    }

    /// What it shows as: a running plan is observed after its period, and then to be reviewed.
    pub fn shown(&self, today: Day) -> PlanStatus {
        match self.status {
            PlanStatus::Running if today > self.finish.plus(self.observe_days as i32) => PlanStatus::Review,
            PlanStatus::Running if today > self.finish => PlanStatus::Observing,
            stored => stored,
        }
    }

    /// Title and round, as in lists.
    pub fn name(&self) -> String {
        if self.round > 1 { format!("{} r{}", self.title, self.round) } else { self.title.clone() }
    }
}

/// A part of a plan's period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// Its plan.
    pub plan_id: i64,
    /// Its place.
    pub seq: i64,
    /// What it is.
    pub kind: PhaseKind,
    /// First day.
    pub start: Day,
    /// Last day.
    pub finish: Day,
    /// Its share of the target.
    pub share: f64,
}

/// Rows that count, by values of which one must fit; an empty list is no limit.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Filter {
    /// First-touch channels, or channels of spend.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
    /// Platforms.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub platforms: Vec<String>,
    /// Streams of money.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub streams: Vec<String>,
}

impl Filter {
    /// Whether everything counts.
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }

    /// Its values in one line: `feed-a`, `ios`.
    pub fn words(&self) -> String {
        let lists = [&self.channels, &self.platforms, &self.streams];
        lists.into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")
    }
}
