//! Which column of a file goes where: told by `--map`, remembered, or known by its title.

use serde::{Deserialize, Serialize};

use super::detect::{Guess, Said, Told, detect};
use super::fields::{alias, all_names, field_names, fold, ranked, required};
use super::formats::{self, Format};
use super::time::Slash;
use super::{Field, NotUnderstood, Shape, map_flag};
use crate::domain::calendar::Zone;
use crate::domain::money::Currency;
use crate::domain::records::Kind;

/// Where the columns of a file go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// Kind of record.
    pub kind: Kind,
    /// Columns in file order.
    pub columns: Vec<Column>,
    /// Vendor's format, where the titles are those of one.
    pub(super) format: Option<&'static Format>,
    /// What was decided between columns, one line each.
    pub(super) notes: Vec<String>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Title as in the file.
    pub title: String,
    /// Field; `None` is a property where the kind keeps such, else ignored.
    pub field: Option<Field>,
    /// Order of day and month of slash dates, where told.
    pub(super) slash: Option<Slash>,
    /// `typed`, `saved`, `alias`, or empty.
    pub how: &'static str,
}

#[derive(Serialize, Deserialize)]
struct Saved {
    kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    /// Title, field, order of day and month.
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
        let format = self.format.map(|format| format.name.to_owned());
        serde_json::to_string(&Saved { kind: self.kind.name().to_owned(), format, columns: columns.collect() })
            .unwrap_or_default()
    }

    /// Whether a field has a column.
    pub(super) fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|c| c.field == Some(field))
    }

    /// Whether each title without a field is the name of a daily number (formats.md A21).
    pub(super) fn is_wide(&self) -> bool {
        self.kind == Kind::Facts && !self.has(Field::Metric)
    }

    /// The title of a column where it is the name of a daily number, else nothing.
    pub(super) fn number_title<'t>(&self, field: Field, title: &'t str) -> &'t str {
        if field == Field::Value && self.is_wide() { title } else { "" }
    }

    /// Field of a title, also of one that the first rows did not show.
    pub(super) fn field_of(&self, title: &str) -> Option<Field> {
        match self.columns.iter().find(|c| c.title == title) {
            Some(column) => column.field,
            None => match alias(title, self.kind) {
                None | Some(Field::Value) if self.is_wide() => Some(Field::Value),
                field => field.filter(|f| !self.has(*f)),
            },
        }
    }

    /// Columns with their place in the file, of two for one field the better one first.
    pub(super) fn in_order(&self) -> impl Iterator<Item = (usize, &Column)> {
        let rank = |column: &Column| {
            let known = self.format.and_then(|format| format.field(&column.title));
            known.filter(|(field, _)| column.field == Some(*field)).map_or(0, |(_, rank)| 1 + rank)
        };
        let mut columns: Vec<_> = self.columns.iter().enumerate().collect();
        columns.sort_by_key(|(_, column)| rank(column));
        columns.into_iter()
    }

    /// The zone that the title of the time says, as in `Created (UTC)`.
    pub fn titled_zone(&self) -> Option<Zone> {
        let mut times = self.columns.iter().filter(|c| c.field == Some(Field::Time));
        self.format.and_then(|_| times.find(|c| fold(&c.title).ends_with("(utc)"))).map(|_| Zone::UTC)
    }

    /// The currency that the title of the amount says, as in `Amount spent (USD)`.
    pub(super) fn titled_currency(&self) -> Option<Currency> {
        let amount = self.format.and_then(|_| self.columns.iter().find(|c| c.field == Some(Field::Amount)))?;
        Currency::parse(amount.title.rsplit_once('(')?.1.trim_end().strip_suffix(')')?)
    }

    /// Whether its rows carry amounts, and so need a currency.
    pub fn has_amounts(&self) -> bool {
        self.kind.has_amounts() && self.has(Field::Amount)
    }

    /// Whether the file says what currency its amounts are in.
    pub fn has_currency(&self) -> bool {
        self.has(Field::Currency) || self.titled_currency().is_some()
    }

    /// How to say the order of day and month of the dates.
    pub(super) fn slash_advice(&self) -> String {
        let date = self.columns.iter().find(|c| c.field.is_some_and(Field::is_date));
        let (title, field) = match date {
            Some(Column { title, field: Some(Field::Since), .. }) => (title.as_str(), Field::Day),
            Some(Column { title, field: Some(field), .. }) => (title.as_str(), *field),
            _ => ("TITLE", if self.kind.keeps_properties() { Field::Time } else { Field::Day }),
        };
        let flag = |order| map_flag(title, &format!("{}:{order}", field.name()));
        format!("say which with {} or {}", flag("dmy"), flag("mdy"))
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
    let mut told = told(shape, map)?;
    let kind = kind.or_else(|| saved.as_ref().and_then(|s| Kind::parse(&s.kind)));
    let format = formats::of(shape)
        .filter(|format| kind.is_none_or(|kind| kind == format.kind))
        .filter(|format| saved.as_ref().is_none_or(|s| s.format.as_deref() == Some(format.name)));
    let kind = match kind.or(format.map(|format| format.kind)) {
        Some(kind) => kind,
        None => guess(shape, &told)?,
    };
    check(shape, kind, map, &mut told)?;
    let wide = kind == Kind::Facts && !names_metric(shape, &told, saved.as_ref());
    let known = |title: &str| match format {
        Some(format) => format.field(title).map(|(field, _)| field),
        None => alias(title, kind).or(wide.then_some(Field::Value)),
    };
    if format.is_some() {
        keep_periods(shape, &mut told, known);
    }
    let takers = takers(shape, &told, format);
    let columns = shape.titles.iter().enumerate().map(|(at, title)| {
        let remembered = || {
            let (_, field, slash) = saved.as_ref()?.columns.iter().find(|(saved, ..)| saved == title)?;
            Some((Field::parse(field), style(slash)))
        };
        let by_title = || known(plain_title(shape, at));
        let (field, slash, how) = match told.get(at).copied().flatten() {
            Some((field, slash)) => (field, slash, "typed"),
            None => match remembered() {
                Some((field, slash)) => (field, slash, "saved"),
                None => (by_title(), None, "alias"),
            },
        };
        let taken = how != "typed" && takers.contains(&field) && !(wide && field == Some(Field::Value));
        let field = field.filter(|_| !taken);
        let how = if field.is_none() && how != "typed" { "" } else { how };
        Column { title: title.clone(), field, slash, how }
    });
    let mut mapping = Mapping { kind, columns: columns.collect(), format, notes: said_twice(shape, kind) };
    match format {
        Some(format) => settle_format(shape, format, &mut mapping)?,
        None => settle(shape, &mut mapping)?,
    }
    complete(shape, mapping)
}

