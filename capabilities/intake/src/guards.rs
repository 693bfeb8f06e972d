//! 保安: who guards which school, with certificate and employment.

use std::collections::BTreeMap;

use documents::{TableRow, narrow};
use journal::Vault;
use kernel::{Date, Problem, Timestamp, UnitId, limits, text::person_name};
use organisation::{
    Contact, Employer, GuardFacts, GuardPapers, GuardRecord, GuardText, Post, guard_record,
    identifiers::mobile,
};
use storage::Tx;

use crate::{
    cells::Cells,
    day::month,
    field::{Field, plain},
    known::Known,
    numbers,
    people::{Named, OTHER_NUMBER, Seen, Staff, another_number},
    plan::{Action, Change, Detail, Plan, RowPlan, Sheet, Step},
    row::{self, CellProblem, problem},
};

/// Least and most age in years that a cell may say.
const AGES: std::ops::RangeInclusive<u32> = 10..=99;
/// Years in days, for an age without a day of birth.
const YEAR_DAYS: f64 = 365.25;

/// A day among the facts of a guard.
type Day = fn(&mut GuardFacts) -> &mut Option<Date>;

/// Days of papers, with their columns; what the file leaves open stays as it is known.
const DAYS: [(Field, Day); 6] = [
    (Field::CertifiedOn, |facts| &mut facts.certified_on),
    (Field::CertifiedUntil, |facts| &mut facts.certified_until),
    (Field::BackgroundOn, |facts| &mut facts.background_on),
    (Field::HealthOn, |facts| &mut facts.health_on),
    (Field::HealthUntil, |facts| &mut facts.health_until),
    (Field::TrainedOn, |facts| &mut facts.trained_on),
];

/// A row as it was meant.
struct Draft {
    row: u32,
    unit: UnitId,
    school: String,
    contact: Contact,
    record: GuardRecord,
    /// What the file leaves open stays as it is known.
    says: Says,
}

/// Which columns are in the file.
#[derive(Clone, Copy)]
struct Says {
    certificate: bool,
    full_time: bool,
    employer: bool,
    company: bool,
    born: bool,
    since: bool,
}

struct Guards<'a> {
    known: Known,
    columns: &'a BTreeMap<Field, usize>,
    sheet: &'a Sheet<'a>,
    plan: Plan,
    people: Staff,
}

/// The dry run of a list of guards. Writes nothing.
pub(crate) fn plan(
    tx: &mut Tx,
    vault: &Vault,
    known: Known,
    columns: &BTreeMap<Field, usize>,
    sheet: &Sheet<'_>,
) -> Result<Plan, Problem> {
    let mut guards = Guards { known, columns, sheet, plan: Plan::default(), people: Staff::default() };
    let mut seen = Seen::default();
    for row in sheet.rows {
        if row::is_passed_over(sheet.content, row, columns) {
            guards.plan.passed_over += 1;
            continue;
        }
        let before = guards.plan.problems.len();
        let Some(draft) = guards.read(row) else { continue };
        if let Some(first) = seen.before(draft.unit, &draft.contact, draft.row) {
            let twice = guards.at(draft.row, Field::GuardName, "intake-guard-twice").with("row", first);
            guards.plan.problems.push(twice);
        }
        if guards.plan.problems.len() == before {
            guards.compare(tx, vault, draft)?;
        }
    }
    guards.plan.problems.sort_by_key(|p| (p.row, p.column));
    Ok(guards.plan)
}

