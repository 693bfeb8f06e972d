//! Letters to other departments in the year that is told: some hazards that schools cannot mend alone are told or handed
//! to whoever they belong to, and what comes back is written down.

use anyhow::Result;
use hazard::{Note, Photo};
use journal::UnitOfWork;
use kernel::{Actor, StreamId, Timestamp};
use transfer::{
    Answer, Channel, Department, DepartmentCommand, DepartmentDraft, Kind, LetterDraft, ReceiptDraft,
    ReplyDraft, Signatory, Transfer, TransferCommand, Urging, Way,
};

use super::{
    case::{Case, Running},
    dice::Dice,
    history::{History, Step},
};

/// The register: kind, name, office. Telephones that nobody has.
const REGISTER: [(&str, &str, &str); 10] = [
    ("AMR", "师宗县市场监督管理局", "食品股"),
    ("PSB", "师宗县公安局", "治安管理大队"),
    ("FIR", "师宗县消防救援大队", "监督科"),
    ("HUD", "师宗县住房和城乡建设局", "质安股"),
    ("TRA", "师宗县交通运输局", "安全股"),
    ("WAT", "师宗县水务局", "办公室"),
    ("EMB", "师宗县应急管理局", "综合协调股"),
    ("URB", "师宗县城市管理局", "执法大队"),
    ("HEA", "师宗县卫生健康局", "疾控股"),
    ("NRB", "师宗县自然资源局", "地环股"),
];
/// What is asked, what is answered to it with 办结, and what with 受理.
const REQUESTS: [[&str; 3]; 3] = [
    [
        "请依法到现场核查处理，并函告处理结果",
        "已派员到现场核查，责令当事人限期整改，复查合格",
        "已登记受理，正在核查，按期告知结果",
    ],
    [
        "请将该处纳入重点巡查，采取管理措施并告知",
        "已纳入重点巡查，上下学时段安排人员值守",
        "已列入本月工作计划，安排专人办理",
    ],
    ["请协调设置必要的安全设施，明确完成时间", "设施已经安装完毕并投入使用", "已列入年度计划，正在办理采购"],
];

/// How a letter ends, or where it is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Draft,
    Signing,
    Silent,
    Received,
    Promised,
    Done,
    NotTheirs,
    Withdrawn,
}

impl Ending {
    /// Nothing is left to wait for.
    const fn is_an_end(self) -> bool {
        match self {
            Self::Done | Self::NotTheirs | Self::Withdrawn => true,
            Self::Draft | Self::Signing | Self::Silent | Self::Received | Self::Promised => false,
        }
    }
}

/// Letters about hazards found in so many last days may be left where they stand.
const LEFT_OPEN_DAYS: i64 = 45;

/// Shares of them in a hundred.
const ENDS: [(Ending, f64); 8] = [
    (Ending::Draft, 4.0),
    (Ending::Signing, 4.0),
    (Ending::Silent, 8.0),
    (Ending::Received, 10.0),
    (Ending::Promised, 14.0),
    (Ending::Done, 44.0),
    (Ending::NotTheirs, 11.0),
    (Ending::Withdrawn, 5.0),
];

/// What happens next to a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LetterStep {
    Draft,
    Sign,
    Send,
    Open,
    Receive,
    Urge,
    Reply,
    AskAgain,
    Result,
    Withdraw,
    /// One of its clocks reaches a mark.
    Bell(&'static str),
}

/// A letter about to be written, or on its way.
#[derive(Clone)]
pub(super) struct Letter {
    case: usize,
    id: StreamId,
    department: usize,
    photos: Vec<Photo>,
    /// The department uses the link; otherwise the office writes down what comes back.
    by_link: bool,
    end: Ending,
    request: usize,
    /// To be answered by, once it was drafted.
    reply_by: Timestamp,
    /// Until when its link opens it, once it was sent.
    link_until: Timestamp,
    dice: Dice,
}

