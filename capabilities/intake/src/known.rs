//! What the platform already knows, as far as the importing person manages it.

use std::collections::{BTreeMap, HashMap};

use access::Viewer;
use documents::narrow;
use journal::Permission;
use kernel::{Problem, UnitId};
use organisation::{Line, UnitKind, UnitState, ancestors, free_local_serial, unit_by_code};
use storage::Tx;

use crate::field::{identity, is_shorter, plain};

/// Units within the scope of what the import needs.
pub(crate) struct Known {
    pub units: BTreeMap<UnitId, UnitState>,
    by_code: HashMap<String, UnitId>,
    by_name: HashMap<String, Vec<UnitId>>,
    /// Where a school hangs that names no superior: the county.
    pub root: Option<UnitId>,
}

/// What a ledger's school turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Institution {
    /// This one.
    One(UnitId),
    /// None within reach.
    Unknown,
    /// More than one.
    Several,
}

impl Known {
    pub fn load(tx: &mut Tx, viewer: &Viewer, permission: Permission) -> Result<Self, Problem> {
        let (condition, params) = viewer.scope(permission).condition("u.id", 1);
        let sql = format!("SELECT u.id, u.state FROM unit u WHERE {condition} ORDER BY u.code");
        let rows = tx.query(&sql, &params, |row| Ok((row.id::<UnitId>(0)?, row.text(1)?)))?;
        let mut known =
            Self { units: BTreeMap::new(), by_code: HashMap::new(), by_name: HashMap::new(), root: None };
        for (id, json) in rows {
            let state: UnitState =
                serde_json::from_str(&json).map_err(|e| Problem::Fault(format!("unit {id}: {e}")))?;
            known.by_code.insert(state.code.clone(), id);
            if state.closed.is_none() {
                known.by_name.entry(identity(&state.name)).or_default().push(id);
            }
            known.units.insert(id, state);
        }
        let above = ancestors(tx, viewer.home.id, Line::Management)?;
        known.root = above
            .iter()
            .find(|a| matches!(a.kind, UnitKind::County | UnitKind::City | UnitKind::Province))
            .map(|a| a.id)
            .filter(|id| known.units.contains_key(id));
        Ok(known)
    }

    pub fn by_code(&self, code: &str) -> Option<UnitId> {
        self.by_code.get(code).copied()
    }

    /// Open units of this name.
    pub fn named(&self, name: &str) -> &[UnitId] {
        self.by_name.get(&identity(name)).map_or(&[], Vec::as_slice)
    }

    /// An open unit whose name differs only by brackets that one of the two has.
    pub fn alike(&self, name: &str) -> Option<&UnitState> {
        self.open().find(|unit| is_shorter(&unit.name, name))
    }

    /// The name of whoever has the code; asked when nobody within reach does.
    pub fn code_of(tx: &mut Tx, code: &str) -> Result<Option<String>, Problem> {
        Ok(unit_by_code(tx, code)?.map(|unit| unit.name))
    }

    pub fn name_of(&self, id: Option<UnitId>) -> String {
        id.and_then(|id| self.units.get(&id)).map(|unit| unit.name.clone()).unwrap_or_default()
    }

    fn open(&self) -> impl Iterator<Item = &UnitState> {
        self.units.values().filter(|unit| unit.closed.is_none())
    }

    /// A township by its name, its code, or the beginning of its name if only one begins so.
    pub fn township(&self, text: &str) -> Option<UnitId> {
        let is_place = |unit: &&UnitState| matches!(unit.kind, UnitKind::Township | UnitKind::County);
        self.one(text, &is_place)
    }

    /// Whoever is meant to run a school: a bureau or a central school before any other unit.
    pub fn superior(&self, text: &str) -> Option<UnitId> {
        let runs = |unit: &&UnitState| unit.kind.is_tier() || unit.kind == UnitKind::CentralSchool;
        let bureau = ["教育体育局", "教体局", "教育局"].iter().any(|word| text.contains(word));
        let found = self.one(text, &runs).or(if bureau { self.root } else { None });
        // Anybody else only by the whole name: half a name means a bureau or a central school.
        found.or_else(|| self.exactly(text, &|_| true))
    }

