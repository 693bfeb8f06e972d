//! Pages that only exist once somebody has done something: a file brought in, a channel, a link for a telephone.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use image::{ImageFormat, Rgb, RgbImage};

use crate::browser::Browser;

const LEDGER: &str = "序号,学校名称,隐患类别,存在问题,部位,排查时间,隐患等级,整改情况\n\
    1,竹基镇摇光初级中学,消防安全,二楼灭火器压力不足,教学楼二楼,2026-09-01,一般,已整改\n\
    2,没有这所学校,消防安全,围墙开裂,围墙,2026-09-02,一般,整改中\n";

/// A file with this name and content in the build folder.
fn file(name: &str, content: &[u8]) -> Result<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("files");
    fs::create_dir_all(&folder)?;
    let path = folder.join(name);
    fs::write(&path, content)?;
    Ok(path)
}

/// A photo nobody has taken.
pub fn photo(name: &str) -> Result<String> {
    // Another name is another picture: a photo of the hazard proves no fix.
    let shade = name.bytes().fold(0_u8, u8::wrapping_add);
    let picture = RgbImage::from_fn(640, 480, |x, y| Rgb([(x / 3) as u8, (y / 2) as u8, shade]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg)?;
    Ok(file(name, bytes.get_ref())?.display().to_string())
}

/// What this person makes ready for his walk: addresses no page leads to at first.
pub async fn for_walk(browser: &Browser, login: &str) -> Result<Vec<String>> {
    match login {
        "county" => {
            let mut paths = ledger(browser).await?;
            paths.push(new_letter(browser).await?);
            paths.push(written(browser).await?);
            paths.push(export(browser).await?);
            paths.extend(held(browser).await?);
            Ok(paths)
        }
        "head" => gone(browser).await.map(|path| vec![path]),
        "system" => Ok(vec![channel(browser).await?, closed(browser).await?, assigned(browser).await?]),
        _ => Ok(Vec::new()),
    }
}

/// A ledger, brought in and tried, not applied.
async fn ledger(browser: &Browser) -> Result<Vec<String>> {
    brought_in(browser, "ledger.csv", LEDGER).await
}

/// A ledger that is written: how it ended.
async fn written(browser: &Browser) -> Result<String> {
    let right: Vec<&str> = LEDGER.lines().take(2).collect();
    brought_in(browser, "written.csv", &right.join("\n")).await?;
    browser.click("form[action$='/apply'] button.button").await?;
    browser.find("main p a.button[href^='/hazards']").await.context("the ledger is written")?;
    browser.path().await
}

/// The pages of a ledger: as it was read, and tried.
async fn brought_in(browser: &Browser, name: &str, content: &str) -> Result<Vec<String>> {
    browser.go("/intake").await?;
    browser.click("input[name=content][value=hazards] + label").await?;
    let path = file(name, content.as_bytes())?;
    browser.find("#file").await?.send_keys(&path.display().to_string()).await?;
    browser.click("form[action='/intake'] button.button").await?;
    browser.find("form[action$='/mapping']").await.context("the page of the file brought in")?;
    let preview = browser.path().await?;
    browser.click("form[action$='/mapping'] button.button").await?;
    browser.find("main p a.button.second").await.context("the page of the dry run")?;
    let check = browser.path().await?;
    Ok(vec![preview, check])
}

/// A text written to the county's reader, who walks here; the system administrator has named him.
async fn held(browser: &Browser) -> Result<Vec<String>> {
    browser.forget().await?;
    browser.become_somebody("system").await?;
    browser.go("/readers").await?;
    let naming = address(browser, "td a[href^='/readers/']").await?;
    browser.go(&naming).await?;
    // The first by the name to sign in with.
    browser.find("#account").await?.select_by_index(1).await?;
    browser.click("main form.form button.button").await?;
    browser.find("form[action$='/end']").await.context("a reader was named")?;
    browser.forget().await?;
    let listing = major(browser).await?;
    browser.forget().await?;
    browser.become_somebody("county").await?;
    drafted(browser, &listing).await?;
    browser.go("/hazards/new?category=H16").await?;
    browser.find("#unit").await?.select_by_index(1).await?;
    browser.fill("#description", "有学生被同学打,已经打过电话").await?;
    browser.click("main form.form button.button").await?;
    browser.says("已封存").await?;
    browser.go("/held").await?;
    let report = address(browser, "td a[href^='/held/']").await?;
    Ok(vec![naming, report, format!("{listing}/papers/notice"), listing])
}

/// A major hazard of the school that is controlled, with a photo; where its listing is.
async fn major(browser: &Browser) -> Result<String> {
    browser.become_somebody("safety").await?;
    browser.go("/hazards/new?category=H02").await?;
    browser.fill("#description", "承重墙出现贯通裂缝").await?;
    browser.click("main form.form .buttons .button").await?;
    browser.says("待定级").await?;
    browser.click("input[name=level][value=major] + label").await?;
    browser.fill("form[action$='/grade'] #note", "承重墙贯通裂缝，局部下沉").await?;
    browser.click("form[action$='/grade'] button.button").await?;
    let listing = address(browser, "main a[href^='/supervisions/']").await.context("the listing")?;
    browser.go(&listing).await?;
    browser.fill("form[action$='/control'] #note", "封闭二层，学生调整到综合楼").await?;
    browser.find("form[action$='/control'] #photos").await?.send_keys(&photo("closed.jpg")?).await?;
    browser.click("form[action$='/control'] .buttons button.button").await?;
    browser.find(".timeline img").await.context("the photo of the listing")?;
    Ok(listing)
}

/// The county's draft of its notice.
async fn drafted(browser: &Browser, listing: &str) -> Result<()> {
    browser.go(&format!("{listing}?act=draft")).await?;
    browser
        .ask("document.querySelector('#deadline').value = document.querySelector('#deadline').max", vec![])
        .await?;
    browser.fill("#requirements", "委托有资质的单位检测鉴定，按报告加固").await?;
    browser.click("form[action$='/draft'] button[value=draft]").await?;
    browser.find("main a[href$='/papers/notice']").await.context("the notice can be printed")?;
    Ok(())
}

/// A list asked for as a file, as the page does that offers it for lists too long to wait for; there is none of them
/// in so small a county. The page of exports shows by itself when the file is written.
async fn export(browser: &Browser) -> Result<String> {
    browser.go("/exports").await?;
    browser.ask(include_str!("export.js"), vec![]).await?;
    browser
        .find("a.button[href^='/exports/']")
        .await?
        .attr("href")
        .await?
        .context("a file without an address")
}

/// Where a letter about a hazard is begun.
async fn new_letter(browser: &Browser) -> Result<String> {
    browser.go("/hazards").await?;
    let hazard = address(browser, "td a[href^='/hazards/']").await?;
    browser.go(&hazard).await?;
    address(browser, "main a[href^='/transfers/new']").await.context("a letter may be begun")
}

/// A letter with a photo, sent on paper: written, signed and sent by the county's people; the office is back afterwards.
pub async fn letter(browser: &Browser) -> Result<String> {
    let hazard = photographed(browser).await?;
    browser.forget().await?;
    browser.become_somebody("county").await?;
    browser.go(&format!("/transfers/new?hazard={hazard}")).await?;
    browser.find("#department").await?.select_by_index(1).await?;
    browser.fill("#request", "请依法到现场核查处理，并函告处理结果").await?;
    browser.click("input[name=chosen]").await?;
    browser.click("form[action='/transfers'] button[value=submit]").await?;
    browser.says("待签发").await?;
    let record = browser.path().await?;
    browser.forget().await?;
    browser.become_somebody("leader").await?;
    browser.go(&record).await?;
    browser.click("form[action$='/sign'] button[value=pass]").await?;
    browser.says("待送出").await?;
    browser.forget().await?;
    browser.become_somebody("county").await?;
    browser.go(&record).await?;
    browser.click("input[name=channel][value=paper] + label").await?;
    browser.click("form[action$='/send'] button.button").await?;
    browser.says("待签收").await?;
    Ok(record)
}

/// The id of a new hazard with a photo of it.
async fn photographed(browser: &Browser) -> Result<String> {
    browser.forget().await?;
    browser.become_somebody("safety").await?;
    browser.go("/hazards/new?category=H12").await?;
    browser.fill("#description", "校门口流动摊点占道经营").await?;
    browser.find("#photos").await?.send_keys(&photo("stall.jpg")?).await?;
    browser.click("main form.form .buttons .button").await?;
    browser.says("待定级").await?;
    let path = browser.path().await?;
    let id = path.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    Ok(id.to_owned())
}

/// A new link of a letter, on the page that shows it once.
pub async fn link_of(browser: &Browser, record: &str) -> Result<String> {
    browser.go(&format!("{record}?act=link")).await?;
    browser.click("form[action$='/link'] button.button").await?;
    let shown = browser.text("main code").await?;
    let (_, path) = shown.split_once("/t/").context("no link is shown")?;
    Ok(format!("/t/{path}"))
}

/// Confirms the receipt, as a department does.
pub async fn receive(browser: &Browser) -> Result<()> {
    for (field, words) in [("#office", "食品股"), ("#name", "示例经办人"), ("#post", "科员")] {
        browser.fill(field, words).await?;
    }
    browser.click("form[action$='/receive'] button.button").await?;
    browser.find("form[action$='/reply']").await.context("the receipt is confirmed")?;
    Ok(())
}

/// An answer that says nothing, and comes back.
pub async fn refused_answer(browser: &Browser) -> Result<()> {
    browser.click("form[action$='/reply'] button.button").await?;
    browser.find(".errors").await.context("the answer is refused")?;
    Ok(())
}

/// Where the code of the first place leads, as it stands on its sheet.
pub async fn code(browser: &Browser) -> Result<String> {
    browser.go("/places").await?;
    let place = address(browser, "td a[href^='/places/']").await?;
    browser.go(&place).await?;
    let shown = browser.text("main code").await?;
    let (_, code) = shown.split_once("/r/").context("no code is shown")?;
    Ok(format!("/r/{code}"))
}

/// A report that says nothing, and comes back.
pub async fn refused_report(browser: &Browser, code: &str) -> Result<()> {
    browser.go(code).await?;
    browser.click("main form.form .buttons .button").await?;
    browser.find(".errors").await.context("the report is refused")?;
    Ok(())
}

/// Words that are no report.
pub async fn no_report(browser: &Browser, code: &str) -> Result<()> {
    browser.go(code).await?;
    browser.fill("#words", "有学生被同学打").await?;
    browser.click("main form.form .buttons .button").await?;
    browser.find(".calls").await.context("whom to call")?;
    Ok(())
}

/// A report with a photo; where it is followed.
pub async fn report(browser: &Browser, code: &str) -> Result<String> {
    browser.go(code).await?;
    browser.fill("#words", "走廊栏杆晃动").await?;
    browser.find("#photos").await?.send_keys(&photo("railing.jpg")?).await?;
    browser.click("main form.form .buttons .button").await?;
    browser.find(".ticket").await.context("the ticket")?;
    browser.path().await
}

/// Writes down what a side of the open case said on paper, with the paper.
pub async fn stated(browser: &Browser) -> Result<()> {
    browser.go("/accountability").await?;
    let case = address(browser, "td a[href^='/accountability/']").await?;
    browser.go(&format!("{case}?act=state")).await?;
    browser.find("form[action$='/state'] #side").await?.select_by_index(1).await?;
    browser.fill("form[action$='/state'] #note", "接到报告当天到校查看，督促设置围挡").await?;
    browser.find("form[action$='/state'] #photos").await?.send_keys(&photo("statement.jpg")?).await?;
    browser.click("form[action$='/state'] .buttons button.button").await?;
    browser.find(".timeline img").await.context("the paper of the statement")?;
    Ok(())
}

/// Where a case about the newest hazard is opened, by whoever may open one.
pub async fn opening(browser: &Browser) -> Result<String> {
    browser.go("/hazards?stage=all").await?;
    let hazard = address(browser, "td a[href^='/hazards/']").await?;
    browser.go(&hazard).await?;
    address(browser, "main a[href^='/accountability/new/']").await.context("a case can be opened")
}

/// The first unit this person sees.
async fn first_unit(browser: &Browser) -> Result<String> {
    browser.go("/units").await?;
    address(browser, "td a[href^='/units/']").await
}

/// Where the first such link leads.
async fn address(browser: &Browser, css: &str) -> Result<String> {
    browser.find(css).await?.attr("href").await?.context("a link without an address")
}

/// Somebody who was entered and has left, and may be taken back.
async fn gone(browser: &Browser) -> Result<String> {
    let unit = first_unit(browser).await?;
    browser.go(&format!("{unit}/people/new")).await?;
    browser.fill("#name", "钱离岗").await?;
    browser.click("main form.form button.button").await?;
    browser.find("main a[href$='/leave']").await.context("the page of the person")?;
    let person = browser.path().await?;
    let person = person.split('?').next().unwrap_or_default().to_owned();
    browser.go(&format!("{person}/leave")).await?;
    browser.click("main form.form button.button").await?;
    address(browser, "main a[href$='/return']").await
}

/// Where a unit that was entered and closed by mistake may work again.
async fn closed(browser: &Browser) -> Result<String> {
    browser.go("/units/new").await?;
    browser.fill("#name", "误停办示例教学点").await?;
    browser.find("#kind").await?.select_by_value("teaching_point").await?;
    browser.fill("#code", "2153990001").await?;
    browser.fill("#code_reason", "教学点没有自己的标识码").await?;
    browser.find("#parent").await?.select_by_index(1).await?;
    browser.click("main form.form button.button").await?;
    let close = address(browser, "main a[href$='/close']").await.context("the page of the new unit")?;
    browser.go(&close).await?;
    browser.click("main form.form input[type=checkbox]").await?;
    browser.click("main form.form button.button").await?;
    address(browser, "main a[href$='/reopen']").await.context("the page of the closed unit")
}

/// Where an assignment of a school is ended.
async fn assigned(browser: &Browser) -> Result<String> {
    browser.go("/units?kind=primary").await?;
    let school = address(browser, "td a[href^='/units/']").await?;
    browser.go(&school).await?;
    address(browser, "main a[href$='/unassign']").await
}

async fn channel(browser: &Browser) -> Result<String> {
    let unit = first_unit(browser).await?;
    browser.go(&format!("{unit}/channels/new")).await?;
    browser.click("input[name=kind][value=wecom] + label").await?;
    browser.fill("#label", "安全工作群").await?;
    browser
        .fill(
            "#address",
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693axxx6-7aoc-4bc4-97a0-0ec2sifa5aaa",
        )
        .await?;
    browser.click("input[name=topics] + label").await?;
    browser.find("#daily_hour").await?.select_by_index(9).await?;
    browser.click("main form.form button.button").await?;
    browser.find("form[action$='/stop']").await.context("the page of the channel")?;
    let path = browser.path().await?;
    Ok(path.split('?').next().unwrap_or_default().to_owned())
}

/// A link with which a guard's telephone may be bound, made by whoever is signed in.
pub async fn telephone(browser: &Browser) -> Result<String> {
    let unit = first_unit(browser).await?;
    browser.go(&format!("{unit}/devices")).await?;
    browser.click("input[name=account] + label").await?;
    browser.click("main form.form button.button").await?;
    let shown = browser.text(".picture code").await?;
    let (_, path) = shown.split_once("/bind/").context("no link is shown")?;
    Ok(format!("/bind/{path}"))
}

/// Binds this window, as a guard does with his telephone.
pub async fn bind(browser: &Browser) -> Result<()> {
    browser.click("label[for=me]").await?;
    browser.fill("#pin", "274953").await?;
    browser.fill("#again", "274953").await?;
    browser.click("main form.form button.button").await?;
    browser.find(".who").await.context("the guard's first page")?;
    Ok(())
}
