//! What somebody could do with a letter now. Nothing here knows who may do what: every form of the record's page is tried
//! against the very decision that would answer it, filled in as well as it can be.

use hazard::{Note, Photo};
use journal::{Context, Standing};
use kernel::{StreamId, Timestamp};
use rules::RuleBook;

use crate::{
    command::{ReceiptDraft, ReplyDraft, Signatory, TransferCommand},
    decide::decide,
    event::{Answer, Channel, Number, Urging, Way},
    facts::TransferFacts,
    state::{Stage, TransferState},
    subject::need,
};

/// Every form, with the values of its buttons that lead to different decisions, in the order in which a page names them.
const FORMS: &[(&str, &[&str])] = &[
    ("draft", &[""]),
    ("submit", &[""]),
    ("sign", &["pass", "back"]),
    ("send", &[""]),
    ("link", &[""]),
    ("receive", &[""]),
    ("reply", &[""]),
    ("urge", &[""]),
    ("ask-again", &[""]),
    ("revoke-link", &[""]),
    ("withdraw", &[""]),
];

/// The acts that have a form, by their names in addresses.
pub fn acts() -> impl Iterator<Item = &'static str> {
    FORMS.iter().map(|(act, _)| *act)
}

/// Who looks at which letter when.
#[derive(Clone, Copy)]
pub(crate) struct Looking<'a> {
    pub state: &'a TransferState,
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
        // What a draft says of the hazard is looked up when it is sent; here its stage alone decides.
        if act == "draft" {
            return matches!(self.state.stage, Stage::Drafted {})
                && self.standing.may(access::names::TRANSFER_DRAFT);
        }
        let Some(command) = self.filled_in(act, value == "pass") else { return false };
        let mut facts = TransferFacts::new(self.rules.clone());
        facts.next = Number { year: self.now.local_date().year(), serial: 1 };
        let context = Context { stream: StreamId::NIL, now: self.now, standing: self.standing };
        self.standing.satisfies(need(&command))
            && decide(Some(self.state), &command, &facts, &context).is_ok_and(|events| !events.is_empty())
    }

    fn filled_in(self, act: &str, passed: bool) -> Option<TransferCommand> {
        use TransferCommand as C;
        let note = Note { note: "已经电话核实".to_owned(), photos: Vec::new() };
        let on = Some(self.now);
        let signatory =
            Signatory {
                office: "办公室".to_owned(), name: "收文人".to_owned(), post: "科员".to_owned()
            };
        Some(match act {
            "submit" => C::Submit,
            "sign" => C::Sign { passed, document_number: String::new(), note },
            "send" => C::Send { channel: Channel::Paper, on, note },
            "link" => C::MakeLink,
            "revoke-link" => C::RevokeLink,
            "receive" => C::Receive(Box::new(ReceiptDraft {
                way: Way::Telephone,
                link: None,
                on,
                signatory,
                photos: Vec::new(),
            })),
            "reply" => C::Reply(Box::new(ReplyDraft {
                way: Way::Paper,
                link: None,
                on,
                answer: Answer::Done,
                promise: None,
                words: "已到现场查处并整改到位".to_owned(),
                whose: String::new(),
                signatory,
                photos: vec![Photo("0".repeat(64))],
            })),
            "urge" => C::Urge { how: Urging::Telephone, note },
            "ask-again" => C::AskAgain { until: Some(self.now.plus_ms(Timestamp::DAY_MS)), note },
            "withdraw" => C::Withdraw(note),
            _ => return None,
        })
    }
}
