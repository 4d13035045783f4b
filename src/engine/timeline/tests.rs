//! A timeline beside a naive scan of the file, after whatever happened to the file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::domain::calendar::{Calendar, WeekStart, Zone};
use crate::domain::records::Kind as Record;
use crate::engine::{Clock, Engine, NewWorkspace, lens};
use crate::files;
use crate::metrics::presence::UserDays;
use crate::query::{Command, ImportRequest, Outcome};

const CLOCK: Clock = Clock { now: Instant(1_800_000_000_000_000), today: None };
/// 2026-03-07 in UTC, on whose next day the clocks of New York change.
const START: i64 = 1_772_841_600_000_000;

/// What may happen to a file.
#[derive(Debug, Clone)]
enum Deed {
    /// Rows come: user, hour and event of each; the last user is nobody.
    Load(Vec<(u8, i64, u8)>),
    /// Two users are one.
    Link(u8, u8),
    /// An import is taken back, or brought back where it was.
    Undo(usize),
    /// Fresh events are put in their places.
    Settle,
}

struct Desk {
    engine: Engine,
    folder: tempfile::TempDir,
    loads: Vec<(i64, bool)>,
}

/// Events by user, each with time, name and platform.
type Naive = BTreeMap<Option<u32>, Vec<(i64, u32, Option<u32>)>>;

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let profile = NewWorkspace::bare(Zone::parse("America/New_York").unwrap(), None);
        let engine = Engine::create(&folder.path().join("w.db"), &profile).unwrap();
        Self { engine, folder, loads: Vec::new() }
    }

    fn run(&mut self, command: &Command) -> Outcome {
        self.engine.run(command, CLOCK, &mut |_| ControlFlow::Continue(())).unwrap()
    }

    fn load(&mut self, kind: Record, rows: &str) {
        let path = self.folder.path().join("rows.csv");
        files::create_new(&path).unwrap().write_all(rows.as_bytes()).unwrap();
        let request = ImportRequest { path, kind: Some(kind), ..ImportRequest::default() };
        if let Outcome::Imported(summary) = self.run(&Command::Import(request)) {
            self.loads.extend(summary.batch.map(|batch| (batch, true)));
        }
        files::remove(&self.folder.path().join("rows.csv")).unwrap();
    }

    fn act(&mut self, at: usize, deed: &Deed) {
        match deed {
            Deed::Load(rows) => {
                let mut text = "event_id,user_id,ts,event,platform\n".to_owned();
                for (i, (user, hour, event)) in rows.iter().enumerate() {
                    let user = if *user == 5 { String::new() } else { format!("u{user}") };
                    let (ts, platform) = (Instant(START + hour * 3_600_000_000), ["", "ios", "web"][i % 3]);
                    writeln!(text, "e{at}-{i},{user},{ts},n{event},{platform}").unwrap();
                }
                self.load(Record::Events, &text);
            }
            Deed::Link(alias, user) => self.load(Record::Links, &format!("alias,user\nu{alias},u{user}\n")),
            Deed::Undo(which) if !self.loads.is_empty() => {
                let place = which % self.loads.len();
                let (batch, live) = &mut self.loads[place];
                *live = !*live;
                let command = if *live { Command::RedoImport(*batch) } else { Command::UndoImport(*batch) };
                self.run(&command);
            }
            Deed::Undo(_) => {}
            Deed::Settle => {
                if let Some(held) = self.engine.keeper.held_mut() {
                    held.settle();
                }
            }
        }
    }

    fn timeline(&mut self) -> Arc<Timeline> {
        self.engine.keeper.current(&self.engine.store, calendar(), (1, 1)).unwrap().unwrap()
    }

    fn kept(&mut self) -> Naive {
        told(&self.timeline())
    }

    /// Days of who did an event on some platforms, from the timeline and from the file; the third name is no activity.
    fn days(&mut self, (event, platforms): (Option<u32>, &[u32])) -> [UserDays; 2] {
        let (halt, passive) = (Halt::default(), [2].into_iter().collect());
        let (timeline, rules) = (self.timeline(), (&passive, calendar(), &halt));
        let recalled = lens::recall(&timeline, (event, platforms), rules);
        [recalled, lens::read(&self.engine.store, (event, platforms, &[]), rules)].map(Result::unwrap)
    }

    fn naive(&self) -> Naive {
        let mut all = Naive::new();
        let each = &mut |row: RawEvent| all.entry(row.user).or_default().push((row.at.0, row.name, row.platform));
        self.engine.store.scan_events(None, None, each).unwrap();
        sorted(all)
    }
}

