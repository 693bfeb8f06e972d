//! The letters about one school on its page, on both databases.

use kernel::Clock;
use language::Lang;
use storage::Tx;
use test_support::both_databases;
use web::panel::{AtUnit, UnitPanel};

use super::platform::Platform;
use crate::{Channel, LettersAtUnit};

fn at_school<T>(platform: &Platform, who: &str, look: impl FnOnce(&mut Tx, &AtUnit<'_>) -> T) -> T {
    let viewer = platform.viewer(who);
    platform.read(|tx| {
        let (unit, _) = organisation::unit_state(tx, platform.school).unwrap().unwrap();
        let over = viewer.permissions_over(tx, platform.school).unwrap();
        let now = platform.clock.now();
        look(tx, &AtUnit { lang: Lang::En, viewer: &viewer, over, id: platform.school, unit: &unit, now })
    })
}

both_databases! {
    fn a_school_hears_of_letters_that_were_sent_and_the_office_of_all(db: TestDb) {
        let platform = Platform::new(db);
        let (hazard, department) = (platform.hazard("head", platform.school), platform.department("甲局"));
        let signed = platform.signed(hazard, department);
        let sent = platform.sent(hazard, department, Channel::Paper);
        let ids = [signed, sent];
        let told = |who: &str| {
            at_school(&platform, who, |tx, at| {
                let mut known: Vec<_> = LettersAtUnit.records(tx, at, "transfer", &ids).unwrap().into_keys().collect();
                known.sort_unstable();
                let panel = LettersAtUnit.panel(tx, at).unwrap().unwrap();
                let papers = LettersAtUnit.papers(tx, at).unwrap().len();
                (known, panel.tallies[2].count.clone(), papers)
            })
        };
        let mut both = ids.to_vec();
        both.sort_unstable();
        assert_eq!(told("office"), (both, "2".to_owned(), 1));
        assert_eq!(told("head"), (vec![sent], "1".to_owned(), 1));
    }
}
