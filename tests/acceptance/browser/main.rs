//! The pages in a real browser. One server, one driver and one session for each account serve all tests of this
//! binary; what is needed on the machine is in the README of this room.

mod browser;
mod first_time;
mod house;
mod journey;
mod keeper;
mod looks;
mod official;
mod paper;
mod phone;
mod prepared;
mod sheet;
mod standard;
mod templates;
mod walk;
mod words;

use std::{future::Future, sync::OnceLock};

use anyhow::{Result, anyhow};
use browser::Browser;
use house::House;
use keeper::Driver;

/// What all tests share.
struct Setting {
    house: House,
    driver: Driver,
    axe: String,
}

fn setting() -> Result<&'static Setting> {
    static SETTING: OnceLock<Result<Setting, String>> = OnceLock::new();
    let made = SETTING.get_or_init(|| {
        let make =
            || Ok(Setting { axe: standard::fetched()?, driver: Driver::start()?, house: House::open()? });
        make().map_err(|error: anyhow::Error| format!("{error:#}"))
    });
    made.as_ref().map_err(|error| anyhow!("{error}"))
}

/// Runs one test's work; each has a runtime of its own.
fn run(work: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Lends a browser, and closes it however the work ended.
async fn lend<T>(browser: Browser, work: impl AsyncFnOnce(&Browser) -> Result<T>) -> Result<T> {
    let done = work(&browser).await;
    let closed = browser.close().await;
    let value = done?;
    closed.map(|()| value)
}
