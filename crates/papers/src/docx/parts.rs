//! The parts of the file around its text.

use super::text::{Paragraph, Type, escaped};
use crate::{Form, Paper};

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";

/// What is the same in every file.
pub(super) const FIXED: [(&str, &str); 7] = [
    ("[Content_Types].xml", include_str!("parts/content-types.xml")),
    ("_rels/.rels", include_str!("parts/package.rels")),
    ("word/_rels/document.xml.rels", include_str!("parts/document.rels")),
    ("word/styles.xml", include_str!("parts/styles.xml")),
    ("word/settings.xml", include_str!("parts/settings.xml")),
    ("word/footer-odd.xml", include_str!("parts/footer-odd.xml")),
    ("word/footer-even.xml", include_str!("parts/footer-even.xml")),
];

/// The text with the page it stands on: A4, 天头 37 mm, 订口 28 mm, a grid of 22 rows of 28 characters. The grid's
/// characters are counted in 1/4096 pt from 16 pt.
pub(super) fn document(body: &str, paper: &Paper) -> String {
    let first = if paper.form == Form::Letter { "<w:titlePg/>" } else { "" };
    format!(
        "{DECLARATION}<w:document {NAMESPACES}><w:body>{body}<w:sectPr>\
         <w:headerReference w:type=\"default\" r:id=\"header\"/><w:headerReference w:type=\"even\" r:id=\"header\"/>\
         <w:headerReference w:type=\"first\" r:id=\"header\"/>\
         <w:footerReference w:type=\"default\" r:id=\"footer-odd\"/>\
         <w:footerReference w:type=\"even\" r:id=\"footer-even\"/>\
         <w:footerReference w:type=\"first\" r:id=\"footer-first\"/>\
         <w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"2097\" w:right=\"1474\" w:bottom=\"1984\" \
         w:left=\"1587\" w:header=\"850\" w:footer=\"1304\" w:gutter=\"0\"/>{first}\
         <w:docGrid w:type=\"linesAndChars\" w:linePitch=\"579\" w:charSpace=\"-849\"/></w:sectPr></w:body></w:document>"
    )
}

/// Above every page of a demonstration.
pub(super) fn header(paper: &Paper) -> String {
    let words = Paragraph::of(&paper.demonstration).set_in(Type::Hei).small().centred().xml();
    format!("{DECLARATION}<w:hdr {NAMESPACES}>{words}</w:hdr>")
}

/// Below the first page of a letter: no number, the second double line. Clause 10.1.
pub(super) fn first_footer(paper: &Paper) -> String {
    let line = Paragraph::of("").off_grid();
    let line = match paper.form {
        Form::Letter => line.beyond(454, 340).ruled_below("thinThickSmallGap", 36),
        Form::Document | Form::Sheet => line,
    };
    format!("{DECLARATION}<w:ftr {NAMESPACES}>{}</w:ftr>", line.xml())
}

/// Title and office, for whoever looks for the file.
pub(super) fn properties(paper: &Paper) -> String {
    format!(
        "{DECLARATION}<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:creator>{}</dc:creator>\
         </cp:coreProperties>",
        escaped(&paper.title),
        escaped(&paper.office)
    )
}
