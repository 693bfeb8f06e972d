//! Every template of the workspace, and which of them nobody has looked at.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::browser::{DESK, PHONE};

/// Pages the walk does not come to, and why not.
const UNSEEN: [(&str, &str); 3] = [
    ("exports/export.html", "offered for lists of more than 50,000 rows; the demonstration has none of them"),
    (
        "gallery.html",
        "no route leads to it: every component at once, for the tests and the example of crates/web",
    ),
    (
        "public_report/withheld.html",
        "answers a form that scripts send: looked at as `/r/{code} (no report)`, under the name of the form's page",
    ),
];

/// A page by its type and how it was looked at: language and width.
pub type Measured = BTreeSet<(String, &'static str, u32)>;

/// What is wrong with the whole: pages that were not looked at in both languages and widths, templates nobody uses,
/// exceptions that are none.
pub fn missing(measured: &Measured) -> Result<Vec<String>> {
    let (pages, mut wrong) = known()?;
    for (template, page) in &pages {
        let mut left = Vec::new();
        for lang in ["zh-CN", "en"] {
            for width in [PHONE, DESK] {
                if !measured.iter().any(|(name, l, w)| is(name, page) && (*l, *w) == (lang, width)) {
                    left.push(format!("{lang} {width}"));
                }
            }
        }
        match UNSEEN.iter().find(|(unseen, _)| unseen == template) {
            Some(_) if left.is_empty() => wrong.push(format!("{template} was looked at: it is no exception")),
            None if !left.is_empty() => {
                wrong.push(format!("nobody looked at {template} ({page}) in {}", left.join(", ")));
            }
            _ => {}
        }
    }
    let gone = UNSEEN.iter().filter(|(unseen, _)| !pages.contains_key(*unseen));
    wrong.extend(gone.map(|(unseen, _)| format!("{unseen} is no page: it needs no exception")));
    Ok(wrong)
}

/// Whether a type named in full is this one, known by package and name.
fn is(name: &str, page: &str) -> bool {
    let mut parts = name.split("::");
    parts.next().zip(parts.last()).is_some_and(|(package, last)| page == format!("{package} {last}"))
}

/// Pages by their template, each with the package and name of its type; and templates that are neither page nor part.
fn known() -> Result<(BTreeMap<String, String>, Vec<String>)> {
    let (mut templates, mut types) = (BTreeMap::new(), BTreeMap::new());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).context("the workspace")?;
    for room in ["apps", "capabilities", "crates"] {
        for package in fs::read_dir(root.join(room))? {
            let package = package?.path();
            let folder = package.join("templates");
            for file in files(&folder, "html")? {
                let name = file.strip_prefix(&folder)?.to_string_lossy().into_owned();
                templates.insert(name, fs::read_to_string(file)?);
            }
            let name = package.file_name().unwrap_or_default().to_string_lossy().replace('-', "_");
            for file in files(&package.join("src"), "rs")? {
                types.extend(types_in(&fs::read_to_string(file)?, &name));
            }
        }
    }
    let part = |name: &str| {
        let named = format!("\"{name}\"");
        templates.values().any(|text| {
            text.split("{%").skip(1).filter_map(|tag| tag.split("%}").next()).any(|tag| tag.contains(&named))
        })
    };
    let (mut pages, mut wrong) = (BTreeMap::new(), Vec::new());
    for name in templates.keys() {
        match types.get(name) {
            Some(page) => drop(pages.insert(name.clone(), page.clone())),
            None if part(name) => {}
            None => wrong.push(format!("{name} is a template nobody uses")),
        }
    }
    Ok((pages, wrong))
}

/// The types that are templates, by the template's name.
fn types_in(source: &str, package: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in source.split("#[template(").skip(1) {
        let Some((attribute, behind)) = part.split_once(")]") else { continue };
        let path = attribute.split_once("path = \"").and_then(|(_, path)| path.split('"').next());
        let name = behind.split_once("struct ").map(|(_, name)| name);
        let name = name.and_then(|name| name.split(|c: char| !c.is_alphanumeric()).next());
        found.extend(path.zip(name).map(|(path, name)| (path.to_owned(), format!("{package} {name}"))));
    }
    found
}

/// All files below a folder that end so; none when there is no such folder.
fn files(folder: &Path, ending: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, ending)?);
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    Ok(found)
}

#[test]
fn pages_and_their_types_are_known() -> Result<()> {
    let (pages, wrong) = known()?;
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(pages.get("hazard/record.html").map(String::as_str), Some("hazard RecordPage"));
    assert_eq!(pages.get("sign_in/page.html").map(String::as_str), Some("web SignInPage"));
    assert!(!pages.contains_key("layout.html") && !pages.contains_key("hazard/fields.html"));
    Ok(())
}

#[test]
fn a_page_nobody_looked_at_is_missed() -> Result<()> {
    let (pages, _) = known()?;
    assert_eq!(missing(&Measured::new())?.len(), pages.len() - UNSEEN.len());
    let look = |page: &str, lang, width| (page.to_owned(), lang, width);
    let record = "hazard::pages::record::RecordPage";
    let half = Measured::from([look(record, "en", DESK), look(record, "zh-CN", PHONE)]);
    let told = missing(&half)?.into_iter().find(|line| line.contains("hazard/record.html"));
    assert!(told.is_some_and(|line| line.ends_with("in zh-CN 1280, en 390")));
    let offer = ["zh-CN", "en"]
        .into_iter()
        .flat_map(|lang| [PHONE, DESK].map(|width| look("exports::pages::OfferPage", lang, width)));
    assert!(missing(&offer.collect())?.iter().any(|line| line.ends_with("it is no exception")));
    Ok(())
}
