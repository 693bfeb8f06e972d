//! Every permission there is. The table role x permission names them; a name that is not here is a fault.

use std::fmt;

use journal::Permission;

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// The names of all permissions.
        pub mod names {
            use journal::Permission;
            $($(#[$doc])* pub const $name: Permission = $text;)*
            /// All of them, in the order of the matrix.
            pub const ALL: &[Permission] = &[$($name),*];
        }
    };
}

permissions! {
    /// Open a unit's page.
    UNIT_VIEW = "unit.view";
    /// Create, rename, move and close units.
    UNIT_MANAGE = "unit.manage";
    /// Bring a unit's facts up to date.
    UNIT_DESCRIBE = "unit.describe";
    /// See who works at a unit: names and posts.
    PERSON_VIEW = "person.view";
    /// See telephone and identity numbers; every read is logged.
    PERSON_VIEW_CONTACT = "person.view_contact";
    /// Enter people, move them, give them posts.
    PERSON_MANAGE = "person.manage";
    /// Open and suspend accounts.
    ACCOUNT_MANAGE = "account.manage";
    /// Give somebody of a lower rank a new first password.
    ACCOUNT_RESET_PASSWORD = "account.reset_password";
    /// Grant and withdraw roles, resume accounts, clear a lost second factor.
    ROLE_GRANT = "role.grant";
    /// Read the audit trail and the access log.
    AUDIT_VIEW = "audit.view";
    /// Add, change and stop the channels through which tidings of a unit go out.
    CHANNEL_MANAGE = "channel.manage";
    /// See what went out through the channels of a unit.
    SENT_READ = "sent.read";
    /// Change the platform's settings.
    SETTINGS_MANAGE = "settings.manage";
    /// See the rules in force.
    RULES_VIEW = "rules.view";
    /// Draft local adjustments of the rules.
    RULES_MANAGE = "rules.manage";
    /// Activate and end local adjustments that somebody else drafted.
    RULES_ACTIVATE = "rules.activate";
    /// Take lists out as files.
    EXPORT = "export";
    /// Take the list of units out as a file, for those who see no hazards.
    UNIT_EXPORT = "unit.export";
    /// Import a file. What it holds is written with the permissions that writing it by hand needs.
    INTAKE_RUN = "intake.run";
    /// See the hazards of a unit.
    HAZARD_VIEW = "hazard.view";
    /// See the hazards one registered or has to rectify oneself.
    HAZARD_VIEW_OWN = "hazard.view_own";
    /// See what a higher tier would have received.
    HAZARD_VIEW_UPWARD = "hazard.view_upward";
    /// Register a hazard.
    HAZARD_REGISTER = "hazard.register";
    /// Grade a hazard.
    HAZARD_GRADE = "hazard.grade";
    /// Assign it to somebody.
    HAZARD_ASSIGN = "hazard.assign";
    /// Take it on.
    HAZARD_TAKE_ON = "hazard.take_on";
    /// Report it rectified.
    HAZARD_RECTIFY = "hazard.rectify";
    /// Ask for more time.
    HAZARD_ASK_EXTENSION = "hazard.ask_extension";
    /// Decide about more time.
    HAZARD_DECIDE_EXTENSION = "hazard.decide_extension";
    /// Accept or send back.
    HAZARD_ACCEPT = "hazard.accept";
    /// Close.
    HAZARD_CLOSE = "hazard.close";
    /// Look again after closing.
    HAZARD_REVISIT = "hazard.revisit";
    /// Withdraw what was registered by mistake.
    HAZARD_WITHDRAW = "hazard.withdraw";
    /// 提请解决
    HAZARD_ASK_HELP = "hazard.ask_help";
    /// Answer it.
    HAZARD_ANSWER_HELP = "hazard.answer_help";
    /// Act on major, overdue or 提请解决 hazards of the county.
    HAZARD_COUNTY = "hazard.county";
    /// Accept for a school without a second person.
    HAZARD_CENTRAL = "hazard.central";
    /// Carry hazards over from a ledger kept before this platform.
    HAZARD_CARRY_OVER = "hazard.carry_over";
    /// See the listings of a unit's major hazards.
    SUPERVISION_VIEW = "supervision.view";
    /// Answer for the school: control it, confirm the notice, ask to be taken off the list.
    SUPERVISION_ANSWER = "supervision.answer";
    /// Draft a notice of supervision.
    SUPERVISION_DRAFT = "supervision.draft";
    /// Review what somebody else drafted.
    SUPERVISION_REVIEW = "supervision.review";
    /// Sign a notice, decide against one, sign the delisting.
    SUPERVISION_SIGN = "supervision.sign";
    /// Go and look before a hazard is taken off the list, and write down what was found.
    SUPERVISION_CHECK = "supervision.check";
    /// See the letters to other departments about a unit's hazards, once they were sent.
    TRANSFER_VIEW = "transfer.view";
    /// Draft and send letters, make their links, write down what came back, keep the register of departments.
    TRANSFER_DRAFT = "transfer.draft";
    /// Sign letters that somebody else drafted.
    TRANSFER_SIGN = "transfer.sign";
    /// See the cases in which one's own unit is a side, and clarifications about it.
    ACCOUNTABILITY_VIEW = "accountability.view";
    /// See all cases and clarifications of the county.
    ACCOUNTABILITY_COUNTY = "accountability.county";
    /// Open a case on the word of a named authority, prolong it, call it off.
    ACCOUNTABILITY_OPEN = "accountability.open";
    /// Answer for one's own unit as a side: make its statement, report its measures.
    ACCOUNTABILITY_ANSWER = "accountability.answer";
    /// Write down what was found of each side, and what was carried out.
    ACCOUNTABILITY_FIND = "accountability.find";
    /// Review findings that somebody else wrote.
    ACCOUNTABILITY_REVIEW = "accountability.review";
    /// Sign a conclusion, sign or refuse a clarification.
    ACCOUNTABILITY_SIGN = "accountability.sign";
    /// Check measures that a side reported done.
    ACCOUNTABILITY_CHECK = "accountability.check";
    /// Ask for a clarification about a hazard of one's own.
    CLARIFICATION_ASK = "clarification.ask";
    /// Draft a clarification.
    CLARIFICATION_DRAFT = "clarification.draft";
    /// See the places of a unit and print their codes.
    PLACE_VIEW = "place.view";
    /// Add, change and close places of a unit, and give one a new code.
    PLACE_MANAGE = "place.manage";
    /// Stop a former code that still stands on a wall.
    PLACE_COUNTY = "place.county";
    /// See what the public reported of a unit.
    REPORT_VIEW = "report.view";
    /// Answer it for the unit.
    REPORT_ANSWER = "report.answer";
    /// See every answer of the county's units and send one back.
    REPORT_OVERSEE = "report.oversee";
    /// See the telephone that a reporter left, with a reason; every read is logged.
    REPORT_TELEPHONE = "report.telephone";
    /// See how many guards each campus must have, has and lacks, and the reports about it once they were signed.
    GUARDS_VIEW = "guards.view";
    /// See the roster of guards: names, papers, and what runs out.
    GUARDS_ROSTER = "guards.roster";
    /// Declare how many guards a school has.
    GUARDS_DECLARE = "guards.declare";
    /// Look at the kit of the gate, and write down what was found.
    GUARDS_CHECK = "guards.check";
    /// Draft a report of what is lacking.
    GUARDS_DRAFT = "guards.draft";
    /// Sign a report that somebody else drafted; choose the standard that is in force.
    GUARDS_SIGN = "guards.sign";
    /// See the cockpit: numbers over the hazards one may see.
    COCKPIT_VIEW = "cockpit.view";
    /// Name the one person who reads what is held at one's own unit. Reading itself is given by being named.
    RESTRICTED_NAME_READER = "restricted.name_reader";
}

fn number(permission: &str) -> Option<u32> {
    names::ALL.iter().position(|known| *known == permission).and_then(|at| u32::try_from(at).ok())
}

/// The interned name.
pub fn permission_named(name: &str) -> Option<Permission> {
    names::ALL.iter().copied().find(|known| *known == name)
}

/// A set of permissions: one word, so that a union costs nothing.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct PermissionSet(u128);

// A 129th permission would need a wider word.
const _: () = assert!(names::ALL.len() <= 128);

impl PermissionSet {
    /// None.
    pub const EMPTY: Self = Self(0);

    /// True when it holds the permission. Unknown names are held by nobody.
    pub fn has(self, permission: &str) -> bool {
        number(permission).is_some_and(|bit| self.0 & (1 << bit) != 0)
    }

    /// With one more.
    #[must_use]
    pub fn with(self, permission: &str) -> Self {
        number(permission).map_or(self, |bit| Self(self.0 | (1 << bit)))
    }

    /// Both together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True for the empty set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its members in the order of the matrix.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        names::ALL.iter().copied().filter(move |permission| self.has(permission))
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
