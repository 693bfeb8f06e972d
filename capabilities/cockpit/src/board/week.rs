//! What stands out this week, in sentences: the gravest first, each leading to what it speaks of.

use hazard::Level as Grade;
use web::view::Level;

use super::{Figure, SchoolLine, Sight, links};
use crate::texts;

/// Sentences that are shown.
const SHOWN: usize = 8;

/// A sentence about a number, and where that is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence {
    pub level: Level,
    pub words: String,
    pub figure: Figure,
}

pub(super) fn sentences(sight: Sight<'_>, schools: &[SchoolLine]) -> Vec<Sentence> {
    let graves = [majors(sight), long_overdue(sight)];
    let known = known_now(sight);
    let rest = [most_overdue(sight, schools), silent(sight, schools)];
    let all = graves.into_iter().chain(known).chain(rest).flatten();
    all.filter(|sentence| sentence.figure.value > 0).take(SHOWN).collect()
}

/// 本周新登记的重大隐患
fn majors(sight: Sight<'_>) -> Option<Sentence> {
    let (lang, facts) = (sight.lang, sight.facts);
    let here = facts.registered.iter().filter(|one| facts.spans.within(facts.spans.week, one.span));
    let major = here.filter(|one| one.level == Some(Grade::Major) && !one.withdrawn);
    let value = major.map(|one| one.amount).sum();
    let href = || links::registered(facts.spans.week, &[("stage", "kept"), ("level", "major")]);
    Some(Sentence {
        level: Level::Red,
        words: texts::week_major(lang, value),
        figure: sight.figure(value, href),
    })
}

fn long_overdue(sight: Sight<'_>) -> Option<Sentence> {
    let (lang, facts) = (sight.lang, sight.facts);
    let value = sight.count(|one| one.overdue && one.long_overdue);
    let to = facts.day.back(facts.long_days + 1).to_string();
    let href = || links::hazards(&[("stage", "overdue"), ("sort", "due"), ("due_to", &to)]);
    Some(Sentence {
        level: Level::Red,
        words: texts::week_long(lang, facts.long_days, value),
        figure: sight.figure(value, href),
    })
}

/// What has no past is told of now alone.
fn known_now(sight: Sight<'_>) -> [Option<Sentence>; 2] {
    let (lang, week) = (sight.lang, sight.facts.spans.week);
    let Some(present) = &sight.facts.present else { return [None, None] };
    let unreported = Sentence {
        level: Level::Orange,
        words: texts::week_unreported(lang, present.unreported),
        figure: Figure {
            value: i64::from(present.unreported),
            href: "/supervisions?stage=unreported".to_owned(),
        },
    };
    let repeated = Sentence {
        level: Level::Yellow,
        words: texts::week_repeated(lang, present.repeated_lately),
        figure: Figure {
            value: present.repeated_lately,
            href: links::registered(week, &[("stage", "kept"), ("repeat", "1")]),
        },
    };
    [Some(unreported), Some(repeated)]
}

fn most_overdue(sight: Sight<'_>, schools: &[SchoolLine]) -> Option<Sentence> {
    let most = super::most_overdue(schools)?;
    Some(Sentence {
        level: Level::Yellow,
        words: texts::week_most(sight.lang, &*most.name, most.overdue.value),
        figure: most.overdue.clone(),
    })
}

fn silent(sight: Sight<'_>, schools: &[SchoolLine]) -> Option<Sentence> {
    let (lang, facts) = (sight.lang, sight.facts);
    let value = schools.iter().filter(|line| line.silent).count();
    let day = if facts.day.is_past() { facts.day.date.to_string() } else { String::new() };
    let href = web::address("/cockpit/schools", &[("view", "silent"), ("as-of", &day)]);
    Some(Sentence {
        level: Level::Blue,
        words: texts::week_silent(lang, facts.silent_days, value),
        figure: Figure { value: i64::try_from(value).unwrap_or(i64::MAX), href },
    })
}
