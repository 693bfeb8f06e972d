//! A page is a head and blocks: facts, a table, a timeline, a form, rows with a button each. One template shows them.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use web::{
    FormState, Shell,
    panel::{Panel, Paper},
    view::{Choice, Empty, Fact, Filter, Link, Mark, Moment, Pager, Table},
};

use crate::texts;

/// What kind of control a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    Text,
    Select,
    Radios,
    Checks,
    Date,
    Password,
    Pin,
    Tick,
}

/// A field of a form.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    control: Control,
    name: &'static str,
    label: String,
    hint: String,
    optional: bool,
    sometimes: bool,
    max: usize,
    mode: &'static str,
    class: &'static str,
    complete: &'static str,
    latest: String,
    choices: Vec<Choice>,
}

impl Field {
    fn new(control: Control, name: &'static str, label: impl Into<String>) -> Self {
        Self {
            control,
            name,
            label: label.into(),
            hint: String::new(),
            optional: false,
            sometimes: false,
            max: kernel::limits::NAME_CHARS,
            mode: "",
            class: "",
            complete: "off",
            latest: String::new(),
            choices: Vec::new(),
        }
    }

    pub(crate) fn text(name: &'static str, label: impl Into<String>) -> Self {
        Self::new(Control::Text, name, label)
    }

    pub(crate) fn select(name: &'static str, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(Control::Select, name, label) }
    }

    pub(crate) fn radios(name: &'static str, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { choices, ..Self::new(Control::Radios, name, label) }
    }

    pub(crate) fn checks(name: &'static str, label: impl Into<String>, choices: Vec<Choice>) -> Self {
        Self { choices, optional: true, ..Self::new(Control::Checks, name, label) }
    }

    pub(crate) fn date(name: &'static str, label: impl Into<String>, latest: kernel::Date) -> Self {
        Self { latest: latest.to_string(), ..Self::new(Control::Date, name, label) }
    }

    pub(crate) fn password(name: &'static str, label: impl Into<String>, complete: &'static str) -> Self {
        Self { complete, ..Self::new(Control::Password, name, label) }
    }

    /// Six digits that are not shown, with a keyboard of digits.
    pub(crate) fn pin(name: &'static str, label: impl Into<String>, complete: &'static str) -> Self {
        Self { complete, ..Self::new(Control::Pin, name, label) }
    }

    /// One checkbox with its words beside it.
    pub(crate) fn tick(name: &'static str, label: impl Into<String>) -> Self {
        Self::new(Control::Tick, name, label)
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    pub(crate) fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Boxes of which at least one has to be ticked.
    pub(crate) fn needed(mut self) -> Self {
        self.optional = false;
        self
    }

    /// Not always needed; the hint says when, so it is not marked as optional.
    pub(crate) fn sometimes(mut self) -> Self {
        self.sometimes = true;
        self
    }

    pub(crate) fn max(mut self, max: usize) -> Self {
        self.max = max;
        self
    }

    /// A short field with a keyboard of digits.
    pub(crate) fn digits(mut self) -> Self {
        self.mode = "numeric";
        self.class = "short";
        self
    }

    /// A short field for a number with a point.
    pub(crate) fn decimal(mut self) -> Self {
        self.mode = "decimal";
        self.class = "short";
        self
    }

    pub(crate) fn complete(mut self, complete: &'static str) -> Self {
        self.complete = complete;
        self
    }
}

/// For the template: a call is passed by value, a field by reference.
impl Field {
    fn control(&self) -> Control {
        self.control
    }
    fn name(&self) -> &str {
        self.name
    }
    fn label(&self) -> &str {
        &self.label
    }
    fn hinted(&self) -> &str {
        &self.hint
    }
    fn is_optional(&self) -> bool {
        self.optional
    }
    fn is_sometimes(&self) -> bool {
        self.sometimes
    }
    fn most(&self) -> usize {
        self.max
    }
    fn mode(&self) -> &str {
        self.mode
    }
    fn class(&self) -> &str {
        self.class
    }
    fn completed(&self) -> &str {
        self.complete
    }
    fn latest(&self) -> &str {
        &self.latest
    }
}

/// A form: what it changes in words, its fields, one button.
#[derive(Clone, Debug, Default)]
pub(crate) struct FormCard {
    /// Anchor on the page.
    pub id: &'static str,
    /// Heading; empty when the page's own says it.
    pub title: String,
    /// What happens, in sentences.
    pub told: Vec<String>,
    pub action: String,
    pub fields: Vec<Field>,
    pub button: String,
    /// `danger`, `second` or nothing.
    pub kind: &'static str,
    pub form: FormState,
    /// Shown as a line that opens; always open when something was wrong.
    pub folded: bool,
}

impl FormCard {
    fn is_open(&self) -> bool {
        !self.form.errors().is_empty()
    }

