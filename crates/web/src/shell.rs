//! What the layout needs to know.

use access::PermissionSet;
use kernel::{Timestamp, UnitId};
use language::{Lang, Say};

use crate::{Prefs, panel::unit_href, texts};

/// A place in the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// Stable name, for tests and scripts.
    pub key: &'static str,
    /// What is read.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Name of an icon of `icons.svg`.
    pub icon: &'static str,
    /// The viewer is here.
    pub current: bool,
    /// Waiting there for the viewer.
    pub count: Option<u32>,
}

impl NavItem {
    /// A place without a count, not the current one.
    pub fn new(
        key: &'static str,
        label: impl Into<String>,
        href: impl Into<String>,
        icon: &'static str,
    ) -> Self {
        Self { key, label: label.into(), href: href.into(), icon, current: false, count: None }
    }
}

/// One sentence about the act before this page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flash {
    /// A warning rather than a success.
    pub warning: bool,
    /// The sentence: what happened, what comes next, who is told.
    pub text: String,
}

impl Flash {
    /// It worked.
    pub fn done(text: impl Into<String>) -> Self {
        Self { warning: false, text: text.into() }
    }

    /// It worked, but.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { warning: true, text: text.into() }
    }
}

/// The line at the head of a printed page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Print {
    /// Whose page.
    pub unit: String,
    /// When it was made.
    pub at: String,
}

/// Everything `layout.html` shows around a page. A page's context has it as `shell`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shell {
    /// The viewer's language.
    pub lang: Lang,
    /// The large-type edition.
    pub large: bool,
    /// Name of the product or of the local platform.
    pub product: String,
    /// Title of the page: heading and window.
    pub title: String,
    /// Unit the page is about or the viewer works for.
    pub unit: String,
    /// The page of that unit, for whoever may open it.
    pub unit_page: Option<String>,
    /// Unit the viewer works for, whatever the page is about.
    pub home: String,
    /// Display name of the viewer; `None` on public pages.
    pub user: Option<String>,
    /// The session is a bound telephone's, which is locked instead of signed out.
    pub device: bool,
    /// What the viewer is: 安全员、分管负责人.
    pub roles: String,
    /// The navigation, only what the viewer may use.
    pub nav: Vec<NavItem>,
    /// The phone's bottom bar; the layout shows the first four.
    pub bottom: Vec<NavItem>,
    /// Token for the layout's own forms.
    pub csrf: String,
    /// Shows the banner of demonstration data, on paper too.
    pub demo: bool,
    /// The printed head.
    pub print: Print,
    /// What the act before had to say.
    pub flash: Option<Flash>,
    /// Where the phone's back arrow leads; `None` on first pages.
    pub back: Option<String>,
    /// Path and query of this page; empty when it answers something that was sent.
    pub path: String,
    /// Seconds until the session ends without use; warned about five minutes before.
    pub idle_seconds: Option<u32>,
}

impl Shell {
    /// Places of the phone's bottom bar.
    pub const BOTTOM: usize = 4;

    /// A shell without a viewer: sign-in, public pages, error pages.
    pub fn public(prefs: &Prefs, title: impl Into<String>) -> Self {
        Self {
            lang: prefs.lang,
            large: prefs.large,
            product: texts::shell_product(prefs.lang).to_owned(),
            title: title.into(),
            path: if prefs.sent { String::new() } else { prefs.path.clone() },
            flash: prefs.flash.clone(),
            ..Self::default()
        }
    }

    /// Names the unit, on screen and on paper, and stamps the paper.
    #[must_use]
    pub fn for_unit(mut self, unit: impl Into<String>, now: Timestamp) -> Self {
        self.unit = unit.into();
        self.print = Print { unit: self.unit.clone(), at: Say(self.lang).date_time(now) };
        self
    }

    /// The unit's name leads to its page, for whoever may open that: `over` is what the viewer may do there.
    #[must_use]
    pub fn leading_to(mut self, unit: UnitId, over: PermissionSet) -> Self {
        self.unit_page = over.has("unit.view").then(|| unit_href(unit));
        self
    }

    /// Marks the place with this key, in the navigation and in the bottom bar.
    #[must_use]
    pub fn at(mut self, key: &str) -> Self {
        for item in self.nav.iter_mut().chain(&mut self.bottom) {
            item.current = item.key == key;
        }
        self
    }

    /// The phone's back arrow leads here.
    #[must_use]
    pub fn back_to(mut self, path: impl Into<String>) -> Self {
        self.back = Some(path.into());
        self
    }

    /// Where the switches for language and type size return to: this page, or the one before where this page can not
    /// be asked for.
    pub fn here(&self) -> &str {
        if self.path.is_empty() { self.back.as_deref().unwrap_or("/") } else { &self.path }
    }

    /// For templates: a call is passed by value, a field by reference.
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// At most four.
    pub fn bottom(&self) -> impl Iterator<Item = &NavItem> {
        self.bottom.iter().take(Self::BOTTOM)
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, Method, Uri};

    use super::*;

    #[test]
    fn the_switches_return_to_what_can_be_asked_for() {
        let uri = Uri::from_static("/hazards/1/grade?x=1");
        let shell = |method| Shell::public(&Prefs::read(&method, &HeaderMap::new(), &uri), "t");
        assert_eq!(shell(Method::GET).back_to("/hazards").here(), "/hazards/1/grade?x=1");
        assert_eq!(shell(Method::POST).back_to("/hazards").here(), "/hazards");
        assert_eq!(shell(Method::POST).here(), "/", "a page without a way back");
    }
}
