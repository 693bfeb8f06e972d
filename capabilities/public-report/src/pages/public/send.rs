//! A report is sent.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
};
use hazard::{
    Photo,
    pages::{Withheld, stored},
};
use journal::{Context, Standing, UnitOfWork, WorkLane};
use kernel::{Actor, CommandId, Problem, Refusal, StreamId};
use storage::{Lane, Tx};
use web::{Address, Desk, Failed, FormData, FormLimits, Prefs, see_other};

use super::{
    Found, found, is_ours, tokened,
    view::{self, Where, fresh, labelled},
};
use crate::{
    command::{PublicReportCommand, Reception},
    decide::decide,
    facts::{PublicReportFacts, of_reception},
    pages::ReportPages,
    subject::PublicReport,
    telephone,
    ticket::{self, Ticket},
};

pub(in crate::pages) async fn submit(
    State(pages): State<ReportPages>,
    Extension(desk): Extension<Desk>,
    (prefs, address): (Prefs, Address),
    Path(code): Path<String>,
    request: Request,
) -> Result<Response, Failed> {
    // Before the body is read: where there is no such place nothing is read of anybody.
    let Some(found) = found(&desk, &pages, (&address.0, &code)).await? else {
        return Ok(view::unknown(&desk, &prefs));
    };
    if !found.open {
        return Ok(view::closed(&desk, &prefs, &found));
    }
    let mut form = FormData::read(request, FormLimits::REPORT).await?;
    let files = form.take_files();
    let sending = Sending { desk: &desk, pages: &pages, found: &found, form: &form };
    let Some(id) = sending.id() else {
        let expired = Refusal::new("public-report-form-expired").into();
        return Ok(sending.again(&prefs, &code, StatusCode::UNPROCESSABLE_ENTITY, None, &expired));
    };
    if let Some(held) = sending.withheld(&prefs, id).await? {
        return Ok(held);
    }
    match sending.send(id, &address.0, files).await {
        Ok(ticket) => Ok(see_other(&format!("{}?received=1", ticket.href()))),
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) => {
            let (status, kept) = match &problem {
                Problem::Refused(refusal) if refusal.code == "public-report-too-many" => {
                    (StatusCode::TOO_MANY_REQUESTS, Some(id))
                }
                // It was sent before with other words: what stands here now would be another report.
                Problem::Refused(refusal) if refusal.code == "command-id-reused" => {
                    let told = Refusal::new("public-report-sent-before").into();
                    return Ok(sending.again(&prefs, &code, StatusCode::CONFLICT, None, &told));
                }
                _ => (StatusCode::UNPROCESSABLE_ENTITY, Some(id)),
            };
            Ok(sending.again(&prefs, &code, status, kept, &problem))
        }
        Err(other) => Err(other.into()),
    }
}

/// A form on its way.
struct Sending<'a> {
    desk: &'a Desk,
    pages: &'a ReportPages,
    found: &'a Found,
    form: &'a FormData,
}

