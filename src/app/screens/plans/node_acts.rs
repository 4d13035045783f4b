//! What keys do to the node under the cursor.

use crate::domain::calendar::Day;
use crate::domain::plans::{Edit, Node, Revision, Table};
use crate::query::{Answer, BreakRow, Command, PlanOrder, PlanView, ProposeQuery, Query, TreeRow};
use crate::ui::amount;

use super::super::super::PanelId;
use super::super::super::action::Action;
use super::super::super::layers::choose::{ChoiceRow, Chooser, refusal};
use super::super::super::layers::entry::{Ask, Entry};
use super::super::super::layers::propose::Propose;
use super::super::super::view::{Env, Request};
use super::acts::{refuse, run};
use super::{Page, Plans, forms, nodes};

impl Plans {
    pub(super) fn act_on_tree(&mut self, action: Action, env: &Env<'_>) -> Option<Vec<Request>> {
        match action {
            Action::Against => return Some(self.turn_against()),
            Action::Review => {
                self.page = Page::Review;
                return Some(Vec::new());
            }
            Action::PlanStatus => return Some(self.pick_status(env)),
            Action::Add => return Some(self.add_task(env)),
            Action::Left | Action::Right => return Some(self.fold(action == Action::Left, env)),
            _ => {}
        }
        let view = self.shown()?;
        let writes = matches!(action, Action::InsertChild | Action::Edit | Action::SetTarget | Action::Open);
        if view.tree.is_empty() && view.guards.is_empty() && writes {
            if let Some(refused) = Self::read_only(env) {
                return Some(refused);
            }
            let form = forms::primary(self.board.shown()?, &view.head.plan, env.today);
            return Some(vec![Request::Push(Box::new(form))]);
        }
        let row = self.current_id(env).and_then(|id| nodes::find(view, id)).filter(|row| row.node.id != 0);
        let Some(row) = row else {
            return Some(refuse("put the cursor on a node that can be changed"));
        };
        match action {
            Action::Open | Action::Edit => {
                if let Some(refused) = Self::read_only(env) {
                    return Some(refused);
                }
                Some(vec![Request::Push(Box::new(forms::node(self.board.shown()?, view, row, env.today)))])
            }
            Action::SetTarget => Some(set_target(view, row)),
            Action::Propose => Some(propose(view, row, env.today)),
            Action::Decompose => Some(break_down(view, row)),
            Action::InsertChild => {
                Some(vec![Request::Push(Box::new(forms::part(self.board.shown()?, view, row, env.today)))])
            }
            Action::Lock => {
                let word = if row.node.locked { "free" } else { "lock" };
                let mut edit = Edit::new(format!("{word} {}", row.node.label));
                edit.set(row.node.clone(), Node { locked: !row.node.locked, ..row.node.clone() });
                Some(run(edit))
            }
            Action::Remove => Some(Self::remove_node(view, row)),
            _ => None,
        }
    }

    /// Hides or shows the parts of a node; to the left of one without parts is its parent.
    fn fold(&mut self, close: bool, env: &Env<'_>) -> Vec<Request> {
        let Some((view, id)) = self.shown().zip(self.current_id(env)) else { return Vec::new() };
        let parts = nodes::has_parts(view, id);
        let parent = nodes::find(view, id).and_then(|row| row.node.parent_id);
        let folded = self.folded.contains(&id);
        match (close, parts) {
            (true, true) if !folded => drop(self.folded.insert(id)),
            (true, _) => {
                if let Some(parent) = parent {
                    self.cursor_mut().select(0, &parent.to_string());
                }
            }
            (false, _) => drop(self.folded.remove(&id)),
        }
        Vec::new()
    }

    /// Takes a node out with all below it.
    fn remove_node(view: &PlanView, row: &TreeRow) -> Vec<Request> {
        if row.node.parent_id.is_none() && row.node.role == crate::domain::plans::NodeRole::Primary {
            return refuse("the plan is judged by this one: e changes it; - on the list removes the plan");
        }
        let (node, label) = (row.node.id, &row.node.label);
        if !view.head.plan.status.is_frozen() {
            return vec![Request::Run(Command::Plan(PlanOrder::RemoveNode { node, reason: String::new() }))];
        }
        let ask = Ask::words(format!("why does {label} go, while the plan runs"), REASON);
        let make = move |texts: &[String]| Ok(PlanOrder::RemoveNode { node, reason: reason(texts, 0) });
        vec![Request::Push(Box::new(Entry::order(String::new(), vec![ask], make)))]
    }
}

