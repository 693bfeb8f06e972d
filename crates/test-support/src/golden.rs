//! Golden samples: one of every event type and version, as a journal may hold it, decoded for ever. They lie in the folder
//! `golden` of their package and never change; a new version gets a new file (`XIAOAN_WRITE=1` writes the ones that are
//! missing).

use std::{collections::BTreeSet, fs, path::PathBuf};

use journal::{Payload, StoredParts};
use serde_json::{Value, json};

/// What is missing is to be written: a switch for whoever works on the tests.
#[expect(clippy::disallowed_methods, reason = "a switch for whoever works on the tests")]
pub fn writing() -> bool {
    std::env::var("XIAOAN_WRITE").is_ok_and(|value| value == "1")
}

/// The samples of a package.
pub struct Golden {
    folder: PathBuf,
    known: BTreeSet<PathBuf>,
}

/// Those of the package with this folder: `env!("CARGO_MANIFEST_DIR")`.
pub fn of(package: &str) -> Golden {
    Golden { folder: PathBuf::from(package).join("golden"), known: BTreeSet::new() }
}

fn sample<E: Payload>(event: &E) -> Value {
    let encoded = event.encode().expect("an event can be written");
    let part = |text: &String| serde_json::from_str::<Value>(text).expect("a part is JSON");
    json!({
        "core": part(&encoded.core),
        "text": encoded.text.as_ref().map(part),
        "personal": encoded.personal.as_ref().map(part),
    })
}

impl Golden {
    /// Every type of a kind of event has its sample, which is decoded and written again the same, and decoded without
    /// the parts that may be erased. `lives` are events in which each type happens; the first of each type says most.
    ///
    /// # Panics
    /// When a sample is missing, or says something else by now.
    #[must_use]
    pub fn understood<E: Payload>(mut self, lives: &[E]) -> Self {
        for (name, version, _) in E::types() {
            let path = self.folder.join(format!("{name}.v{version}.json"));
            if writing() && !path.exists() {
                let event = lives.iter().find(|event| event.event_type() == (name, version));
                let event = event.unwrap_or_else(|| panic!("{name} version {version} never happens here"));
                fs::create_dir_all(&self.folder).expect("a folder for samples");
                let text = serde_json::to_string_pretty(&sample(event)).expect("a sample is JSON") + "\n";
                fs::write(&path, text).expect("a sample is written");
            }
            let text = fs::read_to_string(&path).unwrap_or_else(|_| {
                panic!("{name} version {version} has no sample; XIAOAN_WRITE=1 writes it")
            });
            check::<E>((name, version), &serde_json::from_str(&text).expect("a sample is JSON"));
            self.known.insert(path);
        }
        self
    }

    /// No other sample lies there: event types are never removed.
    ///
    /// # Panics
    /// When one does.
    pub fn nothing_else(self) {
        for entry in fs::read_dir(&self.folder).expect("a folder of samples") {
            let path = entry.expect("a sample").path();
            assert!(
                self.known.contains(&path),
                "{} is read by nobody: event types are never removed",
                path.display()
            );
        }
    }
}

fn check<E: Payload>((name, version): (&str, u16), golden: &Value) {
    let part = |key: &str| golden.get(key).filter(|part| !part.is_null()).map(Value::to_string);
    let stored = StoredParts {
        core: part("core").unwrap_or_default(),
        text: part("text"),
        personal: part("personal"),
    };
    let event = E::decode(name, version, &stored).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(&sample(&event), golden, "{name} lost something");
    // Erased text is faced.
    let erased = StoredParts { text: None, personal: None, ..stored };
    assert!(E::decode(name, version, &erased).is_ok(), "{name}");
}
