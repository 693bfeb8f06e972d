//! Which school codes go with which kind of unit, as the reference data list them.

use std::{collections::BTreeMap, sync::Arc};

use rules::RuleBook;

use crate::UnitKind;

/// Kind of unit -> the first two digits of its school codes. The default knows none and takes every code.
#[derive(Clone, Debug, Default)]
pub struct CodeClasses(Arc<BTreeMap<UnitKind, Option<Arc<str>>>>);

impl CodeClasses {
    /// From the kinds of school in the rules, whose ids are the names of the kinds with hyphens.
    pub fn of(rules: &RuleBook) -> Self {
        let listed = rules.school_kinds().iter();
        let known = listed.filter_map(|listed| {
            let kind = UnitKind::named(&listed.id.replace('-', "_"))?;
            Some((kind, listed.code_class.clone()))
        });
        Self(Arc::new(known.collect()))
    }

    /// Whether a school code may be that of a unit of the kind. A kind that is listed without a class has no such
    /// codes; a central school, which is not listed, is itself a school of any class; an office is none.
    pub fn fit(&self, code: &str, kind: UnitKind) -> bool {
        if self.0.is_empty() {
            return true;
        }
        match self.0.get(&kind) {
            Some(class) => class.as_deref().is_some_and(|class| code.starts_with(class)),
            None => kind.is_institution(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rules::RuleBook;

    use super::CodeClasses;
    use crate::{
        UnitKind,
        identifiers::{CodeError, CodeKind, fitting, local_code},
    };

    fn classes() -> CodeClasses {
        CodeClasses::of(&RuleBook::embedded().unwrap())
    }

    #[test]
    fn every_kind_that_the_rules_list_is_a_kind_of_unit() {
        let listed: BTreeSet<UnitKind> = classes().0.keys().copied().collect();
        let schools = UnitKind::ALL.iter().copied();
        let schools: BTreeSet<UnitKind> =
            schools.filter(|kind| kind.is_institution() && *kind != UnitKind::CentralSchool).collect();
        assert_eq!(listed, schools);
    }

    #[test]
    fn a_school_code_goes_with_the_kinds_of_its_class() {
        use UnitKind as K;
        let classes = classes();
        for (code, fits) in [
            ("1153000001", &[K::Kindergarten][..]),
            ("2153000001", &[K::Primary, K::TeachingPoint]),
            ("3153000001", &[K::Junior, K::NineYear]),
            ("3453000001", &[K::Senior, K::Complete, K::TwelveYear]),
            ("3653000001", &[K::Vocational]),
            ("3753000001", &[K::Reform]),
            ("5153000001", &[K::Special]),
        ] {
            for kind in K::ALL {
                let right = fits.contains(kind) || *kind == K::CentralSchool;
                let expected = if right { Ok(CodeKind::School) } else { Err(CodeError::Class) };
                assert_eq!(fitting(code, *kind, &classes), expected, "{code} {}", kind.name());
            }
        }
    }

    #[test]
    fn other_codes_have_no_class() {
        let classes = classes();
        for kind in [UnitKind::Kindergarten, UnitKind::Training, UnitKind::ActivityVenue, UnitKind::Senior] {
            assert_eq!(fitting("12530323999900011C", kind, &classes), Ok(CodeKind::SocialCredit));
            assert_eq!(fitting(&local_code("530323", 3), kind, &classes), Ok(CodeKind::Local));
        }
    }
}
