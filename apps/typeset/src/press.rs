//! Typst with one template, one paper and the fonts of the machine: nothing else can be read from here.

use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_kit::fonts::{FontStore, scan, system};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, pdf};

const TEMPLATE: &str = include_str!("../paper.typ");
/// One of these sets the body; the template prefers them in this order.
const BODY: [&str; 5] =
    ["FangSong_GB2312", "FangSong", "STFangsong", "Noto Serif CJK SC", "Source Han Serif SC"];

/// The PDF of a paper, its fonts embedded and its words to be searched.
pub fn set(paper: Vec<u8>, folders: &[PathBuf]) -> Result<Vec<u8>> {
    let document = lay_out(paper, folders)?;
    pdf(&document, &PdfOptions::default()).map_err(|errors| said(&errors))
}

fn lay_out(paper: Vec<u8>, folders: &[PathBuf]) -> Result<PagedDocument> {
    serde_json::from_slice::<serde_json::Value>(&paper).context("the paper is no JSON")?;
    let desk = Desk::new(paper, folders)?;
    if !BODY.iter().any(|family| desk.fonts.book().select_family(&family.to_lowercase()).next().is_some()) {
        bail!(
            "no font for official papers on this machine: install Noto Serif CJK SC, or name a folder with --fonts"
        );
    }
    typst::compile(&desk).output.map_err(|errors| said(&errors))
}

fn said(errors: &[SourceDiagnostic]) -> anyhow::Error {
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    anyhow!("{}", messages.join("; "))
}

/// All that the template may read.
struct Desk {
    library: LazyHash<Library>,
    fonts: FontStore,
    template: Source,
    paper: (FileId, Bytes),
}

impl Desk {
    fn new(paper: Vec<u8>, folders: &[PathBuf]) -> Result<Self> {
        let mut fonts = FontStore::new();
        for folder in folders {
            fonts.extend(scan(folder));
        }
        fonts.extend(system());
        Ok(Self {
            library: LazyHash::new(<Library as LibraryExt>::default()),
            fonts,
            template: Source::new(named("/paper.typ")?, TEMPLATE.to_owned()),
            paper: (named("/paper.json")?, Bytes::new(paper)),
        })
    }
}

fn named(path: &str) -> Result<FileId> {
    let path = VirtualPath::new(path).map_err(|_| anyhow!("{path} is no path"))?;
    Ok(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.paper.0 { Ok(self.paper.1.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    /// A paper has the date that was written on it.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use typst::layout::{Abs, Frame, FrameItem, Point};

    use super::*;

    const REPORT: &str = include_str!("../../../crates/papers/golden/report.json");
    const LETTER: &str = include_str!("../../../crates/papers/golden/letter.json");
    const SHEET: &str = include_str!("../../../crates/papers/golden/sheet.json");

    /// A character: from the left, its baseline from the top, both in millimetres; its size in points.
    type Glyph = (f64, f64, f64);

    fn glyphs(frame: &Frame, at: Point, found: &mut Vec<Glyph>) {
        for (offset, item) in frame.items() {
            let here = at + *offset;
            match item {
                FrameItem::Group(group) => glyphs(&group.frame, here, found),
                FrameItem::Text(text) => {
                    let mut x = here.x;
                    for glyph in text.glyphs.iter() {
                        found.push((x.to_mm(), here.y.to_mm(), text.size.to_pt()));
                        x += glyph.x_advance.at(text.size);
                    }
                }
                _ => {}
            }
        }
    }

    fn pages(paper: &str) -> Vec<Vec<Glyph>> {
        let document = lay_out(paper.as_bytes().to_vec(), &[]).unwrap();
        let page = |page: &typst_layout::Page| {
            let size = page.frame.size();
            assert_eq!((size.x, size.y), (Abs::mm(210.0), Abs::mm(297.0)), "A4");
            let mut found = Vec::new();
            glyphs(&page.frame, Point::zero(), &mut found);
            found
        };
        document.pages().iter().map(page).collect()
    }

    /// 5.2: 22 rows of 28 characters of 16 pt, within a millimetre of 28 mm and 184 mm, between 37 mm and 262 mm.
    fn filled(page: &[Glyph]) {
        let mut rows: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
        for (x, y, size) in page.iter().filter(|glyph| (glyph.2 - 16.0).abs() < 0.01) {
            assert!(*y > 37.0 && *y < 262.0 && *size > 0.0, "a baseline at {y} mm");
            rows.entry((y * 10.0).round() as i64).or_default().push(*x);
        }
        assert_eq!(rows.len(), 22, "rows");
        for row in rows.values() {
            assert_eq!(row.len(), 28, "characters");
            let end = row[27] + 16.0 * 25.4 / 72.0;
            assert!(
                (row[0] - 28.0).abs() < 1.0 && (end - 184.0).abs() < 1.0,
                "a row from {} to {end} mm",
                row[0]
            );
        }
    }

    #[test]
    fn a_document_has_22_rows_of_28_characters() {
        let pages = pages(REPORT);
        assert!(pages.len() >= 8, "{} pages", pages.len());
        filled(&pages[1]);
        filled(&pages[2]);
        // 7.5: odd numbers at the right, even ones at the left.
        let number = |page: &[Glyph]| page.iter().filter(|glyph| glyph.1 > 262.0).map(|glyph| glyph.0).next();
        assert!(number(&pages[0]).unwrap() > 150.0 && number(&pages[1]).unwrap() < 50.0);
    }

    #[test]
    fn a_letter_has_them_too_and_no_number_on_its_first_page() {
        let pages = pages(LETTER);
        filled(&pages[1]);
        filled(&pages[2]);
        assert!(pages[0].iter().all(|glyph| glyph.1 < 262.0), "a number on the first page");
        // 10.1: the sender's mark stands between 30 mm and 45 mm.
        let mark: Vec<&Glyph> = pages[0].iter().filter(|glyph| glyph.2 > 40.0).collect();
        assert!(mark.len() == 8 && mark.iter().all(|glyph| glyph.1 > 30.0 && glyph.1 < 46.0), "{mark:?}");
    }

    #[test]
    fn every_form_is_set_and_what_is_no_paper_is_refused() {
        let pdf = set(SHEET.as_bytes().to_vec(), &[]).unwrap();
        assert!(pdf.starts_with(b"%PDF-"));
        assert!(set(b"{".to_vec(), &[]).unwrap_err().to_string().contains("no JSON"));
        assert!(set(b"{}".to_vec(), &[]).is_err(), "nothing in it");
        let reading = REPORT.replace("请求事项", "#read(\\\"/etc/passwd\\\")");
        assert!(set(reading.into_bytes(), &[]).is_ok(), "words of a paper are words");
    }
}
