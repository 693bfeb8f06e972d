//! One page with every component, from samples: for the eye, for tests, and as a pattern to copy.

use askama::Template;
use kernel::{FieldProblem, Problem, Refusal, Timestamp};
use language::Lang;

use crate::{
    Flash, FormState, NavItem, Prefs, Sentences, Shell,
    view::{
        Cell, Choice, Clock, Column, Empty, Fact, Filter, Level, Link, Mark, Moment, Pager, Photo, Table,
    },
};

/// The page. `path = "gallery.html"` extends `layout.html` as any room's page does.
#[derive(Template)]
#[template(path = "gallery.html")]
pub struct Gallery {
    shell: Shell,
    form: FormState,
    filter: Filter,
    table: Table,
    pager: Pager,
    marks: Vec<Mark>,
    clocks: Vec<Clock>,
    facts: Vec<Fact>,
    moments: Vec<Moment>,
    empty: Empty,
    tabs: Vec<Link>,
    categories: Vec<Choice>,
    levels: Vec<Choice>,
    places: Vec<Choice>,
    told: Vec<Choice>,
    notices: Vec<Mark>,
    reminder: String,
}

const NOW: Timestamp = Timestamp(1_796_688_300_000);

/// Chooses the words of a sample.
fn either(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    match lang {
        Lang::ZhCn => zh,
        Lang::En => en,
    }
}

impl Gallery {
    /// Filled with samples; `user_text` appears wherever people type.
    pub fn sample(prefs: &Prefs, user_text: &str) -> Self {
        let lang = prefs.lang;
        let say = |zh: &'static str, en: &'static str| either(lang, zh, en);
        Self {
            shell: shell(prefs),
            form: form(lang, user_text),
            filter: filter(lang),
            table: table(lang, user_text),
            pager: Pager {
                before: Some("?before=1".into()),
                after: Some("?after=2".into()),
                place: say("第 51–100 条", "Rows 51–100").into(),
                paper: crate::texts::pager_paper(lang, "51", "100"),
            },
            marks: marks(lang),
            clocks: clocks(lang),
            facts: facts(lang, user_text),
            moments: moments(lang, user_text),
            empty: Empty {
                sentence: say(
                    "这里会列出本单位登记的隐患。现在还没有。",
                    "Hazards registered by your unit will be listed here. There are none yet.",
                )
                .into(),
                act: Some(Link::new(say("登记隐患", "Register a hazard"), "#")),
                icon: "hazard",
            },
            tabs: vec![
                Link::new(say("轮到我", "My turn"), "#").current(true).count(12),
                Link::new(say("等待他人", "Waiting for others"), "#").count(5),
                Link::new(say("已办结", "Done"), "#"),
            ],
            categories: categories(lang),
            levels: vec![
                Choice::new("general", say("一般隐患", "General"))
                    .hint(say("7 天内整改", "Rectify in 7 days")),
                Choice::new("larger", say("较大隐患", "Larger")).hint(say("需要整改方案", "Needs a plan")),
                Choice::new("major", say("重大隐患", "Major")).hint(say("挂牌督办", "Listed supervision")),
            ],
            places: ["教学楼", "食堂", "宿舍"].iter().map(|name| Choice::new(*name, *name)).collect(),
            told: vec![
                Choice::new("head", say("校长", "Head")),
                Choice::new("office", say("安全股", "Safety office")),
            ],
            notices: vec![
                Mark::new(
                    Level::Blue,
                    say("等待中心学校复查验收，还剩 2 天。", "Waiting for acceptance, 2 days left."),
                ),
                Mark::new(
                    Level::Red,
                    say("整改已逾期，县级平台已经收到提醒。", "Overdue; the county has been told."),
                ),
            ],
            reminder: say(
                "【校安】贵校“疏散通道堆放杂物”隐患将于今天 17:30 到期，请尽快提交整改结果。",
                "[Xiaoan] The hazard “escape route blocked” is due today at 17:30. Please submit the result.",
            )
            .into(),
        }
    }
}

