//! `cargo xtask test`: what CI runs, and nothing else.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::{
    postgres::Cluster,
    prerequisites::{self, Found},
    run,
    stages::{Done, Stages},
};

const fn minutes(count: u64) -> Option<Duration> {
    Some(Duration::from_secs(count * 60))
}

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Options {
    without_postgres: bool,
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
                "--" => options.runner_args = args.by_ref().map(|arg| (*arg).to_owned()).collect(),
                other => bail!("`{other}` is no option of test; arguments for the runner come behind `--`"),
            }
        }
        Ok(options)
    }
}

/// All stages, then the table. The temporary PostgreSQL is gone when this returns, however it returns.
pub fn run(options: &Options) -> Result<()> {
    let mut stages = Stages::default();
    let found = stages.stage("prerequisites", minutes(6), || {
        let found = prerequisites::find(options.without_postgres)?;
        let note = found.spoken();
        Ok((found, Done::Passed(note)))
    });
    if let Some(found) = found {
        let cluster = stages.stage("postgresql", minutes(1), || match found.postgres.as_deref() {
            Some(bin) => {
                let cluster = Cluster::start(bin)?;
                let note = cluster.url().to_owned();
                Ok((Some(cluster), Done::Passed(note)))
            }
            None => Ok((None, Done::Skipped("--without-postgres".into()))),
        });
        match cluster {
            Some(cluster) => {
                stages.stage("tests", minutes(30), || tests(options, &found, cluster.as_ref()));
                stages.stage("postgresql stop", minutes(1), || {
                    cluster.map_or(Ok(()), Cluster::stop).map(|()| ((), Done::Passed(String::new())))
                });
            }
            None => stages.skip("tests", "no database"),
        }
    } else {
        stages.skip("tests", "prerequisites are missing");
    }
    stages.finish()
}

/// Documentation tests are left out on purpose: each is linked as a program of its own, which costs minutes, and
/// no crate here has any.
fn tests(options: &Options, found: &Found, cluster: Option<&Cluster>) -> Result<((), Done)> {
    let mut command = run::cargo();
    let nextest = run::find_program("cargo-nextest").is_some();
    command.args(if nextest { &["nextest", "run"][..] } else { &["test", "--lib", "--bins", "--tests"] });
    if !options.runner_args.iter().any(|arg| arg.starts_with("-p") || arg.starts_with("--package")) {
        command.arg("--workspace");
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
    if let Some(chromium) = &found.chromium {
        command.env("XIAOAN_TEST_CHROMIUM", chromium);
    }
    run::succeed(&mut command)?;
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
        assert!(Options::parse(&["--fast"]).is_err());
    }
}
