//! The county's own ledger: historic and open rows, dirty ones, the same file again, a longer one.

use kernel::{Problem, StreamId};
use organisation::{Contact, Post};
use storage::params;
use test_support::both_databases;
use uuid::Uuid;

use super::{House, counts, told};
use crate::{Content, Detail, Field, Options, Plan, Stage, word_key};

pub(super) const HEAD: &str =
    "序号,学校名称,隐患类别,存在问题,部位,排查时间,隐患等级,整改情况,整改完成时间,整改前照片,整改后照片\n";
pub(super) const FIVE: &str = "编号,学校名称,隐患类别,隐患描述,发现时间,隐患等级,整改措施,责任人,整改时限,资金(万元),应急预案,整改情况,验收人,销号时间,备注\n";

pub(super) fn bring(house: &House, text: &str) -> Uuid {
    house.bring(Content::Hazards, "台账.csv", text.as_bytes()).unwrap()
}

pub(super) fn look(house: &House, text: &str) -> Plan {
    house.dry(bring(house, text)).1
}

pub(super) fn noticed(plan: &Plan) -> Vec<String> {
    plan.notices.iter().map(|p| format!("{} {}", p.address(), p.code)).collect()
}

pub(super) fn stages(plan: &Plan) -> Vec<&'static str> {
    plan.rows
        .iter()
        .map(|row| match &row.detail {
            Detail::Hazard { stage, .. } => stage.name(),
            other => panic!("{other:?}"),
        })
        .collect()
}

pub(super) fn house() -> House {
    let house = House::new();
    staffed(&house);
    house
}

fn staffed(house: &House) {
    let contact = Contact { name: "王总务".to_owned(), ..Contact::default() };
    house.person(house.school, contact, vec![Post::GeneralAffairs]);
}

/// Historic, graded, assigned, in rectification (overdue), major.
pub(super) fn five() -> String {
    format!(
        "{FIVE}A1,丹凤第一小学,消防安全,灭火器过期,2024-03-01,一般隐患,更换灭火器,王总务,2024-03-20,0.3,,已整改,钱股长,2024-03-25,\n\
         A2,丹凤第一小学,校舍,墙体开裂,2026-08-02,一般,,,,,,未整改,,,\n\
         A3,丹凤第一小学,设施器材,篮球架松动,2026-08-03,一般,,王总务,,,,整改中,,,\n\
         A4,丹凤第一小学,校舍安全,护栏过低,2026-08-04,一般,加装护栏并验收,王总务,2026-08-30,2,施工期间专人看护封闭走廊,整改中,,,\n\
         A5,丹凤中心学校,电路老化,配电箱烧蚀,2026-08-05,重大,,,,,,未整改,,,\n"
    )
}

#[test]
fn a_short_name_is_found_however_wide_it_is_written() {
    let house = house();
    let plan = look(&house, &five());
    for name in ["王 总务", "王　总　务"] {
        let wide = look(&house, &five().replace("王总务", name));
        assert_eq!((noticed(&wide), stages(&wide)), (noticed(&plan), stages(&plan)), "{name}");
    }
}

