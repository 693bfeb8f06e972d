//! The state diagram of a report, drawn by trying every act at every state that can be reached: it cannot differ from the
//! code.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::Arc,
};

use hazard::Note;
use journal::{Context, Standing};
use kernel::{Actor, ActorId, PersonId, StreamId, Timestamp, UnitId};
use rules::RuleBook;
use uuid::Uuid;

use crate::{
    choice::usual,
    report::{
        Number, ReportCommand, ReportDraft, ReportFacts, ReportState, StageCode, decide, evolve, somewhere,
    },
};

/// 2026-03-02 09:00, a Monday.
const START: Timestamp = Timestamp(1_772_413_200_000);

type Edges = BTreeSet<(Option<StageCode>, &'static str, StageCode)>;

fn standing(number: u128) -> Standing {
    Standing {
        actor: Actor::person(ActorId(Uuid::from_u128(number))),
        person: Some(PersonId(Uuid::from_u128(number))),
        home: None,
        grants: Vec::new(),
        permissions: Arc::from([access::names::GUARDS_DRAFT, access::names::GUARDS_SIGN]),
        unit_path: String::new(),
    }
}

/// Everything worth trying: who drafts is not who signs.
fn tries() -> Vec<(&'static str, u128, ReportCommand)> {
    let note = || Note { note: "请核对在校人数".to_owned(), photos: Vec::new() };
    let sign = |passed| ReportCommand::Sign { passed, document_number: String::new(), note: note() };
    let draft = ReportDraft {
        county: UnitId(Uuid::from_u128(1)),
        addressee: "县人民政府".to_owned(),
        request: "请协调补齐保安配备缺口".to_owned(),
    };
    vec![
        ("拟稿", 1, ReportCommand::Draft(draft)),
        ("送签", 1, ReportCommand::Submit),
        ("签发", 2, sign(true)),
        ("退回修改", 2, sign(false)),
        ("作废", 1, ReportCommand::Withdraw(note())),
    ]
}

fn attempt(
    facts: &ReportFacts,
    from: Option<&ReportState>,
    (who, command): (u128, &ReportCommand),
) -> Option<ReportState> {
    let standing = standing(who);
    let stream = StreamId(Uuid::from_u128(9));
    let context = Context { stream, now: START, standing: &standing };
    let events = decide(from, command, facts, &context).ok().filter(|events| !events.is_empty())?;
    let mut state = from.cloned();
    for event in &events {
        let stamp = journal::Stamp {
            event_id: kernel::EventId::NIL,
            stream,
            version: 0,
            actor: standing.actor.id,
            at: START,
            unit: UnitId(Uuid::from_u128(1)),
        };
        state = evolve(state, event, &stamp);
    }
    state
}

fn walk(facts: &ReportFacts) -> Edges {
    let mut edges = Edges::new();
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<Option<ReportState>> = vec![None];
    while let Some(from) = waiting.pop() {
        for (name, who, command) in tries() {
            let Some(to) = attempt(facts, from.as_ref(), (who, &command)) else { continue };
            edges.insert((from.as_ref().map(|from| from.stage.code()), name, to.stage.code()));
            if seen.insert(to.stage.code()) {
                waiting.push(Some(to));
            }
        }
    }
    edges
}

/// In Mermaid, with Chinese labels. When the rules in the binary cannot be read, it says so instead.
pub(crate) fn diagram() -> String {
    let rules = match RuleBook::embedded() {
        Ok(rules) => rules,
        Err(errors) => return errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    };
    let mut facts = ReportFacts::new(rules);
    let today = START.local_date();
    facts.next = Number { year: today.year(), serial: 1 };
    facts.chosen = usual(&facts.rules, today);
    facts.places = vec![somewhere(UnitId(Uuid::from_u128(1)))];
    draw(&walk(&facts))
}

fn draw(edges: &Edges) -> String {
    let mut out = String::from("stateDiagram-v2\n");
    // Writing into a string cannot fail.
    let mut line = |text: std::fmt::Arguments<'_>| {
        let _ = writeln!(out, "    {text}");
    };
    for stage in StageCode::ALL {
        line(format_args!("{}: {}", stage.name(), crate::words::stage(language::Lang::ZhCn, *stage)));
    }
    let mut lines: BTreeMap<(Option<StageCode>, StageCode), Vec<&str>> = BTreeMap::new();
    for (from, name, to) in edges {
        lines.entry((*from, *to)).or_default().push(name);
    }
    for ((from, to), names) in &lines {
        line(format_args!(
            "{} --> {}: {}",
            from.map_or("[*]", StageCode::name),
            to.name(),
            names.join(" / ")
        ));
    }
    for stage in [StageCode::Signed, StageCode::Withdrawn] {
        line(format_args!("{} --> [*]", stage.name()));
    }
    out
}

/// The page of the documentation around the diagram.
pub fn diagram_page() -> String {
    format!(
        "# 保安配备缺口报告状态图\n\nDrawn by `guards::diagram_page()` from what the code decides; `cargo xtask diagrams` \
         writes it again. Acts that leave the stage as it is are arrows onto themselves.\n\n```mermaid\n{}```\n",
        diagram()
    )
}
