//! Texts in both languages, clauses and how sure they are.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// What a rule tagged [`Tag::I`] is called instead of a clause.
pub(crate) const DEFAULT_ZH: &str = "系统默认，县局可改";

/// One text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Chinese.
    pub zh: Arc<str>,
    /// English.
    pub en: Arc<str>,
}

impl Text {
    pub(crate) fn new(zh: &str, en: &str) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    pub(crate) fn is_blank(&self) -> bool {
        self.zh.trim().is_empty() || self.en.trim().is_empty()
    }
}

/// How sure a rule is: see `domain/README.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tag {
    /// Stated in the county's own plan.
    S,
    /// Read in the text of a law or State Council regulation.
    L,
    /// Stated in a public page about the named document.
    P,
    /// General knowledge, to be verified.
    G,
    /// Our working default: shown as 系统默认，县局可改, never quoted as a clause.
    I,
}

impl Tag {
    /// Whether the county may edit it on a page: not what the plan or a law states.
    pub const fn editable(self) -> bool {
        match self {
            Self::P | Self::G | Self::I => true,
            Self::S | Self::L => false,
        }
    }
}

/// Where a rule comes from, in both languages, and how sure that is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// Document and item in Chinese.
    pub zh: Arc<str>,
    /// Document and item in English.
    pub en: Arc<str>,
    /// How sure it is.
    pub tag: Tag,
}

impl Clause {
    /// The problem with this clause, if any: it must be there, and a default must be worded as one.
    pub(crate) fn fault(text: &Text, tag: Tag) -> Option<String> {
        let said_default = text.zh.contains("系统默认");
        if text.is_blank() {
            return Some("clause is empty".into());
        }
        match tag {
            Tag::I if text.zh.as_ref() != DEFAULT_ZH => {
                Some(format!("a rule tagged I must have the clause {DEFAULT_ZH} and quote nothing"))
            }
            Tag::I => None,
            Tag::S | Tag::L | Tag::P | Tag::G if said_default => {
                Some("only a rule tagged I may call itself a system default".into())
            }
            Tag::S | Tag::L | Tag::P | Tag::G => None,
        }
    }

    pub(crate) fn of(text: &Text, tag: Tag) -> Self {
        Self { zh: Arc::clone(&text.zh), en: Arc::clone(&text.en), tag }
    }
}
