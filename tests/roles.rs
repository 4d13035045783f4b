//! Passive events are no activity and raw channels go where the mapping says, whatever came when: random imports, undos,
//! redos and changes of role against a naive recomputation, and the numbers that follow.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail the test")]

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use proptest::prelude::*;
use quarterdeck::domain::calendar::{Calendar, Day, Grain, Instant, Span, WeekStart, Zone};
use quarterdeck::domain::channels::ChannelRule;
use quarterdeck::domain::props::PropFilter;
use quarterdeck::domain::records::{Event, Kind, Record};
use quarterdeck::domain::roles::EventRole;
use quarterdeck::engine::{Access, Clock, Engine, NewWorkspace};
use quarterdeck::query::{
    Answer, AttributionQuery, ChannelMapping, Command, ConversionOf, EventFilter, EventName, ImportRequest,
    MetricQuery, Number, Outcome, Query, RetentionQuery, Segment, Series, Split, StickinessQuery, TouchKey,
};
use quarterdeck::store::{Author, NewBatch, SetKind, Store, TermKind};

/// 2026-03-28, the day before the clocks change in Rome.
const DAY: i64 = 20_540;
const HOUR: i64 = 3_600_000_000;
const NOW: Instant = Instant((DAY + 60) * 24 * HOUR);
const ANA: Author<'_> = Author { actor: "Ana", at: NOW };
const ZONE: &str = "Europe/Rome";

const NAMES: [&str; 4] = ["open", "push_received", "view", "SMS.sent"];
const GUESSED: [&str; 2] = ["push_received", "SMS.sent"];
const CHANNELS: [Option<&str>; 4] = [None, Some("feed"), Some("Feed "), Some("search")];
const MEDIUMS: [Option<&str>; 3] = [None, Some("cpc"), Some("mail")];

/// All of an event follows from its number, so that the same number is the same event.
#[derive(Debug, Clone, Copy)]
struct Fact(u16);

impl Fact {
    fn at(self) -> Instant {
        Instant(DAY * 24 * HOUR + i64::from(self.0 % 19) * 5 * HOUR / 2)
    }

    fn user(self) -> Option<String> {
        let user = self.0 / 3 % 5;
        (user > 0).then(|| format!("u{user}"))
    }

    fn name(self) -> &'static str {
        NAMES[usize::from(self.0 / 2 % 4)]
    }

    fn platform(self) -> Option<&'static str> {
        [None, Some("ios"), Some("web")][usize::from(self.0 / 5 % 3)]
    }

    fn channel(self) -> Option<&'static str> {
        CHANNELS[usize::from(self.0 / 7 % 4)]
    }

    fn medium(self) -> &'static str {
        MEDIUMS[usize::from(self.0 / 11 % 3)].unwrap_or("")
    }

    fn record(self) -> Record<'static> {
        let medium = self.medium();
        Record::Event(Event {
            id: Some(self.0.to_string().into()),
            user: self.user().map(Into::into),
            at: self.at(),
            name: self.name().into(),
            channel: self.channel().map(Into::into),
            platform: self.platform().map(Into::into),
            props: (!medium.is_empty()).then(|| format!(r#"{{"utm_medium":"{medium}"}}"#).into()),
        })
    }
}

#[derive(Debug, Clone)]
enum Step {
    /// Events, and after which of them commits come.
    Load(Vec<u16>, BTreeSet<usize>),
    Undo(prop::sample::Index),
    Redo(prop::sample::Index),
    /// A name becomes passive or active.
    Say(usize, bool),
    /// What was said of a name is taken back.
    Clear(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let cuts = || prop::collection::btree_set(0..12_usize, 0..4);
    let any = any::<prop::sample::Index>;
    let step = prop_oneof![
        4 => (prop::collection::vec(0..400_u16, 0..12), cuts()).prop_map(|(facts, cuts)| Step::Load(facts, cuts)),
        1 => any().prop_map(Step::Undo),
        1 => any().prop_map(Step::Redo),
        2 => (0..4_usize, prop::bool::ANY).prop_map(|(name, passive)| Step::Say(name, passive)),
        1 => (0..4_usize).prop_map(Step::Clear),
    ];
    prop::collection::vec(step, 1..12)
}

/// Events in the numbers and what is said of names, without rollups.
#[derive(Default)]
struct Model {
    live: BTreeMap<u16, i64>,
    undone: BTreeMap<i64, Vec<u16>>,
    said: BTreeMap<&'static str, bool>,
}

/// What rollups tell, by texts.
type Told = (BTreeMap<(String, i32, String), BTreeSet<String>>, BTreeMap<String, (String, String)>);

impl Model {
    fn is_passive(&self, name: &str) -> bool {
        self.said.get(name).copied().unwrap_or_else(|| GUESSED.contains(&name))
    }

