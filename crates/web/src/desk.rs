//! What every page of an application needs: the writer, the readers, the clock, who is signed in, what is in the
//! menu.

use std::sync::Arc;

use access::{SessionCache, SignInDesk, Throttle};
use journal::{Handle, Permission, Vault};
use kernel::{ActorId, Clock, IdSource, Problem, Timestamp};
use language::Lang;
use storage::Readers;

use crate::Sentences;

/// Everything a page needs, cheap to clone.
#[derive(Clone)]
pub struct Desk(Arc<Shared>);

struct Shared {
    parts: DeskParts,
    posts: Throttle,
}

/// See [`Desk`].
pub struct DeskParts {
    /// The way to ask the writer.
    pub handle: Handle,
    /// The way to read.
    pub readers: Readers,
    /// For names and telephones.
    pub vault: Arc<Vault>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and random bytes.
    pub ids: Arc<IdSource>,
    /// All rooms' sentences.
    pub sentences: Sentences,
    /// Who is signed in.
    pub sessions: SessionCache,
    /// Where people sign in.
    pub sign_in: SignInDesk,
    /// All rooms' places in the navigation.
    pub menu: Vec<MenuEntry>,
    /// Signs form tokens.
    pub csrf_secret: [u8; 32],
    /// Reached over TLS: cookies are `Secure`.
    pub tls: bool,
    /// Seconds without a request after which a session ends.
    pub idle_seconds: u32,
    /// Forms one account may send in a minute.
    pub posts_per_minute: u32,
}

impl Desk {
    /// Shares the parts.
    pub fn new(parts: DeskParts) -> Self {
        let each = Timestamp::MINUTE_MS / i64::from(parts.posts_per_minute.max(1));
        let posts = Throttle::new(parts.posts_per_minute, each);
        Self(Arc::new(Shared { parts, posts }))
    }

    /// Counts a form of an account.
    ///
    /// # Errors
    /// [`Problem::Limit`] when it sends too many.
    pub fn count_post(&self, account: ActorId) -> Result<(), Problem> {
        let allowed = self.0.posts.allow(&account.to_string(), self.clock.now());
        if allowed { Ok(()) } else { Err(Problem::Limit("POSTS_PER_MINUTE")) }
    }
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

impl std::ops::Deref for Desk {
    type Target = DeskParts;

    fn deref(&self) -> &DeskParts {
        &self.0.parts
    }
}

/// A place in the navigation, for whoever has one of the permissions somewhere.
#[derive(Clone, Copy, Debug)]
pub struct MenuEntry {
    /// Its key; a page says [`crate::Shell::at`] with it.
    pub key: &'static str,
    /// Its name.
    pub label: fn(Lang) -> &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Name of an icon of the sprite.
    pub icon: &'static str,
    /// Any of these shows it.
    pub permissions: &'static [Permission],
    /// Also in the bottom bar of a phone.
    pub on_phone: bool,
}

impl MenuEntry {
    /// In the navigation on the left.
    pub const fn new(
        key: &'static str,
        label: fn(Lang) -> &'static str,
        href: &'static str,
        icon: &'static str,
        permissions: &'static [Permission],
    ) -> Self {
        Self { key, label, href, icon, permissions, on_phone: false }
    }

    /// Also in the bottom bar of a phone.
    #[must_use]
    pub const fn bottom(mut self) -> Self {
        self.on_phone = true;
        self
    }
}

/// Who may call a route. Every route of the application has one; a test compares them with the router and walks
/// every route as every role.
#[derive(Clone, Copy, Debug)]
pub struct RouteRule {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The path as the router has it.
    pub path: &'static str,
    /// Any of these, somewhere; what the viewer may see there is decided record by record. Empty for a route that
    /// needs no more than being signed in.
    pub permissions: &'static [Permission],
    /// Open to everybody, signed in or not.
    pub public: bool,
}

impl RouteRule {
    /// For whoever has one of the permissions.
    pub const fn new(method: &'static str, path: &'static str, permissions: &'static [Permission]) -> Self {
        Self { method, path, permissions, public: false }
    }

    /// For everybody.
    pub const fn public(method: &'static str, path: &'static str) -> Self {
        Self { method, path, permissions: &[], public: true }
    }
}
