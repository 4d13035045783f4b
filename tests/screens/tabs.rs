//! The seven operation tabs: every cell that is a metric holds what `metric` gives, and each tab says what it lacks.

use std::sync::Mutex;

use quarterdeck::app::Key;
use quarterdeck::domain::calendar::{Day, Grain, Span};
use quarterdeck::domain::operations::{OPERATIONS, Section};
use quarterdeck::query::{
    Answer, ChannelsQuery, Comparison, ContentReportQuery, Figure, FunnelRule, HeadlineQuery, MetricQuery, Narrow,
    Number, Query, Scope, SectionQuery, SectionRow, SectionTable, Segment, Split, Value, WHOLE_MARGIN, find_metric,
};
use quarterdeck::runtime::{Answers, Desk};
use quarterdeck::ui::format::{self, MoneyStyle};

use crate::picture::rows;
use crate::snapshots::{shoot, shoot_stage};
use crate::stage::{PLAIN, Reading, Stage};
use crate::worlds::{cdnow, corner_shop, crowd, demo, empty, facts, hostile_tabs, one_row, orders, shop};

const KEYS: [&str; 7] = ["1", "2", "3", "4", "5", "6", "7"];

pub fn june() -> Scope {
    let period = Span { first: Day::parse("2026-06-01").unwrap(), last: Day::parse("2026-06-30").unwrap() };
    Scope { period, grain: Grain::Month, comparison: Comparison::Previous, segment: Segment::default() }
}

fn ask(world: &Mutex<Desk>, query: &Query) -> Answer {
    world.lock().unwrap_or_else(std::sync::PoisonError::into_inner).answer(query).unwrap()
}

fn section(world: &Mutex<Desk>, section: Section, scope: &Scope) -> SectionTable {
    let query = SectionQuery { section, scope: scope.clone(), funnel: FunnelRule::default(), by: None };
    let Answer::Section(table) = ask(world, &Query::Section(Box::new(query))) else { panic!("another answer") };
    *table
}

/// The days that the context line names, in June; what is known only so many days on is of as many days before.
fn of_the_context_line(value: &Value) -> Value {
    let age = i32::from(find_metric(value.metric.unwrap()).unwrap().measure.age());
    let day = |text| Day::parse(text).unwrap().plus(-age);
    Value { span: Some(Span { first: day("2026-06-01"), last: day("2026-06-10") }), ..value.clone() }
}

/// Whether the numbers of a table are of days of their own.
fn has_days_of_its_own(part: Section) -> bool {
    part.has_own_days() || part == Section::Numbers
}

/// What `quarterdeck metric` prints for the choice of a cell.
fn metric(world: &Mutex<Desk>, value: &Value, narrow: &Narrow, scope: &Scope) -> Number {
    let mut segment = scope.segment.clone();
    segment.channels.extend(narrow.channel.clone());
    let query = MetricQuery {
        metric: value.metric.unwrap(),
        span: value.span.unwrap(),
        grain: None,
        segment,
        split: narrow.stream.is_some().then_some(Split::Stream),
        event: narrow.event.clone(),
        window_days: None,
    };
    let Answer::Metric(series) = ask(world, &Query::Metric(query)) else { panic!("another answer") };
    let line = series.lines.iter().find(|line| line.part == narrow.stream).unwrap();
    line.points[0].value
}

#[test]
fn every_cell_with_a_metric_is_what_metric_gives() {
    let mut cells = 0;
    for operation in OPERATIONS {
        let query = HeadlineQuery { metrics: operation.headline, scope: june() };
        let Answer::Headline(all) = ask(demo(), &Query::Headline(query)) else { panic!("another answer") };
        for one in all {
            let number = one.number;
            let value = Value { metric: Some(number.metric), span: Some(number.span), ..Value::plain(number.now) };
            let given = metric(demo(), &of_the_context_line(&value), &Narrow::default(), &june());
            assert_eq!(number.now, given, "{} {:?}", number.metric, number.span);
            assert_ne!(number.now, Number::None, "{} is empty in the sample", number.metric);
        }
        for part in operation.sections() {
            let table = section(demo(), part, &june());
            // The sample has measured all that it tells.
            let noted = matches!(part, Section::Feedback | Section::Competitors | Section::Numbers);
            assert!(noted || !table.rows.is_empty(), "{part:?} is empty in the sample: {:?}", table.lacks);
            for row in table.rows.iter().chain(&table.total).chain(&table.partial) {
                for value in row.figures.iter().filter_map(Figure::value).filter(|value| value.metric.is_some()) {
                    let asked = if has_days_of_its_own(part) { value.clone() } else { of_the_context_line(value) };
                    let given = metric(demo(), &asked, &row.narrow, &june());
                    assert_eq!(value.now, given, "{part:?} {} {:?}", row.name, value.metric);
                    cells += 1;
                }
            }
        }
    }
    assert!(cells > 200, "{cells} cells");
}

