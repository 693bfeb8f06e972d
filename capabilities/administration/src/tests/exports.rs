//! Lists as files: the same rows, for the same people, and a trace of who took names out.

use std::sync::Arc;

use access::Viewer;
use axum::http::{StatusCode, header};
use documents::Cell;
use exports::{Exporter, Wanted};
use kernel::{Actor, Clock, FixedClock};
use language::Lang;
use organisation::{Contact, Person, PersonCommand, Post};
use storage::Tx;
use test_support::both_databases;

use super::county::{Answer, County, START, block};
use crate::{AccountsExport, AuditExport, PeopleExport, ReadsExport, SentExport};

/// The first cells of a CSV's rows, the heading left out.
fn firsts(csv: &Answer) -> Vec<&str> {
    assert_eq!(csv.status, StatusCode::OK, "{}", csv.body);
    csv.body.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect()
}

fn kind(answer: &Answer) -> &str {
    answer.headers[header::CONTENT_TYPE].to_str().unwrap()
}

#[test]
fn every_list_leaves_as_csv_and_as_a_workbook() {
    let county = County::new();
    block(async {
        let people = county.unit_path("a", "/people/export");
        for (login, page, path) in [
            ("system", "/accounts", "/accounts/export"),
            ("audit", "/audit", "/audit/export"),
            ("audit", "/audit/reads", "/audit/reads/export"),
            ("audit", "/audit/sign-ins", "/audit/sign-ins/export"),
            ("office", "/units", "/units/export"),
            ("office", &county.unit_path("a", ""), &people),
            ("office", "/sent", "/sent/export"),
        ] {
            let cookie = county.cookie(login);
            let shown = county.get(&cookie, page).await.body;
            assert!(shown.contains(&format!("href=\"{path}\"")), "{path} as CSV: {shown}");
            assert!(shown.contains(&format!("href=\"{path}?format=xlsx\"")), "{path} as a workbook");
            let csv = county.get(&cookie, path).await;
            assert_eq!((csv.status, kind(&csv)), (StatusCode::OK, "text/csv; charset=utf-8"), "{path}");
            let named = csv.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
            assert!(named.contains(".csv\"; filename*=UTF-8''%") && named.ends_with(".csv"), "{named}");
            let workbook = county.get(&cookie, &format!("{path}?format=xlsx")).await;
            assert!(kind(&workbook).ends_with("spreadsheetml.sheet") && workbook.body.starts_with("PK"));
        }
    });
}

