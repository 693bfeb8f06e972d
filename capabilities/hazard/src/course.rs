//! The course of a record as its own events tell it: every deadline that ran, for whom, how it ended, and who was warned
//! and urged on meanwhile. Pure: nothing here is typed by hand or read from a table, so that it says the same to whoever
//! answers for it and to whoever holds him to account.

use journal::{Payload, Recorded, Stamp};
use kernel::{Timestamp, UnitId};
use rules::DueBy;

use crate::{
    clocks::{help_clock, running},
    event::HazardEvent,
    evolve::evolve,
    level::Escalation,
    state::{HazardState, Stage},
    turn::{owed, turn},
};

/// A deadline that runs at some moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Its name, in the room it belongs to.
    pub clock: &'static str,
    /// The unit that has to keep it.
    pub unit: UnitId,
    /// From when it is counted.
    pub started: Timestamp,
    /// By when, and by which rule.
    pub due: DueBy,
}

/// Something that was said to whoever was to keep a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// So many percent of the span have passed; 100 is overdue.
    Warned(u8),
    /// It climbed to this step.
    Climbed(Escalation),
    /// The step was carried out: somebody talked to them, or took it up.
    Answered(Escalation),
    /// Somebody above urged them on.
    Urged,
}

/// The deadline was moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// When that was decided.
    pub at: Timestamp,
    /// Where it lay before.
    pub from: Timestamp,
}

/// A deadline from its start to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// What ran. Its deadline is the last one.
    pub running: Running,
    /// Extensions, oldest first.
    pub moved: Vec<Moved>,
    /// When what it waited for happened; `None` as long as it runs.
    pub ended: Option<Timestamp>,
    /// It was decided to be late whatever day it was done on.
    pub judged_late: bool,
    /// What was said meanwhile, oldest first.
    pub heard: Vec<(Timestamp, Heard)>,
}

impl Run {
    /// Missed as of an instant: over after its deadline, still running after it, moved only after it had passed, or
    /// decided to be late.
    pub fn missed(&self, as_of: Timestamp) -> bool {
        self.judged_late || self.late_ms(as_of) > 0 || self.moved.iter().any(|moved| moved.at > moved.from)
    }

    /// How long after its last deadline it ended, or runs as of an instant; 0 when it is in time.
    pub fn late_ms(&self, as_of: Timestamp) -> i64 {
        self.ended.unwrap_or(as_of).since_ms(self.running.due.at).max(0)
    }

    fn is_open(&self) -> bool {
        self.ended.is_none()
    }
}

/// Follows the deadlines of a record from event to event.
#[derive(Clone, Debug, Default)]
pub struct Tracker(Vec<Run>);

impl Tracker {
    /// What runs after an event of the instant `at`: what ran before and does not any more has ended, what has another
    /// day was moved, what somebody else has to keep now begins anew with him.
    pub fn step(&mut self, at: Timestamp, now: &[Running]) {
        for run in self.0.iter_mut().filter(|run| run.is_open()) {
            let same = |one: &&Running| {
                one.clock == run.running.clock
                    && one.unit == run.running.unit
                    && one.started == run.running.started
            };
            match now.iter().find(same) {
                None => run.ended = Some(at),
                Some(one) if one.due.at != run.running.due.at => {
                    run.moved.push(Moved { at, from: run.running.due.at });
                    run.running.due = one.due.clone();
                }
                Some(_) => {}
            }
        }
        for one in now {
            let known = self
                .0
                .iter()
                .any(|run| run.is_open() && run.running.clock == one.clock && run.running.unit == one.unit);
            if !known {
                self.0.push(Run {
                    running: one.clone(),
                    moved: Vec::new(),
                    ended: None,
                    judged_late: false,
                    heard: Vec::new(),
                });
            }
        }
    }

    /// Something was said about the deadline that runs under this name.
    pub fn heard(&mut self, at: Timestamp, clock: &str, heard: Heard) {
        if let Some(run) = self.open(clock) {
            run.heard.push((at, heard));
        }
    }

    /// What ran under this name was late, whatever day it is.
    fn judged_late(&mut self, clock: &str) {
        if let Some(run) = self.open(clock) {
            run.judged_late = true;
        }
    }

    fn open(&mut self, clock: &str) -> Option<&mut Run> {
        self.0.iter_mut().rev().find(|run| run.is_open() && run.running.clock == clock)
    }

    /// Every deadline that ran, in the order in which they began.
    pub fn runs(self) -> Vec<Run> {
        // What was fixed on the spot had nothing to wait for.
        let waited = |run: &Run| run.running.due.at > run.running.started || !run.running.due.rule.is_empty();
        self.0.into_iter().filter(waited).collect()
    }
}

