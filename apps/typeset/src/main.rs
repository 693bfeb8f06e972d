//! Sets one official paper. Reads the platform's JSON from standard input, writes a PDF to standard output, and ends; what
//! is wrong it says on standard error. It opens no file but fonts and no connection, and has limits of its own.

mod press;

use std::{
    io::{self, Read, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use rustix::process::{Resource, Rlimit, setrlimit};

/// Bytes of a paper's JSON.
const PAPER_BYTES: u64 = 8 * 1024 * 1024;
/// Bytes of memory, with the fonts that are mapped.
const MEMORY_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// Seconds of a core.
const CORE_SECONDS: u64 = 30;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let folders = folders(std::env::args().skip(1))?;
    limit(Resource::As, MEMORY_BYTES)?;
    limit(Resource::Cpu, CORE_SECONDS)?;
    let mut paper = Vec::new();
    io::stdin().take(PAPER_BYTES + 1).read_to_end(&mut paper).context("reading the paper")?;
    if paper.len() as u64 > PAPER_BYTES {
        bail!("a paper has at most {PAPER_BYTES} bytes");
    }
    let pdf = press::set(paper, &folders)?;
    io::stdout().write_all(&pdf).context("writing the PDF")
}

fn limit(what: Resource, most: u64) -> Result<()> {
    setrlimit(what, Rlimit { current: Some(most), maximum: Some(most) }).context("setting a limit")
}

/// `--fonts FOLDER`, any number of times.
fn folders(mut arguments: impl Iterator<Item = String>) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    while let Some(argument) = arguments.next() {
        match (argument.as_str(), arguments.next()) {
            ("--fonts", Some(folder)) => folders.push(PathBuf::from(folder)),
            _ => bail!("typeset [--fonts FOLDER]... < paper.json > paper.pdf"),
        }
    }
    Ok(folders)
}
