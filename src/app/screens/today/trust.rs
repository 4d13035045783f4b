//! The line of Today that says how far the numbers can be trusted: complete until when, how many sources are fresh.

use crate::query::Status;
use crate::ui::pen::{Pen, Run};
use crate::ui::theme::Role;
use crate::ui::verdict::Verdict;
use crate::ui::{dates, format, text};

use super::super::super::frame::runs_width;
use super::super::super::view::Env;

/// Draws the line; nothing before the status is known.
pub fn draw(pen: &mut Pen<'_>, env: &Env<'_>) {
    let Some(status) = env.status else { return };
    let mut runs: Vec<Run> = vec![("TRUST  ".to_owned(), Role::Title)];
    match status.through_at {
        Some(at) => {
            let to = dates::complete_to(at, &env.calendar(), env.today);
            runs.push((format!("complete to {to}   "), Role::Base));
        }
        None => runs.push((format!("{}   ", Verdict::NoData.text()), Role::Muted)),
    }
    let rejected = match status.rejected {
        0 => String::new(),
        n => format!("   {} rejected", format::count(n)),
    };
    let used = 1 + runs_width(&runs) + text::width(&rejected) as u16;
    let (fresh, stale) = freshness(status, usize::from(pen.width().saturating_sub(used)), pen.glyphs().cut());
    runs.extend([(fresh, Role::Base), (stale, Role::Warn), (rejected, Role::Bad)]);
    pen.runs(1, 0, &runs);
}

/// How many sources are fresh, and the one that is longest stale: its age is never cut, its name last of all.
fn freshness(status: &Status, room: usize, cut: char) -> (String, String) {
    let fresh = (status.sources as usize).saturating_sub(status.stale.len());
    let counts =
        [format!("{fresh} of {} sources fresh", status.sources), format!("{fresh} of {} fresh", status.sources)];
    let Some((name, days)) = status.stale.first() else { return (counts[0].clone(), String::new()) };
    let more = if status.stale.len() > 1 { format!(" +{}", status.stale.len() - 1) } else { String::new() };
    let age = dates::age(*days);
    let stale = |name: &str| {
        let name = if name.is_empty() { String::new() } else { format!("{name} ") };
        format!("   {} {name}{age}{more}", Verdict::Stale.text())
    };
    let fits = |count: &&String| text::width(count) + text::width(&stale(text::safe(name).as_str())) <= room;
    let count = counts.iter().find(fits).unwrap_or(&counts[1]);
    let cells = room.saturating_sub(text::width(count) + text::width(&stale("")) + 1);
    // A name of a few letters tells nothing; the age stays in any case.
    let name = if cells < 5 { String::new() } else { text::cut_with(text::safe(name).as_str(), cells, cut) };
    (count.clone(), stale(&name))
}
