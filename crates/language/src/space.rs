//! The thin space between Chinese and Latin. Texts from the language files have it already; this is for
//! what code puts together.

const THIN: char = '\u{2009}';

/// Sets a thin space wherever Chinese and Latin letters or digits meet: `共3条PDF` becomes `共 3 条 PDF`.
pub fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let meets = |a: char, b: char| (chinese(a) && latin(b)) || (latin(a) && chinese(b));
        match (before, c, chars.peek().copied()) {
            (Some(a), ' ', Some(b)) if meets(a, b) => out.push(THIN),
            (Some(a), b, _) if meets(a, b) => {
                out.push(THIN);
                out.push(b);
            }
            _ => out.push(c),
        }
        before = Some(c);
    }
    out
}

/// The same text with ordinary spaces: for file names, short messages, spreadsheets and comparisons.
pub fn plain(text: &str) -> String {
    text.replace([THIN, '\u{a0}', '\u{202f}'], " ")
}

fn chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

fn latin(c: char) -> bool {
    c.is_ascii_alphanumeric()
}
