//! What hazards tell the channels of their unit and those above it. Number, category, level, unit, deadline: nothing
//! personal, nothing that anybody wrote.

use std::sync::{Arc, PoisonError, RwLock};

use journal::{Payload, Recorded};
use kernel::{Problem, Timestamp, UnitId, limits};
use language::{Lang, Say};
use notify::{Line, Source, Tiding, Topic};
use organisation::unit_brief;
use rules::RuleBook;
use storage::{Tx, params};

use crate::{
    clocks::{help_clock, running},
    event::HazardEvent,
    pages::href,
    state::{HazardState, Help, Stage},
    texts,
    turn::turn,
    words,
};

/// What leaves is written in Chinese: it goes to groups of officials.
const LANG: Lang = Lang::ZhCn;

/// Hazards as a source of tidings.
pub struct HazardTidings {
    rules: Arc<RwLock<RuleBook>>,
}

impl HazardTidings {
    /// Names of categories come from the rules in force.
    pub fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }

    fn about(&self, state: &HazardState, unit: &str) -> String {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner);
        let category = words::category(LANG, &rules, &state.category);
        texts::tiding_about(LANG, unit, state.number, category, words::level(LANG, state.level))
    }
}

impl Source for HazardTidings {
    fn kind(&self) -> &'static str {
        "hazard"
    }

    fn tidings(&self, tx: &mut Tx, event: &Recorded) -> Result<Vec<Tiding>, Problem> {
        let header = &event.header;
        let Ok(happened) = HazardEvent::decode(&header.event_type, header.type_version, &event.parts) else {
            return Ok(Vec::new());
        };
        let sql = "SELECT state FROM hazard WHERE id = ?1";
        let json = tx.first(sql, params![header.stream_id], |row| row.text(0))?;
        let Some(state) = json.and_then(|json| serde_json::from_str::<HazardState>(&json).ok()) else {
            return Ok(Vec::new());
        };
        let unit = unit_brief(tx, state.unit)?.map(|unit| unit.name).unwrap_or_default();
        let told = told(&state, &happened, header.decided_at, &self.about(&state, &unit));
        let line = |sentence| Line { sentence, path: href(header.stream_id) };
        Ok(told
            .map(|(topic, upwards, sentence)| Tiding {
                unit: state.unit,
                upwards,
                topic,
                line: line(sentence),
            })
            .into_iter()
            .collect())
    }

    fn daily(&self, tx: &mut Tx, unit: UnitId, now: Timestamp) -> Result<Option<Line>, Problem> {
        let soon = now.plus_ms(limits::DUE_SOON_DAYS * Timestamp::DAY_MS);
        let counts = tx.first(
            "SELECT count(*), count(CASE WHEN due_at >= ?2 AND due_at < ?3 THEN 1 END),
                count(CASE WHEN due_at < ?2 THEN 1 END)
             FROM hazard WHERE phase = 'open' AND unit_id IN
                (SELECT unit_id FROM unit_scope WHERE ancestor_id = ?1 AND line IN ('management', 'territory'))",
            params![unit, now, soon],
            |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)),
        )?;
        let (open, soon, late) = counts.unwrap_or_default();
        let sentence = texts::tiding_daily(LANG, open, limits::DUE_SOON_DAYS, soon, late);
        Ok(Some(Line { sentence, path: "/hazards?sort=due".to_owned() }))
    }
}

/// Topic, whether it is for the units above too, and the sentence; nothing when the hazard has moved on since.
fn told(
    state: &HazardState,
    event: &HazardEvent,
    at: Timestamp,
    about: &str,
) -> Option<(Topic, bool, String)> {
    let by = |due: Timestamp| Say(LANG).date_time(due);
    match event {
        HazardEvent::Assigned(parts) if matches!(state.stage, Stage::Assigned { .. }) => {
            let sentence = texts::tiding_assigned(LANG, about, by(parts.core.due.at));
            Some((Topic::Assigned, false, sentence))
        }
        HazardEvent::Graded(parts) if state.is_major() && state.stage.code().is_open() => {
            Some((Topic::Major, true, texts::tiding_major(LANG, about, by(parts.core.due.at))))
        }
        HazardEvent::Returned(parts) if matches!(state.stage, Stage::Rectifying { .. }) => {
            let sentence = texts::tiding_returned(LANG, about, by(parts.core.due.at));
            Some((Topic::Returned, false, sentence))
        }
        HazardEvent::HelpAsked(_) | HazardEvent::HelpAnswered(_) | HazardEvent::Urged(_) => {
            between(state, event, about)
        }
        HazardEvent::DeadlineWarned(parts) => warned(state, &parts.core.clock, parts.core.mark, at, about),
        HazardEvent::Escalated(parts) if state.stage.code().is_open() => {
            let (clock, _) = running(state)?;
            let (step, days) = (words::climb(LANG, parts.core.step), parts.core.overdue_days);
            let sentence = texts::tiding_climb(LANG, step, about, words::clock(LANG, clock), days);
            Some((Topic::Climb, true, sentence))
        }
        HazardEvent::Assigned(_)
        | HazardEvent::Graded(_)
        | HazardEvent::Returned(_)
        | HazardEvent::Escalated(_)
        | HazardEvent::Registered(_)
        | HazardEvent::FixedOnSpot(_)
        | HazardEvent::TakenOn(_)
        | HazardEvent::ResponsibleChanged(_)
        | HazardEvent::Progressed(_)
        | HazardEvent::Rectified(_)
        | HazardEvent::ExtensionAsked(_)
        | HazardEvent::ExtensionGranted(_)
        | HazardEvent::ExtensionRefused(_)
        | HazardEvent::Accepted(_)
        | HazardEvent::Closed(_)
        | HazardEvent::Revisited(_)
        | HazardEvent::Withdrawn(_)
        | HazardEvent::HelpDelivered(_)
        | HazardEvent::ClimbAnswered(_)
        | HazardEvent::Readdressed(_)
        | HazardEvent::Corrected(_)
        | HazardEvent::CarriedOver(_) => None,
    }
}

