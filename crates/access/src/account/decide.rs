//! What may be asked of an account, and what the answer is.

use journal::{Context, Need, Parts};
use kernel::{ActorId, PersonId, Refusal, UnitId};
use organisation::{UnitKind, identifiers};
use serde::Serialize;
use storage::{StorageError, Tx, params};

use super::{
    AccountEvent, AccountState, HeldRole, SuspendReason,
    event::{Bare, Granted, NoticeAgreed, Opened, OpenedPersonal, PasswordSet, Rehomed, Revoked, Suspended},
};
use crate::{keeper::other_holders, limits, permission::names, roles::Role};

/// What may be asked of an account.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum AccountCommand {
    /// Open one.
    Open {
        /// Whose it is.
        person: PersonId,
        /// The name to sign in with: 3 to 40 letters, digits, `.`, `_`, `-`.
        login: String,
        /// The unit it belongs to.
        home: UnitId,
    },
    /// Follow the person to the unit where he works by now. Asked after the move, in the same unit of work: see
    /// [`crate::account_follows`].
    Rehome {
        /// That unit.
        home: UnitId,
    },
    /// Give a role.
    Grant {
        /// The role.
        role: Role,
        /// At which unit.
        unit: UnitId,
    },
    /// Withdraw a role.
    Revoke {
        /// The role.
        role: Role,
        /// At which unit.
        unit: UnitId,
    },
    /// Let it do nothing more.
    Suspend {
        /// Why.
        reason: SuspendReason,
    },
    /// Let it work again.
    Resume,
    /// A password was set; the hash goes by way of [`crate::store_password`].
    RecordPasswordSet {
        /// By somebody else.
        by_reset: bool,
    },
    /// A second factor was set.
    RecordSecondFactorSet,
    /// Another telephone took the place of the one that gave the codes.
    RecordSecondFactorReplaced,
    /// A lost second factor was cleared.
    RecordSecondFactorCleared,
    /// Too many wrong passwords.
    RecordLocked,
    /// A lock was lifted before its time, by way of [`crate::unlock`].
    RecordUnlocked,
    /// The notice was agreed to.
    AgreeToNotice {
        /// Its version.
        version: u32,
    },
}

/// What the decision must know.
#[derive(Clone, Copy, Debug, Default)]
pub struct AccountFacts {
    login_taken: bool,
    /// Where the person works, while he is here.
    person_at: Option<UnitId>,
    person_has_account: bool,
    unit_kind: Option<UnitKind>,
    other_security_administrators: i64,
}

pub(super) const fn need(command: &AccountCommand) -> Need {
    match command {
        AccountCommand::Open { .. } => Need::Permission(names::ACCOUNT_MANAGE),
        AccountCommand::Rehome { .. } => Need::Permission(names::PERSON_MANAGE),
        AccountCommand::Grant { .. } | AccountCommand::Revoke { .. } | AccountCommand::Resume => {
            Need::Permission(names::ROLE_GRANT)
        }
        AccountCommand::Suspend { .. } => Need::AnyOf(&[names::ACCOUNT_MANAGE, names::ROLE_GRANT]),
        AccountCommand::RecordPasswordSet { by_reset: true } | AccountCommand::RecordUnlocked => {
            Need::AnyOf(&[names::ACCOUNT_RESET_PASSWORD, names::ROLE_GRANT])
        }
        AccountCommand::RecordSecondFactorCleared => Need::Permission(names::ROLE_GRANT),
        AccountCommand::RecordPasswordSet { by_reset: false }
        | AccountCommand::RecordSecondFactorSet
        | AccountCommand::RecordSecondFactorReplaced
        | AccountCommand::AgreeToNotice { .. } => Need::Oneself,
        AccountCommand::RecordLocked => Need::System,
    }
}