#[test]
fn a_file_has_what_the_list_shows_and_no_more() {
    let county = County::new();
    block(async {
        let system = county.cookie("system");
        let all = county.get(&system, "/accounts/export").await;
        assert_eq!(firsts(&all), ["audit", "guard_a", "head_a", "head_b", "office", "security", "system"]);
        assert!(all.body.contains("李校长") && all.body.contains("校长、书记"), "{}", all.body);
        let heads = county.get(&system, "/accounts/export?role=head&after=head_a").await;
        assert_eq!(firsts(&heads), ["head_a", "head_b"], "the filter is kept, the page is not");
        let head = county.cookie("head_a");
        assert_eq!(firsts(&county.get(&head, "/accounts/export").await), ["guard_a", "head_a"]);
        let foreign = format!("/accounts/export?unit={}", county.units["b"].0.simple());
        assert_eq!(county.get(&head, &foreign).await.status, StatusCode::NOT_FOUND);
        let own = county.get(&head, &county.unit_path("a", "/people/export")).await;
        assert_eq!(firsts(&own).len(), 3, "{}", own.body);
        assert!(own.body.contains("138****5678") && !own.body.contains("13812345678"));
        let other = county.get(&head, &county.unit_path("b", "/people/export")).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND);
        // Who keeps people in order takes no lists of them out.
        let kept = county.get(&system, &county.unit_path("a", "/people/export")).await;
        assert_eq!(kept.status, StatusCode::FORBIDDEN);
        assert!(!county.get(&system, &county.unit_path("a", "")).await.body.contains("/people/export"));
        assert_eq!(county.get(&head, "/audit/reads/export").await.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn names_that_leave_are_in_the_log_of_reads() {
    let county = County::new();
    block(async {
        let head = county.cookie("head_a");
        county.get(&head, &county.unit_path("a", "/people/export?format=xlsx")).await;
        let reads = county.read(|tx| access::reads_after(tx, 0, 10).unwrap());
        let (_, read) = &reads[0];
        assert_eq!((read.account, read.unit), (county.accounts["head_a"], county.units["a"]));
        assert_eq!(read.what, "person.export");
        assert!(read.why.contains("/people/export?format=xlsx · "), "{}", read.why);
        county.get(&county.cookie("system"), "/accounts/export?role=head").await;
        let audit = county.cookie("audit");
        let log = county.get(&audit, "/audit/reads/export").await;
        assert_eq!(firsts(&log), ["3", "2", "1"]);
        for words in ["导出人员名单", "导出账号名单", "校长、书记"] {
            assert!(log.body.contains(words), "{words}: {}", log.body);
        }
        assert!(!log.body.contains("role="), "the filter is told in words: {}", log.body);
    });
}

#[test]
fn a_name_that_looks_like_a_formula_is_disarmed() {
    let county = County::new();
    let contact = Contact { name: "=1+1".to_owned(), phone: String::new(), identity: String::new() };
    let enter = PersonCommand::Enter { unit: county.units["a"], contact, posts: vec![Post::ClassTeacher] };
    county.ask::<Person>(Actor::SYSTEM, county.new_id::<kernel::PersonId>(), enter);
    block(async {
        let csv = county.get(&county.cookie("head_a"), &county.unit_path("a", "/people/export")).await;
        assert!(csv.body.contains("'=1+1"), "{}", csv.body);
    });
}

/// All rows of a list, some at a time.
fn rows(tx: &mut Tx, list: &dyn Exporter, viewer: &Viewer, filter: &str, most: usize) -> Vec<Vec<Cell>> {
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let wanted = Wanted { filter, lang: Lang::ZhCn, now: START, after: after.as_deref(), most };
        let part = list.part(tx, viewer, wanted).unwrap();
        assert!(part.rows.len() <= most);
        rows.extend(part.rows);
        after = part.next;
        if after.is_none() {
            return rows;
        }
    }
}

both_databases! {
    fn the_trail_and_the_log_of_reads_leave_part_by_part(db: TestDb) {
        let clock = Arc::new(FixedClock::new(START));
        let county = County::with_clock(db, Arc::clone(&clock) as Arc<dyn Clock>, clock);
        let (account, unit) = (county.accounts["audit"], county.units["a"]);
        let read = access::AccessRead {
            at: START,
            account,
            what: "person.export".to_owned(),
            subject: unit.into(),
            unit,
            why: "/people".to_owned(),
        };
        let reads = vec![read; 5];
        access::operate(&county.handle, move |tx| access::record_reads(tx, &reads).map(|_| ())).unwrap();
        let vault = Arc::clone(&county.desk.vault);
        let trail = AuditExport::new(Arc::clone(&vault), county.desk.sentences.clone());
        let log = ReadsExport::new(vault);
        let mut tx = county.db.database().reader().unwrap();
        let viewer = Viewer::load(&mut tx, account).unwrap().unwrap();
        let head = Viewer::load(&mut tx, county.accounts["head_a"]).unwrap().unwrap();
        assert!(trail.may(&viewer) && log.may(&viewer) && !trail.may(&head) && !log.may(&head));
        let filters = ["", r#"{"kind":"account"}"#, r#"{"who":"system"}"#, r#"{"unit":"2153000002"}"#];
        let lists: [(&dyn Exporter, &[&str]); 2] = [(&trail, &filters), (&log, &[""])];
        for (list, filters) in lists {
            let mut lengths = Vec::new();
            for filter in filters.iter().map(|filter| list.settled(filter)) {
                let whole = rows(&mut tx, list, &viewer, &filter, 10_000);
                assert!(whole.iter().all(|row| row.len() == list.heads(Lang::ZhCn).len()), "{filter}");
                assert_eq!(rows(&mut tx, list, &viewer, &filter, 1), whole, "{filter}");
                assert_eq!(rows(&mut tx, list, &viewer, &filter, 3), whole, "{filter}");
                let counted = |tx: &mut Tx, most| list.count(tx, &viewer, &filter, START, most).unwrap();
                assert_eq!(counted(&mut tx, i64::MAX), i64::try_from(whole.len()).unwrap(), "{filter}");
                assert!(counted(&mut tx, 2) <= 2, "{filter}: no further than asked");
                assert!(rows(&mut tx, list, &head, &filter, 100).is_empty(), "{filter}: nothing without the right");
                lengths.push(whole.len());
            }
            assert!(lengths.iter().all(|length| *length > 0 && *length <= lengths[0]), "{lengths:?}");
        }
        let kept = trail.settled(r#"{"who":" zhang ","kind":"nonsense","from":"2026-09-01","to":"?","before":"7"}"#);
        let told = trail.told(&mut tx, &viewer, Lang::En, &kept).unwrap();
        assert_eq!(told, "师宗县教育体育局 · login zhang · from 2026-09-01");
    }
}

/// Messages of a channel of each school, as the courier leaves them.
fn sent(county: &County) {
    let units = [county.units["a"], county.units["b"]];
    let ids: Vec<(uuid::Uuid, kernel::UnitId)> =
        (0..5).map(|n| (county.new_id::<uuid::Uuid>(), units[n % 2])).collect();
    access::operate(&county.handle, move |tx| {
        for (n, (id, unit)) in ids.iter().enumerate() {
            tx.write(
                "INSERT INTO notify_sent (id, at, channel_id, unit_id, label, kind, host, topics, items, body, outcome,
                    code, tries)
                 VALUES (?1, ?2, ?1, ?3, '工作群', 'wecom', 'qyapi.weixin.qq.com', 'major', 1, '一条', ?4, '', 1)",
                storage::params![*id, START.plus_ms(n as i64 / 2), *unit, if n == 0 { "failed" } else { "sent" }],
            )?;
        }
        Ok(())
    })
    .unwrap();
}

both_databases! {
    fn accounts_people_and_messages_leave_part_by_part(db: TestDb) {
        let clock = Arc::new(FixedClock::new(START));
        let county = County::with_clock(db, Arc::clone(&clock) as Arc<dyn Clock>, clock);
        sent(&county);
        let vault = Arc::clone(&county.desk.vault);
        let accounts = AccountsExport::new(Arc::clone(&vault));
        let people = PeopleExport::new(vault);
        let mut tx = county.db.database().reader().unwrap();
        let [office, head] = ["office", "head_a"].map(|login| Viewer::load(&mut tx, county.accounts[login]).unwrap().unwrap());
        let (unit, other) = (county.units["a"], county.units["b"].0.simple().to_string());
        let here = unit.0.simple().to_string();
        let of_here = format!(r#"{{"unit":"{here}"}}"#);
        let lists: [(&dyn Exporter, Vec<&str>, [usize; 2]); 3] = [
            (&accounts, vec!["", of_here.as_str(), r#"{"role":"guard","state":"active","q":"guard"}"#], [7, 2]),
            (&people, vec![here.as_str()], [3, 3]),
            (&SentExport, vec!["", of_here.as_str(), r#"{"outcome":"failed"}"#], [5, 3]),
        ];
        for (list, filters, [all, own]) in lists {
            for (n, filter) in filters.iter().map(|filter| list.settled(filter)).enumerate() {
                let whole = rows(&mut tx, list, &office, &filter, 10_000);
                assert!(!whole.is_empty() && whole.iter().all(|row| row.len() == list.heads(Lang::ZhCn).len()));
                assert_eq!(rows(&mut tx, list, &office, &filter, 1), whole, "{filter}");
                assert_eq!(rows(&mut tx, list, &office, &filter, 2), whole, "{filter}");
                let counted = list.count(&mut tx, &office, &filter, START, i64::MAX).unwrap();
                assert_eq!(counted, i64::try_from(whole.len()).unwrap(), "{filter}");
                if n == 0 {
                    assert_eq!(whole.len(), all, "{filter}");
                    assert_eq!(rows(&mut tx, list, &head, &filter, 2).len(), own, "nothing of next door");
                } else {
                    assert!(whole.len() < all, "{filter}: narrowed");
                }
            }
        }
        assert!(rows(&mut tx, &people, &head, &other, 9).is_empty());
        assert_eq!(people.count(&mut tx, &head, &other, START, 9).unwrap(), 0);
        assert_eq!(people.told(&mut tx, &head, Lang::ZhCn, &other).unwrap(), "…", "not even its name");
        assert_eq!(people.about(&head, &here), (unit.into(), unit));
        assert_eq!(accounts.about(&office, &of_here), (office.account.into(), unit));
        let told = accounts.told(&mut tx, &office, Lang::ZhCn, &accounts.settled(&of_here)).unwrap();
        assert_eq!(told, "丹凤第一小学");
        let audit = Viewer::load(&mut tx, county.accounts["audit"]).unwrap().unwrap();
        assert!(![&accounts as &dyn Exporter, &people, &SentExport].iter().any(|list| list.may(&audit)));
    }
}
