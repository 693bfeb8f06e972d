//! `xiaoan serve`

use std::{process::ExitCode, sync::Arc};

use anyhow::Result;
use kernel::{IdSource, SystemClock};

use super::SettingsArgs;
use crate::{
    platform::{Opening, Platform},
    router::router,
    serve,
    settings::Settings,
};

/// Serve a platform.
#[derive(Debug, clap::Args)]
pub(super) struct ServeArgs {
    #[command(flatten)]
    settings: SettingsArgs,
    /// `HOST:PORT` to listen on (overrides the settings)
    #[arg(long, value_name = "HOST:PORT")]
    listen: Option<String>,
}

pub(super) fn run(args: &ServeArgs) -> Result<ExitCode> {
    let mut settings = args.settings.read()?;
    if let Some(listen) = &args.listen {
        settings.listen.clone_from(listen);
    }
    let settings = settings.checked()?;
    let opening = Opening { clock: Arc::new(SystemClock), ids: Arc::new(IdSource::from_os()), found: None };
    let platform = Platform::open(&settings, opening)?;
    let announce = settings.address();
    serving(&platform, &settings, move || super::say(&announce))?;
    Ok(ExitCode::SUCCESS)
}

/// Serves, with the clocks running and the channels told beside; `ready` is called once the port is open.
pub(super) fn serving(platform: &Platform, settings: &Settings, ready: impl FnOnce()) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = serve::listen(&settings.listen).await?;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let clocks = tokio::spawn(crate::platform::clocks(platform).run(async {
            // Told to stop, or nobody is left who could tell: both end the clocks.
            let _ = stopped.await;
        }));
        let (silence, silenced) = tokio::sync::oneshot::channel::<()>();
        let telling = tokio::spawn(crate::outside::notifier(platform, settings).run(async {
            // As with the clocks.
            let _ = silenced.await;
        }));
        let desk = crate::router::desk(platform, settings);
        let tidying = tokio::spawn(serve::housekeep(desk.clone()));
        ready();
        let served = serve::serve(listener, router(platform, settings, desk), settings.tls.clone()).await;
        tidying.abort();
        // Either may have ended already.
        let _ = (stop.send(()), silence.send(()));
        if let Err(error) = clocks.await {
            tracing::warn!(%error, "the clocks ended in a panic");
        }
        if let Err(error) = telling.await {
            tracing::warn!(%error, "telling the channels ended in a panic");
        }
        served
    })
}
