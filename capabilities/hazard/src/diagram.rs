//! The state diagram, drawn by trying every act at every state that can be reached: it cannot differ from the code.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::Arc,
};

use journal::{Context, Permission, Stamp, Standing};
use kernel::{Actor, ActorId, EventId, PersonId, StreamId, Timestamp, UnitId};
use organisation::Seat;
use rules::RuleBook;
use uuid::Uuid;

use crate::{
    HazardFacts,
    carried::{CarriedPeople, CarriedText, CarryOver},
    clocks::running,
    command::{Answer, Extension, GradeAs, HazardCommand, OnTheSpot, PlanDraft, Registration},
    decide::decide,
    event::{Note, Photo},
    evolve::evolve,
    level::{Level, StageCode},
    state::HazardState,
};

/// 2026-03-02 09:00, a Monday.
const START: Timestamp = Timestamp(1_772_413_200_000);

/// Somebody who may do everything; there are two of them, since nobody accepts his own work.
const EVERYTHING: &[Permission] = &[
    "hazard.register",
    "hazard.grade",
    "hazard.assign",
    "hazard.take_on",
    "hazard.rectify",
    "hazard.ask_extension",
    "hazard.decide_extension",
    "hazard.accept",
    "hazard.close",
    "hazard.revisit",
    "hazard.withdraw",
    "hazard.ask_help",
    "hazard.answer_help",
    "hazard.central",
    "hazard.county",
    "hazard.carry_over",
];

/// A state that can be reached, and when.
#[derive(Clone)]
struct Reached {
    state: HazardState,
    at: Timestamp,
}

/// An act with its name.
struct Try {
    name: &'static str,
    second: bool,
    command: HazardCommand,
}

const fn act(name: &'static str, command: HazardCommand) -> Try {
    Try { name, second: false, command }
}

const fn by_second(name: &'static str, command: HazardCommand) -> Try {
    Try { name, second: true, command }
}

fn note() -> Note {
    Note { note: "已更换应急灯并测试".to_owned(), photos: vec![photo_after()] }
}

fn photo_before() -> Photo {
    Photo("0".repeat(64))
}

fn photo_after() -> Photo {
    Photo("1".repeat(64))
}

fn responsible() -> PersonId {
    PersonId(Uuid::from_u128(3))
}

fn registration(on_the_spot: Option<OnTheSpot>) -> HazardCommand {
    HazardCommand::Register(Box::new(Registration {
        unit: UnitId(Uuid::from_u128(1)),
        category: "H02".to_owned(),
        source: "self".to_owned(),
        description: "楼道应急灯不亮".to_owned(),
        place: "教学楼二楼".to_owned(),
        photos: vec![photo_before()],
        position: None,
        found_at: None,
        number: None,
        answers: Vec::new(),
        on_the_spot,
    }))
}

/// A row of a ledger; with `five` everything that rectifying needs.
fn ledger_row(now: Timestamp, level: Option<Level>, five: bool) -> HazardCommand {
    let mut row = row(now, level);
    if five {
        row.responsible = Some(responsible());
        row.due = Some(now.plus_ms(Timestamp::DAY_MS));
        row.funds_cents = Some(30_000);
    }
    HazardCommand::CarryOver(Box::new(row))
}

fn row(now: Timestamp, level: Option<Level>) -> CarryOver {
    CarryOver {
        unit: UnitId(Uuid::from_u128(1)),
        category: "H02".to_owned(),
        level,
        source: String::new(),
        found_at: now.plus_ms(-Timestamp::DAY_MS),
        closed: false,
        due: None,
        responsible: None,
        funds_cents: None,
        fixed_at: None,
        closed_at: None,
        ledger_number: "7".to_owned(),
        row: 8,
        text: CarriedText {
            description: "楼道应急灯不亮".to_owned(),
            measures: "更换应急灯并测试".to_owned(),
            contingency: "更换前安排专人值守".to_owned(),
            ..CarriedText::default()
        },
        people: CarriedPeople::default(),
    }
}

fn grade(level: Level) -> HazardCommand {
    HazardCommand::Grade(GradeAs { level, answers: Vec::new(), reason: "现场核实".to_owned() })
}

