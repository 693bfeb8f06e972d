//! The numbers at the top.

use hazard::{Level, query::OpenThen};

use super::{Figure, Headline, Sight, is_level, links};
use crate::{day::Span, texts};

pub(super) fn headlines(sight: Sight<'_>) -> Vec<Headline> {
    let lang = sight.lang;
    let open = |name: &str, formula: &str, href: &str, holds: &dyn Fn(&OpenThen) -> bool| {
        let (now, before) = (sight.count(holds), sight.count_before(holds));
        Headline {
            name: name.to_owned(),
            figure: sight.figure(now, || href.to_owned()),
            change: sight.change(now, before),
            formula: formula.to_owned(),
        }
    };
    let mut all = vec![
        open(texts::head_open(lang), texts::head_open_formula(lang), "/hazards", &|_| true),
        open(
            texts::head_overdue(lang),
            texts::head_overdue_formula(lang),
            "/hazards?stage=overdue",
            &|one| one.overdue,
        ),
        open(
            texts::head_major(lang),
            texts::head_major_formula(lang),
            "/hazards?level=major",
            &is_level(Level::Major),
        ),
        registered(sight),
        closed(sight),
    ];
    all.extend(present(sight));
    all
}

/// What was registered cannot be taken back, so that its list is the same for ever.
fn registered(sight: Sight<'_>) -> Headline {
    let (lang, facts) = (sight.lang, sight.facts);
    let within = |span: Span| -> i64 {
        let all = facts.registered.iter().filter(|one| facts.spans.within(span, one.span));
        all.map(|one| one.amount).sum()
    };
    let (now, before) = (within(facts.spans.week), within(facts.spans.week_before));
    Headline {
        name: texts::head_registered(lang).to_owned(),
        figure: Figure { value: now, href: links::registered(facts.spans.week, &[("stage", "all")]) },
        change: sight.change(now, before),
        formula: texts::head_registered_formula(lang).to_owned(),
    }
}

fn closed(sight: Sight<'_>) -> Headline {
    let (lang, facts) = (sight.lang, sight.facts);
    let within = |span: Span| -> i64 {
        let all = facts.closed.iter().filter(|one| facts.spans.within(span, one.span));
        all.map(|one| one.amount).sum()
    };
    let (now, before) = (within(facts.spans.week), within(facts.spans.week_before));
    Headline {
        name: texts::head_closed(lang).to_owned(),
        figure: sight.figure(now, || links::closed(facts.spans.week, &[])),
        change: sight.change(now, before),
        formula: texts::head_closed_formula(lang).to_owned(),
    }
}

/// What is known as it stands, and only so.
fn present(sight: Sight<'_>) -> Vec<Headline> {
    let lang = sight.lang;
    let Some(present) = &sight.facts.present else { return Vec::new() };
    let one = |name: &str, formula: &str, value: i64, href: &str| Headline {
        name: name.to_owned(),
        figure: Figure { value, href: href.to_owned() },
        change: String::new(),
        formula: formula.to_owned(),
    };
    vec![
        one(
            texts::head_listed(lang),
            texts::head_listed_formula(lang),
            i64::from(present.listed),
            "/supervisions?stage=listed-all",
        ),
        one(
            texts::head_repeated(lang),
            texts::head_repeated_formula(lang),
            present.repeated,
            "/hazards?repeat=1",
        ),
    ]
}
