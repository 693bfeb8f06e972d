//! `xiaoan serve`

use std::{pin::Pin, process::ExitCode, sync::Arc};

use anyhow::Result;
use kernel::{IdSource, SystemClock, limits};
use tokio::{sync::oneshot, task::JoinHandle};

use super::SettingsArgs;
use crate::{
    backups::NightlyBackup,
    photos::PhotoSweep,
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
    /// Let others reach a demonstration although everybody knows its passwords
    #[arg(long)]
    let_others_in: bool,
    /// Serve although the last record is of another time than this machine's clock
    #[arg(long)]
    clock_is_right: bool,
}

pub(super) fn run(args: &ServeArgs) -> Result<ExitCode> {
    let mut settings = args.settings.read()?;
    if let Some(listen) = &args.listen {
        settings.listen.clone_from(listen);
    }
    let settings = settings.checked()?;
    settings.check_founded()?;
    let opening = Opening { clock: Arc::new(SystemClock), ids: Arc::new(IdSource::from_os()), found: None };
    let platform = Platform::open(&settings, opening)?;
    if platform.handle.identity().demonstration && !args.let_others_in {
        settings.check_demonstration()?;
    }
    if !args.clock_is_right {
        platform.check_clock()?;
    }
    let announce = settings.address();
    serving(&platform, &settings, move || super::say(&announce))?;
    Ok(ExitCode::SUCCESS)
}

/// Serves, with the clocks running, the channels told and exports written beside; `ready` is called once the port is open.
pub(super) fn serving(platform: &Platform, settings: &Settings, ready: impl FnOnce()) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let listener = serve::listen(&settings.listen).await?;
        let mut beside = vec![
            Beside::start("the clocks", |stop| crate::platform::clocks(platform).run(stop)),
            Beside::start("following moved schools", |stop| crate::platform::follow(platform).run(stop)),
            Beside::start("telling the channels", |stop| {
                crate::outside::notifier(platform, settings).run(stop)
            }),
            Beside::start("writing exports", |stop| crate::platform::export_runner(platform).run(stop)),
            Beside::start("clearing photos away", |stop| {
                PhotoSweep::of(platform, &platform.steadiness).run(stop)
            }),
        ];
        if let Some(nightly) = NightlyBackup::of(platform, settings) {
            beside.push(Beside::start("the nightly backup", |stop| nightly.run(stop)));
        }
        let desk = crate::router::desk(platform, settings);
        let tidying =
            tokio::spawn(serve::housekeep(desk.clone(), Arc::clone(&platform.steadiness), platform.ruling()));
        ready();
        let routes = router(platform, settings, desk);
        let served = serve::serve(listener, routes, settings.tls.clone(), settings.connections).await;
        tidying.abort();
        for one in beside {
            one.end().await;
        }
        served
    });
    // A thread that still works for somebody whose connection is gone keeps nobody waiting.
    runtime.shutdown_timeout(std::time::Duration::from_secs(limits::LAST_REQUESTS_SECONDS));
    served
}

/// Told to stop, or nobody is left who could tell: both end what runs beside the pages.
type Stop = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What runs beside the pages until it is told to stop.
struct Beside {
    name: &'static str,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Beside {
    fn start<F>(name: &'static str, run: impl FnOnce(Stop) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped: Stop = Box::pin(async {
            let _ = stopped.await;
        });
        Self { name, stop, running: tokio::spawn(run(stopped)) }
    }

    /// Tells it, and waits until what is at hand is finished or put back.
    async fn end(self) {
        // It may have ended already.
        let _ = self.stop.send(());
        if let Err(error) = self.running.await {
            tracing::warn!(%error, what = self.name, "it ended in a panic");
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::{FixedClock, Timestamp};

    use super::*;
    use crate::{cli::enter_a_unit, platform::Founding};

    /// A platform whose clock shows `at`.
    fn opened(data: &std::path::Path, at: Timestamp, found: Option<Founding>) -> Platform {
        let settings = Settings { data: data.to_owned(), ..Settings::default() };
        let clock = Arc::new(FixedClock::new(at));
        Platform::open(&settings, Opening { clock, ids: Arc::new(IdSource::seeded(3)), found }).unwrap()
    }

    #[test]
    fn a_clock_far_from_the_last_record_is_asked_about_before_anything_is_served() {
        let place = tempfile::tempdir().unwrap();
        let (data, now) = (place.path().join("a"), Timestamp(1_788_915_600_000));
        let days = |count: i64| now.plus_ms(count * Timestamp::DAY_MS);
        let new = opened(&data, now, Some(Founding::Real));
        new.check_clock().unwrap();
        enter_a_unit(&new);
        drop(new);
        for (at, right) in [(days(0), true), (days(80), true), (days(400), false), (days(-1), false)] {
            let platform = opened(&data, at, None);
            assert_eq!(platform.check_clock().is_ok(), right, "{at:?}");
        }
        let error = opened(&data, days(400), None).check_clock().unwrap_err().to_string();
        assert!(error.contains("2026-09-09T") && error.contains("--clock-is-right"), "{error}");
    }

    #[test]
    fn a_demonstration_tells_its_own_time() {
        let place = tempfile::tempdir().unwrap();
        let (data, now) = (place.path().join("a"), Timestamp(1_788_915_600_000));
        let new = opened(&data, now, Some(Founding::Demonstration));
        enter_a_unit(&new);
        drop(new);
        opened(&data, now.plus_ms(-400 * Timestamp::DAY_MS), None).check_clock().unwrap();
    }
}
