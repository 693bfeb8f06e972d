//! Which school is meant, and where it hangs: brackets in names, merged cells, titles above the heading, who holds a
//! post already.

use kernel::UnitId;
use organisation::{Line, UnitKind};
use rust_xlsxwriter::{Format, Workbook};

use super::{
    HEAD, House, differences,
    ledger::{HEAD as LEDGER, noticed},
    told,
};
use crate::{Content, Detail, Mapping, Options, Plan};

/// A kindergarten whose campus stands in brackets.
fn campus(house: &House) -> UnitId {
    let above = [(Line::Management, house.central), (Line::Territory, house.township)];
    house.unit("1153999991", "星星幼儿园（东园）", UnitKind::Kindergarten, &above, 100)
}

fn ledger(house: &House, school: &str) -> Plan {
    let text = format!("{LEDGER}1,{school},校舍,墙体开裂,,2026-08-01,一般,未整改,,,\n");
    let id = house.bring(Content::Hazards, "台账.csv", text.as_bytes()).unwrap();
    house.dry(id).1
}

/// What a new row will hang under.
fn above(plan: &Plan) -> Vec<(String, String)> {
    let of = |detail: &Detail| match detail {
        Detail::Unit { superior, township } => (superior.clone(), township.clone()),
        Detail::Person { .. } | Detail::Guard { .. } | Detail::Hazard { .. } => panic!("no register"),
    };
    plan.rows.iter().map(|row| of(&row.detail)).collect()
}

#[test]
fn what_stands_in_brackets_tells_two_campuses_apart() {
    let house = House::new();
    campus(&house);
    let id = house
        .upload(
            "名册.csv",
            format!(
                "{HEAD}星星幼儿园(西园),,幼儿园,丹凤街道,丹凤中心学校,60,0\n\
                 月亮小学（南校区）,,小学,丹凤街道,丹凤中心学校,80,0\n\
                 月亮小学（北校区）,,小学,丹凤街道,丹凤中心学校,90,0\n\
                 星星幼儿园 （东园）,,幼儿园,丹凤街道,丹凤中心学校,101,0\n\
                 星星幼儿园,,幼儿园,丹凤街道,丹凤中心学校,70,0\n"
            )
            .as_bytes(),
        )
        .unwrap();
    house.choose(id, Options { local_codes: true, ..Options::default() });
    let plan = house.dry(id).1;
    assert_eq!(told(&plan), Vec::<String>::new());
    assert_eq!(differences(&plan), ["name: 星星幼儿园（东园） → 星星幼儿园 （东园）", "pupils: 100 → 101"]);
    assert_eq!(plan.count(crate::Action::Create), 4);
    assert_eq!(noticed(&plan), ["A6 intake-name-alike"], "perhaps the east campus, written shorter");
}

#[test]
fn a_ledger_finds_the_campus_it_names() {
    let house = House::new();
    let east = campus(&house);
    let unit = |school: &str| {
        let plan = ledger(&house, school);
        plan.rows.first().map(|row| row.unit).ok_or_else(|| told(&plan))
    };
    assert_eq!(unit("星星幼儿园(东园)"), Ok(east));
    assert_eq!(unit("星星幼儿园"), Ok(east), "the only one of that name");
    assert_eq!(unit("星星幼儿园（西园）"), Err(vec!["B2 intake-school-unknown".to_owned()]));
    let above = [(Line::Management, house.central), (Line::Territory, house.township)];
    let west = house.unit("1153999992", "星星幼儿园（西园）", UnitKind::Kindergarten, &above, 60);
    assert_eq!(unit("星星幼儿园（西园）"), Ok(west));
    assert_eq!(unit("星星幼儿园"), Err(vec!["B2 intake-name-ambiguous".to_owned()]));
}

