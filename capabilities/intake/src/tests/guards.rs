//! 保安: entered with certificate and employment, brought up to date, never twice.

use organisation::{Employer, Post, guard_record, people_of_unit};
use storage::params;
use test_support::both_databases;

use super::{House, counts, differences, told};
use crate::{Content, Stage};

const HEAD: &str = "序号,学校名称,姓名,联系电话,保安员证号,专兼职,用工方式,保安公司,出生日期,上岗日期\n";

fn list(rows: &str) -> String {
    format!("师宗县校园保安花名册\n{HEAD}{rows}合计,2人\n")
}

fn bring(house: &House, text: &str) -> uuid::Uuid {
    house.bring(Content::Guards, "保安.csv", text.as_bytes()).unwrap()
}

fn wrong(house: &House, row: &str) -> Vec<String> {
    told(&house.dry(bring(house, &list(row))).1)
}

both_databases! {
    fn new_changed_and_the_same_again(db: TestDb) {
    let house = House::on(db);
    let rows = "1,丹凤第一小学,赵 保安,１３８８７４０００３１,滇保20240001,专职,公司派驻,平安保安公司,1980.5.1,2024-9-1\n\
                2,丹凤第一小学,钱保安,13887400032,无,兼职,学校自聘,,1975/3/2,\n";
    let id = bring(&house, &list(rows));
    assert_eq!(counts(&house.dry(id).1), [2, 0, 0, 0, 1]);
    let batch = house.apply(id);
    assert_eq!((batch.stage, batch.body.created), (Stage::Done, 2));
    let mut tx = house.reader();
    let people = people_of_unit(&mut tx, &house.vault, house.school).unwrap();
    let guard = people.iter().find(|p| p.name == "赵保安").unwrap();
    assert_eq!(guard.posts, [Post::Guard]);
    let record = guard_record(&mut tx, &house.vault, guard.id).unwrap().unwrap();
    assert_eq!((record.facts.certified, record.facts.full_time, record.facts.employer), (true, true, Employer::Company));
    assert_eq!(record.text.company, "平安保安公司");
    assert_eq!(record.papers.certificate, "滇保20240001");
    assert_eq!(record.papers.born.map(|d| d.to_string()).as_deref(), Some("1980-05-01"));
    let other = people.iter().find(|p| p.name == "钱保安").unwrap();
    let other = guard_record(&mut tx, &house.vault, other.id).unwrap().unwrap();
    assert_eq!((other.facts.certified, other.facts.full_time, other.facts.employer), (false, false, Employer::School));
    // The number of the certificate lies sealed.
    let open = tx
        .count("SELECT count(*) FROM event WHERE core_part LIKE ?1 OR text_part LIKE ?1", params!["%20240001%"])
        .unwrap();
    assert_eq!(open, 0);
    drop(tx);

    let (events, again) = (house.events(), bring(&house, &list(rows)));
    assert_eq!(counts(&house.dry(again).1), [0, 0, 2, 0, 1]);
    house.apply(again);
    assert_eq!(house.events(), events, "a second run of the same file changes nothing");

    let changed = bring(&house, &list(&rows.replace("兼职", "专职").replace("13887400032,无", "13887400099,滇保77")));
    let want = [
        "guard_phone: other → 138****0099",
        "certificate: no → yes",
        "full_time: part → full",
    ];
    assert_eq!(differences(&house.dry(changed).1), want);
    house.apply(changed);
    assert_eq!(counts(&house.dry(bring(&house, &list(&rows.replace(",1975/3/2", ",")))).1)[1], 1, "an empty cell changes nothing of its own");
}
}

#[test]
fn somebody_known_takes_the_post() {
    let house = House::new();
    let plan = house.dry(bring(&house, &list("1,丹凤第一小学,李校长,,,,,,,\n"))).1;
    assert_eq!(differences(&plan)[0], "guard_name:  → 李校长");
}

#[test]
fn problems_by_cell() {
    let house = House::new();
    let row = |cells: &str| wrong(&house, &format!("1,丹凤第一小学,{cells}\n"));
    assert_eq!(row("赵保安,12345,,,,,,"), ["D3 intake-phone"]);
    assert_eq!(row("赵保安,,,时有时无,,,,"), ["F3 intake-full-time-unknown"]);
    assert_eq!(row("赵保安,,,,熟人介绍,,,"), ["G3 intake-employer-unknown"]);
    assert_eq!(row("赵保安,,,,,,2010-01-01,"), ["I3 intake-guard-young"]);
    assert_eq!(row("赵保安,,,,,,五月,"), ["I3 intake-day"]);
    assert_eq!(row(",13887400031,,,,,,"), ["C3 intake-guard-name-missing"]);
    assert_eq!(wrong(&house, "1,月亮小学,赵保安,,,,,,,\n"), ["B3 intake-school-unknown"]);
    let twice = "1,丹凤第一小学,赵保安,13887400031,,,,,,\n2,丹凤第一小学,赵保安,13887400031,,,,,,\n";
    assert_eq!(wrong(&house, twice), ["C4 intake-guard-twice"]);
    let old = house.dry(bring(&house, &list("1,丹凤第一小学,孙保安,,,,,,1950-01-01,\n"))).1;
    assert_eq!((told(&old), old.notices.len()), (Vec::new(), 1), "an upper age is only said");
}

#[test]
fn who_may_not_manage_people_does_not_import_them() {
    let house = House::new();
    let text = list("1,丹凤第一小学,赵保安,,,,,,,\n").into_bytes();
    let refused = house.wait(house.importer.upload(house.teacher, Content::Guards, "a.csv", text));
    assert_eq!(refused.unwrap_err(), kernel::Problem::Forbidden);
}

#[test]
fn of_two_of_one_name_the_telephone_says_which() {
    let house = House::new();
    for phone in ["13887400051", "13887400052"] {
        let contact =
            organisation::Contact {
                name: "李强".to_owned(), phone: phone.to_owned(), ..Default::default()
            };
        house.person(house.school, contact, vec![Post::Guard]);
    }
    let row = |phone: &str| format!("1,丹凤第一小学,李强,{phone},,专职,学校自聘,,,\n");
    assert_eq!(wrong(&house, &row("")), ["C3 intake-person-which"], "a third one is not entered unasked");
    let plan = house.dry(bring(&house, &list(&row("13887400052")))).1;
    assert_eq!((told(&plan), plan.count(crate::Action::Create)), (Vec::new(), 0));
}
