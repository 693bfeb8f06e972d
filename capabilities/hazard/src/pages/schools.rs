//! The schools that a form may be about, and what is known of them.

use std::collections::{BTreeMap, HashMap};

use kernel::{Problem, UnitId};
use language::Lang;
use organisation::{Line, UnitBrief, UnitKind};
use storage::{Tx, params};
use web::view::{Choice, Group};

use crate::texts;

/// Schools offered in the choice of a user who looks after many.
const SCHOOLS: usize = 2_000;
/// Places used before that are offered for a tap.
const PLACES: usize = 8;

/// The institutions the viewer may register hazards for.
pub(super) fn schools(tx: &mut Tx, viewer: &access::Viewer) -> Result<Vec<UnitBrief>, Problem> {
    if viewer.home.kind.is_institution() && viewer.may_over(tx, "hazard.register", viewer.home.id)? {
        let only_home = match viewer.scope("hazard.register") {
            access::Scope::Everything => false,
            access::Scope::Units(roots) => {
                roots.iter().all(|root| root.line.is_none() && root.unit == viewer.home.id)
            }
        };
        if only_home {
            return Ok(vec![viewer.home.clone()]);
        }
    }
    let (condition, mut params) = viewer.scope("hazard.register").condition("id", 1);
    let limit = params.len() + 1;
    params.push(SCHOOLS.into());
    let sql =
        format!("SELECT id FROM unit WHERE {condition} AND closed_on IS NULL ORDER BY code LIMIT ?{limit}");
    let ids: Vec<UnitId> = tx.query(&sql, &params, |row| row.id(0))?;
    let mut found = Vec::new();
    for id in ids {
        found.extend(organisation::unit_brief(tx, id)?.filter(|unit| unit.kind.is_institution()));
    }
    Ok(found)
}

/// Places of a school that were written before, the most recent first.
pub(super) fn recent_places(tx: &mut Tx, unit: UnitId) -> Result<Vec<String>, Problem> {
    let rows = tx.query(
        "SELECT place FROM hazard WHERE unit_id = ?1 AND place <> '' ORDER BY registered_at DESC, id DESC LIMIT 60",
        params![unit],
        |row| row.text(0),
    )?;
    let mut places: Vec<String> = Vec::new();
    for place in rows {
        if places.len() < PLACES && !places.contains(&place) {
            places.push(place);
        }
    }
    Ok(places)
}

/// The schools under their townships, those of none at the end. Where there is only one township nothing is grouped.
pub(super) fn by_township(
    tx: &mut Tx,
    viewer: &access::Viewer,
    lang: Lang,
    schools: &[UnitBrief],
) -> Result<Vec<Group>, Problem> {
    if schools.len() < 2 {
        return Ok(grouped(lang, schools, &HashMap::new()));
    }
    let (condition, mut params) = viewer.scope("hazard.register").condition("s.unit_id", 1);
    let next = params.len() + 1;
    params.push(Line::Territory.name().into());
    params.push(UnitKind::Township.name().into());
    let sql = format!(
        "SELECT s.unit_id, t.code, t.name FROM unit_scope s JOIN unit t ON t.id = s.ancestor_id
         WHERE {condition} AND s.line = ?{next} AND t.kind = ?{}",
        next + 1
    );
    let rows: Vec<(UnitId, Town)> =
        tx.query(&sql, &params, |row| Ok((row.id(0)?, (row.text(1)?, row.text(2)?))))?;
    Ok(grouped(lang, schools, &rows.into_iter().collect()))
}

/// Code and name of a township.
type Town = (String, String);

fn grouped(lang: Lang, schools: &[UnitBrief], towns: &HashMap<UnitId, Town>) -> Vec<Group> {
    let mut groups: BTreeMap<(bool, Option<&Town>), Vec<Choice>> = BTreeMap::new();
    for school in schools {
        let town = towns.get(&school.id);
        let choice = Choice::new(school.id.0.to_string(), &school.name);
        groups.entry((town.is_none(), town)).or_default().push(choice);
    }
    let alone = groups.len() < 2;
    let name = |town: Option<&Town>| match town {
        _ if alone => String::new(),
        Some((_, name)) => name.clone(),
        None => texts::register_no_township(lang).to_owned(),
    };
    groups.into_iter().map(|((_, town), choices)| Group { label: name(town), choices }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn school(number: u128) -> UnitBrief {
        UnitBrief {
            id: UnitId(uuid::Uuid::from_u128(number)),
            code: number.to_string(),
            name: format!("学校{number}"),
            kind: UnitKind::Township,
            path: String::new(),
        }
    }

    fn labels(groups: &[Group]) -> Vec<(&str, usize)> {
        groups.iter().map(|group| (group.label.as_str(), group.choices.len())).collect()
    }

    #[test]
    fn schools_stand_under_their_townships() {
        let schools: Vec<_> = (1..=4).map(school).collect();
        let town = |code: &str, name: &str| (code.to_owned(), name.to_owned());
        let mut towns = HashMap::from([
            (schools[0].id, town("02", "丹凤镇")),
            (schools[1].id, town("01", "竹基镇")),
            (schools[3].id, town("02", "丹凤镇")),
        ]);
        let groups = grouped(Lang::ZhCn, &schools, &towns);
        let none = texts::register_no_township(Lang::ZhCn);
        assert_eq!(labels(&groups), [("竹基镇", 1), ("丹凤镇", 2), (none, 1)]);
        assert_eq!(groups[1].choices[1].label, "学校4", "by code within the township");
        towns.clear();
        assert_eq!(labels(&grouped(Lang::ZhCn, &schools, &towns)), [("", 4)], "nothing to tell apart");
    }
}
