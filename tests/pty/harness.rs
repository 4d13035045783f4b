//! A program on a pseudo-terminal with an emulator that reads it. One thread: output is read only while a test waits,
//! so that closing or not draining the terminal happens exactly when the test says.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use filedescriptor::FileDescriptor;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

/// A step that takes longer has failed; generous, for loaded machines.
const DEADLINE: Duration = Duration::from_secs(20);

/// The program under test.
pub fn quarterdeck() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_quarterdeck"))
}

/// A workspace with one user on one day, made once.
pub fn workspace() -> &'static str {
    static MADE: std::sync::OnceLock<(tempfile::TempDir, String)> = std::sync::OnceLock::new();
    let (_, path) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("w.db").display().to_string();
        import(&path, folder.path(), "first.csv", &[("u1", "2026-06-01")]);
        (folder, path)
    });
    path
}

/// Imports one event a row from a process of its own.
pub fn import(workspace: &str, folder: &Path, name: &str, rows: &[(&str, &str)]) {
    let file = folder.join(name);
    let lines = rows.iter().fold(String::new(), |all, (user, day)| format!("{all}{user},open,{day}T10:00:00Z\n"));
    std::fs::write(&file, format!("user_id,event,ts\n{lines}")).unwrap();
    let mut command = std::process::Command::new(quarterdeck());
    let done = command.args(["import", "--db", workspace]).arg(&file).env("TZ", "UTC").output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The program of tests/pty/panics.rs, built now: `cargo test --test pty` builds no examples.
pub fn panics() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let build = || {
        let tests = std::env::current_exe().unwrap();
        let profile = tests.ancestors().nth(2).unwrap();
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--offline", "--example", "panics", "--target-dir"]);
        cargo.arg(profile.parent().unwrap()).current_dir(env!("CARGO_MANIFEST_DIR"));
        if profile.ends_with("release") {
            cargo.arg("--release");
        }
        assert!(cargo.status().unwrap().success());
        profile.join("examples/panics")
    };
    BUILT.get_or_init(build).clone()
}

pub struct Pty {
    master: Box<dyn MasterPty + Send>,
    /// Kept open so that the modes can be read after the program has ended.
    _slave: Box<dyn SlavePty + Send>,
    wire: FileDescriptor,
    program: Program,
    emulator: vt100::Parser,
    found: Termios,
    received: Vec<u8>,
}

impl Pty {
    /// Starts a program at 80x24.
    pub fn start(program: &Path, args: &[&str]) -> Self {
        Self::start_at(80, 24, program, args)
    }

    /// Starts a program at a size.
    pub fn start_at(columns: u16, rows: u16, program: &Path, args: &[&str]) -> Self {
        Self::start_with(&[("TERM", "xterm-256color")], columns, rows, program, args)
    }

