//! What a plan needs: asked for, granted, used.

use crate::domain::plans::{Cost, Resource, ResourceKind, ResourceScope};
use crate::query::{PlanBoard, PlanView, Unit};
use crate::ui::pen::{Pen, Run};
use crate::ui::table::{Align, Cell, Column, Row, Table};
use crate::ui::theme::Role;
use crate::ui::{amount, dates, format, text};

use super::super::super::list::Board;
use super::super::super::pane;
use super::facts::{self, About};
use super::{Page, Seen, crumb, words};

const COLUMNS: &[Column] = &[
    Column::new("", Align::Left(1), 29).compact(Align::Left(1)),
    Column::new("from", Align::Left(31), 6),
    Column::new("asked", Align::Right(46), 8).compact(Align::Right(36)),
    Column::new("granted", Align::Right(55), 8).compact(Align::Right(45)),
    Column::new("used", Align::Right(63), 7),
    Column::new("by", Align::Left(65), 6),
    Column::new("state", Align::Left(72), 8).compact(Align::Left(47)),
];

/// Place of what was used.
const USED: usize = 4;

/// What the ids of rows begin with that are costs.
const COST: &str = "cost ";

/// Money, or pieces.
pub fn quantity(kind: ResourceKind, micros: i64) -> String {
    if kind.is_money() {
        return amount::brief(Some(micros as f64), Unit::Money);
    }
    let text = format::fixed(micros as f64 / 1e6, 1);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn scope(scope: ResourceScope) -> &'static str {
    match scope {
        ResourceScope::Internal => "int",
        ResourceScope::External => "ext",
    }
}

/// Kind and name; once where they are the same word.
fn named(resource: &Resource) -> String {
    let kind = resource.kind.word();
    if resource.name.is_empty() || resource.name.eq_ignore_ascii_case(kind) {
        return kind.to_owned();
    }
    format!("{kind} {}", resource.name)
}

/// The table of resources; the total is of what counts in money.
pub fn tables(seen: &Seen<'_>, view: &PlanView) -> Vec<Table> {
    let row = |(resource, used): &(Resource, i64)| {
        let cell = |micros: i64| {
            let exact = format::fixed(micros as f64 / 1e6, 6);
            Cell::number(quantity(resource.kind, micros), Some(micros as f64), exact)
        };
        let by = resource.needed_by.map_or_else(String::new, |day| words::day(day, seen.env.today));
        Row {
            id: resource.id.to_string(),
            cells: vec![
                Cell::text(format!("{} {}", scope(resource.scope), named(resource))),
                Cell::text(&resource.provider),
                cell(resource.planned_micros),
                cell(resource.granted_micros),
                cell(*used),
                Cell::text(by),
                Cell::text(resource.state.word()),
            ],
        }
    };
    let mut rows = Vec::new();
    for one in &view.resources {
        rows.push(row(one));
        rows.extend(costs(seen, view, Some(one.0.id)).map(|cost| cost_row(seen, cost, one.0.kind)));
    }
    rows.extend(costs(seen, view, None).map(|cost| cost_row(seen, cost, ResourceKind::Cash)));
    let money = view.resources.iter().filter(|(resource, _)| resource.kind.is_money());
    let sum = |pick: fn(&(Resource, i64)) -> i64| money.clone().map(pick).sum::<i64>();
    let total = |micros: i64| {
        Cell::number(
            amount::brief(Some(micros as f64), Unit::Money),
            Some(micros as f64),
            format::fixed(micros as f64 / 1e6, 6),
        )
    };
    let total_row = Row {
        id: "total".to_owned(),
        cells: vec![
            Cell::text("total of money"),
            Cell::text(""),
            total(sum(|(resource, _)| resource.planned_micros)),
            total(sum(|(resource, _)| resource.granted_micros)),
            total(sum(|(_, used)| *used)),
            Cell::text(""),
            Cell::text(""),
        ],
    };
    vec![Table {
        title: "RESOURCES".to_owned(),
        note: seen.env.currency(),
        columns: COLUMNS,
        rows,
        total: (money.clone().count() > 1).then_some(total_row),
        empty: "nothing asked for yet: a adds money, people, places or anything else".to_owned(),
        ..Table::default()
    }]
}

/// The typed costs of a resource of the plan, or those of none, by day.
fn costs<'v>(seen: &Seen<'v>, view: &PlanView, resource: Option<i64>) -> impl Iterator<Item = &'v Cost> {
    let plan = view.head.plan.id;
    let mine = |cost: &&Cost| cost.plan_id == plan && cost.resource_id == resource;
    let mut costs: Vec<&Cost> = seen.board.book.costs.iter().filter(mine).collect();
    costs.sort_by_key(|cost| (cost.day, cost.id));
    costs.into_iter()
}

