//! `xiaoan import` and `xiaoan export` as somebody at the terminal meets them.

use std::{fs, process::ExitCode, sync::Arc};

use clap::Parser;
use kernel::{FixedClock, Timestamp};

use super::support::{County, NOW};
use crate::{
    cli::{called, import},
    platform::Founding,
};

const REGISTER: &str = "学校名称,标识码,类型,所属乡镇,中心学校,在校生数,寄宿生\n";

/// The arguments alone, so that a test can hand them a platform of its own.
#[derive(Parser)]
struct Words {
    #[command(flatten)]
    import: import::ImportArgs,
}

struct Desk {
    county: County,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { county: County::new(), folder: tempfile::tempdir().unwrap() }
    }

    fn real(clock: &Arc<FixedClock>) -> Self {
        let county = County::founded(Founding::Real, Arc::clone(clock));
        Self { county, folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    fn import(&self, words: &[&str]) -> anyhow::Result<ExitCode> {
        let words = Words::try_parse_from(std::iter::once(&"import").chain(words))?;
        import::import(&self.county.platform, &words.import)
    }

    fn export(&self, words: &[&str]) -> anyhow::Result<ExitCode> {
        let data = self.county.data().display().to_string();
        let words: Vec<&str> = ["export"].iter().chain(words).copied().chain(["--data", &data]).collect();
        called(&words)
    }

    fn count(&self, sql: &str) -> i64 {
        self.county.platform.database.reader().unwrap().count(sql, &[]).unwrap()
    }

    fn events(&self) -> i64 {
        self.count("SELECT count(*) FROM event")
    }
}

fn refused(done: anyhow::Result<ExitCode>) -> String {
    format!("{:#}", done.unwrap_err())
}

#[test]
fn looking_writes_nothing_and_applying_writes_as_the_account() {
    let desk = Desk::new();
    let file =
        desk.file("名册.csv", &format!("{REGISTER}新小学,2153000051,小学,竹基镇,竹基镇示例中心学校,120,0\n"));
    let before = desk.events();
    let look = ["--kind", "register", file.as_str(), "--as", "office.test"];
    assert_eq!(desk.import(&look).unwrap(), ExitCode::SUCCESS);
    assert_eq!(desk.events(), before);
    for table in ["intake_batch", "intake_row", "intake_mapping"] {
        assert_eq!(desk.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    let apply: Vec<&str> = look.iter().copied().chain(["--apply"]).collect();
    assert_eq!(desk.import(&apply).unwrap(), ExitCode::SUCCESS);
    assert!(desk.events() > before);
    let actor = desk.county.accounts["office"].0;
    let mut tx = desk.county.platform.database.reader().unwrap();
    let by = tx.first("SELECT actor_id FROM event ORDER BY position DESC LIMIT 1", &[], |row| row.id(0));
    assert_eq!(by.unwrap(), Some(actor));
    drop(tx);
    let after = desk.events();
    assert_eq!(desk.import(&apply).unwrap(), ExitCode::SUCCESS, "the same file again changes nothing");
    assert_eq!(desk.events(), after);
}

#[test]
fn problems_end_with_three_and_nothing_is_written() {
    let desk = Desk::new();
    let file = desk.file("名册.csv", &format!("{REGISTER}新小学,2153000051,小学,没有这个镇,,很多,0\n"));
    let before = desk.events();
    let words = ["--kind", "register", file.as_str(), "--as", "office.test", "--apply", "--lang", "en"];
    assert_eq!(desk.import(&words).unwrap(), ExitCode::from(3));
    assert_eq!(desk.events(), before);
    assert_eq!(desk.count("SELECT count(*) FROM intake_batch"), 0);
}

#[test]
fn who_may_not_import_is_told_so() {
    let desk = Desk::new();
    let file = desk.file("名册.csv", REGISTER);
    let as_login = |login: &'static str| desk.import(&["--kind", "register", &file, "--as", login]);
    assert!(refused(as_login("head.test")).contains("may not import a register of schools"));
    assert!(refused(as_login("nobody")).contains("no account signs in as nobody"));
    let several = refused(desk.import(&["--kind", "register", &file]));
    assert!(several.contains("--as LOGIN: office.test, system.test"), "{several}");
    assert!(refused(desk.import(&["--kind", "register", &file, "--apply"])).contains("--as"));
    let photos = desk.import(&["--kind", "register", &file, "--photos", &file]);
    assert_eq!(photos.unwrap(), ExitCode::from(2), "a register has no photos");
    let missing = refused(desk.import(&["--kind", "guards", "/没有/这个.csv", "--as", "office.test"]));
    assert!(missing.contains("没有"), "{missing}");
}

#[test]
fn nothing_is_written_at_a_time_that_cannot_be_right() {
    let clock = Arc::new(FixedClock::new(NOW));
    let desk = Desk::real(&clock);
    let file = desk.file("名册.csv", &format!("{REGISTER}新小学,2153000051,小学,竹基镇,,120,0\n"));
    let look = ["--kind", "register", file.as_str(), "--as", "office.test"];
    let with = |more: &[&'static str]| look.iter().copied().chain(more.iter().copied()).collect::<Vec<_>>();
    let before = desk.events();
    for days in [400, -401] {
        clock.advance_ms(days * Timestamp::DAY_MS);
        let said = refused(desk.import(&with(&["--apply"])));
        assert!(said.contains("the clock of this machine") && said.contains("--clock-is-right"), "{said}");
        assert_eq!(desk.import(&look).unwrap(), ExitCode::SUCCESS, "looking is not asked");
    }
    assert_eq!(desk.events(), before);
    clock.advance_ms(401 * Timestamp::DAY_MS);
    assert_eq!(desk.import(&with(&["--apply", "--clock-is-right"])).unwrap(), ExitCode::SUCCESS);
    assert!(desk.events() > before);
}

#[test]
fn a_platform_that_is_served_is_left_alone() {
    let desk = Desk::new();
    let (file, data) = (desk.file("名册.csv", REGISTER), desk.county.data().display().to_string());
    let said = refused(called(&["import", "--kind", "register", &file, "--data", &data]));
    assert!(said.contains("is being served") && said.contains("导入"), "{said}");
}

#[test]
fn a_ledger_comes_with_its_words() {
    let desk = Desk::new();
    let head = "编号,学校名称,隐患类别,隐患描述,发现时间,隐患等级,整改情况,销号时间\n";
    let file = desk.file(
        "台账.csv",
        &format!("{head}A1,示例小学,消防安全,灭火器过期,2024-03-01,一般隐患,已整改,2024-03-25\n"),
    );
    let words = ["--kind", "ledger", file.as_str(), "--as", "office.test", "--apply"];
    assert_eq!(desk.import(&words).unwrap(), ExitCode::SUCCESS);
    assert_eq!(desk.count("SELECT count(*) FROM hazard"), 1);
}

#[test]
fn an_export_of_hazards_is_understood_as_a_ledger() {
    let (from, to) = (Desk::new(), Desk::new());
    let unit = from.county.units["primary"].0.to_string();
    for phrase in ["围墙裂缝七号", "围墙裂缝九号"] {
        let fields = [("category", "H02"), ("unit", unit.as_str()), ("source", "self"), ("phrase", phrase)];
        from.county.browser("safety").post("/hazards/new?category=H02", "/hazards", &fields);
    }
    for (format, lang) in [("csv", "zh-CN"), ("xlsx", "zh-CN"), ("csv", "en"), ("xlsx", "en")] {
        let file = from.path(&format!("隐患-{lang}.{format}"));
        let words = ["hazards", "--format", format, "--out", &file, "--as", "office.test", "--lang", lang];
        assert_eq!(from.export(&words).unwrap(), ExitCode::SUCCESS);
        let words = ["--kind", "ledger", file.as_str(), "--as", "office.test", "--apply"];
        assert_eq!(to.import(&words).unwrap(), ExitCode::SUCCESS, "{format} in {lang}");
        let hazards = "SELECT count(*) FROM hazard WHERE category = 'H02' AND stage = 'registered'";
        assert_eq!(to.count(hazards), 2, "{format} in {lang}: read once, then known");
    }
}

#[test]
fn an_export_holds_what_the_account_sees() {
    let desk = Desk::new();
    for (login, at, phrase) in
        [("safety", "primary", "围墙裂缝七号"), ("neighbour", "junior", "隔壁裂缝八号")]
    {
        let unit = desk.county.units[at].0.to_string();
        let fields = [("category", "H02"), ("unit", unit.as_str()), ("source", "self"), ("phrase", phrase)];
        desk.county.browser(login).post("/hazards/new?category=H02", "/hazards", &fields);
    }
    let (all, own) = (desk.path("all.csv"), desk.path("own.csv"));
    assert_eq!(desk.export(&["hazards", "--out", &all, "--as", "office.test"]).unwrap(), ExitCode::SUCCESS);
    assert_eq!(desk.export(&["hazards", "--out", &own, "--as", "head.test"]).unwrap(), ExitCode::SUCCESS);
    let (all, own) = (fs::read_to_string(all).unwrap(), fs::read_to_string(&own).unwrap());
    assert!(
        all.contains("围墙裂缝七号") && all.contains("隔壁裂缝八号") && all.contains("演示数据"),
        "{all}"
    );
    assert!(own.contains("围墙裂缝七号") && !own.contains("隔壁裂缝八号"), "{own}");
    let book = desk.path("units.xlsx");
    let units = ["units", "--format", "xlsx", "--out", &book, "--as", "office.test", "--lang", "en"];
    assert_eq!(desk.export(&units).unwrap(), ExitCode::SUCCESS);
    assert!(fs::read(&book).unwrap().starts_with(b"PK"));
    assert!(refused(desk.export(&units)).contains("exists already"));
    let guard = ["hazards", "--out", &desk.path("x.csv"), "--as", "guard.test"];
    assert!(refused(desk.export(&guard)).contains("may not export hazards"));
    assert!(!fs::exists(desk.path("x.csv")).unwrap());
    assert!(refused(desk.export(&["hazards", "--out", &desk.path("x.csv")])).contains("--as LOGIN"));
}

#[test]
fn an_export_at_the_terminal_is_in_the_log_of_reads_unless_the_platform_is_served() {
    let desk = Desk::new();
    let rows = "SELECT count(*) FROM access_log";
    let (served, alone, units) = (desk.path("served.csv"), desk.path("alone.csv"), desk.path("units.csv"));
    assert_eq!(desk.export(&["hazards", "--out", &served, "--as", "head.test"]).unwrap(), ExitCode::SUCCESS);
    assert_eq!(desk.count(rows), 0, "only the server writes while it serves");
    let head = desk.county.accounts["head"];
    let (data, _kept) = desk.county.stopped();
    let (path, folder) = (data.display().to_string(), desk.folder);
    let export = |list: &str, out: &str| {
        called(&["export", list, "--out", out, "--as", "head.test", "--data", &path]).unwrap()
    };
    assert_eq!(export("hazards", &alone), ExitCode::SUCCESS);
    assert_eq!(export("units", &units), ExitCode::SUCCESS);
    let mut tx =
        storage::Database::new(storage::Location::Sqlite(data.join("xiaoan.db"))).unwrap().reader().unwrap();
    let log = access::reads_after(&mut tx, 0, 10).unwrap();
    let [(1, read)] = log.as_slice() else { panic!("one row: hazards name people, units do not: {log:?}") };
    assert_eq!((read.account, read.what.as_str()), (head, "hazard.export"));
    assert!(read.why.starts_with("xiaoan export hazards · 示例小学 · 全部状态"), "{}", read.why);
    assert!(access::verify_access_log(&mut tx, None).unwrap().is_sound());
    drop(folder);
}

#[test]
fn a_founding_that_would_fail_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data").display().to_string();
    let settings = folder.path().join("xiaoan.toml").display().to_string();
    let found = |more: &[&str]| {
        let words = ["init", "--data", &data, "--write-settings", &settings];
        called(&words.iter().chain(more).copied().collect::<Vec<_>>())
    };
    assert!(refused(found(&["--admin", "one", "--security", "one"])).contains("--security"));
    assert!(refused(found(&["--admin", "one", "--audit", "one"])).contains("--audit"));
    assert!(refused(found(&["--county", "53032x"])).contains("six digits"));
    let told = refused(found(&["--county", "999999"]));
    assert!(told.contains("--county 999999") && told.contains("530323 师宗县"), "{told}");
    assert!(refused(found(&["--admin", "张三"])).contains("--admin 张三: A login has 3 to 40"));
    assert!(refused(found(&["--audit", "13800138000"])).contains("--audit 13800138000"));
    assert!(refused(found(&["--admin", "One", "--security", "one"])).contains("--security"));
    assert!(!std::path::Path::new(&data).exists());
    assert_eq!(found(&["--admin-in-office"]).unwrap(), ExitCode::SUCCESS);
    assert!(refused(found(&[])).contains("already holds a platform"));
}

#[test]
fn a_founding_that_is_refused_half_way_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (data, key) = (folder.path().join("data"), folder.path().join("data.key"));
    let (path, settings) =
        (data.display().to_string(), folder.path().join("xiaoan.toml").display().to_string());
    let found = |more: &[&str]| {
        let words = ["init", "--data", &path, "--write-settings", &settings];
        called(&words.iter().chain(more).copied().collect::<Vec<_>>())
    };
    // Only the platform itself knows what cannot be: a name of blanks, a code of no place.
    let long = "长".repeat(400);
    for (more, argument, said) in
        [(["--name", " "], "--name: ", "单位名称"), (["--name", long.as_str()], "--name: ", "字")]
    {
        let told = refused(found(&more));
        assert!(told.contains(argument) && told.contains(said) && !told.contains("refused:"), "{told}");
        assert!(told.contains("nothing is left of the attempt"), "{told}");
        assert!(!data.exists() && !key.exists(), "{more:?}");
    }
    // What lay in the folder before is not touched.
    fs::create_dir_all(data.join("files")).unwrap();
    fs::write(data.join("files/mine.jpg"), "mine").unwrap();
    fs::write(&key, "07".repeat(32)).unwrap();
    assert!(found(&["--name", " "]).is_err());
    let left: Vec<_> = fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["files"]);
    assert!(key.exists() && data.join("files/mine.jpg").exists());
    // Nor what another one is making there at this moment.
    let place = storage::Database::new(storage::Location::Sqlite(data.join("xiaoan.db"))).unwrap();
    let other = place.lease().unwrap();
    assert!(found(&[]).is_err() && data.join("xiaoan.lock").exists());
    drop(other);
    assert_eq!(found(&[]).unwrap(), ExitCode::SUCCESS);
    let mut tx =
        storage::Database::new(storage::Location::Sqlite(data.join("xiaoan.db"))).unwrap().reader().unwrap();
    for (sql, count) in [
        ("SELECT count(*) FROM unit", 3),
        ("SELECT count(*) FROM account", 3),
        ("SELECT count(*) FROM account_grant", 3),
        ("SELECT count(*) FROM account_code WHERE kind = 'printed'", 3),
    ] {
        assert_eq!(tx.count(sql, &[]).unwrap(), count, "{sql}");
    }
}

#[test]
fn a_founding_with_settings_of_its_own_writes_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let own = path("county.toml");
    let text = format!("data = {:?}\nlisten = \"127.0.0.1:8877\"\n", path("data"));
    fs::write(&own, &text).unwrap();
    let both = called(&["init", "--settings", &own, "--write-settings", &path("x.toml")]);
    assert!(both.is_err(), "two settings for one platform");
    assert_eq!(called(&["init", "--settings", &own]).unwrap(), ExitCode::SUCCESS);
    assert_eq!(fs::read_to_string(&own).unwrap(), text);
    let mut left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["county.toml", "data", "data.key"]);
    assert!(!std::path::Path::new("xiaoan.toml").exists(), "nor where it was called");
}