    fn told(&self) -> Told {
        let calendar = Calendar { zone: Zone::parse(ZONE).unwrap(), week_start: WeekStart::Monday };
        let mut sets: BTreeMap<(String, i32, String), BTreeSet<String>> = BTreeMap::new();
        let mut touches: BTreeMap<String, (i64, String, String)> = BTreeMap::new();
        for fact in self.live.keys().map(|number| Fact(*number)) {
            let Some(user) = fact.user() else { continue };
            let day = calendar.day_of(fact.at()).0;
            let mut put = |kind: &str, key: &str| {
                sets.entry((kind.to_owned(), day, key.to_owned())).or_default().insert(user.clone());
            };
            put("event", fact.name());
            if !self.is_passive(fact.name()) {
                put("active", "");
                if let Some(platform) = fact.platform() {
                    put("platform", platform);
                }
            }
            if let Some(channel) = fact.channel() {
                let touch = (fact.at().0, channel.to_owned(), fact.medium().to_owned());
                let old = touches.entry(user).or_insert_with(|| touch.clone());
                *old = touch.min(old.clone());
            }
        }
        (sets, touches.into_iter().map(|(user, (_, channel, medium))| (user, (channel, medium))).collect())
    }
}

fn told(store: &Store, users: &BTreeMap<u32, String>) -> Told {
    let terms = |kind| store.terms(kind).unwrap();
    let (names, platforms, channels) =
        (terms(TermKind::EventName), terms(TermKind::Platform), terms(TermKind::Channel));
    let mut sets = BTreeMap::new();
    let platform = platforms.iter().enumerate().map(|(id, key)| (SetKind::Platform(id as u32), "platform", &**key));
    let event = names.iter().enumerate().map(|(id, key)| (SetKind::Event(id as u32), "event", &**key));
    for (kind, word, key) in [(SetKind::Active, "active", "")].into_iter().chain(platform).chain(event) {
        for set in store.day_sets(kind, None).unwrap() {
            let of_set = set.users.iter().map(|user| users[user].clone()).collect();
            sets.insert((word.to_owned(), set.day.0, key.to_owned()), of_set);
        }
    }
    let touches = store.touches().unwrap();
    let touch = |id: u32| {
        let touch = &touches[id as usize];
        (channels[touch.channel as usize].clone(), touch.medium.clone())
    };
    let all = store.first_touches().unwrap();
    let of = |user: u32| all.of(user, Instant(i64::MAX));
    let firsts = (0..all.users()).filter_map(|user| Some((users[&user].clone(), touch(of(user)?))));
    (sets, firsts.collect())
}

fn profile(zone: &str) -> NewWorkspace {
    NewWorkspace { product: "Lantern".into(), ..NewWorkspace::bare(Zone::parse(zone).unwrap(), None) }
}

fn load(store: &mut Store, facts: &[u16], cuts: &BTreeSet<usize>) -> i64 {
    let mut writer = store.batch(&NewBatch::new("events", Kind::Events, "(stream)", NOW)).unwrap();
    for (at, fact) in facts.iter().enumerate() {
        writer.put(at as u64 + 2, &Fact(*fact).record()).unwrap();
        if cuts.contains(&at) {
            writer.commit(NOW, None).unwrap();
        }
    }
    writer.finish(NOW, None, None).unwrap();
    writer.number()
}

fn assert_sound(store: &Store) {
    for (check, passed, facts) in store.check().unwrap() {
        assert!(passed, "{check}: {facts}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]
    #[test]
    fn rollups_equal_a_naive_recomputation_whatever_is_said_of_names_and_when(steps in steps()) {
        let (mut store, mut model) = (Store::in_memory(&profile(ZONE)).unwrap(), Model::default());
        let (mut batches, mut users): (Vec<i64>, Vec<String>) = (Vec::new(), Vec::new());
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for step in steps {
            match step {
                Step::Load(facts, cuts) => {
                    let batch = load(&mut store, &facts, &cuts);
                    batches.push(batch);
                    for number in facts {
                        model.live.entry(number).or_insert(batch);
                        known.insert(Fact(number).name());
                        users.extend(Fact(number).user().filter(|user| !users.contains(user)));
                    }
                }
                Step::Undo(at) if !batches.is_empty() => {
                    let batch = *at.get(&batches);
                    if store.undo(batch).is_ok() {
                        let taken = model.live.iter().filter(|(_, owner)| **owner == batch).map(|(n, _)| *n).collect();
                        model.live.retain(|_, owner| *owner != batch);
                        prop_assert!(model.undone.insert(batch, taken).is_none());
                    }
                }
                Step::Redo(at) if !batches.is_empty() => {
                    let batch = *at.get(&batches);
                    let taken = model.undone.remove(&batch);
                    prop_assert_eq!(store.redo(batch).is_ok(), taken.is_some());
                    for number in taken.unwrap_or_default() {
                        model.live.entry(number).or_insert(batch);
                    }
                }
                Step::Say(name, passive) => {
                    let said = store.set_role(NAMES[name], Some(EventRole::View), passive, ANA);
                    prop_assert_eq!(said.is_ok(), known.contains(NAMES[name]));
                    if said.is_ok() {
                        model.said.insert(NAMES[name], passive);
                    }
                }
                Step::Clear(name) => {
                    let done = store.clear_role(NAMES[name], ANA);
                    prop_assert_eq!(done.is_ok(), known.contains(NAMES[name]));
                    model.said.remove(NAMES[name]);
                }
                _ => {}
            }
            let ids = users.iter().enumerate().map(|(id, user)| (id as u32, user.clone())).collect();
            prop_assert_eq!(told(&store, &ids), model.told());
        }
        assert_sound(&store);
    }
}

fn content(store: &Store) -> String {
    let checks = store.check().unwrap().into_iter();
    checks.filter(|(check, passed, _)| check == "content" && *passed).map(|(.., facts)| facts).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn the_same_events_are_the_same_content_however_they_come(
        files in prop::collection::vec(prop::collection::vec(0..400_u16, 0..60), 1..6),
        cuts in prop::collection::btree_set(0..60_usize, 0..9),
        (batch, other) in (any::<prop::sample::Index>(), 0..400_u16),
    ) {
        let mut clean = Store::in_memory(&profile(ZONE)).unwrap();
        let all: BTreeSet<u16> = files.iter().flatten().copied().collect();
        load(&mut clean, &all.iter().copied().collect::<Vec<_>>(), &BTreeSet::new());
        let mut store = Store::in_memory(&profile(ZONE)).unwrap();
        let batches: Vec<i64> = files.iter().map(|facts| load(&mut store, facts, &cuts)).collect();
        prop_assert_eq!(content(&store), content(&clean));
        let batch = *batch.get(&batches);
        store.undo(batch).unwrap();
        for facts in &files {
            load(&mut store, facts, &cuts);
        }
        store.redo(batch).unwrap();
        assert_sound(&store);
        prop_assert_eq!(content(&store), content(&clean));
        if !all.contains(&other) {
            load(&mut store, &[other], &cuts);
            prop_assert!(content(&store) != content(&clean));
        }
    }
}

const EVENTS: &str = r#"
{"user_id":"ann","ts":"2026-06-01T08:00:00Z","event":"open","platform":"ios","utm_source":"Google","utm_medium":"cpc"}
{"user_id":"ben","ts":"2026-06-01T09:00:00Z","event":"open","platform":"web","utm_source":"google ","utm_medium":"organic"}
{"user_id":"cy","ts":"2026-06-01T09:00:00Z","event":"open","platform":"web","utm_source":"fb"}
{"user_id":"ann","ts":"2026-06-02T08:00:00Z","event":"push_received","platform":"ios"}
{"user_id":"dee","ts":"2026-06-02T08:00:00Z","event":"push_received","platform":"ios"}
{"user_id":"ben","ts":"2026-06-02T09:00:00Z","event":"open","platform":"web"}
"#;
const SPEND: &str = "date,channel,amount,currency\n2026-06-01,GOOGLE,3,USD\n2026-06-01,fb,2,USD\n2026-06-02,tv,5,USD\n";

struct Desk {
    engine: Engine,
    folder: tempfile::TempDir,
}

const CLOCK: Clock = Clock { now: Instant(1_780_531_200_000_000), today: None };

#[expect(clippy::disallowed_methods, reason = "a file of the test")]
fn place(folder: &Path, name: &str, text: &str) -> std::path::PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = Engine::create(&folder.path().join("w.db"), &profile("UTC")).unwrap();
    for (name, text) in [("events.ndjson", EVENTS.trim_start()), ("spend.csv", SPEND)] {
        let path = place(folder.path(), name, text);
        let request = ImportRequest { path, through: Day::parse("2026-06-02"), ..ImportRequest::default() };
        let request = ImportRequest { currency: quarterdeck::domain::money::Currency::parse("USD"), ..request };
        let Outcome::Imported(summary) = run(&mut engine, &Command::Import(request)).unwrap() else { panic!() };
        assert_eq!(summary.counts.rejected, 0, "{:?}", summary.first_rejects);
    }
    Desk { engine, folder }
}

fn run(engine: &mut Engine, command: &Command) -> Result<Outcome, quarterdeck::engine::EngineError> {
    engine.run(command, CLOCK, &mut |_| ControlFlow::Continue(()))
}

fn june() -> Span {
    Span { first: Day::parse("2026-06-01").unwrap(), last: Day::parse("2026-06-02").unwrap() }
}

fn series(engine: &mut Engine, metric: &'static str, split: Option<Split>, segment: Segment) -> Series {
    let query = MetricQuery { metric, span: june(), grain: None, segment, split, event: None, window_days: None };
    let Answer::Metric(series) = engine.answer(&Query::Metric(query), CLOCK).unwrap() else { panic!() };
    series
}

fn total(engine: &mut Engine, metric: &'static str) -> Number {
    series(engine, metric, None, Segment::default()).lines[0].points[0].value
}

/// `channel value` of every part that is not zero.
fn parts(engine: &mut Engine, metric: &'static str) -> Vec<String> {
    let series = series(engine, metric, Some(Split::Channel), Segment::default());
    let part = |line: &quarterdeck::query::Line| match (&line.part, line.points[0].value) {
        (Some(name), Number::Count(n)) if n > 0 => Some(format!("{name} {n}")),
        (Some(name), Number::Money(n)) if n > 0 => Some(format!("{name} {}", n / 1_000_000)),
        _ => None,
    };
    let mut parts: Vec<String> = series.lines.iter().filter_map(part).collect();
    parts.sort();
    parts
}

fn mapping(engine: &mut Engine) -> ChannelMapping {
    let Answer::Mapping(mapping) = engine.answer(&Query::Mapping, CLOCK).unwrap() else { panic!() };
    mapping
}

fn roles(engine: &mut Engine) -> Vec<EventName> {
    let Answer::Roles(roles) = engine.answer(&Query::Roles, CLOCK).unwrap() else { panic!() };
    roles
}

fn set(event: &str, role: Option<EventRole>, passive: Option<bool>) -> Command {
    Command::SetRole { event: event.into(), role, passive }
}

#[test]
fn a_passive_event_is_no_activity_but_an_event_that_can_be_asked_for() {
    let mut desk = desk();
    let engine = &mut desk.engine;
    let names = roles(engine);
    let row =
        |at: usize| (names[at].name.as_str(), names[at].role, names[at].passive, names[at].guessed, names[at].events);
    assert_eq!(row(0), ("open", None, false, true, 4));
    assert_eq!(row(1), ("push_received", Some(EventRole::Touch), true, true, 2));
    assert_eq!((total(engine, "active_users"), total(engine, "new_users")), (Number::Count(3), Number::Count(3)));
    assert_eq!(total(engine, "events"), Number::Count(6));
    let query = MetricQuery {
        metric: "active_users",
        span: june(),
        grain: None,
        segment: Segment::default(),
        split: None,
        event: Some("push_received".into()),
        window_days: None,
    };
    let Answer::Metric(pushed) = engine.answer(&Query::Metric(query), CLOCK).unwrap() else { panic!() };
    assert_eq!(pushed.lines[0].points[0].value, Number::Count(2));
    let stickiness = |engine: &mut Engine, event: Option<&str>, n| {
        let query = StickinessQuery {
            span: june(),
            grain: quarterdeck::domain::calendar::Grain::Day,
            event: event.map(str::to_owned),
            rule: quarterdeck::query::Occurrences::Exactly(n),
            cumulative: false,
            segment: Segment::default(),
        };
        let Answer::Stickiness(users) = engine.answer(&Query::Stickiness(query), CLOCK).unwrap() else { panic!() };
        users
    };
    assert_eq!(stickiness(engine, None, 1), [2, 1], "ann has only the push on the second day");
    assert_eq!(stickiness(engine, Some("push_received"), 1), [2, 0]);
}

#[test]
fn an_open_dashboard_sees_what_another_process_says_of_a_name() {
    let mut desk = desk();
    let mut other = Engine::open(&desk.folder.path().join("w.db"), Access::ReadWrite, Duration::from_secs(1)).unwrap();
    assert_eq!(total(&mut desk.engine, "active_users"), Number::Count(3));
    let Outcome::Role(name) = run(&mut other, &set("push_received", Some(EventRole::Touch), Some(false))).unwrap()
    else {
        panic!()
    };
    assert!(!name.passive && !name.guessed);
    assert!(desk.engine.changed().unwrap());
    assert_eq!(total(&mut desk.engine, "active_users"), Number::Count(4));
    let Outcome::Role(name) = run(&mut other, &Command::ClearRole("push_received".into())).unwrap() else { panic!() };
    assert!(name.passive && name.guessed);
    assert_eq!(total(&mut desk.engine, "active_users"), Number::Count(3));
    run(&mut other, &set("open", Some(EventRole::View), None)).unwrap();
    assert_eq!(roles(&mut desk.engine)[0].role, Some(EventRole::View));
    assert!(run(&mut other, &set("opne", None, None)).unwrap_err().exit_code() == 2);
}

#[test]
fn a_writer_obeys_what_is_said_of_a_name_while_it_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let mut store = Store::create(&path, &profile("UTC")).unwrap();
    let mut other = Store::open(&path, Access::ReadWrite, Duration::from_secs(5)).unwrap();
    let named = |name: &'static str, from: u16| {
        (from..400).map(Fact).find(|fact| fact.name() == name && fact.user().is_some()).unwrap()
    };
    let mut writer = store.batch(&NewBatch::new("events", Kind::Events, "(stream)", NOW)).unwrap();
    let first = named("open", 0);
    writer.put(1, &first.record()).unwrap();
    writer.commit(NOW, None).unwrap();
    other.set_role("open", None, true, ANA).unwrap();
    writer.put(2, &named("open", first.0 + 1).record()).unwrap();
    writer.finish(NOW, None, None).unwrap();
    drop(writer);
    assert_eq!(store.day_sets(SetKind::Active, None).unwrap(), []);
    assert_sound(&store);
}

