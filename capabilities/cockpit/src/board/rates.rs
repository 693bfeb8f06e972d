//! Shares and the median, each with what is counted and of how many.

use std::collections::BTreeMap;

use language::Say;

use super::{Figure, Rate, Sight, links};
use crate::{day::Span, texts};

pub(super) fn rates(sight: Sight<'_>) -> Vec<Rate> {
    vec![closure(sight), timely(sight), median(sight)]
}

/// In thousandths; nothing of nothing is no share.
fn share(sight: Sight<'_>, part: i64, of: i64) -> String {
    if of == 0 {
        texts::rate_none(sight.lang).to_owned()
    } else {
        Say(sight.lang).per_mille(part * 1_000 / of)
    }
}

/// 闭环率: of what was registered in twelve months and not withdrawn, how much is closed.
fn closure(sight: Sight<'_>) -> Rate {
    let (lang, facts) = (sight.lang, sight.facts);
    let year = facts.spans.year();
    let kept = facts.registered.iter().filter(|one| !one.withdrawn);
    let of: i64 = kept.clone().map(|one| one.amount).sum();
    let part: i64 = kept.filter(|one| !one.open).map(|one| one.amount).sum();
    Rate {
        name: texts::rate_closure(lang).to_owned(),
        value: share(sight, part, of),
        part: Some((
            texts::rate_closure_part(lang).to_owned(),
            sight.figure(part, || links::registered(year, &[("stage", "ended")])),
        )),
        of: (
            texts::rate_closure_of(lang).to_owned(),
            sight.figure(of, || links::registered(year, &[("stage", "kept")])),
        ),
        change: String::new(),
        formula: texts::rate_closure_formula(lang).to_owned(),
    }
}

/// Closed on time, and closed here at all, in a span.
pub(super) fn closings(sight: Sight<'_>, span: Span) -> (i64, i64) {
    let here = sight.facts.closed.iter().filter(|one| sight.facts.spans.within(span, one.span));
    let known = here.filter(|one| one.timely.is_some());
    let of = known.clone().map(|one| one.amount).sum();
    (known.filter(|one| one.timely == Some(true)).map(|one| one.amount).sum(), of)
}

/// 按期销号率
pub(super) fn timely(sight: Sight<'_>) -> Rate {
    let lang = sight.lang;
    let spans = &sight.facts.spans;
    let (part, of) = closings(sight, spans.year());
    let week = |span: Span| {
        let (part, of) = closings(sight, span);
        share(sight, part, of)
    };
    Rate {
        name: texts::rate_timely(lang).to_owned(),
        value: share(sight, part, of),
        part: Some((
            texts::rate_timely_part(lang).to_owned(),
            sight.figure(part, || links::closed(spans.year(), &[("timely", "on-time")])),
        )),
        of: (texts::rate_timely_of(lang).to_owned(), closed_here(sight, of)),
        change: texts::rate_timely_change(lang, week(spans.week), week(spans.week_before)),
        formula: texts::rate_timely_formula(lang).to_owned(),
    }
}

fn closed_here(sight: Sight<'_>, value: i64) -> Figure {
    sight.figure(value, || links::closed(sight.facts.spans.year(), &[("timely", "known")]))
}

/// 整改天数中位数
fn median(sight: Sight<'_>) -> Rate {
    let lang = sight.lang;
    let mut days: BTreeMap<i64, i64> = BTreeMap::new();
    for one in &sight.facts.closed {
        if let Some(took) = one.days.filter(|_| one.timely.is_some()) {
            *days.entry(took).or_default() += one.amount;
        }
    }
    let of: i64 = days.values().sum();
    let value = match middle(&days, of) {
        None => texts::rate_none(lang).to_owned(),
        Some((whole, false)) => texts::rate_days(lang, Say(lang).number(whole)),
        Some((whole, true)) => texts::rate_days(lang, format!("{}.5", Say(lang).number(whole))),
    };
    Rate {
        name: texts::rate_median(lang).to_owned(),
        value,
        part: None,
        of: (texts::rate_timely_of(lang).to_owned(), closed_here(sight, of)),
        change: String::new(),
        formula: texts::rate_median_formula(lang).to_owned(),
    }
}

/// The one in the middle, or the mean of the two there: whole days, and whether half a day more.
fn middle(days: &BTreeMap<i64, i64>, of: i64) -> Option<(i64, bool)> {
    let nth = |wanted: i64| {
        let mut passed = 0;
        days.iter().find_map(|(took, amount)| {
            passed += amount;
            (passed > wanted).then_some(*took)
        })
    };
    let sum = nth((of - 1).max(0) / 2)? + nth(of / 2)?;
    Some((sum / 2, sum % 2 == 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(days: &[i64]) -> Option<(i64, bool)> {
        let mut counted = BTreeMap::new();
        for day in days {
            *counted.entry(*day).or_default() += 1;
        }
        middle(&counted, days.len() as i64)
    }

    #[test]
    fn the_median_is_the_one_in_the_middle_or_between_two() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[4]), Some((4, false)));
        assert_eq!(of(&[1, 2, 30]), Some((2, false)));
        assert_eq!(of(&[1, 2, 5, 30]), Some((3, true)));
        assert_eq!(of(&[0, 0, 0, 9]), Some((0, false)));
    }
}
