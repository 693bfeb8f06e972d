//! What the county changed of the rules: one adjustment that holds, and one that waits to be signed.

use std::collections::VecDeque;

use adjustment::{Adjustment, AdjustmentCommand, Change, Draft, NewValue};
use anyhow::Result;
use hazard::Note;
use jiff::ToSpan as _;
use kernel::{Actor, ActorId, StreamId, Timestamp};

use super::history::History;

/// Rule, value, days from the end of the history on which it begins to hold, why.
const DRAFTS: [(&str, &str, i64, &str); 2] = [
    ("hazard.urge.again", "2d", 0, "同一步一天一催过密，影响学校上课，改为两天一次（演示）"),
    ("hazard.rectify.general", "5d", 14, "近一年一般隐患多数三天内改完，拟缩短期限（演示）"),
];

/// An act on an adjustment that is still to happen.
pub(super) struct Ruling {
    at: Timestamp,
    by: Actor,
    id: StreamId,
    command: AdjustmentCommand,
}

impl History<'_> {
    /// Both are drafted on the last afternoon, and the first is activated.
    pub(super) fn plan_rulings(&self) -> VecDeque<Ruling> {
        let first = |people: &[usize]| {
            Actor::person(people.first().map_or(ActorId::NIL, |one| self.world.actor(*one)))
        };
        let (office, leader) = (first(&self.world.office), first(&self.world.leaders));
        let mut planned = VecDeque::new();
        for (number, (rule, span, days, why)) in (0..).zip(DRAFTS) {
            let at = self.end.plus_ms(-8 * Timestamp::HOUR_MS + number * 10 * Timestamp::MINUTE_MS);
            let id: StreamId = self.ids.uuid(at).into();
            let draft = Draft {
                county: self.world.county,
                from: self.end.local_date().checked_add(days.days()).ok(),
                changes: vec![Change::Value {
                    rule: rule.to_owned(),
                    variant: "default".to_owned(),
                    value: NewValue::Span(span.to_owned()),
                }],
                reason: Note { note: why.to_owned(), photos: Vec::new() },
            };
            planned.push_back(Ruling { at, by: office, id, command: AdjustmentCommand::Draft(draft) });
            if days == 0 {
                let command = AdjustmentCommand::Activate { concerned: Vec::new(), note: Note::default() };
                let at = at.plus_ms(5 * Timestamp::MINUTE_MS);
                planned.push_back(Ruling { at, by: leader, id, command });
            }
        }
        planned
    }

    /// What happens by then.
    pub(super) fn rule_until(&mut self, planned: &mut VecDeque<Ruling>, now: Timestamp) -> Result<()> {
        while let Some(next) = planned.pop_front_if(|next| next.at <= now) {
            self.sender.send::<Adjustment>(next.by, next.at, next.id, "rules", next.command)?;
        }
        Ok(())
    }
}