    /// Starts a program in an environment that holds nothing of the tester's.
    pub fn start_with(env: &[(&str, &str)], columns: u16, rows: u16, program: &Path, args: &[&str]) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let wire = FileDescriptor::dup(&pair.master.as_raw_fd().unwrap()).unwrap();
        let found = tcgetattr(&wire).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env_clear();
        for (name, value) in
            [("LANG", "C.UTF-8"), ("PATH", "/usr/bin:/bin"), ("QUARTERDECK_DB", workspace())].iter().chain(env)
        {
            command.env(name, value);
        }
        command.cwd(std::env::temp_dir());
        let child = pair.slave.spawn_command(command).unwrap();
        let (emulated_columns, emulated_rows) = emulated(columns, rows);
        let emulator = vt100::Parser::new(emulated_rows, emulated_columns, 0);
        let program = Program { child };
        Self { master: pair.master, _slave: pair.slave, wire, program, emulator, found, received: Vec::new() }
    }

    /// Types.
    pub fn keys(&mut self, text: &str) {
        self.wire.write_all(text.as_bytes()).unwrap();
    }

    /// The process on the terminal.
    pub fn program(&mut self) -> &mut Program {
        &mut self.program
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.master.resize(size(columns, rows)).unwrap();
        let (columns, rows) = emulated(columns, rows);
        self.emulator.screen_mut().set_size(rows, columns);
    }

    /// Reads until the screen holds the text.
    pub fn until(&mut self, text: &str) {
        self.until_screen(text, |screen| screen.contents().contains(text));
    }

    /// Reads until the screen is as wanted.
    pub fn until_screen(&mut self, wanted: &str, met: impl Fn(&vt100::Screen) -> bool) {
        let deadline = Instant::now() + DEADLINE;
        while !met(self.emulator.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "no `{wanted}` on the screen:\n{}", self.emulator.screen().contents());
            self.read(left.min(Duration::from_millis(100)));
        }
    }

    /// Reads until the program has sent the text or sequence.
    pub fn until_bytes(&mut self, wanted: &str) {
        let deadline = Instant::now() + DEADLINE;
        while !self.received.windows(wanted.len()).any(|window| window == wanted.as_bytes()) {
            assert!(Instant::now() < deadline, "no {wanted:?} was sent");
            self.read(Duration::from_millis(100));
        }
    }

    /// Waits, without reading, until the program waits for a reader.
    pub fn until_clogged(&mut self) {
        let waiting = |pty: &Self| rustix::io::ioctl_fionread(&pty.wire).unwrap();
        let deadline = Instant::now() + DEADLINE;
        let mut last = (waiting(self), Instant::now());
        while last.1.elapsed() < Duration::from_millis(300) {
            assert!(Instant::now() < deadline, "the program never stops sending");
            std::thread::sleep(Duration::from_millis(10));
            let now = waiting(self);
            if now != last.0 {
                last = (now, Instant::now());
            }
        }
        assert!(last.0 >= 2_048, "only {} bytes are waiting", last.0);
    }

    /// Sets the modes back, as a shell does when a job is stopped.
    pub fn reset_modes(&mut self) {
        tcsetattr(&self.wire, OptionalActions::Now, &self.found).unwrap();
        self.received.clear();
    }

    /// Reads until nothing has come for a while.
    pub fn until_quiet(&mut self, quiet: Duration) {
        let deadline = Instant::now() + DEADLINE;
        while self.read(quiet) > 0 {
            assert!(Instant::now() < deadline, "the screen never comes to rest");
        }
    }

    /// Bytes that come within a time.
    pub fn bytes_within(&mut self, time: Duration) -> usize {
        let end = Instant::now() + time;
        let before = self.received.len();
        while Instant::now() < end {
            self.read(end.saturating_duration_since(Instant::now()));
        }
        self.received.len() - before
    }

    /// Everything received since the last call.
    pub fn take_received(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.received)
    }

    /// Text on the screen.
    pub fn contents(&self) -> String {
        self.emulator.screen().contents()
    }

    /// Reads to the end of the program; its exit code.
    pub fn exit_code(&mut self) -> u32 {
        let deadline = Instant::now() + DEADLINE;
        loop {
            self.read(Duration::from_millis(10));
            if let Some(code) = self.program.try_exit_code() {
                while self.read(Duration::ZERO) > 0 {}
                return code;
            }
            assert!(Instant::now() < deadline, "the program does not end");
        }
    }

    /// The program is stopped (by SIGSTOP or a key), not ended.
    pub fn until_stopped(&mut self) {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if self.program.state().starts_with('T') {
                while self.read(Duration::ZERO) > 0 {}
                return;
            }
            assert!(Instant::now() < deadline, "the program does not stop");
            self.read(Duration::from_millis(10));
        }
    }

    /// Closes the terminal, as a dropped connection does; what is left is the program.
    pub fn hang_up(self) -> Program {
        self.program
    }

    /// The terminal is as it was found: modes, main screen, cursor, paste and mouse.
    #[track_caller]
    pub fn assert_restored(&self) {
        assert_eq!(modes(&tcgetattr(&self.wire).unwrap()), modes(&self.found));
        let screen = self.emulator.screen();
        assert!(!screen.alternate_screen(), "alternate screen left on");
        assert!(!screen.hide_cursor(), "cursor left hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste left on");
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    }

    /// Reads until the terminal is in the program's hands.
    pub fn until_taken(&mut self) {
        let deadline = Instant::now() + DEADLINE;
        let found = modes(&self.found);
        while modes(&tcgetattr(&self.wire).unwrap()) == found || !self.emulator.screen().alternate_screen() {
            assert!(Instant::now() < deadline, "the program does not take the terminal");
            self.read(Duration::from_millis(10));
        }
    }

    /// Reads what is there, waiting for it up to a time; the number of bytes.
    fn read(&mut self, wait: Duration) -> usize {
        let mut ends = [PollFd::new(&self.wire, PollFlags::IN)];
        poll(&mut ends, Some(&Timespec::try_from(wait).unwrap())).unwrap();
        if !ends[0].revents().contains(PollFlags::IN) {
            return 0;
        }
        let mut buffer = [0; 4_096];
        let n = self.wire.read(&mut buffer).unwrap_or(0);
        self.emulator.process(&buffer[..n]);
        self.received.extend_from_slice(&buffer[..n]);
        n
    }
}

/// The process; ended for certain when the test ends, passed or failed.
pub struct Program {
    child: Box<dyn Child + Send + Sync>,
}

impl Program {
    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Ends it without a word, as the kernel does when memory is short.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for the end without reading the terminal; the exit code.
    pub fn exit_code(&mut self) -> u32 {
        let deadline = Instant::now() + DEADLINE;
        loop {
            if let Some(code) = self.try_exit_code() {
                return code;
            }
            assert!(Instant::now() < deadline, "the program does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn try_exit_code(&mut self) -> Option<u32> {
        self.child.try_wait().unwrap().map(|status| {
            assert_eq!(status.signal(), None, "killed by a signal");
            status.exit_code()
        })
    }

    /// As `ps` tells it: `T` is stopped.
    fn state(&self) -> String {
        let pid = self.pid().as_raw_nonzero().to_string();
        let listed = Command::new("ps").args(["-o", "stat=", "-p", &pid]).output().unwrap();
        String::from_utf8(listed.stdout).unwrap()
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.child.process_id().unwrap() as i32).unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|status| status.is_none()) {
            drop(self.child.kill());
        }
    }
}

/// The emulator needs some cells to stand on, and memory for all cells, whatever the terminal claims.
fn emulated(columns: u16, rows: u16) -> (u16, u16) {
    (columns.clamp(20, 1_000), rows.clamp(6, 500))
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

/// rustix compares no modes, but shows them.
fn modes(termios: &Termios) -> String {
    format!("{termios:?}")
}
