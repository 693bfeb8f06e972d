//! Every page of the product as everybody who may see it. Pages are found as people find them: by the places in the
//! route table that need no key, and by the links on what is shown. A route nobody came to fails the test.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
};

use anyhow::{Context, Result, anyhow, ensure};
use serde::Deserialize;
use xiaoan::router::route_rules;

use crate::{
    browser::{Browser, DESK, PHONE, Scripts},
    first_time,
    house::today,
    lend, looks, prepared, run, templates,
};

/// Who walks; two windows share them. Whoever comes first to a page sees it in every way.
const WALKERS: [&[&str]; 2] = [
    &["county", "guard", "safety", "teacher", "province"],
    &["system", "head", "audit", "security", "central"],
];

/// Behind these addresses are other pages than behind the route without a question.
const ASKED: [(&str, &[&str]); 2] = [
    (
        "county",
        &[
            "/transfers/new",
            "/rules/adjustments/new",
            "/rules/adjustments/new?rule=hazard.grade",
            "/rules/adjustments/new?rule=clock.marks",
            "/rules/adjustments/new?rule=hazard.climb.general",
            "/rules/adjustments/new?rule=hazard.rectify.general&choose=1",
            "/rules/adjustments/new?calendar=1",
            "/rules/adjustments/new?category=H01",
        ],
    ),
    (
        "safety",
        &[
            "/hazards/new?category=H02",
            "/hazards/new?category=H09",
            "/hazards/new?category=H16",
            "/hazards/new?category=H17",
            "/hazards/new?category=H22",
        ],
    ),
];

/// Both, in the order in which whoever comes first sees them.
const LANGUAGES: [&str; 2] = ["en", "zh-CN"];

/// Records differ with their stage, so several of them are looked at; of other kinds one is like the next.
const RECORDS: usize = 9;

/// The one route that is no page: it leads everybody to his first one.
const SENDS_ON: &str = "/";

/// What the walkers share.
#[derive(Default)]
struct Book {
    /// Routes somebody has been to.
    seen: BTreeSet<&'static str>,
    /// What was looked at, and how.
    measured: templates::Measured,
    problems: Vec<String>,
    pages: usize,
}

type Shared = Mutex<Book>;

fn open(book: &Shared) -> MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn every_page_for_everybody() -> Result<()> {
    let book = Shared::default();
    let done: Vec<Result<()>> = thread::scope(|scope| {
        let walks = WALKERS.map(|who| scope.spawn(|| run(walk(who, &book))));
        walks.into_iter().map(|walk| walk.join().unwrap_or_else(|_| Err(anyhow!("a walker fell")))).collect()
    });
    let mut book = book.into_inner().unwrap_or_else(PoisonError::into_inner);
    let fallen = done.into_iter().filter_map(|walk| walk.err().map(|error| format!("{error:#}")));
    book.problems.extend(fallen);
    let unseen = routes().filter(|path| *path != SENDS_ON && !book.seen.contains(path));
    book.problems.extend(unseen.map(|path| format!("nobody came to {path}")));
    book.problems.extend(templates::missing(&book.measured)?);
    let (count, pages) = (book.problems.len(), book.pages);
    ensure!(book.problems.is_empty(), "{count} on {pages} pages:\n{}", book.problems.join("\n"));
    Ok(())
}

fn routes() -> impl Iterator<Item = &'static str> {
    route_rules().into_iter().filter(|rule| rule.method == "GET").map(|rule| rule.path)
}

async fn walk(who: &[&str], book: &Shared) -> Result<()> {
    lend(Browser::open(Scripts::On).await?, async |browser| {
        for login in who {
            browser.forget().await?;
            if *login == "county" {
                strangers(browser, book).await?;
            }
            browser.become_somebody(login).await?;
            if *login == "head" {
                telephone(browser, book).await?;
            }
            if *login == "county" {
                letter(browser, book).await?;
                case(browser, book).await?;
            }
            if *login == "safety" {
                report(browser, book).await?;
            }
            if *login == "security" {
                let walk = Walk { browser, book, login: "somebody new", count: BTreeMap::new() };
                first_time::everything(&walk).await?;
                browser.forget().await?;
                browser.become_somebody(login).await?;
            }
            Walk { browser, book, login, count: BTreeMap::new() }.everywhere().await?;
        }
        Ok(())
    })
    .await
}

/// What is seen before anybody has signed in, and while he does.
async fn strangers(browser: &Browser, book: &Shared) -> Result<()> {
    let walk = Walk { browser, book, login: "nobody", count: BTreeMap::new() };
    for path in ["/sign-in", "/sign-in?to=%2Fhazards", "/no-such-page"] {
        walk.look("/sign-in", path, true).await?;
    }
    open(book).seen.insert("/sign-in");
    for lang in LANGUAGES {
        browser.speak(lang).await?;
        browser.go("/sign-in").await?;
        browser.click("main button").await?;
        browser.find(".errors").await?;
        walk.here("/sign-in (refused)", lang).await?;
    }
    Ok(())
}

