//! `quarterdeck profile`: the settings of the workspace.

use std::ops::ControlFlow;

use clap::Args;

use crate::domain::calendar::{WeekStart, Zone};
use crate::domain::money::Currency;
use crate::query::{Command, Outcome, Profile, ProfileChange};

use super::Deck;
use super::flags::{currency, stage, week_start, zone};
use super::output::Failure;
use super::table::{Cell, Format, Table};

/// The settings of the workspace: printed, or changed where one is given.
#[derive(Debug, Args)]
pub struct ProfileArgs {
    /// Zone whose days are counted; stored times stay as they are, every number by day is counted anew
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    tz: Option<Zone>,
    /// Currency that amounts are shown in; those in another need a rate of their day
    #[arg(long, value_name = "CODE", value_parser = currency)]
    currency: Option<Currency>,
    /// First day of the week: monday, sunday or saturday
    #[arg(long, value_name = "DAY", value_parser = week_start)]
    week_start: Option<WeekStart>,
    /// Name of the product, shown on every screen
    #[arg(long, value_name = "NAME")]
    product: Option<String>,
    /// Form of the product, such as app or website
    #[arg(long, value_name = "FORM")]
    form: Option<String>,
    /// Stage of the product: seed, growth, mature or decline
    #[arg(long, value_name = "STAGE", value_parser = stage)]
    stage: Option<String>,
    /// How to write the settings
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
///
/// # Errors
/// When an import is being written in the old zone, or the workspace cannot be read or written.
pub fn run(args: &ProfileArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let change = ProfileChange {
        product: args.product.clone(),
        form: args.form.clone(),
        stage: args.stage.clone(),
        currency: args.currency,
        zone: args.tz,
        week_start: args.week_start,
    };
    let profile = if change == ProfileChange::default() {
        let mut engine = deck.open()?;
        deck.status(&mut engine)?.profile
    } else {
        let mut engine = deck.open_to_write()?;
        let done = engine.run(&Command::ChangeProfile(change), deck.clock(), &mut |_| ControlFlow::Continue(()))?;
        let Outcome::Profile(profile) = done else { return Err(Failure::failed("the engine did something else")) };
        profile
    };
    let mut table = Table::new(&["setting", "value"]);
    table.rows = rows(&profile);
    deck.write(&table, args.format)
}

fn rows(profile: &Profile) -> Vec<Vec<Cell>> {
    let text = |value: &str| if value.is_empty() { Cell::Missing } else { Cell::text(value) };
    let row = |name: &str, value: Cell| vec![Cell::text(name), value];
    vec![
        row("product", text(&profile.product)),
        row("form", text(&profile.form)),
        row("stage", text(&profile.stage)),
        row("currency", profile.currency.map_or(Cell::Missing, |currency| Cell::text(currency.code()))),
        row("zone", Cell::text(profile.zone.name())),
        row("week_start", Cell::text(profile.week_start.name())),
    ]
}
