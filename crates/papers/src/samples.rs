//! One paper of each form, as the typesetter is handed them: `golden/*.json`, which its own tests read.

use std::{fs, path::PathBuf};

use kernel::Date;
use language::Lang;
use web::view::{Cell, Column, Table};

use crate::{Body, Form, Paper, Tone};

const OFFICE: &str = "师宗县教育体育局";

fn day() -> Date {
    Date::new(2026, 9, 7).unwrap()
}

/// Four pages of text, an annex with a table, 版记, a slip.
pub(crate) fn report() -> Paper {
    let lang = Lang::ZhCn;
    let row = |nth: u32| vec![Cell::text(format!("师宗县第{nth}小学")), Cell::text((nth % 7).to_string())];
    let table = Table {
        caption: "各校（园）配备情况".to_owned(),
        columns: vec![Column::new("学校"), Column::new("缺口").number()],
        rows: (1..=60).map(row).collect(),
    };
    let body = Body::new(lang)
        .text("国".repeat(28 * 22 * 4 - 2))
        .heading("请求事项")
        .text("恳请县人民政府统筹解决。")
        .text("特此报告。");
    let receipt =
        Body::new(lang).item("送达文书", "报告").signatures(["签收时间：　　　年　　月　　日　　时"]);
    Paper::new(lang, Form::Document, OFFICE, "保安配备缺口报告")
        .numbered("师教体报[2026]12号", "保配 2026-001")
        .issued_by("任示例")
        .addressed_to("师宗县人民政府")
        .saying(body)
        .enclosing(["各校（园）配备情况"])
        .annex("各校（园）配备情况", Body::new(lang).table(&table))
        .slip("送达回执", receipt)
        .copied_to("县财政局、县公安局")
        .dated(day())
        .noting("数字截至操作留痕第 7829 号。")
}

/// 函: four pages of text, of a demonstration.
pub(crate) fn letter() -> Paper {
    Paper::new(Lang::ZhCn, Form::Letter, OFFICE, "关于师宗县丹凤第一小学校园安全隐患的抄告函")
        .numbered("", "函 2026-001")
        .addressed_to("师宗县市场监督管理局")
        .saying(Body::new(Lang::ZhCn).text("国".repeat(28 * 22 * 4 - 2)).text("专此函告。"))
        .dated(day())
        .toned(Tone::Yellow)
        .of_demonstration(true)
}

/// A sheet to be filled in, in English.
pub(crate) fn sheet() -> Paper {
    let body = Body::new(Lang::En).item("Unit checked", "Danfeng Primary School").signatures(["Signed: "]);
    Paper::new(Lang::En, Form::Sheet, "Education office", "On-site check")
        .numbered("", "2026-001")
        .saying(body)
}

#[test]
fn what_the_typesetter_is_handed_does_not_change_unseen() {
    for (name, paper) in [("report", report()), ("letter", letter()), ("sheet", sheet())] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("golden/{name}.json"));
        let now = serde_json::to_string_pretty(&paper).unwrap() + "\n";
        let before = fs::read_to_string(&path).unwrap_or_default();
        if now != before {
            fs::write(path.with_extension("json.new"), &now).unwrap();
        }
        assert_eq!(
            now, before,
            "review golden/{name}.json.new, rename it, and run the tests of apps/typeset"
        );
    }
}
