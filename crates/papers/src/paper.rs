//! What a paper is, whatever it is printed with.

use kernel::Date;
use language::{Lang, Say};
use serde::{Deserialize, Serialize};

use crate::{Block, texts};

/// The three forms that papers here have. GB/T 9704-2012 chapter 7 and clause 10.1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// 文件格式: red sender's mark and a red line across the type area. 通知, 报告.
    #[default]
    Document,
    /// 信函格式: the sender's full name between red double lines. 函.
    Letter,
    /// No head: a sheet that is filled in and kept. 核查表, 回执.
    Sheet,
}

impl Form {
    /// Its name in style sheets and files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::Letter => "letter",
            Self::Sheet => "sheet",
        }
    }
}

/// The colour of a slip: printed on white paper it has a band of its colour at its head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// No slip, or a white one.
    #[default]
    White,
    /// 黄色
    Yellow,
    /// 红色
    Red,
}

impl Tone {
    /// Its name in style sheets.
    pub const fn name(self) -> &'static str {
        match self {
            Self::White => "white",
            Self::Yellow => "yellow",
            Self::Red => "red",
        }
    }
}

/// Something on a page of its own behind the paper. Clause 7.3.7.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annex {
    /// 附件 with its number; empty for what is handed back, such as a 送达回执.
    pub label: String,
    /// Its title.
    pub title: String,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// An official paper. Every text is ready to be printed; what is empty is left out, but for the number of a paper that has
/// a head: that leaves a blank to be filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// `zh-CN` or `en`.
    pub lang: String,
    /// Which form.
    pub form: Form,
    /// Of a slip in three colours.
    pub tone: Tone,
    /// 发文机关标志
    pub mark: String,
    /// 发文字号 as the office gave it, or a blank.
    pub number: String,
    /// The platform's own number, with the word before it.
    pub registered: String,
    /// 签发人, with the word before it; for papers addressed upward.
    pub issuer: String,
    /// 标题
    pub title: String,
    /// 主送机关, with its colon.
    pub addressee: String,
    /// 正文
    pub body: Vec<Block>,
    /// 附件说明: the word for it.
    pub enclosures_label: String,
    /// 附件说明: what is enclosed, numbered when there are several.
    pub enclosures: Vec<String>,
    /// 发文机关署名; empty for sheets.
    pub office: String,
    /// 成文日期; empty until it is signed.
    pub date: String,
    /// 附注, or how a paper is checked.
    pub note: String,
    /// 抄送, with the word before it.
    pub copies: String,
    /// 印发机关; papers in the form of documents only.
    pub printed_by: String,
    /// 印发日期
    pub printed_on: String,
    /// 附件
    pub annexes: Vec<Annex>,
    /// That it is a draft, in words; empty for what was signed.
    pub draft: String,
    /// That it is of a demonstration, in words.
    pub demonstration: String,
}

impl Paper {
    /// A paper of an office, with this title and nothing else.
    pub fn new(lang: Lang, form: Form, office: &str, title: &str) -> Self {
        let office = official(office);
        let (mark, number) = match form {
            Form::Document => (texts::paper_mark(lang, &office), blank(lang)),
            Form::Letter => (office.clone(), blank(lang)),
            Form::Sheet => (String::new(), String::new()),
        };
        Self {
            lang: lang.tag().to_owned(),
            form,
            mark,
            number,
            title: official(title),
            office: if form == Form::Sheet { String::new() } else { office },
            enclosures_label: texts::paper_enclosures(lang).to_owned(),
            ..Self::default()
        }
    }

    /// 文号 as the office gave it, and the number on the platform. Without the first a blank stays to be filled in.
    #[must_use]
    pub fn numbered(mut self, document: &str, inside: &str) -> Self {
        if !document.trim().is_empty() {
            self.number = bracketed(document);
        }
        if !inside.is_empty() {
            self.registered = texts::paper_number_inside(self.lang(), inside);
        }
        self
    }

