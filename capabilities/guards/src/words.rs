//! Codes in words: what lists, records, papers and refusals say.

use kernel::Coded;
use language::{Lang, Say};
use organisation::Shift;
use rules::{KitPiece, Reading, RuleBook};

use crate::{
    counting::{Doubt, Guard},
    expiry::Paper,
    gate::Condition,
    report::{Number, StageCode},
    staffing::{Kit, Variant, Verdict},
    texts,
};

/// A coded text; the code itself when a message is missing, which a test forbids.
fn coded(lang: Lang, prefix: &str, code: &str) -> String {
    texts::lookup(lang, &format!("{prefix}-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// Why a guard does not count.
pub fn doubt(lang: Lang, doubt: Doubt) -> String {
    coded(lang, "guard-doubt", doubt.name())
}

/// Whether a guard counts, or every reason why not.
pub fn counted(lang: Lang, guard: &Guard, today: kernel::Date) -> String {
    let doubts = guard.doubts(today);
    if doubts.is_empty() {
        return texts::guard_counts(lang).to_owned();
    }
    let why = Say(lang).list(doubts.into_iter().map(|one| doubt(lang, one)));
    texts::guard_counts_not(lang, why)
}

/// 保安员证、健康证 ...
pub fn paper(lang: Lang, paper: Paper) -> String {
    coded(lang, "guard-paper", paper.name())
}

/// 齐全完好、有缺损、未检查
pub fn kit(lang: Lang, kit: Kit) -> String {
    coded(lang, "kit-found", kit.name())
}

/// 早班、夜班 ...
pub fn shift(lang: Lang, shift: &Coded<Shift>) -> String {
    coded(lang, "guard-shift", shift.name())
}

/// By the name that tables keep.
pub(crate) fn shift_named(lang: Lang, name: &str) -> String {
    coded(lang, "guard-shift", name)
}

/// 学校自聘、保安公司派驻
pub(crate) fn employer(lang: Lang, name: &str) -> String {
    coded(lang, "guard-employer", name)
}

/// 完好、损坏、没有
pub fn condition(lang: Lang, condition: &Coded<Condition>) -> String {
    coded(lang, "guard-condition", condition.name())
}

/// A piece of the kit.
pub fn piece(lang: Lang, rules: &RuleBook, id: &str) -> String {
    let known = rules.kit().iter().find(|piece| *piece.id == *id);
    known.map_or_else(|| id.to_owned(), |piece| hazard::words::pick(lang, &piece.name).to_owned())
}

/// 拟稿中、已签发 ...
pub fn stage(lang: Lang, stage: StageCode) -> String {
    coded(lang, "guard-report-stage", stage.name())
}

/// An act on a report by its name in addresses.
pub(crate) fn act(lang: Lang, act: &str) -> String {
    coded(lang, "guard-report-act", act)
}

/// 保配 2026-001
pub fn number(lang: Lang, number: Number) -> String {
    texts::report_number(lang, number)
}

/// The name of a standard.
pub fn set(lang: Lang, rules: &RuleBook, id: &str, on: kernel::Date) -> String {
    rules
        .staffing_set(id, on)
        .map_or_else(|_| id.to_owned(), |set| hazard::words::pick(lang, &set.name).to_owned())
}

/// How something left open is read: 尾数不计、按学生人数递增 ...
pub(crate) fn reading(lang: Lang, name: &str) -> String {
    coded(lang, "guard-reading", name)
}

/// A standard with what is read otherwise than by default.
pub fn variant(lang: Lang, rules: &RuleBook, variant: &Variant, on: kernel::Date) -> String {
    let name = set(lang, rules, &variant.set, on);
    let usual = rules.staffing_reading(on).ok();
    let other = usual.map(|usual| readings(lang, rules, variant, usual, on)).unwrap_or_default();
    if other.is_empty() { name } else { texts::variant_otherwise(lang, name, Say(lang).list(other)) }
}

/// What a variant reads otherwise, as far as its standard leaves it open.
fn readings(
    lang: Lang,
    rules: &RuleBook,
    variant: &Variant,
    usual: Reading,
    on: kernel::Date,
) -> Vec<String> {
    let own = variant.reading;
    let set = rules.staffing_set(&variant.set, on).ok();
    let boards = set.is_some_and(rules::StaffingSet::has_boarding);
    let grows = set.is_some_and(rules::StaffingSet::leaves_growth_open);
    let all = [
        (own.rounding != usual.rounding, own.rounding.name()),
        (grows && own.growth != usual.growth, own.growth.name()),
        (boards && own.boarding != usual.boarding, own.boarding.name()),
        (boards && own.joining != usual.joining, own.joining.name()),
    ];
    all.into_iter().filter(|(is, _)| *is).map(|(_, name)| reading(lang, name)).collect()
}

/// 已配齐、缺 2 名 ...
pub fn verdict(lang: Lang, verdict: Verdict) -> String {
    match verdict {
        Verdict::Enough => texts::verdict_enough(lang).to_owned(),
        Verdict::Short(lacking) => texts::verdict_short(lang, lacking),
        Verdict::Partly => texts::verdict_partly(lang).to_owned(),
        Verdict::Unknown => texts::verdict_unknown(lang).to_owned(),
    }
}

/// 缺防刺服、安全钢叉损坏
pub(crate) fn lacking(lang: Lang, piece: &KitPiece, condition: Condition) -> String {
    let name = hazard::words::pick(lang, &piece.name);
    match condition {
        Condition::Broken => texts::kit_broken(lang, name),
        Condition::Good | Condition::Missing => texts::kit_missing(lang, name),
    }
}

/// The sentence of a message, with codes among its arguments put into words. Handed to the pages' list of sentences.
pub fn sentence(lang: Lang, key: &str, args: &[(&str, String)]) -> Option<String> {
    let worded: Vec<(&str, String)> = args
        .iter()
        .map(|(name, value)| {
            let value = match *name {
                "stage" => coded(lang, "guard-report-stage", value),
                "act" => coded(lang, "guard-report-act", value),
                "piece" => coded(lang, "guard-piece", value),
                _ => value.clone(),
            };
            (*name, value)
        })
        .collect();
    texts::lookup(lang, key, &worded)
}