#[test]
fn parts_add_up_to_their_totals() {
    let count = |figure: &Figure| match figure.value().map(|value| value.now) {
        Some(Number::Count(n) | Number::Money(n)) => n,
        _ => 0,
    };
    let sums = [(Section::Ledger, 0), (Section::Ledger, 1), (Section::Ads, 0), (Section::Streams, 0)];
    for (part, at) in sums.into_iter().chain([(Section::Lifecycle, 0), (Section::Rfm, 0), (Section::Receivables, 1)]) {
        let table = section(demo(), part, &june());
        let parts: i128 = table.rows.iter().map(|row| count(&row.figures[at])).sum();
        let feet = table.total.iter().chain(table.partial.iter().filter(|_| part == Section::Receivables));
        assert_eq!(parts, feet.map(|row| count(&row.figures[at])).sum::<i128>(), "{part:?}");
    }
}

/// What a screen shows is what was answered.
#[test]
fn the_ledger_draws_and_exports_what_it_was_answered() {
    let mut stage = Stage::open(demo(), (80, 24), PLAIN);
    let drawn = rows(&stage.keys("7").draw()).join("\n");
    stage.keys("x");
    let csv = stage.handed_out.concat();
    drop(stage);
    let table = section(demo(), Section::Ledger, &june());
    for row in &table.rows {
        let line = drawn.lines().find(|line| line.trim_start_matches(['>', ' ']).starts_with(&row.name)).unwrap();
        for value in row.figures.iter().filter_map(Figure::value) {
            // Money of a column has the decimals of its largest amount.
            let money = if let Number::Money(micros) = value.now {
                MoneyStyle::WHOLE.full(micros)
            } else {
                format::number_fit(value.now, 7)
            };
            assert!(line.contains(&money), "{value:?} in {line}");
            assert!(csv.contains(&format::exact(value.now)), "{value:?} in {csv}");
        }
    }
}

#[test]
fn enter_opens_the_number_under_the_cursor_of_the_row() {
    let seen = |keys: &str| rows(&Stage::open(demo(), (80, 24), PLAIN).keys(keys).draw()).join("\n");
    let opened = [
        ("7 l l l l l Enter", "Channel > D7 > feed-a"),
        ("6 Enter", "Commercial > Net revenue > ecommerce"),
        ("1 J l Enter", "Product > Penetration > item_view"),
    ];
    for (keys, title) in opened {
        assert!(seen(keys).contains(title), "{keys}: {}", seen(keys));
    }
}

#[test]
fn the_channel_tab_tells_payback_as_channels_does() {
    let table = section(demo(), Section::Payback, &june());
    let (span, segment) = (table.span.unwrap(), Segment::default());
    let query = ChannelsQuery { span, at: 30, margin: WHOLE_MARGIN, cuts: None, segment };
    let Answer::Channels(channels) = ask(demo(), &Query::Channels(query)) else { panic!("another answer") };
    let payback = |row: &SectionRow| row.figures[5].clone();
    for row in &table.rows {
        let (_, told) = channels.channels.iter().find(|(name, _)| *name == row.name).unwrap();
        assert_eq!(payback(row), Figure::Payback(told.payback), "{}", row.name);
    }
    assert_eq!(payback(table.total.as_ref().unwrap()), Figure::Payback(channels.blended.payback));
    assert_eq!(payback(table.partial.as_ref().unwrap()), Figure::Payback(channels.paid.payback));
    let seen = rows(&Stage::open(demo(), (80, 24), PLAIN).keys("7 .").draw()).join("\n");
    for words in ["PAYBACK  2-11 May", "53% by D30", "D16", "+33%"] {
        assert!(seen.contains(words), "{words}: {seen}");
    }
}

