//! Which hazards are found when and where: shares and months from the rules, days from the school year, schools by
//! size and by what they have.

use anyhow::Result;
use kernel::Timestamp;
use organisation::UnitKind;
use rules::{Category, RuleBook};

use super::{
    calendar::Calendar,
    dice::Dice,
    world::{School, Temper, World},
};

/// Hazards of a year at full scale.
const YEAR: u32 = 8_800;

/// A hazard to be found.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub at: Timestamp,
    pub category: usize,
    pub school: usize,
    /// Its number in the order of finding.
    pub number: u64,
    /// Among the last ones some are left standing, one stage after another.
    pub left_standing: Option<usize>,
}

/// Plans all of them, in the order of time.
pub(super) fn plan(
    rules: &RuleBook,
    calendar: &Calendar,
    world: &World,
    scale: u32,
    window: (usize, usize),
    dice: &Dice,
) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for (at, category) in rules.categories().iter().enumerate() {
        if !category.is_on() || category.season.share == 0 {
            continue;
        }
        let mut dice = dice.fork("season", u64::try_from(at).unwrap_or(0));
        let count = (YEAR * scale / 100 * category.season.share + 500) / 1000;
        let days = day_weights(category, calendar, window);
        let schools: Vec<f64> = world.schools.iter().map(|school| weight(category, school)).collect();
        for _ in 0..count {
            let school = dice.weighted(&schools);
            let day = dice.weighted(&days);
            let evening = world.schools.get(school).is_some_and(|school| school.boarders > 0)
                && dice.chance(if &*category.code == "H10" { 0.55 } else { 0.03 });
            let hour = hour(evening, &mut dice);
            found.push(Found {
                at: calendar.at_hour(day, hour),
                category: at,
                school,
                number: 0,
                left_standing: None,
            });
        }
    }
    found.sort_by_key(|one| (one.at, one.school, one.category));
    let recent = recent(&found, calendar, window);
    let stride = ((found.len() - recent) / 49).max(3);
    for (number, one) in found.iter_mut().enumerate() {
        one.number = u64::try_from(number).unwrap_or(0);
        if number >= recent && number % stride == 0 {
            one.left_standing = Some(number / stride);
        }
    }
    Ok(found)
}

/// The place from which on hazards may be left standing: two weeks, or the last sixty.
fn recent(found: &[Found], calendar: &Calendar, window: (usize, usize)) -> usize {
    let since = calendar.at_hour(window.1.saturating_sub(14), 0.0);
    let weeks = found.partition_point(|one| one.at < since);
    weeks.min(found.len().saturating_sub(60))
}

/// The month's weight, given to its days by how busy they are.
fn day_weights(category: &Category, calendar: &Calendar, window: (usize, usize)) -> Vec<f64> {
    let days = calendar.days();
    let inside = |at: usize| (window.0..window.1).contains(&at);
    let busy = |at: usize| days.get(at).map_or(0.0, |day| if inside(at) { day.busy } else { 0.0 });
    let month = |at: usize| days.get(at).map_or((0, 0), |day| (day.date.year(), day.date.month()));
    let mut weights = vec![0.0; days.len()];
    let mut from = 0;
    while from < days.len() {
        let to = (from..days.len()).find(|at| month(*at) != month(from)).unwrap_or(days.len());
        let sum: f64 = (from..to).map(busy).sum();
        let count = (from..to).filter(|at| inside(*at)).count();
        let place = usize::try_from(month(from).1).unwrap_or(1).saturating_sub(1);
        let weight = category.season.months.get(place).copied().unwrap_or(100);
        let share = f64::from(weight) * f64::from(u16::try_from(count).unwrap_or(0));
        for (at, slot) in weights.iter_mut().enumerate().take(to).skip(from) {
            *slot = if sum > 0.0 { share * busy(at) / sum } else { 0.0 };
        }
        from = to;
    }
    weights
}

/// Seven to half past eight and the hours of the working day; evenings in boarding schools.
fn hour(evening: bool, dice: &mut Dice) -> f64 {
    if evening {
        return dice.real(18.8, 22.2);
    }
    match dice.weighted(&[26.0, 32.0, 8.0, 31.0, 3.0]) {
        0 => dice.real(7.0, 8.4),
        1 => dice.real(8.4, 11.9),
        2 => dice.real(12.0, 13.6),
        3 => dice.real(14.0, 17.3),
        _ => dice.real(17.3, 17.95),
    }
}

/// How likely a category is at a school: by what is there, by size, and by how closely people look.
fn weight(category: &Category, school: &School) -> f64 {
    let suits = suits(&category.code, school);
    if suits == 0.0 {
        return 0.0;
    }
    let heads = f64::from(school.pupils + school.staff_count + 60);
    let looks = match school.temper {
        Temper::Excellent => 1.25,
        Temper::Usual => 1.0,
        Temper::Slow => 0.8,
    };
    suits * looks * heads.powf(0.6)
}

fn suits(code: &str, school: &School) -> f64 {
    let yes = |holds: bool| if holds { 1.0 } else { 0.0 };
    let secondary = school.is_secondary();
    if school.is_outside() {
        return match code {
            "H23" => 1.0,
            "H01" | "H08" => 0.35,
            "H02" | "H06" | "H11" | "H21" | "H99" => 0.2,
            _ => 0.0,
        };
    }
    if school.kind == UnitKind::CentralSchool {
        return match code {
            "H01" | "H08" | "H02" | "H21" | "H14" => 0.6,
            _ => 0.0,
        };
    }
    match code {
        "H03" if school.cooks() => 1.0,
        "H03" => 0.15,
        "H05" => yes(secondary),
        "H07" => yes(school.cooks() && school.pupils > 250),
        "H10" => yes(school.boarders > 0),
        "H13" if secondary => 0.6,
        "H18" if school.kind == UnitKind::Kindergarten => 0.4,
        "H20" => yes(school.pupils > 300),
        "H23" => 0.0,
        _ => 1.0,
    }
}
