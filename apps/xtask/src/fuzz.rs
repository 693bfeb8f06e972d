//! `cargo xtask fuzz TARGET SECONDS`: a fuzz target with the stable compiler.

use std::{fs, process::Command};

use anyhow::{Context, Result, bail};

use crate::run;

/// What libFuzzer needs compiled in to see which way the input went.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions=on -Ccodegen-units=1";
const TARGETS: [&str; 2] = ["table", "event"];

/// Builds and runs one target; fails when it found something.
pub fn run(target: &str, seconds: &str) -> Result<()> {
    if !TARGETS.contains(&target) {
        bail!("there are the targets {}", TARGETS.join(", "));
    }
    let seconds: u32 = seconds.parse().context("how many seconds?")?;
    let folder = run::root().join("target").join("fuzz");
    let corpus = folder.join("corpus").join(target);
    fs::create_dir_all(&corpus)?;
    let mut command = run::cargo();
    command
        .current_dir(run::root().join("fuzz"))
        .env("RUSTFLAGS", FLAGS)
        .env("CARGO_TARGET_DIR", &folder)
        // With a target named, the flags are not for build scripts and macros, which have no fuzzer to link with.
        .args(["run", "--release", "--target", &host()?, "--bin", target, "--"])
        .arg(&corpus)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", folder.display()))
        .args(["-rss_limit_mb=2048", "-timeout=10", "-max_len=65536"]);
    run::succeed(&mut command)
}

/// What this machine is to the compiler.
fn host() -> Result<String> {
    let told = Command::new("rustc").arg("-vV").output().context("rustc does not start")?;
    let told = String::from_utf8_lossy(&told.stdout);
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not say what it compiles for")
}
