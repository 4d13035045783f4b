//! The views of the screen.

use super::super::super::keymap::Context;

/// A view of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    List,
    AllTasks,
    Timeline,
    Tree,
    Tasks,
    Resources,
    Revisions,
    Review,
    Rounds,
}

impl Page {
    /// Views of the list, in the order of the keys.
    pub const OF_LIST: [Self; 3] = [Self::List, Self::AllTasks, Self::Timeline];
    /// Views of a plan.
    pub const OF_PLAN: [Self; 6] =
        [Self::Tree, Self::Tasks, Self::Resources, Self::Revisions, Self::Review, Self::Rounds];

    pub fn context(self) -> Context {
        match self {
            Self::List => Context::PlansList,
            Self::AllTasks | Self::Tasks => Context::PlansTasks,
            Self::Timeline => Context::PlansTimeline,
            Self::Tree => Context::PlansTree,
            Self::Resources => Context::PlansResources,
            Self::Revisions => Context::PlansRevisions,
            Self::Review => Context::PlansReview,
            Self::Rounds => Context::PlansRounds,
        }
    }

    /// Name in the breadcrumb and in file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::List => "plans",
            Self::AllTasks | Self::Tasks => "tasks",
            Self::Timeline => "timeline",
            Self::Tree => "tree",
            Self::Resources => "resources",
            Self::Revisions => "revisions",
            Self::Review => "review",
            Self::Rounds => "rounds",
        }
    }

    pub fn is_of_plan(self) -> bool {
        Self::OF_PLAN.contains(&self)
    }

    /// Tables one above the other.
    pub fn sections(self) -> usize {
        match self {
            Self::List | Self::AllTasks | Self::Tasks => 3,
            Self::Timeline | Self::Tree | Self::Resources => 1,
            Self::Revisions | Self::Rounds => 2,
            Self::Review => 4,
        }
    }

    /// The next or previous view beside it.
    pub fn turned(self, forward: bool) -> Self {
        let turn = |pages: &[Self]| {
            let at = pages.iter().position(|page| *page == self)?;
            let step = if forward { 1 } else { pages.len() - 1 };
            pages.get((at + step) % pages.len()).copied()
        };
        turn(&Self::OF_LIST).or_else(|| turn(&Self::OF_PLAN)).unwrap_or(self)
    }
}
