//! Proves what CONTRIBUTING promises: a capability is made by one command, compiles, passes its tests and the
//! architecture check, and can be taken away again without a trace.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::run;

/// No real capability is called so.
const NAME: &str = "proof-of-template";

/// Works on a copy, so that whoever interrupts it finds nothing changed.
pub fn prove() -> Result<String> {
    let copy = Copy::of_the_workspace()?;
    let before = copy.listing()?;
    copy.cargo(&["xtask", "new-capability", NAME])?;
    copy.cargo(&["test", "--quiet", "-p", NAME])?;
    copy.cargo(&["xtask", "check", "architecture", "language", "files"])?;
    copy.cargo(&["xtask", "remove-capability", NAME, "--force"])?;
    if copy.listing()? != before {
        bail!("taking the capability away left something behind");
    }
    Ok(format!("{} files as before", before.len()))
}

struct Copy {
    root: PathBuf,
    target: PathBuf,
}

impl Drop for Copy {
    fn drop(&mut self) {
        // Left behind if the system will not; it lies inside the target folder.
        let _ = fs::remove_dir_all(&self.root);
    }
}

impl Copy {
    /// Everything git knows or would know, and a repository around it.
    fn of_the_workspace() -> Result<Self> {
        let from = run::root();
        let folder = from.join("target").join("capability-proof");
        let copy = Self { root: folder.join("copy"), target: folder.join("target") };
        if copy.root.exists() {
            fs::remove_dir_all(&copy.root)?;
        }
        let mut listed = Command::new("git");
        listed.current_dir(&from).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        for path in run::output(&mut listed)?.split('\0').filter(|path| !path.is_empty()) {
            let source = from.join(path);
            // Deleted and not yet committed.
            if source.is_file() {
                put(&source, &copy.root.join(path))?;
            }
        }
        let mut git = Command::new("git");
        run::succeed(git.current_dir(&copy.root).args(["init", "--quiet"]))?;
        Ok(copy)
    }

    fn cargo(&self, args: &[&str]) -> Result<()> {
        let mut command = run::cargo();
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target).args(args);
        run::succeed(&mut command)
    }

    /// Every file with its text; the lock file may differ in order, not in what it says about others.
    fn listing(&self) -> Result<Vec<(PathBuf, Vec<u8>)>> {
        let mut files = Vec::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    if !path.ends_with(".git") {
                        folders.push(path);
                    }
                } else if !path.ends_with("Cargo.lock") {
                    let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
                    files.push((path, text));
                }
            }
        }
        files.sort();
        Ok(files)
    }
}

fn put(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}
