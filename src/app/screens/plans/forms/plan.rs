//! A new plan, and an old one in a form.

use crate::domain::calendar::Day;
use crate::domain::plans::{Edit, Focus, OpType, Phase, Plan, RevenueLink, Table, method};
use crate::query::{Answer, Fault, Mark, NewPlan, PastQuery, PlanBoard, PlanOrder, Query};
use crate::ui::{amount, dates};

use super::super::super::super::PanelId;
use super::super::super::super::layers::form::{FieldRow, Form, Kind, Lookup, Pool, Told, Values};
use super::super::super::super::written;
use super::{fault, field, missing, need, options};

const TYPE: FieldRow =
    need(field("op_type", "WHAT", "type", Kind::Choice(options::op_types), "its operation type, 1 to 7"));
const METHOD: FieldRow =
    field("method", "WHAT", "method", Kind::Known(options::methods), "how; any word, or one of the usual ones");
const TITLE: FieldRow =
    need(field("title", "WHAT", "title", Kind::Text, "what it is called; rounds get r2, r3 behind it"));
const OWNER: FieldRow = field("owner", "WHAT", "owner", Kind::Known(options::owners), "who answers for it");
const START: FieldRow = need(field("start", "WHEN", "start", Kind::Day(""), "accepts 2026-07-01, 1 jul, wed, +7d"));
const FINISH: FieldRow =
    need(field("finish", "WHEN", "finish", Kind::Day("start"), "last day; +29d counts from the start"));
const PHASES: FieldRow =
    field("phases", "WHEN", "phases", Kind::Phases, "steady 100%, or preheat 5d 20%, burst 3d 55%, tail 25%");
const OBSERVE: FieldRow =
    field("observe_days", "WHEN", "observe", Kind::Count, "days of watching after it; 7 completes D7");
const STRATEGY: FieldRow = field("strategy", "WHY", "strategy", Kind::Choice(options::strategies), "what it serves");
const FOCUS: FieldRow =
    field("focus", "WHY", "focus", Kind::Choice(options::focuses), "empty is as usual for the method");
const LINK: FieldRow = field(
    "revenue_link",
    "WHY",
    "revenue",
    Kind::Choice(options::links),
    "how it is tied to revenue; empty is as its metric says",
);
const AUDIENCE: FieldRow = field("audience", "HOW", "audience", Kind::Text, "whom it is for");
const PLACE: FieldRow = field("place", "HOW", "place", Kind::Text, "where it takes place");
const MECHANIC: FieldRow = field("mechanic", "HOW", "mechanic", Kind::Long, "what is done");

const NEW: &[FieldRow] = &[
    TYPE,
    METHOD,
    TITLE,
    OWNER,
    START,
    FINISH,
    PHASES,
    OBSERVE,
    STRATEGY,
    FOCUS,
    LINK,
    field("metric", "WHY", "metric", Kind::Known(options::metrics), "what measures its primary target"),
    field("target", "WHY", "target", Kind::Amount, "300k, 2.5%; a baseline is measured when it is saved"),
    AUDIENCE,
    PLACE,
    MECHANIC,
];

const EDIT: &[FieldRow] = &[
    TYPE,
    METHOD,
    TITLE,
    OWNER,
    START,
    FINISH,
    PHASES,
    OBSERVE,
    STRATEGY,
    need(FOCUS),
    need(LINK),
    AUDIENCE,
    PLACE,
    MECHANIC,
    field("spend_filter", "HOW", "spend of", Kind::Filter, "spend that is its own: channel=feed-a,feed-b"),
    field("reason", "REVISION", "reason", Kind::Text, "the plan runs: why its days or phases change"),
];

/// Only a running plan asks why its days change.
fn rows(plan: &Plan) -> &'static [FieldRow] {
    if plan.status.is_frozen() { EDIT } else { &EDIT[..EDIT.len() - 1] }
}

