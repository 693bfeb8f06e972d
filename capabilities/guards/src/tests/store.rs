//! Guards on both databases: campuses, declarations, kit, the standard, the report; who sees what; the same again after a
//! rebuild.

use hazard::pages::Companion;
use kernel::{Clock, StreamId};
use language::Lang;
use organisation::{Campus, Person, PersonCommand, Unit, UnitCommand};
use test_support::both_databases;

use super::{
    platform::{Platform, counting, record, refused},
    reports::sign,
    support::{RULES, TODAY, chosen, day, kit},
};
use crate::{
    ChoiceCommand, ChoiceDraft, DeclarationDraft, Gate, GateCommand, GuardsBeside, KitDraft, Place, Report,
    ReportCommand, ReportDraft, Standard, Variant, Verdict, choice_of, gate_of,
    query::{self, ReportFilter, places, reports, roster},
    survey_of,
};

fn campus(number: u16, name: &str, pupils: u32) -> Campus {
    Campus { number, name: name.to_owned(), pupils: Some(pupils), staff: Some(20), boarders: Some(0) }
}

fn seen(platform: &Platform, who: &str) -> Vec<Place> {
    let scope = platform.viewer(who).scope("guards.view");
    platform.read(|tx| places(tx, &scope).unwrap())
}

fn names(places: &[Place]) -> Vec<String> {
    places.iter().map(Place::called).collect()
}

fn declare(
    platform: &Platform,
    who: &str,
    draft: DeclarationDraft,
) -> Result<journal::Outcome, kernel::Problem> {
    let unit = platform.school;
    platform.ask::<Gate>(who, gate_of(unit), GateCommand::Declare { unit, draft })
}

fn declared(full_time: u32) -> DeclarationDraft {
    DeclarationDraft { full_time, on: Some(TODAY), ..DeclarationDraft::default() }
}

both_databases! {
    fn each_sees_the_campuses_in_his_scope(db: TestDb) {
        let platform = Platform::new(db);
        assert_eq!(names(&seen(&platform, "office")), ["中心学校", "第一小学", "第一中学"]);
        assert_eq!(names(&seen(&platform, "central")), ["中心学校", "第一小学"]);
        assert_eq!(names(&seen(&platform, "head")), ["第一小学"]);
        assert!(seen(&platform, "guard").is_empty(), "a guard sees nothing of colleagues");
        let scope = platform.viewer("guard").scope("guards.roster");
        assert!(platform.read(|tx| roster(tx, &scope).unwrap()).is_empty());
    }
}

both_databases! {
    fn a_school_at_two_places_is_counted_at_each(db: TestDb) {
        let mut platform = Platform::new(db);
        let name = |campuses: Vec<Campus>| platform.ask::<Unit>("head", platform.school, UnitCommand::Campuses(campuses));
        assert_eq!(refused(name(vec![campus(0, "东校区", 900)])), "unit-campus-single");
        let twice = vec![campus(0, "东校区", 900), campus(0, "东校区", 580)];
        assert_eq!(refused(name(twice)), "unit-campus-twice");
        name(vec![campus(0, "东校区", 900), campus(0, "西校区", 580)]).unwrap();
        for at in [Some(1), Some(1), Some(2), None] {
            platform.guard(platform.school, at);
        }
        let found = seen(&platform, "head");
        assert_eq!(names(&found), ["第一小学（东校区）", "第一小学（西校区）"]);
        let staffed = survey_of(found, &RULES, &chosen(), TODAY);
        let verdicts: Vec<Verdict> = staffed.iter().map(|one| one.verdict()).collect();
        assert_eq!(verdicts, [Verdict::Enough, Verdict::Short(1)]);
        // The guard with the account and nothing else, and the one at no campus.
        assert_eq!(staffed[0].place.unplaced, 2);
        // A number is never given twice.
        let again = vec![campus(1, "东校区", 900), campus(0, "南校区", 300)];
        platform.ask::<Unit>("head", platform.school, UnitCommand::Campuses(again)).unwrap();
        let numbers = platform.read(|tx| query::campuses(tx, platform.school).unwrap());
        assert_eq!(numbers, [(1, "东校区".to_owned()), (3, "南校区".to_owned())]);
        platform.verified_and_rebuilt();
    }
}

