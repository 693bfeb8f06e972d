//! Every stage, every command, four kinds of people: what happens or why not. Read it as a county officer would.

use std::fmt::Write as _;

use journal::{Payload, Standing};

use super::support::*;
use crate::{Answer, Extension, HazardCommand, HazardState, Level, StageCode};

pub struct Sample {
    pub name: &'static str,
    pub desk: Desk,
}

fn sample(name: &'static str, desk: Desk) -> Sample {
    Sample { name, desk }
}

fn overdue(mut desk: Desk) -> Desk {
    let until = desk.due().plus_ms(DAY);
    desk.clocks_until(until);
    desk
}

fn helped(mut desk: Desk, supported: bool) -> Desk {
    desk.done(&officer(), &ask_help());
    if supported {
        desk.done(&county(), &support());
    }
    desk
}

fn asked_extension(level: Level) -> Desk {
    let mut desk = rectifying(level);
    let until = desk.due().plus_ms(3 * DAY);
    desk.done(&officer(), &extension(until));
    desk
}

fn revisited(level: Level, sound: bool) -> Desk {
    let mut desk = closed(level);
    let judge = if level == Level::Major { county() } else { head() };
    desk.now = desk.now.plus_ms(20 * DAY);
    desk.done(&judge, &HazardCommand::Revisit { sound, note: note("再看") });
    desk
}

fn waiting_for(central_or_county: bool) -> Desk {
    let mut desk = rectifying(Level::General).alone();
    if central_or_county {
        desk.state.as_mut().unwrap().central = None;
    }
    desk.done(&officer(), &rectify());
    desk
}

pub fn samples() -> Vec<Sample> {
    let (general, major) = (Level::General, Level::Major);
    let mut withdrawn = graded(general);
    withdrawn.done(&officer(), &withdraw());
    vec![
        sample("(none)", Desk::new()),
        sample("registered", Desk::after(&[(officer(), register())])),
        sample("registered, overdue", overdue(Desk::after(&[(officer(), register())]))),
        sample("graded general", graded(general)),
        sample("graded general, overdue", overdue(graded(general))),
        sample("graded general, help asked", helped(graded(general), false)),
        sample("graded major", graded(major)),
        sample("assigned general", assigned(general)),
        sample("assigned major", assigned(major)),
        sample("rectifying general", rectifying(general)),
        sample("rectifying general, overdue", overdue(rectifying(general))),
        sample("rectifying general, help asked", helped(rectifying(general), false)),
        sample("rectifying general, help supported", helped(rectifying(general), true)),
        sample("rectifying general, help delivered", {
            let mut desk = helped(rectifying(general), true);
            desk.done(&county(), &deliver_help());
            desk
        }),
        sample("rectifying larger", rectifying(Level::Larger)),
        sample("rectifying major", rectifying(major)),
        sample("extension asked, general", asked_extension(general)),
        sample("extension asked, general, overdue", overdue(asked_extension(general))),
        sample("extension asked, major", asked_extension(major)),
        sample("awaiting acceptance by the school", awaiting(general)),
        sample("awaiting acceptance by the school, overdue", overdue(awaiting(general))),
        sample("awaiting acceptance by the central school", waiting_for(false)),
        sample("awaiting acceptance by the county, general", waiting_for(true)),
        sample("awaiting acceptance, major", awaiting(major)),
        sample("fixed on the spot", Desk::after(&[(officer(), on_the_spot())])),
        sample("accepted general", accepted(general)),
        sample("accepted major", accepted(major)),
        sample("closed general", closed(general)),
        sample("closed general, revisit overdue", overdue(closed(general))),
        sample("closed major", closed(major)),
        sample("came back, general", revisited(general, false)),
        sample("done", revisited(general, true)),
        sample("withdrawn", withdrawn),
        sample("carried over, to be graded", Desk::after(&[(county(), carry(ledger_row()))])),
        sample(
            "carried over, in work",
            Desk::after(&[(county(), carry(ledger_plan(START.plus_ms(3 * DAY))))]),
        ),
        sample("carried over, closed", Desk::after(&[(county(), carry(ledger_closed()))])),
    ]
}

