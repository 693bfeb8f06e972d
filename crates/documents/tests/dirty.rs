//! Files as offices send them, and files as nobody should.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::io::{Cursor, Write};

use documents::{CsvWriter, Head, ReadLimits, SheetTable, TableWriter, XlsxWriter, read_table};
use encoding_rs::GB18030;
use rust_xlsxwriter::{Formula, Workbook};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

fn book(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(&mut workbook);
    workbook.save_to_buffer().unwrap()
}

fn read(bytes: &[u8], name: &str) -> Vec<SheetTable> {
    read_table(bytes, name, ReadLimits::default()).unwrap()
}

fn rows(bytes: &[u8], name: &str) -> Vec<Vec<String>> {
    read(bytes, name).remove(0).rows.into_iter().map(|row| row.cells).collect()
}

fn refused(bytes: &[u8], name: &str) -> (&'static str, Vec<(&'static str, String)>) {
    let problem = read_table(bytes, name, ReadLimits::default()).unwrap_err();
    (problem.code, problem.args)
}

fn code(bytes: &[u8], name: &str) -> &'static str {
    refused(bytes, name).0
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn codes_kept_as_numbers_come_back_without_a_point() {
    let bytes = book(|b| {
        let sheet = b.add_worksheet();
        sheet.write_number(0, 0, 2_153_000_001.0).unwrap();
        sheet.write_number(0, 1, 103.5).unwrap();
        sheet.write_string(0, 2, " 丹凤\u{3000}").unwrap();
        sheet.write_string(0, 4, "  ").unwrap();
    });
    assert_eq!(rows(&bytes, "a.xlsx"), [["2153000001", "103.5", "丹凤"]]);
}

#[test]
fn a_formula_is_its_saved_value() {
    let bytes = book(|b| {
        let formula = Formula::new("=320+320").set_result("640");
        b.add_worksheet().write_formula(1, 1, formula).unwrap();
    });
    let sheet = read(&bytes, "a.xlsx").remove(0);
    assert_eq!((sheet.rows[0].number, sheet.rows[0].cell(1)), (2, "640"));
}

#[test]
fn what_looks_like_a_formula_is_written_as_text_and_read_back_as_it_was() {
    let text = "=HYPERLINK(\"http://x\",\"点我\")";
    let mut xlsx = XlsxWriter::new("隐患", &[Head::new("内容", 20)], &["演示数据".to_owned()]).unwrap();
    xlsx.row(&[text.into(), 7_i64.into()]).unwrap();
    let bytes = xlsx.finish().unwrap();
    assert_eq!(rows(&bytes, "a.xlsx"), [vec!["隐患"], vec!["演示数据"], vec!["内容"], vec![text, "7"]]);
    // Not as a formula: the sheet has no element for one.
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut archive.by_name("xl/worksheets/sheet1.xml").unwrap(), &mut xml)
        .unwrap();
    assert!(!xml.contains("<f>") && xml.contains("ySplit=\"3\""), "{xml}");
}

#[test]
fn csv_disarms_formulas_and_begins_with_the_mark() {
    let mut csv = CsvWriter::new("隐患", &[Head::new("内容", 20)], &["演示数据".to_owned()]);
    csv.row(&["+cmd|' /C calc'!A0".into(), (-3_i64).into()]).unwrap();
    let bytes = csv.finish().unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap(), "\u{feff}演示数据\r\n内容\r\n'+cmd|' /C calc'!A0,-3\r\n");
}

#[test]
fn a_file_on_disk_holds_the_same() {
    let mut xlsx = XlsxWriter::new("学校", &[Head::new("名称", 20)], &[]).unwrap();
    for number in 0..1_000_i64 {
        xlsx.row(&[number.into()]).unwrap();
    }
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut xlsx.finish_file().unwrap(), &mut bytes).unwrap();
    assert_eq!(rows(&bytes, "a.xlsx").len(), 1_002);
}

#[test]
fn every_way_an_office_writes_csv() {
    let text = "学校名称,在校生数\r\n丹凤小学,640\r\n";
    let want = [["学校名称", "在校生数"], ["丹凤小学", "640"]];
    assert_eq!(rows(text.as_bytes(), "a.csv"), want);
    assert_eq!(rows(format!("\u{feff}{text}").as_bytes(), "a.csv"), want);
    assert_eq!(rows(&GB18030.encode(text).0, "a.csv"), want);
    assert_eq!(rows(text.replace(',', ";").as_bytes(), "a.csv"), want);
    assert_eq!(rows(text.replace(',', "\t").as_bytes(), "a.txt"), want);
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(rows(&wide, "a.csv"), want);
}

#[test]
fn the_wrong_kind_of_file_is_named() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let named = |name: &str| ("document-type", vec![("name", name.to_owned())]);
    assert_eq!(refused(png, "学校.xlsx"), named("学校.xlsx"));
    assert_eq!(refused(png, "学校.csv"), named("学校.csv"));
    assert_eq!(refused(b"<html><table></table></html>", "a.csv"), named("a.csv"));
    assert_eq!(refused(b"%PDF-1.7 text", "a.csv"), named("a.csv"));
    assert_eq!(refused("学校名称".as_bytes(), "a.xlsx"), named("a.xlsx"));
    assert_eq!(refused(&zipped(&[("word/document.xml", b"<x/>")]), "a.xlsx"), named("a.xlsx"));
    assert_eq!(code(b"\x80\xff\xff\x80 \xff", "a.csv"), "document-encoding");
}