both_databases! {
    fn each_row_goes_on_where_the_ledger_proves_it_stands(db: TestDb) {
    let house = House::on(db);
    staffed(&house);
    let id = bring(&house, &five());
    let (_, plan) = house.dry(id);
    assert_eq!(told(&plan), Vec::<String>::new());
    assert_eq!(stages(&plan), ["carried_over", "graded", "assigned", "rectifying", "graded"]);
    let before = house.events();
    let batch = house.apply(id);
    assert_eq!((batch.stage, batch.body.created, house.events() - before), (Stage::Done, 5, 5));
    let mut tx = house.reader();
    let rows = tx
        .query("SELECT stage, level, year, serial FROM hazard ORDER BY year, unit_id, serial", &[], |row| {
            Ok(format!("{} {} {} {}", row.text(0)?, row.text(1)?, row.int(2)?, row.int(3)?))
        })
        .unwrap();
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[0], "carried_over general 2024 1");
    let kinds = tx.query("SELECT DISTINCT kind FROM evidence", &[], |row| row.text(0)).unwrap();
    assert_eq!(kinds, ["hazard.carried_over"], "nothing counts as closed here");
    let clocks = tx.query("SELECT name FROM clock ORDER BY name", &[], |row| row.text(0)).unwrap();
    assert_eq!(clocks, ["assign", "assign", "rectify", "take-on"]);
    drop(tx);

    // The same file again, and a longer one with the old rows in another order and other numbers in front.
    let events = house.events();
    let again = bring(&house, &five());
    assert_eq!(counts(&house.dry(again).1), [0, 0, 5, 0, 0]);
    house.apply(again);
    assert_eq!(house.events(), events);
    let longer = five().replace("A5,丹凤中心", "B9,丹凤第一小学,宿舍,床架断裂,2026-09-01,,,,,,,未整改,,,\nA5,丹凤中心");
    let longer = bring(&house, &longer);
    assert_eq!(counts(&house.dry(longer).1), [1, 0, 5, 0, 0]);
    house.apply(longer);
    assert_eq!(house.events(), events + 1);

    // Closed in the ledger since: what happens here counts.
    let since = look(&house, &five().replace("A2,丹凤第一小学,校舍,墙体开裂,2026-08-02,一般,,,,,,未整改", "A2,丹凤第一小学,校舍,墙体开裂,2026-08-02,一般,,,,,,已整改"));
    assert_eq!(noticed(&since), ["L3 intake-row-went-on"]);
    assert_eq!(counts(&since), [0, 0, 5, 0, 0]);
}
}

#[test]
fn numbers_in_front_do_not_tell_rows_apart_but_place_and_day_do() {
    let house = house();
    let row = |no: u32, place: &str, day: &str| {
        format!("{no},丹凤第一小学,校舍,墙体开裂,{place},{day},一般,未整改,,,\n")
    };
    let first =
        bring(&house, &format!("{HEAD}{}{}", row(1, "东墙", "2026-08-01"), row(2, "西墙", "2026-08-01")));
    house.apply(first);
    let text = format!(
        "{HEAD}{}{}{}{}",
        row(1, "东墙", "2026-08-09"),
        row(2, "西 墙。", "2026.8.1"),
        row(3, "东墙", "2026/8/1"),
        row(4, "东墙", "2026/8/1")
    );
    let plan = look(&house, &text);
    assert_eq!(counts(&plan), [1, 0, 2, 0, 1]);
    assert_eq!(noticed(&plan), ["D5 intake-row-twice"]);
}

#[test]
fn a_childs_case_is_neither_kept_nor_shown() {
    let house = house();
    let text = format!(
        "{HEAD}1,丹凤第一小学,校舍,墙体开裂,,2026-08-01,一般,未整改,,,\n\
         2,丹凤第一小学,校园欺凌,宿舍里有矛盾,,2026-08-01,一般,未整改,,,\n\
         3,丹凤第一小学,其他,张小明被同学打,,2026-08-01,一般,未整改,,,\n\
         4,丹凤第一小学,制度,未建立欺凌防治制度,,2026-08-01,一般,未整改,,,\n"
    );
    let id = bring(&house, &text);
    let (batch, plan) = house.dry(id);
    assert_eq!(told(&plan), ["C3 hazard-category-restricted", "D4 hazard-text-restricted"]);
    assert_eq!(stages(&plan), ["graded", "graded"], "a rule about prevention is no case");
    let rows = house.wait(house.importer.preview(house.office, id, 100)).unwrap().rows;
    let kept: Vec<String> = rows.iter().map(|row| row.cells.join(" ")).collect();
    assert!(kept.len() == 2 && !kept.iter().any(|text| text.contains("张小明") || text.contains("矛盾")));
    let body = serde_json::to_string(&batch.body).unwrap();
    assert!(!body.contains("张小明"), "not even beside the rows");
    let refused = house.wait(house.importer.begin(house.office, id, &plan.digest())).unwrap_err();
    assert_eq!(refused.code(), "intake-has-problems");
    let sentence = crate::words::problem(language::Lang::ZhCn, &plan.problems[1]);
    assert!(sentence.contains("110") && !sentence.contains("张小明"), "{sentence}");
}

