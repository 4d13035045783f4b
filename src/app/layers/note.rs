//! Writing something down, from any screen: what it is by its number, then one line.

use crate::domain::calendar::Day;
use crate::domain::plans::{FeedbackSource, JournalKind, NoteKind, NoteVerdict};
use crate::query::{NewNote, NoteOf, PlanOrder};

use super::super::view::Request;
use super::super::written::{self, NoteLine};
use super::choose::{ChoiceRow, Chooser};
use super::entry::{Ask, Entry};

/// What can be noted.
#[derive(Debug, Clone, Copy)]
enum What {
    Feedback,
    Competitor,
    Event,
}

/// What can be noted: name, what it is for, an example.
const NOTES: [(&str, &str, &str, What); 3] = [
    ("feedback", "what users say", "Checkout is dead on iOS day:yesterday !!", What::Feedback),
    ("competitor", "what somebody else does", "Rival: half price week day:mon", What::Competitor),
    ("event", "for the journal and the charts", "release: 2.3 is out; holiday: festival -baseline", What::Event),
];

/// Asks what is to be noted.
pub fn note(today: Day) -> Chooser {
    let row = |(name, about, hint, what): (&'static str, &str, &'static str, What)| {
        ChoiceRow::new(name, about, move || vec![Request::Push(Box::new(line(name, hint, what, today)))])
    };
    Chooser::new("note", NOTES.map(row).into())
}

fn line(name: &'static str, hint: &'static str, what: What, today: Day) -> Entry {
    let told = move |text: &str| {
        let line = written::note(text)?;
        let (of, _) = read(what, &line)?;
        let day = line.day.map(|day| written::day_told(day.until(today), today));
        Ok([words(&of), day.unwrap_or_default()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", "))
    };
    let make = move |texts: &[String]| {
        let line = written::note(texts.first().map_or("", String::as_str))?;
        let (of, body) = read(what, &line)?;
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

/// Makes a note of the words of a line, or says what is missing.
fn read(what: What, line: &NoteLine) -> Result<(NoteOf, String), String> {
    let headed = written::headed(&line.body);
    Ok(match what {
        What::Feedback => {
            let of = NoteOf::Feedback { source: FeedbackSource::User, severity: line.severity, count: 1 };
            (of, line.body.clone())
        }
        What::Competitor => {
            let (name, body) = headed.ok_or("write who, a colon, and what: Rival: half price week")?;
            // A second head may say what it is about: Rival: price: half price week.
            let about = written::headed(body).and_then(|(kind, rest)| Some((NoteKind::parse(kind)?, rest)));
            let (kind, body) = about.unwrap_or((NoteKind::Other, body));
            (NoteOf::Competitor { name: name.to_owned(), kind, verdict: NoteVerdict::Watch }, body.to_owned())
        }
        What::Event => {
            let kind = headed.and_then(|(kind, rest)| Some((JournalKind::parse(&kind.to_lowercase())?, rest)));
            let (kind, body) = kind.unwrap_or((JournalKind::Event, &line.body));
            (NoteOf::Journal { kind, exclude: line.exclude }, body.to_owned())
        }
    })
}
