//! `xiaoan ledger export`, and the verifier that knows nothing of this program.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    reuse::{fixed, jpeg, registered, scene},
    support::County,
};
use crate::cli::called;

struct Run {
    sound: bool,
    said: String,
}

/// A script of the folder `tools`, as somebody runs it who was handed a bundle.
fn tool(script: &str, words: &[&str]) -> Run {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools").join(script);
    let done =
        Command::new("python3").arg("-B").arg(path).args(words).output().expect("python3 is installed");
    let said = [done.stdout, done.stderr].concat();
    Run { sound: done.status.success(), said: String::from_utf8_lossy(&said).into_owned() }
}

/// A county in which a major hazard was found and fixed, and its bundle.
fn bundle(folder: &Path) -> (County, PathBuf) {
    let county = County::new();
    let other = registered(&county, ("head", "primary"), "东楼梯", &jpeg(&scene(3), 80));
    let record = registered(&county, ("safety", "primary"), "校门", &jpeg(&scene(1), 80));
    fixed(&county, &record, &jpeg(&scene(2), 80));
    registered(&county, ("head", "primary"), "西楼梯", &jpeg(&scene(4), 80));
    assert_ne!(other, record);
    let out = folder.join("bundle");
    let (address, data) = (format!("https://xiaoan.example{record}?act=accept"), county.data());
    let words = ["ledger", "export", "--record", &*address, "--out"];
    let paths = [out.display().to_string(), "--data".to_owned(), data.display().to_string()];
    let words: Vec<&str> = words.into_iter().chain(paths.iter().map(String::as_str)).collect();
    called(&words).unwrap();
    (county, out)
}

#[test]
fn a_bundle_is_checked_without_the_program_and_every_alteration_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let (county, out) = bundle(folder.path());
    let path = out.display().to_string();
    let run = tool("verify_ledger.py", &[&path]);
    assert!(run.sound && run.said.contains("demonstration data"), "{}", run.said);
    let head = county.platform.database.reader().unwrap();
    let chain = journal::ChainHead::load(&mut { head }, county.platform.handle.identity()).unwrap().local;
    let chain = kernel::hex::write(chain);
    assert!(tool("verify_ledger.py", &[&path, "--head", &chain]).sound, "as a paper prints it");
    assert!(!tool("verify_ledger.py", &[&path, "--head", &"0".repeat(64)]).sound);
    assert!(!tool("verify_ledger.py", &[&path, "--seal", &"0".repeat(64)]).sound);
    let run = tool("tamper_ledger.py", &[&path]);
    assert!(run.sound && run.said.contains("1000 of 1000"), "{}", run.said);
}

#[test]
fn a_bundle_holds_the_record_and_its_photos_and_nothing_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let (_county, out) = bundle(folder.path());
    let lines = fs::read_to_string(out.join("ledger.jsonl")).unwrap();
    assert!(lines.contains("校门") && lines.contains("hazard.registered"), "{lines}");
    assert!(!lines.contains("楼梯"), "what was found elsewhere is a digest here");
    assert_eq!(fs::read_dir(out.join("files")).unwrap().count(), 2, "as it was found, and as it was fixed");
}

#[test]
fn what_is_no_record_is_said_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let county = County::new();
    let (out, data) = (folder.path().join("b").display().to_string(), county.data().display().to_string());
    let said = |record: &str| {
        let words = ["ledger", "export", "--record", record, "--out", &out, "--data", &data];
        format!("{:#}", called(&words).unwrap_err())
    };
    assert!(said("隐患 7").contains("neither the address of a record nor its id"));
    assert!(said("0198c9f0-0000-7000-8000-000000000000").contains("no record is called"));
    assert!(!folder.path().join("b").exists());
}
