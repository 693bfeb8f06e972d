//! Why something did not get out.

/// Why something did not get out. Holds no address and no text of the other side: both may carry secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    /// A demonstration sends nothing.
    #[error("a demonstration sends nothing")]
    Demonstration,
    /// What was given is no address.
    #[error("not an address")]
    Shape,
    /// The settings do not name the host.
    #[error("the host is not on the allow-list")]
    NotAllowed,
    /// Unencrypted, to a host whose port the settings do not name.
    #[error("only https goes out")]
    NotEncrypted,
    /// The name leads to this machine or into a closed network.
    #[error("the name leads to an address that is not on the open internet")]
    NotPublic,
    /// The name leads nowhere.
    #[error("the name cannot be resolved")]
    Name,
    /// Nobody answers there.
    #[error("no connection")]
    Connect,
    /// The other side's certificate does not hold.
    #[error("no encrypted connection")]
    Encryption,
    /// It took too long.
    #[error("timed out")]
    TimedOut,
    /// The other side sends elsewhere.
    #[error("redirected")]
    Redirected,
    /// The other side answers with this status.
    #[error("status {0}")]
    Status(u16),
    /// The answer is longer than [`kernel::limits::OUTBOUND_ANSWER_BYTES`].
    #[error("the answer is too long")]
    TooLong,
    /// The settings name no mail server.
    #[error("no mail server")]
    NoMailServer,
    /// The mail server answers with this code.
    #[error("mail server: {0}")]
    Mail(u16),
    /// The connection broke off.
    #[error("broken off")]
    Broken,
    /// Encryption could not be set up on our side.
    #[error("encryption could not be set up")]
    Setup,
}

impl OutboundError {
    /// A stable code for records: `timeout`, `http-502`, `smtp-550`.
    pub fn code(self) -> String {
        let code = match self {
            Self::Demonstration => "demonstration",
            Self::Shape => "shape",
            Self::NotAllowed => "not-allowed",
            Self::NotEncrypted => "not-encrypted",
            Self::NotPublic => "not-public",
            Self::Name => "name",
            Self::Connect => "connect",
            Self::Encryption => "encryption",
            Self::TimedOut => "timeout",
            Self::Redirected => "redirected",
            Self::Status(status) => return format!("http-{status}"),
            Self::TooLong => "too-long",
            Self::NoMailServer => "no-mail-server",
            Self::Mail(code) => return format!("smtp-{code}"),
            Self::Broken => "broken",
            Self::Setup => "setup",
        };
        code.to_owned()
    }

    /// True when trying again without a change of settings is in vain.
    pub const fn is_lasting(self) -> bool {
        match self {
            Self::Demonstration
            | Self::Shape
            | Self::NotAllowed
            | Self::NotEncrypted
            | Self::NotPublic
            | Self::Redirected
            | Self::NoMailServer
            | Self::Setup => true,
            Self::Name | Self::Connect | Self::Encryption | Self::TimedOut | Self::TooLong | Self::Broken => {
                false
            }
            // Busy, overloaded or restarting passes; "no" does not.
            Self::Status(status) => status >= 400 && status < 500 && status != 408 && status != 429,
            Self::Mail(code) => code >= 500,
        }
    }
}
