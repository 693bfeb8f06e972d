//! What a school must know of its guards 保安员 besides name and post. **The event's types are decoded for ever.**

use journal::Vault;
use kernel::{
    Date, PersonId, Refusal, limits,
    text::{narrow, visible},
};
use serde::{Deserialize, Serialize};
use storage::{StorageError, Tx, params};

use super::PersonState;
use crate::numbers_of_people::number_in;

/// Characters of a certificate's number.
const CERTIFICATE_CHARS: usize = 40;

/// Who employs a guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Employer {
    /// The school itself.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// Text of `person.guard_facts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardText {
    /// The guard company's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub company: String,
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

pub(super) fn checked(record: &GuardRecord, today: Date) -> Result<GuardRecord, Refusal> {
    let long = |text: &str, most: usize, field: &'static str| {
        let over = text.chars().count() > most;
        if over { Err(Refusal::new("text-too-long").with("most", most).on(field)) } else { Ok(()) }
    };
    let certificate = narrow(&visible(&record.papers.certificate)).trim().to_uppercase();
    let company = visible(&record.text.company).trim().to_owned();
    long(&certificate, CERTIFICATE_CHARS, "certificate")?;
    long(&company, limits::NAME_CHARS, "company")?;
    if let Some(number) = number_in(&company) {
        return Err(number.refusal().on("company"));
    }
    for (field, day) in [("born", record.papers.born), ("since", record.facts.since)] {
        if let Some(day) = day.filter(|day| *day > today) {
            return Err(Refusal::new("date-in-future").with("date", day).on(field));
        }
    }
    Ok(GuardRecord {
        facts: GuardFacts { certified: record.facts.certified || !certificate.is_empty(), ..record.facts },
        text: GuardText { company },
        papers: GuardPapers { certificate, born: record.papers.born },
    })
}

/// What is known of a guard; `None` for everybody else. The caller answers for [`kernel::Part::Personal`] being
/// visible to whoever asks, and logs the read.
///
/// # Errors
/// Whatever the database answers.
pub fn guard_record(tx: &mut Tx, vault: &Vault, id: PersonId) -> Result<Option<GuardRecord>, StorageError> {
    let found = tx.first("SELECT state, guard FROM person WHERE id = ?1", params![id], |row| {
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
