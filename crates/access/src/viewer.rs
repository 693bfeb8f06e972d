//! Who looks: what pages, lists, search, export and sync ask before they show anything.

use journal::Permission;
use kernel::{ActorId, Part, PersonId, UnitId};
use organisation::{Line, UnitBrief, UnitKind, unit_brief};
use sha2::{Digest, Sha256};
use storage::{StorageError, Tx, params};

use crate::{
    account::HeldRole,
    permission::{PermissionSet, names},
    roles::{Extent, Role},
    scope::{Root, Scope},
};

/// A role somebody holds, with where it reaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewerGrant {
    /// Role and unit.
    pub held: HeldRole,
    /// Where it reaches.
    pub extents: &'static [Extent],
    /// It reaches every unit of this platform.
    pub everything: bool,
    /// It reaches every unit where children are, though not those above itself: a county’s office does.
    pub institutions: bool,
}

/// Who looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewer {
    /// The account.
    pub account: ActorId,
    /// The name it signs in with.
    pub login: String,
    /// The person behind it.
    pub person: PersonId,
    /// The unit it belongs to.
    pub home: UnitBrief,
    /// What was given to it.
    pub grants: Vec<ViewerGrant>,
    /// The newest notice it agreed to.
    pub notice: u32,
    permissions: PermissionSet,
}

impl Viewer {
    /// A guard and nothing else.
    pub fn is_guard(&self) -> bool {
        !self.grants.is_empty() && self.grants.iter().all(|grant| grant.held.role == Role::Guard)
    }

    /// Reads who looks; `None` when the account is unknown, suspended, or its person has left.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn load(tx: &mut Tx, account: ActorId) -> Result<Option<Self>, StorageError> {
        let active = tx.first(
            "SELECT p.id FROM account a JOIN person p ON p.id = a.person_id
             WHERE a.id = ?1 AND a.suspended = FALSE AND p.active = TRUE",
            params![account],
            |row| row.id::<PersonId>(0),
        )?;
        let Some(person) = active else { return Ok(None) };
        let Some((state, _)) = crate::account::account_state(tx, account)? else { return Ok(None) };
        let Some(home) = unit_brief(tx, state.home)? else { return Ok(None) };
        let mut grants = Vec::with_capacity(state.grants.len());
        let mut permissions = PermissionSet::EMPTY;
        for held in state.grants {
            let Some(entry) = held.role.entry() else { continue };
            let (everything, institutions) = reaches_all(tx, held.unit, &entry.extents)?;
            permissions = permissions.union(entry.permissions);
            grants.push(ViewerGrant { held, extents: &entry.extents, everything, institutions });
        }
        Ok(Some(Self {
            account,
            login: state.login,
            person,
            home,
            grants,
            notice: state.notice,
            permissions,
        }))
    }

    /// True when some grant gives the permission, wherever: for showing an entry of the menu, not for acting.
    pub fn may(&self, permission: Permission) -> bool {
        self.permissions.has(permission)
    }

    /// True when a role it holds needs a second factor.
    pub fn needs_second_factor(&self) -> bool {
        self.grants.iter().any(|grant| grant.held.role.needs_second_factor())
    }

    /// Everything it may do at a unit: one query for as many questions as a page has.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn permissions_over(&self, tx: &mut Tx, unit: UnitId) -> Result<PermissionSet, StorageError> {
        if self.grants.is_empty() {
            return Ok(PermissionSet::EMPTY);
        }
        let above = tx.query(
            "SELECT ancestor_id, line, depth FROM unit_scope WHERE unit_id = ?1",
            params![unit],
            |row| Ok((row.id::<UnitId>(0)?, row.text(1)?, row.int(2)?)),
        )?;
        let reaches = |grant: &ViewerGrant| {
            above.iter().any(|(ancestor, line, depth)| {
                *ancestor == grant.held.unit
                    && Line::named(line).is_some_and(|l| grant.extents.iter().any(|e| e.reaches(l, *depth)))
            })
        };
        let over = |set: PermissionSet, grant: &ViewerGrant| set.union(grant.held.role.permissions());
        Ok(self.grants.iter().filter(|grant| reaches(grant)).fold(PermissionSet::EMPTY, over))
    }

    /// True when a grant that covers the unit gives the permission.
    ///
    /// # Errors
    /// Whatever the database answers.
    pub fn may_over(&self, tx: &mut Tx, permission: Permission, unit: UnitId) -> Result<bool, StorageError> {
        Ok(self.may(permission) && self.permissions_over(tx, unit)?.has(permission))
    }

    /// Over which units it has the permission.
    pub fn scope(&self, permission: Permission) -> Scope {
        let giving = || self.grants.iter().filter(|g| g.held.role.permissions().has(permission));
        if giving().any(|grant| grant.everything) {
            return Scope::Everything;
        }
        let mut roots: Vec<Root> = giving()
            .flat_map(|grant| {
                grant.extents.iter().map(|extent| Root {
                    unit: grant.held.unit,
                    line: match extent {
                        Extent::Own => None,
                        Extent::Below(line) => Some(*line),
                    },
                })
            })
            .collect();
        roots.sort_unstable();
        roots.dedup();
        Scope::Units(roots)
    }

    /// True when no unit where children are lies outside the scope of a permission. What only such units have, such as
    /// hazards, is all within it then.
    pub fn reaches_institutions(&self, permission: Permission) -> bool {
        self.grants.iter().any(|grant| grant.institutions && grant.held.role.permissions().has(permission))
    }

    /// A digest of what was given to it: roles, units, and where they reach, in whatever order it came.
    pub fn rights(&self) -> String {
        let said = |grant: &ViewerGrant| {
            let mut extents: Vec<&str> = grant.extents.iter().map(|extent| extent.name()).collect();
            extents.sort_unstable();
            format!("{} {} {}\n", grant.held.role.name(), grant.held.unit.0.simple(), extents.join(","))
        };
        let mut all: Vec<String> = self.grants.iter().map(said).collect();
        all.sort_unstable();
        all.dedup();
        let mut hasher = Sha256::new();
        hasher.update(b"xiaoan/rights/1\n");
        all.iter().for_each(|line| hasher.update(line));
        kernel::hex::write(hasher.finalize())
    }

    /// The roles it holds, each once.
    pub fn roles(&self) -> Vec<Role> {
        let mut roles: Vec<Role> = self.grants.iter().map(|grant| grant.held.role).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    }
}

