//! Compares the rows of a ledger with each other and with what is known; decides each new one without writing it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use documents::narrow;
use hazard::{CarriedPeople, CarriedText, CarryOver, Photo, Rehearsal, StageCode, stages_of};
use journal::Vault;
use kernel::{PersonId, Problem, Refusal, StreamId, Timestamp, UnitId, text::name_key};
use sha2::{Digest, Sha256};
use storage::Tx;

use super::read::{Draft, Reading};
use crate::{
    batch::Masked,
    field::Field,
    known::{Institution, Known},
    people::Staff,
    photos::NotFound,
    plan::{Action, Detail, Plan, RowPlan, Sheet, Step},
    row::{self, CellProblem, problem},
};

/// A row as it would be asked.
struct Ready {
    id: StreamId,
    asked: CarryOver,
    school: String,
    /// Fields of the command that the row does not fill. It is not written; what else is wrong with it is said all
    /// the same.
    lacks: Vec<&'static str>,
}

struct Ledger<'a> {
    known: Known,
    columns: &'a BTreeMap<Field, usize>,
    sheet: &'a Sheet<'a>,
    plan: Plan,
    people: Staff,
    schools: HashMap<(String, String), Institution>,
    used: BTreeSet<usize>,
    rehearsal: Rehearsal,
}

/// The dry run of a ledger. Writes nothing.
pub(crate) fn plan(
    tx: &mut Tx,
    vault: &Vault,
    known: Known,
    columns: &BTreeMap<Field, usize>,
    sheet: &Sheet<'_>,
) -> Result<Plan, Problem> {
    let mut ledger = Ledger {
        known,
        columns,
        sheet,
        plan: Plan::default(),
        people: Staff::default(),
        schools: HashMap::new(),
        used: BTreeSet::new(),
        rehearsal: Rehearsal::new(sheet.rules.clone(), sheet.now),
    };
    ledger.withheld();
    ledger.masked();
    let drafts = ledger.drafts();
    let mut ready = Vec::with_capacity(drafts.len());
    let mut seen: HashMap<StreamId, u32> = HashMap::new();
    for draft in drafts {
        let row = ledger.ready(tx, vault, draft)?;
        if !row.lacks.is_empty() {
            ledger.lacking(tx, &row)?;
            continue;
        }
        match seen.get(&row.id) {
            Some(first) => {
                let twice =
                    ledger.at(row.asked.row, Field::Description, "intake-row-twice").with("row", first);
                ledger.plan.notices.push(twice);
                ledger.plan.passed_over += 1;
            }
            None => {
                seen.insert(row.id, row.asked.row);
                ready.push(row);
            }
        }
    }
    ledger.decide(tx, ready)?;
    Ok(ledger.finished())
}

/// The same for the same row of any file: a longer ledger with the old rows in it finds them again. The number in
/// front of the row (序号) is not part of it, since it changes whenever a row is inserted or the ledger is sorted.
fn fingerprint(unit: UnitId, draft: &Draft, found_at: Timestamp) -> StreamId {
    let mut hash = Sha256::new();
    hash.update(b"hazard-ledger");
    for text in [&draft.description, &draft.place, &draft.number].map(|text| letters(text)) {
        hash.update(unit.0.as_bytes());
        hash.update(text.as_bytes());
        hash.update([0x1f]);
    }
    hash.update(found_at.local_date().to_string().as_bytes());
    let mut bytes = [0; 10];
    bytes.iter_mut().zip(hash.finalize().iter()).for_each(|(to, from)| *to = *from);
    StreamId(uuid::Builder::from_unix_timestamp_millis(found_at.unsigned_millis(), &bytes).into_uuid())
}

