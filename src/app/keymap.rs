//! The key map: one table, from which key resolution, the hints of row 24, the help and `quarterdeck keys` come.

mod table;

use table::FILTER_BY;
pub use table::{BINDINGS, HINTS};

use super::action::Action;
use super::keys::{Key, KeyCode};

/// Where a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// Everywhere, layers included.
    System,
    /// On every screen.
    Global,
    /// On every list and table.
    List,
    /// Today.
    Today,
    /// The list of plans.
    PlansList,
    /// The tree of a plan.
    PlansTree,
    /// Tasks.
    PlansTasks,
    /// Resources of a plan.
    PlansResources,
    /// Revisions of a plan.
    PlansRevisions,
    /// Review of a plan.
    PlansReview,
    /// Rounds of a plan.
    PlansRounds,
    /// Plans by day.
    PlansTimeline,
    /// Retention.
    Retention,
    /// Revenue.
    Revenue,
    /// Data.
    Data,
    /// Number detail.
    Detail,
    /// The first week of an item.
    Item,
    /// Tabs of operation types.
    Operation,
    /// The tab Product.
    Product,
    /// The tab User.
    User,
    /// The tab Activity.
    Activity,
    /// The tab Market.
    Market,
    /// The tab Content.
    Content,
    /// The tab Commercial.
    Commercial,
    /// The tab Channel.
    Channel,
    /// A screen over a workspace without data.
    Soon,
    /// Help.
    Help,
    /// Pickers of one.
    Choice,
    /// Pickers of many.
    Picker,
    /// One-line text field.
    Entry,
    /// Filter line.
    Filter,
    /// Import mapping.
    Import,
    /// Preview of a proposal.
    Propose,
    /// The same for a running plan, which asks for a reason.
    ProposeRunning,
    /// Form.
    Form,
    /// Two people changed the same.
    Conflict,
    /// Question that Enter affirms.
    Confirm,
    /// Check-in: the data.
    CheckIn,
    /// Check-in: numbers to type.
    CheckInNumbers,
    /// Check-in: exceptions.
    CheckInExceptions,
    /// Check-in: due tasks.
    CheckInTasks,
    /// Check-in: the focus of the day.
    CheckInFocus,
    /// Check-in: the brief.
    CheckInBrief,
    /// The brief.
    Brief,
    /// A text in a box.
    Message,
    /// First run: the way to begin.
    FirstRun,
    /// First run: the product.
    FirstRunField,
    /// Below 60x16.
    TooSmall,
}

impl Context {
    /// Every context, in the order in which keys are listed.
    pub const ALL: [Self; 48] = [
        Self::System,
        Self::Global,
        Self::List,
        Self::Today,
        Self::PlansList,
        Self::PlansTree,
        Self::PlansTasks,
        Self::PlansResources,
        Self::PlansRevisions,
        Self::PlansReview,
        Self::PlansRounds,
        Self::PlansTimeline,
        Self::Operation,
        Self::Product,
        Self::User,
        Self::Activity,
        Self::Market,
        Self::Content,
        Self::Commercial,
        Self::Channel,
        Self::Retention,
        Self::Revenue,
        Self::Data,
        Self::Detail,
        Self::Item,
        Self::Soon,
        Self::Help,
        Self::Choice,
        Self::Picker,
        Self::Entry,
        Self::Filter,
        Self::Import,
        Self::Propose,
        Self::ProposeRunning,
        Self::Form,
        Self::Conflict,
        Self::Confirm,
        Self::CheckIn,
        Self::CheckInNumbers,
        Self::CheckInExceptions,
        Self::CheckInTasks,
        Self::CheckInFocus,
        Self::CheckInBrief,
        Self::Brief,
        Self::Message,
        Self::FirstRun,
        Self::FirstRunField,
        Self::TooSmall,
    ];

