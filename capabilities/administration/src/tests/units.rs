//! Units and people by form.

use axum::http::StatusCode;
use organisation::{Line, unit_by_code, unit_state};

use super::county::{County, block};

#[test]
fn a_move_keeps_the_history() {
    let county = County::new();
    block(async {
        let cookie = county.cookie("system");
        let form = county.unit_path("b", "/move");
        let town = county.units["town_2"].to_string();
        let page = county.get(&cookie, &form).await;
        let action = page.body.split("action=\"").find(|part| part.contains("/move?version=")).unwrap();
        let action = action.split('"').next().unwrap().to_owned();
        let fields = [("line", "territory"), ("parent", town.as_str()), ("from", "2026-10-01")];
        let early = [("line", "territory"), ("parent", town.as_str()), ("from", "2025-01-01")];
        let refused = county.post(&cookie, (&form, &action), &early).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("2025-09-01") && refused.body.contains("id=\"from-error\""));
        let moved = county.post(&cookie, (&form, &action), &fields).await;
        assert_eq!(moved.status, StatusCode::SEE_OTHER, "{}", moved.body);
        let unit = county.units["b"];
        let state = county.read(move |tx| unit_state(tx, unit).unwrap().unwrap().0);
        assert_eq!(state.parent(Line::Territory), Some(county.units["town_2"]));
        assert_eq!(state.placements.iter().filter(|p| p.line == Line::Territory).count(), 2);
        let page = county.get(&cookie, &county.unit_path("b", "")).await;
        for words in ["雄壁镇", "丹凤街道", "2026年10月1日", "陈系统"] {
            assert!(page.body.contains(words), "{words}");
        }
    });
}

