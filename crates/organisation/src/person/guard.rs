//! What a school must know of its guards 保安员 besides name and post. **The event's types are decoded for ever.**

use journal::Vault;
use kernel::{
    Coded, Date, PersonId, Refusal, Timestamp, limits,
    text::{narrow, visible},
};
use rules::RuleBook;
use serde::{Deserialize, Serialize};
use storage::{StorageError, Tx, params};

use super::PersonState;
use crate::numbers_of_people::number_in;

/// Characters of a certificate's number, and of the one a guard company has.
const CERTIFICATE_CHARS: usize = 40;
/// Hours of training that a year may hold.
const MOST_HOURS: u16 = 500;

kernel::named! {
    /// When a guard is on duty.
    pub enum Shift {
        /// 早班
        Early = "early",
        /// 中班
        Middle = "middle",
        /// 晚班
        Late = "late",
        /// 夜班
        Night = "night",
        /// 轮班
        Rotating = "rotating",
    }
}

/// Who employs a guard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Employer {
    /// The school itself.
    #[default]
    School,
    /// A guard company.
    Company,
}

impl Employer {
    /// The name stored in events; its text is a message of whoever shows it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::School => "school",
            Self::Company => "company",
        }
    }
}

/// Core of `person.guard_facts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardFacts {
    /// Holds a guard certificate 保安员证; its number is in the personal part.
    pub certified: bool,
    /// Full time 专职; part-time guards are listed and not counted.
    pub full_time: bool,
    /// Who employs them.
    pub employer: Employer,
    /// Guard here since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// The last day, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The day of the certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certified_on: Option<Date>,
    /// Until when it holds, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certified_until: Option<Date>,
    /// The day on which the check of the background was passed; nothing is kept of what it found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub background_on: Option<Date>,
    /// The day of the last health check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_on: Option<Date>,
    /// Until when it holds, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_until: Option<Date>,
    /// The last day of training.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trained_on: Option<Date>,
    /// Hours of training in that year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub training_hours: Option<u16>,
    /// The day on which a school that hires guards itself filed that with the police.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filed_on: Option<Date>,
    /// The campus of the school, by its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campus: Option<u16>,
    /// When on duty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<Coded<Shift>>,
}

/// Text of `person.guard_facts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardText {
    /// The guard company's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub company: String,
    /// Number of the company's licence, or of its record with the police.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub licence: String,
    /// Where on the grounds: 校门岗 ...
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
}

/// Personal part of `person.guard_facts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardPapers {
    /// Number of the certificate.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub certificate: String,
    /// Date of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<Date>,
}

/// All three together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardRecord {
    /// Codes and days.
    pub facts: GuardFacts,
    /// Words.
    pub text: GuardText,
    /// Papers.
    pub papers: GuardPapers,
}

/// What is typed is checked; by the rules, where they are at hand, nobody guards who is too young for it.
pub(super) fn checked(
    record: &GuardRecord,
    rules: Option<&RuleBook>,
    today: Date,
) -> Result<GuardRecord, Refusal> {
    let mut wrong = Wrong::default();
    let certificate = narrow(&visible(&record.papers.certificate)).trim().to_uppercase();
    wrong.note("certificate", long(&certificate, CERTIFICATE_CHARS));
    let mut said = |text: &str, most, field| wrong.note(field, words(text, most)).unwrap_or_default();
    let text = GuardText {
        company: said(&record.text.company, limits::NAME_CHARS, "company"),
        licence: said(&record.text.licence, CERTIFICATE_CHARS, "licence"),
        place: said(&record.text.place, limits::NAME_CHARS, "place"),
    };
    let born = record.papers.born;
    days(&mut wrong, &record.facts, born, today);
    if let Some(hours) = record.facts.training_hours.filter(|hours| *hours > MOST_HOURS) {
        let refusal = Refusal::new("guard-hours").with("hours", hours).with("most", MOST_HOURS);
        wrong.add("training_hours", refusal);
    }
    if let Some(born) = born.filter(|born| *born <= today) {
        wrong.note("born", of_age(born, rules, today));
    }
    wrong.told()?;
    let certified = record.facts.certified || !certificate.is_empty();
    Ok(GuardRecord {
        facts: GuardFacts { certified, ..record.facts.clone() },
        text,
        papers: GuardPapers { certificate, born },
    })
}

