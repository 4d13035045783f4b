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
    /// What may come between the steps of the funnel.
    FunnelOrder,
    /// A shorter window.
    WindowLess,
    /// A longer window.
    WindowMore,
    /// Make the number a target of a plan.
    MakeTarget,
    /// Type numbers of yesterday.
    Log,
    /// What to do about a note on a competitor.
    NoteVerdict,
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
    /// Add what the list holds.
    Add,
    /// Edit the row.
    Edit,
    /// Remove the row; undo brings it back.
    Remove,
    /// Take back the last action of one's own.
    Undo,
    /// Do it again.
    Redo,
    /// Where a plan goes next.
    PlanStatus,
    /// Open the review.
    Review,
    /// Type a target.
    SetTarget,
    /// Propose targets for the parts.
    Propose,
    /// Break a node down.
    Decompose,
    /// Add one part to a node.
    InsertChild,
    /// Lock or free a value.
    Lock,
    /// What a plan is held against.
    Against,
    /// Add a strategy.
    Strategy,
    /// A task is done.
    TaskDone,
    /// A task one day later.
    TaskTomorrow,
    /// A task to a date.
    TaskPostpone,
    /// Start or stop doing a task.
    TaskDoing,
    /// How far a resource has come.
    ResourceState,
    /// How a plan ended.
    Verdict,
    /// Close a plan, then begin its next round.
    CloseNextRound,
    /// One week back.
    WeekBack,
    /// One week on.
    WeekForward,
    /// How sums are shared.
    ShareMode,
    /// Type a weight.
    Weight,
    /// Type a value.
    TypeValue,
    /// To the reason and back.
    Reason,
    /// Next field.
    FieldNext,
    /// Previous field.
    FieldPrev,
    /// Save the form.
    Save,
    /// Take theirs.
    Theirs,
    /// Take mine.
    Mine,
    /// Keep both.
    Both,
}