/// Everything worth trying at a state reached at `now`.
fn tries(now: Timestamp) -> Vec<Try> {
    let draft = PlanDraft {
        responsible: Some(responsible()),
        responsibility: "总务主任负责更换".to_owned(),
        funds: "从日常维护经费列支".to_owned(),
        funds_cents: Some(30_000),
        measures: "更换应急灯并测试".to_owned(),
        due: Some(now.plus_ms(2 * Timestamp::DAY_MS)),
        contingency: "更换前安排专人值守".to_owned(),
    };
    let extended = now.plus_ms(4 * Timestamp::DAY_MS);
    vec![
        act("登记", registration(None)),
        act("台账导入", ledger_row(now, None, false)),
        act("台账导入", ledger_row(now, Some(Level::General), false)),
        act("台账导入", ledger_row(now, Some(Level::Major), true)),
        act("台账导入", HazardCommand::CarryOver(Box::new(CarryOver { closed: true, ..row(now, None) }))),
        act(
            "立行立改",
            registration(Some(OnTheSpot { photos: vec![photo_after()], ..OnTheSpot::default() })),
        ),
        act("定级", grade(Level::General)),
        act("定级为重大", grade(Level::Major)),
        act("交办", HazardCommand::Assign { responsible: responsible(), note: note() }),
        act("签收(五落实)", HazardCommand::TakeOn(draft)),
        act(
            "更换责任人",
            HazardCommand::ChangeResponsible {
                responsible: PersonId(Uuid::from_u128(4)),
                responsibility: "由后勤主任负责更换".to_owned(),
                reason: "原责任人调离".to_owned(),
            },
        ),
        act("整改进展", HazardCommand::Progress(note())),
        act("整改完成", HazardCommand::Rectify { note: note(), spent_cents: None, reused: Vec::new() }),
        act("申请延期", HazardCommand::AskExtension { until: extended, note: note() }),
        by_second("同意延期", HazardCommand::AnswerExtension { answer: Extension::Grant, note: note() }),
        by_second("不同意延期", HazardCommand::AnswerExtension { answer: Extension::Refuse, note: note() }),
        by_second("验收通过", HazardCommand::Accept { on_site: true, note: note() }),
        by_second("退回", HazardCommand::Return { note: note(), due: None }),
        by_second("销号", HazardCommand::Close(note())),
        by_second("回头看通过", HazardCommand::Revisit { sound: true, note: note() }),
        act("回头看反弹", HazardCommand::Revisit { sound: false, note: note() }),
        act("撤销", HazardCommand::Withdraw { duplicate: false, same_as: None, note: note() }),
        act("提请解决", HazardCommand::AskHelp(note())),
        act("支持", HazardCommand::AnswerHelp { answer: Answer::Support, until: None, note: note() }),
        act("催办", HazardCommand::Urge(note())),
        act("落实协助", HazardCommand::DeliverHelp(note())),
        act("退回提请", HazardCommand::AnswerHelp { answer: Answer::Return, until: None, note: note() }),
    ]
}

fn standing(number: u128) -> Standing {
    Standing {
        actor: Actor::person(ActorId(Uuid::from_u128(number))),
        person: Some(PersonId(Uuid::from_u128(number))),
        home: None,
        grants: Vec::new(),
        permissions: Arc::from(EVERYTHING),
        unit_path: String::new(),
    }
}

/// What `tried` makes of `from`; `None` when it is refused or changes nothing.
fn attempt(facts: &HazardFacts, from: Option<&Reached>, tried: &Try) -> Option<Reached> {
    let at = from.map_or(START, |reached| {
        // Looking back means something only after a while.
        let closed = matches!(reached.state.stage.code(), StageCode::Closed);
        reached.at.plus_ms(if closed { 2 * Timestamp::DAY_MS } else { Timestamp::HOUR_MS })
    });
    let standing = standing(if tried.second { 12 } else { 11 });
    after(facts, from, &tried.command, &standing, at)
}

fn after(
    facts: &HazardFacts,
    from: Option<&Reached>,
    command: &HazardCommand,
    standing: &Standing,
    at: Timestamp,
) -> Option<Reached> {
    let stream = StreamId(Uuid::from_u128(2));
    let context = Context { stream, now: at, standing };
    let old = from.map(|reached| &reached.state);
    let events = decide(old, command, facts, &context).ok().filter(|events| !events.is_empty())?;
    let mut state = old.cloned();
    for event in &events {
        let stamp = Stamp {
            event_id: EventId::NIL,
            stream,
            version: 0,
            actor: standing.actor.id,
            at,
            unit: UnitId(Uuid::from_u128(1)),
        };
        state = evolve(state, event, &stamp);
    }
    state.map(|state| Reached { state, at })
}

