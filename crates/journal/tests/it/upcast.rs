//! An event type that changed its meaning twice, and what older programs wrote of it.

use journal::{DecodeError, Parts, Payload, StoredParts, event_types, upcast};
use kernel::Reach;
use serde::{Deserialize, Serialize};

/// Version 1: whole degrees, and who read them.
#[derive(Deserialize, Serialize)]
struct FirstMeasured {
    degrees: i32,
}
/// Version 2: tenths.
#[derive(Deserialize, Serialize)]
struct SecondMeasured {
    tenths: i32,
}
/// Version 3: tenths, and whether the thermometer had been tested; nobody had asked before.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub(crate) struct Measured {
    tenths: i32,
    tested: Option<bool>,
}
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub(crate) struct Reader {
    name: String,
}

fn first(stored: &StoredParts) -> Result<StoredParts, DecodeError> {
    upcast("fridge.measured", stored, |old: Parts<FirstMeasured, (), Reader>| Parts {
        core: SecondMeasured { tenths: old.core.degrees * 10 },
        text: old.text,
        personal: old.personal,
    })
}

fn second(stored: &StoredParts) -> Result<StoredParts, DecodeError> {
    upcast("fridge.measured", stored, |old: Parts<SecondMeasured, (), Reader>| Parts {
        core: Measured { tenths: old.core.tenths, tested: None },
        text: old.text,
        personal: old.personal,
    })
}

event_types! {
    /// A fridge of a canteen.
    pub(crate) enum FridgeEvent {
        /// Its temperature was read.
        Measured("fridge.measured", 3, Reach::HERE, from [first, second]): Parts<Measured, (), Reader>,
        /// It was cleaned.
        Cleaned("fridge.cleaned", 1, Reach::HERE): Parts<Reader>,
    }
}

fn decoded(
    version: u16,
    core: &str,
    personal: Option<&str>,
) -> Result<(Measured, Option<String>), DecodeError> {
    let parts = StoredParts { core: core.to_owned(), text: None, personal: personal.map(str::to_owned) };
    match FridgeEvent::decode("fridge.measured", version, &parts)? {
        FridgeEvent::Measured(parts) => Ok((parts.core, parts.personal.map(|reader| reader.name))),
        FridgeEvent::Cleaned(_) => panic!("another event"),
    }
}

#[test]
fn what_every_version_wrote_is_read_as_the_newest() {
    let measured = |tested| Measured { tenths: 40, tested };
    let name = Some("李师傅".to_owned());
    let personal = Some(r#"{"name":"李师傅"}"#);
    assert_eq!(decoded(1, r#"{"degrees":4}"#, personal).unwrap(), (measured(None), name.clone()));
    assert_eq!(decoded(2, r#"{"tenths":40}"#, personal).unwrap(), (measured(None), name.clone()));
    assert_eq!(decoded(3, r#"{"tenths":40,"tested":true}"#, personal).unwrap(), (measured(Some(true)), name));
    // A name that was erased stays erased on the way up.
    assert_eq!(decoded(1, r#"{"degrees":4}"#, None).unwrap(), (measured(None), None));
}

#[test]
fn the_newest_is_written_and_every_version_is_known() {
    let event = FridgeEvent::Measured(Parts {
        core: Measured { tenths: -180, tested: Some(false) },
        text: None,
        personal: None,
    });
    assert_eq!(event.event_type(), ("fridge.measured", 3));
    assert_eq!(event.encode().unwrap().core, r#"{"tenths":-180,"tested":false}"#);
    let known: Vec<(&str, u16)> =
        FridgeEvent::types().iter().map(|(name, version, _)| (*name, *version)).collect();
    let three = |version| ("fridge.measured", version);
    assert_eq!(known, [three(1), three(2), three(3), ("fridge.cleaned", 1)]);
}

#[test]
fn a_version_from_the_future_and_a_broken_one_are_told_apart() {
    for version in [0, 4, u16::MAX] {
        let answer = decoded(version, r#"{"tenths":40}"#, None);
        assert!(matches!(answer, Err(DecodeError::Unknown(_, v)) if v == version), "{answer:?}");
    }
    let answer = decoded(1, r#"{"tenths":40}"#, None);
    assert!(matches!(answer, Err(DecodeError::Malformed { .. })), "{answer:?}");
}
