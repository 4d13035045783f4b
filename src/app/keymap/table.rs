//! The table itself, in the order of screens.md section 8.

use Context::{
    Activity, Brief, Channel, CheckIn, CheckInBrief, CheckInExceptions, CheckInFocus, CheckInNumbers, CheckInTasks,
    Choice, Commercial, Confirm, Conflict, Content, Data, Detail, Entry, Filter, FirstRun, FirstRunField, Form, Global,
    Help, Import, Item, List, Market, Message, Operation, Picker, PlansList, PlansResources, PlansReview,
    PlansRevisions, PlansRounds, PlansTasks, PlansTimeline, PlansTree, Product, Propose, ProposeRunning, Retention,
    Revenue, Soon, System, Today, TooSmall, User,
};
use Press::{Char, Code, Ctrl, Digit, Text};

use super::super::action::Action;
use super::super::keys::KeyCode;
use super::{Binding, Context, Hint, Press};

const fn bind(context: Context, keys: &'static [Press], action: Action, help: &'static str) -> Binding {
    Binding { context, keys, action, help, group: "" }
}

const fn grouped(binding: Binding, group: &'static str) -> Binding {
    Binding { group, ..binding }
}

const fn go(digit: &'static [Press], place: u8, name: &'static str) -> Binding {
    grouped(bind(Global, digit, Action::Go(place), name), "go to a screen")
}

const fn next_section(context: Context) -> Binding {
    grouped(bind(context, &[Char('J')], Action::SectionNext, "next section"), SECTIONS)
}

const fn prev_section(context: Context) -> Binding {
    grouped(bind(context, &[Char('K')], Action::SectionPrev, "previous section"), SECTIONS)
}

const fn filter(context: Context) -> Binding {
    bind(context, &[Char('/')], Action::Filter, "filter rows while typing")
}

const fn sort(context: Context) -> Binding {
    grouped(bind(context, &[Char('s')], Action::Sort, "sort by the next column"), SORTS)
}

const fn sort_reverse(context: Context) -> Binding {
    grouped(bind(context, &[Char('S')], Action::SortReverse, "reverse the order"), SORTS)
}

const fn next_view(context: Context) -> Binding {
    grouped(bind(context, &[Char('.')], Action::ViewNext, "next view"), VIEWS)
}

const fn prev_view(context: Context) -> Binding {
    grouped(bind(context, &[Char(',')], Action::ViewPrev, "previous view"), VIEWS)
}

const fn add(context: Context, help: &'static str) -> Binding {
    bind(context, &[Char('a')], Action::Add, help)
}

const fn edit(context: Context, help: &'static str) -> Binding {
    bind(context, &[Char('e')], Action::Edit, help)
}

const fn remove(context: Context, help: &'static str) -> Binding {
    bind(context, &[Char('-'), Code(KeyCode::Delete)], Action::Remove, help)
}

const fn make_target(context: Context) -> Binding {
    bind(context, &[Char('T')], Action::MakeTarget, "make it a target of a plan")
}

const fn plan_status(context: Context) -> Binding {
    bind(context, &[Char('o')], Action::PlanStatus, "pick a status, next first")
}

const fn review(context: Context) -> Binding {
    bind(context, &[Char('R')], Action::Review, "open the review")
}

const PERIOD: &str = "earlier, later period";
const WIDTH: &str = "wider, narrower period";
const GRAIN: &str = "buckets: day, week, month";
const MOVE: &str = "down, up";
const ASIDE: &str = "left, right";
const FOLDS: &str = "fold, unfold";
const ENDS: &str = "first, last row";
const PAGES: &str = "page down, page up";
const SECTIONS: &str = "next, previous section";
const SORTS: &str = "sort, reverse the order";
const VIEWS: &str = "next, previous view";
const FIELDS: &str = "next, previous field";
const WINDOWS: &str = "shorter, longer window";
const COPIES: &str = "copy the row, the table";
const BACK: &str = "one level back; q quits";

/// What a number is typed with.
const DIGITS: &[Press] = &[
    Char('0'),
    Char('1'),
    Char('2'),
    Char('3'),
    Char('4'),
    Char('5'),
    Char('6'),
    Char('7'),
    Char('8'),
    Char('9'),
    Char('.'),
];

