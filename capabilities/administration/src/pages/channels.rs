//! 外发通道: the channels of a unit, and adding one.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use journal::{Permission, UnitOfWork, WorkLane};
use kernel::{Problem, StreamId, UnitId, limits};
use language::{Lang, Say};
use notify::{
    Channel, ChannelCommand, ChannelKind, ChannelSecret, ChannelState, ChannelStatus, NewChannel, Topic,
    address_hint, channels_of_unit, store_channel_secret, waiting_of_unit,
};
use web::{
    Failed, Flash, FormData, FormState, Posted, Visit, see_other_saying,
    view::{Choice, Level, Link, Mark},
};

use super::{
    AdministrationPages,
    common::{is_for_the_form, visible_unit},
    units,
};
use crate::{
    texts,
    view::{Block, Field, FormCard, Page, Row},
};

pub(super) const MANAGE: &[Permission] = &["channel.manage"];

/// The hours at which a daily message may come.
const HOURS: std::ops::RangeInclusive<i8> = 6..=20;
/// The hour offered first.
const HOUR: i8 = 8;

/// The address of a unit's channels, or of one of them.
pub(super) fn href(unit: UnitId, channel: Option<StreamId>) -> String {
    let one = channel.map(|id| format!("/{}", id.0.simple())).unwrap_or_default();
    format!("{}/channels{one}", units::href(unit))
}

/// The name of a unit whose channels the viewer manages.
pub(super) async fn unit_named(visit: &Visit, id: UnitId) -> Result<String, Problem> {
    visit.need_any(MANAGE)?;
    let viewer = visit.viewer.clone();
    visit.read(move |tx| visible_unit(tx, &viewer, id, MANAGE).map(|(unit, _, _)| unit.name)).await
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<AdministrationPages>,
    Path(id): Path<UnitId>,
) -> Result<Response, Failed> {
    let name = unit_named(&visit, id).await?;
    let (channels, waiting) =
        visit.read(move |tx| Ok((channels_of_unit(tx, id)?, waiting_of_unit(tx, id)?))).await?;
    let lang = visit.lang();
    let shell = visit.shell(texts::channels_title(lang)).for_unit(&name, visit.now());
    let mut page = Page::new(shell.at("units").back_to(units::href(id)));
    page.lead = texts::channels_lead(lang).to_owned();
    page.action = Some(Link::new(texts::channels_new(lang), format!("{}/new", href(id, None))));
    page.notices = notices(&visit, &pages, &channels);
    if waiting > 0 {
        page.notices.push(Mark::new(Level::Blue, texts::channels_waiting(lang, waiting)));
    }
    page.left.push(Block::Rows {
        title: texts::channels_list(lang).to_owned(),
        rows: channels.iter().map(|(channel, state)| row(lang, id, *channel, state)).collect(),
        none: texts::channels_none(lang).to_owned(),
    });
    if visit.viewer.may("sent.read") {
        let records = Link::new(texts::sent_title(lang), format!("/sent?unit={}", id.0.simple()));
        page.left.push(Block::Links { title: texts::me_more(lang).to_owned(), links: vec![records] });
    }
    Ok(page.answer(StatusCode::OK))
}

/// What keeps messages from going out as somebody might expect.
fn notices(visit: &Visit, pages: &AdministrationPages, channels: &[(StreamId, ChannelState)]) -> Vec<Mark> {
    let lang = visit.lang();
    let mut notices = Vec::new();
    if visit.desk.handle.identity().demonstration {
        notices.push(Mark::new(Level::Blue, texts::channels_demo(lang)));
        return notices;
    }
    if pages.public_url().is_none() {
        notices.push(Mark::new(Level::Yellow, texts::channels_no_link(lang)));
    }
    let mail = channels.iter().any(|(_, channel)| channel.kind == ChannelKind::Mail);
    if mail && !pages.door().has_mail() {
        notices.push(Mark::new(Level::Yellow, texts::channels_no_mail(lang)));
    }
    notices
}

fn row(lang: Lang, unit: UnitId, id: StreamId, channel: &ChannelState) -> Row {
    let topics = Say(lang).list(channel.topics.iter().map(|topic| notify::words::topic(lang, *topic)));
    let kind = notify::words::kind(lang, channel.kind);
    Row {
        mark: Some(status(lang, channel)),
        text: channel.label.clone(),
        href: href(unit, Some(id)),
        more: format!("{kind} · {} · {topics}", ending(lang, channel)),
        ..Row::default()
    }
}