#[test]
fn numbers_of_people_are_blotted_out_and_named_by_cell() {
    let house = house();
    let text = format!(
        "{HEAD}1,丹凤第一小学,校舍,墙体开裂 家长电话138 1234 5678,,2026-08-01,一般,未整改,,,\n\
         2,丹凤第一小学,校舍,栏杆松动,三楼（值班 0874-5751234）,2026-08-01,一般,未整改,,,\n\
         3,丹凤第一小学,校舍,530323201501011230 报告台阶缺角,19912345678,2026-08-01,一般,未整改,,,\n"
    );
    let id = bring(&house, &text);
    let plan = house.dry(id).1;
    assert_eq!((told(&plan), counts(&plan)), (Vec::new(), [3, 0, 0, 0, 0]));
    let masked = ["D2", "D4", "E4"].map(|cell| format!("{cell} intake-number-masked"));
    let noticed: Vec<String> = noticed(&plan).into_iter().filter(|one| one.ends_with("masked")).collect();
    assert_eq!(noticed, masked);
    let rows = house.wait(house.importer.preview(house.office, id, 100)).unwrap().rows;
    let kept: Vec<String> = rows.iter().map(|row| row.cells.join(" ")).collect();
    let kept = kept.join("\n");
    for whole in ["138 1234 5678", "530323201501011230", "19912345678"] {
        assert!(!kept.contains(whole), "not even while it waits: {kept}");
    }
    for left in ["138 **** 5678", "530323********1230", "199****5678", "0874-5751234"] {
        assert!(kept.contains(left), "{left}: {kept}");
    }
    assert_eq!(house.apply(id).body.created, 3);
}

#[test]
fn a_level_in_other_words_is_said_to_be_read_so() {
    let house = house();
    let row = |n: u32, level: &str| {
        format!("{n},丹凤第一小学,校舍,第 {n} 处开裂,,2026-08-0{n},{level},未整改,,,\n")
    };
    let words = ["严重", "重大隐患", "低", "一般", "General"];
    let rows: String = (1..).zip(words).map(|(n, word)| row(n, word)).collect();
    let plan = look(&house, &format!("{HEAD}{rows}"));
    let noticed: Vec<String> = noticed(&plan).into_iter().filter(|one| one.contains("level")).collect();
    assert_eq!(noticed, ["G2 intake-level-read", "G4 intake-level-read"]);
    let read = plan.notices.iter().find(|one| one.code == "intake-level-read").unwrap();
    let said = [language::Lang::ZhCn, language::Lang::En].map(|lang| crate::words::problem(lang, read));
    assert!(said[0].contains("“严重”") && said[0].contains("重大"), "{said:?}");
    assert!(said[1].contains("“严重”") && said[1].to_lowercase().contains("major"), "{said:?}");
}

#[test]
fn words_are_explained_once_and_remembered() {
    let house = house();
    let text = format!(
        "{HEAD}1,丹凤第一小学,走廊类,墙体开裂,,2026-08-01,一般,施工队已进场,,,\n\
         2,丹凤第一小学,教学楼电路老化,插座松动,,2026-08-01,一般,施工队已进场,,,\n"
    );
    let id = bring(&house, &text);
    assert_eq!(
        told(&house.dry(id).1),
        [
            "C2 intake-category-unknown",
            "H2 intake-status-unknown",
            "C3 intake-category-unknown",
            "H3 intake-status-unknown"
        ]
    );
    let asked = house.wait(house.importer.preview(house.office, id, 9)).unwrap().asked;
    let asked: Vec<(&str, &str)> = asked.iter().map(|one| (one.word.as_str(), one.guess.as_str())).collect();
    assert_eq!(asked, [("走廊类", ""), ("教学楼电路老化", "H08"), ("施工队已进场", "")]);
    let said = [
        (word_key(Field::Category, "走廊类"), "H02".to_owned()),
        (word_key(Field::Category, "教学楼电路老化"), "H08".to_owned()),
        (word_key(Field::Status, "施工队已进场"), "open".to_owned()),
    ];
    house.choose(id, Options { words: said.into(), ..Options::default() });
    assert_eq!(told(&house.dry(id).1), Vec::<String>::new());
    // Another file with the same words needs no explanation.
    assert_eq!(told(&look(&house, &text)), Vec::<String>::new());
}

