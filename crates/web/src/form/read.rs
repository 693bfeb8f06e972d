//! Typed readers. Each gives a value or notes what is wrong; [`Reader::finish`] says whether all went well.
//!
//! ```
//! # use web::FormData;
//! let form = FormData::from_pairs([("title", "疏散通道堵塞"), ("days", "7")]);
//! let mut read = form.reader();
//! let title = read.text("title").required().max(100).get();
//! let days = read.int("days").required().range(1, 30).get();
//! read.finish()?;
//! # assert_eq!((title.as_str(), days), ("疏散通道堵塞", Some(7)));
//! # Ok::<(), kernel::Problem>(())
//! ```

use std::{marker::PhantomData, ops::RangeInclusive};

use kernel::{Date, FieldProblem, Problem, Refusal, limits};
use uuid::Uuid;

use crate::{FormData, UploadedFile};

/// Reads a form and collects what is wrong with it.
#[derive(Debug)]
pub struct Reader<'f> {
    form: &'f FormData,
    problems: Vec<FieldProblem>,
}

impl<'f> Reader<'f> {
    pub(crate) fn new(form: &'f FormData) -> Self {
        Self { form, problems: Vec::new() }
    }

    /// Text: trimmed, line ends as `\n`, control characters refused, at most [`limits::TEXT_CHARS`].
    pub fn text<'r>(&'r mut self, field: &'static str) -> Text<'r, 'f> {
        Text { read: self, field, required: false, max: limits::TEXT_CHARS, lines: false }
    }

    /// A whole number; full-width digits are taken too.
    pub fn int<'r>(&'r mut self, field: &'static str) -> Int<'r, 'f> {
        Int { read: self, field, required: false, range: i64::MIN..=i64::MAX }
    }

    /// A day as `2026-12-08`, `2026/12/8` or `20261208`.
    pub fn date<'r>(&'r mut self, field: &'static str) -> Day<'r, 'f> {
        Day { read: self, field, required: false, min: None, max: None }
    }

    /// An id of any of kernel's types.
    pub fn id<'r, T: From<Uuid>>(&'r mut self, field: &'static str) -> Id<'r, 'f, T> {
        Id { read: self, field, required: false, kind: PhantomData }
    }

    /// One of the given values.
    pub fn choice<'r, 'o, T: Clone>(
        &'r mut self,
        field: &'static str,
        options: &'o [(&'o str, T)],
    ) -> Choice<'r, 'f, 'o, T> {
        Choice { read: self, field, required: false, options }
    }

    /// Any number of the given values, in the order of the options.
    pub fn many<'r, 'o, T: Clone>(
        &'r mut self,
        field: &'static str,
        options: &'o [(&'o str, T)],
    ) -> Chosen<'r, 'f, 'o, T> {
        Chosen { read: self, field, required: false, options }
    }

    /// A single checkbox: sent at all, and not `0` or `false`.
    pub fn flag(&self, field: &str) -> bool {
        self.form.value(field).is_some_and(|value| !matches!(value, "" | "0" | "false"))
    }

    /// Files of a field; with `required`, none is a problem.
    pub fn files(&mut self, field: &'static str, required: bool) -> Vec<&'f UploadedFile> {
        let files: Vec<&UploadedFile> = self.form.files(field).collect();
        if required && files.is_empty() {
            self.note(field, Refusal::new("field-photo"));
        }
        files
    }

    /// Notes a problem of the caller's own.
    pub fn note(&mut self, field: &'static str, refusal: Refusal) {
        self.problems.push(FieldProblem { field, refusal });
    }

    /// Whether a field already has a problem.
    pub fn has_problem(&self, field: &str) -> bool {
        self.problems.iter().any(|problem| problem.field == field)
    }

    /// All is well, or [`Problem::Invalid`] with every field's problem.
    ///
    /// # Errors
    /// [`Problem::Invalid`].
    pub fn finish(self) -> Result<(), Problem> {
        if self.problems.is_empty() { Ok(()) } else { Err(Problem::Invalid(self.problems)) }
    }

    /// The trimmed value; `None` and a note when it is required and not there.
    fn given(&mut self, field: &'static str, required: bool) -> Option<&'f str> {
        let value = self.form.value(field).map(str::trim).filter(|value| !value.is_empty());
        if value.is_none() && required {
            self.note(field, Refusal::new("field-required"));
        }
        value
    }
}

/// See [`Reader::text`].
#[derive(Debug)]
pub struct Text<'r, 'f> {
    read: &'r mut Reader<'f>,
    field: &'static str,
    required: bool,
    max: usize,
    lines: bool,
}

impl Text<'_, '_> {
    /// An empty one is a problem.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Characters at most.
    #[must_use]
    pub fn max(mut self, chars: usize) -> Self {
        self.max = chars;
        self
    }

    /// Line breaks stay; without this they become spaces.
    #[must_use]
    pub fn lines(mut self) -> Self {
        self.lines = true;
        self
    }

    /// The text; empty when it is not there or has a problem.
    pub fn get(self) -> String {
        let Some(value) = self.read.given(self.field, self.required) else { return String::new() };
        let mut text = value.replace("\r\n", "\n").replace('\r', "\n");
        if !self.lines {
            text = text.replace(['\n', '\t'], " ");
        }
        let count = text.chars().count();
        if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
            self.read.note(self.field, Refusal::new("field-control"));
        } else if count > self.max {
            let refusal = Refusal::new("field-too-long").with("max", self.max).with("count", count);
            self.read.note(self.field, refusal);
        } else {
            return text;
        }
        String::new()
    }

    /// The text, `None` when it is not there.
    pub fn opt(self) -> Option<String> {
        Some(self.get()).filter(|text| !text.is_empty())
    }
}

