//! From event to state. Total: an event that does not fit leaves the state as it is.

mod plan;

use journal::Stamp;
use kernel::{Coded, Timestamp};
use rules::DueBy;

use self::plan::{and, handed, plan_on_spot, plan_taken};
use crate::{
    carried::{Carried, CarriedOver, CarriedText},
    clocks::is_help,
    event::{Graded, HazardEvent, Registered, RegisteredText},
    level::{HelpSaid, StageCode, WithdrawnWhy},
    state::{Fixer, HazardState, Help, HelpClock, Plan, Stage, Urged},
};

/// The state after the event.
pub(crate) fn evolve(state: Option<HazardState>, event: &HazardEvent, stamp: &Stamp) -> Option<HazardState> {
    match (state, event) {
        (None, HazardEvent::Registered(parts)) => Some(registered(&parts.core, parts.text.as_ref(), stamp)),
        (None, HazardEvent::CarriedOver(parts)) => {
            Some(carried_over(&parts.core, parts.text.as_ref(), stamp))
        }
        (None, _) => None,
        (Some(state), event) => Some(apply(state, event, stamp)),
    }
}

fn registered(core: &Registered, text: Option<&RegisteredText>, stamp: &Stamp) -> HazardState {
    // Fixed on the spot: its next event says so at once; until then nothing is due.
    let due = core.due.clone().unwrap_or_else(|| DueBy {
        at: stamp.at,
        rule: String::new(),
        marks: Vec::new(),
        calendar_fallback: false,
    });
    HazardState {
        number: core.number,
        unit: core.unit,
        township: core.township,
        central: core.central,
        readdressed: None,
        county: core.county,
        category: core.category.clone(),
        level: None,
        source: core.source.clone(),
        description: text.map(|t| t.description.clone()),
        place: text.map(|t| t.place.clone()),
        photos: text.map(|t| t.photos.clone()).unwrap_or_default(),
        found_at: core.found_at,
        registered_at: stamp.at,
        registered_by: stamp.actor,
        stage: Stage::Registered { since: stamp.at, due },
        marks: std::collections::BTreeMap::new(),
        escalation: None,
        answered: None,
        climb_at: None,
        help: None,
        help_clock: None,
        late: false,
        earlier: Vec::new(),
        returns: 0,
        extensions: 0,
        recurrences: 0,
        repeats_since: core.repeats_since,
        urged: None,
        notes: 0,
        carried: None,
    }
}

/// As a registered one that stands where the ledger left it.
fn carried_over(core: &CarriedOver, text: Option<&CarriedText>, stamp: &Stamp) -> HazardState {
    let registered = Registered {
        number: core.number,
        unit: core.unit,
        township: core.township,
        central: core.central,
        county: core.county,
        category: core.category.clone(),
        source: core.source.clone(),
        found_at: core.found_at,
        by: core.by,
        due: core.due.clone(),
        answers: Vec::new(),
        repeats: None,
        repeats_since: None,
    };
    let words = text.map(|t| RegisteredText {
        description: t.description.clone(),
        place: t.place.clone(),
        photos: t.photos.clone(),
    });
    let state = self::registered(&registered, words.as_ref(), stamp);
    HazardState {
        level: core.level,
        carried: Some(Carried { ledger_number: core.ledger_number.clone(), stage: core.stage }),
        stage: carried_stage(core, text, stamp.at).unwrap_or_else(|| state.stage.clone()),
        ..state
    }
}

/// `None` leaves it to be graded.
fn carried_stage(core: &CarriedOver, text: Option<&CarriedText>, since: Timestamp) -> Option<Stage> {
    let due = core.due.clone();
    match core.stage {
        StageCode::CarriedOver => Some(Stage::CarriedOver { since, closed_at: core.closed_at }),
        StageCode::Graded => due.map(|due| Stage::Graded { since, due }),
        StageCode::Assigned => due.map(|due| Stage::Assigned { since, due, responsible: core.responsible }),
        StageCode::Rectifying => due.map(|due| Stage::Rectifying {
            plan: Plan {
                responsible: core.responsible,
                // Who does what: the ledger names a person and no more.
                responsibility: text.map(|_| String::new()),
                funds: text.map(|t| t.funds.clone()),
                funds_cents: core.funds_cents.unwrap_or(0),
                measures: text.map(|t| t.measures.clone()),
                contingency: text.map(|t| t.contingency.clone()),
                since,
                due,
                counted_from: since,
                late: false,
                earlier: Vec::new(),
                waited_ms: 0,
            },
        }),
        StageCode::Registered
        | StageCode::ExtensionAsked
        | StageCode::AwaitingAcceptance
        | StageCode::Accepted
        | StageCode::Closed
        | StageCode::Done
        | StageCode::Withdrawn => None,
    }
}

