//! The report: two people, numbers frozen at signing, every act at every stage.

use std::fmt::Write as _;

use hazard::Note;
use journal::{Payload, Stamp, Standing};
use kernel::Refusal;

use super::support::*;
use crate::{
    Number, ReportCommand, ReportDraft, ReportEvent, ReportFacts, ReportState, StageCode, Verdict,
    report::{ACTS, decide, evolve, need, offers},
};

pub fn facts() -> ReportFacts {
    let mut facts = ReportFacts::new(RULES.clone());
    facts.next = Number { year: 2026, serial: 1 };
    facts.chosen = Some(chosen());
    facts.places = vec![place(300, 20, 0, 1), place(1480, 120, 0, 2)];
    facts.reading = journal::Reading { position: 12, digest: "ab".repeat(32) };
    facts
}

pub fn draft() -> ReportCommand {
    ReportCommand::Draft(ReportDraft {
        county: county(),
        addressee: "县人民政府".to_owned(),
        request: "恳请统筹岗位和经费，补齐各校专职保安员".to_owned(),
    })
}

pub fn sign(passed: bool) -> ReportCommand {
    let note = Note { note: "请核对第一小学的在校人数".to_owned(), photos: Vec::new() };
    ReportCommand::Sign { passed, document_number: "师教体报〔2026〕5号".to_owned(), note }
}

fn withdraw() -> ReportCommand {
    ReportCommand::Withdraw(Note { note: "人数有误，另行拟稿".to_owned(), photos: Vec::new() })
}

pub struct Desk {
    pub state: Option<ReportState>,
    pub events: Vec<ReportEvent>,
}

impl Desk {
    pub fn new() -> Self {
        Self { state: None, events: Vec::new() }
    }

    pub fn ask(&self, by: &Standing, command: &ReportCommand) -> Result<Vec<ReportEvent>, Refusal> {
        if !by.satisfies(need(command)) {
            return Err(Refusal::new("forbidden"));
        }
        decide(self.state.as_ref(), command, &facts(), &at(by))
    }

    pub fn done(mut self, by: &Standing, command: &ReportCommand) -> Self {
        let events = self.ask(by, command).unwrap_or_else(|refusal| panic!("{refusal:?}"));
        let stamp = Stamp {
            event_id: kernel::EventId::NIL,
            stream: at(by).stream,
            version: 1,
            actor: by.actor.id,
            at: START,
            unit: county(),
        };
        for event in events {
            self.state = evolve(self.state.take(), &event, &stamp);
            self.events.push(event);
        }
        self
    }
}

fn samples() -> Vec<(&'static str, Desk)> {
    let drafted = || Desk::new().done(&office(), &draft());
    let signing = || drafted().done(&office(), &ReportCommand::Submit);
    vec![
        ("(none)", Desk::new()),
        ("drafted", drafted()),
        ("signing", signing()),
        ("signed", signing().done(&leader(), &sign(true))),
        ("withdrawn", drafted().done(&office(), &withdraw())),
    ]
}