#[test]
fn a_code_that_fails_its_check_needs_a_reason() {
    let county = County::new();
    block(async {
        let cookie = county.cookie("system");
        let parent = county.units["county"].to_string();
        let mut fields = vec![
            ("name", "雄壁中学"),
            ("kind", "junior"),
            ("code", "12530323999900012C"),
            ("parent", parent.as_str()),
            ("from", "2026-09-01"),
        ];
        let refused = county.post(&cookie, ("/units/new", "/units/new"), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("id=\"code-error\"") && refused.body.contains("雄壁中学"));
        fields.push(("code_reason", "证照如此，已核对原件"));
        let saved = county.post(&cookie, ("/units/new", "/units/new"), &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let page = county.get(&cookie, saved.location()).await;
        assert!(page.body.contains("证照如此，已核对原件") && page.body.contains("校验位不符"));
        assert!(county.read(|tx| unit_by_code(tx, "12530323999900012C").unwrap().is_some()));
    });
}

#[test]
fn a_teaching_point_without_a_code_is_given_one() {
    let county = County::new();
    block(async {
        let cookie = county.cookie("system");
        let parent = county.units["central"].to_string();
        let new = |name, kind| {
            [
                ("name", name),
                ("kind", kind),
                ("code", ""),
                ("parent", parent.as_str()),
                ("from", "2026-09-01"),
            ]
        };
        let refused = county.post(&cookie, ("/units/new", "/units/new"), &new("竹基小学", "primary")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("id=\"code-error\""), "{}", refused.body);
        assert!(refused.body.contains("教学点没有代码的留空"), "{}", refused.body);
        for (name, serial) in [("山背后教学点", 1), ("水头教学点", 2)] {
            let saved =
                county.post(&cookie, ("/units/new", "/units/new"), &new(name, "teaching_point")).await;
            assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
            let code = organisation::identifiers::local_code("530323", serial);
            let known = county.read(move |tx| unit_by_code(tx, &code).unwrap());
            assert_eq!(known.map(|unit| unit.name).as_deref(), Some(name));
        }
    });
}

#[test]
fn facts_and_names_take_no_number_of_a_person() {
    let county = County::new();
    block(async {
        let cookie = county.cookie("system");
        let facts = county.unit_path("a", "/describe");
        let sent = county.post(&cookie, (&facts, &facts), &[("telephone", "13812345678")]).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(sent.body.contains("id=\"telephone-error\""), "{}", sent.body);
        let sent = county.post(&cookie, (&facts, &facts), &[("address", "找 138-1234-5678")]).await;
        assert!(sent.body.contains("id=\"address-error\""), "{}", sent.body);
    });
}

#[test]
fn a_wrong_code_is_corrected_with_a_reason() {
    let county = County::new();
    block(async {
        let cookie = county.cookie("system");
        let (form, page) = (county.unit_path("a", "/recode"), county.unit_path("a", ""));
        let shown = county.get(&cookie, &page).await;
        assert!(shown.body.contains("更正代码"));
        let shown = county.get(&cookie, &form).await;
        assert!(shown.body.contains("value=\"2153000002\""), "{}", shown.body);
        for (field, code, reason) in [
            ("code", "2153000003", "录错"),
            ("code", "12530323999900012C", "录错"),
            ("reason", "2153000009", ""),
        ] {
            let refused = county.post(&cookie, (&form, &form), &[("code", code), ("reason", reason)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}");
            assert!(refused.body.contains(&format!("id=\"{field}-error\"")), "{code}");
        }
        let fields = [("code", "2153000009"), ("reason", "录入时错了一位")];
        // A head describes his school; its code is not his to correct.
        let head = county.cookie("head_a");
        assert_eq!(county.get(&head, &form).await.status, StatusCode::FORBIDDEN);
        assert_eq!(county.post(&head, (&page, &form), &fields).await.status, StatusCode::FORBIDDEN);
        assert!(!county.get(&head, &page).await.body.contains("更正代码"));
        let saved = county.post(&cookie, (&form, &form), &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let shown = county.get(&cookie, &page).await;
        for words in ["将代码更正为", "2153000002", "2153000009", "录入时错了一位"] {
            assert!(shown.body.contains(words), "{words}: {}", shown.body);
        }
        let found = county.read(|tx| unit_by_code(tx, "2153000009").unwrap());
        assert_eq!(found.map(|unit| unit.id), Some(county.units["a"]));
        let audit = county.cookie("audit");
        assert!(county.get(&audit, "/audit").await.body.contains("将单位代码更正为"));
    });
}

#[test]
fn assignments_are_added_beside_each_other_and_ended_alone() {
    let county = County::new();
    block(async {
        let cookie = county.cookie("system");
        let parent = county.units["county"].to_string();
        let new =
            [("kind", "department"), ("parent", ""), ("township", parent.as_str()), ("from", "2026-01-01")];
        for (name, code) in [("消防救援大队", "530323901"), ("市场监督管理局", "530323902")] {
            let fields: Vec<(&str, &str)> = new.into_iter().chain([("name", name), ("code", code)]).collect();
            let saved = county.post(&cookie, ("/units/new", "/units/new"), &fields).await;
            assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        }
        let found = |code: &'static str| county.read(move |tx| unit_by_code(tx, code).unwrap()).unwrap().id;
        let (fire, market) = (found("530323901").to_string(), found("530323902").to_string());
        let (page, form) = (county.unit_path("a", ""), county.unit_path("a", "/assign"));
        assert!(county.get(&cookie, &page).await.body.contains("现在没有对口联系"));
        for to in [&fire, &market] {
            let fields = [("to", to.as_str()), ("from", "2026-03-01")];
            let saved = county.post(&cookie, (&form, &form), &fields).await;
            assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        }
        let again = county.post(&cookie, (&form, &form), &[("to", &fire), ("from", "2026-03-01")]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("id=\"to-error\""), "{}", again.body);
        let end = county.unit_path("a", "/unassign");
        let asked = county.get(&cookie, &end).await.body;
        assert!(asked.contains("消防救援大队") && asked.contains("市场监督管理局"), "{asked}");
        let early = county.post(&cookie, (&end, &end), &[("to", &fire), ("on", "2026-02-01")]).await;
        assert!(early.body.contains("id=\"on-error\""), "{}", early.body);
        let saved = county.post(&cookie, (&end, &end), &[("to", &fire), ("on", "2026-06-01")]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let shown = county.get(&cookie, &page).await.body;
        for words in ["由消防救援大队联系", "由市场监督管理局联系", "登记结束对口联系：消防救援大队"]
        {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        let head = county.cookie("head_a");
        assert_eq!(county.get(&head, &form).await.status, StatusCode::FORBIDDEN);
        let audit = county.get(&county.cookie("audit"), "/audit").await.body;
        assert!(audit.contains("结束对口联系：消防救援大队"), "{audit}");
    });
}

#[test]
fn a_wrong_kind_and_a_mistaken_closing_are_put_right() {
    let county = County::new();
    block(async {
        let cookie = county.cookie("system");
        let (page, form) = (county.unit_path("a", ""), county.unit_path("a", "/rekind"));
        // Teachers and heads work there.
        let fields = [("kind", "supplier"), ("reason", "选错")];
        let refused = county.post(&cookie, (&form, &form), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.body.contains("id=\"kind-error\"") && refused.body.contains("供应商"),
            "{}",
            refused.body
        );
        let fields = [("kind", "nine_year"), ("reason", "批复是九年一贯制")];
        assert_eq!(county.post(&cookie, (&form, &form), &fields).await.status, StatusCode::SEE_OTHER);
        let shown = county.get(&cookie, &page).await.body;
        for words in ["小学 → 九年一贯制学校", "批复是九年一贯制"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        let (page, close, reopen) = (
            county.unit_path("town_2", ""),
            county.unit_path("town_2", "/close"),
            county.unit_path("town_2", "/reopen"),
        );
        assert!(!county.get(&cookie, &reopen).await.body.contains("name=\"reason\""), "it works");
        let saved = county.post(&cookie, (&close, &close), &[("on", "2026-10-12"), ("sure", "1")]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        assert!(county.get(&cookie, &page).await.body.contains("撤销停办"));
        let refused = county.post(&cookie, (&reopen, &reopen), &[("reason", " ")]).await;
        assert!(refused.body.contains("id=\"reason-error\""), "{}", refused.body);
        let saved = county.post(&cookie, (&reopen, &reopen), &[("reason", "登记错了单位")]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let shown = county.get(&cookie, &page).await.body;
        assert!(shown.contains("登记错了单位") && shown.contains("更名"), "{shown}");
    });
}

#[test]
fn facts_are_described_and_closing_waits_for_people() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        let (form, back) = (county.unit_path("a", "/describe"), county.unit_path("a", ""));
        let wrong =
            [("pupils", "10"), ("boarders", "20"), ("staff", "3"), ("classes", "1"), ("private", "0")];
        let refused = county.post(&head, (&form, &form), &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("id=\"boarders-error\""));
        let right =
            [("pupils", "640"), ("boarders", "20"), ("staff", "42"), ("classes", "14"), ("private", "0")];
        assert_eq!(county.post(&head, (&form, &form), &right).await.status, StatusCode::SEE_OTHER);
        let page = county.get(&head, &back).await;
        assert!(page.body.contains("620 → 640"), "{}", page.body);
        // What nobody entered is not nothing, and nothing is not what nobody entered.
        let nothing =
            [("pupils", "0"), ("boarders", ""), ("staff", ""), ("classes", "14"), ("private", "unsaid")];
        assert_eq!(county.post(&head, (&form, &form), &nothing).await.status, StatusCode::SEE_OTHER);
        let id = county.units["a"];
        let facts = county.read(move |tx| unit_state(tx, id).unwrap()).unwrap().0.attributes;
        assert_eq!(
            (facts.pupils, facts.boarders, facts.staff, facts.classes, facts.private),
            (Some(0), None, None, Some(14), None)
        );
        let page = county.get(&head, &back).await.body;
        for said in ["640 → 0", "42 → 空", "公办 → 空"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        let list = county.get(&county.cookie("office"), "/units/export").await.body;
        assert!(list.lines().any(|line| line.contains("2153000002") && line.contains(",0,,,")), "{list}");
        let system = county.cookie("system");
        let form = county.unit_path("a", "/close");
        let fields = [("on", "2026-10-12"), ("sure", "1")];
        let page = county.get(&system, &form).await.body;
        assert!(page.contains("名在册人员") && !page.contains("name=\"sure\""), "nothing to press: {page}");
        let refused = county.post(&system, (&back, &form), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("名在册人员"), "{}", refused.body);
    });
}

#[test]
fn a_telephone_is_shown_after_its_log_row_was_written() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        let (page, act) = (county.person_path("guard_a", ""), county.person_path("guard_a", "/phone"));
        let masked = county.get(&head, &page).await;
        assert!(masked.body.contains("138****5678") && !masked.body.contains("13812345678"));
        let without = county.post(&head, (&page, &act), &[("why", "")]).await;
        assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!without.body.contains("13812345678"));
        let shown = county.post(&head, (&page, &act), &[("why", "联系值班")]).await;
        assert!(shown.status == StatusCode::OK && shown.body.contains("13812345678"));
        let rows = county.read(|tx| access::reads_after(tx, 0, 10).unwrap());
        assert_eq!(rows.len(), 1);
        let read = &rows[0].1;
        assert_eq!(
            (read.account, read.subject),
            (county.accounts["head_a"], county.people["guard_a"].into())
        );
        assert_eq!((read.what.as_str(), read.why.as_str()), ("person.contact", "联系值班"));
        // The system administrator manages people but may not see their telephones.
        let system = county.cookie("system");
        let seen = county.get(&system, &page).await;
        assert!(!seen.body.contains("id=\"phone\""));
        assert_eq!(county.post(&system, (&page, &act), &[("why", "x")]).await.status, StatusCode::FORBIDDEN);
        let audit = county.cookie("audit");
        let log = county.get(&audit, "/audit/reads").await;
        assert!(
            log.body.contains("联系值班") && log.body.contains("李校长") && log.body.contains("notice done")
        );
        assert!(log.body.contains("张大山"), "whose telephone it was: {}", log.body);
        let csv = county.get(&audit, "/audit/reads/export").await.body;
        assert!(csv.contains("涉及谁") && csv.contains("张大山"), "{csv}");
    });
}

#[test]
fn a_guard_is_shown_as_a_guard_and_the_number_with_the_telephone() {
    let county = County::new();
    let page = county.person_path("guard_a", "");
    block(async {
        let unknown = county.get(&county.cookie("head_a"), &page).await;
        assert!(unknown.body.contains("还没有登记"), "{}", unknown.body);
    });
    let record = organisation::GuardRecord {
        facts: organisation::GuardFacts {
            certified: true,
            full_time: false,
            employer: organisation::Employer::Company,
            since: kernel::Date::new(2024, 9, 1).ok(),
            ..organisation::GuardFacts::default()
        },
        text: organisation::GuardText {
            company: "平安保安服务公司".to_owned(),
            ..organisation::GuardText::default()
        },
        papers: organisation::GuardPapers { certificate: "530320240001".to_owned(), born: None },
    };
    let guard = county.people["guard_a"];
    county.ask::<organisation::Person>(
        kernel::Actor::SYSTEM,
        guard,
        organisation::PersonCommand::Guard(Box::new(record)),
    );
    block(async {
        let head = county.cookie("head_a");
        let seen = county.get(&head, &page).await.body;
        assert!(seen.contains("兼职（不计入") && seen.contains("平安保安服务公司派驻"), "{seen}");
        assert!(seen.contains("2024") && seen.contains("持证") && !seen.contains("530320240001"));
        let act = county.person_path("guard_a", "/phone");
        let shown = county.post(&head, (&page, &act), &[("why", "核对证件")]).await;
        assert!(shown.body.contains("530320240001"));
        let nobody = county.get(&head, &county.person_path("head_a", "")).await;
        assert!(!nobody.body.contains("保安情况"));
    });
}

#[test]
fn people_are_entered_and_identity_is_only_for_guards() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        let form = county.unit_path("a", "/people/new");
        let fields = [("name", "孙老师"), ("phone", "138"), ("posts", "teacher")];
        let refused = county.post(&head, (&form, &form), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("id=\"phone-error\"") && refused.body.contains("孙老师"));
        let fields = [("name", "孙老师"), ("posts", "teacher"), ("identity", "530323201501011230")];
        let refused = county.post(&head, (&form, &form), &fields).await;
        assert!(refused.body.contains("person-identity") || refused.body.contains("只有保安需要身份证号"));
        let guard = county.unit_path("a", "/people/new?post=guard");
        let fields = [("name", "马保安"), ("identity", "530323201501011230")];
        let saved = county.post(&head, (&guard, &guard), &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let page = county.get(&head, saved.location()).await;
        assert!(page.body.contains("530323********1230") && page.body.contains("马保安"));
        let posts = format!("{}/posts", saved.location());
        let taken = county.post(&head, (saved.location(), &posts), &[("take", "fire_control")]).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER);
        let leave = format!("{}/leave", saved.location());
        assert_eq!(
            county.post(&head, (&leave, &leave), &[("on", "2026-10-12")]).await.status,
            StatusCode::SEE_OTHER
        );
        let back = format!("{}/return", saved.location());
        assert!(county.get(&head, saved.location()).await.body.contains(&back));
        let done = county.post(&head, (&back, &back), &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        assert!(county.get(&head, saved.location()).await.body.contains(&leave));
    });
}

