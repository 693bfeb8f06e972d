//! Counting what a program asks the system for.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What is loaded into the program before its C library.
const LIBRARY: &str = env!("XIAOAN_CALLS_LIBRARY");

/// The calls of one program on files: `fdatasync`, `fsync` and `pwrite`, those that succeeded.
pub struct Calls {
    lines: PathBuf,
}

impl Calls {
    /// Counts the calls of what the command starts, in a new file of this folder.
    pub fn of(command: &mut Command, folder: &Path) -> Self {
        let lines = folder.join("calls");
        command.env("LD_PRELOAD", LIBRARY).env("XIAOAN_TEST_CALLS", &lines);
        Self { lines }
    }

    /// How often it made a call on files whose name ends so.
    pub fn count(&self, call: &str, ending: &str) -> usize {
        let text =
            fs::read_to_string(&self.lines).expect("the program was started, and its calls were noted");
        let calls = text.lines().filter_map(|line| line.split_once(' '));
        calls.filter(|(name, file)| *name == call && file.ends_with(ending)).count()
    }
}
