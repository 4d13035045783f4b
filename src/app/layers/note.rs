//! Writing something down, from any screen: what it is by its number, then one line.

use crate::domain::calendar::Day;
use crate::domain::plans::{FeedbackSource, JournalKind, NoteKind, NoteVerdict};
use crate::query::{NewNote, NoteOf, PlanOrder};

use super::super::view::Request;
use super::super::written::{self, NoteLine};
use super::choose::{ChoiceRow, Chooser};
use super::entry::{Ask, Entry};

/// Makes a note of the words of a line, or says what is missing.
type Read = fn(&NoteLine) -> Result<(NoteOf, String), String>;

/// What can be noted: name, what it is for, an example, how its line is read.
const NOTES: [(&str, &str, &str, Read); 3] = [
    ("feedback", "what users say", "Checkout is dead on iOS day:yesterday !!", feedback),
    ("competitor", "what somebody else does", "Rival: half price week day:mon", competitor),
    ("event", "for the journal and the charts", "release: 2.3 is out; holiday: festival -baseline", event),
];

/// Asks what is to be noted.
pub fn note(today: Day) -> Chooser {
    let row = |(name, about, hint, read): (&'static str, &str, &'static str, Read)| {
        ChoiceRow::new(name, about, move || vec![Request::Push(Box::new(line(name, hint, read, today)))])
    };
    Chooser::new("note", NOTES.map(row).into())
}

fn line(name: &'static str, hint: &'static str, read: Read, today: Day) -> Entry {
    let told = move |text: &str| {
        let line = written::note(text)?;
        let (of, _) = read(&line)?;
        let day = line.day.map(|day| written::day_told(day.until(today), today));
        Ok([words(&of), day.unwrap_or_default()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", "))
    };
    let make = move |texts: &[String]| {
        let line = written::note(texts.first().map_or("", String::as_str))?;
        let (of, body) = read(&line)?;
        let day = line.day.map_or(today, |day| day.until(today));
        Ok(PlanOrder::Note(NewNote { day, body, of, op_type: None, plan: None, node: None }))
    };
    Entry::order(format!("note: {name}"), vec![Ask::new(name, told).hint(hint)], make)
}

/// What a line was read as.
fn words(of: &NoteOf) -> String {
    match of {
        NoteOf::Feedback { severity, .. } => ["", "bad", "very bad"][(*severity - 1).clamp(0, 2) as usize].to_owned(),
        NoteOf::Competitor { name, kind, .. } => format!("{} of {name}", kind.word()),
        NoteOf::Journal { kind, exclude: true } => format!("{}, left out of baselines", kind.word()),
        NoteOf::Journal { kind, .. } => kind.word().to_owned(),
    }
}

fn feedback(line: &NoteLine) -> Result<(NoteOf, String), String> {
    let of = NoteOf::Feedback { source: FeedbackSource::User, severity: line.severity, count: 1 };
    Ok((of, line.body.clone()))
}

fn competitor(line: &NoteLine) -> Result<(NoteOf, String), String> {
    let (name, body) = written::headed(&line.body).ok_or("write who, a colon, and what: Rival: half price week")?;
    // A second head may say what it is about: Rival: price: half price week.
    let headed = written::headed(body).and_then(|(kind, rest)| Some((NoteKind::parse(kind)?, rest)));
    let (kind, body) = headed.unwrap_or((NoteKind::Other, body));
    Ok((NoteOf::Competitor { name: name.to_owned(), kind, verdict: NoteVerdict::Watch }, body.to_owned()))
}

fn event(line: &NoteLine) -> Result<(NoteOf, String), String> {
    let headed = written::headed(&line.body);
    let headed = headed.and_then(|(kind, rest)| Some((JournalKind::parse(&kind.to_lowercase())?, rest)));
    let (kind, body) = headed.unwrap_or((JournalKind::Event, &line.body));
    Ok((NoteOf::Journal { kind, exclude: line.exclude }, body.to_owned()))
}