#[test]
fn f_filters_the_world_by_the_row_under_the_cursor() {
    let seen = |keys: &str| rows(&Stage::open(demo(), (80, 24), PLAIN).keys(keys).draw());
    let filtered = [
        ("7 j j f", "search"),
        ("2 j f", "returning"),
        ("2 . j j f", "potential"),
        ("3 . . G f", "web"),
        ("5 j f", "content=lamps-2"),
        ("6 j f", "ads"),
        ("$ j f", "ads"),
        ("9 f", "first seen 25-31 May"),
    ];
    for (keys, words) in filtered {
        let line = seen(&format!("{keys} Enter")).swap_remove(1);
        assert!(line.contains(&format!("  {words}  ")) || line.contains(&format!("  {words} to ")), "{keys}: {line}");
    }
    for (keys, told) in [("7 j", true), ("7 G", false), ("2 j", true), ("2 . J", false), ("3", false), ("5", true)] {
        assert_eq!(seen(keys)[23].contains("filter by it"), told, "{keys}: {}", seen(keys)[23]);
    }
    let streams = seen("6 j f Enter 3").join("\n");
    assert!(streams.contains("needs a segment without a stream"), "{streams}");
}

#[test]
fn participants_are_split_by_a_property_of_their_choice() {
    let mut stage = Stage::open(demo(), (80, 24), PLAIN);
    let offered = rows(&stage.keys("3 o").draw()).join("\n");
    assert!(offered.contains("channel and platform") && offered.contains("utm_campaign"), "{offered}");
    let split = rows(&stage.keys("text:utm Enter").draw()).join("\n");
    drop(stage);
    let query = SectionQuery {
        section: Section::Joiners,
        scope: june(),
        funnel: FunnelRule::default(),
        by: Some("utm_campaign".to_owned()),
    };
    let Answer::Section(table) = ask(demo(), &Query::Section(Box::new(query))) else { panic!("another answer") };
    let of_first = table.rows.iter().zip(&table.of).filter(|(_, of)| **of == table.of[0]);
    for (row, _) in of_first.take(5) {
        let line = split.lines().find(|line| line.trim_start_matches(['>', ' ']).starts_with(&row.name)).unwrap();
        let users = row.figures[1].value().map_or(Number::None, |value| value.now);
        assert!(line.contains("utm_cam") && line.contains(&format::number(users)), "{line}");
    }
}

/// Tables of weeks, of campaigns and of cohorts tell numbers of days of their own: the page of one is of these days.
#[test]
fn enter_opens_the_very_number_where_a_table_has_days_of_its_own() {
    let opened = [
        ("4 . .", Section::AdWeeks, (0, 0), "8-10 Jun"),
        ("4 . . j l l", Section::AdWeeks, (1, 2), "1-7 Jun"),
        ("7 . .", Section::KeptWeeks, (0, 0), "13-19 Apr"),
        ("7 . . j l l l", Section::KeptWeeks, (1, 3), "4-10 May"),
        ("7 . l l", Section::Payback, (0, 2), "2-11 May"),
        ("6 . . J", Section::AdLoad, (0, 0), "8-10 Jun"),
        ("3", Section::Campaigns, (0, 0), "8-10 Jun"),
        ("3 j", Section::Campaigns, (1, 0), "20-30 Apr"),
    ];
    for (keys, part, (row, figure), days) in opened {
        let table = section(demo(), part, &june());
        let value = table.rows[row].figures[figure].value().unwrap().now;
        let seen = rows(&Stage::open(demo(), (80, 24), PLAIN).keys(keys).keys("Enter").draw());
        let number = seen.iter().find(|line| line.starts_with(&format!(" {days} "))).expect(keys);
        assert!(number.contains(&format::number(value)), "{keys}: {value:?} in {}", seen.join("\n"));
        assert!(seen[1].contains(days), "{keys}: the context line tells other days: {}", seen[1]);
    }
    let mut stage = Stage::open(demo(), (80, 24), PLAIN);
    let cut = rows(&stage.keys("[ [ 4 . .").draw()).join("\n");
    assert!(cut.contains(">27 Apr"), "{cut}");
    let opened = rows(&stage.keys("Enter").draw());
    assert!(opened[1].contains(" 27-30 Apr "), "a week that the period cuts is opened as it is: {}", opened[1]);
    let spend =
        opened.iter().find(|line| line.starts_with(" 27-30 Apr ")).and_then(|line| line.split_whitespace().nth(2));
    assert!(spend.is_some_and(|spend| cut.contains(&format!("{spend}*"))), "{spend:?} in {cut}");
    drop(stage);
    let moved = rows(&Stage::open(demo(), (80, 24), PLAIN).keys("4 . . Enter [").draw()).join("\n");
    assert!(moved.contains("M 1-31 May"), "another period takes the place of the page's own days: {moved}");
}

