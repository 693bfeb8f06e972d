//! Letters on both databases: rows, numbers, who sees what, tickets; the same again after a rebuild.

use hazard::{Hazard, HazardCommand};
use kernel::{Clock, StreamId, Timestamp};
use storage::{Containing, Tx, params};
use test_support::both_databases;

use super::{
    departments::entry,
    platform::{Platform, refused},
    support::{DAY, HOUR, note, photo, receive, reply, sign, tick, withdraw},
};
use crate::{
    Answer, Channel, Department, DepartmentCommand, LetterDraft, StageCode, Transfer, TransferCommand, Way,
    query::{DepartmentFilter, LetterFilter, Which, departments, due_for, of_hazard, rows, stages},
    ticket::{self, Opening, Ticket},
};

type Housekeeping = Box<dyn Fn(&mut Tx) -> Result<(), storage::StorageError> + Send>;

fn number(platform: &Platform, id: StreamId) -> String {
    platform.state(id).unwrap().stage.signature().unwrap().number.to_string()
}

/// What somebody finds in the list, by what was found and where it stands.
fn list(platform: &Platform, who: &str, filter: &LetterFilter) -> Vec<StreamId> {
    let (viewer, now) = (platform.viewer(who), platform.clock.now());
    platform.read(|tx| rows(tx, &viewer, filter, now, 50).unwrap()).into_iter().map(|row| row.id).collect()
}

fn all() -> LetterFilter {
    LetterFilter { which: Which::All, ..LetterFilter::default() }
}

/// Makes a link as its page does.
fn linked(platform: &Platform, id: StreamId) -> Ticket {
    let ticket = Ticket::new(&platform.ids);
    let digest = ticket.digest(&platform.vault);
    let link = platform.state(id).unwrap().links + 1;
    let until = platform.clock.now().plus_ms(15 * DAY);
    let work = platform
        .work(platform.actor("office"))
        .ask::<Transfer>(id, TransferCommand::MakeLink)
        .housekeeping(move |tx| ticket::keep(tx, &digest, (id, link), until));
    platform.execute(work).unwrap();
    ticket
}

fn found(platform: &Platform, ticket: &Ticket) -> Option<(StreamId, u32)> {
    let digest = ticket.digest(&platform.vault);
    platform.read(|tx| ticket::find(tx, &digest).unwrap())
}

