//! 教职工: entered with their posts, given more of them, never twice, and never robbed of one.

use organisation::{Contact, Post, people_of_unit};
use test_support::both_databases;

use super::{House, counts, differences, told};
use crate::{Content, Stage};

const HEAD: &str = "序号,学校,姓名,手机,岗位\n";

fn bring(house: &House, rows: &str) -> uuid::Uuid {
    let text = format!("丹凤片区教职工花名册\n{HEAD}{rows}合计,2人\n");
    house.bring(Content::People, "教职工.csv", text.as_bytes()).unwrap()
}

fn wrong(house: &House, row: &str) -> Vec<String> {
    told(&house.dry(bring(house, &format!("1,{row}\n"))).1)
}

both_databases! {
    fn people_come_with_their_posts_and_keep_them(db: TestDb) {
        let house = House::on(db);
        let rows = "1,丹凤第一小学,王 丽,１３８８７４０００４１,班主任、任课教师\n2,丹凤第一小学,赵师傅,,炊事员\n";
        let id = bring(&house, rows);
        assert_eq!(counts(&house.dry(id).1), [2, 0, 0, 0, 1]);
        let batch = house.apply(id);
        assert_eq!((batch.stage, batch.body.created), (Stage::Done, 2));
        let posts = |name: &str| {
            let mut tx = house.reader();
            let people = people_of_unit(&mut tx, &house.vault, house.school).unwrap();
            people.into_iter().find(|person| person.name == name).map(|person| person.posts)
        };
        assert_eq!(posts("王丽"), Some(vec![Post::ClassTeacher, Post::Teacher]));
        assert_eq!(posts("赵师傅"), Some(vec![Post::Cook]));

        let (events, again) = (house.events(), bring(&house, rows));
        assert_eq!(counts(&house.dry(again).1), [0, 0, 2, 0, 1]);
        house.apply(again);
        assert_eq!(house.events(), events, "a second run of the same file changes nothing");

        let changed = bring(&house, "1,丹凤第一小学,王丽,13887400049,宿管\n");
        let want = ["person_posts:  → dorm_warden", "person_phone: other → 138****0049"];
        assert_eq!(differences(&house.dry(changed).1), want);
        house.apply(changed);
        let held = posts("王丽").unwrap();
        assert!(held.contains(&Post::DormWarden) && held.contains(&Post::ClassTeacher), "{held:?}");
    }
}

#[test]
fn what_cannot_be_taken_is_said_by_its_cell() {
    let house = House::new();
    assert_eq!(wrong(&house, "月亮小学,王丽,,班主任"), ["B3 intake-school-unknown"]);
    assert_eq!(wrong(&house, ",王丽,,班主任"), ["B3 intake-name-missing"]);
    assert_eq!(wrong(&house, "丹凤第一小学,,,班主任"), ["C3 intake-person-name-missing"]);
    assert_eq!(wrong(&house, "丹凤第一小学,王丽,123,班主任"), ["D3 intake-phone"]);
    assert_eq!(wrong(&house, "丹凤第一小学,王丽,,"), ["E3 intake-post-missing"]);
    assert_eq!(wrong(&house, "丹凤第一小学,王丽,,班主任、保洁"), ["E3 intake-post-unknown"]);
    assert_eq!(wrong(&house, "丹凤第一小学,王丽,,局领导"), ["E3 intake-post-unfit"]);
    assert_eq!(wrong(&house, "丹凤第一小学,王丽,,门卫"), ["E3 intake-post-guard"]);
    let twice = "1,丹凤第一小学,王丽,,班主任\n2,丹凤第一小学,王 丽,,宿管\n";
    assert_eq!(told(&house.dry(bring(&house, twice)).1), ["C4 intake-person-twice"]);
    // Of two of the same name the telephone says which.
    for phone in ["13887400051", "13887400052"] {
        let contact = Contact { name: "李静".to_owned(), phone: phone.to_owned(), ..Contact::default() };
        house.person(house.school, contact, vec![Post::Teacher]);
    }
    let plan = house.dry(bring(&house, "1,丹凤第一小学,李静,13887400052,班主任\n")).1;
    assert_eq!(differences(&plan), ["person_posts:  → class_teacher"]);
    assert_eq!(wrong(&house, "丹凤第一小学,李静,,班主任"), ["C3 intake-person-which"]);
}