#[test]
fn larger_is_a_countys_option() {
    let house = house();
    let text = format!("{HEAD}1,丹凤第一小学,校舍,墙体开裂,,2026-08-01,较大隐患,未整改,,,\n");
    let id = bring(&house, &text);
    let level = |plan: &Plan| match &plan.rows[0].detail {
        Detail::Hazard { level, .. } => level.map(hazard::Level::name),
        _ => None,
    };
    let (_, plan) = house.dry(id);
    assert_eq!((level(&plan), noticed(&plan)), (Some("general"), vec!["G2 intake-level-larger".to_owned()]));
    house.choose(id, Options { larger: true, ..Options::default() });
    assert_eq!(level(&house.dry(id).1), Some("larger"));
}

#[test]
fn who_may_not_carry_over_does_not_import_a_ledger() {
    let house = house();
    let upload = |who| {
        let bytes = five().into_bytes();
        house.wait(house.importer.upload(who, Content::Hazards, "台账.csv", bytes))
    };
    assert_eq!(upload(house.owner).unwrap_err(), Problem::Forbidden, "the administrator sees no hazard");
    assert_eq!(upload(house.teacher).unwrap_err(), Problem::Forbidden);
    let id = upload(house.office).unwrap();
    let strange = house.wait(house.importer.dry_run(house.owner, id)).unwrap_err();
    assert_eq!(strange, Problem::NotFound);
}

#[test]
fn more_than_a_thousand_rows() {
    let house = house();
    let mut text = FIVE.to_owned();
    for number in 0..1_200 {
        let (month, day) = (number % 12 + 1, number % 28 + 1);
        text.push_str(&format!(
            "T{number},丹凤第一小学,消防,灭火器过期{number},2024-{month}-{day},一般,更换灭火器,,2024-12-30,0.1,,已整改,,2024-12-31,\n"
        ));
    }
    let id = bring(&house, &text);
    assert_eq!(counts(&house.dry(id).1), [1_200, 0, 0, 0, 0]);
    let batch = house.apply(id);
    assert_eq!((batch.stage, batch.done, batch.body.created), (Stage::Done, 1_200, 1_200));
    let streams = house
        .reader()
        .query("SELECT id FROM hazard WHERE year = ?1 ORDER BY serial LIMIT 2", params![2024], |row| {
            row.id::<StreamId>(0)
        })
        .unwrap();
    assert_eq!(streams.len(), 2);
    assert_eq!(counts(&house.dry(bring(&house, &text)).1), [0, 0, 1_200, 0, 0]);
}

#[test]
fn everything_that_is_wrong_with_a_row_is_said_at_once() {
    let house = house();
    let told = |row: &str| told(&look(&house, &format!("{FIVE}{row}\n")));
    let all = told("A1,某某小学,消防安全,,2031-03-01,不得了,,,2024-01-01,0.3,,未整改,,2031-04-01,");
    let codes: Vec<&str> = all.iter().map(|one| one.split(' ').nth(1).unwrap()).collect();
    assert_eq!(
        codes,
        [
            "intake-school-unknown",
            "intake-cell-missing",
            "date-in-future",
            "intake-level-unknown",
            "hazard-before-found",
        ]
    );
    let all = told("A1,丹凤第一小学,消防安全,灭火器过期,,一般,,,2020-01-01,-3,,已整改,,2031-04-01,");
    assert!(all.iter().any(|one| one.contains("date-in-future")), "{all:?}");
    assert!(!all.iter().any(|one| one.contains("before-found")), "there is no day to compare with: {all:?}");
}
