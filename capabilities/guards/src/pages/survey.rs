//! What is said of every campus that somebody may see.

use std::collections::BTreeMap;

use access::Scope;
use kernel::{Date, Problem, UnitId};
use rules::RuleBook;
use storage::Tx;

use crate::{
    query,
    staffing::{Staffed, Variant, judge, variants},
};

/// Judges every campus in a scope, each by what is in force in its county.
pub(super) fn survey(
    tx: &mut Tx,
    rules: &RuleBook,
    scope: &Scope,
    today: Date,
) -> Result<Vec<Staffed>, Problem> {
    let mut counties: BTreeMap<Option<UnitId>, Vec<Variant>> = BTreeMap::new();
    let mut all = Vec::new();
    for place in query::places(tx, scope)? {
        let county = place.county;
        if let std::collections::btree_map::Entry::Vacant(free) = counties.entry(county) {
            let chosen = query::chosen(tx, rules, county, today)?;
            free.insert(chosen.map(|chosen| variants(rules, &chosen, today)).unwrap_or_default());
        }
        let variants = counties.get(&county).map(Vec::as_slice).unwrap_or_default();
        all.push(judge(place, rules, variants, today));
    }
    Ok(all)
}
