//! The state diagram, drawn by trying every act at every state that can be reached: it cannot differ from the code.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::Arc,
};

use hazard::Note;
use journal::{Context, Stamp, Standing};
use kernel::{Actor, ActorId, EventId, PersonId, StreamId, Timestamp, UnitId};
use organisation::Seat;
use rules::RuleBook;
use uuid::Uuid;

use crate::{
    command::{PublicReportCommand, Reception},
    decide::decide,
    event::Answer,
    evolve::evolve,
    facts::{HazardSeen, PlaceSeen, PublicReportFacts},
    state::{PublicReportState, StageCode},
};

/// 2026-03-02 09:00, a Monday.
const START: Timestamp = Timestamp(1_772_413_200_000);

/// From, act, to; `None` is before anything was sent.
type Edges = BTreeSet<(Option<StageCode>, &'static str, StageCode)>;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Everything worth trying.
fn tries() -> Vec<(&'static str, PublicReportCommand)> {
    use PublicReportCommand as C;
    let words = || "已到现场看过，安排人员处理".to_owned();
    let hazard = StreamId(id(2));
    let answer = |answer, hazard| C::Answer { answer, hazard, words: words() };
    let asked = Reception {
        unit: UnitId(id(1)),
        place: StreamId(id(3)),
        category: String::new(),
        spot: String::new(),
        words: "护栏松动".to_owned(),
        photos: Vec::new(),
        telephone: false,
    };
    vec![
        ("收到", C::Receive(Box::new(asked))),
        ("转为隐患", C::TakeUp { hazard, words: words() }),
        ("已经知道", answer(Answer::Known, Some(hazard))),
        ("不属于安全隐患", answer(Answer::NotSafety, None)),
        ("现场没有找到", answer(Answer::NotFound, None)),
        ("内容无效", answer(Answer::Void, None)),
        ("退回重办", C::SendBack(Note { note: "请再到现场核实".to_owned(), photos: Vec::new() })),
    ]
}

fn facts(rules: RuleBook) -> PublicReportFacts {
    let mut facts = PublicReportFacts::new(rules);
    facts.seat = Some((Seat { institution: true, ..Seat::default() }, String::new()));
    facts.place = Some(PlaceSeen { name: String::new(), open: true });
    facts.hazard = Some(HazardSeen {
        unit: UnitId(id(1)),
        number: hazard::Number { year: 2026, serial: 1 },
        open: true,
        from_public: true,
        taken: false,
    });
    facts
}

/// What `command` makes of `from`; `None` when it is refused or changes nothing.
fn attempt(
    facts: &PublicReportFacts,
    from: Option<&PublicReportState>,
    command: &PublicReportCommand,
) -> Option<PublicReportState> {
    let standing = Standing {
        actor: Actor::person(ActorId(id(12))),
        person: Some(PersonId(id(12))),
        home: None,
        grants: Vec::new(),
        permissions: Arc::from([access::names::REPORT_ANSWER, access::names::REPORT_OVERSEE]),
        unit_path: String::new(),
    };
    let stream = StreamId(id(9));
    let context = Context { stream, now: START, standing: &standing };
    let events = decide(from, command, facts, &context).ok().filter(|events| !events.is_empty())?;
    let mut state = from.cloned();
    for event in &events {
        let stamp = Stamp {
            event_id: EventId::NIL,
            stream,
            version: 0,
            actor: standing.actor.id,
            at: START,
            unit: UnitId(id(1)),
        };
        state = evolve(state, event, &stamp);
    }
    state
}

fn walk(facts: &PublicReportFacts) -> Edges {
    let mut edges = Edges::new();
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<Option<PublicReportState>> = vec![None];
    while let Some(from) = waiting.pop() {
        for (name, command) in tries() {
            let Some(to) = attempt(facts, from.as_ref(), &command) else { continue };
            edges.insert((from.as_ref().map(|from| from.stage.code()), name, to.stage.code()));
            if seen.insert((to.stage.code(), to.sent_back_at.is_some())) {
                waiting.insert(0, Some(to));
            }
        }
    }
    edges
}

/// The state diagram of a report in Mermaid, with Chinese labels, drawn from what the code decides. When the rules in
/// the binary cannot be read, it says so instead.
pub(crate) fn diagram() -> String {
    match RuleBook::embedded() {
        Ok(rules) => draw(&walk(&facts(rules))),
        Err(errors) => errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

fn draw(edges: &Edges) -> String {
    let mut out = String::from("stateDiagram-v2\n");
    let state = |stage: StageCode| stage.name().replace('-', "_");
    for stage in StageCode::ALL {
        let said = crate::words::stage(language::Lang::ZhCn, *stage);
        line(&mut out, format_args!("{}: {said}", state(*stage)));
    }
    let mut lines: BTreeMap<(Option<StageCode>, StageCode), Vec<&str>> = BTreeMap::new();
    for (from, name, to) in edges {
        lines.entry((*from, *to)).or_default().push(name);
    }
    for ((from, to), names) in &lines {
        let from = from.map_or_else(|| "[*]".to_owned(), state);
        line(&mut out, format_args!("{from} --> {}: {}", state(*to), names.join(" / ")));
    }
    for stage in [StageCode::TakenUp, StageCode::Answered] {
        line(&mut out, format_args!("{} --> [*]", state(stage)));
    }
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a string cannot fail.
    let _ = writeln!(out, "    {text}");
}

/// The page of the documentation around the diagram.
pub fn diagram_page() -> String {
    format!(
        "# 随手拍状态图\n\nDrawn by `public_report::diagram_page()` from what the code decides; `cargo xtask diagrams` \
         writes it again. An answer is sent back once.\n\n```mermaid\n{}```\n",
        diagram()
    )
}
