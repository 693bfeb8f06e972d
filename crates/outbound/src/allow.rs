//! Where calls may go: hosts that the settings name.

use crate::OutboundError;

/// The robots of WeCom and DingTalk.
pub const DEFAULT_ALLOW: &[&str] = &["qyapi.weixin.qq.com", "oapi.dingtalk.com"];

/// A line of the allow-list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    host: String,
    /// Named with its port: then it may also be in a closed network, and unencrypted.
    port: Option<u16>,
}

/// What the list says about a host and port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leave {
    /// Not named.
    No,
    /// Named by host: encrypted, and only on the open internet.
    Public,
    /// Named by host and port: wherever it is.
    Anywhere,
}

/// The allow-list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Allowed(Vec<Entry>);

impl Allowed {
    /// From lines as `host` or `host:port`.
    pub(crate) fn read(lines: &[String]) -> Result<Self, OutboundError> {
        lines.iter().map(|line| entry(line)).collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn leave(&self, host: &str, port: u16) -> Leave {
        let host = bare(host);
        let named = |entry: &&Entry| entry.host.eq_ignore_ascii_case(host);
        if self.0.iter().filter(named).any(|entry| entry.port == Some(port)) {
            return Leave::Anywhere;
        }
        if self.0.iter().filter(named).any(|entry| entry.port.is_none()) { Leave::Public } else { Leave::No }
    }
}

/// Without the brackets of an IPv6 address.
pub(crate) fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

fn entry(line: &str) -> Result<Entry, OutboundError> {
    let line = line.trim();
    let bracketed = line.starts_with('[');
    let (host, port) = match line.rsplit_once(':') {
        Some((host, port)) if !bracketed || host.ends_with(']') => {
            (host, Some(port.parse().map_err(|_| OutboundError::Shape)?))
        }
        _ => (line, None),
    };
    let host = bare(host).to_ascii_lowercase();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let shaped =
        if bracketed { host.parse::<std::net::Ipv6Addr>().is_ok() } else { host.chars().all(is_name) };
    if host.is_empty() || !shaped {
        return Err(OutboundError::Shape);
    }
    Ok(Entry { host, port })
}