fn apply(mut state: HazardState, event: &HazardEvent, stamp: &Stamp) -> HazardState {
    let before = clock(&state);
    match event {
        HazardEvent::DeadlineWarned(parts) => {
            state.marks.insert(parts.core.clock.clone(), parts.core.mark);
            if !is_help(&parts.core.clock) {
                state.climb_at = climb_at(&state, parts.core.climb_after_days);
            }
        }
        HazardEvent::Escalated(parts) => {
            state.escalation = Some(parts.core.step);
            state.climb_at = climb_at(&state, parts.core.climb_after_days);
        }
        HazardEvent::ClimbAnswered(parts) => state.answered = Some(parts.core.step),
        HazardEvent::HelpAsked(_) | HazardEvent::HelpAnswered(_) | HazardEvent::HelpDelivered(_) => {
            of_help(&mut state, event, stamp.at);
        }
        HazardEvent::Corrected(parts) => {
            state.category.clone_from(&parts.core.category);
            state.repeats_since = parts.core.repeats_since;
            if let Some(text) = &parts.text {
                state.description = Some(text.description.clone());
                state.place = Some(text.place.clone());
            }
        }
        HazardEvent::Urged(_) => {
            let times = state.urged.map_or(0, |urged| urged.times).saturating_add(1);
            state.urged = Some(Urged { at: stamp.at, times });
        }
        HazardEvent::Readdressed(parts) => state.readdressed = Some(parts.core.clone()),
        HazardEvent::Progressed(_) => state.notes = state.notes.saturating_add(1),
        HazardEvent::Registered(_) | HazardEvent::CarriedOver(_) => {}
        HazardEvent::FixedOnSpot(_)
        | HazardEvent::Graded(_)
        | HazardEvent::Assigned(_)
        | HazardEvent::TakenOn(_)
        | HazardEvent::ResponsibleChanged(_)
        | HazardEvent::Rectified(_)
        | HazardEvent::ExtensionAsked(_)
        | HazardEvent::ExtensionGranted(_)
        | HazardEvent::ExtensionRefused(_)
        | HazardEvent::Accepted(_)
        | HazardEvent::Returned(_)
        | HazardEvent::Closed(_)
        | HazardEvent::Revisited(_)
        | HazardEvent::Withdrawn(_) => state = work(state, event, stamp),
    }
    if before != clock(&state) {
        // Another clock runs now, or the same one towards another day: it starts without marks, and the climb anew.
        state.marks.retain(|clock, _| is_help(clock));
        state.urged = None;
        state.escalation = None;
        state.answered = None;
        state.climb_at = None;
    }
    state
}

/// What happens to a request for help.
fn of_help(state: &mut HazardState, event: &HazardEvent, at: Timestamp) {
    match event {
        HazardEvent::HelpAsked(parts) => helped(state, Some(Help::Asked), parts.core.due.as_ref(), at),
        HazardEvent::HelpAnswered(parts) => match &parts.core.answer {
            Coded::Known(HelpSaid::Supported) => {
                helped(state, Some(Help::Supported), parts.core.due.as_ref(), at);
            }
            Coded::Known(HelpSaid::Returned) => helped(state, None, None, at),
            // An answer nobody here understands is none: the request stays.
            Coded::Newer(_) => {}
        },
        HazardEvent::HelpDelivered(_) => helped(state, Some(Help::Delivered), None, at),
        _ => {}
    }
}

