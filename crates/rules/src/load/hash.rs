//! Hashes of what rules say: comments, blanks and the order of keys do not count.

use std::{collections::BTreeMap, fmt::Write as _};

use sha2::{Digest as _, Sha256};
use toml::Value;

use crate::book::PackInfo;

/// Lower-case hex of SHA-256.
pub(crate) fn digest(text: &str) -> String {
    kernel::hex::write(Sha256::digest(text.as_bytes()))
}

/// Hash of a pack's content; its test cases are no part of what it says.
pub(super) fn pack_hash(files: &BTreeMap<&str, &str>) -> String {
    let mut whole = String::new();
    for (name, text) in files.iter().filter(|(name, _)| !name.ends_with(".cases.toml")) {
        let _ = writeln!(whole, "{name}\n{}", canonical(name, text));
    }
    digest(&whole)
}

/// Hash of an overlay's content.
pub(crate) fn overlay_hash(text: &str) -> String {
    digest(&canonical("overlay.toml", text))
}

pub(super) fn book_hash(packs: &[PackInfo]) -> String {
    let lines: Vec<_> = packs.iter().map(|pack| format!("{}:{}", pack.id, pack.hash)).collect();
    digest(&lines.join("\n"))
}

fn canonical(name: &str, text: &str) -> String {
    if name.ends_with(".toml")
        && let Ok(table) = text.parse::<toml::Table>()
    {
        let mut out = String::new();
        write_value(&Value::Table(table), &mut out);
        return out;
    }
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => {
            let _ = write!(out, "s{}:{text}", text.len());
        }
        Value::Integer(number) => {
            let _ = write!(out, "i{number};");
        }
        Value::Float(number) => {
            let _ = write!(out, "f{:016x};", number.to_bits());
        }
        Value::Boolean(flag) => {
            let _ = write!(out, "b{flag};");
        }
        Value::Datetime(when) => {
            let _ = write!(out, "d{when};");
        }
        Value::Array(items) => {
            out.push('[');
            items.iter().for_each(|item| write_value(item, out));
            out.push(']');
        }
        Value::Table(table) => {
            let sorted: BTreeMap<_, _> = table.iter().collect();
            out.push('{');
            for (key, item) in sorted {
                let _ = write!(out, "k{}:{key}", key.len());
                write_value(item, out);
            }
            out.push('}');
        }
    }
}
