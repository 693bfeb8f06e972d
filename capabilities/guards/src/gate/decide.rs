//! Decisions about a gate. Pure.

use hazard::Wording;
use journal::{Context, Parts};
use kernel::{Refusal, limits};
use rules::RuleBook;

use super::{
    DeclarationDraft, GateCommand, GateEvent, GateState, KitDraft,
    event::{Condition, Declared, KitChecked, PieceFound, Remark},
};

/// Guards that one campus may declare: more is a slip of the finger.
const MOST_GUARDS: u32 = 500;
/// Pieces of one kind at one gate.
pub const MOST_PIECES: u32 = 99;

/// What the decision must know.
#[derive(Clone)]
pub struct GateFacts {
    pub(crate) rules: RuleBook,
    /// Numbers of the campuses of the open school; none where there is no such school, empty where it is one place.
    pub(crate) campuses: Option<Vec<u16>>,
}

type Decision = Result<Vec<GateEvent>, Refusal>;

pub(super) fn decide(
    state: Option<&GateState>,
    command: &GateCommand,
    facts: &GateFacts,
    context: &Context<'_>,
) -> Decision {
    if state.is_some_and(|state| state.unit != command.unit()) {
        return Err(Refusal::new("guards-no-school"));
    }
    match command {
        GateCommand::Declare { draft, .. } => declare(state, command, draft, facts, context),
        GateCommand::CheckKit { draft, .. } => check_kit(command, draft, facts, context),
    }
}

/// The campus is one of the school; a school with several is declared one by one.
fn campus(asked: u16, facts: &GateFacts) -> Result<(), Refusal> {
    let campuses = facts.campuses.as_ref().ok_or_else(|| Refusal::new("guards-no-school"))?;
    match (asked, campuses.as_slice()) {
        (0, []) => Ok(()),
        (0, _) => Err(Refusal::new("guards-campus-choose").on("campus")),
        (number, known) if known.contains(&number) => Ok(()),
        _ => Err(Refusal::new("guards-campus-unknown").on("campus")),
    }
}

fn remark(text: &str, facts: &GateFacts) -> Result<Remark, Refusal> {
    Ok(Remark { remark: Wording(&facts.rules).maybe_said("remark", text, limits::TEXT_CHARS)? })
}

fn declare(
    state: Option<&GateState>,
    command: &GateCommand,
    draft: &DeclarationDraft,
    facts: &GateFacts,
    context: &Context<'_>,
) -> Decision {
    campus(draft.campus, facts)?;
    for (field, amount) in [("full_time", draft.full_time), ("part_time", draft.part_time)] {
        if amount > MOST_GUARDS {
            return Err(Refusal::new("guards-amount").with("most", MOST_GUARDS).on(field));
        }
    }
    let on = draft.on.ok_or_else(|| Refusal::new("field-required").on("on"))?;
    if on > context.now.local_date() {
        return Err(Refusal::new("date-in-future").with("date", on).on("on"));
    }
    let before = state.and_then(|state| state.declarations.get(&draft.campus));
    if let Some(before) = before.filter(|before| on < before.on) {
        return Err(Refusal::new("guards-declared-later").with("date", before.on).on("on"));
    }
    let core = Declared {
        unit: command.unit(),
        campus: draft.campus,
        full_time: draft.full_time,
        part_time: draft.part_time,
        on,
        by: context.standing.person,
    };
    Ok(vec![GateEvent::Declared(Parts::with_text(core, remark(&draft.remark, facts)?))])
}

fn check_kit(command: &GateCommand, draft: &KitDraft, facts: &GateFacts, context: &Context<'_>) -> Decision {
    campus(draft.campus, facts)?;
    let kit = facts.rules.kit();
    let mut pieces: Vec<PieceFound> = Vec::with_capacity(draft.pieces.len());
    for found in &draft.pieces {
        let known = kit.iter().find(|piece| *piece.id == *found.piece);
        let known = known.ok_or_else(|| Refusal::new("guards-piece-unknown").with("piece", &found.piece))?;
        if pieces.iter().any(|before| before.piece == found.piece) {
            return Err(Refusal::new("guards-piece-twice").with("piece", &found.piece));
        }
        pieces.push(piece_found(found, known.expires)?);
    }
    // What nobody looked at was not found to be there.
    if let Some(left) =
        kit.iter().find(|piece| piece.needed && !pieces.iter().any(|one| *one.piece == *piece.id))
    {
        return Err(Refusal::new("guards-piece-left").with("piece", &*left.id));
    }
    let core = KitChecked { unit: command.unit(), campus: draft.campus, pieces, by: context.standing.person };
    Ok(vec![GateEvent::KitChecked(Parts::with_text(core, remark(&draft.remark, facts)?))])
}

fn piece_found(found: &PieceFound, expires: bool) -> Result<PieceFound, Refusal> {
    let refused = |code| Refusal::new(code).with("piece", &found.piece);
    let condition = found.condition.known().ok_or_else(|| refused("guards-piece-left"))?;
    // What is there is at least one piece.
    if condition != Condition::Missing && !(1..=MOST_PIECES).contains(&found.amount) {
        return Err(refused("guards-piece-amount").with("most", MOST_PIECES));
    }
    let day = found.expires.filter(|_| expires);
    Ok(match condition {
        Condition::Missing => PieceFound { amount: 0, expires: None, ..found.clone() },
        Condition::Good if expires && day.is_none() => {
            return Err(refused("guards-piece-day"));
        }
        Condition::Good | Condition::Broken => PieceFound { expires: day, ..found.clone() },
    })
}
