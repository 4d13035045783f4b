//! `quarterdeck mapping`: where raw channels go.

use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::domain::channels::{ChannelRule, folded, split};
use crate::engine::csv_row;
use crate::query::{ChannelMapping, Command, Outcome};
use crate::ui::text;

use super::Deck;
use super::output::{Failure, note};
use super::table::{Cell, Format, Table};

/// Where raw channels go; without a command, the list.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct MappingArgs {
    #[command(subcommand)]
    action: Option<Action>,
    /// How to write the list
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Send a raw channel to a channel
    Set {
        /// Raw channel; with a medium only that, else any
        #[arg(value_name = "SOURCE[/MEDIUM]", value_parser = raw)]
        raw: (String, String),
        /// Channel that answers show
        #[arg(value_name = "CHANNEL")]
        channel: String,
    },
    /// Remove a rule: the raw channel keeps its own name
    Clear {
        /// Raw channel of the rule
        #[arg(value_name = "SOURCE[/MEDIUM]", value_parser = raw, required_unless_present = "all")]
        raw: Option<(String, String)>,
        /// Remove every rule
        #[arg(long, conflicts_with = "raw")]
        all: bool,
    },
    /// Write the rules as CSV with the columns source, medium, channel
    Export,
    /// Replace the rules by those of a CSV file
    Import {
        /// File with the columns source, channel and, where it matters, medium
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Splits what was typed at its last slash.
fn raw(text: &str) -> Result<(String, String), String> {
    match split(text) {
        ("", _) => Err("a raw channel is written SOURCE or SOURCE/MEDIUM".to_owned()),
        (source, medium) => Ok((folded(source), folded(medium))),
    }
}

/// Runs the command.
///
/// # Errors
/// When a file is not understood, there is no such rule, or the workspace cannot be read or written.
pub fn run(args: &MappingArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let command = match &args.action {
        None => return list(args.format, deck),
        Some(Action::Export) => return export(deck),
        Some(Action::Set { raw: (source, medium), channel }) => {
            let rule = ChannelRule::new(source, medium, channel);
            Command::MapChannel(rule.ok_or_else(|| Failure::usage("the channel is empty; name one"))?)
        }
        Some(Action::Clear { raw, .. }) => Command::UnmapChannel(raw.clone()),
        Some(Action::Import { file }) => Command::LoadMapping(file.clone()),
    };
    let mut engine = deck.open_to_write()?;
    let Outcome::Mapping(rules) = engine.run(&command, deck.clock(), &mut |_| ControlFlow::Continue(()))? else {
        return Err(Failure::failed("the engine did something else"));
    };
    if let Command::MapChannel(rule) = &command {
        let mapping = ask(deck)?;
        let leads = folded(rule.channel());
        if !mapping.raw.iter().any(|raw| raw.mapped && folded(&raw.channel) == leads) {
            note(&format!("nothing came through {} yet; the rule waits for it", rule.source()));
        }
    }
    deck.out.line(&format!("{rules} {} the mapping", if rules == 1 { "rule in" } else { "rules in" }))?;
    Ok(0)
}

fn ask(deck: &Deck) -> Result<ChannelMapping, Failure> {
    Ok(answer!(deck, deck.open()?, Mapping))
}

fn list(format: Format, deck: &mut Deck) -> Result<u8, Failure> {
    let mapping = ask(deck)?;
    let mut table = Table::new(&["source", "medium", "users", "channel", "mapped"]);
    let rows = mapping.raw.into_iter().map(|raw| {
        vec![
            Cell::Text(raw.source),
            Cell::Text(raw.medium),
            Cell::Count(raw.users.into()),
            Cell::Text(raw.channel),
            Cell::Flag(raw.mapped),
        ]
    });
    table.rows = rows.collect();
    deck.write(&table, format)
}

fn export(deck: &mut Deck) -> Result<u8, Failure> {
    let mapping = ask(deck)?;
    deck.out.line("source,medium,channel")?;
    for rule in &mapping.rules {
        let cells = [rule.source(), rule.medium(), rule.channel()];
        // A file gets the bytes as they came; a terminal would obey some of them.
        let terminal = deck.out.terminal;
        let shown = cells.map(|c| Some(if terminal { text::safe(c).to_string() } else { c.to_owned() }));
        csv_row(&mut deck.out, &shown)?;
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raw_channel_is_split_at_its_last_slash() {
        let of = |text: &str| raw(text).map(|(source, medium)| format!("{source}|{medium}"));
        assert_eq!(of("Google/CPC"), Ok("google|cpc".into()));
        assert_eq!(of("https://t.co/social"), Ok("https://t.co|social".into()));
        assert_eq!(of(" feed "), Ok("feed|".into()));
        assert!(of("/cpc").is_err() && of(" ").is_err());
    }
}
