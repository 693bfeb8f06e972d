//! Questions with a date, answered with a decision.

use std::sync::Arc;

use kernel::{Date, Timestamp};

use jiff::ToSpan as _;

use super::RuleBook;
use crate::{
    answer::{Decision, Explanation, Variant},
    calendar::Counted,
    error::RuleError,
    rule::{ClimbStep, Rule, RuleValue, Subject, select},
    span::{Span, Unit},
};

impl RuleBook {
    fn pick(&self, id: &str, on: Date, subject: Subject<'_>) -> Result<&Rule, RuleError> {
        let rules = self.0.rules.get(id).ok_or_else(|| RuleError::Unknown(id.to_owned()))?;
        select(rules, on, subject).ok_or_else(|| RuleError::NotInForce { id: id.to_owned(), on })
    }

    /// The decision a rule makes by itself.
    fn state(&self, rule: &Rule) -> Decision<RuleValue> {
        let changed_zh =
            rule.base_value.as_ref().map(|base| format!("，本地调整前为 {}", base.zh())).unwrap_or_default();
        let changed_en = rule
            .base_value
            .as_ref()
            .map(|base| format!("; before local adjustment {}", base.en()))
            .unwrap_or_default();
        Decision {
            value: rule.value.clone(),
            rule_id: Arc::clone(&rule.id),
            clause: rule.clause.clone(),
            variant: Arc::clone(&rule.variant),
            stamp: Arc::clone(&self.0.stamp),
            calendar_fallback: false,
            explanation: Explanation {
                zh: format!("{}：{}（{}{changed_zh}）。", rule.title.zh, rule.value.zh(), rule.clause.zh),
                en: format!("{}: {} ({}{changed_en}).", rule.title.en, rule.value.en(), rule.clause.en),
            },
        }
    }

    /// The value of a rule on a day, where it holds everywhere.
    ///
    /// # Errors
    /// No such rule, or none in force.
    pub fn value(&self, id: &str, on: Date) -> Result<Decision<RuleValue>, RuleError> {
        Ok(self.state(self.pick(id, on, Subject::default())?))
    }

    /// The length of time a rule gives on a day.
    ///
    /// # Errors
    /// No such rule, none in force, no duration, or a date set in each plan.
    pub fn duration(&self, id: &str, on: Date) -> Result<Decision<Span>, RuleError> {
        self.duration_for(id, on, Subject::default())
    }

    /// [`Self::duration`] for a unit: the narrowest rule whose scope holds it.
    ///
    /// # Errors
    /// As [`Self::duration`].
    pub fn duration_for(
        &self,
        id: &str,
        on: Date,
        subject: Subject<'_>,
    ) -> Result<Decision<Span>, RuleError> {
        let rule = self.pick(id, on, subject)?;
        let span = span_of(rule)?;
        Ok(self.state(rule).map(|_| span))
    }

    /// When something that started then must be done: hours to the instant, days and working days to the end of
    /// the local day.
    ///
    /// # Errors
    /// As [`Self::duration`], or a deadline outside the calendar.
    pub fn deadline(&self, id: &str, started: Timestamp) -> Result<Decision<Timestamp>, RuleError> {
        self.deadline_for(id, started, Subject::default())
    }

    /// [`Self::deadline`] for a unit: the narrowest rule whose scope holds it.
    ///
    /// # Errors
    /// As [`Self::deadline`].
    pub fn deadline_for(
        &self,
        id: &str,
        started: Timestamp,
        subject: Subject<'_>,
    ) -> Result<Decision<Timestamp>, RuleError> {
        self.due(self.pick(id, started.local_date(), subject)?, started)
    }

    /// When something that started then would have to be done by the rule of another day.
    ///
    /// # Errors
    /// As [`Self::deadline`].
    pub fn deadline_as_of(
        &self,
        id: &str,
        started: Timestamp,
        on: Date,
    ) -> Result<Decision<Timestamp>, RuleError> {
        self.due(self.pick(id, on, Subject::default())?, started)
    }