impl Guards<'_> {
    fn at(&self, row: u32, field: Field, code: &'static str) -> CellProblem {
        problem(row, self.columns, field, code)
    }

    fn read(&mut self, row: &TableRow) -> Option<Draft> {
        let mut cells = Cells::new(row, self.columns, &mut self.plan.problems);
        let mut short = |field: Field| cells.short(field, limits::NAME_CHARS).unwrap_or_default();
        let (school, code) = (short(Field::Name), short(Field::Code));
        let (certificate, mut company) = (short(Field::Certificate), short(Field::Company));
        let name = person_name(&cells.name(Field::GuardName).unwrap_or_default());
        if name.is_empty() && !cells.has(Field::GuardName) {
            cells.note(Field::GuardName, "intake-guard-name-missing");
        }
        if school.is_empty() && code.is_empty() {
            // A name that was there and is no name was said already.
            if !cells.has(Field::Name) {
                cells.note(Field::Name, "intake-name-missing");
            }
        }
        let phone = cells.phone(Field::GuardPhone);
        let ((born, month_only), since) = (cells.born(), cells.day(Field::GuardSince));
        let age = cells.age();
        let mut facts = GuardFacts { since, ..GuardFacts::default() };
        for (field, day) in DAYS {
            *day(&mut facts) = cells.day(field);
        }
        let says = |field: Field| !cells.is_blank(field);
        let says = Says {
            certificate: says(Field::Certificate),
            full_time: says(Field::FullTime),
            employer: says(Field::Employer) || !company.is_empty(),
            company: !company.is_empty(),
            born: born.is_some(),
            since: since.is_some(),
        };
        let full_time = cells.full_time();
        let employer = cells.employer(!company.is_empty());
        if numbers::blot_out(&mut company) {
            let notice = self.at(row.number, Field::Company, "intake-number-taken-out");
            self.plan.notices.push(notice);
        }
        if month_only {
            let notice = self.at(row.number, Field::Born, "intake-born-month");
            self.plan.notices.push(notice);
        }
        self.check_age(row.number, born, age);
        let unit = self.school(row.number, &code, &school)?;
        let certificate = narrow(&certificate).replace(' ', "").to_uppercase();
        // 有 says that there is one, and not which.
        let (certified, certificate) = match certificate.as_str() {
            "有" | "是" | "已取得" | "持证" => (true, String::new()),
            "无" | "否" | "没有" | "未取得" => (false, String::new()),
            _ => (!certificate.is_empty(), certificate),
        };
        let record = GuardRecord {
            facts: GuardFacts { certified, full_time, employer, ..facts },
            text: GuardText { company, ..GuardText::default() },
            papers: GuardPapers { certificate, born },
        };
        let contact = Contact { name, phone, identity: String::new() };
        let school = self.known.name_of(Some(unit));
        Some(Draft { row: row.number, unit, school, contact, record, says })
    }

    fn school(&mut self, row: u32, code: &str, name: &str) -> Option<UnitId> {
        match self.known.open_institution(code, name)? {
            Ok(unit) => Some(unit),
            Err((wrong, shown)) => {
                let problem = self.at(row, Field::Name, wrong).with("value", shown);
                self.plan.problems.push(problem);
                None
            }
        }
    }

    /// Under age is a problem; over the local limit is only said.
    fn check_age(&mut self, row: u32, born: Option<Date>, age: Option<u32>) {
        let now = self.sheet.now;
        let field = if born.is_some() { Field::Born } else { Field::Age };
        let begun = match (born, age) {
            (Some(born), _) => Timestamp::at_start_of(born),
            (None, Some(age)) => {
                #[expect(clippy::cast_possible_truncation, reason = "at most 99 years")]
                let days = (f64::from(age) * YEAR_DAYS).ceil() as i64;
                now.plus_ms(-days * Timestamp::DAY_MS)
            }
            (None, None) => return,
        };
        let reached = |rule: &str| self.sheet.rules.opened(rule, Timestamp::at_end_of(self.sheet.today)).ok();
        if reached("guard.age.min").is_some_and(|latest| begun.local_date() > latest.local_date()) {
            let problem = self.at(row, field, "intake-guard-young");
            self.plan.problems.push(problem);
        } else if reached("guard.age.max").is_some_and(|first| begun.local_date() < first.local_date()) {
            let notice = self.at(row, field, "intake-guard-old");
            self.plan.notices.push(notice);
        }
    }

    fn compare(&mut self, tx: &mut Tx, vault: &Vault, draft: Draft) -> Result<(), Problem> {
        let named = self.people.named(tx, vault, draft.unit, &draft.contact)?;
        let (mut changes, mut steps) = (Vec::new(), Vec::new());
        let action = match named {
            Named::Several(count) => {
                let which = self.at(draft.row, Field::GuardName, "intake-person-which");
                self.plan.problems.push(which.with("count", count));
                return Ok(());
            }
            Named::Nobody => {
                steps.push(Step::EnterGuard(draft.contact.clone(), Box::new(draft.record.clone())));
                Action::Create
            }
            Named::One(person, contact) => {
                if !person.posts.contains(&Post::Guard) {
                    changes.push(Change::new(Field::GuardName, "", &draft.contact.name));
                    steps.push(Step::Take(person.id, Post::Guard));
                }
                if let Some((change, step)) =
                    another_number(person.id, contact, &draft.contact.phone, Field::GuardPhone)
                {
                    changes.push(change);
                    steps.push(step);
                }
                let known = guard_record(tx, vault, person.id)?;
                let record = filled(known.as_ref(), &draft);
                if known.as_ref() != Some(&record) {
                    changes.extend(differences(known.as_ref(), &record));
                    steps.push(Step::Guard(person.id, Box::new(record)));
                }
                if steps.is_empty() { Action::Same } else { Action::Change }
            }
        };
        let facts = &draft.record.facts;
        let detail = Detail::Guard {
            name: draft.contact.name.clone(),
            certified: facts.certified,
            full_time: facts.full_time,
        };
        let code = format!("{} {}", draft.unit.0, draft.contact.name);
        let (row, unit, name) = (draft.row, draft.unit, draft.school);
        self.plan.rows.push(RowPlan { row, unit, name, code, action, changes, detail, steps, depth: 0 });
        Ok(())
    }
}

