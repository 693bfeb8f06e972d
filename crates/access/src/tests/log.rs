use kernel::{Clock, StreamId};
use storage::params;

use test_support::both_databases;

use super::House;
use crate::{
    AccessLogHead, AccessRead, ReadFilter, access_log_head, reads_after, reads_counted, record_reads,
    verify_access_log,
};

fn reads(house: &House, count: usize) -> Vec<AccessRead> {
    (0..count)
        .map(|n| AccessRead {
            at: house.clock.now(),
            account: house.ids.new_id(&*house.clock),
            what: "person.contact".to_owned(),
            subject: house.ids.new_id::<StreamId>(&*house.clock),
            unit: house.tree.junior,
            why: format!("unit page {n}"),
        })
        .collect()
}

both_databases! {
    fn tampering_with_the_access_log_shows(db: TestDb) {
        let house = House::new(db);
        assert_eq!(access_log_head(&mut house.reader()).unwrap(), AccessLogHead::START);
        let (first, second) = (reads(&house, 3), reads(&house, 4));
        let kept = house.write(move |tx| record_reads(tx, &first));
        let head = house.write(move |tx| record_reads(tx, &second));
        let verify = |known| verify_access_log(&mut house.reader(), known).unwrap();
        assert_eq!((head.number, verify(None).head), (7, head));
        assert!(verify(Some(kept)).is_sound() && verify(Some(head)).is_sound());
        assert_eq!(reads_after(&mut house.reader(), 5, 10).unwrap().len(), 2);
        let counted = |unit, most| {
            let scope = ("unit_id = ?1".to_owned(), vec![storage::Param::from(unit)]);
            reads_counted(&mut house.reader(), &scope, &ReadFilter::default(), most).unwrap()
        };
        assert_eq!((counted(house.tree.junior, i64::MAX), counted(house.tree.junior, 5)), (7, 5));
        assert_eq!(counted(kernel::UnitId::NIL, i64::MAX), 0);

        // The end cut off: only a head kept elsewhere shows it.
        let (row, _) = reads_after(&mut house.reader(), 6, 1).unwrap().pop().unwrap();
        house.write(move |tx| tx.write("DELETE FROM access_log WHERE number = ?1", params![row]));
        assert!(verify(None).is_sound());
        assert!(!verify(Some(head)).is_sound());

        house.write(|tx| tx.write("UPDATE access_log SET why = 'x' WHERE number = 3", params![]));
        assert_eq!(verify(None).broken_at, Some(3));
        house.write(|tx| tx.write("DELETE FROM access_log WHERE number = 2", params![]));
        assert_eq!(verify(None).broken_at, Some(3));
        house.write(|tx| tx.write("UPDATE access_log SET number = 0 WHERE number = 1", params![]));
        assert_eq!(verify(None).broken_at, Some(0));
    }
}
