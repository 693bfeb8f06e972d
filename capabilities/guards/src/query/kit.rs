//! The kit of gates.

use access::Scope;
use kernel::{Date, Timestamp, UnitId};
use rules::{KitPiece, RuleBook};
use storage::{StorageError, Tx};

use super::day;
use crate::gate::Condition;

/// The kit of one campus as it was found last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitRow {
    /// The school.
    pub unit: UnitId,
    /// The campus.
    pub campus: u16,
    /// When.
    pub looked_at: Timestamp,
    /// Piece, condition, how many, and the day that stands on it. A condition that a newer program wrote is none.
    pub pieces: Vec<(String, Option<Condition>, u32, Option<Date>)>,
}

impl KitRow {
    /// Needed pieces that were found broken or missing; one that nobody looked at is missing.
    pub fn lacking<'r>(&self, rules: &'r RuleBook) -> Vec<(&'r KitPiece, Condition)> {
        let found = |piece: &KitPiece| self.pieces.iter().find(|(id, ..)| *id == *piece.id);
        let lacks = |piece: &'r KitPiece| match found(piece).and_then(|(_, condition, ..)| *condition) {
            Some(Condition::Good) => None,
            Some(Condition::Broken) => Some((piece, Condition::Broken)),
            Some(Condition::Missing) | None => Some((piece, Condition::Missing)),
        };
        rules.kit().iter().filter(|piece| piece.needed).filter_map(lacks).collect()
    }
}

/// The kit of every campus in a scope that somebody looked at.
///
/// # Errors
/// Whatever the database answers.
pub fn kits(tx: &mut Tx, scope: &Scope) -> Result<Vec<KitRow>, StorageError> {
    let (condition, params) = scope.condition("l.unit_id", 1);
    let sql = format!(
        "SELECT l.unit_id, l.campus, l.looked_at, k.piece, k.condition, k.amount, k.expires FROM gate_kit_look l
         JOIN gate_kit k ON k.unit_id = l.unit_id AND k.campus = l.campus
         WHERE {condition} ORDER BY l.unit_id, l.campus, k.piece"
    );
    let mut kits: Vec<KitRow> = Vec::new();
    let rows = tx.query(&sql, &params, |row| {
        let piece = (
            row.text(3)?,
            Condition::named(&row.text(4)?),
            u32::try_from(row.int(5)?).unwrap_or(0),
            day(row, 6)?,
        );
        Ok((row.id::<UnitId>(0)?, u16::try_from(row.int(1)?).unwrap_or(0), row.time(2)?, piece))
    })?;
    for (unit, campus, looked_at, piece) in rows {
        match kits.last_mut() {
            Some(kit) if kit.unit == unit && kit.campus == campus => kit.pieces.push(piece),
            _ => kits.push(KitRow { unit, campus, looked_at, pieces: vec![piece] }),
        }
    }
    Ok(kits)
}
