//! `quarterdeck check`: whether everything is on course, for cron and the message of the day.

use clap::Args;

use crate::app::brief::{cause_sentence, fact, goal};
use crate::query::{LampState, TargetWord, Today};
use crate::ui::dates;

use super::output::{FINDINGS, Failure};
use super::{Deck, brief};

/// Whether everything is on course: one line for each target, source, exception, lamp and task that is not.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// End with 3 where anything is not on course, with 0 where all is
    #[arg(long)]
    exit_code: bool,
}

/// Runs the command.
///
/// # Errors
/// Whatever the workspace refuses.
pub fn run(args: &CheckArgs, deck: &mut Deck) -> Result<u8, Failure> {
    let mut engine = deck.open()?;
    let (today, _) = brief::today(&mut engine, deck)?;
    let findings = findings(&today);
    for line in &findings {
        deck.out.line(line)?;
    }
    if findings.is_empty() {
        deck.out.line("on course")?;
    }
    Ok(if args.exit_code && !findings.is_empty() { FINDINGS } else { 0 })
}

/// What is not on course: targets that are not OK, stale sources, exceptions, red lamps, overdue tasks.
fn findings(today: &Today) -> Vec<String> {
    let targets = today.primaries.iter().filter(|one| one.standing != TargetWord::Ok);
    let mut all: Vec<String> = targets.map(|one| format!("target: {}", goal(one))).collect();
    let stale = today.sources.iter().filter_map(|source| Some((source, source.stale_days?)));
    all.extend(stale.map(|(source, days)| format!("source: {} has no row for {}.", source.name, dates::age(days))));
    let is_source = |cause: &&crate::query::Cause| !matches!(cause.place, crate::query::Place::Source(_));
    let causes = today.causes.iter().filter(|cause| cause.sign.is_some()).filter(is_source);
    all.extend(causes.map(|cause| format!("exception: {}", cause_sentence(cause, today))));
    let red = today.lamps.iter().flat_map(|lamp| &lamp.facts).filter(|fact| fact.state == LampState::Off);
    all.extend(red.map(|red| format!("lamp: {} {}.", red.measure.lamp.word(), fact(red))));
    if today.work.overdue > 0 {
        all.push(format!("tasks: {} overdue.", today.work.overdue));
    }
    all
}