#[test]
fn raw_channels_go_where_the_mapping_says_and_back_without_touching_a_row() {
    let mut desk = desk();
    let engine = &mut desk.engine;
    assert_eq!(parts(engine, "new_users"), ["GOOGLE 2", "fb 1"]);
    assert_eq!(parts(engine, "spend"), ["GOOGLE 3", "fb 2", "tv 5"]);
    let rule = |source, medium, channel| Command::MapChannel(ChannelRule::new(source, medium, channel).unwrap());
    run(engine, &rule("google", "CPC", "Paid search")).unwrap();
    assert_eq!(parts(engine, "new_users"), ["GOOGLE 1", "Paid search 1", "fb 1"]);
    run(engine, &rule("Google", "", "Search")).unwrap();
    run(engine, &rule("FB", "", "Social")).unwrap();
    assert_eq!(parts(engine, "new_users"), ["Paid search 1", "Search 1", "Social 1"]);
    assert_eq!(parts(engine, "spend"), ["Search 3", "Social 2", "tv 5"]);
    let segment = Segment { channels: vec!["Search".into(), "Social".into()], ..Segment::default() };
    assert_eq!(series(engine, "new_users", None, segment).lines[0].points[0].value, Number::Count(2));
    let shown = mapping(engine);
    let raw = |at: usize| {
        let row = &shown.raw[at];
        (row.source.as_str(), row.medium.as_str(), row.users, row.channel.as_str(), row.mapped)
    };
    let rows: Vec<_> = (0..shown.raw.len()).map(raw).collect();
    assert_eq!(
        rows,
        [
            ("fb", "", 1, "Social", true),
            ("Google", "cpc", 1, "Paid search", true),
            ("google", "organic", 1, "Search", true),
            ("GOOGLE", "", 0, "Search", true),
            ("tv", "", 0, "tv", false),
        ]
    );
    let Answer::Choices(choices) = engine.answer(&Query::Choices, CLOCK).unwrap() else { panic!() };
    let names: Vec<&str> = choices.channels.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Paid search", "Search", "Social", "tv"], "dee has only a push, so she is nobody's user yet");
    let Outcome::Mapping(left) = run(engine, &Command::UnmapChannel(None)).unwrap() else { panic!() };
    assert_eq!(left, 0);
    assert_eq!(parts(engine, "new_users"), ["GOOGLE 2", "fb 1"]);
}

