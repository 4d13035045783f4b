//! Made-up product data for the benchmarks, the same for the same arguments: events of a growing product in the order of
//! their time, orders and spend.
//!
//! `generate DIR [--events N] [--users N] [--days N] [--seed N] [--ndjson] [--parts N]` writes `events.csv`, `orders.csv`
//! and `spend.csv` to DIR; with `--ndjson` also `events.ndjson`; with `--parts` also `part-NN.csv`, in which the same
//! events stand shuffled, one in fifty twice, and every second file holds what belongs before the others.

#![expect(clippy::disallowed_methods, reason = "no workspace is open here")]
#![expect(clippy::print_stdout, reason = "the caller reads the counts")]

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// 2024-01-01, on which the data begins, in days since 1970-01-01.
const FIRST_DAY: u64 = 19_723;
const DAY_MILLIS: u64 = 86_400_000;
const CHANNELS: [&str; 12] = [
    "organic",
    "paid_search",
    "paid_social",
    "influencer",
    "affiliate",
    "email",
    "referral",
    "display",
    "video",
    "push",
    "partner",
    "offline",
];
const PLATFORMS: [&str; 4] = ["ios", "android", "web", "mini"];
/// Names with their share in a hundred; a visit begins with the first, and only its last event may be the last.
const NAMES: [(&str, u64); 8] = [
    ("app_open", 0),
    ("view_item", 46),
    ("search", 18),
    ("add_to_cart", 14),
    ("checkout", 8),
    ("share", 8),
    ("settings", 6),
    ("purchase", 0),
];
const CHECKOUT: u8 = 4;
const PURCHASE: u8 = 7;

/// What to make.
struct Plan {
    folder: PathBuf,
    events: u64,
    users: u64,
    days: u64,
    seed: u64,
    ndjson: bool,
    parts: u64,
}

/// splitmix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// Below `n`.
    fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    /// From 0 up to 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// One event.
#[derive(Clone, Copy)]
struct Event {
    at: u64,
    user: u32,
    name: u8,
}

impl Plan {
    fn parse(mut args: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut plan = Self {
            folder: PathBuf::from(args.next().ok_or("name a folder")?),
            events: 1_000_000,
            users: 0,
            days: 365,
            seed: 7,
            ndjson: false,
            parts: 0,
        };
        while let Some(flag) = args.next() {
            if flag == "--ndjson" {
                plan.ndjson = true;
                continue;
            }
            let value = args.next().and_then(|v| v.parse().ok()).ok_or(format!("{flag} needs a number"))?;
            *match flag.as_str() {
                "--events" => &mut plan.events,
                "--users" => &mut plan.users,
                "--days" => &mut plan.days,
                "--seed" => &mut plan.seed,
                "--parts" => &mut plan.parts,
                _ => return Err(format!("{flag} is not known")),
            } = value;
        }
        if plan.users == 0 {
            plan.users = (plan.events / 10).max(1);
        }
        Ok(plan)
    }

    fn of_user(&self, user: u32) -> Random {
        Random(mix(self.seed ^ (u64::from(user) << 20)))
    }

    /// Users by the day on which they are active: sign-ups double over the span, and each return is a longer while away.
    fn visits(&self) -> Vec<Vec<u32>> {
        let mut days: Vec<Vec<u32>> = vec![Vec::new(); self.days as usize];
        for user in 0..self.users as u32 {
            let mut random = self.of_user(user);
            // The root of a density that grows from 1 to 2.
            let start = ((1.0 + 3.0 * random.unit()).sqrt() - 1.0) * self.days as f64;
            let mut day = (start as u64).min(self.days - 1);
            days[day as usize].push(user);
            while random.unit() < 0.64 {
                day += 1 + (1.0 / (0.02 + random.unit()) - 0.9).max(0.0) as u64;
                let Some(users) = days.get_mut(day as usize) else { break };
                users.push(user);
            }
        }
        days
    }

    /// Events of a visit: the first opens the app, one in four with a checkout ends in a purchase.
    fn visit(&self, user: u32, day: u64, count: u64, out: &mut Vec<Event>) {
        let mut random = Random(mix(self.seed ^ (u64::from(user) << 24) ^ day << 4 ^ 1));
        let spread = f64::midpoint(random.unit(), random.unit());
        let mut at = (FIRST_DAY + day) * DAY_MILLIS + (spread * (DAY_MILLIS - 7_200_000) as f64) as u64;
        let mut bought = false;
        for nth in 0..count {
            let mut name = 0;
            if nth > 0 {
                let mut left = random.below(100);
                name = 1;
                while left >= NAMES[name as usize].1 {
                    left -= NAMES[name as usize].1;
                    name += 1;
                }
                at += 1 + random.below(60_000);
            }
            bought |= name == CHECKOUT;
            if bought && nth + 1 == count && nth > 1 && random.below(4) > 0 {
                name = PURCHASE;
            }
            out.push(Event { at: at.min((FIRST_DAY + day + 1) * DAY_MILLIS - 1), user, name });
        }
    }
}

