//! What a report tells, section by section: the questions that the screens ask, and the formats they show.

use crate::app::number;
use crate::app::screens::revenue::chart::{marks, sums};
use crate::domain::calendar::Span;
use crate::domain::plans::Book;
use crate::engine::Engine;
use crate::query::{Compared, Comparison, Number, RevenueBoard, Scope, Segment, Status, StreamRow, find_metric};
use crate::ui::chart::Range;
use crate::ui::dates;
use crate::ui::format::{self, MoneyStyle};
use crate::ui::svg::Chart;
use crate::ui::theme::Role;
use crate::ui::verdict::Verdict;

use super::super::metric::compare;
use super::super::output::Failure;
use super::super::table::{Cell, Table};
use super::super::{Deck, basis, note};
use super::asked::Asked;
use super::{Report, Section, plans, retention};

/// Cells of a chart's width that its labels are spaced for.
const LABELS: u16 = 100;

/// Asks everything.
///
/// # Errors
/// Whatever the workspace refuses.
pub fn gather(asked: Asked, status: &Status, engine: &mut Engine, deck: &mut Deck) -> Result<Report, Failure> {
    let scope = Scope {
        period: asked.period,
        grain: asked.grain,
        comparison: Comparison::Previous,
        segment: Segment::default(),
    };
    let headline = answer!(deck, engine, Front(scope.clone())).headline;
    let money = answer!(deck, engine, Revenue(scope));
    let board = *answer!(deck, engine, Plans);
    let mut sections = vec![headlines(&headline, asked), revenue(&money, &board.book, asked, status)];
    sections.push(per_user(&money, asked));
    sections.push(retention::section(asked, status, engine, deck)?);
    sections.extend(plans::sections(&board, asked, status, engine, deck)?);
    sections.push(journal(&board.book, asked));
    sections.push(definitions(headline.iter().chain(&money.per_user)));
    let product = if status.profile.product.is_empty() { "report" } else { &status.profile.product };
    let title = format!("{product}: {} {}", asked.grain.name(), dates::period(asked.period, status.today));
    Ok(Report { title, facts: facts(asked, status, &headline), sections })
}

fn facts(asked: Asked, status: &Status, headline: &[Compared]) -> Vec<(&'static str, String)> {
    let mut facts = basis::days(asked.period).to_vec();
    if let Some(before) = headline.iter().find_map(|number| number.before_span) {
        facts.push(("compared_with", format!("{} to {}", before.first, before.last)));
    }
    let through = status.through.map_or_else(|| "no data".to_owned(), |day| day.to_string());
    facts.push(("data_through", through));
    if status.through.is_none_or(|through| through < asked.period.last) {
        facts.push(("state", "running: the days that are over are compared with as many".to_owned()));
    }
    facts.extend(status.stale.iter().map(|(name, days)| ("stale", format!("{name} {}", dates::age(*days)))));
    facts.extend(basis::currency(&status.profile));
    facts.push(basis::zone(&status.profile));
    facts.push(basis::week(&status.profile));
    facts
}

fn headlines(list: &[Compared], asked: Asked) -> Section {
    let mut section = numbers(Section::new("headline", "Headline"), list, asked);
    if list.iter().any(|number| number.stale) {
        section
            .notes
            .push(format!("{}: a source that feeds it is stale; over the days there are", Verdict::Stale.sign()));
    }
    if list.iter().any(|number| number.within_chance) {
        section.notes.push("~ before a change: chance alone could make it".to_owned());
    }
    section
}

/// Numbers beside the period before.
fn numbers(mut section: Section, list: &[Compared], asked: Asked) -> Section {
    if asked.is_exact() {
        let mut table = Table::new(&compare::COLUMNS);
        table.rows = list.iter().map(|number| compare::whole(number, None)).collect();
        return section.with(table, "");
    }
    let mut table = Table::new(&["number", "value", "previous", "change", "n", "95%"]);
    for (at, shown) in list.iter().enumerate() {
        let stale = if shown.stale { format!(" {}", Verdict::Stale.sign()) } else { String::new() };
        let days = observed(shown);
        table.rows.push(vec![
            Cell::text(format!("{}{stale}", number::name(shown))),
            value(shown.now),
            value(shown.before),
            Cell::Shown(number::delta(shown)),
            days.0.map_or(Cell::Missing, |n| Cell::Shown(format::count(n))),
            days.1.map_or(Cell::Missing, |interval| Cell::Shown(format!("{interval}%"))),
        ]);
        section.tones.extend(tone(number::delta_role(shown)).map(|class| (at, 3, class.to_owned())));
        section.trends.push(shown.trend.iter().map(|n| n.value()).collect());
    }
    section.with(table, "no number")
}

fn observed(shown: &Compared) -> (Option<i128>, Option<String>) {
    (number::observations(shown.metric, shown.now), number::interval(shown.metric, shown.now))
}

fn value(number: Number) -> Cell {
    if number.value().is_none() { Cell::Missing } else { Cell::Shown(format::number(number)) }
}

