//! The pages of administration. Each route says who may call it; every list takes the viewer's scope; what somebody
//! may not see is not there.

mod account;
mod account_acts;
mod account_many;
mod account_open;
pub(crate) mod accounts;
pub(crate) mod audit;
mod audit_event;
pub(crate) mod audit_query;
mod bind;
mod channel;
mod channel_acts;
mod channels;
mod common;
mod condition;
mod devices;
mod guard;
mod me;
mod notice;
mod people;
mod person;
mod person_acts;
mod person_move;
pub(crate) mod reads;
mod second_factor;
pub(crate) mod sent;
pub(crate) mod sign_ins;
mod slips;
mod unit;
mod unit_acts;
mod unit_course;
mod unit_facts;
mod unit_forms;
mod unit_history;
mod unit_links;
mod unit_new;
pub(crate) mod unit_people;
pub(crate) mod units;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Path},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use journal::Permission;
use kernel::{Problem, limits::PUBLIC_FORM_BYTES};
use web::{Failed, MenuEntry, RouteRule};

use crate::texts;

pub use guard::{AdministrationPages, guard};
pub use notice::{NOTICE_VERSION, needs_notice};

/// The style sheet of these pages, beside web's own.
pub(crate) const STYLE: &str = "/administration/style/4-administration.css";
/// And of slips to print.
pub(crate) const SLIPS_STYLE: &str = "/administration/style/1-slips.css";

/// The routes of administration.
pub fn routes(pages: AdministrationPages) -> Router {
    units_routes()
        .merge(account_routes())
        .route("/me", get(me::show))
        .route("/me/password", post(me::password))
        .route("/me/sessions", post(me::end_sessions))
        .route("/me/second-factor", get(second_factor::show).post(second_factor::submit))
        .route("/notice", get(notice::show).post(notice::submit))
        .route("/condition", get(condition::show))
        .route("/sent", get(sent::show))
        .route("/sent/export", get(sent::export))
        .route("/audit", get(audit::show))
        .route("/audit/export", get(audit::export))
        .route("/audit/reads", get(reads::show))
        .route("/audit/reads/export", get(reads::export))
        .route("/audit/sign-ins", get(sign_ins::show))
        .route("/audit/sign-ins/export", get(sign_ins::export))
        .route("/audit/{position}", get(audit_event::show))
        .route("/units/{id}/devices", get(devices::show).post(devices::link))
        .route("/units/{id}/devices/revoke", post(devices::revoke))
        .route(
            "/bind/{token}",
            get(bind::show).post(bind::submit).layer(DefaultBodyLimit::max(PUBLIC_FORM_BYTES)),
        )
        .route("/device/pin", get(bind::ask_pin).post(bind::check_pin))
        .route("/administration/style/{name}", get(style))
        .with_state(pages)
}

fn units_routes() -> Router<AdministrationPages> {
    Router::new()
        .route("/units", get(units::show))
        .route("/units/export", get(units::export))
        .route("/units/new", get(unit_new::show).post(unit_new::submit))
        .route("/units/{id}", get(unit::show))
        .merge(unit_acts::routes())
        .route("/units/{id}/people/export", get(unit_people::export))
        .route("/units/{id}/people/new", get(people::show).post(people::submit))
        .route("/units/{id}/slips", get(slips::choose).post(slips::print))
        .route("/units/{id}/channels", get(channels::show))
        .route("/units/{id}/channels/new", get(channels::open).post(channels::submit))
        .route("/units/{id}/channels/{channel}", get(channel::show).post(channel::submit))
        .route("/units/{id}/channels/{channel}/{act}", post(channel_acts::submit))
        .route("/people/{id}", get(person::show))
        .route("/people/{id}/phone", post(person::phone))
        .route("/people/{id}/contact", get(person_acts::contact).post(person_acts::submit_contact))
        .route("/people/{id}/posts", post(person_acts::posts))
        .route("/people/{id}/move", get(person_acts::relocate).post(person_acts::submit_move))
        .route("/people/{id}/leave", get(person_acts::leave).post(person_acts::submit_leave))
        .route("/people/{id}/return", get(person_acts::comes_back).post(person_acts::submit_return))
}