/// Letters and digits alone: another blank or sign is no other hazard.
fn letters(text: &str) -> String {
    narrow(text).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Ledger<'_> {
    fn at(&self, row: u32, field: Field, code: &'static str) -> CellProblem {
        problem(row, self.columns, field, code)
    }

    /// Rows that were not kept, since they look like a case for the restricted file.
    fn withheld(&mut self) {
        for row in self.sheet.withheld {
            let code = if row.named { "hazard-category-restricted" } else { "hazard-text-restricted" };
            let args = vec![("category", row.category.clone())];
            let problem = CellProblem { row: row.row, column: Some(row.column), field: None, code, args };
            self.plan.problems.push(problem);
        }
    }

    /// Cells in which numbers of people were blotted out.
    fn masked(&mut self) {
        for Masked { row, column } in self.sheet.masked.iter().copied() {
            let notice = CellProblem {
                row,
                column: Some(column),
                field: None,
                code: "intake-number-masked",
                args: Vec::new(),
            };
            self.plan.notices.push(notice);
        }
    }

    /// The rows read. A school's name merged over several rows stands in the first of them only.
    fn drafts(&mut self) -> Vec<Draft> {
        let reading = Reading {
            rules: self.sheet.rules,
            options: self.sheet.options,
            columns: self.columns,
            funds_label: self.sheet.label(self.columns.get(&Field::Funds).copied()),
        };
        let mut drafts = Vec::new();
        let mut above = (String::new(), String::new());
        for row in self.sheet.rows {
            if row::is_passed_over(self.sheet.content, row, self.columns) {
                self.plan.passed_over += 1;
                continue;
            }
            let mut draft = reading.row(row, &mut self.plan.problems, &mut self.plan.notices);
            if !draft.school.is_empty() || !draft.code.is_empty() {
                above = (draft.school.clone(), draft.code.clone());
            } else if above.0.is_empty() && above.1.is_empty() {
                self.plan.problems.push(problem(
                    row.number,
                    self.columns,
                    Field::Name,
                    "intake-name-missing",
                ));
            } else {
                (draft.school, draft.code) = above.clone();
                let merged = problem(row.number, self.columns, Field::Name, "intake-name-above");
                self.plan.notices.push(merged.with("value", &draft.school));
            }
            drafts.push(draft);
        }
        drafts
    }

    /// The row as it would be asked, with what it lacks.
    fn ready(&mut self, tx: &mut Tx, vault: &Vault, draft: Draft) -> Result<Ready, Problem> {
        let unit = self.school(&draft);
        let (before, after) = (self.photos(&draft, false), self.photos(&draft, true));
        let lacks = [
            ("unit", unit.is_none()),
            ("found_at", draft.found.is_none()),
            ("category", draft.category.is_empty()),
            ("description", draft.description.is_empty()),
        ];
        let lacks = lacks.into_iter().filter(|(_, lacks)| *lacks).map(|(field, _)| field).collect();
        let responsible = match unit {
            Some(unit) => self.responsible(tx, vault, unit, &draft)?,
            None => None,
        };
        let unit = unit.unwrap_or(UnitId::NIL);
        let found_at = Timestamp::at_start_of(draft.found.unwrap_or_else(|| self.sheet.now.local_date()));
        let start = |day: Option<kernel::Date>| day.map(Timestamp::at_start_of);
        let id = fingerprint(unit, &draft, found_at);
        let number = if draft.number.is_empty() { draft.serial } else { draft.number };
        let asked = CarryOver {
            unit,
            category: draft.category,
            level: draft.level,
            source: draft.source,
            found_at,
            closed: draft.closed,
            due: draft.due.map(Timestamp::at_end_of),
            responsible,
            funds_cents: draft.funds_cents,
            fixed_at: start(draft.fixed),
            closed_at: start(draft.closed_on.or(draft.fixed).filter(|_| draft.closed)),
            ledger_number: number,
            row: draft.row,
            text: CarriedText {
                description: draft.description,
                place: draft.place,
                measures: draft.measures,
                funds: draft.funds,
                contingency: draft.contingency,
                remark: draft.remark,
                photos: before,
                after,
            },
            people: CarriedPeople {
                found_by: draft.found_by,
                responsible: draft.responsible,
                accepted_by: draft.accepted_by,
            },
        };
        let school = self.known.name_of(Some(unit));
        Ok(Ready { id, asked, school, lacks })
    }

    /// What is wrong with a row besides what it lacks.
    fn lacking(&mut self, tx: &mut Tx, row: &Ready) -> Result<(), Problem> {
        let Err(refusals) = self.rehearsal.stage(tx, &row.asked)? else { return Ok(()) };
        let no_day = row.lacks.contains(&"found_at");
        for refusal in refusals {
            let said = refusal.fields.iter().any(|field| row.lacks.contains(field));
            // Without a day nothing lies before it.
            let baseless = no_day && refusal.code == "hazard-before-found";
            if !(said || baseless) {
                self.refused(row.asked.row, &refusal);
            }
        }
        Ok(())
    }

    fn school(&mut self, draft: &Draft) -> Option<UnitId> {
        if draft.school.is_empty() && draft.code.is_empty() {
            return None;
        }
        let key = (draft.code.clone(), draft.school.clone());
        let known = &self.known;
        let found = *self.schools.entry(key).or_insert_with(|| known.institution(&draft.code, &draft.school));
        let (code, shown) = match found {
            Institution::One(unit) => return Some(unit),
            Institution::Unknown => ("intake-school-unknown", &draft.school),
            Institution::Several => ("intake-name-ambiguous", &draft.school),
        };
        let shown = if shown.is_empty() { &draft.code } else { shown };
        let problem = self.at(draft.row, Field::Name, code).with("value", shown);
        self.plan.problems.push(problem);
        None
    }

    /// The person of that name at the school, if there is exactly one.
    fn responsible(
        &mut self,
        tx: &mut Tx,
        vault: &Vault,
        unit: UnitId,
        draft: &Draft,
    ) -> Result<Option<PersonId>, Problem> {
        if draft.closed || draft.responsible.is_empty() {
            return Ok(None);
        }
        let people = self.people.of(tx, vault, unit)?;
        let wanted = name_key(&draft.responsible);
        let mut named = people.iter().filter(|person| name_key(&person.name) == wanted);
        if let (Some(person), None) = (named.next(), named.next()) {
            return Ok(Some(person.id));
        }
        let notice = self.at(draft.row, Field::Responsible, "intake-responsible-unknown");
        self.plan.notices.push(notice.with("value", &draft.responsible));
        Ok(None)
    }

    fn photos(&mut self, draft: &Draft, after: bool) -> Vec<Photo> {
        let (field, names) =
            if after { (Field::PhotosAfter, &draft.after) } else { (Field::PhotosBefore, &draft.before) };
        let mut photos = Vec::new();
        for name in names {
            // Line breaks in a cell have become blanks.
            let parts: Vec<&str> = name.split(' ').filter(|part| !part.is_empty()).collect();
            let each = |name: &str| self.sheet.album.find(name);
            let found: Result<Vec<usize>, NotFound> = match each(name) {
                Ok(at) => Ok(vec![at]),
                Err(why) => parts.iter().map(|part| each(part)).collect::<Result<_, _>>().map_err(|_| why),
            };
            match found {
                Ok(places) => {
                    photos.extend(places.iter().filter_map(|at| self.sheet.album.photo(*at)));
                    self.used.extend(places);
                }
                Err(why) => self.not_found(draft.row, field, name, why),
            }
        }
        photos.dedup();
        photos
    }

    fn not_found(&mut self, row: u32, field: Field, name: &str, why: NotFound) {
        let code = match why {
            NotFound::Missing => "intake-photo-missing",
            NotFound::Several => "intake-photo-several",
        };
        let problem = self.at(row, field, code).with("value", name);
        self.plan.missing_photos += 1;
        let told =
            if self.sheet.options.without_photos { &mut self.plan.notices } else { &mut self.plan.problems };
        told.push(problem);
    }

    fn decide(&mut self, tx: &mut Tx, ready: Vec<Ready>) -> Result<(), Problem> {
        let ids: Vec<StreamId> = ready.iter().map(|row| row.id).collect();
        let known = stages_of(tx, &ids)?;
        for row in ready {
            if let Some(stage) = known.get(&row.id) {
                self.known_row(row, *stage);
                continue;
            }
            match self.rehearsal.stage(tx, &row.asked)? {
                Ok(stage) => self.push(row, Action::Create, stage),
                Err(refusals) => refusals.iter().for_each(|refusal| self.refused(row.asked.row, refusal)),
            }
        }
        Ok(())
    }

    /// What happened here since counts; what the ledger says by now does not.
    fn known_row(&mut self, row: Ready, stage: StageCode) {
        let here_open = stage.is_open();
        let historic = stage == StageCode::CarriedOver;
        if (row.asked.closed && here_open) || (!row.asked.closed && historic) {
            let notice = self.at(row.asked.row, Field::Status, "intake-row-went-on");
            self.plan.notices.push(notice);
        }
        self.push(row, Action::Same, stage);
    }

    fn push(&mut self, row: Ready, action: Action, stage: StageCode) {
        let Ready { id, asked, school, .. } = row;
        let detail = Detail::Hazard {
            what: asked.text.description.clone(),
            category: self.category(&asked.category),
            level: asked.level,
            stage,
            photos: asked.text.photos.len() + asked.text.after.len(),
        };
        self.plan.rows.push(RowPlan {
            row: asked.row,
            unit: asked.unit,
            name: school,
            code: id.to_string(),
            action,
            changes: Vec::new(),
            detail,
            steps: match action {
                Action::Create | Action::Change => vec![Step::CarryOver(id, Box::new(asked))],
                Action::Same => Vec::new(),
            },
            depth: 0,
        });
    }

    fn category(&self, code: &str) -> rules::Text {
        let named = self.sheet.rules.category(code).map(|category| category.name.clone());
        named.unwrap_or_else(|| rules::Text { zh: code.into(), en: code.into() })
    }

    /// A refusal of the hazard's own rules, at the cell it speaks of.
    fn refused(&mut self, row: u32, refusal: &Refusal) {
        let field = refusal.fields.first().and_then(|name| field_of(name));
        let column = field.and_then(|field| self.columns.get(&field).copied());
        let problem = CellProblem { row, column, field, code: refusal.code, args: refusal.args.clone() };
        self.plan.problems.push(problem);
    }

    fn finished(mut self) -> Plan {
        let bad: HashSet<u32> = self.plan.problems.iter().map(|p| p.row).collect();
        self.plan.rows.retain(|row| !bad.contains(&row.row));
        let album = self.sheet.album;
        let unused = album.names().enumerate().filter(|(at, _)| !self.used.contains(at));
        self.plan.unused_photos = unused.map(|(_, name)| name.to_owned()).collect();
        self.plan.problems.sort_by_key(|p| (p.row, p.column));
        self.plan.notices.sort_by_key(|p| (p.row, p.column));
        self.plan
    }
}

/// The column behind a field of the command.
pub(crate) fn field_of(name: &str) -> Option<Field> {
    Some(match name {
        "unit" => Field::Name,
        "category" => Field::Category,
        "source" => Field::Source,
        "found_at" => Field::FoundOn,
        "fixed_at" => Field::FixedOn,
        "closed_at" => Field::ClosedOn,
        "due" => Field::Due,
        "funds" => Field::Funds,
        "description" => Field::Description,
        "place" => Field::Place,
        "measures" => Field::Measures,
        "contingency" => Field::Contingency,
        "remark" => Field::Remark,
        "photos" => Field::PhotosBefore,
        "found_by" => Field::FoundBy,
        "responsible" => Field::Responsible,
        "accepted_by" => Field::AcceptedBy,
        "ledger_number" => Field::LedgerNumber,
        _ => return None,
    })
}
