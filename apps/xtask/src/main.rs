//! Developer tasks: `cargo xtask TASK`. Nothing here is part of the product.

mod architecture;
mod capability;
mod capability_proof;
mod check;
mod diagrams;
mod files;
mod fuzz;
mod locales;
mod metadata;
mod postgres;
mod prerequisites;
mod run;
mod stages;
mod test;

use std::{env, process::ExitCode};

use anyhow::{Result, bail};

const USAGE: &str = "\
cargo xtask test [--without-postgres] [--only-browser] [--with-typeset] [-- ARGS FOR THE TEST RUNNER]
    prerequisites, all of check, a temporary PostgreSQL, all tests, the pages in a browser; or the last alone
cargo xtask check [fmt|clippy|architecture|language|files|deny ...]
    everything that needs no running; all of it, or what is named
cargo xtask diagrams [--check]
    writes docs/state-machines from the code, or compares
cargo xtask new-capability NAME
    makes capabilities/NAME that compiles
cargo xtask fuzz table|event SECONDS
    a fuzz target with the stable compiler
cargo xtask prove-capability
    makes one in a copy, compiles and tests it, takes it away
cargo xtask remove-capability NAME [--force]
    takes it away again; --force also when it has changes git does not know";

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            run::complain(&format!("xtask: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<()> {
    let Some((task, rest)) = args.split_first() else { bail!("which task?\n{USAGE}") };
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    match (task.as_str(), rest.as_slice()) {
        ("test", options) => test::run(&test::Options::parse(options)?),
        ("check", parts) => check::run(parts),
        ("diagrams", []) => diagrams::write(),
        ("diagrams", ["--check"]) => diagrams::compare(),
        ("new-capability", [name]) => capability::add(name),
        ("fuzz", [target, seconds]) => fuzz::run(target, seconds),
        ("prove-capability", []) => capability_proof::prove().map(|said| run::say(&said)),
        ("remove-capability", [name]) => capability::remove(name, false),
        ("remove-capability", [name, "--force"] | ["--force", name]) => capability::remove(name, true),
        ("help" | "--help" | "-h", _) => {
            run::say(USAGE);
            Ok(())
        }
        (task, _) => bail!("`{task}` is no task, or not with these arguments\n{USAGE}"),
    }
}
