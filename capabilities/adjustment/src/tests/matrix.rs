//! Every stage, every command, every kind of people: what happens or why not. Read it as a county officer would.

use std::fmt::Write as _;

use journal::Payload;

use super::support::*;
use crate::{AdjustmentCommand, AdjustmentState, StageCode};

fn samples() -> Vec<(&'static str, Desk)> {
    let sent_back = || {
        let mut desk = waiting();
        desk.done(&leader(), &AdjustmentCommand::SendBack(note("请附去年的统计")));
        desk
    };
    let dropped = || {
        let mut desk = waiting();
        desk.done(&drafter(), &AdjustmentCommand::Drop(note("改为下学期再议")));
        desk
    };
    let ended = || {
        let mut desk = active();
        desk.done(&leader(), &end("2026-06-01"));
        desk
    };
    vec![
        ("(none)", Desk::new()),
        ("waiting", waiting()),
        ("sent back", sent_back()),
        ("dropped", dropped()),
        ("active", active()),
        ("ended", ended()),
    ]
}

fn commands() -> Vec<(&'static str, AdjustmentCommand)> {
    vec![
        ("draft", draft(vec![rectify_in("6d")])),
        ("send back", AdjustmentCommand::SendBack(note("请附去年的统计"))),
        ("drop", AdjustmentCommand::Drop(note("改为下学期再议"))),
        ("activate", activate()),
        ("end", end("2026-07-01")),
    ]
}

#[test]
fn every_command_at_every_stage() {
    let mut out = String::new();
    for (name, desk) in samples() {
        writeln!(out, "== {name}").unwrap();
        for (command, asked) in commands() {
            for (who, by) in [("office", drafter()), ("leader", leader()), ("head", head())] {
                let said = match desk.ask(&by, &asked) {
                    Err(refusal) if refusal.code == "forbidden" => continue,
                    Err(refusal) => format!("({})", refusal.code.trim_start_matches("adjustment-")),
                    Ok(events) => events
                        .iter()
                        .map(|event| event.event_type().0.trim_start_matches("adjustment.").to_uppercase())
                        .collect::<Vec<_>>()
                        .join("+"),
                };
                writeln!(out, "{command:<12}{who:<8}{said}").unwrap();
            }
        }
        writeln!(out).unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn every_stage_is_in_the_matrix_and_read_back_as_it_was_written() {
    let samples = samples();
    let states: Vec<&AdjustmentState> = samples.iter().filter_map(|(_, desk)| desk.state.as_ref()).collect();
    for stage in StageCode::ALL {
        assert!(states.iter().any(|state| state.stage.code() == *stage), "{}", stage.name());
    }
    for state in states {
        let json = serde_json::to_string(state).unwrap();
        assert_eq!(&serde_json::from_str::<AdjustmentState>(&json).unwrap(), state);
    }
}
