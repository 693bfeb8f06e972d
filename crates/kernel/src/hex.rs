//! Bytes as hexadecimal digits, two for each byte.

const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];

/// In small letters.
pub fn write(bytes: impl AsRef<[u8]>) -> String {
    let nibbles = bytes.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 0x0f]);
    nibbles.filter_map(|nibble| DIGITS.get(usize::from(nibble))).collect()
}

/// From digits in small or capital letters and nothing else; `None` for anything odd.
pub fn read(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    pairs.iter().map(|[high, low]| Some((value(*high)? << 4) | value(*low)?)).collect()
}

/// As [`read`], for exactly so many bytes.
pub fn read_array<const N: usize>(text: &str) -> Option<[u8; N]> {
    read(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::{read, read_array, write};

    #[test]
    fn what_is_written_is_read_and_nothing_else_is() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(read(&write(&bytes)), Some(bytes));
        assert_eq!(write([0, 9, 10, 255]), "00090aff");
        assert_eq!(read("00FFaB"), Some(vec![0, 255, 171]));
        assert_eq!(read(""), Some(Vec::new()));
        for odd in ["0", "0g", "+f", " f", "é", "0x12", "f\u{ff10}"] {
            assert_eq!(read(odd), None, "{odd}");
        }
        assert_eq!(read_array::<2>("0102"), Some([1, 2]));
        assert_eq!((read_array::<2>("01"), read_array::<2>("010203")), (None, None));
    }
}