#[test]
fn every_command_at_every_stage() {
    let mut out = String::new();
    let commands = [
        ("draft", draft()),
        ("submit", ReportCommand::Submit),
        ("sign", sign(true)),
        ("send back", sign(false)),
        ("withdraw", withdraw()),
    ];
    for (name, desk) in samples() {
        writeln!(out, "== {name}").unwrap();
        for (command, asked) in &commands {
            let people = [("office", office()), ("leader", leader()), ("head", head())];
            let said: Vec<String> = people
                .iter()
                .filter_map(|(who, by)| match desk.ask(by, asked) {
                    Err(refusal) if refusal.code == "forbidden" => None,
                    Err(refusal) => Some(format!("({}) {who}", refusal.code)),
                    Ok(events) => {
                        let names: Vec<_> =
                            events.iter().map(|event| event.event_type().0.to_uppercase()).collect();
                        Some(format!("{} {who}", names.join("+")))
                    }
                })
                .collect();
            writeln!(out, "{command:<12}{}", said.join("; ")).unwrap();
        }
        writeln!(out).unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn numbers_are_frozen_when_it_is_signed() {
    let (_, signed) = samples().into_iter().find(|(name, _)| *name == "signed").unwrap();
    let Some(ReportEvent::Signed(parts)) = signed.events.last() else { panic!("not signed") };
    let lines = &parts.core.lines;
    assert_eq!(lines.iter().map(|line| (line.evidenced, line.lacking)).collect::<Vec<_>>(), [(1, 1), (2, 0)]);
    assert_eq!((lines[0].verdict(0), lines[1].verdict(0)), (Verdict::Short(1), Verdict::Enough));
    // The annex: enough now, and not under another reading.
    assert!(lines[0].flips().next().is_none() && lines[1].flips().count() >= 2);
    let text = parts.text.as_ref().unwrap();
    assert!(text.names[1].sum.contains("学生 1,480 人") && text.names[0].township == "甲镇");
    assert_eq!(text.clauses.len(), 4);
    let state = signed.state.unwrap();
    let signature = state.stage.signature().unwrap();
    assert_eq!((signature.required, signature.evidenced, signature.lacking, signature.short), (4, 3, 1, 1));
    assert!(serde_json::to_string(&state).unwrap().len() < kernel::limits::RECORD_STATE_BYTES);
}

#[test]
fn nobody_signs_what_he_wrote() {
    let all: Vec<_> = office().permissions.iter().chain(leader().permissions.iter()).copied().collect();
    let both = Standing { permissions: all.into(), ..who(8, access::Role::CountyLeader) };
    let own = Desk::new().done(&both, &draft()).done(&both, &ReportCommand::Submit);
    assert_eq!(own.ask(&both, &sign(true)).unwrap_err().code, "guard-report-own");
    // Also when somebody else changed it since.
    let changed =
        Desk::new().done(&both, &draft()).done(&office(), &draft()).done(&office(), &ReportCommand::Submit);
    assert_eq!(changed.ask(&both, &sign(true)).unwrap_err().code, "guard-report-own");
    assert!(changed.ask(&leader(), &sign(true)).is_ok());
}

#[test]
fn words_say_something_and_hold_no_number_of_a_person() {
    let asked = |request: &str| {
        let draft =
            ReportDraft {
                county: county(), addressee: "县人民政府".to_owned(), request: request.to_owned()
            };
        Desk::new().ask(&office(), &ReportCommand::Draft(draft)).unwrap_err().code
    };
    assert_eq!(asked(""), "text-missing");
    assert_eq!(asked("按照要求落实"), "reason-filler");
    assert_eq!(asked("请联系 13812345678"), "text-mobile");
}

#[test]
fn forms_are_offered_as_the_decision_answers() {
    let offered = |desk: &Desk, by: &Standing| offers(desk.state.as_ref().unwrap(), by, &RULES, START);
    for (name, desk) in samples().iter().skip(1) {
        let (own, other) = (offered(desk, &office()), offered(desk, &leader()));
        match *name {
            "drafted" => assert_eq!((own, other), (vec!["submit", "draft", "withdraw"], vec![])),
            "signing" => assert_eq!((own, other), (vec!["withdraw"], vec!["sign", "back"])),
            _ => assert_eq!((own, other), (vec![], vec![])),
        }
        assert!(offered(desk, &head()).is_empty());
    }
    assert_eq!(ACTS.len(), 5);
}

#[test]
fn every_stage_is_in_the_matrix_and_read_back_as_it_was_written() {
    let seen: Vec<ReportState> = samples().into_iter().filter_map(|(_, desk)| desk.state).collect();
    for stage in StageCode::ALL {
        assert!(seen.iter().any(|state| state.stage.code() == *stage), "{}", stage.name());
    }
    for state in seen {
        let json = serde_json::to_string(&state).unwrap();
        assert_eq!(serde_json::from_str::<ReportState>(&json).unwrap(), state);
    }
}

#[test]
fn the_diagram_in_the_documentation_is_what_the_code_decides() {
    let path =
        std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/state-machines/guards.md");
    let page = crate::diagram_page();
    if test_support::golden::writing() {
        std::fs::write(&path, &page).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == page, "docs/state-machines/guards.md differs; XIAOAN_WRITE=1 writes it again");
}
