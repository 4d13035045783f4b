//! The closed vocabularies of plans. A word is the same in files, commands and on screens.

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$about])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// All of them in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// Reads a word.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == text)
            }
        }
    };
}

words! {
    /// The seven operation types; their names are in [`crate::domain::operations::OPERATIONS`], in the same order.
    OpType {
        /// 产品运营.
        Product = "product",
        /// 用户运营.
        User = "user",
        /// 活动运营.
        Activity = "activity",
        /// 市场运营.
        Market = "market",
        /// 内容运营.
        Content = "content",
        /// 商务运营.
        Commercial = "commercial",
        /// 渠道运营.
        Channel = "channel",
    }
}

words! {
    /// What a plan or strategy is for.
    Focus {
        /// New users at falling cost.
        Acquire = "acquire",
        /// Activate and retain.
        Retain = "retain",
        /// Revenue.
        Revenue = "revenue",
        /// All three.
        Balanced = "balanced",
    }
}

words! {
    /// Where a strategy stands.
    StrategyStatus {
        /// Being written.
        Draft = "draft",
        /// In force.
        Active = "active",
        /// Over.
        Closed = "closed",
    }
}

words! {
    /// Where a plan stands. Observing and review are never stored: they follow from the period and the day.
    PlanStatus {
        /// Being written.
        Draft = "draft",
        /// Written, and may begin.
        Ready = "ready",
        /// Its baseline is frozen and its targets change with a reason only.
        Running = "running",
        /// Held up.
        Paused = "paused",
        /// Its period is over, and its last users are still being watched.
        Observing = "observing",
        /// To be reviewed.
        Review = "review",
        /// Reviewed; its tree is kept as it was.
        Closed = "closed",
        /// Given up.
        Cancelled = "cancelled",
    }
}

words! {
    /// How a plan is tied to revenue.
    RevenueLink {
        /// Its primary target is revenue.
        Direct = "direct",
        /// A leaf or ancestor is revenue.
        Tree = "tree",
        /// It is believed, and to be tested.
        Hypothesis = "hypothesis",
        /// Not at all.
        None = "none",
    }
}

words! {
    /// What a phase is.
    PhaseKind {
        /// Preparing.
        Prepare = "prepare",
        /// Before the main days.
        Preheat = "preheat",
        /// The main days.
        Burst = "burst",
        /// After the main days.
        Tail = "tail",
        /// Watching.
        Observe = "observe",
        /// The same every day.
        Steady = "steady",
    }
}

words! {
    /// How a node's value follows from its children.
    NodeOp {
        /// Measured; it has no children.
        Leaf = "leaf",
        /// Children added, those with a minus subtracted.
        Sum = "sum",
        /// Children multiplied.
        Product = "product",
        /// Children multiplied, over those with a minus multiplied.
        Ratio = "ratio",
    }
}

words! {
    /// What a node is to its plan.
    NodeRole {
        /// What the plan is judged by.
        Primary = "primary",
        /// A part of the primary.
        Driver = "driver",
        /// Must not get worse than its target.
        Guardrail = "guardrail",
        /// Believed to matter; never in the arithmetic.
        Influence = "influence",
    }
}

words! {
    /// How a target spreads over its period.
    Curve {
        /// The same every day.
        Linear = "linear",
        /// By the usual share of each weekday.
        Weekday = "weekday",
        /// By weekday within the share of each phase.
        Phase = "phase",
        /// As the rounds before went.
        PrevRound = "prev_round",
        /// From baseline to target.
        Glide = "glide",
        /// All on the last day.
        End = "end",
    }
}

words! {
    /// Whose resource it is.
    ResourceScope {
        /// Of the own house.
        Internal = "internal",
        /// From outside.
        External = "external",
    }
}

words! {
    /// What a resource is.
    ResourceKind {
        /// Money.
        Cash = "cash",
        /// People.
        People = "people",
        /// A place to be shown.
        Slot = "slot",
        /// Developers.
        Dev = "dev",
        /// Designers.
        Design = "design",
        /// Coupons.
        Coupon = "coupon",
        /// Exchange.
        Barter = "barter",
        /// Opinion leaders.
        Kol = "kol",
        /// Media.
        Media = "media",
        /// A venue.
        Venue = "venue",
        /// Anything else.
        Other = "other",
    }
}

impl ResourceKind {
    /// Whether it is counted in money, not in pieces or days.
    pub fn is_money(self) -> bool {
        matches!(self, Self::Cash | Self::Coupon | Self::Kol | Self::Media)
    }
}

words! {
    /// How far a resource has come.
    ResourceState {
        /// Thought of.
        Wanted = "wanted",
        /// Asked for.
        Asked = "asked",
        /// Given.
        Granted = "granted",
        /// Not given.
        Refused = "refused",
        /// Used up.
        Used = "used",
        /// Given back.
        Returned = "returned",
    }
}

