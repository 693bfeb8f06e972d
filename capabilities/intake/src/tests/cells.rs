//! What a cell may hold, and what is said when it holds something else.

use encoding_rs::GB18030;
use organisation::UnitKind;
use rust_xlsxwriter::{Formula, Workbook};

use super::{HEAD, House, counts, differences, told};
use crate::{Options, words};

const NONE: [&str; 0] = [];

#[test]
fn the_same_table_in_gb18030_with_a_mark_and_with_semicolons() {
    let house = House::new();
    let text = format!("{HEAD}丹凤第一小学,2153000002,小学,丹凤街道,丹凤中心学校,640,0\n");
    let ways: [Vec<u8>; 3] = [
        GB18030.encode(&text).0.into_owned(),
        format!("\u{feff}{text}").into_bytes(),
        text.replace(',', ";").into_bytes(),
    ];
    for bytes in ways {
        let id = house.upload("a.csv", &bytes).unwrap();
        assert_eq!(counts(&house.dry(id).1), [0, 0, 1, 0, 0]);
    }
}

#[test]
fn full_width_digits_blank_rows_and_trailing_blanks() {
    let house = House::new();
    let text = format!(
        "{HEAD}\n　,,,,,\n丹凤第一小学　 ,２１５３０００００２,小学,丹凤街道,丹凤中心学校,６４１人, ,,,\n\n"
    );
    let plan = house.plan(&text);
    assert_eq!(told(&plan), NONE);
    assert_eq!(differences(&plan), ["pupils: 640 → 641"]);
}

#[test]
fn formula_cells_and_formulas_that_failed() {
    let house = House::new();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, label) in (0..).zip(["学校名称", "标识码", "在校生数", "班级数"]) {
        sheet.write_string(0, column, label).unwrap();
    }
    sheet.write_string(1, 0, "丹凤第一小学").unwrap();
    sheet.write_number(1, 1, 2_153_000_002.0).unwrap();
    sheet.write_formula(1, 2, Formula::new("=320+322").set_result("642")).unwrap();
    sheet.write_string(1, 3, "#REF!").unwrap();
    let id = house.upload("a.xlsx", &workbook.save_to_buffer().unwrap()).unwrap();
    let plan = house.dry(id).1;
    assert_eq!(told(&plan), ["D2 intake-cell-error"]);
}

#[test]
fn text_that_looks_like_a_formula_is_refused_by_its_cell() {
    let house = House::new();
    let text = format!("{HEAD}\"=cmd|'/C calc'!A0小学\",2153000009,小学,丹凤街道,,10,0\n");
    assert_eq!(told(&house.plan(&text)), ["A2 intake-cell-formula"]);
}

#[test]
fn heads_that_cannot_be() {
    let house = House::new();
    let row = "丹凤第一小学,2153000002,小学,丹凤街道,丹凤中心学校";
    let with = |counts: &str| house.plan(&format!("{HEAD}{row},{counts}\n"));
    assert_eq!(told(&with("640,700")), ["G2 intake-boarders-exceed"]);
    assert_eq!(told(&with("约640,0")), ["F2 intake-number"]);
    assert_eq!(told(&with("-5,0")), ["F2 intake-number"]);
    assert_eq!(told(&with("12.5,0")), ["F2 intake-number"]);
    assert_eq!(told(&with("99999999999,0")), ["F2 intake-number"]);
    let plan = with("\"1,280\",0");
    assert_eq!(differences(&plan), ["pupils: 640 → 1280"]);
    let sentence = words::problem(language::Lang::ZhCn, &with("640,700").problems[0]);
    assert_eq!(sentence.replace('\u{2009}', " "), "寄宿生 700 人多于在校生 640 人。");
}

#[test]
fn a_blank_cell_is_unknown_and_erases_nothing_and_nought_is_nought() {
    let house = House::new();
    let file = |cells: &str| {
        format!(
            "学校名称,标识码,类别,乡镇,教职工数,班级数,办学性质\n新小学,2153000009,小学,丹凤街道,{cells}\n"
        )
    };
    let id = house.upload("一.csv", file("0,,").as_bytes()).unwrap();
    assert_eq!(told(&house.dry(id).1), NONE);
    house.apply(id);
    let facts = || house.by_code("2153000009").unwrap().attributes;
    let known = facts();
    assert_eq!((known.pupils, known.staff, known.classes, known.private), (None, Some(0), None, None));
    let id = house.upload("二.csv", file(",12,民办").as_bytes()).unwrap();
    assert_eq!(differences(&house.dry(id).1), ["classes:  → 12", "ownership:  → private"]);
    house.apply(id);
    let known = facts();
    assert_eq!((known.staff, known.classes, known.private), (Some(0), Some(12), Some(true)));
    assert_eq!(counts(&house.plan(&file(",,"))), [0, 0, 1, 0, 0]);
}