fn shell(prefs: &Prefs) -> Shell {
    let lang = prefs.lang;
    let say = |zh: &'static str, en: &'static str| either(lang, zh, en);
    let mut shell = Shell::public(prefs, say("组件一览", "Components"))
        .for_unit(say("师宗县丹凤小学", "Danfeng Primary School, Shizong"), NOW)
        .back_to("/");
    let today =
        NavItem { count: Some(3), ..NavItem::new("today", say("待办事项", "Work today"), "#", "today") };
    let hazards = NavItem::new("hazards", say("隐患", "Hazards"), "#", "hazard");
    let patrol = NavItem::new("patrol", say("巡查", "Patrol"), "#", "patrol");
    let me = NavItem::new("me", say("我的", "Me"), "#", "me");
    shell.nav = vec![
        today.clone(),
        hazards.clone(),
        patrol.clone(),
        NavItem::new("duties", say("安全工作", "Duties"), "#", "duty"),
        NavItem::new("units", say("单位", "Units"), "#", "units"),
        NavItem::new("reports", say("报表", "Reports"), "#", "report"),
        NavItem::new("network", say("上下级联网", "Network"), "#", "network"),
        NavItem::new("admin", say("平台管理", "Administration"), "#", "admin"),
    ];
    shell.bottom = vec![today, hazards, patrol, me];
    shell.home.clone_from(&shell.unit);
    shell.user = Some(say("李安全 · 安全专干", "Li Anquan · safety officer").into());
    shell.demo = true;
    shell.idle_seconds = Some(1_800);
    shell.flash = Some(Flash::done(say(
        "隐患已登记，编号 YH-2026-0128。下一步由安全专干定级，已通知李安全。",
        "Hazard YH-2026-0128 is registered. Next it is graded; Li Anquan has been told.",
    )));
    shell.at("hazards")
}

fn form(lang: Lang, user_text: &str) -> FormState {
    let problem = Problem::Invalid(vec![
        FieldProblem {
            field: "title",
            refusal: Refusal::new("field-too-long").with("max", 100).with("count", 128),
        },
        FieldProblem {
            field: "due",
            refusal: Refusal::new("field-date-late").with("given", "2026-12-20").with("max", "2026-12-08"),
        },
        FieldProblem { field: "category", refusal: Refusal::new("field-choose") },
    ]);
    FormState::new(lang, "sample-token")
        .label("title", either(lang, "隐患标题", "Title"))
        .label("category", either(lang, "类别", "Category"))
        .with("title", user_text)
        .with("due", "2026-12-20")
        .with("level", "larger")
        .with("told", "office")
        .with("note", user_text)
        .failed(&problem, &Sentences::default())
}

fn filter(lang: Lang) -> Filter {
    let say = |zh: &'static str, en: &'static str| either(lang, zh, en);
    Filter {
        chips: vec![
            Link::new(say("师宗县", "Shizong County"), "?a"),
            Link::new(say("较大及以上", "Larger and above"), "?b"),
            Link::new(say("已逾期", "Overdue"), "?c"),
            Link::new(say("本学期", "This term"), "?d"),
        ],
        unread: vec![Mark::new(
            Level::Yellow,
            crate::texts::filter_unread(lang, say("日期起", "From"), "2026-02-30"),
        )],
        clear: "?".into(),
        views: vec![
            Link::new(say("全部", "All"), "#").current(true),
            Link::new(say("本周到期", "Due this week"), "#").count(9),
        ],
        count: say("共 128 条", "128 rows").into(),
        exports: vec![Link::new(say("导出表格", "Export as a spreadsheet"), "#")],
    }
}

fn table(lang: Lang, user_text: &str) -> Table {
    let say = |zh: &'static str, en: &'static str| either(lang, zh, en);
    let row = |mark: (Level, &str), what: &str, place: &str, turn: &str, clock: Clock| {
        vec![
            Cell::mark(mark.0, mark.1),
            Cell::link(what, "#").more("YH-2026-0128"),
            Cell::text(place),
            Cell::text(turn),
            Cell::clock(clock),
        ]
    };
    let mut clocks = clocks(lang).into_iter().map(|clock| Clock { rule: None, ..clock });
    let mut next = || clocks.next().unwrap_or_default();
    Table {
        caption: say("隐患列表", "Hazards").into(),
        columns: vec![
            Column::new(say("等级", "Level")).sort("?sort=level", None),
            Column::new(say("隐患", "Hazard")),
            Column::new(say("地点", "Place")),
            Column::new(say("轮到谁", "Whose turn")),
            Column::new(say("时限", "Time")).sort("?sort=due", Some(true)),
        ],
        rows: vec![
            row(
                (Level::Red, say("重大隐患", "Major")),
                say("食堂燃气管道老化漏气", "Gas pipe in the canteen leaks"),
                say("食堂后厨", "Kitchen"),
                say("丹凤小学 校长", "Head, Danfeng"),
                next(),
            ),
            row((Level::Orange, say("较大隐患", "Larger")), user_text, user_text, user_text, next()),
            row(
                (Level::Yellow, say("一般隐患", "General")),
                say("操场单杠螺丝松动", "Loose bolt on a bar"),
                say("运动场", "Sports field"),
                say("总务处", "Maintenance"),
                next(),
            ),
            row(
                (Level::Done, say("已销号", "Closed")),
                say("宿舍应急灯不亮", "Emergency lamp dark"),
                say("女生宿舍 3 楼", "Dormitory, 3rd floor"),
                say("无", "Nobody"),
                next(),
            ),
        ],
    }
}

