//! Photos of a form that is shown again.

use std::sync::Arc;

use axum::http::StatusCode;
use kernel::{FixedClock, Steadiness, Timestamp, limits};

use super::support::{Browser, County, Page};
use crate::{photos::PhotoSweep, platform::Founding};

const FORM: &str = "/hazards/new?category=H09";

/// 立行立改 with a photo in `field`, beside the photos that `kept` names.
fn on_the_spot(browser: &Browser, unit: &str, field: &str, kept: &[(&str, &str)]) -> Page {
    let command = browser.get(FORM).hidden("_command");
    let mut fields = vec![
        ("_command", command.as_str()),
        ("category", "H09"),
        ("unit", unit),
        ("source", "self"),
        ("description", "门卫室灭火器过期"),
        ("spot", "1"),
        ("fix_note", "已换新灭火器"),
    ];
    fields.extend(kept);
    browser.post_photo(FORM, "/hazards", field, &fields)
}

#[test]
fn a_photo_that_was_sent_once_need_not_be_chosen_again() {
    let county = County::new();
    let unit = county.units["primary"].0.to_string();
    let sessions = access::SessionLimits::default();
    let longest = sessions.device_ms.max(sessions.absolute_ms);
    assert!(limits::PHOTO_GRACE_MS > longest, "no form that can still be sent names what is cleared away");
    let safety = county.browser("safety");
    let refused = on_the_spot(&safety, &unit, "photos", &[]);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let text = &refused.text;
    assert!(text.contains("id=\"after_photos-error\"") && !text.contains("id=\"photos-error\""), "{text}");
    assert!(text.contains("src=\"data:image/jpeg;base64,"), "the photo is shown: {text}");
    let ticket = refused.hidden("photos_kept");
    let done = on_the_spot(&safety, &unit, "after_photos", &[("photos_kept", &ticket)]);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let record = safety.get(&done.to).text;
    assert!(record.contains(ticket.split('.').next().unwrap()), "the hazard has its first photo: {record}");
}

#[test]
fn a_kept_photo_is_the_senders_alone_and_may_be_left_out() {
    let county = County::new();
    let unit = county.units["primary"].0.to_string();
    let safety = county.browser("safety");
    let ticket = on_the_spot(&safety, &unit, "photos", &[]).hidden("photos_kept");
    let (name, _) = ticket.split_once('.').unwrap();
    for left_out in [vec![], vec![("after_photos_kept", ticket.as_str())]] {
        let refused = on_the_spot(&safety, &unit, "after_photos", &left_out);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(refused.text.contains("id=\"photos-error\""), "{}", refused.text);
    }
    let head = county.browser("head");
    for foreign in [ticket.as_str(), name, &format!("{name}."), "..", ""] {
        let refused = on_the_spot(&head, &unit, "after_photos", &[("photos_kept", foreign)]);
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        assert!(refused.text.contains("id=\"photos-error\""), "{}", refused.text);
        assert!(!refused.text.contains("name=\"photos_kept\""), "{}", refused.text);
    }
}

#[test]
fn photos_of_forms_that_were_given_up_are_cleared_away() {
    // Files have the day of the machine: the platform's clock stands long after it.
    let clock = Arc::new(FixedClock::new(Timestamp(4_000_000_000_000)));
    let county = County::founded(Founding::Demonstration, Arc::clone(&clock));
    let unit = county.units["primary"].0.to_string();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let cleared = || {
        let steadiness = Arc::new(Steadiness::by_hand());
        runtime.block_on(PhotoSweep::of(&county.platform, &steadiness).round()).unwrap().files
    };
    let safety = county.browser("safety");
    let refused = on_the_spot(&safety, &unit, "photos", &[]);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert_eq!(cleared(), 0, "a form may still be open");
    clock.advance_ms(101 * Timestamp::DAY_MS);
    assert_eq!(cleared(), 2, "the photo and its small picture");
    assert_eq!(county.platform.store.list().unwrap(), []);
    let safety = county.browser("safety");
    let ticket = on_the_spot(&safety, &unit, "photos", &[]).hidden("photos_kept");
    let done = on_the_spot(&safety, &unit, "after_photos", &[("photos_kept", &ticket)]);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    clock.advance_ms(101 * Timestamp::DAY_MS);
    assert_eq!(cleared(), 0, "a hazard names it");
}
