//! `cargo xtask check`: everything that can be judged without running the product.

use std::{path::Path, process::Command, time::Duration};

use anyhow::{Result, bail};

use crate::{
    architecture, files, locales, prerequisites, run,
    stages::{Done, Stages},
};

const PARTS: [&str; 6] = ["fmt", "architecture", "language", "files", "deny", "clippy"];

/// The parts that are named, or all, the quick ones first; every part runs, whatever the others found.
pub fn run(asked: &[&str]) -> Result<()> {
    if let Some(unknown) = asked.iter().find(|part| !PARTS.contains(part)) {
        bail!("`{unknown}` is no part of check; there are {}", PARTS.join(", "));
    }
    let mut stages = Stages::default();
    for part in PARTS.into_iter().filter(|part| asked.is_empty() || asked.contains(part)) {
        stages.stage(part, None, || one(part).map(|done| ((), done)));
    }
    stages.finish()
}

/// All parts, as stages of `cargo xtask test`.
pub fn all(stages: &mut Stages) {
    for part in PARTS {
        let minutes = match part {
            // Where it must be compiled first, as in CI.
            "deny" => 8,
            "clippy" => 6,
            _ => 1,
        };
        stages.stage(part, Some(Duration::from_secs(minutes * 60)), || one(part).map(|done| ((), done)));
    }
}

fn one(part: &str) -> Result<Done> {
    match part {
        "fmt" => passed(run::succeed(run::cargo().args(["fmt", "--all", "--check"]))),
        "architecture" => none_of(&architecture::check()?),
        "language" => none_of(&locales::check()?),
        "files" => none_of(&files::check()?),
        "deny" => deny(),
        _ => passed(run::succeed(run::cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))),
    }
}

fn passed(result: Result<()>) -> Result<Done> {
    result.map(|()| Done::Passed(String::new()))
}

fn none_of(found: &[String]) -> Result<Done> {
    match found {
        [] => Ok(Done::Passed(String::new())),
        found => bail!("{} found:\n  {}", found.len(), found.join("\n  ")),
    }
}

fn deny() -> Result<Done> {
    let Some(program) = prerequisites::cargo_deny()? else {
        return Ok(Done::Skipped("cargo-deny is not installed (cargo install cargo-deny --locked)".into()));
    };
    passed(denied(&program, &run::root()))
}

/// An error when the workspace there holds what `deny.toml` beside it denies.
fn denied(program: &Path, workspace: &Path) -> Result<()> {
    // Advisories need the network; CI of this project has none but the package registries.
    let mut command = Command::new(program);
    command.current_dir(workspace).args(["check", "bans", "licenses", "sources"]);
    run::succeed(&mut command)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const PACKAGE: &str =
        "version = \"1.0.0\"\nedition = \"2024\"\npublish = false\n\n[lib]\npath = \"lib.rs\"\n";

    fn package(folder: &Path, name: &str, dependency: Option<&str>) {
        fs::create_dir_all(folder).unwrap();
        fs::write(folder.join("lib.rs"), "").unwrap();
        let needs = dependency.map(|name| format!("\n[dependencies]\n{name} = {{ path = \"{name}\" }}\n"));
        let text = format!("[package]\nname = \"{name}\"\n{PACKAGE}{}", needs.unwrap_or_default());
        fs::write(folder.join("Cargo.toml"), text).unwrap();
    }

    #[test]
    fn a_banned_crate_fails_the_check() {
        let Some(program) = prerequisites::cargo_deny().unwrap() else {
            assert!(!prerequisites::in_ci(), "CI installs cargo-deny");
            return run::say("no cargo-deny: whether it refuses a banned crate was not tried");
        };
        let folder = tempfile::tempdir().unwrap();
        let workspace = folder.path();
        fs::copy(run::root().join("deny.toml"), workspace.join("deny.toml")).unwrap();
        for (name, fine) in [("plain", true), ("chrono", false), ("openssl-sys", false)] {
            package(&workspace.join(name), name, None);
            package(workspace, "whole", Some(name));
            assert_eq!(denied(&program, workspace).is_ok(), fine, "{name}");
        }
    }
}
