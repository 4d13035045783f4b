//! Which column of a file goes where: told by `--map`, remembered, or known by its title.

use serde::{Deserialize, Serialize};

use super::fields::{alias, is_known, required};
use super::time::Slash;
use super::{Field, NotUnderstood, Shape};
use crate::domain::records::Kind;

/// Where the columns of a file go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// Kind of record.
    pub kind: Kind,
    /// Columns in file order.
    pub columns: Vec<Column>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Title as in the file.
    pub title: String,
    /// Field; `None` is a property (events, revenue) or ignored (spend).
    pub field: Option<Field>,
    /// Order of day and month of slash dates, where told.
    pub(super) slash: Option<Slash>,
    /// `typed`, `saved`, `alias`, or empty.
    pub how: &'static str,
}

#[derive(Serialize, Deserialize)]
struct Saved {
    kind: String,
    columns: Vec<(String, String, String)>,
}

impl Mapping {
    /// Text that [`propose`] takes as `saved`.
    pub fn to_json(&self) -> String {
        let columns = self.columns.iter().map(|c| {
            let slash = match c.slash {
                Some(Slash::Dmy) => "dmy",
                Some(Slash::Mdy) => "mdy",
                None => "",
            };
            (c.title.clone(), c.field.map(Field::name).unwrap_or_default().to_owned(), slash.to_owned())
        });
        serde_json::to_string(&Saved { kind: self.kind.name().to_owned(), columns: columns.collect() })
            .unwrap_or_default()
    }

    /// Whether a field has a column.
    pub(super) fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|c| c.field == Some(field))
    }

    /// Field of a title, also of one that the first rows did not show.
    pub(super) fn field_of(&self, title: &str) -> Option<Field> {
        match self.columns.iter().find(|c| c.title == title) {
            Some(column) => column.field,
            None => alias(title, self.kind).filter(|f| !self.has(*f)),
        }
    }
}

/// Decides where the columns go: `map` before what is remembered before titles.
///
/// # Errors
/// When a field that the kind needs has no column, two columns claim one field, or `map` names what is not there.
pub fn propose(
    shape: &Shape,
    kind: Option<Kind>,
    map: &[(String, String)],
    saved: Option<&str>,
) -> Result<Mapping, NotUnderstood> {
    let saved: Option<Saved> = saved.and_then(|text| serde_json::from_str(text).ok());
    let told = told(shape, map)?;
    let remembered = |at: usize| -> Option<(Option<Field>, Option<Slash>)> {
        let (_, field, slash) = saved.as_ref()?.columns.get(at)?;
        Some((Field::parse(field), style(slash)))
    };
    let kind = kind
        .or_else(|| saved.as_ref().and_then(|s| Kind::parse(&s.kind)))
        .or_else(|| detect(shape, &told))
        .ok_or_else(|| unknown(shape))?;
    let columns = shape.titles.iter().enumerate().map(|(at, title)| {
        let by_title = || Column { title: title.clone(), field: alias(title, kind), slash: None, how: "alias" };
        let mut column = match (told.get(at).copied().flatten(), remembered(at)) {
            (Some((field, slash)), _) => Column { title: title.clone(), field, slash, how: "typed" },
            (None, Some((field, slash))) => Column { title: title.clone(), field, slash, how: "saved" },
            (None, None) => by_title(),
        };
        let taken = told.iter().flatten().any(|(f, _)| f.is_some() && *f == column.field);
        if column.how != "typed" && taken {
            column.field = None;
        }
        if column.field.is_none() && column.how != "typed" {
            column.how = "";
        }
        column
    });
    let mut mapping = Mapping { kind, columns: columns.collect() };
    settle_twins(shape, &mut mapping)?;
    match required(kind).iter().find(|f| !mapping.has(**f)) {
        None => Ok(mapping),
        Some(missing) if mapping.columns.iter().all(|c| c.field.is_none()) => {
            let _ = missing;
            Err(unknown(shape))
        }
        Some(missing) => Err(NotUnderstood::new(
            &shape.file,
            Some(shape.header_line),
            format!("{} need a {} column and none is known; titles: {}", kind.name(), missing.name(), titles(shape)),
            &format!("name it with --map TITLE={}", missing.name()),
        )),
    }
}

