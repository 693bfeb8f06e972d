//! Written on a real platform, read back, and run again.

use kernel::{Actor, ActorKind, Problem};
use organisation::{Line, Post, UnitKind, people_of_unit, person_contact};
use storage::params;
use test_support::both_databases;

use super::{HEAD, House, counts, differences};
use crate::{Stage, plan::Action};

const PEOPLE: &str = "学校名称,标识码,类型,所属乡镇,上级单位,在校生数,寄宿生,校长姓名,校长电话,安全负责人姓名,安全负责人电话,办别,经度,纬度\n";

fn register() -> String {
    format!(
        "{PEOPLE}雄壁小学,2153000021,小学,雄壁镇,雄壁中心学校,320,40,王校长,13887400021,赵安全,13887400022,公办,104.1,24.7\n\
         雄壁中心学校,2153000020,中心学校,雄壁镇,县教体局,500,0,钱校长,,钱校长,,公办,,\n\
         丹凤第一小学,2153000002,小学,丹凤街道,丹凤中心学校,655,0,李校长,13887400009,孙安全,,公办,,\n\
         合计,,,,,1475,40,,,,,,,\n"
    )
}

both_databases! {
    fn new_changed_and_the_same_again(db: TestDb) {
    let house = House::on(db);
    let before = house.events();
    let id = house.upload("名册.csv", register().as_bytes()).unwrap();
    let (_, plan) = house.dry(id);
    assert_eq!(counts(&plan), [2, 1, 0, 0, 1]);
    // The central school comes first, though it stands below.
    assert_eq!(plan.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [3, 2, 4]);
    let want = ["pupils: 640 → 655", "head_phone: other → 138****0009", "officer_name:  → 孙安全"];
    assert_eq!(differences(&plan), want);
    assert_eq!(house.events(), before, "looking writes nothing");

    let batch = house.apply(id);
    assert_eq!((batch.stage, batch.done, batch.total), (Stage::Done, 3, 3));
    assert_eq!((batch.body.created, batch.body.changed), (2, 1));
    let central = house.by_code("2153000020").unwrap();
    let school = house.by_code("2153000021").unwrap();
    assert_eq!(
        (central.kind, central.parent(Line::Management)),
        (UnitKind::CentralSchool, Some(house.county))
    );
    assert_eq!(school.parent(Line::Management), Some(central.id));
    assert_eq!((school.attributes.pupils, school.attributes.boarders), (320, 40));
    assert_eq!(school.attributes.longitude, Some(104.1));
    assert_eq!(house.by_code("2153000002").unwrap().attributes.pupils, 655);

    let mut tx = house.reader();
    let people = people_of_unit(&mut tx, &house.vault, central.id).unwrap();
    assert_eq!(people.len(), 1, "one person with both posts");
    assert_eq!(people[0].posts, [Post::Head, Post::SafetyOfficer]);
    let people = people_of_unit(&mut tx, &house.vault, house.school).unwrap();
    let head = people.iter().find(|p| p.posts.contains(&Post::Head)).unwrap();
    assert_eq!(person_contact(&mut tx, &house.vault, head.id).unwrap().unwrap().phone, "13887400009");
    let by_import = tx
        .count(
            "SELECT count(*) FROM event WHERE actor_id = ?1 AND actor_kind = 'import'",
            params![house.owner],
        )
        .unwrap();
    assert_eq!(by_import, house.events() - before);
    assert_eq!(
        tx.count("SELECT count(*) FROM intake_row", &[]).unwrap(),
        0,
        "nothing personal is left behind"
    );
    drop(tx);

    // A second run of the same file changes nothing.
    let (events, again) = (house.events(), house.upload("名册.csv", register().as_bytes()).unwrap());
    assert_eq!(counts(&house.dry(again).1), [0, 0, 3, 0, 1]);
    let batch = house.apply(again);
    assert_eq!((batch.stage, house.events()), (Stage::Done, events));
}
}

#[test]
fn a_renamed_and_moved_school_keeps_its_stream() {
    let house = House::new();
    let text = format!("{HEAD}丹凤实验小学,2153000002,小学,雄壁镇,县教体局,640,0\n");
    let id = house.upload("a.csv", text.as_bytes()).unwrap();
    let want = [
        "name: 丹凤第一小学 → 丹凤实验小学",
        "superior: 丹凤中心学校 → 师宗县教育体育局",
        "township: 丹凤街道 → 雄壁镇",
    ];
    assert_eq!(differences(&house.dry(id).1), want);
    house.apply(id);
    let school = house.by_code("2153000002").unwrap();
    assert_eq!((school.id, school.name.as_str()), (house.school, "丹凤实验小学"));
    assert_eq!(school.parent(Line::Management), Some(house.county));
}

#[test]
fn superiors_in_a_ring_are_refused() {
    let house = House::new();
    let plan = house.plan(&format!(
        "{HEAD}甲中心学校,2153000031,中心学校,雄壁镇,乙中心学校,1,0\n乙中心学校,2153000032,中心学校,雄壁镇,甲中心学校,1,0\n"
    ));
    assert_eq!(super::told(&plan), ["E2 intake-superior-loop", "E3 intake-superior-loop"]);
}

#[test]
fn an_interrupted_import_goes_on_without_writing_twice() {
    let house = House::new();
    let id = house.upload("a.csv", register().as_bytes()).unwrap();
    let (_, plan) = house.dry(id);
    house.wait(house.importer.begin(house.owner, id, &plan.digest())).unwrap();
    // The process dies after the first row: the same import on another importer finds it done.
    let (batch, plan) = house.dry(id);
    house.wait(house.importer.write(&batch, &plan.rows[0])).unwrap();
    house.wait(house.importer.write(&batch, &plan.rows[0])).unwrap();
    let written = house.events();
    assert_eq!(house.dry(id).1.count(Action::Same), 1);
    let batch = house.wait(house.importer.carry_on(house.owner, id)).unwrap();
    assert_eq!((batch.stage, house.by_code("2153000021").is_some()), (Stage::Done, true));
    assert!(house.events() > written);
    assert_eq!(house.reader().count("SELECT count(*) FROM unit WHERE code = '2153000020'", &[]).unwrap(), 1);
}