/// See [`Reader::int`].
#[derive(Debug)]
pub struct Int<'r, 'f> {
    read: &'r mut Reader<'f>,
    field: &'static str,
    required: bool,
    range: RangeInclusive<i64>,
}

impl Int<'_, '_> {
    /// An empty one is a problem.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// From and to, both included.
    #[must_use]
    pub fn range(mut self, min: i64, max: i64) -> Self {
        self.range = min..=max;
        self
    }

    /// The number.
    pub fn get(self) -> Option<i64> {
        let value = half_width(self.read.given(self.field, self.required)?);
        match value.parse::<i64>() {
            Ok(number) if self.range.contains(&number) => Some(number),
            Ok(_) => {
                let (min, max) = (self.range.start(), self.range.end());
                let refusal = Refusal::new("field-range").with("min", min).with("max", max);
                self.read.note(self.field, refusal);
                None
            }
            Err(_) => {
                self.read.note(self.field, Refusal::new("field-number"));
                None
            }
        }
    }
}

/// See [`Reader::date`].
#[derive(Debug)]
pub struct Day<'r, 'f> {
    read: &'r mut Reader<'f>,
    field: &'static str,
    required: bool,
    min: Option<Date>,
    max: Option<Date>,
}

impl Day<'_, '_> {
    /// An empty one is a problem.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The first day allowed.
    #[must_use]
    pub fn not_before(mut self, day: Date) -> Self {
        self.min = Some(day);
        self
    }

    /// The last day allowed.
    #[must_use]
    pub fn not_after(mut self, day: Date) -> Self {
        self.max = Some(day);
        self
    }

    /// The day.
    pub fn get(self) -> Option<Date> {
        let value = half_width(self.read.given(self.field, self.required)?);
        let Some(day) = parse_day(&value) else {
            self.read.note(self.field, Refusal::new("field-date"));
            return None;
        };
        if let Some(min) = self.min.filter(|min| day < *min) {
            self.read.note(self.field, Refusal::new("field-date-early").with("given", day).with("min", min));
            return None;
        }
        if let Some(max) = self.max.filter(|max| day > *max) {
            self.read.note(self.field, Refusal::new("field-date-late").with("given", day).with("max", max));
            return None;
        }
        Some(day)
    }
}

