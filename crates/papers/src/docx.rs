//! A paper as a file that offices edit: WordprocessingML with the names that the types have on their machines, written
//! part by part. The page has a grid of 22 rows of 28 characters, as 文档网格 of office programs knows it.

mod parts;
mod text;

use std::io::{Cursor, Write};

use kernel::Problem;
use zip::{ZipWriter, write::SimpleFileOptions};

use self::text::{Paragraph, Type, table};
use crate::{Annex, Block, Form, Paper, Tone};

/// What a file is served as.
pub const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// Twentieths of a point, the measure of these files.
const TWIPS_PER_MM: f64 = 1440.0 / 25.4;
/// A row: 225 mm by 22.
const ROW: u32 = 579;
/// A character's place: 156 mm by 28.
const CELL: u32 = 315;
/// The type area is as wide.
const WIDTH: u32 = 8844;

const fn twips(mm: f64) -> u32 {
    (mm * TWIPS_PER_MM) as u32
}

/// The file.
///
/// # Errors
/// [`Problem::Fault`] when it cannot be packed.
pub fn write(paper: &Paper) -> Result<Vec<u8>, Problem> {
    let fault = |what: String| Problem::Fault(format!("docx: {what}"));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let document = parts::document(&body(paper), paper);
    let of_paper: [(&str, String); 4] = [
        ("word/document.xml", document),
        ("word/header.xml", parts::header(paper)),
        ("word/footer-first.xml", parts::first_footer(paper)),
        ("docProps/core.xml", parts::properties(paper)),
    ];
    let fixed = parts::FIXED.iter().map(|(name, content)| (*name, (*content).to_owned()));
    for (name, content) in fixed.chain(of_paper) {
        zip.start_file(name, SimpleFileOptions::default()).map_err(|error| fault(error.to_string()))?;
        zip.write_all(content.as_bytes()).map_err(|error| fault(error.to_string()))?;
    }
    let packed = zip.finish().map_err(|error| fault(error.to_string()))?;
    Ok(packed.into_inner())
}

fn body(paper: &Paper) -> String {
    let mut out = String::new();
    if !paper.draft.is_empty() {
        out += &Paragraph::of(&paper.draft).set_in(Type::Hei).centred().xml();
    }
    out += &head(paper);
    out += &titled(&paper.title, 2 * ROW).xml();
    if !paper.addressee.is_empty() {
        out += &Paragraph::of(&paper.addressee).xml();
    }
    out += &blocks(&paper.body, paper);
    out += &close(paper);
    let (enclosed, handed_back): (Vec<&Annex>, Vec<&Annex>) =
        paper.annexes.iter().partition(|annex| !annex.label.is_empty());
    enclosed.iter().for_each(|one| out += &annex(one, paper));
    out += &imprint(paper);
    handed_back.iter().for_each(|one| out += &annex(one, paper));
    out
}

/// The red head. Clauses 7.2 and 10.1.
fn head(paper: &Paper) -> String {
    let points = f64::from(u32::try_from(paper.mark_mm()).unwrap_or(15)) * 72.0 / 25.4;
    let mark = || Paragraph::of(&paper.mark).set_in(Type::Title).points(points).red().centred().off_grid();
    let registered = Paragraph::of(&paper.registered).small();
    match paper.form {
        Form::Document => {
            let number = match paper.issuer.is_empty() {
                true => Paragraph::of(&paper.number).centred(),
                false => Paragraph::of(&paper.number).inset(CELL).ending(&paper.issuer, WIDTH - CELL),
            };
            let number = number.before(2 * ROW).ruled_below("single", 14);
            registered.xml() + &mark().before(twips(35.0) - ROW).xml() + &number.xml()
        }
        Form::Letter => {
            let band = match paper.tone {
                Tone::White => String::new(),
                Tone::Yellow => Paragraph::of("").off_grid().shaded("F2C200").xml(),
                Tone::Red => Paragraph::of("").off_grid().shaded("D40000").xml(),
            };
            let line = Paragraph::of("").off_grid().beyond(twips(8.0), twips(6.0));
            let line = line.ruled_below("thickThinSmallGap", 36);
            band + &mark().xml() + &line.xml() + &registered.ending(&paper.number, WIDTH).xml()
        }
        Form::Sheet => registered.xml(),
    }
}

fn titled(words: &str, before: u32) -> Paragraph {
    Paragraph::of(words).set_in(Type::Title).points(22.0).centred().before(before).after(ROW).stays()
}

fn blocks(blocks: &[Block], paper: &Paper) -> String {
    let chinese = paper.lang == "zh-CN";
    let indented = |text: &str| {
        let paragraph = Paragraph::of(text).justified();
        if chinese { paragraph.first_line(2 * CELL) } else { paragraph }
    };
    let one = |block: &Block| match block {
        Block::Heading { text } => indented(text).set_in(Type::Hei).stays().xml(),
        Block::Paragraph { text } => indented(text).xml(),
        Block::Signature { text } => Paragraph::of(text).inset(2 * CELL).before(ROW).xml(),
        Block::Table(ruled) => table(ruled, WIDTH),
    };
    blocks.iter().map(one).collect()
}

