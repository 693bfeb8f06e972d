//! The tables of a dry run: problems, notices, differences, new and known rows, photos nobody names; page by page.

use documents::TableRow;
use kernel::limits;
use language::{Lang, Say};
use web::view::{Cell, Column, Pager, Table};

use super::href;
use crate::{
    batch::Batch,
    content::Content,
    field::Field,
    plan::{Action, Change, Detail, Plan, RowPlan, new_kind},
    row::CellProblem,
    texts, words,
};

/// Lines of a table on one page.
const LINES: usize = limits::PAGE_ROWS;

/// One of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Problems,
    Notices,
    Changed,
    Created,
    Same,
    Unused,
}

impl Part {
    pub const ALL: [Self; 6] =
        [Self::Problems, Self::Notices, Self::Changed, Self::Created, Self::Same, Self::Unused];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Problems => "problems",
            Self::Notices => "notices",
            Self::Changed => "changed",
            Self::Created => "created",
            Self::Same => "same",
            Self::Unused => "unused",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.name() == name)
    }
}

/// A table with its pager.
pub(crate) struct Section {
    pub table: Table,
    pub pager: Option<Pager>,
}

/// What the tables are made of.
pub(crate) struct Shown<'a> {
    pub lang: Lang,
    pub batch: &'a Batch,
    pub plan: &'a Plan,
}

