//! Events of the rooms that every capability stands on, as a journal may hold them: decoded for ever. Never change a
//! sample and never take one away; a new version gets a new line. Hazards and held texts have theirs in their rooms.

use journal::{Payload, StoredParts};

pub(super) const ID: &str = "01a00000-0000-7000-8000-000000000001";

/// Name, core, text, personal.
pub(super) type Sample = (&'static str, &'static str, Option<&'static str>, Option<&'static str>);

pub(super) const UNITS: &[Sample] = &[
    (
        "unit.created",
        r#"{"code":"2153000001","name":"示例小学","kind":"primary","attributes":{"pupils":420,"boarders":30,"staff":28,"classes":12,"private":false,"canteen":"own","latitude":24.8268,"longitude":103.9935,"address":"示例路1号","telephone":"0874-5750000"},"placements":[{"line":"management","parent":"ID","from":"2020-09-01"},{"line":"territory","parent":"ID","from":"2020-09-01"}]}"#,
        Some(r#"{"code_exception":"旧证书"}"#),
        None,
    ),
    ("unit.renamed", r#"{"name":"示例第一小学"}"#, None, None),
    (
        "unit.recoded",
        r#"{"code":"2153000002"}"#,
        Some(r#"{"reason":"抄错","code_exception":"证照如此"}"#),
        None,
    ),
    ("unit.rekinded", r#"{"kind":"nine_year"}"#, Some(r#"{"reason":"批复是九年一贯制"}"#), None),
    ("unit.rekinded", r#"{"kind":"nine_year","code_fits":true}"#, Some(r#"{"reason":"批复如此"}"#), None),
    (
        "unit.described",
        r#"{"attributes":{"pupils":400,"boarders":0,"staff":27,"classes":12,"private":true}}"#,
        None,
        None,
    ),
    ("unit.described", r#"{"attributes":{}}"#, None, None),
    (
        "unit.campuses_described",
        r#"{"campuses":[{"number":1,"name":"东校区","pupils":300,"boarders":20,"staff":20},{"number":2,"name":"西校区"}]}"#,
        None,
        None,
    ),
    ("unit.placed", r#"{"placement":{"line":"territory","parent":"ID","from":"2026-03-01"}}"#, None, None),
    ("unit.assigned", r#"{"to":"ID","from":"2026-03-01"}"#, None, None),
    ("unit.unassigned", r#"{"to":"ID","on":"2026-06-01"}"#, None, None),
    ("unit.closed", r#"{"on":"2026-07-31"}"#, None, None),
    ("unit.reopened", "{}", Some(r#"{"reason":"登记错了单位"}"#), None),
];

pub(super) const PEOPLE: &[Sample] = &[
    (
        "person.entered",
        r#"{"unit":"ID","posts":[{"post":"head","since":"2020-09-01"}]}"#,
        None,
        Some(r#"{"name":"张三","phone":"13900000000","identity":"530323199001010017"}"#),
    ),
    ("person.corrected", "{}", None, Some(r#"{"name":"张三"}"#)),
    ("person.moved", r#"{"unit":"ID"}"#, None, None),
    ("person.post_taken", r#"{"post":"safety_officer","since":"2026-03-01"}"#, None, None),
    ("person.post_left", r#"{"post":"safety_officer"}"#, None, None),
    ("person.left", r#"{"on":"2026-07-31"}"#, None, None),
];

pub(super) const ACCOUNTS: &[Sample] = &[
    ("account.opened", r#"{"person":"ID","home":"ID"}"#, None, Some(r#"{"login":"zhang.san"}"#)),
    ("account.rehomed", r#"{"home":"ID"}"#, None, None),
    ("account.granted", r#"{"role":"head","unit":"ID","warned":true}"#, None, None),
    ("account.revoked", r#"{"role":"head","unit":"ID"}"#, None, None),
    ("account.suspended", r#"{"reason":"left"}"#, None, None),
    ("account.resumed", "{}", None, None),
    ("account.password_set", r#"{"by_reset":true}"#, None, None),
    ("account.second_factor_set", "{}", None, None),
    ("account.second_factor_replaced", "{}", None, None),
    ("account.second_factor_cleared", "{}", None, None),
    ("account.locked", "{}", None, None),
    ("account.unlocked", "{}", None, None),
    ("account.notice_agreed", r#"{"version":1}"#, None, None),
];

pub(super) const CHANNELS: &[Sample] = &[
    (
        "channel.added",
        r#"{"unit":"ID","kind":"wecom","topics":["major","daily"],"daily_hour":8,"host":"qyapi.weixin.qq.com","tail":"9f3a","signed":true}"#,
        Some(r#"{"label":"安全群"}"#),
        None,
    ),
    (
        "channel.changed",
        r#"{"topics":["daily"],"daily_hour":7,"host":"smtp.example.cn","tail":"","readdressed":true}"#,
        Some(r#"{"label":"公务邮箱","mailboxes":["aq@example.cn"]}"#),
        None,
    ),
    ("channel.stopped", "{}", None, None),
    ("channel.resumed", "{}", None, None),
    ("channel.removed", "{}", None, None),
    ("channel.tested", "{}", None, None),
];

pub(super) const PLACES: &[Sample] = &[
    (
        "place.added",
        r#"{"unit":"ID","kind":"gate","code":"7K3QM9TX2A","outside":true,"by":"ID"}"#,
        Some(r#"{"name":"东门","spot":"传达室旁"}"#),
        None,
    ),
    (
        "place.changed",
        r#"{"kind":"gate","outside":true,"by":"ID"}"#,
        Some(r#"{"name":"东侧门","spot":"传达室旁"}"#),
        None,
    ),
    ("place.closed", r#"{"by":"ID"}"#, Some(r#"{"note":"东门封闭施工"}"#), None),
    ("place.reopened", r#"{"by":"ID"}"#, Some(r#"{"note":"施工结束"}"#), None),
    (
        "place.code_replaced",
        r#"{"code":"7K3QM9TX2A","former":"0123456789","by":"ID"}"#,
        Some(r#"{"note":"被人涂画"}"#),
        None,
    ),
    ("place.code_stopped", r#"{"code":"0123456789","by":"ID"}"#, Some(r#"{"note":"旧码贴到校外"}"#), None),
];

pub(super) const REPORTS: &[Sample] = &[
    (
        "public_report.received",
        r#"{"number":{"year":2026,"serial":1},"unit":"ID","place":"ID","township":"ID","central":"ID","county":"ID","category":"H02","telephone":true,"due":{"at":1773071999999,"rule":"public-report.answer","marks":[50,80,100]}}"#,
        Some(
            r#"{"unit":"示例小学","place":"东门","spot":"二楼东头","words":"栏杆晃动","photos":["0000000000000000000000000000000000000000000000000000000000000001"]}"#,
        ),
        None,
    ),
    (
        "public_report.taken_up",
        r#"{"hazard":"ID","hazard_number":{"year":2026,"serial":17},"forget":1775663999999,"by":"ID"}"#,
        Some(r#"{"words":"已登记为隐患"}"#),
        None,
    ),
    (
        "public_report.answered",
        r#"{"answer":"known","hazard":"ID","hazard_number":{"year":2026,"serial":17},"forget":1775663999999,"by":"ID"}"#,
        Some(r#"{"words":"已经登记，正在整改"}"#),
        None,
    ),
    ("public_report.answered", r#"{"answer":"not-found"}"#, Some(r#"{"words":"到二楼看过"}"#), None),
    (
        "public_report.sent_back",
        r#"{"due":{"at":1773071999999,"rule":"public-report.again","marks":[50,80,100]},"by":"ID"}"#,
        Some(r#"{"note":"请再看三楼"}"#),
        None,
    ),
    ("public_report.warned", r#"{"mark":50}"#, None, None),
    ("public_report.telephone_erased", "{}", None, None),
];

/// Names inside events. Whoever renames one makes old journals unreadable.
const KINDS: &str = "province city county department township police_station central_school kindergarten primary \
    teaching_point junior nine_year senior complete twelve_year vocational reform special training activity_venue \
    supplier";
const POSTS: &str = "head secretary safety_vice_head safety_officer general_affairs moral_education year_leader \
    class_teacher teacher dorm_warden food_safety cook lab_keeper school_doctor guard bus_crew fire_control psychology \
    law_vice_head county_safety county_leader liaison township_officer inspector administrator";
const ROLES: &str = "system_administrator security_administrator audit_administrator county_safety_office \
    county_leader city_supervisor province_supervisor department_liaison township_officer responsible_inspector \
    central_school head safety_officer teacher guard";

fn read<E: Payload>(samples: &[Sample], elsewhere: &[&str]) {
    for (name, core, text, personal) in samples {
        let stored = StoredParts {
            core: core.replace("ID", ID),
            text: text.map(str::to_owned),
            personal: personal.map(str::to_owned),
        };
        let event = E::decode(name, 1, &stored).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let again = event.encode().unwrap();
        let written = (&again.core, &again.text, &again.personal);
        assert_eq!(written, (&stored.core, &stored.text, &stored.personal), "{name}");
        // What was erased, or never sent here, is absent, and the event still reads.
        E::decode(name, 1, &StoredParts { text: None, personal: None, ..stored })
            .unwrap_or_else(|error| panic!("{name} without its words: {error:?}"));
    }
    for (name, version, _) in E::types() {
        assert_eq!(version, 1, "{name}: a sample of the new version");
        assert!(samples.iter().any(|(known, ..)| *known == name) || elsewhere.contains(&name), "{name}");
    }
}

#[test]
fn every_event_of_every_version_is_read() {
    read::<organisation::UnitEvent>(UNITS, &[]);
    read::<organisation::PersonEvent>(PEOPLE, &["person.guard_facts", "person.returned"]);
    read::<access::AccountEvent>(ACCOUNTS, &[]);
    read::<notify::ChannelEvent>(CHANNELS, &[]);
    read::<places::PlaceEvent>(PLACES, &[]);
    read::<public_report::PublicReportEvent>(REPORTS, &[]);
}

#[test]
fn every_name_that_was_ever_written_is_known() {
    for kind in KINDS.split_whitespace() {
        assert!(organisation::UnitKind::named(kind).is_some(), "{kind}");
    }
    for post in POSTS.split_whitespace() {
        assert!(organisation::Post::named(post).is_some(), "{post}");
    }
    for role in ROLES.split_whitespace() {
        assert!(access::Role::named(role).is_some(), "{role}");
    }
}
