use journal::VerifyProblem;
use kernel::IdSource;
use storage::{Tx, params};
use test_support::both_databases;

use crate::jar::*;

const TEXTS: [&str; 8] =
    ["core_part", "text_part", "unit_path", "rules", "stream_kind", "event_type", "actor_kind", "state"];
const BLOBS: [&str; 9] = [
    "personal_part",
    "core_salt",
    "text_salt",
    "personal_salt",
    "core_digest",
    "text_digest",
    "personal_digest",
    "origin_chain",
    "local_chain",
];
const INTS: [&str; 8] = [
    "recorded_at",
    "decided_at",
    "sequence",
    "type_version",
    "epoch",
    "hash_algorithm",
    "stream_version",
    "version",
];
const UUIDS: [&str; 7] = ["event_id", "node", "unit_id", "actor_id", "cause", "command_id", "stream_id"];

struct Forger<'a> {
    tx: &'a mut Tx,
    ids: IdSource,
}

impl Forger<'_> {
    fn dice(&self, below: usize) -> usize {
        u32::from_be_bytes(self.ids.bytes()) as usize % below
    }

    /// Table and key column of a column, and the key of a random row that has it.
    fn row(&mut self, column: &str) -> (&'static str, &'static str, i64) {
        let (table, key) = match column {
            "state" | "version" => ("jar", "first_position"),
            _ => ("event", "position"),
        };
        let sql = format!("SELECT {key} FROM {table} WHERE {column} IS NOT NULL ORDER BY {key}");
        let rows = self.tx.query(&sql, params![], |row| row.int(0)).unwrap();
        (table, key, rows[self.dice(rows.len())])
    }

    fn text(&mut self, column: &str) -> String {
        let (table, key, row) = self.row(column);
        let sql = format!("SELECT {column} FROM {table} WHERE {key} = ?1");
        let old = self.tx.first(&sql, params![row], |row| row.text(0)).unwrap().unwrap();
        let mut characters: Vec<char> = old.chars().collect();
        match self.dice(3) {
            0 => characters.push('x'),
            1 if characters.len() > 1 => drop(characters.pop()),
            _ => {
                let at = self.dice(characters.len());
                characters[at] = if characters[at] == '7' { '8' } else { '7' };
            }
        }
        let new: String = characters.into_iter().collect();
        self.tx
            .write(&format!("UPDATE {table} SET {column} = ?2 WHERE {key} = ?1"), params![row, &new])
            .unwrap();
        format!("{column} of {row}: {old} -> {new}")
    }

    fn blob(&mut self, column: &str) -> String {
        let (table, key, row) = self.row(column);
        let sql = format!("SELECT {column} FROM {table} WHERE {key} = ?1");
        let mut bytes = self.tx.first(&sql, params![row], |row| row.blob(0)).unwrap().unwrap();
        let at = self.dice(bytes.len());
        match self.dice(6) {
            0 => drop(bytes.pop()),
            1 => bytes.push(0),
            bit => bytes[at] ^= 1 << bit,
        }
        self.tx
            .write(&format!("UPDATE {table} SET {column} = ?2 WHERE {key} = ?1"), params![row, &bytes])
            .unwrap();
        format!("{column} of {row} at {at}")
    }

    fn number(&mut self, column: &str) -> String {
        let (table, key, row) = self.row(column);
        let by = [1_i64, 1_000, 100_000, -5_000][self.dice(4)];
        // The next version is taken, and the database says so.
        let by = if column == "stream_version" && by == 1 { 77 } else { by };
        let sql = format!("UPDATE {table} SET {column} = {column} + ?2 WHERE {key} = ?1");
        self.tx.write(&sql, params![row, by]).unwrap();
        format!("{column} of {row} by {by}")
    }

    fn uuid(&mut self, column: &str) -> String {
        let (table, key, row) = self.row(column);
        let new = uuid::Uuid::from_bytes(self.ids.bytes());
        self.tx
            .write(&format!("UPDATE {table} SET {column} = ?2 WHERE {key} = ?1"), params![row, new])
            .unwrap();
        format!("{column} of {row}")
    }

    fn rows(&mut self) -> String {
        let last = self.tx.count("SELECT MAX(position) FROM event", params![]).unwrap();
        let (_, _, a) = self.row("position");
        let b = a % last + 1;
        let (what, statements): (&str, Vec<&str>) = match self.dice(8) {
            0 => ("deleted", vec!["DELETE FROM event WHERE position = ?1"]),
            1 => ("cut off", vec!["DELETE FROM event WHERE position >= ?1"]),
            2 => (
                "swapped",
                vec![
                    "UPDATE event SET position = -7 WHERE position = ?1",
                    "UPDATE event SET position = ?1 WHERE position = ?2",
                    "UPDATE event SET position = ?2 WHERE position = -7",
                ],
            ),
            3 => {
                ("core gone", vec!["UPDATE event SET core_part = NULL, core_salt = NULL WHERE position = ?1"])
            }
            4 => ("half erased", vec!["UPDATE event SET text_part = NULL WHERE text_part IS NOT NULL"]),
            5 => ("moved away", vec!["UPDATE event SET position = -7 WHERE position = ?1"]),
            6 => ("no record", vec!["DELETE FROM jar WHERE last_position >= ?1"]),
            _ => ("shifted", vec!["UPDATE event SET position = position + 1000 WHERE position > ?1"]),
        };
        let (a, b) = if what == "shifted" { (last / 2, b) } else { (a, b) };
        let a = if what == "no record" { last / 2 } else { a };
        for sql in statements {
            let values: &[storage::Param<'_>] = match (sql.contains("?2"), sql.contains("?1")) {
                (true, true) => params![a, b],
                (true, false) => &[storage::Param::Int(b)],
                (false, true) => params![a],
                (false, false) => params![],
            };
            self.tx.write(&sql.replace("?2", if sql.contains("?1") { "?2" } else { "?1" }), values).unwrap();
        }
        format!("{what}: {a} {b}")
    }
}