/// Where a request for help stands now, and until when the county owes something: a clock without marks.
fn helped(state: &mut HazardState, help: Option<Help>, due: Option<&DueBy>, since: Timestamp) {
    state.help = help;
    state.help_clock = due.cloned().map(|due| HelpClock { since, due });
    state.marks.retain(|clock, _| !is_help(clock));
}

/// What makes a clock another one: its name, its start, its end.
fn clock(state: &HazardState) -> Option<(&'static str, Timestamp, Option<Timestamp>)> {
    crate::clocks::running(state).map(|(name, started)| (name, started, state.due().map(|due| due.at)))
}

fn climb_at(state: &HazardState, after_days: Option<u32>) -> Option<Timestamp> {
    let due = state.due()?;
    after_days.map(|days| due.at.plus_ms(1 + i64::from(days) * Timestamp::DAY_MS))
}

/// The events that carry the work itself from stage to stage.
fn work(mut state: HazardState, event: &HazardEvent, stamp: &Stamp) -> HazardState {
    let at = stamp.at;
    let taken = std::mem::replace(
        &mut state.stage,
        Stage::Withdrawn { since: at, why: WithdrawnWhy::Mistaken.into(), same_as: None },
    );
    state.stage = match (event, taken) {
        (HazardEvent::Graded(p), stage) => graded(&mut state, &p.core, stage, at),
        (HazardEvent::Assigned(p), Stage::Graded { .. }) => {
            Stage::Assigned { since: at, due: p.core.due.clone(), responsible: Some(p.core.responsible) }
        }
        (HazardEvent::Assigned(p), Stage::Assigned { since, due, .. }) => {
            // The same deadline keeps its start.
            let since = if due == p.core.due { since } else { at };
            Stage::Assigned { since, due: p.core.due.clone(), responsible: Some(p.core.responsible) }
        }
        (HazardEvent::TakenOn(p), Stage::Assigned { .. }) => {
            let (late, earlier) = (state.late, std::mem::take(&mut state.earlier));
            state.late = false;
            Stage::Rectifying { plan: Plan { late, earlier, ..plan_taken(p, at) } }
        }
        (HazardEvent::ResponsibleChanged(p), Stage::Rectifying { plan }) => {
            Stage::Rectifying { plan: handed(plan, p) }
        }
        (
            HazardEvent::ResponsibleChanged(p),
            Stage::ExtensionAsked { plan, since, until, asker, asker_person, answerer },
        ) => Stage::ExtensionAsked { plan: handed(plan, p), since, until, asker, asker_person, answerer },
        (HazardEvent::ExtensionAsked(p), Stage::Rectifying { plan }) => Stage::ExtensionAsked {
            plan,
            since: at,
            until: p.core.until,
            asker: stamp.actor,
            asker_person: p.core.by,
            answerer: p.core.answerer.clone(),
        },
        (HazardEvent::ExtensionGranted(p), Stage::ExtensionAsked { mut plan, .. }) => {
            plan.due = p.core.due.clone();
            // More time, counted from the old start: another clock, so marks already reached are judged anew.
            state.extensions += 1;
            Stage::Rectifying { plan }
        }
        (HazardEvent::ExtensionRefused(_), Stage::ExtensionAsked { plan, .. }) => Stage::Rectifying { plan },
        (HazardEvent::Withdrawn(p), stage)
            if stage.code().is_open() || matches!(stage, Stage::CarriedOver { .. }) =>
        {
            helped(&mut state, None, None, at);
            Stage::Withdrawn { since: at, why: p.core.why.clone(), same_as: p.core.same_as }
        }
        (event, stage) => prove(&mut state, event, stage, stamp),
    };
    state
}

/// Graded, for the first time or anew. Found to be major while it was being fixed, it begins again with whoever decides
/// about major ones.
fn graded(state: &mut HazardState, core: &Graded, stage: Stage, at: Timestamp) -> Stage {
    let since = match &stage {
        // The same deadline keeps its start.
        Stage::Graded { since, due } if *due == core.due => *since,
        Stage::Graded { .. }
        | Stage::Registered { .. }
        | Stage::Assigned { .. }
        | Stage::Rectifying { .. }
        | Stage::ExtensionAsked { .. }
        | Stage::AwaitingAcceptance { .. } => at,
        Stage::Accepted { .. }
        | Stage::Closed { .. }
        | Stage::Done { .. }
        | Stage::Withdrawn { .. }
        | Stage::CarriedOver { .. } => return stage,
    };
    give_up(state, stage, at);
    state.level = Some(core.level);
    Stage::Graded { since, due: core.due.clone() }
}