/// Township and central school merged over three rows each; a fourth hangs under the county by a blank.
fn merged() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let format = Format::new();
    sheet.merge_range(0, 0, 0, 4, "师宗县学校名册", &format).unwrap();
    for (column, label) in ["乡镇", "中心学校", "学校名称", "学校标识码", "学生数"].iter().enumerate()
    {
        sheet.write_string(1, u16::try_from(column).unwrap(), *label).unwrap();
    }
    sheet.merge_range(2, 0, 4, 0, "丹凤街道", &format).unwrap();
    sheet.merge_range(2, 1, 4, 1, "丹凤中心学校", &format).unwrap();
    for (row, name) in [(2, "合并一小学"), (3, "合并二小学"), (4, "合并三小学"), (5, "散落小学")]
    {
        sheet.write_string(row, 2, name).unwrap();
        sheet.write_number(row, 4, 100).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_merged_cell_means_every_row_it_stands_for() {
    let house = House::new();
    let id = house.upload("名册.xlsx", &merged()).unwrap();
    house.choose(id, Options { local_codes: true, ..Options::default() });
    let plan = house.dry(id).1;
    assert_eq!(told(&plan), Vec::<String>::new());
    let (central, county) = ("丹凤中心学校".to_owned(), "师宗县教育体育局".to_owned());
    let merged = || (central.clone(), "丹凤街道".to_owned());
    assert_eq!(above(&plan), [merged(), merged(), merged(), (county.clone(), county)]);
    assert_eq!(noticed(&plan), ["B6 intake-above-blank", "A6 intake-above-blank"]);
}

#[test]
fn guards_of_a_merged_school_belong_to_it() {
    let house = House::new();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, label) in ["学校", "姓名", "联系电话", "出生年月"].iter().enumerate() {
        sheet.write_string(0, u16::try_from(column).unwrap(), *label).unwrap();
    }
    sheet.merge_range(1, 0, 2, 0, "丹凤第一小学", &Format::new()).unwrap();
    for (row, name, born) in [(1, "赵保安", "1980年5月"), (2, "钱保安", "1981.6")] {
        sheet.write_string(row, 1, name).unwrap();
        sheet.write_string(row, 3, born).unwrap();
    }
    let id = house.bring(Content::Guards, "保安.xlsx", &workbook.save_to_buffer().unwrap()).unwrap();
    let plan = house.dry(id).1;
    assert_eq!(told(&plan), Vec::<String>::new());
    assert_eq!(plan.rows.iter().map(|row| row.unit).collect::<Vec<_>>(), [house.school, house.school]);
    assert_eq!(noticed(&plan), ["D2 intake-born-month", "D3 intake-born-month"]);
}

#[test]
fn a_title_belongs_to_no_column_and_forgets_no_mapping() {
    let house = House::new();
    let month = |month: u8| {
        let text = format!(
            "填报时间：2026年{month}月\n学校名称,隐患类别,存在问题,排查时间,S\n丹凤第一小学,校舍,墙体开裂,2026-08-01,急\n"
        );
        house.bring(Content::Hazards, "台账.csv", text.as_bytes()).unwrap()
    };
    let id = month(9);
    let (batch, _) = house.dry(id);
    assert_eq!(batch.body.header.labels, ["学校名称", "隐患类别", "存在问题", "排查时间", "S"]);
    assert_eq!((batch.body.header.row, batch.body.header.height), (2, 1));
    let mut fields = batch.mapping().0;
    fields[4] = Some(crate::Field::Remark);
    house.wait(house.importer.settle(house.office, id, Mapping(fields), Options::default())).unwrap();
    let (next, _) = house.dry(month(10));
    assert!(next.body.remembered, "what was said in September holds in October");
    assert_eq!(next.body.mapping.last().map(String::as_str), Some("remark"));
}

#[test]
fn whoever_holds_the_post_now_is_shown() {
    let house = House::new();
    let plan = house.plan("学校名称,标识码,校长,校长电话\n丹凤第一小学,2153000002,何新校长,13887400055\n");
    assert_eq!(differences(&plan), ["head_name: 李校长 → 何新校长"]);
    assert_eq!(noticed(&plan), ["C2 intake-post-held"]);
    let same = house.plan("学校名称,标识码,校长\n丹凤第一小学,2153000002,李校长\n");
    assert_eq!((differences(&same), noticed(&same)), (Vec::new(), Vec::new()));
}

#[test]
fn a_formula_is_no_sum_and_a_sum_no_school() {
    let house = House::new();
    let plan = house
        .plan(&format!("{HEAD}@SUM(1),2153999994,小学,丹凤街道,丹凤中心学校,60,0\n合计（人）,,,,,60,0\n"));
    assert_eq!(told(&plan), ["A2 intake-cell-formula"]);
    assert_eq!(plan.passed_over, 1);
}

#[test]
fn in_a_ledger_a_blank_school_is_that_of_the_row_above_and_said_so() {
    let house = House::new();
    let rows = "1,丹凤第一小学,校舍,墙体开裂,,2026-08-01,一般,未整改,,,\n2,,校舍,护栏松动,,2026-08-02,一般,未整改,,,\n";
    let id = house.bring(Content::Hazards, "台账.csv", format!("{LEDGER}{rows}").as_bytes()).unwrap();
    let plan = house.dry(id).1;
    assert_eq!(plan.rows.iter().map(|row| row.unit).collect::<Vec<_>>(), [house.school, house.school]);
    assert_eq!(noticed(&plan), ["B3 intake-name-above"]);
}
