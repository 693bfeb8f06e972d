//! `cargo xtask test`: what CI runs, and nothing else.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::{
    capability_proof, check,
    postgres::Cluster,
    prerequisites::{self, BROWSER_HINT, Found, Wanted},
    run,
    stages::{Done, Stages},
};

const fn minutes(count: u64) -> Option<Duration> {
    Some(Duration::from_secs(count * 60))
}

/// The package whose tests need a browser; they have a stage of their own.
const BROWSER_TESTS: &str = "acceptance";

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    without_postgres: bool,
    only_browser: bool,
    with_typeset: bool,
    runner_args: Vec<String>,
}

impl Options {
    /// Everything behind `--` belongs to the test runner.
    pub fn parse(args: &[&str]) -> Result<Self> {
        let mut options = Self::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match *arg {
                "--without-postgres" => options.without_postgres = true,
                "--only-browser" => options.only_browser = true,
                "--with-typeset" => options.with_typeset = true,
                "--" => options.runner_args = args.by_ref().map(|arg| (*arg).to_owned()).collect(),
                other => bail!("`{other}` is no option of test; arguments for the runner come behind `--`"),
            }
        }
        Ok(options)
    }

    /// Packages behind `--` are all that is tested.
    fn names_packages(&self) -> bool {
        self.runner_args.iter().any(|arg| arg.starts_with("-p") || arg.starts_with("--package"))
    }

    fn wanted(&self) -> Wanted {
        Wanted {
            postgres: !self.without_postgres && !self.only_browser,
            browser: self.only_browser || !self.names_packages(),
        }
    }
}

/// All stages, then the table. The temporary PostgreSQL is gone when this returns, however it returns.
pub fn run(options: &Options) -> Result<()> {
    let mut stages = Stages::default();
    let wanted = options.wanted();
    let found = stages.stage("prerequisites", minutes(6), || {
        let found = prerequisites::find(wanted)?;
        let note = found.spoken();
        Ok((found, Done::Passed(note)))
    });
    if !options.only_browser && !options.names_packages() {
        check::all(&mut stages);
    }
    if let Some(found) = found {
        if !options.only_browser {
            with_database(&mut stages, options, &found);
        }
        if !options.only_browser && !options.names_packages() {
            stages.stage("capability", minutes(5), || Ok(((), Done::Passed(capability_proof::prove()?))));
        }
        stages.stage("browser", minutes(8), || browser(wanted, options, &found));
    } else {
        stages.skip("tests", "prerequisites are missing");
        stages.skip("browser", "prerequisites are missing");
    }
    if options.with_typeset {
        stages.stage("typeset", minutes(40), || {
            run::succeed(&mut typeset()).map(|()| ((), Done::Passed(String::new())))
        });
    }
    stages.finish()
}

/// The program that sets papers, which compiles for long and has a build folder of its own.
fn typeset() -> std::process::Command {
    let mut command = run::cargo();
    command.args(["test", "--release", "--manifest-path"]).arg(run::root().join("apps/typeset/Cargo.toml"));
    command.arg("--target-dir").arg(run::root().join("target/typeset"));
    command
}

fn with_database(stages: &mut Stages, options: &Options, found: &Found) {
    let cluster = stages.stage("postgresql", minutes(1), || match found.postgres.as_deref() {
        Some(bin) => {
            let cluster = Cluster::start(bin)?;
            let note = cluster.url().to_owned();
            Ok((Some(cluster), Done::Passed(note)))
        }
        None => Ok((None, Done::Skipped("--without-postgres".into()))),
    });
    let Some(cluster) = cluster else { return stages.skip("tests", "no database") };
    stages.stage("tests", minutes(30), || tests(options, cluster.as_ref()));
    stages.stage("postgresql stop", minutes(1), || {
        cluster.map_or(Ok(()), Cluster::stop).map(|()| ((), Done::Passed(String::new())))
    });
}

/// The pages in a real browser. Plain `cargo test`, one process: its tests share one server and its sessions.
fn browser(wanted: Wanted, options: &Options, found: &Found) -> Result<((), Done)> {
    let Some(browser) = &found.browser else {
        let why = if wanted.browser { BROWSER_HINT } else { "only what was named" };
        return Ok(((), Done::Skipped(why.into())));
    };
    let mut command = run::cargo();
    command.args(["test", "-p", BROWSER_TESTS]);
    command.env("XIAOAN_TEST_CHROMIUM", &browser.chromium).env("XIAOAN_TEST_CHROMEDRIVER", &browser.driver);
    if options.only_browser {
        command.args(&options.runner_args);
    }
    run::succeed(&mut command)?;
    Ok(((), Done::Passed(String::new())))
}

/// Crates with examples in their documentation. The others have none, and linking for nothing costs minutes.
const WITH_EXAMPLES: [&str; 3] = ["documents", "journal", "web"];

fn tests(options: &Options, cluster: Option<&Cluster>) -> Result<((), Done)> {
    let mut command = run::cargo();
    let nextest = run::find_program("cargo-nextest").is_some();
    command.args(if nextest { &["nextest", "run"][..] } else { &["test", "--lib", "--bins", "--tests"] });
    if !options.names_packages() {
        command.args(["--workspace", "--exclude", BROWSER_TESTS]);
    }
    if prerequisites::in_ci() {
        command.arg("--no-fail-fast");
    }
    command.args(&options.runner_args);
    if let Some(cluster) = cluster {
        command.env("XIAOAN_TEST_POSTGRES", cluster.url());
    } else {
        command.env_remove("XIAOAN_TEST_POSTGRES");
    }
    run::succeed(&mut command)?;
    if !options.names_packages() {
        let mut examples = run::cargo();
        examples.args(["test", "--doc"]);
        examples.args(WITH_EXAMPLES.iter().flat_map(|package| ["-p", *package]));
        run::succeed(&mut examples)?;
    }
    Ok(((), Done::Passed(if nextest { "nextest".into() } else { "cargo test".into() })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_behind_the_dashes_goes_to_the_runner() {
        let options = Options::parse(&["--without-postgres", "--", "-p", "kernel", "--", "x"]).unwrap();
        assert!(options.without_postgres);
        assert_eq!(options.runner_args, ["-p", "kernel", "--", "x"]);
        let browser = Options::parse(&["--only-browser", "--", "walk"]).unwrap();
        assert_eq!(browser.wanted(), Wanted { postgres: false, browser: true });
        assert_eq!(Options::default().wanted(), Wanted { postgres: true, browser: true });
        assert_eq!(options.wanted(), Wanted { postgres: false, browser: false });
        assert!(Options::parse(&["--fast"]).is_err());
    }
}
