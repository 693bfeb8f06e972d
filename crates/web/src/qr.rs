//! Addresses as pictures that a telephone reads.

use kernel::Problem;

/// A QR code as SVG, at least so many pixels wide.
///
/// # Errors
/// The text is longer than a code can hold.
pub fn qr(text: &str, pixels: u32) -> Result<String, Problem> {
    let code = qrcode::QrCode::new(text.as_bytes()).map_err(|e| Problem::Fault(e.to_string()))?;
    let svg = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(pixels, pixels).build();
    let start = svg.find("<svg").unwrap_or(0);
    Ok(svg.get(start..).unwrap_or_default().to_owned())
}
