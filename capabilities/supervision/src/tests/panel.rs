//! The listings of one school on its page, on both databases.

use hazard::Level;
use kernel::Clock;
use language::Lang;
use test_support::both_databases;
use web::panel::{AtUnit, UnitPanel};

use super::{
    platform::{Platform, grade},
    support::DAY,
};
use crate::{
    ListingsAtUnit,
    query::{ListingFilter, Which, rows, standing},
    stream_of,
};

both_databases! {
    fn counts_are_those_of_the_list_of_one_school(db: TestDb) {
        let (platform, at) = Platform::new(db);
        let signed = platform.graded(at);
        platform.signed(at, signed);
        let owed = platform.graded(at);
        let general = platform.registered(at);
        platform.hazard(at, "officer", general, grade(Level::General)).unwrap();
        let viewer = platform.viewer(at, "head");
        let now = platform.clock.now().plus_ms(40 * DAY);
        platform.read(|tx| {
            let counts = standing(tx, &viewer, Some(at.school), now).unwrap();
            for which in [Which::Running, Which::Listed, Which::Overdue, Which::All] {
                let asked = ListingFilter { which, unit: Some(at.school) };
                let found = rows(tx, &viewer, asked, now, 50).unwrap();
                assert_eq!(counts.of(which) as usize, found.len(), "{which:?}");
                assert!(found.iter().all(|row| row.unit == at.school));
            }
            assert_eq!((counts.of(Which::All), counts.of(Which::Listed)), (2, 1));
            let elsewhere = standing(tx, &viewer, Some(at.central), now).unwrap();
            assert_eq!(elsewhere.of(Which::All), 0);
        });
        platform.read(|tx| {
            let (unit, _) = organisation::unit_state(tx, at.school).unwrap().unwrap();
            let over = viewer.permissions_over(tx, at.school).unwrap();
            let here = AtUnit { lang: Lang::En, viewer: &viewer, over, id: at.school, unit: &unit, now };
            let panel = ListingsAtUnit.panel(tx, &here).unwrap().unwrap();
            assert_eq!(panel.table.rows.len(), 2);
            let counts: Vec<&str> = panel.tallies.iter().map(|tally| tally.count.as_str()).collect();
            assert_eq!(counts, ["2", "1", "2", "2"]);
            let ids = [stream_of(signed), stream_of(owed), stream_of(general)];
            let records = ListingsAtUnit.records(tx, &here, "supervision", &ids).unwrap();
            assert_eq!(records.len(), 2, "what is not listed has no record");
            let papers = ListingsAtUnit.papers(tx, &here).unwrap();
            assert_eq!(papers.len(), 1, "only what was signed is a paper: {papers:?}");
        });
    }
}
