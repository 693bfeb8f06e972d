//! The one commented file of settings. Unknown keys are refused with their line.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use storage::Location;

use crate::{
    backups::Nightly,
    outside::{Outbound, Smtp},
    tls::TlsFiles,
};

/// What the file may say. Paths are relative to the working directory.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Where data are kept.
    pub data: PathBuf,
    /// `HOST:PORT` to listen on.
    pub listen: String,
    /// How browsers reach the platform; required when it listens beyond this machine.
    pub public_url: Option<String>,
    /// Addresses whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Where the key lies; beside the data directory when absent.
    pub key_file: Option<PathBuf>,
    /// A PostgreSQL server instead of the embedded database.
    pub postgres: Option<Postgres>,
    /// Certificate and key, when the platform serves TLS itself.
    pub tls: Option<TlsFiles>,
    /// A backup every night.
    pub backup: Option<Nightly>,
    /// Where calls may go.
    pub outbound: Outbound,
    /// The mail server.
    pub smtp: Option<Smtp>,
    /// The program that sets papers as PDF; without it there is no PDF.
    pub typeset: Option<papers::PressSettings>,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// Forms one account may send in a minute.
    pub posts_per_minute: u32,
    /// Connections at the same time.
    pub connections: usize,
}

/// A PostgreSQL server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Postgres {
    /// `postgres://user:password@host/database`
    pub url: String,
    /// The schema, `xiaoan` when absent.
    #[serde(default = "default_schema")]
    pub schema: String,
}

fn default_schema() -> String {
    "xiaoan".to_owned()
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            data: PathBuf::from("xiaoan-data"),
            listen: "127.0.0.1:8080".to_owned(),
            public_url: None,
            trusted_proxies: Vec::new(),
            key_file: None,
            postgres: None,
            tls: None,
            backup: None,
            outbound: Outbound::default(),
            smtp: None,
            typeset: None,
            idle_minutes: 30,
            posts_per_minute: 240,
            connections: kernel::limits::CONNECTIONS,
        }
    }
}

impl Settings {
    /// Reads a file.
    ///
    /// # Errors
    /// Unreadable, not TOML, or with an unknown key: the message names the line.
    pub fn read(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("settings {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("settings {}", path.display()))
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(text: &str) -> Result<Self> {
        let settings: Self = toml::from_str(text)?;
        settings.checked()
    }

    /// Refuses what cannot work.
    ///
    /// # Errors
    /// In words.
    pub fn checked(self) -> Result<Self> {
        self.check_listen()?;
        if !self.is_loopback() && self.public_url.is_none() {
            bail!(
                "public_url is required when listening on {}: phones need to know a secure address",
                self.listen
            );
        }
        if let Some(url) = &self.public_url
            && !url.starts_with("https://")
            && !self.is_loopback()
        {
            bail!("public_url must begin with https:// when listening beyond this machine, not {url}");
        }
        if self.connections == 0 {
            bail!("connections must be at least 1: nobody could open a page");
        }
        if self.idle_minutes == 0 {
            bail!("idle_minutes must be at least 1: every session would end before its first page");
        }
        if self.posts_per_minute == 0 {
            bail!("posts_per_minute must be at least 1: nobody could send a form");
        }
        if let Some(backup) = &self.backup {
            backup.check(&self)?;
        }
        crate::outside::opened(&self)?;
        Ok(self)
    }

    /// The address people are told at the terminal.
    pub fn address(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        self.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}", self.listen))
    }

    /// Reached over TLS, by its own means or a proxy's: cookies are `Secure`.
    pub fn is_secure(&self) -> bool {
        self.tls.is_some() || self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"))
    }

    /// True when only this machine can reach it.
    pub fn is_loopback(&self) -> bool {
        let host = self.listen.rsplit_once(':').map_or(self.listen.as_str(), |(host, _)| host);
        let host = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// Refuses an address that is none.
    ///
    /// # Errors
    /// In words.
    pub fn check_listen(&self) -> Result<()> {
        let port = self.listen.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
        if port.is_none() {
            bail!("listening needs HOST:PORT, such as 127.0.0.1:8080, not {}", self.listen);
        }
        Ok(())
    }

    /// A demonstration has passwords that everybody knows: it is for this machine alone.
    ///
    /// # Errors
    /// In words, when others could reach it.
    pub fn check_demonstration(&self) -> Result<()> {
        let reached = self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
        if !self.is_loopback() || reached {
            bail!(
                "a demonstration has passwords that everybody knows, so it listens on this machine only; \
                 --let-others-in overrides that"
            );
        }
        Ok(())
    }

    /// Refuses a data directory in which nothing was ever founded, before anything is made there.
    ///
    /// # Errors
    /// In words.
    pub fn check_founded(&self) -> Result<()> {
        match self.location() {
            Location::Sqlite(file) if !file.exists() => bail!(
                "{} holds no platform; begin with `xiaoan init`, or name its folder with --data",
                self.data.display()
            ),
            Location::Sqlite(_) | Location::Postgres { .. } => Ok(()),
        }
    }

    /// Where the database is.
    pub fn location(&self) -> Location {
        match &self.postgres {
            Some(postgres) => {
                Location::Postgres { url: postgres.url.clone(), schema: postgres.schema.clone() }
            }
            None => Location::Sqlite(self.data.join("xiaoan.db")),
        }
    }

    /// Where the key lies.
    pub fn key_path(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| crate::keys::default_path(&self.data))
    }
}

/// The commented file that `xiaoan init` writes.
pub const COMMENTED: &str = include_str!("settings.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commented_file_is_valid_and_says_the_defaults() {
        let settings = Settings::parse(COMMENTED).unwrap();
        assert_eq!(settings.listen, Settings::default().listen);
        assert_eq!(settings.idle_minutes, 30);
        assert_eq!(settings.connections, Settings::default().connections);
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let error = format!("{:#}", Settings::parse("listen = \"127.0.0.1:1\"\nlissten = 3\n").unwrap_err());
        assert!(error.contains("lissten") && error.contains('2'), "{error}");
    }

    #[test]
    fn a_platform_nobody_could_reach_is_refused() {
        for key in ["connections", "idle_minutes", "posts_per_minute"] {
            let error = Settings::parse(&format!("{key} = 0")).unwrap_err().to_string();
            assert!(error.contains(key), "{error}");
        }
        let error = Settings::parse("listen = \"nonsense\"").unwrap_err().to_string();
        assert!(error.contains("HOST:PORT"), "{error}");
    }

    #[test]
    fn a_demonstration_is_for_this_machine_alone() {
        let checked = |text: &str| Settings::parse(text).unwrap().check_demonstration().is_ok();
        assert!(checked("listen = \"127.0.0.1:80\"") && checked("listen = \"[::1]:80\""));
        let public = "public_url = \"https://a.example\"";
        assert!(!checked(&format!("listen = \"0.0.0.0:443\"\n{public}")));
        assert!(!checked(public), "through a proxy everybody reaches it too");
    }

    #[test]
    fn beyond_this_machine_a_public_url_is_required() {
        let error = Settings::parse("listen = \"0.0.0.0:443\"").unwrap_err().to_string();
        assert!(error.contains("public_url"), "{error}");
        assert!(Settings::parse("listen = \"0.0.0.0:443\"\npublic_url = \"https://a.example\"").is_ok());
        assert!(Settings::parse("listen = \"0.0.0.0:443\"\npublic_url = \"http://a.example\"").is_err());
        assert!(Settings::parse("listen = \"[::1]:80\"").is_ok());
    }
}
