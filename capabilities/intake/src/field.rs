//! What a column may be, and the names it goes by.

use documents::narrow;

use crate::content::Content;

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, [$($synonym:literal),*];)*) => {
        /// What a column of a file may be.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $($(#[$doc])* $variant,)*
        }

        impl Field {
            /// All of them.
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
    /// 姓名
    PersonName = "person_name", ["姓名", "教职工姓名", "教师姓名", "人员姓名", "职工姓名", "名字", "personname"];
    /// 手机
    PersonPhone = "person_phone", ["手机", "电话", "联系电话", "手机号", "手机号码", "联系方式", "电话号码", "personphone"];
    /// 岗位
    PersonPosts = "person_posts", ["岗位", "职务", "担任职务", "工种", "职务岗位", "任职岗位", "从事岗位", "posts", "post"];
    /// 保安姓名
    GuardName = "guard_name", ["姓名", "保安姓名", "保安员姓名", "保安员", "保安", "名字", "guardname"];
    /// 保安电话
    GuardPhone = "guard_phone", ["电话", "联系电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "保安电话",
        "保安员电话", "guardphone"];
    /// 保安员证号
    Certificate = "certificate", ["保安员证号", "保安员证", "保安证", "保安证号", "证书编号", "保安员证编号", "上岗证号",
        "证件编号", "保安上岗证号", "保安员证书编号", "持证编号", "certificate"];
    /// 用工方式
    Employer = "employer", ["聘用方式", "用工方式", "用工形式", "用工性质", "聘用类型", "聘用形式", "employer"];
    /// 保安公司
    Company = "company", ["保安公司", "公司名称", "所属公司", "派遣公司", "保安公司名称", "聘用单位", "派驻公司", "company"];
    /// 专职/兼职
    FullTime = "full_time", ["专职兼职", "专兼职", "专职或兼职", "是否专职", "岗位性质", "fulltime"];
    /// 出生日期
    Born = "born", ["出生日期", "出生年月", "出生年月日", "出生时间", "born"];
    /// 年龄
    Age = "age", ["年龄", "周岁", "age"];
    /// 上岗日期
    GuardSince = "guard_since", ["上岗日期", "上岗时间", "入职时间", "入职日期", "到岗时间", "任职时间", "聘用时间",
        "聘用日期", "since"];
    /// 保安员证发证日期
    CertifiedOn = "certified_on", ["发证日期", "发证时间", "取证时间", "取证日期", "保安员证发证日期", "certifiedon", "certificateissued"];
    /// 保安员证有效期
    CertifiedUntil = "certified_until", ["保安员证有效期", "证件有效期", "有效期至", "证书有效期", "certifieduntil",
        "certificatevaliduntil"];
    /// 背景审查通过日期
    BackgroundOn = "background_on", ["背景审查日期", "背景审查时间", "背审日期", "背审时间", "审查通过日期", "政审日期",
        "背景审查通过日期",
        "backgroundon", "backgroundcheckpassedon"];
    /// 体检日期
    HealthOn = "health_on", ["体检日期", "体检时间", "健康体检日期", "healthon", "healthcheckon"];
    /// 健康证有效期
    HealthUntil = "health_until", ["健康证有效期", "体检有效期", "healthuntil", "healthcheckvaliduntil"];
    /// 培训日期
    TrainedOn = "trained_on", ["培训日期", "培训时间", "最近培训日期", "trainedon"];
    /// 序号
    Serial = "serial", ["序号", "序", "no", "serial"];
    /// 台账编号
    LedgerNumber = "ledger_number", ["台账编号", "编号", "隐患编号", "登记编号", "隐患序号", "台账号",
        "ledgernumber"];
    /// 隐患类别
    Category = "category", ["隐患类别", "隐患类型", "类别", "类型", "隐患种类", "隐患分类", "排查类别", "检查类别",
        "检查项目", "排查项目", "category"];
    /// 隐患描述
    Description = "description", ["隐患描述", "存在问题", "隐患内容", "问题描述", "隐患情况", "存在的问题", "存在隐患",
        "安全隐患", "隐患名称", "问题隐患", "隐患", "主要问题", "问题", "存在的安全隐患", "隐患问题", "存在的隐患",
        "排查出的隐患", "发现的问题", "隐患具体情况", "隐患概况", "存在问题及隐患", "内容",
        "description"];
    /// 隐患位置
    Place = "place", ["隐患位置", "隐患部位", "部位", "位置", "地点", "具体位置", "具体地点", "隐患地点", "所在位置", "隐患所在部位",
        "存在部位", "place"];
    /// 排查时间
    FoundOn = "found_on", ["发现日期", "排查时间", "发现时间", "检查时间", "排查日期", "检查日期", "登记时间", "登记日期",
        "时间", "日期", "上报时间", "排查发现时间", "foundon", "found"];
    /// 隐患等级
    Level = "level", ["隐患等级", "隐患级别", "等级", "级别", "隐患程度", "风险等级", "level"];
    /// 隐患来源
    Source = "source", ["隐患来源", "来源", "检查类型", "排查方式", "发现方式", "检查方式", "检查形式", "source"];
    /// 检查人
    FoundBy = "found_by", ["检查人", "排查人", "发现人", "检查人员", "排查人员", "登记人", "上报人", "检查单位", "检查组",
        "foundby"];
    /// 整改措施
    Measures = "measures", ["整改措施", "治理措施", "措施", "整改方案", "整改要求", "整改意见", "防范措施", "管控措施",
        "整改治理措施", "measures"];
    /// 责任人
    Responsible = "responsible", ["责任人", "整改责任人", "负责人", "责任人员", "责任人姓名", "整改人", "责任", "治理责任人",
        "responsible", "responsibleperson"];
    /// 整改期限
    Due = "due", ["整改期限", "整改时限", "时限", "期限", "完成时限", "整改完成时限", "限期", "计划完成时间", "要求完成时间",
        "整改截止时间", "治理时限", "整改完成期限", "计划整改完成时间", "due",
        "deadline"];
    /// 整改资金
    Funds = "funds", ["整改资金", "资金", "资金投入", "治理资金", "所需资金", "投入资金", "资金数额", "整改经费", "经费",
        "资金万元", "资金元", "funds"];
    /// 资金来源
    FundsFrom = "funds_from", ["资金来源", "资金渠道", "经费来源", "资金落实", "fundsfrom"];
    /// 整改状态
    Status = "status", ["整改状态", "整改情况", "状态", "是否整改", "整改结果", "整改进展", "完成情况", "整改落实情况",
        "是否完成整改", "是否销号", "销号情况", "办理状态", "是否整改到位", "整改完成情况", "进展情况", "status", "state"];
    /// 整改完成日期
    FixedOn = "fixed_on", ["整改完成日期", "整改完成时间", "完成时间", "整改时间", "实际完成时间", "完成日期", "整改日期",
        "实际整改完成时间", "fixedon", "fixed"];
    /// 验收人
    AcceptedBy = "accepted_by", ["验收人", "复查人", "验收人员", "销号人", "复查人员", "核查人", "复查验收人", "acceptedby"];
    /// 销号日期
    ClosedOn = "closed_on", ["销号日期", "销号时间", "验收时间", "验收日期", "复查时间", "复查日期", "闭环时间",
        "验收销号时间", "closedon", "closed"];
    /// 应急预案
    Contingency = "contingency", ["应急预案", "预案", "应急措施", "应急方案", "防范应急预案", "contingencyplan", "contingency"];
    /// 整改前照片
    PhotosBefore = "photos_before", ["整改前照片", "照片", "隐患照片", "图片", "整改前图片", "整改前", "现场照片", "隐患图片",
        "照片文件", "照片文件名", "photosbefore", "photos"];
    /// 整改后照片
    PhotosAfter = "photos_after", ["整改后照片", "整改后图片", "整改后", "完成照片", "photosafter"];
    /// 备注
    Remark = "remark", ["备注", "其他说明", "补充说明", "remark", "remarks"];
}