/// Whether a column holds the names of daily numbers: as told, as remembered, or by its title.
fn names_metric(shape: &Shape, told: &Told, saved: Option<&Saved>) -> bool {
    let remembered = |title: &String| saved?.columns.iter().find(|(saved, ..)| saved == title);
    shape.titles.iter().enumerate().any(|(at, title)| {
        let field = match (told.get(at).copied().flatten(), remembered(title)) {
            (Some((field, _)), _) => field,
            (None, Some((_, field, _))) => Field::parse(field),
            (None, None) => alias(plain_title(shape, at), Kind::Facts),
        };
        field == Some(Field::Metric)
    })
}

/// Fields that what is told takes from other columns. To say in what order a format's column has day and month leaves the
/// columns beside it as they are.
fn takers(shape: &Shape, told: &Told, format: Option<&Format>) -> Vec<Option<Field>> {
    let new = |(at, said): (usize, &Option<Said>)| {
        let (field, slash) = (*said)?;
        let known = format.and_then(|format| format.field(plain_title(shape, at))).map(|(field, _)| field);
        let only_order = slash.is_some() && known == field;
        (field.is_some() && !only_order).then_some(field)
    };
    told.iter().enumerate().filter_map(new).collect()
}

/// A mapping that has what its kind cannot do without.
fn complete(shape: &Shape, mapping: Mapping) -> Result<Mapping, NotUnderstood> {
    let named_by_title = mapping.is_wide() && mapping.has(Field::Value);
    let lacks = |field: &Field| match field {
        Field::Day => !mapping.has(Field::Day) && !mapping.has(Field::Since),
        Field::Metric => !named_by_title && !mapping.has(Field::Metric),
        field => !mapping.has(*field),
    };
    let Some(missing) = required(mapping.kind).into_iter().find(lacks) else { return Ok(mapping) };
    let (why, next) = match mapping.format {
        Some(format) if missing == Field::Day => (
            format!("a {} file without a column of days: its rows are totals of a period", format.name),
            "export it by day".to_owned(),
        ),
        _ if mapping.columns.iter().all(|c| c.field.is_none()) => return Err(unknown(shape)),
        _ => {
            let (kind, field) = (mapping.kind.name(), missing.name());
            (
                format!("{kind} need a {field} column and none is known; titles: {}", titles(shape)),
                format!("name it with --map TITLE={field}"),
            )
        }
    };
    Err(NotUnderstood::new(&shape.file, shape.header_at(), why, next))
}

