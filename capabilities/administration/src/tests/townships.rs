//! A township entered by form.

use axum::http::StatusCode;

use super::county::{County, block};

#[test]
fn a_township_lies_in_the_county_it_is_entered_under() {
    const REASON: (&str, &str) = ("code_reason", "证照如此，已核对原件");
    let county = County::new();
    block(async {
        let system = county.cookie("system");
        let own = county.units["county"].to_string();
        let new = async |name: &str, kind: &str, code: &str, parent: (&str, &str)| {
            let fields =
                [("name", name), ("kind", kind), ("code", code), parent, ("from", "2026-09-01"), REASON];
            county.post(&system, ("/units/new", "/units/new"), &fields).await
        };
        let elsewhere = new("罗平某镇", "township", "530324101", ("parent", &own)).await;
        assert_eq!(elsewhere.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", elsewhere.body);
        assert!(elsewhere.body.contains("不属于本县"), "{}", elsewhere.body);
        let made = new("某某镇", "township", "530323199", ("parent", &own)).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        let town = made.location().split('?').next().unwrap().rsplit('/').next().unwrap().to_owned();
        // What lies in it by territory alone is the county's to see.
        let station = new("某某派出所", "police_station", "530323199001", ("township", &town)).await;
        assert_eq!(station.status, StatusCode::SEE_OTHER, "{}", station.body);
        let page = county.get(&system, station.location().split('?').next().unwrap()).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(
            county
                .get(&system, "/units?q=%E6%9F%90%E6%9F%90%E6%B4%BE%E5%87%BA%E6%89%80")
                .await
                .body
                .contains("某某派出所")
        );
    });
}
