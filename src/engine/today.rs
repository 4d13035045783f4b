//! The Today screen: the headline of the three focuses and the age of every source.

use crate::query::{Scope, Today};

use super::view::View;
use super::{EngineError, headline};

/// Answers `Query::Today`.
pub(super) fn answer(view: &mut View, scope: &Scope) -> Result<Today, EngineError> {
    let headline = headline::numbers(view, scope)?;
    let mut sources = view.sources()?.to_vec();
    // What needs a hand stands first: there may be room for three.
    sources.sort_by_key(|s| std::cmp::Reverse(s.stale_days));
    Ok(Today { headline, sources })
}