#[test]
fn codes_and_names_twice_in_the_file() {
    let house = House::new();
    let plan = house.plan(&format!(
        "{HEAD}甲小学,2153000011,小学,丹凤街道,,1,0\n乙小学,2153000011,小学,丹凤街道,,1,0\n丙小学,,小学,丹凤街道,,1,0\n丙小学,,小学,丹凤街道,,1,0\n"
    ));
    let want =
        ["B3 intake-code-twice", "B4 intake-code-missing", "A5 intake-name-twice", "B5 intake-code-missing"];
    assert_eq!(told(&plan), want);
}

#[test]
fn places_and_superiors_nobody_knows() {
    let house = House::new();
    let plan = house.plan(&format!(
        "{HEAD}甲小学,2153000011,小学,月亮镇,,1,0\n乙小学,2153000012,小学,雄壁,火星中心学校,1,0\n丙小学,2153000013,小学,雄壁镇,县教体局,1,0\n"
    ));
    assert_eq!(told(&plan), ["D2 intake-township-unknown", "E3 intake-superior-unknown"]);
    assert_eq!(plan.rows.len(), 1);
}

#[test]
fn kinds_in_the_words_of_registers() {
    let house = House::new();
    let plan = house.plan(&format!(
        "{HEAD}甲学校,2153000011,飞行学校,丹凤街道,,1,0\n乙学校,,,,,1,0\n丙幼儿园,1153000013,,丹凤街道,,1,0\n丹凤第一小学,2153000002,教学点,丹凤街道,,640,0\n"
    ));
    let want = ["C2 intake-kind-unknown", "B3 intake-code-missing", "C5 intake-kind-differs"];
    assert_eq!(told(&plan), want);
    assert_eq!(crate::plan::new_kind(&plan.rows[0]), Some(UnitKind::Kindergarten));
    let sentence = words::problem(language::Lang::En, &plan.problems[2]);
    assert!(sentence.contains("Primary") || sentence.contains("primary"), "{sentence}");
}

#[test]
fn a_code_that_fails_its_check_needs_a_reason() {
    let house = House::new();
    let wrong = "12530323999900011D";
    let text = format!("{HEAD}甲学校,{wrong},九年一贯制,丹凤街道,,1,0\n");
    let id = house.upload("a.csv", text.as_bytes()).unwrap();
    let plan = house.dry(id).1;
    assert_eq!((told(&plan), plan.failing_codes), (vec!["B2 intake-code-check".to_owned()], 1));
    // A reason for all of them ...
    house.choose(id, Options { keep_reason: "证照原件如此".to_owned(), ..Options::default() });
    assert_eq!(counts(&house.dry(id).1), [1, 0, 0, 0, 0]);
    house.apply(id);
    assert_eq!(house.by_code(wrong).unwrap().code_exception.as_deref(), Some("证照原件如此"));
    // ... or one in the row. A known unit needs none.
    let text =
        format!("学校名称,标识码,类型,代码说明\n乙学校,12530323999900012E,初中,已核对\n甲学校,{wrong},,\n");
    assert_eq!(counts(&house.plan(&text)), [1, 0, 1, 0, 0]);
    let shape = house.plan(&format!("{HEAD}丙学校,12345,初中,丹凤街道,,1,0\n"));
    assert_eq!(told(&shape), ["B2 intake-code-shape"]);
}

#[test]
fn a_school_code_that_lost_a_digit_is_no_code_of_a_place() {
    let house = House::new();
    let text = format!("{HEAD}甲小学,215399993,小学,丹凤街道,,1,0\n乙幼儿园,530399,,丹凤街道,,1,0\n");
    let id = house.upload("a.csv", text.as_bytes()).unwrap();
    let plan = house.dry(id).1;
    assert_eq!(told(&plan), ["B2 intake-code-area", "B3 intake-code-area"]);
    assert_eq!(plan.failing_codes, 2);
    house.choose(id, Options { keep_reason: "证照原件如此".to_owned(), ..Options::default() });
    // What the dry run lets through the writer takes.
    assert_eq!((counts(&house.dry(id).1), house.apply(id).body.created), ([2, 0, 0, 0, 0], 2));
    assert_eq!(house.by_code("215399993").unwrap().code_exception.as_deref(), Some("证照原件如此"));
}

#[test]
fn a_code_of_another_kind_of_school_needs_a_reason() {
    let house = House::new();
    let text = format!(
        "{HEAD}甲幼儿园,2153000091,幼儿园,丹凤街道,,1,0\n乙学校,3153000092,小学,丹凤街道,,1,0\n丙学校,2153000093,小学,丹凤街道,,1,0\n"
    );
    let id = house.upload("a.csv", text.as_bytes()).unwrap();
    let plan = house.dry(id).1;
    assert_eq!(told(&plan), ["B2 intake-code-class", "B3 intake-code-class"]);
    assert_eq!(plan.failing_codes, 2);
    house.choose(id, Options { keep_reason: "证照原件如此".to_owned(), ..Options::default() });
    let excused = house.dry(id).1;
    assert_eq!((excused.failing_codes, excused.excused_codes), (0, 2));
    assert_eq!((counts(&excused), house.apply(id).body.created), ([3, 0, 0, 0, 0], 3));
    assert_eq!(house.by_code("3153000092").unwrap().code_exception.as_deref(), Some("证照原件如此"));
    assert_eq!(house.by_code("2153000093").unwrap().code_exception, None);
}