/// Whether a grant reaches every unit, and every one where children are. Counted, not assumed: it does only when there
/// is no such unit that it does not reach.
fn reaches_all(tx: &mut Tx, unit: UnitId, extents: &[Extent]) -> Result<(bool, bool), StorageError> {
    let mut lines = extents.iter().filter_map(|extent| match extent {
        Extent::Own => None,
        Extent::Below(line) => Some(line.name()),
    });
    let Some(one) = lines.next() else { return Ok((false, false)) };
    let two = lines.next().unwrap_or(one);
    // No table gives a role all three lines; if one did, it would be matched as a set of roots instead.
    let kind = tx.first("SELECT kind FROM unit WHERE id = ?1", params![unit], |row| row.text(0))?;
    let kind = kind.as_deref().and_then(UnitKind::named);
    if !matches!(kind, Some(UnitKind::County | UnitKind::City | UnitKind::Province)) {
        return Ok((false, false));
    }
    let mut beyond = |narrow: &str| {
        let sql = format!(
            "SELECT u.id FROM unit u WHERE {narrow} AND NOT EXISTS (SELECT 1 FROM unit_scope s
                WHERE s.unit_id = u.id AND s.ancestor_id = ?1 AND (s.line = ?2 OR s.line = ?3)) LIMIT 1"
        );
        tx.first(&sql, params![unit, one, two], |row| row.id::<UnitId>(0))
    };
    if beyond("TRUE")?.is_none() {
        return Ok((true, true));
    }
    let kinds: Vec<String> = UnitKind::ALL
        .iter()
        .filter(|kind| kind.is_institution())
        .map(|kind| format!("'{}'", kind.name()))
        .collect();
    Ok((false, beyond(&format!("u.kind IN ({})", kinds.join(", ")))?.is_none()))
}

/// May the viewer see this part of something that belongs to `unit`? `view` is the permission that opens that kind
/// of thing: `hazard.view` for a hazard, `person.view` for a person. Names and numbers need
/// `person.view_contact` over the unit besides; whoever shows them logs the read.
///
/// # Errors
/// Whatever the database answers.
pub fn visible(
    tx: &mut Tx,
    part: Part,
    viewer: &Viewer,
    view: Permission,
    unit: UnitId,
) -> Result<bool, StorageError> {
    let over = viewer.permissions_over(tx, unit)?;
    Ok(match part {
        Part::Core | Part::Text => over.has(view),
        Part::Personal => over.has(view) && over.has(names::PERSON_VIEW_CONTACT),
    })
}
