//! Texts in, Rust out.

use std::fs;

use language_build::{BuildError, render};

#[cfg(test)]
fn build(zh: &str, en: &str) -> Result<String, BuildError> {
    let dir = tempfile::tempdir().unwrap();
    for (language, text) in [("zh-CN", zh), ("en", en)] {
        fs::create_dir(dir.path().join(language)).unwrap();
        fs::write(dir.path().join(language).join("demo.ftl"), text).unwrap();
    }
    render(dir.path())
}

#[cfg(test)]
fn complaint(zh: &str, en: &str) -> String {
    build(zh, en).unwrap_err().to_string()
}

#[test]
fn a_text_without_arguments_is_a_constant() {
    let code = build("a-title = 登记\"隐患\" {\"{\"}x\n", "a-title = Register\n").unwrap();
    assert!(code.contains("pub const fn a_title(lang: Lang) -> &'static str {"), "{code}");
    assert!(code.contains("Lang::ZhCn => \"登记\\\"隐患\\\" {x\","), "{code}");
    assert!(code.contains("(\"a-title\", |lang, _| Some(a_title(lang).to_owned())),"), "{code}");
    assert!(!code.contains("fn arg<"));
}

#[test]
fn arguments_are_parameters_in_the_order_of_the_first_language() {
    let code = build("x = { $unit } 共 { $count } 条\n", "x = { $count } at { $unit }\n").unwrap();
    assert!(
        code.contains(
            "pub fn x(lang: Lang, unit: impl ::std::fmt::Display, count: impl ::std::fmt::Display)"
        ),
        "{code}"
    );
    assert!(code.contains("format!(\"{} at {}\", count, unit)"), "{code}");
    assert!(code.contains("Some(x(lang, arg(args, \"unit\")?, arg(args, \"count\")?))"), "{code}");
}

#[test]
fn chinese_gets_thin_spaces() {
    let code = build("x = 共 { $count } 条 PDF 文件, a b\n", "x = { $count } PDF files\n").unwrap();
    assert!(code.contains("共\u{2009}{}\u{2009}条\u{2009}PDF\u{2009}文件, a b"), "{code}");
    assert!(code.contains("{} PDF files"), "{code}");
}

#[test]
fn plurals_and_choices() {
    let en = "x = { $count ->\n    [0] none\n    [one] { $count } row\n   *[other] { $count } rows\n }\n";
    let code = build("x = { $count } 条\n", en).unwrap();
    assert!(code.contains("match count.as_str() { \"0\" => \"none\".to_owned(), \"1\" => "), "{code}");
    assert!(code.contains("let count = count.to_string();"), "{code}");
    let by_word = "x = { $who ->\n    [school] 学校\n   *[office] 股室\n }来了\n";
    let by_word_en = "x = The { $who ->\n    [school] school\n   *[office] office\n } came\n";
    let code = build(by_word, by_word_en).unwrap();
    assert!(code.contains("\"school\" => \"学校\".to_owned()"), "{code}");
}

#[test]
fn attributes_are_texts_of_their_own() {
    let code =
        build("login = 登录\n    .hint = 用手机号\n", "login = Sign in\n    .hint = Your number\n").unwrap();
    assert!(code.contains("pub const fn login_hint"), "{code}");
    assert!(code.contains("(\"login.hint\","), "{code}");
}

#[test]
fn reserved_words_still_work() {
    let code = build("type = 类型 { $match }\n", "type = Type { $match }\n").unwrap();
    assert!(code.contains("pub fn r#type(lang: Lang, r#match: impl"), "{code}");
}

#[test]
fn a_missing_key_names_key_and_file() {
    let text = complaint("a = 甲\nb = 乙\n", "a = A\nc = C\n");
    assert!(text.contains("en/demo.ftl: `b` is missing (zh-CN/demo.ftl has it)"), "{text}");
    assert!(text.contains("zh-CN/demo.ftl: `c` is missing (en/demo.ftl has it)"), "{text}");
}

#[test]
fn other_arguments_are_refused() {
    let text = complaint("a = { $unit } 甲\n", "a = A { $name }\n");
    assert!(
        text.contains("en/demo.ftl: `a` has other arguments: $name here, $unit in zh-CN/demo.ftl"),
        "{text}"
    );
}

#[test]
fn unknown_syntax_is_refused() {
    for (zh, what) in [
        ("-brand = 校安\na = 甲\n", "terms"),
        ("a = { b }\n", "references to messages"),
        ("a = { -brand }\n", "references to terms"),
        ("a = { NUMBER($n) }\n", "functions"),
        ("a = { $n ->\n    [one] 一\n   *[other] 多\n }\n", "no plural [one]"),
        ("a = { $lang }\n", "another name"),
        ("a = 甲\na = 乙\n", "already in"),
        ("a-b = 甲\na =\n    .b = 乙\n", "same function"),
        ("a = { $n\n", "line 1"),
    ] {
        let text = complaint(zh, "a = A\n");
        assert!(text.contains(what), "{zh}: {text}");
        assert!(text.contains("zh-CN/demo.ftl"), "{text}");
    }
}

#[test]
fn a_missing_folder_is_named() {
    let dir = tempfile::tempdir().unwrap();
    assert!(render(dir.path()).unwrap_err().to_string().contains("zh-CN"));
}
