//! Written on a real platform, read back, and run again.

use kernel::{Actor, ActorKind, Problem};
use organisation::{Line, Post, UnitKind, people_of_unit, person_contact};
use storage::params;
use test_support::both_databases;

use super::{HEAD, House, counts, differences};
use crate::Stage;

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
    let want = ["pupils: 640 → 655", "ownership:  → public", "head_phone: other → 138****0009", "officer_name:  → 孙安全"];
    assert_eq!(differences(&plan), want);
    assert_eq!(house.events(), before, "looking writes nothing");

    let batch = house.apply(id);
    assert_eq!((batch.stage, batch.done, batch.total), (Stage::Done, 3, 3));
    assert_eq!((batch.body.created, batch.body.changed), (2, 1));
    assert_eq!(house.works_since(before), 1, "one unit of work for all of it");
    let central = house.by_code("2153000020").unwrap();
    let school = house.by_code("2153000021").unwrap();
    assert_eq!(
        (central.kind, central.parent(Line::Management)),
        (UnitKind::CentralSchool, Some(house.county))
    );
    assert_eq!(school.parent(Line::Management), Some(central.id));
    assert_eq!((school.attributes.pupils, school.attributes.boarders), (Some(320), Some(40)));
    assert_eq!(school.attributes.longitude, Some(104.1));
    assert_eq!(house.by_code("2153000002").unwrap().attributes.pupils, Some(655));

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
