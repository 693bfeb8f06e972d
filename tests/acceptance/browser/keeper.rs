//! Programs that run beside the tests and end with them.

use std::{
    io::{BufRead, BufReader},
    os::unix::process::CommandExt,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::Mutex,
};

use anyhow::{Context, Result, bail};

/// A shell that ends its whole group when our end of the pipe closes, which it does however this process ends.
const KEEPER: &str = r#""$@" & exec > /dev/null; cat; kill 0"#;

/// A program and the pipe that keeps it alive.
pub struct Kept {
    _keeper: Child,
    _alive: ChildStdin,
    output: Mutex<BufReader<ChildStdout>>,
}

impl Kept {
    pub fn start(program: &str, arguments: &[&str]) -> Result<Self> {
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "keeper", program]).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).process_group(0);
        command.env("RUST_LOG", "warn");
        let mut keeper = command.spawn().with_context(|| format!("cannot start {program}"))?;
        let alive = keeper.stdin.take().context("the keeper has no input")?;
        let output = keeper.stdout.take().context("the keeper has no output")?;
        Ok(Self { _keeper: keeper, _alive: alive, output: Mutex::new(BufReader::new(output)) })
    }

    /// The first thing it prints that means something; an error when it ends before.
    pub fn told<T>(&self, mut read: impl FnMut(&str) -> Option<T>) -> Result<T> {
        let mut output = self.output.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut all = String::new();
        loop {
            let mut line = String::new();
            if output.read_line(&mut line)? == 0 {
                bail!("it ended without saying that it is ready:\n{all}");
            }
            if let Some(told) = read(line.trim()) {
                return Ok(told);
            }
            all.push_str(&line);
        }
    }
}

/// The program that drives browsers.
pub struct Driver {
    _kept: Kept,
    pub url: String,
}

impl Driver {
    pub fn start() -> Result<Self> {
        let program = crate::standard::from_runner("XIAOAN_TEST_CHROMEDRIVER")
            .unwrap_or_else(|| "chromedriver".to_owned());
        let kept = Kept::start(&program, &["--port=0"])?;
        let port: u16 = kept
            .told(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok())
            .context("chromedriver (Debian: apt-get install chromium chromium-driver)")?;
        Ok(Self { _kept: kept, url: format!("http://127.0.0.1:{port}") })
    }
}
