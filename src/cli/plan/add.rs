//! `quarterdeck plan add`: what a plan has beside its tree.

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args, Subcommand};

use crate::domain::plans::{
    Cost, Edit, Kiss, Lesson, Node, NodeRole, Resource, ResourceKind, ResourceScope, ResourceState, Review,
};
use crate::engine::Engine;
use crate::query::{Binding, PlanOrder, Unit, find_metric};
use crate::ui::amount;
use crate::ui::when::{When, when};

use super::super::nearest::nearest;
use super::super::output::Failure;
use super::super::{Deck, planned};
use super::change::Tree;
use super::word;

/// What is added.
#[derive(Debug, Subcommand)]
pub enum Add {
    /// A guardrail: a number that must not be worse than its target while the plan runs
    Guard(NodeArgs),
    /// A number that is believed to matter and stays out of the arithmetic
    Influence(NodeArgs),
    /// Money, people, places or anything else that it needs
    Resource(ResourceArgs),
    /// What was used on a day, of a resource or of none
    Cost(CostArgs),
    /// What its review has taught, with the node or the fact that shows it
    Lesson(LessonArgs),
}

/// A node beside the tree.
#[derive(Debug, Args)]
pub struct NodeArgs {
    /// Number that `plan list` shows
    id: i64,
    /// What measures it: a row of `metric --list`, two as net/orders, or fact:NAME
    #[arg(value_name = "METRIC")]
    metric: String,
    /// Its target: 300k, 2.5%
    #[arg(long, value_name = "VALUE", allow_negative_numbers = true)]
    target: Option<String>,
    /// What it is called; else as its metric
    #[arg(long, value_name = "LABEL")]
    label: Option<String>,
    /// Who answers for it
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    owner: String,
    /// Why; needed while the plan runs
    #[arg(long, default_value = "", hide_default_value = true, value_name = "TEXT")]
    reason: String,
}

/// A resource.
#[derive(Debug, Args)]
pub struct ResourceArgs {
    /// Number that `plan list` shows
    id: i64,
    /// What it is called
    #[arg(value_name = "TITLE", value_parser = NonEmptyStringValueParser::new())]
    name: String,
    /// cash, people, slot, dev, design, coupon, barter, kol, media, venue or other
    #[arg(long, value_name = "KIND", value_parser = kind, default_value = "cash")]
    kind: ResourceKind,
    /// internal or external
    #[arg(long, value_name = "SCOPE", value_parser = scope, default_value = "internal")]
    scope: ResourceScope,
    /// Who gives it
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    from: String,
    /// How much is asked for: 60k of money, 10 of days or pieces
    #[arg(long, value_name = "AMOUNT", default_value = "0", hide_default_value = true)]
    asked: String,
    /// How much is given
    #[arg(long, value_name = "AMOUNT", default_value = "0", hide_default_value = true)]
    granted: String,
    /// wanted, asked, granted, refused, used or returned; else granted where something is given, or asked
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Option<ResourceState>,
    /// The day by which it is needed: 2026-06-10, fri, +7d
    #[arg(long, value_name = "DATE", value_parser = when)]
    by: Option<When>,
}

/// A cost.
#[derive(Debug, Args)]
pub struct CostArgs {
    /// Number that `plan list` shows
    id: i64,
    /// How much: 1200, 1.2k
    #[arg(value_name = "AMOUNT")]
    amount: String,
    /// Name or number of its resource
    #[arg(long, value_name = "RESOURCE")]
    resource: Option<String>,
    /// The day: 2026-06-10, today, fri
    #[arg(long, value_name = "DATE", value_parser = when, default_value = "today")]
    day: When,
    /// What for
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    note: String,
}

/// A lesson.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("shown by").args(["node", "fact"]).required(true).multiple(true))]
pub struct LessonArgs {
    /// Number that `plan list` shows
    id: i64,
    /// What to do
    #[arg(value_name = "TEXT", value_parser = NonEmptyStringValueParser::new())]
    body: String,
    /// keep, improve, start or stop
    #[arg(long, value_name = "KISS", value_parser = kiss, default_value = "keep")]
    kiss: Kiss,
    /// The node that shows it, by its number or label
    #[arg(long, value_name = "NODE")]
    node: Option<String>,
    /// The fact that shows it
    #[arg(long, value_name = "TEXT")]
    fact: Option<String>,
    /// 1 guessed, 2 likely, 3 sure
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(i64).range(1..=3))]
    sure: i64,
}

fn kind(text: &str) -> Result<ResourceKind, String> {
    word(text, ResourceKind::parse, ResourceKind::ALL, ResourceKind::word)
}

fn scope(text: &str) -> Result<ResourceScope, String> {
    word(text, ResourceScope::parse, ResourceScope::ALL, ResourceScope::word)
}

fn state(text: &str) -> Result<ResourceState, String> {
    word(text, ResourceState::parse, ResourceState::ALL, ResourceState::word)
}

fn kiss(text: &str) -> Result<Kiss, String> {
    word(text, Kiss::parse, Kiss::ALL, Kiss::word)
}

/// Adds it.
///
/// # Errors
/// When there is no such plan, node or resource, a value is no number, or the workspace cannot be read or written.
pub fn run(add: &Add, deck: &mut Deck) -> Result<u8, Failure> {
    match add {
        Add::Guard(args) => node(args, NodeRole::Guardrail, deck),
        Add::Influence(args) => node(args, NodeRole::Influence, deck),
        Add::Resource(args) => resource(args, deck),
        Add::Cost(args) => cost(args, deck),
        Add::Lesson(args) => lesson(args, deck),
    }
}