/// The first week of an item is on screen as `content --report` tells it, beside the median of its kind.
#[test]
fn enter_on_an_item_opens_its_first_seven_days() {
    let seen = rows(&Stage::open(demo(), (80, 24), PLAIN).keys("5 j Enter").draw());
    let query = ContentReportQuery { item: "lamps-2".to_owned(), segment: Segment::default() };
    let Answer::ContentReport(report) = ask(demo(), &Query::ContentReport(query)) else { panic!("another answer") };
    assert!(seen[2].contains("Content > Restoring lamps, part 2"), "{seen:?}");
    let (week, days) = report.days.split_last().unwrap();
    let told = [&days[0], &days[6], week, &report.peers.as_ref().unwrap().median];
    let names = ["Tue 2 Jun", "Mon 8 Jun", "7 days", "median of 3 video"];
    for (name, days) in names.into_iter().zip(told) {
        let line = seen.iter().find(|line| line.trim_start_matches(['>', ' ']).starts_with(name)).expect(name);
        for number in [days.views, days.uniques, days.completion, days.engagement, days.shares, days.signups] {
            assert!(line.contains(&format::number(number)), "{name}: {number:?} in {line}");
        }
    }
    let back = rows(&Stage::open(demo(), (80, 24), PLAIN).keys("5 j Enter Esc").draw()).join("\n");
    assert!(back.contains("── ITEMS"), "{back}");
    let queued = rows(&Stage::open(demo(), (80, 24), PLAIN).keys("5 . Enter").draw()).join("\n");
    assert!(queued.contains("its seven days have not begun"), "{queued}");
}

#[test]
fn tables_of_parts_follow_the_row_under_the_cursor_of_their_whole() {
    let seen = |size, keys: &str| rows(&Stage::open(demo(), size, PLAIN).keys(keys).draw()).join("\n");
    let opened = [
        ((80, 24), "4 Enter", "BY WEEK  feed-a / lookalike"),
        ((80, 24), "4 j Enter", "BY WEEK  feed-a / new-listers"),
        ((80, 24), "4 j . , j .", "BY WEEK  feed-a / brand"),
        ((120, 40), "4 j j", "BY WEEK  feed-a / brand"),
        ((80, 24), "3 j .", "SO FAR  Spring fair"),
        ((80, 24), "3 j . .", "WHO JOINED  Spring fair"),
    ];
    for (size, keys, title) in opened {
        assert!(seen(size, keys).contains(title), "{keys}: {}", seen(size, keys));
    }
    let total = seen((80, 24), "4 g G Enter");
    assert!(total.contains("Market > "), "the total is a number to open: {total}");
}

#[test]
fn a_class_of_payers_is_written_as_a_list_of_its_users() {
    let mut stage = Stage::open(demo(), (80, 24), PLAIN);
    let drawn = rows(&stage.keys("2 . x").draw()).join("\n");
    let list = stage.handed_out.concat();
    drop(stage);
    let table = section(demo(), Section::Rfm, &june());
    let Some(Number::Count(users)) = table.rows[0].figures[0].value().map(|value| value.now) else {
        panic!("no count")
    };
    assert!(list.starts_with("\u{feff}user,days since,orders,net\r\n"), "{}", &list[..60]);
    assert_eq!(list.lines().count() as i128, users + 1);
    assert!(drawn.contains("quarterdeck-recall-champions-2026-06-10.csv"), "{drawn}");
}

#[test]
fn the_funnel_takes_its_order_and_window_from_keys() {
    let mut stage = Stage::open(demo(), (80, 24), PLAIN);
    let seen = rows(&stage.keys("1 o <").draw()).join("\n");
    assert!(seen.contains("FUNNEL  7 d, strict"), "{seen}");
}

