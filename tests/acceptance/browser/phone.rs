//! The guard's telephone with scripts, the keyboard alone, and a page enlarged four times.

use anyhow::{Context, Result, ensure};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use serde_json::json;

use crate::{
    browser::{Browser, DESK, Scripts, ZOOMED},
    lend, looks, prepared, run, setting,
};

/// A guard with cold fingers: taps from his first page to a registered hazard, the photo apart.
const TAPS: usize = 4;

/// Presses of the tab key after which something is out of reach.
const STOPS: usize = 60;
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";

#[test]
fn four_taps_and_a_photo() -> Result<()> {
    run(async {
        lend(Browser::of("guard", Scripts::On).await?, async |guard| {
            guard.go("/").await?;
            let ways = [
                ".bar a[href='/hazards/new']",
                ".icon-tiles a[href*='category=H08']",
                "input[name=phrase] + label",
            ];
            for way in ways {
                guard.click(way).await?;
            }
            guard.find("#photos").await?.send_keys(&prepared::photo("tap.jpg")?).await?;
            guard.find("[data-previews] img").await?;
            guard.click("main form.form .buttons .button").await?;
            guard.find(".thumbs img").await.context("the record with its photo")?;
            ensure!(ways.len() < TAPS, "the sending is a tap as well");
            Ok(())
        })
        .await
    })
}

/// What was typed is there again after a sending that found no network, and gone once it was taken.
#[test]
fn words_outlive_a_sending_without_network() -> Result<()> {
    run(async {
        lend(Browser::of("safety", Scripts::On).await?, async |officer| {
            const FORM: &str = "/hazards/new?category=H09";
            const SEND: &str = "main form.form > .buttons .button";
            let cut = |offline: bool| json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
            officer.go(FORM).await?;
            officer.fill("#description", "断网时写下的护栏松动").await?;
            officer.devtools("Network.enable", json!({})).await?;
            officer.devtools("Network.emulateNetworkConditions", cut(true)).await?;
            // The browser's own page about the missing network follows.
            let _ = officer.click(SEND).await;
            officer.devtools("Network.emulateNetworkConditions", cut(false)).await?;
            officer.go(FORM).await?;
            let typed = "return document.querySelector('#description').value";
            let kept = officer.ask(typed, Vec::new()).await?;
            ensure!(kept == "断网时写下的护栏松动", "{kept}");
            officer.click(SEND).await?;
            officer.find(".timeline").await.context("the record")?;
            officer.go(FORM).await?;
            let left = officer.ask(typed, Vec::new()).await?;
            ensure!(left == "", "it was taken: {left}");
            Ok(())
        })
        .await
    })
}

/// Whoever has to sign in meanwhile comes back to the form, and what was typed is there.
#[test]
fn words_outlive_a_session_that_ended() -> Result<()> {
    run(async {
        lend(Browser::of("safety", Scripts::On).await?, async |officer| {
            const FORM: &str = "/hazards/new?category=H09";
            for photo in [false, true] {
                let words = if photo {
                    "带照片写下的护栏松动"
                } else {
                    "会话结束前写下的护栏松动"
                };
                officer.go(FORM).await?;
                officer.fill("#description", words).await?;
                if photo {
                    officer.find("#photos").await?.send_keys(&prepared::photo("ended.jpg")?).await?;
                    officer.find("[data-previews] img").await.context("the photo")?;
                }
                officer.forget().await?;
                officer.click("main form.form > .buttons .button").await?;
                officer.find("[data-sign-in]").await.context("the sign-in page")?;
                let to = officer.ask("return document.querySelector('[name=to]').value", Vec::new()).await?;
                ensure!(to == FORM, "not back to the form: {to}");
                officer.become_somebody("safety").await?;
                officer.go(FORM).await?;
                let typed = "return document.querySelector('#description').value";
                let kept = officer.ask(typed, Vec::new()).await?;
                ensure!(kept == words, "{kept}");
            }
            Ok(())
        })
        .await
    })
}

#[test]
fn a_photo_without_network_says_so_beside_the_button() -> Result<()> {
    run(async {
        lend(Browser::of("safety", Scripts::On).await?, async |officer| {
            const SEND: &str = "main form.form > .buttons .button";
            officer.go("/hazards/new?category=H09").await?;
            officer.fill("#description", "断网时拍下的围栏缺口").await?;
            officer.find("#photos").await?.send_keys(&prepared::photo("offline.jpg")?).await?;
            officer.find("[data-previews] img").await.context("the photo")?;
            officer.devtools("Network.enable", json!({})).await?;
            let cut = |offline: bool| json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
            officer.devtools("Network.emulateNetworkConditions", cut(true)).await?;
            officer.click(SEND).await?;
            officer.find(".unsent").await.context("why nothing went")?;
            let state = "const said = document.querySelector('.unsent').getBoundingClientRect();
                return [said.top >= 0 && said.bottom <= innerHeight, document.querySelector('main form.form > .buttons .button').getAttribute('aria-disabled')]";
            let state = officer.ask(state, Vec::new()).await?;
            ensure!(state == json!([true, null]), "out of sight, or the button stays dead: {state}");
            officer.devtools("Network.emulateNetworkConditions", cut(false)).await?;
            officer.click(SEND).await?;
            officer.find(".thumbs img").await.context("the record with its photo")?;
            Ok(())
        })
        .await
    })
}

