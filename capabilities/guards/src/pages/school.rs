//! One school: what each campus must have under every standard, what is declared and what the roster proves, its guards,
//! its kit, and the forms of whoever declares and names campuses.

mod forms;

use std::collections::HashMap;

use access::{PermissionSet, Root, Scope};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use kernel::{Date, PersonId, Problem, UnitId};
use language::{Lang, Say};
use organisation::UnitState;
use rules::RuleBook;
use web::{
    Failed, FormState, Shell, Visit,
    view::{Cell, Choice, Column, Fact, Link, Mark, Table},
};

pub(super) use self::forms::submit;
use self::forms::{CampusRow, campus_rows, numbered};
use super::{
    GuardsPages, VIEW, kit, kit_href, list,
    roster::{self, guards_table},
};
use crate::{
    gate::GateState,
    query::{self, KitRow},
    staffing::Staffed,
    survey::survey,
    texts, words,
};

/// Everything about a school that its page shows, read in one visit.
pub(super) struct Seen {
    pub id: UnitId,
    pub unit: UnitState,
    pub version: u64,
    pub may: PermissionSet,
    pub standing: Vec<Staffed>,
    pub gate: Option<GateState>,
    pub kits: Vec<KitRow>,
    /// Of the guards and of whoever declared and looked; empty for whoever may not see the roster.
    pub names: HashMap<PersonId, String>,
}

pub(super) async fn see(visit: &Visit, rules: &RuleBook, id: UnitId) -> Result<Seen, Problem> {
    let (viewer, vault, rules) = (visit.viewer.clone(), visit.desk.vault.clone(), rules.clone());
    let today = visit.now().local_date();
    visit
        .read(move |tx| {
            let may = viewer.permissions_over(tx, id)?;
            let (unit, version) = organisation::unit_state(tx, id)?.ok_or(Problem::NotFound)?;
            if !may.has("guards.view") {
                return Err(Problem::NotFound);
            }
            let own = Scope::Units(vec![Root { unit: id, line: None }]);
            let standing = survey(tx, &rules, &own, today)?;
            if standing.is_empty() {
                return Err(Problem::NotFound);
            }
            let gate = query::gate(tx, id)?.map(|(gate, _)| gate);
            let mut people: Vec<PersonId> = Vec::new();
            if may.has("guards.roster") {
                people.extend(
                    standing.iter().flat_map(|staffed| &staffed.place.guards).map(|guard| guard.person),
                );
                let declared = gate.iter().flat_map(|gate| gate.declarations.values());
                people.extend(declared.filter_map(|declared| declared.by.person));
                let looked = gate.iter().flat_map(|gate| gate.kits.values());
                people.extend(looked.filter_map(|kit| kit.by.person));
            }
            let names = organisation::person_names(tx, &vault, &people)?;
            Ok(Seen { id, unit, version, may, standing, gate, kits: query::kits(tx, &own)?, names })
        })
        .await
}

/// One campus on the page.
struct Section {
    title: String,
    facts: Vec<Fact>,
    variants: Table,
    guards: Option<Table>,
    no_guards: &'static str,
    kit: Table,
    kit_told: Vec<Mark>,
    kit_link: Option<Link>,
}

#[derive(Template)]
#[template(path = "guards/school.html")]
struct SchoolPage {
    shell: Shell,
    notices: Vec<Mark>,
    sections: Vec<Section>,
    action: String,
    /// The form 申报, for whoever declares.
    declares: bool,
    declaration: FormState,
    campuses: Vec<Choice>,
    today: String,
    /// The form 校区, for whoever describes the school.
    describes: bool,
    described: FormState,
    rows: Vec<CampusRow>,
    version: u64,
    links: Vec<Link>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<GuardsPages>,
    Path(id): Path<UnitId>,
) -> Result<Response, Failed> {
    visit.need_any(VIEW)?;
    let rules = pages.rules();
    let seen = see(&visit, &rules, id).await?;
    let declaration = visit.form().with("on", visit.now().local_date());
    Ok(web::page(&compose(&visit, &rules, &seen, (declaration, visit.form()), None)))
}

