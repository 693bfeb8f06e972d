//! Serving: listen, answer, stop cleanly.

use std::{io::ErrorKind, sync::Arc};

use adjustment::Ruling;
use anyhow::{Result, anyhow};
use axum::Router;
use kernel::Steadiness;
use tokio::net::TcpListener;

use crate::{
    connections::{self, Allowed},
    tls::{self, TlsFiles},
};

/// Listens, and says plainly when somebody else does already.
pub(crate) async fn listen(address: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| cannot_listen(address, &error))
}

/// Why nobody can listen there.
pub(crate) fn cannot_listen(address: &str, error: &std::io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::AddrInUse => {
            anyhow!(
                "{address} is in use: another program listens there. Choose another with --listen HOST:PORT"
            )
        }
        ErrorKind::PermissionDenied => anyhow!("{address}: the system does not allow listening on this port"),
        _ => anyhow!("{address}: {error}"),
    }
}

/// Serves until the process is told to stop; requests at hand are finished, though not for ever.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<TlsFiles>,
    connections: usize,
) -> Result<()> {
    let allowed = Allowed::of(connections);
    match tls {
        Some(files) => tls::serve(listener, router, files, allowed, stopped()).await,
        None => connections::serve(listener, router, None, allowed, stopped()).await,
    }
}

async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        match terminate {
            Ok(mut terminate) => tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => {
                // Without that signal the other one still stops it.
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}

/// Once a minute: when sessions were last used is written down; dead ones are swept away while the clock is right; rules
/// that were changed are laid on, should that have been cut off.
pub(crate) async fn housekeep(desk: web::Desk, steadiness: Arc<Steadiness>, ruling: Ruling) {
    let mut minute = tokio::time::interval(std::time::Duration::from_secs(60));
    minute.tick().await;
    loop {
        minute.tick().await;
        let (seen, limits, now) = (desk.sessions.due(), desk.sessions.session_limits(), desk.clock.now());
        let trusted = steadiness.trusts(now);
        let passed_over = desk.sign_in.take_passed_over();
        let done = desk
            .handle
            .housekeep(move |tx| {
                access::flush_last_seen(tx, &seen)?;
                access::record_passed_over(tx, passed_over, now)?;
                if !trusted {
                    return Ok(());
                }
                access::sweep_sessions(tx, &limits, now)?;
                access::sweep_sign_in_log(tx, now)?;
                access::sweep_enrolments(tx, now)?;
                access::sweep_guessing(tx, now)?;
                transfer::ticket::sweep_tickets(tx, now)?;
                public_report::ticket::sweep_tickets(tx, now)?;
                access::sweep_device_links(tx, now).map(|_| ())
            })
            .await;
        if let Err(error) = done {
            desk.sign_in.pass_over(passed_over);
            tracing::warn!(%error, "sessions could not be tidied");
        }
        if let Err(error) = ruling.renew((&desk.handle, &desk.readers), now).await {
            tracing::warn!(%error, "the rules in force could not be looked up");
        }
    }
}
