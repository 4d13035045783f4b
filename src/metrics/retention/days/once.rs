//! Users who are in one cohort each: two passes over the sets of days, without putting a user's days together.

use super::super::super::parts::{Part, Walk};
use super::super::super::presence::Audience;
use super::{Criterion, Frame, Rules, Tally, Zero};

/// No cohort, or no return yet: as far from every bucket as numbers allow, on both sides.
const NOWHERE: u32 = u32::MAX / 2;

/// Where a user stands.
#[derive(Clone, Copy)]
struct Seat {
    cohort: u32,
    /// The newest bucket in which he returned; where the criterion asks for the first one, that.
    back: u32,
}

/// Counts the users of one part.
pub(super) fn tally<'f>(start: Audience, ret: Audience, part: &Part, frame: &'f Frame, rules: &Rules) -> Tally<'f> {
    let mut tally = Tally::new(frame);
    // The first interval in which days tell a return.
    let least = u32::from(!matches!(rules.zero, Zero::Days));
    let (mut walk, mut seats) = (Walk::new(ret.sets(), part), Vec::new());
    for block in part.blocks() {
        seat(start, &block, &mut tally, &mut seats);
        let returns = walk.block(&block).filter_map(|(day, users)| Some((frame.bucket(day)? as u32, users)));
        let returned = (returns, &block, &mut seats[..]);
        match rules.criterion {
            Criterion::On => on(returned, &mut tally, least),
            Criterion::OnOrAfter => each(returned, |seat, bucket| seat.back = bucket),
            Criterion::OnOrBefore => each(returned, |seat, bucket| {
                let first = seat.back == NOWHERE && bucket >= seat.cohort + least;
                seat.back = if first { bucket } else { seat.back };
            }),
        }
        settle(&seats, &block, &mut tally, rules);
    }
    if rules.criterion == Criterion::On && matches!(rules.zero, Zero::Size) {
        let rows = tally.cells.chunks_mut(frame.width);
        rows.zip(&tally.sizes).for_each(|(row, size)| row[0] = *size);
    }
    tally
}

/// Puts every user into his cohort.
fn seat(start: Audience, block: &Part, tally: &mut Tally, seats: &mut Vec<Seat>) {
    let starts = &tally.frame.starts;
    let cohort = |first| {
        let cohort = starts.of(first?)?;
        tally.sizes[cohort] += 1;
        Some(cohort as u32)
    };
    let cohorts = start.first_of(block.0.clone()).map(cohort);
    seats.clear();
    seats.extend(cohorts.map(|cohort| Seat { cohort: cohort.unwrap_or(NOWHERE), back: NOWHERE }));
}

/// Shows every return to the seat of its user, in order of time.
fn each<'u>(
    (returns, block, seats): (impl Iterator<Item = (u32, &'u [u32])>, &Part, &mut [Seat]),
    mut returned: impl FnMut(&mut Seat, u32),
) {
    for (bucket, users) in returns {
        for user in users {
            returned(&mut seats[block.place(*user)], bucket);
        }
    }
}

/// Counts each interval once in which a user returned, from the least one on.
#[expect(clippy::needless_bitwise_bool, reason = "which returns count is hard to foresee, and a wrong guess is dear")]
fn on<'u>(returned: (impl Iterator<Item = (u32, &'u [u32])>, &Part, &mut [Seat]), tally: &mut Tally, least: u32) {
    let (width, cells) = (tally.frame.width as u32, &mut tally.cells);
    let waste = cells.len() as u32 - 1;
    each(returned, |seat, bucket| {
        let n = bucket.wrapping_sub(seat.cohort);
        let counts = (n.wrapping_sub(least) < width - least) & (seat.back != bucket);
        let cell = if counts { seat.cohort * width + n } else { waste };
        cells[cell as usize] += 1;
        seat.back = bucket;
    });
}

/// Adds what is known of each user only after his last return.
fn settle(seats: &[Seat], part: &Part, tally: &mut Tally, rules: &Rules) {
    let (frame, width) = (tally.frame, tally.frame.width);
    if rules.criterion == Criterion::On && !matches!(rules.zero, Zero::Times(_)) {
        return;
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
