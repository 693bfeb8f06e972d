//! TLS without a proxy: certificate files that are read anew when they change, and the demonstration's own authority.

use std::{
    net::{IpAddr, UdpSocket},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use anyhow::{Context, Result};
use axum::{Router, http::header::CONTENT_TYPE, routing::get};
use axum_server::tls_rustls::RustlsConfig;
use jiff::ToSpan;
use kernel::Date;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use crate::connections::{self, Allowed};

/// The demonstration's authority beside its certificate.
const AUTHORITY_FILE: &str = "demonstration-authority.crt";
/// Days that a demonstration's certificate is valid: phones refuse much longer ones.
const VALID_DAYS: i64 = 397;
/// How often the certificate file is looked at.
const LOOK: Duration = Duration::from_secs(60);

/// Where certificate and key lie, as PEM files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    /// The certificate with its chain.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

impl TlsFiles {
    async fn read(&self) -> Result<RustlsConfig> {
        RustlsConfig::from_pem_file(&self.certificate, &self.key).await.with_context(|| {
            format!("the certificate {} with the key {}", self.certificate.display(), self.key.display())
        })
    }

    /// When either file last changed; `None` while one of them is being replaced.
    fn changed_at(&self) -> Option<SystemTime> {
        let at = |path: &Path| path.metadata().and_then(|about| about.modified()).ok();
        Some(at(&self.certificate)?.max(at(&self.key)?))
    }
}

/// Where a phone fetches the demonstration's authority. Only `demo --https` serves it.
pub(crate) const AUTHORITY_PATH: &str = "/demonstration.crt";

/// Adds the authority's certificate to the routes, when it lies beside the server's.
fn with_authority(router: Router, files: &TlsFiles) -> Router {
    let own = files.certificate.with_file_name(AUTHORITY_FILE);
    let Ok(pem) = std::fs::read(own) else { return router };
    let answer = move || async move { ([(CONTENT_TYPE, "application/x-x509-ca-cert")], pem) };
    router.route(AUTHORITY_PATH, get(answer))
}

/// Serves over TLS until `stopped`; the certificate is read anew when it changes.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    files: TlsFiles,
    allowed: Allowed,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let config = files.read().await?;
    let renewing = tokio::spawn(renew(files.clone(), config.clone()));
    let routes = with_authority(router, &files);
    let served = connections::serve(listener, routes, Some(config), allowed, stopped).await;
    renewing.abort();
    served
}

/// A renewed certificate is taken up without a restart; a broken one is said, and the old one stays.
async fn renew(files: TlsFiles, config: RustlsConfig) {
    let mut known = files.changed_at();
    let mut minute = tokio::time::interval(LOOK);
    loop {
        minute.tick().await;
        let changed = files.changed_at();
        if changed.is_none() || changed == known {
            continue;
        }
        known = changed;
        match config.reload_from_pem_file(&files.certificate, &files.key).await {
            Ok(()) => tracing::info!("the certificate was read anew"),
            Err(error) => tracing::error!(%error, "the new certificate cannot be used; the old one stays"),
        }
    }
}

/// The demonstration's own authority, made once, and a certificate for the addresses of this machine.
pub(crate) struct OwnAuthority {
    /// For the server.
    pub files: TlsFiles,
    /// To be installed on a phone that shall trust it.
    pub authority: PathBuf,
}

/// For whom and how long the certificate was made.
#[derive(Deserialize, Serialize)]
struct About {
    hosts: Vec<String>,
    until: String,
}

impl OwnAuthority {
    /// Takes what lies in `directory`, or makes it. The key of the authority is thrown away: nobody can make another
    /// certificate that a phone which trusts it would believe.
    pub(crate) fn in_directory(directory: &Path, hosts: &[String], today: Date) -> Result<Self> {
        let own = Self {
            files: TlsFiles {
                certificate: directory.join("certificate.pem"),
                key: directory.join("certificate.key"),
            },
            authority: directory.join(AUTHORITY_FILE),
        };
        let about = directory.join("about.toml");
        let known = std::fs::read_to_string(&about).ok().and_then(|text| toml::from_str::<About>(&text).ok());
        if known.is_some_and(|known| known.hosts == hosts && known.until > today.to_string()) {
            return Ok(own);
        }
        std::fs::create_dir_all(directory)?;
        let until = today.saturating_add(VALID_DAYS.days());
        own.make(hosts, today, until)?;
        // Written last: a directory without it is made again.
        std::fs::write(&about, toml::to_string(&About { hosts: hosts.to_vec(), until: until.to_string() })?)?;
        Ok(own)
    }

