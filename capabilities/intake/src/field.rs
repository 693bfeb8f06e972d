//! What a column may be, and the names it goes by.

use documents::narrow;

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, [$($synonym:literal),*];)*) => {
        /// What a column of a school register may be.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $($(#[$doc])* $variant,)*
        }

        impl Field {
            /// All of them, in the order of the template.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name kept in tables; its text is the message `intake-field-<name>`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What the column is called, written as [`plain`] leaves it.
            const fn synonyms(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($synonym),*],)* }
            }
        }
    };
}

fields! {
    /// 学校名称
    Name = "name", ["学校名称", "单位名称", "学校全称", "机构名称", "学校机构名称", "学校", "校名", "单位", "名称",
        "园所名称", "幼儿园名称", "school", "schoolname", "name", "unit"];
    /// 标识码
    Code = "code", ["标识码", "学校代码", "学校标识码", "学校机构标识码", "机构标识码", "单位代码", "机构代码", "代码",
        "统一社会信用代码", "社会信用代码", "信用代码", "编码", "学校编码", "标识码信用代码", "code", "schoolcode"];
    /// 办学类型
    Kind = "kind", ["类型", "办学类型", "学校类型", "单位类型", "类别", "学校类别", "单位类别", "机构类型", "学段",
        "学校办学类型", "kind", "type"];
    /// 所属乡镇
    Township = "township", ["所属乡镇", "乡镇", "乡镇街道", "所在乡镇", "所属乡镇街道", "所在乡镇街道", "所属街道", "属地",
        "township", "town"];
    /// 上级
    Superior = "superior", ["中心学校", "上级", "上级单位", "主管单位", "所属中心学校", "中心校", "所属中心校", "管理单位",
        "隶属单位", "主管部门", "superior", "centralschool"];
    /// 在校生数
    Pupils = "pupils", ["在校生数", "学生人数", "在校学生数", "学生数", "在校生", "在校学生", "在校人数", "在校生人数",
        "在校学生人数", "幼儿数", "在园幼儿数", "学生总数", "在校生总数", "学生", "pupils", "students"];
    /// 寄宿生
    Boarders = "boarders", ["寄宿生", "寄宿生数", "寄宿学生数", "寄宿人数", "住校生", "住校生数", "住宿生", "住宿生数",
        "其中寄宿生", "其中寄宿", "其中住校生", "寄宿", "住校", "boarders"];
    /// 教职工数
    Staff = "staff", ["教职工数", "教职工", "教职工人数", "教职工总数", "教师数", "教师人数", "教工数", "staff"];
    /// 班级数
    Classes = "classes", ["班级数", "班级", "班数", "教学班", "教学班数", "班级个数", "教学班级数", "classes"];
    /// 办别
    Ownership = "ownership", ["办别", "办学性质", "举办者类型", "公办民办", "公民办", "性质", "学校性质", "ownership"];
    /// 地址
    Address = "address", ["地址", "学校地址", "详细地址", "办学地址", "单位地址", "通讯地址", "address"];
    /// 电话
    Telephone = "telephone", ["电话", "办公电话", "学校电话", "联系电话", "值班电话", "单位电话", "固定电话", "座机",
        "telephone", "phone"];
    /// 经度
    Longitude = "longitude", ["经度", "东经", "坐标经度", "longitude", "lon", "lng"];
    /// 纬度
    Latitude = "latitude", ["纬度", "北纬", "坐标纬度", "latitude", "lat"];
    /// 校长姓名
    HeadName = "head_name", ["校长", "园长", "校园长", "校长园长", "负责人", "学校负责人", "主要负责人", "headname",
        "head"];
    /// 校长电话
    HeadPhone = "head_phone", ["headphone", "headmobile"];
    /// 安全负责人姓名
    OfficerName = "officer_name", ["安全负责人", "安全专干", "安全员", "安全管理人员", "安全主任", "分管安全负责人",
        "safetyofficer", "officername"];
    /// 安全负责人电话
    OfficerPhone = "officer_phone", ["officerphone", "officermobile"];
    /// 代码说明: why a code that fails its check is right all the same
    CodeReason = "code_reason", ["代码说明", "标识码说明", "校验说明", "代码不符说明", "codereason"];
}

/// What follows a person's title in a heading.
const NAMES: [&str; 3] = ["姓名", "名字", "name"];
const PHONES: [&str; 10] =
    ["电话", "手机", "手机号", "手机号码", "联系电话", "联系方式", "电话号码", "移动电话", "phone", "mobile"];
/// Sums under a heading: the heading above says what is summed.
const TOTALS: [&str; 8] = ["合计", "总数", "小计", "总计", "人数", "数", "计", "total"];
/// Words that mean nothing without the heading above them.
const GENERAL: [&str; 14] = [
    "电话",
    "联系电话",
    "手机",
    "手机号",
    "手机号码",
    "姓名",
    "名称",
    "类型",
    "类别",
    "代码",
    "编码",
    "性质",
    "地址",
    "name",
];
/// Headings that only gather others.
const GATHERING: [&str; 6] = ["学校", "单位", "基本", "情况", "信息", "一览"];

/// A heading without blanks, signs and what stands in brackets.
pub fn plain(label: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for c in narrow(label).chars() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            c if depth == 0 && c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out
}

impl Field {
    /// From the name kept in tables.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.name() == name)
    }

    /// What a heading means.
    pub fn of(label: &str) -> Option<Self> {
        let plain = plain(label);
        if plain.is_empty() {
            return None;
        }
        let exact = Self::ALL.iter().copied().find(|field| field.synonyms().contains(&plain.as_str()));
        exact.or_else(|| {
            let titled = |end: &str| plain.strip_suffix(end).and_then(Self::person);
            NAMES
                .iter()
                .find_map(|end| titled(end).map(|(name, _)| name))
                .or_else(|| PHONES.iter().find_map(|end| titled(end).map(|(_, phone)| phone)))
        })
    }

    /// What a heading of two rows means.
    pub fn of_two(above: &str, below: &str) -> Option<Self> {
        if below.is_empty() {
            return Self::of(above);
        }
        if above.is_empty() {
            return Self::of(below);
        }
        let (top, sub) = (plain(above), plain(below));
        let gathers = GATHERING.iter().any(|word| top.contains(word)) || top.chars().count() > 8;
        let general = GENERAL.contains(&sub.as_str());
        Self::of(&format!("{top}{sub}"))
            .or_else(|| if general && !gathers { None } else { Self::of(below) })
            .or_else(|| if TOTALS.contains(&sub.as_str()) { Self::of(above) } else { None })
    }

    /// The two columns of a person, by the title.
    fn person(title: &str) -> Option<(Self, Self)> {
        let is = |field: Self| field.synonyms().contains(&title);
        if is(Self::HeadName) {
            Some((Self::HeadName, Self::HeadPhone))
        } else if is(Self::OfficerName) {
            Some((Self::OfficerName, Self::OfficerPhone))
        } else {
            None
        }
    }

    /// True for what names a person or reaches one.
    pub const fn is_personal(self) -> bool {
        matches!(self, Self::HeadName | Self::HeadPhone | Self::OfficerName | Self::OfficerPhone)
    }
}
