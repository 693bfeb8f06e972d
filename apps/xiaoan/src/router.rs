//! The router: every room's routes behind one guard, with the rule of who may call each.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use access::{SessionCache, SessionLimits, SignInDesk, SignInParts, SignInSettings};
use accountability::pages::AccountabilityPages;
use adjustment::pages::RulesPages;
use administration::pages::AdministrationPages;
use axum::{
    Extension, Router,
    extract::{ConnectInfo, Request, State},
    middleware::{self, Next},
    response::Response,
    routing::get,
};
use cockpit::pages::CockpitPages;
use exports::pages::{ExportPages, Home};
use guards::pages::GuardsPages;
use hazard::pages::{Companion, Confidant, HazardPages};
use intake::{Tools, pages::IntakePages};
use kernel::Timestamp;
use papers::Press;
use places::pages::PlacePages;
use public_report::pages::ReportPages;
use supervision::pages::SupervisionPages;
use transfer::pages::TransferPages;
use web::{
    Desk, DeskParts, Face, Lookup, MenuEntry, RouteRule, Sentences, Visit, panel::UnitPanel, see_other,
};

use crate::{held::HeldForReader, outside, platform::Platform, settings::Settings, survey::Looker};

/// The rules of all routes.
pub fn route_rules() -> Vec<RouteRule> {
    let own = [RouteRule::new("GET", "/", &[])];
    own.into_iter()
        .chain(web::sign_in::ROUTE_RULES.iter().copied())
        .chain(hazard::pages::ROUTE_RULES.iter().copied())
        .chain(exports::pages::ROUTE_RULES.iter().copied())
        .chain(administration::pages::ROUTE_RULES.iter().copied())
        .chain(intake::pages::ROUTE_RULES.iter().copied())
        .chain(restricted::pages::ROUTE_RULES.iter().copied())
        .chain(supervision::pages::ROUTE_RULES.iter().copied())
        .chain(transfer::pages::ROUTE_RULES.iter().copied())
        .chain(accountability::pages::ROUTE_RULES.iter().copied())
        .chain(adjustment::pages::ROUTE_RULES.iter().copied())
        .chain(places::pages::ROUTE_RULES.iter().copied())
        .chain(public_report::pages::ROUTE_RULES.iter().copied())
        .chain(guards::pages::ROUTE_RULES.iter().copied())
        .chain(cockpit::pages::ROUTE_RULES.iter().copied())
        .collect()
}

/// Every room's sentences.
pub(crate) fn sentences() -> Sentences {
    Sentences::new([
        hazard::words::sentence as Lookup,
        exports::sentence,
        administration::words::sentence,
        intake::words::sentence,
        restricted::words::sentence,
        supervision::words::sentence,
        transfer::words::sentence,
        accountability::words::sentence,
        adjustment::words::sentence,
        places::words::sentence,
        public_report::words::sentence,
        guards::words::sentence,
        cockpit::sentence,
        notify::words::sentence,
    ])
}

/// What every page needs, from a platform.
pub fn desk(platform: &Platform, settings: &Settings) -> Desk {
    let limits = SessionLimits {
        idle_ms: i64::from(settings.idle_minutes) * Timestamp::MINUTE_MS,
        ..SessionLimits::default()
    };
    let parts = SignInParts {
        writer: Arc::new(platform.handle.clone()),
        vault: Arc::clone(&platform.vault),
        ids: Arc::clone(&platform.ids),
        clock: Arc::clone(&platform.clock),
    };
    Desk::new(DeskParts {
        handle: platform.handle.clone(),
        readers: platform.readers.clone(),
        vault: Arc::clone(&platform.vault),
        clock: Arc::clone(&platform.clock),
        ids: Arc::clone(&platform.ids),
        sentences: sentences()
            .with_catalogue(Arc::new(hazard::words::RuleNames(Arc::clone(&platform.rules)))),
        sessions: SessionCache::new(limits),
        sign_in: SignInDesk::new(parts, SignInSettings::default()),
        menu: menu(),
        csrf_secret: platform.csrf_secret,
        tls: settings.is_secure(),
        idle_seconds: settings.idle_minutes * 60,
        posts_per_minute: settings.posts_per_minute,
    })
}

/// All rooms' places; one's own account stands last.
fn menu() -> Vec<MenuEntry> {
    let mut menu: Vec<MenuEntry> = hazard::pages::menu()
        .into_iter()
        .chain(cockpit::pages::menu())
        .chain(public_report::pages::menu())
        .chain(supervision::pages::menu())
        .chain(transfer::pages::menu())
        .chain(accountability::pages::menu())
        .chain(adjustment::pages::menu())
        .chain(places::pages::menu())
        .chain(guards::pages::menu())
        .chain(administration::pages::menu())
        .chain(intake::pages::menu())
        .chain(restricted::pages::menu())
        .collect();
    menu.sort_by_key(|entry| entry.key == "me");
    menu
}

/// Where people come from who take lists out.
fn homes() -> Vec<Home> {
    vec![
        Home {
            permissions: &["export"],
            menu: "hazards",
            href: "/hazards",
            name: hazard::texts::export_to_list,
            icon: "hazard",
        },
        Home {
            permissions: &["audit.view"],
            menu: "audit",
            href: "/audit",
            name: administration::texts::audit_title,
            icon: "book",
        },
        Home {
            permissions: &["account.manage", "role.grant"],
            menu: "accounts",
            href: "/accounts",
            name: administration::texts::accounts_title,
            icon: "me",
        },
    ]
}

