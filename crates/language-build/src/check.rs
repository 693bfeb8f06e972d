//! Compares the two languages, and sets the thin space between Chinese and Latin.

use std::collections::BTreeMap;

use crate::model::{Message, Messages, Piece, Text, rust_name};

/// Pairs the messages; what does not fit goes to `problems`.
pub(crate) fn pair(first: Messages, mut second: Messages, problems: &mut Vec<String>) -> Vec<Text> {
    let mut texts = Vec::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for (key, zh) in first {
        if let Some(other) = names.insert(rust_name(&key), key.clone()) {
            problems.push(format!("{}: `{key}` and `{other}` become the same function", zh.file));
        }
        let Some(en) = second.remove(&key) else {
            problems.push(format!("{}: `{key}` is missing ({} has it)", expected(&zh.file, "en"), zh.file));
            continue;
        };
        let args = zh.args();
        if sorted(&args) != sorted(&en.args()) {
            problems.push(arguments(&key, &zh, &en));
            continue;
        }
        texts.push(Text { key, args, zh, en });
    }
    for (key, en) in second {
        problems.push(format!("{}: `{key}` is missing ({} has it)", expected(&en.file, "zh-CN"), en.file));
    }
    texts
}

fn expected(file: &str, language: &str) -> String {
    format!("{language}/{}", file.split_once('/').map_or(file, |(_, name)| name))
}

fn sorted(args: &[String]) -> Vec<&str> {
    let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
    args.sort_unstable();
    args
}

fn arguments(key: &str, zh: &Message, en: &Message) -> String {
    let list = |message: &Message| {
        let args = message.args();
        if args.is_empty() {
            "none".to_owned()
        } else {
            args.iter().map(|arg| format!("${arg}")).collect::<Vec<_>>().join(" ")
        }
    };
    format!("{}: `{key}` has other arguments: {} here, {} in {}", en.file, list(en), list(zh), zh.file)
}

const THIN: char = '\u{2009}';

/// In Chinese text, a plain space with Chinese on one side and Latin, a digit or an argument on the other
/// becomes a thin one.
pub(crate) fn spaced(pieces: &mut [Piece]) {
    let count = pieces.len();
    for index in 0..count {
        let after_arg = index > 0;
        let before_arg = index + 1 < count;
        match pieces.get_mut(index) {
            Some(Piece::Text(text)) => *text = thin(text, after_arg, before_arg),
            Some(Piece::Select { cases, default, .. }) => {
                cases.iter_mut().for_each(|(_, pieces)| spaced(pieces));
                spaced(default);
            }
            Some(Piece::Arg(_)) | None => {}
        }
    }
}

fn thin(text: &str, after_arg: bool, before_arg: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let last = chars.len().saturating_sub(1);
    let at = |index: usize| chars.get(index).copied();
    chars
        .iter()
        .enumerate()
        .map(|(index, &c)| {
            let left = index.checked_sub(1).and_then(at);
            let right = at(index + 1);
            let chinese = left.is_some_and(is_chinese) || right.is_some_and(is_chinese);
            let latin = left.is_some_and(|c| c.is_ascii_alphanumeric())
                || right.is_some_and(|c| c.is_ascii_alphanumeric())
                || (index == 0 && after_arg)
                || (index == last && before_arg);
            if c == ' ' && chinese && latin { THIN } else { c }
        })
        .collect()
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}
