//! Characters as people type them, and addresses of cells.

pub use kernel::text::narrow;

/// Without blanks at both ends, invisible characters and line breaks.
pub fn tidy(text: &str) -> String {
    let shown = kernel::text::visible(text);
    let spaced: String =
        shown.chars().map(|c| if c.is_control() || c == '\u{a0}' { ' ' } else { c }).collect();
    spaced.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// `A` for 0, `Z` for 25, `AA` for 26.
pub fn column_name(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column.saturating_add(1);
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

/// The address of a cell as a spreadsheet shows it: `C12`. Rows count from 1, columns from 0.
pub fn address(row: u32, column: usize) -> String {
    format!("{}{row}", column_name(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_the_spreadsheet() {
        let names: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(column_name).to_vec();
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
        assert_eq!(address(12, 2), "C12");
    }

    #[test]
    fn wide_characters_become_plain_and_invisible_ones_go() {
        assert_eq!(narrow("２１５３（Ａ）　"), "2153(A) ");
        assert_eq!(tidy(" \u{feff}丹凤\u{a0} 小学\n\u{3000}"), "丹凤 小学");
    }
}
