//! axe-core, the measure of accessibility: fetched by npm at the version the lock file names, never kept here.

use std::{env, fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};

/// What `cargo xtask test` found on this machine.
pub fn from_runner(name: &str) -> Option<String> {
    env::var_os(name)?.into_string().ok()
}

/// The script, from the build folder; npm is asked once for each version.
pub fn fetched() -> Result<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("axe");
    let room = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lock = fs::read_to_string(room.join("package-lock.json"))?;
    let script = folder.join("node_modules/axe-core/axe.min.js");
    let same = fs::read_to_string(folder.join("package-lock.json")).is_ok_and(|there| there == lock);
    if !(same && script.is_file()) {
        fs::create_dir_all(&folder)?;
        for file in ["package.json", "package-lock.json"] {
            fs::copy(room.join(file), folder.join(file))?;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder);
        let done = npm.output().context("npm is needed for axe-core (Debian: apt-get install npm)")?;
        ensure!(done.status.success(), "npm ci: {}", String::from_utf8_lossy(&done.stderr));
    }
    fs::read_to_string(&script).with_context(|| script.display().to_string())
}