    /// The first instant from which a span of time reaches `end` by the rule in force then: a window looked at from its
    /// other side.
    ///
    /// # Errors
    /// As [`Self::deadline`].
    pub fn opened(&self, id: &str, end: Timestamp) -> Result<Timestamp, RuleError> {
        let last = end.local_date();
        let rule = self.pick(id, last, Subject::default())?;
        let span = span_of(rule)?;
        let beyond = || RuleError::OutOfRange(rule.id.to_string());
        let first = match span.unit {
            Unit::Minutes => return Ok(back(end, span, Timestamp::MINUTE_MS)),
            Unit::Hours => return Ok(back(end, span, Timestamp::HOUR_MS)),
            Unit::Days => last.checked_sub(i64::from(span.amount).days()).map_err(|_| beyond())?,
            Unit::WorkingDays => self.0.calendar.reaching(last, span.amount).ok_or_else(beyond)?,
            Unit::Years => last.checked_sub(i64::from(span.amount).years()).map_err(|_| beyond())?,
        };
        Ok(Timestamp::at_start_of(first))
    }

    /// All variants of a rule on a day, the active one first.
    ///
    /// # Errors
    /// No such rule, or none in force.
    pub fn all_variants(&self, id: &str, on: Date) -> Result<Vec<Variant<RuleValue>>, RuleError> {
        self.side_by_side(id, on, |rule| Ok(self.state(rule)))
    }

    /// The deadline under every variant, the active one first.
    ///
    /// # Errors
    /// As [`Self::deadline`].
    pub fn all_deadlines(&self, id: &str, started: Timestamp) -> Result<Vec<Variant<Timestamp>>, RuleError> {
        self.side_by_side(id, started.local_date(), |rule| self.due(rule, started))
    }

    fn side_by_side<T>(
        &self,
        id: &str,
        on: Date,
        decide: impl Fn(&Rule) -> Result<Decision<T>, RuleError>,
    ) -> Result<Vec<Variant<T>>, RuleError> {
        let active = self.pick(id, on, Subject::default())?;
        let rules = self.0.rules.get(id).map(Vec::as_slice).unwrap_or_default();
        let others = rules.iter().filter(|rule| !rule.active && rule.holds(on, Subject::default()));
        std::iter::once(active)
            .chain(others)
            .map(|rule| Ok(Variant { active: rule.active, decision: decide(rule)? }))
            .collect()
    }

    /// What is due after so many whole days overdue: none before the first step.
    ///
    /// # Errors
    /// No ladder for that level (`general`, `larger`, `major`) on that day.
    pub fn climb(
        &self,
        level: &str,
        overdue_days: u32,
        on: Date,
    ) -> Result<Decision<Option<ClimbStep>>, RuleError> {
        let rule = self.pick(&format!("hazard.climb.{level}"), on, Subject::default())?;
        let RuleValue::Ladder(steps) = &rule.value else {
            return Err(RuleError::WrongKind { id: rule.id.to_string(), wanted: "ladder" });
        };
        let step = steps.iter().rfind(|step| step.after <= overdue_days).cloned();
        Ok(self.state(rule).map(|_| step))
    }

    /// The percentages at which a running deadline warns.
    ///
    /// # Errors
    /// No marks in force on that day.
    pub fn warning_marks(&self, on: Date) -> Result<Decision<Vec<u32>>, RuleError> {
        let rule = self.pick("clock.marks", on, Subject::default())?;
        let RuleValue::Marks(marks) = &rule.value else {
            return Err(RuleError::WrongKind { id: rule.id.to_string(), wanted: "list of marks" });
        };
        let marks = marks.clone();
        Ok(self.state(rule).map(|_| marks))
    }

    /// Whether a day is a working day, and whether its year's calendar is loaded.
    pub fn working_day(&self, on: Date) -> (bool, bool) {
        self.0.calendar.working(on)
    }

