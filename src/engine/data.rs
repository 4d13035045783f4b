//! The Data screen: where rows came from, what was refused, who we are.

use crate::query::{DataBoard, Import, ImportState, Rejected};
use crate::store::{BatchState, ImportRow, RejectedRow};

use super::view::View;
use super::{EngineError, roles, status};

/// Newest imports shown.
const IMPORTS: usize = 200;
/// Newest rejected rows shown.
const REJECTED: usize = 1_000;

/// Answers `Query::Data`.
pub(super) fn answer(view: &mut View) -> Result<DataBoard, EngineError> {
    Ok(DataBoard {
        sources: view.sources()?.to_vec(),
        imports: view.store.imports(IMPORTS)?.into_iter().map(import).collect(),
        rejected: view.store.rejected(REJECTED)?.into_iter().map(rejected).collect(),
        rejected_total: view.store.rejected_total()?,
        event_names: roles::names(view)?,
        profile: status::profile(view)?,
        settings: view.store.stored_settings()?,
        bytes: view.store.bytes()?,
    })
}

fn import(row: ImportRow) -> Import {
    Import {
        batch: row.batch,
        at: row.at,
        file: row.file,
        source: row.source,
        kind: row.kind,
        counts: row.counts,
        state: match row.state {
            BatchState::Open => ImportState::Open,
            BatchState::Stopped => ImportState::Stopped,
            BatchState::Done => ImportState::Done,
            BatchState::Undone => ImportState::Undone,
        },
    }
}

fn rejected(row: RejectedRow) -> Rejected {
    Rejected { batch: row.batch, file: row.file, line: row.line, code: row.code, detail: row.detail, raw: row.raw }
}