pub fn commands(desk: &Desk) -> Vec<(&'static str, HazardCommand)> {
    let soon = desk.now.plus_ms(3 * DAY);
    let later =
        desk.state.as_ref().and_then(HazardState::due).map_or(soon, |d| d.at.max(desk.now).plus_ms(2 * DAY));
    let answer = |answer| HazardCommand::AnswerExtension { answer, note: note("研究决定") };
    vec![
        ("register", register()),
        ("register on the spot", on_the_spot()),
        ("grade general", grade(Level::General)),
        ("grade larger", grade(Level::Larger)),
        ("grade major", grade(Level::Major)),
        ("assign", assign()),
        ("take on", take_on(soon)),
        ("change responsible", change_responsible()),
        ("progress", HazardCommand::Progress(note("配件已到"))),
        ("rectify", rectify()),
        ("ask extension", extension(later)),
        ("grant extension", answer(Extension::Grant)),
        ("refuse extension", answer(Extension::Refuse)),
        ("accept on site", accept()),
        ("accept from pictures", HazardCommand::Accept { on_site: false, note: note("看照片") }),
        ("return", send_back()),
        ("close", close()),
        ("revisit sound", HazardCommand::Revisit { sound: true, note: note("完好") }),
        ("revisit bad", HazardCommand::Revisit { sound: false, note: note("又坏了") }),
        ("withdraw", withdraw()),
        ("ask help", ask_help()),
        ("support", support()),
        ("urge", HazardCommand::Urge(note("请抓紧办理"))),
        ("deliver help", deliver_help()),
        (
            "return help",
            HazardCommand::AnswerHelp {
                answer: Answer::Return, until: None, note: note("学校可自行解决")
            },
        ),
        ("correct words", correct("H02")),
        ("correct category", correct("H01")),
        ("carry over, open", carry(ledger_row())),
        ("carry over, in work", carry(ledger_plan(soon))),
        ("carry over, closed", carry(ledger_closed())),
        ("tick", tick("rectify")),
    ]
}

/// As the journal asks: the permission first, then the rules.
fn cell(desk: &Desk, standing: &Standing, command: &HazardCommand) -> String {
    if !permitted(desk, standing, command) {
        return "forbidden".to_owned();
    }
    match desk.ask(standing, command) {
        Err(refusal) => format!("({})", refusal.code.trim_start_matches("hazard-")),
        Ok(events) if events.is_empty() => "-".to_owned(),
        Ok(events) => {
            let names = events.iter().map(|event| event.event_type().0.trim_start_matches("hazard."));
            names.collect::<Vec<_>>().join("+").to_uppercase()
        }
    }
}

pub fn permitted(desk: &Desk, standing: &Standing, command: &HazardCommand) -> bool {
    use journal::{Need, Subject};
    match Desk::subject().need(desk.state.as_ref(), command) {
        Need::Permission(permission) => standing.may(permission),
        Need::AnyOf(permissions) => permissions.iter().any(|permission| standing.may(permission)),
        Need::System => standing.is_system(),
        Need::Oneself => true,
    }
}

#[test]
fn every_command_at_every_stage() {
    let people =
        [("officer(fixer)", officer()), ("head", head()), ("central", central()), ("county", county())];
    let mut out = String::new();
    for Sample { name, desk } in samples() {
        writeln!(out, "== {name}").unwrap();
        for (command, asked) in commands(&desk) {
            let cells: Vec<String> =
                people.iter().map(|(_, standing)| cell(&desk, standing, &asked)).collect();
            if cells.iter().all(|one| *one == cells[0]) {
                writeln!(out, "{command:<22}{} [all]", cells[0]).unwrap();
            } else {
                let named = people.iter().zip(&cells).map(|((who, _), one)| format!("{who}: {one}"));
                writeln!(out, "{command:<22}{}", named.collect::<Vec<_>>().join("; ")).unwrap();
            }
        }
        writeln!(out).unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn every_stage_is_in_the_matrix() {
    let seen: Vec<StageCode> =
        samples().iter().filter_map(|s| s.desk.state.as_ref().map(|state| state.stage.code())).collect();
    for stage in StageCode::ALL {
        assert!(seen.contains(stage), "{} has no sample", stage.name());
    }
}
