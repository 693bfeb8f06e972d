//! The way of somebody new: a slip with a first password, a password of one's own, a second factor, codes for when the
//! telephone is lost. Most of these pages are only the answer to a form, so each is looked at where it stands.

use access::totp_code;
use anyhow::{Context, Result, anyhow};
use kernel::{Clock, SystemClock};

use crate::{browser::Browser, walk::Walk};

/// Needs a second factor, and nobody else here is this person.
const SOMEBODY: &str = "leader";

/// The whole way once in each language.
pub async fn everything(walk: &Walk<'_>) -> Result<()> {
    for lang in ["en", "zh-CN"] {
        once(walk, lang).await.with_context(|| format!("the way of somebody new in {lang}"))?;
    }
    Ok(())
}

async fn once(walk: &Walk<'_>, lang: &'static str) -> Result<()> {
    let browser = walk.browser;
    let slip = slip(walk, lang).await?;
    let password = format!("Lantern-73-river-{lang}");
    nobody(browser, lang).await?;
    sign_in(browser, &slip).await?;
    own_password(walk, lang, &password).await?;
    let recovery = second_factor(walk, lang).await?;
    nobody(browser, lang).await?;
    sign_in(browser, &password).await?;
    let form = "form[action='/sign-in/code']";
    browser.find(form).await?;
    walk.here("/sign-in (code)", lang).await?;
    send(browser, form, &[("#code", "000000")]).await?;
    walk.here("/sign-in (wrong code)", lang).await?;
    send(browser, form, &[("#code", &recovery)]).await?;
    browser.find(".who").await.context("a code for when the telephone is lost opens")?;
    Ok(())
}

/// The security administrator takes the second factor away and prints a first password.
async fn slip(walk: &Walk<'_>, lang: &'static str) -> Result<String> {
    let browser = walk.browser;
    browser.forget().await?;
    browser.become_somebody("security").await?;
    browser.speak(lang).await?;
    browser.go(&format!("/accounts?q={SOMEBODY}")).await?;
    let found = browser.ask(include_str!("account.js"), vec![SOMEBODY.into()]).await?;
    let account = found.as_str().context("the account is not listed")?;
    for act in ["clear-factor", "reset"] {
        browser.go(account).await?;
        browser.click(&format!("details#{act} > summary")).await?;
        browser.click(&format!("#{act} form button.button")).await?;
        browser.find(if act == "reset" { ".slips" } else { "[data-done]" }).await?;
    }
    walk.here("/accounts/{id}/reset", lang).await?;
    browser.text(".slip-code").await
}

async fn own_password(walk: &Walk<'_>, lang: &'static str, password: &str) -> Result<()> {
    let form = "form[action='/sign-in/password']";
    walk.browser.find(form).await?;
    walk.here("/sign-in (first password)", lang).await?;
    send(walk.browser, form, &[("#password", password), ("#again", "something else")]).await?;
    walk.browser.find("#again-error").await?;
    walk.here("/sign-in (passwords differ)", lang).await?;
    send(walk.browser, form, &[("#password", password), ("#again", password)]).await
}

/// Binds a telephone; answers the first of the codes for when it is lost.
async fn second_factor(walk: &Walk<'_>, lang: &'static str) -> Result<String> {
    let (browser, form) = (walk.browser, "form[action='/sign-in/enrol']");
    browser.find(form).await?;
    walk.here("/sign-in (second factor)", lang).await?;
    let secret = browser.text(".qr + p code").await?.replace(' ', "");
    let code = totp_code(&secret, SystemClock.now()).map_err(|error| anyhow!("{error}"))?;
    send(browser, form, &[("#code", &code)]).await?;
    browser.find(".codes").await?;
    walk.here("/sign-in (codes)", lang).await?;
    browser.text(".codes code").await
}

/// A window in which nobody is signed in, in this language.
async fn nobody(browser: &Browser, lang: &str) -> Result<()> {
    browser.forget().await?;
    browser.speak(lang).await
}

async fn sign_in(browser: &Browser, password: &str) -> Result<()> {
    browser.go("/sign-in").await?;
    send(browser, "form[action='/sign-in']", &[("#login", SOMEBODY), ("#password", password)]).await
}

async fn send(browser: &Browser, form: &str, fields: &[(&str, &str)]) -> Result<()> {
    for (field, value) in fields {
        browser.fill(field, value).await?;
    }
    browser.click(&format!("{form} button.button")).await
}
