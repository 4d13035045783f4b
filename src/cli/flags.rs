//! Flags that every command takes.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{Args, ValueEnum};

use crate::domain::calendar::{Day, Grain, Instant, Span, WeekStart, Zone};
use crate::domain::money::Currency;
use crate::domain::profile::STAGES;
use crate::domain::records::Kind;
use crate::engine::Clock;
use crate::runtime::detect;
use crate::ui::glyphs::GlyphSetting;
use crate::ui::pen::Look as ScreenLook;
use crate::ui::theme::{ColorMode, Theme, Tone};

use super::table::Look;

/// Flags that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Flags of every command")]
pub struct Flags {
    /// Workspace file; else $`QUARTERDECK_DB`, else quarterdeck/quarterdeck.db in the data folder
    #[arg(long, global = true, value_name = "PATH")]
    pub db: Option<PathBuf>,
    /// Colours of the screens
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub color: ColorFlag,
    /// Theme of the screens
    #[arg(long, global = true, value_enum, default_value_t)]
    pub theme: ThemeFlag,
    /// Characters of charts, rules and cut text
    #[arg(long, global = true, value_enum, default_value_t)]
    pub glyphs: GlyphFlag,
    /// ASCII without colours, rules and progress bars, as a screen reader likes it
    #[arg(long, global = true)]
    pub plain: bool,
    /// Change nothing in the workspace
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Look as if it were this day: rows of DATE and later are not seen
    #[arg(long, global = true, value_name = "DATE", value_parser = day)]
    pub today: Option<Day>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ColorFlag {
    /// As the terminal says; none with `NO_COLOR`
    #[default]
    Auto,
    /// No colours
    Never,
    /// The 16 colours of the terminal's own palette
    #[value(name = "16")]
    Sixteen,
    /// 256 colours
    #[value(name = "256")]
    Indexed,
    /// 24 bits
    True,
}

/// Theme of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ThemeFlag {
    /// Legible on dark and light
    #[default]
    Auto,
    /// For dark terminals
    Dark,
    /// For light terminals
    Light,
}

/// Characters used for charts, rules and cut text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum GlyphFlag {
    /// By locale: ascii without UTF-8
    #[default]
    Auto,
    /// Charts of braille dots
    Braille,
    /// Charts of half blocks
    Blocks,
    /// Only ASCII
    Ascii,
}

/// The time of the machine, which is read nowhere else.
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant(since.as_micros() as i64)
}

impl Flags {
    /// The clock that questions are answered by.
    pub fn clock(&self) -> Clock {
        Clock { now: now(), today: self.today }
    }

    /// Colours and glyphs of the screens.
    pub fn screen_look(&self) -> ScreenLook {
        let env = |name: &str| std::env::var(name).ok();
        let mode = match self.color {
            ColorFlag::Auto if self.plain => ColorMode::None,
            ColorFlag::Auto => detect::colors(env),
            ColorFlag::Never => ColorMode::None,
            ColorFlag::Sixteen => ColorMode::Ansi16,
            ColorFlag::Indexed => ColorMode::Indexed,
            ColorFlag::True => ColorMode::True,
        };
        let tone = match self.theme {
            ThemeFlag::Auto => Tone::Neutral,
            ThemeFlag::Dark => Tone::Dark,
            ThemeFlag::Light => Tone::Light,
        };
        let (utf8, cjk) = detect::locale(env);
        let setting = match self.glyphs {
            GlyphFlag::Auto if self.plain => GlyphSetting::Ascii,
            GlyphFlag::Auto => GlyphSetting::Auto,
            GlyphFlag::Braille => GlyphSetting::Braille,
            GlyphFlag::Blocks => GlyphSetting::Blocks,
            GlyphFlag::Ascii => GlyphSetting::Ascii,
        };
        ScreenLook { theme: Theme { mode, tone }, glyphs: setting.resolve(utf8, cjk) }
    }

    /// How tables are drawn.
    pub fn look(&self) -> Look {
        let ascii = match self.glyphs {
            GlyphFlag::Ascii => true,
            GlyphFlag::Auto => !detect::locale(|name| std::env::var(name).ok()).0,
            GlyphFlag::Braille | GlyphFlag::Blocks => false,
        };
        Look { ascii: ascii || self.plain, plain: self.plain }
    }
}

/// Reads a day in ISO form.
///
/// # Errors
/// Says what a day looks like.
pub fn day(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| "a day is written 2026-06-10".to_owned())
}

/// Reads an IANA zone.
///
/// # Errors
/// Says what a zone looks like.
pub fn zone(text: &str) -> Result<Zone, String> {
    Zone::parse(text).ok_or_else(|| "a zone is written Asia/Shanghai or UTC".to_owned())
}

/// Reads the first day of a week.
///
/// # Errors
/// Names the choices.
pub fn week_start(text: &str) -> Result<WeekStart, String> {
    WeekStart::parse(text).ok_or_else(|| "a week starts on monday, sunday or saturday".to_owned())
}

/// Reads a stage of a product.
///
/// # Errors
/// Names them all.
pub fn stage(text: &str) -> Result<String, String> {
    if STAGES.contains(&text) { Ok(text.to_owned()) } else { Err(format!("a stage is {}", STAGES.join(", "))) }
}

/// Reads a currency code.
///
/// # Errors
/// Says what a code looks like.
pub fn currency(text: &str) -> Result<Currency, String> {
    let currency = Currency::parse(text).ok_or_else(|| "a currency is three letters such as EUR".to_owned())?;
    if currency.is_known() {
        return Ok(currency);
    }
    Err(format!("{currency} is no currency of ISO 4217, which has CNY, USD, EUR, JPY, GBP and the like"))
}

/// Reads a kind of record.
///
/// # Errors
/// Says which there are.
pub fn kind(text: &str) -> Result<Kind, String> {
    Kind::parse(text).ok_or_else(|| format!("a kind is one of {}", Kind::names(", ")))
}

/// Width of a cohort or of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum PeriodFlag {
    Day,
    Week,
    #[default]
    Month,
}

impl PeriodFlag {
    /// The width.
    pub fn grain(self) -> Grain {
        match self {
            Self::Day => Grain::Day,
            Self::Week => Grain::Week,
            Self::Month => Grain::Month,
        }
    }
}

/// `--from` and `--to`.
#[derive(Debug, Clone, Copy, Args)]
pub struct Days {
    /// First day
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub from: Option<Day>,
    /// Last day, included; else the last whole day of data
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub to: Option<Day>,
}

impl Days {
    /// The span asked for; what is left out follows from the last whole day and a usual length.
    ///
    /// # Errors
    /// When the first day is after the last.
    pub fn span(self, through: Day, usual: i32) -> Result<Span, String> {
        let last = self.to.unwrap_or_else(|| self.from.map_or(through, |from| from.max(through)));
        let first = self.from.unwrap_or(last.plus(1 - usual));
        if first > last {
            return Err(format!("--from {first} is after --to {last}"));
        }
        Ok(Span { first, last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_ends_with_the_data_and_never_runs_backwards() {
        let at = |text: &str| Day::parse(text).unwrap();
        let through = at("2026-06-10");
        let all = Days { from: None, to: None };
        assert_eq!(all.span(through, 28), Ok(Span { first: at("2026-05-14"), last: through }));
        let later = Days { from: Some(at("2026-07-01")), to: None };
        assert_eq!(later.span(through, 28), Ok(Span { first: at("2026-07-01"), last: at("2026-07-01") }));
        let wrong = Days { from: Some(through), to: Some(at("2026-06-01")) };
        assert!(wrong.span(through, 28).is_err());
    }
}