/// A new plan.
pub fn new_plan(board: &PlanBoard, today: Day) -> Form {
    let pool = Pool { book: &board.book, plan: None, today };
    let active = board.strategies.first().map_or_else(String::new, |row| row.id.to_string());
    let texts = NEW.iter().map(|row| match row.id {
        "observe_days" => "7".to_owned(),
        "phases" => "steady 100%".to_owned(),
        "strategy" => active.clone(),
        _ => String::new(),
    });
    Form::new("new plan", NEW, texts.collect(), &pool, make_new)
        .unit(|values| options::unit_of(values.text("metric")))
        .proposing(propose)
        .looking(Lookup { field: "target", panel: PanelId::PAST, ask: ask_past, tell: tell_past })
}

/// What the metric gave before the days of the plan, once both are known.
fn ask_past(values: &Values<'_>) -> Option<Query> {
    let metric = values.text("metric").to_owned();
    options::unit_of(&metric)?;
    Some(Query::Past(PastQuery { metric, days: values.span().ok()? }))
}

/// The base and the best beside an empty field; how likely the target is beside one that is typed into.
fn tell_past(answer: &Answer, values: &Values<'_>) -> Option<Told> {
    let Answer::Past(past) = answer else { return None };
    let unit = options::unit_of(values.text("metric"))?;
    let full = |value: f64| amount::full(Some(value), unit);
    let base = past.base.map(|(value, window)| {
        let days = dates::period(window, values.today());
        (format!("base {}", amount::brief(Some(value), unit)), format!("base {} ({days})", full(value)))
    });
    let best = past.bounds.map(|bounds| {
        let best = bounds.best;
        let of = if past.windows == 1 { "the window before".to_owned() } else { format!("{} windows", past.windows) };
        (format!("best {}", amount::brief(Some(best), unit)), format!("best of {of} {}", full(best)))
    });
    let target = values.amount("target");
    let held = past.bounds.zip(target);
    let mark = match held.and_then(|(it, target)| Mark::of(it.is_stretch(target), it.is_unlikely(target))) {
        Some(Mark::Stretch) => Some("stretch"),
        Some(Mark::Unlikely) => Some("unlikely"),
        _ => None,
    };
    let (short, long): (Vec<String>, Vec<String>) = [base, best].into_iter().flatten().unzip();
    let beside = match target.map(full) {
        Some(target) => mark.map(|mark| format!("{target}: {mark}")).unwrap_or_default(),
        None if values.text("target").is_empty() => short.join(", "),
        None => String::new(),
    };
    let line = if long.is_empty() { "nothing is known of as many days before it".to_owned() } else { long.join(", ") };
    let line = mark.map_or_else(|| line.clone(), |mark| format!("{line}: {mark}"));
    Some(Told { beside, line })
}

fn propose(id: &str, values: &Values<'_>) -> Option<String> {
    match id {
        "start" => Some("tomorrow".to_owned()),
        "finish" => Some("+29d".to_owned()),
        "observe_days" => Some("7".to_owned()),
        "phases" => Some("steady 100%".to_owned()),
        "focus" => method(values.text("method")).map(|method| method.focus.word().to_owned()),
        "title" => method(values.text("method")).map(|method| method.about.to_owned()),
        _ => None,
    }
}

fn phases_of(values: &Values<'_>) -> Result<Vec<written::PhaseDays>, Vec<Fault>> {
    let span = values.span().map_err(|text| fault("finish", text))?;
    written::phases(values.text("phases"), span).map_err(|text| fault("phases", text))
}

fn make_new(values: &Values<'_>) -> Result<PlanOrder, Vec<Fault>> {
    let phases = phases_of(values)?;
    let metric = Some(values.text("metric").to_owned()).filter(|metric| !metric.is_empty());
    if metric.as_deref().is_some_and(|metric| options::unit_of(metric).is_none()) {
        return Err(fault("metric", "is no metric; F3 lists them"));
    }
    Ok(PlanOrder::New(Box::new(NewPlan {
        op_type: OpType::parse(values.text("op_type")).ok_or_else(|| missing("op_type"))?,
        title: values.text("title").to_owned(),
        method: values.text("method").to_owned(),
        focus: Focus::parse(values.text("focus")),
        owner: values.text("owner").to_owned(),
        start: values.day("start").ok_or_else(|| missing("start"))?,
        finish: values.day("finish").ok_or_else(|| missing("finish"))?,
        phases,
        observe_days: values.count("observe_days").unwrap_or(0),
        revenue_link: RevenueLink::parse(values.text("revenue_link")),
        strategy: values.count("strategy"),
        target: values.amount("target").filter(|_| metric.is_some()),
        metric,
        audience: values.text("audience").to_owned(),
        place: values.text("place").to_owned(),
        mechanic: values.text("mechanic").to_owned(),
    })))
}

