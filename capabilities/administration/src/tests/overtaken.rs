//! Forms of a unit that somebody else was faster than.

use axum::http::StatusCode;
use organisation::{Line, unit_state};

use super::county::{County, block};

#[test]
fn a_form_made_before_a_move_is_told_the_move_and_comes_back() {
    let county = County::new();
    block(async {
        let (system, office) = (county.cookie("system"), county.cookie("office"));
        let form = county.unit_path("b", "/move");
        let action = |page: &str| {
            let action = page.split("action=\"").find(|part| part.contains("/move?version=")).unwrap();
            action.split('"').next().unwrap().to_owned()
        };
        let before = action(&county.get(&office, &form).await.body);
        let to = |unit: &str| county.units[unit].to_string();
        let (first, second) = (to("town_2"), to("county"));
        let moved = [("line", "territory"), ("parent", first.as_str()), ("from", "2026-10-01")];
        let done = county.post(&system, (&form, &before), &moved).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        let mine = [("line", "territory"), ("parent", second.as_str()), ("from", "2026-10-08")];
        let stale = county.post(&office, (&form, &before), &mine).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "{}", stale.body);
        let told = stale.body.split("role=\"alert\"").nth(1).unwrap().split("</ul>").next().unwrap();
        for words in ["陈系统", "雄壁镇", "2026年10月1日", "2026-10-12 09:00"] {
            assert!(told.contains(words), "{words}: {told}");
        }
        assert_eq!(told.matches("<li>").count(), 1, "only what is new: {told}");
        let typed = stale.body.split("value=\"2026-10-08\"").count();
        assert_eq!(typed, 2, "what was typed is there: {}", stale.body);
        let unit = county.units["b"];
        let above = |parent: &str| {
            let state = county.read(move |tx| unit_state(tx, unit).unwrap().unwrap().0);
            assert_eq!(state.parent(Line::Territory), Some(county.units[parent]));
        };
        above("town_2");
        // Whoever still wants it after reading that sends the form that came back.
        let again = action(&stale.body);
        assert!(again > before, "{again} {before}");
        let done = county.post(&office, (&form, &again), &mine).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
        above("county");
    });
}

#[test]
fn a_form_of_a_unit_that_was_closed_meanwhile_is_over() {
    let county = County::new();
    block(async {
        let (system, office) = (county.cookie("system"), county.cookie("office"));
        let parent = county.units["county"].to_string();
        let new = [("name", "误设小学"), ("kind", "primary"), ("code", "2153000099")];
        let fields: Vec<(&str, &str)> =
            new.into_iter().chain([("parent", parent.as_str()), ("from", "2026-09-01")]).collect();
        let made = county.post(&system, ("/units/new", "/units/new"), &fields).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        let unit = made.location().split('?').next().unwrap().to_owned();
        let (rename, close) = (format!("{unit}/rename"), format!("{unit}/close"));
        let page = county.get(&office, &rename).await.body;
        let action = page.split("action=\"").find(|part| part.contains("/rename?version=")).unwrap();
        let action = action.split('"').next().unwrap().to_owned();
        let closed = county.post(&system, (&close, &close), &[("on", "2026-10-12"), ("sure", "true")]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.body);
        let over = county.post(&office, ("/me", &action), &[("name", "新名小学")]).await;
        assert_eq!(over.status, StatusCode::CONFLICT, "{}", over.body);
        assert!(over.body.contains("陈系统") && over.body.contains("停办"), "{}", over.body);
        assert!(over.body.contains("这一步现在不能办了"), "{}", over.body);
        assert!(!over.body.contains("/rename?version="), "no form is left: {}", over.body);
    });
}
