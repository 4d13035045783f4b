//! Flags that limit whose rows count.

use clap::Args;

use crate::domain::calendar::{Calendar, Day, Grain, Span};
use crate::engine::Engine;
use crate::query::{Class, Lifecycle, PropFilter, Segment};

use super::Deck;
use super::nearest::{self, Asked};
use super::output::Failure;

/// Whose rows count.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Segment")]
pub struct SegmentFlags {
    /// Only users who first came through this channel; may be given again
    #[arg(long, value_name = "NAME")]
    pub channel: Vec<String>,
    /// Only users first active in these days: 2026-06-01..2026-06-07, 2026-06-01 or 2026-06
    #[arg(long, value_name = "DAYS", value_parser = cohort)]
    pub cohort: Option<Span>,
    /// Only paying users of this class, as `segment rfm` tells it; may be given again
    #[arg(long, value_name = "CLASS", value_parser = class)]
    pub rfm: Vec<Class>,
    /// Only users in this place in the month of the last whole day: new, returning, resurrected, dormant; may be given again
    #[arg(long, value_name = "PLACE", value_parser = place)]
    pub lifecycle: Vec<Lifecycle>,
    /// Only events of this platform; may be given again
    #[arg(long, value_name = "NAME")]
    pub platform: Vec<String>,
    /// Only events with this property: plan=pro, plan!=pro, seats>=5, plan (any value), !plan (none); may be given again
    #[arg(long = "where", value_name = "FILTER", value_parser = PropFilter::parse)]
    pub props: Vec<PropFilter>,
    /// Only money of this stream; may be given again
    #[arg(long, value_name = "NAME")]
    pub stream: Vec<String>,
}

impl SegmentFlags {
    /// The segment of a question.
    pub fn segment(&self) -> Segment {
        Segment {
            channels: self.channel.clone(),
            cohort: self.cohort,
            rfm: self.rfm.clone(),
            lifecycle: self.lifecycle.clone(),
            platforms: self.platform.clone(),
            props: PropFilter::all(self.props.iter().cloned()),
            streams: self.stream.clone(),
        }
    }

    /// The segment in words.
    pub fn words(&self) -> String {
        let cohort = self.cohort.map(|c| format!("first active {} to {}", c.first, c.last));
        let props = PropFilter::all(self.props.iter().cloned());
        let names = self.channel.iter().chain(&self.platform).chain(&self.stream).cloned();
        let classes = self.rfm.iter().map(|c| c.name()).chain(self.lifecycle.iter().map(|p| p.name()));
        let names = names.chain(classes.map(str::to_owned));
        let all: Vec<String> = names.chain(cohort).chain(props.iter().map(ToString::to_string)).collect();
        if all.is_empty() { "all users".to_owned() } else { all.join(", ") }
    }

    /// Refuses names that the workspace does not know, those of further events, properties and splits included.
    ///
    /// # Errors
    /// Usage, with the nearest name.
    pub fn check(&self, further: Asked<'_>, engine: &mut Engine, deck: &Deck) -> Result<(), Failure> {
        let mut properties = further.properties.clone();
        properties.extend(self.props.iter().map(|prop| prop.name.clone()));
        let (channels, platforms, streams) = (&self.channel[..], &self.platform[..], &self.stream[..]);
        nearest::check(&Asked { channels, platforms, streams, properties, ..further }, engine, deck)
    }

    /// Refuses a stream where no money is asked for.
    ///
    /// # Errors
    /// Usage.
    pub fn without_streams(&self) -> Result<(), Failure> {
        if self.stream.is_empty() {
            return Ok(());
        }
        Err(Failure::usage(
            "--stream limits money; this counts users, who can be limited by channel, cohort, platform and property",
        ))
    }
}

/// Reads a class of paying users.
///
/// # Errors
/// Names them all.
pub fn class(text: &str) -> Result<Class, String> {
    Class::parse(text).ok_or_else(|| format!("a class is {}", Class::ALL.map(Class::name).join(", ")))
}

/// Reads a place in the lifecycle.
///
/// # Errors
/// Names them all.
pub fn place(text: &str) -> Result<Lifecycle, String> {
    Lifecycle::parse(text).ok_or_else(|| format!("a place is {}", Lifecycle::ALL.map(Lifecycle::name).join(", ")))
}

fn cohort(text: &str) -> Result<Span, String> {
    const SAYS: &str = "a cohort is written 2026-06-01..2026-06-07, 2026-06-01 or 2026-06";
    if let Some((first, last)) = text.split_once("..") {
        let (first, last) = Day::parse(first).zip(Day::parse(last)).ok_or(SAYS)?;
        return if first <= last { Ok(Span { first, last }) } else { Err(format!("{first} is after {last}; {SAYS}")) };
    }
    if let Some(day) = Day::parse(text) {
        return Ok(Span { first: day, last: day });
    }
    let month = Day::parse(&format!("{text}-01")).ok_or(SAYS)?;
    Ok(Calendar::UTC.bucket(Grain::Month, month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cohorts_are_days_spans_or_months() {
        let day = |text| Day::parse(text).unwrap();
        let june = Span { first: day("2026-06-01"), last: day("2026-06-30") };
        assert_eq!(cohort("2026-06"), Ok(june));
        assert_eq!(cohort("2026-06-01..2026-06-30"), Ok(june));
        assert_eq!(cohort("2026-06-30").map(Span::days), Ok(1));
        for wrong in ["", "june", "2026-06-02..2026-06-01", "2026-06-01..", "2026-13"] {
            assert!(cohort(wrong).is_err(), "{wrong}");
        }
    }
}
