//! Where commits fall makes no difference: random imports, undos and redos against a model that knows no transactions.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use quarterdeck::domain::calendar::{Day, Instant, Zone};
use quarterdeck::domain::money::{Currency, Micros};
use quarterdeck::domain::records::{Counts, Event, Kind, Record, Revenue, Spend};
use quarterdeck::domain::tables::{self, Cell};
use quarterdeck::store::{NewBatch, NewWorkspace, Store};

/// 2026-06-01.
const DAY: i32 = 20_605;
const NOW: Instant = Instant((DAY as i64 + 30) * 86_400_000_000);

/// A row of a file, small enough that keys meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Row {
    /// Day, id, user; no id is 0.
    Event(u8, u8, u8),
    /// Order, line, time, amount; no order and no line are 0.
    Order(u8, u8, u8, i8),
    /// Day, channel, amount, impressions; none is 0.
    Spend(u8, u8, i8, u8),
    /// Day, which of two daily numbers the row has, their value.
    Numbers(u8, u8, i8),
    /// Deal, stage.
    Deal(u8, u8),
}

#[derive(Debug, Clone)]
enum Step {
    /// A file, and after which rows its commits come.
    Load(Vec<Row>, BTreeSet<usize>),
    /// One of the files before, again, with other commits.
    Again(prop::sample::Index, BTreeSet<usize>),
    Undo(prop::sample::Index),
    Redo(prop::sample::Index),
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let event = (0..2_u8, 0..4_u8, 0..3_u8).prop_map(|(day, id, user)| Row::Event(day, id, user));
    let order = (0..4_u8, 0..3_u8, 0..3_u8, -2..3_i8).prop_map(|(o, line, at, n)| Row::Order(o, line, at, n));
    let spend = (0..2_u8, 0..3_u8, -3..4_i8, 0..3_u8).prop_map(|(day, c, n, i)| Row::Spend(day, c, n, i));
    let numbers = (0..2_u8, 1..4_u8, -3..4_i8).prop_map(|(day, which, n)| Row::Numbers(day, which, n));
    let deal = (0..3_u8, 0..3_u8).prop_map(|(deal, stage)| Row::Deal(deal, stage));
    prop_oneof![
        prop::collection::vec(numbers, 0..14),
        prop::collection::vec(deal, 0..14),
        prop::collection::vec(event, 0..14),
        prop::collection::vec(order, 0..14),
        prop::collection::vec(spend, 0..14),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let cuts = || prop::collection::btree_set(0..14_usize, 0..6);
    let any = any::<prop::sample::Index>;
    let step = prop_oneof![
        4 => (rows(), cuts()).prop_map(|(rows, cuts)| Step::Load(rows, cuts)),
        2 => (any(), cuts()).prop_map(|(file, cuts)| Step::Again(file, cuts)),
        2 => any().prop_map(Step::Undo),
        2 => any().prop_map(Step::Redo),
    ];
    prop::collection::vec(step, 1..14)
}

/// What a row of a file yields.
fn records(row: Row) -> Vec<Record<'static>> {
    let Row::Numbers(day, which, n) = row else { return vec![record(row)] };
    let fact = |metric: u8| {
        let cells = vec![
            Cell::Int(i64::from(DAY) + i64::from(day)),
            Cell::Text(format!("m{metric}").into()),
            Cell::Int(n.into()),
            Cell::Null,
        ];
        Record::Row(tables::Row { kind: Kind::Facts, cells })
    };
    (0..2).filter(|metric| which >> metric & 1 == 1).map(fact).collect()
}