    fn one(&self, text: &str, fits: &dyn Fn(&&UnitState) -> bool) -> Option<UnitId> {
        let wanted = plain(text);
        if let Some(unit) = self.exactly(text, fits) {
            return Some(unit);
        }
        if wanted.chars().count() < 2 {
            return None;
        }
        let mut begins = self.open().filter(fits).filter(|u| plain(&u.name).starts_with(&wanted));
        match (begins.next(), begins.next()) {
            (Some(one), None) => Some(one.id),
            _ => None,
        }
    }

    fn exactly(&self, text: &str, fits: &dyn Fn(&&UnitState) -> bool) -> Option<UnitId> {
        let wanted = identity(text);
        let named = |u: &&UnitState| identity(&u.name) == wanted || u.code == text.trim();
        self.open().filter(fits).find(named).map(|unit| unit.id)
    }

    /// The institution a ledger speaks of: by code, by name, or by a name that only one ends with. Closed ones too.
    pub fn institution(&self, code: &str, name: &str) -> Institution {
        if !code.is_empty() {
            return self.by_code(code).map_or(Institution::Unknown, Institution::One);
        }
        let wanted = identity(name);
        if wanted.chars().count() < 2 {
            return Institution::Unknown;
        }
        let schools = || self.units.values().filter(|unit| unit.kind.is_institution());
        let one = |mut found: Vec<&UnitState>| {
            if found.iter().any(|unit| unit.closed.is_none()) {
                found.retain(|unit| unit.closed.is_none());
            }
            match found.as_slice() {
                [] => Institution::Unknown,
                [unit] => Institution::One(unit.id),
                _ => Institution::Several,
            }
        };
        // As it is called; without its brackets, if that is only one; with or without the county in front.
        let ways: [&dyn Fn(&str) -> bool; 3] =
            [&|known| identity(known) == wanted, &|known| is_shorter(known, name), &|known| {
                let known = identity(known);
                known.ends_with(&wanted) || wanted.ends_with(&known)
            }];
        ways.iter()
            .map(|fits| one(schools().filter(|unit| fits(&unit.name)).collect()))
            .find(|found| *found != Institution::Unknown)
            .unwrap_or(Institution::Unknown)
    }

    /// Not closed yet.
    pub fn is_open(&self, unit: UnitId) -> bool {
        self.units.get(&unit).is_some_and(|unit| unit.closed.is_none())
    }

    /// The open institution that a row of people belongs to, or what is wrong and the words to show for it; `None` when
    /// the row names none.
    pub fn open_institution(&self, code: &str, name: &str) -> Option<Result<UnitId, (&'static str, String)>> {
        if code.is_empty() && name.is_empty() {
            return None;
        }
        let code = narrow(code).replace([' ', '-'], "").to_ascii_uppercase();
        let wrong = match self.institution(&code, name) {
            Institution::One(unit) if self.is_open(unit) => return Some(Ok(unit)),
            Institution::One(_) | Institution::Unknown => "intake-school-unknown",
            Institution::Several => "intake-name-ambiguous",
        };
        Some(Err((wrong, if name.is_empty() { code } else { name.to_owned() })))
    }

    /// Names of all open institutions, for the templates.
    pub fn institutions(&self) -> Vec<String> {
        self.open().filter(|u| u.kind.is_institution()).map(|u| u.name.clone()).collect()
    }

    /// Names of all townships, for the template.
    pub fn townships(&self) -> Vec<String> {
        self.open().filter(|u| u.kind == UnitKind::Township).map(|u| u.name.clone()).collect()
    }

    /// Names of all central schools, for the template.
    pub fn central_schools(&self) -> Vec<String> {
        self.open().filter(|u| u.kind == UnitKind::CentralSchool).map(|u| u.name.clone()).collect()
    }

    /// County and first free serial of local codes.
    pub fn local_codes(&self, tx: &mut Tx) -> Result<Option<(String, u32)>, Problem> {
        let root = self.root.and_then(|id| self.units.get(&id));
        let Some(county) =
            root.and_then(|unit| unit.code.get(..6)).filter(|c| c.bytes().all(|b| b.is_ascii_digit()))
        else {
            return Ok(None);
        };
        Ok(Some((county.to_owned(), free_local_serial(tx, county)?)))
    }
}
