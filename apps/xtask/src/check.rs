//! `cargo xtask check`: everything that can be judged without running the product.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{
    architecture, files, locales, run,
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
    if run::find_program("cargo-deny").is_none() {
        return Ok(Done::Skipped("cargo-deny is not installed (cargo install cargo-deny)".into()));
    }
    // Advisories need the network; CI of this project has none but the package registries.
    let mut command = Command::new("cargo-deny");
    command.current_dir(run::root()).args(["--offline", "check", "bans", "licenses", "sources"]);
    passed(run::succeed(&mut command))
}
