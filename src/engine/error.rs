//! Why a question or an order failed.

use std::path::Path;

use crate::ingest::{Fault, NotUnderstood};
use crate::store::StoreError;

/// A failure in one line: what, where, why, next step. Raw values in it are made safe by whoever shows them.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// A file was not understood, or the workspace is damaged, newer than this program, or not a workspace.
    #[error("{0}")]
    NotUnderstood(String),
    /// The machine stopped it: disk full, locked, read only, a network file system.
    #[error("{0}")]
    Machine(String),
    /// What was asked for does not exist or does not go together.
    #[error("{0}")]
    Usage(String),
    /// Any other failure.
    #[error("{0}")]
    Failed(String),
    /// A failure of the workspace file; [`EngineError::at`] names it.
    #[error("{0}")]
    Workspace(StoreError),
    /// A newer request or the operator stopped it; nothing is wrong.
    #[error("stopped before it was done")]
    Interrupted,
}

impl From<NotUnderstood> for EngineError {
    fn from(error: NotUnderstood) -> Self {
        let text = error.to_string();
        match error.fault {
            Fault::File => Self::NotUnderstood(text),
            Fault::Request => Self::Usage(text),
        }
    }
}

impl From<StoreError> for EngineError {
    fn from(error: StoreError) -> Self {
        if error.is_interrupted() {
            return Self::Interrupted;
        }
        Self::Workspace(error)
    }
}

impl EngineError {
    /// The exit code of product.md: 1 failed, 2 usage, 4 the machine, 5 not understood or not a workspace of ours.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Failed(_) | Self::Interrupted => 1,
            Self::Usage(_) => 2,
            Self::Machine(_) => 4,
            Self::NotUnderstood(_) => 5,
            Self::Workspace(error) => error.exit_code(),
        }
    }

    /// Names the workspace file where the message is about it and does not name it yet.
    #[must_use]
    pub fn at(self, workspace: &Path) -> Self {
        match self {
            Self::Workspace(error) => Self::Workspace(error.at(workspace)),
            other => other,
        }
    }

    /// Whether the content of the workspace file is broken.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Workspace(error) if error.is_damage())
    }

    /// Whether it was stopped on purpose, so that nothing needs to be told.
    pub fn is_interrupted(&self) -> bool {
        matches!(self, Self::Interrupted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_those_of_the_product_page() {
        let codes = [
            EngineError::Failed(String::new()),
            EngineError::Usage(String::new()),
            EngineError::Machine(String::new()),
            EngineError::NotUnderstood(String::new()),
        ]
        .map(|e| e.exit_code());
        assert_eq!(codes, [1, 2, 4, 5]);
        assert!(EngineError::Interrupted.is_interrupted());
    }
}