/// The file's word where it says something, else what is known.
fn filled(known: Option<&GuardRecord>, draft: &Draft) -> GuardRecord {
    let mut record = draft.record.clone();
    let Some(known) = known else { return record };
    let says = draft.says;
    // What no column says.
    let GuardFacts { until, training_hours, filed_on, campus, ref shift, .. } = known.facts;
    let shift = shift.clone();
    record.facts = GuardFacts { until, training_hours, filed_on, campus, shift, ..record.facts };
    record.text.licence.clone_from(&known.text.licence);
    record.text.place.clone_from(&known.text.place);
    let mut before = known.facts.clone();
    for (_, day) in DAYS {
        let (new, old) = (day(&mut record.facts), day(&mut before));
        *new = new.or(*old);
    }
    if !says.certificate || (record.facts.certified && record.papers.certificate.is_empty()) {
        record.papers.certificate.clone_from(&known.papers.certificate);
        record.facts.certified |= known.facts.certified && !says.certificate;
    }
    if !says.full_time {
        record.facts.full_time = known.facts.full_time;
    }
    if !says.employer {
        record.facts.employer = known.facts.employer;
    }
    if !says.company {
        record.text.company.clone_from(&known.text.company);
    }
    if !says.born {
        record.papers.born = known.papers.born;
    }
    if !says.since {
        record.facts.since = known.facts.since;
    }
    record
}

/// What differs; numbers of certificates and days of birth are not shown.
fn differences(known: Option<&GuardRecord>, new: &GuardRecord) -> Vec<Change> {
    let yes = |truth: bool| if truth { "yes" } else { "no" }.to_owned();
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let told = |r: &GuardRecord| {
        let mut facts = r.facts.clone();
        let papers = DAYS.map(|(field, of)| (field, day(*of(&mut facts))));
        let plain = [
            (Field::Certificate, yes(r.facts.certified)),
            (Field::FullTime, if r.facts.full_time { "full" } else { "part" }.to_owned()),
            (Field::Employer, r.facts.employer.name().to_owned()),
            (Field::Company, r.text.company.clone()),
            (Field::GuardSince, day(r.facts.since)),
        ];
        plain.into_iter().chain(papers).collect::<Vec<_>>()
    };
    let nothing = || told(new).into_iter().map(|(field, _)| (field, String::new())).collect();
    let old = known.map(told).unwrap_or_else(nothing);
    let mut changes: Vec<Change> = old
        .iter()
        .zip(told(new))
        .map(|((field, old), (_, new))| Change::new(*field, old, &new))
        .filter(|change| change.old != change.new)
        .collect();
    if changes.is_empty() {
        let papers = known.is_some_and(|r| r.papers.certificate != new.papers.certificate);
        let field = if papers { Field::Certificate } else { Field::Born };
        changes.push(Change::new(field, OTHER_NUMBER, OTHER_NUMBER));
    }
    changes
}

impl Cells<'_> {
    /// A mobile number without blanks; it is never repeated in a sentence.
    pub(crate) fn phone(&mut self, field: Field) -> String {
        let number = self.text(field).map(|text| narrow(&text).replace([' ', '-'], "")).unwrap_or_default();
        if !number.is_empty() && !mobile(&number) {
            self.note(field, "intake-phone");
        }
        number
    }

    /// 出生年月 often ends with the month: then the first day, and true.
    fn born(&mut self) -> (Option<Date>, bool) {
        let month = self.columns.get(&Field::Born).and_then(|column| month(self.row.cell(*column)));
        match month {
            Some(first) => (Some(first), true),
            None => (self.day(Field::Born), false),
        }
    }

    fn age(&mut self) -> Option<u32> {
        let text = self.text(Field::Age)?;
        let plain = narrow(&text);
        let age = plain.trim().trim_end_matches(['岁', '周']).parse::<u32>().ok();
        let age = age.filter(|age| AGES.contains(age));
        if age.is_none() {
            self.wrong(Field::Age, "intake-number", &text);
        }
        age
    }

    /// 专职 when nothing is said: part-time guards are listed and not counted, so nobody becomes one unsaid.
    fn full_time(&mut self) -> bool {
        let Some(text) = self.text(Field::FullTime) else { return true };
        match plain(&text).as_str() {
            "专职" | "全职" | "是" | "专" | "full" | "fulltime" => true,
            "兼职" | "否" | "兼" | "part" | "parttime" => false,
            _ => {
                self.wrong(Field::FullTime, "intake-full-time-unknown", &text);
                true
            }
        }
    }

    fn employer(&mut self, company: bool) -> Employer {
        let by_company = if company { Employer::Company } else { Employer::School };
        let Some(text) = self.text(Field::Employer) else { return by_company };
        let plain = plain(&text);
        let one = |words: &[&str]| words.iter().any(|word| plain.contains(word));
        if one(&["公司", "派遣", "派驻", "外包", "购买服务", "劳务", "company"]) {
            Employer::Company
        } else if one(&["自聘", "学校", "自招", "自行", "自雇", "编内", "在编", "公益", "school"])
        {
            Employer::School
        } else {
            self.wrong(Field::Employer, "intake-employer-unknown", &text);
            by_company
        }
    }
}
