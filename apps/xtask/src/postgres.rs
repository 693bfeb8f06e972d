//! A temporary PostgreSQL: made for one test run, run by an unprivileged user, always removed.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, anyhow, bail};

use crate::run;

/// The keeper of the server: a shell that stops it when its input closes.
const KEEPER: &str = include_str!("postgres.sh");
/// Somebody else may take the free port before the server does.
const TRIES: u32 = 3;

/// A running cluster; dropping it stops the server and removes its files.
pub struct Cluster {
    keeper: Child,
    url: String,
}

impl Cluster {
    /// Makes and starts a cluster with the programs in `bin`.
    pub fn start(bin: &Path) -> Result<Self> {
        let mut last = anyhow!("no try was made");
        for _ in 0..TRIES {
            match Self::try_start(bin) {
                Ok(cluster) => return Ok(cluster),
                Err(error) => last = error,
            }
        }
        Err(last.context("PostgreSQL would not start"))
    }

    fn try_start(bin: &Path) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new("sh");
        command.args(["-c", KEEPER, "keeper"]).arg(bin).arg(port.to_string()).current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A group of its own, so that Ctrl-C reaches us and not the keeper, which has to clean up.
        command.process_group(0);
        if run::is_root() {
            let (user, group) = unprivileged()?;
            command.uid(user).gid(group);
        }
        let mut keeper = command.spawn().context("cannot start sh")?;
        let mut ready = String::new();
        if let Some(stdout) = keeper.stdout.take() {
            BufReader::new(stdout).read_line(&mut ready)?;
        }
        let mut complaint = keeper.stderr.take();
        let cluster =
            Self { keeper, url: format!("postgres://postgres@127.0.0.1:{port}/postgres?sslmode=disable") };
        if ready.trim() == "ready" {
            return Ok(cluster);
        }
        let mut text = String::new();
        if let Some(stderr) = &mut complaint {
            stderr.read_to_string(&mut text)?;
        }
        bail!("the server did not come up\n{text}")
    }

    /// What a test connects to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops the server and waits until its files are gone.
    pub fn stop(mut self) -> Result<()> {
        let status = self.close()?;
        if status { Ok(()) } else { bail!("the keeper of PostgreSQL ended badly") }
    }

    fn close(&mut self) -> Result<bool> {
        drop(self.keeper.stdin.take());
        Ok(self.keeper.wait()?.success())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // After `stop` the keeper is gone already, and waiting again gives the same answer at once.
        let _nothing_more_to_do = self.close();
    }
}

/// The user and group the server runs as when we are root.
fn unprivileged() -> Result<(u32, u32)> {
    for name in ["postgres", "nobody"] {
        let id = |flag: &str| run::output(Command::new("id").args([flag, name]));
        if let (Ok(user), Ok(group)) = (id("-u"), id("-g")) {
            return Ok((user.trim().parse()?, group.trim().parse()?));
        }
    }
    bail!("PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`")
}
