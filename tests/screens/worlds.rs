//! Workspaces that the screens are shown over, each made once.

mod full;

use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use quarterdeck::domain::calendar::{Calendar, Day, Instant, WeekStart, Zone};
use quarterdeck::domain::money::Currency;
use quarterdeck::domain::records::Kind;
use quarterdeck::engine::{Clock, Engine, NewWorkspace};
use quarterdeck::query::{Command, ImportRequest, Outcome};
use quarterdeck::runtime::Desk;
use quarterdeck::store::Access;

use full::Filling;

/// Thu 11 Jun 2026, 09:00 in Shanghai.
pub fn now() -> Instant {
    morning(9)
}

fn clock() -> Clock {
    Clock { now: now(), today: None }
}

fn morning(hour: i64) -> Instant {
    let midnight = calendar().start_of(Day::parse("2026-06-11").unwrap());
    Instant(midnight.0 + hour * 3_600_000_000)
}

fn calendar() -> Calendar {
    Calendar { zone: Zone::parse("Asia/Shanghai").unwrap(), week_start: WeekStart::Monday }
}

const DEMO: &str = "screens-demo.db";

/// The sample product that ends on the day before.
pub fn demo() -> &'static Mutex<Desk> {
    static MADE: OnceLock<Mutex<Desk>> = OnceLock::new();
    MADE.get_or_init(|| {
        let path = fresh(DEMO);
        let early = Clock { now: morning(8), today: None };
        desk(Engine::create_demo(&path, Day::parse("2026-06-10").unwrap(), early).unwrap())
    })
}

/// Its file.
pub fn demo_path() -> PathBuf {
    let _ = demo();
    kept(DEMO)
}

/// A workspace without a row.
pub fn empty() -> &'static Mutex<Desk> {
    static MADE: OnceLock<Mutex<Desk>> = OnceLock::new();
    MADE.get_or_init(|| desk(workspace("")))
}

/// Three orders and nothing else.
pub fn orders() -> &'static Mutex<Desk> {
    static MADE: OnceLock<Mutex<Desk>> = OnceLock::new();
    MADE.get_or_init(|| corner_shop("shared"))
}

/// The same, for a test that changes it.
pub fn corner_shop(folder: &str) -> Mutex<Desk> {
    let mut engine = workspace("Corner shop");
    let rows = "order_id,user_id,ts,stream,amount\n\
                    o1,ann,2026-06-02T10:00:00+08:00,,12.50\n\
                    o2,ben,2026-06-03T10:00:00+08:00,,8.00\n\
                    o3,ann,2026-06-09T10:00:00+08:00,,20.00\n";
    load(&mut engine, folder, "orders.csv", Kind::Revenue, rows);
    desk(engine)
}

/// Names that try to break the screen, very long ones, and more rows than any screen has.
pub fn hostile() -> &'static Mutex<Desk> {
    static MADE: OnceLock<Mutex<Desk>> = OnceLock::new();
    MADE.get_or_init(|| hostile_names("shared"))
}

/// Such names in every table of every tab: of channels, campaigns, items, deals, plans, tasks and whatever was said.
pub fn hostile_tabs() -> &'static Mutex<Desk> {
    static MADE: OnceLock<Mutex<Desk>> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut engine = hostile_rows("tabs-hostile");
        let base = |n: usize| match n {
            8 => "line\nbreak\ttab, comma \"quote\"".to_owned(),
            9 => "=cmd|' /C calc'!A0".to_owned(),
            n => HOSTILE[n].to_owned(),
        };
        let again = |n: usize| if n < 10 { String::new() } else { (n / 10).to_string() };
        let name = |n: usize| base(n % 10) + &again(n);
        Filling { rows: 60, groups: 10, plans: 3, name: &name }.pour(&mut engine, "tabs-hostile");
        desk(engine)
    })
}

/// The same, for a test that changes it.
pub fn hostile_names(folder: &str) -> Mutex<Desk> {
    desk(hostile_rows(folder))
}

