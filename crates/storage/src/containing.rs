//! A part of a text, as somebody looks for it.

/// Words as a part of a text, as LIKE asks for them with `!` before what would mean something else; none for every text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Containing(String);

impl Containing {
    /// In small letters; blanks around them mean nothing.
    pub fn words(typed: &str) -> Self {
        let words = typed.trim().to_lowercase();
        if words.is_empty() {
            return Self::default();
        }
        let escaped = words.replace('!', "!!").replace('%', "!%").replace('_', "!_");
        Self(format!("%{escaped}%"))
    }

    /// The pattern, where there is one.
    pub fn pattern(&self) -> Option<&str> {
        (!self.0.is_empty()).then_some(self.0.as_str())
    }
}
