//! Signing in and out: password, code, first password, enrolment of a second factor.

use access::{
    Account, AccountCommand, Origin, Outcome, Password, SessionStage, SessionToken, SignIn, SignedIn,
};
use askama::Template;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use journal::{UnitOfWork, WorkLane};
use kernel::{Actor, ActorId, FieldProblem, Problem, Refusal, hex, limits, text::narrow};
use language::{Lang, Say};
use serde::Deserialize;
use storage::Lane;
use tokio::sync::Semaphore;

use crate::{
    Address, Desk, Failed, FormData, FormState, Prefs, PublicForm, RouteRule, SESSION_COOKIE, Shell, csrf,
    page, page_with, prefs, see_other, texts,
    visit::{cookie, signed_in},
};

/// Who may call the routes of signing in.
pub const ROUTE_RULES: &[RouteRule] = &[
    RouteRule::public("GET", "/sign-in"),
    RouteRule::public("POST", "/sign-in"),
    RouteRule::public("POST", "/sign-in/code"),
    RouteRule::public("POST", "/sign-in/password"),
    RouteRule::public("POST", "/sign-in/enrol"),
    RouteRule::public("POST", "/sign-out"),
];

/// The routes of signing in.
pub fn routes(desk: Desk) -> Router {
    Router::new()
        .route("/sign-in", get(show).post(password))
        .route("/sign-in/code", post(code))
        .route("/sign-in/password", post(new_password))
        .route("/sign-in/enrol", post(enrol))
        .route("/sign-out", post(sign_out))
        .layer(DefaultBodyLimit::max(limits::PUBLIC_FORM_BYTES))
        .with_state(desk)
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct To {
    to: String,
}

/// What the page asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Password,
    Code,
    NewPassword,
    Enrol { secret: String, url: String, qr: String },
    Codes(Vec<String>),
}

#[derive(Template)]
#[template(path = "sign_in/page.html")]
struct SignInPage {
    shell: Shell,
    form: FormState,
    step: Step,
    to: String,
}

/// Forms before a session exists are bound to a value in a cookie of their own.
const FORM_COOKIE: &str = "xa_form";
/// Says that this browser signed in before; it opens nothing.
const DEVICE_COOKIE: &str = "xa_known";

fn shell(desk: &Desk, prefs: &Prefs, lang: Lang) -> Shell {
    let mut shell = Shell::public(prefs, texts::sign_in_title(lang));
    shell.demo = desk.handle.identity().demonstration;
    shell
}

/// The page for where the sign-in stands; after a mistake with the sentence and the login that was typed.
async fn standing(
    desk: &Desk,
    prefs: &Prefs,
    signed_in: Option<&SignedIn>,
    to: &str,
    failed: Option<(&Problem, &str)>,
) -> Result<Response, Failed> {
    let lang = prefs.lang;
    let (step, bound) = match signed_in {
        None => (Step::Password, None),
        Some(s) => match s.session.stage {
            SessionStage::Full => return Ok(see_other(prefs::local_path(to))),
            SessionStage::SecondFactor => (Step::Code, Some(s.session.csrf)),
            SessionStage::Password => (Step::NewPassword, Some(s.session.csrf)),
            SessionStage::Enrol => (enrolment(desk, s).await?, Some(s.session.csrf)),
        },
    };
    let fresh: [u8; 32] = desk.ids.bytes();
    let token = csrf::token(&desk.csrf_secret, bound.as_ref().unwrap_or(&fresh), desk.ids.bytes());
    let mut form = FormState::new(lang, token);
    if let Some((problem, login)) = failed {
        form = form.with("login", login).failed(problem, &desk.sentences);
    }
    let shown = SignInPage { shell: shell(desk, prefs, lang), form, step, to: to.to_owned() };
    let mut response = match failed {
        None => page(&shown),
        Some(_) => page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown),
    };
    if bound.is_none() {
        set_cookie(&mut response, FORM_COOKIE, &hex::write(fresh), desk.tls, None);
    }
    Ok(response)
}

