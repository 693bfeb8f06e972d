//! What runs out: certificates, health checks, background checks, training, pieces of the kit and the look at it.

use jiff::ToSpan as _;
use kernel::{Date, PersonId, UnitId};
use rules::RuleBook;

use crate::counting::Guard;

kernel::named! {
    /// What runs out.
    pub enum Paper {
        /// 保安员证
        Certificate = "certificate",
        /// 健康证（体检）
        Health = "health",
        /// 背景审查
        Background = "background",
        /// 培训
        Training = "training",
        /// A piece of the kit.
        Piece = "piece",
        /// The look at the kit.
        KitCheck = "kit-check",
    }
}

/// Something with a last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expiry {
    /// What.
    pub paper: Paper,
    /// Of whom; none for the kit.
    pub person: Option<PersonId>,
    /// Which piece, by its id.
    pub piece: String,
    /// At which school.
    pub unit: UnitId,
    /// At which campus.
    pub campus: u16,
    /// It holds until the end of this day.
    pub last: Date,
}

/// Days of the rules about what runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spans {
    /// The first reminder comes so many days before.
    pub first: i64,
    /// The second.
    pub second: i64,
    /// Overdue for so many days, the central school sees it.
    pub climb: i64,
    health: i64,
    background: i64,
    training: i64,
    kit: i64,
}

impl Spans {
    /// As the rules in force have them; what is missing there reminds of nothing.
    pub fn of(rules: &RuleBook, today: Date) -> Self {
        let days = |id: &str| rules.duration(id, today).map_or(0, |found| i64::from(found.value.amount));
        Self {
            first: days("guards.warn.first"),
            second: days("guards.warn.second"),
            climb: days("guards.climb"),
            health: days("guards.health.valid"),
            background: days("guards.background.valid"),
            training: days("guards.training.valid"),
            kit: days("guards.kit.check"),
        }
    }

    /// The last day of a piece's look.
    pub fn kit_look(self, checked: Date) -> Option<Date> {
        after(checked, self.kit)
    }
}

fn after(day: Date, days: i64) -> Option<Date> {
    day.checked_add(days.days()).ok()
}

/// Whole days from `today` to the last day; negative when that is over.
pub fn days_left(last: Date, today: Date) -> i64 {
    use kernel::Timestamp;
    Timestamp::at_start_of(last).since_ms(Timestamp::at_start_of(today)).div_euclid(Timestamp::DAY_MS)
}

/// What of a guard runs out, and when.
pub fn of_guard(guard: &Guard, unit: UnitId, spans: Spans) -> Vec<Expiry> {
    let health = guard.health_until.or_else(|| guard.health_on.and_then(|on| after(on, spans.health)));
    let all = [
        (Paper::Certificate, guard.certified_until.filter(|_| guard.certified)),
        (Paper::Health, health),
        (Paper::Background, guard.background_on.and_then(|on| after(on, spans.background))),
        (Paper::Training, guard.trained_on.and_then(|on| after(on, spans.training))),
    ];
    let expiry = |(paper, last): (Paper, Option<Date>)| {
        Some(Expiry {
            paper,
            person: Some(guard.person),
            piece: String::new(),
            unit,
            campus: guard.campus.unwrap_or(0),
            last: last?,
        })
    };
    all.into_iter().filter_map(expiry).collect()
}