#[test]
fn properties_give_the_channel_where_no_column_does() {
    let folder = tempfile::tempdir().unwrap();
    let props = r#""{""utm_source"":""mail"",""utm_medium"":""letter""}""#;
    let rows = "2026-06-01T08:00:00Z,open";
    for (name, text, raw) in [
        (
            "props.csv",
            format!("user_id,ts,event,props\nann,{rows},{props}\nben,{rows},\n"),
            &[("mail", "letter", 1)][..],
        ),
        (
            "column.csv",
            format!("user_id,ts,event,channel,props\nann,{rows},,{props}\nben,{rows},tv,\n"),
            &[("tv", "", 1)],
        ),
        (
            "utm.csv",
            format!("user_id,ts,event,utm_source,utm_medium\nann,{rows},mail,letter\n"),
            &[("mail", "letter", 1)],
        ),
    ] {
        let mut engine = Engine::in_memory(&profile("UTC")).unwrap();
        let request = ImportRequest { path: place(folder.path(), name, &text), ..ImportRequest::default() };
        run(&mut engine, &Command::Import(request)).unwrap();
        let found = mapping(&mut engine).raw;
        let found: Vec<_> = found.iter().map(|r| (r.source.as_str(), r.medium.as_str(), r.users)).collect();
        assert_eq!(found, raw, "{name}");
    }
}