    /// 签发人 of a paper addressed upward.
    #[must_use]
    pub fn issued_by(mut self, name: &str) -> Self {
        if !name.is_empty() {
            self.issuer = texts::paper_issuer(self.lang(), name);
        }
        self
    }

    /// 主送机关
    #[must_use]
    pub fn addressed_to(mut self, name: &str) -> Self {
        self.addressee = official(&texts::paper_colon(self.lang(), name));
        self
    }

    /// 正文
    #[must_use]
    pub fn saying(mut self, body: crate::Body) -> Self {
        self.body = body.blocks();
        self
    }

    /// The day it was signed; a paper in the form of a document is printed on the same day by the same office.
    #[must_use]
    pub fn dated(mut self, day: Date) -> Self {
        let lang = self.lang();
        self.date = official(&Say(lang).date(day));
        if self.form == Form::Document {
            self.printed_by = self.office.clone();
            self.printed_on = texts::paper_printed(lang, &self.date);
        }
        self
    }

    /// Dated by hand: the day is left to be filled in.
    #[must_use]
    pub fn dated_by_hand(mut self) -> Self {
        self.date = format!("\u{3000}\u{3000}\u{3000}\u{3000}{}", texts::paper_blank_date(self.lang()));
        self
    }

    /// Not signed yet, in words.
    #[must_use]
    pub fn draft(mut self, words: &str) -> Self {
        self.draft = official(words);
        self
    }

    /// 抄送
    #[must_use]
    pub fn copied_to(mut self, units: &str) -> Self {
        let units = official(units.trim().trim_end_matches(['。', '.']));
        if !units.is_empty() {
            self.copies = texts::paper_copies(self.lang(), units);
        }
        self
    }

    /// A slip of this colour; its title names it too.
    #[must_use]
    pub const fn toned(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// 附件说明
    #[must_use]
    pub fn enclosing<S: AsRef<str>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        let names: Vec<String> = names.into_iter().map(|name| official(name.as_ref())).collect();
        let alone = names.len() == 1;
        let numbered =
            |(nth, name): (usize, String)| if alone { name } else { format!("{}.{name}", nth + 1) };
        self.enclosures = names.into_iter().enumerate().map(numbered).collect();
        self
    }

    /// 附件, on a page of its own.
    #[must_use]
    pub fn annex(mut self, title: &str, body: crate::Body) -> Self {
        let label = texts::paper_annex(self.lang()).to_owned();
        self.annexes.push(Annex { label, title: official(title), blocks: body.blocks() });
        self
    }

    /// A slip that is torn off or handed back: on a page of its own, and no 附件.
    #[must_use]
    pub fn slip(mut self, title: &str, body: crate::Body) -> Self {
        self.annexes.push(Annex { label: String::new(), title: official(title), blocks: body.blocks() });
        self
    }

    /// How it is checked.
    #[must_use]
    pub fn noting(mut self, words: &str) -> Self {
        self.note = official(words);
        self
    }

    /// Of a demonstration: every sheet says so.
    #[must_use]
    pub fn of_demonstration(mut self, yes: bool) -> Self {
        self.demonstration =
            if yes { texts::paper_demonstration(self.lang()).to_owned() } else { String::new() };
        self
    }

    /// The language it is written in.
    pub fn lang(&self) -> Lang {
        Lang::parse(&self.lang).unwrap_or_default()
    }

    /// Letters of the sender's mark are as high as its length lets them be, and never higher than those of the tier
    /// above: 15 mm. Clause 7.2.4. In millimetres, whole.
    pub fn mark_mm(&self) -> usize {
        const TYPE_AREA_MM: usize = 156;
        let width = |c: char| if c.is_ascii() { 1_usize } else { 2 };
        let halves: usize = self.mark.chars().map(width).sum();
        (TYPE_AREA_MM * 2 / halves.max(1)).clamp(5, 15)
    }
}

/// The office's letters, a year and a number are written by hand.
fn blank(lang: Lang) -> String {
    format!("\u{3000}\u{3000}\u{3000}{}", texts::paper_blank_number(lang))
}

