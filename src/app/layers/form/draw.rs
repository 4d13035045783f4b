//! How a form looks: its sections and fields, what is wrong beside the field and once more at the foot.

use crate::query::Fault;
use crate::ui::pen::Pen;
use crate::ui::table::rule;
use crate::ui::text;
use crate::ui::theme::Role;

use super::super::super::frame::FULL;
use super::super::super::view::Env;
use super::{Field, Form, Kind};

/// Column of the values, and columns that they take.
const VALUE: u16 = 13;
const VALUE_CELLS: u16 = 36;
/// Column of what a value is read as.
const READ: u16 = 51;

/// A line of the form.
enum Line {
    Section(&'static str),
    Field(usize),
    Save,
}

fn lines(form: &Form) -> Vec<Line> {
    let mut all = Vec::new();
    let mut section = "";
    for (at, field) in form.fields.iter().enumerate() {
        if field.row.section != section {
            section = field.row.section;
            all.push(Line::Section(section));
        }
        all.push(Line::Field(at));
    }
    all.push(Line::Save);
    all
}

/// Draws the form over rows 3 to 22.
pub fn form(form: &Form, pen: &mut Pen<'_>, env: &Env<'_>) {
    let (width, height) = (pen.width(), pen.height().saturating_sub(4));
    let mut pen = pen.part(0, 2, width, height);
    pen.clear();
    let place = (form.at + 1).min(form.fields.len());
    let head = [
        (format!("{} > {}", form.place, form.title), Role::Title),
        (if form.recalled { "   draft, not stored" } else { "" }.to_owned(), Role::Warn),
        (format!("   field {place} of {}", form.fields.len()), Role::Muted),
    ];
    pen.runs(1, 0, &head);
    let faults = form.faults();
    let foot = (faults.len().clamp(1, 3) as u16) + 1;
    let room = height.saturating_sub(1 + foot);
    let all = lines(form);
    let here = all.iter().position(|line| match line {
        Line::Field(at) => *at == form.at,
        Line::Save => form.at == form.fields.len(),
        Line::Section(_) => false,
    });
    // One line of air below the cursor, so that the next field is in sight.
    let lowest = here.unwrap_or(0) + 2;
    let top = lowest.saturating_sub(usize::from(room)).min(all.len().saturating_sub(usize::from(room)));
    for (y, line) in (1..=room).zip(all.iter().skip(top)) {
        draw_line(form, &mut pen.part(0, y, width, 1), line, (&faults, env));
    }
    check(&mut pen.part(0, 1 + room, width, foot), form, &faults);
}

fn draw_line(form: &Form, pen: &mut Pen<'_>, line: &Line, (faults, env): (&[Fault], &Env<'_>)) {
    match line {
        Line::Section(title) => drop(rule(pen, 0, title, "")),
        Line::Field(at) => {
            let field = &form.fields[*at];
            let fault = faults.iter().find(|fault| form.place_of(fault) == Some(*at));
            draw_field(form, pen, (field, env), *at == form.at, fault);
        }
        Line::Save => {
            let here = form.at == form.fields.len();
            pen.text(0, 0, if here { ">" } else { " " }, Role::Accent);
            let x = pen.text(1, 0, "Save", if here { Role::Selection } else { Role::Base });
            pen.text(x.max(VALUE), 0, "Enter here, or F2 from any field", Role::Muted);
        }
    }
}

fn draw_field(form: &Form, pen: &mut Pen<'_>, (field, env): (&Field, &Env<'_>), here: bool, fault: Option<&Fault>) {
    let width = pen.width();
    // A text that nothing is said beside takes the whole line.
    let alone = width < FULL || (matches!(field.row.kind, Kind::Text | Kind::Long) && fault.is_none());
    let cells = if alone { width.saturating_sub(VALUE + 1) } else { VALUE_CELLS };
    let cut = pen.glyphs().cut();
    pen.text(0, 0, if here { ">" } else { " " }, Role::Accent);
    pen.within(1, 0, VALUE - 2, field.row.label, if here { Role::Selection } else { Role::Base });
    let sign = if fault.is_some() { "!" } else { " " };
    if width < FULL {
        pen.text(VALUE - 1, 0, sign, Role::Bad);
    }
    if here && field.is_for_editor(env) {
        let words = if field.line.text().is_empty() { "e opens your editor".to_owned() } else { field.one_line() };
        let role = if field.line.text().is_empty() { Role::Muted } else { Role::Selection };
        pen.within(VALUE, 0, cells, &words, role);
    } else if here && !field.is_choice() {
        let typed = text::pad(&field.line.shown(usize::from(cells - 2), cut), usize::from(cells - 2));
        pen.text(VALUE, 0, &format!("[{typed}]"), Role::Base);
    } else if here {
        let value = text::cut_with(text::safe(field.shown()).as_str(), usize::from(cells - 4), cut);
        pen.text(VALUE, 0, &format!("< {value} >"), Role::Base);
    } else if field.line.text().is_empty() {
        pen.text(VALUE, 0, if field.waits() { "needed" } else { "--" }, Role::Muted);
    } else if matches!(field.row.kind, Kind::Long) {
        pen.within(VALUE, 0, cells, &field.one_line(), Role::Base);
    } else {
        pen.within(VALUE, 0, cells, field.shown(), Role::Base);
    }
    if alone {
        return;
    }
    let room = width.saturating_sub(READ + 1);
    let told = form.looked_up().filter(|told| here && fault.is_none() && !told.beside.is_empty());
    if let Some(told) = told {
        pen.within(READ, 0, room, &told.beside, Role::Muted);
        return;
    }
    match (fault, field.read(&form.values())) {
        (None, _) if here && field.waits() => drop(pen.within(READ, 0, room, "needed", Role::Muted)),
        (Some(fault), _) => drop(pen.within(READ, 0, room, &format!("! {}", fault.text), Role::Bad)),
        (None, Ok(read)) => drop(pen.within(READ, 0, room, &read, Role::Muted)),
        (None, Err(_)) => {}
    }
}

/// All faults once more, in full, with the field that each is about.
fn check(pen: &mut Pen<'_>, form: &Form, faults: &[Fault]) {
    let errors = match faults.len() {
        0 => String::new(),
        1 => "1 error".to_owned(),
        n => format!("{n} errors"),
    };
    let to_fill = match form.to_fill() {
        0 => String::new(),
        n => format!("{n} to fill"),
    };
    let counts = [errors, to_fill].into_iter().filter(|count| !count.is_empty()).collect::<Vec<_>>().join("  ");
    rule(pen, 0, "CHECK", &counts);
    let width = pen.width().saturating_sub(2);
    if faults.is_empty() && form.to_fill() > 0 {
        let labels = form.fields.iter().filter(|field| field.waits()).map(|field| field.row.label);
        pen.within(1, 1, width, &format!("to fill: {}", labels.collect::<Vec<_>>().join(", ")), Role::Muted);
    } else if faults.is_empty() {
        let drafts = if form.fields.iter().any(Field::is_touched) { "F2 saves" } else { "nothing changed yet" };
        pen.text(1, 1, &format!("+ every field can be read; {drafts}"), Role::Muted);
    }
    for (y, fault) in (1..pen.height()).zip(faults) {
        let label = form.place_of(fault).map_or(fault.field.as_str(), |at| form.fields[at].row.label);
        pen.within(1, y, width, &format!("! {label}: {}", fault.text), Role::Bad);
    }
}