fn channel(user: u32) -> &'static str {
    // The smaller of two, so that the first channels are the large ones.
    let mut random = Random(u64::from(user) << 8 | 3);
    CHANNELS[random.below(12).min(random.below(12)) as usize]
}

fn platform(user: u32) -> &'static str {
    let mut random = Random(u64::from(user) << 8 | 5);
    PLATFORMS[random.below(4).min(random.below(4)) as usize]
}

/// `2024-01-01T00:00:00.000Z` of milliseconds since 1970.
fn time(at: u64, out: &mut Vec<u8>) {
    let (days, rest) = (at / DAY_MILLIS, at % DAY_MILLIS);
    // Howard Hinnant, chrono-compatible low-level date algorithms, civil_from_days.
    let z = days + 719_468;
    let era = z / 146_097;
    let doe = z % 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + u64::from(month <= 2);
    let (secs, millis) = (rest / 1000, rest % 1000);
    digits(year, 4, out);
    for (mark, n, width) in [
        (b'-', month, 2),
        (b'-', doy - (153 * mp + 2) / 5 + 1, 2),
        (b'T', secs / 3600, 2),
        (b':', secs / 60 % 60, 2),
        (b':', secs % 60, 2),
        (b'.', millis, 3),
    ] {
        out.push(mark);
        digits(n, width, out);
    }
    out.push(b'Z');
}

fn digits(n: u64, width: u32, out: &mut Vec<u8>) {
    for place in (0..width).rev() {
        out.push(b'0' + (n / 10_u64.pow(place) % 10) as u8);
    }
}

/// Thirty-six characters that look random.
fn id(nth: u64, out: &mut Vec<u8>) {
    let (high, low) = (mix(nth ^ 0x5851_F42D), mix(nth ^ 0x1405_7B7E_F767_814F));
    for at in 0..32 {
        if matches!(at, 8 | 12 | 16 | 20) {
            out.push(b'-');
        }
        let word = if at < 16 { high >> (60 - 4 * at) } else { low >> (60 - 4 * (at - 16)) };
        out.push(b"0123456789abcdef"[(word & 15) as usize]);
    }
}

fn user_name(user: u32, out: &mut Vec<u8>) {
    out.push(b'u');
    digits(u64::from(user), 8, out);
}

fn csv_row(nth: u64, event: Event, out: &mut Vec<u8>) {
    id(nth, out);
    out.push(b',');
    user_name(event.user, out);
    out.push(b',');
    out.extend_from_slice(NAMES[event.name as usize].0.as_bytes());
    out.push(b',');
    time(event.at, out);
    for text in [platform(event.user), channel(event.user)] {
        out.push(b',');
        out.extend_from_slice(text.as_bytes());
    }
    out.push(b'\n');
}

fn json_row(nth: u64, event: Event, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"event_id\":\"");
    id(nth, out);
    out.extend_from_slice(b"\",\"user_id\":\"");
    user_name(event.user, out);
    out.extend_from_slice(b"\",\"event\":\"");
    out.extend_from_slice(NAMES[event.name as usize].0.as_bytes());
    out.extend_from_slice(b"\",\"ts\":\"");
    time(event.at, out);
    for (key, text) in [("platform", platform(event.user)), ("channel", channel(event.user))] {
        out.extend_from_slice(format!("\",\"{key}\":\"{text}").as_bytes());
    }
    out.extend_from_slice(b"\"}\n");
}

const HEADER: &[u8] = b"event_id,user_id,event,ts,platform,channel\n";

/// The same events in another order, over several files.
struct Parts {
    files: Vec<BufWriter<File>>,
    seed: u64,
    row: Vec<u8>,
}

impl Parts {
    fn new(plan: &Plan) -> io::Result<Self> {
        let open = |part| {
            let mut file = writer(&plan.folder, &format!("part-{part:02}.csv"))?;
            file.write_all(HEADER)?;
            Ok(file)
        };
        Ok(Self { files: (0..plan.parts).map(open).collect::<io::Result<_>>()?, seed: plan.seed, row: Vec::new() })
    }

