//! The places of one school on its page, on both databases.

use std::sync::{Arc, RwLock};

use kernel::{Clock, StreamId};
use language::Lang;
use test_support::both_databases;
use web::panel::{AtUnit, Panel, Paper, UnitPanel};

use super::platform::Platform;
use crate::PlacesAtUnit;

/// What somebody is shown at the school, what he could print, and how many of some records he is told of.
fn shown(platform: &Platform, who: &str, ids: &[StreamId]) -> (Option<Panel>, Vec<Paper>, usize) {
    let rules = rules::RuleBook::embedded().unwrap();
    let places = PlacesAtUnit::new(Arc::new(RwLock::new(rules)));
    let viewer = platform.viewer(who);
    platform.read(|tx| {
        let (unit, _) = organisation::unit_state(tx, platform.school).unwrap().unwrap();
        let over = viewer.permissions_over(tx, platform.school).unwrap();
        let now = platform.clock.now();
        let at = AtUnit { lang: Lang::En, viewer: &viewer, over, id: platform.school, unit: &unit, now };
        let told = if places.told(&at).is_empty() {
            0
        } else {
            places.records(tx, &at, "place", ids).unwrap().len()
        };
        (places.panel(tx, &at).unwrap(), places.papers(tx, &at).unwrap(), told)
    })
}

both_databases! {
    fn a_school_sees_its_places_and_its_sheets(db: TestDb) {
        let platform = Platform::new(db);
        let (panel, papers, _) = shown(&platform, "head", &[]);
        assert!(panel.unwrap().is_bare() && papers.is_empty(), "nothing to print yet");
        let gate = platform.add("head", platform.school, "gate", "东门").unwrap();
        platform.add("neighbour", platform.other, "gate", "西门").unwrap();
        let (panel, papers, told) = shown(&platform, "head", &[gate]);
        let panel = panel.unwrap();
        assert_eq!((panel.tallies[0].count.as_str(), panel.table.rows.len(), told), ("1", 1, 1));
        assert_eq!(papers.len(), 1);
        // The school next door sees nothing of it, not even that there is a panel.
        let (panel, papers, told) = shown(&platform, "neighbour", &[gate]);
        assert!(panel.is_none() && papers.is_empty() && told == 0);
    }
}