/// See [`Reader::id`].
#[derive(Debug)]
pub struct Id<'r, 'f, T> {
    read: &'r mut Reader<'f>,
    field: &'static str,
    required: bool,
    kind: PhantomData<T>,
}

impl<T: From<Uuid>> Id<'_, '_, T> {
    /// An empty one is a problem.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The id.
    pub fn get(self) -> Option<T> {
        let value = self.read.given(self.field, self.required)?;
        let id = Uuid::try_parse(value).ok();
        if id.is_none() {
            self.read.note(self.field, Refusal::new("field-choice"));
        }
        id.map(T::from)
    }
}

/// See [`Reader::choice`].
#[derive(Debug)]
pub struct Choice<'r, 'f, 'o, T> {
    read: &'r mut Reader<'f>,
    field: &'static str,
    required: bool,
    options: &'o [(&'o str, T)],
}

impl<T: Clone> Choice<'_, '_, '_, T> {
    /// An empty one is a problem.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// What was chosen.
    pub fn get(self) -> Option<T> {
        let value = self.read.form.value(self.field).map(str::trim).filter(|value| !value.is_empty());
        let Some(value) = value else {
            if self.required {
                self.read.note(self.field, Refusal::new("field-choose"));
            }
            return None;
        };
        let found = self.options.iter().find(|(name, _)| *name == value).map(|(_, option)| option.clone());
        if found.is_none() {
            self.read.note(self.field, Refusal::new("field-choice"));
        }
        found
    }
}

/// See [`Reader::many`].
#[derive(Debug)]
pub struct Chosen<'r, 'f, 'o, T> {
    read: &'r mut Reader<'f>,
    field: &'static str,
    required: bool,
    options: &'o [(&'o str, T)],
}

impl<T: Clone> Chosen<'_, '_, '_, T> {
    /// None at all is a problem.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// What was chosen.
    pub fn get(self) -> Vec<T> {
        let form = self.read.form;
        let known = |value: &str| self.options.iter().any(|(name, _)| *name == value);
        if form.values(self.field).any(|value| !value.is_empty() && !known(value)) {
            self.read.note(self.field, Refusal::new("field-choice"));
            return Vec::new();
        }
        let chosen: Vec<T> = self
            .options
            .iter()
            .filter(|(name, _)| form.values(self.field).any(|value| value == *name))
            .map(|(_, option)| option.clone())
            .collect();
        if self.required && chosen.is_empty() {
            self.read.note(self.field, Refusal::new("field-choose"));
        }
        chosen
    }
}

/// `１２．５` typed with a Chinese keyboard means `12.5`: full-width letters, digits and marks are narrowed. For numbers,
/// days and codes, never for sentences.
pub fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '！'..='～' => char::from_u32(u32::from(c).saturating_sub(0xfee0)).unwrap_or(c),
            '。' => '.',
            '\u{3000}' => ' ',
            _ => c,
        })
        .collect()
}

fn parse_day(text: &str) -> Option<Date> {
    let numbers: Vec<&str> = text.split(['-', '/', '.', '年', '月']).collect();
    let (year, month, day) = match numbers.as_slice() {
        [year, month, day] => (*year, *month, day.trim_end_matches('日')),
        [all] if all.len() == 8 && all.is_ascii() => (all.get(..4)?, all.get(4..6)?, all.get(6..)?),
        _ => return None,
    };
    if year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::half_width;

    #[test]
    fn what_a_chinese_keyboard_types_is_narrowed() {
        assert_eq!(half_width("１，２００．５０"), "1,200.50");
        assert_eq!(half_width("２０２６－１２－０８"), "2026-12-08");
        assert_eq!(half_width("Ａｑ０１７"), "Aq017");
    }
}