/// Every number of every tab over a workspace is what `metric` gives for its days, and a table without rows says what is
/// missing.
fn walk(world: &Mutex<Desk>, scope: &Scope) -> usize {
    let mut cells = 0;
    for operation in OPERATIONS {
        let query = HeadlineQuery { metrics: operation.headline, scope: scope.clone() };
        let Answer::Headline(all) = ask(world, &Query::Headline(query)) else { panic!("another answer") };
        for one in all {
            let number = one.number;
            let value = Value { metric: Some(number.metric), span: Some(number.span), ..Value::plain(number.now) };
            assert_eq!(number.now, metric(world, &value, &Narrow::default(), scope), "{}", number.metric);
            assert!(one.needs.is_none() || number.now == Number::None, "{} needs nothing", number.metric);
            cells += usize::from(number.now != Number::None);
        }
        for part in operation.sections() {
            let table = section(world, part, scope);
            for row in table.rows.iter().chain(&table.total).chain(&table.partial) {
                for value in row.figures.iter().filter_map(Figure::value).filter(|value| value.metric.is_some()) {
                    let given = metric(world, value, &row.narrow, scope);
                    // What a row has none of is left out, which is no zero.
                    let left_out = value.now == Number::None && given.value() == Some(0.0);
                    assert!(left_out || value.now == given, "{part:?} {} {value:?} {given:?}", row.name);
                    cells += usize::from(value.now != Number::None);
                }
            }
        }
    }
    cells
}

/// Walks all pages of all tabs as keys do: Enter on every row, and a line below each title.
fn press(world: &Mutex<Desk>, first: &str) {
    for (operation, key) in OPERATIONS.iter().zip(KEYS) {
        let mut stage = Stage::open(world, (80, 24), PLAIN);
        stage.keys(first).keys(key);
        for _ in operation.pages {
            let seen = rows(&stage.draw());
            for (line, next) in seen.iter().zip(&seen[1..]).filter(|(line, _)| line.starts_with("── ")) {
                let says = next.trim();
                assert!(!says.is_empty() && !says.starts_with("──"), "{}: {line} stands alone", operation.id);
            }
            let tells = ["   needs ", "   then it shows ", "   nothing ", "   i imports ", "   8 Plans", " ? "];
            for line in seen.iter().filter(|line| tells.iter().any(|way| line.starts_with(way))) {
                assert!(!line.contains('…'), "{}: {line} is cut", operation.id);
            }
            for _ in 0..12 {
                stage.keys("j Enter").draw();
                stage.keys("Esc");
            }
            stage.keys(key).keys(".");
        }
    }
}

#[test]
fn daily_facts_alone_fill_the_tabs_with_what_metric_gives() {
    let cells = walk(facts(), &june());
    assert!(cells > 40, "{cells} cells");
    press(facts(), "1");
    let numbers = section(facts(), Section::Numbers, &june());
    let of = |name: &str, at: usize| {
        let row = numbers.rows.iter().find(|row| row.name == name).unwrap();
        row.figures[at].value().unwrap().now
    };
    assert_eq!((of("followers", 0), of("visits", 0)), (Number::Count(9_160), Number::Count(545)));
    assert_eq!(of("visits", 1), Number::Count((31..41).map(|n| 500 + 9 * (n % 7)).sum()));
    assert_eq!(of("Orders", 1), Number::Count((31..41).map(|n| 30 + n % 5).sum()));
    let ledger = section(facts(), Section::Ledger, &june());
    let (flyer, spend) = (&ledger.rows[0], (31..41).map(|n| 300 + 5 * (n % 6)).sum::<i128>());
    let users = (31..41).map(|n| 20 + n % 7).sum::<i128>();
    assert_eq!(flyer.figures[2].value().unwrap().now, Number::money_per(spend * 1_000_000, users));
}

#[test]
fn orders_alone_fill_the_tabs_with_what_metric_gives() {
    let cells = walk(shop(), &june());
    assert!(cells > 30, "{cells} cells");
    press(shop(), "1");
    let Some(world) = cdnow() else { return };
    let day = |text| Day::parse(text).unwrap();
    let period = Span { first: day("1997-04-01"), last: day("1997-06-30") };
    let cells = walk(world, &Scope { period, grain: Grain::Month, ..june() });
    assert!(cells > 20, "{cells} cells");
    press(world, "= text:all Enter");
}

