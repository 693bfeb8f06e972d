//! Posts, and at which kinds of unit they are held.

use serde::{Deserialize, Serialize};

use crate::UnitKind;

macro_rules! posts {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// A post at a unit (`domain/taxonomies.md`, roles).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Post {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Post {
            /// All posts, the responsible ones first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name stored in tables; its text is the message `post-<name>`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

posts! {
    /// 校长、园长
    Head = "head";
    /// 书记
    Secretary = "secretary";
    /// 安全副校长
    SafetyViceHead = "safety_vice_head";
    /// 安全专干
    SafetyOfficer = "safety_officer";
    /// 总务
    GeneralAffairs = "general_affairs";
    /// 德育
    MoralEducation = "moral_education";
    /// 年级组长
    YearLeader = "year_leader";
    /// 班主任
    ClassTeacher = "class_teacher";
    /// 教师
    Teacher = "teacher";
    /// 宿管
    DormWarden = "dorm_warden";
    /// 食品安全员
    FoodSafety = "food_safety";
    /// 食堂工作人员
    Cook = "cook";
    /// 实验员
    LabKeeper = "lab_keeper";
    /// 校医
    SchoolDoctor = "school_doctor";
    /// 保安
    Guard = "guard";
    /// 校车驾驶、照管
    BusCrew = "bus_crew";
    /// 消防控制室
    FireControl = "fire_control";
    /// 心理教师
    Psychology = "psychology";
    /// 法治副校长
    LawViceHead = "law_vice_head";
    /// 县安全股
    CountySafety = "county_safety";
    /// 局领导
    CountyLeader = "county_leader";
    /// 联络员
    Liaison = "liaison";
    /// 乡镇(街道)专干
    TownshipOfficer = "township_officer";
    /// 责任督学
    Inspector = "inspector";
    /// 系统管理人员
    Administrator = "administrator";
}

impl Post {
    /// From the name stored in tables.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|post| post.name() == name)
    }

    /// Whether a unit of this kind has the post: a school has no safety office of the county, a county no class teacher.
    pub const fn fits(self, kind: UnitKind) -> bool {
        let office = matches!(kind, UnitKind::County | UnitKind::City | UnitKind::Province);
        let beside = matches!(kind, UnitKind::Department | UnitKind::PoliceStation);
        match self {
            Self::Head
            | Self::Secretary
            | Self::SafetyViceHead
            | Self::SafetyOfficer
            | Self::GeneralAffairs
            | Self::MoralEducation
            | Self::YearLeader
            | Self::ClassTeacher
            | Self::Teacher
            | Self::DormWarden
            | Self::FoodSafety
            | Self::LabKeeper
            | Self::SchoolDoctor
            | Self::Psychology => kind.is_institution(),
            // Whoever works for several schools may belong to where he comes from.
            Self::LawViceHead | Self::Inspector => kind.is_institution() || office || beside,
            // Gates, kitchens, buses and control rooms are everywhere, and at suppliers.
            Self::Cook | Self::Guard | Self::BusCrew | Self::FireControl => true,
            Self::CountySafety | Self::CountyLeader | Self::Administrator => office,
            Self::Liaison => !kind.is_institution(),
            Self::TownshipOfficer => matches!(kind, UnitKind::Township),
        }
    }
}
