//! Bringing a unit's facts up to date, renaming it, putting its code or kind right, moving it, assigning it, closing and
//! reopening it. Each says what follows from it.

use axum::{
    Router,
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
    routing::get,
};
use journal::{Permission, events_of_stream};
use kernel::{Problem, Refusal, UnitId};
use language::Lang;
use organisation::{Unit, UnitCommand, UnitState};
use web::{Failed, Flash, FormState, Posted, Visit, see_other_saying};

use super::{
    AdministrationPages,
    common::{ask, is_for_the_form, visible_unit},
    unit_forms::{asked, fields, filled},
    unit_history,
    units::href,
};
use crate::{
    texts,
    view::{Block, FormCard, Page},
};

const MANAGE: &[Permission] = &["unit.manage"];
const DESCRIBE: &[Permission] = &["unit.manage", "unit.describe"];

/// The version of the unit that the form was made from.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct SeenVersion {
    pub(super) version: Option<u64>,
}

/// Which act; its name is the last part of the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Describe,
    Rename,
    Recode,
    Rekind,
    Move,
    Assign,
    Unassign,
    Close,
    Reopen,
}

impl Act {
    const ALL: [Self; 9] = [
        Self::Describe,
        Self::Rename,
        Self::Recode,
        Self::Rekind,
        Self::Move,
        Self::Assign,
        Self::Unassign,
        Self::Close,
        Self::Reopen,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Describe => "describe",
            Self::Rename => "rename",
            Self::Recode => "recode",
            Self::Rekind => "rekind",
            Self::Move => "move",
            Self::Assign => "assign",
            Self::Unassign => "unassign",
            Self::Close => "close",
            Self::Reopen => "reopen",
        }
    }

    const fn need(self) -> &'static [Permission] {
        match self {
            Self::Describe => DESCRIBE,
            Self::Rename
            | Self::Recode
            | Self::Rekind
            | Self::Move
            | Self::Assign
            | Self::Unassign
            | Self::Close
            | Self::Reopen => MANAGE,
        }
    }

    pub(super) fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Describe => texts::unit_describe(lang),
            Self::Rename => texts::unit_rename(lang),
            Self::Recode => texts::unit_recode(lang),
            Self::Rekind => texts::unit_rekind(lang),
            Self::Move => texts::unit_move(lang),
            Self::Assign => texts::unit_assign(lang),
            Self::Unassign => texts::unit_unassign(lang),
            Self::Close => texts::unit_close(lang),
            Self::Reopen => texts::unit_reopen(lang),
        }
    }

    fn button(self, lang: Lang) -> &'static str {
        match self {
            Self::Describe => texts::save_facts(lang),
            Self::Rename => texts::unit_rename_button(lang),
            Self::Recode => texts::unit_recode_button(lang),
            Self::Rekind => texts::unit_rekind_button(lang),
            Self::Move => texts::unit_move_button(lang),
            Self::Assign => texts::unit_assign_button(lang),
            Self::Unassign => texts::unit_unassign_button(lang),
            Self::Close => texts::unit_close_button(lang),
            Self::Reopen => texts::unit_reopen_button(lang),
        }
    }

    fn done(self, lang: Lang) -> &'static str {
        match self {
            Self::Describe => texts::unit_described(lang),
            Self::Rename => texts::unit_renamed(lang),
            Self::Recode => texts::unit_recoded(lang),
            Self::Rekind => texts::unit_rekinded(lang),
            Self::Move => texts::unit_moved(lang),
            Self::Assign => texts::unit_assigned(lang),
            Self::Unassign => texts::unit_unassigned(lang),
            Self::Close => texts::unit_closed(lang),
            Self::Reopen => texts::unit_reopened(lang),
        }
    }
}

/// The form of each act, and where it is sent.
pub(super) fn routes() -> Router<AdministrationPages> {
    Act::ALL.into_iter().fold(Router::new(), |router, act| {
        let shown = move |visit: Visit, Path(id): Path<UnitId>| async move { open(&visit, id, act).await };
        let sent = move |Path(id): Path<UnitId>, Query(seen): Query<SeenVersion>, posted: Posted| async move {
            submit(id, seen.version, posted, act).await
        };
        router.route(&format!("/units/{{id}}/{}", act.name()), get(shown).post(sent))
    })
}

async fn seen(visit: &Visit, id: UnitId, act: Act) -> Result<(UnitState, u64), Problem> {
    visit.need_any(act.need())?;
    let viewer = visit.viewer.clone();
    visit
        .read(move |tx| visible_unit(tx, &viewer, id, act.need()).map(|(unit, version, _)| (unit, version)))
        .await
}

