//! What a record's page offers is what the decision would accept, for every role at every stage, and the other way
//! round. The commands are the matrix's own, not those that the offers were tried with.

use access::Role;
use journal::Standing;

use super::{
    matrix::{Sample, commands, permitted, samples},
    support::*,
};
use crate::{
    HazardCommand, Level,
    offer::{Looking, Offer},
    turn::turn,
};

/// Every role, as somebody who has not touched the hazard; the officer who fixed it; the county and the central school.
fn people() -> Vec<(String, Standing)> {
    let roles = Role::ALL.iter().enumerate().map(|(at, role)| {
        let permissions: Vec<_> = role.permissions().iter().collect();
        (role.name().to_owned(), who(50 + at as u128, &permissions))
    });
    let known =
        [("fixer", officer()), ("head who helped", head()), ("central", central()), ("office", county())];
    roles.chain(known.map(|(name, standing)| (name.to_owned(), standing))).collect()
}

fn offers(desk: &Desk, standing: &Standing) -> Vec<Offer> {
    let Some(state) = &desk.state else { return Vec::new() };
    Looking { state, standing, rules: &RULES, now: desk.now, hindrance: None, kept: None }.offers()
}

/// The form and the value behind a command of the matrix.
fn form(name: &str) -> Option<(&'static str, &'static str)> {
    Some(match name {
        "grade general" => ("grade", "general"),
        "grade major" => ("grade", "major"),
        "assign" => ("assign", ""),
        "take on" => ("take-on", ""),
        "progress" => ("progress", ""),
        "rectify" => ("rectify", ""),
        "ask extension" => ("ask-extension", ""),
        "grant extension" => ("answer-extension", "grant"),
        "refuse extension" => ("answer-extension", "refuse"),
        "accept on site" => ("accept", "accept"),
        "return" => ("accept", "return"),
        "close" => ("close", ""),
        "revisit sound" => ("revisit", "1"),
        "revisit bad" => ("revisit", "0"),
        "withdraw" => ("withdraw", "duplicate"),
        "ask help" => ("ask-help", ""),
        "support" => ("answer-help", "support"),
        "urge" => ("urge", ""),
        "deliver help" => ("deliver-help", ""),
        "return help" => ("answer-help", "return"),
        "correct words" => ("correct", ""),
        _ => return None,
    })
}

/// What no other words, day or photo mends.
const NOT_YOURS: &[&str] = &[
    "hazard-wrong-stage",
    "hazard-county-decides",
    "hazard-central-decides",
    "hazard-school-decides",
    "hazard-not-responsible",
    "hazard-asker-may-not-answer",
    "hazard-fixer-may-not-accept",
    "hazard-responsible-may-not-accept",
    "hazard-fixer-may-not-revisit",
    "hazard-revisit-early",
    "hazard-help-asked-already",
    "hazard-help-promised-already",
    "hazard-urge-self",
    "hazard-level-same",
];

fn refused(desk: &Desk, standing: &Standing, command: &HazardCommand) -> Option<&'static str> {
    if !permitted(desk, standing, command) {
        return Some("forbidden");
    }
    let code = desk.ask(standing, command).err()?.code;
    NOT_YOURS.contains(&code).then_some(code)
}

#[test]
fn what_is_offered_is_accepted_and_what_is_accepted_is_offered() {
    let mut wrong = Vec::new();
    for Sample { name: sample, desk } in samples() {
        for (who, standing) in people() {
            let offers = offers(&desk, &standing);
            for (name, command) in commands(&desk) {
                let Some((act, choice)) = form(name) else { continue };
                let offered = offers.iter().any(|o| o.act == act && o.choices.contains(&choice));
                let refused = refused(&desk, &standing, &command);
                // Whoever was not named may do it when asked to, but it is not put before him.
                let unnamed = matches!(act, "rectify" | "take-on") && !offered;
                if offered == refused.is_some() && !unnamed && desk.state.is_some() {
                    wrong.push(format!("{sample}: {act} {choice} to {who}: offered {offered}, {refused:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn accepting_and_closing_at_once_is_offered_only_where_both_pass() {
    // Late, the county may accept what the central school did not; then nothing is late any more.
    let mut desk = rectifying(Level::General).alone();
    desk.done(&officer(), &rectify());
    let until = desk.due().plus_ms(DAY);
    desk.clocks_until(until);
    let accept = offers(&desk, &county()).into_iter().find(|offer| offer.act == "accept").unwrap();
    assert_eq!(accept.choices, ["accept", "return"]);
    let accept = offers(&desk, &central()).into_iter().find(|offer| offer.act == "accept").unwrap();
    assert_eq!(accept.choices, ["close", "accept", "return"]);
}

#[test]
fn the_turn_is_said_only_to_whom_it_belongs() {
    let next = |desk: &Desk, standing: &Standing| {
        let looking = Looking {
            state: desk.state(),
            standing,
            rules: &RULES,
            now: desk.now,
            hindrance: None,
            kept: None,
        };
        looking.next(&looking.offers(), turn(desk.state()).map(|turn| turn.act))
    };
    let mut waiting = rectifying(Level::General).alone();
    waiting.done(&officer(), &rectify());
    assert_eq!(next(&waiting, &county()), None, "the central school accepts");
    assert_eq!(next(&waiting, &central()), Some("accept"));
    let major = graded(Level::Major);
    assert!(
        !offers(&major, &head()).iter().any(|offer| offer.act == "grade"),
        "the county grades major ones"
    );
    assert!(
        offers(&major, &county()).iter().any(|offer| offer.act == "grade" && offer.choices == ["general"])
    );
}

#[test]
fn the_county_is_told_that_it_can_only_raise() {
    let desk = graded(Level::General);
    let grading =
        |standing: &Standing| offers(&desk, standing).into_iter().find(|offer| offer.act == "grade");
    let theirs = grading(&county()).expect("the county may raise");
    assert_eq!(theirs.choices, ["major"]);
    assert!(theirs.only_raises(&county()));
    let own = grading(&officer()).expect("the school may raise it too");
    assert_eq!(own.choices, ["major"]);
    assert!(!own.only_raises(&officer()), "the school could have said something else");
}