#[test]
fn what_was_shown_is_what_is_written() {
    let house = House::new();
    let text = format!("{HEAD}丹凤第一小学,2153000002,小学,丹凤街道,丹凤中心学校,655,0\n");
    let id = house.upload("a.csv", text.as_bytes()).unwrap();
    let seen = house.dry(id).1.digest();
    // Meanwhile somebody else describes the school.
    let other = house.upload("b.csv", text.replace("655", "641").as_bytes()).unwrap();
    house.apply(other);
    let begun = house.wait(house.importer.begin(house.owner, id, &seen)).unwrap_err();
    assert_eq!(begun.code(), "intake-changed");
    let bad = house.upload("c.csv", format!("{HEAD}甲,2153000002,小学,月亮镇,,1,0\n").as_bytes()).unwrap();
    let begun = house.wait(house.importer.begin(house.owner, bad, "")).unwrap_err();
    assert_eq!(begun.code(), "intake-has-problems");
}

#[test]
fn a_refused_row_stops_the_import_and_is_named() {
    let house = House::new();
    let text = format!("{HEAD}甲小学,2153000041,小学,雄壁镇,,1,0\n乙小学,2153000042,小学,雄壁镇,,1,0\n");
    let id = house.upload("a.csv", text.as_bytes()).unwrap();
    let (batch, mut plan) = house.dry(id);
    // Between the last look and the writing somebody takes the code.
    plan.rows[1].code.clear();
    house.unit("2153000042", "别的小学", UnitKind::Primary, &[(Line::Management, house.county)], 1);
    let refused = house.wait(house.importer.write(&batch, &plan.rows[1])).unwrap_err();
    assert_eq!(refused.code(), "unit-code-taken");
    let (_, plan) = house.dry(id);
    assert_eq!(plan.problems, []);
    assert_eq!(differences(&plan)[0], "name: 别的小学 → 乙小学");
}

#[test]
fn nobody_else_sees_or_imports() {
    let house = House::new();
    let id = house.upload("a.csv", register().as_bytes()).unwrap();
    let strange = house.wait(house.importer.batch(house.teacher, id)).unwrap_err();
    assert_eq!(strange, Problem::NotFound);
    let bytes = register().into_bytes();
    assert_eq!(
        house
            .wait(house.importer.upload(house.teacher, crate::Content::Register, "a.csv", bytes))
            .unwrap_err(),
        Problem::Forbidden
    );
    assert_eq!(house.wait(house.importer.dry_run(house.teacher, id)).unwrap_err(), Problem::Forbidden);
    // Names and telephones lie sealed while they wait.
    let sealed = house.reader().query("SELECT sealed FROM intake_row", &[], |row| row.blob(0)).unwrap();
    assert!(sealed.iter().all(|bytes| !String::from_utf8_lossy(bytes).contains("13887400021")));
    house.wait(house.importer.drop_batch(house.owner, id)).unwrap();
    assert_eq!(house.reader().count("SELECT count(*) FROM intake_row", &[]).unwrap(), 0);
    assert_eq!(Actor { id: house.owner, kind: ActorKind::Import }.id, house.owner);
}

#[test]
fn an_import_stops_at_the_first_row_that_is_refused() {
    let house = House::new();
    let above = [(Line::Management, house.central), (Line::Territory, house.township)];
    house.unit("2153000071", "丹凤分校中心学校", UnitKind::CentralSchool, &above, 10);
    // A unit cannot hang under what hangs under it; only the writer knows all of the tree.
    let text = format!(
        "{HEAD}甲小学,2153000072,小学,丹凤街道,,1,0\n丹凤中心学校,2153000001,中心学校,丹凤街道,丹凤分校中心学校,900,0\n\
         丹凤第一小学,2153000002,小学,丹凤街道,丹凤中心学校,655,0\n"
    );
    let id = house.upload("a.csv", text.as_bytes()).unwrap();
    let batch = house.apply(id);
    let stopped = batch.body.stopped.clone().unwrap();
    assert_eq!((batch.stage, stopped.row, stopped.code.as_str()), (Stage::Stopped, 3, "unit-under-itself"));
    assert_eq!((batch.done, batch.total, batch.body.created, batch.body.changed), (1, 3, 1, 0));
    assert!(house.by_code("2153000072").is_some(), "what came before is written");
    assert_eq!(house.by_code("2153000002").unwrap().attributes.pupils, 640, "what comes after is not");
    // It can be looked at and tried again.
    assert_eq!(counts(&house.dry(id).1), [0, 2, 1, 0, 0]);
}

#[test]
fn a_thousand_rows_are_looked_at_and_written() {
    let house = House::new();
    let mut text = HEAD.to_owned();
    for number in 0..1_000 {
        text.push_str(&format!("村小{number}号,2153{number:06},小学,雄壁镇,丹凤中心学校,{number},0\n"));
    }
    let id = house
        .upload(
            "a.csv",
            text.replace("2153000001", "2153900001").replace("2153000002", "2153900002").as_bytes(),
        )
        .unwrap();
    assert_eq!(counts(&house.dry(id).1), [1_000, 0, 0, 0, 0]);
    let batch = house.apply(id);
    assert_eq!((batch.stage, batch.done, batch.body.created), (Stage::Done, 1_000, 1_000));
}
