//! 照片查重: a photo of the fix that was used before is named to whoever accepts, and to nobody more than he may see.

use std::{io::Cursor, sync::Arc};

use axum::http::StatusCode;
use image::{DynamicImage, Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use kernel::Steadiness;

use super::{
    story::{PLAN, act},
    support::{Browser, County, Page},
};
use crate::photos::PhotoSweep;

const SAID: &str = "照片查重";

/// A corridor with things in it; another `seed` is another one.
pub(super) fn scene(seed: u32) -> DynamicImage {
    RgbImage::from_fn(640, 480, |x, y| {
        let (column, row) = (x / 71, y / 67);
        let block = (column * 37 + row * 91 + seed * 53 + column * row * (seed * 17 + 5)) % 180;
        let shade = (block + (x + y) / 30) as u8;
        Rgb([shade, shade / 2 + 60, 255 - shade])
    })
    .into()
}

pub(super) fn jpeg(picture: &DynamicImage, quality: u8) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).unwrap();
    bytes.into_inner()
}

/// As it comes out of a chat: smaller, cropped and compressed again.
fn disguised(seed: u32) -> Vec<u8> {
    let part = scene(seed).crop_imm(32, 0, 608, 456);
    jpeg(&part.thumbnail(400, 300), 60)
}

fn post(
    browser: &Browser,
    (page, path): (&str, &str),
    field: &str,
    file: &[u8],
    fields: &[(&str, &str)],
) -> Page {
    browser.post_file((page, path), (field, "a.jpg", "image/jpeg"), file, fields)
}

/// A page, with ordinary spaces around its numbers.
fn read(browser: &Browser, page: &str) -> String {
    language::plain(&browser.get(page).text)
}

/// Registered at a place, with a photo of it.
pub(super) fn registered(county: &County, (login, unit): (&str, &str), place: &str, file: &[u8]) -> String {
    let unit = county.units[unit].0.to_string();
    let fields =
        [("category", "H09"), ("unit", &*unit), ("source", "self"), ("place", place), ("description", place)];
    let form = ("/hazards/new?category=H09", "/hazards");
    let done = post(&county.browser(login), form, "photos", file, &fields);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    done.to
}

/// Brought to the point where the head accepts, with a photo of the fix.
pub(super) fn fixed(county: &County, record: &str, file: &[u8]) {
    let officer = county.people["safety"].0.to_string();
    let (safety, head) = (county.browser("safety"), county.browser("head"));
    act(&safety, record, "grade", &[("level", "general")]);
    act(&head, record, "assign", &[("responsible", &officer)]);
    let mut plan: Vec<(&str, &str)> = PLAN.to_vec();
    plan.push(("responsible", &officer));
    act(&safety, record, "take-on", &plan);
    let done = post(&safety, (record, &format!("{record}/rectify")), "photos", file, &[("note", "已经更换")]);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

#[test]
fn a_photo_of_another_fix_is_named_to_whoever_accepts() {
    let county = County::new();
    let first = registered(&county, ("safety", "primary"), "一楼楼梯间", &jpeg(&scene(1), 90));
    fixed(&county, &first, &jpeg(&scene(2), 90));
    let head = county.browser("head");
    assert!(!read(&head, &first).contains(SAID), "nothing was used before");
    let second = registered(&county, ("guard", "primary"), "二楼楼梯间", &jpeg(&scene(3), 90));
    fixed(&county, &second, &disguised(2));
    let page = read(&head, &second);
    let said = "第 1 张照片曾用于隐患 2026-0001";
    // Above the form, in what it answers to, among the facts and in the timeline.
    assert_eq!(page.matches(said).count(), 4, "{page}");
    assert!(page.contains("系统不因此退回") && page.contains(&format!("href=\"{first}\"")), "{page}");
    assert!(read(&county.browser("office"), &second).contains(said), "the county sees it");
    assert!(read(&head, &format!("{second}/print")).contains(said));
    // The guard sees what he registered, and not the other one.
    let guard = county.browser("guard");
    assert_eq!(guard.get(&first).status, StatusCode::NOT_FOUND);
    let own = read(&guard, &second);
    assert!(own.contains("第 1 张照片曾用于本校另一条隐患"), "{own}");
    assert!(!own.contains("2026-0001") && !own.contains(&first), "{own}");
    // It is told and refuses nothing.
    let accepted = act(&head, &second, "accept", &[("verdict", "close"), ("on_site", "1")]);
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text);
    assert!(read(&head, &second).contains(said));
}

