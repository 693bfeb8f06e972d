//! What the public reported about one school, on its page, on both databases.

use std::sync::{Arc, RwLock};

use kernel::Clock;
use language::Lang;
use test_support::both_databases;
use web::panel::{AtUnit, UnitPanel};

use super::platform::Platform;
use crate::ReportsAtUnit;

both_databases! {
    fn a_school_sees_what_was_reported_of_it(db: TestDb) {
        let platform = Platform::new(db);
        let (gate, theirs) = (platform.place(platform.school), platform.place(platform.other));
        let (one, _) = platform.sent((platform.school, gate), "护栏松动", None);
        platform.sent((platform.other, theirs), "井盖破损", None);
        let rules = rules::RuleBook::embedded().unwrap();
        let reports = ReportsAtUnit::new(Arc::new(RwLock::new(rules)));
        let shown = |who: &str| {
            let viewer = platform.viewer(who);
            platform.read(|tx| {
                let (id, now) = (platform.school, platform.clock.now());
                let (unit, _) = organisation::unit_state(tx, id).unwrap().unwrap();
                let over = viewer.permissions_over(tx, id).unwrap();
                let at = AtUnit { lang: Lang::En, viewer: &viewer, over, id, unit: &unit, now };
                let told = if reports.told(&at).is_empty() { Default::default() } else {
                    reports.records(tx, &at, "public_report", &[one]).unwrap()
                };
                (reports.panel(tx, &at).unwrap(), told.len())
            })
        };
        let (panel, told) = shown("head");
        let panel = panel.unwrap();
        let counts: Vec<&str> = panel.tallies.iter().map(|tally| tally.count.as_str()).collect();
        assert_eq!(counts, ["1", "0", "0", "0", "1"]);
        assert_eq!((panel.table.rows.len(), told), (1, 1));
        let (panel, told) = shown("neighbour");
        assert!(panel.is_none() && told == 0);
    }
}
