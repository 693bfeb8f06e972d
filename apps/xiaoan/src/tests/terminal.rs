//! What the commands say at the terminal before anything is made, opened or taken away.

use std::{net::TcpListener, sync::Arc};

use kernel::{IdSource, SystemClock};

use crate::{
    cli::called,
    platform::{Founding, Opening, Platform},
    settings::Settings,
};

fn refused(words: &[&str]) -> String {
    format!("{:#}", called(words).unwrap_err())
}

#[test]
fn a_folder_without_a_platform_is_said_to_be_one() {
    let folder = tempfile::tempdir().unwrap();
    let nope = folder.path().join("nope").display().to_string();
    let out = folder.path().join("a.csv").display().to_string();
    for words in [
        vec!["verify", "--data", &nope],
        vec!["serve", "--data", &nope],
        vec!["export", "units", "--out", &out, "--data", &nope],
        vec!["import", "--kind", "register", &out, "--data", &nope],
    ] {
        let said = refused(&words);
        assert!(said.contains("holds no platform") && said.contains("xiaoan init"), "{words:?}: {said}");
    }
    assert!(!folder.path().join("nope").exists(), "nothing was made by looking");
}

#[test]
fn a_demonstration_asks_for_its_port_first_and_takes_no_real_platform() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = folder.path().join("demo").display().to_string();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refused(&["demo", "--data", &fresh, "--listen", &address]);
    assert!(said.contains("is in use"), "{said}");
    assert!(!folder.path().join("demo").exists(), "nothing was made for nothing");
    let said = refused(&["demo", "--data", &fresh, "--listen", "nonsense"]);
    assert!(said.contains("HOST:PORT"), "{said}");

    let data = folder.path().join("real");
    let settings = Settings { data: data.clone(), ..Settings::default() };
    let opening = Opening {
        clock: Arc::new(SystemClock),
        ids: Arc::new(IdSource::seeded(1)),
        found: Some(Founding::Real),
    };
    drop(Platform::open(&settings, opening).unwrap());
    let said = refused(&["demo", "--only-load", "--data", &data.display().to_string()]);
    assert!(said.contains("platform for real work; use `xiaoan serve`"), "{said}");
    assert!(data.join("xiaoan.db").exists(), "and nothing of it was touched");
}
