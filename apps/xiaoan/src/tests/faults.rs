//! What `verify` and `restore` say of a platform that was tampered with.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, RwLock},
};

use journal::Vault;
use storage::{Database, Location, Param, Tx};

use super::support::County;
use crate::{
    cli::{called, faults},
    keys, platform,
};

/// A county with one hazard and its photo, which nobody serves.
fn stopped() -> (PathBuf, tempfile::TempDir) {
    let county = County::new();
    let unit = county.units["primary"].0.to_string();
    let fields =
        [("category", "H02"), ("unit", unit.as_str()), ("source", "self"), ("phrase", "围墙裂缝七号")];
    county.browser("safety").post_photo("/hazards/new?category=H02", "/hazards", "photos", &fields);
    county.stopped()
}

fn altered(data: &Path, sql: &str, params: &[Param<'_>]) {
    let database = Database::new(Location::Sqlite(data.join("xiaoan.db"))).unwrap();
    let _lease = database.lease().unwrap();
    let mut tx = database.writer().unwrap();
    assert!(tx.execute(sql, params).unwrap() > 0, "{sql}");
}

fn reader(data: &Path) -> Tx {
    Database::new(Location::Sqlite(data.join("xiaoan.db"))).unwrap().reader().unwrap()
}

fn told(data: &Path) -> Vec<String> {
    let rules = Arc::new(RwLock::new(platform::embedded_rules().unwrap()));
    let key = keys::read(&keys::default_path(data)).unwrap();
    let builder = platform::builder(Arc::new(Vault::new(&key)), rules);
    let mut tx = reader(data);
    let report = journal::verify(&mut tx, &builder, &|_| {}).unwrap();
    faults::told(&mut tx, &report)
}

fn verified(data: &Path) -> ExitCode {
    called(&["verify", "--data", &data.display().to_string()]).unwrap()
}

#[test]
fn a_fault_names_the_record_the_day_and_the_school() {
    let (data, _kept) = stopped();
    assert_eq!((told(&data), verified(&data)), (Vec::new(), ExitCode::SUCCESS));
    let registered = "SELECT position FROM event WHERE event_type = 'hazard.registered'";
    let position = reader(&data).count(registered, &[]).unwrap();
    altered(&data, "UPDATE event SET text_part = '{}' WHERE event_type = 'hazard.registered'", &[]);
    let lines = told(&data);
    assert!(lines[0].starts_with(&format!("entry {position} of the journal (")), "{lines:?}");
    assert!(lines[0].contains("2026") && lines[0].contains("示例小学"), "{lines:?}");
    assert!(lines[0].contains("the words in it were changed"), "{lines:?}");
    assert_eq!(verified(&data), ExitCode::from(3));

    altered(&data, "UPDATE hazard SET version = version + 1", &[]);
    let lines = told(&data).join("\n");
    assert!(lines.contains("hazard 2026-0001 of 示例小学 does not agree"), "{lines}");
    altered(&data, "DELETE FROM event WHERE position = ?1", &[Param::from(position - 1)]);
    let lines = told(&data).join("\n");
    assert!(lines.contains(&format!("entry {} of the journal is missing", position - 1)), "{lines}");
    for word in ["VerifyProblem", "PartAltered", "Gap {", "LocalChain", "position:"] {
        assert!(!lines.contains(word), "{word}: {lines}");
    }
}

#[test]
fn a_photo_is_told_by_its_hazard_and_where_to_put_it() {
    let (data, _kept) = stopped();
    let mut tx = reader(&data);
    let hash = tx.first("SELECT hash FROM attachment", &[], |row| row.text(0)).unwrap().unwrap();
    let lies = format!("files/{}/{}/{hash}", &hash[..2], &hash[2..4]);
    let store = attachments::Store::open(&data).unwrap();
    let name = hash.parse().unwrap();
    fs::write(data.join(&lies), b"another picture").unwrap();
    let said = faults::photo(&mut tx, name, &store.verify(name).unwrap_err()).unwrap();
    assert!(said.contains("a photo (of hazard 2026-0001 of 示例小学) was changed or damaged"), "{said}");
    assert!(said.contains(&format!("put {lies} back from a backup")), "{said}");
    fs::remove_file(data.join(&lies)).unwrap();
    let said = faults::photo(&mut tx, name, &store.verify(name).unwrap_err()).unwrap();
    assert!(said.contains("is missing: its page shows a gap"), "{said}");
    assert_eq!(verified(&data), ExitCode::from(3));
}

/// A backup of a county that was altered before, with the head that its own list should have.
fn backed_up(alter: impl FnOnce(&Path)) -> (PathBuf, tempfile::TempDir) {
    let (data, kept) = stopped();
    alter(&data);
    let copy = kept.path().join("copy");
    let words = ["backup", "--data", &data.display().to_string(), "--to", &copy.display().to_string()];
    assert_eq!(called(&words).unwrap(), ExitCode::SUCCESS);
    (copy, kept)
}

#[test]
fn a_damaged_copy_is_not_put_back_unless_somebody_says_so() {
    let sql = "UPDATE event SET text_part = '{}' WHERE event_type = 'hazard.registered'";
    let (copy, kept) = backed_up(|data| altered(data, sql, &[]));
    let again = kept.path().join("again");
    let (from, to) = (copy.display().to_string(), again.display().to_string());
    let words = ["restore", "--from", &from, "--data", &to];
    let refused = called(&words).unwrap_err();
    assert!(refused.to_string().contains("is damaged, see above: nothing was put back"), "{refused:#}");
    assert_eq!(
        fs::read_dir(kept.path())
            .unwrap()
            .filter(|one| { one.as_ref().unwrap().file_name().to_string_lossy().starts_with("again") })
            .count(),
        0,
        "nothing that could be served"
    );
    let although = [&words[..], &["--although-damaged"]].concat();
    assert_eq!(called(&although).unwrap(), ExitCode::from(3));
    assert!(again.join("xiaoan.db").exists());
}

#[test]
fn a_record_that_was_changed_in_a_copy_shows_where_the_key_is() {
    let (copy, kept) = backed_up(|data| altered(data, "UPDATE hazard SET version = version + 1", &[]));
    let again = kept.path().join("again");
    fs::copy(kept.path().join("data.key"), kept.path().join("again.key")).unwrap();
    let words = ["restore", "--from", &copy.display().to_string(), "--data", &again.display().to_string()];
    assert!(called(&words).is_err());
}

#[test]
fn a_copy_with_torn_pages_is_refused_in_words() {
    let (copy, kept) = backed_up(|_| {});
    let file = copy.join("xiaoan.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8_192].fill(0xA5);
    fs::write(&file, bytes).unwrap();
    let again = kept.path().join("again");
    let words = ["restore", "--from", &copy.display().to_string(), "--data", &again.display().to_string()];
    let refused = called(&words).unwrap_err().to_string();
    assert!(refused.contains("damaged") && refused.contains("nothing was put back"), "{refused}");
    assert!(!again.exists());
}
