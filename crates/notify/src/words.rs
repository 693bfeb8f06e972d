//! Codes in words: topics, kinds, outcomes, what a robot or a mail server answered.

use language::Lang;

use crate::{ChannelKind, Outcome, Topic, texts};

fn coded(lang: Lang, prefix: &str, code: &str) -> String {
    texts::lookup(lang, &format!("{prefix}-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// 交办、到期提醒 ...
pub fn topic(lang: Lang, topic: Topic) -> String {
    coded(lang, "topic", topic.name())
}

/// 企业微信机器人、钉钉机器人、公务邮箱
pub fn kind(lang: Lang, kind: ChannelKind) -> String {
    coded(lang, "channel-kind", kind.name())
}

/// 已送达、稍后再试 ...
pub fn outcome(lang: Lang, outcome: Outcome) -> String {
    coded(lang, "outcome", outcome.name())
}

/// What the other side or our own door said; nothing for no code.
pub fn code(lang: Lang, code: &str) -> String {
    if code.is_empty() {
        return String::new();
    }
    if let Some(known) = texts::lookup(lang, &format!("code-{code}"), &[]) {
        return known;
    }
    match code.split_once('-') {
        Some(("wecom", number)) => texts::code_of_wecom(lang, number),
        Some(("dingtalk", number)) => texts::code_of_dingtalk(lang, number),
        Some(("http", number)) => texts::code_of_http(lang, number),
        Some(("smtp", number)) => texts::code_of_smtp(lang, number),
        _ => code.to_owned(),
    }
}

/// The sentence of a message. Handed to the pages' list of sentences.
pub fn sentence(lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    texts::lookup(lang, key, args)
}
