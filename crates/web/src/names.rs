//! Posts, kinds of unit and roles in words.

use language::Lang;
use organisation::{Post, UnitKind};

use crate::texts;

fn named(lang: Lang, prefix: &str, name: &str) -> String {
    texts::lookup(lang, &format!("{prefix}-{name}"), &[]).unwrap_or_else(|| name.to_owned())
}

/// 安全专干、校长 ...
pub fn post(lang: Lang, post: Post) -> String {
    named(lang, "post", post.name())
}

/// 幼儿园、小学 ...
pub fn unit_kind(lang: Lang, kind: UnitKind) -> String {
    named(lang, "unit-kind", kind.name())
}

/// 县安全股、安全专干 ... by the role's code.
pub fn role(lang: Lang, role: &str) -> String {
    named(lang, "role", role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_post_kind_and_role_has_a_name_in_both_languages() {
        for lang in [Lang::ZhCn, Lang::En] {
            for each in Post::ALL {
                assert_ne!(post(lang, *each), each.name());
            }
            for each in UnitKind::ALL {
                assert_ne!(unit_kind(lang, *each), each.name());
            }
            for each in access::Role::ALL {
                assert_ne!(role(lang, each.name()), each.name());
            }
        }
    }
}
