//! Users who are in one cohort each: two passes over the sets of days, without putting a user's days together.

use super::super::super::parts::Part;
use super::super::super::presence::Audience;
use super::{Criterion, Frame, Rules, Tally, Zero};

/// No cohort, or no return yet; further than any bucket.
const NOWHERE: u32 = u32::MAX;

/// Where a user stands.
#[derive(Clone, Copy)]
struct Seat {
    cohort: u32,
    /// The newest bucket in which he returned; where the criterion asks for the first one, that.
    back: u32,
}

/// Counts the users of one part.
pub(super) fn tally<'f>(
    start: Audience,
    ret: Audience,
    part: &Part,
    frame: &'f Frame,
    rules: &Rules,
) -> Tally<'f> {
    let mut tally = Tally::new(frame);
    let mut seats = seats(start, part, &mut tally);
    match rules.criterion {
        Criterion::On => on(ret, (part, &mut seats), &mut tally),
        Criterion::OnOrAfter => each(ret, (part, &mut seats), frame, |seat, bucket| seat.back = bucket),
        // A return in interval 0 is the first one only where days tell that it was one.
        Criterion::OnOrBefore => {
            let own = u32::from(!matches!(rules.zero, Zero::Days));
            each(ret, (part, &mut seats), frame, |seat, bucket| {
                let first = seat.back == NOWHERE && bucket >= seat.cohort.saturating_add(own);
                seat.back = if first { bucket } else { seat.back };
            });
        }
    }
    settle(&seats, part, &mut tally, rules);
    tally
}

/// Puts every user into his cohort.
fn seats(start: Audience, part: &Part, tally: &mut Tally) -> Vec<Seat> {
    let starts = &tally.frame.starts;
    let seat = |first| {
        let cohort = starts.of(first?)?;
        tally.sizes[cohort] += 1;
        Some(cohort as u32)
    };
    let cohorts = start.first_of(part.0.clone()).map(seat);
    cohorts.map(|cohort| Seat { cohort: cohort.unwrap_or(NOWHERE), back: NOWHERE }).collect()
}

/// Shows every return to the seat of its user, in order of time.
fn each(
    ret: Audience,
    (part, seats): (&Part, &mut [Seat]),
    frame: &Frame,
    mut returned: impl FnMut(&mut Seat, u32),
) {
    for (day, set) in ret.sets() {
        let Some(bucket) = frame.bucket(*day) else { continue };
        for user in part.of(set) {
            returned(&mut seats[part.place(*user)], bucket as u32);
        }
    }
}

/// Counts each interval once in which a user returned after that of his start.
fn on(ret: Audience, (part, seats): (&Part, &mut [Seat]), tally: &mut Tally) {
    let (frame, cells) = (tally.frame, &mut tally.cells);
    let width = frame.width as u32;
    each(ret, (part, seats), frame, |seat, bucket| {
        let n = bucket.wrapping_sub(seat.cohort);
        if n < width && seat.back != bucket && seat.cohort != NOWHERE {
            cells[(seat.cohort * width + n) as usize] += 1;
        }
        seat.back = bucket;
    });
}

/// Adds what is known of each user only after his last return.
fn settle(seats: &[Seat], part: &Part, tally: &mut Tally, rules: &Rules) {
    let (frame, width) = (tally.frame, tally.frame.width);
    if rules.criterion == Criterion::On {
        match rules.zero {
            Zero::Days => return,
            Zero::Size => {
                let rows = tally.cells.chunks_mut(width);
                return rows.zip(&tally.sizes).for_each(|(row, size)| row[0] = *size);
            }
            Zero::Times(_) => tally.cells.chunks_mut(width).for_each(|row| row[0] = 0),
        }
    }
    for (user, seat) in part.0.clone().zip(seats).filter(|(_, seat)| seat.cohort != NOWHERE) {
        let cohort = seat.cohort as usize;
        let later = (seat.back != NOWHERE && seat.back > seat.cohort).then(|| (seat.back - seat.cohort) as usize);
        let zero = match rules.zero {
            Zero::Size => true,
            Zero::Days => seat.back == seat.cohort,
            Zero::Times(times) => times.returned(user, frame.cohorts[cohort].first),
        };
        let at_once = zero.then_some(0);
        let interval = match rules.criterion {
            Criterion::On => at_once,
            Criterion::OnOrAfter => later.map(|n| n.min(width - 1)).or(at_once),
            Criterion::OnOrBefore => at_once.or(later).filter(|n| *n < width),
        };
        if let Some(n) = interval {
            tally.cells[cohort * width + n] += 1;
        }
    }
}
