//! Photos by file name: a zip beside the ledger, single pictures afterwards, and what is no photo.

use std::io::{Cursor, Write};

use hazard::HazardEvent;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use journal::{Payload, events_of_stream};
use kernel::StreamId;
use uuid::Uuid;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    House,
    ledger::{HEAD, bring},
    told,
};
use crate::{Options, PhotoFile, Stage};

pub(super) fn picture(shade: u8) -> Vec<u8> {
    let image = RgbImage::from_fn(40, 30, |x, y| {
        Rgb([shade, u8::try_from(x * 5).unwrap(), u8::try_from(y * 7).unwrap()])
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

pub(super) fn zipped(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn send(house: &House, id: Uuid, name: &str, bytes: Vec<u8>) -> Result<usize, kernel::Problem> {
    let file = PhotoFile { name: name.to_owned(), bytes };
    house.wait(house.importer.add_photos(house.office, id, vec![file]))
}

fn ledger() -> String {
    format!(
        "{HEAD}1,丹凤第一小学,消防,灭火器过期,食堂,2025-03-01,一般,已整改,2025-03-10,IMG_001；一小/a.png,后.PNG\n\
         2,丹凤第一小学,校舍,墙体开裂,教学楼,2025-03-02,一般,整改中,,没有.jpg,\n"
    )
}

#[test]
fn matched_by_name_and_kept_with_the_hazard() {
    let house = House::new();
    let id = bring(&house, &ledger());
    assert_eq!(
        told(&house.dry(id).1),
        [
            "J2 intake-photo-missing",
            "J2 intake-photo-missing",
            "K2 intake-photo-missing",
            "J3 intake-photo-missing"
        ]
    );
    let zip = zipped(&[
        ("IMG_001.png", picture(1)),
        ("一小/A.png", picture(2)),
        ("二小/a.png", picture(3)),
        ("说明.txt", b"hello".to_vec()),
        ("多余.png", picture(9)),
    ]);
    assert_eq!(send(&house, id, "照片.zip", zip), Ok(4));
    assert_eq!(send(&house, id, "后.png", picture(4)), Ok(1), "a picture on its own, afterwards");
    let (batch, plan) = house.dry(id);
    assert_eq!(told(&plan), ["J3 intake-photo-missing"]);
    assert_eq!(plan.unused_photos, ["二小/a.png", "多余.png"]);
    assert_eq!(batch.body.no_photos, [], "the last upload had only photos");

    // Whoever does not have the old picture says so.
    house.choose(id, Options { without_photos: true, ..Options::default() });
    let (_, plan) = house.dry(id);
    assert_eq!((told(&plan), plan.notices.len(), plan.missing_photos), (Vec::new(), 1, 1));
    let batch = house.apply(id);
    assert_eq!(batch.stage, Stage::Done);
    let mut tx = house.reader();
    let stream = tx
        .first("SELECT id FROM hazard WHERE stage = 'carried_over'", &[], |row| row.id::<StreamId>(0))
        .unwrap()
        .unwrap();
    let event = &events_of_stream(&mut tx, stream, None).unwrap()[0];
    let event = HazardEvent::decode("hazard.carried_over", 1, &event.parts).unwrap();
    let HazardEvent::CarriedOver(parts) = event else { panic!("another event") };
    let text = parts.text.unwrap();
    assert_eq!((text.photos.len(), text.after.len()), (2, 1));
    for photo in text.photos.iter().chain(&text.after) {
        let bytes = house.tools.store.read(photo.0.parse().unwrap()).unwrap();
        assert!(bytes.starts_with(&[0xff, 0xd8, 0xff]), "written anew");
    }
    assert_eq!(tx.count("SELECT count(*) FROM intake_photo", &[]).unwrap(), 0);
}

#[test]
fn what_is_no_photo_is_named_and_passed_over() {
    let house = House::new();
    let id = bring(&house, &ledger());
    let zip = zipped(&[
        ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0".to_vec()),
        ("b.jpg", b"<html>".to_vec()),
        ("c.jpg", b"????????".to_vec()),
    ]);
    assert_eq!(send(&house, id, "a.zip", zip), Ok(0));
    let (batch, _) = house.dry(id);
    let told: Vec<(&str, &str)> =
        batch.body.no_photos.iter().map(|file| (file.file.as_str(), file.code.as_str())).collect();
    let codes = ["attachment-type-heic", "attachment-type", "attachment-type-unknown"];
    assert_eq!(told, [("a.heic", codes[0]), ("b.jpg", codes[1]), ("c.jpg", codes[2])]);
    let sentences = web::Sentences::new([hazard::words::sentence as web::Lookup]);
    let said = |file: &crate::NoPhoto| crate::words::no_photo(language::Lang::ZhCn, &sentences, file);
    let words: Vec<String> = batch.body.no_photos.iter().map(said).collect();
    assert!(words[0].contains("HEIC") && words[1].contains("（HTML）"), "{words:?}");
    assert!(words[2].contains("认不出"), "{words:?}");
    // One that an older program put down names nothing, and has no empty brackets for it.
    let older = crate::NoPhoto { args: Vec::new(), ..batch.body.no_photos[1].clone() };
    assert!(!said(&older).contains("（"), "{}", said(&older));
}

#[test]
fn hostile_archives_are_refused() {
    let house = House::new();
    let id = bring(&house, &ledger());
    let code = |bytes: Vec<u8>| send(&house, id, "a.zip", bytes).unwrap_err().code().to_owned();
    let many: Vec<(String, Vec<u8>)> = (0..401).map(|n| (format!("{n}.jpg"), Vec::new())).collect();
    let many: Vec<(&str, Vec<u8>)> =
        many.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    assert_eq!(code(zipped(&many)), "document-files");
    assert_eq!(code(zipped(&[("a.jpg", picture(1))])[..40].to_vec()), "document-broken");
    let zeros = vec![0_u8; kernel::limits::PHOTO_BYTES + 1];
    // One that is too big is named; the rest is taken.
    let one = zipped(&[("big.jpg", zeros), ("ok.png", picture(5))]);
    assert_eq!(send(&house, id, "a.zip", one), Ok(1));
    assert_eq!(house.dry(id).0.body.no_photos[0].code, "attachment-too-large");
}
