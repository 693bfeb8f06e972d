//! Headings as counties draw them.

use kernel::Problem;
use rust_xlsxwriter::{Format, Workbook};

use super::{HEAD, House, counts, differences, told};
use crate::{Choices, Content, Field, Mapping, Options, find_header};

fn code(problem: &Problem) -> &str {
    problem.code()
}

/// The county's own layout: a title over everything, two merged rows of headings, sums and remarks.
fn county_layout() -> Vec<u8> {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("说明").unwrap().write_string(0, 0, "请各校核对").unwrap();
    let sheet = workbook.add_worksheet();
    let format = Format::new();
    sheet.merge_range(0, 0, 0, 8, "师宗县2026年秋季学期学校基本情况一览表", &format).unwrap();
    for (column, label) in
        [(0, "序号"), (1, "学校名称"), (2, "标识码"), (3, "办学类型"), (4, "所属乡镇（街道）")]
    {
        sheet.merge_range(2, column, 3, column, label, &format).unwrap();
    }
    sheet.merge_range(2, 5, 2, 6, "在校学生数（人）", &format).unwrap();
    sheet.merge_range(2, 7, 2, 8, "校 长", &format).unwrap();
    for (column, label) in [(5, "合计"), (6, "其中寄宿生"), (7, "姓名"), (8, "联系电话")] {
        sheet.write_string(3, column, label).unwrap();
    }
    for (column, label) in [(0, "甲"), (1, "乙"), (5, "1"), (6, "2")] {
        sheet.write_string(4, column, label).unwrap();
    }
    sheet.write_number(5, 0, 1).unwrap();
    sheet.write_string(5, 1, "丹凤第一小学").unwrap();
    sheet.write_number(5, 2, 2_153_000_002.0).unwrap();
    sheet.write_string(5, 3, "完小").unwrap();
    sheet.write_string(5, 4, "丹凤").unwrap();
    sheet.write_string(5, 5, "６５５").unwrap();
    sheet.write_number(5, 6, 0).unwrap();
    sheet.write_string(5, 7, "李校长").unwrap();
    sheet.write_number(5, 8, 13_887_400_001.0).unwrap();
    sheet.write_string(7, 1, "丹凤街道小计").unwrap();
    sheet.write_number(7, 5, 655).unwrap();
    sheet.write_string(8, 0, "合计").unwrap();
    sheet.write_number(8, 5, 655).unwrap();
    sheet.write_string(9, 0, "备注：数据截至9月20日").unwrap();
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_title_two_merged_rows_sums_and_remarks() {
    let house = House::new();
    let id = house.upload("一览表.xlsx", &county_layout()).unwrap();
    let (batch, plan) = house.dry(id);
    assert_eq!(
        (batch.body.sheet.as_str(), batch.body.header.row, batch.body.header.height),
        ("Sheet2", 3, 2)
    );
    let names = ["", "name", "code", "kind", "township", "pupils", "boarders", "head_name", "head_phone"];
    assert_eq!(batch.body.mapping, names);
    assert_eq!(told(&plan), Vec::<String>::new());
    assert_eq!(counts(&plan), [0, 1, 0, 0, 4]);
    assert_eq!(differences(&plan), ["pupils: 640 → 655"]);
}

#[test]
fn every_name_a_column_goes_by() {
    let of =
        |labels: &[&str]| labels.iter().map(|label| Field::of(Content::Register, label)).collect::<Vec<_>>();
    let all = [
        Some(Field::Name),
        Some(Field::Code),
        Some(Field::Kind),
        Some(Field::Pupils),
        Some(Field::HeadPhone),
    ];
    assert_eq!(of(&["单位名称", "学校（机构）标识码", "办学类型", "学生人数(人)", "校长手机号码"]), all);
    assert_eq!(of(&["School name", "Code", "Kind", "Pupils", "Head phone"]), all);
    assert_eq!(of(&["书记电话", "序号", "备注", ""]), [None, None, None, None]);
    assert_eq!(Field::of_two(Content::Register, "书记", "电话"), None);
    assert_eq!(Field::of_two(Content::Register, "安全负责人", "姓名"), Some(Field::OfficerName));
    assert_eq!(Field::of_two(Content::Register, "学生数", "寄宿"), Some(Field::Boarders));
    for lang in [language::Lang::ZhCn, language::Lang::En] {
        for content in Content::ALL {
            for field in content.fields() {
                let label = crate::words::field(lang, *field);
                assert_eq!(Field::of(content, &label), Some(*field), "the template reads itself: {label}");
            }
        }
    }
}

#[test]
fn a_data_row_is_no_second_heading() {
    let rows = documents::read_table(
        format!("{HEAD}丹凤第一小学,2153000002,小学,丹凤街道,,640,0\n").as_bytes(),
        "a.csv",
        documents::ReadLimits::default(),
    )
    .unwrap();
    let (header, _) = find_header(Content::Register, &rows[0].rows).unwrap();
    assert_eq!((header.row, header.height), (1, 1));
}

#[test]
fn without_a_heading_nothing_is_taken() {
    let house = House::new();
    let refused = |text: &str| code(&house.upload("a.csv", text.as_bytes()).unwrap_err()).to_owned();
    assert_eq!(refused("丹凤第一小学,2153000002\n丹凤第二小学,2153000003\n"), "intake-header-missing");
    assert_eq!(refused(HEAD), "intake-no-rows");
    assert_eq!(refused(""), "document-empty");
    assert_eq!(refused(&format!("{HEAD}{}", "某小学,\n".repeat(20_001))), "intake-too-many-rows");
    let png = house.upload("a.xlsx", b"\x89PNG\r\n\x1a\n").unwrap_err();
    assert_eq!(code(&png), "document-type");
}

#[test]
fn a_corrected_mapping_is_remembered_for_the_same_headings() {
    let house = House::new();
    let text = "名称,代码,人头,电话\n丹凤第一小学,2153000002,660,08745100000\n";
    let id = house.upload("a.csv", text.as_bytes()).unwrap();
    let (batch, plan) = house.dry(id);
    assert_eq!(batch.body.mapping, ["name", "code", "", "telephone"]);
    assert_eq!(differences(&plan), ["telephone:  → 08745100000"]);

    let settle = |fields: &[Option<Field>]| {
        let mapping = Mapping(fields.to_vec());
        house.wait(house.importer.settle(house.owner, id, mapping, Options::default()))
    };
    let twice = settle(&[Some(Field::Name), Some(Field::Code), Some(Field::Code), None]).unwrap_err();
    assert_eq!(code(&twice), "intake-mapping-twice");
    assert_eq!(code(&settle(&[None, Some(Field::Code), None, None]).unwrap_err()), "intake-mapping-name");
    settle(&[Some(Field::Name), Some(Field::Code), Some(Field::Pupils), None]).unwrap();
    assert_eq!(differences(&house.dry(id).1), ["pupils: 640 → 660"]);

    // Next term, the same sheet with other rows.
    let again = house.upload("b.csv", text.replace("660", "670").as_bytes()).unwrap();
    let (batch, plan) = house.dry(again);
    assert!(batch.body.remembered);
    assert_eq!(differences(&plan), ["pupils: 640 → 670"]);
}

#[test]
fn the_template_is_read_back_without_help() {
    let house = House::new();
    let choices = Choices {
        townships: vec!["丹凤街道".to_owned()],
        superiors: vec!["丹凤中心学校".to_owned()],
        ..Choices::default()
    };
    let bytes = crate::template(language::Lang::ZhCn, Content::Register, &super::RULES, &choices).unwrap();
    assert_eq!(code(&house.upload("t.xlsx", &bytes).unwrap_err()), "intake-no-rows");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut xml)
        .unwrap();
    for list in ["<formula1>'填写说明'!$F$2:$F$15</formula1>", "<formula1>'填写说明'!$G$2:$G$2</formula1>"]
    {
        assert!(xml.contains(list), "no list {list}");
    }
}

