//! What comes out of a printer.

use anyhow::{Context, Result, ensure};
use fantoccini::wd::PrintConfiguration;
use serde_json::json;

use crate::{
    browser::{Browser, DESK, PHONE, Scripts},
    lend, run,
};

/// What belongs to the screen alone.
const SCREEN: [&str; 6] = [".side", ".bar", ".head .menu", ".foot", ".filter details", "main .button"];

#[test]
fn a_record_and_a_list_on_paper() -> Result<()> {
    run(async {
        lend(Browser::of("safety", Scripts::On).await?, async |browser| {
            browser.go("/hazards?stage=all").await?;
            let link = browser.find("td a[href^='/hazards/']").await?.attr("href").await?;
            let record = link.context("a record without an address")?;
            for page in [format!("{record}/print"), record, "/hazards?stage=all".to_owned()] {
                for width in [DESK, PHONE] {
                    browser.width(width).await?;
                    browser.go(&page).await?;
                    on_paper(browser).await.with_context(|| format!("{page} from {width} px"))?;
                }
            }
            Ok(())
        })
        .await
    })
}

async fn on_paper(browser: &Browser) -> Result<()> {
    let file = browser.client.print(PrintConfiguration::default()).await?;
    ensure!(file.starts_with(b"%PDF-") && file.len() > 10_000, "{} bytes are no printed page", file.len());
    browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
    let shown = browser.ask(include_str!("paper.js"), vec![json!(SCREEN)]).await?;
    browser.devtools("Emulation.setEmulatedMedia", json!({ "media": "" })).await?;
    ensure!(shown == json!([]), "on paper there is {shown}");
    Ok(())
}
