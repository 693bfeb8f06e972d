//! Whatever people ask in whatever order, some things always hold.

use journal::{Payload, Standing, StoredParts, Subject};
use kernel::{ActorId, Timestamp, limits};
use proptest::prelude::*;

use super::support::*;
use crate::{
    Answer, Extension, Hazard, HazardCommand, HazardEvent, HazardState, Level, PlanDraft, Position,
    Registration, Stage, turn,
};

/// One thing somebody tries.
#[derive(Clone, Debug)]
struct Step {
    actor: usize,
    command: usize,
    wait_ms: i64,
    span_days: i64,
    erase: bool,
    second_person: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![4 => 0..HOUR, 4 => 0..(3 * DAY), 1 => 0..(400 * DAY)];
    (0..5_usize, 0..32_usize, wait, -3..40_i64, any::<bool>(), any::<bool>()).prop_map(
        |(actor, command, wait_ms, span_days, erase, second_person)| Step {
            actor,
            command,
            wait_ms,
            span_days,
            erase,
            second_person,
        },
    )
}

fn actor(number: usize) -> Standing {
    match number {
        0 => officer(),
        1 => head(),
        2 => central(),
        3 => county(),
        // The same person behind another account.
        _ => Standing { person: officer().person, ..who(40, HEAD) },
    }
}

fn command(step: &Step, desk: &Desk) -> HazardCommand {
    let until = desk.now.plus_ms(step.span_days * DAY);
    let answer = |answer| HazardCommand::AnswerExtension { answer, note: note("研究决定") };
    let position =
        Position { latitude: 24.825_361_942_7, longitude: 103.990_173_3, accuracy_m: Some(f64::NAN) };
    match step.command {
        0 => register(),
        1 => on_the_spot(),
        2 | 3 => grade(Level::General),
        4 => grade(Level::Larger),
        5 => grade(Level::Major),
        6 | 7 => assign(),
        8 | 9 => take_on(until),
        10 => HazardCommand::TakeOn(PlanDraft::default()),
        11 | 12 => rectify(),
        13 => extension(until),
        14 => answer(Extension::Grant),
        15 => answer(Extension::Refuse),
        16 | 17 => accept(),
        18 => HazardCommand::Accept { on_site: false, note: note("看照片") },
        19 => HazardCommand::Return { note: note("不合格"), due: Some(until) },
        20 => send_back(),
        21 | 22 => close(),
        23 => HazardCommand::Revisit { sound: step.span_days > 10, note: note("回头看") },
        24 => withdraw(),
        25 => ask_help(),
        26 => HazardCommand::AnswerHelp {
            answer: if step.span_days > 0 { Answer::Support } else { Answer::Return },
            until: (step.span_days > 3).then_some(until),
            note: note("答复"),
        },
        29 if step.span_days > 0 => deliver_help(),
        29 => HazardCommand::Urge(note("请抓紧办理")),
        27 => correct(if step.span_days > 0 { "H02" } else { "H01" }),
        30 => carry(ledger_row()),
        31 => carry(ledger_closed()),
        28 => HazardCommand::Progress(note("配件已到")),
        _ => HazardCommand::Register(Box::new(Registration { position: Some(position), ..registration() })),
    }
}

/// The event as the journal holds it, perhaps after its text was erased.
fn stored(event: &HazardEvent, erase: bool) -> HazardEvent {
    let (name, version) = event.event_type();
    let encoded = event.encode().unwrap();
    let whole = StoredParts { core: encoded.core, text: encoded.text, personal: encoded.personal };
    assert_eq!(&HazardEvent::decode(name, version, &whole).unwrap(), event, "JSON round trip");
    let (text, personal) = (whole.text.filter(|_| !erase), whole.personal.filter(|_| !erase));
    HazardEvent::decode(name, version, &StoredParts { core: whole.core, text, personal }).unwrap()
}

fn fold(desk: &Desk) -> Option<HazardState> {
    desk.events.iter().fold(None, |state, (stamp, event)| Hazard::evolve(state, event, stamp))
}

/// The account that last said "fixed", and the one that accepted that.
fn proof(desk: &Desk) -> Option<(ActorId, ActorId)> {
    let mut fixed = None;
    let mut accepted = None;
    for (stamp, event) in &desk.events {
        match event {
            HazardEvent::Rectified(_) | HazardEvent::FixedOnSpot(_) => {
                fixed = Some(stamp.actor);
                accepted = None;
            }
            HazardEvent::Accepted(_) => accepted = Some(stamp.actor),
            _ => {}
        }
    }
    fixed.zip(accepted)
}

