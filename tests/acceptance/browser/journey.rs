//! One hazard from registration to closing by forms alone, in browsers that run no scripts.

use anyhow::{Context, Result, ensure};
use fantoccini::Locator;
use serde_json::json;

use crate::{
    browser::{Browser, PHONE, Scripts},
    house::today,
    lend, looks, prepared, run,
};

/// Where the hazard is, and who is to mend it.
struct Case<'b> {
    guard: &'b Browser,
    officer: &'b Browser,
    head: &'b Browser,
}

#[test]
fn found_fixed_and_proved_without_scripts() -> Result<()> {
    run(async {
        lend(Browser::of("guard", Scripts::Off).await?, async |guard| {
            lend(Browser::of("safety", Scripts::Off).await?, async |officer| {
                lend(Browser::of("head", Scripts::Off).await?, async |head| {
                    Case { guard, officer, head }.walk_through().await
                })
                .await
            })
            .await
        })
        .await
    })
}

impl Case<'_> {
    async fn walk_through(&self) -> Result<()> {
        let record = self.registered().await?;
        self.officer.go(&record).await?;
        self.officer.click("input[name=level][value=general] + label").await?;
        self.officer.click("form[action$='/grade'] button.button").await?;
        self.officer.says("待交办").await?;
        self.officer.go("/me").await?;
        let name = self.officer.text("main dd").await?;
        self.assigned(&record, &name).await?;
        self.taken_on(&record, &name).await?;
        self.rectified(&record).await?;
        self.head.go(&record).await?;
        self.head.click("form[action$='/accept'] input[name=on_site]").await?;
        self.head.click("form[action$='/accept'] button[value=close]").await?;
        self.head.says("已销号").await?;
        self.guard.go(&record).await?;
        self.guard.says("已销号").await
    }

    async fn registered(&self) -> Result<String> {
        let guard = self.guard;
        guard.go("/").await?;
        ensure!(!guard.has("html.js").await?, "scripts are running in the window that should run none");
        guard.click(".bar a[href='/hazards/new']").await?;
        guard.click(".icon-tiles a[href*='category=H09']").await?;
        guard.find("#photos").await?.send_keys(&prepared::photo("before.jpg")?).await?;
        guard.click("input[name=phrase] + label").await?;
        guard.click("main form.form .buttons .button").await?;
        guard.says("待定级").await?;
        guard.find(".thumbs img").await.context("the photo of the record")?;
        Ok(guard.path().await?.split('?').next().unwrap_or_default().to_owned())
    }

    async fn assigned(&self, record: &str, officer: &str) -> Result<()> {
        self.head.go(record).await?;
        picked(self.head, "form[action$='/assign']", officer).await?;
        self.head.click("form[action$='/assign'] button.button").await?;
        self.head.says("待签收").await
    }

    /// The first plan says nothing about money; what else was typed is still there beside the error.
    async fn taken_on(&self, record: &str, name: &str) -> Result<()> {
        let (officer, form) = (self.officer, "form[action$='/take-on']");
        officer.go(record).await?;
        officer.fill("#responsibility", "总务主任牵头,安全专干具体落实").await?;
        officer.fill("#funds", "按要求").await?;
        officer.fill("#measures", "更换灭火器并张贴检查卡").await?;
        officer.fill("#contingency", "更换前从二楼调配备用灭火器").await?;
        picked(officer, form, name).await?;
        due_today(officer).await?;
        officer.click(&format!("{form} button.button")).await?;
        officer.find(".errors a[href='#funds']").await.context("the error names the field")?;
        let kept = officer.find("#measures").await?.prop("value").await?;
        ensure!(kept.as_deref() == Some("更换灭火器并张贴检查卡"), "typed words are gone: {kept:?}");
        let wrong = looks::too_wide(officer, PHONE).await?;
        ensure!(wrong.is_empty(), "the refused form: {wrong:?}");
        officer.fill("#funds", "从学校公用经费列支").await?;
        officer.click(&format!("{form} button.button")).await?;
        officer.says("整改中").await
    }

    async fn rectified(&self, record: &str) -> Result<()> {
        let (officer, form) = (self.officer, "form[action$='/rectify']");
        officer.go(record).await?;
        officer.fill(&format!("{form} #note"), "已更换四具灭火器").await?;
        let photo = prepared::photo("after.jpg")?;
        officer.find(&format!("{form} #photos")).await?.send_keys(&photo).await?;
        officer.click(&format!("{form} button.button")).await?;
        officer.says("待复查").await?;
        ensure!(!officer.has("form[action$='/accept']").await?, "whoever fixed it is offered to accept it");
        Ok(())
    }
}

/// Picks the person among those a form offers; `shown` begins with the name.
async fn picked(browser: &Browser, form: &str, shown: &str) -> Result<()> {
    for option in browser.client.find_all(Locator::Css(&format!("{form} option"))).await? {
        let name = option.prop("textContent").await?.unwrap_or_default();
        let name = name.split_whitespace().next().unwrap_or_default();
        if name.chars().count() > 1 && shown.contains(name) {
            return Ok(option.click().await?);
        }
    }
    anyhow::bail!("{shown} is not among those who may be responsible")
}

/// A day is picked in the browser's own calendar, whose keys depend on the language of the machine: its value is set.
async fn due_today(browser: &Browser) -> Result<()> {
    let field = browser.find("#due").await?;
    let picked = "arguments[0].value = arguments[1]; return arguments[0].value";
    let day = today().to_string();
    let value = browser.ask(picked, vec![serde_json::to_value(&field)?, json!(day)]).await?;
    ensure!(value == json!(day), "the field holds {value} and not {day}");
    Ok(())
}