    /// Name as shown in the help and by `quarterdeck keys`.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Global => "Global",
            Self::List => "List",
            Self::Today => "Today",
            Self::PlansList => "Plans list",
            Self::PlansTree => "Plans tree",
            Self::PlansTasks => "Plans tasks",
            Self::PlansResources => "Plans resources",
            Self::PlansRevisions => "Plans revisions",
            Self::PlansReview => "Plans review",
            Self::PlansRounds => "Plans rounds",
            Self::PlansTimeline => "Plans timeline",
            Self::Operation => "Operation tab",
            Self::Product => "Product",
            Self::User => "User",
            Self::Activity => "Activity",
            Self::Market => "Market",
            Self::Content => "Content",
            Self::Commercial => "Commercial",
            Self::Channel => "Channel",
            Self::Retention => "Retention",
            Self::Revenue => "Revenue",
            Self::Data => "Data",
            Self::Detail => "Number detail",
            Self::Item => "Item report",
            Self::Soon => "No data",
            Self::Help => "Help",
            Self::Choice => "Choice",
            Self::Picker => "Picker",
            Self::Entry => "Entry line",
            Self::Filter => "Filter line",
            Self::Import => "Import mapping",
            Self::Propose => "Propose preview",
            Self::ProposeRunning => "Propose running",
            Self::Form => "Form",
            Self::Conflict => "Conflict",
            Self::Confirm => "Question",
            Self::CheckIn => "Check-in",
            Self::CheckInNumbers => "Check-in numbers",
            Self::CheckInExceptions => "Check-in exceptions",
            Self::CheckInTasks => "Check-in tasks",
            Self::CheckInFocus => "Check-in focus",
            Self::CheckInBrief => "Check-in brief",
            Self::Brief => "Brief",
            Self::Message => "Message",
            Self::FirstRun => "First run",
            Self::FirstRunField => "First run field",
            Self::TooSmall => "Too small",
        }
    }

    /// The context itself, then those whose keys work in it too.
    pub fn chain(self) -> &'static [Self] {
        use Context::{Data, Detail, Global, List, Retention, Revenue, Soon, System, Today};
        match self {
            System => &[System],
            Global => &[Global, System],
            List => &[List, Global, System],
            Today => &[Today, List, Global, System],
            Retention => &[Retention, List, Global, System],
            Revenue => &[Revenue, List, Global, System],
            Data => &[Data, List, Global, System],
            Detail => &[Detail, List, Global, System],
            Self::Item => &[Self::Item, List, Global, System],
            Self::PlansList => &[Self::PlansList, List, Global, System],
            Self::PlansTree => &[Self::PlansTree, List, Global, System],
            Self::PlansTasks => &[Self::PlansTasks, List, Global, System],
            Self::PlansResources => &[Self::PlansResources, List, Global, System],
            Self::PlansRevisions => &[Self::PlansRevisions, List, Global, System],
            Self::PlansReview => &[Self::PlansReview, List, Global, System],
            Self::PlansRounds => &[Self::PlansRounds, List, Global, System],
            Self::PlansTimeline => &[Self::PlansTimeline, List, Global, System],
            Self::Operation => &[Self::Operation, List, Global, System],
            Self::Product => &[Self::Product, Self::Operation, List, Global, System],
            Self::User => &[Self::User, Self::Operation, List, Global, System],
            Self::Activity => &[Self::Activity, Self::Operation, List, Global, System],
            Self::Market => &[Self::Market, Self::Operation, List, Global, System],
            Self::Content => &[Self::Content, Self::Operation, List, Global, System],
            Self::Commercial => &[Self::Commercial, Self::Operation, List, Global, System],
            Self::Channel => &[Self::Channel, Self::Operation, List, Global, System],
            Soon => &[Soon, Global, System],
            Self::Help => &[Self::Help, System],
            Self::Choice => &[Self::Choice, System],
            Self::Picker => &[Self::Picker, Self::Choice, System],
            Self::Entry => &[Self::Entry, System],
            Self::Filter => &[Self::Filter, System],
            Self::Import => &[Self::Import, System],
            Self::Propose => &[Self::Propose, System],
            Self::ProposeRunning => &[Self::ProposeRunning, Self::Propose, System],
            Self::Form => &[Self::Form, System],
            Self::Conflict => &[Self::Conflict, System],
            Self::Confirm => &[Self::Confirm, System],
            Self::CheckIn => &[Self::CheckIn, System],
            Self::CheckInNumbers => &[Self::CheckInNumbers, Self::CheckIn, System],
            Self::CheckInExceptions => &[Self::CheckInExceptions, Self::CheckIn, System],
            Self::CheckInTasks => &[Self::CheckInTasks, Self::CheckIn, System],
            Self::CheckInFocus => &[Self::CheckInFocus, Self::CheckIn, System],
            Self::CheckInBrief => &[Self::CheckInBrief, Self::CheckIn, System],
            Self::Brief => &[Self::Brief, System],
            Self::Message => &[Self::Message, System],
            Self::FirstRun => &[Self::FirstRun, System],
            Self::FirstRunField => &[Self::FirstRunField, System],
            Self::TooSmall => &[Self::TooSmall, System],
        }
    }

    /// Whether typed characters are text here, so that they keep their full width.
    pub fn is_field(self) -> bool {
        matches!(self, Self::Choice | Self::Picker | Self::Entry | Self::Filter | Self::Form | Self::FirstRunField)
    }
}

/// A key or a class of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Press {
    /// A character without Ctrl and Alt.
    Char(char),
    /// A character with Ctrl.
    Ctrl(char),
    /// Any other key.
    Code(KeyCode),
    /// A digit from 1 to 9.
    Digit,
    /// Any character.
    Text,
}

impl Press {
    fn matches(self, key: Key) -> bool {
        match (self, key.code) {
            (Self::Char(c), KeyCode::Char(k)) => c == k && !key.ctrl && !key.alt,
            (Self::Ctrl(c), KeyCode::Char(k)) => c.eq_ignore_ascii_case(&k) && key.ctrl && !key.alt,
            (Self::Code(c), k) => c == k,
            (Self::Digit, KeyCode::Char(k)) => ('1'..='9').contains(&k) && !key.ctrl && !key.alt,
            (Self::Text, KeyCode::Char(_)) => !key.ctrl && !key.alt,
            _ => false,
        }
    }