fn check(desk: &Desk) {
    let Some(state) = &desk.state else { return };
    let code = state.stage.code();
    let json = serde_json::to_string(state).unwrap();
    assert_eq!(&serde_json::from_str::<HazardState>(&json).unwrap(), state, "JSON round trip");
    assert!(json.len() < limits::RECORD_STATE_BYTES);
    assert_eq!(fold(desk).as_ref(), Some(state), "the events make the state");
    let closed = matches!(state.stage, Stage::Closed { .. });
    assert_eq!(turn(state).is_some(), code.is_open() || closed, "{code:?}");
    if closed {
        let (fixer, acceptor) = proof(desk).expect("closed without acceptance");
        assert_ne!(fixer, acceptor);
        assert!(
            ![officer().actor.id, who(40, HEAD).actor.id].iter().all(|id| [fixer, acceptor].contains(id))
        );
    }
    let (first, registered) = &desk.events[0];
    let number = match registered {
        HazardEvent::Registered(parts) => (parts.core.number, parts.core.unit),
        HazardEvent::CarriedOver(parts) => (parts.core.number, parts.core.unit),
        other => panic!("{other:?} came first"),
    };
    assert_eq!((state.number, state.unit), number);
    check_carried(state, desk);
    assert_eq!((state.registered_at, state.registered_by), (first.at, first.actor));
    for (number, (stamp, _)) in desk.events.iter().enumerate() {
        assert_eq!(stamp.version, number as u64 + 1);
    }
}

/// A ledger's word stays marked as one: it is never this platform's closing.
fn check_carried(state: &HazardState, desk: &Desk) {
    let carried = matches!(desk.events[0].1, HazardEvent::CarriedOver(_));
    assert_eq!(state.carried.is_some(), carried);
    if let Stage::CarriedOver { .. } = state.stage {
        assert!(carried && Hazard::clocks(state).is_empty());
    }
}

/// Acts, erasing the text of what came of it now and then.
fn play(desk: &mut Desk, step: &Step) {
    desk.now = desk.now.plus_ms(step.wait_ms);
    desk.facts.second_person = step.second_person;
    let standing = actor(step.actor);
    let command = command(step, desk);
    if !super::matrix::permitted(desk, &standing, &command) {
        return;
    }
    let was_major = desk.state.as_ref().is_some_and(HazardState::is_major);
    let (known, before) = (desk.events.len(), desk.state.clone());
    if desk.act(&standing, &command).is_err() {
        assert_eq!((desk.events.len(), &desk.state), (known, &before), "a refusal changed something");
        return;
    }
    if was_major && !desk.state().is_major() {
        assert!(standing.may("hazard.county"), "{command:?} made a major hazard less");
    }
    for (_, event) in &mut desk.events[known..] {
        *event = stored(event, step.erase);
    }
    desk.state = fold(desk);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_always_holds(steps in prop::collection::vec(step(), 1..40), first in 0..5_u8, fast in any::<bool>()) {
        let mut desk = Desk::new();
        match first {
            0 => desk.done(&officer(), &on_the_spot()),
            1 => desk.done(&county(), &carry(ledger_row())),
            2 => desk.done(&county(), &carry(ledger_plan(START.plus_ms(steps[0].span_days * DAY)))),
            3 => desk.done(&county(), &carry(ledger_closed())),
            _ => desk.done(&officer(), &register()),
        };
        if fast && first == 4 {
            desk = rectifying(if steps[0].erase { Level::Major } else { Level::General });
        }
        check(&desk);
        for step in &steps {
            play(&mut desk, step);
            check(&desk);
            let now = desk.now.max(Timestamp(0));
            desk.clocks_until(now);
            check(&desk);
        }
    }

    #[test]
    fn an_event_that_does_not_fit_changes_nothing_important(
        picks in prop::collection::vec((0..40_usize, any::<bool>()), 1..30)
    ) {
        // All events of two whole lives, in any order: evolve is total, and no order brings a panic.
        let pool: Vec<_> = [closed(Level::General), closed(Level::Major)].into_iter().flat_map(|d| d.events).collect();
        let mut state = None;
        for (pick, erase) in picks {
            let (stamp, event) = &pool[pick % pool.len()];
            state = Hazard::evolve(state, &stored(event, erase), stamp);
            if let Some(state) = &state {
                let code = state.stage.code();
                prop_assert_eq!(turn(state).is_some(), code.is_open() || matches!(state.stage, Stage::Closed { .. }));
                Hazard::clocks(state);
            }
        }
    }
}

#[test]
fn the_longest_texts_still_fit_into_a_record() {
    let longest = format!("更换应急灯{}", "\"\u{1f525}".repeat(limits::TEXT_CHARS / 2 - 3));
    let mut desk = Desk::new();
    let asked = Registration {
        description: longest.clone(),
        place: "门".repeat(limits::NAME_CHARS),
        photos: (0..9).map(photo).collect(),
        ..registration()
    };
    desk.done(&officer(), &HazardCommand::Register(Box::new(asked)));
    desk.done(&officer(), &grade(Level::Major));
    desk.done(&county(), &assign());
    let plan = PlanDraft {
        responsibility: longest.clone(),
        funds: longest.clone(),
        measures: longest.clone(),
        contingency: longest,
        ..draft(desk.now.plus_ms(DAY))
    };
    desk.done(&officer(), &HazardCommand::TakeOn(plan));
    check(&desk);
}
