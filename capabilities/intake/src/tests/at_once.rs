//! All of a file or nothing; a large one in parts that are each all or nothing.

use kernel::limits;
use language::Lang;
use organisation::{Line, Post, UnitKind, people_of_unit};
use test_support::both_databases;

use super::{HEAD, House, counts, ledger};
use crate::{
    Batch, Content, Stage, outcome,
    plan::{Action, digest_of},
    report,
    write::parts,
};

const PEOPLE: &str = "学校名称,标识码,类型,所属乡镇,中心学校,在校生数,校长姓名,校长电话\n";

/// Row and column, counted as in the file, with the code of the refusal.
fn stopped(batch: &Batch) -> (u32, Option<usize>, &str) {
    assert_eq!(batch.stage, Stage::Stopped);
    let stopped = batch.body.stopped.as_ref().unwrap();
    (stopped.row, stopped.column, stopped.code.as_str())
}

fn said(batch: &Batch, lang: Lang) -> String {
    let sentences = web::Sentences::new([crate::words::sentence as web::Lookup]);
    language::plain(&outcome(lang, &sentences, batch).unwrap_err())
}

/// The last row can only be refused by the writer: a unit cannot hang under what hangs under it.
fn with_a_ring(house: &House) -> String {
    let above = [(Line::Management, house.central), (Line::Territory, house.township)];
    house.unit("2153000071", "丹凤分校中心学校", UnitKind::CentralSchool, &above, 10);
    format!(
        "{HEAD}丹凤第一小学,2153000002,小学,丹凤街道,丹凤中心学校,655,0\n甲小学,2153000072,小学,丹凤街道,,1,0\n\
         丹凤中心学校,2153000001,中心学校,丹凤街道,丹凤分校中心学校,900,0\n"
    )
}

both_databases! {
    fn a_cell_refused_by_the_writer_is_named_and_not_one_row_is_written(db: TestDb) {
        let house = House::on(db);
        let text = with_a_ring(&house);
        let id = house.upload("a.csv", text.as_bytes()).unwrap();
        let before = house.events();
        let batch = house.apply(id);
        assert_eq!(stopped(&batch), (4, Some(4), "unit-under-itself"));
        assert_eq!((batch.done, batch.total, batch.body.created, batch.body.changed), (0, 3, 0, 0));
        assert_eq!(house.events(), before);
        assert!(house.by_code("2153000072").is_none());
        assert_eq!(house.by_code("2153000002").unwrap().attributes.pupils, Some(640));
        let told = said(&batch, Lang::ZhCn);
        assert!(told.contains("单元格 E4") && told.contains("一行也没有写入"), "{told}");
        // It can be looked at and tried again, and is refused again.
        assert_eq!(counts(&house.dry(id).1), [1, 2, 0, 0, 0]);
        assert_eq!(stopped(&house.apply(id)), (4, Some(4), "unit-under-itself"));
        assert_eq!(house.events(), before);
    }

    fn in_one_work_schools_hang_under_new_schools_and_people_work_at_them(db: TestDb) {
        let house = House::on(db);
        let text = format!(
            "{PEOPLE}雄壁小学,2153000021,小学,雄壁镇,雄壁中心学校,320,王校长,13887400021\n\
             雄壁中心学校,2153000020,中心学校,雄壁镇,,500,钱校长,\n丹凤第一小学,2153000002,小学,丹凤街道,雄壁中心学校,640,李校长,\n"
        );
        let before = house.events();
        let batch = house.apply(house.upload("a.csv", text.as_bytes()).unwrap());
        assert_eq!((batch.stage, batch.done, house.works_since(before)), (Stage::Done, 3, 1));
        let (central, school) = (house.by_code("2153000020").unwrap(), house.by_code("2153000021").unwrap());
        assert_eq!(school.parent(Line::Management), Some(central.id));
        assert_eq!(house.by_code("2153000002").unwrap().parent(Line::Management), Some(central.id));
        let mut tx = house.reader();
        let there = people_of_unit(&mut tx, &house.vault, school.id).unwrap();
        assert_eq!((there[0].name.as_str(), there[0].posts.as_slice()), ("王校长", [Post::Head].as_slice()));
    }

    fn parts_before_a_refused_one_stay_and_are_not_written_twice(db: TestDb) {
        let mut house = House::on(db);
        house.importer.commands_at_once = 2;
        let text = with_a_ring(&house);
        let id = house.upload("a.csv", text.as_bytes()).unwrap();
        assert_eq!(house.dry(id).1.parts, 2);
        let before = house.events();
        let batch = house.apply(id);
        assert_eq!(stopped(&batch), (4, Some(4), "unit-under-itself"));
        assert_eq!((batch.done, batch.total, house.works_since(before)), (2, 3, 1));
        assert!(said(&batch, Lang::ZhCn).contains("已写入 2 行") && said(&batch, Lang::En).contains("2 rows"));
        assert!(house.by_code("2153000072").is_some());
        // What stood in the way is gone: it goes on with the rest and writes nothing twice.
        assert_eq!(counts(&house.dry(id).1), [0, 1, 2, 0, 0]);
        let between = house.events();
        let branch = house.by_code("2153000071").unwrap().id;
        house.place(branch, house.county);
        let batch = house.apply(id);
        assert_eq!((batch.stage, batch.done, batch.total), (Stage::Done, 1, 1));
        assert_eq!((batch.body.created, batch.body.changed, house.events() - between), (1, 2, 2));
        assert_eq!(house.reader().count("SELECT count(*) FROM intake_row", &[]).unwrap(), 0);
    }
}

