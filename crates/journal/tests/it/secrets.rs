use journal::{Vault, VaultError, VerifyProblem};
use kernel::IdSource;
use storage::params;
use test_support::both_databases;

use crate::jar::*;

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|w| w == needle)
}

both_databases! {
    fn names_are_sealed_at_rest(db: TestDb) {
        let mut world = World::new(db.database(), 1);
        let name = "欧阳小明";
        let note = JarCommand::Put(unit(1), 1, Some("看得见的字".to_owned()));
        world.run(work(1).ask::<Jar>(id(1), note).ask::<Jar>(id(1), JarCommand::Own(name.to_owned()))).unwrap();
        let mut tx = world.reader();
        let rows = tx
            .query("SELECT personal_part FROM event WHERE personal_part IS NOT NULL", params![], |row| row.blob(0))
            .unwrap();
        assert_eq!(rows.len(), 1);
        assert!(!holds(&rows[0], name.as_bytes()) && !holds(&rows[0], "欧阳".as_bytes()));
        let mut read = |vault: Option<&Vault>| {
            journal::events_of_stream(&mut tx, id(1), vault).unwrap()[1].parts.personal.clone()
        };
        assert_eq!(read(Some(&Vault::new(&KEY))), Some(format!("{{\"name\":\"{name}\"}}")));
        assert_eq!(read(Some(&Vault::new(&[8; 32]))), None);
        assert_eq!(read(None), None);
        drop(tx);
        // Whoever verifies with another key is told, and can tell it from a broken chain.
        let other = journal::EngineBuilder::new(std::sync::Arc::new(Vault::new(&[8; 32])), std::sync::Arc::new(Open));
        let report = journal::verify(&mut world.reader(), &other, &|_| ()).unwrap();
        assert_eq!(report.problems, [VerifyProblem::PartAltered { position: 2, part: kernel::Part::Personal }]);
        world.stop();
        if !db.is_postgres() {
            let mut files = std::fs::read_dir(db.directory()).unwrap().map(|f| f.unwrap().path()).collect::<Vec<_>>();
            files.sort();
            let bytes: Vec<u8> = files.iter().flat_map(|f| std::fs::read(f).unwrap()).collect();
            assert!(holds(&bytes, "看得见的字".as_bytes()), "the test's premise");
            assert!(!holds(&bytes, name.as_bytes()));
        }
    }
}

#[test]
fn sealed_data_open_only_whole_with_their_key_and_context() {
    let (vault, ids) = (Vault::new(&KEY), IdSource::seeded(1));
    let sealed = vault.seal("张三".as_bytes(), b"here", &ids).unwrap();
    assert_ne!(
        sealed,
        vault.seal("张三".as_bytes(), b"here", &ids).unwrap(),
        "the same twice looks different"
    );
    assert_eq!(vault.open(&sealed, b"here").unwrap(), "张三".as_bytes());
    assert_eq!(vault.open(&sealed, b"there"), Err(VaultError::Closed));
    assert_eq!(Vault::new(&[8; 32]).open(&sealed, b"here"), Err(VaultError::Closed));
    for at in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert_eq!(vault.open(&altered, b"here"), Err(VaultError::Closed), "{at}");
        assert_eq!(vault.open(&sealed[..at], b"here"), Err(VaultError::Closed), "{at}");
    }
    assert_ne!(vault.lookup("telephone", "13800000000"), vault.lookup("identity", "13800000000"));
    assert_ne!(
        vault.lookup("telephone", "13800000000"),
        Vault::new(&[8; 32]).lookup("telephone", "13800000000")
    );
    assert!(!format!("{vault:?}").contains('7'));
}
