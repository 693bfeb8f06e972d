//! 情况澄清: asked for, drafted, signed by somebody else, or refused.

use std::sync::{Arc, RwLock};

use journal::{Context, Payload, Stamp, Standing, Subject};
use kernel::{EventId, Refusal, StreamId};
use supervision::Number;

use super::support::*;
use crate::{
    Answer, Clarification, ClarificationCommand, ClarificationDraft, ClarificationEvent, ClarificationFacts,
    ClarificationStage, ClarificationState, Hand, Purpose,
    case::OfHazard,
    clarification::{Issue, need},
    reading::Reading,
};

#[derive(Clone)]
struct Desk {
    now: kernel::Timestamp,
    state: Option<ClarificationState>,
    events: Vec<ClarificationEvent>,
    facts: ClarificationFacts,
}

impl Desk {
    fn new() -> Self {
        let number = hazard::Number { year: 2026, serial: 17 };
        let facts = ClarificationFacts {
            next: Number { year: 2026, serial: 3 },
            hazard: Some(OfHazard { number, unit: school(), county: Some(county()) }),
            name: "第一小学".to_owned(),
            reading: Reading { position: 40, digest: "cd".repeat(32) },
            hands: vec![Hand { actor: head().actor.id, unit: "第一小学".to_owned() }],
            post: "county_leader".to_owned(),
            ..ClarificationFacts::new(RULES.clone())
        };
        Self { now: START, state: None, events: Vec::new(), facts }
    }

    fn ask(
        &self,
        standing: &Standing,
        command: &ClarificationCommand,
    ) -> Result<Vec<ClarificationEvent>, Refusal> {
        if !standing.satisfies(need(command)) {
            return Err(Refusal::new("forbidden"));
        }
        let context = Context { stream: StreamId::NIL, now: self.now, standing };
        let subject = Clarification::new(Arc::new(RwLock::new(RULES.clone())));
        subject.decide(self.state.as_ref(), command, &self.facts, &context)
    }

    fn code(&self, standing: &Standing, command: &ClarificationCommand) -> &'static str {
        self.ask(standing, command).expect_err("a refusal was expected").code
    }

    fn done(&mut self, standing: &Standing, command: &ClarificationCommand) -> Vec<&'static str> {
        let events = self.ask(standing, command).unwrap_or_else(|refusal| panic!("{command:?}: {refusal:?}"));
        let names =
            events.iter().map(|one| one.event_type().0.trim_start_matches("clarification.")).collect();
        for event in events {
            let stamp = Stamp {
                event_id: EventId::NIL,
                stream: StreamId::NIL,
                version: self.events.len() as u64 + 1,
                actor: standing.actor.id,
                at: self.now,
                unit: school(),
            };
            self.state = Clarification::evolve(self.state.take(), &event, &stamp);
            self.events.push(event);
        }
        self.now = self.now.plus_ms(HOUR);
        names
    }

    fn stage(&self) -> ClarificationStage {
        self.state.as_ref().unwrap().code()
    }
}

fn request() -> ClarificationDraft {
    ClarificationDraft {
        hazard: hazard_id(),
        unit: school(),
        purpose: Some(Purpose::Claim),
        recipient: "某财产保险公司师宗支公司".to_owned(),
        claim: "称学校发现栏杆松动后未采取任何措施".to_owned(),
    }
}

fn asking(draft: ClarificationDraft) -> ClarificationCommand {
    ClarificationCommand::Ask(Box::new(draft))
}

fn drafting() -> ClarificationCommand {
    ClarificationCommand::Draft {
        statement: "学校在各时限内登记、封闭并报修，已经尽职。".to_owned(),
        basis: "隐患排查治理规定第五条".to_owned(),
    }
}

fn answering(answer: Answer, although: &str) -> ClarificationCommand {
    ClarificationCommand::Answer {
        answer,
        document_number: "师教体澄〔2026〕1号".to_owned(),
        although: although.to_owned(),
        note: said("请补充封闭时间"),
    }
}

fn issue() -> ClarificationCommand {
    ClarificationCommand::Issue(Box::new(Issue {
        case: case_id(),
        case_number: Number { year: 2026, serial: 1 },
        hazard: hazard_id(),
        hazard_number: hazard::Number { year: 2026, serial: 17 },
        unit: school(),
        name: "第一小学".to_owned(),
        school: school(),
        county: Some(county()),
        rules: vec!["hazard.takeon".to_owned()],
        reading: Reading { position: 40, digest: "cd".repeat(32) },
        although: Some("停电抢修两日".to_owned()),
        document_number: "师教体责〔2026〕1号".to_owned(),
        post: "county_leader".to_owned(),
        by: Some(person(3)),
    }))
}

fn asked() -> Desk {
    let mut desk = Desk::new();
    desk.done(&head(), &asking(request()));
    desk
}

fn drafted() -> Desk {
    let mut desk = asked();
    desk.done(&finder(), &drafting());
    desk
}

/// Lives in which everything happens once.
pub fn lives() -> Vec<ClarificationEvent> {
    let mut desk = drafted();
    desk.done(&leader(), &answering(Answer::Back, ""));
    desk.done(&finder(), &drafting());
    desk.now = START.plus_ms(30 * DAY);
    desk.done(&system(), &ClarificationCommand::Tick { clock: "answer".to_owned() });
    desk.facts.missed = 1;
    desk.done(&leader(), &answering(Answer::Sign, "停电抢修两日，已当面报告"));
    let mut refused = asked();
    refused.done(&leader(), &answering(Answer::Refuse, ""));
    let mut issued = Desk::new();
    issued.facts.missed = 1;
    issued.done(&system(), &issue());
    [desk.events, refused.events, issued.events].concat()
}