fn calendar() -> Calendar {
    Calendar { zone: Zone::parse("America/New_York").unwrap(), week_start: WeekStart::Monday }
}

/// Nobody's events have no order.
fn sorted(mut all: Naive) -> Naive {
    for (user, rows) in &mut all {
        rows.sort_by_key(|row| if user.is_some() { (row.0, 0, None) } else { *row });
    }
    all
}

fn told(timeline: &Timeline) -> Naive {
    let mut all = Naive::new();
    let row = |event: RawEvent| (event.at.0, event.name, event.platform);
    let halves = [0..timeline.users() / 2, timeline.users() / 2..timeline.users()];
    for half in halves {
        let each = |user, at: &[i64], kind: &[u32]| {
            assert!(at.is_sorted());
            let rows = at.iter().zip(kind).map(|(at, kind)| row(timeline.event(Some(user), *at, *kind)));
            assert!(all.insert(Some(user), rows.collect()).is_none());
        };
        timeline.each(half, &Halt::default(), each).unwrap();
    }
    for (at, kind) in timeline.nobody() {
        all.entry(None).or_default().push(row(timeline.event(None, at, kind)));
    }
    sorted(all)
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let rows = prop::collection::vec((0_u8..6, 0_i64..72, 0_u8..3), 1..20);
    let deed = prop_oneof![
        6 => rows.prop_map(Deed::Load),
        1 => (0_u8..5, 0_u8..5).prop_map(|(alias, user)| Deed::Link(alias, user)),
        1 => any::<usize>().prop_map(Deed::Undo),
        2 => Just(Deed::Settle),
    ];
    prop::collection::vec(deed, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_to_a_file_its_timeline_is_that_of_a_scan(deeds in deeds()) {
        let mut desk = Desk::new();
        for (at, deed) in deeds.iter().enumerate() {
            desk.act(at, deed);
            prop_assert_eq!(desk.kept(), desk.naive(), "after {:?}", deed);
            for asked in [(None, &[][..]), (Some(1), &[]), (Some(0), &[0]), (None, &[1]), (Some(2), &[0, 1])] {
                let [recalled, read] = desk.days(asked);
                prop_assert_eq!(recalled, read, "{:?} after {:?}", asked, deed);
            }
        }
    }

    #[test]
    fn rows_taken_in_later_stand_where_they_would_have_stood(
        rows in prop::collection::vec((0_u32..200_000, 0_i64..5), 0..60), cut in 0_usize..60,
    ) {
        let event = |(i, (user, at)): (usize, &(u32, i64))| RawEvent {
            user: Some(*user % 7 * 30_000), at: Instant(*at), name: i as u32, platform: None, channel: None,
        };
        let all: Vec<RawEvent> = rows.iter().enumerate().map(event).collect();
        let cut = cut.min(all.len());
        let whole = made(&all);
        let mut late = made(&all[..cut]);
        for half in all[cut..].chunks(all.len().div_ceil(2).max(1)) {
            let rows = half.iter().filter_map(|event| late.row_of(event)).collect();
            late.take(rows);
            prop_assert_eq!(told(&late).values().map(Vec::len).sum::<usize>() , late.at.len() + late.fresh.len());
        }
        prop_assert_eq!(told(&late), told(&whole));
        late.settle();
        prop_assert_eq!(told(&late), told(&whole));
        prop_assert_eq!((late.starts, late.at), (whole.starts, whole.at));
    }
}

fn made(events: &[RawEvent]) -> Timeline {
    let mut timeline = Timeline::default();
    let rows: Vec<Row> = events.iter().filter_map(|event| timeline.row_of(event)).collect();
    timeline.gather(build::dealt(rows));
    timeline
}

#[test]
fn a_question_that_is_no_longer_wanted_gives_up() {
    let timeline = made(&[RawEvent { user: Some(1), at: Instant(0), name: 0, platform: None, channel: None }]);
    let halt = Halt::default();
    halt.stop();
    let given_up = timeline.each(0..2, &halt, |_, _, _| {});
    assert!(given_up.is_err_and(|error| error.is_interrupted()));
    halt.begin();
    assert!(timeline.each(0..2, &halt, |_, _, _| {}).is_ok());
}

#[test]
fn a_timeline_read_ahead_is_the_one_that_is_asked_for() {
    let mut desk = Desk::new();
    desk.act(0, &Deed::Load(vec![(0, 1, 0), (1, 2, 1), (5, 3, 1)]));
    desk.engine.read_ahead();
    assert_eq!(desk.kept(), desk.naive());
    desk.act(1, &Deed::Load(vec![(0, 0, 0), (2, 2, 1)]));
    assert_eq!(desk.kept(), desk.naive());
}