fn record(row: Row) -> Record<'static> {
    let text = |prefix: &str, n: u8| (n > 0).then(|| format!("{prefix}{n}").into());
    match row {
        Row::Event(day, id, user) => Record::Event(Event {
            id: text("e", id),
            user: text("u", user),
            at: Instant((i64::from(DAY) + i64::from(day)) * 86_400_000_000 + 5),
            name: "open".into(),
            channel: None,
            platform: None,
            props: None,
        }),
        Row::Order(order, line, at, amount) => Record::Revenue(Revenue {
            order: text("o", order),
            line: text("l", line),
            user: None,
            at: Instant(i64::from(DAY) * 86_400_000_000 + i64::from(at)),
            stream: None,
            amount: Micros(i64::from(amount)),
            currency: None,
            refund_of: None,
            undated_refund: false,
            refund_total: false,
            props: None,
        }),
        Row::Spend(day, channel, amount, impressions) => Record::Spend(Spend {
            day: Day(DAY + i32::from(day)),
            channel: text("c", channel),
            campaign: None,
            amount: Micros(i64::from(amount)),
            currency: None,
            impressions: (impressions > 0).then_some(u64::from(impressions)),
            clicks: None,
        }),
        Row::Deal(deal, stage) => {
            let mut cells = vec![Cell::Null; 8];
            cells[0] = Cell::Text(format!("d{deal}").into());
            cells[3] = Cell::Text(format!("s{stage}").into());
            Record::Row(tables::Row { kind: Kind::Deals, cells })
        }
        Row::Numbers(..) => records(row).remove(0),
    }
}

fn kind(rows: &[Row]) -> Kind {
    match rows.first() {
        None | Some(Row::Event(..)) => Kind::Events,
        Some(Row::Order(..)) => Kind::Revenue,
        Some(Row::Spend(..)) => Kind::Spend,
        Some(Row::Numbers(..)) => Kind::Facts,
        Some(Row::Deal(..)) => Kind::Deals,
    }
}

/// What identifies a row; the last part is its number among rows of one key.
type Key = (u8, u8, u8, u8, bool, usize);

/// The rules of metrics.md, over whole files.
#[derive(Default)]
struct Model {
    /// Versions of orders and spend by key: import and content.
    versions: BTreeMap<Key, BTreeMap<i64, Row>>,
    undone: BTreeSet<i64>,
    events: BTreeMap<Key, (i64, Row)>,
    events_undone: BTreeMap<i64, Vec<(Key, Row)>>,
}

impl Model {
    fn load(&mut self, batch: i64, rows: &[Row]) -> Counts {
        let mut counts = Counts { read: rows.len() as u64, ..Counts::default() };
        match kind(rows) {
            Kind::Events => self.load_events(batch, rows, &mut counts),
            Kind::Revenue => self.load_orders(batch, rows, &mut counts),
            Kind::Spend => self.load_spend(batch, rows, &mut counts),
            Kind::Facts => self.load_numbers(batch, rows, &mut counts),
            _ => self.load_deals(batch, rows, &mut counts),
        }
        counts
    }

    fn load_events(&mut self, batch: i64, rows: &[Row], counts: &mut Counts) {
        let mut met: BTreeMap<Row, usize> = BTreeMap::new();
        for row in rows {
            let Row::Event(day, id, user) = *row else { unreachable!() };
            let key = if id > 0 {
                (0, day, id, 0, true, 0)
            } else {
                let number = met.entry(*row).or_default();
                *number += 1;
                (0, day, user, 0, false, *number)
            };
            match self.events.get(&key) {
                None => {
                    self.events.insert(key, (batch, *row));
                    counts.inserted += 1;
                }
                Some((_, old)) if old == row => counts.duplicate += 1,
                Some(_) => counts.conflict += 1,
            }
        }
    }

    fn load_orders(&mut self, batch: i64, rows: &[Row], counts: &mut Counts) {
        let mut groups: BTreeMap<Key, Vec<Row>> = BTreeMap::new();
        for row in rows {
            let Row::Order(order, line, at, amount) = *row else { unreachable!() };
            let refund = amount < 0;
            let key = match order {
                // Without an order all fields tell.
                0 => (1, at, amount.unsigned_abs(), line, refund, 0),
                _ => (2, order, line, if refund { at + 1 } else { 0 }, refund, 0),
            };
            groups.entry(key).or_default().push(*row);
        }
        for (key, mut rows) in groups {
            let Some(Row::Order(_, line, ..)) = rows.first().copied() else { unreachable!() };
            if line > 0 {
                self.replace(batch, key, rows, counts);
                continue;
            }
            rows.sort_by_key(|row| if let Row::Order(_, _, at, amount) = row { (*at, *amount) } else { (0, 0) });
            for (number, row) in rows.into_iter().enumerate() {
                self.settle(batch, (key.0, key.1, key.2, key.3, key.4, number), row, 1, counts);
            }
        }
    }

