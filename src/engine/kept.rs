//! Numbers that were counted before. Those of a start are made from all active days and all money, which takes long to read
//! from a large file, so they are kept in it with the state that they were counted over, and shown at once while that
//! holds.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::cache::Unkept;
use super::view::View;
use super::{Access, Engine, EngineError};

/// Most bytes of answers that are kept: a start asks for a few dozen kilobytes, and who looks around for many.
const MOST: usize = 1 << 20;

/// The answer to a question as it is kept for this state of the file, else counted; kept for the next start where a screen
/// is asked that a start shows.
pub(super) fn or_counted<T: Serialize + DeserializeOwned>(
    view: &mut View,
    question: impl FnOnce() -> String,
    count: impl FnOnce(&mut View) -> Result<T, EngineError>,
) -> Result<T, EngineError> {
    if !view.starts {
        return count(view);
    }
    let (question, state) = (format!("{} {}", view.today, question()), state(view));
    if let Some(answer) = found(view, &question, &state)?.and_then(|body| serde_json::from_str(&body).ok()) {
        return Ok(answer);
    }
    view.begin_early()?;
    let answer = count(view)?;
    if let Ok(body) = serde_json::to_string(&answer) {
        keep(&mut view.cache.unkept, state, question, body);
    }
    Ok(answer)
}

/// What this process counted and has not written yet, else what the file holds.
fn found(view: &View, question: &str, state: &str) -> Result<Option<String>, EngineError> {
    let counted = &view.cache.unkept;
    match counted.answers.get(question).filter(|_| counted.state == state) {
        Some(body) => Ok(Some(body.clone())),
        None => Ok(view.store.kept(question, state)?),
    }
}

fn keep(counted: &mut Unkept, state: String, question: String, body: String) {
    if counted.state != state {
        *counted = Unkept { state, ..Unkept::default() };
    }
    let size = question.len() + body.len();
    if counted.size + size <= MOST {
        counted.size += size;
        counted.answers.insert(question, body);
    }
}

/// Names the state of the file. Another version of the program may count otherwise.
fn state(view: &View) -> String {
    let (seq, until) = (view.cache.seq(), view.until);
    format!("{} {seq:?} {until:?}", env!("CARGO_PKG_VERSION"))
}

impl Engine {
    /// Keeps the numbers of a start that were counted for the next one. Where that cannot be, such as in a file that another
    /// process writes, the next start counts them.
    pub fn keep_counted(&mut self) {
        let counted = std::mem::take(&mut self.cache.unkept);
        if !counted.answers.is_empty() && !self.trial && self.access == Access::ReadWrite {
            let _ = self.store.keep(&counted.state, &counted.answers);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Day, Grain, Instant, Span, Zone};
    use crate::domain::money::Currency;
    use crate::engine::{Clock, NewWorkspace};
    use crate::metrics::number::Number;
    use crate::query::{Answer, Command, Comparison, ImportRequest, Query, Scope, Segment};

    const CLOCK: Clock = Clock { now: Instant(1_781_136_000_000_000), today: None };

    fn payers(engine: &mut Engine) -> Number {
        payers_on(engine, CLOCK)
    }

    fn payers_on(engine: &mut Engine, clock: Clock) -> Number {
        let day = |text| Day::parse(text).unwrap();
        let period = Span { first: day("2026-06-01"), last: day("2026-06-10") };
        let scope = Scope { period, grain: Grain::Day, comparison: Comparison::Previous, segment: Segment::default() };
        let Ok(Answer::Front(front)) = engine.answer(&Query::Front(scope), clock) else { panic!("no answer") };
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
        engine.keep_counted();
        // Only what is kept can say nine.
        let sql = r#"UPDATE headline SET body = replace(body, '{"Count":2}', '{"Count":9}') WHERE question LIKE '% payers %'"#;
        rusqlite::Connection::open(&path).unwrap().execute(sql, []).unwrap();
        let open = || Engine::open(&path, Access::ReadWrite, std::time::Duration::from_secs(1)).unwrap();
        assert_eq!(payers(&mut open()), Number::Count(9));
        import(&mut open(), folder.path(), "o3,u3,2026-06-03T11:00:00Z,5\n");
        assert_eq!(payers(&mut open()), Number::Count(3));
        // What is not understood is counted anew too.
        let mut engine = open();
        payers(&mut engine);
        engine.keep_counted();
        rusqlite::Connection::open(&path).unwrap().execute("UPDATE headline SET body = '[1]'", []).unwrap();
        assert_eq!(payers(&mut open()), Number::Count(3));
    }

    #[test]
    fn what_is_kept_for_tomorrow_is_shown_then_and_what_was_kept_for_a_day_before_goes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db");
        let mut engine = Engine::create(&path, &NewWorkspace::bare(Zone::UTC, Currency::parse("USD"))).unwrap();
        import(&mut engine, folder.path(), "o1,u1,2026-06-02T10:00:00Z,5\n");
        let days = || -> Vec<String> {
            let file = rusqlite::Connection::open(&path).unwrap();
            let mut days =
                file.prepare("SELECT DISTINCT substr(question, 1, 10) FROM headline ORDER BY question").unwrap();
            days.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        payers(&mut engine);
        payers_on(&mut engine, CLOCK.tomorrow());
        engine.keep_counted();
        assert_eq!(days(), ["2026-06-11", "2026-06-12"]);
        let sql = r#"UPDATE headline SET body = replace(body, '{"Count":1}', '{"Count":9}')"#;
        rusqlite::Connection::open(&path).unwrap().execute(sql, []).unwrap();
        let mut later = Engine::open(&path, Access::ReadWrite, std::time::Duration::from_secs(1)).unwrap();
        assert_eq!(payers_on(&mut later, CLOCK.tomorrow()), Number::Count(9));
        payers_on(&mut later, CLOCK.tomorrow().tomorrow());
        later.keep_counted();
        assert_eq!(days(), ["2026-06-13"]);
    }
}
