//! Cases and clarifications through their pages: who reads whose words, what a signer is told, what the paper says.

use std::sync::Arc;

use axum::http::StatusCode;
use kernel::{FixedClock, Timestamp};

use super::support::{Browser, County, NOW, Page};
use crate::platform::Founding;

const CENTRAL_WORDS: &str = "中心学校当月两次到校查看并留有记录";
const SCHOOL_WORDS: &str = "学校登记当天封闭走廊并安排专人值守";

fn posted(by: &Browser, page: &str, path: &str, fields: &[(&str, &str)]) -> Page {
    let done = by.post(page, path, fields);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{path}: {}", done.text);
    done
}

fn bare(address: &str) -> String {
    address.split('?').next().unwrap().to_owned()
}

/// A hazard of the primary school, registered and no more.
fn hazard(county: &County) -> String {
    let unit = county.units["primary"].0.to_string();
    let fields = [("category", "H02"), ("unit", &*unit), ("source", "self"), ("description", "走廊吊顶松动")];
    bare(&posted(&county.browser("safety"), "/hazards/new?category=H02", "/hazards", &fields).to)
}

fn opened(county: &County, hazard: &str) -> String {
    let id = hazard.rsplit('/').next().unwrap();
    let (school, central) = (county.units["primary"].0.to_string(), county.units["central"].0.to_string());
    let fields = [
        ("hazard", id),
        ("authority", "bureau"),
        ("consequence", "teaching"),
        ("happened_on", "2026-08-31"),
        ("what", "吊顶坠落，两个班停课半天，无人受伤"),
        ("link", "坠落部位就是登记的松动部位"),
        ("rectifying", &*school),
        ("supervising", &*central),
    ];
    let leader = county.browser("leader");
    let page = leader.get(hazard).text;
    assert!(page.contains(&format!("/accountability/new/{id}")), "the way there: {page}");
    bare(&posted(&leader, &format!("/accountability/new/{id}"), "/accountability", &fields).to)
}

fn states(county: &County, who: &str, unit: &str, case: &str, words: &str) {
    let side = county.units[unit].0.to_string();
    posted(&county.browser(who), case, &format!("{case}/state"), &[("side", &side), ("note", words)]);
}

#[test]
fn a_side_reads_its_own_words_and_its_own_finding() {
    let county = County::new();
    let hazard = hazard(&county);
    let case = opened(&county, &hazard);
    states(&county, "head", "primary", &case, SCHOOL_WORDS);
    states(&county, "central", "central", &case, CENTRAL_WORDS);
    let (head, central, office) =
        (county.browser("head"), county.browser("central"), county.browser("office"));
    let school = head.get(&case).text;
    assert!(school.contains(SCHOOL_WORDS) && !school.contains(CENTRAL_WORDS), "{school}");
    let over = central.get(&case).text;
    assert!(!over.contains(SCHOOL_WORDS) && over.contains(CENTRAL_WORDS), "{over}");
    let all = office.get(&case).text;
    assert!(all.contains(SCHOOL_WORDS) && all.contains(CENTRAL_WORDS));
    // The clock that runs stands on the page, with the rule behind it, and nobody typed it.
    assert!(
        all.contains("系统默认，县局可改") && all.contains("尚未开始") || all.contains("进行中"),
        "{all}"
    );
    let unit = county.units["primary"].0.to_string();
    let finding =
        [("side", &*unit), ("verdict", "done"), ("facts", "学校当天封闭并报告"), ("basis", "职责清单第二条")];
    posted(&office, &case, &format!("{case}/find"), &finding);
    assert!(office.get(&case).text.contains("职责清单第二条"));
    assert!(!head.get(&case).text.contains("职责清单第二条"), "a draft is the county's");
    for who in ["safety", "teacher", "guard", "neighbour", "officer", "city", "province", "audit"] {
        let page = county.browser(who).get(&case);
        assert!(
            [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&page.status),
            "{who}: {}",
            page.status
        );
    }
}

