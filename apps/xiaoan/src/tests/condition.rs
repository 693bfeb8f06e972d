//! 运行状况, on the page and at the terminal.

use std::{fs, process::ExitCode};

use axum::http::StatusCode;

use super::support::County;
use crate::cli::called;

#[test]
fn whoever_runs_the_platform_sees_how_it_is_and_nobody_else() {
    let county = County::new();
    let page = county.browser("system").get("/condition");
    assert_eq!(page.status, StatusCode::OK);
    for words in ["运行状况", "每夜备份", "没有设置", "打开每夜备份", "磁盘空间", "密钥文件"]
    {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    for login in ["office", "leader", "head", "guard", "audit"] {
        assert_ne!(county.browser(login).get("/condition").status, StatusCode::OK, "{login}");
    }
}

#[test]
fn the_terminal_says_the_same_and_its_exit_code_tells_what_needs_somebody() {
    let county = County::new();
    let data = county.data();
    let settings = data.with_extension("toml");
    let copies = data.with_extension("copies");
    let words = |settings: &std::path::Path| settings.display().to_string();
    let text = |folder: &std::path::Path| {
        format!("data = {:?}\n[backup]\nfolder = {:?}\n", words(&data), words(folder))
    };
    fs::write(&settings, text(&copies)).unwrap();
    let told = called(&["doctor", "--settings", &words(&settings)]).unwrap();
    assert_eq!(format!("{told:?}"), format!("{:?}", ExitCode::SUCCESS), "none yet, and nothing is lost");
    // A file where the folder should be, as a disk that is not there leaves it.
    fs::write(&copies, "").unwrap();
    let told = called(&["doctor", "--settings", &words(&settings)]).unwrap();
    assert_eq!(format!("{told:?}"), format!("{:?}", ExitCode::from(3)));
}