#[test]
fn the_steps_of_the_funnel_are_typed_kept_and_undone() {
    let world = crate::worlds::little_more("funnel");
    let mut stage = Stage::open(&world, (80, 24), PLAIN);
    let steps = |stage: &mut Stage<'_>| {
        let Answer::FunnelSteps(found) = stage.ask(&Query::FunnelSteps) else { panic!("another answer") };
        found.steps
    };
    let first = steps(&mut stage);
    assert_eq!(first, [None, Some("view".to_owned())]);
    stage.keys("1 E");
    shoot_stage("form-funnel", &mut stage);
    let refused = rows(&stage.keys("Tab Ctrl-u text:vieu F2").draw()).join("\n");
    assert!(refused.contains("no event is called \"vieu\""), "{refused}");
    stage.keys("Ctrl-u");
    "passed_on".chars().for_each(|letter| stage.press(Key::char(letter)));
    let seen = rows(&stage.keys("Tab text:view F2").draw()).join("\n");
    let named = |name: &str| Some(name.to_owned());
    assert_eq!(steps(&mut stage), [None, named("passed_on"), named("view")], "{seen}");
    assert!(seen.contains("2 passed_on") && seen.contains("3 view"), "{seen}");
    stage.keys("u");
    assert_eq!(steps(&mut stage), first);
    // Without any step the usual ones are meant again.
    stage.keys("U E Ctrl-u Tab Ctrl-u Tab Ctrl-u F2");
    assert_eq!(steps(&mut stage), first);
}

/// Totals of days are enough for the tabs to tell something, and what they cannot tell they ask for.
#[test]
fn daily_facts_alone_fill_what_can_be_known() {
    for (key, known) in [("4", "Spend"), ("4", "Brand searches"), ("7", "New users")] {
        let seen = rows(&Stage::open(facts(), (80, 24), PLAIN).keys(key).draw());
        let line = seen.iter().find(|line| line.trim_start_matches(['>', ' ']).starts_with(known)).unwrap();
        assert!(!line.contains("NODATA"), "{line}");
    }
    let seen = rows(&Stage::open(facts(), (80, 24), PLAIN).keys("5").draw()).join("\n");
    assert!(seen.contains("needs events of the role view") && seen.contains("i imports a file"), "{seen}");
}

#[test]
fn orders_alone_fill_what_can_be_known() {
    let Some(world) = cdnow() else { return };
    for (keys, needle) in [("2 .", "all payers"), ("6", "total"), ("7", "(unknown)")] {
        let seen = rows(&Stage::open(world, (80, 24), PLAIN).keys("= text:all Enter").keys(keys).draw()).join("\n");
        assert!(seen.contains(needle), "{keys}: {seen}");
    }
    let seen = rows(&Stage::open(world, (80, 24), PLAIN).keys("3").draw()).join("\n");
    assert!(seen.contains("needs events of the role join"), "{seen}");
}

#[test]
fn the_cursor_goes_through_five_thousand_rows() {
    let table = section(crowd(), Section::Ads, &june());
    assert!(table.rows.len() >= 5_000);
    let mut stage = Stage::open(crowd(), (80, 24), PLAIN);
    let mut under = |keys: &str| {
        let seen = rows(&stage.keys(keys).draw());
        // The row itself has less room for a name than what is told of it.
        let row = seen.iter().find(|line| line.starts_with('>')).unwrap();
        format!("{row}\n{}", seen[22])
    };
    assert!(under("4").contains(&table.rows[0].name));
    for row in &table.rows[1..=20] {
        assert!(under("j").contains(&row.name), "{}", row.name);
    }
    assert!(under("G").contains("total"));
    assert!(under("k").contains(&table.rows.last().unwrap().name));
}

#[test]
fn feedback_notes_and_tasks_are_typed_on_the_tab() {
    let world = corner_shop("tabs");
    let mut stage = Stage::open(&world, (80, 24), PLAIN);
    let mut seen = |keys: &str| rows(&stage.keys(keys).draw()).join("\n");
    let feedback = seen("1 . a text:Slow F2");
    assert!(feedback.contains("Slow") && feedback.contains("new"), "{feedback}");
    let note = seen("4 . . . a text:Ferry Enter text:cut F2");
    assert!(note.contains("Ferry") && note.contains("cut") && note.contains("watch"), "{note}");
    assert!(seen("o").contains("ignore"));
    assert!(seen("u").contains("watch"), "a verdict is one step that can be taken back");
    let task = seen("7 a text:Call_due:+3d Enter");
    assert!(task.contains("[ ]    Call") && task.contains("Sun 14 Jun"), "{task}");
    let target = seen("7 g K K K T");
    assert!(target.contains("New users is a target of") && target.contains("no plan is open"), "{target}");
}

