//! How one school is guarded, on its page, on both databases.

use std::sync::{Arc, RwLock};

use kernel::Clock;
use language::Lang;
use test_support::both_databases;
use web::panel::{AtUnit, Panel, UnitPanel};

use super::{platform::Platform, support::RULES};
use crate::pages::GuardsAtUnit;

fn panel(platform: &Platform, who: &str) -> Option<Panel> {
    let guards = GuardsAtUnit::new(Arc::new(RwLock::new(RULES.clone())));
    let viewer = platform.viewer(who);
    platform.read(|tx| {
        let (id, now) = (platform.school, platform.clock.now());
        let (unit, _) = organisation::unit_state(tx, id).unwrap().unwrap();
        let over = viewer.permissions_over(tx, id).unwrap();
        guards.panel(tx, &AtUnit { lang: Lang::En, viewer: &viewer, over, id, unit: &unit, now }).unwrap()
    })
}

both_databases! {
    fn a_school_sees_its_shortfall_and_its_roster(db: TestDb) {
        let platform = Platform::new(db);
        let before = panel(&platform, "head").unwrap();
        platform.guard(platform.school, None);
        let after = panel(&platform, "head").unwrap();
        let count = |panel: &Panel| panel.tallies[0].count.parse::<u32>().unwrap();
        assert_eq!(count(&after), count(&before) + 1, "the first tally is the whole roster");
        assert_eq!(after.facts.len(), 4, "required, declared, evidenced, lacking: {:?}", after.facts);
        assert!(!after.marks.is_empty(), "nobody looked at the kit, and that is said");
    }
}