pub(super) fn facts(
    tx: &mut Tx,
    state: Option<&AccountState>,
    command: &AccountCommand,
) -> Result<AccountFacts, StorageError> {
    let mut facts = AccountFacts::default();
    match command {
        AccountCommand::Open { person, login, home } => {
            let login = login.trim().to_ascii_lowercase();
            let count = |tx: &mut Tx, sql: &str, id: uuid::Uuid| tx.count(sql, params![id]);
            facts.login_taken =
                tx.count("SELECT count(*) FROM account WHERE login = ?1", params![&login])? > 0;
            facts.person_at = works_at(tx, *person)?;
            let taken = "SELECT count(*) FROM account WHERE person_id = ?1";
            facts.person_has_account = count(tx, taken, person.0)? > 0;
            facts.unit_kind = unit_kind(tx, *home)?;
        }
        AccountCommand::Rehome { home } => {
            facts.person_at = state.map_or(Ok(None), |account| works_at(tx, account.person))?;
            facts.unit_kind = unit_kind(tx, *home)?;
        }
        AccountCommand::Grant { unit, .. } => facts.unit_kind = unit_kind(tx, *unit)?,
        AccountCommand::Revoke { .. } | AccountCommand::Suspend { .. } => {
            if let Some(account) = state {
                facts.other_security_administrators =
                    other_holders(tx, Role::SecurityAdministrator, account.person)?;
            }
        }
        AccountCommand::Resume
        | AccountCommand::RecordPasswordSet { .. }
        | AccountCommand::RecordSecondFactorSet
        | AccountCommand::RecordSecondFactorReplaced
        | AccountCommand::RecordSecondFactorCleared
        | AccountCommand::RecordLocked
        | AccountCommand::RecordUnlocked
        | AccountCommand::AgreeToNotice { .. } => {}
    }
    Ok(facts)
}

fn works_at(tx: &mut Tx, person: PersonId) -> Result<Option<UnitId>, StorageError> {
    let sql = "SELECT unit_id FROM person WHERE id = ?1 AND active = TRUE";
    tx.first(sql, params![person], |row| row.id(0))
}

fn unit_kind(tx: &mut Tx, unit: UnitId) -> Result<Option<UnitKind>, StorageError> {
    let kind =
        tx.first("SELECT kind FROM unit WHERE id = ?1 AND closed_on IS NULL", params![unit], |row| {
            row.text(0)
        })?;
    Ok(kind.as_deref().and_then(UnitKind::named))
}

pub(super) fn decide(
    state: Option<&AccountState>,
    command: &AccountCommand,
    facts: &AccountFacts,
    context: &Context<'_>,
) -> Result<Vec<AccountEvent>, Refusal> {
    let Some(account) = state else {
        return match command {
            AccountCommand::Open { person, login, home } => open(*person, login, *home, facts),
            _ => Err(Refusal::new("account-unknown")),
        };
    };
    let who = Who { account, context };
    match command {
        AccountCommand::Open { .. } => Err(Refusal::new("account-exists")),
        AccountCommand::Rehome { home } => rehome(account, *home, facts),
        AccountCommand::Grant { role, unit } => grant(&who, *role, *unit, facts),
        AccountCommand::Revoke { role, unit } => revoke(&who, *role, *unit, facts),
        AccountCommand::Suspend { reason } => suspend(&who, *reason, facts),
        AccountCommand::Resume => {
            who.somebody_else()?;
            let resumed = || AccountEvent::Resumed(Parts::core(Bare {}));
            Ok(account.suspended.map(|_| resumed()).into_iter().collect())
        }
        AccountCommand::RecordPasswordSet { by_reset: true } => {
            who.somebody_else()?;
            who.outranked()?;
            Ok(vec![AccountEvent::PasswordSet(Parts::core(PasswordSet { by_reset: true }))])
        }
        AccountCommand::RecordPasswordSet { by_reset: false } => {
            who.oneself()?;
            Ok(vec![AccountEvent::PasswordSet(Parts::core(PasswordSet { by_reset: false }))])
        }
        AccountCommand::RecordSecondFactorSet => {
            who.oneself()?;
            Ok(vec![AccountEvent::SecondFactorSet(Parts::core(Bare {}))])
        }
        AccountCommand::RecordSecondFactorReplaced => {
            who.oneself()?;
            Ok(vec![AccountEvent::SecondFactorReplaced(Parts::core(Bare {}))])
        }
        AccountCommand::RecordSecondFactorCleared => {
            who.somebody_else()?;
            Ok(vec![AccountEvent::SecondFactorCleared(Parts::core(Bare {}))])
        }
        AccountCommand::RecordUnlocked => {
            who.somebody_else()?;
            who.outranked()?;
            Ok(vec![AccountEvent::Unlocked(Parts::core(Bare {}))])
        }
        AccountCommand::RecordLocked => Ok(vec![AccountEvent::Locked(Parts::core(Bare {}))]),
        AccountCommand::AgreeToNotice { version } => {
            who.oneself()?;
            if *version <= account.notice {
                return Ok(Vec::new());
            }
            Ok(vec![AccountEvent::NoticeAgreed(Parts::core(NoticeAgreed { version: *version }))])
        }
    }
}

