//! 疑似重复 on a record: what may be the same defect, and what a duplicate names when it is withdrawn.

use access::Viewer;
use kernel::{Problem, StreamId};
use language::{Lang, Say};
use storage::Tx;
use web::view::{Choice, Fact, Link};

use super::{href, record::Seen, visible_state};
use crate::{
    event::NamedHazard,
    offer::Offer,
    query::{AlikeHazard, OpenHazard, open_at},
    state::{HazardState, Stage},
    texts, words,
};

/// How many open hazards a duplicate can be the same as, to choose from.
const CHOICES: usize = 50;

/// The unit's newest open hazards but for this one, as long as it can be withdrawn; those that the viewer may see.
pub(super) fn others(
    tx: &mut Tx,
    viewer: &Viewer,
    id: StreamId,
    state: &HazardState,
) -> Result<Vec<OpenHazard>, Problem> {
    if !state.stage.code().before_proof() {
        return Ok(Vec::new());
    }
    let mut seen = open_at(tx, state.unit, id)?;
    if !viewer.permissions_over(tx, state.unit)?.has("hazard.view") {
        let mut own = Vec::new();
        for open in seen {
            match visible_state(tx, viewer, open.hazard.hazard) {
                Ok(_) => own.push(open),
                Err(Problem::NotFound) => {}
                Err(other) => return Err(other),
            }
        }
        seen = own;
    }
    Ok(seen)
}

/// What a record shows of them.
#[derive(Default)]
pub(super) struct Shown {
    /// What may be the same defect; not beside the form that asks which it is.
    pub facts: Vec<Fact>,
    /// The form that withdraws this one as a duplicate, where the viewer is offered it.
    pub withdraw: Option<Link>,
    /// What a duplicate may be the same as, on that form.
    pub same_as: Vec<Choice>,
}

pub(super) fn shown(lang: Lang, seen: &Seen, offers: &[Offer], act: &str) -> Shown {
    if act == "withdraw" {
        return Shown { same_as: choices(lang, seen), ..Shown::default() };
    }
    Shown { facts: facts(lang, seen), withdraw: withdraw(lang, seen, offers), same_as: Vec::new() }
}

fn facts(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let fact = |alike: &AlikeHazard| {
        let open = &alike.open;
        let stage = words::stage(lang, open.stage);
        let told = texts::record_alike_line(lang, what(open), stage, Say(lang).date_of(open.registered_at));
        let told = if alike.words.is_empty() {
            told
        } else {
            texts::record_alike_words(lang, told, alike.words.join("、"))
        };
        Fact::new(texts::record_alike(lang), told).link(to(open.hazard))
    };
    seen.alike.iter().map(fact).collect()
}

/// The form that withdraws it as a duplicate of the likeliest other, where the viewer is offered it.
fn withdraw(lang: Lang, seen: &Seen, offers: &[Offer]) -> Option<Link> {
    let other = seen.alike.first()?.open.hazard.hazard;
    offers.iter().any(|offer| offer.act == "withdraw").then(|| {
        let form = format!("{}?act=withdraw&same={other}#act", href(seen.record.id));
        Link::new(texts::record_alike_withdraw(lang), form)
    })
}

/// What a duplicate may be the same as: those that look alike, then the other open ones.
fn choices(lang: Lang, seen: &Seen) -> Vec<Choice> {
    let alike = seen.alike.iter().map(|alike| &alike.open);
    let others =
        seen.open.iter().filter(|open| !seen.alike.iter().any(|alike| alike.open.hazard == open.hazard));
    let choice = |open: &OpenHazard| {
        let label = texts::form_withdraw_same_choice(lang, open.hazard.number, what(open));
        Choice::new(open.hazard.hazard.to_string(), label)
    };
    alike.chain(others).take(CHOICES).map(choice).collect()
}

/// The hazard that goes on instead of a duplicate, and the duplicates that were withdrawn for this one.
pub(super) fn merged(lang: Lang, seen: &Seen) -> Vec<Fact> {
    let goes_on = match &seen.record.state.stage {
        Stage::Withdrawn { same_as: Some(other), .. } => {
            Some(Fact::new(texts::record_same_as(lang), texts::record_same_as_goes_on(lang)).link(to(*other)))
        }
        _ => None,
    };
    let here = seen
        .merged
        .iter()
        .map(|other| Fact::new(texts::record_merged(lang), texts::record_merged_here(lang)).link(to(*other)));
    goes_on.into_iter().chain(here).collect()
}

fn to(hazard: NamedHazard) -> Link {
    Link::new(hazard.number.to_string(), href(hazard.hazard))
}

/// Where and what, in short.
fn what(open: &OpenHazard) -> String {
    if open.place.is_empty() { open.title.clone() } else { format!("{} {}", open.place, open.title) }
}
