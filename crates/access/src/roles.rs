//! Roles: what they may do, on which line, at which kinds of unit. Read from `roles.toml`.

use std::{collections::HashSet, fmt::Write as _, sync::OnceLock};

use organisation::{Line, Post, UnitKind};
use serde::{Deserialize, Serialize};

use crate::permission::{PermissionSet, names, permission_named};

macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// A role. Its text is the message `role-<name>`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Role {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Role {
            /// All roles, in the order of the matrix.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name stored in tables and events.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

roles! {
    /// 系统管理员
    SystemAdministrator = "system_administrator";
    /// 安全管理员
    SecurityAdministrator = "security_administrator";
    /// 审计管理员
    AuditAdministrator = "audit_administrator";
    /// 县安全股
    CountySafetyOffice = "county_safety_office";
    /// 局领导
    CountyLeader = "county_leader";
    /// 市级监管
    CitySupervisor = "city_supervisor";
    /// 省级监管
    ProvinceSupervisor = "province_supervisor";
    /// 部门联络员
    DepartmentLiaison = "department_liaison";
    /// 乡镇专干
    TownshipOfficer = "township_officer";
    /// 责任督学
    ResponsibleInspector = "responsible_inspector";
    /// 中心学校
    CentralSchool = "central_school";
    /// 校长/书记
    Head = "head";
    /// 安全专干
    SafetyOfficer = "safety_officer";
    /// 教师
    Teacher = "teacher";
    /// 保安(及厨工)
    Guard = "guard";
}

impl Role {
    /// From the name stored in tables.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }

    /// Its line in the table; `None` only if the table itself is broken, which denies everything.
    pub fn entry(self) -> Option<&'static RoleEntry> {
        table().entries.iter().find(|entry| entry.role == self)
    }

    /// Its rank; a broken table puts it above everybody.
    pub fn rank(self) -> u16 {
        self.entry().map_or(u16::MAX, |entry| entry.rank)
    }

    /// Its permissions.
    pub fn permissions(self) -> PermissionSet {
        self.entry().map_or(PermissionSet::EMPTY, |entry| entry.permissions)
    }

    /// True when the account must have a second factor. A broken table asks for one.
    pub fn needs_second_factor(self) -> bool {
        self.entry().is_none_or(|entry| entry.second_factor)
    }

    /// True when one account may not hold both.
    pub fn excludes(self, other: Self) -> bool {
        let one = |a: Self, b: Self| a.entry().is_none_or(|entry| entry.excludes.contains(&b));
        one(self, other) || one(other, self)
    }

    /// True when one account may hold both, with a warning.
    pub fn warns_with(self, other: Self) -> bool {
        let one = |a: Self, b: Self| a.entry().is_some_and(|entry| entry.warns.contains(&b));
        one(self, other) || one(other, self)
    }
}

/// Where a grant reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extent {
    /// The unit alone.
    Own,
    /// The unit and everything below it on a line.
    Below(Line),
}

impl Extent {
    fn named(name: &str) -> Option<Self> {
        if name == "own" { Some(Self::Own) } else { Line::named(name).map(Self::Below) }
    }

    /// The name in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Below(line) => line.name(),
        }
    }

    /// True when a row of `unit_scope` (line and depth from the grant's unit down to another) lies within it.
    pub fn reaches(self, line: Line, depth: i64) -> bool {
        match self {
            Self::Own => depth == 0,
            Self::Below(own) => own == line,
        }
    }
}

/// A role's line in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleEntry {
    /// The role.
    pub role: Role,
    /// Its name in Chinese.
    pub title: String,
    /// Only a higher rank resets a password.
    pub rank: u16,
    /// Where a grant reaches.
    pub extents: Vec<Extent>,
    /// The kinds of unit it may be given at.
    pub kinds: Vec<UnitKind>,
    /// Posts whose holder is proposed the role.
    pub posts: Vec<Post>,
    /// A second factor is required.
    pub second_factor: bool,
    /// Roles one account may not hold as well.
    pub excludes: Vec<Role>,
    /// Roles one account may hold as well, with a warning.
    pub warns: Vec<Role>,
    /// What it may do.
    pub permissions: PermissionSet,
}

/// The whole table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoleTable {
    /// In the order of [`Role::ALL`].
    pub entries: Vec<RoleEntry>,
}

