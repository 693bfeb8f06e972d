//! Posts.

use serde::{Deserialize, Serialize};

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
}
