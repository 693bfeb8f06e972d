//! Guards: what may be said of them, and that it is read for ever.

mod assignments;
mod codes;
mod corrections;
mod places;
mod posts;
mod reach;

use journal::{Context, Parts, Payload, Standing, StoredParts, Subject};
use kernel::{Actor, Date, PersonId, Refusal, StreamId, Timestamp, UnitId};

use crate::{
    Contact, Employer, Going, GuardFacts, GuardPapers, GuardRecord, GuardText, Keeper, Person, PersonCommand,
    PersonEvent, PersonFacts, PersonState, Post,
};

/// 2026-09-21
const NOW: Timestamp = Timestamp(1_790_000_000_000);

fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap()
}

fn record() -> GuardRecord {
    GuardRecord {
        facts: GuardFacts {
            certified: true,
            full_time: true,
            employer: Employer::Company,
            since: Some(day(2024, 9, 1)),
            ..GuardFacts::default()
        },
        text: GuardText { company: "平安保安公司".to_owned(), ..GuardText::default() },
        papers: GuardPapers { certificate: "滇保20240001".to_owned(), born: Some(day(1980, 5, 1)) },
    }
}

fn person(posts: &[Post]) -> PersonState {
    PersonState {
        unit: UnitId::NIL,
        posts: posts.iter().map(|post| (*post, day(2024, 9, 1))).collect(),
        left: None,
        guard: None,
    }
}

/// Keeps nobody: rules about accounts are `access`'s business.
#[derive(Debug)]
struct KeepsNobody;

impl Keeper for KeepsNobody {
    fn refusal(
        &self,
        _: &mut storage::Tx,
        _: PersonId,
        _: Going,
        _: &Standing,
    ) -> Result<Option<Refusal>, storage::StorageError> {
        Ok(None)
    }
}

fn ask(state: &PersonState, record: GuardRecord) -> Result<Vec<PersonEvent>, Refusal> {
    command(state, &PersonCommand::Guard(Box::new(record)))
}

fn command(state: &PersonState, command: &PersonCommand) -> Result<Vec<PersonEvent>, Refusal> {
    let standing = Standing {
        actor: Actor::SYSTEM,
        person: None,
        home: None,
        grants: Vec::new(),
        permissions: std::sync::Arc::from([]),
        unit_path: String::new(),
    };
    let context = Context { stream: StreamId::NIL, now: NOW, standing: &standing };
    Person::new(vec![std::sync::Arc::new(KeepsNobody)]).decide(
        Some(state),
        command,
        &PersonFacts::at_open(crate::UnitKind::Primary),
        &context,
    )
}

#[test]
fn only_of_a_guard_and_nothing_from_the_future() {
    assert_eq!(ask(&person(&[Post::Teacher]), record()).unwrap_err().code, "person-no-guard");
    let born = GuardPapers { born: Some(day(2030, 1, 1)), ..record().papers };
    let refused = ask(&person(&[Post::Guard]), GuardRecord { papers: born, ..record() }).unwrap_err();
    assert_eq!((refused.code, refused.fields), ("date-in-future", vec!["born"]));
    let company = GuardText { company: "长".repeat(101), ..GuardText::default() };
    let refused = ask(&person(&[Post::Guard]), GuardRecord { text: company, ..record() }).unwrap_err();
    assert_eq!((refused.code, refused.fields), ("text-too-long", vec!["company"]));
    let company = GuardText { company: "保安公司13812345678".to_owned(), ..GuardText::default() };
    let refused = ask(&person(&[Post::Guard]), GuardRecord { text: company, ..record() }).unwrap_err();
    assert_eq!((refused.code, refused.fields), ("text-mobile", vec!["company"]));
}

#[test]
fn a_name_holds_no_number() {
    for (name, code) in [("张三13812345678", "text-mobile"), ("李四 530323201009124567", "text-citizen-id")]
    {
        let contact = Contact { name: name.to_owned(), ..Contact::default() };
        let refused = command(&person(&[]), &PersonCommand::Correct(contact)).unwrap_err();
        assert_eq!((refused.code, refused.fields), (code, vec!["name"]));
    }
}

#[test]
fn a_number_of_a_certificate_is_a_certificate() {
    let facts = GuardFacts { certified: false, ..record().facts };
    let events = ask(&person(&[Post::Guard]), GuardRecord { facts, ..record() }).unwrap();
    let [PersonEvent::GuardFacts(parts)] = events.as_slice() else { panic!("{events:?}") };
    assert!(parts.core.certified);
    // Numbers and days of birth are in the personal part alone.
    let encoded = events[0].encode().unwrap();
    let open = format!("{} {}", encoded.core, encoded.text.unwrap_or_default());
    assert!(!open.contains("20240001") && !open.contains("1980"), "{open}");
}

#[test]
fn the_sample_is_still_understood() {
    let GuardRecord { facts, text, papers } = record();
    let event = PersonEvent::GuardFacts(Parts::with_personal(facts, Some(text), papers));
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../golden/person.guard_facts.v1.json")).unwrap();
    let part = |name: &str| golden[name].to_string();
    let stored =
        StoredParts { core: part("core"), text: Some(part("text")), personal: Some(part("personal")) };
    assert_eq!(PersonEvent::decode("person.guard_facts", 1, &stored).unwrap(), event);
    // Erased parts are faced.
    let erased = StoredParts { text: None, personal: None, ..stored };
    assert!(PersonEvent::decode("person.guard_facts", 1, &erased).is_ok());
}

#[test]
fn a_mistaken_leave_is_taken_back() {
    let left = PersonState { left: Some(day(2026, 9, 1)), ..person(&[]) };
    let events = command(&left, &PersonCommand::Return).unwrap();
    let golden: serde_json::Value =
        serde_json::from_str(include_str!("../golden/person.returned.v1.json")).unwrap();
    let stored = StoredParts { core: golden["core"].to_string(), text: None, personal: None };
    assert_eq!(events, [PersonEvent::decode("person.returned", 1, &stored).unwrap()]);
    assert_eq!(command(&person(&[Post::Guard]), &PersonCommand::Return).unwrap(), []);
}

#[test]
fn a_state_from_before_keeps_its_bytes() {
    let json = serde_json::to_string(&person(&[Post::Guard])).unwrap();
    assert!(!json.contains("\"guard\":null"), "{json}");
    assert_eq!(serde_json::from_str::<PersonState>(&json).unwrap(), person(&[Post::Guard]));
}