/// 附件说明, 署名 with the date in its middle, and the note.
fn close(paper: &Paper) -> String {
    let mut out = String::new();
    for (nth, name) in paper.enclosures.iter().enumerate() {
        let words = if nth == 0 { format!("{}{name}", paper.enclosures_label) } else { name.clone() };
        let inset = if nth == 0 { 2 * CELL } else { 5 * CELL };
        let before = if nth == 0 { ROW } else { 0 };
        out += &Paragraph::of(&words).inset(inset).before(before).stays().xml();
    }
    if !paper.office.is_empty() {
        let wide = |text: &str| text.chars().map(|c| if c.is_ascii() { CELL / 2 } else { CELL }).sum::<u32>();
        let (office, date) = (wide(&paper.office), wide(&paper.date));
        let right = |own: u32, other: u32| 4 * CELL + other.saturating_sub(own) / 2;
        let office_right = right(office, date);
        out += &Paragraph::of(&paper.office).flush_right(office_right).before(2 * ROW).stays().xml();
        out += &Paragraph::of(&paper.date).flush_right(right(date, office)).xml();
    }
    if !paper.note.is_empty() {
        out += &Paragraph::of(&paper.note).small().inset(2 * CELL).before(ROW).xml();
    }
    out
}

fn annex(annex: &Annex, paper: &Paper) -> String {
    let mut out = String::new();
    let heading = if annex.label.is_empty() {
        titled(&annex.title, 0).on_a_new_page().xml()
    } else {
        out += &Paragraph::of(&annex.label).set_in(Type::Hei).on_a_new_page().xml();
        titled(&annex.title, ROW).xml()
    };
    out + &heading + &blocks(&annex.blocks, paper)
}

/// 版记, at the foot of its page.
fn imprint(paper: &Paper) -> String {
    let ruled = paper.form != Form::Letter;
    let mut out = String::new();
    if !paper.copies.is_empty() {
        out += &Paragraph::of(&paper.copies).small().inset(280).at_the_foot(WIDTH, ruled).xml();
    }
    if !paper.printed_by.is_empty() {
        let printed = Paragraph::of(&paper.printed_by).small().inset(280);
        out += &printed.ending(&paper.printed_on, WIDTH - 280).at_the_foot(WIDTH, ruled).xml();
    }
    out
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use zip::ZipArchive;

    use super::*;
    use crate::samples;

    fn part(file: &[u8], name: &str) -> String {
        let mut zip = ZipArchive::new(Cursor::new(file)).unwrap();
        let mut text = String::new();
        zip.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    /// Every tag that is opened is closed, in order.
    fn well_formed(xml: &str) {
        let mut open = Vec::new();
        for tag in xml.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap();
            let name = tag.split([' ', '/']).find(|word| !word.is_empty()).unwrap();
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name), "{xml}");
            } else if !tag.starts_with('?') && !tag.ends_with('/') {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{open:?}");
    }

    #[test]
    fn a_file_has_the_grid_and_names_the_types_of_the_office() {
        let file = write(&samples::report()).unwrap();
        let document = part(&file, "word/document.xml");
        for wanted in [
            "w:w=\"11906\" w:h=\"16838\"",
            "w:top=\"2097\"",
            "w:left=\"1587\"",
            "w:linePitch=\"579\"",
            "w:charSpace=\"-849\"",
            "方正小标宋简体",
            "黑体",
            "〔2026〕12号",
            "签发人：任示例",
            "<w:tblHeader/>",
        ] {
            assert!(document.contains(wanted), "{wanted}");
        }
        assert!(part(&file, "word/styles.xml").contains("仿宋_GB2312"));
        let names: Vec<String> = ZipArchive::new(Cursor::new(file.as_slice()))
            .unwrap()
            .file_names()
            .map(|name| name.unwrap().to_string())
            .collect();
        for name in &names {
            well_formed(&part(&file, name));
        }
        // Nothing refers to a part that is not there.
        let types = part(&file, "[Content_Types].xml");
        for name in names.iter().filter(|name| name.starts_with("word/") && name.ends_with(".xml")) {
            assert!(types.contains(&format!("/{name}\"")), "{name}");
        }
    }

    #[test]
    fn words_are_words_and_a_demonstration_says_so() {
        let mut letter = samples::letter();
        letter.addressee = "<w:p>&\u{1}局：".to_owned();
        let file = write(&letter).unwrap();
        let document = part(&file, "word/document.xml");
        assert!(document.contains("&lt;w:p&gt;&amp;局："), "{document}");
        assert!(part(&file, "word/header.xml").contains("演示数据"));
        assert!(document.contains("<w:titlePg/>"), "no number on the first page of a letter");
    }
}
