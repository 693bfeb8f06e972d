//! What a proposed standard would change: how many guards are lacking now and then, and whose answer turns round.

use language::Lang;
use rules::RuleBook;
use web::{
    Failed, Visit,
    view::{Cell, Column, Fact, Table},
};

use super::{Choice, Variant};
use crate::{
    pages::school_href,
    query::places_of_county,
    staffing::{Staffed, Verdict, survey_of},
    texts, words,
};

/// Campuses that are named; how many there are in all is said.
const SHOWN: usize = 40;

/// What the page shows of it.
pub(super) struct Shown {
    pub lead: String,
    pub sums: Vec<Fact>,
    pub changes: Table,
}

/// Campuses and guards that are lacking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sum {
    short: usize,
    lacking: u32,
}

impl Sum {
    fn of(survey: &[Staffed]) -> Self {
        survey.iter().fold(Self::default(), |sum, one| match one.verdict() {
            Verdict::Short(lacking) => {
                Self { short: sum.short + 1, lacking: sum.lacking.saturating_add(lacking) }
            }
            Verdict::Enough | Verdict::Partly | Verdict::Unknown => sum,
        })
    }

    fn said(self, lang: Lang) -> String {
        texts::trial_sum(lang, self.short, self.lacking)
    }
}

/// Today's schools and guards under both, as of the day from which the proposal would count.
pub(super) async fn tried(
    visit: &Visit,
    rules: &RuleBook,
    county: kernel::UnitId,
    (before, proposed): (Option<Variant>, &Choice),
) -> Result<Shown, Failed> {
    let (lang, book, day) = (visit.lang(), rules.clone(), proposed.from.max(visit.now().local_date()));
    let (before, then) = (before.unwrap_or_else(|| proposed.variant.clone()), proposed.variant.clone());
    let (now, then) = visit
        .read_long(move |tx| {
            let places = places_of_county(tx, county)?;
            let under = |variant| survey_of(places.clone(), &book, variant, day);
            Ok((under(&before), under(&then)))
        })
        .await?;
    let turned: Vec<(&Staffed, &Staffed)> =
        now.iter().zip(&then).filter(|(now, then)| now.verdict() != then.verdict()).collect();
    Ok(Shown {
        lead: texts::trial_told(lang, now.len(), turned.len()),
        sums: vec![
            Fact::new(texts::trial_now(lang), Sum::of(&now).said(lang)),
            Fact::new(texts::trial_then(lang), Sum::of(&then).said(lang)),
        ],
        changes: changes(lang, &turned),
    })
}

fn changes(lang: Lang, turned: &[(&Staffed, &Staffed)]) -> Table {
    let row = |(now, then): &(&Staffed, &Staffed)| {
        vec![
            Cell::link(now.place.called(), school_href(now.place.unit)),
            Cell::text(words::verdict(lang, now.verdict())),
            Cell::text(words::verdict(lang, then.verdict())),
        ]
    };
    Table {
        caption: texts::trial_changes(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_school(lang)),
            Column::new(texts::trial_now(lang)),
            Column::new(texts::trial_then(lang)),
        ],
        rows: turned.iter().take(SHOWN).map(row).collect(),
    }
}