/// The way a guard's telephone is bound, by a link of the head's; afterwards the head is back.
async fn telephone(browser: &Browser, book: &Shared) -> Result<()> {
    let walk = Walk { browser, book, login: "a telephone", count: BTreeMap::new() };
    let mut link = String::new();
    for lang in LANGUAGES {
        browser.speak(lang).await?;
        link = prepared::telephone(browser).await?;
        walk.here("/units/{id}/devices (link)", lang).await?;
    }
    browser.forget().await?;
    walk.look("/bind/{token}", &link, true).await?;
    prepared::bind(browser).await?;
    walk.look("/device/pin", "/device/pin", true).await?;
    open(book).seen.extend(["/bind/{token}", "/device/pin"]);
    browser.forget().await?;
    browser.become_somebody("head").await
}

/// What the link of a letter opens, to somebody without an account: the receipt, the answer, and a link that is over;
/// afterwards the county is back.
async fn letter(browser: &Browser, book: &Shared) -> Result<()> {
    let walk = Walk { browser, book, login: "a department", count: BTreeMap::new() };
    let record = prepared::letter(browser).await?;
    let mut link = String::new();
    for lang in LANGUAGES {
        browser.speak(lang).await?;
        link = prepared::link_of(browser, &record).await?;
        walk.here("/transfers/{id}/link", lang).await?;
    }
    browser.forget().await?;
    walk.look("/t/{ticket}", &link, true).await?;
    browser.find("main a[href*='/photos/']").await.context("a photo of the letter")?;
    prepared::receive(browser).await?;
    walk.look("/t/{ticket} (received)", &link, true).await?;
    prepared::refused_answer(browser).await?;
    walk.here("/t/{ticket} (refused)", "zh-CN").await?;
    walk.look("/t/{ticket} (nothing)", &format!("/t/{}", "0".repeat(40)), true).await?;
    open(book).seen.extend(["/t/{ticket}", "/t/{ticket}/photos/{hash}"]);
    browser.forget().await?;
    browser.become_somebody("county").await
}

/// What the code of a place opens, to somebody without an account: the form, also refused, what is no report, where it is
/// followed, and a code that leads nowhere; afterwards whoever showed the code is back.
async fn report(browser: &Browser, book: &Shared) -> Result<()> {
    let walk = Walk { browser, book, login: "the public", count: BTreeMap::new() };
    let code = prepared::code(browser).await?;
    browser.forget().await?;
    walk.look("/r/{code}", &code, true).await?;
    walk.look("/r/{code} (nothing)", "/r/0000000000", true).await?;
    walk.look("/r/follow", "/r/follow", true).await?;
    for lang in LANGUAGES {
        browser.speak(lang).await?;
        prepared::refused_report(browser, &code).await?;
        walk.here("/r/{code} (refused)", lang).await?;
        prepared::no_report(browser, &code).await?;
        walk.here("/r/{code} (no report)", lang).await?;
    }
    let ticket = prepared::report(browser, &code).await?;
    walk.look("/r/f/{ticket}", &ticket, true).await?;
    open(book).seen.extend(["/r/{code}", "/r/follow", "/r/f/{ticket}"]);
    browser.forget().await?;
    browser.become_somebody("safety").await
}

/// Where a leader opens a case, and the paper of a statement that the office wrote down; afterwards the county is back.
async fn case(browser: &Browser, book: &Shared) -> Result<()> {
    prepared::stated(browser).await?;
    browser.forget().await?;
    browser.become_somebody("leader").await?;
    let walk = Walk { browser, book, login: "leader", count: BTreeMap::new() };
    let opening = prepared::opening(browser).await?;
    walk.look("/accountability/new/{hazard}", &opening, true).await?;
    open(book).seen.extend(["/accountability/new/{hazard}", "/accountability/{id}/photos/{hash}"]);
    browser.forget().await?;
    browser.become_somebody("county").await
}

/// What the server answers to an address.
#[derive(Debug, Deserialize)]
struct Answer {
    status: u16,
    html: bool,
}

/// Somebody on his way.
pub struct Walk<'w> {
    pub browser: &'w Browser,
    book: &'w Shared,
    login: &'w str,
    count: BTreeMap<&'static str, usize>,
}

