//! 运行状况: how the platform itself is, for whoever runs it.

use axum::{extract::State, http::StatusCode, response::Response};
use journal::Permission;
use kernel::Problem;
use language::{Lang, Say};
use web::{
    Failed, Visit,
    view::{Cell, Column, Level, Mark, Table},
};

use super::AdministrationPages;
use crate::{
    condition::{Backup, Backups, Condition, Finding, findings},
    texts,
    view::{Block, Page},
};

pub(super) const SEE: &[Permission] = &["settings.manage"];

pub(super) async fn show(visit: Visit, State(pages): State<AdministrationPages>) -> Result<Response, Failed> {
    visit.need_any(SEE)?;
    let survey = pages.survey().ok_or(Problem::NotFound)?;
    let seen = visit.read(move |tx| survey.look(tx)).await?;
    let (lang, now) = (visit.lang(), visit.now());
    let found = findings(lang, &seen, now);
    let mut page = Page::new(visit.shell(texts::condition_title(lang)).at("condition"));
    page.lead = texts::condition_lead(lang, seen.version.clone());
    page.notices = found.iter().filter(|finding| finding.level == Level::Red).map(notice).collect();
    page.left = vec![Block::Grid {
        title: texts::condition_looked(lang).to_owned(),
        table: table(lang, &found),
        none: String::new(),
    }];
    if let Some(kept) = kept(&seen) {
        page.left.push(Block::Grid {
            title: texts::condition_kept(lang).to_owned(),
            table: kept_table(lang, kept),
            none: texts::condition_kept_none(lang).to_owned(),
        });
    }
    Ok(page.answer(StatusCode::OK))
}

fn notice(finding: &Finding) -> Mark {
    Mark::new(finding.level, format!("{}：{}", finding.what, finding.said))
}

fn kept(seen: &Condition) -> Option<&[Backup]> {
    match &seen.backups {
        Backups::Nightly { kept, .. } => Some(kept),
        Backups::None | Backups::Server => None,
    }
}

fn table(lang: Lang, found: &[Finding]) -> Table {
    let word = |level: Level| match level {
        Level::Red => texts::condition_act(lang),
        Level::Orange | Level::Yellow => texts::condition_mind(lang),
        Level::Blue | Level::Done | Level::Plain => texts::condition_fine(lang),
    };
    let cells = |finding: &Finding| {
        vec![
            Cell::text(finding.what.clone()),
            Cell::mark(finding.level, word(finding.level)),
            Cell::text(finding.said.clone()).more(finding.advice.clone()),
        ]
    };
    Table {
        caption: texts::condition_looked(lang).to_owned(),
        columns: [texts::condition_what(lang), texts::condition_how(lang), texts::condition_said(lang)]
            .map(Column::new)
            .into(),
        rows: found.iter().map(cells).collect(),
    }
}

fn kept_table(lang: Lang, kept: &[Backup]) -> Table {
    let number = |n: u64| Say(lang).number(i64::try_from(n).unwrap_or(i64::MAX));
    let cells = |backup: &Backup| {
        let trial = match &backup.trial {
            None => Mark::new(Level::Plain, texts::condition_untried(lang)),
            Some((_, wrong)) if wrong.is_empty() => Mark::new(Level::Done, texts::condition_sound(lang)),
            Some(_) => Mark::new(Level::Red, texts::condition_unsound(lang)),
        };
        let wrong = backup.trial.as_ref().map(|(_, wrong)| wrong.join("\n")).unwrap_or_default();
        vec![
            Cell::text(Say(lang).date_time(backup.made_at)).more(backup.name.clone()),
            Cell::text(number(backup.events)),
            Cell::text(number(backup.files)),
            Cell::mark(trial.level, trial.word).more(wrong),
        ]
    };
    Table {
        caption: texts::condition_kept(lang).to_owned(),
        columns: [
            texts::condition_made(lang),
            texts::condition_events(lang),
            texts::condition_files(lang),
            texts::condition_trial(lang),
        ]
        .map(Column::new)
        .into(),
        rows: kept.iter().map(cells).collect(),
    }
}
