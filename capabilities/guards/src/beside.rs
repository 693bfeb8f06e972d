//! What guards say on other rooms' pages: nothing beside a hazard, and what runs out on the due list.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use access::{Scope, Viewer};
use hazard::{
    HazardState,
    pages::{Beside, Companion, Errands},
};
use journal::Vault;
use kernel::{Date, PersonId, Problem, StreamId, Timestamp, UnitId, limits};
use language::{Lang, Say};
use rules::RuleBook;
use storage::Tx;
use web::view::{Cell, Column, Level, Table};

use crate::{
    expiry::{Expiry, Paper, Spans, days_left, of_guard},
    pages::{county_of, expiry_level, left, person_href, report_href, school_href},
    query::{ReportFilter, ReportRow, choice, kits, reports, roster},
    report::StageCode,
    texts, words,
};

/// The due list of guards, their papers and the kit. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct GuardsBeside {
    rules: Arc<RwLock<RuleBook>>,
    vault: Arc<Vault>,
}

impl GuardsBeside {
    /// With the rules in force, and the vault for names.
    pub const fn new(rules: Arc<RwLock<RuleBook>>, vault: Arc<Vault>) -> Self {
        Self { rules, vault }
    }
}

/// Something that waits for somebody.
struct Item {
    what: String,
    school: String,
    /// The last day; none for what waits without one.
    last: Option<Date>,
    /// Waits since.
    since: Date,
    href: String,
}

impl Companion for GuardsBeside {
    fn beside(
        &self,
        _: &mut Tx,
        _: Lang,
        _: &Viewer,
        _: (StreamId, &HazardState),
    ) -> Result<Option<Beside>, Problem> {
        Ok(None)
    }

    fn errands(
        &self,
        tx: &mut Tx,
        lang: Lang,
        viewer: &Viewer,
        now: Timestamp,
    ) -> Result<Option<Errands>, Problem> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        let today = now.local_date();
        let mut items = running_out(tx, lang, viewer, (&rules, &self.vault), today)?;
        items.extend(lacking(tx, lang, viewer, &rules)?);
        items.extend(unsigned(tx, lang, viewer)?);
        if items.is_empty() {
            return Ok(None);
        }
        items.sort_by_key(|item| (item.last.is_none(), item.last, item.since));
        items.truncate(limits::LISTINGS);
        let late =
            items.iter().filter(|item| item.last.is_some_and(|last| days_left(last, today) < 0)).count();
        let summary = match late {
            0 => texts::due_count(lang, items.len()),
            late => texts::due_count_late(lang, items.len(), late),
        };
        let line = |item: &Item| match item.last {
            Some(last) => texts::due_line(lang, &item.school, &item.what, Say(lang).date(last)),
            None => texts::due_line_open(lang, &item.school, &item.what),
        };
        Ok(Some(Errands {
            summary,
            lines: items.iter().map(line).collect(),
            table: table(lang, &items, (Spans::of(&rules, today), today)),
        }))
    }
}

/// What the last look at the kit found broken or missing: at one's own school, without a day.
fn lacking(tx: &mut Tx, lang: Lang, viewer: &Viewer, rules: &RuleBook) -> Result<Vec<Item>, Problem> {
    if !(viewer.may("guards.roster") && viewer.may("guards.check")) {
        return Ok(Vec::new());
    }
    let found = kits(tx, &viewer.scope("guards.check"))?;
    let units: Vec<UnitId> = found.iter().map(|kit| kit.unit).collect();
    let schools = organisation::unit_names(tx, &units)?;
    let items = found.iter().flat_map(|kit| {
        let school = schools.get(&kit.unit).cloned().unwrap_or_default();
        kit.lacking(rules).into_iter().map(move |(piece, condition)| Item {
            what: words::lacking(lang, piece, condition),
            school: school.clone(),
            last: None,
            since: kit.looked_at.local_date(),
            href: school_href(kit.unit),
        })
    });
    Ok(items.collect())
}

/// What runs out: at one's own school from the first reminder on; for a central school what its schools have left lying.
fn running_out(
    tx: &mut Tx,
    lang: Lang,
    viewer: &Viewer,
    (rules, vault): (&RuleBook, &Vault),
    today: Date,
) -> Result<Vec<Item>, Problem> {
    if !viewer.may("guards.roster") {
        return Ok(Vec::new());
    }
    let spans = Spans::of(rules, today);
    let mut due = Vec::new();
    // Who keeps the roster of one school.
    if viewer.may("guards.check") {
        // A look that is due every month needs no word two months before.
        let ahead = |expiry: &Expiry| if expiry.paper == Paper::KitCheck { 0 } else { spans.first };
        let own = expiries(tx, &viewer.scope("guards.check"), spans)?;
        due.extend(own.into_iter().filter(|expiry| days_left(expiry.last, today) <= ahead(expiry)));
    }
    // Who looks after the schools of a township.
    if viewer.may("hazard.central") {
        let below = expiries(tx, &viewer.scope("hazard.central"), spans)?;
        due.extend(below.into_iter().filter(|expiry| days_left(expiry.last, today) < -spans.climb));
    }
    due.sort_by(|a, b| (a.last, a.unit, a.person, &a.piece).cmp(&(b.last, b.unit, b.person, &b.piece)));
    due.dedup();
    due.truncate(limits::LISTINGS);
    let units: Vec<UnitId> = due.iter().map(|expiry| expiry.unit).collect();
    let schools = organisation::unit_names(tx, &units)?;
    let people: Vec<PersonId> = due.iter().filter_map(|expiry| expiry.person).collect();
    let names = organisation::person_names(tx, vault, &people)?;
    let item = |expiry: &Expiry| Item {
        what: what(lang, rules, expiry, &names),
        school: schools.get(&expiry.unit).cloned().unwrap_or_default(),
        last: Some(expiry.last),
        since: today,
        href: match expiry.person {
            Some(person) => person_href(person),
            None => school_href(expiry.unit),
        },
    };
    Ok(due.iter().map(item).collect())
}