#[test]
fn a_rule_may_lead_to_direct() {
    let mut desk = desk();
    run(&mut desk.engine, &set("push_received", None, Some(false))).unwrap();
    run(&mut desk.engine, &Command::MapChannel(ChannelRule::new("fb", "", "(direct)").unwrap())).unwrap();
    assert_eq!(parts(&mut desk.engine, "new_users"), ["(direct) 2", "GOOGLE 2"]);
    let Answer::Choices(choices) = desk.engine.answer(&Query::Choices, CLOCK).unwrap() else { panic!() };
    let direct: Vec<_> = choices.channels.iter().filter(|(name, _)| name == "(direct)").collect();
    assert_eq!(direct, [&("(direct)".to_owned(), 2)], "cy by the rule, and dee");
}

#[test]
fn a_mapping_file_replaces_the_rules_or_changes_nothing() {
    let mut desk = desk();
    let mut import = |name: &str, text: &str| {
        let path = place(desk.folder.path(), name, text);
        let rules = run(&mut desk.engine, &Command::LoadMapping(path));
        let channels: Vec<String> = mapping(&mut desk.engine).rules.iter().map(|r| r.channel().to_owned()).collect();
        (rules.map_err(|e| (e.exit_code(), e.to_string())), channels)
    };
    let (done, channels) =
        import("a.csv", "\u{feff}Source;Medium;Note;Channel\nGoogle;CPC;x;\"Paid; search\"\n\nfb;;;Social\n");
    assert_eq!(
        (done, channels.as_slice()),
        (Ok(Outcome::Mapping(2)), &["Social".to_owned(), "Paid; search".into()][..])
    );
    let refused = [
        ("source,medium\na,b\n", "b.csv:1: there is no column source or no column channel"),
        ("source,channel\na,A\n,B\n", "b.csv:3: source or channel is empty"),
        ("source,channel\na,A\nb,\n", "b.csv:3: source or channel is empty"),
        ("source,channel\na,A\nA ,B\n", "b.csv:3: line 2 sends the same source and medium to A"),
        ("source,channel\na,\"A\n", "b.csv:2: a quote opens and never closes"),
        ("", "b.csv:1: the file is empty"),
    ];
    for (text, why) in refused {
        let (done, left) = import("b.csv", text);
        let (code, said) = done.unwrap_err();
        assert!(code == 5 && said.contains(why), "{text:?}: {code} {said}");
        assert_eq!(left, channels, "{text:?}");
    }
    let (done, channels) = import("c.csv", "source,channel\nfb,Meta\nFB,Meta\n");
    assert_eq!((done, channels.as_slice()), (Ok(Outcome::Mapping(1)), &["Meta".to_owned()][..]));
}