/// Every key the product has.
pub static BINDINGS: &[Binding] = &[
    bind(System, &[Ctrl('c')], Action::Quit, "leave at once"),
    bind(System, &[Ctrl('z')], Action::Suspend, "suspend to the shell"),
    bind(System, &[Ctrl('l')], Action::Redraw, "draw the screen again"),
    go(&[Char('0')], 0, "Today"),
    go(&[Char('1')], 1, "Product"),
    go(&[Char('2')], 2, "User"),
    go(&[Char('3')], 3, "Activity"),
    go(&[Char('4')], 4, "Market"),
    go(&[Char('5')], 5, "Content"),
    go(&[Char('6')], 6, "Commercial"),
    go(&[Char('7')], 7, "Channel"),
    go(&[Char('8')], 8, "Plans"),
    go(&[Char('9')], 9, "Retention"),
    go(&[Char('$')], 10, "Revenue"),
    go(&[Char('#')], 11, "Data"),
    bind(Global, &[Code(KeyCode::Tab)], Action::NextScreen, "next screen"),
    bind(Global, &[Code(KeyCode::BackTab)], Action::PrevScreen, "previous screen"),
    grouped(bind(Global, &[Char('[')], Action::PeriodPrev, "earlier period"), PERIOD),
    grouped(bind(Global, &[Char(']')], Action::PeriodNext, "later period"), PERIOD),
    grouped(bind(Global, &[Char('{')], Action::PeriodWider, "wider period"), WIDTH),
    grouped(bind(Global, &[Char('}')], Action::PeriodNarrower, "narrower period"), WIDTH),
    grouped(bind(Global, &[Char('D')], Action::GrainDay, "grain day"), GRAIN),
    grouped(bind(Global, &[Char('W')], Action::GrainWeek, "grain week"), GRAIN),
    grouped(bind(Global, &[Char('M')], Action::GrainMonth, "grain month"), GRAIN),
    bind(Global, &[Char('=')], Action::PeriodPick, "pick a period"),
    bind(Global, &[Char('v')], Action::Comparison, "compare with"),
    bind(Global, &[Char('f')], Action::Segment, "segment: who counts"),
    bind(Global, &[Char('n')], Action::Note, "note feedback or an event"),
    bind(Global, &[Char('c')], Action::CheckIn, "guided check-in"),
    bind(Global, &[Char('b')], Action::Brief, "brief of today"),
    bind(Global, &[Char('i')], Action::Import, "import a file"),
    bind(Global, &[Char('L')], Action::Log, "type numbers of a day"),
    bind(Global, &[Char('u')], Action::Undo, "undo your last change"),
    bind(Global, &[Char('U'), Ctrl('r')], Action::Redo, "redo it"),
    bind(Global, &[Char('!')], Action::Problems, "stale sources, refusals"),
    bind(Global, &[Char('r')], Action::Reload, "read again"),
    bind(Global, &[Char('?')], Action::Help, "keys of this place"),
    grouped(bind(Global, &[Code(KeyCode::Esc)], Action::Back, "one level back, never quits"), BACK),
    grouped(bind(Global, &[Char('q')], Action::BackQuit, "one level back, then quit"), BACK),
    grouped(bind(List, &[Char('j'), Code(KeyCode::Down)], Action::Down, "down"), MOVE),
    grouped(bind(List, &[Char('k'), Code(KeyCode::Up)], Action::Up, "up"), MOVE),
    grouped(bind(List, &[Char('g'), Code(KeyCode::Home)], Action::First, "first row"), ENDS),
    grouped(bind(List, &[Char('G'), Code(KeyCode::End)], Action::Last, "last row"), ENDS),
    grouped(bind(List, &[Code(KeyCode::PageDown)], Action::PageDown, "page down"), PAGES),
    grouped(bind(List, &[Code(KeyCode::PageUp)], Action::PageUp, "page up"), PAGES),
    bind(List, &[Code(KeyCode::Enter)], Action::Open, "open the row or number"),
    bind(List, &[Char('x')], Action::Export, "table to a CSV file"),
    grouped(bind(List, &[Char('y')], Action::CopyRow, "send the row to the clipboard"), COPIES),
    grouped(bind(List, &[Char('Y')], Action::CopyTable, "send the table to the clipboard"), COPIES),
    bind(Today, &[Char('d')], Action::TaskDone, "task done"),
    bind(Today, &[Char('w')], Action::TaskTomorrow, "task one day later"),
    bind(Today, &[Char('>')], Action::TaskPostpone, "tomorrow, Fri, Mon, +7d"),
    bind(Today, &[Char('z')], Action::Snooze, "put a cause off for 7 days"),
    next_view(Today),
    prev_view(Today),
    next_section(Today),
    prev_section(Today),
    make_target(Today),
    filter(Today),
    sort(Today),
    sort_reverse(Today),
    next_view(PlansList),
    prev_view(PlansList),
    add(PlansList, "new plan, or strategy"),
    bind(PlansList, &[Char('A')], Action::Strategy, "new strategy"),
    edit(PlansList, "edit plan or strategy"),
    plan_status(PlansList),
    review(PlansList),
    remove(PlansList, "remove it; u undoes"),
    next_section(PlansList),
    prev_section(PlansList),
    filter(PlansList),
    sort(PlansList),
    sort_reverse(PlansList),
    next_view(PlansTree),
    prev_view(PlansTree),
    grouped(bind(PlansTree, &[Char('h'), Code(KeyCode::Left)], Action::Left, "fold"), FOLDS),
    grouped(bind(PlansTree, &[Char('l'), Code(KeyCode::Right)], Action::Right, "unfold"), FOLDS),
    bind(PlansTree, &[Char('t')], Action::SetTarget, "type a target"),
    bind(PlansTree, &[Char('p')], Action::Propose, "propose the parts' targets"),
    bind(PlansTree, &[Char('+')], Action::Decompose, "break the node down"),
    bind(PlansTree, &[Char('I')], Action::InsertChild, "insert one part"),
    bind(PlansTree, &[Char('F')], Action::Lock, "lock or free the value"),
    bind(PlansTree, &[Char('V')], Action::Against, "vs target, previous, round"),
    add(PlansTree, "task for the node"),
    edit(PlansTree, "edit the node"),
    remove(PlansTree, "remove with all its parts"),
    plan_status(PlansTree),
    review(PlansTree),
    filter(PlansTree),
    next_view(PlansTasks),
    prev_view(PlansTasks),
    bind(PlansTasks, &[Char('d')], Action::TaskDone, "task done, or not"),
    bind(PlansTasks, &[Char('w')], Action::TaskTomorrow, "task one day later"),
    bind(PlansTasks, &[Char('>')], Action::TaskPostpone, "tomorrow, Fri, Mon, +7d"),
    bind(PlansTasks, &[Char('o')], Action::TaskDoing, "start or stop doing"),
    bind(PlansTasks, &[Char('B')], Action::TaskBlockedBy, "choose what it waits for"),
    add(PlansTasks, "add a task"),
    edit(PlansTasks, "edit the task"),
    remove(PlansTasks, "drop the task; u undoes"),
    next_section(PlansTasks),
    prev_section(PlansTasks),
    filter(PlansTasks),
    sort(PlansTasks),
    sort_reverse(PlansTasks),
    next_view(PlansResources),
    prev_view(PlansResources),
    bind(PlansResources, &[Char('o')], Action::ResourceState, "asked, granted, used, ..."),
    bind(PlansResources, &[Char('C')], Action::AddCost, "record a cost of it"),
    add(PlansResources, "add a resource"),
    edit(PlansResources, "edit the resource"),
    remove(PlansResources, "remove it; u undoes"),
    filter(PlansResources),
    sort(PlansResources),
    sort_reverse(PlansResources),
    next_view(PlansRevisions),
    prev_view(PlansRevisions),
    next_section(PlansRevisions),
    prev_section(PlansRevisions),
    filter(PlansRevisions),
    next_view(PlansReview),
    prev_view(PlansReview),
    bind(PlansReview, &[Char('o')], Action::Verdict, "met, missed, ..."),
    bind(PlansReview, &[Char('C')], Action::CloseNextRound, "close; then next round"),
    add(PlansReview, "add a lesson"),
    edit(PlansReview, "edit texts or lesson"),
    remove(PlansReview, "remove the lesson"),
    next_section(PlansReview),
    prev_section(PlansReview),
    next_view(PlansRounds),
    prev_view(PlansRounds),
    add(PlansRounds, "adopt the offered lesson"),
    remove(PlansRounds, "reject the offered lesson"),
    next_section(PlansRounds),
    prev_section(PlansRounds),
    next_view(PlansTimeline),
    prev_view(PlansTimeline),
    bind(PlansTimeline, &[Char('<')], Action::WeekBack, "one week back"),
    bind(PlansTimeline, &[Char('>')], Action::WeekForward, "one week on"),
    edit(PlansTimeline, "edit the phases"),
    filter(PlansTimeline),
    grouped(bind(Retention, &[Char('h'), Code(KeyCode::Left)], Action::Left, "cell to the left"), ASIDE),
    grouped(bind(Retention, &[Char('l'), Code(KeyCode::Right)], Action::Right, "cell to the right"), ASIDE),
    bind(Retention, &[Char('o')], Action::Criterion, "on, or after, or before"),
    bind(Retention, &[Char('C')], Action::CohortKind, "first time, recurring"),
    bind(Retention, &[Char('E')], Action::Events, "start and return event"),
    bind(Retention, &[Char('N')], Action::PickN, "pick N of D-n"),
    bind(Retention, &[Char('A')], Action::Average, "average: pooled or simple"),
    bind(Retention, &[Char('Z')], Action::Window, "calendar or 24-hour window"),
    make_target(Retention),
    bind(Revenue, &[Char('N')], Action::NetGross, "net or gross"),
    next_section(Revenue),
    prev_section(Revenue),
    make_target(Revenue),
    filter(Revenue),
    sort(Revenue),
    sort_reverse(Revenue),
    next_view(Data),
    prev_view(Data),
    add(Data, "map a channel"),
    edit(Data, "edit what it says"),
    bind(Data, &[Char('-'), Code(KeyCode::Delete)], Action::ImportRemove, "take import or rule out"),
    bind(Data, &[Char('o')], Action::ImportRedo, "bring an import back"),
    bind(Data, &[Char('V')], Action::Verify, "check file and rollups"),
    next_section(Data),
    prev_section(Data),
    filter(Data),
    sort(Data),
    sort_reverse(Data),
    next_section(Detail),
    prev_section(Detail),
    make_target(Detail),
    filter(Detail),
    sort(Detail),
    sort_reverse(Detail),
    filter(Item),
    sort(Item),
    sort_reverse(Item),
    next_view(Operation),
    prev_view(Operation),
    grouped(bind(Operation, &[Char('h'), Code(KeyCode::Left)], Action::Left, "number to the left"), ASIDE),
    grouped(bind(Operation, &[Char('l'), Code(KeyCode::Right)], Action::Right, "number to the right"), ASIDE),
    next_section(Operation),
    prev_section(Operation),
    filter(Operation),
    sort(Operation),
    sort_reverse(Operation),
    make_target(Operation),
    add(Operation, "what the table holds"),
    edit(Operation, "edit the record"),
    bind(Operation, &[Char('d')], Action::TaskDone, "task done, or not"),
    bind(Operation, &[Char('w')], Action::TaskTomorrow, "task one day later"),
    bind(Activity, &[Char('o')], Action::SplitBy, "split who joined"),
    bind(Market, &[Char('o')], Action::NoteVerdict, "borrow, watch, ignore"),
    remove(Content, "take the item out"),
    bind(Content, &[Char('o')], Action::MoveOn, "next status of the item"),
    remove(Commercial, "take the deal out"),
    bind(Commercial, &[Char('o')], Action::MoveOn, "next stage of the deal"),
    bind(Channel, &[Char('V')], Action::MixRate, "mix and rate split"),
    bind(Product, &[Char('E')], Action::FunnelSteps, "steps of the funnel"),
    bind(Product, &[Char('o')], Action::FunnelOrder, "order of the steps"),
    grouped(bind(Product, &[Char('<')], Action::WindowLess, "shorter window"), WINDOWS),
    grouped(bind(Product, &[Char('>')], Action::WindowMore, "longer window"), WINDOWS),
    bind(User, &[Char('V')], Action::MixRate, "mix and rate split"),
    bind(Help, &[Char('j'), Code(KeyCode::Down)], Action::Down, "down"),
    bind(Help, &[Char('k'), Code(KeyCode::Up)], Action::Up, "up"),
    bind(Help, &[Char('.'), Code(KeyCode::PageDown)], Action::ViewNext, "next page"),
    bind(Help, &[Char(','), Code(KeyCode::PageUp)], Action::ViewPrev, "previous page"),
    bind(Help, &[Code(KeyCode::Esc), Char('?'), Char('q')], Action::Leave, "close"),
    bind(Choice, &[Digit], Action::Pick, "pick the numbered row"),
    bind(Choice, &[Code(KeyCode::Up), Ctrl('p')], Action::Up, "up"),
    bind(Choice, &[Code(KeyCode::Down), Ctrl('n')], Action::Down, "down"),
    bind(Choice, &[Code(KeyCode::Tab)], Action::NextGroup, "next group"),
    bind(Choice, &[Code(KeyCode::Enter)], Action::Accept, "use the choice"),
    bind(Choice, &[Code(KeyCode::Backspace)], Action::Erase, "erase a letter, else clear"),
    bind(Choice, &[Code(KeyCode::Esc)], Action::Leave, "leave unchanged"),
    bind(Choice, &[Text], Action::Type, "letters narrow the list"),
    bind(Picker, &[Char(' ')], Action::Toggle, "toggle the row"),
    bind(Entry, &[Code(KeyCode::Enter)], Action::Accept, "take the text"),
    bind(Entry, &[Code(KeyCode::Backspace)], Action::Erase, "erase a letter"),
    bind(Entry, &[Ctrl('u')], Action::Clear, "clear the field"),
    bind(Entry, &[Code(KeyCode::Tab)], Action::FieldDown, "next field"),
    bind(Entry, &[Code(KeyCode::Left)], Action::Left, "left"),
    bind(Entry, &[Code(KeyCode::Right)], Action::Right, "right"),
    bind(Entry, &[Code(KeyCode::Home)], Action::First, "to the start"),
    bind(Entry, &[Code(KeyCode::End)], Action::Last, "to the end"),
    bind(Entry, &[Code(KeyCode::Esc)], Action::Leave, "leave; the draft is kept"),
    bind(Entry, &[Text], Action::Type, "type into the field"),
    bind(Filter, &[Code(KeyCode::Enter)], Action::Accept, "keep the filter"),
    bind(Filter, &[Code(KeyCode::Backspace)], Action::Erase, "erase a letter"),
    bind(Filter, &[Code(KeyCode::Esc)], Action::Leave, "clear and leave"),
    bind(Filter, &[Text], Action::Type, "narrow the rows"),
    bind(Import, &[Code(KeyCode::Enter)], Action::Accept, "load the file"),
    bind(Import, &[Code(KeyCode::Esc)], Action::Leave, "leave, nothing stored"),
    bind(Import, &[Char('j'), Code(KeyCode::Down)], Action::Down, "down"),
    bind(Import, &[Char('k'), Code(KeyCode::Up)], Action::Up, "up"),
    bind(Import, &[Char('e')], Action::Column, "where the column goes"),
    bind(Import, &[Char('t')], Action::RecordKind, "kind of record"),
    bind(Import, &[Char('z')], Action::Zone, "time zone of the file"),
    bind(Import, &[Char('s')], Action::SourceName, "name the source"),
    bind(Import, &[Char('?')], Action::Help, "keys of this place"),
    bind(Propose, &[Code(KeyCode::Enter)], Action::Accept, "accept as one step"),
    bind(Propose, &[Code(KeyCode::Esc)], Action::Leave, "leave, nothing stored"),
    bind(Propose, &[Char('j'), Code(KeyCode::Down)], Action::Down, "down"),
    bind(Propose, &[Char('k'), Code(KeyCode::Up)], Action::Up, "up"),
    bind(Propose, &[Char('t')], Action::SetTarget, "type a value"),
    bind(Propose, &[Char('F')], Action::Lock, "lock or free"),
    bind(Propose, &[Char('m')], Action::Mode, "share, or gap by weight"),
    bind(Propose, &[Char('w')], Action::Weight, "type a weight"),
    bind(Propose, &[Char('?')], Action::Help, "keys of this place"),
    bind(ProposeRunning, &[Code(KeyCode::Tab)], Action::Reason, "to the reason and back"),
    bind(Form, &[Code(KeyCode::Enter)], Action::Accept, "next field; on Save: save"),
    grouped(bind(Form, &[Code(KeyCode::Tab), Code(KeyCode::Down)], Action::FieldDown, "next field"), FIELDS),
    grouped(bind(Form, &[Code(KeyCode::Up), Code(KeyCode::BackTab)], Action::FieldUp, "previous field"), FIELDS),
    bind(Form, &[Code(KeyCode::Left)], Action::Left, "left; previous choice"),
    bind(Form, &[Code(KeyCode::Right)], Action::Right, "right; next choice"),
    bind(Form, &[Code(KeyCode::Home)], Action::First, "to the start"),
    bind(Form, &[Code(KeyCode::End)], Action::Last, "to the end"),
    bind(Form, &[Code(KeyCode::Backspace)], Action::Erase, "erase a letter"),
    bind(Form, &[Ctrl('u')], Action::Clear, "clear the field"),
    bind(Form, &[Code(KeyCode::F(2))], Action::Save, "save from any field"),
    bind(Form, &[Code(KeyCode::F(3))], Action::TakeProposal, "take the proposal, or list"),
    bind(Form, &[Code(KeyCode::Esc)], Action::Leave, "leave, the draft is kept"),
    bind(Form, &[Code(KeyCode::F(1))], Action::Help, "help"),
    bind(Form, &[Text], Action::Type, "type; opens a choice"),
    bind(Conflict, &[Char('1')], Action::Theirs, "take theirs"),
    bind(Conflict, &[Char('2')], Action::Mine, "take mine"),
    bind(Conflict, &[Char('3')], Action::Both, "theirs, mine as a note"),
    bind(Conflict, &[Char('e')], Action::Edit, "edit mine"),
    bind(Conflict, &[Code(KeyCode::Esc)], Action::Leave, "keep editing"),
    bind(Confirm, &[Code(KeyCode::Enter)], Action::Accept, "do it"),
    bind(Confirm, &[Code(KeyCode::Esc)], Action::Leave, "leave it"),
    bind(CheckIn, &[Code(KeyCode::Enter)], Action::Accept, "accept and go on"),
    bind(CheckIn, &[Code(KeyCode::Backspace)], Action::StepBack, "a digit, a step back"),
    bind(CheckIn, &[Code(KeyCode::Esc)], Action::Leave, "leave; answers are kept"),
    bind(CheckIn, &[Char('j'), Code(KeyCode::Down)], Action::Down, "down"),
    bind(CheckIn, &[Char('k'), Code(KeyCode::Up)], Action::Up, "up"),
    bind(CheckIn, &[Char('?')], Action::Help, "keys of this place"),
    bind(CheckInNumbers, DIGITS, Action::Type, "type a number"),
    bind(CheckInExceptions, &[Char('o')], Action::Known, "known, nothing to do"),
    bind(CheckInExceptions, &[Char('a')], Action::Add, "make a task"),
    bind(CheckInExceptions, &[Char('z')], Action::Snooze, "put off for 7 days"),
    bind(CheckInExceptions, &[Char('n')], Action::Note, "note it in the journal"),
    bind(CheckInTasks, &[Char('d')], Action::TaskDone, "task done"),
    bind(CheckInTasks, &[Char('w')], Action::TaskTomorrow, "task for tomorrow"),
    bind(CheckInTasks, &[Char('>')], Action::TaskPostpone, "task for another day"),
    remove(CheckInTasks, "drop the task"),
    bind(CheckInFocus, &[Char(' ')], Action::Toggle, "choose as focus, 3 at most"),
    bind(CheckInBrief, &[Char('y')], Action::CopyRow, "send it to the clipboard"),
    bind(CheckInBrief, &[Char('x')], Action::Export, "write it to a file"),
    bind(Brief, &[Char('y')], Action::CopyRow, "send it to the clipboard"),
    bind(Brief, &[Char('x')], Action::Export, "write it to a file"),
    bind(Brief, &[Char(',')], Action::ViewPrev, "the brief before"),
    bind(Brief, &[Char('.')], Action::ViewNext, "the brief after"),
    bind(Brief, &[Char('j'), Code(KeyCode::Down)], Action::Down, "down"),
    bind(Brief, &[Char('k'), Code(KeyCode::Up)], Action::Up, "up"),
    bind(Brief, &[Code(KeyCode::Esc), Char('q')], Action::Leave, "close"),
    bind(Brief, &[Char('?')], Action::Help, "keys of this place"),
    bind(Message, &[Code(KeyCode::Enter), Code(KeyCode::Esc), Char('q')], Action::Leave, "close"),
    bind(Message, &[Char('y')], Action::CopyRow, "send the text to the clipboard"),
    bind(Message, &[Char('x')], Action::Export, "the text to a file"),
    bind(FirstRun, &[Char('1'), Char('2'), Char('3'), Char('4')], Action::Pick, "begin this way"),
    bind(FirstRun, &[Code(KeyCode::Enter)], Action::Accept, "begin this way, next"),
    bind(FirstRun, &[Char('j'), Code(KeyCode::Down)], Action::Down, "down"),
    bind(FirstRun, &[Char('k'), Code(KeyCode::Up)], Action::Up, "up"),
    bind(FirstRun, &[Code(KeyCode::Esc), Char('q')], Action::Leave, "leave, nothing written"),
    bind(FirstRun, &[Code(KeyCode::F(1)), Char('?')], Action::Help, "keys of this place"),
    bind(FirstRunField, &[Code(KeyCode::Enter)], Action::Accept, "next field; last: begin"),
    grouped(bind(FirstRunField, &[Code(KeyCode::Tab), Code(KeyCode::Down)], Action::FieldDown, "next field"), FIELDS),
    grouped(
        bind(FirstRunField, &[Code(KeyCode::Up), Code(KeyCode::BackTab)], Action::FieldUp, "previous field"),
        FIELDS,
    ),
    bind(FirstRunField, &[Code(KeyCode::Left)], Action::Left, "left"),
    bind(FirstRunField, &[Code(KeyCode::Right)], Action::Right, "right"),
    bind(FirstRunField, &[Code(KeyCode::Home)], Action::First, "to the start"),
    bind(FirstRunField, &[Code(KeyCode::End)], Action::Last, "to the end"),
    bind(FirstRunField, &[Code(KeyCode::Backspace)], Action::Erase, "erase a letter"),
    bind(FirstRunField, &[Ctrl('u')], Action::Clear, "clear the field"),
    bind(FirstRunField, &[Code(KeyCode::F(2))], Action::Save, "begin from any field"),
    bind(FirstRunField, &[Code(KeyCode::Esc)], Action::Leave, "back to the ways"),
    bind(FirstRunField, &[Code(KeyCode::F(1))], Action::Help, "help"),
    bind(FirstRunField, &[Text], Action::Type, "type into the field"),
    bind(TooSmall, &[Char('q')], Action::Quit, "quit"),
];

