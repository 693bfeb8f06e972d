//! What the rules say: every rule with its value, where it comes from, and what was set here.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use kernel::{Date, limits};
use language::{Lang, Say};
use rules::{Rule, RuleBook, Tag};
use serde::Deserialize;
use web::{
    Failed, FormState, Shell, Unread, Visit,
    view::{Cell, Choice, Column, Empty, Filter, Level, Link, Mark, Table},
};

use super::{RulesPages, Tab, rule_href, tabs};
use crate::{texts, words};

pub(super) const LIST: &str = "/rules";

const TAGS: [(&str, Tag); 5] = [("S", Tag::S), ("L", Tag::L), ("P", Tag::P), ("G", Tag::G), ("I", Tag::I)];

/// The filter as it stands in the address; what cannot be read counts as not said.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RulesQuery {
    pub q: String,
    pub pack: String,
    pub tag: String,
    pub local: String,
    pub format: String,
}

impl RulesQuery {
    /// Without what means nothing, and what that was.
    pub(super) fn settled(mut self, lang: Lang, rules: &RuleBook) -> (Self, Unread) {
        let mut unread = Unread::default();
        let known = self.q.chars().any(char::is_alphanumeric);
        unread.clear(texts::list_query(lang), &mut self.q, known);
        let known = packs(rules).any(|(id, _)| *id == *self.pack);
        unread.clear(texts::list_pack(lang), &mut self.pack, known);
        let known = TAGS.iter().any(|(code, _)| *code == self.tag);
        unread.clear(texts::list_tag(lang), &mut self.tag, known);
        let known = self.local == "1";
        unread.clear(texts::list_local(lang), &mut self.local, known);
        (self, unread)
    }

    pub(super) fn with(&self, path: &str, field: &str, value: &str) -> String {
        let fields =
            [("q", self.q.as_str()), ("pack", &self.pack), ("tag", &self.tag), ("local", &self.local)];
        web::address_with(path, &fields, field, value)
    }

    /// Whether a rule is among what the list is narrowed to.
    fn holds(&self, rule: &Rule) -> bool {
        let words = self.q.trim().to_lowercase();
        let found = [&*rule.title.zh, &*rule.title.en, &*rule.id, &*rule.clause.zh, &*rule.clause.en];
        (words.is_empty() || found.iter().any(|text| text.to_lowercase().contains(&words)))
            && (self.pack.is_empty() || rule.pack() == self.pack)
            && TAGS.iter().find(|(code, _)| *code == self.tag).is_none_or(|(_, tag)| *tag == rule.clause.tag)
            && (self.local.is_empty() || rule.is_local())
    }
}

/// Packs that hold rules, by id and name.
fn packs(rules: &RuleBook) -> impl Iterator<Item = (&str, &rules::Text)> {
    let holds = |id: &str| rules.rules().any(|rule| rule.pack() == id);
    rules.packs().iter().filter(move |pack| holds(&pack.id)).map(|pack| (&*pack.id, &pack.title))
}

/// What is in force on a day, of what the filter holds.
pub(super) fn in_force<'a>(
    rules: &'a RuleBook,
    query: &'a RulesQuery,
    on: Date,
) -> impl Iterator<Item = &'a Rule> {
    // What was set here and still waits for its day is part of what was set here.
    let coming = move |rule: &Rule| !query.local.is_empty() && rule.from > on;
    rules
        .rules()
        .filter(move |rule| rule.active && (rule.is_in_force(on) || coming(rule)) && query.holds(rule))
}

#[derive(Template)]
#[template(path = "adjustment/list.html")]
struct ListPage {
    shell: Shell,
    lead: &'static str,
    /// Which version decides now.
    stamp: String,
    notices: Vec<Mark>,
    filter: Filter,
    form: FormState,
    packs: Vec<Choice>,
    tags: Vec<Choice>,
    locals: Vec<Choice>,
    table: Table,
    empty: Option<Empty>,
}