fn marks(lang: Lang) -> Vec<Mark> {
    let say = |zh: &'static str, en: &'static str| either(lang, zh, en);
    vec![
        Mark::new(Level::Red, say("重大", "Major")),
        Mark::new(Level::Orange, say("较大", "Larger")),
        Mark::new(Level::Yellow, say("一般", "General")),
        Mark::new(Level::Blue, say("提示", "Information")),
        Mark::new(Level::Done, say("按期办结", "Closed on time")),
        Mark::new(Level::Plain, say("草稿", "Draft")),
    ]
}

fn clocks(lang: Lang) -> Vec<Clock> {
    let hour = Timestamp::HOUR_MS;
    let clock =
        |from: i64, to: i64| Clock::running(lang, NOW.plus_ms(from * hour), NOW.plus_ms(to * hour), NOW);
    let rule = either(
        lang,
        "一般隐患 7 天内完成整改（系统默认，县局可改）。",
        "General hazards are rectified in 7 days (default; the county may change it).",
    );
    vec![
        clock(-200, -50).rule(rule),
        clock(-90, 10).rule(rule),
        clock(-20, 148).rule(rule),
        Clock::ended(either(lang, "按期办结", "Closed on time"), true),
    ]
}

fn facts(lang: Lang, user_text: &str) -> Vec<Fact> {
    let say = |zh: &'static str, en: &'static str| either(lang, zh, en);
    vec![
        Fact::new(say("编号", "Number"), "YH-2026-0128"),
        Fact::mark(say("等级", "Level"), Mark::new(Level::Orange, say("较大隐患", "Larger")))
            .link(Link::new(say("查看定级依据", "See why"), "#")),
        Fact::new(say("说明", "Description"), user_text),
        Fact::new(
            say("整改责任人", "Responsible"),
            say("王建国，13 名教师参与", "Wang Jianguo with 13 teachers"),
        ),
    ]
}

fn moments(lang: Lang, user_text: &str) -> Vec<Moment> {
    let say = |zh: &'static str, en: &'static str| either(lang, zh, en);
    let photo = Photo {
        src: crate::asset("mark.svg"),
        href: "#".into(),
        alt: say("现场照片", "Photo of the place").into(),
    };
    vec![
        Moment {
            level: Level::Red,
            ..Moment::new(
                "2026-12-08 09:20",
                say("整改期限已过，提醒了校长。", "The deadline passed; the head was told."),
            )
        },
        Moment {
            note: user_text.into(),
            photos: vec![photo.clone(), photo],
            ..Moment::new("2026-12-01 14:05", say("李安全定为较大隐患。", "Li Anquan graded it as larger."))
        },
        Moment {
            level: Level::Blue,
            ..Moment::new(
                "2026-12-01 07:58",
                say("门卫在巡查中登记。", "The guard registered it on his round."),
            )
        },
    ]
}

fn categories(lang: Lang) -> Vec<Choice> {
    [
        ("fire", "消防", "Fire"),
        ("building", "校舍建筑", "Buildings"),
        ("food", "食品安全", "Food"),
        ("bus", "校车", "School bus"),
        ("lab", "实验室", "Laboratory"),
        ("crowd", "拥挤踩踏", "Crowding"),
        ("boiler", "特种设备", "Boilers"),
        ("power", "用电", "Electricity"),
        ("play", "运动设施", "Play"),
        ("dorm", "宿舍", "Dormitory"),
        ("shield", "治安防范", "Security"),
        ("street", "校园周边", "Streets"),
        ("water", "防溺水", "Water"),
        ("storm", "气象灾害", "Weather"),
        ("health", "卫生防疫", "Health"),
        ("heart", "急救", "First aid"),
        ("mind", "心理", "Mind"),
        ("net", "网络", "Internet"),
        ("trip", "校外活动", "Trips"),
        ("crane", "施工", "Construction"),
        ("book", "安全教育", "Teaching"),
        ("dispute", "矛盾纠纷", "Disputes"),
        ("training", "演练培训", "Training"),
        ("other", "其他", "Other"),
    ]
    .into_iter()
    .map(|(icon, zh, en)| Choice::new(icon, either(lang, zh, en)).icon(icon))
    .collect()
}
