//! 催办: downwards, not oneself, and not the same step twice a day.

use super::support::*;
use crate::{HazardCommand, Level, event::Note};

fn urge() -> HazardCommand {
    HazardCommand::Urge(note("请抓紧办理，周五前报整改结果"))
}

#[test]
fn a_superior_urges_whoever_has_the_turn_once_a_day() {
    let mut desk = rectifying(Level::General);
    assert_eq!(desk.code(&officer(), &urge()), "hazard-urge-self");
    assert_eq!(desk.code(&county(), &HazardCommand::Urge(Note::default())), "text-missing");
    let start = desk.now;
    desk.done(&county(), &urge());
    assert_eq!(desk.code(&head(), &urge()), "hazard-urged-lately");
    desk.now = start.plus_ms(2 * DAY);
    desk.done(&head(), &urge());
    assert_eq!(desk.state().urged.map(|urged| urged.times), Some(2));
    desk.done(&officer(), &rectify());
    assert_eq!(desk.state().urged, None, "another step has begun");
}

#[test]
fn nobody_urges_upwards_or_what_has_ended() {
    let major = graded(Level::Major);
    assert_eq!(major.code(&central(), &urge()), "hazard-urge-self");
    let ended = closed(Level::General);
    assert_eq!(ended.code(&county(), &urge()), "hazard-wrong-stage");
    let unnamed = graded(Level::General);
    assert_eq!(unnamed.code(&head(), &urge()), "hazard-urge-self", "the head could assign it himself");
    assert!(unnamed.ask(&central(), &urge()).is_ok());
}