#[test]
fn sheets_that_are_not_read_are_named_and_can_be_chosen() {
    let house = House::new();
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("封面").unwrap().write_string(0, 0, "二〇二六年").unwrap();
    for (name, school, code) in [("丹凤", "丹凤第一小学", "2153000002"), ("竹基", "竹基小学", "2153000003")]
    {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        for (column, (label, value)) in
            [("学校名称", school), ("标识码", code), ("办学类型", "小学"), ("乡镇", name)]
                .into_iter()
                .enumerate()
        {
            let column = u16::try_from(column).unwrap();
            sheet.write_string(0, column, label).unwrap().write_string(1, column, value).unwrap();
        }
    }
    workbook.add_worksheet().set_name("空").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let body = |house: &House, id| house.dry(id).0.body;
    let first = house.upload("学校.xlsx", &bytes).unwrap();
    assert_eq!(body(&house, first).sheet, "丹凤");
    assert_eq!(body(&house, first).unread, ["封面", "竹基"], "an empty sheet is nothing to read");
    let owner = house.owner;
    let chosen = |sheet: &str| {
        let file = ("学校.xlsx", sheet);
        house.wait(house.importer.upload_sheet(owner, crate::Content::Register, file, bytes.clone()))
    };
    let second = chosen(" 竹基 ").unwrap();
    assert_eq!((body(&house, second).sheet, body(&house, second).rows), ("竹基".to_owned(), 1));
    assert_eq!(code(&chosen("雄壁").unwrap_err()), "intake-sheet-unknown");
}
