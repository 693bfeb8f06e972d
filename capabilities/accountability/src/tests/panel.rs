//! Cases and clarifications of one school on its page, on both databases: each hears what concerns his side.

use journal::events_of_stream;
use kernel::{Clock, UnitId};
use language::Lang;
use storage::Tx;
use web::panel::{AtUnit, UnitPanel};

use super::{
    platform::Platform,
    support::{DAY, done, find, state_for},
};
use crate::{
    pages::{CasesAtUnit, ClarificationsAtUnit},
    query::{Filter, Which, case_counts, cases},
};

fn at<T>(platform: &Platform, who: &str, unit: UnitId, look: impl FnOnce(&mut Tx, &AtUnit<'_>) -> T) -> T {
    let viewer = platform.viewer(who);
    platform.read(|tx| {
        let (state, _) = organisation::unit_state(tx, unit).unwrap().unwrap();
        let over = viewer.permissions_over(tx, unit).unwrap();
        let now = platform.clock.now();
        look(tx, &AtUnit { lang: Lang::En, viewer: &viewer, over, id: unit, unit: &state, now })
    })
}

test_support::both_databases! {
    fn each_hears_what_concerns_his_side(db: TestDb) {
        let platform = Platform::new(db);
        let hazard = platform.rectifying();
        let id = platform.opened(hazard);
        platform.case("head", id, state_for(platform.school)).unwrap();
        platform.case("central", id, state_for(platform.central)).unwrap();
        platform.case("office1", id, find(done(platform.school))).unwrap();
        let told = |who: &str| {
            at(&platform, who, platform.school, |tx, at| {
                let events = events_of_stream(tx, id, None).unwrap();
                let events: Vec<_> = events.iter().collect();
                let seen = CasesAtUnit.records(tx, at, "accountability", &[id]).unwrap().len();
                events.len() * seen - CasesAtUnit.withheld(tx, at, &events).unwrap().len() * seen
            })
        };
        assert_eq!(told("office1"), 4);
        assert_eq!(told("head"), 2, "its opening and the own statement; a finding is a draft of the county");
        assert_eq!(told("central"), 2);
        // The panel stands on the page of each side; whoever is none sees that there is nothing, or no panel at all.
        let count = |who: &str, unit: UnitId| {
            at(&platform, who, unit, |tx, at| {
                CasesAtUnit.panel(tx, at).unwrap().map(|panel| panel.tallies[0].count.clone())
            })
        };
        assert_eq!(count("office1", platform.school).as_deref(), Some("1"));
        assert_eq!(count("head", platform.school).as_deref(), Some("1"));
        assert_eq!(count("central", platform.central).as_deref(), Some("1"));
        assert_eq!(count("office1", platform.other).as_deref(), Some("0"));
        assert_eq!(count("central", platform.other), None);
        let clarified = at(&platform, "head", platform.school, |tx, at| ClarificationsAtUnit.panel(tx, at).unwrap());
        assert!(clarified.unwrap().is_bare());
    }

    fn counts_follow_the_filter(db: TestDb) {
        let platform = Platform::new(db);
        platform.opened(platform.rectifying());
        let viewer = platform.viewer("office1");
        let now = platform.clock.now().plus_ms(200 * DAY);
        for unit in [None, Some(platform.school), Some(platform.central), Some(platform.other)] {
            let filter = Filter { unit, ..Filter::default() };
            platform.read(|tx| {
                let counts = case_counts(tx, &viewer, &filter, now).unwrap();
                for which in [Which::Running, Which::Overdue, Which::All] {
                    let found = cases(tx, &viewer, (which, &filter), now, 50).unwrap();
                    assert_eq!(counts.of(which) as usize, found.len(), "{which:?} {unit:?}");
                }
                assert_eq!(counts.of(Which::All) == 0, unit == Some(platform.other));
            });
        }
    }
}
