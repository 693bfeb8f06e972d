//! What a jar is: commands, events, state.

use journal::{ClockSpec, Evidence, Stamp};
use kernel::{Reach, Timestamp, UnitId};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Amount {
    pub n: i64,
}
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Note {
    pub note: String,
}
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Name {
    pub name: String,
}
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub unit: UnitId,
}

journal::event_types! {
    /// What happens to a jar.
    pub enum JarEvent {
        Filled("jar.filled", 1, Reach::COUNTY): Parts<Amount, Note>,
        Taken("jar.taken", 1, Reach::COUNTY): Parts<Amount>,
        Owned("jar.owned", 1, Reach::HERE): Parts<Amount, Note, Name>,
        Moved("jar.moved", 1, Reach::HERE): Parts<Place>,
    }
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) enum JarCommand {
    Put(UnitId, i64, Option<String>),
    Take(i64),
    /// Events one by one: takes each and puts the same back.
    Churn(Vec<i64>),
    Own(String),
    Move(UnitId),
    /// A unique label: the database decides whether it is free.
    Label(String),
    Nothing,
    PanicInDecide,
    PanicInSave,
    BadSql,
    SystemOnly,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum JarState {
    Empty { unit: UnitId, label: Option<String>, owner: Option<String> },
    Full { unit: UnitId, label: Option<String>, owner: Option<String>, count: i64, since: Timestamp },
}

impl JarState {
    pub(crate) fn count(&self) -> i64 {
        match self {
            Self::Empty { .. } => 0,
            Self::Full { count, .. } => *count,
        }
    }

    pub(crate) fn unit(&self) -> UnitId {
        match self {
            Self::Empty { unit, .. } | Self::Full { unit, .. } => *unit,
        }
    }

    pub(crate) fn label(&self) -> Option<&String> {
        match self {
            Self::Empty { label, .. } | Self::Full { label, .. } => label.as_ref(),
        }
    }

    fn with(self, amount: i64, at: Timestamp) -> Self {
        let count = self.count() + amount;
        let since = match &self {
            Self::Empty { .. } => at,
            Self::Full { since, .. } => *since,
        };
        match self {
            Self::Empty { unit, label, owner } | Self::Full { unit, label, owner, .. } if count == 0 => {
                Self::Empty { unit, label, owner }
            }
            Self::Empty { unit, label, owner } | Self::Full { unit, label, owner, .. } => {
                Self::Full { unit, label, owner, count, since }
            }
        }
    }

    pub(crate) fn after(old: Option<Self>, event: &JarEvent, stamp: &Stamp) -> Option<Self> {
        let old = old.unwrap_or(Self::Empty { unit: stamp.unit, label: None, owner: None });
        Some(match event {
            JarEvent::Filled(parts) => {
                let mut new = old.with(parts.core.n, stamp.at);
                if let Some(text) = parts.text.as_ref().and_then(|t| t.note.strip_prefix('#'))
                    && let Self::Full { label, .. } | Self::Empty { label, .. } = &mut new
                {
                    *label = Some(text.to_owned());
                }
                new
            }
            JarEvent::Taken(parts) => old.with(-parts.core.n, stamp.at),
            JarEvent::Owned(parts) => {
                let mut new = old;
                let (Self::Full { owner, .. } | Self::Empty { owner, .. }) = &mut new;
                // Only the length: a name has no business in the state of a record.
                *owner = parts.personal.as_ref().map(|p| p.name.chars().count().to_string());
                new
            }
            JarEvent::Moved(parts) => {
                let mut new = old;
                let (Self::Full { unit, .. } | Self::Empty { unit, .. }) = &mut new;
                *unit = parts.core.unit;
                new
            }
        })
    }

    pub(crate) fn clocks(&self) -> Vec<ClockSpec> {
        match self {
            Self::Empty { .. } => Vec::new(),
            Self::Full { since, count, .. } => {
                let due = since.plus_ms(Timestamp::DAY_MS);
                let mut clocks = vec![ClockSpec { name: "empty", started: *since, due, next: Some(due) }];
                if *count > 100 {
                    clocks.push(ClockSpec { name: "heavy", started: *since, due, next: None });
                }
                clocks
            }
        }
    }

    pub(crate) fn evidence(&self, event: &JarEvent) -> Vec<Evidence> {
        match event {
            JarEvent::Taken(parts) => vec![
                Evidence { kind: "jar.taken", measure: "M01", amount: parts.core.n },
                Evidence { kind: "jar.left", measure: "M01", amount: self.count() },
            ],
            JarEvent::Filled(_) | JarEvent::Owned(_) | JarEvent::Moved(_) => Vec::new(),
        }
    }
}
