//! One window of Chromium, headless, driven by WebDriver.

use anyhow::{Context, Result, bail};
use fantoccini::{Client, ClientBuilder, Locator, elements::Element, wd::WebDriverCompatibleCommand};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::Url;

use crate::{setting, standard};

/// Whether pages may run their scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    On,
    Off,
}

/// How wide the window is, in pixels of the page.
pub const PHONE: u32 = 390;
pub const DESK: u32 = 1280;
/// 1280 pixels at 400 %.
pub const ZOOMED: u32 = 320;

/// A window.
pub struct Browser {
    pub client: Client,
    pub home: String,
    scripts: Scripts,
}

/// A command of Chromium's own protocol.
#[derive(Debug)]
struct Devtools(Value);

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}

impl Browser {
    pub async fn open(scripts: Scripts) -> Result<Self> {
        let setting = setting()?;
        let mut chromium = json!({
            "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars", "--lang=zh-CN"],
        });
        if let (Some(path), Some(options)) =
            (standard::from_runner("XIAOAN_TEST_CHROMIUM"), chromium.as_object_mut())
        {
            options.insert("binary".to_owned(), json!(path));
        }
        if let (Scripts::Off, Some(options)) = (scripts, chromium.as_object_mut()) {
            let off = json!({ "profile.managed_default_content_settings.javascript": 2 });
            options.insert("prefs".to_owned(), off);
        }
        let wanted = [
            ("goog:chromeOptions".to_owned(), chromium),
            ("unhandledPromptBehavior".to_owned(), json!("accept")),
            ("timeouts".to_owned(), json!({ "script": 60_000, "pageLoad": 60_000, "implicit": 0 })),
        ];
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let client = builder
            .capabilities(wanted.into_iter().collect())
            .connect(&setting.driver.url)
            .await
            .context("Chromium would not start")?;
        let browser = Self { client, home: setting.house.url.clone(), scripts };
        if scripts == Scripts::On {
            browser
                .devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": setting.axe }))
                .await?;
        }
        browser.speak("zh-CN").await?;
        browser.width(PHONE).await?;
        Ok(browser)
    }

    /// A window in which somebody is signed in.
    pub async fn of(login: &str, scripts: Scripts) -> Result<Self> {
        let browser = Self::open(scripts).await?;
        match browser.become_somebody(login).await {
            Ok(()) => Ok(browser),
            Err(error) => {
                browser.close().await?;
                Err(error)
            }
        }
    }

    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }

    pub async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        let body = json!({ "cmd": command, "params": parameters });
        self.client.issue_cmd(Devtools(body)).await.with_context(|| command.to_owned())
    }

    pub async fn width(&self, width: u32) -> Result<()> {
        let height = if width < 720 { 844 } else { 900 };
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await.map(drop)
    }

    /// The language of the next pages.
    pub async fn speak(&self, lang: &str) -> Result<()> {
        self.cookie("lang", lang).await
    }

    pub async fn cookie(&self, name: &str, value: &str) -> Result<()> {
        let cookie = json!({ "name": name, "value": value, "url": self.home, "path": "/" });
        self.devtools("Network.setCookie", cookie).await.map(drop)
    }

    pub async fn go(&self, path: &str) -> Result<()> {
        self.client.goto(&format!("{}{path}", self.home)).await.with_context(|| path.to_owned())?;
        if self.scripts == Scripts::On {
            // A person never types before the scripts of a page have begun; a test could.
            self.find("html.ready, html:not(:has(script[type=module]))").await?;
        }
        Ok(())
    }

    /// Path and query of the page shown.
    pub async fn path(&self) -> Result<String> {
        let url = self.client.current_url().await?;
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        Ok(format!("{}{query}", url.path()))
    }

    /// What a page shows, be it only when a click or a script has brought it; the wait is bounded.
    pub async fn find(&self, css: &str) -> Result<Element> {
        match self.client.wait().for_element(Locator::Css(css)).await {
            Ok(found) => Ok(found),
            Err(error) => bail!("no {css} ({error}) on {}: {}", self.path().await?, self.seen().await),
        }
    }

    /// What a person would read, for telling what is wrong.
    async fn seen(&self) -> String {
        let script = "return document.body.innerText.slice(0, 1500)";
        self.ask(script, vec![]).await.map_or_else(|error| error.to_string(), |text| text.to_string())
    }

    /// Whether it is there now.
    pub async fn has(&self, css: &str) -> Result<bool> {
        Ok(!self.client.find_all(Locator::Css(css)).await?.is_empty())
    }

    /// The page says these words somewhere, or will.
    pub async fn says(&self, words: &str) -> Result<()> {
        let there = format!("//main[contains(., '{words}')]");
        if self.client.wait().for_element(Locator::XPath(&there)).await.is_err() {
            bail!("no {words} on {}: {}", self.path().await?, self.seen().await);
        }
        Ok(())
    }

    pub async fn click(&self, css: &str) -> Result<()> {
        let target = self.find(css).await?;
        // Where a thumb would have it, and not beneath the bar at the foot.
        let middle = "arguments[0].scrollIntoView({ block: 'center' })";
        self.ask(middle, vec![serde_json::to_value(&target)?]).await?;
        target.click().await.with_context(|| format!("clicking {css}"))
    }

    /// Types into a field that may hold something.
    pub async fn fill(&self, css: &str, text: &str) -> Result<()> {
        let field = self.find(css).await?;
        field.clear().await?;
        field.send_keys(text).await.with_context(|| format!("typing into {css}"))
    }

    pub async fn text(&self, css: &str) -> Result<String> {
        Ok(self.find(css).await?.text().await?)
    }

    /// What a script of ours answers.
    pub async fn ask(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        self.client.execute(script, arguments).await.context("a script of the test")
    }

    /// The same for one that takes its time.
    pub async fn ask_later(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        self.client.execute_async(script, arguments).await.context("a script of the test")
    }

    /// Signs in by the form, once for each account; later windows take the session over.
    pub async fn become_somebody(&self, login: &str) -> Result<()> {
        let house = &setting()?.house;
        let mut sessions = house.sessions.lock().await;
        if let Some(session) = sessions.get(login) {
            return self.cookie(web::SESSION_COOKIE, session).await;
        }
        let account = house.account(login)?;
        self.go("/sign-in").await?;
        self.fill("#login", &account.login).await?;
        self.fill("#password", &account.password).await?;
        self.click("main button").await?;
        if let Some(code) = account.code()? {
            self.fill("#code", &code).await?;
            self.click("main button").await?;
        }
        if self.find(".who").await.is_err() {
            bail!("{login} is not signed in on {}: {}", self.path().await?, self.seen().await);
        }
        let session = self.client.get_named_cookie(web::SESSION_COOKIE).await?;
        sessions.insert(login.to_owned(), session.value().to_owned());
        Ok(())
    }

    /// Nobody is signed in in this window any more; the session itself lives on.
    pub async fn forget(&self) -> Result<()> {
        self.devtools("Network.clearBrowserCookies", json!({})).await?;
        self.speak("zh-CN").await
    }
}