/// The same page after a refused form, with everything that was typed.
fn again(
    visit: &Visit,
    rules: &RuleBook,
    seen: &Seen,
    forms: (FormState, FormState),
    typed: Option<Vec<CampusRow>>,
) -> Response {
    web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &compose(visit, rules, seen, forms, typed))
}

fn compose(
    visit: &Visit,
    rules: &RuleBook,
    seen: &Seen,
    (declaration, described): (FormState, FormState),
    typed: Option<Vec<CampusRow>>,
) -> SchoolPage {
    let (lang, today) = (visit.lang(), visit.now().local_date());
    let several = seen.standing.len() > 1;
    let section = |staffed: &Staffed| section(lang, rules, seen, staffed, today);
    let choice =
        |staffed: &Staffed| Choice::new(staffed.place.campus.to_string(), &staffed.place.campus_name);
    SchoolPage {
        notices: notices(lang, seen),
        sections: seen.standing.iter().map(section).collect(),
        action: super::school_href(seen.id),
        declares: seen.may.has("guards.declare"),
        declaration: declaration
            .label("full_time", texts::form_full_time(lang))
            .label("part_time", texts::form_part_time(lang))
            .label("on", texts::form_on(lang))
            .label("campus", texts::column_campus(lang))
            .label("remark", texts::form_remark(lang)),
        campuses: if several { seen.standing.iter().map(choice).collect() } else { Vec::new() },
        today: today.to_string(),
        describes: seen.may.has("unit.describe"),
        described: described.label("campus", texts::column_campus(lang)),
        rows: numbered(typed.unwrap_or_else(|| campus_rows(&seen.unit.campuses))),
        version: seen.version,
        links: links(lang, seen),
        shell: visit
            .shell(texts::school_title(lang, &seen.unit.name))
            .for_unit(&seen.unit.name, visit.now())
            .leading_to(seen.id, seen.may)
            .at("guards")
            .back_to("/guards"),
    }
}

/// What stands in the way of a right sum.
fn notices(lang: Lang, seen: &Seen) -> Vec<Mark> {
    let mut notices = Vec::new();
    let mut tell = |text: String| notices.push(Mark::new(web::view::Level::Yellow, text));
    if seen.standing.iter().any(|staffed| staffed.place.heads().is_none()) {
        tell(texts::school_heads_missing(lang).to_owned());
    }
    if seen.standing.iter().any(|staffed| staffed.place.boarders.is_none() && staffed.place.heads().is_some())
    {
        tell(texts::school_boarders_missing(lang).to_owned());
    }
    let unplaced = seen.standing.first().map_or(0, |staffed| staffed.place.unplaced);
    if unplaced > 0 {
        tell(texts::school_unplaced(lang, unplaced));
    }
    if let Some((campuses, school)) = campus_sum(seen) {
        tell(texts::school_campus_sum(lang, campuses, school));
    }
    notices
}

/// Pupils of all campuses and of the school, where both are known and differ.
fn campus_sum(seen: &Seen) -> Option<(u32, u32)> {
    let school = seen.unit.attributes.pupils?;
    if seen.unit.campuses.is_empty() {
        return None;
    }
    let campuses: Option<Vec<u32>> = seen.unit.campuses.iter().map(|campus| campus.pupils).collect();
    let sum = campuses?.into_iter().sum();
    (sum != school).then_some((sum, school))
}

fn section(lang: Lang, rules: &RuleBook, seen: &Seen, staffed: &Staffed, today: Date) -> Section {
    let place = &staffed.place;
    let kit = seen.kits.iter().find(|kit| kit.campus == place.campus);
    let roster = seen.may.has("guards.roster");
    Section {
        title: place.campus_name.clone(),
        facts: facts(lang, rules, seen, staffed, today),
        variants: variants(lang, rules, staffed, today),
        guards: roster.then(|| guards_table(lang, rules, place.guards.iter(), &seen.names, today)),
        no_guards: texts::school_no_guards(lang),
        kit: kit::found_table(lang, rules, kit, today),
        kit_told: kit::told(lang, rules, kit, looker(seen, place.campus), today),
        kit_link: seen
            .may
            .has("guards.check")
            .then(|| Link::new(texts::kit_check(lang), kit_href(seen.id, place.campus))),
    }
}