#[test]
fn who_is_entered_again_is_asked_about() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        let form = county.unit_path("a", "/people/new");
        let enter = async |name: &'static str, phone: &'static str, more: &[(&'static str, &'static str)]| {
            let fields = [&[("name", name), ("phone", phone), ("posts", "teacher")], more].concat();
            county.post(&head, (&form, &form), &fields).await
        };
        assert_eq!(enter("孙老师", "13800138000", &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(enter("孙老师", "13800138001", &[]).await.status, StatusCode::SEE_OTHER, "another phone");
        for phone in ["13800138000", ""] {
            let asked = enter("孙老师", phone, &[]).await;
            assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(asked.body.contains("id=\"another-error\""), "{}", asked.body);
        }
        for name in ["孙 老师", "　孙　老 师"] {
            let asked = enter(name, "13800138000", &[]).await;
            assert!(asked.body.contains("id=\"another-error\""), "{name}: {}", asked.body);
        }
        let another = enter("孙　老师", "13800138000", &[("another", "1")]).await;
        assert_eq!(another.status, StatusCode::SEE_OTHER, "{}", another.body);
        let elsewhere = county.unit_path("b", "/people/new");
        let fields = [("name", "孙老师"), ("phone", "13800138000"), ("posts", "teacher")];
        let saved = county.post(&county.cookie("head_b"), (&elsewhere, &elsewhere), &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "who serves two schools is entered at both");
        let page = county.get(&head, &county.unit_path("a", "")).await;
        assert!(!page.body.contains("孙　老师") && page.body.matches("孙老师").count() >= 3, "{}", page.body);
    });
}

