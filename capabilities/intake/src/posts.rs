//! Posts in the words of schools' lists.

use language::Lang;
use organisation::Post;

use crate::field::identity;

const WORDS: &[(&str, Post)] = &[
    ("校长", Post::Head),
    ("园长", Post::Head),
    ("党支部书记", Post::Secretary),
    ("党总支书记", Post::Secretary),
    ("分管安全副校长", Post::SafetyViceHead),
    ("分管安全副园长", Post::SafetyViceHead),
    ("安全员", Post::SafetyOfficer),
    ("安全主任", Post::SafetyOfficer),
    ("安全办主任", Post::SafetyOfficer),
    ("安全管理员", Post::SafetyOfficer),
    ("总务主任", Post::GeneralAffairs),
    ("后勤主任", Post::GeneralAffairs),
    ("后勤", Post::GeneralAffairs),
    ("德育主任", Post::MoralEducation),
    ("政教主任", Post::MoralEducation),
    ("政教", Post::MoralEducation),
    ("年级主任", Post::YearLeader),
    ("班主任老师", Post::ClassTeacher),
    ("任课教师", Post::Teacher),
    ("科任教师", Post::Teacher),
    ("专任教师", Post::Teacher),
    ("老师", Post::Teacher),
    ("宿管员", Post::DormWarden),
    ("宿舍管理员", Post::DormWarden),
    ("生活老师", Post::DormWarden),
    ("生活教师", Post::DormWarden),
    ("食品安全管理员", Post::FoodSafety),
    ("食品安全管理人员", Post::FoodSafety),
    ("厨工", Post::Cook),
    ("厨师", Post::Cook),
    ("炊事员", Post::Cook),
    ("食堂工人", Post::Cook),
    ("食堂从业人员", Post::Cook),
    ("食堂员工", Post::Cook),
    ("实验室管理员", Post::LabKeeper),
    ("实验教师", Post::LabKeeper),
    ("保健医", Post::SchoolDoctor),
    ("保健医生", Post::SchoolDoctor),
    ("保健教师", Post::SchoolDoctor),
    ("卫生老师", Post::SchoolDoctor),
    ("保安员", Post::Guard),
    ("门卫", Post::Guard),
    ("校车驾驶员", Post::BusCrew),
    ("校车司机", Post::BusCrew),
    ("校车照管员", Post::BusCrew),
    ("随车照管员", Post::BusCrew),
    ("消控室值班员", Post::FireControl),
    ("消防控制室值班员", Post::FireControl),
    ("心理老师", Post::Psychology),
    ("心理辅导教师", Post::Psychology),
    ("心理健康教师", Post::Psychology),
    ("法制副校长", Post::LawViceHead),
];

/// Between two posts of one person.
const BETWEEN: [char; 9] = ['、', ',', '，', ';', '；', '/', '／', '+', ' '];

/// The posts of a cell, each once; the first word that is none comes back as the error.
pub(crate) fn posts(text: &str) -> Result<Vec<Post>, &str> {
    let mut found = Vec::new();
    for word in text.split(BETWEEN).filter(|word| !word.trim().is_empty()) {
        let post = post(word).ok_or(word)?;
        if !found.contains(&post) {
            found.push(post);
        }
    }
    Ok(found)
}

fn post(word: &str) -> Option<Post> {
    let word = identity(word);
    let named = |post: &Post| Lang::ALL.iter().any(|lang| identity(&web::names::post(*lang, *post)) == word);
    let known = WORDS.iter().find(|(known, _)| *known == word).map(|(_, post)| *post);
    known.or_else(|| Post::ALL.iter().copied().find(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_post_is_understood_and_other_words_are_not() {
        for lang in Lang::ALL {
            for post in Post::ALL {
                let name = web::names::post(lang, *post);
                assert_eq!(super::post(&name), Some(*post), "{name}");
            }
        }
        assert_eq!(posts("班主任、宿管员，班主任"), Ok(vec![Post::ClassTeacher, Post::DormWarden]));
        assert_eq!(posts("炊事员"), Ok(vec![Post::Cook]));
        assert_eq!(posts("班主任、保洁"), Err("保洁"));
        assert_eq!(posts(" "), Ok(Vec::new()));
    }
}
