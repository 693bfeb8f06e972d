//! The demonstration county, served by the product itself on a port of this machine.

use std::{collections::BTreeMap, fs, net::TcpListener, path::Path};

use access::totp_code;
use anyhow::{Context, Result, anyhow};
use kernel::{Clock, Date, SystemClock};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::keeper::Kept;

/// The smallest share of the county's history that still has a hazard in every stage.
const SCALE: &str = "1";

#[derive(Debug, Deserialize)]
struct Told {
    url: String,
    accounts: Vec<Account>,
}

/// One of the accounts that visitors of the demonstration use.
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    pub login: String,
    pub password: String,
    pub totp_secret: Option<String>,
}

impl Account {
    /// The present code; each may be used once, so an account signs in once.
    pub fn code(&self) -> Result<Option<String>> {
        let code = |secret: &String| totp_code(secret, SystemClock.now()).map_err(|e| anyhow!("{e}"));
        self.totp_secret.as_ref().map(code).transpose()
    }
}

/// The served county.
pub struct House {
    _kept: Kept,
    pub url: String,
    accounts: Vec<Account>,
    /// Cookies of those who have signed in, by login.
    pub sessions: Mutex<BTreeMap<String, String>>,
}

impl House {
    pub fn open() -> Result<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("county");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let data = folder.join("data");
        let data = data.to_str().context("the build folder's name is no text")?;
        // Free now; should somebody take it before the server does, the server says so and this run ends.
        let listen = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let program = env!("CARGO_BIN_EXE_served");
        let kept = Kept::start(program, &["demo", "--data", data, "--scale", SCALE, "--listen", &listen])?;
        let told: Told = kept.told(|line| serde_json::from_str(line).ok()).context("the served county")?;
        Ok(Self { _kept: kept, url: told.url, accounts: told.accounts, sessions: Mutex::default() })
    }

    pub fn account(&self, login: &str) -> Result<Account> {
        let found = self.accounts.iter().find(|account| account.login == login);
        found.cloned().with_context(|| format!("the demonstration shows no account {login}"))
    }

    /// The names that stand on pages as they are, in any language.
    pub fn logins(&self) -> impl Iterator<Item = &str> {
        self.accounts.iter().map(|account| account.login.as_str())
    }
}

/// Today on the wall of the school.
pub fn today() -> Date {
    SystemClock.now().local_date()
}
