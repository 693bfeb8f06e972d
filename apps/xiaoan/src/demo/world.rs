//! The county as it is planned, before anything is asked of the journal.

use kernel::{ActorId, PersonId, UnitId};
use organisation::{CanteenMode, Contact, NewUnit, Post, UnitKind};

/// How a school goes about its hazards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Temper {
    Excellent,
    Usual,
    Slow,
}

impl Temper {
    /// How much longer than usual everything takes.
    pub(super) const fn pace(self) -> f64 {
        match self {
            Self::Excellent => 0.45,
            Self::Usual => 1.0,
            Self::Slow => 3.2,
        }
    }

    /// How often a hazard is fixed in time.
    pub(super) const fn punctual(self) -> f64 {
        match self {
            Self::Excellent => 0.995,
            Self::Usual => 0.91,
            Self::Slow => 0.58,
        }
    }
}

/// An office or a school in the order in which it is entered.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub id: UnitId,
    pub created: NewUnit,
}

/// An office: county, department, township, police station.
#[derive(Clone, Debug)]
pub(super) struct Office {
    pub id: UnitId,
    pub name: String,
}

/// Who works at a school, as places in [`World::people`].
#[derive(Clone, Debug, Default)]
pub(super) struct Staff {
    pub head: usize,
    pub secretary: Option<usize>,
    pub vice: Option<usize>,
    pub officer: usize,
    pub affairs: Option<usize>,
    pub teachers: Vec<usize>,
    pub wardens: Vec<usize>,
    pub guards: Vec<usize>,
    pub cooks: Vec<usize>,
}

impl Staff {
    /// Those who may accept what somebody else has fixed.
    pub(super) fn accepting(&self) -> Vec<usize> {
        let mut all: Vec<usize> =
            [Some(self.officer), Some(self.head), self.vice, self.secretary].into_iter().flatten().collect();
        all.dedup();
        all
    }

    /// Those who may decide about more time.
    pub(super) fn deciding(&self) -> Vec<usize> {
        [Some(self.head), self.secretary].into_iter().flatten().collect()
    }
}

/// A place where children are.
#[derive(Clone, Debug)]
pub(super) struct School {
    pub id: UnitId,
    pub kind: UnitKind,
    pub name: String,
    pub township: usize,
    /// The central school that runs it, as a place in [`World::schools`].
    pub central: Option<usize>,
    pub pupils: u32,
    pub boarders: u32,
    pub staff_count: u32,
    pub canteen: CanteenMode,
    pub latitude: f64,
    pub longitude: f64,
    pub temper: Temper,
    pub staff: Staff,
    pub inspector: usize,
}

impl School {
    /// From junior secondary up.
    pub(super) const fn is_secondary(&self) -> bool {
        matches!(
            self.kind,
            UnitKind::Junior
                | UnitKind::NineYear
                | UnitKind::Senior
                | UnitKind::Complete
                | UnitKind::TwelveYear
                | UnitKind::Vocational
        )
    }

    /// Training institutions and venues outside schools.
    pub(super) const fn is_outside(&self) -> bool {
        matches!(self.kind, UnitKind::Training | UnitKind::ActivityVenue)
    }

    /// It cooks.
    pub(super) fn cooks(&self) -> bool {
        matches!(self.canteen, CanteenMode::Own | CanteenMode::Contracted)
    }
}

/// Somebody with a post and, as everybody here acts, an account.
#[derive(Clone, Debug)]
pub(super) struct Someone {
    pub id: PersonId,
    pub unit: UnitId,
    pub unit_name: String,
    pub contact: Contact,
    pub posts: Vec<Post>,
    pub roles: Vec<(&'static str, UnitId)>,
    pub login: String,
    pub show: Option<&'static str>,
    /// The account, once it is open.
    pub actor: ActorId,
}

/// The whole county.
#[derive(Debug)]
pub(super) struct World {
    pub province: UnitId,
    pub city: UnitId,
    pub county: UnitId,
    pub planned: Vec<Planned>,
    pub townships: Vec<Office>,
    pub departments: Vec<Office>,
    pub stations: Vec<Office>,
    pub schools: Vec<School>,
    pub people: Vec<Someone>,
    /// Places of people in `people`.
    pub office: Vec<usize>,
    pub leaders: Vec<usize>,
    pub inspectors: Vec<usize>,
    pub township_officers: Vec<usize>,
    pub police: Vec<usize>,
    /// Administrators: of the system, of security, of audit.
    pub administrators: Vec<usize>,
    /// The school that changes its township in the middle of the year, and to which.
    pub moving: Option<(usize, usize)>,
    /// The teaching point with one teacher.
    pub lonely: Option<usize>,
}

impl World {
    /// Nothing planned yet.
    pub(super) const fn new() -> Self {
        Self {
            province: UnitId::NIL,
            city: UnitId::NIL,
            county: UnitId::NIL,
            planned: Vec::new(),
            townships: Vec::new(),
            departments: Vec::new(),
            stations: Vec::new(),
            schools: Vec::new(),
            people: Vec::new(),
            office: Vec::new(),
            leaders: Vec::new(),
            inspectors: Vec::new(),
            township_officers: Vec::new(),
            police: Vec::new(),
            administrators: Vec::new(),
            moving: None,
            lonely: None,
        }
    }

    /// The account of somebody.
    pub(super) fn actor(&self, person: usize) -> ActorId {
        self.people.get(person).map_or(ActorId::NIL, |someone| someone.actor)
    }

    /// The record of somebody.
    pub(super) fn person(&self, person: usize) -> PersonId {
        self.people.get(person).map_or(PersonId::NIL, |someone| someone.id)
    }
}
