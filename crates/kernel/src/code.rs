//! Codes that people read off paper and type: no two letters that look alike, and a last one that finds a slip.

/// Digits and capital letters but I, L, O and U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code of the low five bits of each random byte, and one letter more that follows from them.
pub fn make(random: impl AsRef<[u8]>) -> String {
    let digits: Vec<u8> = random.as_ref().iter().map(|byte| byte & 31).collect();
    let last = doubled(folded(&digits));
    digits.into_iter().chain([last]).filter_map(letter).collect()
}

/// A code as somebody typed it: in small letters, in wide ones, in groups, with O for 0 and I or L for 1. `None` where
/// it has another length, a letter that no code has, or one letter that is not as it was printed.
pub fn read(text: &str, length: usize) -> Option<String> {
    let typed = crate::text::narrow(text);
    let meant = typed.chars().filter(|c| !matches!(c, '-' | '·' | '.') && !c.is_whitespace());
    let digits: Vec<u8> = meant.map(digit).collect::<Option<_>>()?;
    let whole = digits.len() == length && folded(&digits) == 0;
    whole.then(|| digits.into_iter().filter_map(letter).collect())
}

/// In groups, as it is printed and written down.
pub fn grouped(code: &str, size: usize) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(size.max(1)).map(String::from_iter).collect::<Vec<_>>().join("-")
}

fn letter(digit: u8) -> Option<char> {
    ALPHABET.get(usize::from(digit)).copied().map(char::from)
}

fn digit(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = ALPHABET.iter().position(|known| char::from(*known) == letter)?;
    u8::try_from(at).ok()
}

/// Twice an element of the field of 32, by x^5 + x^2 + 1. A sum of digits, each doubled once more than the next, changes
/// with every single digit and with every two neighbours that change places.
const fn doubled(digit: u8) -> u8 {
    if digit & 16 == 0 { digit << 1 } else { ((digit << 1) ^ 0b10_0101) & 31 }
}

fn folded(digits: &[u8]) -> u8 {
    digits.iter().fold(0, |sum, digit| doubled(sum) ^ digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: usize = 10;

    fn some_codes() -> impl Iterator<Item = String> {
        let ids = crate::IdSource::seeded(7);
        (0..200).map(move |_| make(ids.bytes::<9>()))
    }

    #[test]
    fn what_is_made_is_read_however_it_is_typed() {
        for code in some_codes() {
            assert_eq!(code.len(), LENGTH);
            assert_eq!(read(&code, LENGTH).as_deref(), Some(code.as_str()));
            assert_eq!(read(&code.to_lowercase(), LENGTH).as_deref(), Some(code.as_str()));
            assert_eq!(read(&format!(" {} ", grouped(&code, 5)), LENGTH).as_deref(), Some(code.as_str()));
            let alike = code.replace('0', "o").replace('1', "l");
            assert_eq!(read(&alike, LENGTH).as_deref(), Some(code.as_str()));
        }
        assert_eq!(grouped("ABCDEFGHJK", 5), "ABCDE-FGHJK");
    }

    #[test]
    fn one_wrong_letter_and_two_that_changed_places_are_found() {
        for code in some_codes().take(20) {
            let letters: Vec<char> = code.chars().collect();
            for at in 0..LENGTH {
                for other in ALPHABET.iter().map(|b| char::from(*b)).filter(|c| *c != letters[at]) {
                    let mut wrong = letters.clone();
                    wrong[at] = other;
                    assert_eq!(read(&String::from_iter(&wrong), LENGTH), None, "{code} {wrong:?}");
                }
                if at + 1 < LENGTH && letters[at] != letters[at + 1] {
                    let mut turned = letters.clone();
                    turned.swap(at, at + 1);
                    assert_eq!(read(&String::from_iter(&turned), LENGTH), None, "{code} {turned:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_else_is_a_code() {
        for odd in ["", "0", "U234567890", "012345678", "01234567890", "01234567é9", "/../../etc"] {
            assert_eq!(read(odd, LENGTH), None, "{odd}");
        }
    }
}
