//! Whose eyes and hands a command borrows.

use access::{AccountFilter, Role, Viewer, account_by_login, accounts_listed};
use anyhow::{Result, anyhow, bail};
use kernel::Problem;
use language::Lang;
use storage::Tx;

use crate::router::sentences;

/// Accounts named when somebody must choose.
const NAMED: usize = 10;

/// What a command needs its account to hold.
pub(super) struct Need<'a> {
    /// One permission that whoever does this holds; narrows the search for the only one.
    pub permission: &'static str,
    /// In words: `import a school register`.
    pub act: &'a str,
    /// The whole question.
    pub may: &'a dyn Fn(&Viewer) -> bool,
}

/// The account of this login; without one, the only account that may.
pub(super) fn viewer(tx: &mut Tx, login: Option<&str>, need: &Need<'_>) -> Result<Viewer> {
    match login {
        Some(login) => named(tx, login, need),
        None => only(tx, need),
    }
}

fn named(tx: &mut Tx, login: &str, need: &Need<'_>) -> Result<Viewer> {
    let Some(brief) = account_by_login(tx, login)? else {
        bail!("no account signs in as {login}");
    };
    let Some(viewer) = Viewer::load(tx, brief.id)? else {
        bail!("the account {login} may do nothing: it is suspended, or its person has left");
    };
    if !(need.may)(&viewer) {
        bail!("the account {login} may not {}", need.act);
    }
    Ok(viewer)
}

fn only(tx: &mut Tx, need: &Need<'_>) -> Result<Viewer> {
    let everywhere = ("TRUE".to_owned(), Vec::new());
    let mut able: Vec<Viewer> = Vec::new();
    for role in Role::ALL.iter().filter(|role| role.permissions().has(need.permission)) {
        let filter = AccountFilter { role: Some(*role), suspended: Some(false), ..AccountFilter::default() };
        for row in accounts_listed(tx, &everywhere, &filter, NAMED + 1)? {
            let known = able.iter().any(|viewer| viewer.account == row.brief.id);
            if let Some(viewer) =
                Viewer::load(tx, row.brief.id)?.filter(|viewer| !known && (need.may)(viewer))
            {
                able.push(viewer);
            }
        }
    }
    match able.len() {
        0 => bail!("no account may {}", need.act),
        1 => able.pop().ok_or_else(|| anyhow!("no account may {}", need.act)),
        _ => {
            let mut logins: Vec<&str> = able.iter().map(|viewer| viewer.login.as_str()).collect();
            logins.sort_unstable();
            let more = if logins.len() > NAMED { ", ..." } else { "" };
            logins.truncate(NAMED);
            bail!(
                "several accounts may {}; choose one with --as LOGIN: {}{more}",
                need.act,
                logins.join(", ")
            )
        }
    }
}

/// A language of the pages.
pub(super) fn lang(tag: &str) -> Result<Lang, String> {
    Lang::parse(tag).ok_or_else(|| "zh-CN or en".to_owned())
}

/// What went wrong, in the sentence that a page would show; a fault is told whole, since whoever sits here runs the
/// platform.
pub(super) fn told(lang: Lang, problem: &Problem) -> anyhow::Error {
    match problem {
        Problem::Fault(fault) => anyhow!("{fault}"),
        other => anyhow!("{}", sentences().problem(lang, other)),
    }
}