const fn hint(actions: &'static [Action], label: &'static str) -> Hint {
    Hint { actions, label }
}

const HELP: Hint = hint(&[Action::Help], "help");
const DETAIL: Hint = hint(&[Action::Open], "detail");
const STEP: Hint = hint(&[Action::PeriodPrev, Action::PeriodNext], "period");
const COMPARE: Hint = hint(&[Action::Comparison], "compare");
const SEGMENT: Hint = hint(&[Action::Segment], "segment");
/// Shown where the row under the cursor is something that a segment is made of.
pub const FILTER_BY: Hint = hint(&[Action::Segment], "filter by it");
const TURN: Hint = hint(&[Action::ViewPrev, Action::ViewNext], "tables");
const NUMBER: Hint = hint(&[Action::Left, Action::Right], "number");
const TARGET: Hint = hint(&[Action::MakeTarget], "target");
const LOG: Hint = hint(&[Action::Log], "log");
const ADD: Hint = hint(&[Action::Add], "add");
const NARROW: Hint = hint(&[Action::Filter], "filter");
const EXPORT: Hint = hint(&[Action::Export], "export");
const TAKE_OUT: Hint = hint(&[Action::Remove], "take out");
const LOAD: Hint = hint(&[Action::Import], "import");
const SCROLL: Hint = hint(&[Action::Down, Action::Up], "move");
const CLOSE: Hint = hint(&[Action::Leave], "close");
const EDIT: Hint = hint(&[Action::Edit], "edit");
const MOVE_ON: Hint = hint(&[Action::PlanStatus], "move on");
const REVIEW: Hint = hint(&[Action::Review], "review");
const NEXT_VIEW: Hint = hint(&[Action::ViewNext], "next view");
const NEXT: Hint = hint(&[Action::Accept], "next");
const BACK_ONE: Hint = hint(&[Action::StepBack], "back");
const LEAVE: Hint = hint(&[Action::Leave], "leave");

