//! One channel: what is known of it, changing it, and forms for trying it out, switching and removing it.

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, StreamId, UnitId};
use language::{Lang, Say};
use notify::{
    Channel, ChannelCommand, ChannelKind, ChannelState, ChannelStatus, channel, store_channel_secret,
};
use web::{
    Failed, Flash, FormState, Posted, Visit, see_other_saying,
    view::{Fact, Link},
};

use super::{
    AdministrationPages,
    channel_acts::Act,
    channels::{MANAGE, asked, common_fields, ending, href, labelled, sealed, status},
    common::{is_for_the_form, visible_unit},
    unit_acts::SeenVersion,
};
use crate::{
    texts,
    view::{Block, Field, FormCard, Page},
};

/// A channel of a unit where the viewer manages channels.
pub(super) struct Seen {
    pub unit: UnitId,
    pub unit_name: String,
    pub id: StreamId,
    pub channel: ChannelState,
    pub version: u64,
}

/// What is not there, of another unit, or removed is not found.
pub(super) async fn see(visit: &Visit, unit: UnitId, id: StreamId) -> Result<Seen, Problem> {
    visit.need_any(MANAGE)?;
    let viewer = visit.viewer.clone();
    visit
        .read(move |tx| {
            let (state, _, _) = visible_unit(tx, &viewer, unit, MANAGE)?;
            let (channel, version) = channel(tx, id)?.ok_or(Problem::NotFound)?;
            if channel.unit != unit || channel.status == ChannelStatus::Removed {
                return Err(Problem::NotFound);
            }
            Ok(Seen { unit, unit_name: state.name, id, channel, version })
        })
        .await
}

pub(super) async fn show(
    visit: Visit,
    Path((unit, id)): Path<(UnitId, StreamId)>,
) -> Result<Response, Failed> {
    let seen = see(&visit, unit, id).await?;
    let form = filled(visit.form(), &seen.channel);
    Ok(compose(&visit, &seen, form, None).answer(StatusCode::OK))
}

/// The form as the channel is; the address and its secret are never filled in.
pub(super) fn filled(form: FormState, channel: &ChannelState) -> FormState {
    let form = form
        .with("label", &channel.label)
        .with("mailboxes", channel.mailboxes.join(", "))
        .with("daily_hour", channel.daily_hour);
    channel.topics.iter().fold(form, |form, topic| form.with("topics", topic.name()))
}

/// `wrong` is an act whose form came back.
pub(super) fn compose(visit: &Visit, seen: &Seen, form: FormState, wrong: Option<(Act, FormState)>) -> Page {
    let lang = visit.lang();
    let channel = &seen.channel;
    let shell = visit.shell(&channel.label).for_unit(&seen.unit_name, visit.now());
    let mut page = Page::new(shell.at("units").back_to(href(seen.unit, None)));
    page.tags.push(status(lang, channel));
    page.left.push(Block::Facts { title: String::new(), facts: facts(lang, channel) });
    page.left.push(Block::form(FormCard {
        id: "change",
        title: texts::channel_change(lang).to_owned(),
        action: format!("{}?version={}", href(seen.unit, Some(seen.id)), seen.version),
        fields: common_fields(lang, Some(channel)),
        button: texts::channel_save(lang).to_owned(),
        form: labelled(lang, form),
        folded: true,
        ..FormCard::default()
    }));
    let acts = match channel.status {
        ChannelStatus::On => vec![Act::Test, Act::Stop, Act::Remove],
        ChannelStatus::Off | ChannelStatus::Removed => vec![Act::Resume, Act::Remove],
    };
    for act in acts {
        let form = match &wrong {
            Some((one, form)) if *one == act => form.clone(),
            _ => visit.form(),
        };
        page.right.push(Block::form(act_card(lang, seen, act, form)));
    }
    if visit.viewer.may("sent.read") {
        let records = format!("/sent?channel={}", seen.id.0.simple());
        let links = vec![Link::new(texts::channel_records(lang), records)];
        page.right.push(Block::Links { title: texts::me_more(lang).to_owned(), links });
    }
    page
}

fn facts(lang: Lang, channel: &ChannelState) -> Vec<Fact> {
    let topics = channel.topics.iter().map(|topic| notify::words::topic(lang, *topic));
    let place = ending(lang, channel);
    let place = if channel.signed { format!("{place}\n{}", texts::channel_signed(lang)) } else { place };
    let since = texts::channel_since(lang, Say(lang).date_of(channel.since));
    vec![
        Fact::new(texts::channel_kind(lang), notify::words::kind(lang, channel.kind)),
        Fact::new(texts::channel_where(lang), place),
        Fact::new(texts::channel_topics(lang), Say(lang).list(topics)),
        Fact::new(texts::channel_hour(lang), texts::channel_o_clock(lang, channel.daily_hour)),
        Fact::new(texts::channel_state(lang), since),
    ]
}

fn act_card(lang: Lang, seen: &Seen, act: Act, form: FormState) -> FormCard {
    let words = act.words(lang);
    FormCard {
        id: act.name(),
        title: words.title.to_owned(),
        told: vec![words.told.to_owned()],
        action: format!("{}/{}", href(seen.unit, Some(seen.id)), act.name()),
        fields: words.sure.map(|sure| Field::tick(act.field(), sure)).into_iter().collect(),
        button: words.title.to_owned(),
        kind: if act == Act::Remove { "danger" } else { "second" },
        form,
        folded: act != Act::Test && act != Act::Resume,
    }
}

pub(super) async fn submit(
    State(pages): State<AdministrationPages>,
    Path((unit, id)): Path<(UnitId, StreamId)>,
    Query(known): Query<SeenVersion>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let seen = see(&visit, unit, id).await?;
    let done = async {
        let asked = asked(&pages, &form, seen.channel.kind != ChannelKind::Mail, true)?;
        let secret = asked.new.address.is_some().then(|| sealed(&visit, id, &asked)).transpose()?;
        let (change, now) = (ChannelCommand::Change(asked.new), visit.now());
        let work = UnitOfWork::new(visit.actor(), command_id);
        let mut work = work.ask_seen::<Channel>(id, known.version.unwrap_or(seen.version), change);
        if let Some(secret) = secret {
            work = work.housekeeping(move |tx| store_channel_secret(tx, id, &secret, now));
        }
        visit.desk.handle.execute(WorkLane::Interactive, work).await.map(|_| ())
    };
    match done.await {
        Ok(()) => {
            let said = Flash::done(texts::channel_changed(visit.lang()));
            Ok(see_other_saying(&href(unit, Some(id)), &said))
        }
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            Ok(compose(&visit, &seen, state, None).answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}