both_databases! {
    fn a_declaration_and_the_kit_belong_to_the_school_of_whoever_writes_them(db: TestDb) {
        let mut platform = Platform::new(db);
        declare(&platform, "head", declared(3)).unwrap();
        assert_eq!(refused(declare(&platform, "neighbour", declared(3))), "forbidden");
        assert_eq!(refused(declare(&platform, "office", declared(3))), "forbidden");
        let unit = platform.school;
        let look = || GateCommand::CheckKit { unit, draft: KitDraft { pieces: kit(), ..KitDraft::default() } };
        platform.ask::<Gate>("guard", gate_of(unit), look()).unwrap();
        assert_eq!(refused(platform.ask::<Gate>("neighbour", gate_of(unit), look())), "forbidden");
        // The stream of one school takes nothing for another.
        let wrong = GateCommand::Declare { unit: platform.other, draft: declared(1) };
        assert_eq!(refused(platform.ask::<Gate>("head", gate_of(unit), wrong)), "guards-no-school");
        let place = seen(&platform, "head").remove(0);
        assert_eq!(place.declared.unwrap().full_time, 3);
        let (gate, _) = platform.read(|tx| query::gate(tx, unit).unwrap().unwrap());
        assert_eq!(gate.kits[&0].by.person, Some(platform.person("guard")));
        platform.verified_and_rebuilt();
    }
}

both_databases! {
    fn one_proposes_the_standard_with_a_day_and_a_reason_and_another_chooses(db: TestDb) {
        let mut platform = Platform::new(db);
        let county = platform.county;
        let propose = |who: &str, county, from, reason: &str| {
            let variant = Variant { set: "gb-29315-2022".to_owned(), ..chosen() };
            let draft = ChoiceDraft { variant, from: Some(from), reason: reason.to_owned() };
            platform.ask::<Standard>(who, choice_of(county), ChoiceCommand::Propose { county, draft })
        };
        let answer = |who: &str, command| platform.ask::<Standard>(who, choice_of(county), command);
        let choose = || ChoiceCommand::Choose { county };
        assert_eq!(refused(propose("head", county, TODAY, "按国家标准执行")), "forbidden");
        assert_eq!(refused(answer("leader", choose())), "guards-choice-none");
        assert_eq!(refused(propose("leader", platform.school, TODAY, "按国家标准执行")), "guards-no-county");
        assert_eq!(refused(propose("leader", county, day(2020, 1, 1), "按国家标准执行")), "guards-standard-unknown");
        let yesterday = TODAY.yesterday().unwrap();
        assert_eq!(refused(propose("leader", county, yesterday, "按国家标准执行")), "guards-choice-past");
        propose("leader", county, day(2026, 4, 1), "按国家标准执行").unwrap();
        assert_eq!(refused(answer("leader", choose())), "guards-choice-own");
        assert_eq!(refused(answer("office", choose())), "forbidden");
        let decline = ChoiceCommand::Decline { county, note: "请先征求财政部门意见".to_owned() };
        answer("leader", decline).unwrap();
        propose("office", county, day(2026, 4, 1), "按国家标准执行").unwrap();
        let before = platform.read(|tx| query::chosen(tx, &RULES, Some(county), day(2026, 4, 1)).unwrap());
        assert_eq!(before.unwrap().set, "county-2019", "a proposal changes nothing");
        answer("leader", choose()).unwrap();
        assert_eq!(refused(propose("leader", county, day(2026, 5, 1), "按国家标准执行")), "guards-choice-same");
        assert_eq!(refused(propose("leader", county, TODAY, "按国家标准执行")), "guards-choice-early");
        let on = |day| platform.read(|tx| query::chosen(tx, &RULES, Some(county), day).unwrap().unwrap().set);
        assert_eq!((on(TODAY), on(day(2026, 4, 1))), ("county-2019".to_owned(), "gb-29315-2022".to_owned()));
        platform.verified_and_rebuilt();
    }
}