/// The year stands in 六角括号. Clause 7.2.5; offices type what their keyboard has.
fn bracketed(number: &str) -> String {
    const OPENING: [char; 6] = ['[', '［', '【', '(', '（', '〔'];
    const CLOSING: [char; 6] = [']', '］', '】', ')', '）', '〕'];
    let number = official(number);
    let year = |inside: &str| inside.len() == 4 && inside.bytes().all(|byte| byte.is_ascii_digit());
    let parts = number
        .split_once(OPENING)
        .and_then(|(office, rest)| rest.split_once(CLOSING).map(|(inside, end)| (office, inside, end)));
    match parts {
        Some((office, inside, end)) if year(inside) => {
            format!("{}〔{inside}〕{}", office.trim_end(), end.trim_start())
        }
        _ => number,
    }
}

/// Words as they stand in an official paper: no thin spaces between Chinese and Latin, and none of the ordinary ones
/// there either.
pub(crate) fn official(text: &str) -> String {
    let text = language::plain(text);
    let chars: Vec<char> = text.trim().chars().collect();
    let wide = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| !c.is_ascii());
    let beside_chinese = |nth: usize| wide(nth.checked_sub(1)) || wide(nth.checked_add(1));
    chars.iter().enumerate().filter(|(nth, c)| **c != ' ' || !beside_chinese(*nth)).map(|(_, c)| *c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Body;

    fn notice() -> Paper {
        Paper::new(Lang::ZhCn, Form::Document, "师宗县教育体育局", "挂牌督办通知书")
    }

    #[test]
    fn a_number_has_its_brackets_and_is_blank_until_it_is_given() {
        assert_eq!(notice().numbered("", "GP-1").number, "　　　〔　　　　〕　　号");
        assert_eq!(notice().numbered("师教体发[2026]12号", "").number, "师教体发〔2026〕12号");
        assert_eq!(notice().numbered("师教体发(2026) 12 号", "").number, "师教体发〔2026〕12号");
        assert_eq!(notice().numbered("演示(责)1号", "").number, "演示(责)1号", "no year");
    }

    #[test]
    fn no_spaces_stand_between_chinese_and_digits() {
        assert_eq!(official("于 2026\u{2009}年\u{2009}3\u{a0}月前"), "于2026年3月前");
        assert_eq!(official("GB/T 29315 2022"), "GB/T 29315 2022");
    }

    #[test]
    fn only_documents_say_who_printed_them() {
        let day = Date::new(2026, 9, 7).unwrap();
        assert_eq!(notice().dated(day).printed_on, "2026年9月7日印发");
        let letter = Paper::new(Lang::ZhCn, Form::Letter, "师宗县教育体育局", "抄告函").dated(day);
        assert_eq!((letter.date.as_str(), letter.printed_on.as_str()), ("2026年9月7日", ""));
    }

    #[test]
    fn several_enclosures_are_numbered_and_one_is_not() {
        assert_eq!(notice().enclosing(["现场照片"]).enclosures, ["现场照片"]);
        assert_eq!(notice().enclosing(["现场照片", "名单"]).enclosures, ["1.现场照片", "2.名单"]);
    }

    #[test]
    fn a_long_name_has_smaller_letters() {
        assert_eq!(notice().mark_mm(), 15);
        let long = "云南省曲靖市师宗县教育体育局校园安全工作领导小组办公室";
        let long = Paper::new(Lang::ZhCn, Form::Letter, long, "函");
        assert_eq!(long.mark_mm(), 5);
    }

    #[test]
    fn a_paper_comes_back_from_its_json() {
        let body = Body::new(Lang::ZhCn).heading("事实").text("甲").signatures(["签字：　　"]);
        let paper = notice().saying(body).copied_to("县政府办。").of_demonstration(true);
        assert_eq!(paper.copies, "抄送：县政府办。");
        let json = serde_json::to_string(&paper).unwrap();
        assert_eq!(serde_json::from_str::<Paper>(&json).unwrap(), paper);
    }
}
