//! Where a plan may go from where it stands.

use crate::domain::plans::{Plan, PlanStatus, Table};
use crate::query::{Command, PlanOrder};

use super::super::super::layers::choose::{ChoiceRow, Chooser};
use super::super::super::layers::entry::{Ask, Entry};
use super::super::super::view::{Env, Request};
use super::acts::refuse;
use super::{Plans, words};

/// States to go to: the next one first.
pub fn ways(shown: PlanStatus) -> &'static [PlanStatus] {
    use PlanStatus::{Cancelled, Closed, Draft, Observing, Paused, Ready, Review, Running};
    match shown {
        Draft => &[Ready, Running, Cancelled],
        Ready => &[Running, Draft, Cancelled],
        Running => &[Paused, Closed, Cancelled],
        Paused => &[Running, Closed, Cancelled],
        Observing | Review => &[Closed, Cancelled],
        Closed | Cancelled => &[],
    }
}

fn about(to: PlanStatus) -> &'static str {
    match to {
        PlanStatus::Draft => "being written again",
        PlanStatus::Ready => "has target, owner and a task; may begin",
        PlanStatus::Running => "freezes the baseline; targets then change with a reason",
        PlanStatus::Paused => "held up for now",
        PlanStatus::Closed => "keeps the tree as it is; needs a review",
        PlanStatus::Cancelled => "given up; asks why",
        PlanStatus::Observing | PlanStatus::Review => "",
    }
}

fn row(plan: &Plan, to: PlanStatus) -> ChoiceRow {
    let (id, name) = (plan.id, plan.name());
    ChoiceRow::new(to.word(), about(to), move || match to {
        PlanStatus::Closed => vec![Request::Run(Command::Plan(PlanOrder::Close(id)))],
        PlanStatus::Cancelled | PlanStatus::Paused => {
            let ask = Ask::words(format!("why is {name} {}", to.word()), "type a reason");
            let make = move |texts: &[String]| {
                let reason = texts.first().map(|text| text.trim().to_owned()).unwrap_or_default();
                Ok(PlanOrder::Status { plan: id, to, reason })
            };
            let entry = Entry::order(format!("{} {name}", to.word()), vec![ask], make).of((Table::Plan, id));
            vec![Request::Push(Box::new(entry))]
        }
        _ => vec![Request::Run(Command::Plan(PlanOrder::Status { plan: id, to, reason: String::new() }))],
    })
}

impl Plans {
    /// Offers the states that the plan under the cursor can go to.
    pub(super) fn pick_status(&self, env: &Env<'_>) -> Vec<Request> {
        let Some(row_of_plan) = self.plan_row(env) else { return refuse("put the cursor on a plan") };
        let (plan, shown) = (&row_of_plan.plan, row_of_plan.status);
        let rows: Vec<ChoiceRow> = ways(shown).iter().map(|to| row(plan, *to)).collect();
        if rows.is_empty() {
            return refuse("this plan is over: R opens its review, C there makes the next round");
        }
        let title = format!("{} is {}: move it on to", plan.name(), words::state(shown));
        vec![Request::Push(Box::new(Chooser::new(title, rows)))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_way_leads_to_where_the_plan_is_or_to_what_follows_from_the_day() {
        for shown in PlanStatus::ALL {
            let ways = ways(*shown);
            assert!(!ways.contains(shown), "{shown:?}");
            assert!(!ways.iter().any(|to| matches!(to, PlanStatus::Observing | PlanStatus::Review)), "{shown:?}");
        }
        assert_eq!((ways(PlanStatus::Draft)[0], ways(PlanStatus::Ready)[0]), (PlanStatus::Ready, PlanStatus::Running));
    }
}