/// A plan and its phases.
pub fn edit_plan(board: &PlanBoard, plan: &Plan, today: Day) -> Form {
    let pool = Pool { book: &board.book, plan: Some(plan.id), today };
    let mut old: Vec<Phase> = board.book.phases.iter().filter(|phase| phase.plan_id == plan.id).cloned().collect();
    old.sort_by_key(|phase| phase.seq);
    let texts = EDIT.iter().map(|row| match row.id {
        "op_type" => plan.op_type.word().to_owned(),
        "method" => plan.method.clone(),
        "title" => plan.title.clone(),
        "owner" => plan.owner.clone(),
        "start" => plan.start.to_string(),
        "finish" => plan.finish.to_string(),
        "phases" => written::phases_text(old.iter()),
        "observe_days" => plan.observe_days.to_string(),
        "strategy" => plan.strategy_id.map_or_else(String::new, |id| id.to_string()),
        "focus" => plan.focus.word().to_owned(),
        "revenue_link" => plan.revenue_link.word().to_owned(),
        "audience" => plan.audience.clone(),
        "place" => plan.place.clone(),
        "mechanic" => plan.mechanic.clone(),
        "reason" => String::new(),
        _ => written::filter_text(&plan.spend_filter),
    });
    let before = plan.clone();
    Form::new(format!("{} > edit", plan.name()), rows(plan), texts.collect(), &pool, move |values| {
        make_edit(values, &before, &old)
    })
    .of((Table::Plan, plan.id))
    .proposing(propose)
}

fn make_edit(values: &Values<'_>, before: &Plan, old: &[Phase]) -> Result<PlanOrder, Vec<Fault>> {
    let phases = phases_of(values)?;
    let after = Plan {
        op_type: OpType::parse(values.text("op_type")).ok_or_else(|| missing("op_type"))?,
        method: values.text("method").to_owned(),
        title: values.text("title").to_owned(),
        owner: values.text("owner").to_owned(),
        start: values.day("start").ok_or_else(|| missing("start"))?,
        finish: values.day("finish").ok_or_else(|| missing("finish"))?,
        observe_days: values.count("observe_days").unwrap_or(0),
        strategy_id: values.count("strategy"),
        focus: Focus::parse(values.text("focus")).ok_or_else(|| missing("focus"))?,
        revenue_link: RevenueLink::parse(values.text("revenue_link")).ok_or_else(|| missing("revenue_link"))?,
        audience: values.text("audience").to_owned(),
        place: values.text("place").to_owned(),
        mechanic: values.text("mechanic").to_owned(),
        spend_filter: values.filter("spend_filter"),
        ..before.clone()
    };
    let unchanged = values.text("phases") == written::phases_text(old.iter());
    let same_days = (before.start, before.finish) == (after.start, after.finish);
    let moves = !unchanged || !same_days || before.observe_days != after.observe_days;
    let reason = values.text("reason").to_owned();
    if before.status.is_frozen() && moves && reason.is_empty() {
        return Err(fault("reason", "the plan runs; say why its days change"));
    }
    let mut edit = Edit::new(format!("edit {}", after.name()));
    edit.set(before.clone(), after);
    if !unchanged || !same_days {
        set_phases(&mut edit, before.id, old, &phases);
    }
    Ok(PlanOrder::Days { plan: before.id, edit, reason })
}

fn set_phases(edit: &mut Edit, plan_id: i64, old: &[Phase], new: &[written::PhaseDays]) {
    for (seq, (kind, start, finish, share)) in (0..).zip(new) {
        let after = Phase { plan_id, seq, kind: *kind, start: *start, finish: *finish, share: *share };
        match old.iter().find(|phase| phase.seq == seq) {
            Some(phase) => edit.set(phase.clone(), after),
            None => edit.add(after),
        }
    }
    for phase in old.iter().filter(|phase| phase.seq >= new.len() as i64) {
        edit.remove(phase.clone());
    }
}