#[test]
fn a_post_has_to_fit_the_kind_of_unit() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        let page = county.person_path("free_a", "");
        let shown = county.get(&head, &page).await.body;
        assert!(shown.contains("value=\"safety_officer\"") && !shown.contains("value=\"county_safety\""));
        let act = county.person_path("free_a", "/posts");
        let refused = county.post(&head, (&page, &act), &[("take", "county_safety")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
        assert!(
            refused.body.contains("id=\"take-error\"") && refused.body.contains("小学没有“县安全股”这个岗位")
        );
        let form = county.unit_path("a", "/people/new");
        assert!(!county.get(&head, &form).await.body.contains("value=\"county_leader\""));
        let fields = [("name", "孙老师"), ("posts", "county_leader")];
        let refused = county.post(&head, (&form, &form), &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("id=\"posts-error\""), "{}", refused.body);
        let office = county.cookie("office");
        let shown = county.get(&office, &county.unit_path("county", "/people/new")).await.body;
        assert!(shown.contains("value=\"county_safety\"") && !shown.contains("value=\"class_teacher\""));
    });
}

#[test]
fn a_new_unit_without_a_superior_is_told_so_on_the_field() {
    let county = County::new();
    block(async {
        let system = county.cookie("system");
        for kind in ["junior", "department", "county"] {
            let fields =
                [("name", "雄壁中学"), ("kind", kind), ("code", "2153000077"), ("from", "2026-09-01")];
            let refused = county.post(&system, ("/units/new", "/units/new"), &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{kind}: {}", refused.body);
            assert!(refused.body.contains("id=\"parent-error\"") && refused.body.contains("请选择上级单位"));
        }
    });
}

#[test]
fn what_nobody_sees_is_no_name_and_wide_digits_are_digits() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        let form = county.unit_path("a", "/people/new");
        let nobody = county.post(&head, (&form, &form), &[("name", "\u{200b}\u{2060}")]).await;
        assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nobody.body.contains("id=\"name-error\""), "{}", nobody.body);
        let fields =
            [("name", "孙\u{200b}老师\u{202e}"), ("phone", "１３８１２３４５６７８"), ("posts", "teacher")];
        let saved = county.post(&head, (&form, &form), &fields).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.body);
        let page = county.get(&head, saved.location()).await.body;
        assert!(page.contains("孙老师") && page.contains("138****5678"), "{page}");
    });
    // Whatever way a command comes, the same.
    let contact = organisation::Contact { name: "\u{feff}\u{200b}".to_owned(), ..Default::default() };
    let enter = organisation::PersonCommand::Enter { unit: county.units["a"], contact, posts: Vec::new() };
    let id: kernel::PersonId = county.new_id();
    let work = journal::UnitOfWork::new(kernel::Actor::SYSTEM, county.new_id());
    let work = work.ask::<organisation::Person>(id, enter);
    let refused = county.handle.execute_blocking(journal::WorkLane::Interactive, work).unwrap_err();
    assert!(format!("{refused:?}").contains("person-name-missing"), "{refused:?}");
}

#[test]
fn a_field_that_is_sometimes_needed_is_not_called_optional() {
    let county = County::new();
    block(async {
        let page = county.get(&county.cookie("system"), "/units/new").await.body;
        let label = |name: &str| {
            let start = page.find(&format!("<label for=\"{name}\">")).unwrap();
            page[start..].split("</label>").next().unwrap().to_owned()
        };
        for name in ["parent", "code_reason"] {
            assert!(!label(name).contains("选填"), "{name}: {}", label(name));
        }
        assert!(label("township").contains("选填"));
    });
}