/// A column that a format knows as the first day of a period stays one: such a row is booked on its day only where the
/// period is one day (formats.md A19).
fn keep_periods(shape: &Shape, told: &mut Told, known: impl Fn(&str) -> Option<Field>) {
    for (at, said) in told.iter_mut().enumerate() {
        if let Some((field @ Some(Field::Day), _)) = said
            && known(plain_title(shape, at)) == Some(Field::Since)
        {
            *field = Some(Field::Since);
        }
    }
}

/// In a format several columns may serve one field, one in place of the other, but no title twice (formats.md A25).
fn settle_format(shape: &Shape, format: &Format, mapping: &mut Mapping) -> Result<(), NotUnderstood> {
    let mut seen = Vec::new();
    for (at, _) in mapping.columns.iter().enumerate().filter(|(_, c)| c.field.is_some() && c.how != "typed") {
        let Some(place) = format.field(plain_title(shape, at)) else { continue };
        match seen.iter().find(|(_, other)| *other == place) {
            Some((first, _)) => return Err(twins(shape, place.0, *first, at)),
            None => seen.push((at, place)),
        }
    }
    mapping.notes.insert(0, format!("read as {}", format.name));
    Ok(())
}

/// The title of a column as it stands in the file.
fn plain_title(shape: &Shape, at: usize) -> &str {
    shape.header.get(at).or_else(|| shape.titles.get(at)).map_or("", String::as_str)
}

fn guess(shape: &Shape, told: &Told) -> Result<Kind, NotUnderstood> {
    match detect(shape, told) {
        Guess::Records(kind) => Ok(kind),
        Guess::Unknown => Err(unknown(shape)),
        Guess::DailyFacts => Err(NotUnderstood::new(
            &shape.file,
            shape.header_at(),
            format!("these are numbers by day; titles: {}", titles(shape)),
            "say so with --kind facts, or, if every row is money, with --kind revenue or --kind spend",
        )),
    }
}

/// One line for each title that stands twice.
fn said_twice(shape: &Shape, kind: Kind) -> Vec<String> {
    let pairs = shape.header.iter().zip(&shape.titles).enumerate();
    let twice = pairs.filter(|(_, (cell, title))| !cell.is_empty() && cell != title);
    twice
        .filter(|(_, (cell, _))| alias(cell, kind).is_none())
        .map(|(at, (cell, title))| format!("column {} is titled \"{cell}\" again and is called \"{title}\"", at + 1))
        .collect()
}

