//! Moving somebody to another unit. The account goes along, and what the old unit could do with it ends.

use access::{AccountState, HeldRole, account_follows, account_of_person, account_state};
use journal::{UnitOfWork, WorkLane};
use kernel::{ActorId, CommandId, PersonId, Problem, Refusal, UnitId};
use language::{Lang, Say};
use organisation::{Person, PersonCommand, unit_names};
use storage::Tx;
use web::{Flash, Visit};

use super::common::{unit_choices, units_with};
use crate::{texts, view::Field, words};

/// The account of somebody who may move, and what he would lose and keep of it.
pub(super) struct Luggage {
    account: ActorId,
    login: String,
    /// Held at the unit that is left, each with the unit's name.
    withdrawn: Vec<(HeldRole, String)>,
    /// Held elsewhere.
    kept: Vec<(HeldRole, String)>,
}

impl Luggage {
    pub(super) fn read(tx: &mut Tx, person: PersonId) -> Result<Option<Self>, Problem> {
        let Some(brief) = account_of_person(tx, person)? else { return Ok(None) };
        let Some((state, _)) = account_state(tx, brief.id)? else { return Ok(None) };
        let AccountState { login, home, grants, .. } = state;
        let units: Vec<UnitId> = grants.iter().map(|held| held.unit).collect();
        let names = unit_names(tx, &units)?;
        let named = |held: HeldRole| (held, names.get(&held.unit).cloned().unwrap_or_default());
        let (withdrawn, kept) = grants.into_iter().map(named).partition(|(held, _)| held.unit == home);
        Ok(Some(Self { account: brief.id, login, withdrawn, kept }))
    }

    /// What becomes of the account, before it is done.
    pub(super) fn told(&self, lang: Lang) -> String {
        let roles = |held: &[(HeldRole, String)]| roles(lang, held);
        texts::person_move_account(lang, &self.login, roles(&self.withdrawn), roles(&self.kept))
    }
}

fn roles(lang: Lang, held: &[(HeldRole, String)]) -> String {
    if held.is_empty() {
        return texts::person_move_no_roles(lang).to_owned();
    }
    Say(lang).list(held.iter().map(|(held, unit)| words::held(lang, *held, unit)))
}

pub(super) async fn fields(visit: &Visit, here: UnitId) -> Result<Vec<Field>, Problem> {
    let viewer = visit.viewer.clone();
    let mut units = visit.read(move |tx| units_with(tx, &viewer, "person.manage")).await?;
    units.retain(|unit| unit.id != here);
    let lang = visit.lang();
    Ok(vec![
        Field::select("unit", texts::person_move_to(lang), unit_choices(visit, &units))
            .hint(texts::person_move_hint(lang)),
    ])
}

/// Moves the person and, in the same unit of work, his account.
pub(super) async fn ask(
    visit: &Visit,
    command_id: CommandId,
    (person, from, to): (PersonId, UnitId, UnitId),
    luggage: Option<&Luggage>,
) -> Result<bool, Problem> {
    let viewer = visit.viewer.clone();
    if !visit.read(move |tx| Ok(viewer.may_over(tx, "person.manage", to)?)).await? {
        return Err(Refusal::new("person-unit-unknown").on("unit").into());
    }
    // Nobody is signed out for a move that is none.
    if from == to {
        return Ok(false);
    }
    let account = luggage.map(|luggage| luggage.account);
    let work = UnitOfWork::new(visit.actor(), command_id).ask::<Person>(person, PersonCommand::Move(to));
    let work = account_follows(work, account, (person, to), visit.now());
    let outcome = visit.desk.handle.execute(WorkLane::Interactive, work).await?;
    visit.desk.sessions.bump();
    Ok(outcome.events > 0)
}

/// What was done, with the roles by name: the security administrator must know what to give.
pub(super) fn done(lang: Lang, luggage: Option<&Luggage>) -> Flash {
    Flash::done(match luggage {
        None => texts::person_moved(lang).to_owned(),
        Some(luggage) => texts::person_moved_account(
            lang,
            &luggage.login,
            roles(lang, &luggage.withdrawn),
            roles(lang, &luggage.kept),
        ),
    })
}
