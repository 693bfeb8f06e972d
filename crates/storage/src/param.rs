//! Values on their way into a statement.

use kernel::{ActorId, CommandId, EventId, NodeId, PersonId, StreamId, Timestamp, UnitId};
use uuid::Uuid;

/// A borrowed parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Param<'a> {
    /// SQL NULL.
    Null,
    /// A boolean.
    Bool(bool),
    /// A 64-bit integer.
    Int(i64),
    /// A double.
    Real(f64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
    /// A UUID: 16 bytes in SQLite, `uuid` in PostgreSQL.
    Uuid(Uuid),
}

/// The parameters of one statement: `params![id, 3, "text", maybe]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Param::from($value)),*] };
}

macro_rules! from_integer {
    ($($type:ty),*) => {$(
        impl From<$type> for Param<'_> {
            fn from(value: $type) -> Self {
                Self::Int(i64::from(value))
            }
        }
    )*};
}
from_integer!(i64, i32, i16, u32, u16, u8);

impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Param<'_> {
    fn from(value: f64) -> Self {
        Self::Real(value)
    }
}

impl From<usize> for Param<'_> {
    /// Larger than `i64::MAX` cannot occur on our platforms and would saturate.
    fn from(value: usize) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<u64> for Param<'_> {
    /// Our counters stay far below `i64::MAX`; a larger one would saturate.
    fn from(value: u64) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(value)
    }
}

impl<'a> From<&'a Vec<u8>> for Param<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Param<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Self::Blob(value)
    }
}

impl From<Uuid> for Param<'_> {
    fn from(value: Uuid) -> Self {
        Self::Uuid(value)
    }
}

macro_rules! from_id {
    ($($type:ty),*) => {$(
        impl From<$type> for Param<'_> {
            fn from(value: $type) -> Self {
                Self::Uuid(value.0)
            }
        }
    )*};
}
from_id!(ActorId, CommandId, EventId, NodeId, PersonId, StreamId, UnitId);

impl From<Timestamp> for Param<'_> {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.0)
    }
}

impl<'a, T> From<Option<T>> for Param<'a>
where
    Param<'a>: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Param::from)
    }
}

/// Values that one `IN (..)` holds.
const LISTED: usize = 256;

/// Values for `IN (..)`, some at a time: the marks, and the parameters for them. The last is said again up to a power
/// of two, so that a statement has few different texts.
pub fn in_lists<'v, T: Copy>(values: &[T]) -> impl Iterator<Item = (String, Vec<Param<'v>>)>
where
    Param<'v>: From<T>,
{
    values.chunks(LISTED).map(|some| {
        let width = some.len().next_power_of_two();
        let marks = (1..=width).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
        let again = some.last().copied().into_iter().cycle();
        (marks, some.iter().copied().chain(again).take(width).map(Param::from).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_hold_every_value_and_have_few_widths() {
        let values: Vec<u32> = (0..600).collect();
        let lists: Vec<_> = in_lists(&values).collect();
        assert_eq!(lists.iter().map(|(_, params)| params.len()).collect::<Vec<_>>(), [256, 256, 128]);
        for (marks, params) in &lists {
            assert_eq!(marks.matches('?').count(), params.len());
        }
        let held: std::collections::BTreeSet<String> =
            lists.iter().flat_map(|(_, params)| params.iter().map(|param| format!("{param:?}"))).collect();
        assert_eq!(held.len(), 600);
        assert_eq!(in_lists::<u32>(&[]).count(), 0);
        assert_eq!(
            in_lists(&[7_u32, 8, 9]).next().map(|(marks, _)| marks).as_deref(),
            Some("?1, ?2, ?3, ?4")
        );
    }
}