impl Field {
    /// Columns of a school register.
    pub(crate) const REGISTER: &'static [Self] = &[
        Self::Name,
        Self::Code,
        Self::Kind,
        Self::Township,
        Self::Superior,
        Self::Pupils,
        Self::Boarders,
        Self::Staff,
        Self::Classes,
        Self::Ownership,
        Self::Address,
        Self::Telephone,
        Self::Longitude,
        Self::Latitude,
        Self::HeadName,
        Self::HeadPhone,
        Self::OfficerName,
        Self::OfficerPhone,
        Self::CodeReason,
    ];
    /// Columns of a list of people.
    pub(crate) const PEOPLE: &'static [Self] =
        &[Self::Name, Self::Code, Self::PersonName, Self::PersonPhone, Self::PersonPosts];
    /// Columns of a list of guards.
    pub(crate) const GUARDS: &'static [Self] = &[
        Self::Name,
        Self::Code,
        Self::GuardName,
        Self::GuardPhone,
        Self::Certificate,
        Self::FullTime,
        Self::Employer,
        Self::Company,
        Self::Born,
        Self::Age,
        Self::GuardSince,
        Self::CertifiedOn,
        Self::CertifiedUntil,
        Self::BackgroundOn,
        Self::HealthOn,
        Self::HealthUntil,
        Self::TrainedOn,
    ];
    /// Columns of a ledger of hazards.
    pub(crate) const HAZARDS: &'static [Self] = &[
        Self::Serial,
        Self::LedgerNumber,
        Self::Name,
        Self::Code,
        Self::Category,
        Self::Description,
        Self::Place,
        Self::FoundOn,
        Self::Level,
        Self::Source,
        Self::FoundBy,
        Self::Measures,
        Self::Responsible,
        Self::Due,
        Self::Funds,
        Self::FundsFrom,
        Self::Contingency,
        Self::Status,
        Self::FixedOn,
        Self::AcceptedBy,
        Self::ClosedOn,
        Self::PhotosBefore,
        Self::PhotosAfter,
        Self::Remark,
    ];
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