impl Walk<'_> {
    async fn everywhere(mut self) -> Result<()> {
        let asked = ASKED.iter().filter(|(login, _)| *login == self.login).flat_map(|(_, paths)| *paths);
        let mut certain = prepared::for_walk(self.browser, self.login).await?;
        certain.extend(asked.map(|path| (*path).to_owned()));
        let mut waiting: VecDeque<String> =
            routes().filter(|path| !path.contains('{')).map(str::to_owned).collect();
        let mut known: BTreeSet<String> = waiting.iter().chain(&certain).cloned().collect();
        self.browser.go("/me").await?;
        for path in certain {
            let route = route_of(&path).with_context(|| format!("{path} is no address"))?;
            let answer = self.asked(&path).await?;
            ensure!(answer.status == 200, "{} is answered {} at {path}", self.login, answer.status);
            open(self.book).seen.insert(route);
            if answer.html {
                self.look(route, &path, true).await?;
                waiting.extend(self.links().await?.into_iter().filter(|link| known.insert(link.clone())));
            }
        }
        while let Some(path) = waiting.pop_front() {
            let Some(route) = route_of(&path) else { continue };
            let count = self.count.entry(route).or_default();
            if *count >= if route == "/hazards/{id}" { RECORDS } else { 1 } {
                continue;
            }
            *count += 1;
            let answer = self.asked(&path).await?;
            if answer.status != 200 {
                *self.count.entry(route).or_default() -= 1;
                continue;
            }
            let first = open(self.book).seen.insert(route);
            if answer.html {
                self.look(route, &path, first || route == "/hazards/{id}" && self.login == "safety").await?;
                for link in self.links().await? {
                    if known.insert(link.clone()) {
                        waiting.push_back(link);
                    }
                }
            }
        }
        Ok(())
    }

    /// Asked without showing it: a file would only be downloaded.
    async fn asked(&self, path: &str) -> Result<Answer> {
        let answer = self.browser.ask_later(include_str!("ask.js"), vec![path.into()]).await?;
        Ok(serde_json::from_value(answer)?)
    }

    async fn links(&self) -> Result<Vec<String>> {
        let found = self.browser.ask(include_str!("links.js"), vec![]).await?;
        Ok(serde_json::from_value(found)?)
    }

    /// Both languages and widths and large type for whoever comes first, one of each for the others.
    async fn look(&self, route: &str, path: &str, every_way: bool) -> Result<()> {
        open(self.book).pages += 1;
        let ways: [(&'static str, &[u32]); 2] = if every_way {
            [("en", &[DESK, PHONE]), ("zh-CN", &[DESK, PHONE])]
        } else {
            [("en", &[DESK]), ("zh-CN", &[PHONE])]
        };
        for (lang, widths) in ways {
            self.browser.speak(lang).await?;
            self.browser.go(path).await?;
            for width in widths {
                self.measure(&format!("{route} {path}"), lang, *width).await?;
            }
        }
        if every_way {
            self.browser.cookie("large", "1").await?;
            self.browser.go(path).await?;
            self.note(&format!("{route} {path} large"), looks::large_problems(self.browser).await?);
            self.browser.cookie("large", "0").await?;
        }
        Ok(())
    }

    /// The page that is shown now, which cannot be asked for again in another language: at both widths.
    pub async fn here(&self, place: &str, lang: &'static str) -> Result<()> {
        open(self.book).pages += 1;
        for width in [DESK, PHONE] {
            self.measure(place, lang, width).await?;
        }
        Ok(())
    }

    async fn measure(&self, place: &str, lang: &'static str, width: u32) -> Result<()> {
        let found = looks::problems(self.browser, lang, width).await?;
        open(self.book).measured.insert((found.page, lang, width));
        self.note(&format!("{place} {lang} {width}"), found.problems);
        Ok(())
    }

    fn note(&self, place: &str, found: Vec<String>) {
        let said = found.into_iter().map(|problem| format!("{} at {place}: {problem}", self.login));
        open(self.book).problems.extend(said);
    }
}

/// The route an address belongs to; one that is written out goes before one with a key.
fn route_of(path: &str) -> Option<&'static str> {
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let fits = |route: &&str| {
        let (mut asked, mut known) = (path.split('/'), route.split('/'));
        loop {
            match (asked.next(), known.next()) {
                (None, None) => return true,
                (Some(part), Some(key)) if part == key || key.starts_with('{') && !part.is_empty() => {}
                _ => return false,
            }
        }
    };
    routes().filter(fits).min_by_key(|route| route.matches('{').count())
}

#[test]
fn addresses_know_their_routes() {
    assert_eq!(route_of("/hazards/new?category=H02"), Some("/hazards/new"));
    assert_eq!(route_of("/hazards/0192/print"), Some("/hazards/{id}/print"));
    assert_eq!(route_of("/elsewhere"), None);
    assert!(today().to_string().starts_with("20"));
}

/// A page on which axe finds nothing because it does not look would be a bad measure.
#[test]
fn what_is_wrong_is_seen() -> Result<()> {
    run(a_spoilt_page())
}

async fn a_spoilt_page() -> Result<()> {
    lend(Browser::open(Scripts::On).await?, async |browser| {
        browser.go("/sign-in").await?;
        let fine = looks::problems(browser, "zh-CN", PHONE).await?.problems;
        ensure!(fine.is_empty(), "{fine:?}");
        browser.ask(include_str!("spoil.js"), vec![]).await?;
        let found = looks::problems(browser, "zh-CN", PHONE).await?.problems.join("\n");
        for sign in ["label", "color-contrast", "px wide", "Save it"] {
            ensure!(found.contains(sign), "{sign} was not seen:\n{found}");
        }
        Ok(())
    })
    .await
}