#[test]
fn a_photo_is_chosen_once() -> Result<()> {
    run(async {
        for scripts in [Scripts::On, Scripts::Off] {
            lend(Browser::of("safety", scripts).await?, async |officer| {
                officer.go("/hazards/new?category=H09").await?;
                let photo = prepared::photo("once.jpg")?;
                officer.find("#photos").await?.send_keys(&photo).await?;
                officer.click("main form.form details:nth-of-type(1) > summary").await?;
                officer.click("input[name=spot]").await?;
                officer
                    .fill("#description", if scripts == Scripts::On { "护栏松动一" } else { "护栏松动二" })
                    .await?;
                officer.click("main form.form > .buttons .button").await?;
                officer.find(".kept img").await.context("the form again, with its photo")?;
                ensure!(!officer.has("[data-previews] img").await?, "it is there once");
                officer.find("#after_photos").await?.send_keys(&prepared::photo("fixed.jpg")?).await?;
                officer.click("main form.form > .buttons .button").await?;
                officer.find(".thumbs img").await.context("the record with its photo")?;
                Ok(())
            })
            .await?;
        }
        Ok(())
    })
}

#[test]
fn signing_in_and_registering_by_keyboard() -> Result<()> {
    run(async {
        lend(Browser::open(Scripts::On).await?, async |browser| {
            let account = setting()?.house.account("teacher")?;
            browser.width(DESK).await?;
            browser.go("/sign-in").await?;
            reach(browser, "#login").await?;
            press(browser, &account.login).await?;
            reach(browser, "#password").await?;
            press(browser, &account.password).await?;
            press(browser, ENTER).await?;
            browser.find(".places").await?;
            reach(browser, ".places a[href='/hazards/new']").await?;
            press(browser, ENTER).await?;
            browser.find(".icon-tiles").await?;
            reach(browser, ".icon-tiles a[href*='category=H09']").await?;
            press(browser, ENTER).await?;
            browser.find("#place").await?;
            reach(browser, "input[name=phrase]").await?;
            press(browser, SPACE).await?;
            reach(browser, "#place").await?;
            press(browser, "门卫室").await?;
            reach(browser, "main form.form .buttons button").await?;
            press(browser, ENTER).await?;
            browser.find(".timeline").await.context("the record")?;
            Ok(())
        })
        .await
    })
}

/// Tab by tab; wherever the focus stops on the way, it can be seen.
async fn reach(browser: &Browser, css: &str) -> Result<()> {
    for _ in 0..STOPS {
        press(browser, TAB).await?;
        let answer = browser.ask(include_str!("focus.js"), vec![css.into()]).await?;
        match answer.as_str() {
            Some("here") => return Ok(()),
            Some("elsewhere") => {}
            _ => anyhow::bail!("the focus cannot be seen on {answer}"),
        }
    }
    anyhow::bail!("{css} is out of reach of the keyboard")
}

/// Keys go to whatever has the focus.
async fn press(browser: &Browser, keys: &str) -> Result<()> {
    let typed = keys.chars().fold(KeyActions::new("keyboard".to_owned()), |keys, value| {
        keys.then(KeyAction::Down { value }).then(KeyAction::Up { value })
    });
    Ok(browser.client.perform_actions(typed).await?)
}

#[test]
fn enlarged_four_times() -> Result<()> {
    run(async {
        lend(Browser::of("county", Scripts::On).await?, async |browser| {
            let mut wrong = Vec::new();
            for lang in ["zh-CN", "en"] {
                browser.speak(lang).await?;
                let mut pages: Vec<String> = [
                    "/today",
                    "/hazards",
                    "/hazards/new",
                    "/hazards/new?category=H09",
                    "/hazards/batch",
                    "/units",
                    "/intake",
                    "/sent",
                    "/me",
                ]
                .map(str::to_owned)
                .into();
                browser.go("/hazards?stage=all").await?;
                let record = browser.find("td a[href^='/hazards/']").await?.attr("href").await?;
                pages.extend(record.iter().flat_map(|record| [record.clone(), format!("{record}/print")]));
                for page in pages {
                    browser.go(&page).await?;
                    let found = looks::too_wide(browser, ZOOMED).await?;
                    wrong.extend(found.into_iter().map(|problem| format!("{page} {lang}: {problem}")));
                }
            }
            ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
            Ok(())
        })
        .await
    })
}
