//! 保安配备缺口报告: drafted by the office, signed by a leader, addressed to the government whose duty it is. Its numbers are
//! frozen in the event that signs it.

mod decide;
mod event;
mod offer;
mod state;

use std::sync::{Arc, PoisonError, RwLock};

use hazard::Note;
use journal::{Context, Evidence, Need, Saving, Stamp, Subject};
use kernel::{Refusal, UnitId};
use organisation::UnitKind;
use rules::RuleBook;
use serde::Serialize;
use storage::{StorageError, Tx, params};

pub use self::{
    decide::ReportFacts,
    event::{Line, Names, Number, ReportEvent},
    state::{ReportState, StageCode},
};
pub(crate) use self::{
    decide::{decide, lines_now},
    offer::{ACTS, offers, somewhere},
    state::evolve,
};
use crate::query;

/// A report as somebody typed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportDraft {
    /// The county.
    pub county: UnitId,
    /// The government it is addressed to.
    pub addressee: String,
    /// What is asked of it.
    pub request: String,
}

/// What may be asked of a report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum ReportCommand {
    /// 拟稿、修改
    Draft(ReportDraft),
    /// 送签
    Submit,
    /// 签发, or sent back
    Sign {
        /// Signed; otherwise sent back.
        passed: bool,
        /// 文号; may be empty.
        document_number: String,
        /// Why it was sent back.
        note: Note,
    },
    /// 作废
    Withdraw(Note),
}

/// The kind of stream. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct Report {
    rules: Arc<RwLock<RuleBook>>,
}

impl Report {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }
}

pub(crate) const fn need(command: &ReportCommand) -> Need {
    match command {
        ReportCommand::Sign { .. } => Need::Permission(access::names::GUARDS_SIGN),
        ReportCommand::Draft(_) | ReportCommand::Submit | ReportCommand::Withdraw(_) => {
            Need::Permission(access::names::GUARDS_DRAFT)
        }
    }
}

impl Subject for Report {
    const KIND: &'static str = "guard_report";
    const TABLE: &'static str = "guard_report";
    const SHAPE: i64 = 1;
    type State = ReportState;
    type Event = ReportEvent;
    type Command = ReportCommand;
    type Facts = ReportFacts;

    fn need(&self, _: Option<&ReportState>, command: &ReportCommand) -> Need {
        need(command)
    }

    fn unit(&self, state: Option<&ReportState>, command: &ReportCommand) -> UnitId {
        match (state, command) {
            (Some(state), _) => state.county,
            (None, ReportCommand::Draft(draft)) => draft.county,
            (None, _) => UnitId::NIL,
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&ReportState>,
        command: &ReportCommand,
        context: &Context<'_>,
    ) -> Result<ReportFacts, StorageError> {
        let mut facts = ReportFacts::new(self.rules.read().unwrap_or_else(PoisonError::into_inner).clone());
        let today = context.now.local_date();
        match (command, state) {
            (ReportCommand::Draft(draft), _) => {
                let unit = organisation::unit_brief(tx, draft.county)?;
                facts.of_county = unit.is_some_and(|unit| unit.kind == UnitKind::County);
                facts.places = query::places_of_county(tx, draft.county)?;
            }
            (ReportCommand::Sign { passed: true, .. }, Some(report)) => {
                facts.next = query::next_number(tx, report.county, today.year())?;
                facts.chosen = query::chosen(tx, &facts.rules, Some(report.county), today)?;
                facts.places = query::places_of_county(tx, report.county)?;
                facts.reading = journal::reading(tx)?;
            }
            _ => {}
        }
        Ok(facts)
    }

    fn decide(
        &self,
        state: Option<&ReportState>,
        command: &ReportCommand,
        facts: &ReportFacts,
        context: &Context<'_>,
    ) -> Result<Vec<ReportEvent>, Refusal> {
        decide(state, command, facts, context)
    }

    fn rules(&self, facts: &ReportFacts) -> String {
        facts.rules.stamp()
    }

    fn evolve(state: Option<ReportState>, event: &ReportEvent, stamp: &Stamp) -> Option<ReportState> {
        evolve(state, event, stamp)
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        save(tx, saving)
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        tx.write("DELETE FROM guard_report", params![])?;
        tx.write("DELETE FROM guard_report_line", params![])
    }

    fn unit_of(state: &ReportState) -> UnitId {
        state.county
    }

    fn evidence(event: &ReportEvent, _: &ReportState) -> Vec<Evidence> {
        match event {
            // M13: the government was told what is lacking.
            ReportEvent::Signed(_) => {
                vec![Evidence { kind: "guards.shortfall_reported", measure: "M13", amount: 1 }]
            }
            ReportEvent::Drafted(_)
            | ReportEvent::Submitted(_)
            | ReportEvent::SentBack(_)
            | ReportEvent::Withdrawn(_) => Vec::new(),
        }
    }
}

fn save(tx: &mut Tx, saving: &Saving<'_, Report>) -> Result<(), StorageError> {
    let new = saving.new;
    let signature = new.stage.signature();
    tx.write(
        "INSERT INTO guard_report (id, version, shape, state, county_id, stage, addressee, begun_at, begun_year, year,
            serial, signed_at, required, evidenced, lacking, schools)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape, state = excluded.state,
            stage = excluded.stage, addressee = excluded.addressee, year = excluded.year, serial = excluded.serial,
            signed_at = excluded.signed_at, required = excluded.required, evidenced = excluded.evidenced,
            lacking = excluded.lacking, schools = excluded.schools",
        params![
            saving.id,
            saving.version,
            Report::SHAPE,
            saving.state,
            new.county,
            new.stage.code().name(),
            new.addressee.as_deref().unwrap_or_default(),
            new.begun_at,
            new.begun_at.local_date().year(),
            signature.map(|signed| signed.number.year),
            signature.map(|signed| signed.number.serial),
            signature.map(|signed| signed.at),
            signature.map(|signed| signed.required),
            signature.map(|signed| signed.evidenced),
            signature.map(|signed| signed.lacking),
            signature.map(|signed| signed.short),
        ],
    )?;
    for (_, event) in saving.events {
        let ReportEvent::Signed(parts) = event else { continue };
        let names = parts.text.as_ref().map(|text| text.names.as_slice()).unwrap_or_default();
        for (nth, line) in parts.core.lines.iter().enumerate() {
            let fault = |e: serde_json::Error| StorageError::Other(format!("report {}: {e}", saving.id));
            let json = serde_json::to_string(line).map_err(fault)?;
            let named = serde_json::to_string(&names.get(nth).cloned().unwrap_or_default()).map_err(fault)?;
            tx.write(
                "INSERT INTO guard_report_line (report_id, nth, unit_id, line, names) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (report_id, nth) DO NOTHING",
                params![saving.id, nth, line.unit, &json, &named],
            )?;
        }
    }
    Ok(())
}