/// A cost under its resource.
fn cost_row(seen: &Seen<'_>, cost: &Cost, kind: ResourceKind) -> Row {
    let day = words::day(cost.day, seen.env.today);
    let used = quantity(kind, cost.amount_micros);
    let exact = format::fixed(cost.amount_micros as f64 / 1e6, 6);
    let about = if cost.resource_id.is_none() { "of no resource " } else { "" };
    let mut cells = vec![Cell::text(""); COLUMNS.len()];
    cells[0] = Cell::text(format!("    {day} {about}{}", cost.note)).role(Role::Muted);
    cells[USED] = Cell::number(used, Some(cost.amount_micros as f64), exact).role(Role::Muted);
    Row { id: format!("{COST}{}", cost.id), cells }
}

/// The cost that a row is about.
pub fn cost_of<'b>(board: &'b PlanBoard, id: &str) -> Option<&'b Cost> {
    let id: i64 = id.strip_prefix(COST)?.parse().ok()?;
    board.book.costs.iter().find(|cost| cost.id == id)
}

/// The resource that a row is about.
pub fn resource_of<'v>(view: &'v PlanView, id: &str) -> Option<&'v Resource> {
    let id: i64 = id.parse().ok()?;
    view.resources.iter().map(|(resource, _)| resource).find(|resource| resource.id == id)
}

/// Heads over [`line`].
pub const LINE_HEADS: &str = "asked, granted, used";

/// A resource in one line of a section.
pub fn line(resource: &Resource, used: i64, cut: char) -> String {
    let show = |micros| text::pad_left(&quantity(resource.kind, micros), 9);
    let name = format!("{}  {}", scope(resource.scope), resource.name);
    let name = text::pad(&text::cut_with(text::safe(&name).as_str(), 34, cut), 34);
    let (asked, granted, used) = (show(resource.planned_micros), show(resource.granted_micros), show(used));
    format!("{name}{asked}{granted}{used}  {}", resource.state.word())
}

/// What the pane tells of a resource.
fn about(seen: &Seen<'_>, view: &PlanView, one: &Resource, used: i64) -> About {
    let show = |micros| quantity(one.kind, micros);
    let today = seen.env.today;
    let cost = |cost: &Cost| format!("{} {} {}", words::day(cost.day, today), show(cost.amount_micros), cost.note);
    let scope = match one.scope {
        ResourceScope::Internal => "internal",
        ResourceScope::External => "external",
    };
    let mut facts = vec![
        ("from", one.provider.clone()),
        ("asked", show(one.planned_micros)),
        ("granted", show(one.granted_micros)),
        ("used", show(used)),
        ("needed by", one.needed_by.map_or_else(String::new, |day| dates::weekday(day, today))),
        ("state", one.state.word().to_owned()),
    ];
    facts.extend(costs(seen, view, Some(one.id)).map(|one| ("cost", cost(one))));
    About { title: named(one), remark: scope.to_owned(), facts }
}

/// Draws rows 3 to 22.
pub fn draw(pen: &mut Pen<'_>, seen: &Seen<'_>, view: &PlanView, cursor: &Board, tables: &[Table]) {
    let here =
        cursor.current(tables).and_then(|(_, row)| view.resources.iter().find(|(one, _)| one.id.to_string() == row.id));
    facts::draw(pen, here.map(|(one, used)| about(seen, view, one, *used)));
    let (width, height) = (pane::content_width(pen.width()), pen.height());
    let pen = &mut pen.part(0, 0, width, height);
    crumb(pen, seen, view, Page::Resources);
    cursor.draw(&mut pen.part(0, 1, width, height.saturating_sub(2)), tables, 0);
    let money = |micros: i64| amount::full(Some(micros as f64), Unit::Money);
    let said = format!(
        "spent by imported rows and typed costs: {} of {} granted",
        money(view.head.spent),
        money(view.head.granted)
    );
    pen.within(1, height.saturating_sub(1), width.saturating_sub(2), &said, Role::Muted);
}

/// The resource under the cursor in one sentence.
pub fn sentence(seen: &Seen<'_>, view: &PlanView, id: &str) -> Vec<Run> {
    if let Some(cost) = cost_of(seen.board, id) {
        let day = dates::weekday(cost.day, seen.env.today);
        let note = if cost.note.is_empty() { String::new() } else { format!(": {}", cost.note) };
        return vec![(format!("used on {day}{note}; - takes it out"), Role::Base)];
    }
    let Some((one, used)) = view.resources.iter().find(|(one, _)| one.id.to_string() == id) else {
        return vec![("the total counts what is money: cash, coupons, opinion leaders, media".to_owned(), Role::Base)];
    };
    let show = |micros| quantity(one.kind, micros);
    let late = one.needed_by.filter(|day| *day < seen.env.today && one.granted_micros == 0);
    let late = late.map(|day| format!("; was needed by {}", dates::short(day, seen.env.today))).unwrap_or_default();
    let from = if one.provider.is_empty() { String::new() } else { format!(" of {}", one.provider) };
    let said = format!(
        "{}: asked {}{from}, granted {}, used {}; {}{late}",
        one.name,
        show(one.planned_micros),
        show(one.granted_micros),
        show(*used),
        one.state.word()
    );
    vec![(said, Role::Base)]
}
