//! What the generator remembers of a hazard, so that it knows what can be asked next and when clocks ring.

use hazard::{Level, StageCode};
use kernel::{StreamId, Timestamp};
use rules::{RuleBook, RuleValue};

use super::{dice::Dice, listing::Listed};

/// What will become of a hazard.
#[derive(Clone, Debug, Default)]
pub(super) struct Fate {
    pub on_time: bool,
    pub withdrawn: bool,
    pub corrected: bool,
    pub help: bool,
    pub extension: bool,
    pub returned: bool,
    pub recurs: bool,
    /// Nothing more happens once this stage is reached.
    pub stops_at: Option<StageCode>,
}

/// A running deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Running {
    pub name: &'static str,
    pub started: Timestamp,
    pub due: Timestamp,
}

/// Who accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judge {
    School,
    Central,
    County,
}

/// What is wrong, where, and what is done about it.
#[derive(Clone, Debug, Default)]
pub(super) struct Matter {
    pub item: String,
    pub place: String,
    pub measures: String,
    pub done: String,
    /// The item of the guide that is met.
    pub guide_item: String,
}

/// A hazard.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub id: StreamId,
    pub school: usize,
    pub category: usize,
    pub code: String,
    pub level: Level,
    pub stage: StageCode,
    pub matter: Matter,
    pub fate: Fate,
    pub dice: Dice,
    pub clock: Option<Running>,
    pub generation: u32,
    pub mark: u8,
    pub climbed: Option<usize>,
    pub climb_at: Option<Timestamp>,
    pub graded: bool,
    /// Since when the plan runs.
    pub since: Timestamp,
    pub due: Timestamp,
    pub counted_from: Timestamp,
    pub late: bool,
    pub responsible: usize,
    pub fixer: usize,
    pub fixed_on_time: bool,
    pub asker: usize,
    pub until: Timestamp,
    pub judge: Judge,
    pub help_asked: bool,
    /// The county agreed to help and has not done so yet.
    pub help_promised: bool,
    pub returns: u32,
    pub extensions: u32,
    /// How far the county's list is with it.
    pub listed: Listed,
}

impl Case {
    /// Counted as major.
    pub(super) fn is_major(&self) -> bool {
        self.level == Level::Major
    }

    /// Starts another clock, or none. The same one with the same end goes on.
    pub(super) fn run(&mut self, clock: Option<Running>) {
        if self.clock == clock {
            return;
        }
        self.clock = clock;
        self.mark = 0;
        self.climbed = None;
        self.climb_at = None;
        self.generation += 1;
    }

    /// Past the deadline that counts.
    pub(super) fn overdue(&self, now: Timestamp) -> bool {
        self.stage.is_open() && self.clock.is_some_and(|clock| clock.due < now)
    }
}

/// The warnings and steps of the rules.
#[derive(Clone, Debug)]
pub(super) struct Alarms {
    marks: Vec<u8>,
    ladders: Vec<(Level, Vec<u32>)>,
}

impl Alarms {
    /// As they are in force on a day.
    pub(super) fn read(rules: &RuleBook, on: kernel::Date) -> Self {
        let mut marks: Vec<u8> = rules
            .warning_marks(on)
            .map(|decision| decision.value)
            .unwrap_or_default()
            .iter()
            .filter_map(|mark| u8::try_from(*mark).ok())
            .filter(|mark| *mark < 100)
            .collect();
        marks.sort_unstable();
        marks.dedup();
        marks.push(100);
        let ladder = |level: &Level| {
            let decision = rules.value(&format!("hazard.climb.{}", level.name()), on);
            let steps = match decision.map(|decision| decision.value) {
                Ok(RuleValue::Ladder(steps)) => steps.iter().map(|step| step.after).collect(),
                _ => Vec::new(),
            };
            (*level, steps)
        };
        Self { marks, ladders: Level::ALL.iter().map(ladder).collect() }
    }

    fn ladder(&self, case: &Case) -> &[u32] {
        let level = if case.graded { case.level } else { Level::General };
        self.ladders.iter().find(|(of, _)| *of == level).map_or(&[], |(_, steps)| steps.as_slice())
    }

    /// When the case's clock rings next.
    pub(super) fn next(&self, case: &Case) -> Option<Timestamp> {
        let clock = case.clock?;
        let mark = self.marks.iter().find(|mark| **mark > case.mark);
        let open = case.stage.is_open() && case.climbed.is_none_or(|at| at + 1 < self.ladder(case).len());
        mark.map(|mark| at_mark(clock, *mark)).or_else(|| case.climb_at.filter(|_| open))
    }

    /// When a clock rings, mark after mark.
    pub(super) fn rings(&self, clock: Running) -> Vec<Timestamp> {
        self.marks.iter().map(|mark| at_mark(clock, *mark)).collect()
    }

    /// Remembers what the platform recorded at a ring.
    pub(super) fn ring(&self, case: &mut Case, now: Timestamp) {
        let Some(clock) = case.clock else { return };
        let ladder = self.ladder(case);
        let climbs = |days: u32| clock.due.plus_ms(1 + i64::from(days) * Timestamp::DAY_MS);
        let mark = self.marks.iter().rev().copied().find(|mark| at_mark(clock, *mark) <= now).unwrap_or(0);
        let mut climb_at = case.climb_at;
        let mut climbed = case.climbed;
        if mark > case.mark {
            case.mark = mark;
            climb_at = if mark == 100 { ladder.first().map(|days| climbs(*days)) } else { None };
        }
        if clock.due < now && case.stage.is_open() {
            let days = u32::try_from(now.since_ms(clock.due).div_euclid(Timestamp::DAY_MS)).unwrap_or(0);
            if let Some(step) = ladder.iter().rposition(|after| *after <= days)
                && climbed.is_none_or(|known| known < step)
            {
                climbed = Some(step);
                climb_at = ladder.iter().find(|after| **after > days).map(|days| climbs(*days));
            }
        }
        case.climb_at = climb_at;
        case.climbed = climbed;
    }
}

fn at_mark(clock: Running, mark: u8) -> Timestamp {
    if mark >= 100 {
        return clock.due.plus_ms(1);
    }
    let span = clock.due.since_ms(clock.started).max(0);
    clock.started.plus_ms(span / 100 * i64::from(mark))
}
