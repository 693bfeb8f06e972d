//! What the tests need from the machine, and getting it: never without being asked, except in CI.

use std::{
    env, fs,
    io::{self, BufRead, IsTerminal},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, bail};

use crate::run;

/// The oldest PostgreSQL the tests run against.
const POSTGRES_MAJOR: u32 = 15;

/// What was found.
pub struct Found {
    /// The folder with `initdb` and `pg_ctl`; `None` only when nobody wants it.
    pub postgres: Option<PathBuf>,
    /// What the browser stage needs; without it that stage is left out, which CI never does.
    pub browser: Option<Browser>,
}

/// A browser and the program that drives it.
pub struct Browser {
    /// Chromium.
    pub chromium: PathBuf,
    /// Its WebDriver.
    pub driver: PathBuf,
}

/// What is asked for, and so must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Tests on PostgreSQL.
    pub postgres: bool,
    /// Tests in a browser.
    pub browser: bool,
}

/// How to get what the browser stage needs.
pub const BROWSER_HINT: &str =
    "no browser, or not all of it (Debian: apt-get install chromium chromium-driver npm fonts-noto-cjk)";

impl Found {
    /// One line for the table.
    pub fn spoken(&self) -> String {
        let word = |path: Option<&PathBuf>| path.map_or("none".into(), |path| path.display().to_string());
        let chromium = self.browser.as_ref().map(|browser| &browser.chromium);
        format!("PostgreSQL {}, Chromium {}", word(self.postgres.as_ref()), word(chromium))
    }
}

/// Whether this is a CI machine, where installing needs no asking.
pub fn in_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false" && value != "0")
}

/// Looks for everything, and installs what is missing where that is allowed.
pub fn find(wanted: Wanted) -> Result<Found> {
    let missing = missing_packages(wanted);
    if !missing.is_empty() && may_install(&missing)? {
        install(&missing)?;
    }
    let postgres = if wanted.postgres { find_postgres() } else { None };
    if postgres.is_none() && wanted.postgres {
        bail!(
            "no PostgreSQL {POSTGRES_MAJOR} or later under /usr/lib/postgresql or on the search path.\n\
             Install it (Debian: apt-get install postgresql), or run `cargo xtask test --without-postgres`."
        );
    }
    let browser = if wanted.browser { find_browser() } else { None };
    if browser.is_none() && wanted.browser {
        if in_ci() {
            bail!("{BROWSER_HINT}; CI does not leave the browser stage out");
        }
        run::say(&format!("{BROWSER_HINT}: the browser stage will be left out"));
    }
    Ok(Found { postgres, browser })
}

/// Where `cargo-deny` is. In CI it is compiled when it is missing, into the build folder, which may be kept for the next
/// time; elsewhere nobody is asked to wait for that.
pub fn cargo_deny() -> Result<Option<PathBuf>> {
    let tools = run::root().join("target").join("tools");
    let compiled = tools.join("bin").join("cargo-deny");
    let find = || run::find_program("cargo-deny").or_else(|| compiled.is_file().then(|| compiled.clone()));
    if let Some(program) = find() {
        return Ok(Some(program));
    }
    if !in_ci() {
        return Ok(None);
    }
    let mut install = run::cargo();
    install.args(["install", "cargo-deny", "--locked", "--root"]).arg(&tools);
    // It runs for a second: optimising it, as it is for those who publish it, would take longer than all the rest.
    let plain = [("OPT_LEVEL", "1"), ("LTO", "off"), ("CODEGEN_UNITS", "16")];
    install.envs(plain.map(|(name, value)| (format!("CARGO_PROFILE_RELEASE_{name}"), value)));
    run::succeed(install.env("CARGO_TARGET_DIR", tools.join("build")))?;
    match find() {
        Some(program) => Ok(Some(program)),
        None => bail!("cargo-deny was installed and is not in {}", compiled.display()),
    }
}

fn missing_packages(wanted: Wanted) -> Vec<&'static str> {
    let mut missing = Vec::new();
    // The verifier of ledger bundles is tested as whoever gets one would run it.
    if run::find_program("python3").is_none() {
        missing.push("python3");
    }
    if wanted.postgres && find_postgres().is_none() {
        missing.push("postgresql");
    }
    if wanted.browser {
        let needs = [
            ("chromium", find_chromium().is_some()),
            ("chromium-driver", find_driver().is_some()),
            ("npm", run::find_program("npm").is_some()),
            ("fonts-noto-cjk", has_chinese_font()),
        ];
        missing.extend(needs.into_iter().filter(|(_, there)| !there).map(|(package, _)| package));
    }
    missing
}

fn may_install(missing: &[&str]) -> Result<bool> {
    if run::find_program("apt-get").is_none() {
        return Ok(false);
    }
    if in_ci() {
        return Ok(true);
    }
    if !io::stdin().is_terminal() {
        return Ok(false);
    }
    run::say(&format!("Missing: {}. Install with apt-get? [y/N]", missing.join(", ")));
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn install(packages: &[&str]) -> Result<()> {
    let apt_get = || {
        let mut command = if run::is_root() {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
            sudo
        };
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run::succeed(apt_get().arg("update"))?;
    run::succeed(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

/// The newest server that is new enough.
fn find_postgres() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|major| *major >= POSTGRES_MAJOR)
        .filter(|major| server_folder(*major).join("initdb").is_file())
        .max();
    newest.map(server_folder).or_else(|| {
        let on_path = run::find_program("initdb")?;
        let version = run::output(Command::new(&on_path).arg("--version")).ok()?;
        let folder = on_path.canonicalize().ok()?.parent()?.to_owned();
        (major_of(&version)? >= POSTGRES_MAJOR && folder.join("pg_ctl").is_file()).then_some(folder)
    })
}

fn server_folder(major: u32) -> PathBuf {
    Path::new("/usr/lib/postgresql").join(major.to_string()).join("bin")
}

/// The major version in what `initdb --version` prints.
fn major_of(version: &str) -> Option<u32> {
    let number = version.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit()))?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

fn find_chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(run::find_program)
}

fn find_driver() -> Option<PathBuf> {
    run::find_program("chromedriver")
}

/// All of it, or nothing.
fn find_browser() -> Option<Browser> {
    let (chromium, driver) = (find_chromium()?, find_driver()?);
    (run::find_program("npm").is_some() && has_chinese_font()).then_some(Browser { chromium, driver })
}

fn has_chinese_font() -> bool {
    ["/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "/usr/share/fonts/noto-cjk"]
        .into_iter()
        .any(|path| Path::new(path).exists())
        || run::output(Command::new("fc-list").args([":lang=zh", "family"]))
            .is_ok_and(|fonts| !fonts.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(major_of("initdb (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(15));
        assert_eq!(major_of("initdb (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(major_of("initdb"), None);
    }
}
