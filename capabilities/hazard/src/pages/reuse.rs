//! 照片查重: photos of a fix that were used before. Looked up when they come, on a reader; said to whoever accepts.

use std::{collections::HashMap, sync::Arc};

use access::Viewer;
use attachments::{Compared, FileHash, Store};
use journal::Recorded;
use kernel::{Problem, StreamId, UnitId, limits};
use language::Lang;
use storage::Tx;
use web::{
    Visit,
    view::{Fact, Link},
};

use super::{href, timeline::Names, timeline::basis, visible_state};
use crate::{
    command::{HazardCommand, UsedBefore},
    event::{HazardEvent, OtherHazard, Photo, Reused},
    query::{elsewhere, photos_of_unit},
    texts,
};

/// Photos that are laid over one, at most: of thousands a few look alike.
const LAID_OVER: usize = 12;

/// A fix and its photos.
pub(super) struct Proof {
    pub hazard: StreamId,
    pub unit: UnitId,
    /// Of the hazard as it was found.
    pub before: Vec<Photo>,
    /// Of what was done.
    pub after: Vec<Photo>,
}

/// What the database knows about where the photos may have been before.
struct Known {
    looks: HashMap<FileHash, Compared>,
    others: Vec<(FileHash, OtherHazard)>,
    elsewhere: HashMap<FileHash, OtherHazard>,
}

/// Which of the photos were used before.
///
/// # Errors
/// Whatever the database answers.
pub(super) async fn used_before(
    visit: &Visit,
    store: &Arc<Store>,
    proof: Proof,
) -> Result<Vec<UsedBefore>, Problem> {
    let (before, after) = (hashes(&proof.before), hashes(&proof.after));
    let all: Vec<FileHash> = before.iter().chain(&after).copied().collect();
    let asked = after.clone();
    let known = visit.read(move |tx| known(tx, &proof, all, &asked)).await?;
    let store = Arc::clone(store);
    // Pictures are decoded.
    let found = tokio::task::spawn_blocking(move || {
        after.iter().flat_map(|photo| known.uses(&store, *photo, &before)).collect()
    });
    found.await.map_err(|e| Problem::Fault(e.to_string()))
}

/// The commands of a form; one that says that it is fixed, with what was found of its photos.
///
/// # Errors
/// Whatever the database answers.
pub(super) async fn photos_compared(
    visit: &Visit,
    store: &Arc<Store>,
    mut commands: Vec<HazardCommand>,
    (hazard, unit, before): (StreamId, UnitId, Vec<Photo>),
) -> Result<Vec<HazardCommand>, Problem> {
    if let [HazardCommand::Rectify { note, reused, .. }] = commands.as_mut_slice() {
        let proof = Proof { hazard, unit, before, after: note.photos.clone() };
        *reused = used_before(visit, store, proof).await?;
    }
    Ok(commands)
}

fn hashes(photos: &[Photo]) -> Vec<FileHash> {
    photos.iter().filter_map(|photo| photo.0.parse().ok()).collect()
}

fn known(tx: &mut Tx, proof: &Proof, mut all: Vec<FileHash>, after: &[FileHash]) -> Result<Known, Problem> {
    let others = photos_of_unit(tx, proof.unit, proof.hazard, limits::PHOTOS_COMPARED)?;
    all.extend(others.iter().map(|(hash, _)| *hash));
    all.sort_unstable();
    all.dedup();
    let looks = attachments::compared(tx, &all)?.into_iter().map(|photo| (photo.hash, photo)).collect();
    let mut there = HashMap::new();
    for photo in after {
        there.extend(elsewhere(tx, proof.unit, *photo)?.map(|other| (*photo, other)));
    }
    Ok(Known { looks, others, elsewhere: there })
}

impl Known {
    /// As a picture of the hazard, for the newest other hazard of the unit, or elsewhere.
    fn uses(&self, store: &Store, photo: FileHash, before: &[FileHash]) -> Vec<UsedBefore> {
        let used = |other| UsedBefore { photo: Photo(photo.to_string()), other };
        let found = self.same(store, photo, before.iter().map(|hash| (*hash, None)));
        let others = self.others.iter().map(|(hash, other)| (*hash, Some(*other)));
        let here = self.same(store, photo, others).flatten();
        let other = here.or_else(|| self.elsewhere.get(&photo).copied());
        found.map(used).into_iter().chain(other.map(|other| used(Some(other)))).collect()
    }

    /// The first that is the same file or the same picture, with what goes with it.
    fn same<T>(
        &self,
        store: &Store,
        photo: FileHash,
        mut others: impl Iterator<Item = (FileHash, T)>,
    ) -> Option<T> {
        let mut laid_over = 0;
        let found = others.find(|(other, _)| {
            if *other == photo {
                return true;
            }
            let (Some(mine), Some(theirs)) = (self.looks.get(&photo), self.looks.get(other)) else {
                return false;
            };
            if laid_over >= LAID_OVER || !mine.look.may_be(&theirs.look) {
                return false;
            }
            laid_over += 1;
            // A file that is gone or damaged proves nothing; `verify` tells of it.
            store.shows_the_same(mine.thumbnail, theirs.thumbnail).unwrap_or(false)
        });
        found.map(|(_, with)| with)
    }
}

/// What an event says of its photos.
fn of(event: &HazardEvent) -> &[Reused] {
    match event {
        HazardEvent::Rectified(parts) => &parts.core.reused,
        HazardEvent::FixedOnSpot(parts) => &parts.core.reused,
        _ => &[],
    }
}

/// The hazards named there that the viewer may see.
pub(super) fn seen_in(
    tx: &mut Tx,
    viewer: &Viewer,
    events: &[(&Recorded, HazardEvent)],
) -> Result<Vec<StreamId>, Problem> {
    let mut named: Vec<StreamId> = events
        .iter()
        .flat_map(|(_, event)| of(event))
        .filter_map(|one| one.other)
        .map(|o| o.hazard)
        .collect();
    named.sort_unstable();
    named.dedup();
    let mut seen = Vec::new();
    for hazard in named {
        match visible_state(tx, viewer, hazard) {
            Ok(_) => seen.push(hazard),
            Err(Problem::NotFound) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(seen)
}

/// The sentence of an event, with what is to be said of its photos.
pub(super) fn told(lang: Lang, names: &Names, event: &HazardEvent, sentence: String) -> String {
    of(event).iter().fold(sentence, |told, one| texts::line_reused(lang, told, used(lang, names, one)))
}

/// What whoever accepts is told of the photos of the fix that waits, or that was accepted.
pub(super) fn facts(lang: Lang, names: &Names, events: &[(&Recorded, HazardEvent)]) -> Vec<Fact> {
    let Some((_, fix)) = basis("accept", events) else { return Vec::new() };
    let fact = |one: &Reused| {
        let fact = Fact::new(texts::record_reused(lang), used(lang, names, one));
        match one.other.filter(|other| names.hazards.contains(&other.hazard)) {
            Some(other) => fact.link(Link::new(other.number.to_string(), href(other.hazard))),
            None => fact,
        }
    };
    of(&fix).iter().map(fact).collect()
}

fn used(lang: Lang, names: &Names, one: &Reused) -> String {
    let photo = one.photo + 1;
    let Some(other) = one.other else { return texts::reused_itself(lang, photo) };
    match (names.hazards.contains(&other.hazard), other.elsewhere) {
        (true, false) => texts::reused_here(lang, photo, other.number),
        (true, true) => texts::reused_there(lang, photo, other.number),
        (false, false) => texts::reused_here_unseen(lang, photo),
        (false, true) => texts::reused_there_unseen(lang, photo),
    }
}
