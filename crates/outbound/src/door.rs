//! The door: checks an address, resolves it once, and connects to exactly what was checked.

use std::{
    error::Error,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use kernel::limits::{OUTBOUND_ANSWER_BYTES, OUTBOUND_CONNECT_MS, OUTBOUND_TOTAL_MS};
use reqwest::{Client, Response, Url, header, redirect};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::{
    MailSettings, OutboundError,
    allow::{Allowed, DEFAULT_ALLOW, Leave, bare},
    guard::is_public,
};

/// What the settings say.
#[derive(Clone, Debug)]
pub struct DoorSettings {
    /// `host`, or `host:port` for one that may lie in a closed network or be unencrypted.
    pub allow: Vec<String>,
    /// The mail server, if there is one.
    pub mail: Option<MailSettings>,
}

impl Default for DoorSettings {
    fn default() -> Self {
        Self { allow: DEFAULT_ALLOW.iter().map(|host| (*host).to_owned()).collect(), mail: None }
    }
}

/// An answer with a status of success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// At most [`OUTBOUND_ANSWER_BYTES`].
    pub body: Vec<u8>,
}

/// The only way out. Cheap to clone.
#[derive(Clone)]
pub struct Door {
    allowed: Allowed,
    pub(crate) mail: Option<MailSettings>,
    tls: Option<Arc<ClientConfig>>,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_shut() { "Door(shut)" } else { "Door(open)" })
    }
}

impl Door {
    /// Opens it.
    ///
    /// # Errors
    /// [`OutboundError::Shape`] for a line of the allow-list or a sender that is none; [`OutboundError::NotAllowed`]
    /// for a mail server that the list does not name, [`OutboundError::NotEncrypted`] for an unencrypted one whose
    /// port it does not name.
    pub fn open(settings: DoorSettings) -> Result<Self, OutboundError> {
        let allowed = Allowed::read(&settings.allow)?;
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|_| OutboundError::Setup)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let door = Self { allowed, mail: settings.mail, tls: Some(Arc::new(tls)) };
        if let Some(mail) = &door.mail {
            mail.check(door.allowed.leave(&mail.host, mail.port))?;
        }
        Ok(door)
    }

    /// One through which nothing goes: the demonstration's.
    pub fn shut() -> Self {
        Self { allowed: Allowed::default(), mail: None, tls: None }
    }

    /// True for a demonstration's.
    pub const fn is_shut(&self) -> bool {
        self.tls.is_none()
    }

    /// True when mail can be sent.
    pub const fn has_mail(&self) -> bool {
        self.mail.is_some()
    }

    /// Checks what can be checked of an address without a connection, and says its host. A shut door checks nothing
    /// but the shape.
    ///
    /// # Errors
    /// [`OutboundError::Shape`], [`OutboundError::NotAllowed`], [`OutboundError::NotEncrypted`].
    pub fn check(&self, address: &str) -> Result<String, OutboundError> {
        let url = Url::parse(address.trim()).map_err(|_| OutboundError::Shape)?;
        if !self.is_shut() {
            self.leave(&url)?;
        }
        url.host_str().map(str::to_owned).ok_or(OutboundError::Shape)
    }

    fn leave(&self, url: &Url) -> Result<Leave, OutboundError> {
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(OutboundError::Shape);
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutboundError::Shape);
        }
        let leave = self.allowed.leave(host, port);
        match (leave, url.scheme()) {
            (Leave::No, _) => Err(OutboundError::NotAllowed),
            (_, "https") | (Leave::Anywhere, "http") => Ok(leave),
            (Leave::Public | Leave::Anywhere, _) => Err(OutboundError::NotEncrypted),
        }
    }

    /// Posts JSON and reads the answer.
    ///
    /// # Errors
    /// See [`OutboundError`]; every status but success is one.
    pub async fn post_json(&self, address: &str, body: String) -> Result<Answer, OutboundError> {
        let Some(tls) = &self.tls else { return Err(OutboundError::Demonstration) };
        let url = Url::parse(address).map_err(|_| OutboundError::Shape)?;
        let leave = self.leave(&url)?;
        let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0));
        let addresses = resolve(host, port, leave).await?;
        // One client for each call: it may connect to the checked addresses and to nothing else.
        let client = Client::builder()
            .tls_backend_preconfigured(ClientConfig::clone(tls))
            .resolve_to_addrs(host, &addresses)
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(millis(OUTBOUND_CONNECT_MS))
            .timeout(millis(OUTBOUND_TOTAL_MS))
            .build()
            .map_err(|_| OutboundError::Setup)?;
        let request =
            client.post(url).header(header::CONTENT_TYPE, "application/json; charset=utf-8").body(body);
        let answer = request.send().await.map_err(|error| named(&error))?;
        let status = answer.status();
        if status.is_redirection() {
            return Err(OutboundError::Redirected);
        }
        if !status.is_success() {
            return Err(OutboundError::Status(status.as_u16()));
        }
        read(answer).await.map(|body| Answer { body })
    }

    /// The checked addresses of the mail server.
    pub(crate) async fn mail_addresses(&self, mail: &MailSettings) -> Result<Vec<SocketAddr>, OutboundError> {
        resolve(&mail.host, mail.port, self.allowed.leave(&mail.host, mail.port)).await
    }
}

/// Looks a name up; one bad address among several spoils all of them.
async fn resolve(host: &str, port: u16, leave: Leave) -> Result<Vec<SocketAddr>, OutboundError> {
    let looked_up =
        tokio::time::timeout(millis(OUTBOUND_CONNECT_MS), tokio::net::lookup_host((bare(host), port))).await;
    let addresses: Vec<SocketAddr> =
        looked_up.map_err(|_| OutboundError::TimedOut)?.map_err(|_| OutboundError::Name)?.collect();
    let open = |ip: IpAddr| leave == Leave::Anywhere || is_public(ip);
    if addresses.is_empty() {
        Err(OutboundError::Name)
    } else if leave != Leave::No && addresses.iter().all(|address| open(address.ip())) {
        Ok(addresses)
    } else {
        Err(OutboundError::NotPublic)
    }
}

async fn read(mut answer: Response) -> Result<Vec<u8>, OutboundError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| named(&error))? {
        if body.len() + chunk.len() > OUTBOUND_ANSWER_BYTES {
            return Err(OutboundError::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What went wrong, without its text: that may hold the address and with it the robot's key.
fn named(error: &reqwest::Error) -> OutboundError {
    if error.is_timeout() {
        return OutboundError::TimedOut;
    }
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.is::<rustls::Error>() || is_tls(inner) {
            return OutboundError::Encryption;
        }
        cause = inner.source();
    }
    if error.is_connect() { OutboundError::Connect } else { OutboundError::Broken }
}

/// A failed handshake comes wrapped in errors of input and output.
fn is_tls(error: &(dyn Error + 'static)) -> bool {
    let mut wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    while let Some(inner) = wrapped {
        if inner.is::<rustls::Error>() {
            return true;
        }
        wrapped = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    }
    false
}

pub(crate) const fn millis(ms: u64) -> Duration {
    Duration::from_millis(ms)
}
