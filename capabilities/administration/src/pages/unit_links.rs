//! What can be done at a unit, and where to look further.

use language::Lang;
use organisation::Line;
use web::view::Link;

use super::{unit::Seen, unit_acts::Act, units::href};
use crate::texts;

/// What the viewer may do here, and where to look further.
pub(super) fn acts(lang: Lang, seen: &Seen) -> Vec<Link> {
    let at = |act: &str| format!("{}/{act}", href(seen.unit.id));
    let id = seen.unit.id.0.simple().to_string();
    let has = |permission: &str| seen.over.has(permission);
    let open = seen.unit.closed.is_none();
    let reset = has("account.reset_password") || has("role.grant");
    let mut links = Vec::new();
    let mut add = |shown: bool, label: &'static str, to: String| {
        if shown {
            links.push(Link::new(label, to));
        }
    };
    add(has("hazard.view"), texts::unit_hazards(lang), format!("/hazards?unit={id}"));
    add(open && (has("unit.manage") || has("unit.describe")), texts::unit_describe(lang), at("describe"));
    add(open && has("person.manage"), texts::people_new(lang), at("people/new"));
    add(open && has("person.manage"), texts::people_new_guard(lang), at("people/new?post=guard"));
    let out = !seen.people.is_empty() && has("person.view") && has("export");
    add(out, texts::people_export_xlsx(lang), at("people/export?format=xlsx"));
    add(out, texts::people_export_csv(lang), at("people/export"));
    let holds = [Line::Management, Line::Territory].into_iter().any(|line| seen.unit.kind.holds(line));
    add(open && holds && has("unit.manage"), texts::unit_new_below(lang), format!("/units/new?parent={id}"));
    for act in [Act::Rename, Act::Recode, Act::Rekind, Act::Move, Act::Assign, Act::Unassign, Act::Close] {
        let idle = act == Act::Unassign && seen.assigned.is_empty();
        add(open && has("unit.manage") && !idle, act.title(lang), at(act.name()));
    }
    add(!open && has("unit.manage"), Act::Reopen.title(lang), at(Act::Reopen.name()));
    add(open && has("channel.manage"), texts::channels_title(lang), at("channels"));
    add(has("sent.read"), texts::sent_title(lang), format!("/sent?unit={id}"));
    add(open && has("account.manage"), texts::account_open(lang), format!("/accounts/new?unit={id}"));
    let many = format!("{}?unit={id}", super::account_many::PATH);
    add(open && has("account.manage"), texts::many_open(lang), many.clone());
    add(open && has("role.grant"), texts::many_grant(lang), many);
    add(seen.accounts.is_some(), texts::unit_all_accounts(lang), format!("/accounts?unit={id}"));
    add(open && reset, texts::slips_title(lang), at("slips"));
    add(open && reset && seen.unit.kind.is_institution(), texts::devices_title(lang), at("devices"));
    links
}