/// Two columns with one title are not understood; two titles of one field leave it to the title that is listed first.
fn settle_twins(shape: &Shape, mapping: &mut Mapping) -> Result<(), NotUnderstood> {
    for at in 0..mapping.columns.len() {
        let Some((first, rest)) = mapping.columns.get_mut(at..).and_then(<[Column]>::split_first_mut) else { continue };
        let Some(twin) = rest.iter_mut().find(|c| c.field.is_some() && c.field == first.field) else { continue };
        if twin.title == first.title || (twin.how == "typed" && first.how == "typed") {
            return Err(NotUnderstood::new(
                &shape.file,
                Some(shape.header_line),
                format!(
                    "columns \"{}\" and \"{}\" both go to {}",
                    first.title,
                    twin.title,
                    first.field.map_or("", Field::name)
                ),
                "say which one with --map TITLE=FIELD, after giving them different titles",
            ));
        }
        (twin.field, twin.how) = (None, "");
    }
    Ok(())
}

/// By column what `map` says of it: the field, or none for a property.
type Told = Vec<Option<(Option<Field>, Option<Slash>)>>;

fn told(shape: &Shape, map: &[(String, String)]) -> Result<Told, NotUnderstood> {
    let mut out = vec![None; shape.titles.len()];
    for (title, field) in map {
        let (name, slash) = field.split_once(':').map_or((field.as_str(), None), |(name, s)| (name, Some(s)));
        let known = Field::parse(name).map(Some).or_else(|| name.is_empty().then_some(None));
        let field = known.filter(|_| slash.is_none_or(|s| style(s).is_some())).ok_or_else(|| {
            NotUnderstood::new(
                &shape.file,
                None,
                format!("--map {title}={field}: no such field"),
                &format!("fields are {}; none after = makes it a property", names()),
            )
        })?;
        let at = shape.titles.iter().position(|t| t == title).ok_or_else(|| {
            NotUnderstood::new(
                &shape.file,
                Some(shape.header_line),
                format!("--map names the column \"{title}\", which is not there; titles: {}", titles(shape)),
                "use a title as it stands in the file",
            )
        })?;
        if let Some(slot) = out.get_mut(at) {
            *slot = Some((field, slash.and_then(style)));
        }
    }
    Ok(out)
}

fn style(text: &str) -> Option<Slash> {
    match text {
        "dmy" => Some(Slash::Dmy),
        "mdy" => Some(Slash::Mdy),
        _ => None,
    }
}

/// Kind by its columns: money with an order or a user and a time is revenue, money by day and channel is spend.
fn detect(shape: &Shape, told: &Told) -> Option<Kind> {
    let has = |kind: Kind, field: Field| {
        told.iter().flatten().any(|(f, _)| *f == Some(field))
            || shape.titles.iter().any(|t| alias(t, kind) == Some(field))
    };
    let spend = has(Kind::Spend, Field::Day) && has(Kind::Spend, Field::Amount);
    let acquires = has(Kind::Spend, Field::Campaign) || has(Kind::Spend, Field::Channel);
    let revenue = has(Kind::Revenue, Field::Amount) && has(Kind::Revenue, Field::Time);
    let sold = has(Kind::Revenue, Field::Order) || has(Kind::Revenue, Field::User);
    if has(Kind::Events, Field::Name) && !has(Kind::Revenue, Field::Order) && has(Kind::Events, Field::Time) {
        Some(Kind::Events)
    } else if revenue && sold {
        Some(Kind::Revenue)
    } else if spend && acquires {
        Some(Kind::Spend)
    } else if revenue {
        Some(Kind::Revenue)
    } else if shape.titles.iter().filter(|t| is_known(t)).count() >= 2 {
        Some(Kind::Events)
    } else {
        None
    }
}

fn unknown(shape: &Shape) -> NotUnderstood {
    NotUnderstood::new(
        &shape.file,
        Some(shape.header_line),
        format!("no column is known; titles: {}", titles(shape)),
        "say what they are with --kind events|revenue|spend and --map TITLE=FIELD,..",
    )
}

fn titles(shape: &Shape) -> String {
    let shown: Vec<String> =
        shape.titles.iter().take(8).map(|t| format!("\"{}\"", t.chars().take(40).collect::<String>())).collect();
    let more = if shape.titles.len() > 8 { ", .." } else { "" };
    format!("{}{more}", shown.join(", "))
}

fn names() -> String {
    let mut names: Vec<&str> = super::fields::FIELDS.iter().map(|row| row.name).collect();
    names.dedup();
    names.join(" ")
}
