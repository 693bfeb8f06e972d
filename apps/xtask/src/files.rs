//! What no file of the project may hold: the workplace, registries' hosts, loose ends, rooms for everything.

use std::{fs, process::Command};

use anyhow::Result;

use crate::run;

const RUST_FILE_LINES: usize = 500;

/// Paths of the workplace, written in two halves so that this file does not hold them.
const WORKPLACE: [(&str, &str); 2] = [("/wo", "rk/"), (".lib", "rary/")];
/// Hosts of package registries, likewise.
const HOSTS: [(&str, &str); 7] = [
    ("index.crates", ".io"),
    ("static.crates", ".io"),
    ("py", "pi.org"),
    ("python", "hosted.org"),
    ("registry.npm", "js.org"),
    ("deb.deb", "ian.org"),
    ("proxy.go", "lang.org"),
];
const LOOSE_ENDS: [(&str, &str); 2] = [("TO", "DO"), ("FIX", "ME")];

/// Checks every file git tracks or would track.
pub fn check() -> Result<Vec<String>> {
    let mut found = Vec::new();
    for path in listed()? {
        found.extend(path_problem(&path));
        // Listed and yet not there: removed and not yet committed. Not UTF-8: no text.
        let Ok(bytes) = fs::read(run::root().join(&path)) else { continue };
        if let Ok(text) = String::from_utf8(bytes) {
            found.extend(text_problems(&path, &text));
        }
    }
    Ok(found)
}

/// Tracked files and new ones that are not ignored, from the root.
pub fn listed() -> Result<Vec<String>> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(run::root());
    let mut paths: Vec<String> =
        run::output(&mut git)?.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect();
    paths.sort();
    paths.dedup();
    Ok(paths)
}

fn path_problem(path: &str) -> Option<String> {
    let is_drawer = |part: &str| matches!(part.trim_end_matches(".rs"), "utils" | "util");
    (path.ends_with(".rs") && path.split('/').any(is_drawer))
        .then(|| format!("{path}: a module named utils holds anything; name it by what it does"))
}

fn text_problems(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lines = text.lines().count();
    if path.ends_with(".rs") && lines > RUST_FILE_LINES {
        found.push(format!("{path}: {lines} lines, more than {RUST_FILE_LINES}"));
    }
    for (index, line) in text.lines().enumerate() {
        let mut say = |what: String| found.push(format!("{path}:{}: {what}", index + 1));
        if path.ends_with(".rs") && declares_utils(line) {
            say("a module named utils holds anything; name it by what it does".into());
        }
        for needle in WORKPLACE.map(joined) {
            if begins_somewhere(line, &needle) {
                say(format!("`{needle}` is a path of the workplace"));
            }
        }
        for needle in HOSTS.map(joined) {
            if line.contains(&needle) {
                say(format!("`{needle}` is a registry's host"));
            }
        }
        for needle in LOOSE_ENDS.map(joined) {
            if is_word(line, &needle) {
                say(format!("{needle}: do it, or file it"));
            }
        }
    }
    found
}

fn joined((first, second): (&str, &str)) -> String {
    format!("{first}{second}")
}

fn declares_utils(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("pub(crate) ").or_else(|| line.strip_prefix("pub ")).unwrap_or(line);
    let Some(name) = line.strip_prefix("mod ") else { return false };
    matches!(name.trim_end_matches([';', '{', ' ']), "utils" | "util")
}

/// Whether the needle stands there as the beginning of a path, not in the middle of another.
fn begins_somewhere(line: &str, needle: &str) -> bool {
    line.match_indices(needle).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '~' | '}' | '*'))
    })
}

fn is_word(line: &str, needle: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(needle).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + needle.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_words_are_found_with_their_line() {
        let home = joined(WORKPLACE[0]);
        let text =
            format!("fine\nsee {home}main/x\n// {}: later\n{}", joined(LOOSE_ENDS[0]), joined(HOSTS[2]));
        let found = text_problems("docs/a.md", &text);
        let starts: Vec<&str> = found.iter().filter_map(|line| line.split(": ").next()).collect();
        assert_eq!(starts, ["docs/a.md:2", "docs/a.md:3", "docs/a.md:4"]);
    }

    #[test]
    fn words_within_words_and_paths_within_paths_are_fine() {
        let loose = joined(LOOSE_ENDS[0]);
        let text = format!("MAS{loose}R {loose}_LIST crates/home{}x", joined(WORKPLACE[0]));
        assert!(text_problems("a.md", &text).is_empty());
    }

    #[test]
    fn long_files_and_drawers_are_found() {
        let long = "\n".repeat(RUST_FILE_LINES + 1);
        assert_eq!(text_problems("a.rs", &long), ["a.rs: 501 lines, more than 500"]);
        assert!(text_problems("a.md", &long).is_empty());
        assert!(path_problem("crates/web/src/utils.rs").is_some());
        assert!(path_problem("crates/web/src/utils/mod.rs").is_some());
        assert!(path_problem("crates/web/src/utilisation.rs").is_none());
        assert_eq!(text_problems("a.rs", "pub mod utils;").len(), 1);
        assert_eq!(text_problems("a.rs", "mod utils {").len(), 1);
    }
}
