//! The way one took through a list that is read by cursors: so that there is a page before this one.

use language::{Lang, Say};

use crate::{texts, view::Pager};

/// Cursors an address carries; whoever goes further loses the oldest, and comes back to the first page sooner.
const MOST: usize = 40;
/// Between two cursors.
const STEP: char = '~';
/// After the number of those that were lost.
const LOST: char = '!';

/// The cursors that led here, oldest first; the last one is this page's. None on the first page.
///
/// In an address: `a~b~c`, or `5!f~g~h` where five older ones were lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    lost: usize,
    cursors: Vec<String>,
}

impl Trail {
    /// From the form used in addresses; what cannot be read is the first page.
    pub fn parse(text: &str) -> Self {
        let (lost, rest) = match text.split_once(LOST) {
            Some((lost, rest)) => (lost.parse().unwrap_or(0), rest),
            None => (0, text),
        };
        let cursors = rest.split(STEP).filter(|cursor| !cursor.is_empty()).take(MOST).map(str::to_owned);
        Self { lost, cursors: cursors.collect() }
    }

    /// The cursor of this page; nothing on the first.
    pub fn here(&self) -> &str {
        self.cursors.last().map_or("", String::as_str)
    }

    /// The way on, to the page that begins at `cursor`.
    #[must_use]
    pub fn on(&self, cursor: impl ToString) -> Self {
        let mut next = self.clone();
        next.cursors.push(cursor.to_string());
        if next.cursors.len() > MOST {
            next.cursors.remove(0);
            next.lost = next.lost.saturating_add(1);
        }
        next
    }

    /// The way back by one page; none from the first.
    fn back(&self) -> Option<Self> {
        let mut before = self.clone();
        before.cursors.pop()?;
        if before.cursors.is_empty() {
            before.lost = 0;
        }
        Some(before)
    }

    /// The pager below a page of `rows` rows, where a full page has `size`. `next` is the cursor of the page after;
    /// `address` makes the address of a trail as [`std::fmt::Display`] writes it.
    pub fn pager(
        &self,
        lang: Lang,
        (rows, size): (usize, usize),
        next: Option<String>,
        address: impl Fn(&str) -> String,
    ) -> Pager {
        let first = self.lost.saturating_add(self.cursors.len()).saturating_mul(size).saturating_add(1);
        let alone = first == 1 && next.is_none();
        let number = |row: usize| Say(lang).number(i64::try_from(row).unwrap_or(i64::MAX));
        let (place, paper) = if rows == 0 || alone {
            (String::new(), String::new())
        } else {
            let last = first.saturating_add(rows - 1);
            (
                texts::pager_place(lang, number(first), number(last)),
                texts::pager_paper(lang, number(first), number(last)),
            )
        };
        Pager {
            before: self.back().map(|trail| address(&trail.to_string())),
            after: next.map(|cursor| address(&self.on(cursor).to_string())),
            place,
            paper,
        }
    }
}

impl std::fmt::Display for Trail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.lost > 0 {
            write!(f, "{}{LOST}", self.lost)?;
        }
        for (number, cursor) in self.cursors.iter().enumerate() {
            if number > 0 {
                write!(f, "{STEP}")?;
            }
            f.write_str(cursor)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pager(trail: &Trail, next: Option<&str>) -> Pager {
        trail.pager(Lang::ZhCn, (50, 50), next.map(str::to_owned), |trail| format!("/x?after={trail}"))
    }

    #[test]
    fn one_comes_back_by_the_pages_one_went() {
        let first = Trail::parse("");
        assert_eq!((first.here(), pager(&first, Some("a")).before), ("", None));
        assert_eq!(pager(&first, Some("a")).after.as_deref(), Some("/x?after=a"));
        let third = Trail::parse(&first.on("a").on("b").to_string());
        assert_eq!((third.here(), third.to_string().as_str()), ("b", "a~b"));
        let shown = pager(&third, None);
        assert_eq!((shown.before.as_deref(), shown.after), (Some("/x?after=a"), None));
        assert!(shown.place.contains("101") && shown.place.contains("150"), "{}", shown.place);
        assert_eq!(pager(&Trail::parse("a"), None).before.as_deref(), Some("/x?after="));
    }

    #[test]
    fn paper_says_that_it_is_not_the_whole_list() {
        let first = pager(&Trail::parse(""), Some("a")).among(Lang::ZhCn, "共 128 条");
        assert!(first.paper.starts_with("共 128 条。") && first.paper.contains("1–50"), "{}", first.paper);
        let last = pager(&Trail::parse("a~b"), None);
        assert!(last.paper.contains("101–150"), "{}", last.paper);
        let whole = pager(&Trail::parse(""), None).among(Lang::ZhCn, "共 50 条");
        assert_eq!(whole.paper, "", "all of it is on the paper");
    }

    #[test]
    fn a_long_way_keeps_its_place_and_its_address_short() {
        let mut trail = Trail::default();
        for page in 0..100 {
            trail = Trail::parse(&trail.on(page).to_string());
        }
        assert_eq!((trail.cursors.len(), trail.lost, trail.here()), (MOST, 60, "99"));
        assert!(pager(&trail, None).place.contains("5,001"), "{}", pager(&trail, None).place);
        for _ in 0..MOST {
            trail = trail.back().unwrap();
        }
        assert_eq!(trail, Trail::default(), "what was lost is the first page");
        assert_eq!(trail.back(), None);
    }

    #[test]
    fn what_somebody_typed_is_the_first_page_or_a_short_way() {
        for typed in ["~~~", "x!", "99999999999999999999!", "!"] {
            assert_eq!(Trail::parse(typed).here(), "", "{typed}");
        }
        let long = vec!["c"; 10_000].join("~");
        assert_eq!(Trail::parse(&long).cursors.len(), MOST);
        let far = Trail::parse(&format!("{}!a", usize::MAX));
        assert!(!pager(&far, None).place.is_empty());
    }
}
