//! The dry run: what is new, what changes from what to what, what cannot be taken and where; then the confirmation.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use language::Lang;
use serde::Deserialize;
use uuid::Uuid;
use web::{
    Failed, FormState, Posted, Shell, Visit, see_other,
    view::{Fact, Level, Link, Mark},
};

use super::{
    IntakePages, RUN, href, is_for_the_form,
    tables::{Part, Section, Shown},
};
use crate::{
    batch::{Batch, Stage},
    content::Content,
    import::Importer,
    plan::{Action, Detail, Plan},
    texts, words,
};

/// Which table, from which page on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    list: String,
    page: usize,
}

impl Asked {
    fn part(&self) -> Option<(Part, usize)> {
        Part::named(&self.list).map(|part| (part, self.page))
    }
}

#[derive(Template)]
#[template(path = "intake/check.html")]
pub(crate) struct CheckPage {
    pub shell: Shell,
    pub form: FormState,
    pub facts: Vec<Fact>,
    pub notes: Vec<Mark>,
    pub sections: Vec<Section>,
    /// One table is looked at alone; this leads back to all.
    pub all: Option<Link>,
    pub same: Option<Link>,
    /// The problems as files.
    pub files: Vec<Link>,
    pub seen: String,
    pub action: String,
    pub back: String,
    pub confirm: String,
    /// What confirming does: all at once, or in parts.
    pub told: String,
    pub may_apply: bool,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<IntakePages>,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failed> {
    visit.need_any(RUN)?;
    let (batch, plan) = pages.importer(&visit).dry_run(visit.viewer.account, id).await?;
    if matches!(batch.stage, Stage::Applying | Stage::Done) {
        return Ok(see_other(&href(id)));
    }
    Ok(web::page(&compose(shell(&visit), visit.form(), (&batch, &plan), asked.part())))
}

fn shell(visit: &Visit) -> Shell {
    visit.shell(texts::intake_check_title(visit.lang())).at("intake")
}

pub(crate) fn compose(
    shell: Shell,
    form: FormState,
    (batch, plan): (&Batch, &Plan),
    asked: Option<(Part, usize)>,
) -> CheckPage {
    let lang = shell.lang();
    let (created, changed) = (plan.count(Action::Create), plan.count(Action::Change));
    let check = format!("{}/check", href(batch.id));
    let same = plan.count(Action::Same);
    CheckPage {
        facts: facts(lang, batch, plan),
        notes: notes(lang, batch, plan),
        sections: Shown { lang, batch, plan }.sections(asked),
        all: asked.map(|_| Link::new(texts::intake_all(lang), &check)),
        same: (same > 0 && asked.is_none())
            .then(|| Link::new(texts::intake_see_same(lang, same), format!("{check}?list=same&page=1"))),
        files: super::problems::links(lang, batch, plan),
        seen: plan.digest(),
        action: format!("{}/apply", href(batch.id)),
        back: format!("{}?columns=1", href(batch.id)),
        confirm: texts::intake_confirm(lang, created, changed),
        told: match plan.parts {
            0 | 1 => texts::intake_confirm_told(lang).to_owned(),
            parts => texts::intake_confirm_told_parts(lang, parts),
        },
        may_apply: plan.problems.is_empty() && created + changed > 0,
        form,
        shell: shell.back_to(href(batch.id)),
    }
}

pub(crate) fn facts(lang: Lang, batch: &Batch, plan: &Plan) -> Vec<Fact> {
    let fact = |name: &str, count: usize| Fact::new(name, count.to_string());
    let created = match batch.body.content {
        Content::Register => texts::intake_new(lang),
        Content::People => texts::intake_new_people(lang),
        Content::Guards => texts::intake_new_guards(lang),
        Content::Hazards => texts::intake_new_hazards(lang),
    };
    let mut facts = vec![
        Fact::new(texts::intake_content(lang), words::content(lang, batch.body.content)),
        Fact::new(texts::intake_file(lang), words::source(batch)),
        fact(created, plan.count(Action::Create)),
    ];
    if batch.body.content == Content::Hazards {
        facts.extend(stages(lang, plan));
    } else {
        facts.push(fact(texts::intake_changed(lang), plan.count(Action::Change)));
    }
    facts.extend([
        fact(texts::intake_same(lang), plan.count(Action::Same)),
        fact(texts::intake_problems(lang), plan.problems.len()),
        fact(texts::intake_passed_over(lang), plan.passed_over),
    ]);
    facts
}

/// How many of the new hazards begin where.
fn stages(lang: Lang, plan: &Plan) -> Vec<Fact> {
    let new = || plan.rows.iter().filter(|row| row.action == Action::Create);
    let begins = |wanted: hazard::StageCode| {
        new().filter(|row| matches!(&row.detail, Detail::Hazard { stage, .. } if *stage == wanted)).count()
    };
    let counted = hazard::StageCode::ALL.iter().map(|stage| (*stage, begins(*stage)));
    counted
        .filter(|(_, count)| *count > 0)
        .map(|(stage, count)| {
            Fact::new(texts::intake_of_them(lang, hazard::words::stage(lang, stage)), count.to_string())
        })
        .collect()
}

/// Sheets of the file that nobody reads: said before anybody takes a part for the whole.
pub(super) fn unread(lang: Lang, batch: &Batch) -> Option<Mark> {
    let (sheet, unread) = (&batch.body.sheet, &batch.body.unread);
    let others =
        unread.iter().map(String::as_str).collect::<Vec<_>>().join(texts::intake_names_between(lang));
    (!unread.is_empty()).then(|| Mark::new(Level::Yellow, texts::intake_unread_sheets(lang, sheet, others)))
}

pub(crate) fn notes(lang: Lang, batch: &Batch, plan: &Plan) -> Vec<Mark> {
    let mut notes: Vec<Mark> = unread(lang, batch).into_iter().collect();
    let mut say = |level: Level, text: &str| notes.push(Mark::new(level, text));
    if !plan.problems.is_empty() {
        say(Level::Red, &texts::intake_note_problems(lang, plan.problems.len()));
    }
    if plan.failing_codes > 0 {
        say(Level::Yellow, &texts::intake_note_failing(lang, plan.failing_codes));
    }
    if plan.missing_codes > 0 {
        say(Level::Yellow, &texts::intake_note_missing(lang, plan.missing_codes));
    }
    if plan.excused_codes > 0 {
        say(Level::Blue, &texts::intake_note_excused(lang, plan.excused_codes));
    }
    if plan.made_codes > 0 {
        say(Level::Blue, &texts::intake_note_made(lang, plan.made_codes));
    }
    if plan.missing_photos > 0 {
        say(Level::Yellow, &texts::intake_note_photos(lang, plan.missing_photos));
    }
    if plan.parts > 1 {
        say(Level::Blue, &texts::intake_note_parts(lang, plan.parts));
    }
    if plan.people_ignored {
        say(Level::Blue, texts::intake_note_people(lang));
    }
    if plan.problems.is_empty() && plan.rows.iter().all(|row| row.action == Action::Same) {
        say(Level::Done, texts::intake_note_same(lang));
    }
    notes
}

/// Confirms what was shown, or goes on with what was interrupted. The writing happens behind the page.
pub(super) async fn apply(
    State(pages): State<IntakePages>,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, .. } = posted;
    visit.need_any(RUN)?;
    let (importer, owner) = (pages.importer(&visit), visit.viewer.account);
    let batch = importer.batch(owner, id).await?;
    if batch.stage != Stage::Applying {
        let begun = importer.begin(owner, id, form.value("seen").unwrap_or_default()).await;
        match begun {
            Ok(()) => {}
            Err(problem) if is_for_the_form(&problem) => {
                let (batch, plan) = importer.dry_run(owner, id).await?;
                let state = visit.form().failed(&problem, &visit.desk.sentences);
                let page = compose(shell(&visit), state, (&batch, &plan), None);
                return Ok(web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page));
            }
            Err(other) => return Err(other.into()),
        }
    }
    carry_on(&visit, importer, id);
    Ok(see_other(&href(id)))
}

fn carry_on(visit: &Visit, importer: Importer, id: Uuid) {
    let (desk, owner) = (visit.desk.clone(), visit.viewer.account);
    // Before the next page asks whether it runs.
    if !importer.claim(id) {
        return;
    }
    tokio::spawn(async move {
        if let Err(problem) = importer.claimed(owner, id).await {
            tracing::error!(%problem, %id, "an import was interrupted");
        }
        // What people may see hangs on the units.
        desk.sessions.bump();
    });
}