words! {
    /// How far a task has come.
    TaskState {
        /// Not begun.
        Todo = "todo",
        /// Being done.
        Doing = "doing",
        /// Done.
        Done = "done",
        /// Not to be done.
        Dropped = "dropped",
    }
}

words! {
    /// What kind of work a task is.
    TaskKind {
        /// Writing.
        Copy = "copy",
        /// A campaign.
        Activity = "activity",
        /// Spreading it.
        EventSpread = "event_spread",
        /// Caring for users.
        UserCare = "user_care",
        /// Numbers.
        Data = "data",
        /// Pictures and the like.
        Asset = "asset",
        /// Dealing with others.
        Negotiate = "negotiate",
        /// A release.
        Release = "release",
        /// A review.
        Review = "review",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// What a relative date counts from.
    Anchor {
        /// First day of the plan.
        Start = "start",
        /// Last day of the plan.
        Finish = "finish",
    }
}

words! {
    /// When a repeated task comes again.
    Repeat {
        /// On its next date after today; missed ones are counted.
        Fixed = "fixed",
        /// So long after it was done.
        AfterDone = "after_done",
        /// On its next date after today; missed ones are forgotten.
        SkipMissed = "skip_missed",
    }
}

words! {
    /// What a line of the journal tells.
    JournalKind {
        /// A thought.
        Note = "note",
        /// Something done.
        Action = "action",
        /// Something that happened.
        Event = "event",
        /// A holiday.
        Holiday = "holiday",
        /// Something that went wrong.
        Incident = "incident",
        /// A release.
        Release = "release",
        /// A decision.
        Decision = "decision",
        /// A check-in.
        Checkin = "checkin",
    }
}

words! {
    /// Who gave feedback.
    FeedbackSource {
        /// A user.
        User = "user",
        /// The numbers.
        Data = "data",
        /// The team.
        Team = "team",
        /// A partner.
        Partner = "partner",
        /// A channel.
        Channel = "channel",
        /// Support.
        Support = "support",
    }
}

words! {
    /// What became of feedback.
    FeedbackState {
        /// Nobody has looked at it.
        New = "new",
        /// Somebody has.
        Triaged = "triaged",
        /// Something was done.
        Acted = "acted",
        /// Nothing will be done.
        Wont = "wont",
        /// Known already.
        Duplicate = "duplicate",
    }
}

words! {
    /// What a competitor did.
    NoteKind {
        /// A campaign.
        Campaign = "campaign",
        /// A price.
        Price = "price",
        /// A feature.
        Feature = "feature",
        /// Content.
        Content = "content",
        /// A channel.
        Channel = "channel",
        /// A rank.
        Rank = "rank",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// What to do about it.
    NoteVerdict {
        /// Do it too.
        Borrow = "borrow",
        /// Keep watching.
        Watch = "watch",
        /// Nothing.
        Ignore = "ignore",
    }
}

words! {
    /// How a plan ended.
    Verdict {
        /// Beyond its target.
        Exceeded = "exceeded",
        /// On its target.
        Met = "met",
        /// Below its target.
        Missed = "missed",
        /// Given up.
        Abandoned = "abandoned",
    }
}

words! {
    /// What a lesson says to do.
    Kiss {
        /// Do it again.
        Keep = "keep",
        /// Do it better.
        Improve = "improve",
        /// Begin to do it.
        Start = "start",
        /// Do it no more.
        Stop = "stop",
    }
}

words! {
    /// What a later round made of a lesson.
    UseState {
        /// It was shown.
        Offered = "offered",
        /// It is followed.
        Adopted = "adopted",
        /// It is not.
        Rejected = "rejected",
    }
}

impl OpType {
    /// The key that opens its tab, from 1.
    pub fn digit(self) -> usize {
        self as usize + 1
    }
}

impl PlanStatus {
    /// Whether nothing of the plan changes any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Closed | Self::Cancelled)
    }

    /// Whether targets change with a reason only.
    pub fn is_frozen(self) -> bool {
        matches!(self, Self::Running | Self::Paused | Self::Observing | Self::Review)
    }
}

impl TaskState {
    /// Whether it is still to be done.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Todo | Self::Doing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::operations::OPERATIONS;

    #[test]
    fn operation_types_are_those_of_the_tabs() {
        assert!(OPERATIONS.iter().zip(OpType::ALL).all(|(row, op)| row.id == op.word()));
        assert_eq!(OpType::ALL.len(), OPERATIONS.len());
        assert_eq!(OpType::Channel.digit(), 7);
    }

    #[test]
    fn words_read_back() {
        assert!(PlanStatus::ALL.iter().all(|status| PlanStatus::parse(status.word()) == Some(*status)));
        assert_eq!(Curve::parse("prev_round"), Some(Curve::PrevRound));
        assert_eq!(Curve::parse("Glide"), None);
        assert_eq!(serde_json::to_string(&TaskKind::UserCare).unwrap(), "\"user_care\"");
    }
}
