//! `cargo xtask new-capability NAME` and its undoing.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, bail};

use crate::{metadata::Metadata, run};

/// Path inside the capability -> text, with `__NAME__`, `__MODULE__` and `__TITLE__` to be filled in.
const TEMPLATE: [(&str, &str); 6] = [
    ("Cargo.toml", include_str!("templates/Cargo.toml.txt")),
    ("build.rs", include_str!("templates/build.rs.txt")),
    ("README.md", include_str!("templates/README.md.txt")),
    ("src/lib.rs", include_str!("templates/lib.rs.txt")),
    ("locales/zh-CN/__NAME__.ftl", include_str!("templates/zh-CN.ftl.txt")),
    ("locales/en/__NAME__.ftl", include_str!("templates/en.ftl.txt")),
];

const LIST: &str = "docs/architecture.toml";
const MANIFEST: &str = "Cargo.toml";

/// Makes the folder and the two lines that make it known.
pub fn add(name: &str) -> Result<()> {
    check_name(name)?;
    let root = run::root();
    let folder = root.join("capabilities").join(name);
    let metadata = Metadata::load()?;
    if folder.exists() || metadata.packages.iter().any(|package| package.name == name) {
        bail!("there is a package `{name}` already");
    }
    let manifest =
        with_line_after_last(&read(&root, MANIFEST)?, "= { path = \"capabilities/", &workspace_line(name))
            .with_context(|| format!("found no capability in {MANIFEST} to stand beside"))?;
    let list = with_line_after_last(&read(&root, LIST)?, "[capabilities]", &list_line(name))
        .with_context(|| format!("found no [capabilities] in {LIST}"))?;
    for (path, text) in TEMPLATE {
        let path = folder.join(filled(path, name));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, filled(text, name)).with_context(|| format!("cannot write {}", path.display()))?;
    }
    fs::write(root.join(MANIFEST), manifest)?;
    fs::write(root.join(LIST), list)?;
    run::say(&format!(
        "capabilities/{name} is there: try `cargo test -p {name}`.\n\
         Next: name it in apps/xiaoan, and in {LIST} the capabilities it may know."
    ));
    Ok(())
}

/// Takes the folder and the two lines away again.
pub fn remove(name: &str, force: bool) -> Result<()> {
    check_name(name)?;
    let root = run::root();
    let folder = root.join("capabilities").join(name);
    if !folder.is_dir() {
        bail!("there is no capabilities/{name}");
    }
    let metadata = Metadata::load()?;
    let users: Vec<&str> = metadata
        .packages
        .iter()
        .filter(|package| package.dependencies.iter().any(|dependency| dependency.name == name))
        .map(|package| package.name.as_str())
        .collect();
    if !users.is_empty() {
        bail!("{name} is still used by {}", users.join(", "));
    }
    let mut git = Command::new("git");
    git.current_dir(&root).args(["status", "--porcelain", "--ignored", "--"]).arg(&folder);
    if !force && !run::output(&mut git)?.trim().is_empty() {
        bail!("capabilities/{name} has changes git does not know; --force removes them for good");
    }
    fs::remove_dir_all(&folder)?;
    fs::write(root.join(MANIFEST), without_line(&read(&root, MANIFEST)?, &workspace_line(name)))?;
    let list = read(&root, LIST)?;
    let start = format!("{name} = [");
    let kept: Vec<&str> = list.lines().filter(|line| !line.starts_with(&start)).collect();
    fs::write(root.join(LIST), kept.join("\n") + "\n")?;
    run::say(&format!("capabilities/{name} is gone"));
    Ok(())
}

fn check_name(name: &str) -> Result<()> {
    let letters = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if letters
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && !name.ends_with('-')
        && !name.contains("--")
        && name.len() <= 40
    {
        return Ok(());
    }
    bail!("a capability's name is lower-case letters, digits and single hyphens, such as `water-safety`")
}

fn filled(text: &str, name: &str) -> String {
    let mut title = name.replace('-', " ");
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text.replace("__NAME__", name).replace("__MODULE__", &name.replace('-', "_")).replace("__TITLE__", &title)
}

fn workspace_line(name: &str) -> String {
    format!("{name} = {{ path = \"capabilities/{name}\" }}")
}

fn list_line(name: &str) -> String {
    format!("{name} = []")
}

fn read(root: &Path, path: &str) -> Result<String> {
    fs::read_to_string(root.join(path)).with_context(|| format!("cannot read {path}"))
}

/// The text with `line` behind the last line that holds `mark`.
fn with_line_after_last(text: &str, mark: &str, line: &str) -> Option<String> {
    let mut lines: Vec<&str> = text.lines().collect();
    let at = lines.iter().rposition(|present| present.contains(mark))?;
    lines.insert(at + 1, line);
    Some(lines.join("\n") + "\n")
}

fn without_line(text: &str, line: &str) -> String {
    let kept: Vec<&str> = text.lines().filter(|present| *present != line).collect();
    kept.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked() {
        assert!(check_name("water-safety").is_ok());
        for bad in ["", "Water", "1st", "a--b", "a-", "../x", "a_b", "隐患"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_template_is_filled_in_wholly() {
        for (path, text) in TEMPLATE {
            let (path, text) = (filled(path, "water-safety"), filled(text, "water-safety"));
            assert!(!path.contains("__") && !text.contains("__NAME") && !text.contains("__MOD"), "{path}");
            assert!(!text.contains("__TITLE"), "{path}");
        }
        assert_eq!(filled("__TITLE__ __MODULE__", "water-safety"), "Water safety water_safety");
        toml::from_str::<toml::Table>(&filled(TEMPLATE[0].1, "water-safety")).unwrap();
    }

    #[test]
    fn lines_come_and_go() {
        let manifest = "[a]\nhazard = { path = \"capabilities/hazard\" }\n\nanyhow = \"1\"\n";
        let line = workspace_line("patrol");
        let with = with_line_after_last(manifest, "= { path = \"capabilities/", &line).unwrap();
        assert!(with.contains("hazard\" }\npatrol = { path = \"capabilities/patrol\" }\n\nanyhow"));
        assert_eq!(without_line(&with, &line), manifest);
        assert_eq!(with_line_after_last("x\n", "[capabilities]", "y"), None);
    }
}
