//! What is said of every campus that somebody may see.

use std::collections::{BTreeMap, HashMap};

use access::Scope;
use kernel::{Date, Problem, UnitId};
use rules::RuleBook;
use storage::Tx;

use crate::{
    query::{self, KitRow},
    staffing::{Kit, Staffed, Variant, judge, variants},
};

/// Judges every campus in a scope, each by what is in force in its county, and by every other reading beside it.
pub(crate) fn survey(
    tx: &mut Tx,
    rules: &RuleBook,
    scope: &Scope,
    today: Date,
) -> Result<Vec<Staffed>, Problem> {
    surveyed(tx, rules, (scope, today), |chosen| variants(rules, chosen, today))
}

/// The same by what is in force alone: for counts.
///
/// # Errors
/// Whatever the database answers.
pub fn standing(tx: &mut Tx, rules: &RuleBook, scope: &Scope, today: Date) -> Result<Vec<Staffed>, Problem> {
    surveyed(tx, rules, (scope, today), |chosen| vec![chosen.clone()])
}

fn surveyed(
    tx: &mut Tx,
    rules: &RuleBook,
    (scope, today): (&Scope, Date),
    beside: impl Fn(&Variant) -> Vec<Variant>,
) -> Result<Vec<Staffed>, Problem> {
    let mut counties: BTreeMap<Option<UnitId>, Vec<Variant>> = BTreeMap::new();
    let kits: HashMap<(UnitId, u16), KitRow> =
        query::kits(tx, scope)?.into_iter().map(|kit| ((kit.unit, kit.campus), kit)).collect();
    let mut all = Vec::new();
    for place in query::places(tx, scope)? {
        let county = place.county;
        if let std::collections::btree_map::Entry::Vacant(free) = counties.entry(county) {
            let chosen = query::chosen(tx, rules, county, today)?;
            free.insert(chosen.map(|chosen| beside(&chosen)).unwrap_or_default());
        }
        let variants = counties.get(&county).map(Vec::as_slice).unwrap_or_default();
        let kit = Kit::of(rules, kits.get(&(place.unit, place.campus)), today);
        all.push(Staffed { kit, ..judge(place, rules, variants, today) });
    }
    Ok(all)
}