/// Several columns of one field: what is told or remembered goes before titles, of titles the one that is listed first.
/// Two columns with the same title are not understood (formats.md A25); of two keys of NDJSON the first that came stays.
fn settle(shape: &Shape, mapping: &mut Mapping) -> Result<(), NotUnderstood> {
    let kind = mapping.kind;
    let rank = |at: usize, column: &Column| match column.how {
        "alias" => 1 + ranked(plain_title(shape, at), kind).map_or(usize::MAX - 1, |(_, rank)| rank),
        _ => 0,
    };
    for at in 0..mapping.columns.len() {
        let Some(column) = mapping.columns.get(at) else { continue };
        let Some(field) = column.field.filter(|field| *field != Field::Value || !mapping.is_wide()) else { continue };
        let mine = rank(at, column);
        let others = mapping.columns.iter().enumerate().filter(|(other, c)| *other != at && c.field == Some(field));
        let Some((other, winner)) = others.min_by_key(|(other, c)| (rank(*other, c), *other)) else { continue };
        let theirs = rank(other, winner);
        if theirs == mine && shape.delimiter.is_some() {
            return Err(twins(shape, field, at.min(other), at.max(other)));
        }
        if (theirs, other) > (mine, at) {
            continue;
        }
        let rest = if kind.keeps_properties() { "; it is a property" } else { "" };
        let note =
            format!("column \"{}\" not used: \"{}\" is the {}{rest}", column.title, winner.title, field.described());
        mapping.notes.push(note);
        if let Some(column) = mapping.columns.get_mut(at) {
            (column.field, column.how) = (None, "");
        }
    }
    Ok(())
}

fn twins(shape: &Shape, field: Field, first: usize, second: usize) -> NotUnderstood {
    let title = |at: usize| shape.titles.get(at).map_or("", String::as_str);
    let (a, b) = (plain_title(shape, first), plain_title(shape, second));
    let why = if a == b {
        format!("columns {} and {} are both titled \"{a}\", the {}", first + 1, second + 1, field.described())
    } else {
        format!("columns \"{a}\" and \"{b}\" are both the {}", field.described())
    };
    let choose = |at: usize| map_flag(title(at), field.name());
    let (one, other) = (choose(first), choose(second));
    let next = if a == b {
        format!("say which with {one} (the first) or {other} (the second)")
    } else {
        format!("say which with {one} or {other}")
    };
    NotUnderstood::new(&shape.file, shape.header_at(), why, next)
}

fn told(shape: &Shape, map: &[(String, String)]) -> Result<Told, NotUnderstood> {
    let mut out: Told = vec![None; shape.titles.len()];
    for (title, field) in map {
        let said = say(field).ok_or_else(|| {
            let why = format!("--map {title}={field}: no such field");
            let next = format!("fields are {}; none after = sends it to no field", all_names().join(" "));
            NotUnderstood::request(&shape.file, why, next)
        })?;
        let at = shape.titles.iter().position(|t| t == title).ok_or_else(|| {
            NotUnderstood::new(
                &shape.file,
                shape.header_at(),
                format!("--map names the column \"{title}\", which is not there; titles: {}", titles(shape)),
                "use a title as it stands in the file",
            )
        })?;
        let Some(slot @ None) = out.get_mut(at) else {
            let why = format!("--map names the column \"{title}\" twice");
            return Err(NotUnderstood::request(&shape.file, why, "a column goes to one field; leave one out"));
        };
        *slot = Some(said);
    }
    Ok(out)
}

/// Reads `time`, `time:dmy`, or nothing.
fn say(text: &str) -> Option<Said> {
    let (name, slash) = match text.split_once(':') {
        Some((name, order)) => (name, Some(style(order)?)),
        None => (text, None),
    };
    if name.is_empty() { Some((None, slash)) } else { Some((Some(Field::parse(name)?), slash)) }
}

