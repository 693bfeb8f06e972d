//! What a message is once it is read: text, arguments, choices.

use std::collections::BTreeMap;

/// One piece of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    Arg(String),
    Select { arg: String, cases: Vec<(String, Vec<Piece>)>, default: Vec<Piece> },
}

/// One message, or one attribute of a message (`key` is then `message.attribute`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) file: String,
    pub(crate) pieces: Vec<Piece>,
}

impl Message {
    /// Names of its arguments, in the order they are first used.
    pub(crate) fn args(&self) -> Vec<String> {
        let mut names = Vec::new();
        collect(&self.pieces, &mut names);
        names
    }

    /// The message when it is nothing but text.
    pub(crate) fn plain(&self) -> Option<String> {
        let mut all = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => all.push_str(text),
                Piece::Arg(_) | Piece::Select { .. } => return None,
            }
        }
        Some(all)
    }
}

fn collect(pieces: &[Piece], names: &mut Vec<String>) {
    let mut add = |name: &String| {
        if !names.contains(name) {
            names.push(name.clone());
        }
    };
    let mut inner: Vec<&[Piece]> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(_) => {}
            Piece::Arg(name) => add(name),
            Piece::Select { arg, cases, default } => {
                add(arg);
                inner.extend(cases.iter().map(|(_, pieces)| pieces.as_slice()));
                inner.push(default);
            }
        }
    }
    for pieces in inner {
        collect(pieces, names);
    }
}

/// All messages of one language, by key.
pub(crate) type Messages = BTreeMap<String, Message>;

/// One text in both languages.
pub(crate) struct Text {
    pub(crate) key: String,
    pub(crate) args: Vec<String>,
    pub(crate) zh: Message,
    pub(crate) en: Message,
}

/// `hazard-list.title` as a Rust name.
pub(crate) fn rust_name(key: &str) -> String {
    key.replace(['-', '.'], "_").to_lowercase()
}
