//! What people write.

use hazard::{Note, Photo, PlanDraft};
use organisation::UnitKind;
use rules::Category;

use super::{
    case::{Case, Matter},
    data::{Data, Fix},
    dice::Dice,
    world::School,
};

/// The floors as people say them.
const FLOORS: [&str; 5] = ["一楼", "二楼", "三楼", "四楼", "五楼"];
/// Who answers for a category in a plan.
const DUTIES: [(&str, &str); 8] = [
    ("H03", "食堂管理员"),
    ("H05", "实验室管理员"),
    ("H10", "宿舍管理员"),
    ("H11", "保安队长"),
    ("H12", "护学岗负责人"),
    ("H15", "校医"),
    ("H18", "信息管理员"),
    ("H21", "安全专干"),
];

/// A note with photos.
pub(super) fn note(text: String, photos: Vec<Photo>) -> Note {
    Note { note: text, photos }
}

/// A note without photos, from the phrases of an occasion.
pub(super) fn said(data: &Data, occasion: &str, case: &mut Case) -> Note {
    let text = case.dice.word(data.notes(occasion)).to_owned();
    note(filled(&text, &case.code, &case.matter), Vec::new())
}

/// Puts the matter into a phrase.
pub(super) fn filled(phrase: &str, category: &str, matter: &Matter) -> String {
    phrase
        .replace("{处}{项}", &joined(&matter.place, &matter.item))
        .replace("{处}", &matter.place)
        .replace("{项}", &matter.item)
        .replace("{措施}", &matter.measures)
        .replace("{果}", &matter.done)
        .replace("{岗}", duty(category))
}

/// Place and item as one, without saying 外墙外墙.
fn joined(place: &str, item: &str) -> String {
    let mut start = item.chars();
    let twice: String = start.by_ref().take(2).collect();
    if place.ends_with(&twice) { format!("{place}{}", start.as_str()) } else { format!("{place}{item}") }
}

/// Classes are called by age in a kindergarten.
fn called(place: &str, school: &School) -> String {
    let names = match school.kind {
        UnitKind::Kindergarten => ["大一班", "中一班", "小一班"],
        _ if school.is_secondary() => ["七(1)班", "八(2)班", "九(1)班"],
        _ => return place.to_owned(),
    };
    let [first, second, third] = names;
    place.replace("一(1)班", first).replace("二(2)班", second).replace("三(1)班", third)
}

fn duty(category: &str) -> &'static str {
    DUTIES.iter().find(|(code, _)| *code == category).map_or("总务主任", |(_, duty)| duty)
}

/// What is wrong, of the category's items that fit the school.
pub(super) fn matter(data: &Data, category: &Category, school: &School, dice: &mut Dice) -> Matter {
    let known = |fix: &&Fix| category.sub_items.iter().any(|item| *item.zh == *fix.item);
    let fits: Vec<&Fix> =
        data.fixes(&category.code).iter().filter(known).filter(|fix| fits(&fix.places, school)).collect();
    if let Some(fix) = dice.pick(&fits) {
        let place =
            called(dice.word(data.places(&fix.places)), school).replace("{楼}", &building(school, dice));
        return Matter {
            item: fix.item.clone(),
            place,
            measures: fix.measures.clone(),
            done: fix.done.clone(),
            guide_item: String::new(),
        };
    }
    // Items the county wrote itself.
    let item = dice
        .pick(&category.sub_items)
        .map_or_else(|| category.name.zh.to_string(), |item| item.zh.to_string());
    let words = category
        .prefill
        .as_ref()
        .map_or_else(|| "设置警示并消除危险源".to_owned(), |p| p.measures.to_string());
    Matter {
        item, place: "校内".to_owned(), measures: words.clone(), done: words, guide_item: String::new()
    }
}

/// Whether a school has such a place.
fn fits(group: &str, school: &School) -> bool {
    let small = school.kind == UnitKind::TeachingPoint || school.is_outside();
    match group {
        "dorm" => school.boarders > 0,
        "lab" | "lift" => school.is_secondary(),
        "kitchen" | "boiler" => school.cooks(),
        "play" => school.kind == UnitKind::Kindergarten,
        "pitch" => school.kind != UnitKind::Kindergarten && !school.is_outside(),
        "bus" => matches!(school.kind, UnitKind::Kindergarten | UnitKind::Primary),
        "training" => school.is_outside(),
        "site" | "stairs" | "rail" | "carport" => !small || school.is_outside(),
        "computer" | "camera" | "guardroom" => school.kind != UnitKind::TeachingPoint,
        "infirmary" => !school.is_outside(),
        _ => true,
    }
}

fn building(school: &School, dice: &mut Dice) -> String {
    let (buildings, floors): (&[&str], i64) = match school.kind {
        UnitKind::TeachingPoint => return "教学房".to_owned(),
        UnitKind::Kindergarten => (&["教学楼", "活动楼"], 3),
        UnitKind::Primary => (&["教学楼", "教学楼", "综合楼"], if school.pupils > 400 { 4 } else { 2 }),
        UnitKind::CentralSchool => (&["办公楼"], 2),
        UnitKind::Training | UnitKind::ActivityVenue => (&["教学区"], 2),
        _ => (&["教学楼", "第二教学楼", "综合楼", "实验楼"], 5),
    };
    let floor = usize::try_from(dice.between(0, floors - 1)).unwrap_or(0);
    format!(
        "{}{}",
        dice.pick(buildings).copied().unwrap_or("教学楼"),
        FLOORS.get(floor).copied().unwrap_or("一楼")
    )
}

/// The description as it was typed or tapped.
pub(super) fn description(data: &Data, category: &str, matter: &Matter, dice: &mut Dice) -> String {
    let mut text = filled(dice.word(data.notes("found")), category, matter);
    if dice.chance(0.35) {
        let tail = dice.word(data.tails(category));
        if !tail.is_empty() {
            text.push('，');
            text.push_str(tail);
        }
    }
    text
}

/// The five fixed, each saying something.
pub(super) fn plan(data: &Data, case: &mut Case, category: &Category) -> PlanDraft {
    let cents = funds(case);
    let occasion = if cents == 0 { "no_funds" } else { "funds" };
    let yuan = (cents / 100).to_string();
    let funds = case.dice.word(data.notes(occasion)).replace("{元}", &yuan);
    let responsibility = case.dice.word(data.notes("responsible")).to_owned();
    let measures = case.dice.word(data.notes("measures")).to_owned();
    let own = case.dice.word(data.contingencies(&case.code)).to_owned();
    let contingency = match category.prefill.as_ref() {
        Some(prefill) if own.is_empty() || case.dice.chance(0.25) => prefill.contingency.to_string(),
        Some(_) | None => own,
    };
    PlanDraft {
        responsible: None,
        responsibility: filled(&responsibility, &case.code, &case.matter),
        funds,
        funds_cents: Some(cents),
        measures: filled(&measures, &case.code, &case.matter),
        due: None,
        contingency,
    }
}

/// Yuan cents: most need little or nothing.
fn funds(case: &mut Case) -> i64 {
    let yuan = match case.level {
        hazard::Level::Major => case.dice.between(60, 900) * 500,
        hazard::Level::Larger => case.dice.between(20, 220) * 100,
        hazard::Level::General if case.dice.chance(0.45) => 0,
        hazard::Level::General => case.dice.between(4, 60) * 20,
    };
    yuan * 100
}
