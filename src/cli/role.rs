//! `quarterdeck role`: what event names mean.

use std::ops::ControlFlow;

use clap::{Args, Subcommand};

use crate::domain::roles::EventRole;
use crate::query::{Command, EventName, Outcome};

use super::Deck;
use super::nearest::{self, Asked, nearest};
use super::output::Failure;
use super::table::{Cell, Format, Table};

/// The word for no role.
const NONE: &str = "none";

/// What event names mean; without a command, the list.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct RoleArgs {
    #[command(subcommand)]
    change: Option<Change>,
    /// How to write the list
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Change {
    /// Say what an event name means
    Set(SetArgs),
    /// Take back what was said: the role is guessed from the name again
    Clear {
        /// Event name
        #[arg(value_name = "NAME")]
        name: String,
    },
}

#[derive(Debug, Args)]
struct SetArgs {
    /// Event name
    #[arg(value_name = "NAME")]
    name: String,
    /// signup, activate, view, engage, share, invite, complete, join, touch, cart, checkout, pay, `pay_fail`, `ad_impression`,
    /// `ad_request`, `ad_fill`, crash, or none
    #[arg(value_name = "ROLE", value_parser = role)]
    role: RoleWord,
    /// Its events are no activity, as usual for touch
    #[arg(long, conflicts_with = "active")]
    passive: bool,
    /// Its events are activity, as usual for all others
    #[arg(long)]
    active: bool,
}

/// A role, or the word for none.
#[derive(Debug, Clone, Copy)]
struct RoleWord(Option<EventRole>);

fn role(text: &str) -> Result<RoleWord, String> {
    if text == NONE {
        return Ok(RoleWord(None));
    }
    EventRole::parse(text).map(|role| RoleWord(Some(role))).ok_or_else(|| {
        let names: Vec<&str> = EventRole::all().map(EventRole::name).chain([NONE]).collect();
        let near = nearest(text, names.iter().copied()).map_or_else(String::new, |n| format!("did you mean {n}? "));
        format!("{near}a role is {}", names.join(", "))
    })
}

/// Runs the command.
///
/// # Errors
/// When no event has the name, or the workspace cannot be read or written.
pub fn run(args: &RoleArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let command = match &args.change {
        None => return list(args.format, deck),
        Some(Change::Set(set)) => {
            let passive = (set.passive || set.active).then_some(set.passive);
            Command::SetRole { event: set.name.clone(), role: set.role.0, passive }
        }
        Some(Change::Clear { name }) => Command::ClearRole(name.clone()),
    };
    let (Command::SetRole { event, .. } | Command::ClearRole(event)) = &command else {
        return Err(Failure::failed("this changes no role"));
    };
    let mut engine = deck.open_to_write()?;
    nearest::check(&Asked { events: vec![event], ..Asked::default() }, &mut engine, deck)?;
    let Outcome::Role(name) = engine.run(&command, deck.clock(), &mut |_| ControlFlow::Continue(()))? else {
        return Err(Failure::failed("the engine did something else"));
    };
    let active = if name.passive { "passive: no activity" } else { "counts as activity" };
    deck.out.line(&format!("{}  {}  {active}  {}", name.name, word(&name), how(&name)))?;
    Ok(0)
}

fn list(format: Format, deck: &mut Deck) -> Result<u8, Failure> {
    let names = answer!(deck, deck.open()?, Roles);
    let mut table = Table::new(&["event", "role", "passive", "how", "events"]);
    let row = |name: &EventName| {
        vec![
            Cell::text(&name.name),
            Cell::text(word(name)),
            Cell::Flag(name.passive),
            Cell::text(how(name)),
            Cell::Count(name.events.into()),
        ]
    };
    table.rows = names.iter().map(row).collect();
    deck.write(&table, format)
}

fn word(name: &EventName) -> &'static str {
    name.role.map_or(NONE, EventRole::name)
}

fn how(name: &EventName) -> &'static str {
    if name.guessed { "guessed" } else { "set" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_read_by_its_name_and_a_slip_is_told_the_nearest() {
        assert_eq!(role("pay_fail").unwrap().0, Some(EventRole::PayFail));
        assert_eq!(role("none").unwrap().0, None);
        let said = role("pay-fial").unwrap_err();
        assert!(said.starts_with("did you mean pay_fail? a role is signup, "), "{said}");
    }

    #[test]
    fn help_names_every_role() {
        let help = include_str!("role.rs");
        let help = help.split("    /// signup, ").nth(1).unwrap().split("#[arg").next().unwrap();
        for role in EventRole::all().skip(1) {
            assert!(help.contains(role.name()), "{}", role.name());
        }
    }
}