/// What is wrong with the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoleTableError {
    /// Not TOML, or an unknown key.
    #[error("roles.toml: {0}")]
    Shape(String),
    /// A name nobody knows.
    #[error("roles.toml: {role}: {name} is unknown")]
    Unknown {
        /// The role's line.
        role: String,
        /// The name.
        name: String,
    },
    /// A role without a line, or with two.
    #[error("roles.toml: {0} must have exactly one line")]
    Lines(&'static str),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTable {
    role: Vec<RawRole>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRole {
    id: String,
    title: String,
    rank: u16,
    lines: Vec<String>,
    at: Vec<String>,
    #[serde(default)]
    posts: Vec<String>,
    second_factor: bool,
    #[serde(default)]
    excludes: Vec<String>,
    #[serde(default)]
    warns: Vec<String>,
    permissions: Vec<String>,
}

impl RawRole {
    fn read(&self) -> Result<RoleEntry, RoleTableError> {
        let unknown = |name: &str| RoleTableError::Unknown { role: self.id.clone(), name: name.to_owned() };
        let role = |name: &String| Role::named(name).ok_or_else(|| unknown(name));
        let post = |name: &String| Post::named(name).ok_or_else(|| unknown(name));
        let mut kinds = Vec::new();
        for name in &self.at {
            if name == "institution" {
                kinds.extend(UnitKind::ALL.iter().copied().filter(|kind| kind.is_institution()));
            } else {
                kinds.push(UnitKind::named(name).ok_or_else(|| unknown(name))?);
            }
        }
        let mut permissions = PermissionSet::EMPTY;
        for name in &self.permissions {
            permissions = permissions.with(permission_named(name).ok_or_else(|| unknown(name))?);
        }
        let extent = |name: &String| Extent::named(name).ok_or_else(|| unknown(name));
        Ok(RoleEntry {
            role: role(&self.id)?,
            title: self.title.clone(),
            rank: self.rank,
            extents: self.lines.iter().map(extent).collect::<Result<_, _>>()?,
            kinds,
            posts: self.posts.iter().map(post).collect::<Result<_, _>>()?,
            second_factor: self.second_factor,
            excludes: self.excludes.iter().map(role).collect::<Result<_, _>>()?,
            warns: self.warns.iter().map(role).collect::<Result<_, _>>()?,
            permissions,
        })
    }
}

impl RoleTable {
    /// Reads and checks a table.
    ///
    /// # Errors
    /// See [`RoleTableError`].
    pub fn read(text: &str) -> Result<Self, RoleTableError> {
        let raw: RawTable = toml::from_str(text).map_err(|e| RoleTableError::Shape(e.to_string()))?;
        let mut entries = raw.role.iter().map(RawRole::read).collect::<Result<Vec<_>, _>>()?;
        for role in Role::ALL {
            if entries.iter().filter(|entry| entry.role == *role).count() != 1 {
                return Err(RoleTableError::Lines(role.name()));
            }
        }
        entries.sort_by_key(|entry| entry.role);
        Ok(Self { entries })
    }

    /// The roles proposed to whoever holds these posts at a unit of this kind; nobody has them before they are granted.
    pub fn proposed(&self, posts: &[Post], kind: UnitKind) -> Vec<Role> {
        let fits = |entry: &&RoleEntry| {
            entry.kinds.contains(&kind) && entry.posts.iter().any(|post| posts.contains(post))
        };
        self.entries.iter().filter(fits).map(|entry| entry.role).collect()
    }

    /// The matrix as text, for the snapshot and for whoever reviews it: first the roles, then who may what.
    pub fn matrix(&self) -> String {
        let list = |names: Vec<&str>| if names.is_empty() { "-".to_owned() } else { names.join(" ") };
        let mut out = String::new();
        for (number, entry) in self.entries.iter().enumerate() {
            let mut seen = HashSet::new();
            let kinds = entry.kinds.iter().filter(|kind| seen.insert(**kind)).map(|kind| kind.name());
            let factor = if entry.second_factor { "required" } else { "-" };
            // Writing into a String cannot fail.
            let _ = writeln!(out, "{:2} {} {}", number + 1, entry.role.name(), entry.title);
            let _ = writeln!(out, "   rank {}; second factor {factor}", entry.rank);
            let _ = writeln!(out, "   lines: {}", list(entry.extents.iter().map(|e| e.name()).collect()));
            let _ = writeln!(out, "   at: {}", list(kinds.collect()));
            let _ = writeln!(out, "   posts: {}", list(entry.posts.iter().map(|p| p.name()).collect()));
            let _ = writeln!(out, "   excludes: {}", list(entry.excludes.iter().map(|r| r.name()).collect()));
            let _ = writeln!(out, "   warns: {}", list(entry.warns.iter().map(|r| r.name()).collect()));
        }
        let _ = write!(out, "\n{:26}", "permission");
        for number in 1..=self.entries.len() {
            let _ = write!(out, "{number:3}");
        }
        for permission in names::ALL {
            let _ = write!(out, "\n{permission:26}");
            for entry in &self.entries {
                let mark = if entry.permissions.has(permission) { "+" } else { "." };
                let _ = write!(out, "{mark:>3}");
            }
        }
        out.push('\n');
        out
    }
}

/// The table of this build. Should it be broken, which a test rules out, nobody may do anything.
pub fn table() -> &'static RoleTable {
    static TABLE: OnceLock<RoleTable> = OnceLock::new();
    TABLE.get_or_init(|| {
        RoleTable::read(include_str!("../roles.toml")).unwrap_or_else(|error| {
            tracing::error!(%error, "the table of roles cannot be read: everything is denied");
            RoleTable::default()
        })
    })
}
