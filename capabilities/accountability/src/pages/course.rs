//! Each deadline of a side and how it was kept, as the journal tells it: when the case was opened, and now.

use hazard::course::{Heard, Run};
use kernel::{Timestamp, UnitId};
use language::{Lang, Say};
use rules::RuleBook;
use web::view::{Cell, Column, Level, Mark, Table};

use crate::{reading::Kept, texts, words};

/// What a table of deadlines is made of.
pub(super) struct Course<'a> {
    pub lang: Lang,
    pub rules: &'a RuleBook,
    /// As of the instant looked at.
    pub runs: &'a [Kept],
    pub as_of: Timestamp,
    /// As of the opening of the case; a clarification has none.
    pub before: Option<(&'a [Kept], Timestamp)>,
}

impl Course<'_> {
    /// The deadlines of a unit; `None` where none ran for it.
    pub(super) fn table(&self, unit: UnitId, name: &str) -> Option<Table> {
        let lang = self.lang;
        let own: Vec<&Kept> = self.runs.iter().filter(|kept| kept.run.running.unit == unit).collect();
        if own.is_empty() {
            return None;
        }
        let mut columns = vec![
            Column::new(texts::course_clock(lang)),
            Column::new(texts::course_due(lang)),
            Column::new(texts::course_rule(lang)),
            Column::new(texts::course_heard(lang)),
        ];
        if self.before.is_some() {
            columns.push(Column::new(texts::course_before(lang)));
            columns.push(Column::new(texts::course_now(lang)));
        } else {
            columns.push(Column::new(texts::course_result(lang)));
        }
        Some(Table {
            caption: texts::course_caption(lang, name),
            columns,
            rows: own.into_iter().map(|kept| self.row(kept)).collect(),
        })
    }

    fn row(&self, kept: &Kept) -> Vec<Cell> {
        let lang = self.lang;
        let (run, say) = (&kept.run, Say(lang));
        let started = texts::course_from(lang, say.date_time(run.running.started));
        let due = Cell::text(say.date_time(run.running.due.at));
        let due = match run.moved.last() {
            Some(moved) => due.more(texts::course_moved(lang, say.date_time(moved.from), run.moved.len())),
            None => due,
        };
        let mut cells = vec![
            Cell::text(words::clock_of(lang, kept)).more(started),
            due,
            Cell::text(words::rule(lang, self.rules, &run.running.due.rule)),
            Cell::text(heard(lang, run)),
        ];
        if let Some((before, then)) = self.before {
            let known = before.iter().find(|one| {
                let (a, b) = (&one.run.running, &run.running);
                one.listing == kept.listing
                    && a.clock == b.clock
                    && a.unit == b.unit
                    && a.started == b.started
            });
            cells.push(known.map_or_else(
                || Cell::text(texts::course_not_begun(lang)),
                |one| marked(outcome(lang, &one.run, then)),
            ));
        }
        cells.push(marked(outcome(lang, run, self.as_of)));
        cells
    }
}

fn marked(mark: Mark) -> Cell {
    Cell { mark: Some(mark), ..Cell::default() }
}

/// How a deadline ended, or how it stands as of an instant.
pub(super) fn outcome(lang: Lang, run: &Run, as_of: Timestamp) -> Mark {
    let say = Say(lang);
    let late = run.late_ms(as_of);
    let missed = run.missed(as_of);
    let word = match (run.ended, late) {
        (Some(at), 0) if !missed => texts::course_in_time(lang, say.date_time(at)),
        (Some(at), 0) => texts::course_late_anyway(lang, say.date_time(at)),
        (Some(at), late) => texts::course_late(lang, say.date_time(at), say.span(late)),
        (None, 0) if !missed => texts::course_running(lang).to_owned(),
        (None, 0) => texts::course_running_late(lang).to_owned(),
        (None, late) => texts::course_overdue(lang, say.span(late)),
    };
    let level = match (missed, run.ended) {
        (true, _) => Level::Red,
        (false, Some(_)) => Level::Done,
        (false, None) => Level::Plain,
    };
    Mark::new(level, word)
}

/// Who was told what meanwhile.
fn heard(lang: Lang, run: &Run) -> String {
    let say = Say(lang);
    let said = |(at, heard): &(Timestamp, Heard)| {
        let at = say.date_time(*at);
        match heard {
            Heard::Warned(mark) if *mark >= 100 => texts::course_warned_over(lang, at),
            Heard::Warned(mark) => texts::course_warned(lang, at, u32::from(*mark)),
            Heard::Climbed(step) => texts::course_climbed(lang, at, hazard::words::climb(lang, *step)),
            Heard::Answered(step) => texts::course_answered(lang, at, hazard::words::climb(lang, *step)),
            Heard::Urged => texts::course_urged(lang, at),
        }
    };
    let said: Vec<String> = run.heard.iter().map(said).collect();
    if said.is_empty() {
        texts::course_nothing(lang).to_owned()
    } else {
        said.join(texts::course_between(lang))
    }
}

/// The deadlines of a unit that were missed, each in a sentence.
pub(super) fn missed(lang: Lang, runs: &[Kept], unit: UnitId, as_of: Timestamp) -> Vec<String> {
    let late = runs.iter().filter(|kept| kept.run.running.unit == unit && kept.run.missed(as_of));
    late.map(|kept| {
        let due = Say(lang).date_time(kept.run.running.due.at);
        texts::course_missed(lang, words::clock_of(lang, kept), due, outcome(lang, &kept.run, as_of).word)
    })
    .collect()
}

/// The rules behind the deadlines that ran, each once, with their clauses.
pub(super) fn rules_that_ran(runs: &[Kept]) -> Vec<&str> {
    let mut ids: Vec<&str> =
        runs.iter().map(|kept| kept.run.running.due.rule.as_str()).filter(|id| !id.is_empty()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