/// Keeps of a plan that is given up whether it was late, and who had a part in it.
fn give_up(state: &mut HazardState, stage: Stage, at: Timestamp) {
    let (plan, fixer) = match stage {
        Stage::Rectifying { plan } | Stage::ExtensionAsked { plan, .. } => (plan, None),
        Stage::AwaitingAcceptance { plan, fixer, .. } => (plan, Some(fixer)),
        Stage::Registered { .. }
        | Stage::Graded { .. }
        | Stage::Assigned { .. }
        | Stage::Accepted { .. }
        | Stage::Closed { .. }
        | Stage::Done { .. }
        | Stage::Withdrawn { .. }
        | Stage::CarriedOver { .. } => return,
    };
    let on_time = fixer.as_ref().map_or(at <= plan.due.at, |fixer| fixer.on_time);
    state.late |= plan.late || !on_time;
    let hands = plan.earlier.into_iter().map(Some).chain([plan.responsible, fixer.and_then(|f| f.person)]);
    state.earlier = hands.fold(std::mem::take(&mut state.earlier), and);
}

/// The events from "it is fixed" to the end.
fn prove(state: &mut HazardState, event: &HazardEvent, stage: Stage, stamp: &Stamp) -> Stage {
    let at = stamp.at;
    match (event, stage) {
        (HazardEvent::FixedOnSpot(p), Stage::Registered { .. }) => {
            state.level = Some(p.core.level);
            Stage::AwaitingAcceptance {
                since: at,
                due: p.core.due.clone(),
                plan: plan_on_spot(p, at),
                fixer: Fixer { actor: stamp.actor, person: p.core.by, on_time: true },
                acceptor: p.core.acceptor.clone(),
            }
        }
        (HazardEvent::Rectified(p), Stage::Rectifying { plan } | Stage::ExtensionAsked { plan, .. }) => {
            Stage::AwaitingAcceptance {
                since: at,
                due: p.core.due.clone(),
                plan,
                fixer: Fixer { actor: stamp.actor, person: p.core.by, on_time: p.core.on_time },
                acceptor: p.core.acceptor.clone(),
            }
        }
        (HazardEvent::Accepted(p), Stage::AwaitingAcceptance { plan, fixer, acceptor, .. }) => {
            Stage::Accepted { since: at, plan, fixer, acceptor, due: p.core.due.clone() }
        }
        (HazardEvent::Returned(p), Stage::AwaitingAcceptance { mut plan, fixer, since, .. }) => {
            state.returns += 1;
            plan.waited_ms += at.since_ms(since).max(0);
            plan.late |= !fixer.on_time || p.core.late;
            plan.earlier = and(plan.earlier, fixer.person);
            plan.due = p.core.due.clone();
            plan.counted_from = at;
            Stage::Rectifying { plan }
        }
        (HazardEvent::Closed(p), Stage::Accepted { plan, fixer, acceptor, .. }) => {
            // What was never answered or done stays said.
            let help = state.help;
            helped(state, help, None, at);
            Stage::Closed {
                fixer: Some(fixer),
                acceptor: Some(acceptor),
                since: at,
                plan,
                on_time: p.core.on_time,
                days: p.core.days,
                revisit: p.core.revisit.clone(),
            }
        }
        (HazardEvent::Revisited(p), Stage::Closed { since, on_time, days, .. }) => match &p.core.due {
            Some(due) if !p.core.sound => {
                state.recurrences += 1;
                helped(state, None, None, at);
                Stage::Assigned { since: at, due: due.clone(), responsible: None }
            }
            Some(_) | None => Stage::Done { since: at, closed_at: since, on_time, days },
        },
        (_, stage) => stage,
    }
}