pub(super) fn status(lang: Lang, channel: &ChannelState) -> Mark {
    if channel.status == ChannelStatus::On {
        Mark::new(Level::Done, texts::channel_on(lang))
    } else {
        Mark::new(Level::Plain, texts::channel_off(lang))
    }
}

/// Where it goes: the mailboxes, or what may be known of a robot's address.
pub(super) fn ending(lang: Lang, channel: &ChannelState) -> String {
    match channel.kind {
        ChannelKind::Mail => Say(lang).list(&channel.mailboxes),
        ChannelKind::Wecom | ChannelKind::Dingtalk => {
            texts::channel_ending(lang, &channel.host, &channel.tail)
        }
    }
}

pub(super) async fn open(visit: Visit, Path(id): Path<UnitId>) -> Result<Response, Failed> {
    let name = unit_named(&visit, id).await?;
    let mut form = visit.form().with("kind", ChannelKind::Wecom.name()).with("daily_hour", HOUR);
    for topic in Topic::choices().filter(|topic| !matches!(topic, Topic::Warning | Topic::Daily)) {
        form = form.with("topics", topic.name());
    }
    Ok(compose(&visit, id, &name, form).answer(StatusCode::OK))
}

fn compose(visit: &Visit, id: UnitId, unit: &str, form: FormState) -> Page {
    let lang = visit.lang();
    let shell = visit.shell(texts::channels_new(lang)).for_unit(unit, visit.now());
    let mut page = Page::new(shell.at("units").back_to(href(id, None)));
    let kinds =
        ChannelKind::ALL.iter().map(|kind| Choice::new(kind.name(), notify::words::kind(lang, *kind)));
    let mut fields = vec![Field::radios("kind", texts::channel_kind(lang), kinds.collect())];
    fields.extend(common_fields(lang, None));
    page.left.push(Block::form(FormCard {
        id: "new",
        told: vec![texts::channels_lead(lang).to_owned()],
        action: format!("{}/new", href(id, None)),
        fields,
        button: texts::channels_new(lang).to_owned(),
        form: labelled(lang, form),
        ..FormCard::default()
    }));
    page
}

/// The fields that adding and changing share; `known` is the channel that is changed.
pub(super) fn common_fields(lang: Lang, known: Option<&ChannelState>) -> Vec<Field> {
    let robot = known.is_none_or(|channel| channel.kind != ChannelKind::Mail);
    let mail = known.is_none_or(|channel| channel.kind == ChannelKind::Mail);
    let signs = known.is_none_or(|channel| channel.kind == ChannelKind::Dingtalk);
    let topics = Topic::choices().map(|topic| Choice::new(topic.name(), notify::words::topic(lang, topic)));
    let hours = HOURS.map(|hour| Choice::new(hour.to_string(), texts::channel_o_clock(lang, hour)));
    let address_hint = match known {
        Some(channel) => texts::channel_address_keep(lang, &channel.host, &channel.tail),
        None => texts::channel_address_hint(lang).to_owned(),
    };
    let mut fields =
        vec![Field::text("label", texts::channel_label(lang)).hint(texts::channel_label_hint(lang))];
    if robot {
        let address = Field::text("address", texts::channel_address(lang)).hint(address_hint);
        // Whoever changes a robot may keep its address; of a new one it is needed, of new mailboxes not.
        let address = if known.is_some() { address.optional() } else { address.sometimes() };
        fields.push(address.max(limits::CHANNEL_ADDRESS_CHARS));
    }
    if signs {
        let signing = Field::password("signing", texts::channel_signing(lang), "off");
        fields.push(signing.hint(texts::channel_signing_hint(lang)).optional());
    }
    if mail {
        let mailboxes = Field::text("mailboxes", texts::channel_mailboxes(lang));
        fields.push(mailboxes.hint(texts::channel_mailboxes_hint(lang)).sometimes().max(limits::TEXT_CHARS));
    }
    fields.push(
        Field::checks("topics", texts::channel_topics(lang), topics.collect())
            .hint(texts::channel_topics_hint(lang))
            .needed(),
    );
    fields.push(
        Field::select("daily_hour", texts::channel_hour(lang), hours.collect())
            .hint(texts::channel_hour_hint(lang)),
    );
    fields
}

