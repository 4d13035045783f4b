//! What is typed: kept while it is not stored, whatever becomes of the terminal, the program or the machine; numbers of
//! days, stored one after the other.

use std::process::Command;
use std::thread;
use std::time::Duration;

use rustix::process::Signal;

use crate::harness::{Pty, import, quarterdeck};

const SAVE: &str = "\x1bOQ";

struct Shop {
    folder: tempfile::TempDir,
    path: String,
}

impl Shop {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db").display().to_string();
        import(&path, folder.path(), "first.csv", &[("u1", "2026-06-01")]);
        Self { folder, path }
    }

    /// The list of plans.
    fn plans(&self) -> Pty {
        let env = [("TERM", "xterm-256color"), ("QUARTERDECK_USER", "ben")];
        let mut pty = Pty::start_with(&env, 80, 24, &quarterdeck(), &["--db", &self.path, "--today", "2026-06-02"]);
        pty.until("[0Today]");
        pty.keys("8");
        pty.until("[8Plans]");
        // A list that is still read takes no key.
        pty.until_quiet(Duration::from_millis(400));
        pty
    }

    fn run(&self, args: &[&str]) -> String {
        let mut command = Command::new(quarterdeck());
        let done = command.args(args).args(["--db", &self.path]).env("QUARTERDECK_USER", "ben").output().unwrap();
        format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr))
    }
}

/// A strategy is begun.
fn begin(pty: &mut Pty, title: &str) {
    pty.keys("A");
    pty.until("Plans > new strategy");
    pty.keys(title);
    pty.until(&format!("[{title}_"));
}

/// The key that opened the form brings it back.
fn is_back(shop: &Shop, title: &str) -> Pty {
    let mut pty = shop.plans();
    pty.keys("A");
    pty.until(&format!("[{title}_"));
    pty.until("draft, not stored");
    pty
}

#[test]
fn a_dropped_connection_a_signal_and_a_crash_leave_the_draft() {
    let shop = Shop::new();
    let mut pty = shop.plans();
    begin(&mut pty, "Sell to those who came");
    assert_eq!(pty.hang_up().exit_code(), 129);

    let mut pty = is_back(&shop, "Sell to those who came");
    pty.keys(" twice");
    pty.until("came twice_");
    pty.program().signal(Signal::TERM);
    assert_eq!(pty.exit_code(), 143);
    pty.assert_restored();

    let mut pty = is_back(&shop, "Sell to those who came twice");
    pty.keys(" a year");
    pty.until("a year_");
    // Nobody can act on this one: what was typed a second ago is in the file.
    thread::sleep(Duration::from_millis(2_500));
    pty.program().kill();
    drop(pty);

    let mut pty = is_back(&shop, "Sell to those who came twice a year");
    pty.keys("\x03");
    assert_eq!(pty.exit_code(), 0);
    assert!(shop.run(&["plan", "undo"]).contains("nothing"), "a draft is no action");
}

#[test]
fn a_draft_ends_when_it_is_saved_or_cleared() {
    let shop = Shop::new();
    let mut pty = shop.plans();
    begin(&mut pty, "Autumn");
    pty.keys("\x1b");
    pty.until("draft kept");
    pty.keys("A");
    pty.until("[Autumn_");
    pty.keys(SAVE);
    pty.until("new strategy: Autumn");
    pty.keys("A");
    pty.until("1 to fill");
    pty.keys("x\x15");
    pty.until("1 to fill");
    pty.program().signal(Signal::TERM);
    assert_eq!(pty.exit_code(), 143);

    let mut pty = shop.plans();
    pty.keys("A");
    pty.until("Plans > new strategy");
    pty.until("1 to fill");
    assert!(!pty.contents().contains("draft, not stored"), "{}", pty.contents());
    pty.keys("\x1bq");
    assert!(shop.folder.path().exists());
}

#[test]
fn an_entry_line_comes_back_too_and_belongs_to_its_writer() {
    let shop = Shop::new();
    let mut pty = shop.plans();
    pty.keys(".");
    pty.until("no task yet");
    pty.keys("a");
    pty.until("task: ");
    pty.keys("call Harbor due:fri");
    pty.until("call Harbor due:fri_");
    assert_eq!(pty.hang_up().exit_code(), 129);

    let env = [("TERM", "xterm-256color"), ("QUARTERDECK_USER", "ann")];
    let mut other = Pty::start_with(&env, 80, 24, &quarterdeck(), &["--db", &shop.path, "--today", "2026-06-02"]);
    other.until("[0Today]");
    other.keys("8.");
    other.until("no task yet");
    other.keys("a");
    other.until("task: _");
    other.keys("\x03");
    assert_eq!(other.exit_code(), 0);

    let mut pty = shop.plans();
    pty.keys(".");
    pty.until("no task yet");
    pty.keys("a");
    pty.until("call Harbor due:fri_");
    pty.keys("\x03");
    assert_eq!(pty.exit_code(), 0);
}

#[test]
fn missing_numbers_are_typed_one_after_the_other() {
    let shop = Shop::new();
    for (name, value) in [("visits", "420"), ("leaflets", "9")] {
        shop.run(&["log", name, value, "-d", "2026-05-31", "--today", "2026-06-02"]);
    }
    let mut pty = shop.plans();
    pty.keys("L");
    pty.until("leaflets of Mon 1 Jun (1/2)");
    pty.keys("\r");
    pty.until("visits of Mon 1 Jun (2/2)");
    pty.keys("430");
    pty.until("430_");
    pty.keys("\r");
    pty.until("a new number of Mon 1 Jun");
    pty.keys("Revenue 70");
    pty.until("Revenue: 70");
    pty.keys("\r");
    pty.until("2 numbers stored");
    pty.keys("L");
    pty.until("leaflets of Mon 1 Jun (1/1)");
    pty.keys("\x1b");
    pty.keys("q");
    let again = shop.run(&["log", "visits", "430", "-d", "2026-06-01", "--today", "2026-06-02"]);
    assert!(again.contains("it stood there already"), "{again}");
    let net = shop.run(&["log", "net", "70", "-d", "2026-06-01", "--today", "2026-06-02"]);
    assert!(net.contains("it stood there already"), "{net}");
}