    fn make(&self, hosts: &[String], today: Date, until: Date) -> Result<()> {
        let day = |date: Date| {
            let part = |value: i8| u8::try_from(value).unwrap_or(1);
            rcgen::date_time_ymd(i32::from(date.year()), part(date.month()), part(date.day()))
        };
        // A day earlier, for phones whose clock is behind.
        let span = |params: &mut CertificateParams| {
            params.not_before = day(today.saturating_sub(1.days()));
            params.not_after = day(until);
        };
        let authority_key = KeyPair::generate()?;
        let mut authority = CertificateParams::new(Vec::new())?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        span(&mut authority);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        authority.distinguished_name.push(DnType::CommonName, "Xiaoan demonstration, not for real work");
        let authority_certificate = authority.self_signed(&authority_key)?;
        let issuer = Issuer::new(authority, authority_key);
        let key = KeyPair::generate()?;
        let mut server = CertificateParams::new(hosts)?;
        server.distinguished_name.push(DnType::CommonName, "Xiaoan demonstration");
        span(&mut server);
        server.use_authority_key_identifier_extension = true;
        let certificate = server.signed_by(&key, &issuer)?;
        std::fs::write(&self.authority, authority_certificate.pem())?;
        std::fs::write(&self.files.certificate, certificate.pem())?;
        // A key of an earlier certificate may lie there.
        if self.files.key.exists() {
            std::fs::remove_file(&self.files.key)?;
        }
        crate::keys::write_new(&self.files.key, &key.serialize_pem())
    }
}

/// The address under which other machines of the network reach this one. Nothing is sent: the system is asked which
/// way it would go.
pub(crate) fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // An address kept for documentation: nobody has it.
    socket.connect("192.0.2.1:9").ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|ip| !ip.is_unspecified())
}

/// An address as a QR code for a terminal.
pub(crate) fn qr(text: &str) -> Result<String> {
    use qrcode::render::unicode::Dense1x2;
    let code = qrcode::QrCode::new(text.as_bytes()).context("the address is too long for a QR code")?;
    Ok(code.render::<Dense1x2>().dark_color(Dense1x2::Light).light_color(Dense1x2::Dark).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        "2026-11-24".parse().unwrap()
    }

    #[test]
    fn a_certificate_that_ended_is_made_anew() {
        let directory = tempfile::tempdir().unwrap();
        let hosts = ["localhost".to_owned()];
        let made = |day: Date| {
            let own = OwnAuthority::in_directory(directory.path(), &hosts, day).unwrap();
            std::fs::read(&own.files.certificate).unwrap()
        };
        let first = made(today());
        assert_eq!(made(today().saturating_add((VALID_DAYS - 1).days())), first);
        assert_ne!(made(today().saturating_add(VALID_DAYS.days())), first);
    }

    #[test]
    fn an_authority_is_made_once_and_again_for_other_hosts() {
        let directory = tempfile::tempdir().unwrap();
        let one = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let first = OwnAuthority::in_directory(directory.path(), &one, today()).unwrap();
        let read = |own: &OwnAuthority| std::fs::read(&own.files.certificate).unwrap();
        let certificate = read(&first);
        assert_eq!(read(&OwnAuthority::in_directory(directory.path(), &one, today()).unwrap()), certificate);
        let two = ["localhost".to_owned(), "192.168.3.4".to_owned()];
        assert_ne!(read(&OwnAuthority::in_directory(directory.path(), &two, today()).unwrap()), certificate);
    }

    #[tokio::test]
    async fn a_browser_that_trusts_the_authority_is_served_and_a_renewed_certificate_is_taken_up() {
        let directory = tempfile::tempdir().unwrap();
        let own = OwnAuthority::in_directory(directory.path(), &["localhost".to_owned()], today()).unwrap();
        let config = own.files.read().await.unwrap();
        let before = config.get_inner();
        OwnAuthority::in_directory(directory.path(), &["other.example".to_owned()], today()).unwrap();
        config.reload_from_pem_file(&own.files.certificate, &own.files.key).await.unwrap();
        assert!(!std::sync::Arc::ptr_eq(&before, &config.get_inner()));
        let broken = TlsFiles { key: own.authority.clone(), ..own.files.clone() };
        let error = format!("{:#}", broken.read().await.unwrap_err());
        assert!(error.contains("certificate.pem"), "{error}");
    }

    #[test]
    fn an_address_fits_into_a_code() {
        let code = qr("https://192.168.1.20:8443").unwrap();
        assert!(code.lines().count() > 10, "{code}");
        assert!(qr(&"x".repeat(5_000)).is_err());
    }
}