/// What other rooms show beside a hazard, and on the due list.
fn companions(platform: &Platform) -> Vec<Arc<dyn Companion>> {
    vec![
        Arc::new(supervision::ListingBeside),
        Arc::new(transfer::LettersBeside),
        Arc::new(accountability::CasesBeside),
        Arc::new(adjustment::AdjustmentsBeside),
        Arc::new(public_report::ReportsBeside),
        Arc::new(guards::GuardsBeside::new(Arc::clone(&platform.rules), Arc::clone(&platform.vault))),
    ]
}

/// What other rooms say on a school's page, in the order of the page.
fn panels(platform: &Platform) -> Vec<Arc<dyn UnitPanel>> {
    let rules = || Arc::clone(&platform.rules);
    vec![
        Arc::new(hazard::pages::HazardsAtUnit::new(rules())),
        Arc::new(supervision::ListingsAtUnit),
        Arc::new(transfer::LettersAtUnit),
        Arc::new(accountability::pages::CasesAtUnit),
        Arc::new(accountability::pages::ClarificationsAtUnit),
        Arc::new(public_report::ReportsAtUnit::new(rules())),
        Arc::new(guards::pages::GuardsAtUnit::new(rules())),
        Arc::new(places::PlacesAtUnit::new(rules())),
    ]
}

/// The application.
pub fn router(platform: &Platform, settings: &Settings, desk: Desk) -> Router {
    let confidant: Arc<dyn Confidant> = Arc::new(HeldForReader::new(Arc::clone(&platform.vault)));
    let pages = HazardPages {
        rules: Arc::clone(&platform.rules),
        store: Arc::clone(&platform.store),
        confidant: Arc::clone(&confidant),
        companions: companions(platform),
    };
    let listings =
        SupervisionPages { rules: Arc::clone(&platform.rules), store: Arc::clone(&platform.store) };
    let letters = TransferPages {
        rules: Arc::clone(&platform.rules),
        store: Arc::clone(&platform.store),
        public_url: settings.public_url.clone(),
        patience: Arc::default(),
    };
    let cases =
        AccountabilityPages { rules: Arc::clone(&platform.rules), store: Arc::clone(&platform.store) };
    let ruling = RulesPages { ruling: platform.ruling(), rooms: crate::trials::rooms() };
    let spots = PlacePages { rules: Arc::clone(&platform.rules), public_url: settings.public_url.clone() };
    let reports = ReportPages {
        rules: Arc::clone(&platform.rules),
        store: Arc::clone(&platform.store),
        confidant,
        patience: Arc::default(),
    };
    let staffing = GuardsPages { rules: Arc::clone(&platform.rules) };
    let my_exports = ExportPages { exports: Arc::clone(&platform.exports), homes: homes() };
    let tools = Tools { rules: Arc::clone(&platform.rules), store: Arc::clone(&platform.store) };
    let offices = AdministrationPages::new(settings.public_url.clone())
        .going_out_by(outside::door(platform, settings))
        .surveyed_by(Arc::new(Looker(settings.clone())))
        .with_panels(panels(platform));
    let face = Face {
        sentences: desk.sentences.clone(),
        demo: platform.handle.identity().demonstration,
        tls: desk.tls,
        public_origin: settings.public_url.clone(),
        desk: Some(desk.clone()),
    };
    let routes = Router::new()
        .route("/", get(home))
        .merge(web::sign_in::routes(desk.clone()))
        .merge(hazard::pages::routes(pages))
        .merge(exports::pages::routes(my_exports))
        .merge(administration::pages::routes(offices.clone()))
        .merge(intake::pages::routes(IntakePages::new(tools)))
        .merge(restricted::pages::routes())
        .merge(supervision::pages::routes(listings))
        .merge(transfer::pages::routes(letters))
        .merge(accountability::pages::routes(cases))
        .merge(adjustment::pages::routes(ruling))
        .merge(places::pages::routes(spots))
        .merge(public_report::pages::routes(reports))
        .merge(guards::pages::routes(staffing))
        .merge(cockpit::pages::routes(CockpitPages { rules: Arc::clone(&platform.rules) }))
        .layer(middleware::from_fn_with_state(offices, administration::pages::guard))
        .layer(Extension(Press::new(settings.typeset.clone())))
        .layer(Extension(desk));
    let trusted = Arc::new(settings.trusted_proxies.clone());
    web::assemble(routes, face).layer(middleware::from_fn_with_state(trusted, forwarded))
}

/// The first page depends on who comes: the first place of his navigation.
async fn home(visit: Visit) -> Response {
    let first = visit.desk.menu.iter().find(|entry| entry.permissions.iter().any(|p| visit.viewer.may(p)));
    see_other(first.map_or("/me", |entry| entry.href))
}

/// Believes `X-Forwarded-For` from the proxies that the settings name, so that limits count people and not the proxy.
async fn forwarded(State(trusted): State<Arc<Vec<IpAddr>>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    if let Some(peer) = peer.filter(|peer| trusted.contains(&peer.ip())) {
        let told = request
            .headers()
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|part| part.trim().parse::<IpAddr>().ok())
            // The nearest address that is no proxy of ours; what stands before it anybody may have written.
            .rfind(|ip| !trusted.contains(ip));
        if let Some(ip) = told {
            request.extensions_mut().insert(ConnectInfo(SocketAddr::new(ip, peer.port())));
        }
    }
    next.run(request).await
}
