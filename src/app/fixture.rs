//! The demo product of the drawings: Thu 11 Jun 2026, data through Wed 10 Jun.

use crate::domain::calendar::{Calendar, Day, Span, WeekStart, Zone};
use crate::domain::money::Currency;
use crate::query::{Choices, Profile, Status};

use super::load::Load;
use super::scope::Choice;
use super::view::Env;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// The frame's facts.
pub fn status() -> Status {
    let zone = Zone::parse("Asia/Shanghai").unwrap();
    let through = day("2026-06-10");
    Status {
        profile: Profile {
            product: "Lantern".into(),
            form: "app".into(),
            stage: "growth".into(),
            currency: Currency::parse("CNY"),
            zone,
            week_start: WeekStart::Monday,
        },
        today: day("2026-06-11"),
        history: Some(Span { first: day("2025-12-13"), last: through }),
        through: Some(through),
        through_at: Some(Calendar { zone, week_start: WeekStart::Monday }.end_of(through)),
        sources: 6,
        stale: vec![("feed-b-spend".into(), 4)],
        live: true,
        read_only: false,
        rejected: 16,
    }
}

/// Runs a test with what screens are given.
pub fn with_env<T>(test: impl FnOnce(&Env<'_>) -> T) -> T {
    let (status, choice, choices) = (status(), Choice::default(), Load::Ready(Choices::default()));
    test(&Env {
        status: Some(&status),
        choice: &choice,
        choices: &choices,
        today: status.today,
        size: (80, 24),
        editor: true,
    })
}
