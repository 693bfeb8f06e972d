//! What is remembered of a photo, on both databases.

use image::{DynamicImage, ImageFormat};
use kernel::Timestamp;
use storage::{Tx, migrate, params};
use test_support::{TestDb, both_databases};

use super::scenes::Scene;
use crate::{MIGRATIONS, Store, StoredPhoto, compared, looked, remember, unlooked};

fn stored(store: &Store, picture: &DynamicImage) -> StoredPhoto {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    store.put_photo(&bytes.into_inner()).unwrap()
}

fn written(db: &TestDb, write: impl FnOnce(&mut Tx)) {
    let mut tx = db.database().writer().unwrap();
    tx.begin().unwrap();
    write(&mut tx);
    tx.commit().unwrap();
}

both_databases! {
    fn photos_are_found_by_how_they_look_also_those_stored_before(db: TestDb) {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(directory.path()).unwrap();
        migrate(&mut db.database().writer().unwrap(), &[MIGRATIONS]).unwrap();
        let [seen, older, gone] = [1, 2, 3].map(|seed| stored(&store, &Scene::of(seed).picture(200, 150)));
        let plain = stored(&store, &DynamicImage::new_rgb8(200, 150));
        let all = [seen, older, gone, plain];
        written(&db, |tx| {
            for photo in &all {
                remember(tx, photo, Timestamp(1)).unwrap();
            }
            // As an earlier version left them.
            for photo in [older, gone] {
                let hash = photo.hash.to_string();
                tx.write("UPDATE attachment SET cropped = NULL WHERE hash = ?1", params![&hash]).unwrap();
            }
        });
        let hashes = all.map(|photo| photo.hash);
        let mut tx = db.database().reader().unwrap();
        let mut known: Vec<_> = compared(&mut tx, &hashes).unwrap().iter().map(|one| (one.hash, one.look)).collect();
        known.sort_unstable_by_key(|one| one.0);
        let mut wanted = vec![(seen.hash, seen.look), (plain.hash, plain.look)];
        wanted.sort_unstable_by_key(|one| one.0);
        assert_eq!(known, wanted);
        let waiting = unlooked(&mut tx, 10).unwrap();
        assert_eq!(waiting.len(), 2);
        assert_eq!(unlooked(&mut tx, 1).unwrap().len(), 1);
        drop(tx);
        written(&db, |tx| {
            for (hash, thumbnail) in waiting {
                let look = (hash != gone.hash).then(|| store.look(thumbnail).unwrap());
                looked(tx, hash, look).unwrap();
            }
        });
        let mut tx = db.database().reader().unwrap();
        assert_eq!(unlooked(&mut tx, 10).unwrap(), []);
        let again = compared(&mut tx, &[older.hash, gone.hash]).unwrap();
        let meets = |photo: &StoredPhoto| again.iter().any(|one| one.hash == photo.hash && one.look.may_be(&photo.look));
        assert!(meets(&older) && !meets(&gone));
        drop(tx);
        // Sent once more it is there to be looked at.
        written(&db, |tx| remember(tx, &gone, Timestamp(2)).unwrap());
        let found = compared(&mut db.database().reader().unwrap(), &[gone.hash]).unwrap();
        assert_eq!(found.first().map(|one| one.look), Some(gone.look));
    }
}
