//! Every page in both languages, and every sentence.

use askama::Template;
use axum::http::{HeaderMap, Uri};
use language::Lang;
use web::{FormState, Prefs, Shell};

use super::{HEAD, House};
use crate::{
    Field, Stage, Stopped,
    pages::{ROUTE_RULES, check, progress},
    texts, words,
};

fn shell(lang: Lang) -> Shell {
    let mut prefs = Prefs::read(&axum::http::Method::GET, &HeaderMap::new(), &Uri::from_static("/intake"));
    prefs.lang = lang;
    Shell::public(&prefs, "试导入")
}

#[test]
fn the_dry_run_says_old_and_new_and_where() {
    let house = House::new();
    let text = format!(
        "{HEAD}丹凤第一小学,2153000002,小学,丹凤街道,丹凤中心学校,655,0\n甲<b>小学,2153000051,小学,月亮镇,,5,9\n乙小学,2153000052,小学,雄壁镇,,5,0\n"
    );
    let id = house.upload("名册.csv", text.as_bytes()).unwrap();
    let (batch, plan) = house.dry(id);
    for lang in [Lang::ZhCn, Lang::En] {
        let page = check::compose(shell(lang), FormState::new(lang, "t"), (&batch, &plan), None);
        assert!(!page.may_apply);
        let html = page.render().unwrap();
        for part in ["640 → 655", "D3", "G3", "乙小学"] {
            assert!(html.contains(part), "{part} is missing");
        }
        assert!(!html.contains("<b>小学") && !html.contains("name=\"seen\""));
    }
}

#[test]
fn progress_asks_again_only_while_it_runs() {
    let house = House::new();
    let id =
        house.upload("名册.csv", format!("{HEAD}乙小学,2153000052,小学,雄壁镇,,5,0\n").as_bytes()).unwrap();
    let (mut batch, _) = house.dry(id);
    for lang in [Lang::ZhCn, Lang::En] {
        for (stage, running) in
            [(Stage::Applying, true), (Stage::Applying, false), (Stage::Done, false), (Stage::Stopped, false)]
        {
            batch.stage = stage;
            let page = progress::assembled(shell(lang), FormState::new(lang, "t"), &batch, running, None);
            let html = page.render().unwrap();
            assert_eq!(html.contains("http-equiv=\"refresh\""), running);
            assert_eq!(html.contains("/apply\""), stage == Stage::Applying && !running);
        }
    }
}

#[test]
fn every_code_has_a_sentence_and_every_field_a_name() {
    let sources = [
        include_str!("../row.rs"),
        include_str!("../planner.rs"),
        include_str!("../import.rs"),
        include_str!("../pages/upload.rs"),
        include_str!("../pages/photos.rs"),
        include_str!("../cells.rs"),
        include_str!("../guards.rs"),
        include_str!("../staff.rs"),
        include_str!("../photos.rs"),
        include_str!("../ledger/plan.rs"),
        include_str!("../ledger/read.rs"),
    ];
    let mut codes: Vec<&str> = documents::CODES.to_vec();
    for source in sources {
        codes.extend(source.split('"').filter(|text| text.starts_with("intake-") && !text.contains(' ')));
    }
    assert!(codes.len() > 40);
    for lang in [Lang::ZhCn, Lang::En] {
        for code in &codes {
            let args = [
                "value", "row", "most", "count", "field", "kind", "kinds", "known", "boarders", "pupils",
                "code", "sheet", "cell", "found", "name", "unit", "line", "post", "level",
            ]
            .map(|name| (name, "7".to_owned()));
            assert!(
                words::sentence(lang, &format!("problem-{code}"), &args).is_some(),
                "{code} has no sentence"
            );
        }
        for field in Field::ALL {
            assert_ne!(words::field(lang, *field), field.name());
            assert!(
                texts::lookup(lang, &format!("intake-note-{}", field.name()), &[]).is_some(),
                "{field:?}"
            );
        }
        let stopped =
            Stopped { row: 3, column: None, name: "甲".into(), code: "forbidden".into(), args: Vec::new() };
        let sentences = web::Sentences::new([texts::lookup as web::Lookup]);
        assert!(!words::stopped(lang, &sentences, &stopped).contains("forbidden"));
    }
}

#[test]
fn only_who_may_import_comes_here() {
    assert_eq!(ROUTE_RULES.len(), 10);
    assert!(ROUTE_RULES.iter().all(|rule| rule.permissions == ["intake.run"] && !rule.public));
}