/// Names of the fields, for the summary of errors.
pub(super) fn labelled(lang: Lang, form: FormState) -> FormState {
    form.label("label", texts::channel_label(lang))
        .label("address", texts::channel_address(lang))
        .label("signing", texts::channel_signing(lang))
        .label("mailboxes", texts::channel_mailboxes(lang))
        .label("topics", texts::channel_topics(lang))
        .label("daily_hour", texts::channel_hour(lang))
}

/// A form, read: what the journal may know, and what is only ever sealed.
pub(super) struct Asked {
    pub new: NewChannel,
    pub address: String,
    pub signing: String,
}

/// Reads what adding and changing share. `robot` is false for mail; `keep` lets an empty address stand for the old one.
pub(super) fn asked(
    pages: &AdministrationPages,
    form: &FormData,
    robot: bool,
    keep: bool,
) -> Result<Asked, Problem> {
    let mut read = form.reader();
    let label = read.text("label").required().max(limits::NAME_CHARS).get();
    let address = read.text("address").max(limits::CHANNEL_ADDRESS_CHARS).get();
    let signing = read.text("signing").max(limits::CHANNEL_ADDRESS_CHARS).get();
    let mailboxes = read.text("mailboxes").narrow().get();
    let known: Vec<(&str, Topic)> = Topic::choices().map(|topic| (topic.name(), topic)).collect();
    let topics = read.many("topics", &known).required().get();
    let hour = read.int("daily_hour").required().range(0, 23).get();
    let hint = match (robot, address.is_empty() && keep) {
        (false, _) | (true, true) => None,
        (true, false) => match address_hint(&pages.door(), &address, &signing) {
            Ok(hint) => Some(hint),
            Err(refusal) => {
                read.note("address", refusal);
                None
            }
        },
    };
    read.finish()?;
    let daily_hour = hour.and_then(|hour| i8::try_from(hour).ok()).unwrap_or(HOUR);
    let mailboxes = mailboxes
        .split([',', '，', ';', '；', '、', ' '])
        .map(str::to_owned)
        .filter(|address| !address.is_empty())
        .collect();
    Ok(Asked { new: NewChannel { label, topics, daily_hour, address: hint, mailboxes }, address, signing })
}

/// Seals an address for a channel.
pub(super) fn sealed(visit: &Visit, id: StreamId, asked: &Asked) -> Result<ChannelSecret, Problem> {
    ChannelSecret::sealed(&visit.desk.vault, &visit.desk.ids, id, &asked.address, &asked.signing)
        .map_err(|e| Problem::Fault(e.to_string()))
}

pub(super) async fn submit(
    State(pages): State<AdministrationPages>,
    Path(unit): Path<UnitId>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let name = unit_named(&visit, unit).await?;
    // The id follows from the act, so that a form sent twice makes one channel.
    let id = StreamId(command_id.0);
    let done = async {
        let kinds: Vec<(&str, ChannelKind)> =
            ChannelKind::ALL.iter().map(|kind| (kind.name(), *kind)).collect();
        let mut read = form.reader();
        let kind = read.choice("kind", &kinds).required().get();
        read.finish()?;
        let kind = kind.unwrap_or(ChannelKind::Wecom);
        let asked = asked(&pages, &form, kind != ChannelKind::Mail, false)?;
        let (secret, now) = (sealed(&visit, id, &asked)?, visit.now());
        let add = ChannelCommand::Add { unit, kind, new: asked.new };
        let mut work = UnitOfWork::new(visit.actor(), command_id).ask::<Channel>(id, add);
        if kind != ChannelKind::Mail {
            work = work.housekeeping(move |tx| store_channel_secret(tx, id, &secret, now));
        }
        visit.desk.handle.execute(WorkLane::Interactive, work).await.map(|_| ())
    };
    match done.await {
        Ok(()) => {
            let said = Flash::done(texts::channel_added(visit.lang()));
            Ok(see_other_saying(&href(unit, Some(id)), &said))
        }
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            Ok(compose(&visit, unit, &name, state).answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}
