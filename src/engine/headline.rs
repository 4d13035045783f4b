//! The headline numbers of a start. They are made from all active days and all money, which takes long to read from a
//! large file, so they are kept in it with the state that they were counted over, and shown at once while that holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::calendar::{Day, Span};
use crate::metrics::catalog::find;
use crate::metrics::number::Number;
use crate::query::{Compared, Scope};

use super::ask::{Ask, metric};
use super::cache::Unkept;
use super::view::View;
use super::{Access, Engine, EngineError, series};

/// Headline numbers: acquire, retain, revenue.
const HEADLINE: [&str; 12] =
    ["new_users", "spend", "dau", "wau", "mau", "stickiness", "d1", "d7", "d30", "net", "payers", "arpu"];

/// Most questions that are kept: the start asks one, and who looks around asks many.
const MOST: usize = 8;

/// A number as it is kept: metric, days, value, those compared with, stale, within chance, trend.
#[derive(Serialize, Deserialize)]
struct Kept(String, (Day, Day), Number, Option<(Day, Day)>, Number, bool, bool, Vec<Number>);

impl Kept {
    fn of(number: &Compared) -> Self {
        let ends = |span: Span| (span.first, span.last);
        Self(
            number.metric.to_owned(),
            ends(number.span),
            number.now,
            number.before_span.map(ends),
            number.before,
            number.stale,
            number.within_chance,
            number.trend.clone(),
        )
    }

    /// `None` where the metric is known no more.
    fn number(self) -> Option<Compared> {
        let span = |(first, last)| Span { first, last };
        Some(Compared {
            metric: find(&self.0)?.id,
            span: span(self.1),
            now: self.2,
            before_span: self.3.map(span),
            before: self.4,
            stale: self.5,
            within_chance: self.6,
            trend: self.7,
        })
    }
}

/// The headline numbers, as they are kept for this state of the file or counted.
pub(super) fn numbers(view: &mut View, scope: &Scope) -> Result<Vec<Compared>, EngineError> {
    let (question, state) = (format!("{scope:?}"), state(view));
    let kept = view.store.headline(&question, &state)?;
    let kept = kept.and_then(|body| serde_json::from_str::<Vec<Kept>>(&body).ok());
    if let Some(numbers) = kept.and_then(|kept| kept.into_iter().map(Kept::number).collect()) {
        return Ok(numbers);
    }
    let numbers = counted(view, scope)?;
    let counted = &mut view.cache.unkept;
    if counted.state != state {
        *counted = Unkept { state, answers: BTreeMap::new() };
    }
    if counted.answers.len() < MOST
        && let Ok(body) = serde_json::to_string(&numbers.iter().map(Kept::of).collect::<Vec<_>>())
    {
        counted.answers.insert(question, body);
    }
    Ok(numbers)
}

fn counted(view: &mut View, scope: &Scope) -> Result<Vec<Compared>, EngineError> {
    HEADLINE.iter().map(|id| series::compared(view, &Ask::of(metric(id)?, &scope.segment), scope)).collect()
}

/// Names the state of the file and of the day. Another version of the program may count otherwise.
fn state(view: &View) -> String {
    let (seq, today, until) = (view.cache.seq(), view.today, view.until);
    format!("{} {seq:?} {today:?} {until:?}", env!("CARGO_PKG_VERSION"))
}

impl Engine {
    /// Keeps the headline numbers that were counted for the next start. Where that cannot be, such as in a file that
    /// another process writes, the next start counts them.
    pub fn keep_headline(&mut self) {
        let counted = std::mem::take(&mut self.cache.unkept);
        if !counted.answers.is_empty() && !self.trial && self.access == Access::ReadWrite {
            let _ = self.store.keep_headline(&counted.state, &counted.answers);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Grain;
    use crate::domain::calendar::{Instant, Zone};
    use crate::domain::money::Currency;
    use crate::engine::{Clock, NewWorkspace};
    use crate::query::{Answer, Command, Comparison, ImportRequest, Query, Segment};

    const CLOCK: Clock = Clock { now: Instant(1_781_136_000_000_000), today: None };

    fn payers(engine: &mut Engine) -> Number {
        let day = |text| Day::parse(text).unwrap();
        let period = Span { first: day("2026-06-01"), last: day("2026-06-10") };
        let scope = Scope { period, grain: Grain::Day, comparison: Comparison::Previous, segment: Segment::default() };
        let Ok(Answer::Front(front)) = engine.answer(&Query::Front(scope), CLOCK) else { panic!("no answer") };
        front.headline.iter().find(|number| number.metric == "payers").unwrap().now
    }

    fn import(engine: &mut Engine, folder: &std::path::Path, rows: &str) {
        let mut file = tempfile::NamedTempFile::with_suffix_in(".csv", folder).unwrap();
        std::io::Write::write_all(&mut file, format!("order_id,user_id,ts,amount\n{rows}").as_bytes()).unwrap();
        let request = ImportRequest { path: file.path().to_owned(), ..ImportRequest::default() };
        let go_on = &mut |_| std::ops::ControlFlow::Continue(());
        engine.run(&Command::Import(request), CLOCK, go_on).unwrap();
    }

    #[test]
    fn what_is_kept_is_shown_while_the_file_is_the_same_and_counted_anew_then() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        let mut engine = Engine::create(&path, &NewWorkspace::bare(Zone::UTC, Currency::parse("USD"))).unwrap();
        import(&mut engine, folder.path(), "o1,u1,2026-06-02T10:00:00Z,5\no2,u2,2026-06-03T10:00:00Z,5\n");
        assert_eq!(payers(&mut engine), Number::Count(2));
        engine.keep_headline();
        // Only what is kept can say nine.
        let sql = "UPDATE headline SET body = replace(body, '\"payers\",[\"2026-06-01\",\"2026-06-03\"],{\"Count\":2}', \
                   '\"payers\",[\"2026-06-01\",\"2026-06-03\"],{\"Count\":9}')";
        rusqlite::Connection::open(&path).unwrap().execute(sql, []).unwrap();
        let open = || Engine::open(&path, Access::ReadWrite, std::time::Duration::from_secs(1)).unwrap();
        assert_eq!(payers(&mut open()), Number::Count(9));
        import(&mut open(), folder.path(), "o3,u3,2026-06-03T11:00:00Z,5\n");
        assert_eq!(payers(&mut open()), Number::Count(3));
        // What is not understood is counted anew too.
        let mut engine = open();
        payers(&mut engine);
        engine.keep_headline();
        rusqlite::Connection::open(&path).unwrap().execute("UPDATE headline SET body = '[1]'", []).unwrap();
        assert_eq!(payers(&mut open()), Number::Count(3));
    }
}