fn hostile_rows(folder: &str) -> Engine {
    let mut engine = workspace("品\u{1b}[31m牌\u{202e}运营驾驶舱非常非常长的名字 with more behind it");
    let mut events = String::from("user_id,ts,event,channel,platform\n");
    for (n, name) in HOSTILE.iter().cycle().take(400).enumerate() {
        let day = n % 40;
        let (month, day) = if day < 31 { (5, day + 1) } else { (6, day - 30) };
        let _ = writeln!(events, "u{},2026-{month:02}-{day:02}T10:00:00+08:00,{name},{name},{name}", n / 3);
    }
    load(&mut engine, folder, "events\u{1b}]52;c;aGk=\u{7}.csv", Kind::Events, &events);
    let mut revenue = String::from("order_id,user_id,ts,stream,amount,currency\n");
    for (n, name) in HOSTILE.iter().cycle().take(60).enumerate() {
        let amount = if n % 7 == 6 { "-999999999.99" } else { "123456789.12" };
        let day = n % 10 + 1;
        let _ = writeln!(revenue, "o{n},u{n},2026-06-{day:02}T11:00:00+08:00,{name}{},{amount},CNY", n % 40);
    }
    revenue += "bad\u{202e}row,u1,not a time \u{1b}[2J,x,1.00,CNY\n";
    load(&mut engine, folder, "收入\u{202e}表格文件名也很长很长很长很长很长很长很长.csv", Kind::Revenue, &revenue);
    for n in 0..30 {
        load(
            &mut engine,
            folder,
            &format!("spend{n}.csv"),
            Kind::Spend,
            &format!("date,channel,amount\n2026-06-01,c{n},1\n"),
        );
    }
    engine
}

/// Control bytes, direction overrides, invisible and combining characters, wide ones, and a very long one.
pub const HOSTILE: [&str; 8] = [
    "\u{1b}[2Jclear",
    "\u{202e}gnp.exe",
    "zero\u{200b}width\u{feff}",
    "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "广告投放渠道名称很长很长很长很长很长很长",
    "\u{9b}31mC1",
    "👩\u{200d}👩\u{200d}👧 family",
    "a-name-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on",
];

/// A file of the shape of `tests/fixtures/import`, for the import layer.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(name)
}

fn workspace(product: &str) -> Engine {
    Engine::in_memory(&profile(product)).unwrap()
}

fn profile(product: &str) -> NewWorkspace {
    let Calendar { zone, week_start } = calendar();
    NewWorkspace {
        product: product.to_owned(),
        form: "app".to_owned(),
        stage: "growth".to_owned(),
        currency: Currency::parse("CNY"),
        zone,
        week_start,
    }
}

fn load(engine: &mut Engine, folder: &str, file: &str, kind: Kind, rows: &str) {
    let path = fresh(&format!("{folder}/{file}"));
    std::fs::write(&path, rows).unwrap();
    let through = Day::parse("2026-06-10");
    let request = ImportRequest { path, kind: Some(kind), through, ..ImportRequest::default() };
    let early = Clock { now: morning(8), today: None };
    let outcome = engine.run(&Command::Import(request), early, &mut |_| ControlFlow::Continue(())).unwrap();
    assert!(matches!(outcome, Outcome::Imported(_)));
}

/// A path in the build folder at which nothing stands.
fn kept(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("screens").join(name)
}

pub fn fresh(name: &str) -> PathBuf {
    let path = kept(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
    path
}

fn desk(engine: Engine) -> Mutex<Desk> {
    Mutex::new(Desk::new(engine, clock, None))
}

/// A spreadsheet of daily totals and nothing else.
pub fn facts() -> &'static Mutex<Desk> {
    static MADE: OnceLock<Mutex<Desk>> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut engine = workspace("Paper shop");
        let mut rows = String::from("date,metric,value,channel\n");
        for n in 0..41 {
            let day = Day::parse("2026-05-01").unwrap().plus(n);
            let _ = writeln!(rows, "{day},new_users,{},flyer", 20 + n % 7);
            let _ = writeln!(rows, "{day},new_users,{},(direct)", 10 + n % 5);
            let _ = writeln!(rows, "{day},spend,{},flyer", 300 + 5 * (n % 6));
            let _ = writeln!(rows, "{day},net,{}.50,", 900 + 11 * (n % 9));
            let _ = writeln!(rows, "{day},brand_searches,{},", 40 + n % 4);
            let _ = writeln!(rows, "{day},dau,{},", 200 + n);
            let _ = writeln!(rows, "{day},订单,{},", 30 + n % 5);
            let _ = writeln!(rows, "{day},visits,{},", 500 + 9 * (n % 7));
            let _ = writeln!(rows, "{day},followers,{},", 9_000 + 4 * n);
        }
        load(&mut engine, "facts", "daily.csv", Kind::Facts, &rows);
        desk(engine)
    })
}

