//! 待办事项: what is whose turn.

use kernel::{PersonId, StreamId, Timestamp, UnitId};
use storage::{Param, Row, StorageError, Tx};

use crate::{
    level::{Escalation, Level, Number},
    turn::Act,
};

/// Something somebody has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueItem {
    /// The hazard.
    pub id: StreamId,
    /// Ledger number.
    pub number: Number,
    /// Where it is.
    pub unit: UnitId,
    /// What that is called.
    pub unit_name: String,
    /// What it is about.
    pub title: String,
    /// Where, in words.
    pub place: String,
    /// `None` until graded.
    pub level: Option<Level>,
    /// What has to be done.
    pub act: Act,
    /// What whoever is late has to do; for everything else the act itself.
    pub owed: Act,
    /// By when.
    pub due_at: Option<Timestamp>,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// Somebody in particular was named.
    pub person: Option<PersonId>,
    /// How far it has climbed.
    pub escalation: Option<Escalation>,
    /// The unit owes it itself; otherwise somebody above it does.
    pub owed_there: bool,
    /// How often it was urged on.
    pub urged: i64,
    /// The version that was read, to be sent along with an act.
    pub version: u64,
    /// When it was closed, for a look back.
    pub closed_at: Option<Timestamp>,
}

impl DueItem {
    /// Waits for somebody else by name: whoever may assign it anew sees it, but it is not his to do.
    pub fn waits_for_other(&self, me: Option<PersonId>) -> bool {
        matches!(self.act, Act::TakeOn | Act::Rectify) && self.person.is_some() && self.person != me
    }
}

/// What waits at the units of `seats` for one of the acts there, earliest deadline first. What was given to a person
/// by name is shown to that person, and to everybody who may assign it anew ([`DueItem::waits_for_other`]); work that
/// nobody was named for, to the latter alone; what `me` may not judge, since it is his own work, to the others. At most
/// `most`.
///
/// # Errors
/// Whatever the database answers.
pub fn due_for(
    tx: &mut Tx,
    seats: &[(UnitId, Vec<Act>)],
    me: Option<PersonId>,
    most: usize,
) -> Result<Vec<DueItem>, StorageError> {
    let mut items: Vec<DueItem> = Vec::new();
    for (unit, acts) in seats {
        items.extend(at_unit(tx, *unit, acts, me, most)?);
        // The first of all seats so far: no more than twice as many are held.
        items.sort_by_key(|item| (item.due_at.is_none(), item.due_at, item.id, item.act));
        items.dedup_by_key(|item| (item.id, item.act));
        items.truncate(most);
    }
    Ok(items)
}

fn at_unit(
    tx: &mut Tx,
    unit: UnitId,
    acts: &[Act],
    me: Option<PersonId>,
    most: usize,
) -> Result<Vec<DueItem>, StorageError> {
    if acts.is_empty() {
        return Ok(Vec::new());
    }
    let supervises = acts.contains(&Act::Assign);
    let names: Vec<String> = acts.iter().map(|act| format!("'{}'", act.name())).collect();
    // The unit's own open hazards, and what others' hazards or closed ones ask of it: two small indexes instead of a
    // large one that every act would write.
    let names = names.join(", ");
    // What nobody was named for waits for those who name somebody: a guard may not even see it.
    let open = format!("h.turn_act NOT IN ('{}', '{}')", Act::TakeOn.name(), Act::Rectify.name());
    let mine = format!(
        "h.turn_act IN ({names}) AND (h.turn_person = ?2 OR ?3 = TRUE OR (h.turn_person IS NULL AND {open}))
         AND (h.turn_barred IS NULL OR h.turn_barred NOT LIKE ?5)"
    );
    // A unit's own open hazards are few, and those of the whole county many: by the deadline, which both orders have in
    // common, a planner would walk through all of them.
    let part = |(act, due): (&str, &str), narrow: &str, by: &str| {
        format!(
            "SELECT * FROM (SELECT h.id, h.year, h.serial, h.unit_id, h.title, h.place, h.level, {act} AS act,
                {due} AS due_at, h.registered_at, h.turn_person, h.escalation, h.sort_at, h.turn_act, h.turn_unit,
                h.closed_at, h.urged, h.version
             FROM hazard h WHERE {narrow} ORDER BY {by}, h.id LIMIT ?4) AS part"
        )
    };
    let turn = |narrow: &str, by: &str| part(("h.turn_act", "h.due_at"), &format!("{narrow} AND {mine}"), by);
    let (answer, deliver) = (Act::AnswerHelp.name(), Act::DeliverHelp.name());
    let owed = format!("(CASE WHEN h.help = 'asked' THEN '{answer}' ELSE '{deliver}' END)");
    let owing = format!("h.help_unit = ?1 AND h.help_unit IS NOT NULL AND {owed} IN ({names})");
    let sql = format!(
        "SELECT c.id, c.year, c.serial, u.name, c.title, c.place, c.level, c.act, c.due_at, c.registered_at,
            c.turn_person, c.escalation, c.unit_id, c.turn_act, c.turn_unit, c.closed_at,
            c.urged, c.version
         FROM ({} UNION ALL {} UNION ALL {} UNION ALL {}) AS c JOIN unit u ON u.id = c.unit_id ORDER BY c.sort_at, c.id LIMIT ?4",
        turn("h.unit_id = ?1 AND h.phase = 'open' AND h.turn_unit = ?1", "(h.sort_at + 0)"),
        turn("h.turn_unit = ?1 AND (h.turn_unit <> h.unit_id OR h.phase <> 'open')", "h.sort_at"),
        // 约谈 and 提级督办, beside the turn of whoever is late.
        part(
            ("h.watch_act", "h.due_at"),
            &format!("h.watch_unit = ?1 AND h.watch_unit IS NOT NULL AND h.watch_act IN ({names})"),
            "h.sort_at",
        ),
        // 提请答复 and 协助落实, beside the turn of whoever fixes it.
        part((&owed, "h.help_due"), &owing, "h.help_due"),
    );
    let me = me.unwrap_or(PersonId::NIL);
    let own = format!("%{}%", me.0.simple());
    let params = [
        Param::from(unit),
        Param::from(me),
        Param::from(supervises),
        Param::from(most),
        Param::from(own.as_str()),
    ];
    let rows = tx.query(&sql, &params, item)?;
    Ok(rows.into_iter().flatten().collect())
}

/// A row of the query; `None` for an act of a newer program.
fn item(row: &Row<'_>) -> Result<Option<DueItem>, StorageError> {
    let number = Number::read(row, 1)?;
    let Some(act) = Act::named(&row.text(7)?) else { return Ok(None) };
    Ok(Some(DueItem {
        id: row.id(0)?,
        number,
        unit: row.id(12)?,
        unit_name: row.text(3)?,
        title: row.text(4)?,
        place: row.text(5)?,
        level: Level::named(&row.text(6)?),
        act,
        due_at: row.opt_time(8)?,
        registered_at: row.time(9)?,
        person: row.opt_id(10)?,
        escalation: Escalation::named(&row.text(11)?),
        // What the county owes is nothing to remind the school of.
        owed_there: !matches!(act, Act::AnswerHelp | Act::DeliverHelp)
            && row.opt_id::<UnitId>(14)? == Some(row.id(12)?),
        closed_at: row.opt_time(15)?,
        urged: row.int(16)?,
        version: u64::try_from(row.int(17)?).unwrap_or(0),
        owed: row.opt_text(13)?.as_deref().and_then(Act::named).unwrap_or(act),
    }))
}