impl Sending<'_> {
    /// The id of the form, if it was opened here for this place.
    fn id(&self) -> Option<CommandId> {
        let id = self.form.value("_command").and_then(CommandId::parse)?;
        let token = self.form.value("_form").unwrap_or_default();
        is_ours(&self.desk.vault, (id, self.found.id), token, self.desk.clock.now()).then_some(id)
    }

    fn typed(&self, field: &str) -> &str {
        self.form.value(field).unwrap_or_default()
    }

    /// The form again, with everything typed; photos a browser cannot give back.
    fn again(
        &self,
        prefs: &Prefs,
        code: &str,
        status: StatusCode,
        id: Option<CommandId>,
        problem: &Problem,
    ) -> Response {
        let id = id.unwrap_or_else(|| self.desk.ids.new_id(&*self.desk.clock));
        let form = labelled(fresh(prefs), prefs.lang).keep(self.form);
        let form = tokened(self.desk, self.found, form, id).failed(problem, &self.desk.sentences);
        let here = Where { code, found: self.found };
        view::page(status, (self.desk, prefs), &self.pages.rules(), here, form)
    }

    /// Words that look like bullying, abuse or self-harm are no report: they are held for whoever is named to read them,
    /// or stored nowhere, and the page says whom to call.
    async fn withheld(&self, prefs: &Prefs, id: CommandId) -> Result<Option<Response>, Failed> {
        let rules = self.pages.rules();
        let fields = [self.typed("words"), self.typed("spot")];
        let Some((topic, _)) = fields.into_iter().find_map(|text| rules.restricted_phrase(text)) else {
            return Ok(None);
        };
        let (unit, lang) = (self.found.state.unit, prefs.lang);
        let confidant = Arc::clone(&self.pages.confidant);
        let (reader, phones) = self
            .desk
            .readers
            .read(Lane::Interactive, move |tx| {
                Ok::<_, Problem>((confidant.reader(tx, lang, unit)?, view::telephones(tx, lang, unit)?))
            })
            .await??;
        let text =
            fields.into_iter().map(str::trim).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
        let words = Withheld { by: Actor::SYSTEM, form: id, unit, text: &text };
        let kept = match reader.and_then(|_| self.pages.confidant.hold(words)) {
            None => false,
            Some(work) => match self.desk.handle.execute(WorkLane::Interactive, work).await {
                Ok(_) => true,
                // The reader was taken away in this very moment.
                Err(Problem::Refused(_)) => false,
                Err(problem) => return Err(problem.into()),
            },
        };
        let category = rules.category(&topic.category);
        Ok(Some(view::withheld((self.desk, prefs), self.found, category, (kept, phones))))
    }

    fn reception(&self, photos: Vec<Photo>, telephone: bool) -> Reception {
        Reception {
            unit: self.found.state.unit,
            place: self.found.id,
            category: self.typed("category").to_owned(),
            spot: self.typed("spot").to_owned(),
            words: self.typed("words").to_owned(),
            photos,
            telephone,
        }
    }

    async fn send(
        &self,
        id: CommandId,
        address: &str,
        files: Vec<web::UploadedFile>,
    ) -> Result<Ticket, Problem> {
        let typed = self.typed("telephone");
        let telephone = match (typed.trim().is_empty(), telephone::read(typed)) {
            (true, _) => None,
            (false, Some(telephone)) => Some(telephone),
            (false, None) => return Err(Refusal::new("public-report-telephone").on("telephone").into()),
        };
        FormData::left_out(&files)?;
        // Tried without its photos first: a form that is refused leaves none of them behind.
        let brought = files.iter().map(|_| Photo("0".repeat(64))).collect();
        self.tried(self.reception(brought, telephone.is_some())).await?;
        self.pages.patience.sends(&self.desk.vault, address, self.desk.clock.now())?;
        let (photos, problem) = stored(self.desk, &self.pages.store, files).await?;
        if let Some(problem) = problem {
            return Err(problem);
        }
        let asked = PublicReportCommand::Receive(Box::new(self.reception(photos, telephone.is_some())));
        let report = StreamId(id.0);
        let ticket = Ticket::of(&self.desk.vault, id);
        let digest = ticket.digest(&self.desk.vault);
        let now = self.desk.clock.now();
        let expires = self.pages.rules().deadline("public-report.ticket", now).map_or(now, |due| due.value);
        let sealed = telephone
            .map(|telephone| telephone::kept(&self.desk.vault, &self.desk.ids, report, &telephone))
            .transpose()
            .map_err(|error| Problem::Fault(error.to_string()))?;
        let work = UnitOfWork::new(Actor::SYSTEM, id).ask::<PublicReport>(report, asked).housekeeping(
            move |tx: &mut Tx| {
                ticket::keep(tx, &digest, report, expires)?;
                sealed.as_ref().map_or(Ok(()), |sealed| telephone::write(tx, report, sealed))
            },
        );
        self.desk.handle.execute(WorkLane::Interactive, work).await?;
        Ok(ticket)
    }

    /// What the writer would answer now.
    async fn tried(&self, asked: Reception) -> Result<(), Problem> {
        let (rules, now) = (self.pages.rules(), self.desk.clock.now());
        let there = (asked.unit, asked.place);
        let facts = self
            .desk
            .readers
            .read(Lane::Interactive, move |tx| {
                let mut facts = PublicReportFacts::new(rules);
                of_reception(tx, &mut facts, there, now)?;
                Ok::<_, Problem>(facts)
            })
            .await??;
        let standing = Standing {
            actor: Actor::SYSTEM,
            person: None,
            home: None,
            grants: Vec::new(),
            permissions: [].into(),
            unit_path: String::new(),
        };
        let context = Context { stream: StreamId::NIL, now, standing: &standing };
        decide(None, &PublicReportCommand::Receive(Box::new(asked)), &facts, &context)?;
        Ok(())
    }
}