both_databases! {
    fn every_single_tampering_is_found(db: TestDb) {
        let mut world = World::new(db.database(), 1);
        lived_in(&world, 0);
        world.assert_sound();
        world.stop();
        let mut tx = db.database().writer().unwrap();
        for round in 0..400_usize {
            tx.begin().unwrap();
            let seed = u64::try_from(round).unwrap();
            let mut forger = Forger { tx: &mut tx, ids: IdSource::seeded(seed) };
            // The first rounds try every column, the others whatever comes.
            let every = TEXTS.len() + BLOBS.len() + INTS.len() + UUIDS.len() + 8;
            let mut at = if round < every { round } else { forger.dice(every) };
            let what = if at < TEXTS.len() {
                forger.text(TEXTS[at])
            } else {
                at -= TEXTS.len();
                if at < BLOBS.len() {
                    forger.blob(BLOBS[at])
                } else {
                    at -= BLOBS.len();
                    if at < INTS.len() {
                        forger.number(INTS[at])
                    } else if at < INTS.len() + UUIDS.len() {
                        forger.uuid(UUIDS[at - INTS.len()])
                    } else {
                        forger.rows()
                    }
                }
            };
            let report = journal::verify(&mut tx, &builder(), &|_| ()).unwrap_or_else(|e| panic!("{what}: {e}"));
            assert!(report.problem_count > 0, "round {round} went unnoticed: {what}");
            tx.rollback().unwrap();
        }
        world.assert_sound();
    }

    fn a_tail_cut_off_with_all_its_records_is_found(db: TestDb) {
        let mut world = World::new(db.database(), 2);
        lived_in(&world, 0);
        world.stop();
        let mut tx = db.database().writer().unwrap();
        tx.begin().unwrap();
        let last = u64::try_from(tx.count("SELECT MAX(position) FROM event", params![]).unwrap()).unwrap();
        tx.write("DELETE FROM event WHERE position > ?1", params![last - 3]).unwrap();
        journal::rebuild(&mut tx, &builder(), &world.ids, &|_| ()).unwrap();
        let report = journal::verify(&mut tx, &builder(), &|_| ()).unwrap();
        assert_eq!(report.problems, [VerifyProblem::Tail { head: last - 3, acknowledged: last }]);
    }

    fn a_core_of_our_own_is_never_lawfully_gone(db: TestDb) {
        let mut world = World::new(db.database(), 3);
        lived_in(&world, 0);
        world.stop();
        let mut tx = db.database().writer().unwrap();
        tx.begin().unwrap();
        tx.write("UPDATE event SET core_part = NULL, core_salt = NULL WHERE position = 4", params![]).unwrap();
        let report = journal::verify(&mut tx, &builder(), &|_| ()).unwrap();
        assert!(report.problems.contains(&VerifyProblem::PartAltered { position: 4, part: kernel::Part::Core }));
        assert_eq!(report.problem_count, 2, "the part, and the record it belongs to: {:?}", report.problems);
    }
}
