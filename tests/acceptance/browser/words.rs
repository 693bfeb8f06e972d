//! Latin words on a Chinese page: which belong there.

use anyhow::Result;

use crate::setting;

/// Names of things that Chinese writes in Latin letters, as people here do.
const AT_HOME: [&str; 25] = [
    "CSV",
    "csv",
    "xlsx",
    "XLSX",
    "PDF",
    "Word",
    "ZIP",
    "zip",
    "Excel",
    "TOTP",
    "PIN",
    "QR",
    "JPG",
    "JPEG",
    "PNG",
    "HTTPS",
    "IP",
    "MB", // What the browser calls itself, and how DingTalk's secrets begin.
    "Chrome",
    "Chromium",
    "Linux",
    "SEC",
    "kB",
    "GB",
    "PostgreSQL",
];

/// The texts in which a word is neither one of these, nor a login, nor a code.
pub fn not_chinese(texts: &[String]) -> Result<Vec<String>> {
    let logins: Vec<&str> = setting()?.house.logins().collect();
    let strange =
        |text: &&String| words(text).any(|word| !AT_HOME.contains(&word) && !logins.contains(&word));
    Ok(texts.iter().filter(strange).cloned().collect())
}

/// Runs of letters and what hangs on them; what holds a digit, a point or a line is a code, not a word.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '/' | ':');
    text.split(move |c| !part(c))
        .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphanumeric()))
        .filter(|word| word.len() > 1 && word.bytes().all(|b| b.is_ascii_alphabetic()))
}

#[test]
fn codes_are_no_words() {
    let found: Vec<&str> = words("导出 CSV(hazard.view,SZ-2026-0012)Save 保存").collect();
    assert_eq!(found, ["CSV", "Save"]);
}