/// What is wrong with the papers, field by field: whoever keeps the roster mends it in one go.
#[derive(Default)]
struct Wrong(Vec<(&'static str, Refusal)>);

impl Wrong {
    fn add(&mut self, field: &'static str, refusal: Refusal) {
        self.0.push((field, refusal));
    }

    fn note<T>(&mut self, field: &'static str, checked: Result<T, Refusal>) -> Option<T> {
        checked.map_err(|refusal| self.add(field, refusal)).ok()
    }

    fn told(mut self) -> Result<(), Refusal> {
        match self.0.len() {
            0 => Ok(()),
            1 => self.0.pop().map_or(Ok(()), |(field, refusal)| Err(refusal.on(field))),
            amount => {
                let all = Refusal::new("guard-papers-wrong").with("n", amount);
                Err(self.0.into_iter().fold(all, |all, (field, refusal)| all.because(field, refusal)))
            }
        }
    }
}

fn long(text: &str, most: usize) -> Result<(), Refusal> {
    let over = text.chars().count() > most;
    if over { Err(Refusal::new("text-too-long").with("most", most)) } else { Ok(()) }
}

fn words(text: &str, most: usize) -> Result<String, Refusal> {
    let text = visible(text).trim().to_owned();
    long(&text, most)?;
    match number_in(&text) {
        Some(number) => Err(number.refusal()),
        None => Ok(text),
    }
}

/// What happened lies behind, and nothing ends before it began.
fn days(wrong: &mut Wrong, facts: &GuardFacts, born: Option<Date>, today: Date) {
    for (field, day) in [
        ("born", born),
        ("since", facts.since),
        ("certified_on", facts.certified_on),
        ("background_on", facts.background_on),
        ("health_on", facts.health_on),
        ("trained_on", facts.trained_on),
        ("filed_on", facts.filed_on),
    ] {
        if let Some(day) = day.filter(|day| *day > today) {
            wrong.add(field, Refusal::new("date-in-future").with("date", day));
        }
    }
    for (field, from, to) in [
        ("until", facts.since, facts.until),
        ("certified_until", facts.certified_on, facts.certified_until),
        ("health_until", facts.health_on, facts.health_until),
    ] {
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            wrong.add(field, Refusal::new("guard-ends-before").with("date", from));
        }
    }
}

fn of_age(born: Date, rules: Option<&RuleBook>, today: Date) -> Result<(), Refusal> {
    let latest = rules.and_then(|rules| rules.opened("guard.age.min", Timestamp::at_end_of(today)).ok());
    match latest.filter(|latest| born > latest.local_date()) {
        Some(_) => Err(Refusal::new("guard-too-young")),
        None => Ok(()),
    }
}

/// What is known of a guard; `None` for everybody else. The caller answers for [`kernel::Part::Personal`] being
/// visible to whoever asks, and logs the read.
///
/// # Errors
/// Whatever the database answers.
pub fn guard_record(tx: &mut Tx, vault: &Vault, id: PersonId) -> Result<Option<GuardRecord>, StorageError> {
    let found = tx.first("SELECT state, guard_sealed FROM person WHERE id = ?1", params![id], |row| {
        Ok((row.text(0)?, row.opt_blob(1)?))
    })?;
    let Some((state, sealed)) = found else { return Ok(None) };
    let state: PersonState =
        serde_json::from_str(&state).map_err(|e| StorageError::Other(format!("person {id}: {e}")))?;
    let Some(facts) = state.guard else { return Ok(None) };
    let (text, papers) = sealed
        .and_then(|sealed| vault.open(&sealed, id.0.as_bytes()).ok())
        .and_then(|json| serde_json::from_slice::<(GuardText, GuardPapers)>(&json).ok())
        .unwrap_or_default();
    Ok(Some(GuardRecord { facts, text, papers }))
}