#[test]
fn a_founding_looks_first_where_it_would_write() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let found = |data: &str, settings: &str| called(&["init", "--data", data, "--write-settings", settings]);
    let told = refused(found(&path("z1"), &path("nonexist/x.toml")));
    assert!(told.contains("nonexist/x.toml") && told.contains("nothing was founded"), "{told}");
    assert!(!folder.path().join("z1").exists() && !folder.path().join("z1.key").exists());
    fs::write(path("f3"), "mine").unwrap();
    let told = refused(found(&path("f3"), &path("x.toml")));
    assert!(told.contains("f3 is a file") && told.contains("--data"), "{told}");
    fs::create_dir(path("photos")).unwrap();
    fs::write(path("photos/a.jpg"), "mine").unwrap();
    let told = refused(found(&path("photos"), &path("x.toml")));
    assert!(told.contains("something else (a.jpg)"), "{told}");
    assert!(!folder.path().join("photos.key").exists() && !folder.path().join("x.toml").exists());
    // The settings may lie in the folder itself, and a founding that fails takes them away again.
    let inside = path("new/xiaoan.toml");
    let failed = called(&["init", "--data", &path("new"), "--write-settings", &inside, "--name", " "]);
    assert!(failed.is_err() && !folder.path().join("new").exists());
    assert_eq!(found(&path("new"), &inside).unwrap(), ExitCode::SUCCESS);
    assert!(fs::read_to_string(&inside).unwrap().contains(&path("new")));
}