/// What a reason is for.
const REASON: &str = "a running plan changes with a reason";

fn reason(texts: &[String], at: usize) -> String {
    texts.get(at).map(|text| text.trim().to_owned()).unwrap_or_default()
}

fn set_target(view: &PlanView, row: &TreeRow) -> Vec<Request> {
    let (node, unit, seen) = (row.node.id, row.unit, row.node.target);
    let now = amount::full(seen, unit);
    let value = Ask::new(format!("target of {} ({now})", row.node.label), move |text| {
        amount::parse(text, unit).map(|value| {
            let change = amount::change(seen, Some(value), unit);
            let change = if seen.is_some() { format!(", {change}") } else { String::new() };
            format!("reads {}{change}", amount::full(Some(value), unit))
        })
    });
    let why = Ask::words("why does it change, while the plan runs", REASON);
    let asks = if view.head.plan.status.is_frozen() { vec![value, why] } else { vec![value] };
    let make = move |texts: &[String]| {
        let value = amount::parse(texts.first().map_or("", String::as_str), unit)?;
        Ok(PlanOrder::Target { node, seen, value: Some(value), reason: reason(texts, 1) })
    };
    let entry = Entry::order(format!("target of {}", row.node.label), asks, make).of((Table::Node, node));
    vec![Request::Push(Box::new(entry))]
}

/// The preview for the parts of the node, or of its parent where it has none. Which it is, and whether there is a target,
/// is found by the question: the view may be older than the parts or the target that were just made.
fn propose(view: &PlanView, row: &TreeRow, today: Day) -> Vec<Request> {
    let query = ProposeQuery { plan: view.head.plan.id, node: row.node.id, ..ProposeQuery::default() };
    // What was just typed with a reason is spread for the same reason.
    let fresh = |revision: &&Revision| view.head.plan.status.is_frozen() && revision.at.starts_with(&today.to_string());
    let last = view.revisions.first().filter(fresh);
    let reason = last.map_or("", |revision| revision.reason.as_str());
    vec![Request::Push(Box::new(Propose::new(view.head.plan.name(), query, reason)))]
}

fn break_down(view: &PlanView, row: &TreeRow) -> Vec<Request> {
    if nodes::has_parts(view, row.node.id) {
        return refuse("this node has parts already: I inserts one more, - takes one out");
    }
    let (plan, node, label) = (view.head.plan.id, row.node.id, row.node.label.clone());
    let frozen = view.head.plan.status.is_frozen();
    let rows = move |answer: Answer| {
        let Answer::Breaks(ways) = answer else { return Vec::new() };
        if ways.is_empty() {
            return vec![refusal("no way fits this metric", "nothing is known to break it down by; I inserts a part")];
        }
        ways.into_iter().map(|way| break_row(way, node, &label, frozen)).collect()
    };
    let title = format!("Break {} down by", row.node.label);
    let chooser = Chooser::asking(title, PanelId::BREAKS, Query::Breaks(plan, node), rows);
    vec![Request::Push(Box::new(chooser))]
}

fn break_row(way: BreakRow, node: i64, label: &str, frozen: bool) -> ChoiceRow {
    let BreakRow { how, about, parts } = way;
    let title = format!("why is {label} broken down, while the plan runs");
    ChoiceRow::new(about, parts.join(", "), move || {
        if !frozen {
            return vec![Request::Run(Command::Plan(PlanOrder::Break { node, how, reason: String::new() }))];
        }
        let ask = Ask::words(title, REASON);
        let make = move |texts: &[String]| Ok(PlanOrder::Break { node, how: how.clone(), reason: reason(texts, 0) });
        vec![Request::Push(Box::new(Entry::order(String::new(), vec![ask], make)))]
    })
}
