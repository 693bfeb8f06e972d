//! Saved views on both databases, and how a filter is kept.

use kernel::{ActorId, Clock, limits};
use storage::{StorageError, Tx};
use test_support::both_databases;

use super::platform::Platform;
use crate::{
    pages::filter::ListQuery,
    views::{self, Saved, SavedView},
};

fn view(name: &str, stage: &str) -> SavedView {
    let query = ListQuery { stage: stage.to_owned(), ..ListQuery::default() };
    SavedView { name: name.to_owned(), query: query.canonical() }
}

/// In a transaction of the writer.
fn written<T: Send + 'static>(
    platform: &Platform,
    work: impl Fn(&mut Tx) -> Result<T, StorageError> + Send + 'static,
) -> T {
    access::operate(&platform.handle, work).unwrap()
}

fn save(platform: &Platform, account: ActorId, view: &SavedView, replace: bool) -> Saved {
    let (view, now) = (view.clone(), platform.clock.now());
    written(platform, move |tx| views::save(tx, account, &view, replace, now))
}

fn names(platform: &Platform, account: ActorId) -> Vec<String> {
    let mut tx = platform.db.database().reader().unwrap();
    views::all(&mut tx, account).unwrap().into_iter().map(|view| view.name).collect()
}

both_databases! {
    fn views_are_ones_own_and_replaced_only_when_that_was_said(db: TestDb) {
        let platform = Platform::new(db);
        let (mine, hers) = (platform.head.0.id, platform.officer.0.id);
        assert_eq!(save(&platform, mine, &view("逾期", "overdue"), false), Saved::Done);
        assert_eq!(save(&platform, hers, &view("逾期", "ended"), false), Saved::Done);
        let other = view("逾期", "rectifying");
        assert_eq!(save(&platform, mine, &other, false), Saved::Exists(Box::new(view("逾期", "overdue"))));
        assert_eq!(save(&platform, mine, &view("逾期", "overdue"), false), Saved::Done, "the same again is done");
        assert_eq!(save(&platform, mine, &other, true), Saved::Done);
        let mut tx = platform.db.database().reader().unwrap();
        assert_eq!(views::all(&mut tx, mine).unwrap(), [other]);
        assert_eq!(views::all(&mut tx, hers).unwrap(), [view("逾期", "ended")]);
        drop(tx);
        written(&platform, move |tx| views::delete(tx, mine, "逾期"));
        assert_eq!(names(&platform, mine), Vec::<String>::new());
        assert_eq!(names(&platform, hers), ["逾期"]);
    }

    fn an_account_saves_so_many_and_no_more(db: TestDb) {
        let platform = Platform::new(db);
        let mine = platform.head.0.id;
        for number in 0..limits::SAVED_VIEWS {
            assert_eq!(save(&platform, mine, &view(&format!("视图{number:02}"), "all"), false), Saved::Done);
        }
        assert_eq!(save(&platform, mine, &view("多一个", "all"), false), Saved::TooMany);
        assert_eq!(save(&platform, mine, &view("视图00", "ended"), true), Saved::Done, "replacing is not one more");
        assert_eq!(names(&platform, mine).len(), limits::SAVED_VIEWS);
    }
}

#[test]
fn a_filter_is_kept_the_same_way_however_it_was_written() {
    let typed = ListQuery {
        stage: "open".to_owned(),
        level: "nonsense".to_owned(),
        from: "yesterday".to_owned(),
        q: " 灯 ".to_owned(),
        sort: "newest".to_owned(),
        after: "1_2".to_owned(),
        format: "xlsx".to_owned(),
        ..ListQuery::default()
    };
    let plain = ListQuery { q: "灯".to_owned(), ..ListQuery::default() };
    assert_eq!(typed.canonical(), plain);
    assert_eq!(ListQuery::read(&typed.kept()), plain);
    assert_eq!(plain.address("/hazards"), "/hazards?q=%E7%81%AF");
    assert_eq!(ListQuery::read("{not json"), ListQuery::default());
}
