//! A link that was made: shown on this answer and nowhere else.

use askama::Template;
use axum::{http::HeaderMap, response::Response};
use kernel::StreamId;
use language::Say;
use storage::Tx;
use web::{Failed, Flash, LETTERS, Shell, Visit, see_other_saying, view::Link};

use super::{TransferPages, href, record::see};
use crate::{
    texts,
    ticket::{self, Ticket},
    words,
};

/// Pixels of the picture.
const PIXELS: u32 = 220;

#[derive(Template)]
#[template(path = "transfer/made.html")]
struct MadePage {
    shell: Shell,
    told: String,
    qr: String,
    address: String,
    /// For a message to the department.
    text: String,
    back: Link,
}

/// The page with the link. A form sent twice made one link, which was shown the first time.
pub(super) async fn show(
    visit: &Visit,
    pages: &TransferPages,
    headers: &HeaderMap,
    id: StreamId,
    ticket: &Ticket,
) -> Result<Response, Failed> {
    let lang = visit.lang();
    let digest = ticket.digest(&visit.desk.vault);
    let kept = visit.read(move |tx: &mut Tx| Ok(ticket::find(tx, &digest)?)).await?;
    let seen = see(visit, id).await?;
    let state = &seen.record.state;
    let (Some((_, link)), Some(open)) = (kept, state.open_link) else {
        return Ok(see_other_saying(&href(id), &Flash::warning(texts::made_before(lang))));
    };
    let origin = web::public_origin(pages.public_url.as_deref(), visit.desk.tls, headers);
    let address = format!("{origin}{LETTERS}{}", ticket.shown());
    let department = state.letter.department_name.clone().unwrap_or_default();
    let kind = words::kind(lang, &state.letter.kind);
    let until = Say(lang).date_time(open.until);
    let shell = visit.shell(texts::made_title(lang)).for_unit(&seen.unit_name, visit.now());
    Ok(web::page(&MadePage {
        told: texts::made_told(lang, link, until.as_str()),
        qr: web::qr(&address, PIXELS)?,
        text: texts::made_text(lang, department, &seen.office_name, kind, &seen.unit_name, until, &address),
        address,
        back: Link::new(texts::made_back(lang), href(id)),
        shell: shell.at("transfers").back_to(href(id)),
    }))
}