#[test]
fn each_tab_at_each_size() {
    for (operation, key) in OPERATIONS.iter().zip(KEYS) {
        for size in [(80, 24), (120, 40), (60, 16)] {
            let name = format!("tab-{}-{}x{}", operation.id, size.0, size.1);
            shoot(&name, demo(), key, size, PLAIN, Reading::Answered);
        }
    }
}

#[test]
fn each_tab_over_little_much_and_strange_data() {
    let worlds = [
        ("empty", empty()),
        ("one-row", one_row()),
        ("only-orders", orders()),
        ("only-facts", facts()),
        ("crowd", crowd()),
        ("hostile", hostile_tabs()),
    ];
    for (operation, key) in OPERATIONS.iter().zip(KEYS) {
        for (name, world) in worlds {
            shoot(&format!("tab-{}-{name}", operation.id), world, key, (80, 24), PLAIN, Reading::Answered);
        }
        for (name, world) in [("one-row", one_row()), ("crowd", crowd()), ("hostile", hostile_tabs())] {
            for page in 1..operation.pages.len() {
                let (name, keys) = (format!("tab-{}-{name}-page{}", operation.id, page + 1), " .".repeat(page));
                shoot(&name, world, &format!("{key}{keys}"), (80, 24), PLAIN, Reading::Answered);
            }
        }
        for size in [(120, 40), (60, 16)] {
            let name = format!("tab-{}-hostile-{}x{}", operation.id, size.0, size.1);
            shoot(&name, hostile_tabs(), key, size, PLAIN, Reading::Answered);
        }
    }
    shoot("tab-product-only-facts-numbers", facts(), "1 ,", (80, 24), PLAIN, Reading::Answered);
    shoot("tab-product-only-facts-60x16", facts(), "1 ,", (60, 16), PLAIN, Reading::Answered);
    shoot("tab-product-only-facts-120x40", facts(), "1", (120, 40), PLAIN, Reading::Answered);
    shoot("today-only-facts", facts(), "0", (80, 24), PLAIN, Reading::Answered);
    shoot("number-typed", facts(), "L", (80, 24), PLAIN, Reading::Answered);
}

#[test]
fn each_page_of_each_tab() {
    for (name, size) in [("80x24", (80, 24)), ("60x16", (60, 16)), ("120x40", (120, 40))] {
        shoot(&format!("tab-content-item-{name}"), demo(), "5 j Enter", size, PLAIN, Reading::Answered);
    }
    for (operation, key) in OPERATIONS.iter().zip(KEYS) {
        for page in 1..operation.pages.len() {
            let keys = format!("{key}{}", " .".repeat(page));
            shoot(&format!("tab-{}-page{}", operation.id, page + 1), demo(), &keys, (80, 24), PLAIN, Reading::Answered);
        }
    }
    for (name, keys) in
        [("product-feedback", "1 ."), ("market-competitor", "4 . . . J"), ("user-task", "2 J J J J J J")]
    {
        shoot(&format!("tab-{name}-120x40"), demo(), keys, (120, 40), PLAIN, Reading::Answered);
    }
    for (name, keys) in
        [("activity-page2", "3 ."), ("activity-page3", "3 . ."), ("market-page2", "4 ."), ("market-page4", "4 . . .")]
    {
        shoot(&format!("tab-{name}-60x16"), demo(), keys, (60, 16), PLAIN, Reading::Answered);
    }
}

#[test]
fn a_number_that_opens_nothing_says_so() {
    let seen = |keys: &str| rows(&Stage::open(demo(), (80, 24), PLAIN).keys(keys).draw()).join("\n");
    for keys in ["2 . Enter", "6 . Enter"] {
        assert!(seen(keys).contains("no series of its own stands behind this"), "{keys}: {}", seen(keys));
    }
    for keys in ["5 T", "2 . T"] {
        assert!(seen(keys).contains("no plan can be measured by this"), "{keys}: {}", seen(keys));
    }
}