fn node(args: &NodeArgs, role: NodeRole, deck: &mut Deck) -> Result<u8, Failure> {
    Binding::parse(&args.metric).map_err(Failure::usage)?;
    let unit = Binding::unit_of(&args.metric);
    let target = args.target.as_deref().map(|text| Tree::value(text, unit)).transpose()?;
    let mut engine = deck.open_to_write()?;
    let seq = planned::book(&mut engine, deck)?.next_seq(args.id, None);
    let named = || find_metric(&args.metric).map_or_else(|| args.metric.clone(), |metric| metric.name.to_owned());
    let after = Node {
        seq,
        metric: Some(args.metric.clone()),
        label: args.label.clone().unwrap_or_else(named),
        target,
        owner: args.owner.clone(),
        ..Node::new(args.id, role)
    };
    let order = PlanOrder::Node { before: None, after: Box::new(after), reason: args.reason.clone() };
    Ok(planned::order(order, &mut engine, deck)?.code)
}

/// Millionths of an amount of money, days or pieces.
fn micros(text: &str) -> Result<i64, Failure> {
    // The digits of money and of pieces are read alike.
    Ok(amount::parse(text, Unit::Money).map_err(Failure::usage)?.round() as i64)
}

fn resource(args: &ResourceArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let (planned_micros, granted_micros) = (micros(&args.asked)?, micros(&args.granted)?);
    let mut engine = deck.open_to_write()?;
    let today = deck.status(&mut engine)?.today;
    let usual = if granted_micros > 0 { ResourceState::Granted } else { ResourceState::Asked };
    let mut edit = Edit::new(format!("new resource: {}", args.name));
    edit.add(Resource {
        id: -1,
        plan_id: args.id,
        scope: args.scope,
        kind: args.kind,
        name: args.name.trim().to_owned(),
        provider: args.from.clone(),
        state: args.state.unwrap_or(usual),
        planned_micros,
        granted_micros,
        needed_by: args.by.map(|by| by.from(today)),
    });
    existing(args.id, edit, &mut engine, deck)
}

fn cost(args: &CostArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let amount_micros = micros(&args.amount)?;
    if amount_micros <= 0 {
        return Err(Failure::usage("a cost is more than 0; `quarterdeck plan undo` takes the last one back"));
    }
    let mut engine = deck.open_to_write()?;
    let today = deck.status(&mut engine)?.today;
    let resources = planned::book(&mut engine, deck)?.resources;
    let mine: Vec<&Resource> = resources.iter().filter(|one| one.plan_id == args.id).collect();
    let of = args.resource.as_deref().map(|typed| named(&mine, typed)).transpose()?;
    let (resource_id, name) = (of.map(|one| one.id), of.map_or("no resource", |one| one.name.as_str()));
    let mut edit = Edit::new(format!("{} of {name} used", amount::full(Some(amount_micros as f64), Unit::Money)));
    let day = args.day.from(today);
    edit.add(Cost { id: -1, plan_id: args.id, resource_id, day, amount_micros, note: args.note.clone() });
    existing(args.id, edit, &mut engine, deck)
}

/// The resource of a number, else of a name; case does not count.
fn named<'r>(resources: &[&'r Resource], typed: &str) -> Result<&'r Resource, Failure> {
    let number: Option<i64> = typed.trim().parse().ok();
    let folded = typed.trim().to_lowercase();
    let fits = |one: &&&Resource| Some(one.id) == number || one.name.to_lowercase() == folded;
    let mut found = resources.iter().filter(fits);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => Err(Failure::usage(format!("{typed} is more than one resource; give its number"))),
        (None, _) => {
            let near = nearest(typed, resources.iter().map(|one| one.name.as_str()));
            let hint = near.map_or_else(
                || "`quarterdeck plan add resource` adds one".to_owned(),
                |near| format!("did you mean {near}?"),
            );
            Err(Failure::usage(format!("the plan has no resource {typed}; {hint}")))
        }
    }
}

fn lesson(args: &LessonArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open_to_write()?;
    let tree = Tree::of(args.id, &mut engine, deck)?;
    let node_id = args.node.as_deref().map(|typed| Ok::<_, Failure>(tree.node(Some(typed))?.0.id)).transpose()?;
    let view = tree.view();
    let mut edit = Edit::new(format!("new lesson: {}", args.body));
    let mut review_id = view.review.id;
    if view.review_is_draft {
        review_id = -1;
        edit.add(Review { id: review_id, ..view.review.clone() });
    }
    edit.add(Lesson {
        id: -2,
        review_id,
        kiss: args.kiss,
        body: args.body.trim().to_owned(),
        op_type: view.head.plan.op_type,
        method: view.head.plan.method.clone(),
        evidence: args.fact.clone().unwrap_or_default(),
        node_id,
        confidence: args.sure,
    });
    Ok(planned::order(PlanOrder::Edit(edit), &mut engine, deck)?.code)
}

/// Gives an edit of a plan, which must be there.
fn existing(plan: i64, edit: Edit, engine: &mut Engine, deck: &Deck) -> Result<u8, Failure> {
    if planned::book(engine, deck)?.plan(plan).is_none() {
        return Err(Failure::usage(format!("there is no plan {plan}; `quarterdeck plan list` names them")));
    }
    Ok(planned::order(PlanOrder::Edit(edit), engine, deck)?.code)
}