/// What a school asks of the county, the answer, and what somebody above says of the step that is due.
fn between(state: &HazardState, event: &HazardEvent, about: &str) -> Option<(Topic, bool, String)> {
    let by = |due: Timestamp| Say(LANG).date_time(due);
    match event {
        HazardEvent::HelpAsked(parts) if state.help == Some(Help::Asked) => {
            let sentence = match &parts.core.due {
                Some(due) => texts::tiding_help_by(LANG, about, by(due.at)),
                None => texts::tiding_help(LANG, about),
            };
            Some((Topic::Help, true, sentence))
        }
        HazardEvent::Urged(_) if state.urged.is_some() => {
            let (turn, due) = (turn(state)?, state.due()?.at);
            let sentence = texts::tiding_urged(LANG, about, words::act(LANG, turn.act), by(due));
            Some((Topic::Warning, false, sentence))
        }
        HazardEvent::HelpAnswered(parts) if state.help == Some(Help::Supported) => {
            let due = parts.core.due.as_ref()?.at;
            Some((Topic::Help, false, texts::tiding_help_promised(LANG, about, by(due))))
        }
        _ => None,
    }
}

/// A warning, as long as the clock it is about still runs.
fn warned(
    state: &HazardState,
    clock: &str,
    mark: u8,
    at: Timestamp,
    about: &str,
) -> Option<(Topic, bool, String)> {
    let help = help_clock(state).filter(|(name, _)| *name == clock);
    let work = running(state).filter(|(name, _)| *name == clock).zip(state.due());
    // What the county owes is for the county to hear.
    let (name, due, upwards) = match (help, work) {
        (Some((name, help)), _) => (name, help.due.at, true),
        (None, Some(((name, _), due))) => (name, due.at, false),
        (None, None) => return None,
    };
    let (name, left) = (words::clock(LANG, name), Say(LANG).left(due.since_ms(at)));
    let by = Say(LANG).date_time(due);
    Some(if mark >= 100 {
        (Topic::Overdue, true, texts::tiding_overdue(LANG, about, name, by, left))
    } else {
        (Topic::Warning, upwards, texts::tiding_warning(LANG, mark, about, name, by, left))
    })
}

#[cfg(test)]
mod tests {
    use journal::{Parts, Stamp, Subject};
    use kernel::{ActorId, EventId, PersonId, StreamId};
    use rules::DueBy;

    use super::*;
    use crate::{
        Hazard,
        event::{Assigned, DeadlineWarned, Escalated, Graded, HelpAsked, Note, Registered, RegisteredText},
        level::{Escalation, Level, Number},
    };

    /// 2026-03-02 09:00, a Monday.
    const START: Timestamp = Timestamp(1_772_413_200_000);
    const ABOUT: &str = "丹凤第一小学 2026-0012 消防（重大）";

    fn due(days: i64) -> DueBy {
        let marks = vec![50, 80, 100];
        DueBy {
            at: START.plus_ms(days * Timestamp::DAY_MS),
            rule: String::new(),
            marks,
            calendar_fallback: false,
        }
    }

    fn after(state: Option<HazardState>, event: &HazardEvent) -> HazardState {
        let stamp = Stamp {
            event_id: EventId::NIL,
            stream: StreamId::NIL,
            version: 1,
            actor: ActorId::NIL,
            at: START,
            unit: UnitId::NIL,
        };
        Hazard::evolve(state, event, &stamp).unwrap()
    }