async fn enrolment(desk: &Desk, signed_in: &SignedIn) -> Result<Step, Problem> {
    let (asked, session, login) = (desk.clone(), signed_in.session.clone(), signed_in.login().to_owned());
    let enrolment = hashing(move || asked.sign_in.begin_enrolment(&session, &login)).await?;
    let qr = crate::qr(&enrolment.url, 200)?;
    Ok(Step::Enrol { secret: enrolment.grouped(), url: enrolment.url, qr })
}

async fn show(
    State(desk): State<Desk>,
    prefs: Prefs,
    Query(to): Query<To>,
    headers: HeaderMap,
) -> Result<Response, Failed> {
    let signed_in = signed_in(&desk, &headers).await?;
    standing(&desk, &prefs, signed_in.as_ref(), &to.to, None).await
}

async fn password(State(desk): State<Desk>, prefs: Prefs, request: Request) -> Result<Response, Failed> {
    let headers = request.headers().clone();
    let from = origin(&request);
    let form = FormData::read(request, crate::FormLimits::PUBLIC).await?;
    let bound = cookie(&headers, FORM_COOKIE).and_then(hex::read_array::<32>);
    let bound = bound.ok_or_else(|| Problem::from(Refusal::new("form-expired")))?;
    csrf::verify(&desk.csrf_secret, &bound, &headers, Some(&form))?;
    let text = |field: &str| form.value(field).unwrap_or_default().to_owned();
    let request = SignIn {
        login: narrow(&text("login")),
        password: Password::new(text("password")),
        totp: None,
        from: from.clone(),
        agent: agent(&headers),
    };
    let (asked, login, near) = (desk.clone(), request.login.clone(), from.clone());
    let looked = desk.clone();
    let candidate =
        desk.readers.read(Lane::Interactive, move |tx| looked.sign_in.look_up(tx, &login, &near)).await;
    let candidate = candidate.map_err(Problem::from)?.map_err(Problem::from)?;
    let outcome = hashing(move || asked.sign_in.decide(candidate, &request)).await?;
    answer(&desk, &prefs, None, (&text("to"), &text("login")), outcome, &from).await
}

async fn code(State(desk): State<Desk>, prefs: Prefs, request: Request) -> Result<Response, Failed> {
    let (headers, from) = (request.headers().clone(), origin(&request));
    let form = FormData::read(request, crate::FormLimits::PUBLIC).await?;
    let current = unfinished(&desk, &headers, &form).await?;
    let (asked, session) = (desk.clone(), current.session.clone());
    let (typed, near) = (form.value("code").unwrap_or_default().to_owned(), from.clone());
    let outcome = hashing(move || asked.sign_in.second_factor(&session, &narrow(&typed), &near)).await?;
    answer(&desk, &prefs, Some(&current), (form.value("to").unwrap_or("/"), ""), outcome, &from).await
}

