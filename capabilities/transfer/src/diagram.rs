//! The state diagram, drawn by trying every act at every state that can be reached: it cannot differ from the code.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::Arc,
};

use hazard::{Note, Photo};
use journal::{Context, Doer, Standing};
use kernel::{Actor, ActorId, Coded, PersonId, StreamId, Timestamp, UnitId};
use rules::RuleBook;
use uuid::Uuid;

use crate::{
    command::{ReceiptDraft, ReplyDraft, Signatory, TransferCommand},
    decide::decide,
    event::{Answer, Channel, Kind, Number, Urging, Way},
    evolve::evolve,
    facts::TransferFacts,
    state::{Letter, Stage, StageCode, TransferState},
};

/// 2026-03-02 09:00, a Monday.
const START: Timestamp = Timestamp(1_772_413_200_000);
const DAY: i64 = Timestamp::DAY_MS;

/// From, act, to; `None` is before the draft.
type Edges = BTreeSet<(Option<StageCode>, &'static str, StageCode)>;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A letter as it is drafted; what a draft reads of its hazard needs one.
fn begun() -> TransferState {
    let (unit, hazard) = (UnitId(id(1)), StreamId(id(2)));
    TransferState {
        hazard,
        hazard_number: hazard::Number { year: 2026, serial: 1 },
        unit,
        township: None,
        central: None,
        county: Some(UnitId(id(3))),
        former: None,
        begun_at: START,
        letter: Letter {
            kind: Coded::Known(Kind::HandOver),
            department: StreamId(id(4)),
            department_name: None,
            unit_name: None,
            category: "H12".to_owned(),
            level: None,
            place: None,
            found: None,
            found_at: START,
            request: None,
            reply_by: START.plus_ms(20 * DAY),
            photos: Vec::new(),
            drafter: Doer { actor: ActorId(id(11)), person: Some(PersonId(id(11))) },
            earlier: Vec::new(),
        },
        stage: Stage::Drafted {},
        open_link: None,
        links: 0,
        replies: 0,
        urged_at: None,
        marks: BTreeMap::new(),
    }
}

/// Everything worth trying.
fn tries() -> Vec<(&'static str, TransferCommand)> {
    use TransferCommand as C;
    let note = || Note { note: "请再核对期限".to_owned(), photos: Vec::new() };
    let sign = |passed| C::Sign { passed, document_number: String::new(), note: note() };
    let signatory =
        || Signatory {
            office: "办公室".to_owned(), name: "收文人".to_owned(), post: "科员".to_owned()
        };
    let on = Some(START);
    let reply = |answer| {
        C::Reply(Box::new(ReplyDraft {
            way: Way::Paper,
            link: None,
            on,
            answer,
            promise: Some(START.plus_ms(15 * DAY)),
            words: "已到现场查处".to_owned(),
            whose: String::new(),
            signatory: signatory(),
            photos: vec![Photo("0".repeat(64))],
        }))
    };
    let received =
        ReceiptDraft { way: Way::Paper, link: None, on, signatory: signatory(), photos: Vec::new() };
    vec![
        ("送签", C::Submit),
        ("签发", sign(true)),
        ("退回修改", sign(false)),
        ("送出", C::Send { channel: Channel::Paper, on, note: note() }),
        ("生成链接", C::MakeLink),
        ("停用链接", C::RevokeLink),
        ("签收", C::Receive(Box::new(received))),
        ("受理", reply(Answer::TakenOn)),
        ("办结", reply(Answer::Done)),
        ("退回", reply(Answer::NotOurs)),
        ("请求续报", C::AskAgain { until: Some(START.plus_ms(15 * DAY)), note: note() }),
        ("催办", C::Urge { how: Urging::Telephone, note: note() }),
        ("撤回", C::Withdraw(note())),
    ]
}

fn standing() -> Standing {
    Standing {
        actor: Actor::person(ActorId(id(12))),
        person: Some(PersonId(id(12))),
        home: None,
        grants: Vec::new(),
        permissions: Arc::from([access::names::TRANSFER_DRAFT, access::names::TRANSFER_SIGN]),
        unit_path: String::new(),
    }
}

/// What `command` makes of `from`; `None` when it is refused or changes nothing.
fn attempt(facts: &TransferFacts, from: &TransferState, command: &TransferCommand) -> Option<TransferState> {
    let standing = standing();
    let stream = StreamId(id(9));
    let context = Context { stream, now: START, standing: &standing };
    let events = decide(Some(from), command, facts, &context).ok().filter(|events| !events.is_empty())?;
    let mut state = Some(from.clone());
    for event in &events {
        let stamp = journal::Stamp {
            event_id: kernel::EventId::NIL,
            stream,
            version: 0,
            actor: standing.actor.id,
            at: START,
            unit: from.unit,
        };
        state = evolve(state, event, &stamp);
    }
    state
}

/// What tells states apart here.
fn key(state: &TransferState) -> (StageCode, bool, bool) {
    (state.stage.code(), state.replies > 0, state.open_link.is_some())
}

fn walk(facts: &TransferFacts) -> Edges {
    let first = begun();
    let mut edges = Edges::from([(None, "拟稿", first.stage.code())]);
    edges.insert((Some(StageCode::Drafted), "修改稿子", StageCode::Drafted));
    let mut seen = BTreeSet::from([key(&first)]);
    let mut waiting = vec![first];
    while let Some(from) = waiting.pop() {
        for (name, command) in tries() {
            let Some(to) = attempt(facts, &from, &command) else { continue };
            edges.insert((Some(from.stage.code()), name, to.stage.code()));
            if seen.insert(key(&to)) {
                waiting.insert(0, to);
            }
        }
    }
    edges
}

/// The state diagram of a letter in Mermaid, with Chinese labels, drawn from what the code decides. When the rules in
/// the binary cannot be read, it says so instead.
pub(crate) fn diagram() -> String {
    let rules = match RuleBook::embedded() {
        Ok(rules) => rules,
        Err(errors) => return errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    };
    let mut facts = TransferFacts::new(rules);
    facts.next = Number { year: 2026, serial: 1 };
    draw(&walk(&facts))
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
    for stage in StageCode::ALL.iter().filter(|stage| !stage.is_running()) {
        line(&mut out, format_args!("{} --> [*]", state(*stage)));
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
        "# 抄告函、移送函状态图\n\nDrawn by `transfer::diagram_page()` from what the code decides; `cargo xtask diagrams` \
         writes it again. Acts that leave the stage as it is are arrows onto themselves.\n\n```mermaid\n{}```\n",
        diagram()
    )
}