/// A workspace as schema 2 wrote it: two events of ann, the first with a channel.
fn old_workspace(path: &Path) {
    let db = rusqlite::Connection::open(path).unwrap();
    db.execute_batch(include_str!("../src/store/migrations/0001_spine.sql")).unwrap();
    db.execute_batch(include_str!("../src/store/migrations/0002_runs.sql")).unwrap();
    db.execute_batch(
        r#"INSERT INTO setting VALUES ('zone', 'UTC'), ('week_start', 'monday');
         INSERT INTO term VALUES (0, 0, 'sign_up'), (0, 1, 'push_received'), (1, 0, 'google');
         INSERT INTO user VALUES (0, 'ann', 100, 8640000000005, 0);
         INSERT INTO event VALUES (429496729600, 1, 5, 0, 0, 0, NULL, '{"utm_medium":"cpc","utm_campaign":"spring"}');
         INSERT INTO event VALUES (433791696896, 1, 5, 1, 0, NULL, NULL, NULL);
         PRAGMA journal_mode = WAL; PRAGMA application_id = 1363428171; PRAGMA user_version = 2"#,
    )
    .unwrap();
    db.close().unwrap();
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

#[test]
fn a_workspace_without_roles_gets_them_and_keeps_its_numbers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    old_workspace(&path);
    let mut store = Store::open(&path, Access::ReadWrite, Duration::from_secs(1)).unwrap();
    let told = |store: &Store| {
        let row = |r: &quarterdeck::domain::roles::NameRole| (r.role.map(EventRole::name), r.passive, r.guessed);
        let roles: Vec<_> = store.roles().unwrap().iter().map(row).collect();
        (roles, store.day_sets(SetKind::Active, None).unwrap().len())
    };
    assert_eq!(told(&store), (vec![(Some("signup"), false, true), (Some("touch"), false, true)], 2));
    let touch = store.first_touches().unwrap().of(0, Instant(i64::MAX)).unwrap();
    let touches = store.touches().unwrap();
    let touch = &touches[touch as usize];
    assert_eq!((touch.medium.as_str(), touch.campaign.as_str()), ("cpc", "spring"));
    let rollups = |store: &Store| store.check().unwrap().into_iter().find(|check| check.0 == "rollups").unwrap();
    assert!(rollups(&store).1, "{:?}", rollups(&store));
    store.clear_role("push_received", ANA).unwrap();
    assert_eq!(told(&store).1, 1, "the guess makes it passive when the operator asks for it");
    assert!(rollups(&store).1, "{:?}", rollups(&store));
}