impl Shown<'_> {
    /// The tables with something in them, each from its first line; or one of them from a page on.
    pub fn sections(&self, asked: Option<(Part, usize)>) -> Vec<Section> {
        let parts = match asked {
            Some((part, _)) => vec![part],
            None => Part::ALL.into_iter().filter(|part| *part != Part::Same).collect(),
        };
        let page = asked.map_or(1, |(_, page)| page.max(1));
        parts.into_iter().filter_map(|part| self.section(part, page)).collect()
    }

    fn section(&self, part: Part, page: usize) -> Option<Section> {
        let lines = self.lines(part);
        let all = lines.len();
        let first = (page - 1).saturating_mul(LINES);
        if first >= all {
            return None;
        }
        let rows: Vec<Vec<Cell>> =
            lines.into_iter().skip(first).take(LINES).map(|line| self.cells(line)).collect();
        let last = first + rows.len();
        let at = |page: usize| format!("{}/check?list={}&page={page}", href(self.batch.id), part.name());
        let pager = (all > LINES).then(|| Pager {
            before: (page > 1).then(|| at(page - 1)),
            after: (last < all).then(|| at(page + 1)),
            place: texts::intake_place(self.lang, first + 1, last, all),
            paper: texts::intake_place(self.lang, first + 1, last, all),
        });
        let table = Table { caption: self.caption(part), columns: self.columns(part), rows };
        Some(Section { table, pager })
    }

    fn lines(&self, part: Part) -> Vec<Line<'_>> {
        let rows = |action: Action| self.plan.rows.iter().filter(move |row| row.action == action);
        match part {
            Part::Problems => self.plan.problems.iter().map(Line::Problem).collect(),
            Part::Notices => self.plan.notices.iter().map(Line::Problem).collect(),
            Part::Changed => rows(Action::Change)
                .flat_map(|row| row.changes.iter().map(move |change| Line::Change(row, change)))
                .collect(),
            Part::Created => rows(Action::Create).map(Line::Row).collect(),
            Part::Same => rows(Action::Same).map(Line::Row).collect(),
            Part::Unused => self.plan.unused_photos.iter().map(|file| Line::File(file)).collect(),
        }
    }

    fn caption(&self, part: Part) -> String {
        let lang = self.lang;
        match (part, self.batch.body.content) {
            (Part::Problems, _) => texts::intake_problems(lang).to_owned(),
            (Part::Notices, _) => texts::intake_notices(lang).to_owned(),
            (Part::Changed, _) => texts::intake_changed(lang).to_owned(),
            (Part::Created, Content::Hazards) => texts::intake_new_hazards(lang).to_owned(),
            (Part::Created, Content::People) => texts::intake_new_people(lang).to_owned(),
            (Part::Created, Content::Guards) => texts::intake_new_guards(lang).to_owned(),
            (Part::Created, Content::Register) => texts::intake_new(lang).to_owned(),
            (Part::Same, _) => texts::intake_same(lang).to_owned(),
            (Part::Unused, _) => texts::intake_unused(lang).to_owned(),
        }
    }

    fn columns(&self, part: Part) -> Vec<Column> {
        let lang = self.lang;
        let row = || Column::new(texts::intake_row(lang)).number();
        let named = |field: Field| Column::new(words::field(lang, field));
        match (part, self.batch.body.content) {
            (Part::Problems | Part::Notices, _) => vec![
                Column::new(texts::intake_where(lang)),
                Column::new(texts::intake_what(lang)),
                Column::new(texts::intake_problem(lang)),
            ],
            (Part::Changed, _) => vec![
                row(),
                Column::new(texts::intake_unit(lang)),
                Column::new(texts::intake_what(lang)),
                Column::new(texts::intake_difference(lang)),
            ],
            (Part::Unused, _) => vec![Column::new(texts::intake_photos(lang))],
            (_, Content::Register) => vec![
                row(),
                Column::new(texts::intake_unit(lang)),
                named(Field::Code),
                named(Field::Kind),
                named(Field::Superior),
                named(Field::Township),
            ],
            (_, Content::People) => vec![
                row(),
                Column::new(texts::intake_unit(lang)),
                named(Field::PersonName),
                named(Field::PersonPosts),
            ],
            (_, Content::Guards) => vec![
                row(),
                Column::new(texts::intake_unit(lang)),
                named(Field::GuardName),
                named(Field::Certificate),
                named(Field::FullTime),
            ],
            (_, Content::Hazards) => vec![
                row(),
                Column::new(texts::intake_unit(lang)),
                named(Field::Description),
                named(Field::Category),
                named(Field::Level),
                Column::new(texts::intake_becomes(lang)),
                Column::new(texts::intake_photos(lang)).number(),
            ],
        }
    }

    fn cells(&self, line: Line<'_>) -> Vec<Cell> {
        let lang = self.lang;
        match line {
            Line::Problem(problem) => self.problem(problem),
            Line::File(file) => vec![Cell::text(file)],
            Line::Change(row, change) => {
                let shown = |value: &str| words::value(lang, change.field, value);
                let more = match &row.detail {
                    Detail::Guard { name, .. } | Detail::Person { name, .. } => name.clone(),
                    Detail::Unit { .. } | Detail::Hazard { .. } => row.code.clone(),
                };
                vec![
                    Cell::text(row.row.to_string()),
                    Cell::text(&row.name).more(more),
                    Cell::text(words::field(lang, change.field)),
                    Cell::text(texts::intake_from_to(lang, shown(&change.old), shown(&change.new))),
                ]
            }
            Line::Row(row) => {
                let mut cells = vec![Cell::text(row.row.to_string()), Cell::text(&row.name)];
                cells.extend(self.detail(row));
                cells
            }
        }
    }

    fn detail(&self, row: &RowPlan) -> Vec<Cell> {
        let lang = self.lang;
        match &row.detail {
            Detail::Unit { superior, township } => {
                let kind = new_kind(row).map(|kind| web::names::unit_kind(lang, kind)).unwrap_or_default();
                vec![Cell::text(&row.code), Cell::text(kind), Cell::text(superior), Cell::text(township)]
            }
            Detail::Person { name, posts } => {
                let posts = posts.iter().map(|post| web::names::post(lang, *post));
                vec![Cell::text(name), Cell::text(Say(lang).list(posts.collect::<Vec<_>>()))]
            }
            Detail::Guard { name, certified, full_time } => {
                let yes = |truth: bool, one: &str, other: &str| Cell::text(if truth { one } else { other });
                vec![
                    Cell::text(name),
                    yes(*certified, texts::intake_certified(lang), texts::intake_not_certified(lang)),
                    yes(*full_time, texts::intake_full_time(lang), texts::intake_part_time(lang)),
                ]
            }
            Detail::Hazard { what, category, level, stage, photos } => vec![
                Cell::text(what),
                Cell::text(hazard::words::pick(lang, category)),
                Cell::text(hazard::words::level(lang, *level)),
                Cell::text(hazard::words::stage(lang, *stage)),
                Cell::text(photos.to_string()),
            ],
        }
    }

    fn problem(&self, problem: &CellProblem) -> Vec<Cell> {
        words::told(self.lang, self.batch, problem).map(Cell::text).into()
    }
}

/// One line of a table.
enum Line<'a> {
    Problem(&'a CellProblem),
    Change(&'a RowPlan, &'a Change),
    Row(&'a RowPlan),
    File(&'a str),
}

/// The first rows of a file as they stand in it.
pub(crate) fn first_rows(lang: Lang, labels: &[String], rows: &[TableRow]) -> Table {
    let mut columns = vec![Column::new(texts::intake_row(lang)).number()];
    columns.extend(labels.iter().enumerate().map(|(at, label)| {
        Column::new(if label.is_empty() { documents::column_name(at) } else { label.clone() })
    }));
    let line = |row: &TableRow| {
        let mut cells = vec![Cell::text(row.number.to_string())];
        cells.extend((0..labels.len()).map(|at| Cell::text(row.cell(at))));
        cells
    };
    let rows = rows.iter().map(line).collect();
    Table { caption: texts::intake_first_rows(lang).to_owned(), columns, rows }
}
