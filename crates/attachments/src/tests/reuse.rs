//! A photo that was used before is recognised, whatever was done to it; another photo of the same place is not.

use image::{DynamicImage, RgbImage, codecs::jpeg::JpegEncoder, imageops::FilterType};

use super::scenes::{Scene, Thing};
use crate::{
    FileHash, Look, Store,
    perceptual::Picture,
    photo::{kept, prepare},
};

const SCENES: u64 = 13;

/// A photo as it is compared.
struct Stored {
    look: Look,
    thumbnail: Picture,
}

/// What is kept of it, without a disk.
fn put(picture: &DynamicImage, quality: u8) -> Stored {
    let prepared = prepare(&jpeg(picture, quality)).unwrap();
    Stored { look: prepared.look, thumbnail: Picture::of(&kept(&prepared.thumbnail).unwrap()) }
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).unwrap();
    bytes
}

/// What is asked of two photos: first their looks, then their thumbnails.
fn same(a: &Stored, b: &Stored) -> bool {
    a.look.may_be(&b.look) && a.thumbnail.shows_the_same(&b.thumbnail)
}

/// Without so many hundredths of each side: left, top, right, bottom.
fn cut(picture: &DynamicImage, [left, top, right, bottom]: [u32; 4]) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let (x, y) = (width * left / 100, height * top / 100);
    picture.crop_imm(x, y, width - x - width * right / 100, height - y - height * bottom / 100)
}

fn scaled(picture: &DynamicImage, hundredths: u32) -> DynamicImage {
    let (width, height) = (picture.width() * hundredths / 100, picture.height() * hundredths / 100);
    picture.resize_exact(width, height, FilterType::CatmullRom)
}

const CUTS: [[u32; 4]; 14] = [
    [5, 0, 0, 0],
    [0, 5, 0, 0],
    [0, 0, 5, 0],
    [0, 0, 0, 5],
    [5, 5, 0, 0],
    [0, 5, 5, 0],
    [5, 0, 0, 5],
    [0, 0, 5, 5],
    [5, 5, 5, 5],
    [2, 3, 2, 3],
    [3, 0, 2, 0],
    [0, 1, 0, 4],
    [1, 1, 1, 1],
    [5, 2, 4, 0],
];

/// Everything that is done to a photo on its way through phones and chats.
fn disguises(picture: &DynamicImage) -> Vec<(String, DynamicImage, u8)> {
    let mut all = vec![
        ("recompressed".to_owned(), picture.clone(), 50),
        ("half".to_owned(), scaled(picture, 50), 85),
        ("larger".to_owned(), scaled(picture, 160), 85),
        ("brighter".to_owned(), picture.brighten(10), 80),
    ];
    for sides in CUTS {
        let part = cut(picture, sides);
        all.push((format!("cut {sides:?}"), part.clone(), 90));
        all.push((format!("cut {sides:?} and recompressed"), part.clone(), 50));
        all.push((format!("cut {sides:?} and halved"), scaled(&part, 50), 70));
    }
    all
}

#[test]
fn a_photo_is_recognised_whatever_was_done_to_it() {
    let mut missed = Vec::new();
    for seed in 0..SCENES {
        let (width, height) = if seed % 3 == 2 { (480, 640) } else { (640, 480) };
        let picture = Scene::of(seed).picture(width, height);
        let original = put(&picture, 90);
        assert!(same(&original, &original), "{seed}: the same bytes");
        for (what, disguised, quality) in disguises(&picture) {
            let disguised = put(&disguised, quality);
            // Both ways: it is not known which of the two was cut out of the other.
            let (a, b) = if seed % 2 == 0 { (&original, &disguised) } else { (&disguised, &original) };
            if !same(a, b) {
                let near = original.look.may_be(&disguised.look);
                missed.push(format!("{seed} {what} (looks alike: {near})"));
            }
        }
    }
    assert!(missed.is_empty(), "{} missed: {missed:#?}", missed.len());
}

/// One thing more, as large as a fire bucket in a corridor; on some walls only its colour tells it from them.
fn bucket(at: (u32, u32)) -> Thing {
    Thing { at, size: (45, 110), colour: [240, 215, 40], round: false }
}

#[test]
fn other_photos_are_not_taken_for_it() {
    let mut photos: Vec<(String, Stored)> = Vec::new();
    for seed in 0..SCENES {
        let scene = Scene::of(seed);
        let views = [
            ("as it is", scene.clone()),
            ("with a bucket", scene.clone().with(bucket((470, 380)))),
            ("with it elsewhere", scene.clone().with(bucket((560, 380)))),
            ("without something", scene.clone().without_last()),
            ("from beside", scene.clone().a_step_beside(30)),
            ("from further beside", scene.clone().a_step_beside(55)),
        ];
        for (what, view) in views {
            photos.push((format!("{seed} {what}"), put(&view.picture(640, 480), 88)));
        }
    }
    let mut taken = Vec::new();
    for (place, (what, photo)) in photos.iter().enumerate() {
        for (other, compared) in photos.iter().skip(place + 1) {
            if same(photo, compared) {
                taken.push(format!("{what} / {other}"));
            }
        }
    }
    assert!(taken.is_empty(), "{} taken for the same: {taken:#?}", taken.len());
}

#[test]
fn plain_pictures_take_no_part() {
    // A wall, a lens that was covered, and a wall that is darker towards its corners.
    let grain = |x: u32, y: u32| ((x * 7 + y * 13 + x * y) % 5) as u8;
    let wall = RgbImage::from_fn(800, 600, |x, y| image::Rgb([240 + grain(x, y); 3]));
    let black = RgbImage::from_fn(800, 600, |x, y| image::Rgb([grain(x, y); 3]));
    let shaded = RgbImage::from_fn(800, 600, |x, y| {
        let far = (x.abs_diff(400) + y.abs_diff(300)) / 24;
        image::Rgb([(225 - far) as u8 + grain(x, y); 3])
    });
    for picture in [wall, black, shaded] {
        let photo = put(&picture.into(), 90);
        assert!(!photo.look.may_be(&photo.look));
    }
}

#[test]
fn stored_thumbnails_are_looked_at_again() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    let picture = Scene::of(1).picture(400, 300);
    let photo = store.put_photo(&jpeg(&picture, 90)).unwrap();
    let copy = store.put_photo(&jpeg(&cut(&picture, [5, 0, 0, 5]), 60)).unwrap();
    let other = store.put_photo(&jpeg(&Scene::of(2).picture(400, 300), 90)).unwrap();
    assert!(store.look(photo.thumb_hash).unwrap().may_be(&copy.look));
    assert!(store.shows_the_same(photo.thumb_hash, copy.thumb_hash).unwrap());
    assert!(!store.shows_the_same(photo.thumb_hash, other.thumb_hash).unwrap());
    assert!(store.shows_the_same(photo.thumb_hash, FileHash::of(b"elsewhere")).is_err());
}
