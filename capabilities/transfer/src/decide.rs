//! Decisions about letters. Pure: state, command, facts and the instant in; events or a refusal out.

mod answered;
mod letter;

pub(crate) use self::answered::PROMISE_MOST;

use hazard::{Note, Wording};
use journal::{Context, Parts};
use kernel::{PersonId, Refusal, Timestamp};
use rules::{DueBy, RuleBook};

use crate::{
    clocks::spans,
    command::TransferCommand,
    event::{Acted, DeadlineWarned, LinkMade, Opened, TransferEvent, Urged, Urging},
    facts::TransferFacts,
    state::{StageCode, TransferState},
};

/// What a decision leans on.
struct Judge<'a> {
    rules: &'a RuleBook,
    facts: &'a TransferFacts,
    context: &'a Context<'a>,
    now: Timestamp,
}

type Decision = Result<Vec<TransferEvent>, Refusal>;

pub(crate) fn decide(
    state: Option<&TransferState>,
    command: &TransferCommand,
    facts: &TransferFacts,
    context: &Context<'_>,
) -> Decision {
    use TransferCommand as C;
    let judge = Judge { rules: &facts.rules, facts, context, now: context.now };
    let Some(letter) = state else {
        return match command {
            C::Draft(draft) => judge.draft(None, draft),
            _ => Err(Refusal::new("transfer-unknown")),
        };
    };
    match command {
        C::Draft(draft) => judge.draft(Some(letter), draft),
        C::Submit => judge.submit(letter),
        C::Sign { passed, document_number, note } => judge.sign(letter, *passed, document_number, note),
        C::Send { channel, on, note } => judge.send(letter, *channel, *on, note),
        C::MakeLink => judge.make_link(letter),
        C::RevokeLink => judge.revoke_link(letter),
        C::Opened { link } => Ok(judge.opened(letter, *link)),
        C::Receive(draft) => judge.receive(letter, draft),
        C::Reply(draft) => judge.reply(letter, draft),
        C::AskAgain { until, note } => judge.ask_again(letter, *until, note),
        C::Withdraw(note) => judge.withdraw(letter, note),
        C::Urge { how, note } => judge.urge(letter, *how, note),
        C::Tick { clock } => Ok(judge.tick(letter, clock)),
    }
}

impl Judge<'_> {
    fn by(&self) -> Option<PersonId> {
        self.context.standing.person
    }

    const fn wording(&self) -> Wording<'_> {
        Wording(self.rules)
    }

    fn due_by(&self, rule: &str) -> Result<DueBy, Refusal> {
        let missing = |_| Refusal::new("rules-missing").with("rule", rule);
        self.rules.due_by(rule, self.now, self.now.local_date()).map_err(missing)
    }

    /// A day that somebody set, after now and not later than a rule allows.
    fn due_on(&self, field: &'static str, at: Option<Timestamp>, most: &str) -> Result<DueBy, Refusal> {
        let at = at.ok_or_else(|| Refusal::new("field-required").on(field))?;
        if at <= self.now {
            return Err(Refusal::new("transfer-day-past").with("date", at.local_date()).on(field));
        }
        let latest = self.due_by(most)?.at;
        if at > latest {
            return Err(Refusal::new("transfer-day-late")
                .with("date", at.local_date())
                .with("latest", latest.local_date())
                .on(field));
        }
        let missing = |_| Refusal::new("rules-missing").with("rule", most);
        self.rules.due_at(at, self.now.local_date()).map_err(missing)
    }

    /// A day that is over or today, and not before another.
    fn day(&self, on: Option<Timestamp>, not_before: Timestamp) -> Result<Timestamp, Refusal> {
        let on = on.ok_or_else(|| Refusal::new("field-required").on("on"))?;
        if on > self.now {
            return Err(Refusal::new("date-in-future").with("date", on.local_date()).on("on"));
        }
        if on.local_date() < not_before.local_date() {
            return Err(Refusal::new("transfer-day-before").with("date", not_before.local_date()).on("on"));
        }
        Ok(on)
    }

    fn wrong_stage(letter: &TransferState, act: &'static str) -> Refusal {
        Refusal::new("transfer-wrong-stage").with("stage", letter.stage.code().name()).with("act", act)
    }

    fn make_link(&self, letter: &TransferState) -> Decision {
        if !letter.stage.code().is_out() {
            return Err(Self::wrong_stage(letter, "link"));
        }
        let core = LinkMade {
            link: letter.links.saturating_add(1),
            until: self.due_by("transfer.link")?.at,
            by: self.by(),
        };
        Ok(vec![TransferEvent::LinkMade(Parts::core(core))])
    }

    fn revoke_link(&self, letter: &TransferState) -> Decision {
        if letter.open_link.is_none() {
            return Err(Self::wrong_stage(letter, "revoke-link"));
        }
        Ok(vec![TransferEvent::LinkRevoked(Parts::core(Acted { by: self.by() }))])
    }

    /// The first opening of a link is 送达; what comes after it is no fact of the letter.
    fn opened(&self, letter: &TransferState, link: u32) -> Vec<TransferEvent> {
        let first = letter.open_link.is_some_and(|open| !open.opened);
        if !first || !letter.opens(link, self.now) {
            return Vec::new();
        }
        vec![TransferEvent::Opened(Parts::core(Opened { link }))]
    }

    fn urge(&self, letter: &TransferState, how: Urging, note: &Note) -> Decision {
        if !letter.stage.code().is_out() {
            return Err(Self::wrong_stage(letter, "urge"));
        }
        let core = Urged { how: how.into(), by: self.by() };
        Ok(vec![TransferEvent::Urged(Parts::with_text(core, self.wording().note(note)?))])
    }

    /// The highest mark reached, once; a clock that was heard too late warns of nothing.
    fn tick(&self, letter: &TransferState, clock: &str) -> Vec<TransferEvent> {
        let running = spans(letter).into_iter().find(|span| span.name == clock);
        let Some(mark) = running.and_then(|span| span.unheard(&letter.marks, self.now)) else {
            return Vec::new();
        };
        let core = DeadlineWarned { clock: clock.to_owned(), mark };
        vec![TransferEvent::DeadlineWarned(Parts::core(core))]
    }
}

impl TransferState {
    /// As long as nobody answered, the office may take it back.
    pub(crate) fn is_unanswered(&self) -> bool {
        let before_reply = match self.stage.code() {
            StageCode::Drafted
            | StageCode::Signing
            | StageCode::Signed
            | StageCode::Sent
            | StageCode::Received => true,
            StageCode::TakenOn | StageCode::Done | StageCode::Returned | StageCode::Withdrawn => false,
        };
        before_reply && self.replies == 0
    }
}
