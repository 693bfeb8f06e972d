//! Trying a channel out, switching it off and on, removing it: each says what follows, and asks to be sure.

use axum::{extract::Path, http::StatusCode, response::Response};
use journal::{UnitOfWork, WorkLane};
use kernel::{Problem, Refusal, StreamId, UnitId};
use language::Lang;
use notify::{Channel, ChannelCommand, erase_channel_secret, put_test};
use web::{Failed, Flash, Posted, see_other_saying};

use super::{
    channel::{compose, see},
    channels::href,
    common::is_for_the_form,
};
use crate::texts;

/// Which act; its name is the last part of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Test,
    Stop,
    Resume,
    Remove,
}

/// What an act says.
pub(super) struct ActWords {
    pub title: &'static str,
    pub told: &'static str,
    /// The box to tick; none where nothing can go wrong.
    pub sure: Option<&'static str>,
    done: &'static str,
}

impl Act {
    const ALL: [Self; 4] = [Self::Test, Self::Stop, Self::Resume, Self::Remove];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Stop => "stop",
            Self::Resume => "resume",
            Self::Remove => "remove",
        }
    }

    /// The box to tick: one page shows several.
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Test => "sure_test",
            Self::Stop => "sure_stop",
            Self::Resume => "sure_resume",
            Self::Remove => "sure_remove",
        }
    }

    const fn command(self) -> ChannelCommand {
        match self {
            Self::Test => ChannelCommand::Test,
            Self::Stop => ChannelCommand::Stop,
            Self::Resume => ChannelCommand::Resume,
            Self::Remove => ChannelCommand::Remove,
        }
    }

    pub(super) const fn words(self, lang: Lang) -> ActWords {
        let (title, told, sure, done) = match self {
            Self::Test => (
                texts::channel_test(lang),
                texts::channel_test_told(lang),
                Some(texts::channel_test_sure(lang)),
                texts::channel_tested(lang),
            ),
            Self::Stop => (
                texts::channel_stop(lang),
                texts::channel_stop_told(lang),
                Some(texts::channel_stop_sure(lang)),
                texts::channel_stopped(lang),
            ),
            Self::Resume => (
                texts::channel_resume(lang),
                texts::channel_resume_told(lang),
                None,
                texts::channel_resumed(lang),
            ),
            Self::Remove => (
                texts::channel_remove(lang),
                texts::channel_remove_told(lang),
                Some(texts::channel_remove_sure(lang)),
                texts::channel_removed(lang),
            ),
        };
        ActWords { title, told, sure, done }
    }
}

pub(super) async fn submit(
    Path((unit, id, act)): Path<(UnitId, StreamId, String)>,
    posted: Posted,
) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let act = Act::ALL.into_iter().find(|known| known.name() == act).ok_or(Problem::NotFound)?;
    let seen = see(&visit, unit, id).await?;
    let words = act.words(visit.lang());
    let done = async {
        let mut read = form.reader();
        if words.sure.is_some() && !read.flag(act.field()) {
            read.note(act.field(), Refusal::new("channel-unsure"));
        }
        read.finish()?;
        let work = UnitOfWork::new(visit.actor(), command_id).ask::<Channel>(id, act.command());
        let (ids, now, epoch) = (visit.desk.ids.clone(), visit.now(), visit.desk.handle.identity().epoch);
        let work = match act {
            // What goes out is written in Chinese, whoever asks.
            Act::Test => work.housekeeping(move |tx| {
                put_test(tx, &ids, id, epoch, notify::texts::message_test(Lang::ZhCn), now)
            }),
            Act::Remove => work.housekeeping(move |tx| erase_channel_secret(tx, id)),
            Act::Stop | Act::Resume => work,
        };
        visit.desk.handle.execute(WorkLane::Interactive, work).await.map(|_| ())
    };
    match done.await {
        Ok(()) => {
            let back = if act == Act::Remove { href(unit, None) } else { href(unit, Some(id)) };
            Ok(see_other_saying(&back, &Flash::done(words.done)))
        }
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            let page = compose(
                &visit,
                &seen,
                super::channel::filled(visit.form(), &seen.channel),
                Some((act, state)),
            );
            Ok(page.answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}
