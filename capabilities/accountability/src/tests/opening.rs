//! Who opens a case, on what, against whom; and that no clock does.

use journal::Subject;
use kernel::{PersonId, Timestamp};

use super::support::*;
use crate::{Authority, Case, CaseCommand, CaseDraft, Side, SideRole, StageCode, Verdict};

#[test]
fn a_leader_opens_it_against_both_sides_and_each_is_heard() {
    let mut desk = Desk::new();
    assert_eq!(desk.done(&leader(), &open()), ["opened"]);
    assert_eq!(desk.waits_for(), ["state by school", "state by central"]);
    let state = desk.state();
    assert_eq!(state.number.to_string(), "2026-001");
    let side = |unit, role: SideRole, name: &str| Side { unit, role: role.into(), name: name.to_owned() };
    let sides: Vec<Side> = state.sides.iter().map(|one| one.side.clone()).collect();
    assert_eq!(
        sides,
        [
            side(school(), SideRole::Rectifying, "第一小学"),
            side(central(), SideRole::Supervising, "中心学校")
        ]
    );
    assert_eq!(state.statement.rule, "accountability.statement");
    // 60 days to the end of the last one.
    assert_eq!(state.investigation.at, Timestamp::at_end_of(START.plus_ms(60 * DAY).local_date()));
}

#[test]
fn nobody_below_the_county_leader_opens_one() {
    let desk = Desk::new();
    for standing in [finder(), head(), central_head(), system()] {
        let asked = desk.ask(&standing, &open());
        if standing.is_system() {
            // The platform may ask anything; nothing in it ever asks this: see the next test.
            continue;
        }
        assert_eq!(asked.unwrap_err().code, "forbidden");
    }
}

/// A case is a decision. Every clock of every stage may pass, and all that comes of it are warnings and the record that
/// somebody said nothing: no case is opened, nothing is found, nobody is handled.
#[test]
fn no_clock_opens_finds_or_concludes_anything() {
    let nothing = Desk::new();
    for clock in ["statement", "investigation", "measures", "rectify", "accept"] {
        assert_eq!(nothing.code(&system(), &tick(clock)), "accountability-unknown");
    }
    for mut desk in [opened(), finding(), reviewing(), signing(), carrying()] {
        let before = desk.state().clone();
        let heard = desk.clocks_until(START.plus_ms(900 * DAY));
        assert!(
            heard.iter().all(|name| matches!(*name, "deadline_warned" | "silence_recorded")),
            "{heard:?}"
        );
        let after = desk.state();
        assert_eq!((after.conclusion.clone(), &after.writers), (before.conclusion.clone(), &before.writers));
        for (was, is) in before.sides.iter().zip(&after.sides) {
            assert_eq!((&was.finding, was.handled, &was.measures), (&is.finding, is.handled, &is.measures));
        }
        assert!(Case::clocks(after).iter().all(|clock| clock.next.is_none()), "every mark is behind it");
    }
}

#[test]
fn silence_is_written_down_and_is_no_admission() {
    let mut desk = opened();
    desk.done(&head(), &state_for(school()));
    let heard = desk.clocks_until(START.plus_ms(8 * DAY));
    assert_eq!(heard.last(), Some(&"silence_recorded"));
    assert_eq!(desk.stage(), StageCode::Finding);
    let silent: Vec<bool> = desk.state().sides.iter().map(|one| one.silent).collect();
    assert_eq!(silent, [false, true]);
    // What comes late counts, and nothing was found of whoever was silent.
    assert!(desk.state().sides.iter().all(|one| one.finding.is_none()));
    desk.done(&central_head(), &state_for(central()));
    desk.done(&finder(), &find(done(central())));
    assert_eq!(desk.state().sides[1].verdict(), Some(Verdict::Done));
}

fn refused(change: impl FnOnce(&mut CaseDraft)) -> (&'static str, Option<&'static str>) {
    let mut asked = draft();
    change(&mut asked);
    let refusal = Desk::new().refused(&leader(), &opened_as(asked));
    (refusal.code, refusal.fields.first().copied())
}

