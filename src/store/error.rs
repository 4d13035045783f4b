//! Why the workspace file could not be read or written, in one line with the next step.

use rusqlite::ErrorCode;

/// A failure of the store. The text is raw: whoever shows it makes it safe.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub struct StoreError {
    class: Class,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Failed,
    Usage,
    Machine,
    Refused,
    Interrupted,
}

impl StoreError {
    pub(super) fn failed(text: impl Into<String>) -> Self {
        Self { class: Class::Failed, text: text.into() }
    }

    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self { class: Class::Usage, text: text.into() }
    }

    pub(super) fn machine(text: impl Into<String>) -> Self {
        Self { class: Class::Machine, text: text.into() }
    }

    pub(super) fn refused(text: impl Into<String>) -> Self {
        Self { class: Class::Refused, text: text.into() }
    }

    /// 1 failed, 2 usage, 4 the machine, 5 damaged, newer or not ours.
    pub fn exit_code(&self) -> u8 {
        match self.class {
            Class::Failed | Class::Interrupted => 1,
            Class::Usage => 2,
            Class::Machine => 4,
            Class::Refused => 5,
        }
    }

    /// Whether another thread stopped it on purpose.
    pub fn is_interrupted(&self) -> bool {
        self.class == Class::Interrupted
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let Some(code) = error.sqlite_error_code() else {
            return Self::failed(format!("the workspace could not be read: {error}; run `quarterdeck doctor`"));
        };
        match code {
            ErrorCode::OperationInterrupted => Self { class: Class::Interrupted, text: "stopped".into() },
            ErrorCode::DiskFull => Self::machine("disk full; nothing committed was lost; free space and try again"),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                Self::machine("another process is writing to the workspace; nothing was stored; try again in a moment")
            }
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => {
                Self::machine("the workspace cannot be written; nothing was stored; check its permissions and folder")
            }
            ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::OutOfMemory => Self::machine(format!(
                "the machine refused: {error}; nothing committed was lost; check the disk and try again"
            )),
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::refused(format!(
                "the workspace is damaged: {error}; nothing was changed; run `quarterdeck doctor`, or use a backup"
            )),
            _ => Self::failed(format!("the workspace refused: {error}")),
        }
    }
}