fn tone(role: Role) -> Option<&'static str> {
    match role {
        Role::Good => Some("good"),
        Role::Bad => Some("bad"),
        _ => None,
    }
}

fn revenue(board: &RevenueBoard, book: &Book, asked: Asked, status: &Status) -> Section {
    let currency = status.profile.currency.map_or_else(String::new, |code| format!(", {code}"));
    let mut section = Section::new("revenue", format!("Revenue by stream, net{currency}"));
    let style = MoneyStyle::of(board.largest(), status.profile.currency);
    let total = StreamRow { stream: String::new(), ..board.total.clone() };
    let change = if asked.is_exact() { "change_percent" } else { "change" };
    let mut table = Table::new(&["stream", "net", "previous", change, "orders", "payers", "gross", "refunds", "share"]);
    if !board.streams.is_empty() {
        let all = board.streams.iter().map(|row| (row, Some(Cell::text(&row.stream)))).chain([(&total, None)]);
        table.rows = all.map(|(row, name)| stream(row, name, &total, style, asked)).collect();
        let series = sums(board, asked.period);
        let range = Range::holding(series.iter().flat_map(|s| s.points.iter().map(|(_, v)| *v)));
        let (events, legend) = events(book, asked.period, status);
        let chart = Chart {
            about: "Net revenue added up over the period, solid; dotted the period before",
            series: &series,
            range,
            label: &format::tick,
            marks: &marks(LABELS, asked.period),
            events: &events,
        };
        section.chart = Some(chart.draw());
        section.notes.push("Net added up from day to day: solid this period, dotted the one before.".to_owned());
        section.legend = legend;
    }
    if board.excluded > 0 {
        section.notes.push(format!("{} rows in a currency without a rate are left out", format::count(board.excluded)));
    }
    section.with(table, "no order or refund in this period")
}

fn stream(row: &StreamRow, name: Option<Cell>, total: &StreamRow, style: MoneyStyle, asked: Asked) -> Vec<Cell> {
    let before = row.net_before.map_or(Number::None, Number::Money);
    let money = |micros: i128| {
        if asked.is_exact() { Cell::number(Number::Money(micros)) } else { Cell::Shown(style.full(micros)) }
    };
    let count = |n: u64| if asked.is_exact() { Cell::Count(n.into()) } else { Cell::Shown(format::count(n)) };
    let (change, share) = if asked.is_exact() {
        (compare::changed(Number::Money(row.net), before).0, Cell::number(Number::ratio(row.net, total.net)))
    } else {
        (
            Cell::Shown(format::delta(Number::Money(row.net), before, false)),
            Cell::Shown(format::share(row.net, total.net)),
        )
    };
    vec![
        name.unwrap_or(Cell::Total),
        money(row.net),
        row.net_before.map_or(Cell::Missing, money),
        change,
        count(row.orders),
        count(row.payers),
        money(row.gross),
        money(-row.refunds),
        share,
    ]
}

/// Lines of the journal as numbered marks over a period, and what each of them says.
fn events(book: &Book, period: Span, status: &Status) -> (Vec<(f64, String)>, Vec<String>) {
    let mut lines: Vec<_> = book.journal.iter().filter(|line| period.contains(line.day)).collect();
    lines.sort_by_key(|line| (line.day, line.id));
    let days = f64::from((period.days() - 1).max(1));
    let mark = |(at, day): (usize, crate::domain::calendar::Day)| {
        (f64::from(day.since(period.first)) / days, (at + 1).to_string())
    };
    let marks = lines.iter().map(|line| line.day).enumerate().map(mark).collect();
    let legend = lines
        .iter()
        .enumerate()
        .map(|(at, line)| {
            format!("{} {} {}: {}", at + 1, dates::weekday(line.day, status.today), line.kind.word(), line.body)
        })
        .collect();
    (marks, legend)
}

fn per_user(board: &RevenueBoard, asked: Asked) -> Section {
    numbers(Section::new("per_user", "Per user"), &board.per_user, asked)
}

fn journal(book: &Book, asked: Asked) -> Section {
    let mut table = note::table(book, &|day, _| asked.period.contains(day));
    if !asked.is_exact() {
        table = table.picked(&["day", "of", "kind", "from", "type", "text", "excluded"]);
    }
    let mut section = Section::new("journal", "Journal, feedback, competitors");
    section.keys = if asked.is_exact() { 2 } else { 1 };
    section.with(table, "nothing was noted in this period")
}

fn definitions<'a>(shown: impl Iterator<Item = &'a Compared>) -> Section {
    let mut table = Table::new(&["number", "formula"]);
    let mut seen = Vec::new();
    for metric in shown.filter_map(|number| find_metric(number.metric)) {
        if !seen.contains(&metric.id) {
            seen.push(metric.id);
            table.rows.push(vec![Cell::text(metric.name), Cell::text(metric.formula)]);
        }
    }
    Section::new("definitions", "Definitions").with(table, "")
}
