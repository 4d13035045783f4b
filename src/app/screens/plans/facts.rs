//! The pane about the row under the cursor on wide screens: each fact in full, broken at blanks.

use crate::ui::pen::Pen;
use crate::ui::text;
use crate::ui::theme::Role;

use super::super::super::pane;

/// What the pane tells of a row.
#[derive(Debug, Default)]
pub struct About {
    /// Its name.
    pub title: String,
    /// What kind of row it is.
    pub remark: String,
    /// Names and values; one without a value is left out.
    pub facts: Vec<(&'static str, String)>,
}

/// Column of the values.
const VALUES: u16 = 12;

/// Draws the pane, empty where there is nothing to tell, on screens that have one.
pub fn draw(pen: &mut Pen<'_>, about: Option<About>) {
    let Some(mut pen) = pane::open(pen) else { return };
    let Some(about) = about else { return };
    let together = text::width(&about.title) + text::width(&about.remark) + 5 <= usize::from(pen.width());
    let mut y = if together {
        pane::head(&mut pen, &about.title, &about.remark)
    } else {
        let below = pane::paragraph(&mut pen, 0, text::safe(&about.title).as_str(), Role::Title);
        pane::paragraph(&mut pen, below, text::safe(&about.remark).as_str(), Role::Muted) + 1
    };
    let room = usize::from(pen.width().saturating_sub(VALUES + 1));
    for (name, value) in about.facts.iter().filter(|(_, value)| !value.is_empty()) {
        pen.within(1, y, VALUES - 1, name, Role::Muted);
        for line in text::wrapped(text::safe(value).as_str(), room) {
            pen.text(VALUES, y, &line, Role::Base);
            y += 1;
        }
    }
}
