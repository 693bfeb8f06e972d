//! Lists: a count equals its rows, a page goes on where the one before ended, whatever the filter and the reach.

use access::{Root, Scope};
use kernel::{Clock, Timestamp, UnitId};
use organisation::{Line, UnitKind};
use storage::StorageError;
use test_support::both_databases;

use super::{platform::Platform, store::various};
use crate::{
    Level, StageCode,
    query::{
        Closing, Count, HazardFilter, HazardRow, Holder, Reach, Sort, StageFilter, by_stage, count, every,
        page, part,
    },
};

fn filters(platform: &Platform) -> Vec<HazardFilter> {
    let base = HazardFilter::default;
    let mut filters = Vec::new();
    let stages =
        [StageFilter::Open, StageFilter::Overdue, StageFilter::Closed, StageFilter::Kept, StageFilter::All];
    for stage in stages.into_iter().chain(StageCode::ALL.iter().map(|s| StageFilter::One(*s))) {
        for sort in [Sort::Newest, Sort::Due] {
            filters.push(HazardFilter { stage, sort, ..base() });
            filters.push(HazardFilter { stage, sort, level: Some(Level::General), ..base() });
            filters.push(HazardFilter { stage, sort, level: Some(Level::Major), ..base() });
            filters.push(HazardFilter { stage, sort, category: Some("H02".to_owned()), ..base() });
            filters.push(HazardFilter { stage, sort, source: Some("self".to_owned()), ..base() });
            filters.push(HazardFilter { stage, sort, query: "2026".to_owned(), ..base() });
            filters.push(HazardFilter { stage, sort, repeated: true, ..base() });
            filters.push(HazardFilter { stage, sort, holder: Some(Holder::School), ..base() });
            filters.push(HazardFilter { stage, sort, kind: Some(UnitKind::Primary), ..base() });
            filters.push(HazardFilter { stage, sort, closing: Some(Closing::OnTime), ..base() });
            let (school, central) = (Some(platform.school), Some(platform.central));
            filters.push(HazardFilter { stage, sort, unit: school, ..base() });
            filters.push(HazardFilter { stage, sort, unit: school, town: central, ..base() });
            filters.push(HazardFilter { stage, sort, town: central, query: "2026".to_owned(), ..base() });
        }
    }
    filters
}

fn reaches(platform: &Platform) -> Vec<Reach> {
    let units: Vec<UnitId> = vec![platform.school, platform.central];
    vec![
        Reach::Everything,
        Reach::Units(units.clone()),
        Reach::Units(units.iter().copied().take(1).collect()),
        Reach::Units(Vec::new()),
        Reach::Below(units.iter().map(|unit| Root { unit: *unit, line: Some(Line::Management) }).collect()),
        Reach::Own(platform.officer.0.id, platform.officer.1, Scope::Everything),
    ]
}

fn all(platform: &Platform, reach: &Reach, filter: &HazardFilter, now: Timestamp) -> Vec<HazardRow> {
    let mut rows = Vec::new();
    let mut tx = platform.db.database().reader().unwrap();
    every(&mut tx, reach, filter, now, |_, row| {
        rows.push(row);
        Ok::<(), StorageError>(())
    })
    .unwrap();
    rows
}

/// The list read in parts of `size`, each from the cursor of the one before.
fn in_parts(
    platform: &Platform,
    (reach, filter): (&Reach, &HazardFilter),
    now: Timestamp,
    size: usize,
) -> Vec<HazardRow> {
    let mut tx = platform.db.database().reader().unwrap();
    let (mut rows, mut filter) = (Vec::new(), filter.clone());
    loop {
        let found = part(&mut tx, reach, &filter, now, size).unwrap();
        assert!(found.rows.len() <= size);
        rows.extend(found.rows);
        assert!(rows.len() < 100, "it never ends: {filter:?} {reach:?}");
        match found.next {
            Some(cursor) => filter.after = Some(cursor),
            None => return rows,
        }
    }
}

both_databases! {
    fn a_count_equals_its_rows_and_pages_meet(db: TestDb) {
        let platform = Platform::new(db);
        various(&platform);
        let now = platform.clock.now().plus_ms(20 * Timestamp::DAY_MS);
        let mut seen = 0;
        for reach in reaches(&platform) {
            for filter in filters(&platform) {
                let rows = all(&platform, &reach, &filter, now);
                let mut tx = platform.db.database().reader().unwrap();
                let counted = count(&mut tx, &reach, &filter, now).unwrap();
                assert_eq!(counted, Count::Exactly(rows.len() as i64), "{filter:?} {reach:?}");
                // The stage narrows nothing there, so one filter of each kind is enough.
                let once = filter.stage == StageFilter::All && filter.sort == Sort::Newest;
                let stages = if once { by_stage(&mut tx, &reach, &filter, now).unwrap() } else { Vec::new() };
                for (stage, n) in stages {
                    let one = HazardFilter { stage: StageFilter::One(stage), ..filter.clone() };
                    let of_stage = all(&platform, &reach, &one, now).len();
                    assert_eq!(n, of_stage as i64, "{stage:?} {filter:?} {reach:?}");
                }
                let first = page(&mut tx, &reach, &filter, now).unwrap();
                assert_eq!(first.rows, rows, "{filter:?} {reach:?}");
                // One row needs no second part; a server takes its time for each.
                for size in 1..rows.len().min(3) {
                    assert_eq!(in_parts(&platform, (&reach, &filter), now, size), rows, "{filter:?} {reach:?}");
                }
                seen += rows.len();
            }
        }
        assert!(seen > 100, "the filters must find something: {seen}");
    }
}
