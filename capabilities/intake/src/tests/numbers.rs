//! Nobody's mobile or citizen number comes in where it lies open.

use super::{HEAD, House, ledger::noticed, told};
use crate::{Content, Options, words};

#[test]
fn a_register_brings_no_numbers_of_people() {
    let house = House::new();
    let head = HEAD.trim_end();
    let text = format!(
        "{head},地址,办公电话,校长,校长电话\n\
         月亮小学,2153000031,小学,丹凤街道,丹凤中心学校,60,0,丹凤街道1号找王校长138 1234 5678,13812345678,,\n\
         星星小学,2153000032,小学,丹凤街道,丹凤中心学校,60,0,丹凤街道2号,0874-5751234,王丽,13887400041\n"
    );
    let id = house.upload("名册.csv", text.as_bytes()).unwrap();
    let plan = house.dry(id).1;
    assert_eq!(told(&plan), Vec::<String>::new());
    assert_eq!(noticed(&plan), ["H2 intake-number-taken-out", "I2 intake-telephone-mobile"]);
    house.apply(id);
    let known = |code: &str| house.by_code(code).unwrap().attributes;
    let (open, office) = (known("2153000031"), known("2153000032"));
    assert_eq!((open.address.as_str(), open.telephone.as_str()), ("丹凤街道1号找王校长138 **** 5678", ""));
    assert_eq!(office.telephone, "0874-5751234");
    for notice in &plan.notices {
        let said = [language::Lang::ZhCn, language::Lang::En].map(|lang| words::problem(lang, notice));
        assert!(said[0] != said[1] && !said[0].starts_with("intake-"), "{said:?}");
    }
}

#[test]
fn a_name_or_a_code_with_a_number_is_none() {
    let house = House::new();
    let head = HEAD.trim_end();
    let text = format!(
        "{head},校长,代码说明\n\
         月亮小学13812345678,2153000031,小学,丹凤街道,丹凤中心学校,60,0,,\n\
         星星小学,2153000032,小学,丹凤街道,丹凤中心学校,60,0,王丽13887400041,\n\
         太阳小学,530323201501011230,小学,丹凤街道,丹凤中心学校,60,0,,证照原件如此\n"
    );
    let wrong = "intake-name-number";
    let plan = house.plan(&text);
    assert_eq!(told(&plan), [format!("A2 {wrong}"), format!("H3 {wrong}"), format!("B4 {wrong}")]);
    let said: String = plan.problems.iter().map(|one| words::problem(language::Lang::ZhCn, one)).collect();
    assert!(!said.contains("138") && !said.contains("530323"), "a number is not said again: {said}");
    for (content, heading, row) in [
        (Content::People, "学校,姓名,岗位", "丹凤第一小学,李四530323201009124567,班主任"),
        (Content::Guards, "学校名称,姓名,保安公司", "丹凤第一小学,张三13812345678,平安保安公司"),
    ] {
        let id = house.bring(content, "名单.csv", format!("{heading}\n{row}\n").as_bytes()).unwrap();
        assert_eq!(told(&house.dry(id).1), [format!("B2 {wrong}")]);
    }
    let guards = "学校名称,姓名,保安公司\n丹凤第一小学,张三,平安保安公司13812345678\n";
    let id = house.bring(Content::Guards, "保安.csv", guards.as_bytes()).unwrap();
    assert_eq!(noticed(&house.dry(id).1), ["C2 intake-number-taken-out"]);
    house.apply(id);
}

#[test]
fn what_says_nothing_excuses_no_code() {
    let house = House::new();
    let head = HEAD.trim_end();
    let row = |reason: &str| {
        format!("{head},代码说明\n月亮小学,1153000031,小学,丹凤街道,丹凤中心学校,60,0,{reason}\n")
    };
    assert_eq!(told(&house.plan(&row("证照原件如此"))), Vec::<String>::new());
    assert_eq!(told(&house.plan(&row("暂无"))), ["B2 intake-code-class"]);
    let id = house.upload("名册.csv", row("").as_bytes()).unwrap();
    house.choose(id, Options { keep_reason: "按要求".to_owned(), ..Options::default() });
    assert_eq!(told(&house.dry(id).1), ["B2 intake-code-class"]);
}