    fn due(&self, rule: &Rule, started: Timestamp) -> Result<Decision<Timestamp>, RuleError> {
        let span = span_of(rule)?;
        let mut decision = self.state(rule);
        let start = started.local_date();
        let beyond = || RuleError::OutOfRange(rule.id.to_string());
        let (at, counted) = match span.unit {
            Unit::Minutes => exact(started, span, Timestamp::MINUTE_MS),
            Unit::Hours => exact(started, span, Timestamp::HOUR_MS),
            Unit::Days => {
                let last = start.checked_add(i64::from(span.amount).days()).map_err(|_| beyond())?;
                (Timestamp::at_end_of(last), Counted::default())
            }
            Unit::Years => {
                let last = start.checked_add(i64::from(span.amount).years()).map_err(|_| beyond())?;
                (Timestamp::at_end_of(last), Counted::default())
            }
            Unit::WorkingDays => {
                let (last, counted) = self.0.calendar.after(start, span.amount).ok_or_else(beyond)?;
                (Timestamp::at_end_of(last), counted)
            }
        };
        decision.calendar_fallback = !counted.fallback_years.is_empty();
        explain(&mut decision.explanation, span, started, at, &counted);
        Ok(decision.map(|_| at))
    }
}

fn span_of(rule: &Rule) -> Result<Span, RuleError> {
    match &rule.value {
        RuleValue::Duration(span) => Ok(*span),
        RuleValue::PerPlan => Err(RuleError::PerPlan(rule.id.to_string())),
        RuleValue::Marks(_) | RuleValue::Ladder(_) | RuleValue::Choice(_) => {
            Err(RuleError::WrongKind { id: rule.id.to_string(), wanted: "duration" })
        }
    }
}

fn exact(started: Timestamp, span: Span, unit_ms: i64) -> (Timestamp, Counted) {
    (started.plus_ms(i64::from(span.amount).saturating_mul(unit_ms)), Counted::default())
}

fn back(end: Timestamp, span: Span, unit_ms: i64) -> Timestamp {
    end.plus_ms(-i64::from(span.amount).saturating_mul(unit_ms))
}

fn explain(said: &mut Explanation, span: Span, started: Timestamp, at: Timestamp, counted: &Counted) {
    match span.unit {
        Unit::Minutes | Unit::Hours => {
            let show = |t: Timestamp| t.local().strftime("%Y-%m-%d %H:%M").to_string();
            said.zh.push_str(&format!("自 {} 起算，到 {} 止。", show(started), show(at)));
            said.en.push_str(&format!(" From {} to {}.", show(started), show(at)));
        }
        Unit::Days | Unit::WorkingDays | Unit::Years => {
            let (from, to) = (started.local_date(), at.local_date());
            said.zh.push_str(&format!("自 {from} 次日起算，到 {to} 当日结束时止。"));
            said.en.push_str(&format!(" Counted from the day after {from} to the end of {to}."));
        }
    }
    if !counted.skipped.is_empty() {
        let names = |pick: fn(&crate::clause::Text) -> &str, glue: &str| {
            counted.skipped.iter().map(pick).collect::<Vec<_>>().join(glue)
        };
        said.zh.push_str(&format!("其间跳过{}。", names(|text| &text.zh, "、")));
        said.en.push_str(&format!(" Skipped: {}.", names(|text| &text.en, ", ")));
    }
    if !counted.make_up.is_empty() {
        let days: Vec<_> = counted.make_up.iter().map(ToString::to_string).collect();
        said.zh.push_str(&format!("{} 为调休上班日，计入。", days.join("、")));
        said.en.push_str(&format!(" Counted as make-up working days: {}.", days.join(", ")));
    }
    if !counted.fallback_years.is_empty() {
        let years: Vec<_> = counted.fallback_years.iter().map(ToString::to_string).collect();
        said.zh.push_str(&format!("{} 年节假日安排未录入，按周一至周五计算。", years.join("、")));
        said.en
            .push_str(&format!(" No holiday calendar for {}; counted Monday to Friday.", years.join(", ")));
    }
}