pub(super) async fn show(
    visit: Visit,
    State(pages): State<RulesPages>,
    Query(query): Query<RulesQuery>,
) -> Result<Response, Failed> {
    visit.need_any(super::VIEW)?;
    let (lang, rules, today) = (visit.lang(), pages.ruling.book(), visit.now().local_date());
    let (query, unread) = query.settled(lang, &rules);
    let base = pages.ruling.base.clone();
    let made = visit.read(move |tx| Ok(crate::in_force(tx, &base)?)).await?;
    let found: Vec<&Rule> = in_force(&rules, &query, today).collect();
    let chips = chips(lang, &rules, &query);
    let narrowed = !chips.is_empty();
    Ok(web::page(&ListPage {
        lead: texts::rules_lead(lang),
        stamp: texts::list_stamp(lang, rules.stamp()),
        notices: made
            .left_out
            .iter()
            .map(|(number, _)| Mark::new(Level::Red, texts::rules_left_out(lang, number)))
            .collect(),
        filter: Filter {
            chips,
            unread: unread.told(lang),
            clear: LIST.to_owned(),
            views: tabs(lang, Tab::Rules),
            count: texts::rules_count(lang, found.len()),
            exports: vec![
                Link::new(texts::list_export_xlsx(lang), query.with("/rules/export", "format", "xlsx")),
                Link::new(texts::list_export_csv(lang), query.with("/rules/export", "format", "csv")),
            ],
        },
        form: visit
            .form()
            .with("q", &query.q)
            .with("pack", &query.pack)
            .with("tag", &query.tag)
            .with("local", &query.local),
        packs: packs(&rules).map(|(id, name)| Choice::new(id, hazard::words::pick(lang, name))).collect(),
        tags: TAGS.iter().map(|(code, tag)| Choice::new(*code, words::tag(lang, *tag))).collect(),
        locals: vec![Choice::new("1", texts::list_local_only(lang))],
        table: table(lang, &found),
        empty: found.is_empty().then(|| Empty {
            sentence: texts::rules_empty(lang).to_owned(),
            act: narrowed.then(|| Link::new(texts::list_show_all(lang), LIST)),
            icon: "book",
        }),
        shell: visit.shell(texts::rules_title(lang)).at("rules"),
    }))
}

fn chips(lang: Lang, rules: &RuleBook, query: &RulesQuery) -> Vec<Link> {
    let mut chips = Vec::new();
    let mut chip = |field: &str, label: String| chips.push(Link::new(label, query.with(LIST, field, "")));
    if !query.q.is_empty() {
        chip("q", texts::list_chip_query(lang, query.q.chars().take(limits::NAME_CHARS).collect::<String>()));
    }
    if let Some((_, name)) = packs(rules).find(|(id, _)| *id == query.pack) {
        chip("pack", hazard::words::pick(lang, name).to_owned());
    }
    if let Some((_, tag)) = TAGS.iter().find(|(code, _)| *code == query.tag) {
        chip("tag", words::tag(lang, *tag));
    }
    if !query.local.is_empty() {
        chip("local", texts::list_local_only(lang).to_owned());
    }
    chips
}

fn table(lang: Lang, rows: &[&Rule]) -> Table {
    let cells = |rule: &&Rule| {
        let value = words::value(lang, &rule.value);
        let before = rule.base_value.as_ref().map(|base| words::value(lang, base));
        let value = match before {
            Some(before) => Cell::text(value).more(texts::rule_before(lang, before)),
            None => Cell::text(value),
        };
        let clause = if lang == Lang::En { &rule.clause.en } else { &rule.clause.zh };
        vec![
            Cell::link(hazard::words::pick(lang, &rule.title), rule_href(&rule.id)).more(&*rule.id),
            value,
            Cell::text(&**clause).more(words::tag(lang, rule.clause.tag)),
            Cell::text(Say(lang).date(rule.from)),
        ]
    };
    Table {
        caption: texts::rules_title(lang).to_owned(),
        columns: vec![
            Column::new(texts::column_rule(lang)),
            Column::new(texts::column_value(lang)),
            Column::new(texts::column_clause(lang)),
            Column::new(texts::column_since(lang)),
        ],
        rows: rows.iter().map(cells).collect(),
    }
}