#[test]
fn somebody_was_faster_and_nothing_else_than_what_was_shown_is_written() {
    let house = House::new();
    let text = format!("{HEAD}甲小学,2153000041,小学,雄壁镇,,1,0\n乙小学,2153000042,小学,雄壁镇,,1,0\n");
    let id = house.upload("a.csv", text.as_bytes()).unwrap();
    let batch = house.confirmed(id);
    // Between the last look and the writing somebody enters the same code: the row would now rename his school.
    house.unit("2153000042", "别的小学", UnitKind::Primary, &[(Line::Management, house.county)], 1);
    let before = house.events();
    let batch = house.carry_on(&batch);
    assert_eq!(stopped(&batch), (0, None, "intake-changed"));
    assert_eq!((house.events(), house.by_code("2153000041").is_none()), (before, true));
    assert_eq!(house.by_code("2153000042").unwrap().name, "别的小学");
    assert!(said(&batch, Lang::En).contains("Not one row"), "{}", said(&batch, Lang::En));
    assert_eq!(counts(&house.dry(id).1), [1, 1, 0, 0, 0], "the next look shows it");
}

#[test]
fn a_code_taken_after_the_last_look_is_found_by_the_writer() {
    let house = House::new();
    let text = format!("{HEAD}甲小学,2153000041,小学,雄壁镇,,1,0\n乙小学,2153000042,小学,雄壁镇,,1,0\n");
    let id = house.upload("a.csv", text.as_bytes()).unwrap();
    let (mut batch, plan) = house.dry(id);
    house.unit("2153000042", "别的小学", UnitKind::Primary, &[(Line::Management, house.county)], 1);
    let before = house.events();
    let written = house.wait(house.importer.write_part(&mut batch, &plan.to_write(), String::new()));
    let stopped = written.unwrap().unwrap();
    assert_eq!((stopped.row, stopped.column, stopped.code.as_str()), (3, Some(1), "unit-code-taken"));
    assert_eq!((house.events(), batch.done, batch.body.created), (before, 0, 0));
    assert!(house.by_code("2153000041").is_none());
}

#[test]
fn a_school_that_closed_meanwhile_is_named_by_its_cell() {
    let house = ledger::house();
    let id = ledger::bring(&house, &ledger::five());
    let batch = house.confirmed(id);
    house.close(house.central);
    let before = house.events();
    assert_eq!(stopped(&house.carry_on(&batch)), (6, Some(1), "hazard-unit-not-open"));
    assert_eq!(house.events(), before, "the four rows before it are not written either");
}

#[test]
fn an_import_that_died_between_two_parts_goes_on_where_it_was() {
    let mut house = House::new();
    house.importer.commands_at_once = 2;
    let text = format!(
        "{HEAD}甲小学,2153000041,小学,雄壁镇,乙中心学校,1,0\n乙中心学校,2153000042,中心学校,雄壁镇,,1,0\n\
         丙小学,2153000043,小学,雄壁镇,乙中心学校,1,0\n丁小学,2153000044,小学,雄壁镇,,1,0\n"
    );
    let id = house.upload("a.csv", text.as_bytes()).unwrap();
    let batch = house.confirmed(id);
    let events = house.events();
    // The process dies after the first part.
    let (mut dying, plan) = house.dry(id);
    let rows = plan.to_write();
    let (part, after) = rows.split_at(2);
    house.wait(house.importer.write_part(&mut dying, part, digest_of(after))).unwrap();
    assert_eq!((house.events() - events, house.by_code("2153000042").is_some()), (2, true));
    let between = house.wait(house.importer.batch(batch.owner, id)).unwrap();
    assert_eq!((between.stage, between.done, between.total), (Stage::Applying, 2, 4));
    let batch = house.carry_on(&batch);
    assert_eq!((batch.stage, batch.done, batch.body.created), (Stage::Done, 4, 4));
    assert_eq!(house.events() - events, 4, "nothing twice");
}

#[test]
fn a_row_is_never_divided_and_its_commands_are_counted() {
    let house = House::new();
    let list = "学校名称,姓名,联系电话\n丹凤第一小学,赵保安,13887400031\n丹凤第一小学,钱保安,13887400032\n丹凤第一小学,孙保安,13887400033\n";
    let id = house.bring(Content::Guards, "保安.csv", list.as_bytes()).unwrap();
    let plan = house.dry(id).1;
    assert_eq!(plan.count(Action::Create), 3);
    let rows = plan.to_write();
    let counted = [1, 2, 3, 4, 5, 6].map(|most| parts(&rows, most));
    assert_eq!(counted, [3, 3, 3, 2, 2, 1], "entering a guard takes two commands");
    assert_eq!((parts(&[], 1), plan.parts), (0, 1));
}

#[test]
fn as_much_as_is_written_at_once_and_one_row_more() {
    let house = House::new();
    let mut text = "学校名称,隐患类别,隐患描述,发现时间,隐患等级,整改情况,整改完成时间,销号时间\n".to_owned();
    for number in 0..=limits::INTAKE_COMMANDS_AT_ONCE {
        text.push_str(&format!(
            "丹凤第一小学,消防,灭火器过期{number},2024-03-01,一般,已整改,2024-03-20,2024-03-25\n"
        ));
    }
    let id = house.bring(Content::Hazards, "台账.csv", text.as_bytes()).unwrap();
    let (batch, plan) = house.dry(id);
    assert_eq!(plan.parts, 2);
    for (lang, words) in [(Lang::ZhCn, "分 2 次写入"), (Lang::En, "in 2 parts")] {
        let notes = report(lang, &batch, &plan).notes;
        assert!(notes.iter().any(|note| language::plain(note).contains(words)), "{notes:?}");
    }
    let before = house.events();
    let batch = house.apply(id);
    assert_eq!((batch.stage, batch.body.created), (Stage::Done, limits::INTAKE_COMMANDS_AT_ONCE + 1));
    assert_eq!(house.works_since(before), 2);
}