    /// With the names of the fields, for the summary of errors.
    fn labelled(&self) -> FormState {
        self.fields.iter().fold(self.form.clone(), |form, field| form.label(field.name, &*field.label))
    }
}

/// A small form of one button.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowButton {
    pub action: String,
    pub label: String,
    pub kind: &'static str,
    pub hidden: Vec<(&'static str, String)>,
}

/// A line with at most one button.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    pub mark: Option<Mark>,
    pub text: String,
    pub href: String,
    pub more: String,
    pub button: Option<RowButton>,
}

/// One sentence of what happened at a unit.
#[derive(Clone, Debug, Default)]
pub(crate) struct Happening {
    pub at: String,
    /// Of which kind of record.
    pub kind: String,
    pub sentence: String,
    pub about: Option<Link>,
    pub note: String,
}

/// A part of a page.
#[derive(Clone, Debug)]
pub(crate) enum Block {
    Facts {
        title: String,
        facts: Vec<Fact>,
    },
    Grid {
        title: String,
        table: Table,
        none: String,
    },
    Timeline {
        title: String,
        moments: Vec<Moment>,
    },
    /// What happened at a unit, each with the record it is about.
    Course {
        title: String,
        tabs: Vec<Link>,
        moments: Vec<Happening>,
        pager: Pager,
        none: String,
    },
    /// What another room says of a unit.
    Panel(Box<Panel>),
    /// What can be printed or taken out.
    Papers {
        title: String,
        papers: Vec<Paper>,
    },
    Rows {
        title: String,
        rows: Vec<Row>,
        none: String,
    },
    Links {
        title: String,
        links: Vec<Link>,
    },
    Prose {
        title: String,
        lines: Vec<String>,
    },
    Codes {
        title: String,
        codes: Vec<String>,
    },
    Form(Box<FormCard>),
    /// What others changed while a form was being filled in, and what becomes of it.
    News {
        title: String,
        moments: Vec<Moment>,
        then: String,
    },
    /// Texts as they are stored, behind a line that opens.
    Raw {
        title: String,
        texts: Vec<String>,
    },
    /// An image made by this program from text of its own.
    Picture {
        title: String,
        svg: String,
        below: String,
        /// The same as a link, for the device that shows the page.
        link: Option<Link>,
    },
}

impl Block {
    pub(crate) fn form(card: FormCard) -> Self {
        Self::Form(Box::new(card))
    }
}

/// A page of blocks.
#[derive(Template)]
#[template(path = "administration/page.html")]
pub(crate) struct Page {
    pub shell: Shell,
    pub action: Option<Link>,
    pub tags: Vec<Mark>,
    pub lead: String,
    pub notices: Vec<Mark>,
    /// To the parts of a long page.
    pub parts: Vec<Link>,
    /// Nothing is written down yet: what would be here, and the one act that begins it.
    pub empty: Option<Empty>,
    pub left: Vec<Block>,
    pub right: Vec<Block>,
}

impl Page {
    pub(crate) fn new(shell: Shell) -> Self {
        Self {
            shell,
            action: None,
            tags: Vec::new(),
            lead: String::new(),
            notices: Vec::new(),
            parts: Vec::new(),
            empty: None,
            left: Vec::new(),
            right: Vec::new(),
        }
    }

    pub(crate) fn answer(&self, status: StatusCode) -> Response {
        web::page_with(status, self)
    }
}

/// A list with its filter as a sentence.
#[derive(Template)]
#[template(path = "administration/list.html")]
pub(crate) struct ListPage {
    pub shell: Shell,
    pub action: Option<Link>,
    pub notices: Vec<Mark>,
    pub path: &'static str,
    pub filter: Filter,
    pub fields: Vec<Field>,
    pub form: FormState,
    pub table: Table,
    pub pager: Pager,
    pub empty: Option<Empty>,
}

/// The first-password slip of an account.
#[derive(Clone, Debug)]
pub(crate) struct Slip {
    pub unit: String,
    pub name: String,
    pub login: String,
    pub code: String,
    pub until: String,
}

/// Slips to print, eight on a page.
#[derive(Template)]
#[template(path = "administration/slips.html")]
pub(crate) struct SlipsPage {
    pub shell: Shell,
    pub slips: Vec<Slip>,
    pub address: String,
    pub done: String,
}