fn account_routes() -> Router<AdministrationPages> {
    Router::new()
        .route("/accounts", get(accounts::show))
        .route("/accounts/export", get(accounts::export))
        .route("/accounts/new", get(account_open::show).post(account_open::submit))
        .route("/accounts/many", get(account_many::show).post(account_many::open))
        .route("/accounts/many/slips", post(account_many::grant))
        .route("/accounts/{id}", get(account::show))
        .route("/accounts/{id}/reset", post(slips::reset))
        .route("/accounts/{id}/unlock", post(account_acts::lift))
        .route("/accounts/{id}/{act}", post(account_acts::submit))
}

const UNIT: &[Permission] = &["unit.view"];
const MANAGE: &[Permission] = &["unit.manage"];
const PEOPLE: &[Permission] = &["person.manage"];
const SEE_PEOPLE: &[Permission] = &["person.view"];
/// Whoever does anything about accounts.
pub(crate) const ACCOUNTS: &[Permission] = &["account.manage", "role.grant", "account.reset_password"];
const RESET: &[Permission] = &["account.reset_password", "role.grant"];
const CHANNELS: &[Permission] = &["channel.manage"];
const SENT: &[Permission] = &["sent.read"];
const AUDIT: &[Permission] = &["audit.view"];
/// Any signed-in person.
const EVERYBODY: &[Permission] = &[];