/// Every deadline that ran for a hazard, by its events as the journal has them. One from a newer program is passed over.
pub fn course(events: &[Recorded]) -> Vec<Run> {
    let decoded = events.iter().filter_map(|recorded| {
        let header = &recorded.header;
        let event = HazardEvent::decode(&header.event_type, header.type_version, &recorded.parts).ok()?;
        Some((stamp(recorded), event))
    });
    course_of(decoded)
}

/// The same of events that are read already, oldest first.
pub fn course_of(events: impl IntoIterator<Item = (Stamp, HazardEvent)>) -> Vec<Run> {
    let mut tracker = Tracker::default();
    let mut state: Option<HazardState> = None;
    for (stamp, event) in events {
        if let Some(state) = &state {
            hear(&mut tracker, state, &event, stamp.at);
        }
        state = evolve(state, &event, &stamp);
        let now = state.as_ref().map(all_running).unwrap_or_default();
        tracker.step(stamp.at, &now);
    }
    tracker.runs()
}

/// A hazard as it stood after these events; `None` before the first. One from a newer program is passed over.
pub fn state_after(events: &[Recorded]) -> Option<HazardState> {
    events.iter().fold(None, |state, recorded| {
        let header = &recorded.header;
        match HazardEvent::decode(&header.event_type, header.type_version, &recorded.parts) {
            Ok(event) => evolve(state, &event, &stamp(recorded)),
            Err(_) => state,
        }
    })
}

/// Where and when an event was recorded, as folding it asks.
pub fn stamp(recorded: &Recorded) -> Stamp {
    let header = &recorded.header;
    Stamp {
        event_id: header.event_id,
        stream: header.stream_id,
        version: header.stream_version,
        actor: header.actor,
        at: header.decided_at,
        unit: header.unit_id,
    }
}

/// What is said about deadlines, to whoever has to keep them.
fn hear(tracker: &mut Tracker, state: &HazardState, event: &HazardEvent, at: Timestamp) {
    let current = running(state).map(|(name, _)| name).unwrap_or_default();
    match event {
        HazardEvent::DeadlineWarned(parts) => {
            tracker.heard(at, &parts.core.clock, Heard::Warned(parts.core.mark));
        }
        HazardEvent::Escalated(parts) => tracker.heard(at, current, Heard::Climbed(parts.core.step)),
        HazardEvent::ClimbAnswered(parts) => tracker.heard(at, current, Heard::Answered(parts.core.step)),
        HazardEvent::Urged(_) => tracker.heard(at, current, Heard::Urged),
        HazardEvent::Rectified(parts) if !parts.core.on_time => tracker.judged_late("rectify"),
        HazardEvent::Rectified(_)
        | HazardEvent::Registered(_)
        | HazardEvent::FixedOnSpot(_)
        | HazardEvent::Graded(_)
        | HazardEvent::Assigned(_)
        | HazardEvent::TakenOn(_)
        | HazardEvent::ResponsibleChanged(_)
        | HazardEvent::Progressed(_)
        | HazardEvent::ExtensionAsked(_)
        | HazardEvent::ExtensionGranted(_)
        | HazardEvent::ExtensionRefused(_)
        | HazardEvent::Accepted(_)
        | HazardEvent::Returned(_)
        | HazardEvent::Closed(_)
        | HazardEvent::Revisited(_)
        | HazardEvent::Withdrawn(_)
        | HazardEvent::HelpAsked(_)
        | HazardEvent::HelpAnswered(_)
        | HazardEvent::HelpDelivered(_)
        | HazardEvent::Readdressed(_)
        | HazardEvent::Corrected(_)
        | HazardEvent::CarriedOver(_) => {}
    }
}

/// The clock of the work, and beside it that of a request for help.
fn all_running(state: &HazardState) -> Vec<Running> {
    let work = running(state).zip(state.due()).map(|((clock, started), due)| Running {
        clock,
        unit: keeper(state),
        started,
        due: due.clone(),
    });
    let help = help_clock(state).zip(owed(state)).map(|((clock, help), owed)| Running {
        clock,
        unit: owed.unit,
        started: help.since,
        due: help.due.clone(),
    });
    work.into_iter().chain(help).collect()
}

/// Who has to keep the deadline of the work. While an answer about more time is waited for, that of the school runs on.
fn keeper(state: &HazardState) -> UnitId {
    match &state.stage {
        Stage::Rectifying { .. } | Stage::ExtensionAsked { .. } => state.unit,
        Stage::Registered { .. }
        | Stage::Graded { .. }
        | Stage::Assigned { .. }
        | Stage::AwaitingAcceptance { .. }
        | Stage::Accepted { .. }
        | Stage::Closed { .. }
        | Stage::Done { .. }
        | Stage::Withdrawn { .. }
        | Stage::CarriedOver { .. } => turn(state).map_or(state.unit, |turn| turn.unit),
    }
}