async fn open(visit: &Visit, id: UnitId, act: Act) -> Result<Response, Failed> {
    let (unit, version) = seen(visit, id, act).await?;
    let form = filled(visit, &unit);
    Ok(compose(visit, &unit, version, act, form).await?.answer(StatusCode::OK))
}

async fn compose(
    visit: &Visit,
    unit: &UnitState,
    version: u64,
    act: Act,
    form: FormState,
) -> Result<Page, Problem> {
    let lang = visit.lang();
    let shell =
        visit.shell(act.title(lang)).for_unit(&unit.name, visit.now()).at("units").back_to(href(unit.id));
    let mut page = Page::new(shell);
    let (told, fields) = fields(visit, unit, act).await?;
    // What must fail says why and offers nothing to press.
    if fields.is_empty() {
        page.left.push(Block::Prose { title: String::new(), lines: told });
        return Ok(page);
    }
    page.left.push(Block::form(FormCard {
        id: "act",
        told,
        action: format!("{}/{}?version={version}", href(unit.id), act.name()),
        fields,
        button: act.button(lang).to_owned(),
        kind: if act == Act::Close { "danger" } else { "" },
        form: form.label("boarders", texts::units_boarders(lang)),
        ..FormCard::default()
    }));
    Ok(page)
}

/// A unit above within reach, said at its field.
async fn check(visit: &Visit, command: &UnitCommand) -> Result<(), Problem> {
    let (above, field) = match command {
        UnitCommand::Place(placement) => (placement.parent, "parent"),
        UnitCommand::Assign(assigned) => (assigned.to, "to"),
        UnitCommand::Create(_)
        | UnitCommand::Rename(_)
        | UnitCommand::Recode(_)
        | UnitCommand::Rekind(_)
        | UnitCommand::Describe(_)
        | UnitCommand::Campuses(_)
        | UnitCommand::Unassign(_)
        | UnitCommand::Close(_)
        | UnitCommand::Reopen(_) => return Ok(()),
    };
    let viewer = visit.viewer.clone();
    let may = visit.read(move |tx| Ok(viewer.may_over(tx, "unit.manage", above)?)).await?;
    if may { Ok(()) } else { Err(Refusal::new("unit-parent-unknown").on(field).into()) }
}

async fn submit(id: UnitId, known: Option<u64>, posted: Posted, act: Act) -> Result<Response, Failed> {
    let Posted { visit, form, command_id } = posted;
    let (unit, version) = seen(&visit, id, act).await?;
    let done = async {
        let command = asked(&visit, &unit, act, &form)?;
        check(&visit, &command).await?;
        ask::<Unit>(&visit, command_id, id, known, command).await
    };
    let lang = visit.lang();
    match done.await {
        Ok(false) => Ok(see_other_saying(&href(id), &Flash::done(texts::nothing_changed(lang)))),
        Ok(true) => Ok(see_other_saying(&href(id), &Flash::done(act.done(lang)))),
        Err(Problem::Stale(stale)) => {
            let typed = visit.form().keep(&form);
            overtaken(&visit, &unit, version, act, (stale.seen, typed)).await
        }
        Err(problem) if is_for_the_form(&problem) => {
            let state = visit.form().keep(&form).failed(&problem, &visit.desk.sentences);
            let page = compose(&visit, &unit, version, act, state).await?;
            Ok(page.answer(StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(other) => Err(other.into()),
    }
}

/// The form after it was sent on an older version: what happened since, by whom and when, and everything typed.
async fn overtaken(
    visit: &Visit,
    unit: &UnitState,
    version: u64,
    act: Act,
    (known, typed): (u64, FormState),
) -> Result<Response, Failed> {
    let (lang, id, vault) = (visit.lang(), unit.id, visit.desk.vault.clone());
    let history = visit
        .read(move |tx| {
            let events = events_of_stream(tx, id.into(), None)?;
            unit_history::read(tx, &vault, &events)
        })
        .await?;
    let mut page = compose(visit, unit, version, act, typed).await?;
    let offered = page.left.iter().any(|block| matches!(block, Block::Form(_)));
    let then = if offered { texts::unit_overtaken_again(lang) } else { texts::unit_overtaken_over(lang) };
    let news = Block::News {
        title: texts::unit_overtaken(lang).to_owned(),
        moments: history.since(lang, known),
        then: then.to_owned(),
    };
    page.left.insert(0, news);
    Ok(page.answer(StatusCode::CONFLICT))
}
