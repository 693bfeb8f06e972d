//! 教职工: who works at which school on which posts, besides heads, safety officers and guards, whom other files bring.

use std::collections::BTreeMap;

use documents::TableRow;
use journal::Vault;
use kernel::{Problem, UnitId, limits, text::person_name};
use organisation::{Contact, Post};
use storage::Tx;

use crate::{
    cells::Cells,
    field::Field,
    known::Known,
    people::{Named, Seen, Staff, another_number},
    plan::{Action, Change, Detail, Plan, RowPlan, Sheet, Step},
    posts,
    row::{self, CellProblem, problem},
};

/// A row as it was meant.
struct Draft {
    row: u32,
    unit: UnitId,
    contact: Contact,
    posts: Vec<Post>,
}

struct People<'a> {
    known: Known,
    columns: &'a BTreeMap<Field, usize>,
    plan: Plan,
    staff: Staff,
}

/// The dry run of a list of people. Writes nothing, and takes no post from anybody.
pub(crate) fn plan(
    tx: &mut Tx,
    vault: &Vault,
    known: Known,
    columns: &BTreeMap<Field, usize>,
    sheet: &Sheet<'_>,
) -> Result<Plan, Problem> {
    let mut people = People { known, columns, plan: Plan::default(), staff: Staff::default() };
    let mut seen = Seen::default();
    for row in sheet.rows {
        if row::is_passed_over(sheet.content, row, columns) {
            people.plan.passed_over += 1;
            continue;
        }
        let before = people.plan.problems.len();
        let Some(draft) = people.read(row) else { continue };
        if let Some(first) = seen.before(draft.unit, &draft.contact, draft.row) {
            let twice = people.at(draft.row, Field::PersonName, "intake-person-twice").with("row", first);
            people.plan.problems.push(twice);
        }
        if people.plan.problems.len() == before {
            people.compare(tx, vault, draft)?;
        }
    }
    people.plan.problems.sort_by_key(|p| (p.row, p.column));
    Ok(people.plan)
}

impl People<'_> {
    fn at(&self, row: u32, field: Field, code: &'static str) -> CellProblem {
        problem(row, self.columns, field, code)
    }

    fn read(&mut self, row: &TableRow) -> Option<Draft> {
        let mut cells = Cells::new(row, self.columns, &mut self.plan.problems);
        let mut short = |field: Field| cells.short(field, limits::NAME_CHARS).unwrap_or_default();
        let (school, code) = (short(Field::Name), short(Field::Code));
        let held = short(Field::PersonPosts);
        let name = person_name(&cells.name(Field::PersonName).unwrap_or_default());
        if name.is_empty() && !cells.has(Field::PersonName) {
            cells.note(Field::PersonName, "intake-person-name-missing");
        }
        if school.is_empty() && code.is_empty() && !cells.has(Field::Name) {
            cells.note(Field::Name, "intake-name-missing");
        }
        let phone = cells.phone(Field::PersonPhone);
        let posts = cells.posts(&held);
        let unit = match self.known.open_institution(&code, &school)? {
            Ok(unit) => unit,
            Err((wrong, shown)) => {
                let wrong = self.at(row.number, Field::Name, wrong).with("value", shown);
                self.plan.problems.push(wrong);
                return None;
            }
        };
        self.check_posts(row.number, unit, &posts);
        let contact = Contact { name, phone, identity: String::new() };
        Some(Draft { row: row.number, unit, contact, posts })
    }

    /// A post that this kind of school does not have; guards have a list of their own, with their certificates.
    fn check_posts(&mut self, row: u32, unit: UnitId, posts: &[Post]) {
        let Some(kind) = self.known.units.get(&unit).map(|unit| unit.kind) else { return };
        for post in posts {
            let code = match post {
                Post::Guard => "intake-post-guard",
                post if !post.fits(kind) => "intake-post-unfit",
                _ => continue,
            };
            let wrong = self.at(row, Field::PersonPosts, code);
            self.plan.problems.push(wrong.with("post", post.name()).with("kind", kind.name()));
        }
    }

    fn compare(&mut self, tx: &mut Tx, vault: &Vault, draft: Draft) -> Result<(), Problem> {
        let named = self.staff.named(tx, vault, draft.unit, &draft.contact)?;
        let (mut changes, mut steps) = (Vec::new(), Vec::new());
        let action = match named {
            Named::Several(count) => {
                let which = self.at(draft.row, Field::PersonName, "intake-person-which");
                self.plan.problems.push(which.with("count", count));
                return Ok(());
            }
            Named::Nobody => {
                steps.push(Step::Enter(draft.contact.clone(), draft.posts.clone()));
                Action::Create
            }
            Named::One(person, contact) => {
                for post in draft.posts.iter().filter(|post| !person.posts.contains(post)) {
                    changes.push(Change::new(Field::PersonPosts, "", post.name()));
                    steps.push(Step::Take(person.id, *post));
                }
                if let Some((change, step)) =
                    another_number(person.id, contact, &draft.contact.phone, Field::PersonPhone)
                {
                    changes.push(change);
                    steps.push(step);
                }
                if steps.is_empty() { Action::Same } else { Action::Change }
            }
        };
        let code = format!("{} {}", draft.unit.0, draft.contact.name);
        let detail = Detail::Person { name: draft.contact.name, posts: draft.posts };
        let (row, unit, name) = (draft.row, draft.unit, self.known.name_of(Some(draft.unit)));
        self.plan.rows.push(RowPlan { row, unit, name, code, action, changes, detail, steps, depth: 0 });
        Ok(())
    }
}

impl Cells<'_> {
    fn posts(&mut self, text: &str) -> Vec<Post> {
        match posts::posts(text) {
            Ok(posts) => {
                if posts.is_empty() && !self.has(Field::PersonPosts) {
                    self.note(Field::PersonPosts, "intake-post-missing");
                }
                posts
            }
            Err(word) => {
                self.wrong(Field::PersonPosts, "intake-post-unknown", word);
                Vec::new()
            }
        }
    }
}