/// Who may call them; compared with the router in a test.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::new("GET", "/units", UNIT),
    RouteRule::new("GET", "/units/export", units::EXPORT),
    RouteRule::new("GET", "/units/new", MANAGE),
    RouteRule::new("POST", "/units/new", MANAGE),
    RouteRule::new("GET", "/units/{id}", UNIT),
    RouteRule::new("GET", "/units/{id}/describe", &["unit.manage", "unit.describe"]),
    RouteRule::new("POST", "/units/{id}/describe", &["unit.manage", "unit.describe"]),
    RouteRule::new("GET", "/units/{id}/rename", MANAGE),
    RouteRule::new("POST", "/units/{id}/rename", MANAGE),
    RouteRule::new("GET", "/units/{id}/recode", MANAGE),
    RouteRule::new("POST", "/units/{id}/recode", MANAGE),
    RouteRule::new("GET", "/units/{id}/rekind", MANAGE),
    RouteRule::new("POST", "/units/{id}/rekind", MANAGE),
    RouteRule::new("GET", "/units/{id}/move", MANAGE),
    RouteRule::new("POST", "/units/{id}/move", MANAGE),
    RouteRule::new("GET", "/units/{id}/assign", MANAGE),
    RouteRule::new("POST", "/units/{id}/assign", MANAGE),
    RouteRule::new("GET", "/units/{id}/unassign", MANAGE),
    RouteRule::new("POST", "/units/{id}/unassign", MANAGE),
    RouteRule::new("GET", "/units/{id}/close", MANAGE),
    RouteRule::new("POST", "/units/{id}/close", MANAGE),
    RouteRule::new("GET", "/units/{id}/reopen", MANAGE),
    RouteRule::new("POST", "/units/{id}/reopen", MANAGE),
    RouteRule::new("GET", "/units/{id}/people/export", SEE_PEOPLE),
    RouteRule::new("GET", "/units/{id}/people/new", PEOPLE),
    RouteRule::new("POST", "/units/{id}/people/new", PEOPLE),
    RouteRule::new("GET", "/units/{id}/slips", RESET),
    RouteRule::new("POST", "/units/{id}/slips", RESET),
    RouteRule::new("GET", "/units/{id}/devices", RESET),
    RouteRule::new("POST", "/units/{id}/devices", RESET),
    RouteRule::new("POST", "/units/{id}/devices/revoke", RESET),
    RouteRule::new("GET", "/units/{id}/channels", CHANNELS),
    RouteRule::new("GET", "/units/{id}/channels/new", CHANNELS),
    RouteRule::new("POST", "/units/{id}/channels/new", CHANNELS),
    RouteRule::new("GET", "/units/{id}/channels/{channel}", CHANNELS),
    RouteRule::new("POST", "/units/{id}/channels/{channel}", CHANNELS),
    RouteRule::new("POST", "/units/{id}/channels/{channel}/{act}", CHANNELS),
    RouteRule::new("GET", "/sent", SENT),
    RouteRule::new("GET", "/sent/export", SENT),
    RouteRule::new("GET", "/people/{id}", SEE_PEOPLE),
    RouteRule::new("POST", "/people/{id}/phone", &["person.view_contact"]),
    RouteRule::new("GET", "/people/{id}/contact", PEOPLE),
    RouteRule::new("POST", "/people/{id}/contact", PEOPLE),
    RouteRule::new("POST", "/people/{id}/posts", PEOPLE),
    RouteRule::new("GET", "/people/{id}/move", PEOPLE),
    RouteRule::new("POST", "/people/{id}/move", PEOPLE),
    RouteRule::new("GET", "/people/{id}/leave", PEOPLE),
    RouteRule::new("POST", "/people/{id}/leave", PEOPLE),
    RouteRule::new("GET", "/people/{id}/return", PEOPLE),
    RouteRule::new("POST", "/people/{id}/return", PEOPLE),
    RouteRule::new("GET", "/accounts", ACCOUNTS),
    RouteRule::new("GET", "/accounts/export", ACCOUNTS),
    RouteRule::new("GET", "/accounts/new", &["account.manage"]),
    RouteRule::new("POST", "/accounts/new", &["account.manage"]),
    RouteRule::new("GET", "/accounts/many", &["account.manage", "role.grant"]),
    RouteRule::new("POST", "/accounts/many", &["account.manage"]),
    RouteRule::new("POST", "/accounts/many/slips", &["role.grant"]),
    RouteRule::new("GET", "/accounts/{id}", ACCOUNTS),
    RouteRule::new("POST", "/accounts/{id}/reset", RESET),
    RouteRule::new("POST", "/accounts/{id}/unlock", RESET),
    RouteRule::new("POST", "/accounts/{id}/{act}", &["account.manage", "role.grant"]),
    RouteRule::new("GET", "/condition", condition::SEE),
    RouteRule::new("GET", "/me", EVERYBODY),
    RouteRule::new("POST", "/me/password", EVERYBODY),
    RouteRule::new("POST", "/me/sessions", EVERYBODY),
    RouteRule::new("GET", "/me/second-factor", EVERYBODY),
    RouteRule::new("POST", "/me/second-factor", EVERYBODY),
    RouteRule::new("GET", "/notice", EVERYBODY),
    RouteRule::new("POST", "/notice", EVERYBODY),
    RouteRule::new("GET", "/audit", AUDIT),
    RouteRule::new("GET", "/audit/export", AUDIT),
    RouteRule::new("GET", "/audit/reads", AUDIT),
    RouteRule::new("GET", "/audit/reads/export", AUDIT),
    RouteRule::new("GET", "/audit/sign-ins", AUDIT),
    RouteRule::new("GET", "/audit/sign-ins/export", AUDIT),
    RouteRule::new("GET", "/audit/{position}", AUDIT),
    RouteRule::public("GET", "/bind/{token}"),
    RouteRule::public("POST", "/bind/{token}"),
    RouteRule::new("GET", "/device/pin", EVERYBODY),
    RouteRule::new("POST", "/device/pin", EVERYBODY),
    RouteRule::public("GET", "/administration/style/{name}"),
];

/// Everybody has at least one of these: the entry of one's own account.
const ANY: &[Permission] = access::names::ALL;

/// The places in the navigation.
pub fn menu() -> Vec<MenuEntry> {
    vec![
        MenuEntry::new("units", texts::units_title, "/units", "units", UNIT),
        MenuEntry::new("accounts", texts::accounts_title, "/accounts", "admin", ACCOUNTS),
        MenuEntry::new("sent", texts::sent_title, "/sent", "bell", SENT),
        MenuEntry::new("condition", texts::condition_title, "/condition", "admin", condition::SEE),
        MenuEntry::new("audit", texts::audit_title, "/audit", "book", AUDIT),
        MenuEntry::new("me", texts::me_title, "/me", "me", ANY).bottom(),
    ]
}

/// The two style sheets; the number in the name grows with every change.
async fn style(Path(name): Path<String>) -> Result<Response, Failed> {
    let text = match name.split_once('-') {
        Some((_, "administration.css")) => include_str!("../assets/administration.css"),
        Some((_, "slips.css")) => include_str!("../assets/slips.css"),
        _ => return Err(Problem::NotFound.into()),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400")),
    ];
    Ok((headers, text).into_response())
}