/// What tells states apart here.
fn key(state: &HazardState) -> (StageCode, bool, Option<crate::state::Help>) {
    (state.stage.code(), state.is_major(), state.help)
}

/// From, act, to; `None` is before registration.
type Edges = BTreeSet<(Option<StageCode>, &'static str, StageCode)>;

/// Breadth first over everything that can be reached.
fn walk(facts: &HazardFacts) -> Edges {
    let mut edges = Edges::new();
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<Option<Reached>> = vec![None];
    while let Some(from) = waiting.pop() {
        let at = from.as_ref().map_or(START, |reached| reached.at);
        let code = from.as_ref().map(|reached| reached.state.stage.code());
        for tried in tries(at) {
            let Some(to) = attempt(facts, from.as_ref(), &tried) else { continue };
            edges.insert((code, tried.name, to.state.stage.code()));
            if seen.insert(key(&to.state)) {
                waiting.insert(0, Some(to));
            }
        }
        if let Some(reached) = &from
            && let Some(warned) = warned(facts, reached)
        {
            edges.insert((code, "时限提醒、逾期升级", warned.state.stage.code()));
        }
    }
    edges
}

/// What the running clock makes of a state that nobody touches for a month.
fn warned(facts: &HazardFacts, from: &Reached) -> Option<Reached> {
    let (clock, _) = running(&from.state)?;
    let at = from.state.due()?.at.plus_ms(30 * Timestamp::DAY_MS);
    let system = Standing { actor: Actor::SYSTEM, person: None, ..standing(0) };
    after(facts, Some(from), &HazardCommand::Tick { clock: clock.to_owned() }, &system, at)
}

const fn stage_zh(stage: StageCode) -> &'static str {
    match stage {
        StageCode::Registered => "待定级",
        StageCode::Graded => "待交办",
        StageCode::Assigned => "待签收",
        StageCode::Rectifying => "整改中",
        StageCode::ExtensionAsked => "延期待批",
        StageCode::AwaitingAcceptance => "待复查",
        StageCode::Accepted => "待销号",
        StageCode::Closed => "已销号",
        StageCode::Done => "已办结",
        StageCode::Withdrawn => "已撤销",
        StageCode::CarriedOver => "台账已销号",
    }
}

/// The state diagram of a hazard in Mermaid, with Chinese labels, drawn from what the code decides. When the rules in
/// the binary cannot be read, it says so instead.
pub fn diagram() -> String {
    let rules = match RuleBook::embedded() {
        Ok(rules) => rules,
        Err(errors) => return errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    };
    let facts = HazardFacts {
        unit: Some(Seat { institution: true, ..Seat::default() }),
        serial: 1,
        person_at_unit: true,
        second_person: true,
        ..HazardFacts::new(rules)
    };
    draw(&walk(&facts))
}

fn draw(edges: &Edges) -> String {
    let mut out = String::from("stateDiagram-v2\n");
    let used: BTreeSet<StageCode> = edges.iter().map(|(_, _, to)| *to).collect();
    for stage in StageCode::ALL.iter().filter(|stage| used.contains(stage)) {
        line(&mut out, format_args!("{}: {}", stage.name(), stage_zh(*stage)));
    }
    let mut lines: BTreeMap<(Option<StageCode>, StageCode), Vec<&str>> = BTreeMap::new();
    for (from, name, to) in edges {
        lines.entry((*from, *to)).or_default().push(name);
    }
    for ((from, to), names) in &lines {
        let from = from.map_or("[*]", StageCode::name);
        line(&mut out, format_args!("{from} --> {}: {}", to.name(), names.join(" / ")));
    }
    for stage in &used {
        if !edges.iter().any(|(from, _, _)| *from == Some(*stage)) {
            line(&mut out, format_args!("{} --> [*]", stage.name()));
        }
    }
    out
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing into a string cannot fail.
    let _ = writeln!(out, "    {text}");
}

/// The page of the documentation around [`diagram`].
pub fn diagram_page() -> String {
    format!(
        "# 隐患状态图\n\nDrawn by `hazard::diagram()` from what the code decides; `cargo xtask diagrams` writes it \
         again. Acts that leave the stage as it is are arrows onto themselves.\n\n```mermaid\n{}```\n",
        diagram()
    )
}
