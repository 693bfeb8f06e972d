//! Ledgers as offices really keep them: cells that cannot be taken, money, merged cells, no status.

use rust_xlsxwriter::{Format, Workbook};

use super::{
    House,
    ledger::{FIVE, HEAD, bring, house, look, noticed, stages},
    told,
};
use crate::{Content, Mapping, Options};

#[test]
fn problems_by_cell() {
    let house = house();
    let row = |cells: &str| told(&look(&house, &format!("{HEAD}1,{cells}\n")));
    assert_eq!(row("月亮小学,校舍,墙体开裂,,2026-08-01,一般,未整改,,,"), ["B2 intake-school-unknown"]);
    assert_eq!(row("丹凤第一小学,,墙体开裂,,2026-08-01,一般,未整改,,,"), ["C2 intake-cell-missing"]);
    assert_eq!(row("丹凤第一小学,校舍,,教学楼,2026-08-01,一般,未整改,,,"), ["D2 intake-cell-missing"]);
    assert_eq!(row("丹凤第一小学,校舍,墙体开裂,,,一般,未整改,,,"), ["F2 intake-cell-missing"]);
    assert_eq!(row("丹凤第一小学,校舍,墙体开裂,,8月份,一般,未整改,,,"), ["F2 intake-day"]);
    assert_eq!(row("丹凤第一小学,校舍,墙体开裂,,2027-08-01,一般,未整改,,,"), ["F2 date-in-future"]);
    assert_eq!(row("丹凤第一小学,校舍,墙体开裂,,1980-08-01,一般,未整改,,,"), ["F2 date-too-old"]);
    assert_eq!(row("丹凤第一小学,校舍,墙体开裂,,2026-08-01,吓人,未整改,,,"), ["G2 intake-level-unknown"]);
    assert_eq!(row("丹凤第一小学,校舍,墙体开裂,,2026-08-01,一般,再看看,,,"), ["H2 intake-status-unknown"]);
    assert_eq!(
        row("丹凤第一小学,校舍,墙体开裂,,2026-08-01,一般,已整改,2026-07-01,,"),
        ["I2 hazard-before-found"]
    );
    assert_eq!(row("丹凤第一小学,校舍,#REF!,,2026-08-01,一般,未整改,,,"), ["D2 intake-cell-error"]);
    let long = "长".repeat(2_001);
    assert_eq!(row(&format!("丹凤第一小学,校舍,{long},,2026-08-01,一般,未整改,,,")), ["D2 intake-text-long"]);
    let money = |funds: &str| {
        told(&look(
            &house,
            &format!("{FIVE}1,丹凤第一小学,校舍,墙体开裂,2026-08-01,一般,,,,{funds},,未整改,,,\n"),
        ))
    };
    assert_eq!(money("-3"), ["J2 intake-funds"]);
    assert_eq!(money("约2万元"), Vec::<String>::new());
}

#[test]
fn money_in_every_unit() {
    let house = house();
    let cents = |label: &str, funds: &str| {
        let head = FIVE.replace("资金(万元)", label);
        let text = format!("{head}1,丹凤第一小学,校舍,墙体开裂,2026-08-01,一般,,,,\"{funds}\",,未整改,,,\n");
        let id = bring(&house, &text);
        house.apply(id);
        let mut tx = house.reader();
        let json = tx
            .first("SELECT core_part FROM event WHERE event_type = 'hazard.carried_over' ORDER BY position DESC LIMIT 1", &[], |row| row.text(0))
            .unwrap()
            .unwrap();
        serde_json::from_str::<serde_json::Value>(&json).unwrap()["funds_cents"].as_i64()
    };
    // Each row is another hazard by its number only if the ledger has one: the first stays.
    assert_eq!(cents("资金(万元)", "0.35"), Some(350_000));
    let other = House::new();
    let text = format!("{}1,丹凤第一小学,校舍,墙体开裂,2026-08-01,一般,,,,\"3,000元\",,未整改,,,\n", FIVE);
    other.apply(bring(&other, &text));
    let json = other
        .reader()
        .first("SELECT core_part FROM event WHERE event_type = 'hazard.carried_over'", &[], |row| row.text(0))
        .unwrap()
        .unwrap();
    assert!(json.contains("\"funds_cents\":300000"), "元 in the cell counts more than 万元 above it: {json}");
}

