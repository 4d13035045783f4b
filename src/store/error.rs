//! Why the workspace file could not be read or written, in one line with the next step.

use std::path::Path;

use rusqlite::ErrorCode;

const FULL: &str = "disk full; what was committed stays; free space there and try again";
const NO_RIGHT: &str = "cannot be written; nothing was stored; check the permissions of the file and its folder, or \
                        copy it to a place that can be written";
/// Less free space than this is none: SQLite needs a few pages for its own files.
const NO_SPACE: u64 = 64 << 10;

/// A failure of the store. The text is raw: whoever shows it makes it safe.
#[derive(Debug, thiserror::Error)]
#[error("{}{text}", if *.about == About::Named { "" } else { "the workspace: " })]
pub struct StoreError {
    class: Class,
    text: String,
    about: About,
}

/// Whether the text names what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    Named,
    /// It is about the workspace file and does not name it yet.
    Workspace,
    /// The same, of a failed read or write, which a full disk shows as too (SQLite has four codes for it).
    Disk,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Failed,
    Usage,
    Machine,
    Refused,
    Damaged,
    Interrupted,
    Overtaken,
}

impl StoreError {
    fn new(class: Class, text: impl Into<String>) -> Self {
        Self { class, text: text.into(), about: About::Named }
    }

    pub(super) fn failed(text: impl Into<String>) -> Self {
        Self::new(Class::Failed, text)
    }

    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self::new(Class::Usage, text)
    }

    pub(super) fn machine(text: impl Into<String>) -> Self {
        Self::new(Class::Machine, text)
    }

    pub(super) fn damaged(what: &str) -> Self {
        let text = format!("is damaged: {what}; nothing was changed; restore a backup, or see `quarterdeck doctor`");
        Self { about: About::Workspace, ..Self::new(Class::Damaged, text) }
    }

    pub(super) fn refused(text: impl Into<String>) -> Self {
        Self::new(Class::Refused, text)
    }

    /// Somebody else changed the row first that was to be changed.
    pub(super) fn overtaken() -> Self {
        Self::new(Class::Overtaken, "somebody else keeps changing this row; nothing was stored; try again")
    }

    /// Whether somebody else changed the row first.
    pub fn is_overtaken(&self) -> bool {
        self.class == Class::Overtaken
    }

    /// The machine stopped work on the workspace file.
    pub(super) fn workspace(text: impl Into<String>) -> Self {
        Self { about: About::Workspace, ..Self::machine(text) }
    }

    /// Names the workspace file where the message does not yet.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        let text = match self.about {
            About::Named => return self,
            About::Disk if is_full(path) => FULL,
            About::Disk if is_closed(path) => NO_RIGHT,
            About::Disk | About::Workspace => &self.text,
        };
        Self::new(self.class, format!("{}: {text}", path.display()))
    }

    /// The same of a file that cannot even be opened, so that no command can look into it.
    #[must_use]
    pub(super) fn in_opening(self, path: &Path) -> Self {
        if self.class != Class::Damaged {
            return self.at(path);
        }
        let text = format!("{}: {}; nothing was changed; restore a backup", path.display(), self.cause());
        Self::new(Class::Damaged, text)
    }

    /// What is wrong, without the next step.
    pub(super) fn cause(&self) -> &str {
        self.text.split_once("; ").map_or(&self.text, |(cause, _)| cause)
    }

    /// 1 failed, 2 usage, 4 the machine, 5 damaged, newer or not ours.
    pub fn exit_code(&self) -> u8 {
        match self.class {
            Class::Failed | Class::Interrupted | Class::Overtaken => 1,
            Class::Usage => 2,
            Class::Machine => 4,
            Class::Refused | Class::Damaged => 5,
        }
    }

    /// Whether another thread stopped it on purpose.
    pub fn is_interrupted(&self) -> bool {
        self.class == Class::Interrupted
    }

    /// Whether the file's content is broken.
    pub fn is_damage(&self) -> bool {
        self.class == Class::Damaged
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let said = said(&error);
        let disk = matches!(error.sqlite_error_code(), Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen));
        let (class, text) = match error.sqlite_error_code() {
            None => {
                (Class::Damaged, format!("could not be read: {said}; restore a backup, or see `quarterdeck doctor`"))
            }
            Some(ErrorCode::OperationInterrupted) => (Class::Interrupted, "stopped".to_owned()),
            Some(ErrorCode::DiskFull) => (Class::Machine, FULL.to_owned()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                (Class::Machine, "another process is writing to it; what was committed stays; try again".to_owned())
            }
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => (Class::Machine, NO_RIGHT.to_owned()),
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::OutOfMemory) => (
                Class::Machine,
                format!("the machine refused: {said}; what was committed stays; check the disk and try again"),
            ),
            // Our SQL names only what the schema has, so a table that is not there has been lost.
            _ if said.starts_with("no such table") || said.starts_with("no such column") => {
                (Class::Damaged, format!("is damaged: {said}; nothing was changed; restore a backup"))
            }
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (
                Class::Damaged,
                format!("is damaged: {said}; nothing was changed; restore a backup, or see `quarterdeck doctor`"),
            ),
            Some(_) => (Class::Failed, format!("refused: {said}; see `quarterdeck doctor`")),
        };
        Self { class, text, about: if disk { About::Disk } else { About::Workspace } }
    }
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether nothing can be made in the folder of the file.
fn is_closed(path: &Path) -> bool {
    rustix::fs::access(folder(path), rustix::fs::Access::WRITE_OK).is_err()
}

/// Whether the disk that holds the file is full.
fn is_full(path: &Path) -> bool {
    rustix::fs::statvfs(folder(path)).is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < NO_SPACE)
}

/// What SQLite said, without the statement it said it of.
fn said(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } | rusqlite::Error::SqliteFailure(_, Some(msg)) => msg.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_file_once_and_never_shows_sql() {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        let error = StoreError::from(conn.prepare("SELECT 1\nFROM nowhere").unwrap_err()).at(Path::new("/a/b.db"));
        let error = error.at(Path::new("/other"));
        assert_eq!(
            error.to_string(),
            "/a/b.db: is damaged: no such table: nowhere; nothing was changed; restore a backup"
        );
        assert!(StoreError::usage("x").at(Path::new("/a")).to_string() == "x");
    }
}
