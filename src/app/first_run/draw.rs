//! How the first screen looks.

use crate::ui::pen::Pen;
use crate::ui::table::rule;
use crate::ui::text;
use crate::ui::theme::Role;

use super::super::frame::{self, hint_line, sentence_line};
use super::super::keymap::Context;
use super::super::view::Layer;
use super::{Field, FirstRun, WAYS, outside};

/// Height from which the parts stand apart.
const ROOMY: u16 = 20;
/// Column of what a way brings.
const BRINGS: u16 = 26;
/// Column of a value, and of what is said about it.
const VALUE: u16 = 12;
const SAID: u16 = 44;

/// Draws the whole screen.
pub fn screen(run: &FirstRun, pen: &mut Pen<'_>) {
    if run.context() == Context::TooSmall {
        return outside(run.size, |env| frame::too_small(pen, env));
    }
    let gap = u16::from(pen.height() >= ROOMY);
    pen.text(1, 0, "quarterdeck", Role::Title);
    pen.right(pen.width().saturating_sub(1), 0, "no workspace yet", Role::Muted);
    let y = place(run, pen, 1 + gap) + gap;
    let y = ways(run, pen, y) + gap;
    let y = fields(run, pen, y) + gap;
    if gap > 0 {
        pen.text(3, y, "The same without this screen:  quarterdeck demo | init | import FILE", Role::Muted);
    }
    let said = match &run.trouble {
        Some(why) => (why.clone(), Role::Bad),
        None => (sentence(run).to_owned(), Role::Base),
    };
    sentence_line(pen, &[said]);
    if let Some(help) = &run.help {
        outside(run.size, |env| help.draw(pen, env));
    }
    hint_line(pen, run.context(), false);
}

/// Where everything will be kept.
fn place(run: &FirstRun, pen: &mut Pen<'_>, y: u16) -> u16 {
    let room = pen.width().saturating_sub(4);
    pen.within(3, y, room, "All is kept in one file; nothing leaves this machine.", Role::Base);
    let said = "  (new, 0600)";
    let cells = usize::from(room).saturating_sub(7 + said.len());
    let path = run.machine.workspace.display().to_string();
    let path = text::cut_with(text::safe(&path).as_str(), cells, pen.glyphs().cut());
    pen.runs(3, y + 1, &[("file   ".to_owned(), Role::Muted), (path, Role::Base), (said.to_owned(), Role::Muted)]);
    y + 2
}

fn ways(run: &FirstRun, pen: &mut Pen<'_>, y: u16) -> u16 {
    rule(pen, y, "FIRST RUN  step 1 of 2: how to begin", "");
    for ((way, number), y) in WAYS.iter().zip(1..).zip(y + 1..) {
        let here = number == run.way + 1;
        let role = if here { Role::Title } else { Role::Base };
        if here && run.at.is_none() {
            pen.text(0, y, ">", Role::Accent);
        }
        pen.text(3, y, &number.to_string(), Role::Accent);
        pen.text(6, y, way.name, role);
        let room = pen.width().saturating_sub(BRINGS);
        pen.within(BRINGS, y, room, way.brings, Role::Muted);
    }
    y + 1 + WAYS.len() as u16
}

fn fields(run: &FirstRun, pen: &mut Pen<'_>, y: u16) -> u16 {
    rule(pen, y, "FIRST RUN  step 2 of 2: the product", "");
    let y = y + 1;
    if run.fields().is_empty() {
        pen.text(3, y, "The sample brings its own.", Role::Muted);
        return y + 1;
    }
    for (field, y) in run.fields().iter().zip(y..) {
        let here = run.field() == Some(*field);
        if here {
            pen.text(0, y, ">", Role::Accent);
        }
        pen.text(1, y, name(*field), if here { Role::Title } else { Role::Base });
        value(run, *field, here, pen, y);
    }
    y + run.fields().len() as u16
}

/// A value, and beside it what it is for; a path takes the whole line.
fn value(run: &FirstRun, field: Field, here: bool, pen: &mut Pen<'_>, y: u16) {
    let whole = pen.width().saturating_sub(VALUE + 1);
    let room = if field == Field::File { whole } else { (SAID - VALUE - 2).min(whole) };
    let typed = run.line(field);
    let cut = pen.glyphs().cut();
    let shown = if here {
        typed.shown(usize::from(room), cut)
    } else {
        text::cut_with(text::safe(typed.text()).as_str(), usize::from(room), cut)
    };
    pen.text(VALUE, y, &shown, Role::Base);
    if field != Field::File {
        let room = pen.width().saturating_sub(SAID + 1);
        pen.within(SAID, y, room, about(field), Role::Muted);
    }
}

fn name(field: Field) -> &'static str {
    match field {
        Field::File => "file",
        Field::Name => "name",
        Field::Currency => "currency",
        Field::Zone => "zone",
    }
}

fn about(field: Field) -> &'static str {
    match field {
        Field::File => "",
        Field::Name => "may stay empty",
        Field::Currency => "CNY USD EUR, or empty",
        Field::Zone => "of this machine",
    }
}

/// What the thing under the cursor is, in one sentence.
fn sentence(run: &FirstRun) -> &'static str {
    match (run.field(), run.way) {
        (Some(Field::File), _) => "file: csv, tsv, json or .gz; ~ is your home folder",
        (Some(Field::Name), _) => "name: shown on every screen",
        (Some(Field::Currency), _) => "currency: left empty, it is that of the first file",
        (Some(Field::Zone), _) => "zone: whose days are counted; the week begins on Monday",
        (None, 0) => "it gets its own file, demo.db; yours is not begun",
        (None, super::FILE_WAY) => "what loading it would do is shown before it is stored",
        (None, super::PLANS_WAY) => "revenue, new users, active users; u takes the three back",
        (None, _) => "data and plans can come later, in any order",
    }
}
