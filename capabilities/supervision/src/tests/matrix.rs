//! Every stage, every command, every kind of people: what happens or why not. Read it as a county officer would.

use std::fmt::Write as _;

use journal::{Payload, Standing};

use super::support::*;
use crate::{CheckDraft, StageCode, SupervisionCommand, SupervisionState, Told};

/// A check of which the leader was part, and which the reviewer wrote down.
fn checked_with_the_leader() -> Desk {
    let mut desk = applied();
    let checkers = vec![person(1), person(3)];
    desk.done(&reviewer(), &checked_as(CheckDraft { checkers, ..check_draft(desk.now, true) }));
    desk.done(&drafter(), &SupervisionCommand::SignCheck);
    desk.done(&leader(), &SupervisionCommand::SignCheck);
    desk
}

fn after(mut desk: Desk, by: &Standing, command: &SupervisionCommand) -> Desk {
    desk.done(by, command);
    desk
}

fn overdue(mut desk: Desk) -> Desk {
    desk.clocks_until(START.plus_ms(90 * DAY));
    desk
}

fn samples() -> Vec<(&'static str, Desk)> {
    let now = applied().now;
    vec![
        ("(none)", Desk::new()),
        ("owed", owed()),
        ("owed, controlled", after(owed(), &head(), &control())),
        ("drafted", drafted()),
        ("reviewing", reviewing()),
        ("reviewed by a leader", after(reviewing(), &leader(), &review(true))),
        ("signing", signing()),
        ("signing, after its deadline", overdue(signing())),
        ("listed", listed()),
        ("listed, received", after(listed(), &head(), &receive())),
        ("listed, rectified", rectified()),
        ("listed, overdue", overdue(listed())),
        ("applied", applied()),
        ("applied, the check failed", after(applied(), &drafter(), &check(now, false))),
        ("checking", checking()),
        ("checked", checked()),
        ("checked by the leader himself", checked_with_the_leader()),
        ("delisted", delisted()),
        ("delisted and back", after(delisted(), &system(), &open())),
        ("waived", waived()),
        ("ended", ended()),
    ]
}

fn commands(desk: &Desk) -> Vec<(&'static str, SupervisionCommand)> {
    vec![
        ("open", open()),
        ("control", control()),
        ("draft", draft(desk.now)),
        ("submit", SupervisionCommand::Submit),
        ("review", review(true)),
        ("send back at review", review(false)),
        ("sign", sign(true)),
        ("send back at signing", sign(false)),
        ("waive", waive()),
        ("receive", receive()),
        ("apply", apply()),
        ("check passed", check(desk.now, true)),
        ("check failed", check(desk.now, false)),
        ("sign check", SupervisionCommand::SignCheck),
        ("delist", delist(true)),
        ("refuse delisting", delist(false)),
        ("hear progressed", hear(Told::Progressed)),
        ("hear rectified", hear(Told::Rectified)),
        ("hear returned", hear(Told::Returned)),
        ("hear withdrawn", hear(Told::Withdrawn)),
        ("hear lowered", hear(Told::Lowered)),
        ("tick progress", tick("progress")),
    ]
}

/// What somebody gets who may ask at all.
fn answer(desk: &Desk, standing: &Standing, command: &SupervisionCommand) -> Option<String> {
    match desk.ask(standing, command) {
        Err(refusal) if refusal.code == "forbidden" => None,
        Err(refusal) => Some(format!("({})", refusal.code.trim_start_matches("supervision-"))),
        Ok(events) if events.is_empty() => Some("-".to_owned()),
        Ok(events) => {
            let names = events.iter().map(|event| event.event_type().0.trim_start_matches("supervision."));
            Some(names.collect::<Vec<_>>().join("+").to_uppercase())
        }
    }
}

/// The platform does nothing in people's place, and people nothing in its.
fn asked_by_the_platform(command: &SupervisionCommand) -> bool {
    matches!(
        command,
        SupervisionCommand::Open(_) | SupervisionCommand::Hear(_) | SupervisionCommand::Tick { .. }
    )
}

fn people(command: &SupervisionCommand) -> Vec<(&'static str, Standing)> {
    if asked_by_the_platform(command) {
        return vec![("platform", system())];
    }
    vec![
        ("head", head()),
        ("drafter", drafter()),
        ("reviewer", reviewer()),
        ("leader", leader()),
        ("second leader", second_leader()),
    ]
}

/// Who gets the same answer stands together; who may not ask at all is left out.
fn answers(desk: &Desk, command: &SupervisionCommand) -> String {
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
                said => writeln!(out, "{command:<22}{said}").unwrap(),
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
        let again: SupervisionState = serde_json::from_str(&json).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(again, state, "{name}");
    }
}
