//! What happens to an account. An account never travels.

use journal::event_types;
use kernel::{PersonId, Reach, UnitId};
use serde::{Deserialize, Serialize};

use crate::roles::Role;

/// Why an account was suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuspendReason {
    /// The person left or changed post.
    Left,
    /// Used by somebody else, or against the rules.
    Misuse,
    /// Device or password lost.
    Lost,
    /// Not used for long.
    Dormant,
    /// Anything else.
    Other,
}

impl SuspendReason {
    /// All reasons.
    pub const ALL: [Self; 5] = [Self::Left, Self::Misuse, Self::Lost, Self::Dormant, Self::Other];

    /// The name in forms; its text is the message `suspend-<name>`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Misuse => "misuse",
            Self::Lost => "lost",
            Self::Dormant => "dormant",
            Self::Other => "other",
        }
    }

    /// From the name in forms.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// Core of `account.opened`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    /// Whose it is.
    pub person: PersonId,
    /// The unit it belongs to.
    pub home: UnitId,
}

/// Personal part of `account.opened`: a login is most often somebody's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpenedPersonal {
    /// The name to sign in with.
    pub login: String,
}

/// Core of `account.rehomed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rehomed {
    /// The unit it belongs to from now on: where its person works.
    pub home: UnitId,
}

/// Core of `account.granted`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Granted {
    /// The role.
    pub role: Role,
    /// At which unit.
    pub unit: UnitId,
    /// Held together with a role that is better kept apart.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub warned: bool,
}

/// Core of `account.revoked`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Revoked {
    /// The role.
    pub role: Role,
    /// At which unit.
    pub unit: UnitId,
}

/// Core of `account.suspended`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suspended {
    /// Why.
    pub reason: SuspendReason,
}

/// Core of events that say nothing but that they happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bare {}

/// Core of `account.password_set`; the password is nowhere in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PasswordSet {
    /// Somebody else set a first password.
    pub by_reset: bool,
}

/// Core of `account.notice_agreed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoticeAgreed {
    /// Version of the user agreement and privacy notice.
    pub version: u32,
}

event_types! {
    /// What happens to an account.
    pub enum AccountEvent {
        /// It was opened.
        Opened("account.opened", 1, Reach::HERE): Parts<Opened, (), OpenedPersonal>,
        /// It followed its person to another unit.
        Rehomed("account.rehomed", 1, Reach::HERE): Parts<Rehomed>,
        /// A role was given.
        Granted("account.granted", 1, Reach::HERE): Parts<Granted>,
        /// A role was withdrawn.
        Revoked("account.revoked", 1, Reach::HERE): Parts<Revoked>,
        /// It was suspended.
        Suspended("account.suspended", 1, Reach::HERE): Parts<Suspended>,
        /// It works again.
        Resumed("account.resumed", 1, Reach::HERE): Parts<Bare>,
        /// A password was set.
        PasswordSet("account.password_set", 1, Reach::HERE): Parts<PasswordSet>,
        /// A second factor was set.
        SecondFactorSet("account.second_factor_set", 1, Reach::HERE): Parts<Bare>,
        /// Another telephone took the place of the one that gave the codes.
        SecondFactorReplaced("account.second_factor_replaced", 1, Reach::HERE): Parts<Bare>,
        /// A lost second factor was cleared.
        SecondFactorCleared("account.second_factor_cleared", 1, Reach::HERE): Parts<Bare>,
        /// Too many wrong passwords.
        Locked("account.locked", 1, Reach::HERE): Parts<Bare>,
        /// Somebody lifted the lock before its time.
        Unlocked("account.unlocked", 1, Reach::HERE): Parts<Bare>,
        /// The notice was agreed to.
        NoticeAgreed("account.notice_agreed", 1, Reach::HERE): Parts<NoticeAgreed>,
    }
}
