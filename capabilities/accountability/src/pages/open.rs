//! 启动责任追究: a page of its own, from the record of the hazard.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hazard::{HazardState, Photo, pages::Brought};
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, StreamId, Timestamp, UnitId};
use language::Lang;
use organisation::{Line, ancestors, unit_names};
use storage::Tx;
use web::{
    Failed, Flash, FormData, FormState, Posted, Shell, Visit, see_other_saying,
    view::{Choice, Link},
};

use super::{AccountabilityPages, choices, href};
use crate::{
    case::{Authority, Case, CaseCommand, CaseDraft, Consequence},
    reading::History,
    texts,
};

#[derive(Template)]
#[template(path = "accountability/open.html")]
struct OpenPage {
    shell: Shell,
    form: FormState,
    hazard: Link,
    /// What the hazard is, in words.
    title: String,
    authorities: Vec<Choice>,
    consequences: Vec<Choice>,
    rectifying: Vec<Choice>,
    supervising: Vec<Choice>,
    id: String,
}

/// The hazard, and the units that may be sides.
struct Ground {
    id: StreamId,
    hazard: HazardState,
    units: Vec<(UnitId, String)>,
    /// Those that had something to do about it.
    had_part: Vec<UnitId>,
}

fn ground(tx: &mut Tx, viewer: &access::Viewer, id: &str) -> Result<Ground, Problem> {
    let id = StreamId::parse(id).ok_or(Problem::NotFound)?;
    let hazard = hazard::query::state(tx, id)?.ok_or(Problem::NotFound)?;
    if !viewer.may_over(tx, "accountability.open", hazard.unit)? {
        return Err(Problem::NotFound);
    }
    // Whoever had a deadline to keep, and whoever stood above the school then or stands there now.
    let mut had_part: Vec<UnitId> =
        History::read(tx, id)?.runs().into_iter().map(|kept| kept.run.running.unit).collect();
    had_part.extend([hazard.central, hazard.central_now()].into_iter().flatten());
    let mut all = had_part.clone();
    all.extend([hazard.township, hazard.county].into_iter().flatten());
    for line in [Line::Management, Line::Territory, Line::Assignment] {
        let above = ancestors(tx, hazard.unit, line)?;
        all.extend(above.into_iter().filter(|one| below_city(one.kind)).map(|one| one.id));
    }
    all.retain(|unit| *unit != hazard.unit);
    for units in [&mut all, &mut had_part] {
        units.sort_unstable();
        units.dedup();
    }
    let names = unit_names(tx, &all)?;
    let mut units: Vec<(UnitId, String)> =
        all.into_iter().filter_map(|unit| Some((unit, names.get(&unit)?.clone()))).collect();
    units.sort_by(|a, b| a.1.cmp(&b.1));
    had_part.retain(|unit| *unit != hazard.unit);
    Ok(Ground { id, hazard, units, had_part })
}

/// What lies above the county is no side of a county's case.
fn below_city(kind: organisation::UnitKind) -> bool {
    !matches!(kind, organisation::UnitKind::City | organisation::UnitKind::Province)
}

pub(super) async fn show(visit: Visit, Path(hazard): Path<String>) -> Result<Response, Failed> {
    visit.need_any(&["accountability.open"])?;
    let viewer = visit.viewer.clone();
    let ground = visit.read(move |tx| ground(tx, &viewer, &hazard)).await?;
    let mut form = visit.form().with("rectifying", ground.hazard.unit.0.simple());
    for unit in &ground.had_part {
        form = form.with("supervising", unit.0.simple());
    }
    Ok(web::page(&compose(&visit, &ground, form)))
}

fn compose(visit: &Visit, ground: &Ground, form: FormState) -> OpenPage {
    let lang = visit.lang();
    let gone = || texts::erased(lang).to_owned();
    let school = [(ground.hazard.unit, texts::side_school(lang).to_owned())];
    OpenPage {
        form,
        hazard: Link::new(
            texts::record_hazard(lang, ground.hazard.number),
            format!("/hazards/{}", ground.id.0.simple()),
        ),
        title: ground.hazard.description.clone().unwrap_or_else(gone),
        authorities: choices::authorities(lang),
        consequences: choices::consequences(lang),
        rectifying: choices::units(&school).into_iter().chain(choices::units(&ground.units)).collect(),
        supervising: choices::units(&ground.units),
        id: ground.id.0.simple().to_string(),
        shell: visit
            .shell(texts::open_title(lang))
            .at("accountability")
            .back_to(format!("/hazards/{}", ground.id.0.simple())),
    }
}

pub(super) async fn submit(
    State(pages): State<AccountabilityPages>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, mut form, command_id } = posted;
    visit.need_any(&["accountability.open"])?;
    let (viewer, asked) = (visit.viewer.clone(), form.value("hazard").unwrap_or_default().to_owned());
    let ground = visit.read(move |tx| ground(tx, &viewer, &asked)).await?;
    let files = form.take_files();
    let brought = Brought::take(&visit, &pages.store, &form, files, "photos").await?;
    // Sent twice, it opens one case.
    let id = StreamId(command_id.0);
    let done = async {
        let draft = draft(&form, &ground, brought.all()?)?;
        let work =
            UnitOfWork::new(visit.actor(), command_id).ask::<Case>(id, CaseCommand::Open(Box::new(draft)));
        visit.desk.handle.execute(WorkLane::Interactive, work).await
    };
    match done.await {
        Ok(_) => Ok(see_other_saying(&href(id), &Flash::done(texts::open_done(visit.lang())))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) => {
            if visit.prefs.json {
                return Err(problem.into());
            }
            let state = labelled(visit.form(), visit.lang()).keep(&form);
            let state = brought.again(&visit, &pages.store, state).await?;
            let state = state.failed(&problem, &visit.desk.sentences);
            Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &compose(&visit, &ground, state)))
        }
        Err(other) => Err(other.into()),
    }
}

fn labelled(form: FormState, lang: Lang) -> FormState {
    form.label("authority", texts::form_authority(lang))
        .label("authority_name", texts::form_authority_name(lang))
        .label("document_number", texts::form_decision_number(lang))
        .label("consequence", texts::form_consequence(lang))
        .label("happened_on", texts::form_happened_on(lang))
        .label("what", texts::form_what(lang))
        .label("link", texts::form_link(lang))
        .label("rectifying", texts::form_rectifying(lang))
        .label("supervising", texts::form_supervising(lang))
        .label("photos", texts::form_papers(lang))
}

fn draft(form: &FormData, ground: &Ground, photos: Vec<Photo>) -> Result<CaseDraft, Problem> {
    let authorities: Vec<(&str, Authority)> = Authority::ALL.iter().map(|one| (one.name(), *one)).collect();
    let consequences: Vec<(&str, Consequence)> =
        Consequence::ALL.iter().map(|one| (one.name(), *one)).collect();
    let mut read = form.reader();
    let text = |field: &str| form.value(field).unwrap_or_default().to_owned();
    let units = |field: &str| form.values(field).filter_map(UnitId::parse).collect();
    let draft = CaseDraft {
        hazard: ground.id,
        unit: ground.hazard.unit,
        authority: read.choice("authority", &authorities).required().get(),
        authority_name: text("authority_name"),
        document_number: text("document_number"),
        consequence: read.choice("consequence", &consequences).required().get(),
        happened_on: read.date("happened_on").required().get().map(Timestamp::at_start_of),
        what: text("what"),
        link: text("link"),
        rectifying: units("rectifying"),
        supervising: units("supervising"),
        photos,
    };
    read.finish()?;
    Ok(draft)
}
