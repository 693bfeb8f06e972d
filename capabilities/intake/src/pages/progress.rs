//! How far it is, and how it ended. Without scripts: the page asks again by itself.

use askama::Template;
use language::Lang;
use web::{
    FormState, Shell, Visit,
    view::{Fact, Level, Link, Mark},
};

use super::href;
use crate::{
    batch::{Batch, BatchBody, Stage, Stopped},
    content::Content,
    texts, words,
};

#[derive(Template)]
#[template(path = "intake/progress.html")]
pub(crate) struct ProgressPage {
    pub shell: Shell,
    pub form: FormState,
    pub facts: Vec<Fact>,
    pub notice: Mark,
    pub done: usize,
    pub total: usize,
    pub running: bool,
    /// The process that wrote it has ended in between.
    pub interrupted: bool,
    pub action: String,
    pub next: Option<Link>,
}

pub(super) fn compose(visit: &Visit, batch: &Batch, running: bool) -> ProgressPage {
    let lang = visit.lang();
    let shell = visit.shell(texts::intake_progress_title(lang)).at("intake").back_to("/intake");
    let told = |one: &Stopped| stopped(lang, &visit.desk.sentences, &batch.body, one);
    let stopped = batch.body.stopped.as_ref().map(told);
    assembled(shell, visit.form(), batch, running, stopped)
}

/// At which cell it stopped and why, and what is written.
pub(crate) fn stopped(lang: Lang, sentences: &web::Sentences, body: &BatchBody, stopped: &Stopped) -> String {
    let why = words::stopped(lang, sentences, stopped);
    let written = match body.created + body.changed {
        0 => texts::intake_stopped_nothing(lang).to_owned(),
        rows => texts::intake_stopped_rest(lang, rows),
    };
    let place = words::place(lang, stopped.row, stopped.column);
    if stopped.row == 0 {
        texts::intake_stopped_file(lang, why, written)
    } else if stopped.name.is_empty() {
        texts::intake_stopped_at(lang, place, why, written)
    } else {
        texts::intake_stopped(lang, place, &stopped.name, why, written)
    }
}

pub(crate) fn assembled(
    shell: Shell,
    form: FormState,
    batch: &Batch,
    running: bool,
    stopped: Option<String>,
) -> ProgressPage {
    let lang = shell.lang();
    let body = &batch.body;
    let interrupted = batch.stage == Stage::Applying && !running;
    let (notice, next) = match batch.stage {
        Stage::Done => (
            Mark::new(Level::Done, done(lang, body)),
            Some(match body.content {
                Content::Register | Content::People | Content::Guards => {
                    Link::new(texts::intake_to_units(lang), "/units")
                }
                Content::Hazards => Link::new(texts::intake_to_hazards(lang), "/hazards?stage=all"),
            }),
        ),
        Stage::Stopped => (
            Mark::new(Level::Red, stopped.unwrap_or_default()),
            Some(Link::new(texts::intake_check_again(lang), format!("{}/check", href(batch.id)))),
        ),
        Stage::Applying if interrupted => (Mark::new(Level::Yellow, texts::intake_interrupted(lang)), None),
        Stage::Applying if body.parts <= 1 => {
            (Mark::new(Level::Blue, texts::intake_working_at_once(lang, batch.total)), None)
        }
        Stage::Loading | Stage::Open | Stage::Applying => {
            (Mark::new(Level::Blue, texts::intake_working(lang, batch.done, batch.total)), None)
        }
    };
    ProgressPage {
        facts: vec![
            Fact::new(texts::intake_file(lang), words::source(batch)),
            Fact::new(texts::intake_stage(lang), words::stage(lang, batch.stage)),
            Fact::new(texts::intake_written(lang), texts::intake_of(lang, batch.done, batch.total)),
        ],
        notice,
        done: batch.done,
        total: batch.total.max(1),
        running,
        interrupted,
        action: format!("{}/apply", href(batch.id)),
        next,
        form,
        shell,
    }
}

pub(crate) fn done(lang: Lang, body: &BatchBody) -> String {
    match body.content {
        Content::Register => texts::intake_done(lang, body.created, body.changed),
        Content::People => texts::intake_done_people(lang, body.created, body.changed),
        Content::Guards => texts::intake_done_guards(lang, body.created, body.changed),
        Content::Hazards => texts::intake_done_hazards(lang, body.created),
    }
}