    /// A second row of a key replaces the first.
    fn replace(&mut self, batch: i64, key: Key, rows: Vec<Row>, counts: &mut Counts) {
        let before = self.live(&key);
        let mut now = before;
        for row in rows {
            match now {
                None => counts.inserted += 1,
                Some(old) if old == row => counts.duplicate += 1,
                Some(_) => counts.updated += 1,
            }
            now = Some(row);
        }
        if now != before
            && let Some(row) = now
        {
            self.versions.entry(key).or_default().insert(batch, row);
        }
    }

    fn load_deals(&mut self, batch: i64, rows: &[Row], counts: &mut Counts) {
        let mut groups: BTreeMap<Key, Vec<Row>> = BTreeMap::new();
        for row in rows {
            let Row::Deal(deal, _) = *row else { unreachable!() };
            groups.entry((5, deal, 0, 0, false, 0)).or_default().push(*row);
        }
        for (key, rows) in groups {
            self.replace(batch, key, rows, counts);
        }
    }

    /// Numbers of one day and name add up; all rows of a day share what became of its numbers.
    fn load_numbers(&mut self, batch: i64, rows: &[Row], counts: &mut Counts) {
        let mut days: BTreeMap<u8, (u64, BTreeMap<u8, i8>)> = BTreeMap::new();
        for row in rows {
            let Row::Numbers(day, which, n) = *row else { unreachable!() };
            let (rows, totals) = days.entry(day).or_default();
            *rows += 1;
            for metric in (0..2).filter(|metric| which >> metric & 1 == 1) {
                *totals.entry(metric).or_default() += n;
            }
        }
        for (day, (rows, totals)) in days {
            let mut each = Counts::default();
            let numbers = totals.len() as u64;
            for (metric, total) in totals {
                let row = Row::Numbers(day, 1 << metric, total);
                self.settle(batch, (4, day, metric, 0, false, 0), row, 1, &mut each);
            }
            match each {
                Counts { inserted, .. } if inserted == numbers => counts.inserted += rows,
                Counts { duplicate, .. } if duplicate == numbers => counts.duplicate += rows,
                _ => counts.updated += rows,
            }
        }
    }

    fn load_spend(&mut self, batch: i64, rows: &[Row], counts: &mut Counts) {
        let mut totals: BTreeMap<(u8, u8), (i8, u8, u64)> = BTreeMap::new();
        for row in rows {
            let Row::Spend(day, channel, amount, impressions) = *row else { unreachable!() };
            let total = totals.entry((day, channel)).or_default();
            *total = (total.0 + amount, total.1 + impressions, total.2 + 1);
        }
        for ((day, channel), (amount, impressions, n)) in totals {
            let row = Row::Spend(day, channel, amount, impressions);
            self.settle(batch, (3, day, channel, 0, false, 0), row, n, counts);
        }
    }

    fn settle(&mut self, batch: i64, key: Key, row: Row, n: u64, counts: &mut Counts) {
        match self.live(&key) {
            None => counts.inserted += n,
            Some(old) if old == row => {
                counts.duplicate += n;
                return;
            }
            Some(_) => counts.updated += n,
        }
        self.versions.entry(key).or_default().insert(batch, row);
    }

    /// The version of the newest import in the numbers.
    fn live(&self, key: &Key) -> Option<Row> {
        let versions = self.versions.get(key)?;
        versions.iter().rev().find(|(batch, _)| !self.undone.contains(batch)).map(|(_, row)| *row)
    }

    fn undo(&mut self, batch: i64) {
        self.undone.insert(batch);
        let gone: Vec<Key> = self.events.iter().filter(|(_, (owner, _))| *owner == batch).map(|(k, _)| *k).collect();
        let taken = gone.into_iter().filter_map(|key| self.events.remove(&key).map(|(_, row)| (key, row))).collect();
        self.events_undone.insert(batch, taken);
    }

    fn redo(&mut self, batch: i64) {
        self.undone.remove(&batch);
        for (key, row) in self.events_undone.remove(&batch).unwrap_or_default() {
            self.events.entry(key).or_insert((batch, row));
        }
    }

