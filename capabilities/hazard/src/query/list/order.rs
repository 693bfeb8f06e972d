//! The order of a list, and where its next page begins.

use super::{
    super::{
        filter::{Cursor, Sort, StageFilter},
        sql::{Arg, Conditions},
    },
    HazardRow,
    asked::Asked,
};

/// The order a list has, as it is written into the query and the cursor.
#[derive(Clone, Copy)]
pub(super) enum Order {
    Newest,
    Due,
    Row,
}

impl Order {
    pub(super) fn of(asked: &Asked<'_>) -> Self {
        match asked.filter.sort {
            _ if asked.by_words => Self::Row,
            // What is found is shown newest first, however it is looked for.
            _ if asked.is_search() => Self::Newest,
            Sort::Newest => Self::Newest,
            // Deadlines order what is open; of the rest the newest come first.
            Sort::Due => match asked.filter.stage {
                StageFilter::Open | StageFilter::Overdue => Self::Due,
                StageFilter::Closed | StageFilter::All | StageFilter::Kept | StageFilter::One(_) => {
                    Self::Newest
                }
            },
        }
    }

    pub(super) const fn clause(self) -> &'static str {
        match self {
            Self::Newest => "h.registered_at DESC, h.id DESC",
            Self::Due => "h.sort_at, h.id",
            Self::Row => "hazard_search.rowid DESC",
        }
    }

    /// The same over the columns of a combined query.
    pub(super) const fn outer(self) -> &'static str {
        match self {
            Self::Newest => "c.registered_at DESC, c.id DESC",
            Self::Due => "c.sort_at, c.id",
            Self::Row => "c.row_number DESC",
        }
    }

    pub(super) const fn key(self, row: &HazardRow) -> i64 {
        match self {
            Self::Newest => row.registered_at.0,
            Self::Due => row.sort_at,
            Self::Row => row.row_number,
        }
    }

    pub(super) fn after(self, conditions: &mut Conditions, cursor: Cursor) {
        let key = conditions.arg(Arg::Int(cursor.key));
        match self {
            Self::Row => conditions.and(format!("hazard_search.rowid < {key}")),
            Self::Newest => {
                let id = conditions.arg(Arg::Id(cursor.id.0));
                conditions.and(format!("(h.registered_at, h.id) < ({key}, {id})"));
            }
            Self::Due => {
                let id = conditions.arg(Arg::Id(cursor.id.0));
                conditions.and(format!("(h.sort_at, h.id) > ({key}, {id})"));
            }
        }
    }
}
