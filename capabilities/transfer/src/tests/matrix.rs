//! Every stage, every command, every kind of people: what happens or why not. Read it as a county officer would.

use std::fmt::Write as _;

use journal::{Payload, Standing};

use super::support::*;
use crate::{Answer, Channel, StageCode, TransferCommand, TransferState, Way};

fn late(mut desk: Desk) -> Desk {
    desk.clocks_until(START.plus_ms(30 * DAY));
    desk
}

fn samples() -> Vec<(&'static str, Desk)> {
    vec![
        ("(none)", Desk::new()),
        ("drafted", drafted()),
        ("signing", signing()),
        ("signed", signed()),
        ("sent on paper", sent()),
        ("sent by a link", linked()),
        ("sent by a link, everything overdue", late(linked())),
        ("received", received()),
        ("taken on", answered(Answer::TakenOn)),
        ("done", answered(Answer::Done)),
        ("returned", answered(Answer::NotOurs)),
        ("withdrawn", withdrawn()),
    ]
}

fn commands(desk: &Desk) -> Vec<(&'static str, TransferCommand)> {
    let now = desk.now;
    vec![
        ("draft", draft(now)),
        ("submit", TransferCommand::Submit),
        ("sign", sign(true)),
        ("send back", sign(false)),
        ("send", send(now, Channel::Paper)),
        ("make link", TransferCommand::MakeLink),
        ("revoke link", TransferCommand::RevokeLink),
        ("opened", TransferCommand::Opened { link: 1 }),
        ("receive by link", receive(Way::Link, Some(1), now)),
        ("receive on paper", receive(Way::Paper, None, now)),
        ("taken on by link", reply(Answer::TakenOn, Way::Link, Some(1), now)),
        ("done on paper", reply(Answer::Done, Way::Paper, None, now)),
        ("not theirs by call", reply(Answer::NotOurs, Way::Telephone, None, now)),
        ("ask again", ask_again(now)),
        ("urge", urge()),
        ("withdraw", withdraw()),
        ("tick reply", tick("reply")),
    ]
}

/// What somebody gets who may ask at all.
fn answer(desk: &Desk, standing: &Standing, command: &TransferCommand) -> Option<String> {
    match desk.ask(standing, command) {
        Err(refusal) if refusal.code == "forbidden" => None,
        Err(refusal) => Some(format!("({})", refusal.code.trim_start_matches("transfer-"))),
        Ok(events) if events.is_empty() => Some("-".to_owned()),
        Ok(events) => {
            let names = events.iter().map(|event| event.event_type().0.trim_start_matches("transfer."));
            Some(names.collect::<Vec<_>>().join("+").to_uppercase())
        }
    }
}

/// The platform does nothing in people's place: it brings what came by a link, and the clocks.
fn people(command: &TransferCommand) -> Vec<(&'static str, Standing)> {
    if crate::subject::need(command) == journal::Need::System {
        return vec![("platform", system()), ("office", drafter()), ("head", head())];
    }
    vec![("office", drafter()), ("colleague", colleague()), ("leader", leader()), ("head", head())]
}

/// Who gets the same answer stands together; who may not ask at all is left out.
fn answers(desk: &Desk, command: &TransferCommand) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for (who, by) in people(command) {
        let Some(answer) = answer(desk, &by, command) else { continue };
        match groups.iter_mut().find(|(known, _)| *known == answer) {
            Some((_, people)) => people.push(who),
            None => groups.push((answer, vec![who])),
        }
    }
    let said = groups.iter().map(|(answer, people)| match answer.as_str() {
        "(wrong-stage)" if groups.len() == 1 => answer.clone(),
        _ => format!("{answer} {}", people.join(", ")),
    });
    said.collect::<Vec<_>>().join("; ")
}

#[test]
fn every_command_at_every_stage() {
    let mut out = String::new();
    for (name, desk) in samples() {
        writeln!(out, "== {name}").unwrap();
        let mut not_now = Vec::new();
        for (command, asked) in commands(&desk) {
            match answers(&desk, &asked).as_str() {
                "(wrong-stage)" => not_now.push(command),
                said => writeln!(out, "{command:<20}{said}").unwrap(),
            }
        }
        let not_now = if not_now.is_empty() { "-".to_owned() } else { not_now.join(", ") };
        writeln!(out, "not now: {not_now}\n").unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn every_stage_is_in_the_matrix() {
    let seen: Vec<StageCode> = samples()
        .iter()
        .filter_map(|(_, desk)| desk.state.as_ref().map(|state| state.stage.code()))
        .collect();
    for stage in StageCode::ALL {
        assert!(seen.contains(stage), "{} has no sample", stage.name());
    }
}

/// The writer forgets states and reads them again from their rows.
#[test]
fn every_state_is_read_back_as_it_was_written() {
    for (name, desk) in samples() {
        let Some(state) = desk.state else { continue };
        let json = serde_json::to_string(&state).unwrap();
        let again: TransferState = serde_json::from_str(&json).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(again, state, "{name}");
        assert!(json.len() < kernel::limits::RECORD_STATE_BYTES);
    }
}

/// A page never offers what would be refused, and offers all that would not.
#[test]
fn forms_are_offered_as_the_decision_answers() {
    let rules = RULES.clone();
    let offered = |desk: &Desk, by: &Standing| -> Vec<&str> {
        let looking =
            crate::offer::Looking { state: desk.state(), standing: by, rules: &rules, now: desk.now };
        looking.offers().into_iter().map(|(act, _)| act).collect()
    };
    assert_eq!(offered(&drafted(), &drafter()), ["draft", "submit", "withdraw"]);
    assert_eq!(offered(&signing(), &leader()), ["sign"]);
    assert_eq!(offered(&signed(), &drafter()), ["send", "withdraw"]);
    assert_eq!(offered(&sent(), &drafter()), ["link", "receive", "reply", "urge", "withdraw"]);
    assert_eq!(
        offered(&linked(), &drafter()),
        ["link", "receive", "reply", "urge", "revoke-link", "withdraw"]
    );
    assert_eq!(offered(&answered(Answer::TakenOn), &drafter()), ["link", "urge", "ask-again", "revoke-link"]);
    for (name, desk) in samples() {
        if desk.state.is_some() {
            assert_eq!(offered(&desk, &head()), Vec::<&str>::new(), "{name}");
        }
    }
}
