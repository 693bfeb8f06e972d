//! An account as it stands, and its rows.

use std::collections::BTreeSet;

use journal::{Context, Need, Saving, Stamp, Subject};
use kernel::{PersonId, Refusal, StreamId, UnitId};
use serde::{Deserialize, Serialize};
use storage::{StorageError, Tx, params};

use super::{AccountCommand, AccountEvent, AccountFacts, SuspendReason, decide};
use crate::roles::Role;

/// The kind of stream.
#[derive(Clone, Copy, Debug, Default)]
pub struct Account;

/// A role held at a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HeldRole {
    /// The role.
    pub role: Role,
    /// At which unit.
    pub unit: UnitId,
}

/// An account as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccountState {
    /// Whose it is.
    pub person: PersonId,
    /// The name to sign in with, in small letters; `erased:` and the account once it was erased.
    pub login: String,
    /// The unit it belongs to.
    pub home: UnitId,
    /// What was given to it.
    pub grants: BTreeSet<HeldRole>,
    /// Why it is suspended, while it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<SuspendReason>,
    /// The newest notice agreed to; 0 for none.
    #[serde(default)]
    pub notice: u32,
}

impl AccountState {
    /// True when a role it holds needs a second factor.
    pub fn needs_second_factor(&self) -> bool {
        self.grants.iter().any(|held| held.role.needs_second_factor())
    }
}

/// What stands for a login that was erased: unlike any other, and nothing anybody could sign in with.
fn erased_login(account: StreamId) -> String {
    format!("{ERASED}{account}")
}

/// No login has a colon.
pub(super) const ERASED: &str = "erased:";

impl Subject for Account {
    const KIND: &'static str = "account";
    const TABLE: &'static str = "account";
    const SHAPE: i64 = 2;
    type State = AccountState;
    type Event = AccountEvent;
    type Command = AccountCommand;
    type Facts = AccountFacts;

    fn need(&self, _: Option<&AccountState>, command: &AccountCommand) -> Need {
        decide::need(command)
    }

    fn unit(&self, state: Option<&AccountState>, command: &AccountCommand) -> UnitId {
        match (command, state) {
            (AccountCommand::Grant { unit, .. } | AccountCommand::Revoke { unit, .. }, _) => *unit,
            (_, Some(state)) => state.home,
            (AccountCommand::Open { home, .. }, None) => *home,
            (_, None) => UnitId::NIL,
        }
    }

    /// Whoever brings an account along answers for people at both ends.
    fn also_at(&self, command: &AccountCommand) -> Vec<UnitId> {
        match command {
            AccountCommand::Rehome { home } => vec![*home],
            AccountCommand::Open { .. }
            | AccountCommand::Grant { .. }
            | AccountCommand::Revoke { .. }
            | AccountCommand::Suspend { .. }
            | AccountCommand::Resume
            | AccountCommand::RecordPasswordSet { .. }
            | AccountCommand::RecordSecondFactorSet
            | AccountCommand::RecordSecondFactorReplaced
            | AccountCommand::RecordSecondFactorCleared
            | AccountCommand::RecordLocked
            | AccountCommand::RecordUnlocked
            | AccountCommand::AgreeToNotice { .. } => Vec::new(),
        }
    }

    fn facts(
        &self,
        tx: &mut Tx,
        state: Option<&AccountState>,
        command: &AccountCommand,
        _: &Context<'_>,
    ) -> Result<AccountFacts, StorageError> {
        decide::facts(tx, state, command)
    }

    fn decide(
        &self,
        state: Option<&AccountState>,
        command: &AccountCommand,
        facts: &AccountFacts,
        context: &Context<'_>,
    ) -> Result<Vec<AccountEvent>, Refusal> {
        decide::decide(state, command, facts, context)
    }

    fn evolve(state: Option<AccountState>, event: &AccountEvent, stamp: &Stamp) -> Option<AccountState> {
        match (state, event) {
            (None, AccountEvent::Opened(parts)) => Some(AccountState {
                person: parts.core.person,
                login: parts
                    .personal
                    .as_ref()
                    .map_or_else(|| erased_login(stamp.stream), |p| p.login.clone()),
                home: parts.core.home,
                grants: BTreeSet::new(),
                suspended: None,
                notice: 0,
            }),
            (None, _) => None,
            (Some(state), event) => Some(changed(state, event)),
        }
    }

    fn save(&self, tx: &mut Tx, saving: &Saving<'_, Self>) -> Result<(), StorageError> {
        let new = saving.new;
        tx.write(
            "INSERT INTO account (id, version, shape, state, login, person_id, home_id, suspended)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, shape = excluded.shape,
                state = excluded.state, login = excluded.login, person_id = excluded.person_id,
                home_id = excluded.home_id, suspended = excluded.suspended",
            params![
                saving.id,
                saving.version,
                Self::SHAPE,
                saving.state,
                &new.login,
                new.person,
                new.home,
                new.suspended.is_some()
            ],
        )?;
        if saving.old.is_some_and(|old| old.grants == new.grants) {
            return Ok(());
        }
        tx.write("DELETE FROM account_grant WHERE account_id = ?1", params![saving.id])?;
        for held in &new.grants {
            tx.write(
                "INSERT INTO account_grant (account_id, role, unit_id) VALUES (?1, ?2, ?3)",
                params![saving.id, held.role.name(), held.unit],
            )?;
        }
        Ok(())
    }

    fn clear(&self, tx: &mut Tx) -> Result<(), StorageError> {
        tx.write("DELETE FROM account", params![])?;
        tx.write("DELETE FROM account_grant", params![])
    }

    fn unit_of(state: &AccountState) -> UnitId {
        state.home
    }
}

fn changed(mut state: AccountState, event: &AccountEvent) -> AccountState {
    match event {
        AccountEvent::Rehomed(parts) => state.home = parts.core.home,
        AccountEvent::Granted(parts) => {
            state.grants.insert(HeldRole { role: parts.core.role, unit: parts.core.unit });
        }
        AccountEvent::Revoked(parts) => {
            state.grants.remove(&HeldRole { role: parts.core.role, unit: parts.core.unit });
        }
        AccountEvent::Suspended(parts) => state.suspended = Some(parts.core.reason),
        AccountEvent::Resumed(_) => state.suspended = None,
        AccountEvent::NoticeAgreed(parts) => state.notice = state.notice.max(parts.core.version),
        AccountEvent::Opened(_)
        | AccountEvent::PasswordSet(_)
        | AccountEvent::SecondFactorSet(_)
        | AccountEvent::SecondFactorReplaced(_)
        | AccountEvent::SecondFactorCleared(_)
        | AccountEvent::Locked(_)
        | AccountEvent::Unlocked(_) => {}
    }
    state
}