/// Who asks, against whose account it is.
struct Who<'a> {
    account: &'a AccountState,
    context: &'a Context<'a>,
}

impl Who<'_> {
    fn is_oneself(&self) -> bool {
        let standing = self.context.standing;
        standing.actor.id == ActorId::from(self.context.stream)
            || standing.person == Some(self.account.person)
    }

    fn somebody_else(&self) -> Result<(), Refusal> {
        if self.is_oneself() { Err(Refusal::new("account-self")) } else { Ok(()) }
    }

    /// The account itself, while it works; or the platform.
    fn oneself(&self) -> Result<(), Refusal> {
        let standing = self.context.standing;
        let same = standing.actor.id == ActorId::from(self.context.stream);
        // Whoever left the service has no person behind the account any more.
        let works = self.account.suspended.is_none() && standing.person.is_some();
        match (standing.is_system(), same, works) {
            (true, _, _) | (false, true, true) => Ok(()),
            (false, true, false) => Err(Refusal::new("account-suspended")),
            (false, false, _) => Err(Refusal::new("account-not-oneself")),
        }
    }

    /// A reset would let a lower rank act as a higher one.
    fn outranked(&self) -> Result<(), Refusal> {
        let standing = self.context.standing;
        if standing.may(names::ROLE_GRANT) {
            return Ok(());
        }
        let resetters = standing.grants.iter().filter_map(|grant| Role::named(&grant.role));
        let own = resetters
            .filter(|role| role.permissions().has(names::ACCOUNT_RESET_PASSWORD))
            .map(Role::rank)
            .max()
            .unwrap_or(0);
        let theirs = self.account.grants.iter().map(|held| held.role.rank()).max().unwrap_or(0);
        if theirs < own { Ok(()) } else { Err(Refusal::new("account-rank")) }
    }
}

/// A login as it is kept.
///
/// # Errors
/// What cannot be one.
pub fn check_login(typed: &str) -> Result<String, Refusal> {
    let login = typed.trim().to_ascii_lowercase();
    let shaped = (limits::LOGIN_LEAST..=limits::LOGIN_MOST).contains(&login.len())
        && login.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
    if !shaped {
        return Err(Refusal::new("account-login-shape").on("login"));
    }
    // It stands in lists, on slips and in the audit trail, where no number of a person may.
    if identifiers::mobile(&login) || identifiers::citizen_id(&login.to_ascii_uppercase()) {
        return Err(Refusal::new("account-login-personal").on("login"));
    }
    Ok(login)
}

fn open(
    person: PersonId,
    login: &str,
    home: UnitId,
    facts: &AccountFacts,
) -> Result<Vec<AccountEvent>, Refusal> {
    let login = check_login(login)?;
    if facts.login_taken {
        return Err(Refusal::new("account-login-taken").with("login", &login).on("login"));
    }
    if facts.person_at.is_none() {
        return Err(Refusal::new("account-person-unknown").on("person"));
    }
    // Whoever is over the unit can reset the password: nobody's account belongs where he does not work.
    if facts.person_at != Some(home) {
        return Err(Refusal::new("account-person-elsewhere").on("person"));
    }
    if facts.person_has_account {
        return Err(Refusal::new("account-person-taken").on("person"));
    }
    if facts.unit_kind.is_none() {
        return Err(Refusal::new("account-unit-unknown").on("home"));
    }
    Ok(vec![AccountEvent::Opened(Parts::with_personal(
        Opened { person, home },
        None,
        OpenedPersonal { login },
    ))])
}