    /// Events and money in the numbers: day or time, and what is worth comparing.
    fn shown(&self) -> Vec<String> {
        let events = self.events.values().map(|(_, row)| shown(*row));
        let money = self.versions.keys().filter_map(|key| self.live(key)).map(shown);
        let mut all: Vec<String> = events.chain(money).collect();
        all.sort();
        all
    }
}

/// A row as the export of a store shows it.
fn shown(row: Row) -> String {
    let cell = |prefix: &str, n: u8| if n > 0 { format!("{prefix}{n}") } else { "-".to_owned() };
    let exact = |n: i8| quarterdeck::domain::money::exact(n.into());
    match record(row) {
        Record::Row(tables::Row { kind, cells }) => {
            let text = |at: usize| cells[at].text().unwrap_or("-").to_owned();
            match row {
                Row::Numbers(day, _, n) => format!("fact {} {} {}", Day(DAY + i32::from(day)), text(1), exact(n)),
                _ => format!("{} {} {}", kind.name(), text(0), text(3)),
            }
        }
        Record::Event(event) => format!("event {} {}", event.user.as_deref().unwrap_or("-"), event.at),
        Record::Revenue(order) => {
            let Row::Order(.., amount) = row else { unreachable!() };
            format!("order {} {} {}", order.order.as_deref().unwrap_or("-"), order.at, exact(amount))
        }
        Record::Spend(spend) => {
            let Row::Spend(_, channel, amount, impressions) = row else { unreachable!() };
            format!("spend {} {} {} {}", spend.day, cell("c", channel), exact(amount), cell("", impressions))
        }
    }
}

fn stored(store: &Store) -> Vec<String> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        store
            .export(kind, None, &mut |cells| {
                let cell = |at: usize| cells[at].as_deref().unwrap_or("-");
                all.push(match kind {
                    Kind::Events => format!("event {} {}", cell(0), cell(1)),
                    Kind::Revenue => format!("order {} {} {}", cell(0), cell(2), cell(4)),
                    Kind::Spend => format!("spend {} {} {} {}", cell(0), cell(1), cell(3), cell(5)),
                    Kind::Facts => format!("fact {} {} {}", cell(0), cell(1), cell(2)),
                    other => format!("{} {} {}", other.name(), cell(0), cell(3)),
                });
                Ok(())
            })
            .unwrap()
            .unwrap();
    }
    all.sort();
    all
}

/// Loads a file with commits after some of its rows; gives its import and counts.
fn load(store: &mut Store, rows: &[Row], cuts: &BTreeSet<usize>) -> (i64, Counts) {
    let kind = kind(rows);
    let mut writer = store.batch(&NewBatch::new(kind.name(), kind, "(stream)", NOW)).unwrap();
    for (at, row) in rows.iter().enumerate() {
        let refused = match row {
            Row::Numbers(..) => writer.put_several(at as u64 + 2, &records(*row)),
            _ => writer.put(at as u64 + 2, &record(*row)),
        };
        assert_eq!(refused.unwrap(), None);
        if cuts.contains(&at) {
            writer.commit(NOW, Some(at as u64)).unwrap();
            assert!(writer.counts().conserved(), "{:?}", writer.counts());
        }
    }
    (writer.number(), writer.finish(NOW, None, None).unwrap())
}

fn workspace() -> Store {
    Store::in_memory(&NewWorkspace::bare(Zone::UTC, Currency::parse("USD"))).unwrap()
}