#[test]
fn nothing_is_opened_that_would_fill_the_memory() {
    let zeros = vec![0_u8; 300 * 1024 * 1024];
    let bomb = zipped(&[("xl/workbook.xml", b"<x/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bomb.len() < 1024 * 1024);
    assert_eq!(code(&bomb, "a.xlsx"), "document-bomb");
    // 5 MB is within the size, but no sheet packs a thousand to one.
    let dense = zipped(&[("xl/workbook.xml", b"<x/>"), ("xl/a.xml", &zeros[..5 * 1024 * 1024])]);
    assert_eq!(code(&dense, "a.xlsx"), "document-bomb");
}

#[test]
fn a_directory_that_lies_about_sizes_is_not_believed() {
    let size = 5_u32 * 1024 * 1024;
    let zeros = vec![0_u8; usize::try_from(size).unwrap()];
    let mut lying = zipped(&[("xl/workbook.xml", b"<x/>"), ("xl/a.xml", &zeros)]);
    let (told, truth) = (1_000_u32.to_le_bytes(), size.to_le_bytes());
    let places: Vec<usize> = (0..lying.len() - 4).filter(|at| lying[*at..*at + 4] == truth).collect();
    assert!(!places.is_empty());
    for at in places {
        lying[at..at + 4].copy_from_slice(&told);
    }
    assert_eq!(code(&lying, "a.xlsx"), "document-broken");
}

#[test]
fn macros_and_locks_are_refused() {
    let plain = book(|b| _ = b.add_worksheet().write_string(0, 0, "x"));
    assert_eq!(code(&plain, "学校.xlsm"), "document-macros");
    let hidden = zipped(&[("xl/workbook.xml", b"<x/>"), ("xl/vbaProject.bin", b"x")]);
    assert_eq!(code(&hidden, "学校.xlsx"), "document-macros");
    let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 W\0o\0r\0k\0b\0o\0o\0k\0";
    assert_eq!(code(old, "a.xls"), "document-old-excel");
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(code(&[old.as_slice(), &name].concat(), "a.xlsx"), "document-encrypted");
}

#[test]
fn empty_and_broken_files() {
    assert_eq!(code(b"", "a.csv"), "document-empty");
    assert_eq!(code(b" \r\n\t", "a.csv"), "document-empty");
    assert_eq!(code(b",,,\r\n,,", "a.csv"), "document-empty");
    let blank = book(|b| _ = b.add_worksheet());
    assert_eq!(code(&blank, "a.xlsx"), "document-empty");
    let whole = book(|b| _ = b.add_worksheet().write_string(0, 0, "x"));
    assert_eq!(code(&whole[..whole.len() / 2], "a.xlsx"), "document-broken");
    assert_eq!(code(&zipped(&[("xl/workbook.xml", b"<not xml")]), "a.xlsx"), "document-broken");
}

#[test]
fn limits_are_named_with_the_cell() {
    let wide = book(|b| _ = b.add_worksheet().write_string(0, 200, "x"));
    let args = |more: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        more.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    let want = args(&[("sheet", "Sheet1"), ("most", "200"), ("cell", "GS1")]);
    assert_eq!(refused(&wide, "a.xlsx"), ("document-columns", want));
    let comma = format!("{}x", ",".repeat(200));
    let want = args(&[("sheet", "a.csv"), ("cell", "GS1"), ("most", "200")]);
    assert_eq!(refused(comma.as_bytes(), "a.csv"), ("document-columns", want));

    let tall = book(|b| _ = b.add_worksheet().write_string(1_048_575, 16_383, "x"));
    assert_eq!(refused(&tall, "a.xlsx"), ("document-rows", args(&[("sheet", "Sheet1"), ("most", "200000")])));
    let lines = "x\n".repeat(200_001);
    assert_eq!(code(lines.as_bytes(), "a.csv"), "document-rows");

    let many = book(|b| (0..21).for_each(|_| _ = b.add_worksheet().write_string(0, 0, "x")));
    assert_eq!(refused(&many, "a.xlsx"), ("document-sheets", args(&[("most", "20"), ("found", "21")])));
    let big = vec![b'x'; 20 * 1024 * 1024 + 1];
    assert_eq!(refused(&big, "a.csv"), ("document-too-big", args(&[("most", "20")])));
    let few = ReadLimits { cells: 2, ..ReadLimits::default() };
    let three = book(|b| (0..3).for_each(|row| _ = b.add_worksheet().write_string(row, 0, "x")));
    assert_eq!(read_table(&three, "a.xlsx", few).unwrap_err().code, "document-cells");
    // One value in the last of many columns makes a whole row of cells.
    let few = ReadLimits { cells: 250, ..ReadLimits::default() };
    let wide = book(|b| _ = b.add_worksheet().write_string(0, 199, "x").unwrap().write_string(1, 199, "x"));
    assert_eq!(read_table(&wide, "a.xlsx", few).unwrap_err().code, "document-cells");
}
