//! The program that sets a PDF. It is no part of the platform: another process, started for one paper, that reads JSON,
//! writes a PDF and ends. What it does wrong costs a paper and nothing else.

use std::{path::PathBuf, process::Stdio, sync::Arc, time::Duration};

use kernel::{Problem, limits};
use serde::Deserialize;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
    sync::Semaphore,
    time::timeout,
};

use crate::Paper;

/// Where the program is.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct PressSettings {
    /// The program `typeset`.
    pub program: PathBuf,
    /// Folders with fonts, besides those of the system.
    #[serde(default)]
    pub fonts: Vec<PathBuf>,
}

/// Sets papers, when the settings name the program; only a few at a time.
#[derive(Clone, Debug, Default)]
pub struct Press(Option<Arc<Working>>);

#[derive(Debug)]
struct Working {
    settings: PressSettings,
    free: Semaphore,
    /// How long one paper may take.
    patience: Duration,
}

impl Press {
    /// With the program of the settings, if they name one.
    pub fn new(settings: Option<PressSettings>) -> Self {
        Self::patient(settings, Duration::from_secs(limits::TYPESET_SECONDS))
    }

    fn patient(settings: Option<PressSettings>, patience: Duration) -> Self {
        let free = Semaphore::new(limits::TYPESET_AT_ONCE);
        Self(settings.map(|settings| Arc::new(Working { settings, free, patience })))
    }

    /// There is a program.
    pub const fn works(&self) -> bool {
        self.0.is_some()
    }

    /// The PDF of a paper.
    ///
    /// # Errors
    /// [`Problem::NotFound`] without a program; [`Problem::Limit`] when too many wait, or the paper takes longer or becomes
    /// larger than one may; [`Problem::Fault`] when the program fails.
    pub async fn pdf(&self, paper: &Paper) -> Result<Vec<u8>, Problem> {
        let working = self.0.as_ref().ok_or(Problem::NotFound)?;
        let asked = serde_json::to_vec(paper).map_err(|error| Problem::Fault(error.to_string()))?;
        // Whoever waits for his turn waits no longer than one paper may take, and so does his paper.
        let turn = timeout(working.patience, working.free.acquire()).await;
        let _turn = turn.map_err(|_| Problem::Limit("TYPESET_AT_ONCE"))?;
        timeout(working.patience, working.run(asked)).await.map_err(|_| Problem::Limit("TYPESET_SECONDS"))?
    }
}

impl Working {
    /// Dropped before its end, it takes the process with it.
    async fn run(&self, asked: Vec<u8>) -> Result<Vec<u8>, Problem> {
        let fault = |what: String| Problem::Fault(format!("typeset: {what}"));
        let mut command = Command::new(&self.settings.program);
        for folder in &self.settings.fonts {
            command.arg("--fonts").arg(folder);
        }
        let mut child = command
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| fault(format!("{}: {error}", self.settings.program.display())))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(mut to), Some(from), Some(said)) = pipes else { return Err(fault("no pipes".to_owned())) };
        // A program that ends early closes its pipe; why, it says elsewhere.
        tokio::spawn(async move { to.write_all(&asked).await.ok() });
        let most = u64::try_from(limits::TYPESET_BYTES).unwrap_or(u64::MAX);
        let words = tokio::spawn(async move {
            let mut words = Vec::new();
            said.take(4096).read_to_end(&mut words).await.ok();
            words
        });
        let mut pdf = Vec::new();
        let read = from.take(most.saturating_add(1)).read_to_end(&mut pdf).await;
        read.map_err(|error| fault(error.to_string()))?;
        if pdf.len() > limits::TYPESET_BYTES {
            return Err(Problem::Limit("TYPESET_BYTES"));
        }
        let ended = child.wait().await.map_err(|error| fault(error.to_string()))?;
        if !ended.success() || !pdf.starts_with(b"%PDF-") {
            let words = words.await.unwrap_or_default();
            return Err(fault(format!("{ended}: {}", String::from_utf8_lossy(&words).trim())));
        }
        Ok(pdf)
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use language::Lang;

    use super::*;
    use crate::Form;

    /// What a press does that is this script, with patience for a busy machine.
    fn pressed(script: &str) -> Result<Vec<u8>, Problem> {
        pressed_within(script, Duration::from_secs(60))
    }

    fn pressed_within(script: &str, patience: Duration) -> Result<Vec<u8>, Problem> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("typeset");
        fs::write(&path, format!("#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let settings = PressSettings { program: path, fonts: Vec::new() };
        let press = Press::patient(Some(settings), patience);
        let paper = Paper::new(Lang::ZhCn, Form::Letter, "师宗县教育体育局", "抄告函");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(press.pdf(&paper))
    }

    /// One after the other: a script that another thread still writes can not be started.
    #[test]
    fn it_hands_the_paper_over_and_whatever_goes_wrong_is_a_problem_here() {
        let pdf = pressed("printf '%%PDF-1.7 '; cat").unwrap();
        assert!(String::from_utf8(pdf).unwrap().contains("\"title\":\"抄告函\""));
        let fault = |script: &str| matches!(pressed(script), Err(Problem::Fault(_)));
        assert!(fault("echo no fonts >&2; exit 3"), "it says that it failed");
        assert!(fault("cat >/dev/null; echo hello"), "it writes something else");
        assert!(fault("printf %%PDF-; exit 1"), "it fails after all");
        let slow = pressed_within("exec sleep 600", Duration::from_secs(1));
        assert!(matches!(slow, Err(Problem::Limit("TYPESET_SECONDS"))));
        let endless = "printf %%PDF-; exec cat /dev/zero";
        assert!(matches!(pressed(endless), Err(Problem::Limit("TYPESET_BYTES"))));
        assert!(!Press::default().works());
    }
}
