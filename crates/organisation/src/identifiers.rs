//! Codes of schools, organisations and people: shapes and check digits (`domain/identifiers.md`).

use kernel::Date;

use crate::{CodeClasses, UnitKind};

/// The alphabet of unified social credit codes: no I, O, S, V, Z.
const CREDIT_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const CREDIT_WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
const CITIZEN_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CITIZEN_CHECKS: &[u8; 11] = b"10X98765432";
/// First two digits of a school code: what kind of institution.
const SCHOOL_CLASSES: [&str; 7] = ["11", "21", "31", "34", "36", "37", "51"];

/// What a code turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// 学校(机构)标识码
    School,
    /// 统一社会信用代码
    SocialCredit,
    /// A code of a place: 2, 4, 6, 9 or 12 digits.
    Area,
    /// A local code `L` + county + serial + Luhn digit, for institutions without any other.
    Local,
}

/// Why a code was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeError {
    /// Neither length nor alphabet fit any kind of code.
    Shape,
    /// The shape fits, the check digit does not.
    Check(CodeKind),
    /// It is the code of a place, and the unit is none.
    Place,
    /// Its first digits say another kind of school.
    Class,
}

/// Sorts a code into its kind and checks it.
///
/// # Errors
/// [`CodeError`]; a few real codes fail their check and may be saved with a reason.
pub fn classify(code: &str) -> Result<CodeKind, CodeError> {
    let digits = code.bytes().all(|b| b.is_ascii_digit());
    match code.len() {
        2 | 4 | 6 | 9 | 12 if digits => Ok(CodeKind::Area),
        10 if digits => {
            let known =
                SCHOOL_CLASSES.iter().any(|class| code.starts_with(class)) && code.get(2..4) == Some("53");
            if known { Ok(CodeKind::School) } else { Err(CodeError::Shape) }
        }
        13 if code.starts_with('L') => {
            let rest = code.get(1..).unwrap_or_default();
            if !rest.bytes().all(|b| b.is_ascii_digit()) {
                return Err(CodeError::Shape);
            }
            if luhn(rest) { Ok(CodeKind::Local) } else { Err(CodeError::Check(CodeKind::Local)) }
        }
        18 => match credit_check(code) {
            Some(true) => Ok(CodeKind::SocialCredit),
            Some(false) => Err(CodeError::Check(CodeKind::SocialCredit)),
            None => Err(CodeError::Shape),
        },
        _ => Err(CodeError::Shape),
    }
}

/// What a code is, checked, if a unit of the kind may have such a one. A place's code for a school is most likely a
/// school code that lost a digit.
///
/// # Errors
/// [`CodeError`]; all but a wrong shape may be saved with a reason.
pub fn fitting(code: &str, kind: UnitKind, classes: &CodeClasses) -> Result<CodeKind, CodeError> {
    match classify(code)? {
        CodeKind::Area if !kind.may_have_area_code() => Err(CodeError::Place),
        CodeKind::School if !classes.fit(code, kind) => Err(CodeError::Class),
        found => Ok(found),
    }
}

/// The local code of an institution that has no other: `L`, county, serial, Luhn digit.
pub fn local_code(county: &str, serial: u32) -> String {
    let body = format!("{county}{:05}", serial % 100_000);
    let check = (0..10).find(|d| luhn(&format!("{body}{d}"))).unwrap_or(0);
    format!("L{body}{check}")
}

fn luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, b)| {
            let digit = u32::from(b.wrapping_sub(b'0'));
            match (at % 2, digit * 2) {
                (0, _) => digit,
                (_, double) if double > 9 => double - 9,
                (_, double) => double,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

/// `None` when a character is not of the alphabet.
fn credit_check(code: &str) -> Option<bool> {
    let values: Option<Vec<u32>> = code
        .bytes()
        .map(|b| CREDIT_ALPHABET.iter().position(|c| *c == b).and_then(|p| u32::try_from(p).ok()))
        .collect();
    let values = values?;
    let sum: u32 = values.iter().zip(CREDIT_WEIGHTS).map(|(v, w)| v * w).sum();
    let expected = (31 - sum % 31) % 31;
    let organisation = code.get(8..17)?;
    Some(values.last() == Some(&expected) && organisation_check(organisation))
}

/// GB 11714: eight characters and a check character.
fn organisation_check(code: &str) -> bool {
    let value = |b: u8| -> Option<u32> { char::from(b).to_digit(36) };
    let Some((last, body)) = code.as_bytes().split_last() else { return false };
    let sum: Option<u32> = body.iter().zip(ORGANISATION_WEIGHTS).map(|(b, w)| value(*b).map(|v| v * w)).sum();
    let Some(sum) = sum else { return false };
    match 11 - sum % 11 {
        10 => *last == b'X',
        11 => *last == b'0',
        n => u32::from(last.wrapping_sub(b'0')) == n,
    }
}

/// A citizen's identity number: shape, date and check character.
pub fn citizen_id(number: &str) -> bool {
    let bytes = number.as_bytes();
    let Some((last, body)) = bytes.split_last() else { return false };
    if bytes.len() != 18 || !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = body.iter().zip(CITIZEN_WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    let check = usize::try_from(sum % 11).ok().and_then(|at| CITIZEN_CHECKS.get(at));
    let part = |range: std::ops::Range<usize>| number.get(range).and_then(|t| t.parse::<i16>().ok());
    let date = match (part(6..10), part(10..12), part(12..14)) {
        (Some(year), Some(month), Some(day)) => {
            let (month, day) = (i8::try_from(month).unwrap_or(0), i8::try_from(day).unwrap_or(0));
            (1850..=2200).contains(&year) && Date::new(year, month, day).is_ok()
        }
        _ => false,
    };
    date && check == Some(last)
}

/// A mainland mobile number.
pub fn mobile(number: &str) -> bool {
    let bytes = number.as_bytes();
    bytes.len() == 11
        && bytes.iter().all(u8::is_ascii_digit)
        && bytes.first() == Some(&b'1')
        && bytes.get(1).is_some_and(|b| (b'3'..=b'9').contains(b))
}

/// `530323********1230`; anything that is no identity number is wholly hidden.
pub fn masked_citizen_id(number: &str) -> String {
    match (number.get(..6), number.get(14..18)) {
        (Some(front), Some(back)) if number.len() == 18 => format!("{front}********{back}"),
        _ => "******".to_owned(),
    }
}

/// `138****5678`; anything shorter is wholly hidden.
pub fn masked_mobile(number: &str) -> String {
    match (number.get(..3), number.get(7..11)) {
        (Some(front), Some(back)) if number.len() == 11 => format!("{front}****{back}"),
        _ => "******".to_owned(),
    }
}