/// As an office keeps it: title, two merged rows of headings, the school merged over its rows, sums and remarks.
fn county_layout() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let format = Format::new();
    sheet.merge_range(0, 0, 0, 12, "师宗县2025年校园安全隐患排查整治台账", &format).unwrap();
    sheet.write_string(1, 0, "填报单位：县教体局安全股").unwrap();
    for (column, label) in
        [(0, "序号"), (1, "学校名称"), (2, "隐患类型"), (3, "存在的问题"), (4, "排查时间"), (5, "级别")]
    {
        sheet.merge_range(2, column, 3, column, label, &format).unwrap();
    }
    sheet.merge_range(2, 6, 2, 10, "五落实", &format).unwrap();
    for (column, label) in [
        (6, "责任人"),
        (7, "资金（元）"),
        (8, "措施"),
        (9, "时限"),
        (10, "预案"),
        (11, "是否整改"),
        (12, "备注"),
    ] {
        sheet.write_string(3, column, label).unwrap();
    }
    sheet.merge_range(4, 1, 5, 1, "师宗县丹凤第一小学", &format).unwrap();
    for (row, what, day) in [(4, "灭火器压力不足", 45_717.0), (5, "应急灯损坏", 45_718.0)] {
        sheet.write_number(row, 0, f64::from(row - 3)).unwrap();
        sheet.write_string(row, 2, "消　防").unwrap();
        sheet.write_string(row, 3, what).unwrap();
        let date = Format::new().set_num_format("yyyy/m/d");
        sheet.write_number_with_format(row, 4, day, &date).unwrap();
        sheet.write_string(row, 5, "一般").unwrap();
        sheet.write_string(row, 7, "３００").unwrap();
        sheet.write_string(row, 11, "是 ").unwrap();
    }
    sheet.write_string(6, 0, "合计").unwrap();
    sheet.write_string(6, 3, "2条").unwrap();
    sheet.write_string(7, 0, "备注：以上隐患均已整改").unwrap();
    workbook.save_to_buffer().unwrap()
}

#[test]
fn the_countys_own_layout() {
    let house = house();
    let id = house.bring(Content::Hazards, "台账.xlsx", &county_layout()).unwrap();
    let (batch, plan) = house.dry(id);
    let names = [
        "serial",
        "name",
        "category",
        "description",
        "found_on",
        "level",
        "responsible",
        "funds",
        "measures",
        "due",
        "contingency",
        "status",
        "remark",
    ];
    assert_eq!(batch.body.mapping, names);
    assert_eq!((batch.body.header.row, batch.body.header.height), (3, 2));
    assert_eq!(told(&plan), Vec::<String>::new());
    assert_eq!(stages(&plan), ["carried_over", "carried_over"]);
    assert_eq!(noticed(&plan), Vec::<String>::new(), "a merged cell speaks for its rows");
    // A column less: the mapping must say which column is the day.
    let mut fields = batch.mapping().0;
    fields[4] = None;
    let refused = house.wait(house.importer.settle(house.office, id, Mapping(fields), Options::default()));
    assert_eq!(refused.unwrap_err().code(), "intake-mapping-missing");
}

#[test]
fn without_a_status_the_days_say_it() {
    let house = house();
    let stage = |head: &str, cells: &str| {
        let text = format!(
            "学校名称,隐患类别,存在问题,排查时间,{head}\n丹凤第一小学,校舍,墙体开裂,2026-08-01,{cells}\n"
        );
        let plan = look(&house, &text);
        assert_eq!(told(&plan), Vec::<String>::new());
        stages(&plan)[0]
    };
    assert_eq!(stage("整改完成时间", "2026-08-05"), "carried_over");
    assert_eq!(stage("整改完成时间", ""), "registered");
    assert_eq!(stage("整改完成时间,销号时间", "2026-08-05,"), "registered", "fixed, but nobody closed it");
    assert_eq!(stage("整改完成时间,销号时间", "2026-08-05,2026-08-06"), "carried_over");
    assert_eq!(stage("整改情况,销号时间", "待验收,"), "registered");
}