/// What was held at the unit that is left is withdrawn; what was given elsewhere stays.
fn rehome(account: &AccountState, home: UnitId, facts: &AccountFacts) -> Result<Vec<AccountEvent>, Refusal> {
    if account.home == home {
        return Ok(Vec::new());
    }
    if facts.unit_kind.is_none() {
        return Err(Refusal::new("account-unit-unknown").on("unit"));
    }
    if facts.person_at != Some(home) {
        return Err(Refusal::new("account-person-elsewhere").on("unit"));
    }
    let left = account.grants.iter().filter(|held| held.unit == account.home);
    let mut events: Vec<AccountEvent> = left
        .map(|held| AccountEvent::Revoked(Parts::core(Revoked { role: held.role, unit: held.unit })))
        .collect();
    events.push(AccountEvent::Rehomed(Parts::core(Rehomed { home })));
    Ok(events)
}

fn grant(
    who: &Who<'_>,
    role: Role,
    unit: UnitId,
    facts: &AccountFacts,
) -> Result<Vec<AccountEvent>, Refusal> {
    who.somebody_else()?;
    let account = who.account;
    if account.suspended.is_some() {
        return Err(Refusal::new("account-suspended"));
    }
    let held = HeldRole { role, unit };
    if account.grants.contains(&held) {
        return Ok(Vec::new());
    }
    let kind = facts.unit_kind.ok_or_else(|| Refusal::new("account-unit-unknown").on("unit"))?;
    if !role.entry().is_some_and(|entry| entry.kinds.contains(&kind)) {
        let refusal = Refusal::new("account-role-not-here");
        return Err(refusal.with("role", role.name()).with("kind", kind.name()).on("unit"));
    }
    if let Some(other) = account.grants.iter().find(|other| role.excludes(other.role)) {
        let refusal = Refusal::new("account-role-excluded");
        return Err(refusal.with("role", role.name()).with("other", other.role.name()).on("role"));
    }
    if account.grants.len() >= limits::GRANTS_PER_ACCOUNT {
        return Err(Refusal::new("account-grants-limit").with("most", limits::GRANTS_PER_ACCOUNT));
    }
    let warned = account.grants.iter().any(|other| role.warns_with(other.role));
    Ok(vec![AccountEvent::Granted(Parts::core(Granted { role, unit, warned }))])
}

fn revoke(
    who: &Who<'_>,
    role: Role,
    unit: UnitId,
    facts: &AccountFacts,
) -> Result<Vec<AccountEvent>, Refusal> {
    who.somebody_else()?;
    if !who.account.grants.contains(&HeldRole { role, unit }) {
        return Ok(Vec::new());
    }
    if role == Role::SecurityAdministrator {
        not_the_last(who, facts)?;
    }
    Ok(vec![AccountEvent::Revoked(Parts::core(Revoked { role, unit }))])
}

fn suspend(who: &Who<'_>, reason: SuspendReason, facts: &AccountFacts) -> Result<Vec<AccountEvent>, Refusal> {
    who.somebody_else()?;
    if who.account.suspended.is_some() {
        return Ok(Vec::new());
    }
    if who.account.grants.iter().any(|held| held.role == Role::SecurityAdministrator) {
        not_the_last(who, facts)?;
    }
    Ok(vec![AccountEvent::Suspended(Parts::core(Suspended { reason }))])
}

/// Without a security administrator nobody could grant anything any more.
fn not_the_last(who: &Who<'_>, facts: &AccountFacts) -> Result<(), Refusal> {
    if facts.other_security_administrators > 0 || who.context.standing.is_system() {
        return Ok(());
    }
    Err(Refusal::new("account-last-security-administrator"))
}
