//! Official papers on the sheet: what GB/T 9704-2012 measures, measured on the PDF that the browser prints.

use anyhow::{Context, Result, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::{
    browser::{Browser, Scripts},
    lend, run,
    sheet::{Sheet, sheets},
};

/// Clauses 5.1 and 5.2.1: A4; 天头 and 订口 within a millimetre; 版心. Millimetres.
const PAGE: (f64, f64) = (210.0, 297.0);
const HEAD: f64 = 37.0;
const BINDING: f64 = 28.0;
const TYPE_AREA: (f64, f64) = (156.0, 225.0);
/// Clauses 5.2.2 and 5.2.3: 3 号, 22 rows of 28 characters that fill the type area.
const BODY_POINTS: f64 = 16.0;
const ROWS: usize = 22;
const CHARACTERS: usize = 28;
/// What the standard allows, in millimetres.
const TOLERANCE: f64 = 1.0;

#[test]
fn a_notice_has_22_rows_of_28_characters() -> Result<()> {
    run(async {
        lend(Browser::of("county", Scripts::On).await?, async |browser| {
            let paper = listed(browser).await?;
            let sheets = printed(browser, &paper).await?;
            ensure!(sheets.len() >= 4, "{} sheets of four pages of text", sheets.len());
            filled(&sheets[1], BINDING).context("second sheet")?;
            filled(&sheets[2], BINDING).context("third sheet")?;
            // Clause 7.5: 一字线 left and right, odd pages at the right, even ones at the left.
            let number = |sheet: &Sheet| sheet.below(HEAD + TYPE_AREA.1).map(|glyph| glyph.x).next();
            let (odd, even) = (number(&sheets[0]), number(&sheets[1]));
            let (odd, even) = (odd.context("no number on page 1")?, even.context("no number on page 2")?);
            ensure!(odd > 150.0 && even < 50.0, "page numbers at {odd} and {even} mm");
            Ok(())
        })
        .await
    })
}

#[test]
fn a_letter_has_the_same_type_area_and_no_number_on_its_first_page() -> Result<()> {
    run(async {
        lend(Browser::of("county", Scripts::On).await?, async |browser| {
            browser.go("/transfers?stage=all").await?;
            let letter = browser.find("td a[href^='/transfers/']").await?.attr("href").await?;
            let letter = letter.context("a letter without an address")?;
            let sheets = printed(browser, &format!("{letter}/letter")).await?;
            ensure!(sheets.len() >= 4, "{} sheets of four pages of text", sheets.len());
            filled(&sheets[1], BINDING).context("second sheet")?;
            ensure!(sheets[0].below(HEAD + TYPE_AREA.1 + 1.0).next().is_none(), "a number on the first page");
            // Clause 10.1: the sender's mark begins 30 mm below the edge; red lines of 170 mm, the lower one 20 mm above it.
            let lines: Vec<_> =
                sheets[0].ruled().filter(|line| (line.width - 170.0).abs() < TOLERANCE).collect();
            ensure!(lines.len() == 4, "two double lines of 170 mm, not {lines:?}");
            let lowest = lines.iter().map(|line| line.y).fold(0.0, f64::max);
            ensure!((PAGE.1 - lowest - 20.0).abs() < 2.0, "the lower line is at {lowest} mm");
            Ok(())
        })
        .await
    })
}

/// The notice of a listing that was signed.
async fn listed(browser: &Browser) -> Result<String> {
    browser.go("/supervisions?stage=all").await?;
    let found = browser.client.find_all(fantoccini::Locator::Css("td a[href^='/supervisions/']")).await?;
    let mut records = Vec::new();
    for link in found {
        records.extend(link.attr("href").await?);
    }
    for record in records {
        browser.go(&record).await?;
        if browser.has("a[href$='/papers/check']").await? {
            return Ok(format!("{record}/papers/notice"));
        }
    }
    anyhow::bail!("no listing of the demonstration was signed")
}

/// The sheets of a paper whose text is four pages long.
async fn printed(browser: &Browser, path: &str) -> Result<Vec<Sheet>> {
    browser.go(path).await?;
    let words = "国".repeat(CHARACTERS * ROWS * 4 - 2);
    let script =
        "const first = document.querySelector('.official-body > p'); first.textContent = arguments[0];";
    browser.ask(script, vec![json!(words)]).await?;
    let asked = json!({ "preferCSSPageSize": true, "printBackground": false });
    let answer = browser.devtools("Page.printToPDF", asked).await?;
    let data = answer.get("data").and_then(|data| data.as_str()).context("no PDF")?;
    let sheets = sheets(&STANDARD.decode(data)?)?;
    for sheet in &sheets {
        ensure!(
            near(sheet.width, PAGE.0) && near(sheet.height, PAGE.1),
            "{} x {}",
            sheet.width,
            sheet.height
        );
    }
    Ok(sheets)
}

fn near(is: f64, wanted: f64) -> bool {
    (is - wanted).abs() <= TOLERANCE
}

/// Rows and characters of a sheet that is full of text.
fn filled(sheet: &Sheet, binding: f64) -> Result<()> {
    let rows = sheet.rows(BODY_POINTS);
    ensure!(rows.len() == ROWS, "{} rows", rows.len());
    for (nth, row) in rows.iter().enumerate() {
        ensure!(row.len() == CHARACTERS, "{} characters in row {nth}", row.len());
        let (Some(first), Some(last)) = (row.first(), row.last()) else { continue };
        ensure!(near(first.x, binding), "row {nth} begins at {} mm", first.x);
        let end = last.x + BODY_POINTS * 25.4 / 72.0;
        ensure!(near(end, binding + TYPE_AREA.0), "row {nth} ends at {end} mm");
        // Baselines lie inside their rows.
        let top = HEAD + TYPE_AREA.1 / 22.0 * f64::from(u32::try_from(nth)?);
        ensure!(first.y > top && first.y < top + TYPE_AREA.1 / 22.0, "row {nth} stands at {} mm", first.y);
    }
    Ok(())
}
