//! How free text is compared with phrases: simplified, half width, lower case, letters and digits only.

/// Simplified, half width, lower case, without blanks, marks and signs. For matching alone: what is kept stays as typed.
pub(crate) fn normalise(text: &str) -> String {
    fast2s::convert(text)
        .chars()
        .map(half_width)
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

fn half_width(c: char) -> char {
    match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::normalise;

    #[test]
    fn width_case_blanks_and_marks_do_not_matter() {
        assert_eq!(normalise(" N/A。"), "na");
        assert_eq!(normalise("按 要求!"), "按要求");
        assert_eq!(normalise(" /-.、"), "");
        assert_eq!(normalise(""), "");
    }

    #[test]
    fn traditional_characters_count_as_their_simplified_twins() {
        assert_eq!(normalise("樓梯間 應急燈、欄杆鬆動"), "楼梯间应急灯栏杆松动");
        assert_eq!(normalise("霸淩"), normalise("霸凌"));
        assert_eq!(normalise("楼梯间 A𠮷 １"), "楼梯间a𠮷1");
    }
}