    fn registered() -> HazardState {
        let core = Registered {
            number: Number { year: 2026, serial: 12 },
            unit: UnitId::NIL,
            township: None,
            central: None,
            county: None,
            category: "H02".to_owned(),
            source: "self".to_owned(),
            found_at: START,
            by: None,
            due: Some(due(1)),
            answers: Vec::new(),
            repeats: None,
            repeats_since: None,
        };
        let text = RegisteredText {
            description: "李某某宿舍门口灭火器过期".to_owned(),
            place: "女生宿舍二楼".to_owned(),
            photos: Vec::new(),
        };
        after(None, &HazardEvent::Registered(Parts { core, text: Some(text), personal: None }))
    }

    fn graded() -> (HazardState, HazardEvent) {
        let (guide, answers, forced) = (crate::level::GuideSaid::Major.into(), Vec::new(), false);
        let core = Graded { level: Level::Major, guide, answers, forced, due: due(2), by: None };
        let event = HazardEvent::Graded(Parts::with_text(core, Note::default()));
        (after(Some(registered()), &event), event)
    }

    fn warned_at(clock: &str, mark: u8) -> HazardEvent {
        let core = DeadlineWarned { clock: clock.to_owned(), mark, climb_after_days: None };
        HazardEvent::DeadlineWarned(Parts::core(core))
    }

    fn says(state: &HazardState, event: &HazardEvent, days: i64) -> Option<(Topic, bool, String)> {
        told(state, event, START.plus_ms(days * Timestamp::DAY_MS), ABOUT)
            .map(|(topic, upwards, text)| (topic, upwards, language::plain(&text).to_string()))
    }

    #[test]
    fn each_event_has_its_sentence() {
        let (major, grading) = graded();
        let sentence = "重大隐患：丹凤第一小学 2026-0012 消防（重大），请在 2026-03-04 09:00 前交办";
        assert_eq!(says(&major, &grading, 0), Some((Topic::Major, true, sentence.to_owned())));
        let (topic, upwards, text) = says(&major, &warned_at("assign", 80), 1).unwrap();
        assert_eq!((topic, upwards), (Topic::Warning, false));
        assert!(text.contains("80%") && text.contains("交办期限 2026-03-04 09:00，还剩 24 小时"), "{text}");
        let (topic, upwards, text) = says(&major, &warned_at("assign", 100), 5).unwrap();
        assert_eq!((topic, upwards), (Topic::Overdue, true));
        assert!(text.ends_with("逾期 3 天"), "{text}");
        let core = Escalated { step: Escalation::Talk, overdue_days: 4, climb_after_days: None };
        let (topic, upwards, text) = says(&major, &HazardEvent::Escalated(Parts::core(core)), 6).unwrap();
        assert_eq!((topic, upwards), (Topic::Climb, true));
        assert!(text.contains("约谈") && text.ends_with("交办逾期 4 天"), "{text}");
        let help = HazardEvent::HelpAsked(Parts::with_text(HelpAsked::default(), Note::default()));
        let (topic, upwards, _) = says(&after(Some(major.clone()), &help), &help, 0).unwrap();
        assert_eq!((topic, upwards), (Topic::Help, true));
        let assigning = Assigned { responsible: PersonId::NIL, due: due(3), by: None };
        let assigning = HazardEvent::Assigned(Parts::with_text(assigning, Note::default()));
        let (topic, upwards, text) = says(&after(Some(major), &assigning), &assigning, 0).unwrap();
        assert_eq!((topic, upwards), (Topic::Assigned, false));
        assert!(text.ends_with("请在 2026-03-05 09:00 前签收"), "{text}");
    }

    #[test]
    fn what_has_been_overtaken_is_not_told() {
        let (major, grading) = graded();
        assert_eq!(says(&major, &warned_at("grade", 100), 3), None, "it has been graded since");
        assert_eq!(says(&registered(), &grading, 0), None);
        let help = HazardEvent::HelpAsked(Parts::with_text(HelpAsked::default(), Note::default()));
        assert_eq!(says(&major, &help, 0), None, "it was answered");
    }

    #[test]
    fn nothing_that_anybody_wrote_is_in_it() {
        let rules = RuleBook::embedded().unwrap();
        let category = words::category(LANG, &rules, "H02");
        let source = HazardTidings::new(Arc::new(RwLock::new(rules)));
        let (major, grading) = graded();
        let about = source.about(&major, "丹凤第一小学");
        let plain = language::plain(&about).to_string();
        assert_eq!(plain, language::plain(&format!("丹凤第一小学 2026-0012 {category}（重大）")));
        for event in [grading, warned_at("assign", 100)] {
            let (_, _, text) = told(&major, &event, START, &about).unwrap();
            assert!(
                !text.contains("李某某") && !text.contains("宿舍") && !text.contains("灭火器过期"),
                "{text}"
            );
        }
    }
}