#[test]
fn the_hazard_as_it_was_found_is_no_picture_of_its_fix() {
    let county = County::new();
    let record = registered(&county, ("safety", "primary"), "操场看台", &jpeg(&scene(4), 90));
    fixed(&county, &record, &disguised(4));
    let page = read(&county.browser("head"), &record);
    assert!(page.contains("第 1 张照片与登记时的隐患照片是同一画面"), "{page}");
    let unit = county.units["primary"].0.to_string();
    let (form, kept) = (("/hazards/new?category=H09", "/hazards"), jpeg(&scene(5), 90));
    let guard = county.browser("guard");
    let mut fields =
        vec![("category", "H09"), ("unit", unit.as_str()), ("source", "self"), ("place", "门卫室")];
    fields.extend([("description", "门卫室插座松动"), ("spot", "1"), ("fix_note", "已固定")]);
    let command = guard.get(form.0).hidden("_command");
    fields.push(("_command", &command));
    let ticket = post(&guard, form, "photos", &kept, &fields).hidden("photos_kept");
    fields.push(("photos_kept", &ticket));
    let done = post(&guard, form, "after_photos", &disguised(5), &fields);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = read(&county.browser("head"), &done.to);
    assert!(page.contains("第 1 张照片与登记时的隐患照片是同一画面"), "{page}");
    // The same form once more is the same asking, whatever is found now.
    let again = post(&guard, form, "after_photos", &disguised(5), &fields);
    assert_eq!((again.status, &again.to), (StatusCode::SEE_OTHER, &done.to), "{}", again.text);
}

#[test]
fn the_file_of_another_school_is_told_without_a_way_there() {
    let county = County::new();
    let there = registered(&county, ("neighbour", "junior"), "食堂后门", &jpeg(&scene(6), 90));
    let record = registered(&county, ("safety", "primary"), "食堂后门", &jpeg(&scene(7), 90));
    fixed(&county, &record, &jpeg(&scene(6), 90));
    let page = read(&county.browser("head"), &record);
    assert!(page.contains("第 1 张照片曾在其他学校使用") && !page.contains(&there), "{page}");
    let page = read(&county.browser("office"), &record);
    assert!(page.contains("第 1 张照片曾用于其他学校的隐患 2026-0001") && page.contains(&there), "{page}");
}

#[test]
fn photos_stored_by_an_earlier_version_are_looked_at_by_the_sweep() {
    let county = County::new();
    registered(&county, ("safety", "primary"), "一楼楼梯间", &jpeg(&scene(1), 90));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let forget = |tx: &mut storage::Tx| tx.write("UPDATE attachment SET cropped = NULL", storage::params![]);
    runtime.block_on(county.platform.handle.housekeep(forget)).unwrap();
    let unlooked = || {
        let read = |tx: &mut storage::Tx| attachments::unlooked(tx, 10);
        county.platform.readers.read_blocking(storage::Lane::Interactive, read).unwrap().unwrap().len()
    };
    assert_eq!(unlooked(), 1);
    let steadiness = Arc::new(Steadiness::by_hand());
    runtime.block_on(PhotoSweep::of(&county.platform, &steadiness).round()).unwrap();
    assert_eq!(unlooked(), 0);
    let second = registered(&county, ("safety", "primary"), "二楼楼梯间", &jpeg(&scene(2), 90));
    fixed(&county, &second, &disguised(1));
    let page = read(&county.browser("head"), &second);
    assert!(page.contains("第 1 张照片曾用于隐患 2026-0001"), "{page}");
}