/// The orders of a shop and nothing else.
pub fn shop() -> &'static Mutex<Desk> {
    static MADE: OnceLock<Mutex<Desk>> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut engine = workspace("Lamp shop");
        let mut rows = String::from("order_id,user_id,ts,stream,amount\n");
        for n in 0..300_i32 {
            let day = Day::parse("2026-04-01").unwrap().plus(n * 71 / 300);
            let (user, cents) = (n * n % 97, 1_000 + n * 37 % 4_000);
            let stream = if n % 3 == 0 { "repairs" } else { "lamps" };
            let _ = writeln!(rows, "o{n},u{user},{day}T10:00:00+08:00,{stream},{}.{:02}", cents / 100, cents % 100);
        }
        load(&mut engine, "shop", "orders.csv", Kind::Revenue, &rows);
        desk(engine)
    })
}

/// One user, one order, one cost, one item, one deal, and one plan, task and note a tab.
pub fn one_row() -> &'static Mutex<Desk> {
    static MADE: OnceLock<Mutex<Desk>> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut engine = workspace("One");
        Filling { rows: 1, groups: 1, plans: 1, name: &|_| "lamp".to_owned() }.pour(&mut engine, "one");
        desk(engine)
    })
}

/// One event, order, cost, item and deal, and a second of most, for a test that changes them.
pub fn little_more(folder: &str) -> Mutex<Desk> {
    let mut engine = workspace("One");
    fill_little(&mut engine, folder);
    desk(engine)
}

/// The same in a file, with what somebody else does to it meanwhile.
pub fn two_writers(folder: &str) -> (Mutex<Desk>, impl Fn(&Command)) {
    let path = fresh(&format!("{folder}/shared.db"));
    let mut engine = Engine::create(&path, &profile("One")).unwrap();
    fill_little(&mut engine, folder);
    let other = move |command: &Command| {
        let mut other = Engine::open(&path, Access::ReadWrite, Duration::from_secs(5)).unwrap();
        other.act_as("Lin".to_owned());
        other.run(command, clock(), &mut |_| ControlFlow::Continue(())).unwrap();
    };
    (desk(engine), other)
}

fn fill_little(engine: &mut Engine, folder: &str) {
    let files = [
        (
            Kind::Events,
            "user_id,ts,event,channel,platform,content\nann,2026-06-09T10:00:00+08:00,view,search,web,lamp\n",
            "ben,2026-06-09T10:00:00+08:00,passed_on,feeda,web,lamp\n",
        ),
        (
            Kind::Revenue,
            "order_id,user_id,ts,stream,amount,currency\no1,ann,2026-06-09T11:00:00+08:00,shop,12.50,CNY\n",
            "",
        ),
        (Kind::Spend, "date,channel,campaign,amount,impressions,clicks\n2026-06-09,search,name,3.00,100,4\n", ""),
        (
            Kind::Content,
            "id,title,kind,author,planned,published,status\nlamp,A lamp,article,Kai,2026-06-08,2026-06-08,out\n",
            "chair,A chair,video,Sol,2026-06-12,,draft\n",
        ),
        (
            Kind::Deals,
            "id,partner,kind,stage,value,currency,due,received\nd1,Harbor,money,signed,100,CNY,2026-06-01,\n",
            "d2,Tern,money,talk,900,CNY,2026-07-01,\n",
        ),
    ];
    for (kind, rows, more) in files {
        load(engine, folder, &format!("{}.csv", kind.name()), kind, &format!("{rows}{more}"));
    }
}

/// Five thousand users, campaigns, items, deals and notes, with wide names.
pub fn crowd() -> &'static Mutex<Desk> {
    static MADE: OnceLock<Mutex<Desk>> = OnceLock::new();
    MADE.get_or_init(|| {
        let mut engine = workspace("人群");
        let name = |n: usize| format!("活动标题很长很长很长{n}");
        Filling { rows: 5_000, groups: 50, plans: 2, name: &name }.pour(&mut engine, "crowd");
        desk(engine)
    })
}

/// The orders of a record shop of 1997, where the shared data folder is at hand.
pub fn cdnow() -> Option<&'static Mutex<Desk>> {
    static MADE: OnceLock<Option<Mutex<Desk>>> = OnceLock::new();
    MADE.get_or_init(|| {
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
        let shared = std::env::var_os("QUARTERDECK_SHARED").map_or(beside, PathBuf::from);
        let path = Some(shared.join("cdnow_sample/orders.csv.gz")).filter(|path| path.is_file())?;
        let mut engine = workspace("Records");
        let request = ImportRequest { path, kind: Some(Kind::Revenue), ..ImportRequest::default() };
        let early = Clock { now: morning(8), today: None };
        engine.run(&Command::Import(request), early, &mut |_| ControlFlow::Continue(())).unwrap();
        Some(desk(engine))
    })
    .as_ref()
}
