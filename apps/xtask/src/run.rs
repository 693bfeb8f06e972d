//! Running other programs, and speaking to whoever runs this one.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

/// One line to the developer.
#[expect(clippy::print_stdout, reason = "a developer's tool speaks on its standard output")]
pub fn say(line: &str) {
    println!("{line}");
}

/// What went wrong.
#[expect(clippy::print_stderr, reason = "a developer's tool complains on its standard error")]
pub fn complain(line: &str) {
    eprintln!("{line}");
}

/// The root of the workspace: two folders above this package.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// The cargo that runs us, started at the workspace's root.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs to the end, output passed through.
pub fn succeed(command: &mut Command) -> Result<()> {
    let name = spoken(command);
    say(&format!("$ {name}"));
    let status = command.status().with_context(|| format!("cannot start `{name}`"))?;
    if status.success() { Ok(()) } else { bail!("`{name}` ended with {status}") }
}

/// Runs to the end and gives what it printed.
pub fn output(command: &mut Command) -> Result<String> {
    let name = spoken(command);
    let output = command.output().with_context(|| format!("cannot start `{name}`"))?;
    if !output.status.success() {
        bail!("`{name}` ended with {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{name}` did not print UTF-8"))
}

/// Where a program lies, if it is on the search path.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// Whether we are the all-powerful user, under whom PostgreSQL refuses to run.
pub fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// The command as one would type it: the program without its folder.
fn spoken(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words = [program].into_iter().chain(command.get_args());
    words.map(|word: &OsStr| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
