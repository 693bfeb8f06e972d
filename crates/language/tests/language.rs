//! What is said, in both languages.

use kernel::Timestamp;
use language::{Lang, Say, plain, spaced, texts};

const ZH: Say = Say(Lang::ZhCn);
const EN: Say = Say(Lang::En);

#[test]
fn the_viewer_decides_then_the_browser_then_chinese() {
    assert_eq!(Lang::choose(Some("en"), Some("zh-CN")), Lang::En);
    assert_eq!(Lang::choose(Some("xx"), Some("en-GB,zh;q=0.8")), Lang::En);
    assert_eq!(Lang::choose(None, Some("fr, en;q=0.3, zh-Hans;q=0.9")), Lang::ZhCn);
    assert_eq!(Lang::choose(None, Some("fr, en;q=0")), Lang::ZhCn);
    assert_eq!(Lang::choose(None, None), Lang::ZhCn);
    assert_eq!(Lang::parse("zh_CN").map(Lang::tag), Some("zh-CN"));
}

#[test]
fn deadlines_are_words() {
    assert_eq!(ZH.left(3 * Timestamp::HOUR_MS), "还剩\u{2009}3\u{2009}小时");
    assert_eq!(plain(&ZH.left(-2 * Timestamp::DAY_MS - 5)), "逾期 2 天");
    assert_eq!(EN.left(3 * Timestamp::HOUR_MS), "3 hours left");
    assert_eq!(EN.left(Timestamp::HOUR_MS), "1 hour left");
    assert_eq!(EN.left(-2 * Timestamp::DAY_MS), "2 days overdue");
    assert_eq!(EN.left(30_000), "less than a minute left");
    assert_eq!(EN.left(47 * Timestamp::HOUR_MS), "47 hours left");
    assert_eq!(plain(&ZH.left(0)), "就要到期");
    assert_eq!(EN.left(i64::MIN), "106,751,991,167 days overdue");
    assert_eq!(plain(&ZH.ago(20 * Timestamp::MINUTE_MS)), "20 分钟前");
}

#[test]
fn dates_are_local() {
    let at = Timestamp(1_796_688_300_000);
    assert_eq!(ZH.date_time(at), "2026-12-08 08:05");
    assert_eq!(ZH.date_of(at), "2026年12月8日");
    assert_eq!(EN.date_of(at), "8 December 2026");
}

#[test]
fn numbers_and_sizes() {
    assert_eq!(ZH.number(-1_234_567), "−1,234,567");
    assert_eq!(EN.count(10_001), "10,000+");
    assert_eq!(plain(&ZH.count(10_001)), "10,000以上");
    assert_eq!(EN.per_mille(987), "98.7%");
    assert_eq!(plain(&EN.size(1_300_000)), "1.2 MB");
    assert_eq!(plain(&EN.size(12 * 1024 * 1024)), "12 MB");
    assert_eq!(plain(&EN.size(3)), "3 B");
    assert_eq!(ZH.list(["甲", "乙"]), "甲、乙");
    assert_eq!(EN.list(["A", "B"]), "A, B");
}

#[test]
fn thin_spaces() {
    assert_eq!(plain(&spaced("共3条PDF 文件 a b")), "共 3 条 PDF 文件 a b");
    assert_eq!(spaced("第 3 条"), "第\u{2009}3\u{2009}条");
}

#[test]
fn texts_by_key() {
    let args = [("span", "2 days".to_owned())];
    assert_eq!(texts::lookup(Lang::En, "say-left", &args).as_deref(), Some("2 days left"));
    assert_eq!(texts::lookup(Lang::En, "say-left", &[]), None);
    assert_eq!(texts::lookup(Lang::En, "nothing", &[]), None);
}