both_databases! {
    fn a_signed_report_keeps_its_numbers(db: TestDb) {
        let mut platform = Platform::new(db);
        platform.guard(platform.school, None);
        let county = platform.county;
        let begin = || {
            let id: StreamId = platform.new_id();
            let draft = ReportDraft {
                county,
                addressee: "县人民政府".to_owned(),
                request: "恳请统筹岗位和经费，补齐各校专职保安员".to_owned(),
            };
            platform.ask::<Report>("office", id, ReportCommand::Draft(draft)).unwrap();
            platform.ask::<Report>("office", id, ReportCommand::Submit).unwrap();
            id
        };
        let list = |who: &str| {
            let viewer = platform.viewer(who);
            platform.read(|tx| reports(tx, &viewer, ReportFilter::default(), 50).unwrap())
        };
        let first = begin();
        assert!(list("head").is_empty(), "a draft is the county's");
        assert_eq!(refused(platform.ask::<Report>("office", first, sign(true))), "forbidden");
        platform.ask::<Report>("leader", first, sign(true)).unwrap();
        let lines = |id| platform.read(|tx| query::lines(tx, id).unwrap());
        let before = lines(first);
        let lacking: Vec<(String, u32)> = before.iter().map(|(line, names)| (names.school.clone(), line.lacking)).collect();
        let expected = [("中心学校", 0), ("第一小学", 1), ("第一中学", 2)];
        assert_eq!(lacking, expected.map(|(name, lacking)| (name.to_owned(), lacking)));
        // What changes afterwards changes the next report.
        platform.guard(platform.school, None);
        let second = begin();
        platform.ask::<Report>("leader", second, sign(true)).unwrap();
        assert_eq!(lines(first), before);
        assert_eq!(lines(second)[1].0.lacking, 0);
        let numbers: Vec<u32> = list("office").iter().rev().map(|row| row.number.unwrap().serial).collect();
        assert_eq!(numbers, [1, 2]);
        platform.verified_and_rebuilt();
    }
}

both_databases! {
    fn what_runs_out_is_told_to_the_school_and_later_to_the_central_school(db: TestDb) {
        let platform = Platform::new(db);
        // His certificate ends on 20 March.
        let guard = platform.guard(platform.school, None);
        let beside = GuardsBeside::new(
            std::sync::Arc::new(std::sync::RwLock::new(RULES.clone())),
            std::sync::Arc::clone(&platform.vault),
        );
        let told = |who: &str| {
            let (viewer, now) = (platform.viewer(who), platform.clock.now());
            platform.read(|tx| beside.errands(tx, Lang::ZhCn, &viewer, now).unwrap())
        };
        let lines = |who: &str| told(who).map(|errands| errands.lines).unwrap_or_default();
        assert_eq!(lines("head").len(), 1);
        assert!(language::plain(&lines("head")[0]).contains("保安员证"), "{:?}", lines("head"));
        assert!(lines("central").is_empty() && lines("neighbour").is_empty() && lines("guard").is_empty());
        platform.clock.advance_ms(30 * kernel::Timestamp::DAY_MS);
        assert_eq!(lines("central").len(), 1, "overdue for more than a week");
        // It was renewed.
        let renewed = organisation::GuardFacts { certified_until: Some(day(2029, 3, 20)), ..counting() };
        platform.ask::<Person>("head", guard, PersonCommand::Guard(Box::new(record(renewed)))).unwrap();
        assert!(lines("head").is_empty() && lines("central").is_empty());
        // What the gate lacks waits without a day.
        let mut pieces = kit();
        pieces[2].condition = kernel::Coded::Known(crate::gate::Condition::Missing);
        pieces[3].condition = kernel::Coded::Known(crate::gate::Condition::Broken);
        let unit = platform.school;
        let look = GateCommand::CheckKit { unit, draft: KitDraft { pieces, ..KitDraft::default() } };
        platform.ask::<Gate>("guard", gate_of(unit), look).unwrap();
        let told = lines("head").join("\n");
        assert!(told.contains("缺防刺服") && told.contains("防割手套损坏"), "{told}");
        assert!(lines("guard").is_empty() && lines("central").is_empty(), "nobody else's");
    }
}

both_databases! {
    fn whoever_is_too_young_is_refused_and_whoever_leaves_is_off_the_roster(db: TestDb) {
        let mut platform = Platform::new(db);
        let guard = platform.guard(platform.school, None);
        let mut young = record(counting());
        young.papers.born = Some(day(2010, 1, 1));
        let asked = platform.ask::<Person>("head", guard, PersonCommand::Guard(Box::new(young)));
        assert_eq!(refused(asked), "guard-too-young");
        let own = |platform: &Platform| {
            let scope = platform.viewer("head").scope("guards.roster");
            platform.read(|tx| roster(tx, &scope).unwrap()).len()
        };
        assert_eq!(own(&platform), 2, "the guard with the account, and this one");
        platform.ask::<Person>("head", guard, PersonCommand::Leave(TODAY)).unwrap();
        assert_eq!(own(&platform), 1);
        platform.verified_and_rebuilt();
    }
}
