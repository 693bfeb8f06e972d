//! What `cargo metadata` tells of the workspace, as far as the checks need it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::run;

/// The workspace's own packages.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    /// One for each room, capability and application.
    pub packages: Vec<Package>,
    /// Where paths begin.
    pub workspace_root: PathBuf,
}

/// One package.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its `Cargo.toml`.
    pub manifest_path: PathBuf,
    /// What it names under any kind of dependencies.
    pub dependencies: Vec<Dependency>,
}

/// One line under `[dependencies]`, `[dev-dependencies]` or `[build-dependencies]`.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// Nothing, `dev` or `build`.
    pub kind: Option<String>,
}

impl Metadata {
    /// Asks cargo; nothing is fetched.
    pub fn load() -> Result<Self> {
        let text =
            run::output(run::cargo().args(["metadata", "--no-deps", "--offline", "--format-version", "1"]))?;
        serde_json::from_str(&text).context("cannot read what cargo metadata printed")
    }

    /// The folder of a package, from the root: `crates/kernel`.
    pub fn folder<'a>(&self, package: &'a Package) -> &'a Path {
        let folder = package.manifest_path.parent().unwrap_or(&package.manifest_path);
        folder.strip_prefix(&self.workspace_root).unwrap_or(folder)
    }
}
