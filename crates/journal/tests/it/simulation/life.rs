//! One life of a platform, step by step.

use journal::{UnitOfWork, WorkLane};
use kernel::Timestamp;
use sha2::{Digest, Sha256};
use test_support::TestDb;

use super::{
    Happened,
    clients::{Arrival, Clients},
    dice::Dice,
    machine::{Machine, PLACES, faulty, mine, refused_commit},
    model::{Answer, Model},
};

/// What becomes of a batch.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Fine,
    /// A statement in the middle is refused, once.
    Mine,
    CommitRefused,
    DiesBefore,
    /// Dies while the log is being written. A server's disk is not ours to tear: there the batch is merely unheard.
    Torn,
    /// Everything is on the disk, nobody was told.
    DiesAfter,
}

/// An arrival's answer, and the journal after it, as the model has them.
struct Foreseen {
    answer: Answer,
    /// The transaction is given up over it.
    breaks: bool,
    after: Model,
}

pub(crate) struct Life {
    machine: Machine,
    model: Model,
    clients: Clients,
    dice: Dice,
    told: Sha256,
    pub happened: Happened,
}

impl Life {
    pub(crate) fn new(db: TestDb, seed: u64) -> Self {
        Self {
            machine: Machine::new(db, seed),
            model: Model::default(),
            clients: Clients::default(),
            dice: Dice::new(seed),
            told: Sha256::new(),
            happened: Happened::new(),
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.happened.entry(what).or_default() += 1;
    }

    pub(crate) fn step(&mut self) {
        self.clock_jumps();
        self.clients.act(&self.dice);
        let arrivals = self.clients.arrivals(&self.dice);
        let fate = match self.dice.below(100) {
            0..8 => Fate::Mine,
            8..12 => Fate::CommitRefused,
            12..16 => Fate::DiesBefore,
            16..22 => Fate::Torn,
            22..26 => Fate::DiesAfter,
            26..28 => {
                self.count("clean restart");
                self.machine.restart();
                self.compare();
                Fate::Fine
            }
            _ => Fate::Fine,
        };
        self.batch(&arrivals, fate);
    }

    /// The journal promises no order of times: positions are its order, and a time is what the clock showed.
    fn clock_jumps(&self) {
        let clock = &self.machine.world.clock;
        match self.dice.below(10) {
            0 => clock.advance_ms(40 * Timestamp::DAY_MS),
            1 => clock.advance_ms(-45 * Timestamp::DAY_MS),
            2 => clock.advance_ms(-1),
            3 | 4 => {}
            _ => clock.advance_ms(i64::try_from(self.dice.below(5_000)).unwrap()),
        }
    }

    fn now(&self) -> Timestamp {
        kernel::Clock::now(&*self.machine.world.clock)
    }

    fn foresee(&self, arrivals: &[Arrival]) -> Vec<Foreseen> {
        let mut model = self.model.clone();
        let mut foreseen = Vec::new();
        for arrival in arrivals {
            let refused = model.breaks(&arrival.asked, self.now());
            let answer = model.ask(&arrival.asked, self.now(), arrival.faulty);
            let fails = |code: &String| code == "already-exists" || code == "fault";
            let breaks = refused || answer.as_ref().is_err_and(fails);
            foreseen.push(Foreseen { answer, breaks, after: model.clone() });
        }
        foreseen
    }

    fn batch(&mut self, arrivals: &[Arrival], fate: Fate) {
        let foreseen = self.foresee(arrivals);
        match fate {
            Fate::Fine | Fate::Mine => self.lives_on(arrivals, foreseen, fate),
            Fate::CommitRefused => self.is_fenced(arrivals, &foreseen),
            Fate::DiesBefore => self.dies_before(arrivals, &foreseen),
            Fate::Torn | Fate::DiesAfter => self.dies_after(arrivals, &foreseen, fate),
        }
    }

    fn works(&self, arrivals: &[Arrival]) -> Vec<(WorkLane, UnitOfWork)> {
        let work = |arrival: &Arrival| {
            let work = arrival.asked.work();
            if arrival.faulty { faulty(work) } else { work }
        };
        let mut works: Vec<_> = arrivals.iter().map(|a| (WorkLane::Interactive, work(a))).collect();
        // How many of the bulk lane share a batch depends on how fast they were; the first one always does.
        if let Some((lane, _)) = works.last_mut()
            && self.dice.percent(20)
        {
            *lane = WorkLane::Bulk;
        }
        works
    }

    /// Sends one batch and waits until all of it is answered.
    fn answers(&mut self, works: Vec<(WorkLane, UnitOfWork)>) -> Vec<Answer> {
        let waiting = self.machine.world.gathered(works);
        let answers: Vec<Answer> = waiting
            .into_iter()
            .map(|answer| answer.blocking_recv().unwrap().map_err(|problem| problem.code().to_owned()))
            .collect();
        self.told.update(format!("{answers:?}"));
        answers
    }

    fn lives_on(&mut self, arrivals: &[Arrival], mut foreseen: Vec<Foreseen>, fate: Fate) {
        let mut works = self.works(arrivals);
        let mined = fate == Fate::Mine;
        if mined {
            self.count("mine");
            let steps = i64::try_from(self.dice.below(6)).unwrap() + 1;
            let [lay, clear] = mine(PLACES[self.dice.below(PLACES.len())], steps);
            works.insert(0, (WorkLane::Interactive, lay));
            works.iter_mut().for_each(|(lane, _)| *lane = WorkLane::Interactive);
            works.push((WorkLane::Interactive, clear));
        }
        let mut answers = self.answers(works);
        if mined {
            answers = answers[1..=arrivals.len()].to_vec();
        }
        let expected: Vec<&Answer> = foreseen.iter().map(|f| &f.answer).collect();
        assert_eq!(answers.iter().collect::<Vec<_>>(), expected, "{arrivals:?}");
        for (arrival, answer) in arrivals.iter().zip(&answers) {
            self.count_answer(answer);
            let heard = !self.dice.percent(20);
            self.clients.answer(arrival, heard.then_some(answer));
        }
        if let Some(last) = foreseen.pop() {
            self.model = last.after;
        }
    }

    fn count_answer(&mut self, answer: &Answer) {
        const CODES: &[&str] = &[
            "already-exists",
            "command-id-reused",
            "fault",
            "forbidden",
            "jar-too-little",
            "stale",
            "unit-full",
        ];
        match answer {
            Ok(outcome) if outcome.repeated => self.count("answered again"),
            Ok(_) => self.count("done"),
            Err(code) => self.count(CODES.iter().find(|known| *known == code).unwrap()),
        }
    }

    /// Nobody hears anything of this batch.
    fn unheard(&mut self, arrivals: &[Arrival]) {
        self.count("unheard");
        arrivals.iter().for_each(|arrival| self.clients.answer(arrival, None));
    }

    /// The commit is refused, so the writer writes no more. If a work of the batch fails before, each is tried alone,
    /// and those in front of the one whose commit is refused are done.
    fn is_fenced(&mut self, arrivals: &[Arrival], foreseen: &[Foreseen]) {
        self.count("commit refused");
        let at = self.dice.below(arrivals.len() + 1);
        let mut works = self.works(arrivals);
        works.iter_mut().for_each(|(lane, _)| *lane = WorkLane::Interactive);
        works.insert(at, (WorkLane::Interactive, refused_commit()));
        let mut answers = self.answers(works);
        assert_eq!(answers.remove(at), Err("fault".to_owned()));
        let done = if split(foreseen) { at } else { 0 };
        let expected: Vec<Answer> = (0..arrivals.len())
            .map(|n| if n < done { foreseen[n].answer.clone() } else { Err("fault".to_owned()) })
            .collect();
        assert_eq!(answers, expected, "{arrivals:?}");
        arrivals
            .iter()
            .zip(&answers)
            .for_each(|(arrival, answer)| self.clients.answer(arrival, Some(answer)));
        if let Some(arrival) = arrivals.first() {
            self.count("asked while fenced");
            let answer = self.machine.world.run(arrival.asked.work());
            assert_eq!(answer.map_err(|problem| problem.code().to_owned()), Err("fault".to_owned()));
            self.clients.answer(arrival, None);
        }
        if done > 0 {
            self.model = foreseen[done - 1].after.clone();
        }
        self.machine.restart();
        self.compare();
    }

    /// If a work in front of the death fails, each is tried alone, and those in front are done by then.
    fn dies_before(&mut self, arrivals: &[Arrival], foreseen: &[Foreseen]) {
        self.count("died before the commit");
        let at = self.dice.below(arrivals.len() + 1);
        let mut works = self.works(arrivals);
        works.iter_mut().for_each(|(lane, _)| *lane = WorkLane::Interactive);
        let (death, image) = self.machine.death();
        let before = self.machine.log_len();
        works.insert(at, (WorkLane::Interactive, death));
        let waiting = self.machine.world.gathered(works);
        waiting.into_iter().for_each(|answer| drop(answer.blocking_recv()));
        self.unheard(arrivals);
        let image = image.lock().unwrap().take();
        if !self.machine.on_files() {
            // The server ended the session and nothing was being committed: the writer comes back and tries each alone.
            if let Some(last) = foreseen.last() {
                self.model = last.after.clone();
            }
        } else if split(&foreseen[..at]) {
            self.model = foreseen[at - 1].after.clone();
        } else if image.as_ref().is_some_and(|image| image.log_len() > before) {
            self.count("died with half a batch in the log");
        }
        match image {
            Some(image) => self.machine.rise_from(&image),
            None => self.machine.restart(),
        }
        self.compare();
    }

    fn dies_after(&mut self, arrivals: &[Arrival], foreseen: &[Foreseen], fate: Fate) {
        let works = self.works(arrivals);
        let before = self.machine.log_len();
        self.answers(works);
        self.unheard(arrivals);
        let whole = foreseen.last().map_or_else(|| self.model.clone(), |last| last.after.clone());
        let mut possible = vec![whole];
        if self.machine.on_files() {
            let mut image = self.machine.image();
            if fate == Fate::Torn {
                self.count("log torn");
                let written = image.log_len().saturating_sub(before);
                let cut = before + self.dice.below(written + 1);
                image = image.torn(cut, self.dice.percent(50));
                possible.push(self.model.clone());
                if split(foreseen) {
                    possible.extend(foreseen.iter().map(|f| f.after.clone()));
                }
            }
            self.machine.rise_from(&image);
        } else {
            self.machine.restart();
        }
        if fate == Fate::DiesAfter {
            self.count("died after the commit");
        }
        let head = self.machine.head();
        if head == self.model.head() && head != possible[0].head() {
            self.count("log torn, batch lost");
        }
        let Some(now) = possible.iter().find(|model| model.head() == head) else {
            panic!(
                "a batch is there in part: {head} events, {:?} possible",
                possible.iter().map(Model::head).collect::<Vec<_>>()
            );
        };
        self.model = now.clone();
        self.compare();
    }

    /// The journal, what was done and the records are what the model has, and the journal agrees with itself.
    fn compare(&mut self) {
        let found = self.machine.found();
        let done: Vec<_> = found.done.iter().map(|(command, ..)| *command).collect();
        assert_eq!(self.clients.history.examine(&found.rows, &done), []);
        assert_eq!(found, self.model.found());
    }

    /// The line is mended: everybody asks until everything is answered, and then all that was done once more.
    pub(crate) fn settle(&mut self) {
        for open in [true, false] {
            let arrivals = self.clients.all(open);
            let foreseen = self.foresee(&arrivals);
            let answers = self.answers(self.works(&arrivals));
            let expected: Vec<&Answer> = foreseen.iter().map(|f| &f.answer).collect();
            assert_eq!(answers.iter().collect::<Vec<_>>(), expected);
            arrivals
                .iter()
                .zip(&answers)
                .for_each(|(arrival, answer)| self.clients.answer(arrival, Some(answer)));
            if let Some(last) = foreseen.into_iter().last() {
                self.model = last.after;
            }
        }
        self.compare();
        self.machine.made_again();
        self.compare();
        let report = self.machine.world.verified();
        self.told.update(report.head);
        self.told.update(report.state_digest);
    }

    pub(crate) fn digest(self) -> [u8; 32] {
        self.told.finalize().into()
    }
}

/// Some work of the batch makes the transaction fail, so that each is done in a transaction of its own.
fn split(foreseen: &[Foreseen]) -> bool {
    foreseen.iter().any(|f| f.breaks)
}