both_databases! {
    fn numbers_are_the_countys_one_after_the_other(db: TestDb) {
        let mut platform = Platform::new(db);
        let (hazard, department) = (platform.hazard("head", platform.school), platform.department("甲局"));
        let first = platform.signed(hazard, department);
        let second = platform.signed(hazard, department);
        platform.ask::<Transfer>("office", second, withdraw()).unwrap();
        let third = platform.signed(hazard, department);
        let numbers = [first, second, third].map(|id| number(&platform, id));
        assert_eq!(numbers, ["2026-001", "2026-002", "2026-003"], "a number is not given again");
        platform.verified_and_rebuilt();
    }

    fn a_letter_is_about_an_open_hazard_of_its_school_to_an_open_department_of_the_register(db: TestDb) {
        let platform = Platform::new(db);
        let (hazard, department) = (platform.hazard("head", platform.school), platform.department("甲局"));
        let ask = |who: &str, draft: LetterDraft| {
            let id: StreamId = platform.new_id();
            platform.ask::<Transfer>(who, id, TransferCommand::Draft(Box::new(draft)))
        };
        let usual = || platform.draft(hazard, platform.school, department);
        // Somebody else's school may not lend its name to this hazard.
        assert_eq!(refused(ask("office", LetterDraft { unit: platform.other, ..usual() })), "transfer-hazard-unknown");
        assert_eq!(refused(ask("office", LetterDraft { hazard: department, ..usual() })), "transfer-hazard-unknown");
        assert_eq!(refused(ask("office", LetterDraft { department: Some(hazard), ..usual() })), "transfer-department-unknown");
        assert_eq!(refused(ask("office", LetterDraft { photos: vec![photo(2)], ..usual() })), "transfer-photo-foreign");
        assert_eq!(refused(ask("head", usual())), "forbidden");
        assert_eq!(refused(ask("leader", usual())), "forbidden");
        platform.ask::<Department>("office", department, DepartmentCommand::Close(note("并入另一部门"))).unwrap();
        assert_eq!(refused(ask("office", usual())), "transfer-department-unknown");
        platform.ask::<Department>("office", department, DepartmentCommand::Reopen(note("恢复设置部门"))).unwrap();
        assert_eq!(ask("office", usual()).unwrap().events, 1);
        let gone = HazardCommand::Withdraw { duplicate: false, same_as: None, note: note("登记错了学校") };
        platform.ask::<Hazard>("head", hazard, gone).unwrap();
        assert_eq!(refused(ask("office", usual())), "transfer-hazard-closed");
    }

    fn schools_see_what_was_sent_and_the_county_everything(db: TestDb) {
        let platform = Platform::new(db);
        let (hazard, department) = (platform.hazard("head", platform.school), platform.department("甲局"));
        let draft = platform.signed(hazard, department);
        let sent = platform.sent(hazard, department, Channel::Paper);
        let sees = |who: &str| {
            let mut seen = list(&platform, who, &all());
            seen.sort();
            seen
        };
        let mut every = vec![draft, sent];
        every.sort();
        assert_eq!((sees("office"), sees("leader")), (every.clone(), every));
        assert_eq!((sees("head"), sees("central")), (vec![sent], vec![sent]));
        assert_eq!((sees("guard"), sees("neighbour")), (Vec::new(), Vec::new()));
        for (who, id, visible) in [("head", draft, false), ("head", sent, true), ("neighbour", sent, false),
            ("guard", sent, false), ("leader", draft, true)]
        {
            let viewer = platform.viewer(who);
            let state = platform.read(|tx| crate::query::visible_state(tx, &viewer, id).is_ok());
            assert_eq!(state, visible, "{who}");
        }
        let beside = |works| platform.read(|tx| of_hazard(tx, hazard, works).unwrap()).len();
        assert_eq!((beside(true), beside(false)), (2, 1));
    }

    fn a_list_is_narrowed_by_each_of_its_fields(db: TestDb) {
        let platform = Platform::new(db);
        let hazard = platform.hazard("head", platform.school);
        let (first, second) = (platform.department("甲局"), platform.department("乙局"));
        let one = platform.sent(hazard, first, Channel::Paper);
        let two = platform.signed(hazard, second);
        let with = |fill: fn(&mut LetterFilter)| {
            let mut filter = all();
            fill(&mut filter);
            list(&platform, "office", &filter)
        };
        let of = |filter: LetterFilter| list(&platform, "office", &filter);
        assert_eq!(of(LetterFilter { department: Some(second), ..all() }), [two]);
        assert_eq!(of(LetterFilter { unit: Some(platform.other), ..all() }), Vec::<StreamId>::new());
        assert_eq!(of(LetterFilter { unit: Some(platform.school), ..all() }).len(), 2);
        assert_eq!(with(|filter| filter.which = Which::Out), [one]);
        assert_eq!(with(|filter| filter.which = Which::One(StageCode::Signed)), [two]);
        assert_eq!(with(|filter| filter.which = Which::Overdue), Vec::<StreamId>::new());
        assert_eq!(with(|filter| filter.year = Some(2025)), Vec::<StreamId>::new());
        assert_eq!(with(|filter| filter.year = Some(2026)).len(), 2);
        assert_eq!(with(|filter| filter.kind = Some(crate::Kind::Notice)), Vec::<StreamId>::new());
        assert_eq!(with(|filter| filter.words = Containing::words("乙局")), [two]);
        assert_eq!(with(|filter| filter.words = Containing::words("2026-001")).len(), 1);
        assert_eq!(with(|filter| filter.words = Containing::words("流动摊点")).len(), 2);
        assert_eq!(with(|filter| filter.words = Containing::words("%")), Vec::<StreamId>::new(), "a sign is itself");
        assert_eq!(with(|filter| filter.words = Containing::words("摊_")), Vec::<StreamId>::new());
        platform.clock.advance_ms(6 * DAY);
        assert_eq!(with(|filter| filter.which = Which::Overdue), [one]);
        let viewer = platform.viewer("office");
        let (counts, late) = platform.read(|tx| stages(tx, &viewer, &all(), platform.clock.now()).unwrap());
        assert_eq!((counts.iter().map(|(_, amount)| amount).sum::<u32>(), late), (2, 1));
    }

    fn what_waits_is_the_countys_and_not_for_whoever_wrote_it(db: TestDb) {
        let platform = Platform::new(db);
        let (hazard, department) = (platform.hazard("head", platform.school), platform.department("甲局"));
        let sent = platform.sent(hazard, department, Channel::Paper);
        let id: StreamId = platform.new_id();
        let draft = platform.draft(hazard, platform.school, department);
        platform.ask::<Transfer>("office", id, TransferCommand::Draft(Box::new(draft))).unwrap();
        platform.ask::<Transfer>("office", id, TransferCommand::Submit).unwrap();
        let acts = |of: fn(crate::Act) -> bool| -> Vec<crate::Act> {
            crate::Act::ALL.iter().copied().filter(|act| of(*act)).collect()
        };
        let due = |who: &str, acts: Vec<crate::Act>| -> Vec<StreamId> {
            let seats = [(platform.county, acts)];
            let me = platform.person(who);
            platform.read(|tx| due_for(tx, &seats, me, 50).unwrap()).into_iter().map(|row| row.id).collect()
        };
        let sign = acts(|act| act == crate::Act::Sign);
        assert_eq!(due("leader", sign.clone()), [id]);
        assert_eq!(due("office", sign), Vec::<StreamId>::new(), "whoever drafted is barred");
        assert_eq!(due("office", acts(|act| act != crate::Act::Sign)), [sent]);
    }

    fn a_ticket_opens_one_letter_until_it_is_replaced_or_stopped(db: TestDb) {
        let mut platform = Platform::new(db);
        let (hazard, department) = (platform.hazard("head", platform.school), platform.department("甲局"));
        let one = platform.sent(hazard, department, Channel::Link);
        let two = platform.sent(hazard, department, Channel::Link);
        let (first, other) = (linked(&platform, one), linked(&platform, two));
        assert_eq!((found(&platform, &first), found(&platform, &other)), (Some((one, 1)), Some((two, 1))));
        assert_eq!(found(&platform, &Ticket::new(&platform.ids)), None);
        let second = linked(&platform, one);
        assert_eq!((found(&platform, &first), found(&platform, &second)), (None, Some((one, 2))));
        platform.verified_and_rebuilt();
        assert_eq!(found(&platform, &second), Some((one, 2)), "a rebuild loses no link");
        // Nothing of the ticket is anywhere but in its hash.
        let shown = format!("%{}%", second.shown());
        let texts = "SELECT count(*) FROM event WHERE core_part LIKE ?1 OR text_part LIKE ?1";
        assert_eq!(platform.read(|tx| tx.count(texts, params![shown.as_str()]).unwrap()), 0);
        let states = "SELECT count(*) FROM transfer WHERE state LIKE ?1 OR words LIKE ?1";
        assert_eq!(platform.read(|tx| tx.count(states, params![shown.as_str()]).unwrap()), 0);
    }

    fn openings_are_written_down_up_to_a_number_and_swept_with_old_tickets(db: TestDb) {
        let platform = Platform::new(db);
        let (hazard, department) = (platform.hazard("head", platform.school), platform.department("甲局"));
        let id = platform.sent(hazard, department, Channel::Link);
        let ticket = linked(&platform, id);
        let now = platform.clock.now();
        let house = |write: Housekeeping| {
            platform.execute(platform.work(platform.actor("platform")).housekeeping(write)).unwrap();
        };
        for _ in 0..ticket::OPENINGS + 3 {
            let opening = Opening { link: 1, at: now, address: "10.0.0.9".to_owned() };
            house(Box::new(move |tx| ticket::write_opening(tx, id, &opening)));
        }
        let kept = platform.read(|tx| ticket::openings(tx, id).unwrap());
        assert_eq!(i64::try_from(kept.len()).unwrap(), ticket::OPENINGS);
        assert_eq!(kept[0], Opening { link: 1, at: now, address: "10.0.0.9".to_owned() });
        let sweep = |at: Timestamp| house(Box::new(move |tx| ticket::sweep_tickets(tx, at)));
        sweep(now.plus_ms(10 * DAY));
        assert!(found(&platform, &ticket).is_some());
        sweep(now.plus_ms(17 * DAY));
        assert!(found(&platform, &ticket).is_none());
        sweep(now.plus_ms(731 * DAY));
        assert_eq!(platform.read(|tx| ticket::openings(tx, id).unwrap()), []);
    }

    fn rows_and_clocks_follow_the_letter_to_its_end(db: TestDb) {
        let mut platform = Platform::new(db);
        let (hazard, department) = (platform.hazard("head", platform.school), platform.department("甲局"));
        let id = platform.sent(hazard, department, Channel::Link);
        linked(&platform, id);
        assert!(platform.clock_due(id, "receipt").is_some() && platform.clock_due(id, "reply").is_some());
        let now = || platform.clock.now();
        platform.ask::<Transfer>("platform", id, TransferCommand::Opened { link: 1 }).unwrap();
        assert_eq!(refused(platform.ask::<Transfer>("office", id, TransferCommand::Opened { link: 1 })), "forbidden");
        platform.ask::<Transfer>("platform", id, receive(Way::Link, Some(1), now())).unwrap();
        assert_eq!(platform.clock_due(id, "receipt"), None);
        platform.ask::<Transfer>("platform", id, tick("reply")).unwrap();
        platform.ask::<Transfer>("platform", id, reply(Answer::NotOurs, Way::Link, Some(1), now())).unwrap();
        assert_eq!(platform.clock_due(id, "reply"), None);
        let row = "SELECT stage, answer, turn_act, turn_due FROM transfer WHERE id = ?1";
        assert_eq!(platform.rows(row, params![id], "ttti"), ["returned not-ours  "]);
        // On to another department, naming the one that came back.
        let other = platform.department("乙局");
        let mut next = platform.draft(hazard, platform.school, other);
        next.former = Some(id);
        let on: StreamId = platform.new_id();
        platform.ask::<Transfer>("office", on, TransferCommand::Draft(Box::new(next.clone()))).unwrap();
        assert_eq!(platform.state(on).unwrap().former, Some(id));
        next.former = Some(on);
        let wrong: StreamId = platform.new_id();
        let answer = platform.ask::<Transfer>("office", wrong, TransferCommand::Draft(Box::new(next)));
        assert_eq!(refused(answer), "transfer-former");
        // Names are sealed: no open part of the journal has them.
        let names = "SELECT count(*) FROM event WHERE core_part LIKE '%王某某%' OR text_part LIKE '%王某某%'";
        assert_eq!(platform.read(|tx| tx.count(names, params![]).unwrap()), 0);
        let opened = |works: bool| {
            let vault = works.then_some(&*platform.vault);
            let events = platform.read(|tx| journal::events_of_stream(tx, id, vault).unwrap());
            events.iter().filter(|event| event.parts.personal.is_some()).count()
        };
        assert_eq!((opened(true), opened(false)), (2, 0));
        platform.verified_and_rebuilt();
    }

    fn a_register_belongs_to_its_county_and_keeps_names_apart(db: TestDb) {
        let mut platform = Platform::new(db);
        let first = platform.department("甲局");
        let draft = crate::DepartmentDraft { name: "甲局".to_owned(), ..entry() };
        let again: StreamId = platform.new_id();
        let add = || DepartmentCommand::Add { county: platform.county, draft: draft.clone() };
        assert_eq!(refused(platform.ask::<Department>("office", again, add())), "department-known");
        for who in ["head", "central", "leader", "guard"] {
            assert_eq!(refused(platform.ask::<Department>(who, again, add())), "forbidden", "{who}");
        }
        platform.ask::<Department>("office", first, DepartmentCommand::Close(note("并入另一部门"))).unwrap();
        platform.ask::<Department>("office", again, add()).unwrap();
        let back = DepartmentCommand::Reopen(note("恢复设置部门"));
        assert_eq!(refused(platform.ask::<Department>("office", first, back)), "department-known");
        let listed = |who: &str, filter: &DepartmentFilter| {
            let viewer = platform.viewer(who);
            platform.read(|tx| departments(tx, &viewer, filter).unwrap()).into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        let closed = DepartmentFilter { closed: true, ..DepartmentFilter::default() };
        assert_eq!(listed("office", &DepartmentFilter::default()), [again]);
        assert_eq!((listed("leader", &closed), listed("head", &closed)), (vec![first], Vec::new()));
        let words = DepartmentFilter { words: Containing::words("食品"), ..DepartmentFilter::default() };
        assert_eq!(listed("office", &words), [again]);
        let kind = DepartmentFilter { kind: Some("FIR".to_owned()), ..DepartmentFilter::default() };
        assert_eq!(listed("office", &kind), Vec::<StreamId>::new());
        platform.clock.advance_ms(HOUR);
        platform.verified_and_rebuilt();
    }

    fn two_sign_one_after_the_other_and_one_is_told(db: TestDb) {
        let platform = Platform::new(db);
        let (hazard, department) = (platform.hazard("head", platform.school), platform.department("甲局"));
        let id: StreamId = platform.new_id();
        let draft = platform.draft(hazard, platform.school, department);
        platform.ask::<Transfer>("office", id, TransferCommand::Draft(Box::new(draft))).unwrap();
        platform.ask::<Transfer>("office", id, TransferCommand::Submit).unwrap();
        let work = || platform.work(platform.actor("leader")).ask_seen::<Transfer>(id, 2, sign(true));
        platform.execute(work()).unwrap();
        assert!(matches!(platform.execute(work()), Err(kernel::Problem::Stale(_))));
    }
}
