//! Who acts: somebody who holds the role, and never the one who may not.

use super::{
    case::{Case, Judge},
    dice::Dice,
    world::{School, World},
};

/// Who will accept what `fixer` has fixed, as the rules name it.
pub(super) fn judge(school: &School, fixer: usize, major: bool) -> Judge {
    if major {
        return Judge::County;
    }
    let others =
        school.staff.accepting().into_iter().chain(school.staff.affairs).any(|person| person != fixer);
    match (others, school.central) {
        (true, _) => Judge::School,
        (false, Some(_)) => Judge::Central,
        (false, None) => Judge::County,
    }
}

/// Somebody at the county's safety office.
pub(super) fn county(world: &World, dice: &mut Dice) -> usize {
    dice.pick(&world.office).copied().unwrap_or(0)
}

/// The safety officer, now and then the head.
pub(super) fn officer(school: &School, dice: &mut Dice) -> usize {
    if dice.chance(0.82) { school.staff.officer } else { school.staff.head }
}

/// The head, or the officer.
pub(super) fn leader(school: &School, dice: &mut Dice) -> usize {
    if dice.chance(0.7) { school.staff.head } else { school.staff.officer }
}

/// Who accepts: at the school somebody other than the fixer.
pub(super) fn accepts(world: &World, school: &School, case: &mut Case) -> usize {
    match case.judge {
        Judge::County => county(world, &mut case.dice),
        Judge::Central => {
            let central = school.central.and_then(|at| world.schools.get(at));
            central.map_or(school.staff.head, |central| leader(central, &mut case.dice))
        }
        Judge::School => {
            let fixer = case.fixer;
            let others: Vec<usize> =
                school.staff.accepting().into_iter().filter(|person| *person != fixer).collect();
            case.dice.pick(&others).copied().unwrap_or(school.staff.head)
        }
    }
}

/// Who shall fix it: whoever is near the thing.
pub(super) fn responsible(school: &School, category: &str, dice: &mut Dice) -> usize {
    let staff = &school.staff;
    let near: Vec<usize> = match category {
        "H03" => staff.cooks.clone(),
        "H10" => staff.wardens.clone(),
        "H11" | "H12" => staff.guards.clone(),
        "H05" | "H09" | "H15" | "H18" | "H19" => staff.teachers.clone(),
        _ => staff.affairs.into_iter().collect(),
    };
    if !near.is_empty() && dice.chance(0.6) {
        return dice.pick(&near).copied().unwrap_or(staff.officer);
    }
    let others: Vec<usize> =
        staff.teachers.iter().chain(&staff.affairs).chain([&staff.officer]).copied().collect();
    dice.pick(&others).copied().unwrap_or(staff.officer)
}

/// Who asks for more time, and who may answer him: `None` when there is nobody else.
pub(super) fn extension(world: &World, school: &School, case: &mut Case) -> Option<(usize, usize)> {
    let asker = school.staff.officer;
    if case.is_major() {
        return Some((asker, county(world, &mut case.dice)));
    }
    let central = school.central.and_then(|at| world.schools.get(at)).map(|central| central.staff.head);
    let answers = school.staff.deciding().into_iter().chain(central).find(|person| *person != asker)?;
    Some((asker, answers))
}