fn assert_sound(store: &Store) {
    for (check, passed, facts) in store.check().unwrap() {
        assert!(passed, "{check}: {facts}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn a_file_counts_and_stores_the_same_wherever_its_commits_fall(steps in steps()) {
        let (mut store, mut model) = (workspace(), Model::default());
        let mut files: Vec<Vec<Row>> = Vec::new();
        let mut batches: Vec<i64> = Vec::new();
        for step in steps {
            match step {
                Step::Load(rows, cuts) => {
                    let (batch, counts) = load(&mut store, &rows, &cuts);
                    prop_assert_eq!(counts, model.load(batch, &rows));
                    files.push(rows);
                    batches.push(batch);
                }
                Step::Again(file, cuts) if !files.is_empty() => {
                    let rows = file.get(&files).clone();
                    let (batch, counts) = load(&mut store, &rows, &cuts);
                    prop_assert_eq!(counts, model.load(batch, &rows));
                    batches.push(batch);
                }
                Step::Undo(at) if !batches.is_empty() => {
                    let batch = *at.get(&batches);
                    let possible = !model.undone.contains(&batch);
                    prop_assert_eq!(store.undo(batch).is_ok(), possible);
                    if possible {
                        model.undo(batch);
                    }
                }
                Step::Redo(at) if !batches.is_empty() => {
                    let batch = *at.get(&batches);
                    let possible = model.undone.contains(&batch);
                    prop_assert_eq!(store.redo(batch).is_ok(), possible);
                    if possible {
                        model.redo(batch);
                    }
                }
                _ => {}
            }
            prop_assert_eq!(stored(&store), model.shown());
        }
        assert_sound(&store);
    }
}

#[test]
fn a_stopped_import_of_a_file_goes_on_and_counts_as_if_it_had_not_stopped() {
    let rows = [
        Row::Order(1, 0, 2, 5),
        Row::Order(1, 1, 0, 3),
        Row::Order(1, 1, 0, 4),
        Row::Order(1, 0, 1, 7),
        Row::Order(0, 0, 1, 7),
        Row::Order(0, 0, 1, 7),
    ];
    for stop in 0..rows.len() {
        let mut store = workspace();
        let new = NewBatch::new("revenue", Kind::Revenue, "a.csv", NOW);
        let mut first = 0;
        for run in 0..2 {
            let mut writer = store.batch(&new).unwrap();
            if run == 0 {
                first = writer.number();
            }
            assert_eq!(writer.number(), first, "the same import goes on");
            for (at, row) in rows.iter().enumerate() {
                writer.put(at as u64, &record(*row)).unwrap();
                writer.commit(NOW, None).unwrap();
                if run == 0 && at == stop {
                    break;
                }
            }
            if run == 1 {
                let counts = writer.finish(NOW, None, None).unwrap();
                assert_eq!((counts.read, counts.inserted, counts.updated), (6, 5, 1), "stopped after row {stop}");
            }
        }
        assert_eq!(stored(&store).len(), 5);
        assert_sound(&store);
    }
}

#[test]
fn events_without_ids_keep_their_ordinals_when_an_import_goes_on() {
    let row = Row::Event(0, 0, 1);
    let mut store = workspace();
    let new = NewBatch::new("events", Kind::Events, "a.csv", NOW);
    let mut writer = store.batch(&new).unwrap();
    for line in 0..3 {
        writer.put(line, &record(row)).unwrap();
    }
    writer.commit(NOW, None).unwrap();
    drop(writer);
    let mut writer = store.batch(&new).unwrap();
    for line in 0..5 {
        writer.put(line, &record(row)).unwrap();
    }
    assert_eq!(writer.finish(NOW, None, None).unwrap().inserted, 5);
    drop(writer);
    assert_eq!(
        load(&mut store, &[row; 6], &BTreeSet::from([1, 3])).1,
        Counts { read: 6, inserted: 1, duplicate: 5, ..Counts::default() }
    );
    assert_sound(&store);
}

#[test]
fn a_row_of_the_far_future_is_told_and_does_not_move_how_far_a_source_reaches() {
    let mut store = workspace();
    let mut writer = store.batch(&NewBatch::new("events", Kind::Events, "(stream)", NOW)).unwrap();
    writer.put(1, &record(Row::Event(1, 1, 1))).unwrap();
    let Record::Event(event) = record(Row::Event(0, 2, 1)) else { unreachable!() };
    writer.put(2, &Record::Event(Event { at: Instant(NOW.0 + 2 * 86_400_000_000), ..event })).unwrap();
    assert_eq!(writer.future(), 1);
    let newest = writer.newest();
    assert_eq!(newest, Some(Instant((i64::from(DAY) + 1) * 86_400_000_000 + 5)));
    writer.commit(NOW, None).unwrap();
    drop(writer);
    assert_eq!(store.sources().unwrap()[0].through, newest);
}