/// What a school is known by: its name without blanks and signs, but with what stands in brackets, where a register
/// says which campus or part of town it is.
pub(crate) fn identity(name: &str) -> String {
    narrow(name).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Alike but for brackets that only one of them has: perhaps the same school, written shorter.
pub(crate) fn is_shorter(one: &str, other: &str) -> bool {
    let (short, whole) = (plain(one), plain(other));
    short == whole && (identity(one) == short) != (identity(other) == whole)
}

impl Field {
    /// From the name kept in tables.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.name() == name)
    }

    /// What a heading means in a file of this kind.
    pub fn of(content: Content, label: &str) -> Option<Self> {
        let plain = plain(label);
        if plain.is_empty() {
            return None;
        }
        let mut fields = content.fields().iter().copied();
        let exact = fields.find(|field| field.synonyms().contains(&plain.as_str()));
        exact.or_else(|| {
            if content != Content::Register {
                return None;
            }
            let titled = |end: &str| plain.strip_suffix(end).and_then(Self::person);
            NAMES
                .iter()
                .find_map(|end| titled(end).map(|(name, _)| name))
                .or_else(|| PHONES.iter().find_map(|end| titled(end).map(|(_, phone)| phone)))
        })
    }

    /// What a heading of two rows means.
    pub fn of_two(content: Content, above: &str, below: &str) -> Option<Self> {
        let of = |label: &str| Self::of(content, label);
        if below.is_empty() {
            return of(above);
        }
        if above.is_empty() {
            return of(below);
        }
        let (top, sub) = (plain(above), plain(below));
        let gathers = GATHERING.iter().any(|word| top.contains(word)) || top.chars().count() > 8;
        let general = GENERAL.contains(&sub.as_str());
        of(&format!("{top}{sub}"))
            .or_else(|| if general && !gathers { None } else { of(below) })
            .or_else(|| if TOTALS.contains(&sub.as_str()) { of(above) } else { None })
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
