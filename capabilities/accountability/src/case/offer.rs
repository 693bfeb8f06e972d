//! What somebody could do with a case now. Nothing here knows who may do what: every form of the record's page is tried
//! against the very decision that would answer it, filled in as well as it can be.

use hazard::{Note, Photo};
use journal::{Context, Standing};
use kernel::{StreamId, Timestamp, UnitId};
use rules::RuleBook;

use super::{
    command::{CaseCommand, FindingDraft},
    decide::decide,
    event::Verdict,
    facts::CaseFacts,
    state::CaseState,
    subject::need,
};

/// Every form, with the values of its buttons that lead to different decisions, in the order in which a page names them.
const FORMS: &[(&str, &[&str])] = &[
    ("state", &[""]),
    ("find", &[""]),
    ("submit", &[""]),
    ("review", &["pass", "back"]),
    ("conclude", &["pass", "back"]),
    ("handle", &[""]),
    ("report", &[""]),
    ("check", &["pass", "back"]),
    ("extend", &[""]),
    ("call-off", &[""]),
];

/// The acts that have a form, by their names in addresses.
pub(crate) fn acts() -> impl Iterator<Item = &'static str> {
    FORMS.iter().map(|(act, _)| *act)
}

/// A form that would be answered with yes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Offer {
    /// Its name in addresses.
    pub act: &'static str,
    /// The buttons.
    pub choices: Vec<&'static str>,
    /// The sides it may be about.
    pub sides: Vec<UnitId>,
}

/// Who looks at which case when.
#[derive(Clone, Copy)]
pub(crate) struct Looking<'a> {
    pub state: &'a CaseState,
    pub standing: &'a Standing,
    /// Sides for which whoever looks answers.
    pub own: &'a [UnitId],
    pub rules: &'a RuleBook,
    pub now: Timestamp,
}

impl Looking<'_> {
    /// The forms that the decision would accept now.
    pub(crate) fn offers(self) -> Vec<Offer> {
        let offer = |(act, values): &(&'static str, &'static [&'static str])| {
            let mut offer = Offer { act, choices: Vec::new(), sides: Vec::new() };
            for one in &self.state.sides {
                let unit = one.side.unit;
                let passing = values.iter().copied().filter(|value| self.passes(act, value, unit));
                let passing: Vec<&'static str> = passing.collect();
                if !passing.is_empty() {
                    offer.sides.push(unit);
                    offer.choices = passing;
                }
            }
            (!offer.sides.is_empty()).then_some(offer)
        };
        FORMS.iter().filter_map(offer).collect()
    }

    fn passes(self, act: &str, value: &str, side: UnitId) -> bool {
        let Some(command) = self.filled_in(act, value == "pass", side) else { return false };
        let mut facts = CaseFacts::new(self.rules.clone());
        facts.acts_for = self.own.contains(&side);
        let context = Context { stream: StreamId::NIL, now: self.now, standing: self.standing };
        self.standing.satisfies(need(&command))
            && decide(Some(self.state), &command, &facts, &context).is_ok_and(|events| !events.is_empty())
    }

    fn filled_in(self, act: &str, passed: bool, side: UnitId) -> Option<CaseCommand> {
        use CaseCommand as C;
        let note = Note { note: "已经逐项核实".to_owned(), photos: vec![Photo("0".repeat(64))] };
        let document_number = "示例〔2026〕1号".to_owned();
        Some(match act {
            "state" => C::State { side, note },
            "find" => C::Find(Box::new(FindingDraft {
                side: Some(side),
                verdict: Some(Verdict::Done),
                facts: "各时限均按期完成".to_owned(),
                basis: "县级隐患治理规定".to_owned(),
                ..FindingDraft::default()
            })),
            "submit" => C::Submit,
            "review" => C::Review { passed, note },
            "conclude" => {
                C::Conclude { passed, document_number, although: "已经核实原因".to_owned(), note }
            }
            "handle" => C::Handle { side, document_number, note },
            "report" => C::ReportMeasures { side, note },
            "check" => C::CheckMeasures { side, passed, note },
            "extend" => C::Extend(note),
            "call-off" => C::CallOff(note),
            _ => return None,
        })
    }
}
