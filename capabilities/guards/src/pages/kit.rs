//! The kit of the gate: eight pieces and some more, looked at by a guard with a phone or by the safety officer.

use access::{Root, Scope};
use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use journal::{UnitOfWork, WorkLane};
use kernel::{Coded, Date, Problem, Refusal, UnitId, limits, text::narrow};
use language::{Lang, Say};
use rules::RuleBook;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Cell, Choice, Column, Empty, Level, Mark, Table},
};

use super::{
    CHECK, GuardsPages, Wrong, kit_href,
    roster::{expiry_level, left},
};
use crate::{
    expiry::Spans,
    gate::{Condition, Gate, GateCommand, KitDraft, MOST_PIECES, PieceFound, gate_of},
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
///
/// # Errors
/// Everything that is wrong, in the order of the form: whoever stands at the gate mends it in one go.
fn draft(form: &FormData, lang: Lang, rules: &RuleBook, campus: u16) -> Result<KitDraft, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let mut pieces = Vec::new();
    for piece in rules.kit() {
        match piece_of(form, lang, rules, piece) {
            Ok(found) => pieces.extend(found),
            Err(mistakes) => wrong.extend(mistakes),
        }
    }
    let mut read = form.reader();
    let remark = read.text("remark").max(limits::TEXT_CHARS).lines().opt().unwrap_or_default();
    if let Err(Problem::Invalid(problems)) = read.finish() {
        wrong.extend(
            problems.into_iter().map(|one| Wrong { field: one.field.to_owned(), refusal: one.refusal }),
        );
    }
    if wrong.is_empty() { Ok(KitDraft { campus, pieces, remark }) } else { Err(wrong) }
}

/// One piece of the form. An amount that was not asked for is one piece; what was typed is never guessed at.
fn piece_of(
    form: &FormData,
    lang: Lang,
    rules: &RuleBook,
    piece: &rules::KitPiece,
) -> Result<Option<PieceFound>, Vec<Wrong>> {
    let typed = |what| form.value(&field(what, &piece.id)).map(|text| narrow(text).trim().to_owned());
    let wrong = |what, code| {
        let refusal = Refusal::new(code).with("piece", words::piece(lang, rules, &piece.id));
        Wrong { field: field(what, &piece.id), refusal }
    };
    let condition = match typed("condition").as_deref() {
        None | Some("") if !piece.needed => return Ok(None),
        said => {
            said.and_then(Condition::named).ok_or_else(|| vec![wrong("condition", "guards-piece-left")])?
        }
    };
    if condition == Condition::Missing {
        let condition = Coded::Known(condition);
        return Ok(Some(PieceFound { piece: piece.id.to_string(), condition, amount: 0, expires: None }));
    }
    let mut mistakes = Vec::new();
    let amount = typed("amount").map_or(Some(1), |text| text.parse().ok());
    let amount = amount.filter(|amount| (1..=MOST_PIECES).contains(amount));
    if amount.is_none() {
        let mistake = wrong("amount", "guards-piece-amount");
        mistakes.push(Wrong { refusal: mistake.refusal.with("most", MOST_PIECES), ..mistake });
    }
    let day = typed("expires").filter(|text| piece.expires && !text.is_empty());
    let expires = day.as_deref().and_then(|text| text.parse::<Date>().ok());
    if day.is_some() && expires.is_none() {
        mistakes.push(wrong("expires", "guards-piece-day-unread"));
    } else if piece.expires && condition == Condition::Good && expires.is_none() {
        mistakes.push(wrong("expires", "guards-piece-day"));
    }
    match amount {
        Some(amount) if mistakes.is_empty() => {
            let condition = Coded::Known(condition);
            Ok(Some(PieceFound { piece: piece.id.to_string(), condition, amount, expires }))
        }
        _ => Err(mistakes),
    }
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
    let again = |state: FormState| {
        let page = compose(&visit, &rules, &seen, state);
        Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
    };
    let draft = match draft(&form, lang, &rules, campus) {
        Ok(draft) => draft,
        // A program is told the first; its sentence names the piece.
        Err(mut wrong) if visit.prefs.json => {
            return Err(Problem::Refused(wrong.swap_remove(0).refusal).into());
        }
        Err(wrong) => {
            return again(Wrong::told(&wrong, visit.form().keep(&form), &visit.desk.sentences));
        }
    };
    let work = UnitOfWork::new(visit.actor(), command_id)
        .ask::<Gate>(gate_of(unit), GateCommand::CheckKit { unit, draft });
    match visit.desk.handle.execute(WorkLane::Interactive, work).await {
        Ok(_) => Ok(see_other_saying("/guards/kit", &Flash::done(texts::kit_done(lang)))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) if !visit.prefs.json => {
            again(visit.form().keep(&form).failed(&problem, &visit.desk.sentences))
        }
        Err(other) => Err(other.into()),
    }
}
