//! Characters as people type them: what nobody sees is no content, and a wide digit is a digit. Every form and every
//! table that comes in passes here, and so do texts where commands check them.

/// Nobody sees it: zero-width blanks and joiners, marks that turn the direction of what follows, fillers, tags.
pub const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e00ff}'
    )
}

/// Chooses among the shapes of the character before it, as rare names need; alone it shows nothing.
const fn is_variant(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// The text without what nobody sees. Of such characters alone nothing is left.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_invisible(*c)) {
        let alone = out.chars().next_back().is_none_or(char::is_whitespace);
        if !(is_variant(c) && alone) {
            out.push(c);
        }
    }
    out
}

/// Digits, letters and signs typed with a Chinese keyboard as their plain twins: `１２（）` becomes `12()`. For
/// telephones, codes, amounts and days, never for words.
pub fn narrow(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c).saturating_sub(0xfee0)).unwrap_or(c),
            '\u{3000}' => ' ',
            _ => c,
        })
        .collect()
}

/// The longest name of Chinese characters whose blanks say nothing: what is longer may be two names, or one of another
/// language whose parts are kept apart.
const SHORT_NAME: usize = 4;

const fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3007}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{323af}')
}

/// A person's name as it is kept: without what nobody sees, and without the blanks that make a short name of Chinese
/// characters as wide as a longer one in a list (`张　三`).
pub fn person_name(text: &str) -> String {
    let seen = visible(text);
    let (mut han, mut others) = (0, false);
    for c in seen.chars().filter(|c| !c.is_whitespace() && !is_variant(*c)) {
        if is_han(c) { han += 1 } else { others = true }
    }
    if others || han > SHORT_NAME {
        return seen.trim().to_owned();
    }
    seen.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What two spellings of a person's name have in common: no blanks of any width, no capitals.
pub fn name_key(text: &str) -> String {
    let plain = narrow(&visible(text));
    plain.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{name_key, narrow, person_name, visible};

    #[test]
    fn a_short_name_of_chinese_characters_has_no_blanks() {
        for (typed, kept) in [
            ("张 三", "张三"),
            (" 李　安全 ", "李安全"),
            ("欧阳\u{a0}建 国", "欧阳建国"),
            ("葛\u{e0100} 明", "葛\u{e0100}明"),
            ("Mary  Smith", "Mary  Smith"),
            ("阿卜杜拉 ·买买提", "阿卜杜拉 ·买买提"),
            ("买买提 艾力江", "买买提 艾力江"),
            ("李明 (代)", "李明 (代)"),
            (" \u{200b}", ""),
        ] {
            assert_eq!(person_name(typed), kept);
        }
        assert_eq!(name_key("买买提　艾力江"), name_key("买买提艾力江"));
        assert_eq!(name_key("ＭＡＲＹ Smith"), "marysmith");
        assert_ne!(name_key("张三"), name_key("张三丰"));
    }

    #[test]
    fn what_nobody_sees_goes() {
        for c in [
            '\u{200b}',
            '\u{200f}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{feff}',
            '\u{ad}',
            '\u{3164}',
            '\u{e0041}',
        ] {
            assert_eq!(visible(&format!("{c}丹{c}凤{c}")), "丹凤", "{:x}", u32::from(c));
            assert_eq!(visible(&c.to_string()), "");
        }
        assert_eq!(visible("\u{fe0f} \u{e0100}"), " ", "a variant of nothing");
        assert_eq!(visible("葛\u{e0100}老师"), "葛\u{e0100}老师", "the shape of a name stays");
        assert_eq!(visible("第 1 排\n第 2 排"), "第 1 排\n第 2 排");
    }

    #[test]
    fn wide_characters_become_plain() {
        assert_eq!(narrow("２１５３（Ａ）　１．５０，－／"), "2153(A) 1.50,-/");
        assert_eq!(narrow("张三"), "张三");
    }
}
