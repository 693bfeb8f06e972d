//! How a school is guarded, on its page: what each campus must have, declares and has, what runs out, and the kit.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use access::{Root, Scope};
use kernel::{Date, Problem, StreamId};
use language::Lang;
use rules::RuleBook;
use storage::Tx;
use web::{
    panel::{AtUnit, Panel, Paper, UnitPanel},
    view::{Fact, Level, Link, Mark},
};

use super::{kit, list, roster, school_href};
use crate::{
    query::{self, KitRow},
    staffing::{Staffed, Verdict},
    survey::survey,
    texts, words,
};

/// How a school is guarded, on its page. It shares the rules in force with whoever may change them.
#[derive(Clone)]
pub struct GuardsAtUnit {
    rules: Arc<RwLock<RuleBook>>,
}

impl GuardsAtUnit {
    /// With the rules in force.
    pub const fn new(rules: Arc<RwLock<RuleBook>>) -> Self {
        Self { rules }
    }
}

fn sees(at: &AtUnit<'_>) -> bool {
    at.unit.kind.is_institution() && at.over.has("guards.view")
}

fn own(at: &AtUnit<'_>) -> Scope {
    Scope::Units(vec![Root { unit: at.id, line: None }])
}

impl UnitPanel for GuardsAtUnit {
    fn panel(&self, tx: &mut Tx, at: &AtUnit<'_>) -> Result<Option<Panel>, Problem> {
        if !sees(at) {
            return Ok(None);
        }
        let (lang, today) = (at.lang, at.now.local_date());
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner).clone();
        // What no standard speaks of has no guards to count: a training centre, a school that is closed.
        let standing = survey(tx, &rules, &own(at), today)?;
        if standing.is_empty() {
            return Ok(None);
        }
        let kits = query::kits(tx, &own(at))?;
        let tallies = if at.over.has("guards.roster") {
            let guards = query::roster(tx, &own(at))?;
            roster::tallies(lang, &rules, &guards, at.id, today)
        } else {
            Vec::new()
        };
        Ok(Some(Panel {
            key: "guards",
            title: texts::guards_title(lang).to_owned(),
            tallies,
            facts: standing.iter().flat_map(|staffed| facts(lang, staffed)).collect(),
            marks: standing
                .iter()
                .flat_map(|staffed| kit_told(lang, &rules, staffed, &kits, today))
                .collect(),
            links: vec![Link::new(texts::panel_open(lang), school_href(at.id))],
            aside: true,
            ..Panel::default()
        }))
    }

    fn told(&self, at: &AtUnit<'_>) -> Vec<&'static str> {
        if sees(at) { vec!["gate"] } else { Vec::new() }
    }

    fn records(
        &self,
        _: &mut Tx,
        at: &AtUnit<'_>,
        _: &str,
        ids: &[StreamId],
    ) -> Result<HashMap<StreamId, Link>, Problem> {
        let open = || Link::new(texts::guards_title(at.lang), school_href(at.id));
        Ok(ids.iter().map(|id| (*id, open())).collect())
    }

    fn papers(&self, _: &mut Tx, at: &AtUnit<'_>) -> Result<Vec<Paper>, Problem> {
        let roster = sees(at) && at.over.has("guards.roster") && at.over.has("export");
        let unit = at.code();
        let file = || {
            let fields = [("unit", unit.as_str()), ("format", "xlsx")];
            let file = web::address("/guards/roster/export", &fields);
            Paper::new(texts::roster_title(at.lang), file, texts::list_export_xlsx(at.lang))
        };
        Ok(roster.then(file).into_iter().collect())
    }
}

/// 应配 4，申报 3，核实 2：缺 2 名. The campus stands before it where there are several.
fn facts(lang: Lang, staffed: &Staffed) -> Vec<Fact> {
    let named = |label: &str| match staffed.place.campus_name.as_str() {
        "" => label.to_owned(),
        campus => format!("{campus} · {label}"),
    };
    let declared = staffed
        .place
        .declared
        .map_or_else(|| texts::school_undeclared(lang).to_owned(), |declared| declared.full_time.to_string());
    let verdict = staffed.verdict();
    let level = if verdict == Verdict::Enough { Level::Done } else { Level::Plain };
    vec![
        Fact::new(named(texts::column_required(lang)), list::required(lang, staffed.required())),
        Fact::new(named(texts::column_declared(lang)), declared),
        Fact::new(named(texts::column_evidenced(lang)), staffed.evidenced.to_string()),
        Fact::mark(named(texts::column_lacking(lang)), Mark::new(level, words::verdict(lang, verdict))),
    ]
}

/// What is wrong with the kit of the gate; that it is whole is said too.
fn kit_told(lang: Lang, rules: &RuleBook, staffed: &Staffed, kits: &[KitRow], today: Date) -> Vec<Mark> {
    let kit = kits.iter().find(|kit| kit.campus == staffed.place.campus);
    let named = |mark: Mark| match staffed.place.campus_name.as_str() {
        "" => Mark::new(mark.level, format!("{} · {}", texts::kit_title(lang), mark.word)),
        campus => Mark::new(mark.level, format!("{campus} · {}", mark.word)),
    };
    kit::told(lang, rules, kit, None, today).into_iter().map(named).collect()
}
