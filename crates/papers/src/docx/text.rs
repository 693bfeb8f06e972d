//! Paragraphs and tables.

use std::fmt::Write;

use crate::Ruled;

/// The types of clause 5.2.2, by the names of office machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// 小标宋
    Title,
    /// 黑体
    Hei,
}

impl Type {
    const fn name(self) -> &'static str {
        match self {
            Self::Title => "方正小标宋简体",
            Self::Hei => "黑体",
        }
    }
}

/// A text inside XML: what would end it is written otherwise, what XML cannot hold is left out.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// A paragraph as it is put together; properties are written in the order that the format wants.
#[derive(Clone, Debug, Default)]
pub(super) struct Paragraph {
    text: String,
    end: Option<(String, u32)>,
    run: String,
    stays: bool,
    new_page: bool,
    frame: String,
    borders: String,
    off_grid: bool,
    before: u32,
    after: u32,
    indent: String,
    align: &'static str,
}

impl Paragraph {
    pub fn of(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// With words at the right, that end so far from the left.
    pub fn ending(mut self, text: &str, at: u32) -> Self {
        self.end = Some((text.to_owned(), at));
        self
    }

    pub fn set_in(mut self, kind: Type) -> Self {
        let name = kind.name();
        let fonts = format!(
            "<w:rFonts w:ascii=\"{name}\" w:hAnsi=\"{name}\" w:eastAsia=\"{name}\" w:cs=\"{name}\"/>"
        );
        self.run.insert_str(0, &fonts);
        self
    }

    pub fn red(mut self) -> Self {
        // The order of properties: fonts, colour, size.
        let at = self.run.find("<w:sz ").unwrap_or(self.run.len());
        self.run.insert_str(at, "<w:color w:val=\"D40000\"/>");
        self
    }

    pub fn points(mut self, points: f64) -> Self {
        let halves = (points * 2.0).round();
        self.run.push_str(&format!("<w:sz w:val=\"{halves}\"/><w:szCs w:val=\"{halves}\"/>"));
        self
    }

    /// 4 号
    pub fn small(self) -> Self {
        self.points(14.0)
    }

    pub const fn centred(mut self) -> Self {
        self.align = "center";
        self
    }

    pub const fn justified(mut self) -> Self {
        self.align = "both";
        self
    }

    pub fn flush_right(mut self, short_of_it: u32) -> Self {
        self.align = "right";
        self.indent = format!("<w:ind w:right=\"{short_of_it}\"/>");
        self
    }

    pub fn first_line(mut self, by: u32) -> Self {
        self.indent = format!("<w:ind w:firstLineChars=\"200\" w:firstLine=\"{by}\"/>");
        self
    }

    pub fn inset(mut self, by: u32) -> Self {
        self.indent = format!("<w:ind w:left=\"{by}\"/>");
        self
    }

    /// Wider than the type area.
    pub fn beyond(mut self, left: u32, right: u32) -> Self {
        self.indent = format!("<w:ind w:left=\"-{left}\" w:right=\"-{right}\"/>");
        self
    }

    pub const fn before(mut self, space: u32) -> Self {
        self.before = space;
        self
    }

    pub const fn after(mut self, space: u32) -> Self {
        self.after = space;
        self
    }

    /// On the page of what follows.
    pub const fn stays(mut self) -> Self {
        self.stays = true;
        self
    }

    pub const fn on_a_new_page(mut self) -> Self {
        self.new_page = true;
        self
    }

    /// As high as its letters, whatever a row is.
    pub const fn off_grid(mut self) -> Self {
        self.off_grid = true;
        self
    }

    /// A red line 4 mm below; its width in eighths of a point.
    pub fn ruled_below(mut self, kind: &str, width: u32) -> Self {
        self.borders = format!(
            "<w:pBdr><w:bottom w:val=\"{kind}\" w:sz=\"{width}\" w:space=\"11\" w:color=\"D40000\"/></w:pBdr>"
        );
        self
    }

    /// A band of this colour.
    pub fn shaded(mut self, colour: &str) -> Self {
        self.borders = format!("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{colour}\"/>");
        self
    }

    /// At the foot of the type area, between lines.
    pub fn at_the_foot(mut self, width: u32, ruled: bool) -> Self {
        self.frame = format!(
            "<w:framePr w:w=\"{width}\" w:wrap=\"around\" w:vAnchor=\"margin\" w:hAnchor=\"margin\" \
             w:xAlign=\"center\" w:yAlign=\"bottom\"/>"
        );
        if ruled {
            let line = |side: &str, width: u32| {
                format!("<w:{side} w:val=\"single\" w:sz=\"{width}\" w:space=\"1\" w:color=\"000000\"/>")
            };
            let lines = [line("top", 8), line("bottom", 8), line("between", 6)].concat();
            self.borders = format!("<w:pBdr>{lines}</w:pBdr>");
        }
        self
    }

    pub fn xml(&self) -> String {
        let mut out = String::from("<w:p><w:pPr>");
        if self.stays {
            out += "<w:keepNext/>";
        }
        if self.new_page {
            out += "<w:pageBreakBefore/>";
        }
        out += &self.frame;
        out += &self.borders;
        if let Some((_, at)) = &self.end {
            out += &format!("<w:tabs><w:tab w:val=\"right\" w:pos=\"{at}\"/></w:tabs>");
        }
        if self.off_grid {
            out += "<w:snapToGrid w:val=\"0\"/>";
        }
        if self.before > 0 || self.after > 0 {
            out += &format!("<w:spacing w:before=\"{}\" w:after=\"{}\"/>", self.before, self.after);
        }
        out += &self.indent;
        if !self.align.is_empty() {
            out += &format!("<w:jc w:val=\"{}\"/>", self.align);
        }
        out += "</w:pPr>";
        out += &run(&self.run, &self.text);
        if let Some((text, _)) = &self.end {
            out += "<w:r><w:tab/></w:r>";
            out += &run("", text);
        }
        out + "</w:p>"
    }
}

fn run(properties: &str, text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    format!("<w:r><w:rPr>{properties}</w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text))
}

/// A ruled table so wide; its heading is repeated on every page. Rows of 12 pt, off the grid.
pub(super) fn table(ruled: &Ruled, width: u32) -> String {
    let shares: u32 = ruled.columns.iter().map(|column| column.share).sum::<u32>().max(1);
    let widths: Vec<u32> = ruled.columns.iter().map(|column| width * column.share / shares).collect();
    let line =
        |side: &str| format!("<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>");
    let lines: String = ["top", "left", "bottom", "right", "insideH", "insideV"].map(line).concat();
    let mut out = format!(
        "<w:tbl><w:tblPr><w:tblW w:w=\"{width}\" w:type=\"dxa\"/><w:tblBorders>{lines}</w:tblBorders>\
         <w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>"
    );
    for width in &widths {
        let _ = write!(out, "<w:gridCol w:w=\"{width}\"/>");
    }
    out += "</w:tblGrid>";
    let heading: Vec<String> = ruled
        .columns
        .iter()
        .map(|column| Paragraph::of(&column.label).set_in(Type::Hei).points(12.0).centred().off_grid().xml())
        .collect();
    out += &row("<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>", &widths, &heading);
    for cells in &ruled.rows {
        let cells: Vec<String> = ruled
            .cells(cells)
            .map(|(column, cell)| {
                let cell = Paragraph::of(cell).points(12.0).off_grid();
                if column.number { cell.flush_right(0).xml() } else { cell.xml() }
            })
            .collect();
        out += &row("<w:trPr><w:cantSplit/></w:trPr>", &widths, &cells);
    }
    out + "</w:tbl>"
}

fn row(properties: &str, widths: &[u32], cells: &[String]) -> String {
    let cell = |(width, words): (&u32, &String)| {
        format!(
            "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>{words}</w:tc>"
        )
    };
    let cells: String = widths.iter().zip(cells).map(cell).collect();
    format!("<w:tr>{properties}{cells}</w:tr>")
}
