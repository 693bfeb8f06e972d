//! Kinds of unit.

use kernel::Tier;
use serde::{Deserialize, Serialize};

use crate::Line;

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// What a unit is. Stored by name; the school kinds follow `domain/taxonomies.md`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum UnitKind {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl UnitKind {
            /// All kinds, in the order lists show them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name stored in tables; its text is the message `unit-kind-<name>`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

kinds! {
    /// 省
    Province = "province";
    /// 市
    City = "city";
    /// 县教育体育局, the county platform's own unit
    County = "county";
    /// 县直部门
    Department = "department";
    /// 乡镇(街道)
    Township = "township";
    /// 派出所
    PoliceStation = "police_station";
    /// 中心学校, which runs the primary schools and kindergartens of a township
    CentralSchool = "central_school";
    /// 幼儿园
    Kindergarten = "kindergarten";
    /// 小学
    Primary = "primary";
    /// 教学点
    TeachingPoint = "teaching_point";
    /// 初级中学
    Junior = "junior";
    /// 九年一贯制学校
    NineYear = "nine_year";
    /// 高级中学
    Senior = "senior";
    /// 完全中学
    Complete = "complete";
    /// 十二年一贯制学校
    TwelveYear = "twelve_year";
    /// 中等职业学校
    Vocational = "vocational";
    /// 专门学校
    Reform = "reform";
    /// 特殊教育学校
    Special = "special";
    /// 校外培训机构
    Training = "training";
    /// 校外活动场所、托管机构
    ActivityVenue = "activity_venue";
    /// 供应商、服务单位
    Supplier = "supplier";
}

impl UnitKind {
    /// From the name stored in tables.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Places where children are: they have hazards of their own.
    pub const fn is_institution(self) -> bool {
        match self {
            Self::CentralSchool
            | Self::Kindergarten
            | Self::Primary
            | Self::TeachingPoint
            | Self::Junior
            | Self::NineYear
            | Self::Senior
            | Self::Complete
            | Self::TwelveYear
            | Self::Vocational
            | Self::Reform
            | Self::Special
            | Self::Training
            | Self::ActivityVenue => true,
            Self::Province
            | Self::City
            | Self::County
            | Self::Department
            | Self::Township
            | Self::PoliceStation
            | Self::Supplier => false,
        }
    }

    /// Places have area codes, and so have the offices of a place that have no other.
    pub const fn may_have_area_code(self) -> bool {
        !self.is_institution() && !matches!(self, Self::Supplier)
    }

    /// Province, city and county.
    pub const fn is_tier(self) -> bool {
        matches!(self, Self::Province | Self::City | Self::County)
    }

    /// Whether a unit of this kind may hang under one of another on a line. A central school runs schools and
    /// kindergartens, another school teaching points at most, a department only what its trade licenses; in a township
    /// lies whatever is no place itself; anything is assigned to departments, police stations and the units of
    /// inspectors.
    pub const fn may_hang_under(self, line: Line, above: Self) -> bool {
        match line {
            Line::Management => self.may_be_managed_by(above),
            Line::Territory => match self {
                Self::Province => false,
                Self::City => matches!(above, Self::Province),
                Self::County => matches!(above, Self::Province | Self::City),
                Self::Township => matches!(above, Self::City | Self::County),
                Self::Department => above.is_tier(),
                _ => above.is_tier() || matches!(above, Self::Township),
            },
            Line::Assignment => {
                matches!(above, Self::Department | Self::PoliceStation) || above.is_institution()
            }
        }
    }

    const fn may_be_managed_by(self, above: Self) -> bool {
        let central = above.is_tier() || matches!(above, Self::CentralSchool);
        match self {
            Self::Province => false,
            Self::City => matches!(above, Self::Province),
            Self::County => matches!(above, Self::Province | Self::City),
            Self::Department | Self::Township => above.is_tier(),
            Self::PoliceStation => above.is_tier() || matches!(above, Self::Department),
            Self::TeachingPoint => {
                central || matches!(above, Self::Primary | Self::NineYear | Self::TwelveYear)
            }
            // A central school, too: under the one that its township's was merged into.
            Self::CentralSchool
            | Self::Kindergarten
            | Self::Primary
            | Self::Junior
            | Self::NineYear
            | Self::Senior
            | Self::Complete
            | Self::TwelveYear
            | Self::Special => central,
            Self::Vocational | Self::Reform | Self::Training | Self::ActivityVenue | Self::Supplier => {
                central || matches!(above, Self::Department)
            }
        }
    }

    /// The kinds one of this kind may hang under on a line.
    pub fn above(self, line: Line) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |above| self.may_hang_under(line, *above))
    }

    /// Whether units may hang under one of this kind on a line at all.
    pub fn holds(self, line: Line) -> bool {
        Self::ALL.iter().any(|below| below.may_hang_under(line, self))
    }

    /// The tier whose platform the unit belongs to.
    pub const fn tier(self) -> Tier {
        match self {
            Self::Province => Tier::Province,
            Self::City => Tier::City,
            Self::County | Self::Department | Self::Township | Self::PoliceStation | Self::Supplier => {
                Tier::County
            }
            Self::CentralSchool
            | Self::Kindergarten
            | Self::Primary
            | Self::TeachingPoint
            | Self::Junior
            | Self::NineYear
            | Self::Senior
            | Self::Complete
            | Self::TwelveYear
            | Self::Vocational
            | Self::Reform
            | Self::Special
            | Self::Training
            | Self::ActivityVenue => Tier::School,
        }
    }
}
