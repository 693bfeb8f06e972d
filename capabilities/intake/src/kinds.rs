//! Kinds of school in the words of registers.

use language::Lang;
use organisation::UnitKind;

use crate::field::plain;

const WORDS: &[(&str, UnitKind)] = &[
    ("中心学校", UnitKind::CentralSchool),
    ("中心校", UnitKind::CentralSchool),
    ("幼儿园", UnitKind::Kindergarten),
    ("公办幼儿园", UnitKind::Kindergarten),
    ("民办幼儿园", UnitKind::Kindergarten),
    ("学前教育", UnitKind::Kindergarten),
    ("小学", UnitKind::Primary),
    ("完小", UnitKind::Primary),
    ("完全小学", UnitKind::Primary),
    ("中心小学", UnitKind::Primary),
    ("村小", UnitKind::Primary),
    ("普通小学", UnitKind::Primary),
    ("教学点", UnitKind::TeachingPoint),
    ("小学教学点", UnitKind::TeachingPoint),
    ("初中", UnitKind::Junior),
    ("初级中学", UnitKind::Junior),
    ("普通初中", UnitKind::Junior),
    ("九年一贯制", UnitKind::NineYear),
    ("九年制", UnitKind::NineYear),
    ("九年制学校", UnitKind::NineYear),
    ("高中", UnitKind::Senior),
    ("普通高中", UnitKind::Senior),
    ("高级中学", UnitKind::Senior),
    ("完中", UnitKind::Complete),
    ("完全中学", UnitKind::Complete),
    ("十二年一贯制", UnitKind::TwelveYear),
    ("中职", UnitKind::Vocational),
    ("职中", UnitKind::Vocational),
    ("职业高中", UnitKind::Vocational),
    ("中等职业学校", UnitKind::Vocational),
    ("中等职业教育", UnitKind::Vocational),
    ("技工学校", UnitKind::Vocational),
    ("专门学校", UnitKind::Reform),
    ("特教", UnitKind::Special),
    ("特殊教育", UnitKind::Special),
    ("特教学校", UnitKind::Special),
    ("培训机构", UnitKind::Training),
    ("校外培训", UnitKind::Training),
    ("托管机构", UnitKind::ActivityVenue),
    ("校外托管", UnitKind::ActivityVenue),
    ("校外活动场所", UnitKind::ActivityVenue),
];

/// Endings of names that say what a school is.
const ENDINGS: &[(&str, UnitKind)] = &[
    ("幼儿园", UnitKind::Kindergarten),
    ("教学点", UnitKind::TeachingPoint),
    ("中心学校", UnitKind::CentralSchool),
    ("小学", UnitKind::Primary),
    ("初级中学", UnitKind::Junior),
    ("高级中学", UnitKind::Senior),
    ("九年一贯制学校", UnitKind::NineYear),
    ("特殊教育学校", UnitKind::Special),
];

/// The kind a cell names.
pub(crate) fn kind(text: &str) -> Option<UnitKind> {
    let wanted = plain(text);
    let shown = |kind: &&UnitKind| {
        [Lang::ZhCn, Lang::En]
            .iter()
            .any(|lang| plain(web::names::unit_kind(*lang, **kind).as_str()) == wanted)
    };
    let institutions = UnitKind::ALL.iter().filter(|kind| kind.is_institution());
    institutions
        .clone()
        .find(|kind| kind.name() == text.trim())
        .copied()
        .or_else(|| WORDS.iter().find(|(word, _)| *word == wanted).map(|(_, kind)| *kind))
        .or_else(|| institutions.clone().find(shown).copied())
}

/// What a school must be, when its code or its name says so.
pub(crate) fn guessed(code: &str, name: &str) -> Option<UnitKind> {
    let ending = ENDINGS.iter().find(|(end, _)| name.ends_with(end)).map(|(_, kind)| *kind);
    ending.or_else(|| {
        let class = code.get(..2).filter(|_| code.len() == 10)?;
        match class {
            "11" => Some(UnitKind::Kindergarten),
            "21" => Some(UnitKind::Primary),
            "31" => Some(UnitKind::Junior),
            "34" => Some(UnitKind::Senior),
            "36" => Some(UnitKind::Vocational),
            "37" => Some(UnitKind::Reform),
            "51" => Some(UnitKind::Special),
            _ => None,
        }
    })
}
