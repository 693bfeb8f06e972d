//! The reminder texts of 待办事项: one of everything, and one for each school, because an office calls school by school.

use kernel::{Timestamp, UnitId};
use language::{Lang, Say};

use crate::{query::DueItem, texts, turn::Act, words};

/// Items of the text about everything.
const REMINDED: usize = 20;

/// What to send to one school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reminder {
    /// Of the field on the page.
    pub id: String,
    /// The school.
    pub name: String,
    /// How many items wait there, and how many of them are late.
    pub count: String,
    /// Everything that waits there.
    pub text: String,
}

/// The office lives in chat groups: a text that can be pasted there as it is.
pub(super) fn reminder(lang: Lang, home: &str, items: &[DueItem], now: Timestamp) -> String {
    if items.is_empty() {
        return String::new();
    }
    let mut lines = vec![head(lang, home, now)];
    let listed = items.iter().take(REMINDED).enumerate();
    lines.extend(listed.map(|(at, item)| line(lang, at + 1, &item.unit_name, (item, item.act), now)));
    let others = items.len().saturating_sub(REMINDED);
    if others > 0 {
        lines.push(texts::today_reminder_others(lang, others));
    }
    ended(lang, lines)
}

/// The text of each school that has something on this page, with everything that waits there, on this page or not.
/// Nothing where only one school is concerned: the text about everything says it already.
pub(super) fn per_school(lang: Lang, shown: &[DueItem], items: &[DueItem], now: Timestamp) -> Vec<Reminder> {
    if items.iter().all(|item| items.first().is_some_and(|first| first.unit == item.unit)) {
        return Vec::new();
    }
    let mut units: Vec<UnitId> = Vec::new();
    for item in shown {
        if item.owed_there && !units.contains(&item.unit) {
            units.push(item.unit);
        }
    }
    // What the county itself has to do about a school's hazard is nothing to remind the school of.
    let theirs =
        |unit: UnitId| items.iter().filter(|item| item.owed_there && item.unit == unit).collect::<Vec<_>>();
    units.into_iter().filter_map(|unit| school(lang, &theirs(unit), now)).collect()
}

fn school(lang: Lang, items: &[&DueItem], now: Timestamp) -> Option<Reminder> {
    let first = items.first()?;
    let late = items.iter().filter(|item| item.due_at.is_some_and(|due| due < now)).count();
    let mut lines = vec![head(lang, &first.unit_name, now)];
    // A school is told what it owes, not what its superior will do about it.
    let each = items.iter().enumerate();
    lines.extend(each.map(|(at, item)| line(lang, at + 1, &item.place, (*item, item.owed), now)));
    Some(Reminder {
        id: format!("reminder-{}", first.unit.0.simple()),
        name: first.unit_name.clone(),
        count: match late {
            0 => texts::today_count_fine(lang, items.len()),
            late => texts::today_count(lang, items.len(), late),
        },
        text: ended(lang, lines),
    })
}

fn head(lang: Lang, name: &str, now: Timestamp) -> String {
    texts::today_reminder_head(lang, name, Say(lang).date_time(now))
}

fn line(lang: Lang, number: usize, place: &str, (item, act): (&DueItem, Act), now: Timestamp) -> String {
    let act = words::act(lang, act);
    let ledger = item.number.to_string();
    match (item.due_at, place.is_empty()) {
        (Some(due), false) => texts::today_reminder_line(
            lang,
            number,
            place,
            &item.title,
            ledger,
            act,
            Say(lang).left(due.since_ms(now)),
        ),
        (Some(due), true) => texts::today_reminder_line_there(
            lang,
            number,
            &item.title,
            ledger,
            act,
            Say(lang).left(due.since_ms(now)),
        ),
        (None, false) => texts::today_reminder_line_plain(lang, number, place, &item.title, ledger, act),
        (None, true) => texts::today_reminder_line_bare(lang, number, &item.title, ledger, act),
    }
}

fn ended(lang: Lang, mut lines: Vec<String>) -> String {
    lines.push(texts::today_reminder_tail(lang).to_owned());
    language::plain(&lines.join("\n")).to_string()
}