#[test]
fn answers_from_the_events_themselves_leave_passive_ones_out_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = Engine::in_memory(&profile("UTC")).unwrap();
    let text = "user_id,ts,event,kind\nann,2026-06-01T08:00:00Z,open,a\nann,2026-06-02T08:00:00Z,push_received,a\n\
                ben,2026-06-01T08:00:00Z,push_received,a\nben,2026-06-02T08:00:00Z,open,b\n";
    let path = place(folder.path(), "events.csv", text);
    let request = ImportRequest { path, through: Day::parse("2026-06-02"), ..ImportRequest::default() };
    run(&mut engine, &Command::Import(request)).unwrap();
    let kind = || PropFilter::is("kind", &["a"]);
    let segment = Segment { props: vec![kind()], ..Segment::default() };
    let mut users = |segment| series(&mut engine, "active_users", None, segment).lines[0].points[0].value;
    assert_eq!((users(Segment::default()), users(segment)), (Number::Count(2), Number::Count(1)));
    let any = EventFilter { name: None, props: vec![kind()] };
    let query = RetentionQuery { start: any, ..RetentionQuery::new(june(), Grain::Day, 1) };
    let Answer::Retention(table) = engine.answer(&Query::Retention(Box::new(query)), CLOCK).unwrap() else { panic!() };
    let cohorts: Vec<_> = table.whole.cohorts.iter().map(|c| (c.size, c.cells[1].users)).collect();
    assert_eq!(cohorts, [(1, 0), (0, 0)], "ann alone, and her push is no return");
}

