//! The kit of the gate: eight pieces and some more, looked at by a guard with a phone or by the safety officer.

use access::{Root, Scope};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use journal::{UnitOfWork, WorkLane};
use kernel::{Coded, Date, Problem, UnitId, limits, text::narrow};
use language::{Lang, Say};
use rules::RuleBook;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Cell, Choice, Column, Empty, Level, Mark, Table},
};

use super::{
    CHECK, GuardsPages, kit_href,
    roster::{expiry_level, left},
};
use crate::{
    expiry::Spans,
    gate::{Condition, Gate, GateCommand, KitDraft, PieceFound, gate_of},
    query::{KitRow, campuses, kits, places},
    texts, words,
};

/// What is wrong with the kit, one line for each; a look that is due again among them.
///
/// `by` is who looked, for whoever may know.
pub(super) fn told(
    lang: Lang,
    rules: &RuleBook,
    kit: Option<&KitRow>,
    by: Option<&str>,
    today: Date,
) -> Vec<Mark> {
    let Some(kit) = kit else {
        return vec![Mark::new(Level::Yellow, texts::kit_never(lang))];
    };
    let spans = Spans::of(rules, today);
    let mut marks = Vec::new();
    for (piece, condition) in kit.lacking(rules) {
        marks.push(Mark::new(Level::Yellow, words::lacking(lang, piece, condition)));
    }
    for (id, _, _, expires) in &kit.pieces {
        let Some(last) = *expires else { continue };
        let level = expiry_level(last, spans, today);
        if level != Level::Plain {
            let until = texts::expiry_until(lang, words::piece(lang, rules, id), Say(lang).day(last));
            marks.push(Mark::new(level, format!("{until} · {}", left(lang, last, today))));
        }
    }
    if marks.is_empty() {
        marks.push(Mark::new(Level::Done, texts::kit_whole(lang)));
    }
    let looked = match by {
        Some(by) => texts::kit_looked_by(lang, Say(lang).date_of(kit.looked_at), by),
        None => texts::kit_looked(lang, Say(lang).date_of(kit.looked_at)),
    };
    let due = spans.kit_look(kit.looked_at.local_date()).is_some_and(|last| last < today);
    marks.push(Mark::new(if due { Level::Red } else { Level::Plain }, looked));
    marks
}

/// Each piece as it was found last.
pub(super) fn found_table(lang: Lang, rules: &RuleBook, kit: Option<&KitRow>, today: Date) -> Table {
    let spans = Spans::of(rules, today);
    let row = |(id, condition, amount, expires): &(String, Option<Condition>, u32, Option<Date>)| {
        let said = condition.map(|one| words::condition(lang, &one.into())).unwrap_or_default();
        let day = match *expires {
            Some(last) if expiry_level(last, spans, today) == Level::Plain => Cell::text(Say(lang).day(last)),
            Some(last) => Cell::mark(expiry_level(last, spans, today), left(lang, last, today))
                .more(Say(lang).day(last)),
            None => Cell::text(""),
        };
        vec![Cell::text(words::piece(lang, rules, id)), Cell::text(said), Cell::text(amount.to_string()), day]
    };
    Table {
        caption: texts::kit_found(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_piece(lang)),
            Column::new(texts::column_condition(lang)),
            Column::new(texts::column_amount(lang)).number(),
            Column::new(texts::column_expires(lang)),
        ],
        rows: kit.map(|kit| kit.pieces.iter().map(row).collect()).unwrap_or_default(),
    }
}

/// One campus in the list.
struct Gatehouse {
    name: String,
    marks: Vec<Mark>,
    href: String,
}

#[derive(Template)]
#[template(path = "guards/kits.html")]
struct KitsPage {
    shell: Shell,
    gates: Vec<Gatehouse>,
    empty: Option<Empty>,
}

pub(super) async fn list(visit: Visit, State(pages): State<GuardsPages>) -> Result<Response, Failed> {
    visit.need_any(CHECK)?;
    let (lang, rules, today) = (visit.lang(), pages.rules(), visit.now().local_date());
    let scope = visit.viewer.scope("guards.check");
    let (places, kits) = visit.read(move |tx| Ok((places(tx, &scope)?, kits(tx, &scope)?))).await?;
    let gates: Vec<Gatehouse> = places
        .iter()
        .map(|place| {
            let kit = kits.iter().find(|kit| kit.unit == place.unit && kit.campus == place.campus);
            Gatehouse {
                name: if lang == Lang::En { format!("“{}”", place.called()) } else { place.called() },
                marks: told(lang, &rules, kit, None, today),
                href: kit_href(place.unit, place.campus),
            }
        })
        .collect();
    let empty = gates.is_empty().then(|| Empty {
        sentence: texts::kit_no_school(lang).to_owned(),
        act: None,
        icon: "shield",
    });
    Ok(web::page(&KitsPage { gates, empty, shell: visit.shell(texts::kit_title(lang)).at("kit") }))
}

struct Seen {
    unit: UnitId,
    unit_name: String,
    campus: u16,
    campus_name: String,
    kit: Option<KitRow>,
}

/// What is no number of a campus is no address.
fn number(campus: &str) -> Result<u16, Problem> {
    campus.parse().map_err(|_| Problem::NotFound)
}

