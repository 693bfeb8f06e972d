//! The rooms whose open records a change of the rules is tried on.

use std::sync::Arc;

use adjustment::{OpenRecords, OpenSpan};
use hazard::query::OpenSpans;
use kernel::StreamId;
use storage::{StorageError, Tx};

/// How a room tells the deadlines that run.
type Running = fn(&mut Tx, StreamId, usize) -> Result<(Vec<OpenSpans>, Option<StreamId>), StorageError>;

struct Room {
    running: Running,
    /// Where its records' pages lie.
    path: &'static str,
}

impl OpenRecords for Room {
    fn running(
        &self,
        tx: &mut Tx,
        after: StreamId,
        most: usize,
    ) -> Result<(Vec<OpenSpan>, Option<StreamId>), StorageError> {
        let (records, next) = (self.running)(tx, after, most)?;
        let spans = records.into_iter().flat_map(|record| {
            let href = format!("{}/{}", self.path, record.id.0.simple());
            record.spans.into_iter().map(move |(started, due)| OpenSpan {
                id: record.id,
                unit: record.unit,
                label: record.label.clone(),
                href: href.clone(),
                started,
                due,
            })
        });
        Ok((spans.collect(), next))
    }
}

/// All of them.
pub(crate) fn rooms() -> Vec<Arc<dyn OpenRecords>> {
    let room = |running: Running, path| Arc::new(Room { running, path }) as Arc<dyn OpenRecords>;
    vec![
        room(hazard::query::running, "/hazards"),
        room(supervision::query::running, "/supervisions"),
        room(transfer::query::running, "/transfers"),
        room(accountability::query::running, "/accountability"),
        room(accountability::query::running_clarifications, "/clarifications"),
        room(public_report::query::running, "/reports"),
    ]
}
