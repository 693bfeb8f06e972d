//! One platform lived through again and again: clients that ask twice, lines that lose answers, a clock that jumps,
//! a database that refuses, a machine that dies. A seed decides everything, so a life that goes wrong can be lived
//! again: `XIAOAN_SEED=17 cargo test -p journal --test it simulation::seed_again`, or `XIAOAN_SEED=600..9000` for
//! many.
//!
//! The engine, its queues and its database are the real ones. Only the machine is played: it dies when its files are
//! copied, and the next process starts on the copy.

mod clients;
mod dice;
mod history;
mod life;
mod machine;
mod model;

use std::{collections::BTreeMap, ops::Range};

use test_support::{TestDb, both_databases};

use life::Life;

const SEED: &str = "XIAOAN_SEED";
const STEPS: usize = 20;

/// Says which seed it was when a life ends in a panic.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("again: {SEED}={} cargo test -p journal --test it simulation::seed_again", self.0);
        }
    }
}

/// What happened in many lives, counted.
type Happened = BTreeMap<&'static str, u32>;

/// Lives one life; its digest is everything that was answered and everything that was written.
fn lived(db: TestDb, seed: u64, happened: &mut Happened) -> [u8; 32] {
    let _told = Told(seed);
    let mut life = Life::new(db, seed);
    for _ in 0..STEPS {
        life.step();
    }
    life.settle();
    for (what, times) in &life.happened {
        *happened.entry(what).or_default() += times;
    }
    life.digest()
}

/// No life proves anything when nothing happens in it.
fn each_happened(happened: &Happened) {
    println!("{happened:?}");
    let all = [
        "answered again",
        "already-exists",
        "asked while fenced",
        "command-id-reused",
        "clean restart",
        "commit refused",
        "died after the commit",
        "died before the commit",
        "died with half a batch in the log",
        "done",
        "fault",
        "forbidden",
        "jar-too-little",
        "log torn",
        "log torn, batch lost",
        "mine",
        "stale",
        "unit-full",
        "unheard",
    ];
    let missing: Vec<_> = all.iter().filter(|what| !happened.contains_key(**what)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn on_files(seeds: Range<u64>) {
    let mut happened = Happened::new();
    for seed in seeds {
        lived(TestDb::new_sqlite_in_memory(), seed, &mut happened);
    }
    each_happened(&happened);
}

/// Eight tests instead of one, so that they run beside each other.
macro_rules! seeds {
    ($($name:ident: $seeds:expr;)*) => {$(
        #[test]
        fn $name() {
            on_files($seeds);
        }
    )*};
}

seeds! {
    seeds_to_64: 0..64;
    seeds_to_128: 64..128;
    seeds_to_192: 128..192;
    seeds_to_256: 192..256;
    seeds_to_320: 256..320;
    seeds_to_384: 320..384;
    seeds_to_448: 384..448;
    seeds_to_512: 448..512;
}

#[test]
fn some_seeds_on_a_server() {
    let mut happened = Happened::new();
    for seed in 0..6 {
        let Some(db) = TestDb::new_postgres() else { return };
        lived(db, seed, &mut happened);
    }
    println!("{happened:?}");
}

/// A new database of the same kind.
fn another(db: &TestDb) -> TestDb {
    if db.is_postgres() { TestDb::new_postgres().unwrap() } else { TestDb::new_sqlite_in_memory() }
}

both_databases! {
    fn a_seed_decides_everything(db: TestDb) {
        let live = |seed| lived(another(&db), seed, &mut Happened::new());
        let (once, again, other) = (live(7), live(7), live(8));
        assert_eq!(once, again);
        assert_ne!(once, other);
    }

    fn seed_again(db: TestDb) {
        let Some(seeds) = ordered() else { return };
        for seed in seeds {
            let [a, b, c, d, ..] = lived(another(&db), seed, &mut Happened::new());
            println!("seed {seed}: {a:02x}{b:02x}{c:02x}{d:02x}");
        }
    }
}

/// The seeds that whoever runs the tests wants to see.
#[expect(clippy::disallowed_methods, reason = "how a failed seed is asked for again")]
fn ordered() -> Option<Range<u64>> {
    let text = std::env::var(SEED).ok()?;
    let (first, end) = text.split_once("..").unwrap_or((&text, ""));
    let first = first.parse().expect("a seed is a number");
    let end = if end.is_empty() { first + 1 } else { end.parse().expect("a seed is a number") };
    Some(first..end)
}