#[cfg(test)]
mod tests {
    use kernel::StreamId;

    use super::*;
    use crate::level::Number;

    const NOW: Timestamp = Timestamp(1_788_000_000_000);

    fn item(at: u128, unit: u128) -> DueItem {
        DueItem {
            id: StreamId(uuid::Uuid::from_u128(at)),
            number: Number { year: 2026, serial: 1 },
            unit: UnitId(uuid::Uuid::from_u128(unit)),
            unit_name: format!("学校{unit}"),
            title: format!("事项{at}"),
            place: String::new(),
            level: None,
            act: Act::Grade,
            owed: Act::Grade,
            due_at: Some(Timestamp(NOW.0 + if at == 0 { -1_000 } else { 86_400_000 })),
            registered_at: NOW,
            person: None,
            escalation: None,
            owed_there: true,
            closed_at: None,
            urged: 0,
            version: 1,
        }
    }

    #[test]
    fn the_text_about_everything_says_how_many_it_leaves_out() {
        let items: Vec<_> = (0..23).map(|at| item(at, 1)).collect();
        let text = reminder(Lang::ZhCn, "县局", &items, NOW);
        assert!(text.contains("事项19") && !text.contains("事项20"), "{text}");
        assert!(text.contains("另有 3 项"), "{text}");
        assert!(!reminder(Lang::ZhCn, "县局", &items[..20], NOW).contains("另有"));
        assert!(per_school(Lang::ZhCn, &items, &items, NOW).is_empty(), "one school needs no second text");
    }

    #[test]
    fn the_text_about_everything_names_what_each_item_is_there_for() {
        let late = DueItem { act: Act::Raise, owed: Act::Rectify, ..item(0, 1) };
        let text = reminder(Lang::ZhCn, "县局", &[late], NOW);
        assert!(text.contains(&words::act(Lang::ZhCn, Act::Raise)), "{text}");
        assert!(!text.contains(&words::act(Lang::ZhCn, Act::Rectify)), "{text}");
    }

    #[test]
    fn a_school_is_told_its_own_step() {
        let late = DueItem { act: Act::Raise, owed: Act::Rectify, ..item(0, 1) };
        let schools = per_school(Lang::ZhCn, &[late.clone(), item(1, 2)], &[late, item(1, 2)], NOW);
        let text = &schools[0].text;
        assert!(text.contains(&words::act(Lang::ZhCn, Act::Rectify)), "{text}");
        assert!(!text.contains(&words::act(Lang::ZhCn, Act::Raise)), "{text}");
    }

    #[test]
    fn a_school_is_not_reminded_of_what_its_superior_owes() {
        let above = DueItem { owed_there: false, ..item(0, 1) };
        let items = [above, item(2, 1), item(1, 2), DueItem { owed_there: false, ..item(3, 3) }];
        let schools = per_school(Lang::ZhCn, &items, &items, NOW);
        let names: Vec<_> = schools.iter().map(|school| school.name.as_str()).collect();
        assert_eq!(names, ["学校1", "学校2"]);
        assert!(
            !schools[0].text.contains("事项0") && schools[0].text.contains("事项2"),
            "{}",
            schools[0].text
        );
    }

    #[test]
    fn a_school_gets_all_of_its_own_and_nothing_of_others() {
        let items: Vec<_> = (0..60).map(|at| item(at, at % 2)).collect();
        let schools = per_school(Lang::ZhCn, &items[..2], &items, NOW);
        let names: Vec<_> = schools.iter().map(|school| school.name.as_str()).collect();
        assert_eq!(names, ["学校0", "学校1"], "the most urgent first");
        assert!(schools[0].text.contains("事项58") && !schools[0].text.contains("事项59"));
        assert_eq!(schools[0].count, texts::today_count(Lang::ZhCn, 30, 1));
        assert_eq!(schools[1].count, texts::today_count_fine(Lang::ZhCn, 30));
        assert!(schools[1].text.starts_with("【校园安全待办提醒】学校1"), "{}", schools[1].text);
        assert_eq!(per_school(Lang::ZhCn, &items[..1], &items, NOW).len(), 1, "only the schools of the page");
    }
}
