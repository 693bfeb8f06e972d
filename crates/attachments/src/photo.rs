//! From uploaded bytes to the two JPEGs that are kept. Pure: same bytes in, same bytes out.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
};

use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb,
    RgbImage, codecs::jpeg::JpegEncoder, imageops::FilterType, metadata::Orientation,
};
use kernel::limits;

use crate::{
    AttachmentError,
    perceptual::{Look, Picture},
    sniff,
};

/// Pixels of the long side of a stored photo.
pub const LONG_SIDE: u32 = 1_600;
/// Pixels of the long side of its thumbnail.
pub const THUMBNAIL_SIDE: u32 = 320;

const PHOTO_QUALITY: u8 = 85;
const THUMBNAIL_QUALITY: u8 = 80;
/// Above this many pixels photos are decoded one at a time, so that twenty big ones at once do not need 4 GB.
const HEAVY_PIXELS: u64 = 4_000_000;
/// Bytes a decoder may ask for: 16-bit colour with transparency at the pixel limit, twice.
const DECODER_BYTES: u64 = limits::IMAGE_PIXELS * 8 * 2;

/// One decode of a heavy photo at a time in this process.
static HEAVY: Mutex<()> = Mutex::new(());

/// What is kept of an uploaded photo.
pub(crate) struct Prepared {
    pub photo: Vec<u8>,
    pub width: u32,
    pub height: u32,
    pub thumbnail: Vec<u8>,
    pub look: Look,
}

/// Checks, decodes, turns upright, shrinks and encodes anew.
pub(crate) fn prepare(bytes: &[u8]) -> Result<Prepared, AttachmentError> {
    if bytes.len() > limits::PHOTO_BYTES {
        return Err(AttachmentError::TooLarge(bytes.len()));
    }
    let format = sniff::photo_format(bytes)?;
    if format == ImageFormat::Jpeg && !sniff::jpeg_is_whole(bytes) {
        return Err(AttachmentError::Broken("ends before its last line".into()));
    }
    // A hostile file that finds a hole in a decoder is a broken file, not a broken server.
    let photo = catch_unwind(AssertUnwindSafe(|| decode(bytes, format)))
        .unwrap_or_else(|_| Err(AttachmentError::Broken("the decoder gave up".into())))?;
    let thumbnail = shrink(photo.clone(), THUMBNAIL_SIDE);
    let (photo, thumbnail) = (photo.into_rgb8(), thumbnail.into_rgb8());
    Ok(Prepared {
        width: photo.width(),
        height: photo.height(),
        look: Look::of(&Picture::of(&thumbnail)),
        photo: encode(&photo, PHOTO_QUALITY)?,
        thumbnail: encode(&thumbnail, THUMBNAIL_QUALITY)?,
    })
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, AttachmentError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut decoder_limits = Limits::default();
    decoder_limits.max_alloc = Some(DECODER_BYTES);
    reader.limits(decoder_limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > limits::IMAGE_PIXELS {
        return Err(AttachmentError::Pixels(pixels));
    }
    if pixels == 0 {
        return Err(AttachmentError::Broken("has no pixels".into()));
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let _one_at_a_time =
        (pixels > HEAVY_PIXELS).then(|| HEAVY.lock().unwrap_or_else(PoisonError::into_inner));
    let whole = DynamicImage::from_decoder(decoder).map_err(broken)?;
    let mut small = shrink(on_white(whole), LONG_SIDE);
    small.apply_orientation(orientation);
    Ok(small)
}

/// The pixels of a file that was written here.
pub(crate) fn kept(bytes: &[u8]) -> Result<RgbImage, AttachmentError> {
    let picture = image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).map_err(broken)?;
    Ok(picture.into_rgb8())
}

fn broken(error: ImageError) -> AttachmentError {
    AttachmentError::Broken(error.to_string())
}

/// JPEG knows no transparency: what shows through is white, like the page.
fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return DynamicImage::ImageRgb8(picture.into_rgb8());
    }
    let source = picture.into_rgba8();
    let mut flat = RgbImage::new(source.width(), source.height());
    for (to, from) in flat.pixels_mut().zip(source.pixels()) {
        let [red, green, blue, alpha] = from.0;
        *to = Rgb([red, green, blue].map(|colour| over_white(colour, alpha)));
    }
    DynamicImage::ImageRgb8(flat)
}

fn over_white(colour: u8, alpha: u8) -> u8 {
    let mixed = (u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha)) + 127) / 255;
    u8::try_from(mixed).unwrap_or(u8::MAX)
}

/// Makes the long side at most `side`; a smaller picture stays as it is.
fn shrink(picture: DynamicImage, side: u32) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    if width.max(height) <= side {
        return picture;
    }
    let (new_width, new_height) = fit(width, height, side);
    if width.max(height) >= side * 2 {
        // From far above a plain box average is as good, and needs no 16 bytes a pixel.
        picture.thumbnail_exact(new_width, new_height)
    } else {
        picture.resize_exact(new_width, new_height, FilterType::Triangle)
    }
}

fn fit(width: u32, height: u32, side: u32) -> (u32, u32) {
    let long = u64::from(width.max(height)).max(1);
    let scale = |length: u32| {
        let scaled = (u64::from(length) * u64::from(side) + long / 2) / long;
        u32::try_from(scaled).unwrap_or(side).clamp(1, side)
    };
    (scale(width), scale(height))
}

fn encode(picture: &RgbImage, quality: u8) -> Result<Vec<u8>, AttachmentError> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgb8)
        .map_err(broken)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_keep_their_shape_and_never_vanish() {
        assert_eq!(fit(4_000, 3_000, 1_600), (1_600, 1_200));
        assert_eq!(fit(3_000, 4_000, 320), (240, 320));
        assert_eq!(fit(40_000_000, 1, 1_600), (1_600, 1));
    }

    #[test]
    fn transparency_becomes_white() {
        assert_eq!(over_white(0, 0), 255);
        assert_eq!(over_white(10, 255), 10);
        assert_eq!(over_white(0, 128), 127);
    }
}
