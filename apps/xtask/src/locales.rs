//! Every Chinese text has its English twin: the same files, the same messages, the same attributes and variables.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use anyhow::Result;

use crate::{files, run};

/// Message (or message.attribute) -> variables in it.
type Messages = BTreeMap<String, BTreeSet<String>>;

/// Checks all `locales/zh-CN/*.ftl` and `locales/en/*.ftl` of the workspace.
pub fn check() -> Result<Vec<String>> {
    let paths: BTreeSet<String> = files::listed()?
        .into_iter()
        .filter(|path| path.ends_with(".ftl") && run::root().join(path).is_file())
        .collect();
    let mut found = Vec::new();
    for path in &paths {
        let Some(twin) = twin(path) else { continue };
        if !paths.contains(&twin) {
            found.push(format!("{path} has no twin {twin}"));
        } else if path.contains("/zh-CN/") {
            let read = |path: &str| fs::read_to_string(run::root().join(path));
            found.extend(differences(path, &read(path)?, &twin, &read(&twin)?));
        }
    }
    Ok(found)
}

fn twin(path: &str) -> Option<String> {
    let (chinese, english) = ("locales/zh-CN/", "locales/en/");
    if path.contains(chinese) {
        Some(path.replace(chinese, english))
    } else if path.contains(english) {
        Some(path.replace(english, chinese))
    } else {
        None
    }
}

fn differences(chinese_path: &str, chinese: &str, english_path: &str, english: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut read = |path: &str, text: &str| {
        let (messages, twice) = messages(text);
        found.extend(twice.into_iter().map(|id| format!("{path}: {id} stands there twice")));
        messages
    };
    let (chinese, english) = (read(chinese_path, chinese), read(english_path, english));
    for (id, variables) in &chinese {
        match english.get(id) {
            None => found.push(format!("{english_path}: {id} is missing")),
            Some(twins) if twins != variables => {
                let odd: Vec<&str> = variables.symmetric_difference(twins).map(String::as_str).collect();
                found.push(format!("{english_path}: {id} differs in ${}", odd.join(", $")));
            }
            Some(_) => {}
        }
    }
    let alone = english.keys().filter(|id| !chinese.contains_key(*id));
    found.extend(alone.map(|id| format!("{chinese_path}: {id} is missing")));
    found
}

/// A scan by lines, not a parser: `language-build` parses, and refuses what this does not see.
fn messages(text: &str) -> (Messages, Vec<String>) {
    let (mut messages, mut twice) = (Messages::new(), Vec::new());
    let (mut message, mut current) = (String::new(), None);
    for line in text.lines() {
        if line.starts_with('#') {
            continue;
        }
        let id = if let Some(name) = identifier(line) {
            message = name.to_owned();
            Some(message.clone())
        } else if line.starts_with([' ', '\t']) {
            let attribute = line.trim_start().strip_prefix('.').and_then(identifier);
            attribute.map(|name| format!("{message}.{name}"))
        } else {
            None
        };
        if let Some(id) = id {
            if messages.insert(id.clone(), BTreeSet::new()).is_some() {
                twice.push(id.clone());
            }
            current = Some(id);
        }
        if let Some(variables) = current.as_ref().and_then(|id| messages.get_mut(id)) {
            variables.extend(variables_in(line));
        }
    }
    (messages, twice)
}

/// The name before an equals sign at the beginning of the text.
fn identifier(text: &str) -> Option<&str> {
    let (name, _) = text.split_once('=')?;
    let name = name.trim_end_matches(' ');
    let letters = name.strip_prefix('-').unwrap_or(name);
    let good = letters.starts_with(|c: char| c.is_ascii_alphabetic())
        && letters.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    good.then_some(name)
}

fn variables_in(line: &str) -> impl Iterator<Item = String> + '_ {
    line.split('{').skip(1).filter_map(|rest| {
        let inside = rest.split('}').next()?;
        let (_, name) = inside.split_once('$')?;
        let name: String =
            name.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
        (!name.is_empty()).then_some(name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(chinese: &str, english: &str) -> Vec<String> {
        differences("zh", chinese, "en", english)
    }

    #[test]
    fn twins_are_silent() {
        let chinese = "## 隐患\nhazard-new = 报告{ $name }隐患\n    .hint = 拍照\n-brand = 校安\n";
        let english = "-brand = Xiaoan\nhazard-new =\n    New hazard at { $name ->\n  [a] x\n *[b] y }\n  .hint = Photo a = b\n";
        assert_eq!(compare(chinese, english), [""; 0]);
    }

    #[test]
    fn what_is_missing_or_differs_is_named() {
        let found = compare(
            "a = 一\nb = 二{ $n }\nc = 三\n    .x = 四\n",
            "a = one\nb = two\nd = four\na = again\nc = 3\n",
        );
        assert_eq!(
            found,
            ["en: a stands there twice", "en: b differs in $n", "en: c.x is missing", "zh: d is missing"]
        );
    }

    #[test]
    fn twins_lie_beside_each_other() {
        assert_eq!(twin("capabilities/x/locales/zh-CN/x.ftl").unwrap(), "capabilities/x/locales/en/x.ftl");
        assert_eq!(twin("docs/x.ftl"), None);
    }
}