/// Hints of row 24 by context, most useful first, help last.
pub static HINTS: &[(Context, &[Hint])] = &[
    (
        Today,
        &[
            hint(&[Action::CheckIn], "check-in"),
            hint(&[Action::Open], "why"),
            hint(&[Action::TaskDone], "done"),
            hint(&[Action::TaskTomorrow], "+1d"),
            hint(&[Action::Snooze], "snooze"),
            hint(&[Action::Brief], "brief"),
            hint(&[Action::ViewNext], "numbers"),
            NARROW,
            LOAD,
            HELP,
        ],
    ),
    (
        PlansList,
        &[
            hint(&[Action::Open], "tree"),
            hint(&[Action::Add], "new"),
            hint(&[Action::Strategy], "strategy"),
            EDIT,
            MOVE_ON,
            REVIEW,
            NEXT_VIEW,
            hint(&[Action::Remove], "delete"),
            HELP,
        ],
    ),
    (
        PlansTree,
        &[
            hint(&[Action::SetTarget], "set target"),
            hint(&[Action::Propose], "propose"),
            hint(&[Action::Decompose], "break down"),
            hint(&[Action::Lock], "lock"),
            hint(&[Action::Against], "vs"),
            hint(&[Action::Add], "task"),
            hint(&[Action::ViewNext], "views"),
            hint(&[Action::InsertChild], "insert"),
            MOVE_ON,
            EDIT,
            HELP,
        ],
    ),
    (
        PlansTasks,
        &[
            hint(&[Action::TaskDone], "done"),
            hint(&[Action::TaskTomorrow], "+1d"),
            hint(&[Action::TaskPostpone], "postpone"),
            hint(&[Action::Add], "task"),
            EDIT,
            hint(&[Action::TaskDoing], "doing"),
            hint(&[Action::Remove], "drop"),
            hint(&[Action::ViewNext], "views"),
            hint(&[Action::TaskBlockedBy], "blocked by"),
            HELP,
        ],
    ),
    (
        PlansResources,
        &[
            hint(&[Action::AddCost], "cost"),
            hint(&[Action::ResourceState], "state"),
            hint(&[Action::Add], "resource"),
            EDIT,
            hint(&[Action::Remove], "remove"),
            NEXT_VIEW,
            EXPORT,
            hint(&[Action::Back], "list"),
            HELP,
        ],
    ),
    (PlansRevisions, &[SCROLL, NEXT_VIEW, NARROW, EXPORT, hint(&[Action::Back], "list"), HELP]),
    (
        PlansReview,
        &[
            hint(&[Action::Open], "edit"),
            hint(&[Action::Add], "lesson"),
            hint(&[Action::Verdict], "verdict"),
            hint(&[Action::CloseNextRound], "close, next round"),
            hint(&[Action::SectionNext], "section"),
            NEXT_VIEW,
            HELP,
        ],
    ),
    (
        PlansRounds,
        &[
            hint(&[Action::Open], "open round"),
            hint(&[Action::Add], "adopt lesson"),
            hint(&[Action::Remove], "reject"),
            NEXT_VIEW,
            hint(&[Action::Back], "list"),
            HELP,
        ],
    ),
    (
        PlansTimeline,
        &[
            hint(&[Action::Open], "tree"),
            hint(&[Action::WeekBack, Action::WeekForward], "move by week"),
            hint(&[Action::Edit], "phases"),
            NEXT_VIEW,
            EXPORT,
            HELP,
        ],
    ),
    (
        Retention,
        &[
            hint(&[Action::Left, Action::Down, Action::Up, Action::Right], "cell"),
            hint(&[Action::Criterion], "criterion"),
            hint(&[Action::CohortKind], "cohorts"),
            hint(&[Action::Events], "events"),
            hint(&[Action::PickN], "Dn"),
            hint(&[Action::Average], "average"),
            hint(&[Action::GrainDay, Action::GrainWeek, Action::GrainMonth], "grain"),
            hint(&[Action::Open], "Dn detail"),
            FILTER_BY,
            SEGMENT,
            EXPORT,
            HELP,
        ],
    ),
    (
        Revenue,
        &[
            DETAIL,
            hint(&[Action::NetGross], "net/gross"),
            STEP,
            COMPARE,
            FILTER_BY,
            SEGMENT,
            hint(&[Action::Sort], "sort"),
            EXPORT,
            hint(&[Action::CopyTable], "copy"),
            HELP,
        ],
    ),
    (
        Data,
        &[
            LOAD,
            DETAIL,
            hint(&[Action::ViewNext], "mapping, profile"),
            EDIT,
            hint(&[Action::SectionNext, Action::SectionPrev], "section"),
            hint(&[Action::ImportRemove], "take back"),
            hint(&[Action::ImportRedo], "bring back"),
            hint(&[Action::Verify], "verify"),
            NARROW,
            EXPORT,
            HELP,
        ],
    ),
    (Detail, &[STEP, FILTER_BY, EXPORT, hint(&[Action::CopyRow], "copy"), hint(&[Action::Back], "back"), HELP]),
    (Item, &[SEGMENT, NARROW, EXPORT, hint(&[Action::CopyRow], "copy"), hint(&[Action::Back], "back"), HELP]),
    (Operation, &[DETAIL, FILTER_BY, SEGMENT, TURN, NUMBER, TARGET, LOG, ADD, EXPORT, STEP, HELP]),
    (
        Activity,
        &[
            DETAIL,
            FILTER_BY,
            SEGMENT,
            TURN,
            NUMBER,
            hint(&[Action::SplitBy], "split"),
            TARGET,
            LOG,
            ADD,
            EXPORT,
            STEP,
            HELP,
        ],
    ),
    (
        Market,
        &[DETAIL, FILTER_BY, TURN, NUMBER, TARGET, LOG, ADD, hint(&[Action::NoteVerdict], "verdict"), EXPORT, HELP],
    ),
    (
        Channel,
        &[DETAIL, FILTER_BY, TURN, NUMBER, TARGET, hint(&[Action::MixRate], "mix and rate"), LOG, ADD, EXPORT, HELP],
    ),
    (
        Content,
        &[
            DETAIL,
            FILTER_BY,
            hint(&[Action::MoveOn], "status"),
            TURN,
            ADD,
            EDIT,
            NUMBER,
            TAKE_OUT,
            TARGET,
            EXPORT,
            STEP,
            HELP,
        ],
    ),
    (
        Commercial,
        &[
            DETAIL,
            FILTER_BY,
            hint(&[Action::MoveOn], "stage"),
            TURN,
            ADD,
            EDIT,
            NUMBER,
            TAKE_OUT,
            TARGET,
            EXPORT,
            STEP,
            HELP,
        ],
    ),
    (
        User,
        &[DETAIL, FILTER_BY, TURN, hint(&[Action::MixRate], "mix and rate"), TARGET, NUMBER, LOG, ADD, EXPORT, HELP],
    ),
    (
        Product,
        &[
            DETAIL,
            hint(&[Action::FunnelSteps], "steps"),
            hint(&[Action::FunnelOrder], "order"),
            hint(&[Action::WindowLess, Action::WindowMore], "window"),
            TURN,
            ADD,
            TARGET,
            hint(&[Action::Edit], "edit"),
            EXPORT,
            STEP,
            HELP,
        ],
    ),
    (
        Soon,
        &[
            hint(&[Action::Go(0)], "Today"),
            hint(&[Action::Go(8)], "Plans"),
            hint(&[Action::Go(9)], "Retention"),
            hint(&[Action::Go(10)], "Revenue"),
            hint(&[Action::Go(11)], "Data"),
            LOAD,
            HELP,
        ],
    ),
    (Help, &[SCROLL, hint(&[Action::ViewNext], "page"), CLOSE]),
    (
        Choice,
        &[
            hint(&[Action::Up, Action::Down], "move"),
            hint(&[Action::NextGroup], "next group"),
            hint(&[Action::Accept], "use"),
            LEAVE,
        ],
    ),
    (
        Picker,
        &[
            hint(&[Action::Toggle], "toggle"),
            hint(&[Action::Accept], "use"),
            hint(&[Action::Erase], "none"),
            hint(&[Action::NextGroup], "next group"),
            hint(&[Action::Pick], "pick"),
            LEAVE,
        ],
    ),
    (Entry, &[hint(&[Action::Accept], "go on"), hint(&[Action::Clear], "clear"), LEAVE]),
    (Filter, &[hint(&[Action::Accept], "keep"), hint(&[Action::Leave], "clear")]),
    (
        Import,
        &[
            hint(&[Action::Accept], "load"),
            hint(&[Action::Column], "column"),
            hint(&[Action::RecordKind], "kind"),
            hint(&[Action::Zone], "zone"),
            hint(&[Action::SourceName], "source"),
            LEAVE,
            HELP,
        ],
    ),
    (
        Propose,
        &[
            hint(&[Action::Accept], "accept"),
            hint(&[Action::SetTarget], "type value"),
            hint(&[Action::Lock], "lock"),
            hint(&[Action::Mode], "mode"),
            hint(&[Action::Weight], "weight"),
            LEAVE,
            HELP,
        ],
    ),
    (
        ProposeRunning,
        &[
            hint(&[Action::Accept], "accept"),
            hint(&[Action::SetTarget], "type value"),
            hint(&[Action::Lock], "lock"),
            hint(&[Action::Mode], "mode"),
            hint(&[Action::Weight], "weight"),
            hint(&[Action::Reason], "reason"),
            LEAVE,
            HELP,
        ],
    ),
    (
        Form,
        &[
            hint(&[Action::Accept], "next"),
            hint(&[Action::Save], "save"),
            hint(&[Action::Leave], "leave, draft kept"),
            hint(&[Action::FieldDown], "move"),
            hint(&[Action::TakeProposal], "proposal"),
            HELP,
        ],
    ),
    (
        Conflict,
        &[
            hint(&[Action::Theirs], "theirs"),
            hint(&[Action::Mine], "mine"),
            hint(&[Action::Both], "both"),
            hint(&[Action::Edit], "edit mine"),
            hint(&[Action::Leave], "keep editing"),
        ],
    ),
    (CheckIn, &[NEXT, BACK_ONE, LEAVE, HELP]),
    (CheckInNumbers, &[NEXT, SCROLL, BACK_ONE, LEAVE, HELP]),
    (
        CheckInExceptions,
        &[
            NEXT,
            hint(&[Action::Known], "known"),
            hint(&[Action::Add], "task"),
            hint(&[Action::Snooze], "snooze 7d"),
            hint(&[Action::Note], "note"),
            BACK_ONE,
            LEAVE,
            HELP,
        ],
    ),
    (
        CheckInTasks,
        &[
            NEXT,
            hint(&[Action::TaskDone], "done"),
            hint(&[Action::TaskTomorrow], "+1d"),
            hint(&[Action::TaskPostpone], "postpone"),
            hint(&[Action::Remove], "drop"),
            BACK_ONE,
            LEAVE,
            HELP,
        ],
    ),
    (CheckInFocus, &[NEXT, hint(&[Action::Toggle], "choose"), SCROLL, BACK_ONE, LEAVE, HELP]),
    (
        CheckInBrief,
        &[
            hint(&[Action::Accept], "store"),
            hint(&[Action::CopyRow], "copy"),
            hint(&[Action::Export], "to a file"),
            BACK_ONE,
            LEAVE,
            HELP,
        ],
    ),
    (
        Brief,
        &[
            hint(&[Action::CopyRow], "copy"),
            hint(&[Action::Export], "to a file"),
            SCROLL,
            hint(&[Action::ViewPrev, Action::ViewNext], "older, newer"),
            CLOSE,
            HELP,
        ],
    ),
    (Message, &[hint(&[Action::CopyRow], "copy"), hint(&[Action::Export], "to a file"), CLOSE]),
    (Confirm, &[hint(&[Action::Accept], "do it"), hint(&[Action::Leave], "leave it")]),
    (FirstRun, &[NEXT, SCROLL, hint(&[Action::Leave], "leave, nothing written"), HELP]),
    (
        FirstRunField,
        &[
            NEXT,
            hint(&[Action::FieldDown], "move"),
            hint(&[Action::Save], "begin"),
            hint(&[Action::Leave], "back"),
            HELP,
        ],
    ),
];