/// Whether what is told fits the kind. The time of what is about a day is its day.
fn check(shape: &Shape, kind: Kind, map: &[(String, String)], told: &mut Told) -> Result<(), NotUnderstood> {
    for (field, _) in told.iter_mut().flatten() {
        if kind.is_daily() && *field == Some(Field::Time) {
            *field = Some(Field::Day);
        }
    }
    for (at, said) in told.iter().enumerate() {
        let Some((Some(field), slash)) = *said else { continue };
        let title = shape.titles.get(at).map_or("", String::as_str);
        let typed = map.iter().find(|(t, _)| t == title).map_or("", |(_, field)| field.as_str());
        let refuse = |why: String, next: String| Err(NotUnderstood::request(&shape.file, why, next));
        if !field.belongs_to(kind) {
            let names: Vec<&str> = field_names(kind).collect();
            let why = format!("--map {title}={typed}: {} have no {}", kind.name(), field.name());
            return refuse(why, format!("their fields are {}", names.join(" ")));
        }
        if slash.is_some() && !field.is_date() {
            let why = format!("--map {title}={typed}: only dates have an order of day and month");
            return refuse(why, format!("write {}", map_flag(title, field.name())));
        }
        let twin = told.iter().skip(at + 1).position(|other| matches!(other, Some((f, _)) if *f == Some(field)));
        // Several columns may each be a daily number.
        let twin = twin.filter(|_| field != Field::Value);
        if let Some(other) = twin.and_then(|after| shape.titles.get(at + 1 + after)) {
            let why = format!("--map sends \"{title}\" and \"{other}\" both to {}", field.name());
            return refuse(why, "a field takes one column; leave one out".to_owned());
        }
    }
    Ok(())
}

fn style(text: &str) -> Option<Slash> {
    match text {
        "dmy" => Some(Slash::Dmy),
        "mdy" => Some(Slash::Mdy),
        _ => None,
    }
}

fn unknown(shape: &Shape) -> NotUnderstood {
    NotUnderstood::new(
        &shape.file,
        shape.header_at(),
        format!("no column is known; titles: {}", titles(shape)),
        format!("say what they are with --kind {} and --map TITLE=FIELD[,...]", Kind::names("|")),
    )
}

