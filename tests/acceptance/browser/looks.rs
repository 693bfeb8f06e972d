//! What must hold for every page, whoever looks at it: axe, width, language, size of type.

use anyhow::Result;
use serde::Deserialize;
use serde_json::json;

use crate::{
    browser::{Browser, PHONE},
    words,
};

/// In the large edition nothing is set smaller than this, in pixels.
const LARGE_TYPE: f64 = 20.0;

#[derive(Debug, Deserialize)]
struct Look {
    page: String,
    lang: String,
    #[serde(rename = "type")]
    size: f64,
    scroll: f64,
    inner: f64,
    wide: Vec<String>,
    words: Vec<String>,
}

/// What one look has found.
#[derive(Debug)]
pub struct Found {
    /// The page by the name of its type.
    pub page: String,
    /// What is not as it should be.
    pub problems: Vec<String>,
}

/// Everything about the page shown now that is not as it should be.
pub async fn problems(browser: &Browser, lang: &str, width: u32) -> Result<Found> {
    browser.width(width).await?;
    let answer = browser.ask(include_str!("look.js"), vec![json!(lang)]).await?;
    let look: Look = serde_json::from_value(answer)?;
    let mut found: Vec<String> = overflow(&look).into_iter().collect();
    if look.lang != lang {
        found.push(format!("the page says it is {}", look.lang));
    }
    let strange = if lang == "en" { look.words } else { words::not_chinese(&look.words)? };
    found.extend(strange.into_iter().map(|text| format!("not in this language: {text}")));
    found.extend(axe(browser).await?);
    Ok(Found { page: look.page, problems: found })
}

/// Width alone.
pub async fn too_wide(browser: &Browser, width: u32) -> Result<Vec<String>> {
    browser.width(width).await?;
    let answer = browser.ask(include_str!("look.js"), vec![json!("en")]).await?;
    Ok(overflow(&serde_json::from_value(answer)?).into_iter().collect())
}

/// The large edition on a phone.
pub async fn large_problems(browser: &Browser) -> Result<Vec<String>> {
    browser.width(PHONE).await?;
    let answer = browser.ask(include_str!("look.js"), vec![json!("zh-CN")]).await?;
    let look: Look = serde_json::from_value(answer)?;
    let mut found: Vec<String> = overflow(&look).into_iter().collect();
    if look.size < LARGE_TYPE {
        found.push(format!("large type is {} px", look.size));
    }
    found.extend(axe(browser).await?);
    Ok(found)
}

fn overflow(look: &Look) -> Option<String> {
    (look.scroll > look.inner)
        .then(|| format!("{} px wide in a window of {}: {}", look.scroll, look.inner, look.wide.join(" ")))
}

async fn axe(browser: &Browser) -> Result<Vec<String>> {
    let answer = browser.ask_later(include_str!("axe.js"), vec![]).await?;
    Ok(serde_json::from_value(answer)?)
}
