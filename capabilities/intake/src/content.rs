//! What a file holds: whoever uploads it says so.

use journal::Permission;
use serde::{Deserialize, Serialize};

use crate::field::Field;

/// What a file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// 学校名册: units, heads, safety officers.
    #[default]
    Register,
    /// 教职工: everybody else at a school.
    People,
    /// 保安
    Guards,
    /// 隐患台账
    Hazards,
}

impl Content {
    /// All of them, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Register, Self::People, Self::Guards, Self::Hazards];

    /// The name used in addresses; its text is the message `intake-content-<name>`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::People => "people",
            Self::Guards => "guards",
            Self::Hazards => "hazards",
        }
    }

    /// From the name in an address.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|content| content.name() == name)
    }

    /// What writing it by hand needs, besides the permission to import.
    pub const fn permission(self) -> Permission {
        match self {
            Self::Register => "unit.manage",
            Self::People | Self::Guards => "person.manage",
            Self::Hazards => "hazard.carry_over",
        }
    }

    /// What its columns may be, in the order of the template.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Register => Field::REGISTER,
            Self::People => Field::PEOPLE,
            Self::Guards => Field::GUARDS,
            Self::Hazards => Field::HAZARDS,
        }
    }

    /// Columns without which nothing can be read.
    pub const fn required(self) -> &'static [Field] {
        match self {
            Self::Register => &[Field::Name],
            Self::People => &[Field::Name, Field::PersonName, Field::PersonPosts],
            Self::Guards => &[Field::Name, Field::GuardName],
            Self::Hazards => &[Field::Name, Field::Category, Field::Description, Field::FoundOn],
        }
    }
}
