//! The way out: what the settings allow, and who uses it.

use std::{fs, path::PathBuf, sync::Arc};

use anyhow::{Context, Result, bail};
use hazard::tidings::HazardTidings;
use notify::{Notifier, NotifierParts};
use outbound::{DEFAULT_ALLOW, Door, DoorSettings, MailSettings, MailTls, OutboundError};
use serde::Deserialize;

use crate::{platform::Platform, settings::Settings};

/// Where calls may go.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Outbound {
    /// `host`, or `host:port` for one that may lie in a closed network or be unencrypted.
    pub allow: Vec<String>,
}

impl Default for Outbound {
    fn default() -> Self {
        Self { allow: DEFAULT_ALLOW.iter().map(|host| (*host).to_owned()).collect() }
    }
}

/// A mail server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: SmtpTls,
    /// The user, when it asks for one.
    #[serde(default)]
    pub user: Option<String>,
    /// A file with the user's password.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// The sender.
    pub from: String,
}

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// Port 587.
    StartTls,
    /// Port 465.
    Implicit,
    /// Only for a server whose port the allow-list names.
    None,
}

impl Smtp {
    fn read(&self) -> Result<MailSettings> {
        let user = match (&self.user, &self.password_file) {
            (Some(user), Some(file)) => {
                let password = fs::read_to_string(file)
                    .with_context(|| format!("[smtp] password_file {}", file.display()))?;
                Some((user.clone(), password.trim_end_matches(['\r', '\n']).to_owned()))
            }
            (None, None) => None,
            _ => bail!("[smtp] user and password_file belong together"),
        };
        let tls = match self.tls {
            SmtpTls::StartTls => MailTls::StartTls,
            SmtpTls::Implicit => MailTls::Implicit,
            SmtpTls::None => MailTls::None,
        };
        Ok(MailSettings { host: self.host.clone(), port: self.port, tls, user, from: self.from.clone() })
    }
}

/// The door that the settings describe.
///
/// # Errors
/// In words: a host that is none, a sender that is none, an unencrypted mail server that is not named with its port.
pub(crate) fn opened(settings: &Settings) -> Result<Door> {
    let mut allow = settings.outbound.allow.clone();
    let mail = settings.smtp.as_ref().map(Smtp::read).transpose()?;
    // Naming the mail server allows it, on the open internet.
    allow.extend(mail.as_ref().map(|mail| mail.host.clone()));
    Door::open(DoorSettings { allow, mail }).map_err(|error| match error {
        OutboundError::NotEncrypted => anyhow::anyhow!(
            "[smtp] tls = \"none\" needs the server as \"host:port\" in [outbound] allow: mail would go unencrypted"
        ),
        other => anyhow::anyhow!(
            "[outbound] or [smtp]: {other}; allow takes \"host\" or \"host:port\", from takes an address"
        ),
    })
}

/// The platform's door: a demonstration's is shut.
pub(crate) fn door(platform: &Platform, settings: &Settings) -> Door {
    if platform.handle.identity().demonstration {
        return Door::shut();
    }
    // The settings were checked when they were read; what has changed since keeps everything in.
    opened(settings).unwrap_or_else(|error| {
        tracing::error!(%error, "nothing goes out");
        Door::shut()
    })
}

/// Tells the channels what happened.
pub(crate) fn notifier(platform: &Platform, settings: &Settings) -> Notifier {
    let rules = Arc::clone(&platform.rules);
    Notifier::new(NotifierParts {
        handle: platform.handle.clone(),
        readers: platform.readers.clone(),
        vault: Arc::clone(&platform.vault),
        clock: Arc::clone(&platform.clock),
        steadiness: Arc::clone(&platform.steadiness),
        ids: Arc::clone(&platform.ids),
        door: door(platform, settings),
        public_url: settings.public_url.clone(),
        sources: vec![Box::new(HazardTidings::new(Arc::clone(&platform.rules)))],
        working_day: Box::new(move |day| {
            rules.read().unwrap_or_else(std::sync::PoisonError::into_inner).working_day(day).0
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMTP: &str = "[smtp]\nhost = \"localhost\"\nport = 25\nfrom = \"a@b.cn\"\n";

    fn refused(text: &str) -> String {
        format!("{:#}", Settings::parse(text).unwrap_err())
    }

    #[test]
    fn the_two_robots_are_allowed_by_default() {
        let door = opened(&Settings::parse("").unwrap()).unwrap();
        assert!(door.check("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1").is_ok());
        assert!(door.check("https://oapi.dingtalk.com/robot/send?access_token=1").is_ok());
        assert!(door.check("https://example.cn/").is_err());
        assert!(!door.has_mail());
    }

    #[test]
    fn mail_goes_unencrypted_only_to_a_server_named_with_its_port() {
        assert!(refused(&format!("{SMTP}tls = \"none\"\n")).contains("host:port"));
        let named = format!("[outbound]\nallow = [\"localhost:25\"]\n{SMTP}tls = \"none\"\n");
        assert!(opened(&Settings::parse(&named).unwrap()).unwrap().has_mail());
        assert!(Settings::parse(&format!("{SMTP}tls = \"starttls\"\n")).is_ok());
    }

    #[test]
    fn what_cannot_be_is_refused_in_words() {
        assert!(refused(&format!("{SMTP}tls = \"maybe\"\n")).contains("maybe"));
        assert!(refused(&format!("{SMTP}tls = \"implicit\"\npasword_file = 1\n")).contains("pasword_file"));
        assert!(refused(&format!("{SMTP}tls = \"implicit\"\nuser = \"a\"\n")).contains("password_file"));
        assert!(refused("[outbound]\nallow = [\"https://a.example\"]\n").contains("allow"));
        assert!(refused("[outbound]\nallows = []\n").contains("allows"));
        let nobody = SMTP.replace("a@b.cn", "nobody");
        assert!(refused(&format!("{nobody}tls = \"implicit\"\n")).contains("from"));
    }
}
