//! What goes in as a phone's photo comes out upright, small and without its secrets, or is refused.

use std::{
    io::Cursor,
    time::{Duration, Instant},
};

use crate::{AttachmentError, Store, StoredPhoto, perceptual_distance};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, codecs::jpeg::JpegEncoder, imageops::FilterType};
use kernel::{Problem, limits};

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(dir.path()).unwrap();
    (dir, store)
}

/// A scene with light, dark and edges; another `seed` is another scene.
fn scene(width: u32, height: u32, seed: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (column, row) = (x * 7 / width, y * 6 / height);
        let block = (column * 37 + row * 91 + seed * 53 + column * row * seed * 17) % 200;
        let shade = u8::try_from(block).unwrap();
        Rgb([shade, shade / 2 + 40, 255 - shade])
    })
    .into()
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn jpeg(picture: &DynamicImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).unwrap();
    bytes
}

/// Puts an EXIF segment behind the first marker: an orientation, a phone's name and a place.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat()
    };
    let first = 8 + 2 + 3 * 12 + 4;
    let place = first + 16;
    let tiff = [
        b"II*\0\x08\0\0\0".to_vec(),
        3_u16.to_le_bytes().to_vec(),
        entry(0x010F, 2, 16, u32::to_le_bytes(first)),
        entry(0x0112, 3, 1, [orientation, 0, 0, 0]),
        entry(0x8825, 4, 1, u32::to_le_bytes(place)),
        vec![0; 4],
        b"SECRETPHONENAME\0".to_vec(),
        1_u16.to_le_bytes().to_vec(),
        entry(0x0001, 2, 2, *b"N\0\0\0"),
        vec![0; 4],
        b"GPSPLACE-31.2304".to_vec(),
    ]
    .concat();
    let body = [&b"Exif\0\0"[..], &tiff].concat();
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &body, &jpeg[2..]].concat()
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn stored(store: &Store, photo: &StoredPhoto) -> RgbImage {
    image::load_from_memory(&store.read(photo.hash).unwrap()).unwrap().into_rgb8()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    })
}

#[test]
fn metadata_is_gone() {
    let (_dir, store) = store();
    let upload = with_exif(&jpeg(&scene(400, 300, 1), 90), 1);
    assert!(contains(&upload, b"GPSPLACE") && contains(&upload, b"SECRETPHONE"));
    let photo = store.put_photo(&upload).unwrap();
    for hash in [photo.hash, photo.thumb_hash] {
        let kept = store.read(hash).unwrap();
        for secret in [&b"Exif"[..], b"GPS", b"SECRET", b"31.2304", &[0xFF, 0xE1]] {
            assert!(!contains(&kept, secret), "{secret:?}");
        }
        assert!(kept.starts_with(&[0xFF, 0xD8, 0xFF]));
    }
}

#[test]
fn orientation_is_applied() {
    let (_dir, store) = store();
    // Left half red, right half blue.
    let lying: DynamicImage =
        RgbImage::from_fn(80, 40, |x, _| if x < 40 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) }).into();
    let lying = jpeg(&lying, 95);
    let is_red = |pixel: &Rgb<u8>| pixel.0[0] > 128;
    for (orientation, size, first_red) in
        [(1, (80, 40), true), (3, (80, 40), false), (6, (40, 80), true), (8, (40, 80), false)]
    {
        let photo = store.put_photo(&with_exif(&lying, orientation)).unwrap();
        assert_eq!((photo.width, photo.height), size, "{orientation}");
        let picture = stored(&store, &photo);
        assert_eq!(is_red(picture.get_pixel(4, 4)), first_red, "{orientation}");
        assert_eq!(is_red(picture.get_pixel(size.0 - 4, size.1 - 4)), !first_red, "{orientation}");
    }
}

#[test]
fn long_sides_are_kept_short() {
    let (_dir, store) = store();
    let photo = store.put_photo(&jpeg(&scene(2_000, 500, 2), 80)).unwrap();
    assert_eq!((photo.width, photo.height), (1_600, 400));
    assert_eq!(photo.bytes, u64::try_from(store.read(photo.hash).unwrap().len()).unwrap());
    let thumb = image::load_from_memory(&store.read(photo.thumb_hash).unwrap()).unwrap();
    assert_eq!((thumb.width(), thumb.height()), (320, 80));
}

#[test]
fn png_and_webp_are_taken_and_kept_as_jpeg() {
    let (_dir, store) = store();
    let picture = scene(120, 90, 3);
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let photo = store.put_photo(&encoded(&picture, format)).unwrap();
        assert!(store.read(photo.hash).unwrap().starts_with(&[0xFF, 0xD8, 0xFF]));
    }
    let clear = DynamicImage::new_rgba8(20, 20);
    let photo = store.put_photo(&encoded(&clear, ImageFormat::Png)).unwrap();
    assert!(stored(&store, &photo).pixels().all(|pixel| pixel.0.iter().all(|colour| *colour > 250)));
}

