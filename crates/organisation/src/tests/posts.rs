//! Which posts a unit of which kind has.

use crate::{Post, UnitKind};

#[test]
fn a_school_has_no_posts_of_the_county_and_the_other_way_round() {
    let at = |kind: UnitKind| Post::ALL.iter().copied().filter(|post| post.fits(kind)).collect::<Vec<_>>();
    let school = at(UnitKind::Primary);
    for post in
        [Post::CountySafety, Post::CountyLeader, Post::Administrator, Post::TownshipOfficer, Post::Liaison]
    {
        assert!(!school.contains(&post), "{post:?}");
    }
    assert!(school.contains(&Post::Head) && school.contains(&Post::Inspector));
    let county = at(UnitKind::County);
    assert!(county.contains(&Post::CountySafety) && !county.contains(&Post::ClassTeacher));
    assert!(at(UnitKind::Township).contains(&Post::TownshipOfficer));
    for kind in UnitKind::ALL {
        assert!(at(*kind).contains(&Post::Guard), "{kind:?} may have a gate");
    }
    for post in Post::ALL {
        assert!(UnitKind::ALL.iter().any(|kind| post.fits(*kind)), "{post:?} is held nowhere");
    }
}
