//! What is said of the data: where raw channels go, and the settings of the workspace.

use crate::domain::channels::{ChannelRule, folded};
use crate::domain::plans::Edit;
use crate::query::{ChannelMapping, DataBoard, RawChannel};
use crate::ui::format;
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::theme::Role;

use super::super::plans::forms;

const MAPPING_COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 24).compact(Align::Left(1)),
    Column::new("medium", Align::Left(27), 14).compact(Align::Left(22)),
    Column::new("users", Align::Right(51), 9).compact(Align::Right(42)),
    Column::new("shown as", Align::Left(53), 18).compact(Align::Left(44)),
    Column::new("", Align::Left(72), 7),
];
const SETTING_COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 12).compact(Align::Left(1)),
    Column::new("value", Align::Left(15), 22).compact(Align::Left(15)),
    Column::new("what it is", Align::Left(38), 42),
];

/// Raw channels with where they go, then rules that wait for one.
pub fn mapping(found: Option<&ChannelMapping>) -> Table {
    let rows = found.map(|found| {
        let raw = found.raw.iter().map(raw_row);
        let waits = |rule: &&ChannelRule| !found.raw.iter().any(|raw| rule_of(found, raw) == Some(*rule));
        raw.chain(found.rules.iter().filter(waits).map(rule_row)).collect()
    });
    let rules = found.map_or(0, |found| found.rules.len());
    Table {
        title: "MAPPING".to_owned(),
        note: format!("{rules} {}", if rules == 1 { "rule" } else { "rules" }),
        columns: MAPPING_COLUMNS,
        empty: if rows.is_some() { "no channel yet: a maps one before it comes" } else { ".." }.to_owned(),
        rows: rows.unwrap_or_default(),
        ..Table::default()
    }
}

fn raw_row(raw: &RawChannel) -> Row {
    let users = Cell::number(format::count(raw.users), Some(raw.users as f64), raw.users.to_string());
    let source = if raw.source.is_empty() { "(none)" } else { &raw.source };
    row((&raw.source, &raw.medium), source, users, (&raw.channel, if raw.mapped { "mapped" } else { "" }))
}

fn rule_row(rule: &ChannelRule) -> Row {
    let users = Cell::number("", Some(0.0), "0");
    row(rule.key(), rule.source(), users, (rule.channel(), "waits"))
}

fn row((source, medium): (&str, &str), shown: &str, users: Cell, (channel, state): (&str, &str)) -> Row {
    Row {
        id: key(source, medium),
        cells: vec![
            Cell::text(shown),
            Cell::text(medium),
            users,
            Cell::text(channel),
            Cell::text(state).role(Role::Muted),
        ],
    }
}

/// What tells raw channels apart; a tab is in no name.
fn key(source: &str, medium: &str) -> String {
    format!("{}\t{}", folded(source), folded(medium))
}

/// The rule that sends a raw channel where it goes: its own, else that for any medium.
fn rule_of<'m>(found: &'m ChannelMapping, raw: &RawChannel) -> Option<&'m ChannelRule> {
    let (source, medium) = (folded(&raw.source), folded(&raw.medium));
    let of = |medium: &str| found.rules.iter().find(|rule| rule.key() == (source.as_str(), medium));
    of(&medium).or_else(|| of(""))
}

/// The raw channel of a row, as source and medium, and its rule.
pub fn mapped<'m>(found: &'m ChannelMapping, id: &str) -> ((String, String), Option<&'m ChannelRule>) {
    let (source, medium) = id.split_once('\t').unwrap_or((id, ""));
    let raw = found.raw.iter().find(|raw| key(&raw.source, &raw.medium) == id);
    let rule = match raw {
        Some(raw) => rule_of(found, raw),
        None => found.rules.iter().find(|rule| rule.key() == (source, medium)),
    };
    ((source.to_owned(), medium.to_owned()), rule)
}

/// Takes a rule out.
pub fn unmap(rule: &ChannelRule) -> Edit {
    let mut edit = Edit::new(format!("no mapping of {}", rule.source()));
    edit.remove(rule.clone());
    edit
}

/// The settings of the profile.
pub fn settings(data: &DataBoard) -> Table {
    let row = |(key, about): (&str, &str)| {
        let value = data.settings.iter().find(|one| one.key == key).map_or("", |one| one.value.as_str());
        let value = if value.is_empty() { Cell::text(format::MISSING).role(Role::Muted) } else { Cell::text(value) };
        Row { id: key.to_owned(), cells: vec![Cell::text(key), value, Cell::text(about).role(Role::Muted)] }
    };
    Table {
        title: "PROFILE".to_owned(),
        columns: SETTING_COLUMNS,
        rows: forms::settings().map(row).collect(),
        ..Table::default()
    }
}
