//! Stages of a long task: each has a time budget, and a table at the end tells what each took.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::run::{complain, say};

/// How a stage ended.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Passed(String),
    Skipped(String),
    Failed(String),
}

/// What a stage has to say when it did not fail.
pub enum Done {
    /// It did its work; a word on what it found, or nothing.
    Passed(String),
    /// It did not, and why.
    Skipped(String),
}

/// The stages so far.
#[derive(Default)]
pub struct Stages {
    rows: Vec<(&'static str, Option<Duration>, Duration, Outcome)>,
}

impl Stages {
    /// Runs one stage; `None` when it failed.
    pub fn stage<T>(
        &mut self,
        name: &'static str,
        budget: Option<Duration>,
        work: impl FnOnce() -> Result<(T, Done)>,
    ) -> Option<T> {
        match budget {
            Some(budget) => say(&format!("\n== {name} (budget {})", clock(budget))),
            None => say(&format!("\n== {name}")),
        }
        let started = Instant::now();
        let (value, outcome) = match work() {
            Ok((value, Done::Passed(note))) => (Some(value), Outcome::Passed(note)),
            Ok((value, Done::Skipped(why))) => (Some(value), Outcome::Skipped(why)),
            Err(error) => {
                complain(&format!("{error:#}"));
                (None, Outcome::Failed(first_line(&format!("{error:#}"))))
            }
        };
        self.rows.push((name, budget, started.elapsed(), outcome));
        value
    }

    /// A stage that was not even begun.
    pub fn skip(&mut self, name: &'static str, why: &str) {
        self.rows.push((name, None, Duration::ZERO, Outcome::Skipped(why.to_owned())));
    }

    /// Prints the table; an error names the stages that failed.
    pub fn finish(self) -> Result<()> {
        say("\nstage             took     budget   result");
        for (name, budget, took, outcome) in &self.rows {
            let over = budget.is_some_and(|budget| *took > budget);
            let budget = budget.map_or_else(|| "-".to_owned(), clock);
            let result = match outcome {
                Outcome::Passed(note) => format!("ok {note}"),
                Outcome::Skipped(why) => format!("skipped: {why}"),
                Outcome::Failed(why) => format!("FAILED {why}"),
            };
            let over = if over { "  (over its budget)" } else { "" };
            say(format!("{name:<17} {:<8} {budget:<8} {result}{over}", clock(*took)).trim_end());
        }
        let failed: Vec<&str> = self
            .rows
            .iter()
            .filter(|(.., outcome)| matches!(outcome, Outcome::Failed(_)))
            .map(|(name, ..)| *name)
            .collect();
        if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{seconds}.{}s", time.subsec_millis() / 100)
    } else {
        format!("{}m{:02}s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_stage_is_named_and_the_others_go_on() {
        let mut stages = Stages::default();
        assert_eq!(stages.stage("one", None, || Ok((1, Done::Passed(String::new())))), Some(1));
        assert_eq!(stages.stage::<()>("two", Some(Duration::ZERO), || bail!("broken\nat length")), None);
        stages.skip("three", "two failed");
        assert_eq!(stages.finish().unwrap_err().to_string(), "failed: two");
    }

    #[test]
    fn times_are_short() {
        assert_eq!(clock(Duration::from_millis(1_250)), "1.2s");
        assert_eq!(clock(Duration::from_secs(1_805)), "30m05s");
    }
}