impl History<'_> {
    /// The county's office enters the departments before anybody writes to them.
    pub(super) fn enter_departments(&mut self, at: Timestamp) -> Result<()> {
        let actor = self.county_officer(0);
        for (number, (kind, name, office)) in REGISTER.iter().enumerate() {
            let draft = DepartmentDraft {
                kind: (*kind).to_owned(),
                name: (*name).to_owned(),
                office: (*office).to_owned(),
                telephone: format!("0874-59900{number:02}"),
            };
            let id = StreamId(self.ids.uuid(at));
            let add = DepartmentCommand::Add { county: self.world.county, draft };
            self.sender.send::<Department>(actor, at, id, "department", add)?;
            self.departments.push(id);
        }
        Ok(())
    }

    /// Some hazards of categories that belong to a department have a letter coming.
    pub(super) fn may_have_letter(&mut self, at: Timestamp, case: &Case, index: usize, photos: &[Photo]) {
        let mut dice = self.dice.fork("letter", u64::try_from(index).unwrap_or(0));
        let leads = self.rules.category(&case.code).and_then(|known| known.departments.first().cloned());
        let department = leads.and_then(|code| REGISTER.iter().position(|(kind, ..)| **kind == *code));
        let share = if matches!(&*case.code, "H12" | "H04" | "H13" | "H14") { 0.16 } else { 0.012 };
        let Some(department) = department.filter(|_| dice.chance(share)) else { return };
        let weights = ENDS.map(|(_, weight)| weight);
        let end = ENDS.get(dice.weighted(&weights)).map_or(Ending::Done, |(end, _)| *end);
        // Nobody leaves a letter lying for half a year.
        let recent = self.end.since_ms(at) < LEFT_OPEN_DAYS * Timestamp::DAY_MS;
        let end = if recent || end.is_an_end() { end } else { Ending::Done };
        let letter = Letter {
            case: index,
            id: StreamId(self.ids.uuid(at)),
            department,
            photos: if dice.chance(0.7) { photos.to_vec() } else { Vec::new() },
            by_link: dice.chance(0.6),
            end,
            request: usize::try_from(dice.between(0, 2)).unwrap_or(0),
            reply_by: at,
            link_until: at,
            dice,
        };
        self.letters.push(letter);
        self.letter_later(at, 6.0, index, LetterStep::Draft);
    }

    fn letter_later(&mut self, now: Timestamp, hours: f64, case: usize, step: LetterStep) {
        let Some(letter) = self.letters.iter_mut().find(|letter| letter.case == case) else { return };
        let hours = letter.dice.lognormal(hours, 0.4);
        let when = self.calendar.later(now, hours, &mut letter.dice);
        self.later(when, case, Step::Letter(step));
    }

    /// Its clock rings at each of its marks; where its work is done by then, nothing comes of it.
    fn letter_bells(&mut self, now: Timestamp, case: usize, clock: &'static str, due: Timestamp) {
        for when in self.alarms.rings(Running { name: clock, started: now, due }) {
            self.later(when, case, Step::Letter(LetterStep::Bell(clock)));
        }
    }

    /// Does a step of a hazard's letter.
    pub(super) fn letter_step(
        &mut self,
        now: Timestamp,
        at: usize,
        case: &Case,
        step: LetterStep,
    ) -> Result<()> {
        let Some(letter) = self.letters.iter().find(|letter| letter.case == at).cloned() else {
            return Ok(());
        };
        let office = self.county_officer(at);
        match step {
            LetterStep::Draft if case.stage.is_open() => self.draft_letter(now, at, case, &letter),
            LetterStep::Draft => Ok(()),
            // What lay over a long holiday is left where it is.
            LetterStep::Sign | LetterStep::Send if letter.reply_by <= now => Ok(()),
            LetterStep::Sign => self.sign_letter(now, at, &letter),
            LetterStep::Send => self.send_letter(now, at, &letter),
            LetterStep::Open => {
                let opened = TransferCommand::Opened { link: 1 };
                self.sender.send::<Transfer>(Actor::SYSTEM, now, letter.id, "open", opened)
            }
            LetterStep::Receive => self.receive_letter(now, at, &letter),
            LetterStep::Urge => {
                let note = Note { note: "对方答复尽快办理".to_owned(), photos: Vec::new() };
                let urge = TransferCommand::Urge { how: Urging::Telephone, note };
                self.sender.send::<Transfer>(office, now, letter.id, "urge", urge)
            }
            LetterStep::Reply => self.answer_letter(now, at, &letter),
            LetterStep::AskAgain => {
                let until = self.calendar.end_of_day(now, 7);
                let note = Note {
                    note: "承诺时间将到，请告知办理结果".to_owned(), photos: Vec::new()
                };
                let ask = TransferCommand::AskAgain { until: Some(until), note };
                self.sender.send::<Transfer>(office, now, letter.id, "ask again", ask)?;
                self.letter_bells(now, at, "reply", until);
                self.letter_later(now, 20.0, at, LetterStep::Result);
                Ok(())
            }
            LetterStep::Result => self.reply(now, at, &letter, Answer::Done),
            LetterStep::Withdraw => {
                let note = Note { note: "学校已与当事人协商解决".to_owned(), photos: Vec::new() };
                let withdraw = TransferCommand::Withdraw(note);
                self.sender.send::<Transfer>(office, now, letter.id, "withdraw", withdraw)
            }
            LetterStep::Bell(clock) => {
                let tick = TransferCommand::Tick { clock: clock.to_owned() };
                self.sender.send::<Transfer>(Actor::SYSTEM, now, letter.id, "tick", tick)
            }
        }
    }

    fn draft_letter(&mut self, now: Timestamp, at: usize, case: &Case, letter: &Letter) -> Result<()> {
        let request = said(letter, 0);
        let reply_by = self.calendar.end_of_day(now, 14);
        if let Some(kept) = self.letters.iter_mut().find(|kept| kept.case == at) {
            kept.reply_by = reply_by;
        }
        let draft = LetterDraft {
            unit: self.school(case)?.id,
            hazard: case.id,
            kind: if letter.request == 1 { Kind::Notice } else { Kind::HandOver },
            department: self.departments.get(letter.department).copied(),
            request: request.to_owned(),
            reply_by: Some(reply_by),
            photos: letter.photos.clone(),
            former: None,
        };
        let work = UnitOfWork::new(self.county_officer(at), self.ids.uuid(now).into())
            .ask::<Transfer>(letter.id, TransferCommand::Draft(Box::new(draft)));
        let submits = letter.end != Ending::Draft;
        let work = if submits { work.ask::<Transfer>(letter.id, TransferCommand::Submit) } else { work };
        self.sender.send_work(work, now, letter.id, "letter")?;
        if submits && letter.end != Ending::Signing {
            self.letter_later(now, 4.0, at, LetterStep::Sign);
        }
        Ok(())
    }

    fn sign_letter(&mut self, now: Timestamp, at: usize, letter: &Letter) -> Result<()> {
        let leaders = &self.world.leaders;
        let leader = leaders.get(at % leaders.len().max(1)).copied().unwrap_or(0);
        let actor = Actor::person(self.world.actor(leader));
        let note = Note { note: "同意".to_owned(), photos: Vec::new() };
        let sign = TransferCommand::Sign { passed: true, document_number: String::new(), note };
        self.sender.send::<Transfer>(actor, now, letter.id, "sign letter", sign)?;
        self.letter_later(now, 2.0, at, LetterStep::Send);
        Ok(())
    }

    fn send_letter(&mut self, now: Timestamp, at: usize, letter: &Letter) -> Result<()> {
        let channel = if letter.by_link { Channel::Both } else { Channel::Paper };
        let send = TransferCommand::Send { channel, on: Some(now), note: Note::default() };
        let work = UnitOfWork::new(self.county_officer(at), self.ids.uuid(now).into())
            .ask::<Transfer>(letter.id, send);
        let work =
            if letter.by_link { work.ask::<Transfer>(letter.id, TransferCommand::MakeLink) } else { work };
        self.sender.send_work(work, now, letter.id, "send letter")?;
        let (receipt, until) = (self.due("transfer.receipt", now)?, self.due("transfer.link", now)?);
        if let Some(kept) = self.letters.iter_mut().find(|kept| kept.case == at) {
            kept.link_until = until;
        }
        self.letter_bells(now, at, "receipt", receipt);
        self.letter_bells(now, at, "reply", letter.reply_by);
        let next = match letter.end {
            Ending::Withdrawn => Some(LetterStep::Withdraw),
            Ending::Silent => Some(LetterStep::Urge),
            _ if letter.by_link => Some(LetterStep::Open),
            _ => None,
        };
        if let Some(next) = next {
            self.letter_later(now, if next == LetterStep::Urge { 90.0 } else { 3.0 }, at, next);
        }
        if !matches!(letter.end, Ending::Silent | Ending::Withdrawn) {
            self.letter_later(now, 14.0, at, LetterStep::Receive);
        }
        Ok(())
    }

    fn receive_letter(&mut self, now: Timestamp, at: usize, letter: &Letter) -> Result<()> {
        let (actor, way, link) = self.comes(now, at, letter);
        let draft =
            ReceiptDraft { way, link, on: Some(now), signatory: signatory(letter), photos: Vec::new() };
        let receive = TransferCommand::Receive(Box::new(draft));
        self.sender.send::<Transfer>(actor, now, letter.id, "receive letter", receive)?;
        if letter.end != Ending::Received {
            self.letter_later(now, 40.0, at, LetterStep::Reply);
        }
        Ok(())
    }

    fn answer_letter(&mut self, now: Timestamp, at: usize, letter: &Letter) -> Result<()> {
        match letter.end {
            Ending::NotTheirs => self.reply(now, at, letter, Answer::NotOurs),
            Ending::Promised => self.reply(now, at, letter, Answer::TakenOn),
            // Some take it on first and are asked for the result.
            _ if letter.request == 2 => {
                self.reply(now, at, letter, Answer::TakenOn)?;
                self.letter_later(now, 150.0, at, LetterStep::AskAgain);
                Ok(())
            }
            _ => self.reply(now, at, letter, Answer::Done),
        }
    }

    fn reply(&mut self, now: Timestamp, at: usize, letter: &Letter, answer: Answer) -> Result<()> {
        let (actor, way, link) = self.comes(now, at, letter);
        let promise = (answer == Answer::TakenOn).then(|| self.calendar.end_of_day(now, 30));
        let words = match answer {
            Answer::Done => said(letter, 1),
            Answer::TakenOn => said(letter, 2),
            Answer::NotOurs => "该处不在我单位管理范围，建议由属地和城市管理部门处理",
        };
        let whose = if answer == Answer::NotOurs { "城市管理局" } else { "" };
        let draft = ReplyDraft {
            way,
            link,
            on: Some(now),
            answer,
            promise,
            words: words.to_owned(),
            whose: whose.to_owned(),
            signatory: signatory(letter),
            photos: Vec::new(),
        };
        let command = TransferCommand::Reply(Box::new(draft));
        self.sender.send::<Transfer>(actor, now, letter.id, "reply to letter", command)?;
        if let Some(promise) = promise {
            self.letter_bells(now, at, "promise", promise);
        }
        Ok(())
    }

    /// By the link while it opens the letter; else the office writes it down.
    fn comes(&self, now: Timestamp, at: usize, letter: &Letter) -> (Actor, Way, Option<u32>) {
        if letter.by_link && now <= letter.link_until {
            (Actor::SYSTEM, Way::Link, Some(1))
        } else {
            (self.county_officer(at), Way::Telephone, None)
        }
    }

    /// Somebody of the safety office, always the same one for one hazard.
    fn county_officer(&self, at: usize) -> Actor {
        let office = &self.world.office;
        let number = office.get(at % office.len().max(1)).copied().unwrap_or(0);
        Actor::person(self.world.actor(number))
    }
}

/// What is asked, answered with 办结, or with 受理.
fn said(letter: &Letter, which: usize) -> &'static str {
    REQUESTS.get(letter.request).and_then(|texts| texts.get(which)).copied().unwrap_or_default()
}

/// Somebody who does not exist.
fn signatory(letter: &Letter) -> Signatory {
    let office = REGISTER.get(letter.department).map_or("办公室", |(_, _, office)| *office);
    Signatory { office: office.to_owned(), name: "示例经办人".to_owned(), post: "科员".to_owned() }
}
