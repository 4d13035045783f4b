//! What a key can mean. One action has one meaning wherever it is bound.

/// An action, named by what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Leave at once.
    Quit,
    /// Suspend to the shell.
    Suspend,
    /// Draw the screen again.
    Redraw,
    /// Go to the screen at this place of the tab line.
    Go(u8),
    /// Next screen.
    NextScreen,
    /// Previous screen.
    PrevScreen,
    /// Earlier period.
    PeriodPrev,
    /// Later period.
    PeriodNext,
    /// Wider period.
    PeriodWider,
    /// Narrower period.
    PeriodNarrower,
    /// Buckets of a day.
    GrainDay,
    /// Buckets of a week.
    GrainWeek,
    /// Buckets of a month.
    GrainMonth,
    /// Pick a period from a list.
    PeriodPick,
    /// Next comparison.
    Comparison,
    /// Segment picker.
    Segment,
    /// Write something down.
    Note,
    /// Type the numbers that are missing.
    Log,
    /// Import a file.
    Import,
    /// What is wrong.
    Problems,
    /// Read again.
    Reload,
    /// Keys of this place.
    Help,
    /// One level back, never quits.
    Back,
    /// One level back, then quit.
    BackQuit,
    /// Down.
    Down,
    /// Up.
    Up,
    /// Left.
    Left,
    /// Right.
    Right,
    /// First row.
    First,
    /// Last row.
    Last,
    /// Page down.
    PageDown,
    /// Page up.
    PageUp,
    /// Next section.
    SectionNext,
    /// Previous section.
    SectionPrev,
    /// Open the row or number.
    Open,
    /// Filter rows while typing.
    Filter,
    /// Sort by the next column.
    Sort,
    /// Reverse the order.
    SortReverse,
    /// Write the table to a file.
    Export,
    /// Send the row to the clipboard.
    CopyRow,
    /// Send the table to the clipboard.
    CopyTable,
    /// Next view of this screen.
    ViewNext,
    /// Previous view of this screen.
    ViewPrev,
    /// Which return counts.
    Criterion,
    /// Who is in a cohort.
    CohortKind,
    /// Start and return event.
    Events,
    /// Which D-n is shown over time.
    PickN,
    /// Pooled or simple average.
    Average,
    /// Calendar or 24-hour windows.
    Window,
    /// Net or gross.
    NetGross,
    /// What the steps of the funnel are.
    FunnelSteps,
    /// What may come between the steps of the funnel.
    FunnelOrder,
    /// What participants are split by.
    SplitBy,
    /// A shorter window.
    WindowLess,
    /// A longer window.
    WindowMore,
    /// Make the number a target of a plan.
    MakeTarget,
    /// What to do about a note on a competitor.
    NoteVerdict,
    /// The split of a change into mix and rate.
    MixRate,
    /// The next status of an item, the next stage of a deal.
    MoveOn,
    /// Take an import back.
    ImportRemove,
    /// Bring an import back.
    ImportRedo,
    /// Check file and rollups.
    Verify,
    /// Where a column of a file goes.
    Column,
    /// What kind of record a file holds.
    RecordKind,
    /// Zone of a file's times.
    Zone,
    /// Source that a file is booked to.
    SourceName,
    /// Close the layer.
    Leave,
    /// Accept what the layer proposes.
    Accept,
    /// Type into the field.
    Type,
    /// Pick a numbered row.
    Pick,
    /// Toggle where many may be chosen.
    Toggle,
    /// Next group.
    NextGroup,
    /// Erase a letter; if there is none, clear.
    Erase,
    /// Clear the field.
    Clear,
    /// Take the last action back.
    Undo,
    /// Do it again.
    Redo,
    /// Add what this list holds.
    Add,
    /// Edit the row.
    Edit,
    /// Remove the row.
    Remove,
    /// Pick the next status of a plan.
    PlanStatus,
    /// Open the review.
    Review,
    /// Type a target.
    SetTarget,
    /// Propose targets for the parts.
    Propose,
    /// Break a node down.
    Decompose,
    /// Insert one part.
    InsertChild,
    /// Keep proposals off a value, or let them.
    Lock,
    /// What a plan is held against.
    Against,
    /// The task is done.
    TaskDone,
    /// The task is for tomorrow.
    TaskTomorrow,
    /// The task is for another day.
    TaskPostpone,
    /// The task is being done.
    TaskDoing,
    /// What the task waits for.
    TaskBlockedBy,
    /// Do not show the cause for some days.
    Snooze,
    /// The guided check-in.
    CheckIn,
    /// The cause is known, nothing is to be done.
    Known,
    /// One step back.
    StepBack,
    /// The brief of today.
    Brief,
    /// How far a resource has come.
    ResourceState,
    /// Record a cost of a resource.
    AddCost,
    /// How the plan ended.
    Verdict,
    /// Write a strategy.
    Strategy,
    /// Close the plan, then make its next round.
    CloseNextRound,
    /// A week back.
    WeekBack,
    /// A week on.
    WeekForward,
    /// To the reason and back.
    Reason,
    /// How a sum is shared.
    Mode,
    /// Type a weight.
    Weight,
    /// Next field.
    FieldDown,
    /// Previous field.
    FieldUp,
    /// Save from any field.
    Save,
    /// Take the proposed value.
    TakeProposal,
    /// Take theirs.
    Theirs,
    /// Take mine.
    Mine,
    /// Keep both.
    Both,
}