/// Who looked at the kit last, for whoever may see the roster.
fn looker(seen: &Seen, campus: u16) -> Option<&str> {
    let person = seen.gate.as_ref()?.kits.get(&campus)?.by.person?;
    seen.names.get(&person).map(String::as_str)
}

fn facts(lang: Lang, rules: &RuleBook, seen: &Seen, staffed: &Staffed, today: Date) -> Vec<Fact> {
    let place = &staffed.place;
    let in_force = staffed.judged.first().map(|judged| words::variant(lang, rules, &judged.variant, today));
    let declared = place.declared.map(|declared| {
        let by = seen.gate.as_ref().and_then(|gate| gate.declarations.get(&place.campus)?.by.person);
        let by = by.and_then(|person| seen.names.get(&person).cloned()).unwrap_or_default();
        let said =
            texts::school_declared(lang, declared.full_time, declared.part_time, Say(lang).date(declared.on));
        if by.is_empty() { said } else { format!("{said} · {by}") }
    });
    let differs = if staffed.differs() { texts::list_differs(lang) } else { "" };
    let mut declared_fact = Fact::new(
        texts::column_declared(lang),
        declared.unwrap_or_else(|| texts::school_undeclared(lang).to_owned()),
    );
    if !differs.is_empty() {
        declared_fact.mark = Some(Mark::new(web::view::Level::Yellow, differs));
    }
    let verdict = staffed.verdict();
    let level = if verdict == crate::staffing::Verdict::Enough {
        web::view::Level::Done
    } else {
        web::view::Level::Plain
    };
    vec![
        Fact::new(texts::column_heads(lang), list::heads(lang, staffed)),
        Fact::new(texts::school_in_force(lang), in_force.unwrap_or_default()),
        Fact::new(texts::column_required(lang), list::required(lang, staffed.required())),
        Fact::new(texts::column_sum(lang), sum(lang, staffed.required())),
        declared_fact,
        Fact::new(
            texts::column_evidenced(lang),
            texts::school_evidenced(lang, staffed.evidenced, staffed.part_time, staffed.not_counted),
        ),
        Fact::mark(texts::column_lacking(lang), Mark::new(level, words::verdict(lang, verdict))),
    ]
}

/// How a requirement came about.
fn sum(lang: Lang, required: Option<&rules::Requirement>) -> String {
    required.map_or_else(String::new, |required| match lang {
        Lang::ZhCn => language::spaced(&required.explanation.zh),
        Lang::En => required.explanation.en.clone(),
    })
}

/// Every standard beside the one in force, with its sum.
fn variants(lang: Lang, rules: &RuleBook, staffed: &Staffed, today: Date) -> Table {
    let own = staffed.verdict();
    let row = |(nth, judged): (usize, &crate::staffing::Judged)| {
        let name = words::variant(lang, rules, &judged.variant, today);
        let flips = own.flips_to(judged.verdict);
        let state = match (nth, flips) {
            (0, _) => texts::variant_in_force(lang),
            (_, true) => texts::variant_flips(lang),
            (_, false) => "",
        };
        vec![
            Cell::text(name).more(state),
            Cell::text(list::required(lang, judged.required.as_ref())),
            list::verdict_cell(lang, judged.verdict),
            Cell::text(sum(lang, judged.required.as_ref())),
        ]
    };
    Table {
        caption: texts::school_variants(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_standard(lang)),
            Column::new(texts::column_required(lang)).number(),
            Column::new(texts::column_lacking(lang)),
            Column::new(texts::column_sum(lang)),
        ],
        rows: staffed.judged.iter().enumerate().map(row).collect(),
    }
}

fn links(lang: Lang, seen: &Seen) -> Vec<Link> {
    let unit = seen.id.0.simple();
    let mut links = Vec::new();
    if seen.may.has("guards.roster") {
        links.push(Link::new(texts::roster_title(lang), roster::of_school(seen.id)));
    }
    if seen.may.has("person.manage") {
        links.push(Link::new(texts::school_new_guard(lang), format!("/units/{unit}/people/new?post=guard")));
    }
    if seen.may.has("unit.view") {
        links.push(Link::new(texts::school_unit(lang), format!("/units/{unit}")));
    }
    links
}