async fn new_password(State(desk): State<Desk>, prefs: Prefs, request: Request) -> Result<Response, Failed> {
    let (headers, from) = (request.headers().clone(), origin(&request));
    let form = FormData::read(request, crate::FormLimits::PUBLIC).await?;
    let current = unfinished(&desk, &headers, &form).await?;
    let to = form.value("to").unwrap_or("/").to_owned();
    let typed = form.value("password").unwrap_or_default().to_owned();
    if form.value("again") != Some(typed.as_str()) {
        let refusal = Refusal::new("password-differs");
        let problem = Problem::Invalid(vec![FieldProblem { field: "again", refusal }]);
        return standing(&desk, &prefs, Some(&current), &to, Some((&problem, ""))).await;
    }
    let (asked, session) = (desk.clone(), current.session.clone());
    let looking = desk.clone();
    let change = desk
        .readers
        .read(Lane::Interactive, move |tx| looking.sign_in.look_up_change(tx, &session))
        .await
        .map_err(Problem::from)??;
    // Hashing takes tens of milliseconds: no reader of the database waits for it.
    match hashing(move || asked.sign_in.change_password(change, None, &Password::new(typed))).await {
        Ok(outcome) => {
            if token_of(&outcome).is_some() {
                let set = AccountCommand::RecordPasswordSet { by_reset: false };
                record(&desk, current.session.account, set).await;
            }
            answer(&desk, &prefs, Some(&current), (&to, ""), outcome, &from).await
        }
        Err(problem @ (Problem::Refused(_) | Problem::Invalid(_))) => {
            standing(&desk, &prefs, Some(&current), &to, Some((&problem, ""))).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn enrol(State(desk): State<Desk>, prefs: Prefs, request: Request) -> Result<Response, Failed> {
    let (headers, from) = (request.headers().clone(), origin(&request));
    let form = FormData::read(request, crate::FormLimits::PUBLIC).await?;
    let current = unfinished(&desk, &headers, &form).await?;
    let to = form.value("to").unwrap_or("/").to_owned();
    let typed = form.value("code").unwrap_or_default().to_owned();
    let (asked, session) = (desk.clone(), current.session.clone());
    match hashing(move || asked.sign_in.confirm_enrolment(&session, &narrow(&typed))).await {
        Ok((outcome, codes)) => {
            let lang = prefs.lang;
            let form = FormState::new(lang, String::new());
            // A link here, not a redirect: an address from outside may not become one.
            let to = prefs::local_path(&to).to_owned();
            let shown = SignInPage { shell: shell(&desk, &prefs, lang), form, step: Step::Codes(codes), to };
            let mut response = page(&shown);
            record(&desk, current.session.account, AccountCommand::RecordSecondFactorSet).await;
            if let Some(token) = token_of(&outcome) {
                desk.sessions.bump();
                set_cookie(&mut response, SESSION_COOKIE, token.as_cookie(), desk.tls, None);
                know(&desk, &mut response, token, &from).await;
            }
            Ok(response)
        }
        Err(problem @ Problem::Refused(_)) => {
            standing(&desk, &prefs, Some(&current), &to, Some((&problem, ""))).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn sign_out(
    State(desk): State<Desk>,
    headers: HeaderMap,
    PublicForm(form): PublicForm,
) -> Result<Response, Failed> {
    let mut response = see_other("/sign-in");
    if let Some(current) = signed_in(&desk, &headers).await? {
        csrf::verify(&desk.csrf_secret, &current.session.csrf, &headers, Some(&form))?;
        let (asked, session) = (desk.clone(), current.session.clone());
        hashing(move || asked.sign_in.sign_out(&session)).await?;
        desk.sessions.forget(&current.session.digest);
    }
    set_cookie(&mut response, SESSION_COOKIE, "", desk.tls, Some(0));
    Ok(response)
}

/// The sign-in a form belongs to, its token checked.
async fn unfinished(desk: &Desk, headers: &HeaderMap, form: &FormData) -> Result<SignedIn, Problem> {
    let current =
        signed_in(desk, headers).await?.ok_or_else(|| Problem::from(Refusal::new("form-expired")))?;
    csrf::verify(&desk.csrf_secret, &current.session.csrf, headers, Some(form))?;
    Ok(current)
}

const fn token_of(outcome: &Outcome) -> Option<&SessionToken> {
    match outcome {
        Outcome::NeedsSecondFactor(token)
        | Outcome::MustChangePassword(token)
        | Outcome::NeedsEnrolment(token)
        | Outcome::Ok(token) => Some(token),
        Outcome::Wrong | Outcome::Locked { .. } | Outcome::TooOften => None,
    }
}

async fn answer(
    desk: &Desk,
    prefs: &Prefs,
    current: Option<&SignedIn>,
    (to, login): (&str, &str),
    outcome: Outcome,
    from: &Origin,
) -> Result<Response, Failed> {
    if let Outcome::Locked { newly: Some(account), .. } = &outcome {
        record(desk, *account, AccountCommand::RecordLocked).await;
    }
    let refusal = match &outcome {
        Outcome::Wrong if current.is_some() => Refusal::new("second-factor-wrong").on("code"),
        Outcome::Wrong => Refusal::new("sign-in-wrong"),
        Outcome::Locked { until, .. } => {
            Refusal::new("sign-in-locked").with("until", Say(prefs.lang).time(*until))
        }
        Outcome::TooOften => Refusal::new("sign-in-too-often"),
        Outcome::NeedsSecondFactor(token)
        | Outcome::MustChangePassword(token)
        | Outcome::NeedsEnrolment(token)
        | Outcome::Ok(token) => {
            desk.sessions.bump();
            let done = matches!(outcome, Outcome::Ok(_));
            let path = if done { prefs::local_path(to).to_owned() } else { again(to) };
            let mut response = see_other(&path);
            set_cookie(&mut response, SESSION_COOKIE, token.as_cookie(), desk.tls, None);
            if done {
                know(desk, &mut response, token, from).await;
            }
            return Ok(response);
        }
    };
    standing(desk, prefs, current, to, Some((&Problem::Refused(refusal), login))).await
}

/// Knows this browser from now on: strangers who guess do not lock it out.
async fn know(desk: &Desk, response: &mut Response, token: &SessionToken, from: &Origin) {
    let (asked, token, presented) = (desk.clone(), token.clone(), from.device.clone());
    match hashing(move || asked.sign_in.know_device(&token, presented.as_deref())).await {
        Ok(Some(cookie)) => {
            let seconds = access::limits::KNOWN_DEVICE_MS / kernel::Timestamp::SECOND_MS;
            set_cookie(response, DEVICE_COOKIE, &cookie, desk.tls, u32::try_from(seconds).ok());
        }
        Ok(None) => {}
        // Signed in all the same.
        Err(problem) => tracing::warn!(%problem, "a browser could not be remembered"),
    }
}

/// Leaves a trace of what happened to an account. The secret is changed by then; a trace that cannot be left is
/// reported in the log and does not undo it.
/// Records what happened to an account while somebody signed in or proved who he is.
pub async fn record(desk: &Desk, account: ActorId, command: AccountCommand) {
    // A lock is the platform's own act: whoever guessed is nobody.
    let actor = match command {
        AccountCommand::RecordLocked => Actor::SYSTEM,
        _ => Actor::person(account),
    };
    let work = UnitOfWork::new(actor, desk.ids.new_id(&*desk.clock));
    let done = desk.handle.execute(WorkLane::Interactive, work.ask::<Account>(account, command)).await;
    if let Err(problem) = done {
        tracing::error!(%problem, "what happened to an account could not be recorded");
    }
}

fn again(to: &str) -> String {
    if to.is_empty() { "/sign-in".to_owned() } else { format!("/sign-in?to={}", crate::encoded(to)) }
}

/// Passwords checked at once: each takes tens of megabytes and a core.
static HASHING: Semaphore = Semaphore::const_new(limits::PASSWORDS_AT_ONCE);

/// Work that hashes what people type, or waits for the writer: on a thread of its own, few at a time.
///
/// # Errors
/// Whatever the work answers.
pub async fn hashing<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    // It is never closed; were it, the check would only be unbounded.
    let _turn = HASHING.acquire().await;
    tokio::task::spawn_blocking(work).await.map_err(|e| Problem::Fault(e.to_string()))?
}

fn origin(request: &Request) -> Origin {
    // Longer ones are not ours.
    let device =
        cookie(request.headers(), DEVICE_COOKIE).filter(|token| token.len() == 64).map(str::to_owned);
    Origin { address: Address::of(request.extensions()).0, device }
}

fn agent(headers: &HeaderMap) -> String {
    headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
}

fn set_cookie(response: &mut Response, name: &str, value: &str, tls: bool, max_age: Option<u32>) {
    let secure = if tls { "; Secure" } else { "" };
    let age = max_age.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}