#[test]
fn the_school_asks_the_office_writes_and_a_leader_signs() {
    let mut desk = Desk::new();
    assert_eq!(desk.done(&head(), &asking(request())), ["asked"]);
    let state = desk.state.as_ref().unwrap();
    assert_eq!(state.answer.as_ref().unwrap().rule, "clarification.answer");
    assert_eq!(desk.code(&leader(), &answering(Answer::Sign, "")), "clarification-wrong-stage");
    assert_eq!(desk.done(&finder(), &drafting()), ["drafted"]);
    assert_eq!(desk.code(&finder(), &answering(Answer::Sign, "")), "forbidden");
    assert_eq!(desk.code(&head(), &drafting()), "forbidden");
    assert_eq!(desk.done(&leader(), &answering(Answer::Sign, "")), ["signed"]);
    let signature = desk.state.as_ref().unwrap().signature().unwrap();
    assert_eq!((signature.number.to_string().as_str(), signature.reading.position), ("2026-003", 40));
    // What is signed stays as it is.
    for command in [drafting(), answering(Answer::Sign, ""), answering(Answer::Refuse, "")] {
        let by = if matches!(command, ClarificationCommand::Draft { .. }) { finder() } else { leader() };
        assert_eq!(desk.code(&by, &command), "clarification-wrong-stage");
    }
}

#[test]
fn whoever_wrote_it_does_not_sign_it() {
    let mut desk = drafted();
    let promoted = who(1, access::Role::CountyLeader);
    assert_eq!(desk.code(&promoted, &answering(Answer::Sign, "")), "clarification-another-signs");
    desk.done(&leader(), &answering(Answer::Back, ""));
    assert_eq!(desk.stage(), ClarificationStage::Asked);
    desk.done(&reviewer(), &drafting());
    assert_eq!(desk.code(&promoted, &answering(Answer::Sign, "")), "clarification-another-signs");
    desk.done(&leader(), &answering(Answer::Sign, ""));
}

#[test]
fn a_paper_does_not_pass_over_what_was_missed() {
    let mut desk = drafted();
    desk.facts.missed = 2;
    for although in ["", "无"] {
        assert_eq!(desk.code(&leader(), &answering(Answer::Sign, although)), "clarification-although");
    }
    desk.done(&leader(), &answering(Answer::Sign, "停电抢修两日，已当面报告"));
    assert_eq!(desk.state.as_ref().unwrap().signature().unwrap().missed, 2);
}

#[test]
fn a_request_says_for_whom_and_what_is_claimed() {
    let refused = |change: fn(&mut ClarificationDraft)| {
        let mut draft = request();
        change(&mut draft);
        let refusal = Desk::new().ask(&head(), &asking(draft)).unwrap_err();
        (refusal.code, refusal.fields.first().copied())
    };
    assert_eq!(refused(|d| d.purpose = None), ("field-choose", Some("purpose")));
    assert_eq!(refused(|d| d.recipient.clear()), ("text-missing", Some("recipient")));
    assert_eq!(refused(|d| d.claim = "无".to_owned()), ("accountability-filler", Some("claim")));
    assert_eq!(refused(|d| d.claim = "联系13912345678".to_owned()), ("text-mobile", Some("claim")));
    // A dispute is what it is about; what concerns a child's safety has its own way.
    let mut dispute = request();
    dispute.claim = "家长索赔并信访，称学校没有采取措施".to_owned();
    assert!(Desk::new().ask(&head(), &asking(dispute)).is_ok());
    let other = |d: &mut ClarificationDraft| d.claim = "家长索赔，称学生被猥亵".to_owned();
    assert_eq!(refused(other), ("hazard-text-restricted", Some("claim")));
    let mut desk = Desk::new();
    desk.facts.open = true;
    assert_eq!(desk.code(&head(), &asking(request())), "clarification-open-already");
    assert_eq!(desk.code(&who(8, access::Role::Teacher), &asking(request())), "forbidden");
}

#[test]
fn it_is_refused_with_a_reason_and_asked_anew() {
    let mut desk = asked();
    let no_reason = ClarificationCommand::Answer {
        answer: Answer::Refuse,
        document_number: String::new(),
        although: String::new(),
        note: said(""),
    };
    assert_eq!(desk.code(&leader(), &no_reason), "text-missing");
    desk.done(&leader(), &answering(Answer::Refuse, ""));
    assert_eq!((desk.stage(), desk.state.as_ref().unwrap().turn()), (ClarificationStage::Refused, None));
}

#[test]
fn a_conclusion_issues_it_once() {
    let mut desk = Desk::new();
    assert_eq!(desk.code(&leader(), &issue()), "forbidden");
    assert_eq!(desk.done(&system(), &issue()), ["issued"]);
    assert_eq!(desk.ask(&system(), &issue()).unwrap(), []);
    assert_eq!(desk.stage(), ClarificationStage::Signed);
    let signature = desk.state.as_ref().unwrap().signature().unwrap();
    assert_eq!((signature.by, signature.although.as_str()), (Some(person(3)), "停电抢修两日"));
}

#[test]
fn an_answer_that_is_late_is_warned_of_and_nothing_more() {
    let mut desk = asked();
    desk.now = START.plus_ms(60 * DAY);
    let clock = ClarificationCommand::Tick { clock: "answer".to_owned() };
    assert_eq!(desk.done(&system(), &clock), ["deadline_warned"]);
    assert_eq!(desk.done(&system(), &clock), Vec::<&str>::new());
    assert_eq!(desk.stage(), ClarificationStage::Asked);
}
