//! What somebody could do with a listing now. Nothing here knows who may do what: every form of the record's page is tried
//! against the very decision that would answer it, filled in as well as it can be.

use hazard::{Note, Photo};
use journal::{Context, Standing};
use kernel::{PersonId, StreamId, Timestamp, UnitId};
use rules::RuleBook;
use uuid::Uuid;

use crate::{
    command::{CheckDraft, NoticeDraft, SupervisionCommand},
    decide::decide,
    event::{Control, Number},
    facts::SupervisionFacts,
    state::SupervisionState,
    subject::need,
};

/// Every form, with the values of its buttons that lead to different decisions, in the order in which a page names them.
const FORMS: &[(&str, &[&str])] = &[
    ("control", &[""]),
    ("draft", &[""]),
    ("submit", &[""]),
    ("review", &["pass", "back"]),
    ("sign", &["pass", "back"]),
    ("receive", &[""]),
    ("apply", &[""]),
    ("check", &["pass", "back"]),
    ("sign-check", &[""]),
    ("delist", &["pass", "back"]),
    ("waive", &[""]),
];

/// The acts that have a form, by their names in addresses.
pub fn acts() -> impl Iterator<Item = &'static str> {
    FORMS.iter().map(|(act, _)| *act)
}

/// Who looks at which listing when.
#[derive(Clone, Copy)]
pub(crate) struct Looking<'a> {
    pub state: &'a SupervisionState,
    pub standing: &'a Standing,
    pub rules: &'a RuleBook,
    pub now: Timestamp,
}

impl Looking<'_> {
    /// The forms that the decision would accept now, each with the buttons it would accept.
    pub(crate) fn offers(self) -> Vec<(&'static str, Vec<&'static str>)> {
        let offer = |(act, values): &(&'static str, &'static [&'static str])| {
            let passing: Vec<&'static str> =
                values.iter().copied().filter(|value| self.passes(act, value)).collect();
            (!passing.is_empty()).then_some((*act, passing))
        };
        FORMS.iter().filter_map(offer).collect()
    }

    fn passes(self, act: &str, value: &str) -> bool {
        let Some(command) = self.filled_in(act, value == "pass") else { return false };
        let mut facts = SupervisionFacts::new(self.rules.clone());
        facts.may_supervise = true;
        facts.next = Number { year: self.now.local_date().year(), serial: 1 };
        let context = Context { stream: StreamId::NIL, now: self.now, standing: self.standing };
        self.standing.satisfies(need(&command))
            && decide(Some(self.state), &command, &facts, &context).is_ok_and(|events| !events.is_empty())
    }

    fn filled_in(self, act: &str, passed: bool) -> Option<SupervisionCommand> {
        use SupervisionCommand as C;
        let note = Note { note: "已经现场核实".to_owned(), photos: vec![Photo("0".repeat(64))] };
        let document_number = String::new();
        Some(match act {
            "control" => C::Control { measure: Control::StopUse, note },
            "draft" => C::Draft(NoticeDraft {
                supervisor: Some(UnitId::NIL),
                deadline: Some(self.now.plus_ms(Timestamp::DAY_MS)),
                requirements: "限期完成加固并组织专家验收".to_owned(),
                copies: String::new(),
            }),
            "submit" => C::Submit,
            "review" => C::Review { passed, note },
            "sign" => C::Sign { passed, document_number, note },
            "waive" => C::Waive(note),
            "receive" => C::Receive(note),
            "apply" => C::AskDelisting(note),
            "check" => C::Check(Box::new(CheckDraft {
                passed,
                on: Some(self.now),
                checkers: [1, 2].map(|n| PersonId(Uuid::from_u128(n))).to_vec(),
                note,
                ..CheckDraft::default()
            })),
            "sign-check" => C::SignCheck,
            "delist" => C::Delist { passed, document_number, note },
            _ => return None,
        })
    }
}
