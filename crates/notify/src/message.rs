//! Several tidings gathered into one text.

use kernel::limits::{MESSAGE_LINES, ROBOT_TEXT_BYTES};
use language::{Lang, plain};

use crate::{Topic, outbox::Waiting, texts};

/// What leaves is written in Chinese: it goes to groups of officials.
pub(crate) const LANG: Lang = Lang::ZhCn;

/// A text, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub text: String,
    pub topics: Vec<Topic>,
    pub items: usize,
}

/// At most so many lines and bytes; what does not fit is counted. Without a public address there are no links.
pub(crate) fn gathered(unit: &str, tidings: &[Waiting], public_url: Option<&str>) -> Message {
    let mut topics: Vec<Topic> = tidings.iter().map(|tiding| tiding.topic).collect();
    topics.sort_unstable();
    topics.dedup();
    let mut text = plain(&texts::message_head(LANG, unit, tidings.len())).to_string();
    // The longest last line there can be always fits.
    let room = ROBOT_TEXT_BYTES.saturating_sub(texts::message_more(LANG, tidings.len()).len() + 1);
    let mut shown = 0;
    for tiding in tidings.iter().take(MESSAGE_LINES) {
        let line = line(tiding, shown + 1, public_url);
        if text.len() + line.len() > room {
            break;
        }
        text.push_str(&line);
        shown += 1;
    }
    if shown < tidings.len() {
        text.push('\n');
        text.push_str(&plain(&texts::message_more(LANG, tidings.len() - shown)));
    }
    Message { text, topics, items: tidings.len() }
}

fn line(tiding: &Waiting, number: usize, public_url: Option<&str>) -> String {
    let sentence = plain(&tiding.line.sentence);
    match public_url {
        Some(origin) if !tiding.line.path.is_empty() => {
            format!("\n{number}. {sentence}\n{}{}", origin.trim_end_matches('/'), tiding.line.path)
        }
        _ => format!("\n{number}. {sentence}"),
    }
}
