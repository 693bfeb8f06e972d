//! Letters by SMTP, to the one mail server that the settings name.

use std::time::{Duration, UNIX_EPOCH};

use kernel::{
    Timestamp,
    limits::{OUTBOUND_CONNECT_MS, OUTBOUND_TOTAL_MS},
};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, Mailboxes, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
        extension::ClientId,
    },
};

use crate::{Door, OutboundError, allow::Leave, door::millis};

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTls {
    /// Begins in the clear and must change over before anything is said: port 587.
    StartTls,
    /// From the first byte: port 465.
    Implicit,
    /// Not at all: only for a server whose port the allow-list names.
    None,
}

/// The mail server.
#[derive(Clone)]
pub struct MailSettings {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// See [`MailTls`].
    pub tls: MailTls,
    /// User and password, if it asks for them.
    pub user: Option<(String, String)>,
    /// The sender: `安全办 <safety@example.cn>`.
    pub from: String,
}

impl std::fmt::Debug for MailSettings {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MailSettings({}:{} {:?})", self.host, self.port, self.tls)
    }
}

impl MailSettings {
    pub(crate) fn check(&self, leave: Leave) -> Result<(), OutboundError> {
        self.sender_domain()?;
        match (leave, self.tls) {
            (Leave::No, _) => Err(OutboundError::NotAllowed),
            (Leave::Public, MailTls::None) => Err(OutboundError::NotEncrypted),
            (Leave::Public | Leave::Anywhere, _) => Ok(()),
        }
    }

    fn sender_domain(&self) -> Result<String, OutboundError> {
        let from: Mailbox = self.from.parse().map_err(|_| OutboundError::Shape)?;
        Ok(from.email.domain().to_owned())
    }
}

/// A letter of plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// To whom.
    pub to: Vec<String>,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// The same for each try, so that a receiver may drop a second copy.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
}

/// True for an address that a letter can be sent to.
pub fn is_mailbox(address: &str) -> bool {
    address.parse::<lettre::Address>().is_ok()
}

impl Door {
    /// Hands a letter to the mail server.
    ///
    /// # Errors
    /// See [`OutboundError`].
    pub async fn mail(&self, letter: &Letter) -> Result<(), OutboundError> {
        if self.is_shut() {
            return Err(OutboundError::Demonstration);
        }
        let Some(settings) = &self.mail else { return Err(OutboundError::NoMailServer) };
        let message = message(settings, letter)?;
        let mut last = OutboundError::Connect;
        for address in self.mail_addresses(settings).await? {
            let sending = transport(settings, &address.ip().to_string())?;
            match tokio::time::timeout(millis(OUTBOUND_TOTAL_MS), sending.send(message.clone())).await {
                Ok(Ok(_)) => return Ok(()),
                Ok(Err(error)) => last = named(&error),
                Err(_) => last = OutboundError::TimedOut,
            }
            // Another address of the same server only helps when nobody answered at this one.
            if last != OutboundError::Connect {
                break;
            }
        }
        Err(last)
    }
}

fn message(settings: &MailSettings, letter: &Letter) -> Result<Message, OutboundError> {
    let from: Mailbox = settings.from.parse().map_err(|_| OutboundError::Shape)?;
    let mut to = Mailboxes::new();
    for address in &letter.to {
        to.push(address.parse().map_err(|_| OutboundError::Shape)?);
    }
    let at = UNIX_EPOCH + Duration::from_millis(letter.at.unsigned_millis());
    Message::builder()
        .message_id(Some(format!("<{}@{}>", letter.id, from.email.domain())))
        .date(at)
        .from(from)
        .mailbox(lettre::message::header::To::from(to))
        .subject(&letter.subject)
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text.clone())
        .map_err(|_| OutboundError::Shape)
}

/// Connects to the checked address, and holds its certificate against the server's name.
fn transport(
    settings: &MailSettings,
    address: &str,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, OutboundError> {
    let parameters =
        || TlsParameters::new_rustls(settings.host.clone()).map_err(|_| OutboundError::Encryption);
    let tls = match settings.tls {
        MailTls::StartTls => Tls::Required(parameters()?),
        MailTls::Implicit => Tls::Wrapper(parameters()?),
        MailTls::None => Tls::None,
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address)
        .port(settings.port)
        .tls(tls)
        .hello_name(ClientId::Domain(settings.sender_domain()?))
        .timeout(Some(millis(OUTBOUND_CONNECT_MS)));
    if let Some((user, password)) = &settings.user {
        builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
    }
    Ok(builder.build())
}

fn named(error: &lettre::transport::smtp::Error) -> OutboundError {
    if let Some(code) = error.status() {
        return OutboundError::Mail(u16::from(code));
    }
    if error.is_timeout() {
        OutboundError::TimedOut
    } else if error.is_tls() {
        OutboundError::Encryption
    } else if error.is_client() || error.is_response() {
        OutboundError::Broken
    } else {
        OutboundError::Connect
    }
}
