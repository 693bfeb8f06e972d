//! Words that fill a field without saying anything.

use std::{collections::HashSet, sync::Arc};

use serde::Deserialize;

use crate::words::normalise;

/// As written in the file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFiller {
    min_chars: usize,
    words: Vec<Arc<str>>,
    /// Say that it is done; absent in packs from before there were any.
    #[serde(default)]
    done: Vec<Arc<str>>,
}

/// Ready to compare.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fillers {
    min_chars: usize,
    words: HashSet<String>,
    done: HashSet<String>,
}

impl Fillers {
    pub(crate) fn add(&mut self, raw: &RawFiller) {
        self.min_chars = self.min_chars.max(raw.min_chars);
        self.words.extend(raw.words.iter().map(|word| normalise(word)));
        self.done.extend(raw.done.iter().map(|word| normalise(word)));
    }

    /// Whether the text tells nothing of what was done: 已整改 is short and tells it, 无 and 按要求 do not.
    pub(crate) fn tell_nothing_done(&self, text: &str) -> bool {
        let plain = normalise(text);
        self.contains(text) && !self.done.iter().any(|word| plain.contains(word.as_str()))
    }

    /// Whether the text is empty, too short, a listed word or several, or one piece repeated.
    pub(crate) fn contains(&self, text: &str) -> bool {
        let plain = normalise(text);
        let chars: Vec<char> = plain.chars().collect();
        if chars.len() < self.min_chars || self.words.contains(&plain) {
            return true;
        }
        self.is_made_of_them(&plain)
            || (1..=chars.len() / 2).filter(|size| chars.len().is_multiple_of(*size)).any(|size| {
                let mut pieces = chars.chunks(size);
                let Some(first) = pieces.next() else { return false };
                let piece: String = first.iter().collect();
                pieces.all(|next| next == first) && (size == 1 || self.words.contains(&piece))
            })
    }

    /// 按照要求 and 落实 one after the other say no more than each.
    fn is_made_of_them(&self, plain: &str) -> bool {
        // Where a listed word may begin, from the front.
        let mut begins = vec![false; plain.len() + 1];
        if let Some(first) = begins.first_mut() {
            *first = true;
        }
        for at in 0..plain.len() {
            if !begins.get(at).copied().unwrap_or(false) {
                continue;
            }
            let Some(rest) = plain.get(at..) else { continue };
            for word in self.words.iter().filter(|word| rest.starts_with(word.as_str())) {
                if let Some(next) = begins.get_mut(at + word.len()) {
                    *next = true;
                }
            }
        }
        begins.last().copied().unwrap_or(false)
    }
}