#[test]
fn a_superior_prints_papers_about_what_is_overdue_and_the_school_does_not() {
    let clock = Arc::new(FixedClock::new(NOW));
    let county = County::founded(Founding::Demonstration, clock.clone());
    let hazard = hazard(&county);
    clock.advance_ms(7 * Timestamp::DAY_MS);
    let (central, head) = (county.browser("central"), county.browser("head"));
    assert!(central.get(&hazard).text.contains("/papers/reminder\""), "offered on the record");
    assert!(!head.get(&hazard).text.contains("/papers/"), "a school writes none to itself");
    let paper = central.get(&format!("{hazard}/papers/reminder"));
    for part in [
        "关于按期整改校园安全隐患的提醒函",
        "走廊吊顶松动",
        "“定级”已于",
        "签字、盖章并填写日期后有效",
        "演示数据",
    ] {
        assert!(paper.text.contains(part), "{part}: {}", paper.text);
    }
    assert_eq!(central.get(&format!("{hazard}/papers/reminder?as=docx")).status, StatusCode::OK);
    // Nothing has climbed yet; a school gets none; there is no such paper.
    for (who, paper) in [("central", "slip"), ("head", "reminder"), ("central", "elsewhere")] {
        let answer = county.browser(who).get(&format!("{hazard}/papers/{paper}"));
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{who} {paper}");
    }
}

#[test]
fn a_signer_is_told_what_was_missed_and_the_paper_says_why() {
    let clock = Arc::new(FixedClock::new(NOW));
    let county = County::founded(Founding::Demonstration, clock.clone());
    let hazard = hazard(&county);
    let id = hazard.rsplit('/').next().unwrap();
    // Nobody graded it for a week.
    clock.advance_ms(7 * Timestamp::DAY_MS);
    let head = county.browser("head");
    let asking = [
        ("hazard", id),
        ("purpose", "claim"),
        ("recipient", "某保险公司师宗支公司"),
        ("claim", "家长索赔，称学校没有采取任何措施"),
    ];
    let page = format!("/clarifications/new/{id}");
    let clarification = bare(&posted(&head, &page, "/clarifications", &asking).to);
    let office = county.browser("office");
    let drafting = [("statement", "学校当天封闭走廊并报告，已经尽职。"), ("basis", "学校安全管理职责第一条")];
    posted(&office, &clarification, &format!("{clarification}/draft"), &drafting);
    assert!(!head.get(&clarification).text.contains("已经尽职。"), "a draft is the county's");
    let leader = county.browser("leader");
    let before = leader.get(&clarification).text;
    assert!(before.contains("有未按期完成的时限") && before.contains("定级"), "{before}");
    let sign = format!("{clarification}/answer");
    let silent = leader.post(&clarification, &sign, &[("verdict", "sign")]);
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains("签发前请写明仍认定尽职的理由"), "{}", silent.text);
    let why = "停电停网两天，已电话报告中心学校";
    posted(&leader, &clarification, &sign, &[("verdict", "sign"), ("although", why)]);
    let paper = head.get(&format!("{clarification}/paper"));
    assert_eq!(paper.status, StatusCode::OK);
    let text = language::plain(&paper.text).to_string();
    for part in ["情况澄清书", "走廊吊顶松动", "已经尽职。", why, "澄 2026-001", "留痕链校验值", "局领导"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(
        paper.text.contains("href=\"?as=docx\"") && !paper.text.contains("?as=pdf"),
        "no program sets it"
    );
    assert_eq!(head.get(&format!("{clarification}/paper?as=docx")).status, StatusCode::OK);
    for (who, file) in [("head", "pdf"), ("head", "exe"), ("neighbour", "docx")] {
        let answer = county.browser(who).get(&format!("{clarification}/paper?as={file}"));
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{who} {file}");
    }
    // What happens later does not change what was signed.
    posted(
        &county.browser("safety"),
        &hazard,
        &format!("{hazard}/grade"),
        &[("level", "general"), ("note", "局部松动")],
    );
    let article = |text: &str| {
        let (from, to) = (text.find("<article").unwrap(), text.find("</article>").unwrap());
        text[from..to].to_owned()
    };
    assert_eq!(article(&head.get(&format!("{clarification}/paper")).text), article(&paper.text));
}