#[test]
fn credit_goes_to_the_channels_that_the_mapping_gives() {
    let folder = tempfile::tempdir().unwrap();
    let engine = &mut Engine::in_memory(&profile("UTC")).unwrap();
    // Both spellings of tv are one channel, so that places of channels are not those of their raw texts.
    let text = "user_id,ts,event,channel\nben,2026-06-01T07:00:00Z,open,tv\ncy,2026-06-01T07:00:00Z,open,TV\n\
                ann,2026-06-01T08:00:00Z,open,feed\nann,2026-06-02T08:00:00Z,buy,\n";
    let path = place(folder.path(), "events.csv", text);
    let request = ImportRequest { path, through: Day::parse("2026-06-02"), ..ImportRequest::default() };
    run(engine, &Command::Import(request)).unwrap();
    let query = || {
        Query::Attribution(Box::new(AttributionQuery {
            models: vec![quarterdeck::query::Model::Last],
            lookback_days: Some(30),
            inclusive: true,
            without_direct: false,
            key: TouchKey::Channel,
            touches: Vec::new(),
            conversion: ConversionOf::Event { name: "buy".into(), value: None },
            span: Some(june()),
            segment: Segment::default(),
        }))
    };
    let credited = |engine: &mut Engine| {
        let Answer::Attribution(table) = engine.answer(&query(), CLOCK).unwrap() else { panic!() };
        let row = table.models[0].iter().find(|row| matches!(row.conversions, Number::Ratio { num, .. } if num > 0));
        row.map(|row| row.source.clone())
    };
    assert_eq!(credited(engine).as_deref(), Some("feed"));
    run(engine, &Command::MapChannel(ChannelRule::new("feed", "", "Social").unwrap())).unwrap();
    assert_eq!(credited(engine).as_deref(), Some("Social"));
}