/// Everything with a last day in a scope.
fn expiries(tx: &mut Tx, scope: &Scope, spans: Spans) -> Result<Vec<Expiry>, Problem> {
    let guards = roster(tx, scope)?;
    let mut all: Vec<Expiry> = guards.iter().flat_map(|row| of_guard(&row.guard, row.unit, spans)).collect();
    for kit in kits(tx, scope)? {
        let expiry = |paper, piece: &str, last| Expiry {
            paper,
            person: None,
            piece: piece.to_owned(),
            unit: kit.unit,
            campus: kit.campus,
            last,
        };
        all.extend(kit.pieces.iter().filter_map(|(id, _, _, last)| Some(expiry(Paper::Piece, id, (*last)?))));
        all.extend(spans.kit_look(kit.looked_at.local_date()).map(|last| expiry(Paper::KitCheck, "", last)));
    }
    Ok(all)
}

/// 王某 · 健康证；催泪喷射器
fn what(lang: Lang, rules: &RuleBook, expiry: &Expiry, names: &HashMap<PersonId, String>) -> String {
    match expiry.person {
        Some(person) => {
            let name = names.get(&person).cloned();
            let name = name.unwrap_or_else(|| texts::guard_nameless(lang).to_owned());
            format!("{name} · {}", words::paper(lang, expiry.paper))
        }
        None if expiry.paper == Paper::Piece => words::piece(lang, rules, &expiry.piece),
        None => words::paper(lang, expiry.paper),
    }
}

/// Reports that wait for whoever signs, as long as he did not write them.
fn unsigned(tx: &mut Tx, lang: Lang, viewer: &Viewer) -> Result<Vec<Item>, Problem> {
    if !viewer.may("guards.sign") {
        return Ok(Vec::new());
    }
    let waiting = ReportFilter { stage: Some(StageCode::Signing), year: None };
    let rows = reports(tx, viewer, waiting, limits::LISTINGS)?;
    let standard = proposal(tx, lang, viewer)?;
    let item = |row: &ReportRow| Item {
        what: texts::due_sign(lang).to_owned(),
        school: row.addressee.clone(),
        last: None,
        since: row.begun_at.local_date(),
        href: report_href(row.id),
    };
    Ok(rows.iter().map(item).chain(standard).collect())
}

/// A proposed standard that waits for whoever chooses, as long as he did not propose it.
fn proposal(tx: &mut Tx, lang: Lang, viewer: &Viewer) -> Result<Option<Item>, Problem> {
    let Some(county) = county_of(tx, viewer.home.id)? else { return Ok(None) };
    if !viewer.may_over(tx, "guards.sign", county)? {
        return Ok(None);
    }
    let Some((state, _)) = choice(tx, county)? else { return Ok(None) };
    let Some(proposed) = state.proposed.filter(|proposed| !proposed.is_of(viewer)) else { return Ok(None) };
    Ok(Some(Item {
        what: texts::due_standard(lang).to_owned(),
        school: viewer.home.name.clone(),
        last: Some(proposed.from),
        since: proposed.at.local_date(),
        href: "/guards/standard".to_owned(),
    }))
}

fn table(lang: Lang, items: &[Item], (spans, today): (Spans, Date)) -> Table {
    let when = |item: &Item| {
        let Some(last) = item.last else {
            return Cell::text(texts::due_since(lang, Say(lang).day(item.since)));
        };
        let left = left(lang, last, today);
        let cell = match expiry_level(last, spans, today) {
            Level::Plain => Cell::text(left),
            level => Cell::mark(level, left),
        };
        cell.more(Say(lang).day(last))
    };
    let cells = |item: &Item| vec![Cell::link(&item.what, &item.href), Cell::text(&item.school), when(item)];
    Table {
        caption: texts::due_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::due_column_what(lang)),
            Column::new(texts::column_school(lang)),
            Column::new(texts::column_expiry(lang)),
        ],
        rows: items.iter().map(cells).collect(),
    }
}
