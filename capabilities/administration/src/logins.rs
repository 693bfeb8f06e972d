//! Logins proposed from names: 张大山 becomes `zhangdashan`, a second one `zhangdashan2`. Nobody's telephone or
//! identity number, and nothing that says who is behind a post tomorrow.

use std::collections::HashSet;

use access::{account_by_login, limits};
use pinyin::ToPinyin;
use storage::{StorageError, Tx};

/// Characters kept free for a number behind the name.
const NUMBER_CHARS: usize = 4;

/// A name in letters; what is neither Chinese nor a plain letter or digit is left out.
fn letters(name: &str) -> String {
    let spelled = name.chars().zip(name.to_pinyin()).map(|(character, pinyin)| match pinyin {
        Some(pinyin) => pinyin.plain().replace('ü', "v"),
        None if character.is_ascii_alphanumeric() => character.to_ascii_lowercase().to_string(),
        None => String::new(),
    });
    let all: String = spelled.collect();
    all.chars().filter(char::is_ascii).take(limits::LOGIN_MOST - NUMBER_CHARS).collect()
}

/// Logins that nobody has, one for each name, all different.
pub(crate) fn proposed(tx: &mut Tx, names: &[&str]) -> Result<Vec<String>, StorageError> {
    let mut given: HashSet<String> = HashSet::new();
    let mut logins = Vec::with_capacity(names.len());
    for name in names {
        let plain = letters(name);
        let base = if plain.is_empty() { "user".to_owned() } else { plain };
        // A login shorter than it may be gets a number at once.
        let first = if base.len() < limits::LOGIN_LEAST { format!("{base}01") } else { base.clone() };
        let mut login = first;
        let mut number = 1_u32;
        while given.contains(&login) || account_by_login(tx, &login)?.is_some() {
            number += 1;
            login = format!("{base}{number}");
        }
        given.insert(login.clone());
        logins.push(login);
    }
    Ok(logins)
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn names_become_letters() {
        let cases = [
            ("张大山", "zhangdashan"),
            ("吕 布", "lvbu"),
            ("Li·Lei 3", "lilei3"),
            ("", ""),
            ("ÄÖ", ""),
            ("阿依努尔·买买提", "ayinuermaimaiti"),
        ];
        for (name, login) in cases {
            assert_eq!(letters(name), login, "{name}");
        }
        assert_eq!(letters(&"张".repeat(20)).len(), 36);
    }
}