#[test]
fn an_opening_names_authority_consequence_link_and_both_sides() {
    assert_eq!(refused(|d| d.authority = None), ("field-choose", Some("authority")));
    assert_eq!(refused(|d| d.consequence = None), ("field-choose", Some("consequence")));
    assert_eq!(refused(|d| d.what = "无".to_owned()), ("accountability-filler", Some("what")));
    assert_eq!(refused(|d| d.link = "  ".to_owned()), ("text-missing", Some("link")));
    assert_eq!(refused(|d| d.link = "按要求".to_owned()), ("accountability-filler", Some("link")));
    assert_eq!(refused(|d| d.happened_on = None), ("field-required", Some("happened_on")));
    let tomorrow = Timestamp::at_start_of(START.plus_ms(2 * DAY).local_date());
    assert_eq!(refused(|d| d.happened_on = Some(tomorrow)), ("date-in-future", Some("happened_on")));
    assert_eq!(refused(|d| d.supervising.clear()), ("accountability-one-side", Some("supervising")));
    assert_eq!(refused(|d| d.rectifying.clear()), ("accountability-school-missing", Some("rectifying")));
    assert_eq!(
        refused(|d| d.supervising = vec![school()]),
        ("accountability-both-sides", Some("supervising"))
    );
    assert_eq!(refused(|d| d.what = "电话13912345678的家长投诉".to_owned()), ("text-mobile", Some("what")));
}

#[test]
fn another_authority_is_written_down_with_its_number_and_its_paper() {
    let as_other = |d: &mut CaseDraft| {
        d.authority = Some(Authority::Other);
        d.authority_name = "县安全生产委员会".to_owned();
        d.document_number = "师安委〔2026〕2号".to_owned();
    };
    let mut asked = draft();
    as_other(&mut asked);
    assert!(Desk::new().ask(&leader(), &opened_as(asked)).is_ok());
    let missing = |change: fn(&mut CaseDraft)| {
        refused(|d| {
            as_other(d);
            change(d);
        })
    };
    assert_eq!(missing(|d| d.authority_name.clear()), ("text-missing", Some("authority_name")));
    assert_eq!(
        missing(|d| d.document_number.clear()),
        ("accountability-number-missing", Some("document_number"))
    );
    assert_eq!(missing(|d| d.photos.clear()), ("accountability-paper-missing", Some("photos")));
}

#[test]
fn the_bureau_opens_none_against_itself() {
    let against_county = |d: &mut CaseDraft| d.supervising = vec![central(), county()];
    assert_eq!(refused(against_county), ("accountability-own-bureau", Some("authority")));
    let mut asked = draft();
    against_county(&mut asked);
    asked.authority = Some(Authority::Government);
    asked.document_number = "师政函〔2026〕3号".to_owned();
    assert!(Desk::new().ask(&leader(), &opened_as(asked)).is_ok());
}

#[test]
fn one_case_of_a_hazard_at_a_time_and_none_where_there_is_no_hazard() {
    let mut desk = Desk::new();
    desk.facts.open = Some(supervision::Number { year: 2026, serial: 4 });
    assert_eq!(desk.code(&leader(), &open()), "accountability-open-already");
    desk.facts.open = None;
    desk.facts.hazard = None;
    assert_eq!(desk.code(&leader(), &open()), "accountability-hazard");
}

#[test]
fn it_is_prolonged_once_and_called_off_with_a_reason() {
    let mut desk = opened();
    let first = desk.state().investigation.at;
    assert_eq!(desk.code(&leader(), &CaseCommand::Extend(said("无"))), "hazard-why-filler");
    desk.done(&leader(), &CaseCommand::Extend(said("鉴定结论尚未作出")));
    assert_eq!(desk.state().investigation.at, Timestamp::at_end_of(first.plus_ms(60 * DAY).local_date()));
    assert_eq!(desk.code(&leader(), &CaseCommand::Extend(said("仍未作出"))), "accountability-extended-once");
    assert_eq!(desk.code(&finder(), &CaseCommand::CallOff(said("启动有误"))), "forbidden");
    desk.done(&leader(), &CaseCommand::CallOff(said("后果与这条隐患无关，启动有误")));
    assert_eq!((desk.stage(), desk.waits_for()), (StageCode::CalledOff, Vec::new()));
    let over = carrying();
    assert_eq!(over.code(&leader(), &CaseCommand::CallOff(said("启动有误了"))), "accountability-wrong-stage");
}

/// An account without a person is known by itself.
#[test]
fn nobody_stands_for_nobody() {
    let nobody = journal::Doer { actor: kernel::ActorId::NIL, person: None };
    assert!(!nobody.is(&finder()) && !nobody.is(&system()));
    let someone = journal::Doer { actor: kernel::ActorId::NIL, person: Some(PersonId::NIL) };
    assert!(!someone.is(&finder()));
}