#[test]
fn a_decompression_bomb_is_refused_before_it_is_decoded() {
    let (_dir, store) = store();
    let mut png = encoded(&scene(8, 8, 1), ImageFormat::Png);
    png[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    png[20..24].copy_from_slice(&60_000_u32.to_be_bytes());
    let sum = crc32(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&sum);
    let mut bomb = jpeg(&scene(8, 8, 1), 80);
    let frame = bomb.windows(2).position(|marker| marker == [0xFF, 0xC0]).unwrap();
    bomb[frame + 5..frame + 9].copy_from_slice(&[0xEA, 0x60, 0xEA, 0x60]);

    let started = Instant::now();
    for file in [png, bomb] {
        let error = store.put_photo(&file).unwrap_err();
        assert_eq!(error, AttachmentError::Pixels(3_600_000_000));
        let Problem::Refused(refusal) = Problem::from(error) else { panic!("refused") };
        assert_eq!(refusal.code, "attachment-pixels");
        // What it has and what it may have.
        let said = [("megapixels", "3600".to_owned()), ("most", "40".to_owned())];
        assert_eq!(refusal.args, said);
    }
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[test]
fn a_truncated_file_is_refused() {
    let (_dir, store) = store();
    let picture = scene(200, 150, 4);
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = encoded(&picture, format);
        for kept in [whole.len() / 4, whole.len() / 2, whole.len() - 40] {
            let error = store.put_photo(&whole[..kept]).unwrap_err();
            assert!(matches!(error, AttachmentError::Broken(_)), "{format:?} {kept}: {error:?}");
            assert_eq!(error.code(), Some("attachment-broken"));
        }
    }
    assert!(store.list().unwrap().is_empty());
}

#[test]
fn refusals_have_their_codes() {
    let (_dir, store) = store();
    let code = |bytes: &[u8]| Problem::from(store.put_photo(bytes).unwrap_err()).code().to_owned();
    assert_eq!(code(b"\0\0\0\x18ftypheic\0\0\0\0"), "attachment-type-heic");
    assert_eq!(code(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "attachment-type");
    assert_eq!(code(b"GIF89a"), "attachment-type");
    assert_eq!(code(&vec![0xFF; limits::PHOTO_BYTES + 1]), "attachment-too-large");
    // A page in a comment at the head of a good JPEG.
    let good = jpeg(&scene(16, 16, 1), 80);
    let comment = b"\xFF\xFE\0\x1A<html><script>x()</script";
    assert_eq!(code(&[&good[..2], comment, &good[2..]].concat()), "attachment-type");
}

#[test]
fn what_follows_the_picture_is_not_kept() {
    let (_dir, store) = store();
    let good = jpeg(&scene(60, 60, 1), 80);
    let trailed = [&good[..], b"<script>alert(1)</script>", &[7; 2_000]].concat();
    let (plain, trailed) = (store.put_photo(&good).unwrap(), store.put_photo(&trailed).unwrap());
    assert_eq!(plain, trailed);
}

#[test]
fn same_bytes_same_name() {
    let (_dir, store) = store();
    let upload = jpeg(&scene(640, 480, 5), 85);
    let first = store.put_photo(&upload).unwrap();
    assert_eq!(store.put_photo(&upload).unwrap(), first);
    assert_eq!(store.list().unwrap().len(), 2);
    assert_ne!(store.put_photo(&jpeg(&scene(640, 480, 6), 85)).unwrap().hash, first.hash);
}

#[test]
fn the_same_scene_looks_the_same() {
    let (_dir, store) = store();
    let picture = scene(800, 600, 7);
    let look =
        |picture: &DynamicImage, quality| store.put_photo(&jpeg(picture, quality)).unwrap().look.whole();
    let original = look(&picture, 92);
    let recompressed = look(&picture, 35);
    let smaller = look(&picture.resize_exact(310, 233, FilterType::Lanczos3), 70);
    let brighter = look(&picture.brighten(12), 80);
    for same in [recompressed, smaller, brighter] {
        assert!(perceptual_distance(original, same) <= 6, "{}", perceptual_distance(original, same));
    }
    for other in [look(&scene(800, 600, 8), 92), look(&picture.rotate180(), 92)] {
        assert!(perceptual_distance(original, other) > 12, "{}", perceptual_distance(original, other));
    }
}

#[test]
fn damaged_headers_never_panic() {
    let (_dir, store) = store();
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = encoded(&scene(24, 24, 9), format);
        for at in 0..whole.len().min(300) {
            let mut hurt = whole.clone();
            hurt[at] ^= 0x5A;
            let _any_answer = store.put_photo(&hurt);
        }
    }
}
