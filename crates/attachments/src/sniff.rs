//! What a file is, by its bytes: three kinds are taken, everything else is refused by name.

use std::fmt;

use image::ImageFormat;

use crate::AttachmentError;

/// How far into a file a browser looks for markup, and so do we.
const MARKUP_WINDOW: usize = 1_024;

/// Kinds that are recognised and refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// An iPhone's own format: the page says how to switch the camera to JPEG.
    Heic,
    /// AVIF.
    Avif,
    /// GIF.
    Gif,
    /// BMP.
    Bmp,
    /// TIFF and the camera raw formats built on it.
    Tiff,
    /// SVG, which may carry scripts.
    Svg,
    /// HTML, also when it hides at the head of a picture.
    Html,
    /// PDF.
    Pdf,
    /// A ZIP archive, which office documents are.
    Zip,
    /// MP4, MOV and their kin.
    Video,
    /// No bytes at all.
    Empty,
    /// None of the above.
    Unknown,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Heic => "HEIC",
            Self::Avif => "AVIF",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::Svg => "SVG",
            Self::Html => "HTML",
            Self::Pdf => "PDF",
            Self::Zip => "ZIP",
            Self::Video => "MP4/MOV",
            Self::Empty => "0 B",
            Self::Unknown => "?",
        })
    }
}

/// The format to decode with, if the file is one that is taken.
pub(crate) fn photo_format(bytes: &[u8]) -> Result<ImageFormat, AttachmentError> {
    let format = match bytes {
        [] => return Err(AttachmentError::Type(Refused::Empty)),
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat::Jpeg,
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ImageFormat::Png,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => ImageFormat::WebP,
        other => return Err(AttachmentError::Type(refused_kind(other))),
    };
    match markup(bytes) {
        Some(kind) => Err(AttachmentError::Type(kind)),
        None => Ok(format),
    }
}

fn refused_kind(bytes: &[u8]) -> Refused {
    match bytes {
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => base_media_kind(brand),
        [b'G', b'I', b'F', b'8', ..] => Refused::Gif,
        [b'I', b'I', 0x2A, 0, ..] | [b'M', b'M', 0, 0x2A, ..] => Refused::Tiff,
        [b'%', b'P', b'D', b'F', ..] => Refused::Pdf,
        [b'P', b'K', 3, 4, ..] => Refused::Zip,
        other => match (markup(other), other) {
            (Some(kind), _) => kind,
            (None, [b'B', b'M', ..]) => Refused::Bmp,
            (None, _) => Refused::Unknown,
        },
    }
}

fn base_media_kind(brand: &[u8]) -> Refused {
    match brand.get(..4) {
        Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => Refused::Heic,
        Some(b"avif" | b"avis") => Refused::Avif,
        _ => Refused::Video,
    }
}

/// Markup near the head makes some browsers read the file as a page, whatever its first bytes say.
fn markup(bytes: &[u8]) -> Option<Refused> {
    let head = bytes.get(..MARKUP_WINDOW).unwrap_or(bytes).to_ascii_lowercase();
    let has = |needle: &[u8]| head.windows(needle.len()).any(|window| window == needle);
    if has(b"<!doctype html") || has(b"<html") || has(b"<script") || has(b"<body") || has(b"<iframe") {
        Some(Refused::Html)
    } else if has(b"<svg") || has(b"<!doctype svg") {
        Some(Refused::Svg)
    } else {
        None
    }
}

/// Whether a JPEG goes on to its end-of-image marker. Decoders fill what is missing with grey; evidence must
/// not be half grey. What follows the marker (motion photos, maker's trailers) does not matter.
pub(crate) fn jpeg_is_whole(bytes: &[u8]) -> bool {
    let mut at = 2_usize;
    while let Some(rest) = bytes.get(at..) {
        at += match rest {
            [0xFF, 0xD9, ..] => return true,
            // A fill byte, then what it fills up to.
            [0xFF, 0xFF, ..] => 1,
            // Stuffed bytes, restart markers and markers without a body.
            [0xFF, 0x00 | 0x01 | 0xD0..=0xD8, ..] => 2,
            [0xFF, _, high, low, ..] => match u16::from_be_bytes([*high, *low]) {
                0 | 1 => return false,
                length => 2 + usize::from(length),
            },
            [0xFF, ..] | [] => return false,
            // Compressed data: on to the next marker.
            [_, data @ ..] => match data.iter().position(|byte| *byte == 0xFF) {
                Some(skip) => 1 + skip,
                None => return false,
            },
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_by_name() {
        let cases: [(&[u8], Refused); 12] = [
            (b"", Refused::Empty),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1", Refused::Heic),
            (b"\0\0\0\x18ftypmif1\0\0\0\0heic", Refused::Heic),
            (b"\0\0\0\x18ftypavif", Refused::Avif),
            (b"\0\0\0\x18ftypqt  ", Refused::Video),
            (b"GIF89a", Refused::Gif),
            (b"%PDF-1.7", Refused::Pdf),
            (b"PK\x03\x04", Refused::Zip),
            (b"BM\0\0", Refused::Bmp),
            (b"<?xml version='1.0'?>\n<SVG onload='x()'>", Refused::Svg),
            (b"\xEF\xBB\xBF <!DOCTYPE HTML>", Refused::Html),
            (b"hello", Refused::Unknown),
        ];
        for (bytes, kind) in cases {
            assert_eq!(photo_format(bytes), Err(AttachmentError::Type(kind)), "{kind}");
        }
    }

    #[test]
    fn a_picture_with_a_page_at_its_head_is_a_page() {
        let polyglot = b"\xFF\xD8\xFF\xFE\0\x20<ScRiPt>alert(1)</script>";
        assert_eq!(photo_format(polyglot), Err(AttachmentError::Type(Refused::Html)));
        assert_eq!(photo_format(b"\xFF\xD8\xFF\xE0"), Ok(ImageFormat::Jpeg));
    }

    #[test]
    fn a_jpeg_is_whole_up_to_its_end_marker_only() {
        assert!(jpeg_is_whole(
            b"\xFF\xD8\xFF\xE0\0\x04\xFF\xD9\xFF\xDA\0\x02ab\xFF\0c\xFF\xD0d\xFF\xD9trailer"
        ));
        // The end marker of a thumbnail inside a segment is not the picture's.
        assert!(!jpeg_is_whole(b"\xFF\xD8\xFF\xE1\0\x04\xFF\xD9\xFF\xDA\0\x02ab"));
        assert!(!jpeg_is_whole(b"\xFF\xD8\xFF"));
        assert!(!jpeg_is_whole(b"\xFF\xD8\xFF\xE0\0\0\xFF\xD9"));
        assert!(!jpeg_is_whole(b""));
    }
}