fn titles(shape: &Shape) -> String {
    let shown: Vec<String> =
        shape.titles.iter().take(8).map(|t| format!("\"{}\"", t.chars().take(40).collect::<String>())).collect();
    let more = if shape.titles.len() > 8 { ", .." } else { "" };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::Fault;
    use super::super::shape::shape_of;
    use super::*;

    fn map(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(title, field)| ((*title).to_owned(), (*field).to_owned())).collect()
    }

    fn proposed(header: &str, kind: Option<Kind>, pairs: &[(&str, &str)]) -> Result<Mapping, NotUnderstood> {
        let map = map(pairs);
        propose(&shape_of(&format!("{header}\n"), &map)?, kind, &map, None)
    }

    /// Fields by column, `.` for none.
    fn fields(header: &str, pairs: &[(&str, &str)]) -> String {
        let mapping = proposed(header, None, pairs).unwrap();
        mapping.columns.iter().map(|c| c.field.map_or(".", Field::name)).collect::<Vec<_>>().join(",")
    }

    #[test]
    fn of_two_titles_the_better_known_wins_wherever_it_stands() {
        assert_eq!(fields("user_id,name,event,ts", &[]), "user,.,name,time");
        assert_eq!(fields("date,user_id,event,ts", &[]), ".,user,name,time");
        assert_eq!(fields("order_id,user_id,ts,price,amount", &[]), "order,user,time,.,amount");
        let mapping = proposed("date,user_id,name,action,event,ts", None, &[]).unwrap();
        let notes = [
            "column \"date\" not used: \"ts\" is the time; it is a property",
            "column \"name\" not used: \"event\" is the event name; it is a property",
            "column \"action\" not used: \"event\" is the event name; it is a property",
        ];
        assert_eq!(mapping.notes, notes);
        let spend = proposed("date,channel,price,amount", Some(Kind::Spend), &[]).unwrap();
        assert_eq!(spend.notes, ["column \"price\" not used: \"amount\" is the amount"]);
    }

    #[test]
    fn a_title_twice_is_not_understood_until_told() {
        let error = proposed("user_id,event,ts,ts", None, &[]).unwrap_err();
        assert_eq!(error.why, "columns 3 and 4 are both titled \"ts\", the time");
        assert_eq!(error.next, "say which with --map ts=time (the first) or --map ts_2=time (the second)");
        assert_eq!(fields("user_id,event,ts,ts", &[("ts", "time")]), "user,name,time,.");
        assert_eq!(fields("user_id,event,ts,ts", &[("ts_2", "time")]), "user,name,.,time");
        let error = proposed("user_id,event,ts,User ID", None, &[]).unwrap_err();
        assert_eq!(error.next, "say which with --map user_id=user or --map 'User ID=user'");
        assert_eq!(fields("user_id,event,ts,User ID", &[("User ID", "user")]), ".,name,time,user");
        let mapping = proposed("user_id,event,ts,note,note", None, &[]).unwrap();
        assert_eq!(mapping.notes, ["column 5 is titled \"note\" again and is called \"note_2\""]);
        assert_eq!(fields("{\"uid\":1,\"event\":\"e\",\"ts\":1,\"UID\":2}", &[]), "user,name,time,.");
    }

    #[test]
    fn what_is_told_must_go_together() {
        let refused = |header: &str, pairs: &[(&str, &str)]| {
            let error = proposed(header, None, pairs).unwrap_err();
            assert_eq!(error.fault, Fault::Request, "{error}");
            error.to_string()
        };
        let header = "user_id,event,ts,x";
        assert!(
            refused(header, &[("x", "amount")]).contains("their fields are id user time name channel platform props")
        );
        assert!(refused(header, &[("x", "channel"), ("x", "platform")]).contains("\"x\" twice"));
        assert!(refused(header, &[("x", "user"), ("user_id", "user")]).contains("\"user_id\" and \"x\" both to user"));
        assert!(refused(header, &[("x", "foo")]).contains("no such field"));
        assert!(refused(header, &[("ts", "time:ymd")]).contains("no such field"));
        assert!(refused(header, &[("x", "channel:dmy")]).contains("only dates"));
        assert_eq!(proposed(header, None, &[("y", "channel")]).unwrap_err().fault, Fault::File);
    }

    #[test]
    fn the_time_of_spend_is_its_day() {
        for field in ["time:dmy", "day:dmy"] {
            let mapping = proposed("date,channel,amount", None, &[("date", field)]).unwrap();
            assert_eq!((mapping.kind, mapping.columns[0].slash), (Kind::Spend, Some(Slash::Dmy)), "{field}");
        }
        let spend = proposed("date,channel,amount", None, &[]).unwrap();
        assert_eq!(spend.slash_advice(), "say which with --map date=day:dmy or --map date=day:mdy");
    }

    #[test]
    fn daily_facts_are_not_taken_for_money() {
        let shape = shape_of("date,visits,revenue\n2026-05-01,5,9.50\n", &[]).unwrap();
        let error = propose(&shape, None, &[], None).unwrap_err();
        assert!(error.fault == Fault::File && error.why.contains("numbers by day"), "{error}");
        assert!(error.next.contains("--kind facts") && error.next.contains("--kind revenue"), "{error}");
        assert_eq!(propose(&shape, Some(Kind::Revenue), &[], None).unwrap().kind, Kind::Revenue);
    }

    #[test]
    fn a_saved_mapping_serves_again_by_title() {
        let told = map(&[("who", "user"), ("what", "name"), ("at", "time:mdy")]);
        let mapping = propose(&shape_of("who,what,at\n", &told).unwrap(), Some(Kind::Events), &told, None).unwrap();
        let object = shape_of("{\"at\":\"x\",\"who\":1,\"what\":\"e\"}\n", &[]).unwrap();
        let again = propose(&object, None, &[], Some(&mapping.to_json())).unwrap();
        let fields: Vec<_> = again.columns.iter().map(|c| (c.field, c.slash, c.how)).collect();
        let saved = |field| (Some(field), None, "saved");
        assert_eq!(fields, [(Some(Field::Time), Some(Slash::Mdy), "saved"), saved(Field::User), saved(Field::Name)]);
    }
}