    /// A day's events, shuffled: the first half of the span goes to the odd files, the second to the even ones, which are
    /// read first.
    fn take(&mut self, first: u64, events: &[Event], late: bool) -> io::Result<()> {
        let count = self.files.len() as u64;
        if count == 0 {
            return Ok(());
        }
        let mut random = Random(mix(self.seed ^ first));
        let mut order: Vec<u64> = (0..events.len() as u64).collect();
        for at in (1..order.len()).rev() {
            order.swap(at, random.below(at as u64 + 1) as usize);
        }
        for nth in order {
            self.row.clear();
            csv_row(first + nth, events[nth as usize], &mut self.row);
            for _ in 0..=u64::from(random.below(50) == 0) {
                let half = random.below(count.div_ceil(2)) * 2 + u64::from(late);
                self.files[half.min(count - 1) as usize].write_all(&self.row)?;
            }
        }
        Ok(())
    }
}

fn writer(folder: &Path, name: &str) -> io::Result<BufWriter<File>> {
    Ok(BufWriter::with_capacity(1 << 20, File::create(folder.join(name))?))
}

fn orders(plan: &Plan, nth: &mut u64, events: &[Event], out: &mut impl Write) -> io::Result<()> {
    let mut row = Vec::new();
    for event in events.iter().filter(|event| event.name == PURCHASE) {
        let mut random = Random(mix(plan.seed ^ 0xA5A5 ^ *nth));
        let cents = 99 + 100 * random.below(60) + 400 * u64::from(random.below(9) == 0);
        row.clear();
        row.extend_from_slice(format!("o{:09},", *nth).as_bytes());
        user_name(event.user, &mut row);
        row.push(b',');
        time(event.at + 900, &mut row);
        let stream = if random.below(3) == 0 { "subscription" } else { "iap" };
        row.extend_from_slice(format!(",{stream},{}.{:02},USD\n", cents / 100, cents % 100).as_bytes());
        out.write_all(&row)?;
        *nth += 1;
    }
    Ok(())
}

fn make(plan: &Plan) -> io::Result<()> {
    std::fs::create_dir_all(&plan.folder)?;
    let mut csv = writer(&plan.folder, "events.csv")?;
    let mut json = if plan.ndjson { Some(writer(&plan.folder, "events.ndjson")?) } else { None };
    let mut money = writer(&plan.folder, "orders.csv")?;
    let mut spend = writer(&plan.folder, "spend.csv")?;
    csv.write_all(HEADER)?;
    money.write_all(b"order_id,user_id,ts,stream,amount,currency\n")?;
    spend.write_all(b"date,channel,amount,currency\n")?;
    let mut parts = Parts::new(plan)?;
    let visits = plan.visits();
    let user_days: u64 = visits.iter().map(|users| users.len() as u64).sum();
    let more = plan.events.saturating_sub(user_days);
    let (mut row, mut events, mut visited, mut written, mut order) = (Vec::new(), Vec::new(), 0, 0, 0);
    for (day, users) in visits.iter().enumerate() {
        events.clear();
        for user in users {
            // So many that the sum is exact; every third visit takes what the two before it leave.
            let share = |n: u64| (u128::from(more) * u128::from(n / 3) * 3 / u128::from(user_days.max(1))) as u64;
            let last = if visited + 1 == user_days { more } else { share(visited + 1) };
            plan.visit(*user, day as u64, 1 + last - share(visited), &mut events);
            visited += 1;
        }
        events.sort_by_key(|event| (event.at, event.user));
        for (nth, event) in events.iter().enumerate() {
            row.clear();
            csv_row(written + nth as u64, *event, &mut row);
            csv.write_all(&row)?;
            if let Some(json) = &mut json {
                row.clear();
                json_row(written + nth as u64, *event, &mut row);
                json.write_all(&row)?;
            }
        }
        parts.take(written, &events, day as u64 * 2 < plan.days)?;
        written += events.len() as u64;
        orders(plan, &mut order, &events, &mut money)?;
        let mut date = Vec::new();
        time((FIRST_DAY + day as u64) * DAY_MILLIS, &mut date);
        let date = String::from_utf8_lossy(&date[..10]).into_owned();
        for (nth, channel) in CHANNELS.iter().enumerate().skip(1) {
            let amount = mix(plan.seed ^ (day as u64) << 8 ^ nth as u64) % 90_000 + 10_000;
            writeln!(spend, "{date},{channel},{}.{:02},USD", amount / 100, amount % 100)?;
        }
    }
    println!("{written} events, {user_days} user-days, {order} orders");
    Ok(())
}

fn main() -> io::Result<()> {
    let plan = Plan::parse(std::env::args().skip(1)).map_err(io::Error::other)?;
    make(&plan)
}
