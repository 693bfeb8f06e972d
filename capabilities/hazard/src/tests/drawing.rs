//! The state diagram in the documentation is the one the code draws.

use std::path::PathBuf;

use crate::{StageCode, diagram, diagram_page};

#[test]
fn the_documentation_shows_what_the_code_does() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/state-machines/hazard.md");
    let page = diagram_page();
    if test_support::golden::writing() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &page).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == page, "docs/state-machines/hazard.md differs; XIAOAN_WRITE=1 writes it again");
}

#[test]
fn every_stage_can_be_reached() {
    let drawn = diagram();
    for stage in StageCode::ALL {
        assert!(drawn.contains(&format!("--> {}:", stage.name())), "{} is never reached", stage.name());
    }
}