#[test]
fn a_school_hangs_where_such_a_school_may_hang() {
    let house = House::new();
    let row = |name: &str, code: &str, kind: &str, above: &str| {
        format!("{name},{code},{kind},丹凤街道,{above},9,0\n")
    };
    let plan = house.plan(&format!(
        "{HEAD}{}{}{}{}",
        row("甲小学", "2153000011", "小学", "乙幼儿园"),
        row("乙幼儿园", "1153000012", "幼儿园", "丹凤第一小学"),
        row("丙小学", "2153000013", "小学", "丹凤街道"),
        row("丹凤第一小学", "2153000002", "", "丹凤街道"),
    ));
    let wrong = ["E2", "E3", "E4", "E5"].map(|cell| format!("{cell} intake-superior-kind"));
    assert_eq!(told(&plan), wrong);
    let said = words::problem(language::Lang::ZhCn, &plan.problems[0]);
    assert!(said.contains("小学") && said.contains("县、中心学校"), "{said}");
    // A teaching point may belong to a school that is no central one, in the dry run as for the writer.
    let point =
        row("丁教学点", &organisation::identifiers::local_code("530323", 7), "教学点", "丹凤第一小学");
    let id = house.upload("a.csv", format!("{HEAD}{point}").as_bytes()).unwrap();
    assert_eq!((told(&house.dry(id).1), house.apply(id).body.created), (Vec::new(), 1));
}

#[test]
fn schools_without_a_code_get_a_local_one_when_asked() {
    let house = House::new();
    let text = format!("{HEAD}甲教学点,,教学点,雄壁镇,,9,0\n乙教学点,,教学点,雄壁镇,,8,0\n");
    let id = house.upload("a.csv", text.as_bytes()).unwrap();
    let plan = house.dry(id).1;
    assert_eq!((told(&plan).len(), plan.missing_codes), (2, 2));
    house.choose(id, Options { local_codes: true, ..Options::default() });
    let chosen = house.dry(id).1;
    assert_eq!((chosen.missing_codes, chosen.made_codes), (0, 2), "the offer is gone once it is taken");
    let batch = house.apply(id);
    assert_eq!((batch.body.created, batch.stage), (2, crate::Stage::Done));
    let first = organisation::identifiers::local_code("530323", 1);
    assert_eq!(house.by_code(&first).unwrap().name, "甲教学点");
    // The second time they are known by name.
    assert_eq!(counts(&house.plan(&text)), [0, 0, 2, 0, 0]);
}

#[test]
fn a_known_name_with_another_code_is_asked_about() {
    let house = House::new();
    let plan = house.plan(&format!("{HEAD}丹凤第一小学,2153000099,小学,丹凤街道,,1,0\n"));
    assert_eq!(told(&plan), ["A2 intake-name-taken"]);
    house.close(house.school);
    let plan = house.plan(&format!("{HEAD}丹凤第一小学,2153000002,小学,丹凤街道,,640,0\n"));
    assert_eq!(told(&plan), ["B2 intake-unit-closed"]);
}

#[test]
fn positions_ownership_people() {
    let house = House::new();
    let head = "学校名称,标识码,经度,纬度,办别,校长姓名,校长电话,安全负责人,安全负责人电话\n";
    let row = |cells: &str| told(&house.plan(&format!("{head}丹凤第一小学,2153000002,{cells}\n")));
    assert_eq!(row("203.9,24.8,公办,李校长,,,"), ["C2 intake-position"]);
    assert_eq!(row("103.9,,公办,李校长,,,"), ["D2 intake-position-half"]);
    assert_eq!(row("103.9,24.8,合伙,李校长,,,"), ["E2 intake-ownership-unknown"]);
    assert_eq!(row(",,,李校长,12345,,"), ["G2 intake-phone"]);
    assert_eq!(row(",,,,,,13887400002"), ["H2 intake-phone-without-name"]);
    // However wide a short name is written in a register, it is the same name.
    for name in ["李校长", "李 校长", "李　校 长"] {
        let plan = house.plan(&format!("{head}丹凤第一小学,2153000002,,,,{name},,,\n"));
        assert_eq!(counts(&plan), [0, 0, 1, 0, 0], "{name}");
    }
    let plan = house.plan(&format!("{head},2153000002,103.9,24.8,公办,李校长,,,\n"));
    assert_eq!(told(&plan), ["A2 intake-name-missing"]);
    let long = "长".repeat(101);
    assert_eq!(told(&house.plan(&format!("{HEAD}{long},2153000002,小学,,,1,0\n")))[0], "A2 intake-text-long");
}