    /// The key as written on screens: `Ctrl-C`, `Enter`, `PgDn`.
    pub fn name(self) -> String {
        match self {
            Self::Char(' ') => "Space".to_owned(),
            Self::Char(c) => c.to_string(),
            Self::Ctrl(c) => format!("Ctrl-{}", c.to_ascii_uppercase()),
            Self::Digit => "1..9".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Code(code) => code_name(code),
        }
    }
}

fn code_name(code: KeyCode) -> String {
    let name = match code {
        KeyCode::Char(c) => return c.to_string(),
        KeyCode::F(n) => return format!("F{n}"),
        KeyCode::BackTab => "Shift-Tab",
        KeyCode::Delete => "Del",
        KeyCode::PageUp => "PgUp",
        KeyCode::PageDown => "PgDn",
        KeyCode::Enter => "Enter",
        KeyCode::Esc => "Esc",
        KeyCode::Tab => "Tab",
        KeyCode::Backspace => "Backspace",
        KeyCode::Up => "Up",
        KeyCode::Down => "Down",
        KeyCode::Left => "Left",
        KeyCode::Right => "Right",
        KeyCode::Home => "Home",
        KeyCode::End => "End",
    };
    name.to_owned()
}

/// One row of the key map.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Where it works.
    pub context: Context,
    /// Keys; the first is shown in hints.
    pub keys: &'static [Press],
    /// What they do.
    pub action: Action,
    /// The same in words.
    pub help: &'static str,
    /// Line of the help that it shares with others; empty gives it a line of its own.
    pub group: &'static str,
}

/// A hint of row 24: actions that are named together, and their words.
#[derive(Debug, Clone, Copy)]
pub struct Hint {
    /// Actions bound in the context.
    pub actions: &'static [Action],
    /// One or two words.
    pub label: &'static str,
}

/// What a key means in a context: its own bindings first, then those it inherits.
pub fn resolve(key: Key, context: Context) -> Option<Action> {
    context.chain().iter().find_map(|c| {
        let own = BINDINGS.iter().filter(|b| b.context == *c);
        own.into_iter().find(|b| b.keys.iter().any(|p| p.matches(key))).map(|b| b.action)
    })
}

/// The first key of an action in a context.
pub fn key_of(action: Action, context: Context) -> Option<Press> {
    context.chain().iter().find_map(|c| {
        let binding = BINDINGS.iter().find(|b| b.context == *c && b.action == action)?;
        binding.keys.first().copied()
    })
}

/// The hints of a context as key and words, most useful first. Where the row under the cursor is something that a segment
/// is made of, the key of the segment filters by it.
pub fn hints(context: Context, filters: bool) -> Vec<(String, &'static str)> {
    let all = HINTS.iter().find(|(c, _)| *c == context).map_or(&[][..], |(_, hints)| hints);
    let fits = |hint: &&Hint| hint.actions != [Action::Segment] || (hint.label == FILTER_BY.label) == filters;
    let listed = all.iter().filter(fits);
    let key_names = |hint: &Hint| {
        let names: Vec<String> = hint.actions.iter().filter_map(|a| key_of(*a, context)).map(Press::name).collect();
        let together = names.len() > 2 && names.iter().all(|n| n.len() == 1);
        names.join(if together { "" } else { " " })
    };
    listed.map(|h| (key_names(h), h.label)).collect()
}

/// The lines of the help for one context: keys and words, grouped bindings on one line.
pub fn help_lines(context: Context) -> Vec<(String, &'static str)> {
    let own: Vec<&Binding> = BINDINGS.iter().filter(|b| b.context == context).collect();
    let mut lines: Vec<(String, &'static str)> = Vec::new();
    for (at, binding) in own.iter().enumerate() {
        if binding.group.is_empty() {
            lines.push((names(binding.keys.iter().copied()), binding.help));
        } else if own.iter().position(|b| b.group == binding.group) == Some(at) {
            let mates = own.iter().filter(|b| b.group == binding.group);
            lines.push((names(mates.filter_map(|b| b.keys.first().copied())), binding.group));
        }
    }
    lines
}

/// Key names with runs of digits shortened: `0-9 $ #`.
fn names(keys: impl Iterator<Item = Press>) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut run: Option<(char, char)> = None;
    let end_run = |run: &mut Option<(char, char)>, out: &mut Vec<String>| {
        if let Some((first, last)) = run.take() {
            out.push(if first == last { first.to_string() } else { format!("{first}-{last}") });
        }
    };
    for key in keys {
        match (key, run) {
            (Press::Char(c), Some((first, last))) if c.is_ascii_digit() && u32::from(c) == u32::from(last) + 1 => {
                run = Some((first, c));
            }
            (Press::Char(c), _) if c.is_ascii_digit() => {
                end_run(&mut run, &mut out);
                run = Some((c, c));
            }
            _ => {
                end_run(&mut run, &mut out);
                out.push(key.name());
            }
        }
    }
    end_run(&mut run, &mut out);
    out.join(" ")
}

#[cfg(test)]
mod tests;