async fn see(visit: &Visit, unit: UnitId, campus: u16) -> Result<Seen, Problem> {
    let viewer = visit.viewer.clone();
    visit
        .read(move |tx| {
            if !viewer.may_over(tx, "guards.check", unit)? {
                return Err(Problem::NotFound);
            }
            let brief = organisation::unit_brief(tx, unit)?.ok_or(Problem::NotFound)?;
            let named = campuses(tx, unit)?;
            let campus_name = match (campus, named.as_slice()) {
                (0, []) => String::new(),
                (number, named) => {
                    let found = named.iter().find(|(known, _)| *known == number);
                    found.map(|(_, name)| name.clone()).ok_or(Problem::NotFound)?
                }
            };
            let own = Scope::Units(vec![Root { unit, line: None }]);
            let kit = kits(tx, &own)?.into_iter().find(|kit| kit.campus == campus);
            Ok(Seen { unit, unit_name: brief.name, campus, campus_name, kit })
        })
        .await
}

/// A piece in the form.
struct Piece {
    name: String,
    condition: String,
    amount: String,
    /// The name of its day; empty for what does not run out.
    expires: String,
    needed: bool,
}

#[derive(Template)]
#[template(path = "guards/kit.html")]
struct KitPage {
    shell: Shell,
    lead: String,
    action: String,
    form: FormState,
    pieces: Vec<Piece>,
    conditions: Vec<Choice>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<GuardsPages>,
    Path((unit, campus)): Path<(UnitId, String)>,
) -> Result<Response, Failed> {
    visit.need_any(CHECK)?;
    let seen = see(&visit, unit, number(&campus)?).await?;
    let rules = pages.rules();
    let form = prefilled(visit.form(), &rules, seen.kit.as_ref());
    Ok(web::page(&compose(&visit, &rules, &seen, form)))
}

/// As it was found last; nobody has to type a day again that still stands on the piece.
fn prefilled(form: FormState, rules: &RuleBook, kit: Option<&KitRow>) -> FormState {
    let mut form = form;
    for piece in rules.kit() {
        let found = kit.and_then(|kit| kit.pieces.iter().find(|(id, ..)| *id == *piece.id));
        let Some((id, condition, amount, expires)) = found else {
            form = form.with(field("amount", &piece.id), 1);
            continue;
        };
        form = form
            .with(field("condition", id), condition.map(Condition::name).unwrap_or_default())
            .with(field("amount", id), (*amount).max(1))
            .with(field("expires", id), expires.map(|day| day.to_string()).unwrap_or_default());
    }
    form
}

fn field(what: &str, piece: &str) -> String {
    format!("{what}_{piece}")
}

fn compose(visit: &Visit, rules: &RuleBook, seen: &Seen, form: FormState) -> KitPage {
    let lang = visit.lang();
    let piece = |piece: &rules::KitPiece| Piece {
        name: hazard::words::pick(lang, &piece.name).to_owned(),
        condition: field("condition", &piece.id),
        amount: field("amount", &piece.id),
        expires: if piece.expires { field("expires", &piece.id) } else { String::new() },
        needed: piece.needed,
    };
    let conditions =
        Condition::ALL.iter().map(|one| Choice::new(one.name(), words::condition(lang, &(*one).into())));
    KitPage {
        lead: if seen.campus_name.is_empty() { seen.unit_name.clone() } else { seen.campus_name.clone() },
        action: kit_href(seen.unit, seen.campus),
        form: form.label("remark", texts::form_remark(lang)),
        pieces: rules.kit().iter().map(piece).collect(),
        conditions: conditions.collect(),
        shell: visit
            .shell(texts::kit_check(lang))
            .for_unit(&seen.unit_name, visit.now())
            .at("kit")
            .back_to("/guards/kit"),
    }
}

/// What the form says; a piece that may be missing and of which nothing is said is left out.
fn draft(form: &FormData, rules: &RuleBook, campus: u16) -> Result<KitDraft, Problem> {
    let mut read = form.reader();
    let remark = read.text("remark").max(limits::TEXT_CHARS).lines().opt().unwrap_or_default();
    read.finish()?;
    let found = |piece: &rules::KitPiece| {
        let condition = form.value(&field("condition", &piece.id)).and_then(Condition::named)?;
        let amount = form.value(&field("amount", &piece.id)).map(narrow).unwrap_or_default();
        let day = form.value(&field("expires", &piece.id)).map(narrow).unwrap_or_default();
        Some(PieceFound {
            piece: piece.id.to_string(),
            condition: Coded::Known(condition),
            amount: amount.trim().parse().unwrap_or(0),
            expires: day.trim().parse::<Date>().ok(),
        })
    };
    Ok(KitDraft { campus, pieces: rules.kit().iter().filter_map(found).collect(), remark })
}

pub(super) async fn submit(
    State(pages): State<GuardsPages>,
    Path((unit, campus)): Path<(UnitId, String)>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let (rules, lang) = (pages.rules(), visit.lang());
    let campus = number(&campus)?;
    let seen = see(&visit, unit, campus).await?;
    let done = async {
        let draft = draft(&form, &rules, campus)?;
        let work = UnitOfWork::new(visit.actor(), command_id)
            .ask::<Gate>(gate_of(unit), GateCommand::CheckKit { unit, draft });
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => Ok(see_other_saying("/guards/kit", &Flash::done(texts::kit_done(lang)))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) if !visit.prefs.json => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, &rules, &seen, state);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(other) => Err(other.into()),
    }
}
